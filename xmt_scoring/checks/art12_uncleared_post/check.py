"""第十二条: every post has a complete clearance before publication; points come from the sampled posts only."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome, Severity

ALLOWED = "在发布前完整审核"


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each sampled post without a complete prior clearance, and each other one cleared late or in part.

    A sampled post without a clearance row fails only where the register covers it. A blank 是否完整 means complete;
    a clearance without its time says nothing about before or after.
    """
    quarters, posts = facts["account_quarters"], facts["clearance_facts"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id", "n_posts", "is_gap_covered"]]
    in_force = posts["posted_at"] >= pd.Timestamp(params["in_force_on"])  # type: ignore[arg-type]
    is_sampled = (posts["sample_rank"] <= int(str(params["sample_size"]))).fillna(False)
    has_row = posts["has_clearance"]
    is_partial = has_row & ~posts["is_complete"].fillna(True)
    is_late = has_row & ~posts["is_before"].fillna(True)
    is_timeless = has_row & posts["is_before"].isna() & ~is_partial
    is_event = in_force & (is_partial | is_late | (is_sampled & (is_timeless | ~has_row)))
    made = posts.assign(is_sampled=is_sampled, is_partial=is_partial, is_late=is_late, is_timeless=is_timeless)
    events = made[is_event].merge(live[["account_id", "unit_id"]], on="account_id", validate="m:1")

    partial, late, timeless, covered, sampled = (
        events[name].to_numpy(dtype=bool)
        for name in ("is_partial", "is_late", "is_timeless", "is_covered", "is_sampled")
    )
    cases = [partial & late, partial, late, timeless, covered]
    shown = ["审核不完整且晚于发布", "审核不完整", "审核晚于发布", "审核记录没有写审核时间", "没有审核记录"]
    fails = partial | late | (covered & ~timeless)
    case = pd.Series(np.where(sampled, Severity.SAMPLED, Severity.NOT_SAMPLED), index=events.index, dtype="str")
    name = events["title"].fillna(events["post_id"])
    verdicts = events[["unit_id", "account_id"]].assign(
        event_id=events["post_id"],
        severity=case.where(fails),
        outcome=np.where(fails, Outcome.FAIL, Outcome.NO_DATA),
        observed="“" + name + "”" + np.select(cases, shown, "没有审核记录，审核登记表也未覆盖这一天"),
        allowed=ALLOWED,
    )
    evidence = verdicts[["unit_id", "account_id", "event_id"]].assign(
        kind="审核记录", when=events["posted_at"], value=verdicts["observed"], url=events["url"],
        src_file=events["src_file"], src_sheet=events["src_sheet"], src_row=events["src_row"],
    )  # fmt: skip

    rest = live[~live["account_id"].isin(verdicts["account_id"])].reset_index(drop=True)
    has_posts = rest["account_id"].map(posts[is_sampled].groupby("account_id").size()).notna().to_numpy()
    is_empty = ((rest["n_posts"] == 0) & rest["is_gap_covered"]).to_numpy(dtype=bool)
    quiet = rest[["unit_id", "account_id"]].assign(
        event_id=None,
        severity=None,
        outcome=np.select([has_posts, is_empty], [Outcome.PASS, Outcome.NOT_APPLICABLE], Outcome.NO_DATA),
        observed=pd.Series("没有审核登记表或逐条发布记录，无法抽查", index=rest.index, dtype="str").where(
            ~(has_posts | is_empty)
        ),
        allowed=ALLOWED,
    )
    return CheckResult(pd.concat([verdicts, quiet], ignore_index=True), evidence)
