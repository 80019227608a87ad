"""第十八条: a security policy, a secrecy review policy and an emergency plan in every unit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each of the papers that a unit has not issued by the last usable day. A unit that the register does not
    name at all is not known to have none: a row without a date says that."""
    names = params["documents"]
    assert isinstance(names, dict)
    units, papers = facts["year_units"][["unit_id"]], facts["policy_facts"]
    papers = papers[papers["doc_kind"].isin(list(names)) & papers["unit_id"].isin(units["unit_id"])]
    missing = papers[papers["issued_on"].isna() & papers["has_register"]].reset_index(drop=True)
    failing = missing[["unit_id"]].assign(
        event_id=missing["unit_id"] + "|" + missing["doc_kind"],
        outcome=str(Outcome.FAIL),
        observed="没有" + missing["doc_kind"].map(names).astype("str"),
    )
    rest = units[~units["unit_id"].isin(missing["unit_id"])]
    is_named = rest["unit_id"].isin(papers.loc[papers["has_register"], "unit_id"])
    unnamed = "制度文件登记里没有这个单位（一项也没有的，登记一行、印发日期留空）"
    rest = rest.assign(
        event_id=None,
        outcome=np.where(is_named, Outcome.PASS, Outcome.NO_DATA),
        observed=np.where(is_named, "、".join(names.values()) + "齐全", unnamed),
    )
    verdicts = pd.concat([failing, rest], ignore_index=True).assign(account_id=None, allowed="三项制度都有")
    there = papers[papers["issued_on"].notna()]
    evidence = there[["unit_id", "src_file", "src_sheet", "src_row"]].assign(
        account_id=None, event_id=None, kind="制度文件", when=there["issued_on"], value=there["doc_kind"].map(names)
    )
    beside = missing[["unit_id"]].assign(event_id=failing["event_id"]).merge(evidence.drop(columns="event_id"), on="unit_id")
    return CheckResult(verdicts, pd.concat([evidence, beside.assign(kind="已有的制度文件")], ignore_index=True))
