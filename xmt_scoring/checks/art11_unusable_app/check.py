"""National veto: an app that cannot be downloaded or used. Only a person can try it; other accounts have no such duty."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome, Platform


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """Every live app is to be tried by a person; no data says whether it works."""
    quarters = facts["account_quarters"]
    live = quarters[quarters["is_live"]]
    is_app = (live["platform"] == Platform.APP.value).to_numpy(dtype=bool)
    verdicts = live[["unit_id", "account_id"]].assign(
        event_id=None,
        outcome=np.where(is_app, Outcome.UNVERIFIED, Outcome.NOT_APPLICABLE),
        observed=None,
        allowed=None,
    )
    return CheckResult(verdicts, pd.DataFrame())
