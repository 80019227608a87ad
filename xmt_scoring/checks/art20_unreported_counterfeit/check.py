"""第二十条: a counterfeit account that was found is reported to the county office."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each counterfeit found in the year and not reported by the last usable day.

    A county without any row may simply have none: open until somebody records that it was looked into.
    """
    units, rows = facts["year_units"][["unit_id"]], facts["counterfeits"]
    first, last, until = (pd.Timestamp(str(params[name])) for name in ("period_start", "period_end", "as_of"))
    begin = max(first, pd.Timestamp(str(params["in_force_on"])))
    has_register = len(rows) > 0
    rows = rows[rows["found_on"].between(begin, min(last, until)) & rows["unit_id"].isin(units["unit_id"])]
    rows = rows.reset_index(drop=True)
    is_late = rows["reported_on"].isna() | (rows["reported_on"] > until)
    late = rows[is_late]
    failing = late[["unit_id", "event_id"]].assign(
        outcome=str(Outcome.FAIL), observed="发现假冒账号“" + late["counterfeit_name"] + "”后没有报县政府办公室备案"
    )
    rest = units[~units["unit_id"].isin(late["unit_id"])]
    rest = rest.assign(
        event_id=None,
        outcome=np.where(rest["unit_id"].isin(rows["unit_id"]) | has_register, Outcome.PASS, Outcome.UNVERIFIED),
        observed=np.where(rest["unit_id"].isin(rows["unit_id"]), "发现的假冒账号都已备案", "没有登记过假冒账号"),
    )
    verdicts = pd.concat([failing, rest], ignore_index=True).assign(account_id=None, allowed="报县政府办公室备案")
    evidence = rows[["unit_id", "event_id", "src_file", "src_sheet", "src_row"]].assign(
        account_id=None, kind="假冒账号", when=rows["found_on"], value=rows["counterfeit_name"]
    )
    return CheckResult(verdicts, evidence)
