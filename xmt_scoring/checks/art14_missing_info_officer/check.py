"""第十四条: one 信息员 in every unit, neither none nor several."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event of the unit when the number of 信息员 in office at the quarter's end is not the required one."""
    required = int(str(params["info_officers"]))
    quarters, staff = facts["account_quarters"], facts["staff_facts"]
    units = quarters.loc[quarters["is_live"], ["unit_id"]].drop_duplicates(ignore_index=True)
    registered = staff[staff["has_register"]].groupby("unit_id").size()
    has_register = units["unit_id"].map(registered).notna()
    officers = staff[staff["staff_role"] == "info_officer"].set_index("unit_id")["n_in_office"]
    count = units["unit_id"].map(officers).fillna(0).astype("Int64")

    is_wrong = (has_register & (count != required)).to_numpy(dtype=bool)
    verdicts = units.assign(
        account_id=None,
        event_id=(units["unit_id"] + "|info_officer").where(is_wrong),
        outcome=np.select([is_wrong, ~has_register.to_numpy()], [Outcome.FAIL, Outcome.NO_DATA], Outcome.PASS),
        observed=(count.astype("str") + " 名信息员在岗").where(has_register),
        allowed=f"确定 {required} 名信息员",
    )
    wrong = verdicts[is_wrong]
    evidence = wrong[["unit_id", "account_id", "event_id"]].assign(kind="人员", value=wrong["observed"])
    return CheckResult(verdicts, pd.concat([evidence, _rows(wrong, facts["staff_terms"])], ignore_index=True))


def _rows(wrong: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """The unit's rows for a 信息员, also of those who left; where it has none, all its rows."""
    found = wrong[["unit_id", "account_id", "event_id"]].merge(terms, on="unit_id")
    is_asked = found["staff_role"] == "info_officer"
    found = found[is_asked | ~is_asked.groupby(found["event_id"]).transform("any").astype(bool)]
    return found.assign(kind="人员登记", when=found["from_on"], value=found["staff_term"]).drop(columns=["staff_role", "from_on", "staff_term"])
