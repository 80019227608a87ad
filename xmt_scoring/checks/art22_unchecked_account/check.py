"""第二十二条, a duty of the supervising office: how many of the live accounts the quarter's check has reached."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """Fails below the share that the office has set. An account is reached by a check of all, of its unit or of itself.

    Checks up to `as_of` count, since a quarter is often gone through after its end; without a record: no data.
    """
    least = int(str(params["min_checked_percent"]))
    quarters, done = facts["account_quarters"], facts["checks_done"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    day = done["checked_at"].dt.normalize()
    done = done[day.between(pd.Timestamp(params["period_start"]), pd.Timestamp(params["as_of"]))]  # type: ignore[arg-type]
    units = done.loc[done["check_scope"] == "unit", "unit_id"]
    accounts = done.loc[done["check_scope"] == "account", "account_id"]
    is_reached = live["unit_id"].isin(units) | live["account_id"].isin(accounts) | bool((done["check_scope"] == "all").any())
    reached, total = int(is_reached.sum()), len(live)
    hundredths = (20_000 * reached + total) // (2 * total) if total else 0  # of a percent, half up
    seen = f"{total} 个在用账号中检查了 {reached} 个（{hundredths // 100}.{hundredths % 100:02d}%）"
    is_short = reached * 100 < least * total
    outcome = Outcome.NOT_APPLICABLE if not total else Outcome.FAIL if is_short else Outcome.PASS
    if total and not len(done):
        outcome, seen = Outcome.NO_DATA, "没有登记本季度的检查"
    event = f"coverage|{params['period']}" if outcome == Outcome.FAIL else None
    verdicts = pd.DataFrame({"event_id": [event], "outcome": outcome, "observed": seen, "allowed": f"至少 {least}%"})
    missed = live.loc[~is_reached, "account_id"]
    evidence = pd.DataFrame({"event_id": event, "kind": "没有检查的账号", "value": missed}) if event else pd.DataFrame()
    return CheckResult(verdicts.replace({np.nan: None}), evidence)
