"""第十一条第1项: at least one post in every natural week that is due, or in any seven days (`rulings.md` §1, readings 1)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each week below the minimum (fail) or without data; `n_posts` missing = no export covers it.

    With `week_rule` rolling7 one event for each span of seven days without a post instead.
    """
    minimum = int(str(params["min_posts_per_week"]))
    quarters, weeks = facts["account_quarters"], facts["account_weeks"]
    live = quarters[quarters["is_live"]]
    due = live.loc[live["is_weekly_due"], ["account_id", "unit_id"]]

    by_span = params["week_rule"] == "rolling7"
    allowed = f"任意连续七天至少 {minimum} 条" if by_span else f"每周至少 {minimum} 条"
    kinds = ("空白七天", "缺数据的七天") if by_span else ("缺更周", "缺数据周")
    in_force = weeks["week_start"] >= pd.Timestamp(params["in_force_on"])  # type: ignore[arg-type]
    short = weeks[weeks["is_due"] & in_force & (weeks["n_posts"].isna() | (weeks["n_posts"] < minimum))]
    if by_span:
        short = _as_weeks(facts["empty_spans"])
    short = short.merge(due, on="account_id", validate="m:1")

    days = short["week_start"].drop_duplicates()
    spans = {day: f"{day:%Y-%m-%d} 至 {day + pd.Timedelta(days=6):%Y-%m-%d}" for day in days}
    mondays = short["week_start"].map({day: f"{day:%Y-%m-%d}" for day in days}).astype("str")
    is_known = short["n_posts"].notna().to_numpy()
    counts = short["n_posts"].astype("str").fillna("")
    span = short["week_start"].map(spans).astype("str")
    events = short[["unit_id", "account_id"]].assign(
        event_id=short["account_id"] + "|" + mondays,
        outcome=np.where(is_known, Outcome.FAIL, Outcome.NO_DATA),
        observed=np.where(is_known, span + " 发布 " + counts + " 条", span + " 没有导出数据覆盖"),
        allowed=allowed,
    )
    rest = live[~live["account_id"].isin(events["account_id"])].reset_index(drop=True)
    n_due = rest["n_spans_due"].fillna(0) if by_span else rest["n_weeks_due"]
    has_week = (rest["is_weekly_due"] & (n_due > 0)).to_numpy(dtype=bool)
    quiet = rest[["unit_id", "account_id"]].assign(
        event_id=None,
        outcome=np.where(has_week, Outcome.PASS, Outcome.NOT_APPLICABLE),
        observed=None,
        allowed=allowed,
    )
    evidence = events[["unit_id", "account_id", "event_id"]].assign(
        kind=np.where(is_known, *kinds), when=short["week_start"], value=events["observed"]
    )
    sources = _sources(short[is_known], events.loc[is_known, "event_id"], facts["coverage"], facts["daily_counts"])
    return CheckResult(pd.concat([events, quiet], ignore_index=True), pd.concat([evidence, *sources], ignore_index=True))


def _as_weeks(spans: pd.DataFrame) -> pd.DataFrame:
    """Empty spans in the columns of weeks: 0 posts where covered, unknown where not."""
    posts = pd.Series(0, index=spans.index, dtype="Int64").where(spans["is_covered"])
    return spans.assign(week_start=spans["span_start"], n_posts=posts)


def _sources(weeks: pd.DataFrame, events: pd.Series, coverage: pd.DataFrame, daily: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows that prove a week empty: each day of a daily series, and the exports whose span covers the week."""
    empty_weeks = weeks[["unit_id", "account_id", "week_start"]].assign(event_id=events)
    sunday = pd.Timedelta(days=6)
    source = ["src_file", "src_sheet", "src_row"]
    days = empty_weeks.merge(daily[["account_id", "counted_on", "n_posts", *source]], on="account_id")
    days = days[(days["counted_on"] >= days["week_start"]) & (days["counted_on"] <= days["week_start"] + sunday)]
    proving = coverage.loc[coverage["proves_absence"], ["account_id", "covers_from", "covers_to", *source]]
    spans = empty_weeks.merge(proving, on="account_id")
    spans = spans[(spans["covers_from"] <= spans["week_start"] + sunday) & (spans["covers_to"] >= spans["week_start"])]
    told = spans["covers_from"].dt.strftime("%Y-%m-%d") + " 至 " + spans["covers_to"].dt.strftime("%Y-%m-%d") + " 的发布清单里没有"
    columns = ["unit_id", "account_id", "event_id", "kind", "when", "value", *source]
    made = [
        days.assign(kind="当天发布数", when=days["counted_on"], value=days["n_posts"].astype("str") + " 条")[columns],
        spans.assign(kind="覆盖这一周的数据", when=spans["week_start"], value=told)[columns],
    ]
    return [part for part in made if len(part)]
