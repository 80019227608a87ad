"""`xmt lint`: recomputes the numbers of a circular and prints every disagreement, what agreed, and what could not be checked."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xmt_scoring.errors import XmtError
from xmt_scoring.lint.county import County
from xmt_scoring.lint.documents import Document, open_document
from xmt_scoring.lint.original import Original
from xmt_scoring.lint.report import Notes
from xmt_scoring.periods import Quarter
from xmt_scoring.pipeline import open_quarter
from xmt_scoring.workspace import QuarterData, Workspace


def lint(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="文件", help="通报,.docx 或文本文件;本软件写的、手改过的、别处的都可以")],
    quarter_text: Annotated[str, typer.Option("--quarter", metavar="季度", help="与哪个季度的数据核对;默认从标题里认")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    verbose: Annotated[bool, typer.Option("--all", help="逐条列出未能核对的数")] = False,
) -> None:
    """核对通报里的数:个数、比例、合计、名单、条款、日期与期限;有不符的退出码是 1。"""
    from xmt_scoring.lint.report import as_json as to_json
    from xmt_scoring.lint.run import lint as run

    out = Console(soft_wrap=True, highlight=False)
    document = open_document(path)
    facts = facts_of(context.find_root().params["workspace"], document, quarter_text)
    notes, against = run(document, facts.quarter, facts.county, facts.before, facts.workday_overrides, facts.original), facts.against
    if as_json:
        typer.echo(json.dumps(to_json(path.name, notes, against), ensure_ascii=False, indent=1))
    else:
        show_notes(out, path.name, notes, against, verbose)
    if notes.findings:
        raise typer.Exit(1)


@dataclass(frozen=True)
class Facts:
    """What a circular is compared with, and that in words (`against`)."""

    against: str
    quarter: Quarter | None = None
    county: County | None = None
    before: County | None = None
    original: Original | None = None
    workday_overrides: tuple[tuple[dt.date, bool], ...] = ()


def facts_of(folder: Path, document: Document, quarter_text: str = "") -> Facts:
    """The facts of a circular's quarter and of the one before, as far as the workspace that holds `folder` has them.

    Raises XmtError where a quarter is named that this workspace has not scored, or where there is no workspace for it.
    """
    from xmt_scoring.lint.dates import quarter_of

    named = quarter_text or quarter_of(document)
    try:
        ws = Workspace.find(folder)
    except XmtError:
        if quarter_text:
            raise
        return Facts("只核对文中自身(这里不是工作区)", Quarter.parse(named) if named else None)
    settings = ws.settings
    if not named:
        return Facts("只核对文中自身(看不出是哪个季度,可用 --quarter 指定)", workday_overrides=settings.workday_overrides)
    quarter = settings.quarter(named)
    try:
        data = open_quarter(ws, quarter)
    except XmtError:
        if quarter_text:
            raise
        return Facts(f"只核对文中自身({quarter} 还没有计分的数据)", quarter, workday_overrides=settings.workday_overrides)
    county, original = County.of(data), _original(ws, data, document)
    against = county.label + ("和按它写出的通报" if original else "")
    return Facts(against, quarter, county, _before(ws, quarter), original, settings.workday_overrides)


def _before(ws: Workspace, quarter: Quarter) -> County | None:
    try:
        return County.of(open_quarter(ws, ws.settings.quarter(str(quarter.previous))))
    except XmtError:
        return None


def _original(ws: Workspace, data: QuarterData, document: Document) -> Original | None:
    """The circular that `xmt bulletin` would write today, of the date that the circular bears; none where it was never used."""
    from tempfile import TemporaryDirectory

    from xmt_scoring.cli_bulletin import earlier_quarter
    from xmt_scoring.lint.dates import issue_date
    from xmt_scoring.reports.bulletin.fields import contents
    from xmt_scoring.reports.bulletin.paper import filled, write_bulletin

    if "bulletin_figures" not in ws.receipt(data.period).get("frames", {}):
        return None
    day = issue_date(document) or data.as_of
    made = contents(data, earlier_quarter(ws, data.period), day, "")
    with TemporaryDirectory() as folder:
        path = Path(folder) / document.name
        write_bulletin(path, made, filled(ws.root, made), data.settings, day)
        return Original(open_document(path), made.figures, f"{data.period} 的数据(截止 {data.as_of})")


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
