"""第六条: the name in the register is the one on the latest form; another one may be a rename without a new form."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One proposal for each live account whose name differs from its latest form, blanks and full-width forms apart."""
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    live = live.merge(facts["accounts"][["account_id", "account_name"]], on="account_id", validate="1:1")
    live = live.merge(facts["filing_facts"], on="account_id", how="left", validate="1:1")
    has_filing = live["has_filing"].fillna(False).to_numpy(dtype=bool)
    has_name = live["filed_name"].notna().to_numpy()
    is_other = has_filing & has_name & (_plain(live["account_name"]) != _plain(live["filed_name"])).to_numpy(dtype=bool)
    told = "台账名称是“" + live["account_name"] + "”，备案表上是“" + live["filed_name"] + "”"
    outcomes = [Outcome.NOT_APPLICABLE, Outcome.NO_DATA, Outcome.UNVERIFIED]
    verdicts = live[["unit_id", "account_id"]].assign(
        event_id=(live["account_id"] + "|name").where(is_other),
        outcome=np.select([~has_filing, ~has_name, is_other], outcomes, Outcome.PASS),
        observed=told.where(is_other, live["filed_name"]),
        allowed="与备案表一致",
    )
    rows = live[is_other]
    evidence = verdicts.loc[is_other, ["unit_id", "account_id", "event_id", "observed"]].assign(
        kind="备案表", when=rows["filed_on"], src_file=rows["src_file"], src_sheet=rows["src_sheet"],
        src_row=rows["src_row"],
    )  # fmt: skip
    return CheckResult(verdicts, evidence.rename(columns={"observed": "value"}))


def _plain(names: pd.Series) -> pd.Series:
    return names.str.normalize("NFKC").str.replace(r"\s+", "", regex=True).str.casefold()
