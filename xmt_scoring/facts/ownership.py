"""Who owned an account on a day: the register, and the changes of owner that were filed (第六条, readings 10)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from xmt_scoring.errors import Problem, place
from xmt_scoring.frames import conform
from xmt_scoring.glossary import heading
from xmt_scoring.ingest.register_words import unit_words

SOURCE = ["src_file", "src_sheet", "src_row"]
_EARLIEST = pd.Timestamp("1900-01-01")
_TODO = "请改正“变更”表或账号备案台账的主办单位，使每个账号每一天只有一个主办单位"


def account_owners(
    accounts: pd.DataFrame, events: pd.DataFrame, units: pd.DataFrame
) -> tuple[pd.DataFrame, list[Problem]]:
    """Frame `account_owners`: the spans of days on which each account belonged to one unit, and what contradicts itself.

    On the day of a change the account belongs to the new owner. Before its first change it belongs to the unit that the
    change names as the one before (变更前), or to nobody known where it names none; an account without changes belongs
    to the unit of the register. Two units owning one account on one day (two changes on a day, a change that does not
    follow from the one before, a register that names another unit than the last change) are fatal problems.
    """
    words = unit_words(units)
    changes = events[events["event_kind"] == "owner_change"].sort_values(["account_id", "happened_on", "event_id"])
    changes = changes[changes["account_id"].isin(accounts["account_id"])].reset_index(drop=True)
    before, after = words.resolve(changes["from_value"]), words.resolve(changes["to_value"])
    same = changes["account_id"] == changes["account_id"].shift(1)
    last = changes["account_id"] != changes["account_id"].shift(-1)
    register = accounts.set_index("account_id")["owner_id"]
    stated = changes["account_id"].map(register)
    on_one_day = same & (changes["happened_on"] == changes["happened_on"].shift(1)) & (after != after.shift(1))
    breaks = same & ~on_one_day & before.notna() & (before != after.shift(1)).fillna(True)
    differs = last & after.notna() & (after != stated).fillna(True)
    problems = [
        *_told(changes, after.isna(), "to_value", "“{value}”不在单位登记表里", "请写变更后的主办单位（编号或全称）"),
        *_told(changes, before.isna() & changes["from_value"].notna(), "from_value", "“{value}”不在单位登记表里", "请写变更前的主办单位（编号或全称）"),
        *_told(changes, on_one_day, "happened_on", "账号 {account} 同一天换给了两个主办单位", _TODO),
        *_told(changes, breaks, "from_value", "账号 {account} 这次变更前写的是“{value}”，而上一次变更后是别的单位", _TODO),
        *_told(changes, differs, "to_value", "账号 {account} 最后一次变更给了“{value}”，台账上的主办单位却是别的单位", _TODO),
    ]
    first = ~same & before.notna()
    constant = accounts[~accounts["account_id"].isin(changes["account_id"])]
    columns = ["account_id", "unit_id", *SOURCE]
    parts: list[pd.DataFrame] = [
        changes[first].assign(unit_id=before[first])[columns],  # no first day, no event: from the beginning on
        changes.assign(unit_id=after, from_on=changes["happened_on"])[[*columns, "from_on", "event_id"]],
        constant.assign(unit_id=constant["owner_id"])[columns],
    ]
    spans = pd.concat(parts, ignore_index=True)
    spans = spans[spans["unit_id"].notna()].drop_duplicates(["account_id", "from_on"], keep="last")
    spans = spans.assign(start=spans["from_on"].fillna(_EARLIEST)).sort_values(["account_id", "start"])
    following = spans["start"].shift(-1).where(spans["account_id"] == spans["account_id"].shift(-1))
    spans = spans.assign(to_on=following - pd.Timedelta(days=1)).drop(columns="start")
    return conform(spans, "account_owners"), problems


def told_before_the_year(accounts: pd.DataFrame, events: pd.DataFrame, units: pd.DataFrame) -> list[Problem]:
    """What a quarter's registers say of owners that will stop the year: told in the quarter, which scores all the same."""
    after = "；本季度照常计分，但不改正，年度考核（xmt annual）会停在这里"
    return [replace(problem, todo=problem.todo + after, is_fatal=False) for problem in account_owners(accounts, events, units)[1]]


def owner_on(owners: pd.DataFrame, account_ids: pd.Series, days: pd.Series) -> pd.Series:
    """The unit that owned each account on each day; missing where nobody is known to have owned it."""
    spans = owners.assign(start=owners["from_on"].fillna(_EARLIEST)).sort_values("start")
    asked = pd.DataFrame({"account_id": account_ids.astype("str"), "day": days.astype("datetime64[us]"), "at": np.arange(len(days))})
    known = asked[asked["account_id"].notna()].sort_values("day")
    if not len(known) or not len(spans):  # pandas cannot join two empty text columns of Arrow
        return pd.Series(pd.NA, index=account_ids.index, dtype="str")
    found = pd.merge_asof(known, spans[["account_id", "unit_id", "start"]], left_on="day", right_on="start", by="account_id")
    made = found.set_index("at")["unit_id"].reindex(np.arange(len(days))).astype("str")
    return made.set_axis(account_ids.index)


def unexplained_owners(differences: pd.DataFrame, owners: pd.DataFrame, needed: pd.Series) -> list[Problem]:
    """Accounts whose owner differs between two quarters' registers without any change on record.

    Fatal where the day matters because an upper inspection names the account (`needed`: account ids), else told.
    """
    rows = differences[(differences["register"] == "accounts") & (differences["column"] == "owner_id")]
    rows = rows[~rows["row_key"].isin(owners.loc[owners["event_id"].notna(), "account_id"])].reset_index(drop=True)
    rows = rows.assign(account_id=rows["row_key"])
    what = "账号 {account} 的主办单位和 {value} 里的不同，却没有登记主办单位变更，不知道是哪一天换的"
    todo = "请在“变更”表登记这次主办单位变更和日期"
    rows = rows.assign(owner_id=rows["earlier_file"])
    is_needed = rows["row_key"].isin(needed)
    told = _told(rows, is_needed, "owner_id", what, todo)
    return told + [replace(problem, is_fatal=False) for problem in _told(rows, ~is_needed, "owner_id", what, todo)]


def _told(rows: pd.DataFrame, bad: pd.Series, column: str, what: str, todo: str) -> list[Problem]:
    chosen = rows[bad.fillna(False).to_numpy(dtype=bool)]
    return [
        Problem(
            place(file, sheet if isinstance(sheet, str) else None, int(line), heading(column)),
            what.format(value="" if pd.isna(value) else value, account=account), todo,
        )
        for file, sheet, line, value, account in zip(
            chosen["src_file"], chosen["src_sheet"], chosen["src_row"], chosen[column], chosen["account_id"], strict=True
        )
    ]  # fmt: skip
