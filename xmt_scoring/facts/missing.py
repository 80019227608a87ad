"""What is still missing for a quarter: weeks that no data decides, accounts without any export, message lists (frame `gaps`)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.frames import conform, empty
from xmt_scoring.periods import Quarter

FIRST_WEEK = "第一周从上个季度的最后几天开始：请先运行上个季度，或把导出的起始日提前到那个周一"
NO_MESSAGES = "没有声明覆盖全季的留言清单（放一份留言.xlsx，没有留言的只留表头；再在导出文件清单里为它写一行：数据内容填“留言”，起止日写全季）"


def missing_data(frames: Mapping[str, pd.DataFrame], facts: Mapping[str, pd.DataFrame], period: Quarter) -> pd.DataFrame:
    """One row per account and week without data, and per account whose messages are not known to be complete.

    An account without a single export has one row without week instead of thirteen with. The week that begins in the
    quarter before says so: exports of exactly this quarter leave it open, and nobody sees why.
    """
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id"]]
    names = frames["accounts"][["account_id", "account_name"]]
    weeks = facts["account_weeks"]
    open_weeks = weeks.loc[weeks["is_due"] & weeks["n_posts"].isna(), ["account_id", "week_start"]]
    is_first = open_weeks["week_start"] < pd.Timestamp(period.start)
    open_weeks = open_weeks.assign(message=is_first.map({True: FIRST_WEEK, False: "没有能证明这周是否发布的数据"}).astype("str"))
    exported = frames["coverage"][~frames["coverage"]["covers"].isin(["messages", "clearances", "followers"])]
    seen = pd.concat([frames["posts"]["account_id"], frames["daily_counts"]["account_id"], exported["account_id"]])
    nothing = open_weeks[~open_weeks["account_id"].isin(seen)].drop_duplicates("account_id")
    parts = [
        _whole(nothing).assign(covers="posts", message="没有任何发布记录的导出文件"),
        open_weeks[open_weeks["account_id"].isin(seen)].assign(covers="posts"),
    ]
    sources = facts["message_sources"]
    incomplete = live[live["account_id"].isin(sources.loc[~sources["is_complete"], "account_id"])]
    parts.append(_whole(incomplete).assign(covers="messages", message=NO_MESSAGES))
    rows = pd.concat([part for part in parts if len(part)] or [empty("gaps").drop(columns="account_name")])
    rows = rows.merge(names, on="account_id", how="left", validate="m:1")
    return conform(rows.sort_values(["account_id", "covers", "week_start"], kind="stable", na_position="first"), "gaps")


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows for the whole quarter instead of a week."""
    return rows.assign(week_start=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]"))
