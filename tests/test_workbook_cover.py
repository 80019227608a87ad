"""封面 and the sheets of the units: the answer first, the quarter before beside it, links both ways, boxes for an appeal."""

from dataclasses import replace

import pytest
import xlsxwriter
from support_quarter import UNITS, row, small_quarter, verdict_rows, written
from workbook_cells import opened

from xmt_scoring.reports.excel_parts import keep_together
from xmt_scoring.reports.workbook import write_workbook


def texts(path, sheet):
    """Every cell of a sheet with something in it: (row, column) → value."""
    page = opened(path)[sheet]
    return {(cell.row, cell.column): cell.value for line in page.iter_rows() for cell in line if cell.value is not None}


def under(shown, heading):
    """The value below the first cell that says `heading`."""
    place = next(place for place, value in shown.items() if value == heading)
    return shown.get((place[0] + 1, place[1]))


@pytest.fixture(scope="module")
def compared():
    """The small quarter with a quarter before it, in which U1 was worse, U2 had no veto and D3 was not there."""
    earlier = small_quarter(rows=[row("art11_weekly_update", "W1", f"W1|{n}") for n in range(9)])
    accounts = earlier.frames["account_scores"]
    without = accounts[accounts["account_id"] != "D3"].reset_index(drop=True)
    previous = {"unit_scores": earlier.frames["unit_scores"], "account_scores": without, "verdicts": earlier.frames["verdicts"]}
    return replace(small_quarter(), previous=previous)


@pytest.fixture(scope="module")
def book(compared, tmp_path_factory):
    path = tmp_path_factory.mktemp("封面") / "评分表.xlsx"
    write_workbook(path, compared)
    return path


def test_the_answer_stands_at_the_top(book):
    shown = texts(book, "封面")
    assert shown[(1, 1)] == "太白县政务新媒体季度检查结果（2025年第三季度）"
    assert (under(shown, "检查账号"), under(shown, "合格（≥60 分）"), under(shown, "不合格"), under(shown, "其中单项否决")) == (6, 4, 1, 1)
    assert under(shown, "账号合格率") == "66.7%–83.3%", "the veto of W4 is not answered yet"
    assert under(shown, "待定账号") == 5 and under(shown, "文件状态") == "征求意见稿"


def test_a_rate_is_an_interval_while_an_account_may_still_fail(tmp_path):
    open_weeks = [row("art11_weekly_update", "W3", f"W3|{n}", "no_data") for n in range(13)]
    answered = [row("art11_message_reply", "W3", f"M{n}", severity="unanswered") for n in range(7)]
    shown = texts(written(tmp_path, rows=[*open_weeks, *answered, *(row("art11_typo", "W3", f"S{n}", severity="serious") for n in range(3))]), "封面")
    assert under(shown, "账号合格率") == 1  # 100 − 14 − 6 − 20 = 60: just passes whatever the weeks turn out to be
    more = [row("art08_advert", "W3", "R1")]
    shown = texts(written(tmp_path, rows=[*open_weeks, *answered, *more, *(row("art11_typo", "W3", f"S{n}", severity="serious") for n in range(3))]), "封面")
    assert under(shown, "账号合格率") == "83.3%–100.0%" and under(shown, "不合格") == 0


def test_a_quarter_in_which_all_is_decided_is_final(tmp_path):
    decided = [each for each in verdict_rows() if each["outcome"] == "fail"]
    shown = texts(written(tmp_path, rows=decided), "封面")
    assert under(shown, "文件状态") == "定稿" and under(shown, "三、还没有定下来的") == "缺数据 2 处，见“数据清单”"


def test_rank_and_score_stand_beside_those_of_the_quarter_before(book, compared):
    shown = texts(book, "封面")
    top = next(place[0] for place, value in shown.items() if value == "上季度名次")
    headings = {value: place[1] for place, value in shown.items() if place[0] == top}
    names = {shown[(line, headings["单位"])]: line for line in range(top + 1, top + 4)}
    before = compared.previous["unit_scores"].set_index("unit_name")
    for unit, line in names.items():
        assert float(before.loc[unit, "score"]) == shown[(line, headings["上季度得分"])]
        assert int(before.loc[unit, "rank"]) == shown[(line, headings["上季度名次"])]
    line = names[UNITS["U2"]]
    assert shown[(line, headings["得分增减"])] == "—" and shown[(line, headings["不合格账号"])] == 1  # its score is still open


def test_without_a_quarter_before_nothing_is_compared(tmp_path):
    shown = texts(written(tmp_path), "封面")
    assert "上季度没有计分结果，不作比较。" in shown.values() and list(shown.values()).count("—") >= 9


def test_failed_accounts_stand_with_their_reason_and_changes_are_named(book):
    shown = list(texts(book, "封面").values())
    why = next(str(value) for value in shown if str(value).startswith("单项否决 V1"))
    assert "转发造谣信息" in why and "太白发布（微博）" in shown
    assert "新出现的不合格账号：太白发布（微博）。" in shown and "新列入检查的账号：黄柏塬文旅（抖音）。" in shown
    assert any(str(value).startswith("等次下降的单位：县融媒体中心") for value in shown)
    assert "C1 文字差错：1 个账号" in shown and "否决项 V1 严重内容问题：1 个账号还没有核查" in shown


def test_an_account_that_fails_by_points_names_what_cost_most(tmp_path):
    rows = [row("art11_weekly_update", "W3", f"W3|{n}") for n in range(12)] + [row("art11_message_reply", "W3", f"M{n}", severity="unanswered") for n in range(7)]
    rows += [row("art11_typo", "W3", f"S{n}", severity="serious") for n in range(3)] + [row("art08_advert", "W3", "R1")]
    shown = [str(value) for value in texts(written(tmp_path, rows=rows), "封面").values()]
    assert "B1 每周更新 -20、D1 留言答复 -14、C1 文字差错 -6等 4 项" in shown


def test_every_sheet_is_reached_from_the_cover_and_units_lead_back(book):
    pages = opened(book, data_only=False)
    places = {link.location.split("!")[0].strip("'") for link in (cell.hyperlink for line in pages["封面"].iter_rows() for cell in line) if link}
    assert places == set(pages.sheetnames) - {"封面"}
    for page in (page for page in pages.worksheets if page.title[:2].isdecimal()):
        back = [cell.hyperlink.location for cell in page[3] if cell.hyperlink]
        assert [one.split("!")[0] for one in back] == ["'封面'", "'单位得分'", "'扣分明细'"]


def test_a_unit_s_sheet_links_a_loss_to_its_row_and_its_evidence_and_both_lead_back(book):
    pages = opened(book, data_only=False)
    page = pages["01 县林业局"]
    line = next(cell.row for cell in page["A"] if cell.value == "2025Q3|W2|C1|T01")
    links = {cell.hyperlink.location for cell in page[line] if cell.hyperlink}
    to_loss, to_evidence = sorted(links, key=lambda one: "证据" in one)
    losses, evidence = pages["扣分明细"], pages["证据"]
    loss, source = losses[to_loss.split("!")[1]], evidence[to_evidence.split("!")[1]]
    assert loss.value == "2025Q3|W2|C1|T01" and source.value == "2025Q3|W2|C1|T01"
    assert source.hyperlink.location == to_loss
    back = {cell.hyperlink.location for cell in losses[loss.row] if cell.hyperlink and cell.hyperlink.location}
    assert back == {"'01 县林业局'!A1", to_evidence}


def test_a_unit_s_sheet_has_accounts_weeks_losses_and_boxes(book):
    shown = list(texts(book, "01 县林业局").values())
    for part in ("一、结果", "二、账号", "三、每周更新", "四、扣分与整改（申诉时请引用扣分编号）", "五、申诉（写明扣分编号和理由，签名盖章后交主管单位）", "日期", "签名（盖章）"):
        assert part in shown
    assert sum(str(value).startswith("2025Q3|W2|C1|") for value in shown) == 14 and "重复不计" in shown
    pages = opened(book, data_only=False)
    assert any("$A$" in str(rule.formula1) for rule in pages["01 县林业局"].data_validations.dataValidation)


def test_a_unit_without_accounts_or_losses_has_a_sheet_too(tmp_path):
    path = written(tmp_path, rows=[], units={**UNITS, "U4": "没有账号的局"})
    page = next(name for name in opened(path).sheetnames if "没有账号的局" in name)
    shown = list(texts(path, page).values())
    assert "本季度没有在用的账号。" in shown and "没有扣分。" in shown


@pytest.mark.parametrize("n_units", [3, 13, 24])
def test_the_first_page_ends_with_the_failed_accounts_and_no_later_part_is_torn_apart(tmp_path, n_units):
    more = {f"X{n}": f"第{n}镇人民政府" for n in range(n_units - len(UNITS))}
    page = opened(written(tmp_path, units={**UNITS, **more}))["封面"]
    (top,) = (cell.row - 1 for cell in page["A"] if str(cell.value) == "三、还没有定下来的")
    assert [each.id for each in page.row_breaks.brk] == [top]


@pytest.mark.parametrize(("last", "breaks"), [(100, []), (106, [3]), (481, []), (480, [3])])
def test_a_part_begins_a_page_when_it_would_be_torn_and_fits_on_one(tmp_path, last, breaks):
    """505 points of a page: 400 are used, 25 of every further page are the repeated head. A row holds 409 points at most."""
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        for row, height in enumerate((10, 15, 375, *(last // 4,) * 3, last - last // 4 * 3)):
            sheet.set_row(row, height)
        keep_together(sheet, [3], 7, [20])
    assert [each.id for each in opened(tmp_path / "a.xlsx").worksheets[0].row_breaks.brk] == breaks
