"""第四条: who runs the account is named; one that is outsourced has an agreement on file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome

OWN = ["本单位", "无", "自办", "自己运维"]


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each live account that another body runs without an agreement signed by the period's end.

    Run by another body: the register says so (是否委托运维); left blank, an operator that is neither the owner, its
    inner section nor a word for the owner itself counts as another body.
    """
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    columns = ["account_id", "operator", "inner_section", "is_outsourced", "agreement_on", "src_file", "src_sheet", "src_row"]
    live = live.merge(facts["accounts"][columns], on="account_id", validate="1:1").merge(
        facts["units"][["unit_id", "unit_name"]], on="unit_id", how="left", validate="m:1"
    )
    operator = live["operator"]
    is_own = operator.isin(OWN) | (operator == live["unit_name"]) | (operator == live["unit_id"])
    is_own |= (operator == live["inner_section"]).fillna(False)
    is_outside = live["is_outsourced"].fillna(operator.notna() & ~is_own.fillna(False)).astype(bool)
    last = min(pd.Timestamp(params["period_end"]), pd.Timestamp(params["as_of"]))  # type: ignore[arg-type]
    has_agreement = (live["agreement_on"] <= last).fillna(False)
    is_lacking = (is_outside & ~has_agreement).to_numpy(dtype=bool)
    is_named = (operator.notna() | is_outside).to_numpy(dtype=bool)

    verdicts = live[["unit_id", "account_id"]].assign(
        event_id=(live["account_id"] + "|agreement").where(is_lacking),
        outcome=np.select([is_lacking, is_named], [Outcome.FAIL, Outcome.PASS], Outcome.NO_DATA),
        observed=operator.fillna("（没有写机构名称）").where(is_named),
        allowed="委托运维的有协议",
    )
    rows = live[is_lacking]
    evidence = verdicts.loc[is_lacking, ["unit_id", "account_id", "event_id"]].assign(
        kind="账号备案台账", value=rows["operator"], src_file=rows["src_file"], src_sheet=rows["src_sheet"],
        src_row=rows["src_row"],
    )  # fmt: skip
    return CheckResult(verdicts, evidence)
