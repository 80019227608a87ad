"""第二条: an account on a platform that is none of the known kinds; somebody should look at it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome

LISTED = "微博、微信等已列出的平台"


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One proposal for each live account whose platform is 其他平台."""
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    register = facts["accounts"][["account_id", "account_name", "platform", "note", "src_file", "src_sheet", "src_row"]]
    live = live.merge(register, on="account_id", validate="1:1")
    is_other = (live["platform"] == "other").to_numpy(dtype=bool)
    verdicts = live[["unit_id", "account_id"]].assign(
        event_id=(live["account_id"] + "|platform").where(is_other),
        outcome=np.where(is_other, Outcome.UNVERIFIED, Outcome.PASS),
        observed=live["note"].fillna("备注里没有写平台名称").where(is_other),
        allowed=LISTED,
    )
    events = verdicts[is_other]
    rows = live[is_other]
    evidence = events[["unit_id", "account_id", "event_id"]].assign(
        kind="账号备案台账", value=rows["account_name"], src_file=rows["src_file"], src_sheet=rows["src_sheet"],
        src_row=rows["src_row"],
    )  # fmt: skip
    return CheckResult(verdicts, evidence)
