"""第五条: one account of a unit on one platform, unless an exception was approved."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event of the unit for each live account beside the main one of its platform without an approved exception."""
    quarters, accounts = facts["account_quarters"], facts["platform_accounts"]
    units = quarters.loc[quarters["is_live"], ["unit_id"]].drop_duplicates(ignore_index=True)
    extra = accounts[accounts["is_live"] & accounts["is_extra"] & ~accounts["has_exception"]]
    extra = extra.merge(units, on="unit_id", validate="m:1")

    allowed = "同一平台只开设一个账号"
    events = extra[["unit_id"]].assign(
        account_id=None,
        event_id=extra["account_id"] + "|extra",
        outcome=Outcome.FAIL,
        observed=extra["account_id"],
        allowed=allowed,
    )
    rest = units[~units["unit_id"].isin(events["unit_id"])].reset_index(drop=True)
    quiet = rest.assign(account_id=None, event_id=None, outcome=Outcome.PASS, observed=None, allowed=allowed)
    evidence = events[["unit_id", "account_id", "event_id"]].assign(kind="多开账号", value=extra["account_id"])
    return CheckResult(pd.concat([events, quiet], ignore_index=True), evidence)
