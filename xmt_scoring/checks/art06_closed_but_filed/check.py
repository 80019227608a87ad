"""第六条: an account that was closed or merged is filed as such, also where nobody entered the change in the register."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """Accounts closed in the period without an entry in the register of changes, which another rule judges.

    Filed late or not filed after the limit: fail; not filed yet: open. A register that calls an account closed without
    saying when: no data.
    """
    limit = int(str(params["change_filing_workdays"]))
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    registers = facts["filing_facts"][["account_id", "has_register"]]
    live = live.merge(facts["closing_facts"], on="account_id", how="left", validate="1:1")
    live = live.merge(registers, on="account_id", how="left", validate="1:1")
    is_closed = live["is_status_closed"].notna().to_numpy() & ~live["has_event"].fillna(False).to_numpy(dtype=bool)
    is_undated = is_closed & live["closed_on"].isna().to_numpy()
    has_register = live["has_register"].fillna(False).to_numpy(dtype=bool)
    is_filed = live["filing_workdays"].notna().to_numpy()
    days = live["filing_workdays"].fillna(live["waited_workdays"])
    is_over = (days > limit).fillna(False).to_numpy(dtype=bool)

    lacking = np.select([is_undated, is_closed & ~has_register], ["台账写已注销或整合，没有写关闭日期", "没有备案登记表"], "")
    shown: pd.Series = days.astype("str") + np.where(is_filed, " 个工作日后备案", " 个工作日仍未备案")
    is_late = is_closed & (lacking == "") & is_over
    is_open = is_closed & (lacking == "") & ~is_filed & ~is_over
    is_event = is_late | is_open
    is_passed = is_closed & (lacking == "") & ~is_event
    outcomes = [Outcome.NOT_APPLICABLE, Outcome.NO_DATA, Outcome.FAIL, Outcome.UNVERIFIED]
    observed = pd.Series(lacking, index=live.index, dtype="str").where(lacking != "", shown)
    verdicts = live[["unit_id", "account_id"]].assign(
        event_id=(live["account_id"] + "|closing").where(is_event),
        outcome=np.select([~is_closed, lacking != "", is_late, is_open], outcomes, Outcome.PASS),
        observed=observed.where(~is_passed, days.astype("str") + " 个工作日内").where(is_closed),
        allowed=f"{limit} 个工作日内重新备案",
    )
    rows = live[is_event]
    evidence = verdicts.loc[is_event, ["unit_id", "account_id", "event_id"]].assign(
        kind="关闭", when=rows["closed_on"], value=shown[is_event], src_file=rows["src_file"],
        src_sheet=rows["src_sheet"], src_row=rows["src_row"],
    )  # fmt: skip
    return CheckResult(verdicts, evidence)
