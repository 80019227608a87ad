"""The cover of the workbook and the circular of one quarter print the same numbers, also of accounts out of the reckoning."""

import re

import openpyxl
import pytest
from recalculation import FOREIGN_BARS, fill_in, recalculated
from support_quarter import UNITS, row, small_quarter, verdict_rows, written

from xmt_scoring.reports.bulletin.fields import contents
from xmt_scoring.reports.summary import key_numbers
from xmt_scoring.settings import Settings

pytestmark = FOREIGN_BARS
BOXES = ("账号合格率", "检查账号", "合格（≥60 分）", "不合格", "其中单项否决", "待定账号", "文件状态")
GRAVE = row("art08_grave_content", "D3", "G9", message="转发造谣信息")
ASKED = row("art08_grave_content", "D3", "G9", "unverified", "grave_misstatement", "待核查")
# D3 was live too short to be scored; it is looked at for vetoes only
QUARTERS = {
    "一个账号不计分": verdict_rows(),
    "不计分的被否决": [*verdict_rows(), GRAVE],
    "不计分的待核查": [*verdict_rows(), ASKED],
    "只有不计分的待核查": [ASKED],
    "只有不计分的被否决": [GRAVE],
}


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("封面数字")
    return {name: written(folder, f"{name}.xlsx", rows=rows) for name, rows in QUARTERS.items()}


def boxes(path):
    """What the boxes at the top of the cover show."""
    page = openpyxl.load_workbook(path, data_only=True)["封面"]
    places = {cell.value: cell for cell in page[4] if cell.value in BOXES}
    return {name: page.cell(places[name].row + 1, places[name].column).value for name in BOXES}


def circular(name):
    """The same numbers in the circular: checked, passed and failed for certain, and the accounts that wait."""
    data = small_quarter(rows=QUARTERS[name])
    fields = contents(data, None, data.as_of, "").fields
    sure = [int(fields[key].low) for key in ("检查数", "合格数", "不合格数", "待定账号数")]
    return [*sure, "征求意见稿" if fields["征求意见稿"] else "定稿"]


@pytest.mark.parametrize("name", QUARTERS)
def test_the_cover_counts_what_the_circular_counts(books, name):
    shown = boxes(books[name])
    assert [shown[each] for each in BOXES if each not in ("账号合格率", "其中单项否决")] == circular(name)
    page = openpyxl.load_workbook(books[name], data_only=True)["封面"]
    texts = [str(cell.value) for line in page.iter_rows() for cell in line if cell.value is not None]
    assert ("黄柏塬文旅（抖音）" in texts) == ("被否决" in name), "the list below has the accounts that the box counts"
    report = key_numbers(small_quarter(rows=QUARTERS[name]))
    assert [report[each] for each in ("检查账号", "不合格的账号", "单项否决", "还有待定项的账号")] == [
        str(int(shown[each])) for each in ("检查账号", "不合格", "其中单项否决", "待定账号")
    ]


def test_an_account_that_fails_for_a_prominent_problem_is_counted_so_by_circular_report_and_live_cover(tmp_path):
    advert = row("art08_advert", "W3", "A1", severity="commercial_advert", message="商业广告：卖蜂蜜")
    changed = {"rows": [advert, row("art11_typo", "W1", "T1", severity="general", message="错字")], "settings": Settings.default(prominent_counts_as="fail")}
    path, data = written(tmp_path, "突出.xlsx", **changed), small_quarter(**changed)
    fields = contents(data, None, data.as_of, "").fields
    sure = [int(fields[key].low) for key in ("检查数", "合格数", "不合格数")]
    assert sure == [6, 5, 1] and key_numbers(data)["不合格的账号"] == "1"
    before, after = recalculated(tmp_path, [path])["突出"]
    for book in (before, after):
        assert [boxes(book)[each] for each in ("检查账号", "合格（≥60 分）", "不合格")] == sure
    page = openpyxl.load_workbook(after, data_only=True)["封面"]
    texts = [cell.value for line in page.iter_rows() for cell in line]
    assert "存在突出问题，按设置算不合格" in texts
    column = next(cell.column for line in page.iter_rows() for cell in line if cell.value == "不合格账号")
    assert sum(line[column - 1].value for line in page.iter_rows() if isinstance(line[column - 1].value, (int, float)) and line[1].value in UNITS.values()) == 1


def test_an_account_out_of_the_reckoning_is_checked_only_once_it_is_vetoed(books):
    assert [boxes(books[name])["检查账号"] for name in QUARTERS] == [6, 7, 6, 6, 7]
    assert [boxes(books[name])["待定账号"] for name in QUARTERS] == [5, 5, 6, 1, 0]
    assert [boxes(books[name])["不合格"] for name in QUARTERS] == [1, 2, 1, 0, 1]


def test_the_draft_says_how_many_of_those_that_wait_are_out_of_the_reckoning(tmp_path):
    from support_bulletin import circular as written_circular

    _, lines, _ = written_circular(tmp_path, small_quarter(rows=QUARTERS["不计分的待核查"]))
    assert any(re.search("共有6个账号还有待定事项（详见附件[0-9]），其中不评分的1个。", line) for line in lines)
    _, lines, _ = written_circular(tmp_path, small_quarter(rows=QUARTERS["一个账号不计分"]))
    assert any(re.search("共有5个账号还有待定事项（详见附件[0-9]）。", line) for line in lines)


def test_a_spreadsheet_counts_the_same_also_after_the_veto_was_answered(books, tmp_path):
    (tmp_path / "填").mkdir()
    found = fill_in(books["不计分的待核查"], tmp_path / "填" / "认定.xlsx", {}, {"黄柏塬文旅": "认定否决"})
    cleared = fill_in(books["不计分的待核查"], tmp_path / "填" / "未发现.xlsx", {}, {"黄柏塬文旅": "未发现"})
    anew = recalculated(tmp_path, [books["不计分的待核查"], books["不计分的被否决"], found, cleared])
    for name in ("不计分的待核查", "不计分的被否决"):
        assert boxes(anew[name][1]) == boxes(anew[name][0]), name
    assert boxes(anew["认定"][1]) == boxes(books["不计分的被否决"])
    assert boxes(anew["未发现"][1]) == boxes(books["一个账号不计分"])
