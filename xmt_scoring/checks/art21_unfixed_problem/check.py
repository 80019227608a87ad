"""第二十一条: problems of earlier checks are put right in time (`rulings.md` §3 F1, readings 15)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome, Severity


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each problem that was not resolved when its limit ran out in this quarter.

    The limit is `rectify_by`, and never before the quarter begins: what was put right late but before that is put right
    for this quarter. Every problem is judged once: in the quarter in which `rectify_by` lies, else (given earlier or
    not at all) in the one after the finding. A problem that names no account is one of every account of its unit.
    Open until the limit when not resolved. Without any row in the register: no data.
    """
    start, end, as_of = (pd.Timestamp(params[name]) for name in ("period_start", "period_end", "as_of"))  # type: ignore[arg-type]
    quarters, register = facts["account_quarters"], facts["rectifications"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]

    due = register["rectify_by"]
    in_force = register["found_on"] >= pd.Timestamp(params["in_force_on"])  # type: ignore[arg-type]
    is_fresh = (register["found_on"] >= start - pd.DateOffset(months=3)) & (register["found_on"] < start)
    is_mine = in_force & (register["found_on"] < start) & (due.between(start, end) | (is_fresh & ~(due > end)))
    problems = register[is_mine].assign(limit=due[is_mine].where(due[is_mine] >= start, start))
    named = problems[problems["account_id"].notna()].drop(columns="unit_id").merge(live, on="account_id", validate="m:1")
    shared = problems[problems["account_id"].isna()].drop(columns="account_id").merge(live, on="unit_id")
    problems = pd.concat([named, shared], ignore_index=True)

    resolved = problems["resolved_on"].where(problems["resolved_on"] <= as_of)
    in_time = (resolved <= problems["limit"]).to_numpy(dtype=bool)
    events = problems[~in_time]
    is_over = (events["limit"] <= as_of).to_numpy(dtype=bool)
    done = resolved[~in_time].dt.strftime("%Y-%m-%d").astype("str")
    state = np.where(done.notna(), done.fillna("") + " 才整改", np.where(is_over, "到期未整改", "尚未整改"))
    found = events["found_on"].dt.strftime("%Y-%m-%d").astype("str")
    verdicts = events[["unit_id", "account_id"]].assign(
        event_id=events["rectification_id"],
        severity=pd.Series(Severity.UNFIXED, index=events.index, dtype="str").where(is_over),
        outcome=np.where(is_over, Outcome.FAIL, Outcome.UNVERIFIED),
        observed=found + " 发现的问题“" + events["description"] + "”" + state,
        allowed=events["limit"].dt.strftime("%Y-%m-%d").astype("str"),
    )
    evidence = verdicts[["unit_id", "account_id", "event_id"]].assign(
        kind="整改台账", when=events["limit"], value=verdicts["observed"], src_file=events["src_file"],
        src_sheet=events["src_sheet"], src_row=events["src_row"],
    )  # fmt: skip

    rest = live.merge(verdicts[["account_id"]], on="account_id", how="left_anti")
    had_one = rest["account_id"].isin(problems["account_id"]).to_numpy(dtype=bool)
    otherwise = Outcome.NOT_APPLICABLE if len(register) else Outcome.NO_DATA
    quiet = rest[["unit_id", "account_id"]].assign(
        event_id=None, severity=None, outcome=np.where(had_one, Outcome.PASS, otherwise), observed=None, allowed=None
    )
    return CheckResult(pd.concat([verdicts, quiet], ignore_index=True), evidence)
