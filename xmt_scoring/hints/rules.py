"""The numbers and words of hints.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("xmt_scoring.hints").joinpath("hints.toml").read_text(encoding="utf-8"))


def version() -> str:
    """The version of the rules for numbers."""
    return str(_data()["version"])


def kinds() -> dict[str, dict[str, str]]:
    """Hint kind → check, article and letter."""
    return dict(_data()["kinds"])


def names(table: str) -> dict[str, str]:
    """`shipped` or `templates`: file of this package → the Chinese name that people see."""
    return dict(_data()[table])


def matching(name: str) -> int:
    """A number of the matcher."""
    return int(_data()["matching"][name])
