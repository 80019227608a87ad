"""第五条: one account of a unit on one platform, unless an exception was approved."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.model import CheckResult, Outcome

SOURCE = ["src_file", "src_sheet", "src_row"]


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event of the unit for each live account beside the main one of its platform without an approved exception.

    Its evidence is the rows of both in the register.
    """
    quarters, accounts = facts["account_quarters"], facts["platform_accounts"]
    units = quarters.loc[quarters["is_live"], ["unit_id"]].drop_duplicates(ignore_index=True)
    extra = accounts[accounts["is_live"] & accounts["is_extra"] & ~accounts["has_exception"]]
    extra = extra.merge(units, on="unit_id", validate="m:1")

    register = facts["accounts"].set_index("account_id")[["account_name", *SOURCE]]
    allowed = "同一平台只开设一个账号"
    events = extra[["unit_id"]].assign(
        account_id=None,
        event_id=extra["account_id"] + "|extra",
        outcome=Outcome.FAIL,
        observed=(extra["account_id"].map(register["account_name"]) + "（" + extra["account_id"] + "）").fillna(extra["account_id"]),
        allowed=allowed,
    )
    rest = units[~units["unit_id"].isin(events["unit_id"])].reset_index(drop=True)
    quiet = rest.assign(account_id=None, event_id=None, outcome=Outcome.PASS, observed=None, allowed=allowed)
    mains = accounts.loc[accounts["is_live"] & accounts["is_main_account"], ["unit_id", "platform", "account_id"]]
    told = extra[["unit_id", "platform"]].assign(event_id=events["event_id"])
    both = pd.concat(
        [told.assign(kind="多开账号", shown=extra["account_id"]),
         told.assign(kind="主账号").merge(mains.rename(columns={"account_id": "shown"}), on=["unit_id", "platform"])]
    )  # fmt: skip
    own = register.reindex(both["shown"])
    evidence = both[["unit_id", "event_id", "kind"]].assign(account_id=None, value=both["shown"], **{name: own[name].to_numpy() for name in SOURCE})
    return CheckResult(pd.concat([events, quiet], ignore_index=True), evidence.reset_index(drop=True))
