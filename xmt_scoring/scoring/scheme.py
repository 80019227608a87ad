"""Schemes: how many points a duty is worth, what an event costs, which findings veto, where the bands begin.

The 办法 fixes no points, so every size in a scheme is a proposal until someone adopts it (DESIGN section 5).
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from xmt_scoring.errors import Problem, SchemeError


@dataclass(frozen=True)
class Loss:
    """What one event costs, in ten-thousandths of a point.

    Exactly one of: `per_event`; `by_severity` (its first entry also holds where no severity is named);
    `is_all_or_nothing` (any event takes the whole item).
    """

    per_event: int | None = None
    by_severity: Mapping[str, int] | None = None
    is_all_or_nothing: bool = False


@dataclass(frozen=True)
class Item:
    """One line of the rubric. `points` is also the floor: an item never loses more (扣完为止)."""

    id: str
    name: str
    block: str
    points: int
    subject: str  # "account", or "unit": judged once, carried by every scored account of the unit
    losses: Mapping[str, Loss]  # check_id → what its events cost
    on_na: str | None  # None: the setting na_policy decides
    article: str
    model: str
    is_extra: bool = False  # outside the base: taken after everything else, never below 0

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks that the item counts, in order."""
        return tuple(self.losses)


@dataclass(frozen=True)
class Veto:
    """One 单项否决: a failing verdict of any of its checks takes everything (`outcome` zero).

    `only`: the severities that veto; empty: every failing verdict does.
    """

    code: str
    name: str
    checks: tuple[str, ...]
    outcome: str
    article: str
    model: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Band:
    """A grade and the lowest printed score, in ten-thousandths, that earns it."""

    name: str
    lowest: int


@dataclass(frozen=True)
class Scheme:
    """A validated scheme. `raw` is the TOML as it stands, for the sheets that print it."""

    id: str
    title: str
    status: str  # proposed | adopted
    start: dt.date
    base: int
    items: tuple[Item, ...]
    vetoes: tuple[Veto, ...]
    bands: tuple[Band, ...]  # highest first
    unit_rollup: str  # setting | mean | min
    vetoed_account: str  # setting | zero | exclude
    raw: Mapping[str, Any]

    @property
    def checks(self) -> tuple[str, ...]:
        """Every check that the scheme counts: those of the items, then those of the vetoes; one may be in both."""
        of_items = [check for item in self.items for check in item.checks]
        return (*of_items, *(check for veto in self.vetoes for check in veto.checks))

    @property
    def lowest_band(self) -> str:
        """The grade of a vetoed account."""
        return self.bands[-1].name


def load_scheme(name_or_path: str | Path, known_checks: Collection[str] | None = None) -> Scheme:
    """A scheme of the package by name, or any scheme file by path.

    Raises SchemeError with all problems at once, each with file and item. `known_checks`: the ids of all rules; a
    check that is not among them is a problem. Left out, check ids are taken as written.
    """
    from xmt_scoring.scoring.scheme_reading import read

    path = Path(name_or_path)
    is_file = isinstance(name_or_path, Path) or path.suffix == ".toml"
    source = path if is_file else files("xmt_scoring.scoring").joinpath("schemes", f"{name_or_path}.toml")
    name = path.name if is_file else f"{name_or_path}.toml"
    try:
        raw = tomllib.loads(source.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError as error:
        raise SchemeError(Problem(name, "没有这个评分细则文件", "请检查名称或路径")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemeError(Problem(name, f"不是正确的 TOML:{error}", "请按提示的行改正,文件存为 UTF-8")) from error
    return read(raw, name, known_checks)
