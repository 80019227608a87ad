"""National veto 内容不更新: no post in the two weeks before a check time (N01; `rulings.md` §1, readings 2)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each check time with no post in the days before it; day 14 itself is safe.

    A longer gap that the data does not cover is open. Without a check time the quarter's longest gap decides: posts
    prove presence, so a short gap is short whatever else is missing, and a long one stays open. The duty is that of
    publishing accounts: where the weekly rule does not hold, neither does this.
    Settings: `stale_clock` hours counts begun 24-hour days where both moments have a time; `stale_veto` any_gap makes
    one event of a longest gap over the limit whatever the check times, open unless the whole period is covered.
    """
    limit = int(str(params["stale_days"]))
    allowed = f"检查时点前 {limit} 天内有更新"
    quarters, times = facts["account_quarters"], facts["check_times"]
    live = quarters[quarters["is_live"]]
    held = live.loc[live["is_weekly_due"], ["account_id", "unit_id"]]

    in_force = times["checked_at"] >= pd.Timestamp(params["in_force_on"])  # type: ignore[arg-type]
    times = times[in_force]
    since = times["days_since_post"]
    if params["stale_clock"] == "hours":
        since = times["begun_days"].fillna(since)
    is_stale = times["days_since_post"].isna() | (since > limit)
    events = times[is_stale].merge(held, on="account_id", validate="m:1")
    has_post = events["days_since_post"].notna().to_numpy()
    is_covered = events["is_covered"].to_numpy(dtype=bool)
    checked = events["checked_at"].dt.strftime("%Y-%m-%d %H:%M").astype("str").str.removesuffix(" 00:00")
    last = events["last_posted_on"].dt.strftime("%Y-%m-%d").astype("str").fillna("")
    passed = events["days_since_post"].astype("str").fillna("")
    seen = np.where(has_post, "，最近发布 " + last + "，已过 " + passed + " 天", "，未见任何发布")
    verdicts = events[["unit_id", "account_id"]].assign(
        event_id=events["account_id"] + "|dormant|" + checked,
        outcome=np.where(is_covered, Outcome.FAIL, Outcome.NO_DATA),
        observed=checked + " 检查" + seen,
        allowed=allowed,
    )
    evidence = verdicts[["unit_id", "account_id", "event_id"]].assign(
        kind="检查时点", when=events["checked_at"], value=verdicts["observed"], src_file=events["src_file"],
        src_sheet=events["src_sheet"], src_row=events["src_row"],
    )  # fmt: skip
    if params["stale_veto"] == "any_gap":
        gaps = _long_gaps(live[live["is_weekly_due"]], limit)
        verdicts = pd.concat([verdicts, gaps.assign(allowed=f"期内间隔不超过 {limit} 天")], ignore_index=True)
        found = gaps[["unit_id", "account_id", "event_id"]].assign(kind="最长间隔", value=gaps["observed"])
        evidence = pd.concat([evidence, found], ignore_index=True)

    rest = live[~live["account_id"].isin(verdicts["account_id"])].reset_index(drop=True)
    is_due = rest["is_weekly_due"].to_numpy(dtype=bool)
    was_checked = rest["account_id"].map(times.groupby("account_id").size()).notna().to_numpy()
    gap_is_short = (rest["max_gap_days"] <= limit).fillna(False).to_numpy(dtype=bool)
    quiet = rest[["unit_id", "account_id"]].assign(
        event_id=None,
        outcome=np.select(
            [~is_due, was_checked | gap_is_short], [Outcome.NOT_APPLICABLE, Outcome.PASS], Outcome.UNVERIFIED
        ),
        observed=None,
        allowed=allowed,
    )
    return CheckResult(pd.concat([verdicts, quiet], ignore_index=True), evidence)


def _long_gaps(held: pd.DataFrame, limit: int) -> pd.DataFrame:
    """One event for each account whose longest gap is over the limit."""
    long = held[(held["max_gap_days"] > limit).fillna(False)]
    return long[["unit_id", "account_id"]].assign(
        event_id=long["account_id"] + "|dormant|gap",
        outcome=np.where(long["is_gap_covered"].to_numpy(dtype=bool), Outcome.FAIL, Outcome.NO_DATA),
        observed="期内最长 " + long["max_gap_days"].astype("str") + " 天没有发布",
    )
