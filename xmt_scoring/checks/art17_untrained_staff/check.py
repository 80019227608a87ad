"""第十七条: training before duty, secrecy education when leaving; one person counts once for each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each person who began without training or left without education; open where the first day of
    duty is not known though a training is on record, or where the register of trainings does not name the unit at all.
    A person with several posts is asked once, by the first day."""
    posts = params["posts"]
    assert isinstance(posts, dict)
    sizes = facts["year_registers"].set_index("register")["n_rows"]
    has_registers = int(sizes.get("staff", 0)) > 0 and int(sizes.get("trainings", 0)) > 0
    units, people = facts["year_units"][["unit_id"]], facts["training_facts"]
    people = people[people["staff_role"].isin(list(posts)) & people["unit_id"].isin(units["unit_id"]) & has_registers]
    people = people.sort_values(["needed_by", "event_id"], na_position="first")
    people = people.drop_duplicates(["unit_id", "person_name", "training_kind"]).reset_index(drop=True)
    is_fail = people["trained_on"].isna() | (people["trained_on"] > people["needed_by"])
    is_unnamed = people["trained_on"].isna() & ~people["has_register"]
    is_open = is_unnamed | (~is_fail & people["needed_by"].isna())
    called = people["staff_role"].map(posts).astype("str") + people["person_name"].str[:1] + "某"
    leaves = people["training_kind"] == "departure"
    day = people["trained_on"].dt.strftime("%Y-%m-%d").astype("str")
    what = np.select(
        [is_unnamed, is_open, leaves, people["trained_on"].isna()],
        [
            "没有记录，而培训登记里没有这个单位（没有培训过的，登记一行、培训日期留空）", "有培训记录，没有登记任职起日期",
            "已离职，没有离职保密教育记录", "没有上岗培训记录",
        ],
        "培训日期（" + day.fillna("") + "）在任职之后",
    )  # fmt: skip
    told = people[["unit_id", "event_id"]].assign(
        outcome=np.where(is_open, Outcome.UNVERIFIED, Outcome.FAIL),
        observed=called + pd.Series(what, index=people.index, dtype="str"),
        allowed=np.where(leaves, "进行离职安全保密教育", "先培训后上岗"),
    )[is_fail | is_open]
    has_people = units["unit_id"].isin(people["unit_id"])
    quiet = units.assign(event_id=None, outcome=np.where(has_people, Outcome.PASS, Outcome.NO_DATA), observed=None)
    quiet = quiet[~units["unit_id"].isin(told["unit_id"])]
    verdicts = pd.concat([told, quiet], ignore_index=True).assign(account_id=None)
    shown = people[is_fail | is_open]
    evidence = shown[["unit_id", "event_id", "src_file", "src_sheet", "src_row"]].assign(
        account_id=None, kind="人员", when=shown["trained_on"], value=told["observed"]
    )
    return CheckResult(verdicts, evidence)
