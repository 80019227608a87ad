"""`xmt lint`: recomputes the numbers of a circular and prints every disagreement, what agreed, and what could not be checked."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from xmt_scoring.cli.shared import out

if TYPE_CHECKING:
    from xmt_scoring.lint.report import Notes


def lint(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="文件", help="通报，.docx 或文本文件；本软件写的、手改过的、别处的都可以")],
    quarter_text: Annotated[str, typer.Option("--quarter", metavar="季度", help="与哪个季度的数据核对；默认从标题里认")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    verbose: Annotated[bool, typer.Option("--all", help="逐条列出未能核对的数")] = False,
) -> None:
    """核对通报里的数、名称、条款和日期。

    个数、比例、合计、名单、条款、日期与期限；有不符的退出码是 1。
    """
    from xmt_scoring.lint.documents import open_document
    from xmt_scoring.lint.facts import facts_of
    from xmt_scoring.lint.report import as_json as to_json

    document = open_document(path)
    facts = facts_of(context.find_root().params["workspace"], document, quarter_text)
    notes = facts.lint(document)
    if as_json:
        typer.echo(json.dumps(to_json(path.name, notes, facts.against), ensure_ascii=False, indent=1))
    else:
        _show(path.name, notes, facts.against, verbose)
    if notes.findings:
        raise typer.Exit(1)


def _show(name: str, notes: Notes, against: str, verbose: bool) -> None:
    if notes.findings:
        table = Table(title=f"{escape(name)}：{len(notes.findings)} 处不符", title_justify="left", show_lines=True)
        for heading in ("种类", "位置", "原句", "写的是", "应是", "依据"):
            table.add_column(heading, overflow="fold")
        for each in notes.findings:
            table.add_row(*(escape(text) for text in (each.kind, each.place, each.sentence, each.says, each.should, each.basis)))
        out.print(table)
    held = "、".join(f"{kind} {count}" for kind, count in sorted(notes.held.items()))
    out.print(f"核对依据：{against}。", markup=False)
    out.print(f"核对相符 {notes.held.total()} 处" + (f"：{held}。" if held else "。"), markup=False)
    reasons = Counter(each.reason for each in notes.doubts)
    out.print(f"未能核对 {len(notes.doubts)} 处" + ("。" if not reasons else ":"), markup=False)
    if verbose:
        for doubt in notes.doubts:
            out.print(f"  {doubt.place} {doubt.says}：{doubt.reason}。原句：{doubt.sentence}", markup=False)
    else:
        for reason, count in reasons.most_common():
            out.print(f"  {reason}：{count} 处", markup=False)
        if reasons:
            out.print("  逐条列出请加 --all。", markup=False)
    if not notes.findings:
        out.print(f"{name}：没有发现不符。未能核对的数请人工核对。" if notes.doubts else f"{name}：没有发现不符。", markup=False)
