"""第六条: every account has a filing form, with every field that the article names, signed and sealed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome, Severity


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """Not filed: one event. Filed with gaps: one event for each missing field. No register of filings: no data."""
    headings: Mapping[str, str] = params["headings"]  # type: ignore[assignment]
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    filings = live.merge(facts["filing_facts"], on="account_id", how="left", validate="1:1")
    has_register = filings["has_register"].fillna(False).to_numpy(dtype=bool)
    has_filing = filings["has_filing"].fillna(False).to_numpy(dtype=bool)

    absent = filings[has_register & ~has_filing].assign(
        field="filing", severity=Severity.NOT_FILED, observed="没有备案表", allowed="已备案"
    )
    gaps = filings[has_register & has_filing & filings["missing_fields"].notna()]
    gaps = gaps.assign(field=gaps["missing_fields"].str.split(r"[,、;\s]+", regex=True)).explode("field")
    gaps = gaps[gaps["field"].fillna("").astype("str") != ""].drop_duplicates(["account_id", "field"])
    gaps = gaps.assign(
        severity=Severity.INCOMPLETE,
        observed=gaps["field"].map(headings).astype("str").fillna(gaps["field"].astype("str")),
        allowed="填写齐全并签字盖章",
    )
    events = pd.concat([absent, gaps], ignore_index=True)
    events["event_id"] = events["account_id"] + "|" + events["field"].astype("str")
    events["outcome"] = Outcome.FAIL
    columns = ["unit_id", "account_id", "event_id", "severity", "outcome", "observed", "allowed"]

    rest = filings[~filings["account_id"].isin(events["account_id"])].reset_index(drop=True)
    is_known = rest["has_register"].fillna(False).to_numpy(dtype=bool)
    quiet = rest[["unit_id", "account_id"]].assign(
        event_id=None,
        severity=None,
        outcome=np.where(is_known, Outcome.PASS, Outcome.NO_DATA),
        observed=None,
        allowed="填写齐全并签字盖章",
    )
    evidence = events[["unit_id", "account_id", "event_id"]].assign(
        kind="备案", when=events["filed_on"], value=events["observed"], src_file=events["src_file"],
        src_sheet=events["src_sheet"], src_row=events["src_row"],
    )  # fmt: skip
    return CheckResult(pd.concat([events[columns], quiet], ignore_index=True), _with_register(evidence, facts["accounts"]))


def _with_register(evidence: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Without a form nothing can be shown but the account itself: its row in the register that has no form for it."""
    source = ["src_file", "src_sheet", "src_row"]
    own = accounts.set_index("account_id")[source].reindex(evidence["account_id"])
    return evidence.assign(**{name: evidence[name].where(evidence["src_file"].notna(), own[name].to_numpy()) for name in source})
