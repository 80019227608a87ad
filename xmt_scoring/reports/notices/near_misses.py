"""What was still in order but nearly was not: long gaps without a missed week, replies on the last day (a reminder, no loss).

Where the line lies is the office's: settings `near_gap_days` and `near_reply_days_left`.
"""

from __future__ import annotations

import pandas as pd

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.law import citation
from xmt_scoring.model import Outcome
from xmt_scoring.reports.summary import law_number
from xmt_scoring.workspace import QuarterData

WEEKLY, DORMANT, REPLY = "art11_weekly_update", "art11_dormant_account", "art11_message_reply"


def near_misses(data: QuarterData) -> pd.DataFrame:
    """unit_id, account_id, check_id, message: one row for each account and duty that was kept with little to spare.

    A gap counts where exports cover it and the account failed neither the weekly nor the two weeks' duty; a reply where
    its message did not fail.
    """
    parts = [part for part in (_gaps(data), _replies(data)) if len(part)]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in ("unit_id", "account_id", "check_id", "message")})
    return pd.concat(parts, ignore_index=True).sort_values(["unit_id", "account_id", "check_id"], ignore_index=True)


def _failed(data: QuarterData, *checks: str) -> pd.DataFrame:
    verdicts = data.frames["verdicts"]
    return verdicts[(verdicts["outcome"] == Outcome.FAIL).to_numpy(dtype=bool) & verdicts["check_id"].isin(checks)]


def _gaps(data: QuarterData) -> pd.DataFrame:
    limit, stale = int(data.settings["near_gap_days"]), law_number(data, DORMANT, "stale_days")
    rows = data.frames["account_quarters"]
    asked = rows["is_live"] & rows["is_scored"] & rows["is_weekly_due"] & rows["is_gap_covered"]
    near = rows[asked.astype(bool) & (rows["max_gap_days"] >= limit).fillna(False).astype(bool)]
    near = near[~near["account_id"].isin(_failed(data, WEEKLY, DORMANT)["account_id"])]
    told = "本季度最长隔 " + near["max_gap_days"].astype("str") + f" 天才发布信息；国家检查把 {stale} 天内没有更新列为单项否决"
    return near[["unit_id", "account_id"]].assign(check_id=WEEKLY, message=told)


def _replies(data: QuarterData) -> pd.DataFrame:
    limit = law_number(data, REPLY, "reply_limit")
    is_workday = data.settings["reply_unit"] == "workday"
    rows = data.frames["message_replies"]
    taken = rows["reply_workdays" if is_workday else "reply_days"]
    near = rows[((taken <= limit) & (taken >= limit - int(data.settings["near_reply_days_left"]))).fillna(False).astype(bool)]
    near = near[near["is_effective"].astype(bool) & ~near["message_id"].isin(_failed(data, REPLY)["event_id"])]
    counts = near.groupby("account_id").size()
    owner = data.frames["account_quarters"].set_index("account_id")["unit_id"]
    days, left = "个工作日" if is_workday else "天", int(data.settings["near_reply_days_left"])
    when = f"期限（{limit} {days}）的最后一天" if not left else f"离期限（{limit} {days}）不到 {left + 1} 天时"
    told = pd.DataFrame({"account_id": counts.index.astype("str"), "n": counts.to_numpy()})
    said = "有 " + told["n"].astype("str") + f" 条留言在{when}才答复，没有超期"
    told = told.assign(unit_id=told["account_id"].map(owner), check_id=REPLY, message=said)
    return told.dropna(subset=["unit_id"])[["unit_id", "account_id", "check_id", "message"]]


def asked(check_id: str) -> str:
    """The article of the duty that was nearly missed, and its words."""
    rule = load_rules()[check_id]
    return f"《办法》{citation(rule.article)}“{rule.quote}”"
