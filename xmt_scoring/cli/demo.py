"""`xmt demo`: an invented county, from its exports to the year's assessment."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Annotated

import typer

from xmt_scoring.cli.notice import registered_day
from xmt_scoring.cli.quarter import quarter_line
from xmt_scoring.cli.shared import out, progress
from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Quarter
from xmt_scoring.workspace import Workspace


def demo(
    into: Annotated[Path, typer.Option(metavar="文件夹", help="放在哪里")] = Path("demo"),
) -> None:
    """用虚构的一个县演示全过程。

    四个季度和年度考核，从导出文件到评分表和报告。
    """
    from xmt_scoring.cli.annual import demo_annual
    from xmt_scoring.demo import write_county
    from xmt_scoring.demo.plan import load_plan
    from xmt_scoring.pipeline import default_as_of, judge_quarter
    from xmt_scoring.reports.batch import one_kernel
    from xmt_scoring.setup_workspace import make_workspace

    if into.exists() and any(into.iterdir()) and not (into / "demo.txt").exists():
        raise XmtError.of(str(into), "这个文件夹里已有别的东西", "请用 --into 换一个空文件夹")
    with progress() as tell, _reporting(into) as reports:
        tell("写出虚构县的导出文件和登记表")
        make_workspace(into, load_plan().raw["county"]["name"])
        (into / "demo.txt").write_text("虚构的演示数据，与任何真实单位、账号、个人无关。\n", encoding="utf-8")
        write_county(into)
        ws = Workspace(into)
        quarters = [str(quarter) for quarter in load_plan().quarters]
        for text in quarters:
            quarter = ws.settings.quarter(text)
            step = judge_quarter(ws, quarter, default_as_of(ws, quarter), _named(tell, text))
            reports.send((text, text == quarters[-1]))
            out.print(quarter_line(text, step), markup=False)
        with one_kernel(ws.root) as run:
            yearly = demo_annual(ws, tell, run)
        tell("写出各季度的报告")
        written = [_answer(reports) for _ in quarters][-1]
    out.print("\n接下来请打开：")
    for path in [*written, *yearly]:
        out.print(f"  {path}", markup=False)
    out.print(f"\n想看某单位每一分怎么扣的：xmt --workspace {into} explain {quarters[-1]} 单位名称", markup=False)


@contextmanager
def _reporting(root: Path) -> Iterator[Connection]:
    """A process beside this one that makes the reports of each quarter it is sent, while the next one is imported."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    worker = spawn.Process(target=_report_each, args=(root, theirs), daemon=True)
    worker.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        worker.join()


def _report_each(root: Path, asked: Connection) -> None:
    """Answer each quarter (its name, and whether it is the last) with the paths written, or with the messages why not."""
    from xmt_scoring.bulletin import make_bulletin
    from xmt_scoring.pipeline import report_quarter
    from xmt_scoring.reports.batch import one_kernel

    ws = Workspace(root)
    try:
        text, is_last = asked.recv()  # only now there is a workspace
        with one_kernel(ws.root) as run:
            while True:
                quarter = ws.settings.quarter(text)
                paths = report_quarter(ws, quarter, run=run)
                asked.send([*paths, make_bulletin(ws, quarter)[0], *_papers(ws, quarter, is_last)])
                text, is_last = asked.recv()
    except XmtError as error:
        asked.send(error)
    except EOFError:  # there is nothing more to do
        pass


def _answer(reports: Connection) -> list[Path]:
    said = reports.recv()
    if isinstance(said, XmtError):
        raise said
    return list(said)


def _papers(ws: Workspace, quarter: Quarter, is_last: bool) -> list[Path]:
    """The public data of a quarter in which nothing is open, and the notices of the last one; the folders that were written."""
    from xmt_scoring.pipeline import open_quarter
    from xmt_scoring.reports.notices.making import make_notices
    from xmt_scoring.reports.public_pack import publish
    from xmt_scoring.reports.public_tables import is_open

    data = open_quarter(ws, quarter)
    written = [] if is_open(data) else publish(ws, data)[0][:1]
    if is_last:
        written += make_notices(ws, data, registered_day(data) or data.as_of)[0][:1]
    return [path.parent for path in written]


def _named(tell: Callable[[str], None], quarter: str) -> Callable[[str], None]:
    return lambda words: tell(f"{quarter} {words}")
