"""附件 of a circular as tables of texts: 不合格账号, 问题清单, 得分表 (by setting), 更新统计, and in a draft 待定事项."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xmt_scoring.reports.bulletin import problems
from xmt_scoring.reports.bulletin.owners import named_accounts
from xmt_scoring.reports.bulletin.wording import listed
from xmt_scoring.reports.explain import item_names
from xmt_scoring.reports.official import Column
from xmt_scoring.reports.tables import ABSENT, points_text, score_or_interval
from xmt_scoring.scoring.states import FAIL, NOT_COUNTED, OPEN, fail_below
from xmt_scoring.workspace import QuarterData

KEYS = ("不合格账号", "问题清单", "得分表", "更新统计", "待定事项")
_TITLES = {
    "不合格账号": "不合格政务新媒体账号名单", "问题清单": "政务新媒体检查发现问题清单", "得分表": "政务新媒体季度检查得分表",
    "更新统计": "政务新媒体更新情况统计表", "待定事项": "待定事项清单",
}  # fmt: skip
_SERIAL, _UNIT, _NAME, _PLATFORM = Column("序号", 11, "center"), Column("主办单位", 40), Column("账号名称", 34), Column("平台", 22, "center")
_Lines = list[tuple[str, ...]]
_Part = tuple[str, tuple[Column, ...], _Lines, tuple[str, ...]]


@dataclass(frozen=True)
class Annex:
    """One annex. `mark`: 附件1, or 附件 where there is only one; `notes`: lines under the table."""

    key: str
    mark: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Whether it lies on a landscape page."""
        return self.key == "问题清单"


def annexes(data: QuarterData, marked: pd.DataFrame, rows: pd.DataFrame, is_draft: bool) -> tuple[Annex, ...]:
    """The annexes that have something in them, numbered in order. `marked`, `rows`: accounts and problems of the quarter."""
    made = [_failed(data, marked, rows), _problems(data, rows), _scores(data, marked), _updates(data, marked)]
    if is_draft:
        made.append(_open(data, marked))
    found = [part for part in made if part[2]]
    return tuple(
        Annex(key, f"附件{place}" if len(found) > 1 else "附件", _TITLES[key], columns, _numbered(told), notes)
        for place, (key, columns, told, notes) in enumerate(found, start=1)
    )


def _numbered(lines: _Lines) -> tuple[tuple[str, ...], ...]:
    return tuple((str(number), *line) for number, line in enumerate(lines, start=1))


def _lines(*columns: pd.Series) -> _Lines:
    return [tuple(map(str, line)) for line in zip(*columns, strict=True)]


def _failed(data: QuarterData, marked: pd.DataFrame, rows: pd.DataFrame) -> _Part:
    """Vetoed accounts with what they were vetoed for, and those whose score is under the line."""
    vetoes = {str(check) for veto in data.scheme.get("vetoes", ()) for check in veto["checks"]}
    causes = rows[rows["check_id"].isin(vetoes)].drop_duplicates(["account_id", "check_id"])
    told = causes.assign(problem=causes["check_id"].map(lambda check: problems.words()[check]["problem"]))
    veto = told.groupby("account_id", sort=False)["problem"].agg(listed)
    called = item_names(data.scheme)
    failed = marked[marked["state"] == FAIL]
    by_veto = "单项否决：" + failed["account_id"].map(veto).astype("str").fillna(failed["veto_code"].map(called).astype("str"))
    reason = by_veto.where(failed["is_vetoed"].astype(bool), f"得分低于{points_text(fail_below(data.scheme))}分")
    reason = reason.mask(failed["is_prominent"].astype(bool), "存在突出问题")
    lines = _lines(failed["unit_name"], failed["account_name"], failed["platform"], reason)
    return "不合格账号", (_SERIAL, _UNIT, _NAME, _PLATFORM, Column("不合格原因", 48)), lines, ()


def _problems(data: QuarterData, rows: pd.DataFrame) -> _Part:
    columns = (
        Column("序号", 11, "center"), Column("主办单位", 36), Column("账号（平台）", 40), Column("问题类别", 40), Column("具体情况", 72),
        Column("件数", 11, "center"), Column("依据", 28),
    )  # fmt: skip
    return "问题清单", columns, list(problems.problem_list(rows, named_accounts(data.frames), data.frames["units"])), ()


def _scores(data: QuarterData, marked: pd.DataFrame) -> _Part:
    """Nothing, the units' scores, or the accounts' too, as the office has set."""
    shown = data.settings["bulletin_scores"]
    if shown == "none":
        return "得分表", (), [], ()
    units = data.frames["unit_scores"]
    units = units[units["low"].notna()].sort_values(["rank_best", "rank_worst", "unit_id"], kind="stable")
    is_adopted = data.scheme.get("status") == "adopted"
    notes = () if is_adopted else ("注：评分细则为建议稿，尚未经县政府办公室采用。",)
    points, grade = Column("得分", 26, "center"), Column("等次", 18, "center")
    if shown == "units":
        rank = units["rank"].astype("str").fillna(units["rank_best"].astype("str") + "—" + units["rank_worst"].astype("str"))
        lines = _lines(units["unit_name"], units["n_accounts_scored"], _interval(units), units["grade"].fillna("待定"), rank)
        columns = (_SERIAL, Column("主办单位", 62), Column("计分账号数", 22, "center"), points, grade, Column("名次", 16, "center"))
        return "得分表", columns, lines, notes
    counted = marked[marked["state"] != NOT_COUNTED]
    lines = _lines(counted["unit_name"], counted["account_name"], counted["platform"], _interval(counted), counted["grade"].fillna("待定"))
    return "得分表", (_SERIAL, _UNIT, _NAME, _PLATFORM, points, grade), lines, notes


def _interval(frame: pd.DataFrame) -> pd.Series:
    return score_or_interval(frame).str.replace("–", "—")


def _updates(data: QuarterData, marked: pd.DataFrame) -> _Part:
    quarters = data.frames["account_quarters"].set_index("account_id").reindex(marked["account_id"])
    due = quarters["is_weekly_due"].fillna(False).to_numpy(dtype=bool)
    unknown = quarters["n_weeks_no_data"].fillna(0)
    missed = quarters["n_weeks_missed"].astype("str")
    missed = missed.mask(unknown > 0, missed + "（另" + unknown.astype("str") + "周缺数据）")
    gap = quarters["max_gap_days"].astype("str").fillna(ABSENT)
    is_partial = ~quarters["is_gap_covered"].to_numpy(dtype=bool) & quarters["max_gap_days"].notna().to_numpy(dtype=bool)
    gap = gap.mask(is_partial, gap + "*")
    lines = _lines(marked["unit_name"], marked["account_name"], marked["platform"], quarters["n_posts"], missed.where(due, "不要求"), gap)
    counts = Column("发布条数", 18, "center"), Column("缺更周数", 24 if (unknown > 0).any() else 18, "center"), Column("最长间隔（天）", 18, "center")
    columns = (_SERIAL, _UNIT, _NAME, _PLATFORM, *counts)
    notes = ["注：缺更周数为应更新而没有发布信息的自然周数；服务类账号等不要求每周更新。"]
    notes += ["标*的间隔，其间有几天没有数据。"] if is_partial.any() else []
    return "更新统计", columns, lines, tuple(notes)


def _open(data: QuarterData, marked: pd.DataFrame) -> _Part:
    """What is still to be decided, account by account: items, and vetoes that nobody has answered."""
    called = item_names(data.scheme)
    rows = data.frames["contributions"]
    rows = rows[rows["status"] == "open"].drop_duplicates(["account_id", "item_id"])
    items = rows.assign(item=rows["item_id"].map(called).fillna(rows["item_id"])).groupby("account_id", sort=False)["item"].agg(listed)
    lines: _Lines = []
    for account in marked[marked["is_provisional"].astype(bool)].to_dict("records"):
        waiting = [str(items[account["account_id"]])] if account["account_id"] in items.index else []
        waiting += [f"{called.get(code, code)}（单项否决）" for code in _codes(account)]
        effect = "合格与否" if account["state"] == OPEN else "是否单项否决" if account["state"] == NOT_COUNTED else "得分"
        lines.append((account["unit_name"], account["account_name"], account["platform"], listed(waiting), effect))
    return "待定事项", (_SERIAL, _UNIT, _NAME, _PLATFORM, Column("待定事项", 56), Column("影响", 18, "center")), lines, ()


def _codes(account: Mapping[Any, Any]) -> list[str]:
    return [] if pd.isna(account["open_vetoes"]) else str(account["open_vetoes"]).split("、")
