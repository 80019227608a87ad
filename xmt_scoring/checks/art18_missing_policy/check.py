"""第十八条: a security policy, a secrecy review policy and an emergency plan in every unit."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each of the papers that a unit has not issued by the last usable day."""
    names = params["documents"]
    assert isinstance(names, dict)
    sizes = facts["year_registers"].set_index("register")["n_rows"]
    has_register = int(sizes.get("unit_docs", 0)) > 0
    units, papers = facts["year_units"][["unit_id"]], facts["policy_facts"]
    papers = papers[papers["doc_kind"].isin(list(names)) & papers["unit_id"].isin(units["unit_id"])]
    missing = papers[papers["issued_on"].isna() & has_register].reset_index(drop=True)
    failing = missing[["unit_id"]].assign(
        event_id=missing["unit_id"] + "|" + missing["doc_kind"],
        outcome=str(Outcome.FAIL),
        observed="没有" + missing["doc_kind"].map(names).astype("str"),
    )
    rest = units[~units["unit_id"].isin(missing["unit_id"])].assign(
        event_id=None, outcome=str(Outcome.PASS if has_register else Outcome.NO_DATA), observed="、".join(names.values()) + "齐全"
    )
    verdicts = pd.concat([failing, rest], ignore_index=True).assign(account_id=None, allowed="三项制度都有")
    there = papers[papers["issued_on"].notna()]
    evidence = there[["unit_id", "src_file", "src_sheet", "src_row"]].assign(
        account_id=None, event_id=None, kind="制度文件", when=there["issued_on"], value=there["doc_kind"].map(names)
    )
    beside = missing[["unit_id"]].assign(event_id=failing["event_id"]).merge(evidence.drop(columns="event_id"), on="unit_id")
    return CheckResult(verdicts, pd.concat([evidence, beside.assign(kind="已有的制度文件")], ignore_index=True))
