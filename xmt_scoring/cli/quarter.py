"""The steps of a quarter as commands: `xmt run`, `import`, `check`, `score`, `report`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from xmt_scoring.cli.shared import (
    QuarterText,
    out,
    progress,
    scored_quarter,
    show_paths,
    show_problems,
    today,
    typed_day,
    workspace,
)
from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Quarter
from xmt_scoring.workspace import Workspace

if TYPE_CHECKING:
    from xmt_scoring.pipeline import Step

AsOf = Annotated[str, typer.Option("--as-of", metavar="日期", help="使用数据的最后一天，例如 2026-10-10；默认季末加宽限天数")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="没有变的文件也重新读一遍")]


def _until(context: typer.Context, ws: Workspace, quarter: Quarter, text: str) -> dt.date:
    from xmt_scoring.pipeline import default_as_of

    return typed_day(text, "2026-10-10") if text else min(default_as_of(ws, quarter), today(context))


def quarter_line(text: str, step: Step) -> str:
    """One line on a scored quarter: units, accounts, and how many are still open."""
    units, accounts = step.frames["unit_scores"], step.frames["account_scores"]
    still_open = int(accounts["is_provisional"].sum())
    told = f"{text}：{len(units)} 个单位、{len(accounts)} 个账号"
    return told + (f"，{still_open} 个账号还有待定项（得分显示为区间）" if still_open else "，全部判定完毕")



def run(context: typer.Context, quarter_text: QuarterText, as_of: AsOf = "", no_cache: NoCache = False) -> None:
    """导入 → 检查 → 计分 → 出表，一步完成。"""
    from xmt_scoring.cli.show import show_import
    from xmt_scoring.pipeline import run_quarter

    ws = workspace(context)
    quarter = ws.settings.quarter(quarter_text)
    with progress() as tell:
        step, paths = run_quarter(ws, quarter, _until(context, ws, quarter, as_of), tell, cached=not no_cache)
    show_import(out, step.frames)
    show_problems(step.problems)
    out.print(quarter_line(quarter_text, step), markup=False)
    show_paths(paths)


def import_exports(
    context: typer.Context,
    quarter_text: Annotated[str, typer.Argument(metavar="季度", help="例如 2026Q3")] = "",
    as_of: AsOf = "",
    no_cache: NoCache = False,
    explain_path: Annotated[Path | None, typer.Option("--explain", metavar="文件", help="只说明一个文件会被怎样读")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="与 --explain 同用：输出 JSON")] = False,
) -> None:
    """读取 data/raw/<季度>/ 里的全部文件，列出每个文件采用与隔离的行数，以及还缺什么。"""
    from xmt_scoring.cli.show import show_explained, show_import

    if explain_path is not None:
        problems = show_explained(out, explain_path, as_json, context.find_root().params["workspace"])
        if any(problem.is_fatal for problem in problems):
            raise XmtError(problems)
        if not as_json:
            show_problems(problems)
        return
    if not quarter_text:
        raise typer.BadParameter("请写季度，例如 xmt import 2026Q3")
    from xmt_scoring.pipeline import import_quarter

    ws = workspace(context)
    quarter = ws.settings.quarter(quarter_text)
    with progress() as tell:
        step = import_quarter(ws, quarter, _until(context, ws, quarter, as_of), tell, cached=not no_cache)
    show_import(out, step.frames)
    show_problems(step.problems)


def check(context: typer.Context, quarter_text: QuarterText) -> None:
    """在已导入的数据上逐条规则检查。截止日沿用导入时的。"""
    from xmt_scoring.cli.show import show_rules
    from xmt_scoring.pipeline import check_quarter

    ws, quarter = scored_quarter(context, quarter_text)
    with progress() as tell:
        step = check_quarter(ws, quarter, tell)
    show_rules(out, step.frames["rules_run"])
    show_problems(step.problems)


def score(context: typer.Context, quarter_text: QuarterText) -> None:
    """按评分细则计分、排名。截止日沿用导入时的。"""
    from xmt_scoring.cli.show import show_scores
    from xmt_scoring.pipeline import score_quarter

    ws, quarter = scored_quarter(context, quarter_text)
    with progress() as tell:
        step = score_quarter(ws, quarter, tell)
    show_scores(out, step.frames["unit_scores"])
    show_problems(step.problems)


def report(
    context: typer.Context,
    quarter_text: QuarterText,
    unit: Annotated[str, typer.Option(metavar="单位", help="只出一个单位的报告")] = "",
    each_unit: Annotated[bool, typer.Option("--each-unit", help="每个单位各出一份报告")] = False,
    jobs: Annotated[int, typer.Option(min=1, metavar="份数", help="与 --each-unit 同用：同时做几份")] = 2,
    public: Annotated[bool, typer.Option("--public", help="只写公布用的工作簿：没有个人信息和内部表")] = False,
) -> None:
    """写出考核评分表、季度报告和数据体检。

    也可以只写各单位的报告，或公布用的工作簿。截止日沿用导入时的。
    """
    from xmt_scoring.pipeline import public_quarter, report_quarter

    if sum((bool(unit), each_unit, public)) > 1:
        raise typer.BadParameter("--unit、--each-unit、--public 只能用一个")
    ws, quarter = scored_quarter(context, quarter_text)
    if unit or each_unit:
        _report_units(ws, quarter, unit, jobs)
        return
    with progress() as tell:
        paths = [public_quarter(ws, quarter)] if public else report_quarter(ws, quarter, tell)
    show_paths(paths)


def _report_units(ws: Workspace, quarter: Quarter, unit: str, jobs: int) -> None:
    from xmt_scoring.pipeline import open_quarter
    from xmt_scoring.reports.unit_pages import unit_pages

    data = open_quarter(ws, quarter)
    total = 1 if unit else len(data.frames["units"])
    with Progress(TextColumn("单位报告"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), console=out) as bar:
        task = bar.add_task(unit, total=total)
        paths, problems = unit_pages(ws, data, unit, jobs, lambda name: bar.update(task, advance=1, description=name))
    show_paths(paths)
    if problems:
        raise XmtError(problems)
