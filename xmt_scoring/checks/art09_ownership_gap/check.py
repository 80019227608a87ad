"""第九条: on every day an account has one owner that answers for it, so its changes of owner join without a gap."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each change of owner that does not begin where the one before, or end where the register, says.

    Changes from before the 办法 are not judged, they only say who owned the account then.
    """
    quarters, changes = facts["account_quarters"], facts["owner_changes"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    changes = changes[changes["happened_on"] >= pd.Timestamp(params["in_force_on"])]  # type: ignore[arg-type]
    changes = changes.merge(live, on="account_id", validate="m:1")
    has_from, has_to = (changes[["from_owner", "expected_from"]].notna(), changes[["to_owner", "expected_to"]].notna())
    is_gap = has_from.all(axis=1) & (changes["from_owner"] != changes["expected_from"])
    is_end = has_to.all(axis=1) & (changes["to_owner"] != changes["expected_to"])
    is_blank = changes["from_owner"].isna() & changes["expected_from"].notna() | changes["to_owner"].isna()
    told = changes.assign(day=changes["happened_on"].dt.strftime("%Y-%m-%d"), outcome=str(Outcome.FAIL))
    gap = told.assign(
        event_id=told["event_id"] + "|from",
        observed=told["day"] + " 的变更写变更前是“" + told["from_owner"] + "”",
        allowed="而此前登记的主办单位是“" + told["expected_from"] + "”",
    )
    end = told.assign(
        event_id=told["event_id"] + "|to",
        observed=told["day"] + " 的最后一次变更写变更后是“" + told["to_owner"] + "”",
        allowed="而台账上的主办单位是“" + told["expected_to"] + "”",
    )
    events = pd.concat([gap[is_gap], end[is_end]], ignore_index=True)
    blank = changes.loc[is_blank, ["unit_id", "account_id"]].drop_duplicates()
    open_rows = blank.assign(event_id=None, outcome=str(Outcome.NO_DATA), observed=None, allowed=None)
    named = pd.concat([events["account_id"], open_rows["account_id"]])
    rest = live[~live["account_id"].isin(named)]
    quiet = rest.assign(event_id=None, outcome=str(Outcome.PASS), observed=None, allowed=None)
    columns = ["unit_id", "account_id", "event_id", "outcome", "observed", "allowed"]
    parts = [part[columns] for part in (events, open_rows, quiet) if len(part)]
    source = ["src_file", "src_sheet", "src_row"]
    evidence = events[["unit_id", "account_id", "event_id", "happened_on", "observed", *source]].assign(kind="变更")
    return CheckResult(
        pd.concat(parts, ignore_index=True) if parts else quiet[columns],
        evidence.rename(columns={"happened_on": "when", "observed": "value"}),
    )
