"""`xmt demo`: an invented county, from its exports to the year's assessment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from xmt_scoring.cli_quarter import quarter_line
from xmt_scoring.cli_shared import out, progress
from xmt_scoring.errors import XmtError
from xmt_scoring.workspace import Workspace


def demo(
    into: Annotated[Path, typer.Option(metavar="文件夹", help="放在哪里")] = Path("demo"),
) -> None:
    """用虚构的一个县演示全过程:四个季度和年度考核,从导出文件到评分表和报告。"""
    from xmt_scoring.cli_annual import demo_annual
    from xmt_scoring.demo import write_county
    from xmt_scoring.demo.plan import load_plan
    from xmt_scoring.pipeline import default_as_of, run_quarter
    from xmt_scoring.setup_workspace import make_workspace

    if into.exists() and any(into.iterdir()) and not (into / "demo.txt").exists():
        raise XmtError.of(str(into), "这个文件夹里已有别的东西", "请用 --into 换一个空文件夹")
    written: list[Path] = []
    with progress() as tell:
        tell("写出虚构县的导出文件和登记表")
        make_workspace(into, load_plan().raw["county"]["name"])
        (into / "demo.txt").write_text("虚构的演示数据,与任何真实单位、账号、个人无关。\n", encoding="utf-8")
        write_county(into)
        ws = Workspace(into)
        quarters = [str(quarter) for quarter in load_plan().quarters]
        for text in quarters:
            quarter = ws.settings.quarter(text)
            step, paths = run_quarter(ws, quarter, default_as_of(ws, quarter), _named(tell, text))
            written = paths
            out.print(quarter_line(text, step), markup=False)
        yearly = demo_annual(ws, tell)
    out.print("\n接下来请打开:")
    for path in [*written, *yearly]:
        out.print(f"  {path}", markup=False)
    out.print(f"\n想看某单位每一分怎么扣的:xmt --workspace {into} explain {quarters[-1]} 单位名称", markup=False)


def _named(tell: Callable[[str], None], quarter: str) -> Callable[[str], None]:
    return lambda words: tell(f"{quarter} {words}")
