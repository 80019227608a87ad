"""第十条: the head of the unit answers for its accounts, in writing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """Passes a unit that registered a paper of the kind 主要领导负责制; a unit without one is left to people."""
    quarters, papers = facts["account_quarters"], facts["unit_docs"]
    units = quarters.loc[quarters["is_live"], ["unit_id"]].drop_duplicates(ignore_index=True)
    last = min(pd.Timestamp(params["period_end"]), pd.Timestamp(params["as_of"]))  # type: ignore[arg-type]
    mine = papers[(papers["doc_kind"] == "responsibility") & (papers["issued_on"] <= last)]
    latest = mine.sort_values(["unit_id", "issued_on", "src_row"]).drop_duplicates("unit_id", keep="last")
    titles = units["unit_id"].map(latest.set_index("unit_id")["title"]).astype("str")
    verdicts = units.assign(
        account_id=None,
        event_id=None,
        outcome=np.where(titles.notna(), Outcome.PASS, Outcome.NO_DATA),
        observed=titles,
        allowed="主要领导负责",
    )
    known = latest[latest["unit_id"].isin(units["unit_id"])]
    source = ["src_file", "src_sheet", "src_row"]
    evidence = known[["unit_id", "issued_on", "title", *source]].rename(columns={"issued_on": "when", "title": "value"})
    return CheckResult(verdicts, evidence.assign(account_id=None, event_id=None, kind="制度文件"))
