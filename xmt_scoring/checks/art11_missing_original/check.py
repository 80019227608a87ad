"""第十一条, as practice reads it: an original post in every month, judged where the export says what is original."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each whole month proved to hold too few original posts; one open row where a month is not decided.

    An original post proves the month whatever else is missing. A month without one fails only where it is covered and
    every post of it says whether it is original; otherwise people decide.
    """
    minimum = int(str(params["min_originals_per_month"]))
    allowed = f"每月至少 {minimum} 条原创"
    quarters, months = facts["account_quarters"], facts["original_months"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    due = months[months["is_due"] & (months["month_start"] >= pd.Timestamp(params["in_force_on"]))]  # type: ignore[arg-type]
    due = due.merge(live, on="account_id", validate="m:1")
    is_short = (due["n_original"] < minimum).to_numpy(dtype=bool)
    is_proved = is_short & due["is_covered"].to_numpy(dtype=bool) & (due["n_unknown"] == 0).to_numpy(dtype=bool)

    short = due[is_proved]
    month = short["month_start"].dt.strftime("%Y-%m").astype("str")
    verdicts = short[["unit_id", "account_id"]].assign(
        event_id=short["account_id"] + "|original|" + month,
        outcome=Outcome.FAIL,
        observed=month + " 发布 " + short["n_posts"].astype("str") + " 条，其中原创 " + short["n_original"].astype("str") + " 条",
        allowed=allowed,
    )
    months_short = verdicts[["unit_id", "account_id", "event_id"]].assign(kind="当月原创", when=short["month_start"], value=verdicts["observed"])
    evidence = pd.concat([months_short, _sources(months_short, facts["coverage"])], ignore_index=True)

    waiting = due[is_short & ~is_proved]
    told = pd.Series("", index=live["account_id"], dtype="str")
    for start in sorted(waiting["month_start"].unique()):  # three months
        named = told.index.isin(waiting.loc[waiting["month_start"] == start, "account_id"])
        told = told + np.where(named, f"、{pd.Timestamp(start):%Y-%m}", "")
    is_open = (told != "").to_numpy()
    has_failed = live["account_id"].isin(verdicts["account_id"]).to_numpy()
    has_month = live["account_id"].isin(due["account_id"]).to_numpy()
    quiet = live[["unit_id", "account_id"]].assign(
        event_id=None,
        outcome=np.select([is_open, has_month], [Outcome.UNVERIFIED, Outcome.PASS], Outcome.NOT_APPLICABLE),
        observed=np.where(is_open, told.str[1:].to_numpy() + " 的数据没有写明哪些是原创", "导出数据：每月都有原创"),
        allowed=allowed,
    )[is_open | ~has_failed]
    return CheckResult(pd.concat([verdicts, quiet], ignore_index=True), evidence)


def _sources(months: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """The exports whose span proves that the month holds nothing else."""
    proving = coverage.loc[coverage["proves_absence"], ["account_id", "covers_from", "covers_to", "src_file", "src_sheet", "src_row"]]
    spans = months.merge(proving, on="account_id")
    spans = spans[(spans["covers_from"] <= spans["when"] + pd.offsets.MonthEnd(0)) & (spans["covers_to"] >= spans["when"])]
    told = spans["covers_from"].dt.strftime("%Y-%m-%d") + " 至 " + spans["covers_to"].dt.strftime("%Y-%m-%d") + " 的发布清单"
    return spans.assign(kind="覆盖这个月的数据", value=told).drop(columns=["covers_from", "covers_to"])
