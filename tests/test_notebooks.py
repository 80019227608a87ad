"""Notebooks are thin, and run only guarded: wrong parameters never start a kernel, a broken run never takes a name."""

import ast
import json
import sys
import time
from pathlib import Path

import pytest
from notebook_files import book

from xmt_scoring.errors import XmtError
from xmt_scoring.reports import notebooks
from xmt_scoring.reports.batch import one_kernel
from xmt_scoring.reports.notebooks import check_parameters, notebook, parameters_of, run_notebook

ROOT = Path(__file__).resolve().parents[1]
CARRIED = sorted((ROOT / "xmt_scoring" / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in CARRIED]


def code_cells(path):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def source(cell):
    return "".join(cell["source"])


def test_the_notebooks_of_a_quarter_and_of_a_year_are_carried():
    assert {"00_quarter", "10_data_check", "20_quarterly_report", "30_annual_assessment"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_at_the_top_is_the_packages_own(name):
    assert (ROOT / "notebooks" / f"{name}.ipynb").read_bytes() == notebook(name).read_bytes()


@pytest.mark.parametrize("path", CARRIED, ids=NAMES)
def test_a_notebook_is_thin(path):
    cells = code_cells(path)
    assert len(cells) <= 15
    assert max(len(source(cell).splitlines()) for cell in cells) <= 8
    banned = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try, ast.Lambda)
    assert not [node for cell in cells for node in ast.walk(ast.parse(source(cell))) if isinstance(node, banned)]


@pytest.mark.parametrize("path", CARRIED, ids=NAMES)
def test_outputs_are_never_committed(path):
    assert not [cell for cell in code_cells(path) if cell["outputs"] or cell["execution_count"] is not None]


@pytest.mark.parametrize("path", CARRIED, ids=NAMES)
def test_the_second_cell_holds_the_parameters_as_ascii_literals_with_chinese_comments(path):
    second = json.loads(path.read_text(encoding="utf-8"))["cells"][1]
    assert second["metadata"] == {"tags": ["parameters"]}
    for line in source(second).splitlines():
        literal, comment = line.split("  # ")
        assert literal.isascii()
        assert not comment.isascii()
    assert "workspace" in parameters_of(path)
    assert {"quarter", "year"} & set(parameters_of(path))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"quater": "2025Q2"}, "是不是“quarter”"),
        ({"quarter": 2025}, "应为文字"),
        ({"n_rows": "5"}, "应为整数"),
        ({"n_rows": True}, "应为整数"),
        ({"is_short": 1}, "True 或 False"),
        ({"quarter": None}, "应为文字"),
    ],
)
def test_a_wrong_parameter_is_refused_before_a_kernel_starts(tmp_path, given, told):
    path, page = book(tmp_path / "a.ipynb", "1/0"), tmp_path / "a.html"
    before = time.monotonic()
    with pytest.raises(XmtError, match=told):
        run_notebook(path, page, given, tmp_path)
    assert time.monotonic() - before < 0.5
    assert [each.name for each in tmp_path.iterdir()] == ["a.ipynb"]


def test_all_wrong_parameters_are_told_at_once(tmp_path):
    with pytest.raises(XmtError) as refused:
        check_parameters(book(tmp_path / "a.ipynb"), {"quarter": 1, "unknown_one": 2})
    assert len(refused.value.problems) == 2


@pytest.mark.parametrize("text", ["quarter = str(1)", "import os", 'quarter: str = "2025Q3"', "quarter = "])
def test_a_parameters_cell_that_computes_is_refused(tmp_path, text):
    with pytest.raises(XmtError, match="参数单元"):
        parameters_of(book(tmp_path / "a.ipynb", parameters=text))


def test_parameters_reach_the_cells_also_in_chinese_and_in_a_folder_with_braces(tmp_path, capfd):
    folder = tmp_path / "县 {甲}（一）"
    folder.mkdir()
    path = book(folder / "a {b}.ipynb", "print(quarter, n_rows, is_short)", "import os; print(os.getcwd())")
    page = run_notebook(path, folder / "页 {x}.html", {"quarter": "林业局'\"\\", "is_short": True}, folder)
    told = page.read_text(encoding="utf-8")
    assert "林业局'\"\\ 5 True" in told
    assert folder.name in told
    assert capfd.readouterr() == ("", "")


def test_the_kernel_is_this_python_and_no_file_of_the_workspace_takes_a_librarys_place(tmp_path):
    (tmp_path / "pandas.py").write_text("raise RuntimeError('wrong pandas')", encoding="utf-8")
    path = book(tmp_path / "a.ipynb", "import sys, pandas; print('PYTHON', sys.executable)")
    told = run_notebook(path, tmp_path / "a.html", {}, tmp_path).read_text(encoding="utf-8")
    assert f"PYTHON {sys.executable}" in told


def test_a_cell_that_fails_keeps_the_notebook_and_leaves_the_last_good_page(tmp_path):
    page = tmp_path / "a.html"
    page.write_text("good", encoding="utf-8")
    path = book(tmp_path / "a.ipynb", "print('before')", "raise ValueError('boom\\nsecond line')", "print('after')")
    with pytest.raises(XmtError) as refused:
        run_notebook(path, page, {}, tmp_path)
    problem = refused.value.problems[0]
    assert ("a.ipynb" in problem.where, "ValueError：boom" in problem.what, "a.failed.ipynb" in problem.todo) == (True, True, True)
    assert page.read_text(encoding="utf-8") == "good"
    assert "before" in (tmp_path / "a.failed.ipynb").read_text(encoding="utf-8")
    assert {each.name for each in tmp_path.iterdir()} == {"a.html", "a.ipynb", "a.failed.ipynb"}
    run_notebook(book(tmp_path / "a.ipynb", "1"), page, {}, tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"a.html", "a.ipynb"}


@pytest.mark.parametrize("first", ["", "from xmt_scoring.reports import tables; tables.plain_errors()"])
def test_a_message_for_people_arrives_without_the_programs_words(tmp_path, first):
    text = "from xmt_scoring.errors import XmtError; raise XmtError.of('某表', '缺一列', '请补上')"
    with pytest.raises(XmtError) as refused:
        run_notebook(book(tmp_path / "a.ipynb", first, text), tmp_path / "a.html", {}, tmp_path)
    told = str(refused.value)
    assert "某表：缺一列。请补上" in told
    assert "XmtError" not in told
    kept = json.loads((tmp_path / "a.failed.ipynb").read_text(encoding="utf-8"))
    tracebacks = ["".join(output["traceback"]) for cell in kept["cells"] for output in cell.get("outputs", ()) if "traceback" in output]
    assert ["Traceback" in traceback for traceback in tracebacks] == [not first]


def test_a_kernel_that_dies_or_hangs_is_told_in_chinese(tmp_path):
    with pytest.raises(XmtError, match="没有运行完"):
        run_notebook(book(tmp_path / "a.ipynb", "import os; os._exit(1)"), tmp_path / "a.html", {}, tmp_path)
    with pytest.raises(XmtError, match="没有运行完"):
        run_notebook(book(tmp_path / "a.ipynb", "print('ran')", "import time; time.sleep(60)"), tmp_path / "a.html", {}, tmp_path, timeout=1)
    assert not (tmp_path / "a.html").exists()
    assert '"ran\\n"' in (tmp_path / "a.failed.ipynb").read_text(encoding="utf-8")


def test_a_page_prints_no_code_and_repeats_to_the_byte(tmp_path):
    path = book(tmp_path / "a.ipynb", "secret_word = 1", "print('shown')")
    first = run_notebook(path, tmp_path / "a.html", {}, tmp_path).read_bytes()
    second = run_notebook(path, tmp_path / "b.html", {}, tmp_path).read_bytes()
    assert first == second
    assert b"secret_word" not in first
    assert b"shown" in first


def test_pages_one_after_another_share_a_kernel_and_nothing_that_a_page_has_named(tmp_path):
    first = book(tmp_path / "a.ipynb", "import os; left = 1; print('PID', os.getpid())")
    second = book(tmp_path / "b.ipynb", "import os; print('PID', os.getpid(), 'left' in globals())")
    dies = book(tmp_path / "c.ipynb", "import os; os._exit(1)")
    with one_kernel(tmp_path) as run:
        told = [run(each, tmp_path / f"{each.stem}.html", {}, tmp_path).read_text(encoding="utf-8") for each in (first, second)]
        with pytest.raises(XmtError, match="没有运行完"):
            run(dies, tmp_path / "c.html", {}, tmp_path)
        again = run(second, tmp_path / "d.html", {}, tmp_path).read_text(encoding="utf-8")
    pids = [page.split("PID ")[1].split()[0].split("<")[0] for page in (*told, again)]
    assert pids[0] == pids[1] != pids[2]  # after its death a page gets a kernel of its own
    assert "False" in told[1].split("PID ")[1][:40]


def test_a_notebook_that_is_not_carried_is_named():
    with pytest.raises(XmtError, match="99_nothing"):
        notebooks.notebook("99_nothing")
