"""第二条: the owner is an administrative organ or an institution with administrative functions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome

GOOD = ["administrative_organ", "public_institution"]


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each live account of an owner of another kind; no data where the register names no kind."""
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    source = ["unit_id", "unit_name", "unit_kind", "src_file", "src_sheet", "src_row"]
    live = live.merge(facts["units"][source], on="unit_id", how="left", validate="m:1")
    is_unknown = live["unit_kind"].isna().to_numpy()
    is_wrong = ~is_unknown & ~live["unit_kind"].isin(GOOD).to_numpy()
    verdicts = live[["unit_id", "account_id"]].assign(
        event_id=(live["account_id"] + "|owner_kind").where(is_wrong),
        outcome=np.select([is_wrong, is_unknown], [Outcome.FAIL, Outcome.NO_DATA], Outcome.PASS),
        observed=live["unit_name"].where(is_wrong),
        allowed="行政机关或承担行政职能的事业单位",
    )
    rows = live[is_wrong]
    evidence = verdicts.loc[is_wrong, ["unit_id", "account_id", "event_id"]].assign(
        kind="单位登记", value=rows["unit_name"], src_file=rows["src_file"], src_sheet=rows["src_sheet"],
        src_row=rows["src_row"],
    )  # fmt: skip
    return CheckResult(verdicts, evidence)
