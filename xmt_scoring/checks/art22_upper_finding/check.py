"""What 市, 省 and 国家 found without a veto: one event for each, unless its quarter has counted it already."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each finding that is no veto; an event that a quarter has counted is only named (`rulings.md` §4)."""
    levels = params["levels"]
    assert isinstance(levels, dict)
    units, rows = facts["year_units"][["unit_id"]], facts["upper_findings"]
    rows = rows[~rows["is_veto"].astype(bool) & rows["level"].isin(list(levels)) & rows["unit_id"].isin(units["unit_id"])]
    rows = rows.reset_index(drop=True)
    document = ("，" + rows["document_no"]).fillna("")
    day = rows["inspected_on"].dt.strftime("%Y-%m-%d").astype("str")
    said = day + " " + rows["level"].map(levels).astype("str") + "检查" + document + "：" + rows["description"]
    is_new = rows["counted_quarter"].isna()
    failing = rows.loc[is_new, ["unit_id", "event_id"]].assign(outcome=str(Outcome.FAIL), observed=said[is_new])
    failing = failing.drop_duplicates(["unit_id", "event_id"])
    counted = ("事件 " + rows["event_id"] + " 已在 " + rows["counted_quarter"] + " 计入，不重复扣分")[~is_new]
    named = counted.groupby(rows.loc[~is_new, "unit_id"]).agg("；".join)
    rest = units[~units["unit_id"].isin(failing["unit_id"])]
    rest = rest.assign(
        event_id=None, outcome=str(Outcome.PASS), observed=rest["unit_id"].map(named).astype("str").fillna("没有上级检查扣分的问题")
    )
    verdicts = pd.concat([failing, rest], ignore_index=True).assign(account_id=None, allowed="没有上级检查发现的问题")
    evidence = rows[["unit_id", "event_id", "src_file", "src_sheet", "src_row"]].assign(
        account_id=None, kind="上级检查", when=rows["inspected_on"], value=said
    )
    return CheckResult(verdicts, evidence)
