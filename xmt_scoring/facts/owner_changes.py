"""Facts about who owned an account when: its changes of owner, and what each must join on to (第九条)."""

from __future__ import annotations

import pandas as pd

from xmt_scoring.errors import Problem, XmtError, place
from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import dates, day_numbers, key_codes, names
from xmt_scoring.facts.registers import SOURCE
from xmt_scoring.glossary import heading
from xmt_scoring.ingest.register_words import unit_words


def owner_changes(base: Base, units: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Frame `owner_changes`: every change of owner up to the last usable day, in units' names.

    `expected_from`: the owner after the change before it, missing for the first one; `expected_to`: the register's
    owner, for the last one only. A word that names no unit stays as it was written. Raises XmtError where an account
    goes to two owners on one day: nobody can say whose it is.
    """
    code, day = key_codes(base.keys, events["account_id"]), day_numbers(events["happened_on"])
    chosen = (events["event_kind"] == "owner_change").to_numpy(dtype=bool) & (code >= 0) & (day <= base.last)
    mine = events[chosen].assign(account_id=names(base.keys, code[chosen]).to_numpy(), day=day[chosen])
    mine = mine.sort_values(["account_id", "day", "event_id"], kind="stable").reset_index(drop=True)
    words, spoken = unit_words(units), units.set_index("unit_id")["unit_name"]
    for written, owner in (("from_value", "from_owner"), ("to_value", "to_owner")):
        mine[owner] = words.resolve(mine[written]).map(spoken).astype("str").fillna(mine[written])
    twice = mine.duplicated(["account_id", "day"], keep=False)
    twice &= mine.groupby(["account_id", "day"])["to_owner"].transform("nunique") > 1
    if twice.any():
        raise XmtError(_two_owners(mine[twice]))
    account = mine["account_id"]
    register = base.accounts.set_index("account_id")["owner_id"].map(spoken)
    is_last = account != account.shift(-1)
    return pd.DataFrame(
        {
            **{column: mine[column] for column in ("event_id", "account_id", "from_owner", "to_owner", *SOURCE)},
            "happened_on": dates(mine["day"].to_numpy("i8")),
            "expected_from": mine["to_owner"].shift(1).where(account == account.shift(1)),
            "expected_to": account.map(register).astype("str").where(is_last),
        }
    )


def _two_owners(rows: pd.DataFrame) -> list[Problem]:
    """One message for each of the (few) rows of an account that goes to two owners on one day."""
    found = rows[["src_file", "src_sheet", "src_row", "account_id", "happened_on", "to_owner"]].itertuples(index=False)
    return [
        Problem(
            place(file, sheet if isinstance(sheet, str) else None, row, heading("happened_on")),
            f"账号“{account}”在 {day:%Y-%m-%d} 这一天换给了不同的主办单位，这一行写“{owner}”",
            "一天只能有一个主办单位，请改正日期或单位",
        )
        for file, sheet, row, account, day, owner in found
    ]
