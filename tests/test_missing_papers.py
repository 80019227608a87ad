"""A paper that was forgotten is told, costs nobody a point and gives nobody one: its item is an interval.

导出文件清单 still declares the lists as complete; a declaration without the list must not decide anything.
"""

import datetime as dt
import shutil

import openpyxl
import pytest
from filled_workspace import MONDAYS, QUARTER, SPAN, Holder, frame, made_workspace, works
from register_books import write

from xmt_scoring.periods import Quarter
from xmt_scoring.pipeline import check_quarter, import_quarter, score_quarter
from xmt_scoring.workspace import Workspace

Q = Quarter.parse(QUARTER)
HOLDERS = [Holder("林业"), Holder("水利")]
MISSING = {  # file, sheet that is emptied (None: the file is taken away) → kind of gap, lowest score, a word that is said
    ("审核记录.xlsx", None): ("clearances", "92.00", "写着“审核记录.xlsx”，本季度的文件夹里没有这个文件"),
    ("留言.xlsx", None): ("messages", "86.00", "写着“留言.xlsx”，本季度的文件夹里没有这个文件"),
    ("人员.xlsx", None): ("staff", "97.00", "没有本单位人员的登记"),
    ("账号备案台账.xlsx", "备案表"): ("filings", "92.00", "没有备案登记"),
}


def imported(root, as_of=dt.date(2025, 10, 10)):
    """The quarter after its import, and what the import said besides the table of files."""
    ws = Workspace.find(root)
    return ws, "\n".join(map(str, import_quarter(ws, Q, as_of).problems))


def scored(root):
    """What import, check and score said, and the scores."""
    ws, told = imported(root)
    check_quarter(ws, Q)
    score_quarter(ws, Q)
    return told, frame(root, "account_scores")


@pytest.fixture(scope="module")
def sound(xmt, tmp_path_factory):
    """Two accounts with every paper."""
    root = tmp_path_factory.mktemp("齐全") / "县"
    raw = made_workspace(xmt, root, HOLDERS)
    for holder in HOLDERS:
        works(raw / holder.name / f"作品_{SPAN}.xlsx", holder.name)
    return root


@pytest.fixture
def county(sound, tmp_path):
    """A copy that a story may spoil."""
    return shutil.copytree(sound, tmp_path / "县")


def test_with_every_paper_nothing_is_missing_and_nothing_is_lost(county):
    told, scores = scored(county)
    assert told == "" and not len(frame(county, "gaps"))
    assert scores["score"].map(str).tolist() == ["100.00", "100.00"]


@pytest.mark.parametrize(("file", "sheet"), MISSING)
def test_a_paper_that_is_not_there_leaves_its_items_open_and_is_asked_for(county, file, sheet):
    gap, low, said = MISSING[file, sheet]
    path = county / "data" / "raw" / QUARTER / file
    if sheet is None:
        path.unlink()
    else:
        book = openpyxl.load_workbook(path)
        book[sheet].delete_rows(2, 50)
        book.save(path)
    told, scores = scored(county)
    assert scores["score"].isna().all()
    assert (scores["low"].map(str).tolist(), scores["high"].map(str).tolist()) == ([low] * 2, ["100.00"] * 2)
    gaps = frame(county, "gaps")
    assert (gaps["covers"].tolist(), sorted(gaps["account_name"])) == ([gap] * 2, sorted(holder.name for holder in HOLDERS))
    assert said in told + "\n".join(gaps["message"])


@pytest.mark.parametrize(("as_of", "is_over"), [("2025-09-27", False), ("2025-09-28", True)])
def test_a_week_that_is_not_over_is_open_but_not_asked_for(county, as_of, is_over):
    """The last week runs from 22 to 28 September; an export of the 21st leaves it open."""
    raw = county / "data" / "raw" / QUARTER
    for holder in HOLDERS:
        (raw / holder.name / f"作品_{SPAN}.xlsx").unlink()
        works(raw / holder.name / "作品_2025-06-30至2025-09-21.xlsx", holder.name, MONDAYS[:12])
    ws, told = imported(county, dt.date.fromisoformat(as_of))
    weeks = frame(county, "gaps").query("covers == 'posts'")
    assert [f"{day:%m-%d}" for day in weeks["week_start"]] == ["09-22", "09-22"] * is_over
    assert f"还没有过完（数据截止 {as_of}）" in told
    check_quarter(ws, Q)
    verdicts = frame(county, "verdicts")
    assert (verdicts.loc[verdicts["check_id"] == "art11_weekly_update", "outcome"] == "no_data").all()


@pytest.mark.parametrize(("day", "is_told"), [("2025-06-30", True), ("2025-07-01", False), ("2025-10-10", False), ("2025-10-11", True)])
def test_a_form_of_another_quarter_decides_nothing_and_is_told(county, day, is_told):
    path = county / "data" / "raw" / QUARTER / "人工核查.xlsx"
    book = openpyxl.load_workbook(path)
    page = book["已核查"]
    column = [cell.value for cell in page[1]].index("检查时间") + 1
    rows = range(3, page.max_row + 1)
    for row in rows:
        page.cell(row, column).value = f"{day} 10:00"
    book.save(path)
    told, scores = scored(county)
    assert (f"{len(rows)} 行的检查时间（{day}）不在 2025-07-01 至 2025-10-10，2025年第三季度没有采用" in told) is is_told
    assert scores["score"].isna().all() == is_told


@pytest.mark.parametrize(("day", "is_told"), [("2025-06-30", True), ("2025-07-01", False), ("2025-09-30", False), ("2025-10-01", True)])
def test_a_veto_in_the_folder_of_another_quarter_fails_nobody_there_and_is_told(county, day, is_told):
    heads = ["检查编号", "检查层级", "检查日期", "文号", "账号", "单位", "是否单项否决", "检查项目", "问题描述"]
    row = ["J1", "市", day, "市函〔2025〕1号", HOLDERS[0].code, None, "是", "V1", "某问题"]
    write(county / "data" / "raw" / QUARTER / "上级检查.xlsx", 上级检查=[heads, row])
    told, scores = scored(county)
    assert (f"1 行的检查日期（{day}）不在 2025-07-01 至 2025-09-30，2025年第三季度没有采用" in told) is is_told
    assert scores["is_vetoed"].sum() == (not is_told)


@pytest.mark.parametrize(("as_of", "n_rows"), [("2025-09-21", 6), ("2025-09-22", 2), ("2025-10-10", 0)])
def test_rows_after_the_last_day_that_is_used_are_told_in_one_line(county, as_of, n_rows):
    raw = county / "data" / "raw" / QUARTER
    works(raw / "林业" / "十月补.xlsx", "林业", [dt.date(2025, 10, 9), dt.date(2025, 10, 10)])
    _, told = imported(county, dt.date.fromisoformat(as_of))
    lines = [line for line in told.splitlines() if line.startswith("截止日以后的数据")]
    assert len(lines) == bool(n_rows)
    assert all(f"里有 {n_rows} 行比数据截止日 {as_of} 晚，没有采用；最晚的在 林业/十月补.xlsx「Sheet1」表第 3 行，2025-10-10" in line for line in lines)
