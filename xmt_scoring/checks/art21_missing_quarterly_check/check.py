"""第二十一条, a duty of the supervising office: a check is organised in every quarter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """Passes with one check recorded on a day of the quarter. Without a record nobody can say that there was none."""
    done = facts["checks_done"]
    day = done["checked_at"].dt.normalize()
    last = min(pd.Timestamp(params["period_end"]), pd.Timestamp(params["as_of"]))  # type: ignore[arg-type]
    days = day[day.between(pd.Timestamp(params["period_start"]), last)].drop_duplicates().sort_values()  # type: ignore[arg-type]
    is_over = pd.Timestamp(params["as_of"]) >= pd.Timestamp(params["period_end"])  # type: ignore[arg-type]
    seen = f"本季度检查 {len(days)} 天，从 {days.min():%Y-%m-%d} 到 {days.max():%Y-%m-%d}" if len(days) else "没有登记本季度的检查"
    outcome = Outcome.PASS if len(days) else Outcome.NO_DATA if is_over else Outcome.UNVERIFIED
    verdicts = pd.DataFrame({"event_id": [None], "outcome": outcome, "observed": seen, "allowed": None})
    evidence = pd.DataFrame({"event_id": np.nan, "kind": "检查日期", "when": days, "value": days.dt.strftime("%Y-%m-%d")})
    return CheckResult(verdicts, evidence)
