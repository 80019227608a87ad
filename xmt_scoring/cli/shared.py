"""What every command of `xmt` uses: the terminal, the workspace, days as typed, progress, messages, the list of files written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.periods import Quarter
from xmt_scoring.workspace import Workspace

out = Console(soft_wrap=True, highlight=False)
_LONG_LIST = 20  # messages that still stand on one screen
QuarterText = Annotated[str, typer.Argument(metavar="季度", help="例如 2026Q3")]


def scored_quarter(context: typer.Context, text: str) -> tuple[Workspace, Quarter]:
    """The workspace and a quarter of it that papers are written of; tells where files changed since they were read."""
    from xmt_scoring.changes import changed_files

    ws = workspace(context)
    quarter = ws.settings.quarter(text)
    if ws.receipt(quarter):
        show_problems(changed_files(ws, quarter))
    return ws, quarter


def workspace(context: typer.Context) -> Workspace:
    """The workspace that `xmt --workspace` names, else the one around the current folder; XmtError when there is none."""
    return Workspace.find(context.find_root().params["workspace"])


def today(context: typer.Context) -> dt.date:
    """The day on which the command was started; `commands.py` alone reads the clock."""
    day: dt.date = context.find_root().obj
    return day


def typed_day(text: str, example: str, what: str = "截止日") -> dt.date:
    """A day as typed; XmtError with the example otherwise."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise XmtError.of(f"{what}“{text}”", "不是日期", f"请写成 {example} 这样") from None


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A line that says what is being done, for work that takes longer than a moment."""
    with out.status("开始") as status:
        yield lambda words: status.update(words)


def show_problems(problems: Iterable[Problem]) -> None:
    """Print messages, those that stop first; below a long list how many of those there are, for they have scrolled away."""
    told = sorted(problems, key=lambda problem: not problem.is_fatal)
    n_fatal = sum(problem.is_fatal for problem in told)
    for problem in told:
        mark = "[bold red]必须处理[/] " if problem.is_fatal else "[yellow]请注意[/] "
        out.print(mark, end="")
        out.print(str(problem), markup=False)
    if n_fatal and len(told) > _LONG_LIST:
        notes = len(told) - n_fatal
        more = f"；另有 {notes} 处请注意，有的可能是前面的问题带出来的" if notes else ""
        out.print(f"共 {n_fatal} 处必须处理，列在最前面，改好再运行{more}。")


def show_paths(paths: Iterable[Path]) -> None:
    """Print what was written; where a file stands beside an older one, say why."""
    out.print("已生成：")
    for path in paths:
        out.print(f"  {path}", markup=False)
        if "(" in path.stem:
            out.print("    原文件被人改过或正打开着，没有覆盖，新结果写在这个带编号的文件里。")
