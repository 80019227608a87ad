"""Messages and their answers: both counts of days, always (第十一条第3项, readings 3–6, vector T6)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import NEVER, counts, day_numbers, flags, key_codes, names, truths
from xmt_scoring.facts.coverage import cover_of, source_end
from xmt_scoring.periods import workdays_between
from xmt_scoring.settings import Settings


def workdays(start: np.ndarray, end: np.ndarray, settings: Settings) -> np.ndarray:
    """Workdays after day number `start` up to `end`."""
    return workdays_between(start.astype("M8[D]"), end.astype("M8[D]"), settings.workday_overrides)


def message_facts(
    base: Base, messages: pd.DataFrame, coverage: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames `message_replies` and `message_sources`.

    A message belongs to the quarter in which it was received. An ineffective reply, and one after `as_of`, is none; a
    reply dated before its message counts as 0 days. Waiting ends at `as_of` or where the account's source ends.
    """
    code, received = key_codes(base.keys, messages["account_id"]), day_numbers(messages["received_at"])
    mine = (code >= 0) & (received >= base.judged_from) & (received <= base.last)
    if not mine.all():
        messages, code, received = messages[mine], code[mine], received[mine]
    messages = messages.reset_index(drop=True)
    effective = flags(messages["is_effective"], missing=True)
    replied = day_numbers(messages["first_reply_at"])
    answered = (replied > NEVER) & (replied <= base.as_of) & effective
    until = np.where(answered, np.maximum(replied, received), received)
    end = source_end(base, coverage, "messages")[code]
    waited_to = np.maximum(np.where(end > NEVER, np.minimum(end, base.as_of), base.as_of), received)
    replies = pd.DataFrame(
        {
            "message_id": messages["message_id"].astype("str"),
            "account_id": names(base.keys, code),
            "received_at": messages["received_at"],
            "first_reply_at": messages["first_reply_at"].where(answered),
            "reply_days": counts(until - received, ~answered),
            "reply_workdays": counts(workdays(received, until, settings), ~answered),
            "waited_days": counts(waited_to - received),
            "waited_workdays": counts(workdays(received, waited_to, settings)),
            "is_effective": truths(effective),
            "is_excused": truths(flags(messages["is_excused"])),
            **{column: messages[column] for column in ("src_file", "src_sheet", "src_row")},
        },
        copy=False,
    )
    return replies, _sources(base, coverage, code)


def _sources(base: Base, coverage: pd.DataFrame, code: np.ndarray) -> pd.DataFrame:
    """One row per account: how many messages, and whether its source spans the live part of the period."""
    complete = np.zeros(base.size, dtype=bool)
    if (coverage["covers"] == "messages").any():
        start, end = base.live_from, base.live_to
        complete = cover_of(base, coverage, "messages").holds(np.arange(base.size), start, end) & (start <= end)
    return pd.DataFrame(
        {
            "account_id": base.accounts["account_id"].astype("str"),
            "n_messages": counts(np.bincount(code, minlength=base.size)),
            "is_complete": truths(complete),
        }
    )
