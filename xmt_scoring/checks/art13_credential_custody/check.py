"""第十三条: passwords are in somebody's keeping and are changed after the person who knew them left."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One proposal for each person who left and whose passwords nobody is known to have changed in time.

    A unit without any record of custody is without data: the register may not be kept yet. A departure whose limit has
    not run out proposes nothing.
    """
    limit = int(str(params["handover_password_workdays"]))
    quarters, left, log = facts["account_quarters"], facts["handovers"], facts["security_log"]
    units = quarters.loc[quarters["is_live"], ["unit_id"]].drop_duplicates(ignore_index=True)
    last = pd.Timestamp(params["as_of"])  # type: ignore[arg-type]
    kept = log.loc[(log["log_kind"] == "custody") & (log["happened_on"] <= last), "unit_id"]
    left = left.merge(units, on="unit_id", validate="m:1")
    is_changed = left["change_workdays"].notna()
    days = left["change_workdays"].fillna(left["waited_workdays"])
    late = left[(days > limit).to_numpy(dtype=bool)]
    who = late["left_on"].dt.strftime("%Y-%m-%d") + " 有" + late["role_name"] + "离岗，"
    shown: pd.Series = days[late.index].astype("str") + np.where(is_changed[late.index], " 个工作日后才更换密码", " 个工作日仍没有更换密码的记录")
    events = late[["unit_id"]].assign(
        event_id=late["unit_id"] + "|" + late["staff_role"] + "|" + late["left_on"].dt.strftime("%Y-%m-%d"),
        outcome=str(Outcome.UNVERIFIED),
        observed=who + shown,
    )
    is_kept = units["unit_id"].isin(kept)
    has_event = units["unit_id"].isin(events["unit_id"])
    quiet = units[~is_kept | ~has_event]
    quiet = quiet.assign(
        event_id=None,
        outcome=np.where(is_kept[quiet.index], Outcome.PASS, Outcome.NO_DATA),
        observed=pd.Series("安全记录", index=quiet.index, dtype="str").where(is_kept[quiet.index]),
    )
    verdicts = pd.concat([part for part in (events, quiet) if len(part)] or [quiet], ignore_index=True)
    evidence = events[["unit_id", "event_id"]].assign(
        account_id=None, kind="人员", when=late["left_on"], value=events["observed"], src_file=late["src_file"],
        src_sheet=late["src_sheet"], src_row=late["src_row"],
    )  # fmt: skip
    return CheckResult(verdicts.assign(account_id=None, allowed=f"{limit} 个工作日内更换密码"), evidence)
