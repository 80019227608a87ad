"""`xmt publish`: the public data of a quarter."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from xmt_scoring.workspace import Workspace


def publish(
    context: typer.Context,
    quarter_text: Annotated[str, typer.Argument(metavar="季度", help="例如 2026Q3")],
    provisional: Annotated[bool, typer.Option("--provisional", help="还有待定事项时也写出,每个文件都写明“暂定”")] = False,
) -> None:
    """公开数据包:单位和账号结果、数据字典、方法说明、文件清单,不含个人信息;还有待定事项时默认不出。"""
    from xmt_scoring.pipeline import open_quarter
    from xmt_scoring.reports.public_pack import publish as write_pack

    out = Console(soft_wrap=True, highlight=False)
    ws = Workspace.find(context.find_root().params["workspace"])
    paths, notes = write_pack(ws, open_quarter(ws, ws.settings.quarter(quarter_text)), provisional)
    for note in notes:
        out.print("[yellow]请注意[/] ", end="")
        out.print(str(note), markup=False)
    out.print("已生成:")
    for path in paths:
        out.print(f"  {path}", markup=False)
    out.print(f"请在“{paths[-1].name}”上逐项审核签字,再把 {paths[0].parent.name} 文件夹里的文件公开。", markup=False)
