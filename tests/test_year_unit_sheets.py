"""年度考核.xlsx, one sheet per unit: everything that the unit is told, live, with links both ways; and the version for publication."""

from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from openxml_audit import OpenXmlValidator
from support_year import County, year_data

from xmt_scoring.reports.year_data import TAKES_NO_PART
from xmt_scoring.reports.year_public_book import SHEETS, write_public_year
from xmt_scoring.reports.year_workbook import write_year_workbook

PLANTED = "张三丰13900001111"
COUNTY = County(
    {"U1": ["91.00", "93.37", "88.88", "90.01"], "U2": ["90.00"] * 4, "U3": [None] * 4, "U4": [("70.10", "95.20"), "90.00", "90.00", "90.00"]},
    inspections=[("J1", "province", "2026-08-01", "A-U2", None, True, None), ("K0", "city", "2026-05-01", "A-U1", None, False, None)],
    honours=[("U1", "3", "2026-10-01"), ("U2", "2", "2026-10-02")], missing_docs=[("U1", "security")],
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("年度单位")
    write_year_workbook(place / "年度.xlsx", year_data(COUNTY))
    write_public_year(place / "公布.xlsx", year_data(COUNTY))
    return place


@pytest.fixture(scope="module")
def book(folder):
    return openpyxl.load_workbook(folder / "年度.xlsx", data_only=True)


def page(book, unit):
    """The sheet of a unit."""
    return next(sheet for sheet in book.worksheets if sheet.title[2:] == f" {unit}")


def texts(sheet):
    return [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value is not None]


def row_of(sheet, first):
    """The values of the row that begins with `first`, without the blanks of merged cells."""
    line = next(line for line in sheet.iter_rows(values_only=True) if line[0] == first)
    return [value for value in line if value is not None]


def test_a_unit_sees_result_quarters_parts_losses_findings_and_boxes(book):
    sheet = page(book, "U1局")
    parts = [text for text in texts(sheet) if text[:2] in ("一、", "二、", "三、", "四、", "五、", "六、")]
    assert [text[0] for text in parts] == list("一二三四五六")
    assert row_of(sheet, "2026Q2")[:4] == ["2026Q2", 0.25, 93.37, 93.37]
    score = year_data(COUNTY).frames["unit_years"].set_index("unit_name").loc["U1局", "score"]
    assert row_of(sheet, "年度得分")[2:4] == [float(score)] * 2
    assert row_of(sheet, "U1 上级检查扣分")[2:4] == [-5, -5]


def test_the_parts_of_a_unit_add_up_to_its_score_before_the_veto(book):
    for unit in ("U1局", "U2局"):
        sheet, line = page(book, unit), 2
        items = [one for one in texts(sheet) if one[:3] in ("Q1 ", "M1 ", "M2 ", "M3 ", "M4 ", "M5 ", "U1 ", "J1 ")]
        summed = sum(row_of(sheet, item)[line] for item in dict.fromkeys(items))
        assert round(summed + 1e-9, 2) == row_of(sheet, "未计否决的得分")[line]


def test_a_vetoed_unit_reads_its_document_the_chain_and_zero(book):
    sheet = page(book, "U2局")
    assert row_of(sheet, "年度得分")[2:4] == [0, 0] and row_of(sheet, "未计否决的得分")[2] > 80
    told = " ".join(texts(sheet))
    assert "国家、省检查单项否决（〔2026〕J1号），本年度不得分。" in told and "当日主办单位 U2局" in told
    assert "加分" in told, "the bonus that does not count stands there with its reason"


def test_an_open_unit_shows_both_ends_and_one_without_quarters_says_so(book):
    assert row_of(page(book, "U4局"), "2026Q1")[2:4] == [70.1, 95.2]
    low, high = row_of(page(book, "U4局"), "年度得分")[2:4]
    assert low < high and "还有待定事项，得分为区间" in " ".join(texts(page(book, "U4局")))
    assert TAKES_NO_PART in texts(page(book, "U3局")) and "没有足够的计分季度，不参加排名；管理事项照记" in texts(page(book, "U3局"))


def test_every_row_of_the_detail_sheets_stands_on_its_unit_s_sheet_with_links_both_ways(book):
    n = 0
    for name in ("管理分明细", "加分"):
        for line in book[name].iter_rows(min_row=4):
            if line[9].value is None:
                continue
            unit = line[0].hyperlink.location.split("!")[0].strip("'")
            own = next(cells for cells in book[unit].iter_rows() if cells[0].value == line[9].value)
            assert own[1].hyperlink.location == f"'{name}'!B{line[0].row}"
            assert [own[3].value, own[4].value] == [line[5].value, line[6].value]
            n += 1
    assert n >= 4


def test_cover_ranking_and_findings_lead_to_the_sheets_and_they_lead_back(book):
    pages = [sheet.title for sheet in book.worksheets if sheet.title[:2].isdecimal()]
    for name in ("封面", "排名"):
        found = [cell.hyperlink.location.split("!")[0].strip("'") for line in book[name].iter_rows() for cell in line if cell.hyperlink]
        assert [one for one in found if one in pages] == pages, name
    for title in pages:
        back = [cell.hyperlink.location.split("!")[0].strip("'") for cell in book[title][3] if cell.hyperlink]
        assert back == ["封面", "排名", "管理分明细"]
    finding = next(line for line in book["上级检查与否决"].iter_rows(min_row=4) if line[0].value == "U2局")
    assert finding[0].hyperlink.location.split("!")[0].strip("'").endswith("U2局")


def test_only_the_boxes_of_an_appeal_can_be_typed_in(book):
    sheet = page(book, "U1局")
    assert sheet.protection.sheet and not sheet.protection.password
    open_cells = [cell for line in sheet.iter_rows() for cell in line if not cell.protection.locked]
    top = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("六、申诉"))
    assert open_cells and {cell.row for cell in open_cells} == set(range(top + 2, top + 6))
    (rule,) = sheet.data_validations.dataValidation
    first, last = (int(end.strip("$A")) for end in rule.formula1.split(":"))
    assert all(str(sheet.cell(line, 1).value).startswith("2026|U1|") for line in range(first, last + 1))


def test_the_book_is_valid_and_its_public_version_has_no_formula_link_or_text_that_people_wrote(folder):
    for name in ("年度.xlsx", "公布.xlsx"):
        result = OpenXmlValidator().validate(folder / name)
        assert result.is_valid, result.errors
    opened = openpyxl.load_workbook(folder / "公布.xlsx")
    assert tuple(opened.sheetnames) == SHEETS
    cells = [cell for sheet in opened.worksheets for line in sheet.iter_rows() for cell in line]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink or not cell.protection.locked]
    told = " ".join(str(cell.value) for cell in cells if cell.value is not None)
    assert "某问题" not in told and ".xlsx" not in told and "整改台账" not in told


def test_nothing_planted_in_any_free_text_of_the_year_gets_into_the_public_version(tmp_path):
    data = year_data(COUNTY)
    written = ("message", "description", "note", "title", "src_file", "src_sheet", "person_name", "reason", "approver")
    frames = {}
    for name, frame in data.frames.items():
        if not isinstance(frame, pd.DataFrame):
            frames[name] = frame
            continue
        free = [column for column in written if column in frame]
        frames[name] = frame.assign(**{column: PLANTED + frame[column].astype("str").fillna("") for column in free})
    frames["unit_years"] = frames["unit_years"].assign(veto_document_no=frames["unit_years"]["veto_document_no"] + " 联系 13900001111")
    write_public_year(tmp_path / "公布.xlsx", replace(data, frames=frames))
    opened = openpyxl.load_workbook(tmp_path / "公布.xlsx")
    told = " ".join(str(cell.value) for sheet in opened.worksheets for line in sheet.iter_rows() for cell in line if cell.value is not None)
    assert "张三丰" not in told and "13900001111" not in told and "139＊＊" in told
