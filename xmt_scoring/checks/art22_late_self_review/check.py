"""Practice: the self-review that every unit hands in at the year's end, by the day that the notice names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome, Severity


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each paper that came late or not at all; a unit that the register does not name has handed in none.

    Open while the day that the notice names has not passed. Without any row due in the year there is no data.
    """
    first, last, until = (pd.Timestamp(str(params[name])) for name in ("period_start", "period_end", "as_of"))
    units, rows = facts["year_units"][["unit_id"]], facts["self_reviews"]
    rows = rows[rows["due_on"].between(first, last)]
    has_register = len(rows) > 0
    rows = rows[rows["unit_id"].isin(units["unit_id"])].reset_index(drop=True)
    absent = rows["submitted_on"].isna() | (rows["submitted_on"] > until)
    is_open = absent & (rows["due_on"] >= until)
    is_late = ~absent & (rows["submitted_on"] > rows["due_on"])
    limit, came = (rows[name].dt.strftime("%Y-%m-%d").astype("str").fillna("") for name in ("due_on", "submitted_on"))
    what = np.select([is_open, absent], ["还没有报送，期限 " + limit + " 未到", "没有报送，期限 " + limit], came + " 才报送，期限 " + limit)
    told = rows[["unit_id"]].assign(
        event_id=rows["unit_id"] + "|" + rows["title"] + "|" + limit,
        severity=np.where(absent, Severity.NOT_SUBMITTED, Severity.LATE),
        outcome=np.where(is_open, Outcome.UNVERIFIED, Outcome.FAIL),
        observed="“" + rows["title"] + "”" + pd.Series(what, index=rows.index, dtype="str"),
    )[absent | is_late]
    unnamed = units[~units["unit_id"].isin(rows["unit_id"]) & has_register]
    unnamed = unnamed.assign(
        event_id=unnamed["unit_id"] + "|not_submitted", severity=str(Severity.NOT_SUBMITTED), outcome=str(Outcome.FAIL),
        observed="自查材料登记里没有这个单位，没有报送",
    )  # fmt: skip
    rest = units[~units["unit_id"].isin(told["unit_id"]) & ~units["unit_id"].isin(unnamed["unit_id"])]
    rest = rest.assign(event_id=None, severity=None, outcome=str(Outcome.PASS if has_register else Outcome.NO_DATA), observed=None)
    verdicts = pd.concat([told, unnamed, rest], ignore_index=True).assign(account_id=None, allowed="按期报送")
    evidence = rows[["unit_id", "src_file", "src_sheet", "src_row"]].assign(
        account_id=None, event_id=told["event_id"], kind="自查材料", when=rows["submitted_on"], value=rows["title"]
    )
    return CheckResult(verdicts, evidence)
