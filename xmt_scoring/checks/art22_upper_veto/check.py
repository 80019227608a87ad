"""第二十二条第2款: a veto by a national or provincial check takes the unit's whole year."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each veto of 国家 or 省; 市 and 县 never. Without one it is open until somebody has looked through
    the notices of the year (an 已核查 row dated after its end), because an inspection may not have been recorded."""
    levels = params["levels"]
    assert isinstance(levels, dict)
    units, rows = facts["year_units"][["unit_id"]], facts["upper_findings"]
    rows = rows[rows["is_veto"].astype(bool) & rows["level"].isin(list(levels)) & rows["unit_id"].isin(units["unit_id"])]
    rows = rows.drop_duplicates(["unit_id", "event_id"]).reset_index(drop=True)
    day = rows["inspected_on"].dt.strftime("%Y-%m-%d").astype("str")
    said = day + " " + rows["level"].map(levels).astype("str") + "检查单项否决（" + rows["document_no"].fillna("") + "）：" + rows["description"]
    failing = rows[["unit_id", "event_id"]].assign(outcome=str(Outcome.FAIL), observed=said)
    rest = units[~units["unit_id"].isin(rows["unit_id"])].assign(event_id=None, outcome=str(Outcome.UNVERIFIED), observed=None)
    verdicts = pd.concat([failing, rest], ignore_index=True).assign(account_id=None, allowed="没有被国家、省检查单项否决")
    evidence = rows[["unit_id", "event_id", "src_file", "src_sheet", "src_row"]].assign(
        account_id=None, kind="上级检查", when=rows["inspected_on"], value=said
    )
    return CheckResult(verdicts, evidence)
