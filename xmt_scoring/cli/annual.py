"""`xmt annual`: the year's assessment; and what `xmt explain` and `xmt demo` do with a year."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from xmt_scoring.cli.shared import out, progress, show_paths, show_problems, today, typed_day, workspace
from xmt_scoring.periods import Year
from xmt_scoring.workspace import Workspace


def annual(
    context: typer.Context,
    year_text: Annotated[str, typer.Argument(metavar="年度", help="例如 2026")],
    as_of: Annotated[str, typer.Option("--as-of", metavar="日期", help="使用数据的最后一天，例如 2027-01-31；默认年末加宽限天数")] = "",
    public: Annotated[bool, typer.Option("--public", help="只写公布用的工作簿，不重新考核")] = False,
) -> None:
    """年度考核，写出工作簿和报告。

    季度平均、管理分、上级检查、加分，最后看单项否决。
    """
    from xmt_scoring.annual import default_as_of, public_year, run_year

    ws, year = workspace(context), Year.parse(year_text)
    if public and as_of:
        raise typer.BadParameter("--public 用已有的考核结果，不能再用 --as-of")
    if public:
        show_paths([public_year(ws, year)])
        return
    until = typed_day(as_of, "2027-01-31") if as_of else min(default_as_of(ws, year), today(context))
    with progress() as tell:
        step, paths = run_year(ws, year, until, tell)
    show_problems(step.problems)
    show_summary(ws, year)
    show_paths(paths)


def show_summary(ws: Workspace, year: Year) -> None:
    """Print what `summary` says."""
    for line in summary(ws, year):
        out.print(line, markup=False)


def summary(ws: Workspace, year: Year) -> list[str]:
    """What the command says of a scored year: counts, the vetoes with their document, what changed since last time."""
    from xmt_scoring.annual import open_year

    data = open_year(ws, year)
    units, vetoes, changes = data.frames["unit_years"], data.frames["year_vetoes"], data.frames["year_changes"]
    taking, waiting = units["low"].notna(), units["low"].notna() & units["score"].isna()
    told = f"{year.label}（第 {data.version} 版，数据截止 {data.as_of}）：{int(taking.sum())} 个单位参评，{int((~taking).sum())} 个不参评"
    lines = [told + (f"，{int(waiting.sum())} 个还有待定事项（得分显示为区间）" if waiting.any() else "，全部判定完毕")]
    lines += [f"单项否决：{message}" for message in vetoes.loc[vetoes["is_zeroing"].astype(bool), "message"]]
    if len(changes):
        names = "、".join(dict.fromkeys(changes["unit_name"]))
        lines.append(f"与第 {int(changes['from_version'].iloc[0])} 版不同的单位：{names}（见“与上次的差别”表；上一版留在 data/processed/{year}/versions）")
    return lines


def year_lines(ws: Workspace, text: str, name: str) -> list[str]:
    """What `xmt explain 2026 单位` prints."""
    from xmt_scoring.annual import open_year
    from xmt_scoring.reports.year_explain import explain_year_lines

    return explain_year_lines(open_year(ws, Year.parse(text)), name)


def demo_annual(ws: Workspace, tell: Callable[[str], None], run: Callable[..., Path]) -> list[Path]:
    """The demo's year: assessed, and again when a notice of a higher level arrives late. `run` makes its page."""
    from xmt_scoring.annual import default_as_of, run_year, score_annual
    from xmt_scoring.demo.year import demo_year, write_late_notice

    year = demo_year()
    until = default_as_of(ws, year)
    score_annual(ws, year, until, tell)
    write_late_notice(ws.root)
    _, paths = run_year(ws, year, until, tell, run)
    show_summary(ws, year)
    return paths
