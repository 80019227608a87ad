"""Three lists side by side: the county's register, the national system's list, the accounts whose exports arrived.

Matched by the number at the platform, by what the analyst answered, by name, by a former name; near names are only asked about.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import pandas as pd

from xmt_scoring.frames import conform, empty
from xmt_scoring.glossary import choices, word

NEAR = 0.6  # likeness of two names from which it is worth asking
_CLOSED = ("deregistered", "merged")
_EXPORTS = ("posts", "daily_counts")
_SOURCE = ["src_file", "src_sheet", "src_row"]


def folded(names: pd.Series) -> pd.Series:
    """Names as they are compared: full-width forms, capitals, blanks, brackets and punctuation do not matter."""
    return names.astype("str").str.normalize("NFKC").str.casefold().str.replace(r"[\s\W_]+", "", regex=True)


def reconcile(frames: Mapping[str, pd.DataFrame], facts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Frame `reconciliation`: one row for each thing that the lists say differently, with what to do.

    Without a national list only the register and the exports are compared.
    """
    accounts, quarters = frames["accounts"], facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], "account_id"]
    parts = [_duplicates(accounts), _without_export(frames, live), _unclaimed(frames["files"])]
    listed = frames["national_list"]
    if len(listed):
        matched = _matched(listed, accounts, frames["account_events"], frames["account_matches"])
        parts += _differences(matched, accounts, frames["units"])
        parts += _unmatched(matched, accounts, live, frames["account_matches"])
    filled = [part for part in parts if len(part)]
    if not filled:
        return empty("reconciliation")
    rows = pd.concat(filled, ignore_index=True)
    named = accounts.set_index("account_id")
    rows["account_name"] = rows["account_id"].map(named["account_name"]).astype("str")
    rows["unit_id"] = rows["account_id"].map(named["owner_id"]).astype("str")
    rows["platform"] = rows["platform"].fillna(rows["account_id"].map(named["platform"]).astype("str"))
    order = {kind: number for number, kind in enumerate(choices("recon_kind"))}
    rows = rows.assign(_order=rows["recon_kind"].map(order)).drop_duplicates(
        ["recon_kind", "account_id", "listed_name", "platform", "src_file", "src_row"]
    )
    by = ["_order", "account_id", "platform", "listed_name", "src_file", "src_row"]
    return conform(rows.sort_values(by, kind="stable", na_position="last").drop(columns="_order"), "reconciliation")


def _rows(kind: str, rows: pd.DataFrame, message: pd.Series | str, todo: str) -> pd.DataFrame:
    wanted = ["account_id", "listed_name", "platform", *_SOURCE]
    made = rows.reindex(columns=wanted).assign(recon_kind=kind, message=message, todo=todo)
    for column in ("account_id", "listed_name", "platform", "src_file", "src_sheet", "message"):
        made[column] = made[column].astype("str")
    made["src_row"] = made["src_row"].astype("Int64")
    return made


def _matched(listed: pd.DataFrame, accounts: pd.DataFrame, events: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The national list with the account of each row (missing: none) and `how` it was found."""
    rows = listed.assign(account_id=pd.Series(None, index=listed.index, dtype="str"), how=pd.Series(None, index=listed.index, dtype="str"))
    numbered = accounts.assign(key=folded(accounts["platform_account_no"]))
    named = accounts.assign(key=folded(accounts["account_name"]))
    renamed = events.loc[events["event_kind"] == "rename", ["account_id", "from_value"]].merge(
        accounts[["account_id", "platform"]], on="account_id", validate="m:1"
    )
    said = answers[answers["is_same"].fillna(False).astype(bool)]
    ways = [
        ("number", folded(rows["platform_account_no"]), numbered),
        ("answer", folded(rows["listed_name"]), said.assign(key=folded(said["listed_name"]))),
        ("name", folded(rows["listed_name"]), named),
        ("former", folded(rows["listed_name"]), renamed.assign(key=folded(renamed["from_value"]))),
    ]
    for how, key, known in ways:
        known = known[known["key"].notna() & (known["key"] != "")].drop_duplicates(["platform", "key", "account_id"])
        once = known[~known.duplicated(["platform", "key"], keep=False)]
        found = pd.Series(once["account_id"].to_numpy(), index=pd.MultiIndex.from_frame(once[["platform", "key"]]))
        wanted = pd.MultiIndex.from_arrays([rows["platform"], key.fillna("")])
        ids = pd.Series(found.reindex(wanted).to_numpy(), index=rows.index, dtype="str")
        fresh = rows["account_id"].isna() & ids.notna()
        rows.loc[fresh, "account_id"], rows.loc[fresh, "how"] = ids[fresh], how
    return rows


def _differences(matched: pd.DataFrame, accounts: pd.DataFrame, units: pd.DataFrame) -> list[pd.DataFrame]:
    """What the national list says differently of an account that both have."""
    own = matched[matched["account_id"].notna()].merge(
        accounts[["account_id", "account_name", "owner_id", "account_status", "closed_on"]], on="account_id", validate="m:1"
    )
    renamed = own[(folded(own["listed_name"]) != folded(own["account_name"])) & (own["how"] != "answer")]
    said = "全国系统里是“" + renamed["listed_name"] + "”，备案台账里是“" + renamed["account_name"] + "”"
    said = said.where(renamed["how"] != "former", said + "（是它的旧名称）")
    unit = own["owner_id"].map(units.set_index("unit_id")["unit_name"]).astype("str")
    is_other = own["listed_owner"].notna() & unit.notna() & (folded(own["listed_owner"]) != folded(unit))
    other = own[is_other]
    closed = own["account_status"].isin(_CLOSED) | own["closed_on"].notna()
    words = {each for code in _CLOSED for each in choices("account_status")[code]}
    kept = own[closed & ~own["listed_status"].fillna("").isin(words)]
    day = kept["closed_on"].dt.strftime("%Y-%m-%d").fillna("日期未填").astype("str")
    twice = own[own.duplicated("account_id", keep=False)]
    return [
        _rows("name_differs", renamed, said, "名称变更了的，请重新填报备案表并更新全国系统（第六条）"),
        _rows("owner_differs", other, "全国系统里主办单位是“" + other["listed_owner"] + "”，台账里是“" + unit[is_other] + "”", "请核对主办单位，改正一处"),
        _rows("closed_but_listed", kept, "台账里已注销或整合（" + day + "），全国系统里还在册", "请在全国系统里注销"),
        _rows("duplicate", twice, "全国系统里有两行对应同一个账号", "请在全国系统里删去一行"),
    ]


def _unmatched(matched: pd.DataFrame, accounts: pd.DataFrame, live: pd.Series, answers: pd.DataFrame) -> list[pd.DataFrame]:
    """Accounts that only one of the two lists has; where two names are near, a question."""
    only_listed = matched[matched["account_id"].isna()]
    only_ours = accounts[accounts["account_id"].isin(live) & ~accounts["account_id"].isin(matched["account_id"])]
    pairs = only_listed.drop(columns="account_id").merge(only_ours[["account_id", "account_name", "platform"]], on="platform")
    denied = answers[~answers["is_same"].fillna(False).astype(bool)]
    denied_pairs = pd.MultiIndex.from_arrays([folded(denied["listed_name"]), denied["platform"], denied["account_id"]])
    asked = ~pd.MultiIndex.from_arrays([folded(pairs["listed_name"]), pairs["platform"], pairs["account_id"]]).isin(denied_pairs)
    likeness = [difflib.SequenceMatcher(None, a, b).ratio() for a, b in zip(folded(pairs["listed_name"]), folded(pairs["account_name"]), strict=True)]
    near = pairs[asked & (pd.Series(likeness, index=pairs.index, dtype="float64") >= NEAR)]
    told = "全国系统里的“" + near["listed_name"] + "”与台账里的“" + near["account_name"] + "”名称相近"
    return [
        _rows("unregistered", only_listed, "全国系统里有，县备案台账里没有", "在用的请补报《政务新媒体建设备案表》；不再使用的请注销（第六条）"),
        _rows("not_listed", only_ours, "县备案台账里有，全国系统里没有", "请在全国系统里补登记"),
        _rows("near_match", near, told, "请在“账号对照”里回答是不是同一个账号；没有回答之前按两个账号对待"),
    ]


def _duplicates(accounts: pd.DataFrame) -> pd.DataFrame:
    """Accounts of the county's register that stand twice: one number, or one name, on one platform."""
    number, name = folded(accounts["platform_account_no"]), folded(accounts["account_name"])
    keyed = accounts.assign(number=number, name=name)
    same_number = keyed[number.notna() & keyed.duplicated(["platform", "number"], keep=False)]
    same_name = keyed[keyed.duplicated(["platform", "name"], keep=False) & ~keyed["account_id"].isin(same_number["account_id"])]
    same_name = same_name[~same_name["account_status"].isin(_CLOSED)]
    same_name = same_name[same_name.duplicated(["platform", "name"], keep=False)]
    return pd.concat(
        [
            _rows("duplicate", same_number, "台账里另有一个账号的平台账号ID与它相同", "请核对是否登记了两次"),
            _rows("duplicate", same_name, "台账里同一平台另有同名的账号", "请核对是否登记了两次，或是否重复开设"),
        ],
        ignore_index=True,
    )


def _without_export(frames: Mapping[str, pd.DataFrame], live: pd.Series) -> pd.DataFrame:
    """Live accounts of which nothing arrived that could show a post."""
    covered = frames["coverage"][~frames["coverage"]["covers"].isin(["messages", "clearances", "followers"])]
    seen = pd.concat([frames["posts"]["account_id"], frames["daily_counts"]["account_id"], covered["account_id"]])
    rows = frames["accounts"][frames["accounts"]["account_id"].isin(live) & ~frames["accounts"]["account_id"].isin(seen)]
    return _rows("no_export", rows, "本季度没有收到任何发布记录的导出文件", "请单位补交导出文件；没有导出功能的，填通用发布记录")


def _unclaimed(read: pd.DataFrame) -> pd.DataFrame:
    """Exports of posts that nobody could be named for."""
    rows = read[read["kind"].isin(_EXPORTS) & read["account_id"].isna() & (read["n_kept"] == 0) & (read["n_rows"] > 0)]
    platform = rows["platform"].map({code: word("platform", code) for code in choices("platform")}).fillna("平台不明")
    made = rows.assign(account_id=None, listed_name=None, src_file=rows["file"], src_sheet=rows["sheet"], src_row=None)
    return _rows("unclaimed_export", made, platform.astype("str") + "的导出文件不知道是哪个账号的", "请在导出文件清单里写明账号；台账里没有的，请补登记")
