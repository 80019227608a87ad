"""`xmt lint`: recomputes the numbers of a circular and prints every disagreement, what agreed, and what could not be checked."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Quarter
from xmt_scoring.workspace import Workspace

if TYPE_CHECKING:
    from xmt_scoring.lint.county import County
    from xmt_scoring.lint.report import Notes


def lint(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="文件", help="通报,.docx 或文本文件;本软件写的、手改过的、别处的都可以")],
    quarter_text: Annotated[str, typer.Option("--quarter", metavar="季度", help="与哪个季度的数据核对;默认从标题里认")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    verbose: Annotated[bool, typer.Option("--all", help="逐条列出未能核对的数")] = False,
) -> None:
    """核对通报里的数:个数、比例、合计、名单、条款、日期与期限;有不符的退出码是 1。"""
    from xmt_scoring.lint.documents import open_document
    from xmt_scoring.lint.report import as_json as to_json
    from xmt_scoring.lint.run import lint as run

    out = Console(soft_wrap=True, highlight=False)
    document = open_document(path)
    quarter, county, before, against, overrides = _facts(context, document, quarter_text)
    notes = run(document, quarter, county, before, overrides)
    if as_json:
        typer.echo(json.dumps(to_json(path.name, notes, against), ensure_ascii=False, indent=1))
    else:
        show_notes(out, path.name, notes, against, verbose)
    if notes.findings:
        raise typer.Exit(1)


def _facts(context: typer.Context, document, quarter_text: str):  # type: ignore[no-untyped-def]
    """The quarter, its facts and those of the one before, in words what is compared with, and the office's own workdays."""
    from xmt_scoring.lint.dates import quarter_of

    named = quarter_text or quarter_of(document)
    try:
        ws = Workspace.find(context.find_root().params["workspace"])
    except XmtError:
        if quarter_text:
            raise
        return (Quarter.parse(named) if named else None), None, None, "只核对文中自身(这里不是工作区)", ()
    settings = ws.settings
    if not named:
        return None, None, None, "只核对文中自身(看不出是哪个季度,可用 --quarter 指定)", settings.workday_overrides
    quarter = settings.quarter(named)
    try:
        county = _county(ws, quarter)
    except XmtError:
        if quarter_text:
            raise
        return quarter, None, None, f"只核对文中自身({quarter} 还没有计分的数据)", settings.workday_overrides
    try:
        before = _county(ws, settings.quarter(str(quarter.previous)))
    except XmtError:
        before = None
    return quarter, county, before, county.label, settings.workday_overrides


def _county(ws: Workspace, quarter: Quarter) -> County:
    from xmt_scoring.lint.county import County
    from xmt_scoring.pipeline import open_quarter

    return County.of(open_quarter(ws, quarter))


def show_notes(out: Console, name: str, notes: Notes, against: str, verbose: bool) -> None:
    """The linter's answer on the terminal."""
    if notes.findings:
        table = Table(title=f"{escape(name)}:{len(notes.findings)} 处不符", title_justify="left", show_lines=True)
        for heading in ("种类", "位置", "原句", "写的是", "应是", "依据"):
            table.add_column(heading, overflow="fold")
        for each in notes.findings:
            table.add_row(*(escape(text) for text in (each.kind, each.place, each.sentence, each.says, each.should, each.basis)))
        out.print(table)
    held = "、".join(f"{kind} {count}" for kind, count in sorted(notes.held.items()))
    out.print(f"核对依据:{against}。", markup=False)
    out.print(f"核对相符 {notes.held.total()} 处" + (f":{held}。" if held else "。"), markup=False)
    reasons = Counter(each.reason for each in notes.doubts)
    out.print(f"未能核对 {len(notes.doubts)} 处" + ("。" if not reasons else ":"), markup=False)
    if verbose:
        for doubt in notes.doubts:
            out.print(f"  {doubt.place} {doubt.says}:{doubt.reason}。原句:{doubt.sentence}", markup=False)
    else:
        for reason, count in reasons.most_common():
            out.print(f"  {reason}:{count} 处", markup=False)
        if reasons:
            out.print("  逐条列出请加 --all。", markup=False)
    if not notes.findings:
        out.print(f"{name}:没有发现不符。未能核对的数请人工核对。" if notes.doubts else f"{name}:没有发现不符。", markup=False)
