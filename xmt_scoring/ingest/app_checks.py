"""客户端登记: apps that somebody tried to install and use → rows of 已核查 and of findings (第十一条第1项, national veto)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.frames import contract
from xmt_scoring.glossary import heading
from xmt_scoring.ingest.register_words import SOURCE, Aside, Words

CHECK = "art11_unusable_app"
_TOLD = ("app_version", "store", "updated_on")


def with_app_checks(
    raw: Mapping[str, pd.DataFrame], accounts: pd.DataFrame, words: Words, not_found: str, aside: Aside
) -> dict[str, pd.DataFrame]:
    """The registers with what 客户端登记 says added to them: an app that works is 已核查, one that does not is a finding.

    Only apps have this duty: a row of a mini program or an account stays a record of its version, and that it does not
    work is told. `not_found`: the answer of a line of 已核查.
    """
    rows = raw["app_checks"]
    rows = rows[~rows.drop(columns=SOURCE).duplicated()]  # a row that stands there twice is set aside later
    platform = words.resolve(rows["account_id"]).map(accounts.set_index("account_id")["platform"])
    is_app, works = platform.eq("app").fillna(False).astype(bool), rows["is_usable"].astype(bool)
    other = ~is_app & ~works & platform.notna()
    what = "登记为不能使用，但它不是移动客户端：只作登记，不按“客户端无法使用”判"
    aside.tell(rows[other], "is_usable", what, "平台登记错的请改台账；其他问题请登记到“发现的问题”", False)
    base = rows[["account_id", "checked_at", "checker", "note", *SOURCE]].assign(check_item=pd.Series(CHECK, index=rows.index, dtype="str"))
    said = _told(rows)
    done = base.assign(check_scope=pd.Series("account", index=rows.index, dtype="str"), check_result=not_found, note=_joined(said, rows["note"]))
    failed = rows["description"].fillna("无法下载或使用")
    found = base.assign(found_on=rows["checked_at"].dt.normalize(), found_by_level="county", description=_joined(failed, said)).drop(columns="checked_at")
    added = {"checks_done": done[is_app & works], "findings": found[is_app & ~works]}
    return {**raw, **{name: _with(raw.get(name), more, name) for name, more in added.items() if len(more)}}


def _told(rows: pd.DataFrame) -> pd.Series:
    """Version, place of the download and last update, in words."""
    said = pd.Series(None, index=rows.index, dtype="str")
    for name in _TOLD:
        value = rows[name].dt.strftime("%Y-%m-%d").astype("str") if name == "updated_on" else rows[name]
        said = _joined(said, heading(name) + value)
    return said


def _joined(first: pd.Series, second: pd.Series) -> pd.Series:
    return (first + "；" + second).fillna(first).fillna(second).astype("str")


def _with(old: pd.DataFrame | None, more: pd.DataFrame, name: str) -> pd.DataFrame:
    absent = [column for column in contract(name).names if column not in more]
    more = more.assign(**{column: pd.Series(None, index=more.index, dtype="str") for column in absent})
    return more.reset_index(drop=True) if old is None else pd.concat([old, more], ignore_index=True)
