"""Notebooks run as reports, guarded. The only module that imports papermill.

papermill 2.7 only warns about an unknown parameter and then reports the default quarter, leaves a broken notebook at the
output path and crashes on dates. Here parameters are checked before a kernel starts, the page appears under its name only
when all went well, and what failed is kept as `*.failed.ipynb`.
"""

from __future__ import annotations

import ast
import difflib
import tempfile
import threading
import uuid
import warnings
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xmt_scoring.errors import Problem, XmtError, is_disk_full
from xmt_scoring.reports.kernels import own_kernel

if TYPE_CHECKING:
    from nbconvert import HTMLExporter
    from nbformat import NotebookNode

TEMPLATE = "report.html.j2"
TAG = "parameters"
MESSAGES = {XmtError.__name__, *(kind.__name__ for kind in XmtError.__subclasses__())}  # already in words for people
SPOKEN = {str: '文字，如 "2025Q3"', int: "整数", bool: "True 或 False", float: "数字"}


def notebook(name: str) -> Path:
    """The path of a notebook that the package carries, by name without `.ipynb`; XmtError when there is none."""
    with as_file(files("xmt_scoring").joinpath("notebooks", f"{name}.ipynb")) as path:
        if path.exists():
            return path
    raise XmtError.of(f"笔记本 {name}", "软件里没有它", "请重新安装 xmt-scoring")


def parameters_of(source: Path) -> dict[str, Any]:
    """Parameter names and defaults of a notebook's cell tagged `parameters`; XmtError when they are not plain literals."""
    cells = [cell for cell in _read(source).cells if TAG in cell.metadata.get("tags", ())]
    where = f"笔记本 {source.name}"
    if len(cells) != 1:
        raise XmtError.of(where, f"应有且只有一个标记为 {TAG} 的单元，现有 {len(cells)} 个", "请恢复软件自带的笔记本")
    found = {}
    try:
        for line in ast.parse(cells[0].source).body:
            if not (isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name)):
                raise ValueError(ast.unparse(line))
            found[line.targets[0].id] = ast.literal_eval(line.value)
    except (ValueError, SyntaxError) as error:
        raise XmtError.of(where, f"参数单元里只能写“名称 = 值”，现有：{error}", "请恢复软件自带的笔记本") from error
    return found


def check_parameters(source: Path, parameters: Mapping[str, Any]) -> None:
    """Raise XmtError with every parameter that the notebook does not have or whose value is not of its default's type."""
    known, problems = parameters_of(source), []
    for name, value in parameters.items():
        where = f"笔记本 {source.name} 的参数“{name}”"
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.5)
            todo = f"是不是“{near[0]}”？" if near else f"可用的有：{'、'.join(known)}"
            problems.append(Problem(where, "没有这个参数", todo))
        elif type(value) is not type(known[name]):
            should = SPOKEN.get(type(known[name]), type(known[name]).__name__)
            problems.append(Problem(where, f"现在是 {value!r}（{type(value).__name__}）", f"应为{should}"))
    if problems:
        raise XmtError(problems)


def run_notebook(
    source: Path, output_html: Path, parameters: Mapping[str, Any], workspace: Path, timeout: int = 600,
    kernel: Any = None, failed: Path | None = None,
) -> Path:
    """Run a notebook in the folder `workspace` and write its page to `output_html`.

    It runs in a kernel of its own, or in `kernel` (of `kernels.kept_kernel`, for the same workspace). `timeout` is in seconds
    and per cell. The page is written aside and renamed. Raises XmtError for a wrong parameter (before anything starts)
    and for a cell that fails; then the notebook as far as it came is kept at `failed`, or beside the page as `<name of the notebook>.failed.ipynb`.
    """
    output_html = output_html.resolve()
    output_html.parent.mkdir(parents=True, exist_ok=True)
    failed = failed or output_html.parent / f"{source.stem}.failed.ipynb"
    page = page_of(execute(source, parameters, workspace, failed, timeout, kernel), _title(source, parameters))
    aside = output_html.with_name(f".xmt-{uuid.uuid4().hex}.html")
    try:
        aside.write_text(page, encoding="utf-8", newline="\n")
        aside.replace(output_html)
    finally:
        aside.unlink(missing_ok=True)
    failed.unlink(missing_ok=True)
    return output_html


def execute(
    source: Path, parameters: Mapping[str, Any], workspace: Path, failed: Path, timeout: int, kernel: Any = None
) -> NotebookNode:
    """The executed notebook; XmtError for a wrong parameter, and with the broken notebook at `failed` when a cell fails."""
    check_parameters(source, parameters)
    with tempfile.TemporaryDirectory(prefix="xmt-", ignore_cleanup_errors=True) as scratch, warnings.catch_warnings():
        # papermill and the Jupyter libraries call what they or Python have deprecated; nothing of ours runs in here.
        warnings.simplefilter("ignore")
        import papermill

        result = Path(scratch) / "executed.ipynb"
        where = {"km": kernel} if kernel else {"kernel_manager_class": own_kernel(Path(scratch)), "cwd": str(workspace)}
        try:
            return papermill.execute_notebook(
                _read(source), str(result), dict(parameters), progress_bar=False, execution_timeout=timeout,
                kernel_name="python3", language="python", engine_name=_engine(), **where,
            )  # fmt: skip
        except Exception as error:
            if is_disk_full(error):  # no cell failed
                raise
            if result.exists():
                failed.write_bytes(result.read_bytes())
            raise XmtError.of(f"笔记本 {source.name}", _what_failed(error), _todo(error, failed)) from error


@cache
def _engine() -> str:
    """The name of papermill's engine, but for saving: papermill writes the whole notebook before and after every cell."""
    from papermill.engines import NBClientEngine, papermill_engines
    from papermill.iorw import write_ipynb

    class SavesWhatFailed(NBClientEngine):
        @classmethod
        def execute_notebook(cls, nb: NotebookNode, kernel_name: str, output_path: str | None = None, **more: Any) -> NotebookNode:
            try:
                return super().execute_notebook(nb, kernel_name, None, **more)
            except Exception:  # a kernel that died or hangs; a cell's own error is kept by papermill
                write_ipynb(nb, output_path)
                raise

    papermill_engines.register("xmt", SavesWhatFailed)
    return "xmt"


def _what_failed(error: Exception) -> str:
    """The cell and the last line of the error, of what papermill or its client raised."""
    count, value = getattr(error, "exec_count", None), getattr(error, "evalue", None)
    if value is None:
        return f"没有运行完：{type(error).__name__}：{str(error).strip().splitlines()[-1] if str(error).strip() else ''}"
    name = getattr(error, "ename", "")
    first_line = next((line.strip() for line in value.splitlines() if line.strip()), "")
    told = value.strip() if name in MESSAGES else f"{name}：{first_line}"
    return f"第 {count} 个代码单元出错，{told.rstrip('。')}"


def _todo(error: Exception, failed: Path) -> str:
    kept = f"出错的笔记本留在 {failed.name}，可在 JupyterLab 里打开查看" if failed.exists() else "请重新运行"
    return kept if type(error).__name__ == "PapermillExecutionError" else f"{kept}；若是超时或内存不足，请关闭其他程序后重试"


def page_of(executed: NotebookNode, title: str) -> str:
    """The executed notebook as one HTML page without its code, that needs nothing from anywhere.

    Cell ids, times and paths are not printed, so that the same results give the same bytes.
    """
    from xmt_scoring.reports.table_library import library

    # the libraries go in when nbconvert is done: it parses the page and writes it anew, which takes long for megabytes of script
    needed = {"plotly_js": _plotly(executed), **{f"table_{name}": text for name, text in library().items()}}
    places = {name: uuid.uuid4().hex if text else "" for name, text in needed.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as above
        page, _ = _exporter(threading.get_ident()).from_notebook_node(executed, resources={**places, "title": title})
    for name, place in places.items():
        page = page.replace(place, needed[name]) if place else page
    return page


@lru_cache(maxsize=16)
def _exporter(thread: int) -> HTMLExporter:
    """nbconvert's, with our template, which is compiled once for all pages of a thread."""
    from jinja2 import PackageLoader
    from nbconvert import HTMLExporter

    return HTMLExporter(
        template_file=TEMPLATE, extra_loaders=[PackageLoader("xmt_scoring.reports", "html_template")], exclude_input=True,
        exclude_input_prompt=True, exclude_output_prompt=True, exclude_anchor_links=True,
    )  # fmt: skip


def _plotly(executed: NotebookNode) -> str:
    """plotly.js when the notebook drew anything, else nothing."""
    from xmt_scoring.reports.figure_display import library

    outputs = [output for cell in executed.cells for output in cell.get("outputs", ())]
    has_figure = any("application/vnd.plotly.v1+json" in output.get("data", {}) for output in outputs)
    return library() if has_figure else ""


def _title(source: Path, parameters: Mapping[str, Any]) -> str:
    first = next(cell.source for cell in _read(source).cells if cell.cell_type == "markdown")
    asked = [str(parameters[name]) for name in ("quarter", "year", "unit") if parameters.get(name)]
    return " ".join([first.splitlines()[0].lstrip("# "), *asked])


def _read(source: Path) -> NotebookNode:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as above
        import nbformat

        return nbformat.reads(source.read_text(encoding="utf-8"), as_version=4)
