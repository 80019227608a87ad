"""第二十二条, a duty of the supervising office: the result of the quarter's check is published."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """Passes where a bulletin of the quarter is marked public, fails where all are marked not public, else open."""
    bulletins = facts["bulletins"]
    own = bulletins[
        (bulletins["quarter"] == params["period"]) & (bulletins["published_on"] <= pd.Timestamp(params["as_of"]))  # type: ignore[arg-type]
    ].sort_values("published_on")
    marks = own["is_public"]
    if not len(own):
        outcome, seen = Outcome.NO_DATA, "没有登记本季度的通报"
    elif marks.fillna(False).any():
        first = own[marks.fillna(False)].iloc[0]
        outcome, seen = Outcome.PASS, f"{first['document_no']}，{first['published_on']:%Y-%m-%d}"
    else:
        outcome, seen = (Outcome.UNVERIFIED if marks.isna().any() else Outcome.FAIL), "、".join(own["document_no"])
    event = f"published|{params['period']}" if outcome == Outcome.FAIL else None
    evidence = own.assign(event_id=event, kind="通报", when=own["published_on"], value=own["document_no"])
    columns = ["event_id", "kind", "when", "value", "url", "src_file", "src_sheet", "src_row"]
    return CheckResult(
        pd.DataFrame({"event_id": [event], "outcome": outcome, "observed": seen, "allowed": None}), evidence[columns]
    )
