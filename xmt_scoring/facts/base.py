"""What all facts start from: the accounts in order, and the period as day numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xmt_scoring.facts.codes import NEVER, OPEN_END, day_numbers, key_codes
from xmt_scoring.periods import LAW_IN_FORCE, Quarter
from xmt_scoring.settings import Settings

ENDS = ("deregistration", "merger")  # the filings that end an account


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - dt.date(1970, 1, 1)).days


@dataclass(frozen=True)
class Base:
    """The accounts sorted by id and the days that count; all days are day numbers.

    `opened`, `closed`: first day open, first day closed (OPEN_END while open); what is dated after `as_of` is not yet
    known (`rulings.md` §1). `due_from`: the first day from which weekly updates are asked of the account. `start`,
    `end`: the period; `judged_from`: not before the law was in force (第二十五条); `last`: the last day that can be
    used, the earlier of `end` and `as_of`.
    """

    accounts: pd.DataFrame
    keys: pd.Index
    opened: np.ndarray
    closed: np.ndarray
    due_from: np.ndarray
    start: int
    end: int
    as_of: int
    mondays: np.ndarray
    quarter: str

    @classmethod
    def of(
        cls,
        accounts: pd.DataFrame,
        period: Quarter,
        as_of: dt.date,
        settings: Settings,
        filings: pd.DataFrame | None = None,
    ) -> Base:
        """The base of a quarter.

        `filings` decide the last day where `scored_until` is filed_on (readings 8) and the first where `weeks_from` is
        filed_on (readings 7): then the earlier of closing and its filing, the later of opening and first filing.
        """
        ordered = accounts.sort_values("account_id", ignore_index=True)
        keys, until = pd.Index(ordered["account_id"]), day_number(as_of)
        opened, closed = day_numbers(ordered["opened_on"]), day_numbers(ordered["closed_on"], OPEN_END)
        due_from = opened
        if filings is not None and settings["scored_until"] == "filed_on":
            ends = filings[filings["filing_kind"].isin(ENDS).to_numpy(dtype=bool)]
            closed = np.minimum(closed, _first_filed(keys, ends))
        if filings is not None and settings["weeks_from"] == "filed_on":
            filed = _first_filed(keys, filings)
            due_from = np.where(filed < OPEN_END, np.maximum(opened, filed), opened)
        return cls(
            ordered,
            keys,
            np.where(opened > until, OPEN_END, opened),
            np.where(closed > until, OPEN_END, closed),
            np.where(due_from > until, OPEN_END, due_from),
            day_number(period.start),
            day_number(period.end),
            until,
            period.weeks(settings["week_belongs"]).astype("M8[D]").astype("i8"),
            str(period),
        )

    @property
    def size(self) -> int:
        """How many accounts."""
        return len(self.keys)

    @property
    def last(self) -> int:
        """The last day of the period that can be used."""
        return min(self.end, self.as_of)

    @property
    def judged_from(self) -> int:
        """The first day of the period on which the law was in force."""
        return max(self.start, day_number(LAW_IN_FORCE))

    @property
    def live_from(self) -> np.ndarray:
        """First day of the period on which each account was open and the law in force."""
        return np.maximum(self.opened, self.judged_from)

    @property
    def live_to(self) -> np.ndarray:
        """Last usable day of the period on which each account was open (before `live_from`: not live)."""
        return np.minimum(self.closed - 1, self.last)

    @property
    def live_days(self) -> np.ndarray:
        """Days of the period on which each account was open."""
        return np.maximum(np.minimum(self.closed - 1, self.end) - np.maximum(self.opened, self.start) + 1, 0)


def _first_filed(keys: pd.Index, filings: pd.DataFrame) -> np.ndarray:
    """Each account's earliest dated filing; OPEN_END where there is none."""
    code, day = key_codes(keys, filings["account_id"]), day_numbers(filings["filed_on"])
    usable = (code >= 0) & (day > NEVER)
    first = np.full(len(keys), OPEN_END, dtype="i8")
    np.minimum.at(first, code[usable], day[usable])
    return first
