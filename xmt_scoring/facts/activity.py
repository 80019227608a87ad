"""When each account posted: accounts × days, counted once; every fact on posting reads this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import DAY_IN_US, NEVER, SECOND_IN_US, day_numbers, flags, key_codes
from xmt_scoring.facts.coverage import with_previous

SECOND_BITS = 42  # seconds since 1970 fit in 42 bits: the account stands above them in one sortable key


@dataclass(frozen=True)
class PostPart:
    """Visible posts of known accounts of one folder: account code, day number, the moments as they stand."""

    code: np.ndarray
    day: np.ndarray
    moments: np.ndarray
    original: np.ndarray | None  # None: no post of the folder says whether it is original
    known_original: np.ndarray | None


@dataclass(frozen=True)
class Activity:
    """Posting by account and day; `first` is the day of column 0, the last column is the period's last day.

    `listed`: visible posts in lists of posts; `daily`: the platform's own number of that day (None: no daily series);
    `before`: last known posting day before `first`, NEVER where none. Days after `base.last` are empty.
    """

    first: int
    listed: np.ndarray
    daily: np.ndarray | None
    posted: np.ndarray
    before: np.ndarray
    parts: tuple[PostPart, ...]

    def sums(self, base: Base, columns: np.ndarray) -> np.ndarray:
        """Posts from each of `columns` to the next (the last: to the end), the larger of list and daily series."""
        listed = np.add.reduceat(self.listed, columns, axis=1)
        return listed if self.daily is None else np.maximum(listed, np.add.reduceat(self.daily, columns, axis=1))


def read_activity(
    base: Base, frames: Mapping[str, pd.DataFrame], previous: Mapping[str, pd.DataFrame] | None
) -> Activity:
    """Count the posts and daily series of this folder and the one before; a post in both counts as this one says."""
    first = min(base.start, int(base.mondays[0]) if len(base.mondays) else base.start)
    size = base.end - first + 1
    posts = [frames["posts"]]
    if previous is not None and len(previous.get("posts", ())):
        posts.append(only_before(frames["posts"], previous["posts"]))
    parts = tuple(_part(base, each) for each in posts)
    before = np.full(base.size, NEVER, dtype="i8")
    listed = _count_days(base, parts[0], first, size, before)
    for part in parts[1:]:
        listed = listed + _count_days(base, part, first, size, before)
    daily = _daily(base, with_previous(frames, previous, "daily_counts"), first, size, before)
    posted = listed > 0
    if daily is not None:
        posted |= daily > 0
    return Activity(first, listed, daily, posted, before, parts)


def only_before(own: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """The earlier folder's posts that this folder does not hold."""
    reach = own.loc[own["posted_at"] <= earlier["posted_at"].max() + pd.Timedelta(days=1), "post_id"]
    return earlier[~earlier["post_id"].isin(reach)]


def _part(base: Base, posts: pd.DataFrame) -> PostPart:
    code = key_codes(base.keys, posts["account_id"])
    keep = flags(posts["is_visible"])
    keep = keep & (code >= 0) if len(code) and code.min() < 0 else keep
    moments = posts["posted_at"].to_numpy("M8[us]").view("i8")
    originals = posts.get("is_original")
    known = None if originals is None else originals.notna().to_numpy()
    if originals is None or known is None or not known.any():
        original = known = None
    else:
        original = flags(originals)
    if not keep.all():
        code, moments = code[keep], moments[keep]
        if original is not None and known is not None:
            original, known = original[keep], known[keep]
    return PostPart(code, (moments // DAY_IN_US).astype("i4"), moments, original, known)


def _count_days(base: Base, part: PostPart, first: int, size: int, before: np.ndarray) -> np.ndarray:
    """accounts × days for one folder; raises `before` where a post lies before `first`."""
    width = size + 2  # a column before and one after the days that count
    column = np.clip(part.day, first - 1, first + size)
    column -= first - 1
    if base.last < base.end:
        column[part.day > base.last] = size + 1
    early = column == 0
    if early.any():
        np.maximum.at(before, part.code[early], part.day[early])
    cell = part.code.astype("i8")
    cell *= width
    cell += column
    return np.bincount(cell, minlength=base.size * width).reshape(base.size, width)[:, 1:-1]


def _daily(base: Base, series: pd.DataFrame, first: int, size: int, before: np.ndarray) -> np.ndarray | None:
    if not len(series):
        return None
    code, day = key_codes(base.keys, series["account_id"]), day_numbers(series["counted_on"])
    number = series["n_posts"].to_numpy(dtype="i8", na_value=0)
    early = (code >= 0) & (day < first) & (number > 0)
    np.maximum.at(before, code[early], day[early])
    keep = np.flatnonzero((code >= 0) & (day >= first) & (day <= base.last))
    table = np.zeros((base.size, size), dtype="i8")
    keep = keep[::-1]  # this folder stands first and is written last: it wins
    table[code[keep], day[keep] - first] = number[keep]
    return table


def originals_in_period(base: Base, activity: Activity) -> tuple[np.ndarray, np.ndarray]:
    """Original posts of the period per account, and for how many posts the export says it at all."""
    found, known = np.zeros(base.size, dtype="i8"), np.zeros(base.size, dtype="i8")
    for part in activity.parts:
        if part.original is None or part.known_original is None:
            continue
        inside = (part.day >= base.start) & (part.day <= base.last)
        found += np.bincount(part.code[inside & part.original], minlength=base.size)
        known += np.bincount(part.code[inside & part.known_original], minlength=base.size)
    return found, known


def moment_keys(activity: Activity, days: np.ndarray) -> np.ndarray:
    """Account and second of every post on one of these days, as one sorted int64 key."""
    if not len(days):
        return np.zeros(0, dtype="i8")
    low, high = int(days.min()), int(days.max())
    wanted = np.zeros(high - low + 3, dtype=bool)
    wanted[days - low + 1] = True
    keys = []
    for part in activity.parts:
        chosen = wanted[np.clip(part.day, low - 1, high + 1) - (low - 1)]
        keys.append(second_keys(part.code[chosen], part.moments[chosen] // SECOND_IN_US))
    return np.sort(np.concatenate(keys))


def second_keys(code: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Account above, second below, in one int64."""
    return code.astype("i8") << SECOND_BITS | second
