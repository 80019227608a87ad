"""第十二条: before publication somebody looked whether the post holds secret or sensitive matter (涉密涉敏)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each post whose clearance says that it was not screened; open where the clearances do not say.

    Clearances without the mark, and posts without a clearance, say nothing: one open row, unless a post has failed.
    """
    quarters, posts = facts["account_quarters"], facts["clearance_facts"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id", "n_posts", "is_gap_covered"]]
    posts = posts[posts["posted_at"] >= pd.Timestamp(params["in_force_on"])]  # type: ignore[arg-type]
    failed = posts[~posts["is_screened"].fillna(True)].merge(
        live[["account_id", "unit_id"]], on="account_id", validate="m:1"
    )
    verdicts = failed[["unit_id", "account_id"]].assign(
        event_id=failed["post_id"] + "|screening",
        outcome=Outcome.FAIL,
        observed="“" + failed["title"].fillna(failed["post_id"]) + "”",
        allowed=None,
    )
    evidence = verdicts[["unit_id", "account_id", "event_id"]].assign(
        kind="审核记录", when=failed["posted_at"], value=verdicts["observed"] + "没有做涉密涉敏审查", url=failed["url"],
        src_file=failed["src_file"], src_sheet=failed["src_sheet"], src_row=failed["src_row"],
    )  # fmt: skip

    rest = live[~live["account_id"].isin(verdicts["account_id"])]
    number = posts.groupby("account_id").agg(all=("post_id", "size"), told=("is_screened", "count"))
    counted = number.reindex(rest["account_id"]).fillna(0).astype("int64").reset_index(drop=True)
    posted = rest["n_posts"].reset_index(drop=True)
    is_told = ((counted["told"] > 0) & (counted["told"] == counted["all"]) & (posted <= counted["all"])).to_numpy(dtype=bool)
    is_empty = ((rest["n_posts"] == 0) & rest["is_gap_covered"]).to_numpy(dtype=bool)
    quiet = rest[["unit_id", "account_id"]].assign(
        event_id=None,
        outcome=np.select([is_empty, is_told], [Outcome.NOT_APPLICABLE, Outcome.PASS], Outcome.UNVERIFIED),
        observed=(counted["told"].astype("str") + " 条信息都登记了涉密涉敏审查").where(is_told).to_numpy(),
        allowed=None,
    )
    return CheckResult(pd.concat([verdicts, quiet], ignore_index=True), evidence)
