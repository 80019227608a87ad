"""The `xmt` command: prints Chinese, turns messages into exit codes. No other module of the package knows today's date."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from xmt_scoring.cli import scheme
from xmt_scoring.cli.annual import annual
from xmt_scoring.cli.articles import articles
from xmt_scoring.cli.bulletin import bulletin
from xmt_scoring.cli.demo import demo
from xmt_scoring.cli.init import init_workspace
from xmt_scoring.cli.lint import lint
from xmt_scoring.cli.notice import notice
from xmt_scoring.cli.publish import publish
from xmt_scoring.cli.quarter import check, import_exports, report, run, score
from xmt_scoring.cli.readings import readings
from xmt_scoring.cli.shared import out, scored_quarter, show_problems, workspace
from xmt_scoring.cli.usage import Command, Group, speak_chinese, usage_problem
from xmt_scoring.errors import XmtError, cannot_write

app = typer.Typer(
    cls=Group,
    name="xmt",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="太白县政府系统政务新媒体季度检查：把平台导出文件和登记表变成可以申辩的得分。",
)


class _State:
    debug = False


@app.callback()
def main_options(
    context: typer.Context,
    workspace: Annotated[Path, typer.Option(metavar="文件夹", help="工作区；默认是当前文件夹或它的上级")] = Path(),
    debug: Annotated[bool, typer.Option(help="出错时显示程序内部的调用过程")] = False,
) -> None:
    """Options of every command."""
    _State.debug = debug
    context.obj = dt.date.today()  # for the commands of other modules: none of them reads the clock


def main() -> None:
    """Run `xmt`; exit 0 done, 1 refused with a message, 2 wrong usage. Without --debug nobody ever sees a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a GBK console must never end a run
    speak_chinese()
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except typer.TyperException as error:
        show_problems([problem] if (problem := usage_problem(error)) else [])
        sys.exit(2)
    except typer.Abort:  # Ctrl+C or the end of the input at a question
        out.print("已取消，没有继续。")
        sys.exit(1)
    except Exception as error:
        if _State.debug:
            raise
        show_problems(_told(error).problems)
        sys.exit(1)


def _told(error: Exception) -> XmtError:
    """Any failure in words: ours, the disk's, and last a fault of the program itself."""
    if isinstance(error, XmtError):
        return error
    if isinstance(error, OSError):
        return cannot_write(str(error.filename or "文件"), error)
    what = f"{type(error).__name__}：{error}"
    return XmtError.of("程序内部出错", what, "请在命令里加 --debug（如 xmt --debug run 2026Q3）再运行一次，把屏幕上的内容发给维护人员")


def explain(
    context: typer.Context,
    quarter_text: Annotated[str, typer.Argument(metavar="季度或年度", help="例如 2026Q3 或 2026")],
    name: Annotated[str, typer.Argument(metavar="名称", help="单位或账号的名称或编号；年度只看单位")],
) -> None:
    """列出一个单位或账号失去的每一分。

    条文、事由、要求与实际、来源文件的行。
    """
    from xmt_scoring.cli.annual import year_lines
    from xmt_scoring.pipeline import open_quarter
    from xmt_scoring.reports.explain import explain_lines

    if quarter_text.strip().isdigit():
        lines = year_lines(workspace(context), quarter_text, name)
    else:
        lines = explain_lines(open_quarter(*scored_quarter(context, quarter_text)), name)
    for line in lines:
        out.print(line, markup=False)


def doctor(context: typer.Context) -> None:
    """检查环境、设置和还没有决定的口径。

    Python、软件包、中文字体、设置，以及办公室还没有决定的口径。
    """
    from xmt_scoring.cli.show import show_doctor

    healthy = show_doctor(out, context.find_root().params["workspace"])
    if not healthy:
        raise typer.Exit(1)


def lab(
    context: typer.Context,
    browser: Annotated[bool, typer.Option(help="是否自动打开浏览器")] = True,
    port: Annotated[int, typer.Option(help="端口")] = 8888,
) -> None:
    """在工作区里启动中文界面的 JupyterLab，打开季度工作台。"""
    from xmt_scoring.setup_workspace import start_lab

    sys.exit(start_lab(workspace(context), browser, port))


for _name, _command in (
    ("demo", demo), ("init", init_workspace), ("run", run), ("import", import_exports), ("check", check), ("score", score),
    ("report", report), ("explain", explain), ("annual", annual), ("bulletin", bulletin), ("lint", lint), ("notice", notice),
    ("publish", publish), ("readings", readings), ("articles", articles), ("lab", lab), ("doctor", doctor),
):  # fmt: skip
    app.command(_name, cls=Command)(_command)
app.add_typer(scheme.app, name="scheme")
