"""第六条: a change, merger or closure is filed again in time; how many workdays that is, the office decides."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each change filed late, or not filed after the limit (fail), or not filed yet (open)."""
    limit = int(str(params["change_filing_workdays"]))
    allowed = f"{limit} 个工作日内重新备案"
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    known = live.merge(
        facts["filing_facts"][["account_id", "has_register"]], on="account_id", how="left", validate="1:1"
    )
    known["has_register"] = known["has_register"].fillna(False).astype(bool)

    changes = facts["change_facts"]
    in_force = changes["happened_on"] >= pd.Timestamp(params["in_force_on"])  # type: ignore[arg-type]
    is_filed = changes["filing_workdays"].notna()
    days = changes["filing_workdays"].where(is_filed, changes["waited_workdays"])
    is_event = in_force & (~is_filed | (days > limit))
    # without a register of filings nothing says that a change was not filed
    events = changes.assign(is_filed=is_filed, days=days)[is_event].merge(
        known[known["has_register"]], on="account_id", validate="m:1"
    )

    is_over = (events["days"] > limit).to_numpy(dtype=bool)
    shown = np.where(events["is_filed"], " 个工作日后备案", " 个工作日仍未备案")
    verdicts = events[["unit_id", "account_id", "event_id"]].assign(
        outcome=np.where(is_over, Outcome.FAIL, Outcome.UNVERIFIED),
        observed=events["days"].astype("str") + shown,
        allowed=allowed,
    )
    rest = known[~known["account_id"].isin(verdicts["account_id"])].reset_index(drop=True)
    quiet = rest[["unit_id", "account_id"]].assign(
        event_id=None,
        outcome=np.where(rest["has_register"], Outcome.PASS, Outcome.NO_DATA),
        observed=None,
        allowed=allowed,
    )
    evidence = verdicts[["unit_id", "account_id", "event_id"]].assign(
        kind="变更", when=events["happened_on"], value=verdicts["observed"], src_file=events["src_file"],
        src_sheet=events["src_sheet"], src_row=events["src_row"],
    )  # fmt: skip
    return CheckResult(pd.concat([verdicts, quiet], ignore_index=True), evidence)
