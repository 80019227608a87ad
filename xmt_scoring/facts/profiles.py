"""What accounts say of themselves on the platform (profiles, and the names in the rows of exports) beside the register."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.facts.account_lists import near_names, recon_rows
from xmt_scoring.ingest.account_names import Ways, folded, match, other_number

_COUNTY = r"^.{1,4}?[县市区](?=.{2})"  # 太白县林业局 may call itself 林业局
_CLOSED = ("deregistered", "merged")
MOST_TOLD = 30  # accounts of one file that the register lacks, named one by one


def matched_profiles(frames: Mapping[str, pd.DataFrame], ways: Ways) -> pd.DataFrame:
    """Frame `profiles` with `account_id` and `how` it was found, missing where the register has no such account; `listed_name`
    is its name, or its number where it gives none."""
    rows = frames["profiles"].rename(columns={"profile_name": "listed_name"})
    rows = rows.join(match(rows, ways))
    return rows.assign(listed_name=rows["listed_name"].fillna(rows["platform_account_no"]))


def profile_differences(frames: Mapping[str, pd.DataFrame], ways: Ways, live: pd.Series) -> list[pd.DataFrame]:
    """Name, number, owner and closing as the profile shows them and as the register has them; accounts that it lacks.

    `live`: the accounts that the quarter checks.
    """
    matched, accounts = matched_profiles(frames, ways), frames["accounts"]
    wanted = ["account_id", "account_name", "owner_id", "cert_subject", "account_status", "closed_on"]
    own = matched[matched["account_id"].notna()].merge(accounts[wanted], on="account_id", validate="m:1")
    unknown = matched[matched["account_id"].isna()]
    only_ours = accounts[accounts["account_id"].isin(live) & ~accounts["account_id"].isin(matched["account_id"])]
    return [
        *_names(own, accounts),
        *_owners(own, frames["units"]),
        _closed(own),
        *_unregistered(unknown),
        near_names(unknown, only_ours, frames["account_matches"], "导出文件"),
    ]  # fmt: skip


def _unregistered(unknown: pd.DataFrame) -> list[pd.DataFrame]:
    """Accounts that the register lacks; of a list with very many (an archive tool writes everybody's into one) only how many."""
    todo = "是本县政务账号的，请补报《政务新媒体建设备案表》（第六条）；不是的不用管"
    is_long = unknown["src_file"].map(unknown["src_file"].value_counts()) > MOST_TOLD
    each = recon_rows("unregistered", unknown[~is_long], "导出文件里有这个账号，县备案台账里没有", todo)
    together = []
    for _, rows in unknown[is_long].groupby("src_file", sort=True):
        named = "、".join(rows["listed_name"].head(5).astype(str))
        told = f"导出文件里另有 {len(rows)} 个账号不在县备案台账里，没有逐个列出（如 {named}）"
        together.append(recon_rows("unregistered", rows.head(1).assign(listed_name=None, platform=None), told, "请在该文件里找本县的账号；" + todo))
    return [each, *together]


def _names(own: pd.DataFrame, accounts: pd.DataFrame) -> list[pd.DataFrame]:
    is_named = own["how"].isin(["number", "former"]) & own["listed_name"].ne(own["platform_account_no"])
    renamed = own[is_named & (folded(own["listed_name"]) != folded(own["account_name"]))]
    said = "平台上是“" + renamed["listed_name"] + "”，备案台账里是“" + renamed["account_name"] + "”"
    said = said.where(renamed["how"] != "former", said + "（是它的旧名称，导出也许早于更名）")
    registered = other_number(own, accounts)
    numbered = own[registered.notna()]
    has_number = own["account_id"].map(accounts.set_index("account_id")["platform_account_no"]).notna()
    bare = own[~has_number & own["platform_account_no"].notna()].drop_duplicates(["account_id", "platform_account_no"])
    number = "平台账号ID在导出文件里是 " + numbered["platform_account_no"] + "，备案台账里是 " + registered[registered.notna()]
    return [
        recon_rows("name_differs", renamed, said, "名称变更了的，请重新填报备案表（第六条），并在台账的“变更”表里记下"),
        recon_rows("number_differs", numbered, number, "请核对是不是同一个账号；台账写错的请改正，同名的别的账号请不要放进来"),
        recon_rows(
            "number_missing", bare, "平台账号ID在导出文件里是 " + bare["platform_account_no"] + "，备案台账里没有填", "核对后请补填：以后凭它认领最可靠"
        ),
    ]


def _owners(own: pd.DataFrame, units: pd.DataFrame) -> list[pd.DataFrame]:
    """The words of the verification name neither the unit nor the subject in the register; or there is no verification."""
    unit = own["owner_id"].map(units.set_index("unit_id")["unit_name"]).astype("str")
    said = folded(own["verified_as"])
    names = [folded(unit), folded(unit.str.replace(_COUNTY, "", regex=True)), folded(own["cert_subject"])]
    is_named = pd.Series(
        [any(isinstance(name, str) and name and name in text for name in each) for text, *each in zip(said.fillna(""), *names, strict=True)],
        index=own.index, dtype=bool,
    )  # fmt: skip
    other = own[said.notna() & ~is_named & unit.notna()]
    none = own[own["is_verified"].eq(False).fillna(False).astype(bool) & own["cert_subject"].notna()]
    return [
        recon_rows(
            "owner_differs", other, "平台的认证信息是“" + other["verified_as"] + "”，没有写主办单位“" + unit[other.index] + "”",
            "请核对主办单位和认证主体，改正一处",
        ),
        recon_rows("owner_differs", none, "平台上没有认证，台账里的认证主体是“" + none["cert_subject"] + "”", "请核对认证主体"),
    ]  # fmt: skip


def _closed(own: pd.DataFrame) -> pd.DataFrame:
    """Only what the profile itself shows: old posts of a closed account are no sign that it is still there."""
    kept = own[own["is_profile"] & (own["account_status"].isin(_CLOSED) | own["closed_on"].notna())]
    day = kept["closed_on"].dt.strftime("%Y-%m-%d").fillna("日期未填").astype("str")
    told = "台账里已注销或整合（" + day + "），平台资料里还有这个账号；资料没有日期"
    return recon_rows("closed_but_listed", kept, told, "请核对平台上是否真的注销了；资料是注销之前导出的不用管")
