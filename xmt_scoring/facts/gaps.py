"""Gaps between posting days, and the last post before a moment (readings 1 and 2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xmt_scoring.facts.activity import Activity
from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import NEVER
from xmt_scoring.facts.coverage import Cover

LONG_GAPS = (7, 14)  # the two gaps that are always printed (readings 1)


@dataclass(frozen=True)
class Gaps:
    """Per account: the longest gap in days, how many pass 7 and 14 days; `known` is false where it was not live."""

    known: np.ndarray
    longest: np.ndarray
    over: tuple[np.ndarray, ...]
    covered: np.ndarray


def measure_gaps(base: Base, activity: Activity, cover: Cover) -> Gaps:
    """Gaps between posting days over the live part of the period, head and tail included, as date differences.

    The head starts at the first live day, or at the last post before the period where every day from it on is covered.
    Posts prove presence, so the gaps are upper bounds; where `covered` they are real.
    """
    start, end = base.live_from, base.live_to
    known = start <= end
    days, at = np.arange(base.judged_from, base.last + 1), base.judged_from - activity.first
    posted = activity.posted[:, at : at + len(days)]
    if (base.opened > base.judged_from).any() or (base.closed <= base.last).any():
        posted = posted & (days >= start[:, None]) & (days <= end[:, None])
    number = np.count_nonzero(posted, axis=1) if len(days) else np.zeros(base.size, dtype="i8")
    places = np.flatnonzero(posted)  # row by row: sorted by account, then by day
    has, upto = number > 0, np.cumsum(number)
    first, last = np.zeros(base.size, dtype="i8"), np.zeros(base.size, dtype="i8")
    first[has] = places[(upto - number)[has]] % max(len(days), 1) + base.judged_from
    last[has] = places[upto[has] - 1] % max(len(days), 1) + base.judged_from

    inner = np.diff(places, append=places[-1:])
    inner[upto[has] - 1] = 0  # from one account's last day to the next account's first is no gap
    longest = np.zeros(base.size, dtype="i8")
    if len(inner):
        longest[has] = np.maximum.reduceat(inner, (upto - number)[has])

    since = _head_start(base, activity, cover, start)
    head = np.where(has, first, end) - since
    tail = np.where(has, end - last, 0)
    longest = np.maximum(np.maximum(longest, head), tail)
    over = []
    for limit in LONG_GAPS:
        account = places[inner > limit] // max(len(days), 1)
        over.append(np.bincount(account, minlength=base.size) + (head > limit) + (tail > limit))
    covered = known & cover.holds(np.arange(base.size), start, end)
    return Gaps(known, longest, tuple(over), covered)


def _head_start(base: Base, activity: Activity, cover: Cover, start: np.ndarray) -> np.ndarray:
    """The last post before the period if it was open then and every day since is covered, else the first live day."""
    earlier = last_posted(activity, np.arange(base.size), np.full(base.size, base.start - 1))
    usable = (earlier > NEVER) & (start == base.start) & cover.holds(np.arange(base.size), earlier, start - 1)
    return np.where(usable, earlier, start)


def last_posted(activity: Activity, accounts: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Each account's last known posting day on or before the day; NEVER where none."""
    width = activity.posted.shape[1]
    column = np.clip(days - activity.first, -1, width - 1)
    places = np.flatnonzero(activity.posted)
    found = np.searchsorted(places, accounts.astype("i8") * width + column, side="right") - 1
    place = places[np.maximum(found, 0)] if len(places) else np.zeros(len(accounts), dtype="i8")
    own = (found >= 0) & (place // width == accounts)
    before = activity.before[accounts]
    before = np.where(before <= days, before, NEVER)
    return np.where(own, place % width + activity.first, before)
