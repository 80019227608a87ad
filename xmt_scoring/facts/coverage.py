"""Which days of which account are covered by a source that proves absence (`rulings.md` §2, DESIGN section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import NEVER, day_numbers, flags, key_codes

REACH_BACK = 92  # days before the period that are looked at: one quarter


@dataclass(frozen=True)
class Cover:
    """For every account, how many uncovered days lie before each day; `first` is the day of column 0."""

    first: int
    uncovered: np.ndarray

    def holds(self, accounts: np.ndarray, from_day: np.ndarray, to_day: np.ndarray) -> np.ndarray:
        """Whether every day from … to (both included) is covered; true for an empty span."""
        size = self.uncovered.shape[1] - 1
        inside = (from_day >= self.first) & (to_day < self.first + size)
        low = np.clip(from_day - self.first, 0, size)
        high = np.clip(to_day - self.first + 1, 0, size)
        return (inside & (self.uncovered[accounts, high] == self.uncovered[accounts, low])) | (to_day < from_day)


def _covered_days(base: Base, rows: pd.DataFrame, first: int, size: int) -> np.ndarray:
    """accounts × days: whether a row spans the day."""
    steps = np.zeros((base.size, size + 1), dtype="i2")
    code = key_codes(base.keys, rows["account_id"])
    low = np.clip(day_numbers(rows["covers_from"]) - first, 0, size)
    high = np.clip(day_numbers(rows["covers_to"]) - first + 1, 0, size)
    keep = (code >= 0) & (low < high)
    np.add.at(steps, (code[keep], low[keep]), 1)
    np.add.at(steps, (code[keep], high[keep]), -1)
    np.cumsum(steps, axis=1, out=steps)
    return steps[:, :size] > 0


def _cover(first: int, covered: np.ndarray) -> Cover:
    uncovered = np.zeros((covered.shape[0], covered.shape[1] + 1), dtype="i2")
    np.cumsum(~covered, axis=1, dtype="i2", out=uncovered[:, 1:])
    return Cover(first, uncovered)


def _proving(coverage: pd.DataFrame) -> np.ndarray:
    return flags(coverage["proves_absence"]) | (coverage["coverage_basis"] == "vouched").to_numpy(dtype=bool)


def cover_of(base: Base, coverage: pd.DataFrame, kind: str) -> Cover:
    """The days of the period that rows of one kind prove (messages, clearances)."""
    rows = coverage[(coverage["covers"] == kind).to_numpy(dtype=bool) & _proving(coverage)]
    size = max(base.last - base.start + 1, 0)
    return _cover(base.start, _covered_days(base, rows, base.start, size))


def cover_of_posts(base: Base, coverage: pd.DataFrame, daily_counts: pd.DataFrame) -> Cover:
    """The days on which the absence of a post is proved, up to `base.last`, from REACH_BACK days before the period.

    A day counts when a proving row spans it, when a daily series has it, or when both lists of a WeChat account
    (已通知 and 未开启通知) span it; one of the two alone proves nothing, and a span that is only presumed neither.
    """
    covers = coverage["covers"]
    proving = coverage[(covers == "posts").to_numpy(dtype=bool) & _proving(coverage)]
    stated = _proving(coverage) | (coverage["coverage_basis"] != "presumed").to_numpy(dtype=bool)
    notified = coverage[(covers == "wechat_notified").to_numpy(dtype=bool) & stated]
    unnotified = coverage[(covers == "wechat_unnotified").to_numpy(dtype=bool) & stated]
    counted = day_numbers(daily_counts["counted_on"])
    known = [day_numbers(rows["covers_from"]) for rows in (proving, notified, unnotified)]
    earliest = min((int(days.min()) for days in (*known, counted) if len(days)), default=base.start)
    first = min(max(earliest, base.start - REACH_BACK), base.start)
    size = max(base.last - first + 1, 0)
    covered = _covered_days(base, proving, first, size)
    if len(notified) and len(unnotified):
        covered |= _covered_days(base, notified, first, size) & _covered_days(base, unnotified, first, size)
    if len(daily_counts):
        code = key_codes(base.keys, daily_counts["account_id"])
        keep = (code >= 0) & (counted >= first) & (counted < first + size)
        covered[code[keep], counted[keep] - first] = True
    return _cover(first, covered)


def source_end(base: Base, coverage: pd.DataFrame, kind: str) -> np.ndarray:
    """The last day that each account's sources of one kind reach; NEVER where there is no source."""
    rows = coverage[(coverage["covers"] == kind).to_numpy(dtype=bool)]
    code = key_codes(base.keys, rows["account_id"])
    ends = np.full(base.size, NEVER, dtype="i8")
    np.maximum.at(ends, code[code >= 0], day_numbers(rows["covers_to"])[code >= 0])
    return ends


def with_previous(
    frames: Mapping[str, pd.DataFrame], previous: Mapping[str, pd.DataFrame] | None, name: str
) -> pd.DataFrame:
    """A frame of this folder and the same of the quarter before, one after the other."""
    own = frames[name]
    if previous is None or name not in previous or not len(previous[name]):
        return own
    return pd.concat([own, previous[name]], ignore_index=True) if len(own) else previous[name]
