"""第十一条: each unit has its responsibility system, work rules, workflow and rules of clearance in writing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome

KINDS = {"duty_system": "责任体系", "work_rules": "工作制度", "workflow": "工作流程", "clearance_rules": "审核机制"}


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event of the unit for each of the four that the register of documents lacks at the end of the quarter.

    Without any document of these kinds of the unit in the register nobody has recorded them yet: no data.
    """
    quarters, docs = facts["account_quarters"], facts["unit_docs"]
    units = quarters.loc[quarters["is_live"], ["unit_id"]].drop_duplicates(ignore_index=True)
    last = min(pd.Timestamp(params["period_end"]), pd.Timestamp(params["as_of"]))  # type: ignore[arg-type]
    there = docs[docs["doc_kind"].isin(list(KINDS)) & (docs["issued_on"] <= last)]
    every = units.merge(pd.DataFrame({"doc_kind": list(KINDS), "called": list(KINDS.values())}), how="cross")
    known = there[["unit_id", "doc_kind"]].drop_duplicates().assign(is_there=True)
    every = every.merge(known, on=["unit_id", "doc_kind"], how="left")
    named = docs.loc[docs["doc_kind"].isin(list(KINDS)), "unit_id"]  # a row without a date says that there is none
    missing = every[every["is_there"].isna() & every["unit_id"].isin(named)]

    verdicts = missing[["unit_id"]].assign(
        account_id=None,
        event_id=missing["unit_id"] + "|" + missing["doc_kind"],
        outcome=Outcome.FAIL,
        observed=missing["called"],
        allowed=None,
    )
    rest = units[~units["unit_id"].isin(verdicts["unit_id"])]
    quiet = rest.assign(
        account_id=None,
        event_id=None,
        outcome=np.where(rest["unit_id"].isin(named), Outcome.PASS, Outcome.NO_DATA),
        observed=rest["unit_id"].isin(named).map({True: "四项都有文件", False: None}),
        allowed=None,
    )
    evidence = verdicts[["unit_id", "account_id", "event_id"]].assign(kind="制度文件", value="没有登记" + missing["called"])
    return CheckResult(pd.concat([verdicts, quiet], ignore_index=True), evidence)
