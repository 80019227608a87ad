"""Chinese words ↔ identifiers: the only source of names, headings and the words for codes. The data is glossary.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("xmt_scoring").joinpath("glossary.toml").read_text(encoding="utf-8"))


def heading(identifier: str) -> str:
    """The Chinese word for an identifier, such as a column's heading; KeyError when the glossary lacks it."""
    return str(_data()["terms"][identifier]["zh"])


def words_for(identifier: str) -> tuple[str, ...]:
    """The heading and every other word under which people write it."""
    term = _data()["terms"][identifier]
    return (term["zh"], *term.get("also", ()))


def terms() -> dict[str, dict[str, Any]]:
    """All terms: identifier → {zh, also, means, article}."""
    return dict(_data()["terms"])


def choices(name: str) -> dict[str, tuple[str, ...]]:
    """The codes of a choice in order, each with its Chinese words, the one to print first."""
    return {code: tuple(words) for code, words in _data()["choices"][name].items()}


def all_choices() -> list[str]:
    """The names of all choices."""
    return list(_data()["choices"])


def word(name: str, code: str) -> str:
    """The Chinese word to print for a code of a choice."""
    return choices(name)[code][0]


def spoken(values: pd.Series, name: str) -> pd.Series:
    """A column of codes as the Chinese words to print; missing stays missing."""
    return values.map({code: words[0] for code, words in choices(name).items()})
