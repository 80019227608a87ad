"""`xmt init`: a new workspace, empty or from the office's own list of accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from xmt_scoring.cli.shared import out
from xmt_scoring.errors import Problem, XmtError


def init_workspace(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="新工作区，可以还不存在")],
    county: Annotated[str, typer.Option(metavar="县名", help="印在评分表和报告上")] = "太白县",
    source: Annotated[Path | None, typer.Option("--from", metavar="台账", help="把现有的账号台账转成登记表")] = None,
    mapped: Annotated[list[str] | None, typer.Option("--map", metavar="原列=登记表列", help="指定一列的对应，可写多次；等号后空着不转入")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再问，按提出的对应关系转入")] = False,
) -> None:
    """新建工作区：文件夹、逐项说明的 xmt.toml、登记表模板、笔记本。已有的文件不动。"""
    from xmt_scoring.setup_workspace import make_workspace

    where, problems = "登记表模板", list[Problem]()
    if source is None:
        written = make_workspace(folder, county)
    else:
        where = "登记表"
        written, problems = _from_list(folder, county, source, mapped or [], yes)
    for path in written:
        out.print(f"  {path}", markup=False)
    for problem in problems:
        out.print("[yellow]请改正[/] " if problem.is_fatal else "[yellow]请注意[/] ", end="")
        out.print(str(problem), markup=False)
    told = f"把“{where}”里的表填好，与平台导出文件一起放进 data/raw/<季度>/，然后运行 xmt run <季度>。"
    out.print(f"工作区已就绪：{folder}。{told}", markup=False)


def _from_list(folder: Path, county: str, source: Path, mapped: list[str], yes: bool) -> tuple[list[Path], list[Problem]]:
    from xmt_scoring.ingest.office_list import propose, take
    from xmt_scoring.ingest.tables import open_file
    from xmt_scoring.reports.office_registers import mapping_rows, write_office_registers
    from xmt_scoring.setup_workspace import make_workspace

    given = dict(_pair(text) for text in mapped)
    proposal = propose(open_file(source, source.name), given)
    taken = take(proposal)
    _show(mapping_rows(proposal), source.name)
    for name in proposal.unused:
        out.print(f"没有找到账号名单、没有用到的工作表：{name}", markup=False)
    out.print(f"转成 {len(taken.units)} 个单位、{len(taken.accounts)} 个账号；{len(taken.lines)} 行不是账号，另外列出。", markup=False)
    if not yes and not typer.confirm("按上面的对应关系转入吗？"):
        raise XmtError.of(source.name, "没有转入，也没有新建任何东西", "对应得不对的，用 --map 原列=登记表列 指定，再运行一次")
    written = make_workspace(folder, county)
    paths, problems = write_office_registers(folder, source.name, proposal, taken)
    return [*written, *paths], problems


def _pair(text: str) -> tuple[str, str]:
    theirs, equals, ours = text.replace("＝", "=").partition("=")
    if not equals or not theirs.strip():
        raise typer.BadParameter(f"--map 应写成 原列=登记表列，现在是“{text}”")
    return theirs.strip(), ours.strip()


def _show(rows: pd.DataFrame, name: str) -> None:
    table = Table(title=f"“{name}”的各列对应登记表的哪一列", title_justify="left")
    for label in ("工作表", "原来的列", "登记表的列", "依据", "例子"):
        table.add_column(label, overflow="fold")
    for line in rows.to_dict("records"):
        table.add_row(*(str(value) for value in line.values()))
    out.print(table)
