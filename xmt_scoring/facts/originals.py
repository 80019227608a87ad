"""Original posts month by month, and whether the export can say it at all (第十一条; `rulings.md` §2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xmt_scoring.facts.activity import Activity
from xmt_scoring.facts.base import Base, day_number
from xmt_scoring.facts.codes import counts, truths
from xmt_scoring.facts.coverage import Cover
from xmt_scoring.periods import LAW_IN_FORCE


def original_months(base: Base, activity: Activity, cover: Cover) -> pd.DataFrame:
    """Frame `original_months`, one row for every account and month of the period.

    `is_due`: open on every day of the month (as a week is due, `rulings.md` §1). `n_posts`: the larger of the list and
    the daily series. `n_original`: posts that the export calls original. `n_unknown`: posts of which no export says
    whether they are original, those of a daily series without a list among them. `is_covered`: every day of the month
    is covered by a source that proves absence. A month without an original post is proved empty only where it is
    covered and n_unknown is 0.
    """
    starts, ends = _months(base)
    shape = (base.size, len(starts))
    posts = np.zeros(shape, dtype="i8")
    for month, (start, end) in enumerate(zip(starts, ends, strict=True)):  # three months, or four in a shifted window
        days = slice(max(start - activity.first, 0), end + 1 - activity.first)
        posts[:, month] = activity.listed[:, days].sum(axis=1)
        if activity.daily is not None:
            posts[:, month] = np.maximum(posts[:, month], activity.daily[:, days].sum(axis=1))
    original, known = np.zeros(shape, dtype="i8"), np.zeros(shape, dtype="i8")
    for part in activity.parts:
        if part.original is None or part.known_original is None:
            continue
        at = np.searchsorted(starts, part.day, side="right") - 1
        inside = (at >= 0) & (part.day <= min(base.last, ends[-1]))
        cell = part.code.astype("i8") * len(starts) + at
        for table, chosen in ((original, part.original), (known, part.known_original)):
            table += np.bincount(cell[inside & chosen], minlength=table.size).reshape(shape)
    due = (base.opened[:, None] <= starts) & (base.closed[:, None] > ends) & (starts >= day_number(LAW_IN_FORCE))
    covered = cover.holds(np.arange(base.size)[:, None], starts, ends) & (starts >= activity.first)
    return pd.DataFrame(
        {
            "account_id": pd.Series(base.keys.array.repeat(len(starts))),
            "month_start": np.tile(starts.astype("M8[D]").astype("M8[us]"), base.size),
            "is_due": truths(due.ravel()),
            "n_posts": counts(posts.ravel()),
            "n_original": counts(original.ravel()),
            "n_unknown": counts(np.maximum(posts - known, 0).ravel()),
            "is_covered": truths(covered.ravel()),
        },
        copy=False,
    )


def _months(base: Base) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of every calendar month whose last day lies in the period, as a week goes by its Sunday."""
    first, last = np.array([base.start, base.end], dtype="M8[D]").astype("M8[M]")
    months = np.arange(first, last + 1)
    starts = months.astype("M8[D]").astype("i8")
    ends = (months + 1).astype("M8[D]").astype("i8") - 1
    mine = (ends >= base.start) & (ends <= base.end)
    return starts[mine], ends[mine]
