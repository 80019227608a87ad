"""第二十一条, a duty of the supervising office: what is wrong is made known in a bulletin in good time."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """Passes with a bulletin of the quarter, fails with a late one, or with none once the days have run out.

    A register without any bulletin says nothing: no data then, and open as long as the days have not run out.
    """
    bulletins = facts["bulletins"]
    as_of = pd.Timestamp(params["as_of"])  # type: ignore[arg-type]
    limit = pd.Timestamp(params["period_end"]) + pd.Timedelta(days=int(str(params["bulletin_days"])))  # type: ignore[arg-type]
    known = bulletins[bulletins["published_on"] <= as_of]
    own = known[known["quarter"] == params["period"]].sort_values("published_on")
    if len(own):
        first = own.iloc[0]
        is_late = first["published_on"] > limit
        outcome = Outcome.FAIL if is_late else Outcome.PASS
        seen = f"{first['document_no']}，{first['published_on']:%Y-%m-%d} 发布"
    else:
        outcome = Outcome.UNVERIFIED if as_of <= limit else Outcome.FAIL if len(known) else Outcome.NO_DATA
        seen = f"截至 {as_of:%Y-%m-%d} 没有登记本季度的通报"
    event = f"bulletin|{params['period']}" if outcome == Outcome.FAIL else None
    verdicts = pd.DataFrame(
        {"event_id": [event], "outcome": outcome, "observed": seen, "allowed": f"不迟于 {limit:%Y-%m-%d}"}
    )
    evidence = own.assign(event_id=event, kind="通报", when=own["published_on"], value=own["document_no"])
    columns = ["event_id", "kind", "when", "value", "url", "src_file", "src_sheet", "src_row"]
    return CheckResult(verdicts, evidence[columns])
