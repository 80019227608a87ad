"""考核评分表: what stands in it, that its formulas give the library's numbers, and that nothing in it can do harm."""

import datetime as dt
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from support_quarter import NASTY, UNITS, row, small_quarter, written
from workbook_cells import HEADER, cells, number, table

from xmt_scoring.reports.excel_style import display_width, safe_text
from xmt_scoring.reports.sheet_names import unit_sheets
from xmt_scoring.reports.workbook import SHEETS, write_workbook

UNIT_ORDER = [UNITS["U1"], UNITS["U3"], UNITS["U2"]]


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """The workbook of the small quarter; read only."""
    return written(tmp_path_factory.mktemp("评分表"))


def test_the_sheets_have_their_names_and_order(book):
    with pd.ExcelFile(book, engine="openpyxl") as opened:
        wanted = (
            "封面", "单位得分", "账号得分", "扣分明细", "证据", "事实数据", "规则清单", "条款对照", "人工核查表", "处置建议", "文本提示", "数据清单",
            "说明",
        )  # fmt: skip
        assert wanted == SHEETS
        assert tuple(opened.sheet_names) == (*wanted, "01 县林业局", "02 黄柏塬镇人民政府", "03 县融媒体中心（县广播电视台）")


def test_pandas_sees_the_scores_of_the_library_without_calculating(book):
    frames = small_quarter().frames
    accounts = table(book, "账号得分").set_index("账号")
    assert number(accounts.loc["太白发布", "得分"]) == 0 and accounts.loc["太白发布", "等次"] == "不合格"
    assert accounts.loc["黄柏塬发布", "得分"] == "待定" and accounts.loc["黄柏塬文旅", "得分"] == "不计分"
    for line in frames["account_scores"].dropna(subset=["low"]).itertuples():
        shown = accounts.loc[line.account_name]
        assert (number(shown["最低"]), number(shown["最高"])) == (line.low, line.high)
    units = table(book, "单位得分").set_index("单位")
    for line in frames["unit_scores"].itertuples():
        assert (number(units.loc[line.unit_name, "最低"]), number(units.loc[line.unit_name, "最高"])) == (line.low, line.high)
    assert units.loc[UNITS["U1"], "名次"] == "1–2" and units.loc[UNITS["U1"], "等次"] == "优秀（暂定）"


def test_every_formula_has_its_value_stored(book):
    from openpyxl import load_workbook

    formulas = [cell for cell in cells(book, data_only=False) if cell.data_type == "f"]
    stored = load_workbook(book, data_only=True)
    assert len(formulas) > 150
    assert not [cell.coordinate for cell in formulas if stored[cell.parent.title][cell.coordinate].value is None]


def test_items_totals_and_scores_of_an_account_add_up_as_printed(book):
    line = table(book, "账号得分").set_index("账号").loc["太白林业服务"]
    assert (line["C1 文字差错"], line["E3 责任人在岗"], line["C4 转载来源"], line["已定扣分合计"]) == (-6, -1, 0, -7)
    assert (line["最低"], line["最高"], line["待定项"]) == (89, 93, "E2")
    vetoed = table(book, "账号得分").set_index("账号").loc["太白发布"]
    assert (vetoed["单项否决"], vetoed["已定扣分合计"], vetoed["B1 每周更新"], vetoed["否决项"]) == (-100, -100, 0, "V1")


def test_an_item_that_may_still_lose_points_does_not_look_like_one_that_lost_none(book):
    shown = {(cell.row, cell.column_letter): cell for cell in cells(book, "账号得分")}
    letters = {cell.value: letter for (line, letter), cell in shown.items() if line == 5}
    rows = {cell.value: line for (line, letter), cell in shown.items() if letter == letters["账号"]}
    formats = {item: shown[rows["黄柏塬发布"], letters[item]].number_format for item in ("B1 每周更新", "D1 留言答复", "C2 广告或无关内容")}
    assert "待定" in formats["B1 每周更新"] and "待定" not in formats["D1 留言答复"] and "待定" not in formats["C2 广告或无关内容"]


def test_every_contribution_is_a_row_and_what_costs_nothing_is_listed_too(book):
    data, shown = small_quarter(), table(book, "扣分明细")
    scored = shown[shown["扣分编号"].notna()]
    assert sorted(scored["扣分编号"]) == sorted(data.frames["contributions"]["contribution_id"])
    quiet = shown[shown["扣分编号"].isna()].set_index("类型")
    assert (quiet[["扣分", "最低", "最高"]] == 0).all().all()
    assert quiet.loc["重复不计", "事由"] == "同一事件 T01 只扣一次，已计入 C1 文字差错"
    told = "".join(quiet.loc[["只列出"], "事由"])
    assert "防火通知" in told and "不在抽样之内" in told and "已单项否决" in told and "不计分" in told
    assert len(quiet) == 4


def test_a_row_says_article_source_and_remedy(book):
    shown = table(book, "扣分明细").set_index("扣分编号")
    line = shown.loc["2025Q3|W2|C1|T01"]
    assert line["条款"] == "第十一条第2项" and "校对" in line["整改建议"]
    assert line["证据"].split("\n") == [f"微信/导出 (1).xlsx「数据」表第 {n} 行" for n in range(3)] + ["等 5 处"]
    carried = shown[(shown["评分项"] == "E3 责任人在岗") & (shown["单位"] == UNITS["U1"])]
    assert list(carried["证据"]) == ["人员.xlsx「人员」表第 4 行"] * 2 and list(carried["类型"]) == ["单位项结转"] * 2
    assert {"申诉意见", "复核结论"} <= set(shown.columns) and shown["申诉意见"].isna().all()


def test_only_http_addresses_become_links(book):
    from openpyxl import load_workbook

    page = load_workbook(book)["扣分明细"]
    found = [link for link in (cell.hyperlink for line in page.iter_rows() for cell in line) if link]
    links = [link.target for link in found if link.target]
    assert {link.location.split("!")[0] for link in found if link.location} == {"'证据'", *(f"'{page}'" for page in unit_sheets(UNIT_ORDER))}
    assert "https://mp.weixin.qq.com/s/1?a=1&b=%E5%A4%AA" in links and "http://example.cn/0" in links
    assert not [cell.coordinate for cell in cells(book) if "javascript" in str(cell.value)]
    assert all(link.startswith(("http://", "https://")) for link in links)


def test_text_that_looks_like_a_formula_is_text_and_stays_so_when_typed_again(book):
    shown = [cell for cell in cells(book, "扣分明细", data_only=False) if str(cell.value).strip().startswith(("=", "+", "-", "@"))]
    texts = [cell for cell in shown if cell.data_type == "s"]
    headings = {cell.column: cell.value for cell in cells(book, "扣分明细") if cell.row == HEADER["扣分明细"] + 1}
    assert {headings[cell.column] for cell in shown if cell.data_type == "f"} == {"类型", "扣分", "最低", "最高", "状态", "净最低", "净最高", "最重", "至少"}
    assert {str(cell.value).strip() for cell in texts} == {text.strip() for text in NASTY} | {"=太白山*1（微信公众号）"}
    assert all(cell.quotePrefix for cell in texts)


def test_control_characters_and_too_long_texts_do_not_break_a_cell():
    assert safe_text("甲\x00乙\x0b\ud800丙\r\n丁\t") == "甲�乙��丙\n丁 "
    assert safe_text("长" * 32_767) == "长" * 32_767
    cut = safe_text("𠮷" * 20_000)  # each takes two of the 32,767 places
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767 and cut.endswith("已截断）") and "�" not in cut
    assert display_width("a汉\nabcde") == 5


def test_a_very_long_reason_with_control_characters_can_be_written_and_read_back(tmp_path):
    rows = [row("art11_typo", "W1", "X1", severity="general", message="\x01=" + "错" * 40_000)]
    shown = table(written(tmp_path, rows=rows), "扣分明细")["事由"].iloc[0]
    assert shown.startswith("�=错") and shown.endswith("已截断）") and len(shown) == 32_767


def test_the_same_data_gives_the_same_bytes(tmp_path, monkeypatch):
    first = written(tmp_path, "一.xlsx").read_bytes()
    monkeypatch.setenv("TZ", "America/New_York")
    assert written(tmp_path, "二.xlsx").read_bytes() == first
    with zipfile.ZipFile(tmp_path / "一.xlsx") as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"
        assert b"2025-10-10T00:00:00Z" in package.read("docProps/core.xml")


def test_a_later_as_of_is_seen_in_the_bytes(tmp_path):
    data = small_quarter()
    write_workbook(tmp_path / "a.xlsx", data)
    write_workbook(tmp_path / "b.xlsx", replace(data, as_of=dt.date(2025, 10, 11)))
    assert (tmp_path / "a.xlsx").read_bytes() != (tmp_path / "b.xlsx").read_bytes()


def test_every_sheet_is_set_up_for_printing_and_says_that_the_scheme_is_proposed(book):
    from openpyxl import load_workbook

    for page in load_workbook(book).worksheets:
        assert (page.page_setup.orientation, str(page.page_setup.paperSize)) == ("landscape", "9")
        assert page.sheet_properties.pageSetUpPr.fitToPage and page.page_setup.fitToHeight == 0
        assert page.print_title_rows and page.freeze_panes
        assert "&P" in page.oddFooter.right.text and "&N" in page.oddFooter.right.text
        assert "建议稿" in page.oddFooter.left.text
        assert page.auto_filter.ref or page.title in ("说明", "封面") or page.title[:2].isdecimal()
        if page.title in HEADER:
            top = HEADER[page.title] + 1
            assert page.print_title_rows.endswith(f"${top}") and page.freeze_panes.lstrip("ABCDEFGH") == str(top + 1)
    notes = [str(cell.value) for cell in cells(book, "说明")]
    assert "建议稿，尚未经县政府办采用；办法未规定分值" in notes


def test_an_adopted_scheme_is_not_called_a_proposal(tmp_path):
    data = small_quarter()
    adopted = {**data.scheme, "status": "adopted", "adopted_by": "县政府办", "adopted_on": "2025-12-01", "adopted_document": "太政办发〔2025〕1号"}
    write_workbook(tmp_path / "a.xlsx", replace(data, scheme=adopted))
    notes = " ".join(str(cell.value) for cell in cells(tmp_path / "a.xlsx", "说明"))
    assert "已采用：县政府办 2025-12-01 太政办发〔2025〕1号" in notes and "建议稿" not in notes


def test_who_signed_for_points_on_reads_stands_on_every_sheet(tmp_path):
    from openpyxl import load_workbook

    data = small_quarter()
    signed = {"by": "县政府办", "on": dt.date(2025, 1, 1), "document": "太政办发〔2025〕1号"}
    write_workbook(tmp_path / "a.xlsx", replace(data, scheme={**data.scheme, "engagement_override": signed}))
    words = "县政府办 2025-01-01 太政办发〔2025〕1号"
    for page in load_workbook(tmp_path / "a.xlsx").worksheets:
        assert words in page.oddFooter.left.text, page.title
    assert words in " ".join(str(cell.value) for cell in cells(tmp_path / "a.xlsx", "说明"))


def test_columns_are_wide_enough_for_their_numbers(book):
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    opened = load_workbook(book, data_only=True)
    for name in ("单位得分", "账号得分", "扣分明细"):
        page = opened[name]
        for cell in (cell for line in page.iter_rows(min_row=HEADER[name] + 2) for cell in line):
            width = page.column_dimensions[_group(page, get_column_letter(cell.column))]
            if isinstance(cell.value, (int, float)) and not width.hidden:
                shown = f"{cell.value:.2f}" if "0.00" in cell.number_format else str(cell.value)
                shown += "  " * ("起" in cell.number_format and cell.value != 0)
                assert width.width >= len(shown) + 0.5, cell.coordinate


def _group(page, letter: str) -> str:
    """openpyxl keeps the width of equal neighbours under the first of them."""
    from openpyxl.utils import column_index_from_string

    at = column_index_from_string(letter)
    return next(name for name, found in page.column_dimensions.items() if found.min <= at <= found.max)


def test_a_quarter_without_evidence_quarantine_gaps_and_open_items_is_written_too(tmp_path):
    data = small_quarter(rows=[])
    frames = {**data.frames, **{name: data.frames[name].iloc[:0] for name in ("evidence", "quarantine", "gaps", "files")}}
    write_workbook(tmp_path / "a.xlsx", replace(data, frames=frames))
    assert table(tmp_path / "a.xlsx", "扣分明细").empty and set(table(tmp_path / "a.xlsx", "单位得分")["得分"]) == {100}
    assert "本季度没有待核查的人工项目" in str(next(cell.value for cell in cells(tmp_path / "a.xlsx", "人工核查表") if cell.coordinate == "A2"))


def test_every_rule_is_listed_with_its_basis_and_every_item_has_a_rule(book):
    shown = table(book, "规则清单").set_index("规则编号")
    assert set(shown.index) == set(small_quarter().frames["rules_run"]["check_id"])
    assert shown.loc["art11_missing_original", "依据"] == "外地实践" and shown.loc["art11_weekly_update", "依据"] == "办法"
    assert shown.loc["art11_dormant_account", "依据"] == "国家规定"
    assert shown.loc["art11_weekly_update", "本期状态"] == "有待定" and shown.loc["art11_weekly_update", "缺数据数"] == 2
    assert shown["条文或参照"].notna().all()


def test_an_item_whose_rule_was_not_run_is_told(tmp_path):
    data = small_quarter()
    run = data.frames["rules_run"]
    frames = {**data.frames, "rules_run": run[run["check_id"] != "art11_typo"]}
    write_workbook(tmp_path / "a.xlsx", replace(data, frames=frames))
    line = table(tmp_path / "a.xlsx", "规则清单").set_index("规则编号").loc["art11_typo"]
    assert line["本期状态"] == "未运行" and "没有运行" in line["说明"]
