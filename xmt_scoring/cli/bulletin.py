"""`xmt bulletin`: the quarter's circular."""

from __future__ import annotations

from typing import Annotated

import typer

from xmt_scoring.cli.shared import QuarterText, out, scored_quarter, show_paths, typed_day


def bulletin(
    context: typer.Context,
    quarter_text: QuarterText,
    issued: Annotated[str, typer.Option("--date", metavar="日期", help="成文日期，例如 2026-10-15；默认用通报登记里的，没有登记的用数据截止日")] = "",
) -> None:
    """写出本季度的通报（.docx，公文格式）。文字在工作区的 模板/通报.txt 里改。"""
    from xmt_scoring.bulletin import make_bulletin

    ws, quarter = scored_quarter(context, quarter_text)
    day = typed_day(issued, "2026-10-15", "成文日期") if issued else None
    path, _, told = make_bulletin(ws, quarter, day)
    for line in told:
        out.print("[yellow]请注意[/] ", end="")
        out.print(f"{line}。", markup=False)
    show_paths([path])
