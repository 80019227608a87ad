"""Schemes: how many points a duty is worth, what an event costs, which findings veto, where the bands begin.

The 办法 fixes no points, so every size in a scheme is a proposal until someone adopts it (DESIGN section 5).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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
    def engagement_override(self) -> Mapping[str, Any] | None:
        """Who signed for points on reads or followers (by, on, document), for every sheet to print; None: nobody."""
        found: Mapping[str, Any] | None = self.raw.get("engagement_override")
        return found

    @property
    def lowest_band(self) -> str:
        """The grade of a vetoed account."""
        return self.bands[-1].name


def load_scheme(name_or_path: str | Path, known_checks: Collection[str] | None = None) -> Scheme:
    """The quarter's scheme for all accounts: of the package by name, or any scheme file by path.

    The file is read as a rubric (`scoring.rubric`); on top of that it must keep to what the vectorised scoring computes.
    Raises SchemeError with all problems at once, each with file, line and item. `known_checks`: the ids of all rules; a
    check that is not among them is a problem. Left out, check ids are taken as written.
    """
    from xmt_scoring.scoring.account_sheet import account_sheet, check_account_sheet
    from xmt_scoring.scoring.rubric import load_rubric

    return account_sheet(load_rubric(name_or_path, known_checks, check_account_sheet))
