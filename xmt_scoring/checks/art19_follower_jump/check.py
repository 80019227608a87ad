"""第十九条: a sudden jump of followers may be a sign of bought ones; a person has to look, it never costs points."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One proposal for each day with enough new followers that are also more than the set share of the day before.

    The total of the day before is that day's own total less its net growth, else the total of the row before; where
    neither is known only the number counts.
    """
    least, percent = int(str(params["follower_jump_minimum"])), int(str(params["follower_jump_percent"]))
    quarters, days = facts["account_quarters"], facts["followers"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    first = max(pd.Timestamp(params["period_start"]), pd.Timestamp(params["in_force_on"]))  # type: ignore[arg-type]
    last = min(pd.Timestamp(params["period_end"]), pd.Timestamp(params["as_of"]))  # type: ignore[arg-type]
    days = days.sort_values(["account_id", "counted_on"], ignore_index=True)
    is_next = (days["account_id"] == days["account_id"].shift()) & (days["counted_on"].diff() == pd.Timedelta(days=1))
    before = (days["total_followers"] - days["net_followers"]).fillna(days["total_followers"].shift().where(is_next))
    new = days["new_followers"].fillna(days["net_followers"])
    is_jump = (new >= least) & (before.isna() | (new * 100 > before * percent).fillna(True))
    chosen = is_jump.fillna(False) & days["counted_on"].between(first, last)
    jumps = days.assign(new=new, before=before)[chosen.to_numpy(dtype=bool)].merge(live, on="account_id", validate="m:1")

    day = jumps["counted_on"].dt.strftime("%Y-%m-%d").astype("str")
    total = jumps["before"].astype("str").fillna("未知")
    verdicts = jumps[["unit_id", "account_id"]].assign(
        event_id=jumps["account_id"] + "|followers|" + day,
        outcome=Outcome.UNVERIFIED,
        observed=day + " 新增粉丝 " + jumps["new"].astype("str") + " 人（前一天总数 " + total + "）",
        allowed=f"一天不到 {least} 人，或不超过前一天的 {percent}%",
    )
    evidence = verdicts[["unit_id", "account_id", "event_id"]].assign(
        kind="粉丝", when=jumps["counted_on"], value=verdicts["observed"], src_file=jumps["src_file"],
        src_sheet=jumps["src_sheet"], src_row=jumps["src_row"],
    )  # fmt: skip
    rest = live[~live["account_id"].isin(verdicts["account_id"])]
    is_known = rest["account_id"].isin(days.loc[days["counted_on"].between(first, last), "account_id"]).to_numpy()
    quiet = rest[["unit_id", "account_id"]].assign(
        event_id=None,
        outcome=np.where(is_known, Outcome.PASS, Outcome.NO_DATA),
        observed=pd.Series("没有一天的新增超过提示线", index=rest.index, dtype="str").where(is_known),
        allowed=None,
    )
    return CheckResult(pd.concat([verdicts, quiet], ignore_index=True), evidence)
