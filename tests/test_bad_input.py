"""Bad input gets a message in Chinese and the run goes on where it can; nothing is lost, nothing half-written.

Each story starts from a raw folder of the demo county and spoils one thing.
"""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Quarter
from xmt_scoring.pipeline import Step, import_quarter
from xmt_scoring.workspace import Workspace

pytestmark = pytest.mark.long  # each imports the demo's quarter; test_bad_input_run.py has the same faults in a small workspace
Q = Quarter.parse("2025Q3")


@pytest.fixture
def ws(demo: Path, tmp_path: Path) -> Workspace:
    """A workspace with the third quarter's raw files only."""
    root = tmp_path / "县 副本（坏）"
    shutil.copytree(demo / "data" / "raw" / "2025Q3", root / "data" / "raw" / "2025Q3")
    shutil.copy(demo / "xmt.toml", root / "xmt.toml")
    return Workspace(root)


def imported(ws: Workspace) -> Step:
    return import_quarter(ws, Q, Q.default_as_of(10))


def told(step: Step) -> str:
    return "\n".join(str(problem) for problem in step.problems)


def conserved(step: Step) -> None:
    files = step.frames["files"]
    assert (files["n_rows"] == files["n_kept"] + files["n_quarantined"] + files["n_no_data_rows"]).all()


def export_of(step: Step, platform: str, kind: str = "posts") -> pd.Series:
    files = step.frames["files"]
    return files[(files["platform"] == platform) & (files["kind"] == kind) & (files["n_kept"] > 3)].iloc[0]


def raw(ws: Workspace, name: str) -> Path:
    return ws.raw(Q) / name


def register(ws: Workspace, frame: str) -> Path:
    return raw(ws, imported(ws).frames[frame]["src_file"].iloc[0])


def edit(path: Path, sheet: str | None, change: Callable) -> None:
    book = openpyxl.load_workbook(path)
    change(book[sheet] if sheet else book.worksheets[0])
    book.save(path)


def cell_under(sheet, heading: str, row: int):
    for line in sheet.iter_rows(min_row=1, max_row=10):
        for cell in line:
            if cell.value == heading:
                return sheet.cell(row=row, column=cell.column)
    raise AssertionError(heading)


def test_the_untouched_folder_imports_with_every_row_accounted_for(ws):
    conserved(imported(ws))


def test_nothing_in_the_raw_folder_is_changed(ws):
    before = {path: path.read_bytes() for path in ws.raw(Q).rglob("*") if path.is_file()}
    imported(ws)
    assert {path: path.read_bytes() for path in ws.raw(Q).rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("name", "content"),
    [("空.xlsx", b""), ("空.xls", b""), ("断.xlsx", b"PK\x03\x04" + b"\0" * 40), ("乱.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)],
)
def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(ws, name, content):
    raw(ws, name).write_bytes(content)
    step = imported(ws)
    assert name in told(step)
    assert name in set(step.frames["files"]["file"])
    conserved(step)


def test_a_zip_named_xlsx_is_named(ws):
    with zipfile.ZipFile(raw(ws, "打包.xlsx"), "w") as archive:
        archive.writestr("里面.txt", "内容")
    assert "打包.xlsx" in told(imported(ws))


def test_an_unknown_heading_in_a_register_is_told_with_its_place(ws):
    path = register(ws, "accounts")

    def change(sheet):
        cell_under(sheet, "备注", 1)
        for cell in sheet[1]:
            if cell.value == "备注":
                cell.value = "备忘"

    edit(path, "账号", change)
    with pytest.raises(XmtError, match="备忘"):
        imported(ws)


@pytest.mark.parametrize(("heading", "value"), [("平台", "博客"), ("主办单位", "不存在的局"), ("开设日期", "2026-02-30"), ("账号状态", "飞行")])
def test_a_value_that_cannot_be_is_told_with_file_sheet_row_and_column(ws, heading, value):
    path = register(ws, "accounts")

    def change(sheet):
        cell_under(sheet, heading, 3).value = value

    edit(path, "账号", change)
    with pytest.raises(XmtError) as caught:
        imported(ws)
    message = str(caught.value)
    assert all(part in message for part in (path.name, "「账号」表", "第 3 行", heading, value))


def test_all_problems_of_a_register_are_told_at_once(ws):
    path = register(ws, "accounts")

    def change(sheet):
        cell_under(sheet, "平台", 2).value = "博客"
        cell_under(sheet, "开设日期", 3).value = "某天"
        cell_under(sheet, "账号状态", 4).value = "飞行"

    edit(path, "账号", change)
    with pytest.raises(XmtError) as caught:
        imported(ws)
    assert all(word in str(caught.value) for word in ("博客", "某天", "飞行"))


def test_stray_blanks_and_full_width_digits_of_wps_do_not_matter(ws):
    path, before = register(ws, "accounts"), imported(ws).frames["accounts"]

    def change(sheet):
        cell = cell_under(sheet, "平台", 2)
        cell.value = f" {cell.value} "
        cell = cell_under(sheet, "开设日期", 2)
        text = str(cell.value)[:10]
        cell.number_format = "@"
        cell.value = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    edit(path, "账号", change)
    after = imported(ws).frames["accounts"]
    pd.testing.assert_frame_equal(after, before)


def test_without_the_register_of_accounts_nothing_is_scored_and_nothing_is_saved(ws):
    register(ws, "accounts").unlink()
    with pytest.raises(XmtError, match="账号"):
        imported(ws)


def test_lock_files_of_excel_are_listed_and_passed_over(ws):
    raw(ws, "~$单位.xlsx").write_bytes(b"\x06lock")
    before = told(imported(ws))
    assert "~$单位.xlsx" not in before
