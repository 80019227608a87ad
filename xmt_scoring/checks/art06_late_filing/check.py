"""第六条: a new account is filed soon after it was opened; how many workdays that is, the office decides."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """Accounts opened in the period: filed late or not filed after the limit (fail), not filed yet (open)."""
    limit = int(str(params["opening_filing_workdays"]))
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    openings, registers = facts["opening_facts"], facts["filing_facts"][["account_id", "has_register"]]
    live = live.merge(openings, on="account_id", how="left", validate="1:1")
    live = live.merge(registers, on="account_id", how="left", validate="1:1")
    is_new = live["opened_on"].notna().to_numpy()
    has_register = live["has_register"].fillna(False).to_numpy(dtype=bool)
    is_dated = live["filing_workdays"].notna().to_numpy()
    is_undated = live["has_filing"].fillna(False).to_numpy(dtype=bool) & ~is_dated
    days = live["filing_workdays"].fillna(live["waited_workdays"])
    is_over = (days > limit).fillna(False).to_numpy(dtype=bool)

    lacking = np.select([~has_register, is_undated], ["没有备案登记表", "备案表没有写备案日期"], "")
    shown: pd.Series = days.astype("str") + np.where(is_dated, " 个工作日后备案", " 个工作日仍未备案")
    is_open = is_new & has_register & ~is_undated & ~is_dated & ~is_over
    is_late = is_new & has_register & ~is_undated & is_over
    cases = [~is_new, lacking != "", is_late, is_open]
    outcomes = [Outcome.NOT_APPLICABLE, Outcome.NO_DATA, Outcome.FAIL, Outcome.UNVERIFIED]
    observed = pd.Series(lacking, index=live.index, dtype="str").where(lacking != "", shown)
    is_passed = is_new & (lacking == "") & ~is_late & ~is_open
    verdicts = live[["unit_id", "account_id"]].assign(
        event_id=(live["account_id"] + "|opening").where(is_late | is_open),
        outcome=np.select(cases, outcomes, Outcome.PASS),
        observed=observed.where(~is_passed, days.astype("str") + " 个工作日内").where(is_new),
        allowed=f"{limit} 个工作日内备案",
    )
    rows = live[is_late | is_open]
    evidence = verdicts.loc[is_late | is_open, ["unit_id", "account_id", "event_id"]].assign(
        kind="开设", when=rows["opened_on"], value=shown[is_late | is_open], src_file=rows["src_file"],
        src_sheet=rows["src_sheet"], src_row=rows["src_row"],
    )  # fmt: skip
    return CheckResult(verdicts, evidence)
