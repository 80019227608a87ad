"""第二十一条, a duty of the supervising office: it sees to it that what was found wrong is put right."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome

LONGEST = 40  # characters of a problem's own message that identify it


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each subject and rule that failed a quarter ago and has no row, or one left open past its limit.

    No data where the quarter before has not been checked in this workspace.
    """
    as_of = pd.Timestamp(params["as_of"])  # type: ignore[arg-type]
    problems = facts["earlier_problems"]
    overdue = (problems["rectify_by"] < as_of) & ~problems["is_resolved"]
    lacking = ~problems["has_rectification"]
    seen = problems.assign(what=np.where(lacking, "没有整改台账", "整改期限已过，没有销号"))[lacking | overdue.fillna(False)]
    first_line = seen["message"].str.replace(r"(?s)\n.*", "", regex=True)
    short = first_line.where(first_line.str.len() <= LONGEST, first_line.str[:LONGEST] + "…")
    grouped = seen.assign(message=short).groupby(["subject_name", "check_id", "what"], sort=True)
    told = grouped.agg(message=("message", "first"), number=("message", "size")).reset_index()
    more = np.where(told["number"] > 1, " 等 " + told["number"].astype("str") + " 个问题", "")
    verdicts = pd.DataFrame(
        {
            "event_id": told["subject_name"] + "|" + told["check_id"] + "|" + told["what"],
            "outcome": Outcome.FAIL,
            "observed": told["subject_name"] + "：" + told["message"] + more + "，" + told["what"],
            "allowed": None,
        }
    )
    evidence = verdicts[["event_id"]].assign(kind="上季度的问题", value=verdicts["observed"])
    if not len(verdicts):
        was_checked = len(facts["earlier_checks"]) > 0
        outcome = Outcome.NO_DATA if not was_checked else Outcome.PASS if len(problems) else Outcome.NOT_APPLICABLE
        seen_now = f"上季度的 {len(problems)} 个问题都有整改台账" if len(problems) else "没有上季度的检查结果"
        verdicts = pd.DataFrame({"event_id": [None], "outcome": outcome, "observed": seen_now, "allowed": None})
    return CheckResult(verdicts, evidence)
