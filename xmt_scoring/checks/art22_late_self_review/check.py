"""Practice: the self-review that every unit hands in at the year's end, by the day that the notice names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome, Severity


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each paper that came late or not at all (a row without a day of arrival).

    Open while the day that the notice names has not passed. A unit without any row due in the year has no data.
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
    rest = units[~units["unit_id"].isin(told["unit_id"])]
    is_named = rest["unit_id"].isin(rows["unit_id"])
    unnamed = "自查材料登记里没有这个单位（没有报送的，登记一行、报送日期留空）" if has_register else "没有本年度的自查材料登记"
    rest = rest.assign(
        event_id=None, severity=None, outcome=np.where(is_named, Outcome.PASS, Outcome.NO_DATA), observed=np.where(is_named, "", unnamed)
    )
    verdicts = pd.concat([told, rest], ignore_index=True).assign(account_id=None, allowed="按期报送")
    evidence = rows[["unit_id", "src_file", "src_sheet", "src_row"]].assign(
        account_id=None, event_id=told["event_id"], kind="自查材料", when=rows["submitted_on"], value=rows["title"]
    )
    return CheckResult(verdicts, evidence)
