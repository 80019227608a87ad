"""第三条: accounts that the supervising office runs itself are checked like all others and marked 自评."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """Passes for an account that the office owns or operates, not applicable to the others; nothing ever fails."""
    quarters, units = facts["account_quarters"], facts["units"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    live = live.merge(facts["accounts"][["account_id", "operator"]], on="account_id", validate="1:1")
    offices = units[units["is_supervisor"].fillna(False).astype(bool)]
    is_owned = live["unit_id"].isin(offices["unit_id"]).to_numpy(dtype=bool)
    is_operated = live["operator"].isin(pd.concat([offices["unit_name"], offices["unit_id"]])).to_numpy(dtype=bool)
    is_own = is_owned | is_operated
    verdicts = live[["unit_id", "account_id"]].assign(
        event_id=None,
        outcome=np.where(is_own, Outcome.PASS, Outcome.NOT_APPLICABLE) if len(offices) else Outcome.NO_DATA,
        observed=pd.Series(np.where(is_owned, "主办", "承办"), index=live.index, dtype="str").where(is_own),
        allowed=None,
    )
    return CheckResult(verdicts, pd.DataFrame({"unit_id": [], "account_id": [], "event_id": []}, dtype="str"))
