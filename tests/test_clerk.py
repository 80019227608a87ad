"""A clerk follows the manual word by word: a new workspace, templates filled in, exports put beside them, a run, the
form filled in and put back; and every command that the manual prints does what it says."""

import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from filled_workspace import QUARTER, SPAN, Holder, frame, made_workspace, works

from xmt_scoring.ingest.registers import FORM_HEADINGS, FOUND, NOT_FOUND

MANUAL = (Path(__file__).resolve().parents[1] / "README.zh-CN.md").read_text(encoding="utf-8")
RUN = ["run", QUARTER, "--as-of", "2025-10-10"]
BOOK = f"考核评分表_{QUARTER}.xlsx"
HOLDERS = [Holder("县林业"), Holder("县水利")]


@pytest.fixture(scope="module")
def unchecked(xmt, tmp_path_factory) -> Path:
    """A scored quarter in which nobody has judged anything by hand yet; read only."""
    root = tmp_path_factory.mktemp("办事员") / "政务新媒体考核"
    raw = made_workspace(xmt, root, HOLDERS)
    (raw / "人工核查.xlsx").unlink()
    for each in HOLDERS:
        works(raw / each.name / f"作品_{SPAN}.xlsx", each.name)
    xmt("--workspace", root, *RUN)
    return root


def filled_in(path: Path) -> list[str]:
    """Fill in the form as people do: one line „item × all" each, and below the last line one fault of one account."""
    book = openpyxl.load_workbook(path)
    page = book["人工核查表"]
    (top,) = [row[0].row for row in page.iter_rows(max_col=1) if row[0].value == FORM_HEADINGS[0]]
    at = {heading: number for number, heading in enumerate(FORM_HEADINGS, start=1)}
    answered, row = [], top + 1
    while item := page.cell(row, at["检查项目"]).value:
        if page.cell(row, at["范围"]).value == "全部":
            answered.append(item)
            for heading, value in {"检查时间": "2025-09-29 10:00", "检查人": "周某", "检查结果": NOT_FOUND}.items():
                page.cell(row, at[heading]).value = value
        row += 1
    fault = {"检查项目": "C1 文字差错", "范围": "账号", "账号": "县水利", "检查时间": "2025-09-29 10:00", "检查人": "周某", "检查结果": FOUND, "问题描述": "标题有错字"}
    for heading, value in fault.items():
        page.cell(row, at[heading]).value = value
    book.save(path)
    return answered


def test_the_form_is_filled_in_put_back_used_and_never_overwritten(xmt, unchecked, tmp_path):
    ws = Path(shutil.copytree(unchecked, tmp_path / "考核"))
    before = frame(ws, "account_scores")
    assert before["score"].isna().all()
    book = ws / "reports" / QUARTER / BOOK
    answered = filled_in(book)
    assert len(answered) == len(set(answered)) > 10
    begun = book.read_bytes()
    shutil.copy(book, ws / "data" / "raw" / QUARTER / BOOK)
    told = xmt("--workspace", ws, *RUN).stdout
    assert book.read_bytes() == begun
    assert f"考核评分表_{QUARTER}(2).xlsx" in told
    scores = frame(ws, "account_scores").set_index("account_name")["score"]
    assert {name: str(score) for name, score in scores.items()} == {"县林业": "100.00", "县水利": "99.50"}
    fresh = openpyxl.load_workbook(book.with_name(f"考核评分表_{QUARTER}(2).xlsx"), data_only=True)
    assert "100.00" in [f"{cell.value:.2f}" for row in fresh["账号得分"].iter_rows() for cell in row if isinstance(cell.value, int | float)]


def printed_commands() -> list[str]:
    """Every `xmt …` of the manual, in its order, each once."""
    inline = re.findall(r"`(xmt [^`]+)`", MANUAL) + re.findall(r"^(?:\.venv\\Scripts\\)?(xmt .+)$", MANUAL, re.M)
    found = sorted({(MANUAL.index(each), each) for each in inline})
    return list(dict.fromkeys(each for _, each in found))


@pytest.mark.long
def test_every_command_that_the_manual_prints_works(xmt, unchecked, tmp_path):
    ws = Path(shutil.copytree(unchecked, tmp_path / "考核"))
    export = next((ws / "data" / "raw" / QUARTER).rglob("作品*.xlsx"))
    register = next((ws / "data" / "raw" / QUARTER).rglob("账号备案台账.xlsx"))
    words = {
        "2026Q3": QUARTER, "2026": QUARTER[:4], "年度": QUARTER[:4], "季度": QUARTER, "季度或年度": QUARTER, "单位名称": HOLDERS[0].unit,
        "名称": HOLDERS[0].unit, "文件": str(export), "通报.docx": str(ws / "reports" / QUARTER / f"通报_{QUARTER}.docx"),
        "台账.xlsx": str(register), "文件夹": str(tmp_path / "新"), "政务新媒体考核": str(tmp_path / "又一个"), "2026-10-10": "2025-10-10",
    }  # fmt: skip
    tried = []
    for command in printed_commands():
        if command.split()[1] in ("lab", "demo", "scheme") or command in ("xmt init", "xmt run"):
            continue  # have tests of their own; only the name of what is printed in full elsewhere
        given = [words.get(each, each) for each in command.split()[1:]]
        if given in (["import"], ["check"], ["score"], ["report"]):  # „分步运行:…,后面都写季度"
            given.append(QUARTER)
        if "--from" in given:  # the proposal is confirmed by typing y
            given = [*given, "--yes"]
        done = xmt("--workspace", ws, *given, cwd=tmp_path, ok=False)
        if given[0] == "publish" and "--provisional" not in given:  # this quarter still has open items
            assert (done.returncode, "还有待定事项" in done.stdout) == (1, True), f"{command}\n{done.stdout}{done.stderr}"
            continue
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        tried.append(given[0])
    assert {"init", "run", "import", "check", "score", "report", "explain", "doctor"} <= set(tried)
