"""Rows of many exports → one frame each, every post once: identity, duplicates, overlaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xmt_scoring.frames import contract, empty, fitted
from xmt_scoring.ingest.differing import differences
from xmt_scoring.ingest.normalise import Reading
from xmt_scoring.ingest.values import extracted
from xmt_scoring.periods import Quarter

FRAME_OF = {"posts": "posts", "daily_counts": "daily_counts", "followers": "followers"}
_REPEATED = ["src_file", "src_sheet", "src_row", "reason", "differs", "in_words"]
_TIME = {"posts": "posted_at", "daily_counts": "counted_on", "followers": "counted_on"}


@dataclass(frozen=True)
class Assembled:
    """`frame` keeps its contract; `repeated`: src_file, src_sheet, src_row, reason of rows that are in it already, with
    `differs` (what the kept row says otherwise) and `in_words` (whether more than counts)."""

    frame: pd.DataFrame
    repeated: pd.DataFrame


@dataclass(frozen=True)
class Part:
    """The rows of one export and the account of each; rows without an account wait and are no part of a frame."""

    reading: Reading
    account_id: pd.Series


def assemble(name: str, parts: list[Part], period: Quarter, accounts: pd.DataFrame) -> Assembled:
    """One frame from the parts in the order of their files; where the same post or day comes again the later file wins.

    `accounts` gives the platform where the export is a form for all of them, and the numbers in Weibo's addresses.
    """
    parts = [part for part in parts if len(part.reading.rows)]
    rows = _joined(parts) if parts else pd.DataFrame()
    if not len(rows):
        return Assembled(empty(name), pd.DataFrame(columns=_REPEATED))
    registered = accounts.set_index("account_id")
    rows["platform"] = rows["platform"].fillna(rows["account_id"].map(registered["platform"]).astype("str"))
    if name == "posts":
        rows = _with_identity(rows, period, registered["platform_account_no"])
    key = list(contract(name).key)
    joined = _one_row_a_day(rows, key) if name == "followers" else pd.Series(False, index=rows.index)
    later = rows.duplicated(key, keep="last")
    again = rows[rows.duplicated(key, keep=False)] if later.any() else rows[later]
    kept = rows[~later] if later.any() else rows
    last_file = again.groupby(key, sort=False)["src_file"].transform("last")[later]
    repeated = rows.loc[later, ["src_file", "src_sheet", "src_row"]]
    repeated["differs"], repeated["in_words"] = differences(again[later[again.index]], again[~later[again.index]], name)
    reason = pd.Series("重复：以后一个文件为准", index=repeated.index, dtype="str").mask(repeated["src_file"].eq(last_file), "重复：同一文件里又出现")
    reason = reason.mask(joined[repeated.index], "同一天的另一项数：已并入后面的那一行")
    repeated["reason"] = reason.mask(repeated["differs"].ne(""), reason + "，内容不同")
    kept = kept.sort_values(["account_id", _TIME[name], "src_file", "src_row"], kind="stable")
    names = [column for column in contract(name).names if column in kept]
    return Assembled(fitted(kept[names], name), repeated)


def _joined(parts: list[Part]) -> pd.DataFrame:
    """The rows of all parts that have an account, with account, platform and place, in the order of the parts.

    Parts with the same columns are put together first: joining tables of other columns costs far more.
    """
    alike: dict[tuple[str, ...], list[int]] = {}
    for at, part in enumerate(parts):
        alike.setdefault(tuple(part.reading.rows.columns), []).append(at)
    order = np.concatenate([np.repeat(at, len(parts[at].reading.rows)) for group in alike.values() for at in group])
    groups = [pd.concat([parts[at].reading.rows for at in group]) for group in alike.values()]
    joined = [pd.concat([parts[at].account_id for at in group], ignore_index=True) for group in alike.values()]
    numbers = np.concatenate([group.index.to_numpy() for group in groups])
    rows = pd.concat(groups, ignore_index=True)
    said = pd.DataFrame(
        [(part.reading.kind.platform, part.reading.table.grid.file, part.reading.table.grid.sheet) for part in parts],
        columns=["platform", "src_file", "src_sheet"], dtype="str",
    ).iloc[order]  # fmt: skip
    rows = rows.assign(account_id=pd.concat(joined, ignore_index=True), **dict(said.reset_index(drop=True)), src_row=numbers)
    in_order = np.argsort(order, kind="stable")
    return rows.iloc[in_order[rows["account_id"].notna().to_numpy()[in_order]]].reset_index(drop=True)


def _one_row_a_day(rows: pd.DataFrame, key: list[str]) -> pd.Series:
    """Followers come with one number a file (total, net, lost): what a later row of the day lacks is filled in from the one
    before. Returns which rows gave something."""
    values = [column.name for column in contract("followers").columns if column.kind == "int" and column.name in rows and column.name != "src_row"]
    was_missing = rows[values].isna()
    rows[values] = rows.groupby(key, sort=False)[values].ffill()
    took = (was_missing & rows[values].notna()).any(axis=1)
    gave = took.groupby([rows[name] for name in key], sort=False).transform("any")
    return gave & rows.duplicated(key, keep="last")


def _is_shared(rows: pd.DataFrame) -> pd.Series:
    """Addresses that an account wrote beside different titles on different days, as its home page: they name no post."""
    again = rows[rows["url"].notna() & rows.duplicated(["account_id", "url"], keep=False)]
    of_address = again.assign(day=again["posted_at"].dt.normalize()).groupby(["account_id", "url"], sort=False)
    differ = (of_address["day"].transform("nunique") > 1) & (of_address["title"].transform("nunique") > 1)
    return differ.reindex(rows.index, fill_value=False)


def _with_identity(rows: pd.DataFrame, period: Quarter, numbers: pd.Series) -> pd.DataFrame:
    """post_id: the platform's own id, else the article number in the address, else the address where it
    names one post, else time and title.

    Weibo posts have two ids: the short one (bid) goes first, because all lists have it or an address with it.
    """
    rows = rows.reindex(columns=list(dict.fromkeys([*rows.columns, "native_id", "url", "title", "bid"])))
    for column in ("native_id", "url", "title", "bid"):
        rows[column] = rows[column].astype("str")
    weibo = rows["platform"].eq("weibo")
    if weibo.any():
        own = rows.loc[weibo, "url"]
        short = rows["native_id"].where(rows["native_id"].str.contains(r"[A-Za-z]", regex=True))
        bid = extracted(own, r"weibo\.(?:com|cn)/[0-9]+/(?P<bid>[0-9A-Za-z]{8,10})(?:[?#/]|$)")["bid"]
        rows["bid"] = rows["bid"].fillna(bid).fillna(short).where(weibo)
        uid = rows["account_id"].map(numbers).astype("str")
        rows["url"] = rows["url"].fillna("https://weibo.com/" + uid + "/" + rows["bid"])
    article = extracted(rows["url"], r"[?&;]mid=(?P<mid>[0-9]+).*?[?&;]idx=(?P<idx>[0-9]+)")
    number = "mid" + article["mid"] + "-" + article["idx"]
    identity = rows["bid"].where(weibo).fillna(rows["native_id"]).fillna(number).fillna(rows["url"].mask(_is_shared(rows)))
    bare = identity.isna()
    moment = pd.Series(np.datetime_as_string(rows.loc[bare, "posted_at"].to_numpy(), unit="s"), index=rows.index[bare], dtype="str")
    identity[bare] = moment + " " + rows.loc[bare, "title"].fillna("")
    rows["post_id"] = rows["account_id"] + "|" + identity
    days = rows["posted_at"].dt.normalize()
    rows["is_in_period"] = (days >= pd.Timestamp(period.start)) & (days <= pd.Timestamp(period.end))
    return rows
