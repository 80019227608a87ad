"""Facts about what must follow soon: a filing after an opening or a closing, a new password after somebody left."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import NEVER, OPEN_END, counts, dates, day_numbers, key_codes, truths
from xmt_scoring.facts.messages import workdays
from xmt_scoring.facts.registers import SOURCE
from xmt_scoring.frames import empty
from xmt_scoring.glossary import word
from xmt_scoring.settings import Settings

ENDINGS = ["deregistration", "merger"]  # codes of both filings and changes
HOLDERS = ["maintainer", "info_officer"]  # who knows the passwords


def opening_facts(base: Base, filings: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Frame `opening_facts`: the accounts opened in the period, each with its first filing (第六条).

    A form without a date counts as filed, but its workdays are missing; a form dated before the opening counts as 0.
    """
    new = (base.opened >= base.judged_from) & (base.opened <= base.last)
    has, first = _filings_of(base, filings)
    made = _awaited(base, new, base.opened, first, settings)
    made.insert(1, "opened_on", dates(base.opened[new]))
    return made.assign(has_filing=truths(has[new]))


def closing_facts(base: Base, filings: pd.DataFrame, events: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Frame `closing_facts`: the accounts closed in the period, or called closed without a day, with the form that says so.

    `has_event`: the register of changes has the closing or merger, so `change_facts` judges it.
    """
    closed = (base.closed >= base.judged_from) & (base.closed <= base.last)
    status = base.accounts["account_status"].isin(["deregistered", "merged"]).to_numpy()
    named = status & base.accounts["closed_on"].isna().to_numpy()
    _, first = _filings_of(base, filings[filings["filing_kind"].isin(ENDINGS)])
    code = key_codes(base.keys, events["account_id"])
    known = np.zeros(base.size, dtype=bool)
    known[code[(code >= 0) & events["event_kind"].isin(ENDINGS).to_numpy()]] = True
    rows = closed | named
    made = _awaited(base, rows, np.where(closed, base.closed, base.as_of), first, settings)
    made.insert(1, "closed_on", dates(np.where(closed, base.closed, OPEN_END)[rows]))
    without_day = named[rows]
    for column in ("filing_workdays", "waited_workdays"):
        made[column] = made[column].mask(without_day)
    return made.assign(is_status_closed=truths(status[rows]), has_event=truths(known[rows]))


def _filings_of(base: Base, filings: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """For each account whether a form came in by `as_of`, and the day of the first dated one (OPEN_END: none)."""
    code, day = key_codes(base.keys, filings["account_id"]), day_numbers(filings["filed_on"])
    usable = (code >= 0) & (day <= base.as_of)
    has = np.zeros(base.size, dtype=bool)
    has[code[usable]] = True
    first = np.full(base.size, OPEN_END, dtype="i8")
    dated = usable & (day > NEVER)
    np.minimum.at(first, code[dated], day[dated])
    return has, first


def _awaited(base: Base, rows: np.ndarray, since: np.ndarray, filed: np.ndarray, settings: Settings) -> pd.DataFrame:
    """The accounts of `rows` with the workdays from `since` to the filing, and to `as_of`."""
    start, end = since[rows], filed[rows]
    known = end < OPEN_END
    until = np.where(known, np.maximum(end, start), start)
    return pd.DataFrame(
        {
            "account_id": base.accounts["account_id"][rows].astype("str").reset_index(drop=True),
            "filed_on": dates(end),
            "filing_workdays": counts(workdays(start, until, settings), ~known),
            "waited_workdays": counts(workdays(start, np.full(len(start), base.as_of), settings)),
            **{column: base.accounts[column][rows].reset_index(drop=True) for column in SOURCE},
        }
    )


def handovers(base: Base, staff: pd.DataFrame, security_log: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Frame `handovers`: people who held passwords and left in the period, and the unit's next change of passwords.

    Nobody is named: one row for each unit, post (岗位) and day. A change on the last day in office counts.
    """
    left = day_numbers(staff["to_on"])
    gone = staff["staff_role"].isin(HOLDERS).to_numpy() & (left >= base.judged_from) & (left <= base.last)
    people = staff[gone].assign(day=left[gone]).drop_duplicates(["unit_id", "staff_role", "day"])
    if not len(people):
        return empty("handovers")  # merge_asof fails on text columns without a single chunk, as Parquet gives them
    people = people.sort_values("day", kind="stable").reset_index(drop=True)
    log = security_log[(security_log["log_kind"] == "password_change").to_numpy(dtype=bool)]
    log = log.assign(changed=day_numbers(log["happened_on"]))[["unit_id", "changed"]]
    log = log[log["changed"] <= base.as_of].sort_values("changed")
    if len(people) and len(log):
        met = pd.merge_asof(people, log, left_on="day", right_on="changed", by="unit_id", direction="forward")
    else:  # pandas cannot join two empty text columns of Arrow
        met = people.assign(changed=pd.Series(np.nan, index=people.index, dtype="float64"))
    day, changed = met["day"].to_numpy("i8"), met["changed"].fillna(OPEN_END).to_numpy("i8")
    known = changed < OPEN_END
    return pd.DataFrame(
        {
            "unit_id": met["unit_id"],
            "staff_role": met["staff_role"],
            "role_name": met["staff_role"].map({role: word("staff_role", role) for role in HOLDERS}),
            "left_on": dates(day),
            "changed_on": dates(changed),
            "change_workdays": counts(workdays(day, np.where(known, changed, day), settings), ~known),
            "waited_workdays": counts(workdays(day, np.full(len(day), base.as_of), settings)),
            **{column: met[column] for column in SOURCE},
        }
    )
