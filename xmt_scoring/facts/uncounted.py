"""Posts that do not meet a week where the office says so: plain reposts (readings 16) and adverts (readings 17)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.facts.activity import Activity, read_activity
from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import day_numbers, flags
from xmt_scoring.settings import Settings

ADVERT = "art08_advert"  # the rule under which adverts and irrelevant posts are recorded


def weekly_activity(
    base: Base,
    activity: Activity,
    frames: Mapping[str, pd.DataFrame],
    previous: Mapping[str, pd.DataFrame] | None,
    settings: Settings,
) -> Activity:
    """The activity that counts for the weeks: all of it, or without the posts that the settings leave out.

    The platform's own number of a day loses as many as the lists show to be left out. Gaps, check times and all other
    facts stay with the whole activity.
    """
    if not settings["original_needed"] and not settings["advert_voids_week"]:
        return activity
    parts = [_without(frames, _left_out(frames["posts"], frames["findings"], base, settings))]
    if previous is not None:
        parts.append(_without(previous, _left_out(previous["posts"], frames["findings"], base, settings)))
    return read_activity(base, {**frames, **parts[0]}, {**previous, **parts[1]} if previous is not None else None)


def _left_out(posts: pd.DataFrame, findings: pd.DataFrame, base: Base, settings: Settings) -> np.ndarray:
    """Which posts do not meet a week. What is not known to be a repost counts."""
    out = np.zeros(len(posts), dtype=bool)
    if settings["original_needed"]:
        out = out | flags(posts["is_repost"]) | ~flags(posts["is_original"], missing=True)
    if settings["advert_voids_week"]:
        known = (findings["check_item"] == ADVERT).to_numpy(dtype=bool)
        known = known & (day_numbers(findings["found_on"]) <= base.as_of)
        named = findings[known]
        for column, words in (("url", named["url"]), ("post_id", named["event_id"]), ("native_id", named["event_id"])):
            keys = (named["account_id"].astype("str") + "|" + words.astype("str")).dropna()
            out = out | (posts["account_id"].astype("str") + "|" + posts[column].astype("str")).isin(keys).to_numpy(dtype=bool)
    return out


def _without(frames: Mapping[str, pd.DataFrame], out: np.ndarray) -> dict[str, pd.DataFrame]:
    """posts and daily_counts less the posts that are left out."""
    posts, daily = frames["posts"], frames["daily_counts"]
    gone = posts[out & flags(posts["is_visible"])]
    if len(gone) and len(daily):
        per_day = gone.groupby([gone["account_id"].astype("str"), gone["posted_at"].dt.normalize()]).size()
        at = pd.MultiIndex.from_arrays([daily["account_id"].astype("str"), daily["counted_on"]])
        less = per_day.reindex(at).fillna(0).to_numpy(dtype="i8")
        left = np.maximum(daily["n_posts"].to_numpy(dtype="i8", na_value=0) - less, 0)
        daily = daily.assign(n_posts=pd.Series(left, index=daily.index, dtype="Int64"))
    return {"posts": posts[~out], "daily_counts": daily}
