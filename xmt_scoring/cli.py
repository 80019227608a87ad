"""The `xmt` command: prints Chinese, turns messages into exit codes. No other module of the package knows today's date."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from xmt_scoring import cli_scheme
from xmt_scoring.cli_annual import annual
from xmt_scoring.cli_articles import articles
from xmt_scoring.cli_bulletin import bulletin, make_bulletin
from xmt_scoring.cli_lint import lint
from xmt_scoring.cli_readings import readings
from xmt_scoring.errors import Problem, XmtError, cannot_write
from xmt_scoring.periods import Quarter
from xmt_scoring.workspace import Workspace

if TYPE_CHECKING:
    from xmt_scoring.pipeline import Step

app = typer.Typer(
    name="xmt",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="太白县政府系统政务新媒体季度检查:把平台导出文件和登记表变成可以申辩的得分。",
)
app.command("annual")(annual)
app.command("articles")(articles)
app.command("bulletin")(bulletin)
app.command("lint")(lint)
app.add_typer(cli_scheme.app, name="scheme")
out = Console(soft_wrap=True, highlight=False)
QuarterText = Annotated[str, typer.Argument(metavar="季度", help="例如 2026Q3")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="日期", help="使用数据的最后一天,例如 2026-10-10;默认季末加宽限天数")]

class _State:
    workspace = Path()
    debug = False


@app.callback()
def main_options(
    context: typer.Context,
    workspace: Annotated[Path, typer.Option(metavar="文件夹", help="工作区;默认是当前文件夹或它的上级")] = Path(),
    debug: Annotated[bool, typer.Option(help="出错时显示程序内部的调用过程")] = False,
) -> None:
    """Options of every command."""
    _State.workspace, _State.debug = workspace, debug
    context.obj = dt.date.today()  # for the commands of other modules: none of them reads the clock


def main() -> None:
    """Run `xmt`; exit 0 done, 1 refused with a message, 2 wrong usage. Without --debug nobody ever sees a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a GBK console must never end a run
    try:
        app()
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
    what = f"{type(error).__name__}:{error}"
    return XmtError.of("程序内部出错", what, "请在命令里加 --debug(如 xmt --debug run 2026Q3)再运行一次,把屏幕上的内容发给维护人员")


def show_problems(problems: list[Problem]) -> None:
    """Print messages, those that stop first."""
    for problem in sorted(problems, key=lambda problem: not problem.is_fatal):
        mark = "[bold red]必须处理[/] " if problem.is_fatal else "[yellow]请注意[/] "
        out.print(mark, end="")
        out.print(str(problem), markup=False)


def _workspace() -> Workspace:
    return Workspace.find(_State.workspace)


def _as_of(ws: Workspace, quarter: Quarter, text: str) -> dt.date:
    from xmt_scoring.pipeline import default_as_of

    if not text:
        return min(default_as_of(ws, quarter), dt.date.today())
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise XmtError.of(f"截止日“{text}”", "不是日期", "请写成 2026-10-10 这样") from None


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    with out.status("开始") as status:
        yield lambda words: status.update(words)


@app.command("init")
def init_workspace(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="新工作区,可以还不存在")],
    county: Annotated[str, typer.Option(metavar="县名", help="印在评分表和报告上")] = "太白县",
) -> None:
    """新建工作区:文件夹、逐项说明的 xmt.toml、登记表模板、笔记本。已有的文件不动。"""
    from xmt_scoring.setup_workspace import make_workspace

    for path in make_workspace(folder, county):
        out.print(f"  {path}", markup=False)
    out.print(f"工作区已就绪:{folder}。把“登记表模板”里的表填好,与平台导出文件一起放进 data/raw/<季度>/,然后运行 xmt run <季度>。", markup=False)


@app.command()
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
    with _progress() as progress:
        progress("写出虚构县的导出文件和登记表")
        make_workspace(into, load_plan().raw["county"]["name"])
        (into / "demo.txt").write_text("虚构的演示数据,与任何真实单位、账号、个人无关。\n", encoding="utf-8")
        write_county(into)
        ws = Workspace(into)
        quarters = [str(quarter) for quarter in load_plan().quarters]
        for text in quarters:
            quarter = ws.settings.quarter(text)
            step, paths = run_quarter(ws, quarter, default_as_of(ws, quarter), _named(progress, text))
            written = [*paths, make_bulletin(ws, quarter, None)[0]]
            out.print(_summary(text, step), markup=False)
        yearly = demo_annual(ws, out, progress)
    out.print("\n接下来请打开:")
    for path in [*written, *yearly]:
        out.print(f"  {path}", markup=False)
    out.print(f"\n想看某单位每一分怎么扣的:xmt --workspace {into} explain {quarters[-1]} 单位名称", markup=False)


def _named(progress: Callable[[str], None], quarter: str) -> Callable[[str], None]:
    return lambda words: progress(f"{quarter} {words}")


def _summary(text: str, step: Step) -> str:
    units, accounts = step.frames["unit_scores"], step.frames["account_scores"]
    still_open = int(accounts["is_provisional"].sum())
    told = f"{text}:{len(units)} 个单位、{len(accounts)} 个账号"
    return told + (f",{still_open} 个账号还有待定项(得分显示为区间)" if still_open else ",全部判定完毕")


@app.command()
def run(quarter_text: QuarterText, as_of: AsOf = "") -> None:
    """导入 → 检查 → 计分 → 出表,一步完成。"""
    from xmt_scoring.pipeline import run_quarter
    from xmt_scoring.show import show_import

    ws = _workspace()
    quarter = ws.settings.quarter(quarter_text)
    with _progress() as progress:
        step, paths = run_quarter(ws, quarter, _as_of(ws, quarter, as_of), progress)
    show_import(out, step.frames)
    show_problems(step.problems)
    out.print(_summary(quarter_text, step), markup=False)
    _show_paths(paths)


def _show_paths(paths: list[Path]) -> None:
    out.print("已生成:")
    for path in paths:
        out.print(f"  {path}", markup=False)
        if "(" in path.stem:
            out.print("    原文件被人改过或正打开着,没有覆盖,新结果写在这个带编号的文件里。")


@app.command("import")
def import_exports(
    quarter_text: Annotated[str, typer.Argument(metavar="季度", help="例如 2026Q3")] = "",
    as_of: AsOf = "",
    explain_path: Annotated[Path | None, typer.Option("--explain", metavar="文件", help="只说明一个文件会被怎样读")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="与 --explain 同用:输出 JSON")] = False,
) -> None:
    """读取 data/raw/<季度>/ 里的全部文件,列出每个文件采用与隔离的行数,以及还缺什么。"""
    from xmt_scoring.show import show_explained, show_import

    if explain_path is not None:
        problems = show_explained(out, explain_path, as_json, _State.workspace)
        if any(problem.is_fatal for problem in problems):
            raise XmtError(problems)
        if not as_json:
            show_problems(problems)
        return
    if not quarter_text:
        raise typer.BadParameter("请写季度,例如 xmt import 2026Q3")
    from xmt_scoring.pipeline import import_quarter

    ws = _workspace()
    quarter = ws.settings.quarter(quarter_text)
    with _progress() as progress:
        step = import_quarter(ws, quarter, _as_of(ws, quarter, as_of), progress)
    show_import(out, step.frames)
    show_problems(step.problems)


@app.command()
def check(quarter_text: QuarterText) -> None:
    """在已导入的数据上逐条规则检查。截止日沿用导入时的。"""
    from xmt_scoring.pipeline import check_quarter
    from xmt_scoring.show import show_rules

    ws = _workspace()
    with _progress() as progress:
        step = check_quarter(ws, ws.settings.quarter(quarter_text), progress)
    show_rules(out, step.frames["rules_run"])


@app.command()
def score(quarter_text: QuarterText) -> None:
    """按评分细则计分、排名。截止日沿用导入时的。"""
    from xmt_scoring.pipeline import score_quarter
    from xmt_scoring.show import show_scores

    ws = _workspace()
    with _progress() as progress:
        step = score_quarter(ws, ws.settings.quarter(quarter_text), progress)
    show_scores(out, step.frames["unit_scores"])


@app.command()
def report(
    quarter_text: QuarterText,
    unit: Annotated[str, typer.Option(metavar="单位", help="只出一个单位的报告")] = "",
) -> None:
    """写出考核评分表、季度报告和数据体检。截止日沿用导入时的。"""
    from xmt_scoring.pipeline import report_quarter, unit_report

    ws = _workspace()
    quarter = ws.settings.quarter(quarter_text)
    with _progress() as progress:
        paths = [unit_report(ws, quarter, unit, progress)] if unit else report_quarter(ws, quarter, progress)
    _show_paths(paths)


@app.command()
def explain(
    quarter_text: Annotated[str, typer.Argument(metavar="季度或年度", help="例如 2026Q3 或 2026")],
    name: Annotated[str, typer.Argument(metavar="名称", help="单位或账号的名称或编号;年度只看单位")],
) -> None:
    """列出一个单位或账号失去的每一分:条文、事由、要求与实际、来源文件的行。"""
    from xmt_scoring.cli_annual import year_lines
    from xmt_scoring.pipeline import open_quarter
    from xmt_scoring.reports.explain import explain_lines

    ws, is_year = _workspace(), quarter_text.strip().isdigit()
    lines = year_lines(ws, quarter_text, name) if is_year else explain_lines(open_quarter(ws, ws.settings.quarter(quarter_text)), name)
    for line in lines:
        out.print(line, markup=False)


app.command("readings")(readings)


@app.command()
def doctor() -> None:
    """检查环境:Python、软件包、中文字体、设置,以及办公室还没有决定的口径。"""
    from xmt_scoring.show import show_doctor

    healthy = show_doctor(out, _State.workspace)
    if not healthy:
        raise typer.Exit(1)


@app.command()
def lab(
    browser: Annotated[bool, typer.Option(help="是否自动打开浏览器")] = True,
    port: Annotated[int, typer.Option(help="端口")] = 8888,
) -> None:
    """在工作区里启动中文界面的 JupyterLab,打开季度工作台。"""
    from xmt_scoring.setup_workspace import start_lab

    sys.exit(start_lab(_workspace(), browser, port))
