"""`xmt publish`: the public data of a quarter."""

from __future__ import annotations

from typing import Annotated

import typer

from xmt_scoring.cli.shared import QuarterText, out, scored_quarter, show_paths, show_problems


def publish(
    context: typer.Context,
    quarter_text: QuarterText,
    provisional: Annotated[bool, typer.Option("--provisional", help="还有待定事项时也写出，每个文件都写明“暂定”")] = False,
) -> None:
    """写出公开数据包，不含个人信息。

    单位和账号结果、数据字典、方法说明、文件清单；还有待定事项时默认不出。
    """
    from xmt_scoring.issued import keep_issued
    from xmt_scoring.pipeline import open_quarter
    from xmt_scoring.reports.public_pack import publish as write_pack

    ws, quarter = scored_quarter(context, quarter_text)
    paths, notes = write_pack(ws, open_quarter(ws, quarter), provisional)
    if not provisional:
        keep_issued(ws, quarter, "公开数据")
    show_problems(notes)
    show_paths(paths)
    out.print(f"请在“{paths[-1].name}”上逐项审核签字，再把 {paths[0].parent.name} 文件夹里的文件公开。", markup=False)
