"""Rows of many exports → one frame each, every post once: identity, duplicates, overlaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xmt_scoring.frames import conform, contract, empty
from xmt_scoring.ingest.normalise import Reading
from xmt_scoring.periods import Quarter

FRAME_OF = {"posts": "posts", "daily_counts": "daily_counts", "followers": "followers"}
_TIME = {"posts": "posted_at", "daily_counts": "counted_on", "followers": "counted_on"}


@dataclass(frozen=True)
class Assembled:
    """`frame` keeps its contract; `repeated`: src_file, src_sheet, src_row, reason of rows that are in it already."""

    frame: pd.DataFrame
    repeated: pd.DataFrame


def with_source(reading: Reading, account_id: pd.Series) -> pd.DataFrame:
    """The rows of a reading that have an account, with account, platform and place."""
    grid = reading.table.grid
    rows = reading.rows.assign(
        account_id=account_id, platform=reading.kind.platform, src_file=grid.file, src_sheet=grid.sheet,
        src_row=reading.rows.index,
    )  # fmt: skip
    return rows[rows["account_id"].notna()]


def assemble(name: str, parts: list[pd.DataFrame], period: Quarter, accounts: pd.DataFrame) -> Assembled:
    """One frame from the parts in the order of their files; where the same post or day comes again the later file wins.

    `accounts` gives the platform where the export is a form for all of them, and the numbers in Weibo's addresses.
    """
    parts = [part for part in parts if len(part)]
    if not parts:
        return Assembled(empty(name), pd.DataFrame(columns=["src_file", "src_sheet", "src_row", "reason"]))
    rows = pd.concat([part.dropna(axis=1, how="all") for part in parts], ignore_index=True)
    registered = accounts.set_index("account_id")
    if "platform" not in rows:
        rows["platform"] = pd.Series(None, index=rows.index, dtype="str")
    rows["platform"] = rows["platform"].astype("str").fillna(rows["account_id"].map(registered["platform"]).astype("str"))
    if name == "posts":
        rows = _with_identity(rows, period, registered["platform_account_no"])
    key = list(contract(name).key)
    later = rows.duplicated(key, keep="last")
    reason = np.where(rows["src_file"].eq(rows.groupby(key, sort=False)["src_file"].transform("last")), "重复:同一文件里又出现", "重复:以后一个文件为准")
    repeated = rows.assign(reason=reason).loc[later].reindex(columns=["src_file", "src_sheet", "src_row", "reason"])
    kept = rows[~later].sort_values(["account_id", _TIME[name], "src_file", "src_row"], kind="stable")
    names = [column for column in contract(name).names if column in kept]
    return Assembled(conform(kept[names], name), repeated)


def _with_identity(rows: pd.DataFrame, period: Quarter, numbers: pd.Series) -> pd.DataFrame:
    """post_id: the platform's own id, else the article number in the address, else the address, else time and title.

    Weibo posts have two ids: the short one (bid) goes first, because all lists have it or an address with it.
    """
    rows = rows.reindex(columns=list(dict.fromkeys([*rows.columns, "native_id", "url", "title", "bid"])))
    for column in ("native_id", "url", "title", "bid"):
        rows[column] = rows[column].astype("str")
    weibo = rows["platform"].eq("weibo")
    if weibo.any():
        short = rows["native_id"].where(rows["native_id"].str.contains(r"[A-Za-z]", regex=True))
        bid = rows["url"].str.extract(r"weibo\.(?:com|cn)/[0-9]+/([0-9A-Za-z]{8,10})(?:[?#/]|$)")[0]
        rows["bid"] = rows["bid"].fillna(bid).fillna(short).where(weibo)
        uid = rows["account_id"].map(numbers).astype("str")
        rows["url"] = rows["url"].fillna("https://weibo.com/" + uid + "/" + rows["bid"])
    article = rows["url"].str.extract(r"[?&;]mid=(?P<mid>[0-9]+).*?[?&;]idx=(?P<idx>[0-9]+)")
    number = "mid" + article["mid"] + "-" + article["idx"]
    identity = rows["bid"].where(weibo).fillna(rows["native_id"]).fillna(number).fillna(rows["url"])
    bare = identity.isna()
    moment = pd.Series(np.datetime_as_string(rows.loc[bare, "posted_at"].to_numpy(), unit="s"), index=rows.index[bare], dtype="str")
    identity[bare] = moment + " " + rows.loc[bare, "title"].fillna("")
    rows["post_id"] = rows["account_id"] + "|" + identity
    days = rows["posted_at"].dt.normalize()
    rows["is_in_period"] = (days >= pd.Timestamp(period.start)) & (days <= pd.Timestamp(period.end))
    return rows
