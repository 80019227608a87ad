"""Everything that a circular's template may name: figures, lists of names, dates, the numbers of the annexes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xmt_scoring import law
from xmt_scoring.model import Outcome
from xmt_scoring.periods import add_workdays
from xmt_scoring.reports.bulletin import annexes, overall, problems, wording
from xmt_scoring.reports.bulletin.annexes import Annex
from xmt_scoring.reports.bulletin.figures import Figures
from xmt_scoring.reports.bulletin.owners import named_accounts
from xmt_scoring.scoring.states import FAIL, NOT_COUNTED, PASS
from xmt_scoring.workspace import QuarterData


@dataclass(frozen=True)
class Contents:
    """What a circular is made of. `is_draft`: something is open, so it is a 征求意见稿."""

    fields: Mapping[str, Any]
    figures: pd.DataFrame
    annexes: tuple[Annex, ...]
    is_draft: bool


def contents(data: QuarterData, earlier: overall.Earlier | None, issued_on: dt.date, document_no: str) -> Contents:
    """The contents of a scored quarter's circular. `document_no` is empty while it has no number.

    Raises XmtError where the calendar does not know the workdays up to the deadline.
    """
    frames, settings = data.frames, data.settings
    figures = Figures(settings["rate_places"])
    marked = overall.marked_accounts(frames, data.scheme, settings)
    failed = frames["verdicts"][(frames["verdicts"]["outcome"] == Outcome.FAIL).to_numpy(dtype=bool)]
    rows = problems.problem_rows(failed, data.scheme)
    is_draft = bool(marked["is_provisional"].any())
    fields = {
        "县": settings.county, "办法": law.TITLE, "季度": data.period.label, "年份": str(data.period.year), "文号": document_no,
        "起止": wording.span(data.period.start, data.period.end), "截止日": wording.day(data.as_of), "征求意见稿": is_draft,
        **overall.register_fields(marked, frames, data.period, settings["min_live_days"], figures),
        **overall.result_fields(marked, figures),
    }  # fmt: skip
    waits = marked["is_provisional"].astype(bool)
    n_uncounted = int((waits & (marked["state"] == NOT_COUNTED)).sum())
    fields["待定账号数"] = figures.count("待定账号数", int(waits.sum()), "account_scores", "还有待定项或待答否决项的账号数，含不评分的")
    fields["不评分待定数"] = figures.count("不评分待定数", n_uncounted, "account_scores", "其中不评分、不计入合格率的账号数")
    fields |= overall.change_fields(fields.get("合格率"), earlier, figures)
    fields |= overall.failed_before(marked, earlier, figures)
    fields["突出问题算不合格"] = settings["prominent_counts_as"] == "fail"
    fields |= {"不合格账号": marked.loc[marked["state"] == FAIL, "full_name"].tolist()}
    fields |= _rectified(problems.problem_rows(frames["earlier_problems"], data.scheme), frames, figures)
    fields |= _problems(rows, marked, frames, figures)
    fields |= _praise(rows, marked, figures)
    fields |= _deadline(data, issued_on, is_draft, figures)
    made = annexes.annexes(data, marked, rows, is_draft)
    fields["附件"] = {annex.key: annex.mark for annex in made} | {key: "" for key in annexes.KEYS if key not in {each.key for each in made}}
    return Contents(fields, figures.frame(), made, is_draft)


def _rectified(before: pd.DataFrame, frames: Mapping[str, pd.DataFrame], figures: Figures) -> dict[str, Any]:
    """The problems of the quarter before (as its circular counted them) by the register of rectifications: put right, and not yet."""
    done = before["is_resolved"].to_numpy(dtype=bool)
    names = frames["units"].set_index("unit_id")["unit_name"]
    waiting = before.loc[~done, "unit_id"].drop_duplicates().sort_values()
    made: dict[str, Any] = {
        "上季度已检查": bool(len(frames["earlier_checks"])),
        "有整改台账": bool(len(frames["rectifications"])),  # without a row nobody knows who put what right: no unit is accused
        "上季度问题数": figures.count("上季度问题数", len(before), "earlier_problems", "上季度账号和单位不合格的条数，同一事件只计一次"),
        "已整改数": figures.count("已整改数", int(done.sum()), "earlier_problems", "整改台账记为已整改或已注销"),
        "未整改数": figures.count("未整改数", int((~done).sum()), "earlier_problems", "台账没有记录，或没有记为已整改"),
        "未整改单位": waiting.map(names).astype("str").tolist(),
    }
    if len(before):
        made["整改率"] = figures.rate("整改率", int(done.sum()), len(before), "earlier_problems", "已整改数÷上季度问题数")
    return made


def _problems(rows: pd.DataFrame, marked: pd.DataFrame, frames: Mapping[str, pd.DataFrame], figures: Figures) -> dict[str, Any]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for kind in problems.kinds(rows, named_accounts(frames), frames["units"], figures):
        told = {"名称": kind.problem, "规模": kind.size, "名单": kind.names, "数": kind.n_subjects, "件数": kind.n_cases}
        groups.setdefault(kind.group, []).append(told)
    live = set(marked["account_id"])
    n_accounts = rows.loc[rows["account_id"].isin(live), "account_id"].nunique()
    return {
        "问题数": figures.count("问题数", len(rows), "verdicts", "账号和单位不合格的条数，同一事件只计一次"),
        "问题账号数": figures.count("问题账号数", n_accounts, "verdicts", "有不合格条目的账号数"),
        "问题单位数": figures.count("问题单位数", rows["unit_id"].nunique(), "verdicts", "账号或单位自身有不合格条目的单位数"),
        "问题类": [{"名称": name, "问题": told} for name, told in groups.items()],
    }


def _praise(rows: pd.DataFrame, marked: pd.DataFrame, figures: Figures) -> dict[str, Any]:
    """Units all of whose accounts were counted and passed, where nothing was found and nothing is open; the supervising
    office does not praise itself."""
    is_sound = (marked["state"] == PASS) & ~marked["is_provisional"].astype(bool)
    is_good = is_sound.groupby(marked["unit_id"]).transform("all") & ~marked["unit_id"].isin(rows["unit_id"]) & ~marked["is_supervisor"]
    names = marked.loc[is_good, "unit_name"].drop_duplicates().tolist()
    counted = marked[marked["state"] != NOT_COUNTED]
    clean = counted[(counted["state"] == PASS) & ~counted["account_id"].isin(rows["account_id"])]
    return {
        "无问题单位": names,
        "无问题单位数": figures.count("无问题单位数", len(names), "verdicts", "所办账号全部合格、账号和单位都没有问题的单位数，主管单位除外"),
        "无问题账号数": figures.count("无问题账号数", len(clean), "verdicts", "合格而且没有问题的账号数"),
    }


def _deadline(data: QuarterData, issued_on: dt.date, is_draft: bool, figures: Figures) -> dict[str, Any]:
    days = int(data.settings["rectify_workdays"])
    made: dict[str, Any] = {"整改工作日": figures.count("整改工作日", days, "xmt.toml", "设置 rectify_workdays")}
    if is_draft:  # nobody knows yet when it will be issued
        return {**made, "成文日期": f"{issued_on.year}年　月　日", "整改期限": f"本通报印发之日起{days}个工作日内"}
    last = add_workdays(issued_on, days, data.settings.workday_overrides)
    return {**made, "成文日期": wording.day(issued_on), "整改期限": f"{wording.day(last)}前"}
