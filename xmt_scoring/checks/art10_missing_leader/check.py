"""第十条: the head answers, a deputy is in charge, and named people maintain the accounts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome

# what is lost together → the roles that must all be filled, in the words printed
GROUPS = {
    "leader": {"unit_head": "主要负责人", "leader_in_charge": "分管领导"},
    "maintainer": {"maintainer": "运维人员"},
}
ALLOWED = "主要负责人、分管领导、运维人员均有人在岗"


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event of the unit for the leaders, one for the maintainer, where nobody is in office at the quarter's end."""
    quarters, staff = facts["account_quarters"], facts["staff_facts"]
    units = quarters.loc[quarters["is_live"], ["unit_id"]].drop_duplicates(ignore_index=True)
    in_office = staff.pivot(index="unit_id", columns="staff_role", values="n_in_office")
    registered = staff[staff["has_register"]].groupby("unit_id").size()
    units = units.assign(has_register=units["unit_id"].map(registered).notna())

    known = units.loc[units["has_register"], ["unit_id"]]
    parts = []
    for group, roles in GROUPS.items():
        missing = pd.Series("", index=known.index, dtype="str")
        for role, spoken in roles.items():
            counts = in_office[role] if role in in_office.columns else pd.Series(dtype="Int64")
            is_vacant = known["unit_id"].map(counts).fillna(0).to_numpy() == 0
            missing = missing + np.where(is_vacant, f"、{spoken}", "")
        parts.append(
            known.assign(event_id=known["unit_id"] + "|" + group, observed=missing.str.lstrip("、"), group=group)[missing != ""]
        )
    events = pd.concat(parts, ignore_index=True).assign(account_id=None, outcome=Outcome.FAIL, allowed=ALLOWED)

    quiet = units[~units["unit_id"].isin(events["unit_id"])].reset_index(drop=True)
    quiet = quiet.assign(
        account_id=None,
        event_id=None,
        outcome=np.where(quiet["has_register"], Outcome.PASS, Outcome.NO_DATA),
        observed=None,
        allowed=ALLOWED,
    )
    evidence = events[["unit_id", "account_id", "event_id"]].assign(kind="人员", value=events["observed"])
    evidence = pd.concat([evidence, _rows(events, facts["staff_terms"])], ignore_index=True)
    return CheckResult(pd.concat([events.drop(columns="group"), quiet], ignore_index=True), evidence)


def _rows(events: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """The unit's rows for the posts in question, also of those who left; where it has none, all its rows."""
    found = events[["unit_id", "account_id", "event_id", "group"]].merge(terms, on="unit_id")
    group_of = {role: group for group, roles in GROUPS.items() for role in roles}
    is_asked = found["staff_role"].map(group_of).astype("str") == found["group"]
    found = found[is_asked | ~is_asked.groupby(found["event_id"]).transform("any").astype(bool)]
    told = found.assign(kind="人员登记", when=found["from_on"], value=found["staff_term"])
    return told.drop(columns=["group", "staff_role", "from_on", "staff_term"])
