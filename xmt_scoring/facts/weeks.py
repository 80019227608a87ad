"""Account-weeks: the central table of the weekly duty (第十一条第1项, `rulings.md` §1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xmt_scoring.facts.activity import Activity
from xmt_scoring.facts.base import Base, day_number
from xmt_scoring.facts.codes import counts, truths
from xmt_scoring.facts.coverage import Cover
from xmt_scoring.model import Platform
from xmt_scoring.periods import LAW_IN_FORCE
from xmt_scoring.settings import Settings

NOT_FEEDS = (Platform.APP.value, Platform.MINI_PROGRAM.value)  # judged by version and usability, not by posts


@dataclass(frozen=True)
class Weeks:
    """accounts × weeks: due, number of posts, and whether that number is unknown."""

    due: np.ndarray
    posts: np.ndarray
    unknown: np.ndarray


def weekly_duty(base: Base, settings: Settings) -> np.ndarray:
    """Whether the weekly duty is an account's at all: not of apps and mini-programs, of service accounts by setting."""
    kind, platform = base.accounts["account_kind"], base.accounts["platform"]
    exempt = platform.isin(NOT_FEEDS) | kind.isin(NOT_FEEDS)
    if not settings["weekly_rule_for_service"]:
        exempt |= kind == "service"
    return ~exempt.fillna(False).to_numpy(dtype=bool)


def exempt_days(settings: Settings) -> np.ndarray:
    """The first days (day numbers) of the weeks in which no update is asked (`exempt_weeks`, readings 1)."""
    return np.array([day_number(day) for day in settings["exempt_weeks"]], dtype="i8")


def count_weeks(base: Base, activity: Activity, cover: Cover, duty: np.ndarray, settings: Settings) -> Weeks:
    """Due: the duty applies, the account was open on all seven days, none of them before the law was in force, and
    the office has not exempted the week.

    A week with a post is met whatever else is missing; a week without one is unknown unless all its days are covered.
    """
    mondays = base.mondays
    shape = (base.size, len(mondays))
    if not len(mondays) or not base.size:
        empty = np.zeros(shape, dtype=bool)
        return Weeks(empty, np.zeros(shape, dtype="i8"), empty)
    columns = mondays - activity.first
    after = columns[-1] + 7
    edges = np.append(columns, after) if after < activity.posted.shape[1] else columns
    posts = activity.sums(base, edges)[:, : len(mondays)]
    due = (base.due_from[:, None] <= mondays) & (base.closed[:, None] > mondays + 6) & duty[:, None]
    due &= (mondays >= day_number(LAW_IN_FORCE)) & ~np.isin(mondays, exempt_days(settings))
    covered = cover.holds(np.arange(base.size)[:, None], mondays, mondays + 6)
    return Weeks(due, posts, (posts == 0) & ~covered)


def account_weeks(base: Base, weeks: Weeks) -> pd.DataFrame:
    """Frame `account_weeks`: n_posts missing = no source covers the week; 0 = covered and empty."""
    return pd.DataFrame(
        {
            "account_id": pd.Series(base.keys.array.repeat(len(base.mondays))),
            "week_start": np.tile(base.mondays.astype("M8[D]").astype("M8[us]"), base.size),
            "is_due": truths(weeks.due.ravel()),
            "n_posts": counts(weeks.posts.ravel(), weeks.unknown.ravel()),
        },
        copy=False,
    )
