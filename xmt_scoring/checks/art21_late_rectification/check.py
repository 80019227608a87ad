"""第二十一条: what was found is put right by its deadline."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each row of the rectification register that was closed late or is not closed though its deadline is
    over; open while the deadline has not passed and where a row says done without a date."""
    until, begin = (pd.Timestamp(str(params[name])) for name in ("as_of", "in_force_on"))
    sizes = facts["year_registers"].set_index("register")["n_rows"]
    has_register = int(sizes.get("rectifications", 0)) > 0
    units, rows = facts["year_units"], facts["rectification_facts"]
    rows = rows[rows["unit_id"].isin(units["unit_id"]) & (rows["found_on"] >= begin)].reset_index(drop=True)
    undated = rows["resolved_on"].isna() & rows["rectify_result"].isin(["resolved", "deregistered"])
    running = rows["resolved_on"].isna() & ~undated & (rows["rectify_by"] >= until)
    late = (rows["resolved_on"] > rows["rectify_by"]) | (rows["resolved_on"].isna() & ~undated & ~running)
    limit, done = (rows[name].dt.strftime("%Y-%m-%d").astype("str").fillna("") for name in ("rectify_by", "resolved_on"))
    what = np.select(
        [undated, running, rows["resolved_on"].isna()],
        ["写着已办结，没有销号日期", "整改期限 " + limit + " 未到", "到期没有整改"],
        done + " 才整改",
    )
    told = rows[["unit_id"]].assign(
        event_id=rows["rectification_id"],
        outcome=np.select([undated, running], [Outcome.NO_DATA, Outcome.UNVERIFIED], Outcome.FAIL),
        observed="“" + rows["description"] + "”" + pd.Series(what, index=rows.index, dtype="str"),
        allowed="在 " + limit + " 前整改",
    )[late | undated | running]
    n_rows = units["unit_id"].map(rows.groupby("unit_id").size()).fillna(0).astype("int64")
    is_unknown = (n_rows == 0) & units["has_losses"].astype(bool)  # lost points and no row: nobody wrote down what came of it
    unrecorded = "整改台账里没有这个单位" if has_register else "没有整改台账"
    quiet = pd.DataFrame(
        {
            "unit_id": units["unit_id"],
            "event_id": None,
            "outcome": np.where(is_unknown, Outcome.NO_DATA, Outcome.PASS),
            "observed": np.select(
                [is_unknown, n_rows == 0], ["季度检查有扣分问题，" + unrecorded, "没有要整改的问题"],
                n_rows.astype("str") + " 个问题都按期整改",
            ),
        }
    )  # fmt: skip
    quiet = quiet[~quiet["unit_id"].isin(told["unit_id"])]
    evidence = rows[["unit_id", "src_file", "src_sheet", "src_row"]].assign(
        account_id=None, event_id=rows["rectification_id"], kind="整改台账", when=rows["found_on"], value=rows["description"]
    )[late | undated | running]
    return CheckResult(pd.concat([told, quiet], ignore_index=True).assign(account_id=None), evidence)
