"""第二条: an account that an inner section runs for itself; allowed by the 办法, seldom wanted elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One proposal for each live account whose register row names an inner section."""
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    columns = ["account_id", "inner_section", "src_file", "src_sheet", "src_row"]
    live = live.merge(facts["accounts"][columns], on="account_id", validate="1:1")
    has_section = live["inner_section"].notna().to_numpy()
    verdicts = live[["unit_id", "account_id"]].assign(
        event_id=(live["account_id"] + "|section").where(has_section),
        outcome=np.where(has_section, Outcome.UNVERIFIED, Outcome.PASS),
        observed=live["inner_section"],
        allowed="以单位名义开设",
    )
    rows = live[has_section]
    evidence = verdicts.loc[has_section, ["unit_id", "account_id", "event_id"]].assign(
        kind="账号备案台账", value=rows["inner_section"], src_file=rows["src_file"], src_sheet=rows["src_sheet"],
        src_row=rows["src_row"],
    )  # fmt: skip
    return CheckResult(verdicts, evidence)
