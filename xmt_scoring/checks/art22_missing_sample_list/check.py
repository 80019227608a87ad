"""第二十二条, a duty of the supervising office: where not every account was checked, the list of the sample is on file."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """A check of all accounts needs no list; otherwise a person says whether the list and the way it was drawn are there."""
    done = facts["checks_done"]
    day = done["checked_at"].dt.normalize()
    done = done[day.between(pd.Timestamp(params["period_start"]), pd.Timestamp(params["as_of"]))]  # type: ignore[arg-type]
    is_census = bool((done["check_scope"] == "all").any())
    outcome = Outcome.NOT_APPLICABLE if is_census else Outcome.UNVERIFIED if len(done) else Outcome.NO_DATA
    seen = None if is_census else "只登记了对部分单位、账号的检查" if len(done) else "没有登记本季度的检查"
    return CheckResult(
        pd.DataFrame({"event_id": [None], "outcome": outcome, "observed": [seen], "allowed": None}), pd.DataFrame()
    )
