"""第十一条第3项: every message is answered effectively within the limit, in calendar days or workdays, by date or hour (settings)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome, Severity


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each message answered late, left unanswered, or still open; both day counts are in the text.

    With hours, a message is late after so many times 24 hours (of workdays); without a time of day its date decides.
    An account whose message source is not complete has one more open row: there may be messages nobody has seen.
    """
    limit, by_workday = int(str(params["reply_limit"])), params["reply_unit"] == "workday"
    allowed = f"{limit} {'个工作日' if by_workday else '天'}内答复"
    quarters, sources = facts["account_quarters"], facts["message_sources"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]

    messages = facts["message_replies"]
    in_force = messages["received_at"] >= pd.Timestamp(params["in_force_on"])  # type: ignore[arg-type]
    messages = messages[in_force & (~messages["is_excused"] | (params["excused_messages"] == "count"))]
    is_answered = messages["is_effective"] & messages["reply_days"].notna()
    days = messages["reply_days"].where(is_answered, messages["waited_days"])
    workdays = messages["reply_workdays"].where(is_answered, messages["waited_workdays"])
    counted = workdays if by_workday else days
    # answered before it was received: a date is wrong, nothing can be said
    is_backwards = is_answered & (messages["first_reply_at"].dt.normalize() < messages["received_at"].dt.normalize())
    is_over = (counted > limit).fillna(False)
    if params["reply_clock"] == "hours":
        kind = "workhours" if by_workday else "hours"
        hours = messages[f"reply_{kind}"].where(is_answered, messages[f"waited_{kind}"])
        is_over = (hours > limit * 24).fillna(is_over)
    # a reply without a time may have come in time, whatever came later
    is_timeless = (messages["n_timeless_replies"] > 0).fillna(False) & (~is_answered | is_over) & ~is_backwards
    is_over &= ~is_backwards & ~is_timeless
    is_event = ~is_answered | is_over | is_backwards | is_timeless
    made = messages.assign(
        days=days, workdays=workdays, is_answered=is_answered, is_over=is_over, is_backwards=is_backwards, is_timeless=is_timeless
    )
    events = made[is_event].merge(live, on="account_id", validate="m:1")

    answered, over = events["is_answered"].to_numpy(dtype=bool), events["is_over"].to_numpy(dtype=bool)
    shown = np.where(answered, " 天答复（", " 天未答复（")
    case = pd.Series(np.where(answered, Severity.LATE, Severity.UNANSWERED), index=events.index, dtype="str")
    counts = events["days"].astype("str") + shown + events["workdays"].astype("str") + " 个工作日）"
    backwards, timeless = (events[name].to_numpy(dtype=bool) for name in ("is_backwards", "is_timeless"))
    verdicts = events[["unit_id", "account_id"]].assign(
        event_id=events["message_id"],
        severity=case.where(over).mask(timeless, Severity.LATE.value),
        outcome=np.where(over, Outcome.FAIL, Outcome.UNVERIFIED),
        observed=np.select([backwards, timeless], ["答复时间早于留言时间，请核对", "有答复意见，没有写答复时间"], counts),
        allowed=allowed,
    )
    evidence = verdicts[["unit_id", "account_id", "event_id"]].assign(
        kind="留言", when=events["received_at"], value=verdicts["observed"], src_file=events["src_file"],
        src_sheet=events["src_sheet"], src_row=events["src_row"],
    )  # fmt: skip

    known = live.merge(sources, on="account_id", how="left", validate="1:1")
    is_complete = known["is_complete"].fillna(False).to_numpy(dtype=bool)
    is_empty = (known["n_messages"].fillna(0) == 0).to_numpy(dtype=bool)
    quiet = known[["unit_id", "account_id"]].assign(
        event_id=None,
        severity=None,
        outcome=np.select([~is_complete, is_empty], [Outcome.NO_DATA, Outcome.NOT_APPLICABLE], Outcome.PASS),
        observed=None,
        allowed=allowed,
    )
    has_event = known["account_id"].map(verdicts.groupby("account_id").size()).notna().to_numpy()
    quiet = quiet[~is_complete | ~has_event]
    return CheckResult(pd.concat([verdicts, quiet], ignore_index=True), evidence)
