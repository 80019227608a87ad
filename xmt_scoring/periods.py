"""Quarters, years, natural weeks and workdays. Nothing here knows today's date (`rulings.md` §1)."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from xmt_scoring.errors import Problem, XmtError, place

LAW_IN_FORCE = dt.date(2021, 8, 18)  # 第二十五条: nothing that happened before is judged
_YEAR = re.compile(r"[0-9]{4}")
_QUARTER = re.compile(r"([0-9]{4})[Qq]([1-4])")


class Span(Protocol):
    """A stretch of time that is judged: a quarter or a year."""

    @property
    def label(self) -> str:
        """How it is called in Chinese."""

    @property
    def start(self) -> dt.date:
        """First day."""

    @property
    def end(self) -> dt.date:
        """Last day."""


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter, written 2026Q3. `window` shifts its days where the office's window differs (readings 26)."""

    year: int
    number: int
    window: tuple[dt.date, dt.date] | None = None

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """`2026Q3` → Quarter; XmtError on anything else."""
        found = _QUARTER.fullmatch(text.strip())
        if not found:
            raise XmtError.of(f"季度“{text}”", "应写成 2026Q3 这样：四位年份、字母 Q、1 到 4", "请改正后重新运行")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def label(self) -> str:
        """2026年第三季度"""
        return f"{self.year}年第{'一二三四'[self.number - 1]}季度"

    @property
    def start(self) -> dt.date:
        """First day."""
        return self.window[0] if self.window else dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> dt.date:
        """Last day."""
        if self.window:
            return self.window[1]
        following = self.following
        return dt.date(following.year, 3 * following.number - 2, 1) - dt.timedelta(days=1)

    @property
    def following(self) -> Quarter:
        """The next calendar quarter."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> Quarter:
        """The calendar quarter before."""
        return Quarter(self.year - (self.number == 1), (self.number + 2) % 4 + 1)

    def weeks(self, week_belongs: str = "sunday") -> np.ndarray:
        """Mondays (datetime64[D]) of the weeks judged in this quarter.

        `sunday`: the weeks whose Sunday lies in the quarter; `inside`: only those wholly inside (`rulings.md` §1).
        """
        first = self.start - dt.timedelta(days=self.start.weekday())
        mondays = np.arange(np.datetime64(first, "D"), np.datetime64(self.end, "D") + 1, 7)
        sundays = mondays + 6
        keep = (sundays >= np.datetime64(self.start, "D")) & (sundays <= np.datetime64(self.end, "D"))
        if week_belongs == "inside":
            keep &= mondays >= np.datetime64(self.start, "D")
        return mondays[keep]

    def default_as_of(self, grace_days: int) -> dt.date:
        """Period end plus the grace days; the caller takes today when that is earlier."""
        return self.end + dt.timedelta(days=grace_days)


@dataclass(frozen=True, order=True)
class Year:
    """A calendar year of assessment, written 2026."""

    year: int

    @classmethod
    def parse(cls, text: str) -> Year:
        """`2026` → Year; XmtError on anything else, and on a year before the 办法 was in force."""
        if not _YEAR.fullmatch(text.strip()):
            raise XmtError.of(f"年度“{text}”", "应写成 2026 这样的四位年份", "请改正后重新运行")
        found = cls(int(text))
        if found.end < LAW_IN_FORCE:
            raise XmtError.of(f"年度“{text}”", f"《办法》自 {LAW_IN_FORCE} 起施行，此前不考核（第二十五条）", "请改用 2021 或以后的年度")
        return found

    def __str__(self) -> str:
        return f"{self.year}"

    @property
    def label(self) -> str:
        """2026年度"""
        return f"{self.year}年度"

    @property
    def start(self) -> dt.date:
        """1 January."""
        return dt.date(self.year, 1, 1)

    @property
    def end(self) -> dt.date:
        """31 December."""
        return dt.date(self.year, 12, 31)

    def default_as_of(self, grace_days: int) -> dt.date:
        """Year end plus the grace days; the caller takes today when that is earlier."""
        return self.end + dt.timedelta(days=grace_days)


Period = Quarter | Year


@lru_cache(maxsize=8)
def _off_days(first_year: int, last_year: int, overrides: tuple[tuple[dt.date, bool], ...]) -> np.ndarray:
    import chinese_calendar

    start, end = dt.date(first_year, 1, 1), dt.date(last_year, 12, 31)
    given = dict(overrides)
    known_years = {day.year for day in chinese_calendar.holidays} | {day.year for day in chinese_calendar.workdays}
    unknown = [year for year in range(first_year, last_year + 1) if year not in known_years]
    unlisted = [year for year in unknown if not any(day.year == year for day in given)]
    if unlisted:
        years = "、".join(str(year) for year in unlisted)
        raise XmtError.of(
            f"{years} 年的工作日",
            "节假日历里还没有国务院办公厅这一年的放假安排",
            "请升级 chinesecalendar，或在工作区放“节假日安排.csv”（日期，是否工作日）逐日列出调整的日子",
        )
    days = np.arange(np.datetime64(start, "D"), np.datetime64(end, "D") + 1)
    off = []
    for day in days.astype(object):
        if day in given:
            off.append(not given[day])
        elif day.year in unknown:
            off.append(day.weekday() >= 5)
        else:
            off.append(not chinese_calendar.is_workday(day))
    return np.array(off)


def workdays_between(start: np.ndarray, end: np.ndarray, overrides: Iterable[tuple[dt.date, bool]] = ()) -> np.ndarray:
    """Workdays after `start` up to and including `end` (datetime64[D] arrays), 国务院 holidays and 调休 included.

    The day of receipt is day 0, so Friday to Monday is 1 (readings 3, vector T6). 0 where end ≤ start. Years that
    the calendar does not know raise XmtError unless the workspace lists them.
    """
    start, end = np.asarray(start, dtype="M8[D]"), np.asarray(end, dtype="M8[D]")
    if not len(start):
        return np.zeros(0, dtype="i8")
    first = int(str(min(start.min(), end.min()))[:4])
    last = int(str(max(start.max(), end.max()))[:4])
    off = _off_days(first, last, tuple(overrides))
    origin = np.datetime64(f"{first}-01-01", "D")
    worked = np.concatenate([[0], np.cumsum(~off)])  # worked[i]: workdays in the first i days

    def up_to(day: np.ndarray) -> np.ndarray:
        return worked[(day - origin).astype("i8") + 1]

    return np.maximum(up_to(end) - up_to(start), 0)


def add_workdays(day: dt.date, count: int, overrides: Iterable[tuple[dt.date, bool]] = ()) -> dt.date:
    """The date that is `count` workdays after `day`."""
    latest = np.datetime64(day, "D") + 3 * count + 40
    days = np.arange(np.datetime64(day, "D"), latest)
    passed = workdays_between(np.full(len(days), np.datetime64(day, "D")), days, overrides)
    return days[np.argmax(passed >= count)].astype(object)


def read_holidays(path: Path, problems: list[Problem]) -> tuple[tuple[dt.date, bool], ...]:
    """Days of 节假日安排.csv (日期,是否工作日) that override the kept calendar; empty when there is no such file."""
    if not path.exists():
        return ()
    days = []
    lines = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    for number, line in enumerate(lines, start=1):
        if number == 1 or not any(line):
            continue
        try:
            day = dt.date.fromisoformat(line[0].strip())
            days.append((day, {"是": True, "否": False}[line[1].strip()]))
        except (ValueError, KeyError, IndexError):
            problems.append(Problem(place(path.name, row=number), f"读不懂“{','.join(line)}”", "应写成 2027-02-08,否"))
    return tuple(days)
