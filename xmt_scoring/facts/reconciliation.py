"""Three lists side by side: the county's register, the national system's list, the accounts whose exports arrived.

Matched by the number at the platform, by what the analyst answered, by name, by a former name; near names are only asked about.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.facts.account_lists import near_names, recon_rows
from xmt_scoring.facts.profiles import profile_differences
from xmt_scoring.frames import conform, empty
from xmt_scoring.glossary import choices, word
from xmt_scoring.ingest.account_names import folded, match, other_number, ways_of

_CLOSED = ("deregistered", "merged")
_EXPORTS = ("posts", "daily_counts")
_NATIONAL = "全国系统"


def reconcile(frames: Mapping[str, pd.DataFrame], facts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Frame `reconciliation`: one row for each thing that the lists say differently, with what to do.

    Without a national list only the register and the exports are compared.
    """
    ways = ways_of(frames["accounts"], frames["account_events"], frames["account_matches"])
    accounts, quarters = frames["accounts"], facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], "account_id"]
    parts = [_duplicates(accounts), _without_export(frames, live), _unclaimed(frames["files"])]
    parts += profile_differences(frames, ways, live)
    listed = frames["national_list"]
    if len(listed):
        matched = listed.join(match(listed, ways))
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


def _differences(matched: pd.DataFrame, accounts: pd.DataFrame, units: pd.DataFrame) -> list[pd.DataFrame]:
    """What the national list says differently of an account that both have."""
    own = matched[matched["account_id"].notna()].merge(
        accounts[["account_id", "account_name", "owner_id", "account_status", "closed_on"]], on="account_id", validate="m:1"
    )
    renamed = own[(folded(own["listed_name"]) != folded(own["account_name"])) & (own["how"] != "answer")]
    said = "全国系统里是“" + renamed["listed_name"] + "”，备案台账里是“" + renamed["account_name"] + "”"
    said = said.where(renamed["how"] != "former", said + "（是它的旧名称）")
    registered = other_number(own, accounts)
    numbered = own[registered.notna()]
    number = "平台账号ID在全国系统里是 " + numbered["platform_account_no"] + "，备案台账里是 " + registered[registered.notna()]
    unit = own["owner_id"].map(units.set_index("unit_id")["unit_name"]).astype("str")
    is_other = own["listed_owner"].notna() & unit.notna() & (folded(own["listed_owner"]) != folded(unit))
    other = own[is_other]
    closed = own["account_status"].isin(_CLOSED) | own["closed_on"].notna()
    words = {each for code in _CLOSED for each in choices("account_status")[code]}
    kept = own[closed & ~own["listed_status"].fillna("").isin(words)]
    day = kept["closed_on"].dt.strftime("%Y-%m-%d").fillna("日期未填").astype("str")
    twice = own[own.duplicated("account_id", keep=False)]
    return [
        recon_rows("name_differs", renamed, said, "名称变更了的，请重新填报备案表并更新全国系统（第六条）"),
        recon_rows("number_differs", numbered, number, "请核对是不是同一个账号，改正一处"),
        recon_rows("owner_differs", other, "全国系统里主办单位是“" + other["listed_owner"] + "”，台账里是“" + unit[is_other] + "”", "请核对主办单位，改正一处"),
        recon_rows("closed_but_listed", kept, "台账里已注销或整合（" + day + "），全国系统里还在册", "请在全国系统里注销"),
        recon_rows("duplicate", twice, "全国系统里有两行对应同一个账号", "请在全国系统里删去一行"),
    ]


def _unmatched(matched: pd.DataFrame, accounts: pd.DataFrame, live: pd.Series, answers: pd.DataFrame) -> list[pd.DataFrame]:
    """Accounts that only one of the two lists has; where two names are near, a question."""
    only_listed = matched[matched["account_id"].isna()]
    only_ours = accounts[accounts["account_id"].isin(live) & ~accounts["account_id"].isin(matched["account_id"])]
    return [
        recon_rows("unregistered", only_listed, "全国系统里有，县备案台账里没有", "在用的请补报《政务新媒体建设备案表》；不再使用的请注销（第六条）"),
        recon_rows("not_listed", only_ours, "县备案台账里有，全国系统里没有", "请在全国系统里补登记"),
        near_names(only_listed, only_ours, answers, _NATIONAL),
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
            recon_rows("duplicate", same_number, "台账里另有一个账号的平台账号ID与它相同", "请核对是否登记了两次"),
            recon_rows("duplicate", same_name, "台账里同一平台另有同名的账号", "请核对是否登记了两次，或是否重复开设"),
        ],
        ignore_index=True,
    )


def _without_export(frames: Mapping[str, pd.DataFrame], live: pd.Series) -> pd.DataFrame:
    """Live accounts of which nothing arrived that could show a post."""
    covered = frames["coverage"][~frames["coverage"]["covers"].isin(["messages", "clearances", "followers"])]
    seen = pd.concat([frames["posts"]["account_id"], frames["daily_counts"]["account_id"], covered["account_id"]])
    rows = frames["accounts"][frames["accounts"]["account_id"].isin(live) & ~frames["accounts"]["account_id"].isin(seen)]
    return recon_rows("no_export", rows, "本季度没有收到任何发布记录的导出文件", "请单位补交导出文件；没有导出功能的，填通用发布记录")


def _unclaimed(read: pd.DataFrame) -> pd.DataFrame:
    """Exports of posts that nobody could be named for."""
    rows = read[read["kind"].isin(_EXPORTS) & read["account_id"].isna() & (read["n_kept"] == 0) & (read["n_rows"] > 0)]
    platform = rows["platform"].map({code: word("platform", code) for code in choices("platform")}).fillna("平台不明")
    made = rows.assign(account_id=None, listed_name=None, src_file=rows["file"], src_sheet=rows["sheet"], src_row=None)
    return recon_rows("unclaimed_export", made, platform.astype("str") + "的导出文件不知道是哪个账号的", "请在导出文件清单里写明账号；台账里没有的，请补登记")
