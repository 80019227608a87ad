"""Numbers, deadlines and the registers of notices: given once, never given again."""

import datetime as dt
import json
import shutil
from dataclasses import replace

import openpyxl
import pytest
from notice_county import DAY, empty_workspace, written
from notice_files import paragraphs
from support_quarter import UNITS, row, small_quarter

from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Quarter
from xmt_scoring.reports.notices.fields import deadline
from xmt_scoring.reports.notices.numbers import FILE, numbered
from xmt_scoring.reports.problems import problem_rows
from xmt_scoring.settings import Settings
from xmt_scoring.workspace import Workspace


@pytest.fixture
def ws(tmp_path):
    """An empty workspace."""
    return empty_workspace(tmp_path)


def test_numbers_follow_the_order_of_units_and_never_change_or_return(ws):
    data = small_quarter(rows=[row("art11_weekly_update", "W3", "W3|2025-07-07")])
    files, _ = written(ws, data)
    assert "新媒体整改〔2025〕1号" in paragraphs(files["整改通知书_黄柏塬镇人民政府.docx"])
    files, _ = written(ws, small_quarter())
    assert "新媒体整改〔2025〕1号" in paragraphs(files["整改通知书_黄柏塬镇人民政府.docx"]), "given once, kept"
    assert "新媒体整改〔2025〕2号" in paragraphs(files["整改通知书_县林业局.docx"])
    assert "新媒体整改〔2025〕3号" in paragraphs(files["整改通知书_县融媒体中心（县广播电视台）.docx"])


def test_numbers_run_on_through_the_quarters_of_a_year_by_kind(tmp_path):
    ws = Workspace(tmp_path)
    first = numbered(ws, Quarter(2025, 2), [("notice", "U1", 2025), ("notice", "U2", 2025), ("reminder", "U3", 2025)])
    second = numbered(ws, Quarter(2025, 3), [("notice", "U1", 2025), ("reminder", "U1", 2025)])
    fourth = numbered(ws, Quarter(2025, 4), [("notice", "U1", 2026)])
    assert first == {("notice", "U1"): 1, ("notice", "U2"): 2, ("reminder", "U3"): 1}
    assert second == {("notice", "U1"): 3, ("reminder", "U1"): 2} and fourth == {("notice", "U1"): 1}
    assert numbered(ws, Quarter(2025, 2), [("notice", "U2", 2025)]) == {("notice", "U2"): 2}


def test_numbers_outlive_the_processed_data_and_the_reports_of_a_quarter(ws):
    written(ws, small_quarter())
    shutil.rmtree(ws.processed(Quarter(2025, 3)).parent)
    shutil.rmtree(ws.reports(Quarter(2025, 3)))
    files, _ = written(ws, small_quarter(rows=[row("art11_weekly_update", "W3", "W3|2025-07-07")]))
    assert "新媒体整改〔2025〕3号" in paragraphs(files["整改通知书_黄柏塬镇人民政府.docx"]), "the number that it was given"
    assert numbered(ws, Quarter(2025, 4), [("notice", "U1", 2025)]) == {("notice", "U1"): 4}


def register(ws):
    """The register of numbers as rows by heading."""
    lines = list(openpyxl.load_workbook(ws.root / "reports" / FILE).active.iter_rows(min_row=3, values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_the_register_of_numbers_names_year_kind_number_and_unit_and_keeps_what_the_office_writes(ws):
    written(ws, small_quarter())
    assert [(each["年份"], each["种类"], each["序号"], each["单位"]) for each in register(ws)] == [
        (2025, "整改通知书", n, name) for n, name in enumerate(UNITS.values(), start=1)
    ]
    path = ws.root / "reports" / FILE
    book = openpyxl.load_workbook(path)
    book.active.append([2025, "整改通知书", 9, None, "手工发出的", None, "作废"])
    book.save(path)
    assert numbered(ws, Quarter(2025, 4), [("notice", "U1", 2025)]) == {("notice", "U1"): 10}
    kept = next(each for each in register(ws) if each["序号"] == 9)
    assert (kept["单位"], kept["备注"]) == ("手工发出的", "作废")


def test_numbers_that_an_earlier_version_kept_elsewhere_are_taken_over(ws):
    for quarter, unit, number in (("2025Q2", "U1", 7), ("2025Q3", "U2", 8)):
        folder = ws.root / "data" / "processed" / quarter
        folder.mkdir(parents=True)
        entry = {"kind": "notice", "unit_id": unit, "year": 2025, "number": number}
        (folder / "notices.json").write_text(json.dumps({"notices": [entry]}), encoding="utf-8")
    assert numbered(ws, Quarter(2025, 3), [("notice", "U1", 2025), ("notice", "U2", 2025)]) == {("notice", "U1"): 9, ("notice", "U2"): 8}
    assert [(each["季度"], each["序号"]) for each in register(ws)] == [("2025Q2", 7), ("2025Q3", 8), ("2025Q3", 9)]
    shutil.rmtree(ws.root / "data")
    assert numbered(ws, Quarter(2025, 4), [("notice", "U1", 2025)]) == {("notice", "U1"): 10}


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [(1, "二〇二五", "第 4 行「年份」列.*二〇二五"), (2, "整改书", "第 4 行「种类」列.*整改通知书、提醒函"), (3, 0, "第 4 行「序号」列.*“0”"), (3, None, "「序号」列")],
)
def test_a_row_that_cannot_be_read_stops_the_numbering_and_is_named(ws, column, value, told):
    written(ws, small_quarter())
    path = ws.root / "reports" / FILE
    book = openpyxl.load_workbook(path)
    book.active.cell(4, column).value = value
    book.save(path)
    before = path.read_bytes()
    with pytest.raises(XmtError, match=told):
        numbered(ws, Quarter(2025, 4), [("notice", "U1", 2025)])
    assert path.read_bytes() == before


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"x"), lambda path: openpyxl.Workbook().save(path)])
def test_a_damaged_register_is_refused_and_not_written_over(ws, spoil):
    written(ws, small_quarter())
    path = ws.root / "reports" / FILE
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(XmtError, match=FILE):
        written(ws, small_quarter())
    assert path.read_bytes() == before


def test_one_unit_alone_has_the_number_that_it_has_among_all(ws):
    files, _ = written(ws, small_quarter(), unit="黄柏塬镇人民政府")
    assert set(files) == {"整改通知书_黄柏塬镇人民政府.docx", "整改台账_黄柏塬镇人民政府.xlsx", "通知登记.xlsx"}
    assert "新媒体整改〔2025〕3号" in paragraphs(files["整改通知书_黄柏塬镇人民政府.docx"])
    files, notes = written(ws, small_quarter(rows=[row("art11_typo", "W1", "T1")]), unit="U3")
    assert set(files) <= {"通知登记.xlsx"} and "没有要发给它的通知" in str(notes[-1])
    with pytest.raises(XmtError, match="黄柏塬镇人民政府"):
        written(ws, small_quarter(), unit="黄柏塬镇政府")


def test_the_deadline_counts_workdays_over_holidays_by_the_offices_setting():
    data = small_quarter()
    assert deadline(data, DAY) == dt.date(2025, 10, 29)
    assert deadline(data, dt.date(2025, 9, 30)) == dt.date(2025, 10, 21), "eight days of holidays, and a Saturday that is worked"
    assert deadline(replace(data, settings=Settings.default(rectify_workdays=5)), DAY) == dt.date(2025, 10, 22)


def test_the_register_lists_every_notice_with_number_dates_and_file(ws):
    files, _ = written(ws, small_quarter())
    lines = list(openpyxl.load_workbook(files["通知登记.xlsx"]).active.iter_rows(min_row=3, values_only=True))
    table = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    assert [each["文号"] for each in table] == [f"新媒体整改〔2025〕{n}号" for n in (1, 2, 3)]
    assert all(each["文件"] in files and each["整改期限"].date() == dt.date(2025, 10, 29) for each in table)
    assert sum(each["问题数"] for each in table) == len(problem_rows(small_quarter()))
