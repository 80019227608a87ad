"""Account-quarters: what each account did in the period as a whole."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xmt_scoring.facts.activity import Activity, originals_in_period
from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import counts, dates, truths
from xmt_scoring.facts.gaps import Gaps, last_posted
from xmt_scoring.facts.spans import Spans
from xmt_scoring.facts.weeks import Weeks
from xmt_scoring.settings import Settings


def account_quarters(
    base: Base,
    activity: Activity,
    weeks: Weeks,
    spans: Spans,
    gaps: Gaps,
    duty: np.ndarray,
    is_sampled: np.ndarray,
    is_unfiled: np.ndarray,
    settings: Settings,
) -> pd.DataFrame:
    """Frame `account_quarters`, one row for every account of the register.

    `is_scored`: live at least `min_live_days` days of the period (readings 7), in the sample (readings 25), and filed
    unless `unfiled_account_scored` (readings 9). `n_original` is missing where no post of the period says whether it is
    original; gaps are missing where the account was not live.
    """
    live = base.live_days
    is_scored = (live > 0) & (live >= settings["min_live_days"]) & is_sampled
    if not settings["unfiled_account_scored"]:
        is_scored &= ~is_unfiled
    missed, unknown = weeks.due & ~weeks.unknown & (weeks.posts == 0), weeks.due & weeks.unknown
    original, known_original = originals_in_period(base, activity)
    posts = activity.sums(base, np.array([base.start - activity.first]))[:, 0]
    last = last_posted(activity, np.arange(base.size), np.full(base.size, base.last))
    return pd.DataFrame(
        {
            "account_id": base.accounts["account_id"].astype("str"),
            "unit_id": base.accounts["owner_id"].astype("str"),
            "platform": base.accounts["platform"].astype("str"),
            "is_live": truths(live > 0),
            "live_days": counts(live),
            "is_scored": truths(is_scored),
            "is_sampled": truths(is_sampled),
            "is_weekly_due": truths(duty),
            "n_weeks_due": counts(weeks.due.sum(axis=1)),
            "n_weeks_missed": counts(missed.sum(axis=1)),
            "n_weeks_no_data": counts(unknown.sum(axis=1)),
            "n_spans_due": counts(spans.due),
            "n_spans_missed": counts(spans.count(spans.covered)),
            "n_spans_no_data": counts(spans.count(~spans.covered)),
            "n_posts": counts(posts),
            "n_original": counts(original, known_original == 0),
            "max_gap_days": counts(gaps.longest, ~gaps.known),
            "n_gaps_over_7": counts(gaps.over[0], ~gaps.known),
            "n_gaps_over_14": counts(gaps.over[1], ~gaps.known),
            "is_gap_covered": truths(gaps.covered),
            "last_posted_on": dates(last),
        }
    )
