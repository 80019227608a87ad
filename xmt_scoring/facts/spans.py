"""Spans of seven days without a post: the other reading of 每周至少更新一条 (readings 1, `week_rule = "rolling7"`).

Between two posting days every seven empty days in a row are one span, counted from the first empty day, so that no day
is counted twice. A span belongs to the quarter in which its last day lies (with `week_belongs = "inside"` it must lie
wholly in it), so that every span of a year is judged once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xmt_scoring.facts.activity import Activity
from xmt_scoring.facts.base import Base, day_number
from xmt_scoring.facts.codes import NEVER, dates, names, truths
from xmt_scoring.facts.coverage import Cover
from xmt_scoring.facts.gaps import last_posted
from xmt_scoring.facts.weeks import exempt_days
from xmt_scoring.periods import LAW_IN_FORCE
from xmt_scoring.settings import Settings

LENGTH = 7


@dataclass(frozen=True)
class Spans:
    """One entry for each empty span: account code, first day, whether all its days are covered; `due`: per account how
    many could be empty at most."""

    account: np.ndarray
    first: np.ndarray
    covered: np.ndarray
    due: np.ndarray

    def count(self, chosen: np.ndarray) -> np.ndarray:
        """How many of the chosen spans each account has."""
        return np.bincount(self.account[chosen], minlength=len(self.due))


def empty_spans(base: Base, activity: Activity, cover: Cover, duty: np.ndarray, settings: Settings) -> Spans:
    """The empty spans of the accounts that have the weekly duty. A day of an exempted week counts as one with a post."""
    start, end = np.maximum(base.live_from, base.due_from), base.live_to
    due = np.where(duty & (start <= end), np.maximum(end - start + 1, 0), 0) // LENGTH
    days, at = np.arange(base.judged_from, base.last + 1), base.judged_from - activity.first
    exempt = (exempt_days(settings)[:, None] + np.arange(LENGTH)).ravel()
    if not len(days) or not base.size:
        none = np.zeros(0, dtype="i8")
        return Spans(none, none, none > 0, due)
    counts = (activity.posted[:, at : at + len(days)] | np.isin(days, exempt)) & (days >= start[:, None]) & (days <= end[:, None])
    number = np.count_nonzero(counts, axis=1)
    account, day = np.nonzero(counts)
    day = day + base.judged_from
    # the empty run before each counted day, and the one after the last
    before = np.empty_like(day)
    before[1:] = day[:-1] + 1
    is_first = np.ones(len(account), dtype=bool)
    is_first[1:] = account[1:] != account[:-1]
    head = _head(base, activity, cover, start, exempt, settings)
    before[is_first] = head[account[is_first]]
    everyone = np.arange(base.size)
    after = head.copy()
    last = np.cumsum(number)[number > 0] - 1
    after[account[last]] = day[last] + 1
    who = np.concatenate([account, everyone])
    first = np.concatenate([before, after])
    length = np.concatenate([day - before, np.where(start <= end, end + 1 - after, 0)])
    times = np.where(duty[who], np.maximum(length, 0) // LENGTH, 0)
    who, first = np.repeat(who, times), np.repeat(first, times)
    place = np.arange(len(who)) - np.repeat(np.cumsum(times) - times, times)
    first = first + LENGTH * place
    mine = first + LENGTH - 1 >= base.judged_from
    who, first = who[mine], first[mine]
    order = np.lexsort((first, who))
    who, first = who[order], first[order]
    return Spans(who, first, cover.holds(who, first, first + LENGTH - 1), due)


def _head(
    base: Base, activity: Activity, cover: Cover, start: np.ndarray, exempt: np.ndarray, settings: Settings
) -> np.ndarray:
    """The first empty day of each account: after the last post before the period where all days since are covered."""
    if settings["week_belongs"] == "inside":
        return start.copy()
    earlier = last_posted(activity, np.arange(base.size), np.full(base.size, base.start - 1))
    if (exempt < base.start).any():
        earlier = np.where(earlier > NEVER, np.maximum(earlier, exempt[exempt < base.start].max()), earlier)
    usable = (earlier > NEVER) & (start == base.start) & cover.holds(np.arange(base.size), earlier + 1, start - 1)
    floor = np.maximum(np.maximum(base.opened, base.due_from), day_number(LAW_IN_FORCE))
    return np.where(usable, np.maximum(earlier + 1, floor), start)


def span_frame(base: Base, spans: Spans) -> pd.DataFrame:
    """Frame `empty_spans`: one row for each span without a known post; not covered = nobody knows."""
    return pd.DataFrame(
        {
            "account_id": names(base.keys, spans.account),
            "span_start": dates(spans.first),
            "is_covered": truths(spans.covered),
        }
    )
