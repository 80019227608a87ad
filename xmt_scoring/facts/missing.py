"""What is still missing for a quarter: weeks that no data decides, accounts without any export, lists and registers (frame `gaps`);
and people's checks that are of another quarter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from xmt_scoring.errors import Problem, place
from xmt_scoring.frames import conform, empty
from xmt_scoring.glossary import heading
from xmt_scoring.periods import Quarter

FIRST_WEEK = "第一周从上个季度的最后几天开始：请先运行上个季度，或把导出的起始日提前到那个周一"
NO_MESSAGES = "没有声明覆盖全季的留言清单（放一份留言.xlsx，没有留言的只留表头；再在导出文件清单里为它写一行：数据内容填“留言”，起止日写全季）"
NO_CLEARANCES = "有的信息没有审核记录，也没有声明审核记录覆盖全季（放一份审核记录.xlsx；再在导出文件清单里为它写一行：数据内容填“审核记录”，起止日写全季）"
NO_FILINGS = "没有备案登记（填“账号备案台账.xlsx”的“备案表”；变更过的再填“变更”）"
NO_STAFF = "没有本单位人员的登记（填“人员.xlsx”：主要负责人、分管领导、运维人员、信息员）"


def missing_data(frames: Mapping[str, pd.DataFrame], facts: Mapping[str, pd.DataFrame], period: Quarter, as_of: dt.date) -> pd.DataFrame:
    """One row per account and week without data, and per account whose messages, clearances, filings or people nobody gave.

    Weeks that were not over at `as_of` are open, but nobody can send them yet. An account without a single export has one
    row without week instead of thirteen with. The week that begins in the quarter before says so: exports of exactly this
    quarter leave it open, and nobody sees why.
    """
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id"]]
    names = frames["accounts"][["account_id", "account_name"]]
    weeks = facts["account_weeks"]
    open_weeks = weeks.loc[weeks["is_due"] & weeks["n_posts"].isna(), ["account_id", "week_start"]]
    open_weeks = open_weeks[open_weeks["week_start"] + pd.Timedelta(days=6) <= pd.Timestamp(as_of)]
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
    parts += _registers(frames, facts, live)
    rows = pd.concat([part for part in parts if len(part)] or [empty("gaps").drop(columns="account_name")])
    rows = rows.merge(names, on="account_id", how="left", validate="m:1")
    return conform(rows.sort_values(["account_id", "covers", "week_start"], kind="stable", na_position="first"), "gaps")


def dated_elsewhere(frames: Mapping[str, pd.DataFrame], period: Quarter, as_of: dt.date) -> list[Problem]:
    """Sheets with rows of people's checks that are dated before the quarter or after `as_of` and so decide nothing in it:
    the form of the last quarter copied as it was, or a year that slipped. An inspection from above belongs to the quarter
    of its day, whenever its paper came."""
    told = []
    any_day, own_day = "日期写错的请改正；其他季度的不用管", "日期写错的请改正；其他季度的请登记在那个季度的文件夹里"
    for name, column, last, todo in (
        ("checks_done", "checked_at", as_of, any_day),
        ("findings", "found_on", as_of, any_day),
        ("upper_inspections", "inspected_on", min(period.end, as_of), own_day),
    ):
        rows = frames[name]
        day = rows[column].dt.normalize()
        outside = rows[day.notna() & ~day.between(pd.Timestamp(period.start), pd.Timestamp(last))]
        for (file, sheet), part in outside.groupby(["src_file", "src_sheet"], sort=True, dropna=False):
            days = [f"{day:%Y-%m-%d}" for day in (part[column].min(), part[column].max())]
            what = f"{len(part)} 行的{heading(column)}（{' 至 '.join(dict.fromkeys(days))}）不在 {period.start} 至 {last}，{period.label}没有采用"
            where = place(str(file), sheet if isinstance(sheet, str) else None)
            told.append(Problem(where, what, todo, False))
    return told


def dated_after(frames: Mapping[str, pd.DataFrame], as_of: dt.date) -> list[Problem]:
    """One message where exports have rows after the last day that is used: they came late, or a time is wrong."""
    parts = []
    for name, column in (("posts", "posted_at"), ("daily_counts", "counted_on"), ("messages", "received_at"), ("clearances", "cleared_at")):
        rows = frames[name]
        late = rows.loc[rows[column].dt.normalize() > pd.Timestamp(as_of), ["src_file", "src_sheet", "src_row", column]]
        parts.append(late.set_axis(["file", "sheet", "row", "when"], axis=1))
    late = pd.concat(parts, ignore_index=True)
    if not len(late):
        return []
    last = late.sort_values(["when", "file", "row"]).iloc[-1]
    seen = place(last["file"], last["sheet"] if isinstance(last["sheet"], str) else None, int(last["row"]))
    what = f"{late['file'].nunique()} 个文件里有 {len(late)} 行比数据截止日 {as_of} 晚，没有采用；最晚的在 {seen}，{last['when']:%Y-%m-%d}"
    return [Problem("截止日以后的数据", what, "导出得晚的不用管；时间写错的请改正", False)]


def _registers(frames: Mapping[str, pd.DataFrame], facts: Mapping[str, pd.DataFrame], live: pd.DataFrame) -> list[pd.DataFrame]:
    """Accounts whose posts nobody can say were cleared, that no register of filings or of people speaks of."""
    cleared, filed, manned = facts["clearance_facts"], facts["filing_facts"], facts["staff_facts"]
    quarters, posts = facts["account_quarters"], frames["posts"]
    is_known = cleared["has_clearance"] | cleared["is_covered"]
    posted = quarters.loc[quarters["n_posts"] > 0, "account_id"]
    listed = posted[posted.isin(posts.loc[posts["is_visible"].to_numpy(dtype=bool), "account_id"])]
    open_posts = listed.isin(cleared.loc[~is_known, "account_id"]) | ~listed.isin(cleared["account_id"])
    unmanned = manned.loc[~manned["has_register"], "unit_id"]
    found = {
        ("clearances", NO_CLEARANCES): listed[open_posts],
        ("filings", NO_FILINGS): filed.loc[~filed["has_register"], "account_id"],
        ("staff", NO_STAFF): quarters.loc[quarters["unit_id"].isin(unmanned), "account_id"],
    }
    return [_whole(live[live["account_id"].isin(ids)]).assign(covers=covers, message=message) for (covers, message), ids in found.items()]


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows for the whole quarter instead of a week."""
    return rows.assign(week_start=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]"))
