"""The state of every account at each 监测时点: how long ago the last visible post was (readings 2, vector T5)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xmt_scoring.facts.activity import SECOND_BITS, Activity, moment_keys, second_keys
from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import NEVER, counts, dates, key_codes, names, second_numbers, truths
from xmt_scoring.facts.coverage import Cover
from xmt_scoring.facts.gaps import last_posted
from xmt_scoring.settings import Settings

LOOKS_BACK = 14  # days: „前2周内无更新“, the national veto; the fact only says whether these days are decided
DAY = 86_400


def check_times(
    base: Base, activity: Activity, cover: Cover, checks_done: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Frame `check_times`: account × check moment of the period, for accounts open on that day.

    A check of an account without a known post counts from its opening when that was at most 14 days before, otherwise
    days_since_post is missing. `is_covered`: days_since_post is decided: at most 14, or all 15 days up to the check
    are covered. A check or post without a time of day: the same day counts as before.
    `begun_days` (only with `stale_clock = "hours"`): begun 24-hour days since the last post, 14 for exactly 14 × 24 h;
    missing where the post or the check has no time of day.
    """
    rows = checks_done[checks_done["check_item"].isna().to_numpy()]
    second = second_numbers(rows["checked_at"])
    usable = (second // DAY >= base.judged_from) & (second // DAY <= base.last)
    rows = rows[usable].sort_values(["checked_at", "src_file", "src_sheet", "src_row"], ignore_index=True)
    account, row = _pairs(base, rows)
    second = second_numbers(rows["checked_at"])[row]
    day = second // DAY
    open_then = (base.opened[account] <= day) & (base.closed[account] > day)
    account, row, second, day = account[open_then], row[open_then], second[open_then], day[open_then]
    account, row, second, day = _once(account, row, second, day)

    last = _last_before(activity, account, second, day)
    age = day - base.opened[account]
    since = np.where(last > NEVER, day - last, age)
    known = (last > NEVER) | (age <= LOOKS_BACK)
    begun = np.zeros(len(account), dtype="i8")
    if settings["stale_clock"] == "hours":
        begun = _begun_days(activity, account, second, last)
    decided = (known & (since <= LOOKS_BACK) & (begun <= LOOKS_BACK)) | cover.holds(account, day - LOOKS_BACK, day)
    return pd.DataFrame(
        {
            "account_id": names(base.keys, account),
            "checked_at": rows["checked_at"].array.take(row),
            "last_posted_on": dates(last),
            "days_since_post": counts(since, ~known),
            "begun_days": counts(begun, begun == 0),
            "is_covered": truths(decided),
            **{column: rows[column].array.take(row) for column in ("src_file", "src_sheet", "src_row")},
        }
    )


def _pairs(base: Base, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Every row of the register with each account that it names: all, those of a unit, or one."""
    number = np.arange(len(rows))
    scope = rows["check_scope"]
    everyone = number[(scope == "all").to_numpy(dtype=bool)]
    accounts = [np.tile(np.arange(base.size), len(everyone))]
    found = [np.repeat(everyone, base.size)]
    one = key_codes(base.keys, rows["account_id"])
    named = number[(scope == "account").to_numpy(dtype=bool) & (one >= 0)]
    accounts.append(one[named])
    found.append(named)
    of_unit = (scope == "unit").to_numpy(dtype=bool)
    if of_unit.any():
        owned = pd.DataFrame({"unit_id": base.accounts["owner_id"].astype("str"), "account": np.arange(base.size)})
        asked = pd.DataFrame({"unit_id": rows["unit_id"].astype("str")[of_unit], "row": number[of_unit]})
        both = asked.dropna().merge(owned, on="unit_id", validate="many_to_many")
        accounts.append(both["account"].to_numpy())
        found.append(both["row"].to_numpy())
    return np.concatenate(accounts).astype("i8"), np.concatenate(found)


def _once(account: np.ndarray, row: np.ndarray, second: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, ...]:
    """Sorted by account and moment; the same moment entered twice (all, then a unit) counts once."""
    order = np.lexsort((row, second, account))
    account, row, second, day = account[order], row[order], second[order], day[order]
    new = np.ones(len(account), dtype=bool)
    new[1:] = (account[1:] != account[:-1]) | (second[1:] != second[:-1])
    return account[new], row[new], second[new], day[new]


def _last_before(activity: Activity, account: np.ndarray, second: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The last posting day at or before the moment: earlier days from the table, the same day by its time."""
    last = last_posted(activity, account, day - 1)
    if not len(account):
        return last
    until = np.where(second % DAY == 0, second + DAY - 1, second)  # midnight stands for a date without time
    posts = moment_keys(activity, day)
    found = np.searchsorted(posts, second_keys(account, until), side="right") - 1
    post = posts[np.maximum(found, 0)] if len(posts) else np.zeros(len(account), dtype="i8")
    same_day = (found >= 0) & (post >> SECOND_BITS == account) & ((post & (1 << SECOND_BITS) - 1) // DAY == day)
    if activity.daily is not None:  # a day that only the daily series knows has no time
        column = day - activity.first
        same_day |= (activity.daily[account, column] > 0) & (activity.listed[account, column] == 0)
    return np.where(same_day, day, last)


def _begun_days(activity: Activity, account: np.ndarray, second: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Begun 24-hour days from the last post to the check; 0 where one of them has no time of day."""
    posts = moment_keys(activity, last[last > NEVER])
    if not len(posts):
        return np.zeros(len(account), dtype="i8")
    until = np.minimum(second, (last + 1) * DAY - 1)
    place = np.searchsorted(posts, second_keys(account, np.maximum(until, 0)), side="right") - 1
    post = posts[np.maximum(place, 0)]
    at = post & (1 << SECOND_BITS) - 1
    timed = (last > NEVER) & (place >= 0) & (post >> SECOND_BITS == account) & (at // DAY == last)
    timed &= (second % DAY != 0) & (at % DAY != 0)
    return np.where(timed, np.maximum(-(-(second - at) // DAY), 1), 0)
