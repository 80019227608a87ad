"""第十一条, as practice reads it: what the office told all to repost, judged where the posts and the days are known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each required repost that is missing (or late) in complete data; one open row for what is unclear.

    Without any required repost in the register nobody knows whether something was required: the whole duty is open.
    """
    late_counts = bool(params["late_repost_is_missed"])
    quarters, tasks = facts["account_quarters"], facts["repost_facts"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    asked = tasks[tasks["is_asked"]].merge(live, on="account_id", validate="m:1")
    found, due = asked["reposted_on"], asked["due_on"]
    is_late = (found.notna() & due.notna() & (found > due)).to_numpy(dtype=bool) & late_counts
    is_missing = found.isna().to_numpy()
    is_over = (due <= pd.Timestamp(params["as_of"])).to_numpy(dtype=bool)  # type: ignore[arg-type]
    # what was found late proves nothing of days that nobody exported: an earlier one may stand there
    is_failed = (is_missing | is_late) & asked["is_covered"].to_numpy(dtype=bool) & is_over

    failed = asked[is_failed]
    limit = failed["due_on"].dt.strftime("%Y-%m-%d").astype("str")
    day = failed["reposted_on"].dt.strftime("%Y-%m-%d").astype("str").fillna("")
    seen = np.where(is_missing[is_failed], "没有转载", day + " 才转载")
    verdicts = failed[["unit_id", "account_id"]].assign(
        event_id=failed["account_id"] + "|repost|" + failed["repost_id"],
        outcome=Outcome.FAIL,
        observed="《" + failed["title"] + "》" + seen,
        allowed="不迟于 " + limit + " 转载",
    )
    evidence = verdicts[["unit_id", "account_id", "event_id"]].assign(
        kind="规定转载", when=failed["due_on"], value=verdicts["observed"], src_file=failed["src_file"],
        src_sheet=failed["src_sheet"], src_row=failed["src_row"],
    )  # fmt: skip

    late = failed[failed["reposted_on"].notna() & failed["post_file"].notna()]
    late_posts = late[["unit_id", "account_id"]].assign(
        event_id=late["account_id"] + "|repost|" + late["repost_id"], kind="过期的转载", when=late["reposted_on"], value="《" + late["title"] + "》",
        src_file=late["post_file"], src_sheet=late["post_sheet"], src_row=late["post_row"],
    )  # fmt: skip

    waiting = asked[(is_missing | is_late) & ~is_failed].groupby("account_id").size()
    number = live["account_id"].map(waiting).fillna(0).astype("int64")
    is_open = (number > 0).to_numpy() | (len(tasks) == 0)
    has_failed = live["account_id"].isin(verdicts["account_id"]).to_numpy()
    is_asked = live["account_id"].isin(asked["account_id"]).to_numpy()
    unclear = number.astype("str") + " 条规定转载没有在数据里找到按时的，数据也不能证明没有转载"
    quiet = live[["unit_id", "account_id"]].assign(
        event_id=None,
        outcome=np.select([is_open, is_asked], [Outcome.UNVERIFIED, Outcome.PASS], Outcome.NOT_APPLICABLE),
        observed=np.select(
            [(number > 0).to_numpy(), is_open], [unclear.to_numpy(), "本期没有登记规定转载的信息"], "数据：规定的都已转载"
        ),
        allowed=None,
    )[is_open | ~has_failed]
    return CheckResult(pd.concat([verdicts, quiet], ignore_index=True), pd.concat([evidence, late_posts], ignore_index=True))
