"""Messages and their answers: both counts of days, always (第十一条第3项, readings 3–6, vector T6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd

from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import NEVER, SECOND_IN_US, counts, day_numbers, flags, key_codes, names, truths
from xmt_scoring.facts.coverage import cover_of, source_end
from xmt_scoring.periods import workdays_between
from xmt_scoring.settings import Settings

DAY, HOUR = 86_400, 3_600
SAID = r"\w"  # a reply that says anything, beyond marks and blanks
_MARKS = re.compile(r"[\s*,.!?;~、。…-]+")


def workdays(start: np.ndarray, end: np.ndarray, settings: Settings) -> np.ndarray:
    """Workdays after day number `start` up to `end`."""
    return workdays_between(start.astype("M8[D]"), end.astype("M8[D]"), settings.workday_overrides)


def message_facts(
    base: Base, messages: pd.DataFrame, coverage: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames `message_replies` and `message_sources`.

    `messages` has one row for each reply. A message belongs to the quarter in which it was received and is answered by
    its first reply that counts: none is an ineffective one, one after `as_of`, an automatic one (unless
    `automatic_reply_counts`) and, where `other_body_reply_counts` is off, one of another body. A reply dated before its
    message counts as 0 days. Excused is a message with a code of [choices.excuse_kind] only. Waiting ends at `as_of` or
    where the account's source ends. A reply that would count but names no time answers nothing by itself and is counted in
    `n_timeless_replies`: nobody can say whether it came in time. With `reply_clock = "hours"` the begun hours stand beside the days, on all days and
    on workdays; missing where a moment has no time of day.
    """
    code, received = key_codes(base.keys, messages["account_id"]), day_numbers(messages["received_at"])
    mine = (code >= 0) & (received >= base.judged_from) & (received <= base.last)
    messages = messages[mine].reset_index(drop=True)
    effective, replied = _effective(messages, settings), day_numbers(messages["first_reply_at"])
    given = (replied > NEVER) & (replied <= base.as_of)
    timeless = (replied <= NEVER) & effective
    timeless[timeless] = flags(messages["reply_text"][timeless].str.contains(SAID).astype("boolean"))
    first, uncounted, timeless, excused = _one_each(messages, given & effective, given & ~effective, timeless, _excused(messages))
    messages, effective, replied = messages.iloc[first].reset_index(drop=True), effective[first], replied[first]
    code, received = key_codes(base.keys, messages["account_id"]), day_numbers(messages["received_at"])
    answered = given[first] & effective
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
            **_hours(messages, answered, waited_to, settings),
            "is_effective": truths(effective),
            "is_excused": truths(excused > 0),
            "excuse_kind": messages["excuse_kind"].where(excused > 0),
            "n_uncounted_replies": counts(uncounted),
            "n_timeless_replies": counts(timeless),
            **{column: messages[column] for column in ("src_file", "src_sheet", "src_row")},
        },
        copy=False,
    )
    return replies, _sources(base, coverage, code)


def _effective(messages: pd.DataFrame, settings: Settings) -> np.ndarray:
    """Which replies count, by what the office says of each and by the settings."""
    effective = flags(messages["is_effective"], missing=True)
    if not settings["automatic_reply_counts"]:
        said, listed = messages["is_automatic"], is_listed(messages["reply_text"], settings["automatic_replies"])
        effective &= ~np.where(said.isna(), listed, flags(said))
    if not settings["other_body_reply_counts"]:
        effective &= ~flags(messages["is_by_other_body"])
    return effective


def is_listed(replies: pd.Series, texts: Iterable[str]) -> np.ndarray:
    """Replies that say one of the texts and nothing else (marks and blanks aside), or begin with one that ends in `*`."""
    whole = {_bare(text) for text in texts if not text.endswith("*")}
    starts = tuple(_bare(text) for text in texts if text.endswith("*"))
    said = {text: (bare := _bare(text)) in whole or bare.startswith(starts) for text in replies.dropna().unique()}
    return flags(replies.map(said).astype("boolean"))


def _bare(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text))


def _excused(messages: pd.DataFrame) -> np.ndarray:
    """Nothing is excused without a code, and „other" not without words."""
    kind = messages["excuse_kind"]
    named = kind.notna() & ~(kind.eq("other").fillna(False) & messages["excuse_reason"].isna())
    return flags(messages["is_excused"]) & named.to_numpy(dtype=bool)


def _one_each(
    messages: pd.DataFrame, answers: np.ndarray, *counted: np.ndarray
) -> tuple[np.ndarray, ...]:
    """The place of one row for each message, its first reply that counts or else its first row; and how many of its rows
    each of `counted` marks."""
    number = pd.factorize(messages["message_id"])[0]
    when = messages["first_reply_at"].to_numpy("M8[us]").view("i8")
    order = np.lexsort((when, ~answers, number))
    first = order[np.unique(number[order], return_index=True)[1]]  # in the order in which the messages first stand there
    return first, *(np.bincount(number, weights=each, minlength=len(first)).astype("i8") for each in counted)


def _hours(
    messages: pd.DataFrame, answered: np.ndarray, waited_to: np.ndarray, settings: Settings
) -> dict[str, pd.Series]:
    """reply_hours, reply_workhours, waited_hours, waited_workhours; all missing unless the office counts hours."""
    received, replied = (messages[name].to_numpy("M8[us]").view("i8") // SECOND_IN_US for name in ("received_at", "first_reply_at"))
    is_asked = settings["reply_clock"] == "hours"
    timed = (received % DAY != 0) & is_asked
    known = timed & answered & (replied % DAY != 0)
    replied = np.maximum(np.where(known, replied, received), received)
    until = np.where(timed, (waited_to + 1) * DAY, received)  # facts are known to the end of that day
    made = {}
    for prefix, end, has in (("reply", replied, known), ("waited", until, timed)):
        made[f"{prefix}_hours"] = counts(-(-(end - received) // HOUR), ~has)
        worked = _worked_seconds(received, end, settings) if is_asked else received * 0
        made[f"{prefix}_workhours"] = counts(-(-worked // HOUR), ~has)
    return made


def _worked_seconds(start: np.ndarray, end: np.ndarray, settings: Settings) -> np.ndarray:
    """Seconds between two moments that lie on workdays, all 24 hours of a workday counting."""
    first, last = start // DAY, end // DAY
    total = workdays(first - 1, last - 1, settings) * DAY  # whole workdays from the first day on, the last not included
    begins, ends = (workdays(day - 1, day, settings) > 0 for day in (first, last))
    return total - np.where(begins, start % DAY, 0) + np.where(ends, end % DAY, 0)


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
