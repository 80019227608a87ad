"""The sheet 人工核查表 and 数据清单 as people fill and read them."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from support_quarter import UNITS, written
from workbook_cells import cells, table

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.reports.masking import mask, mask_numbers
from xmt_scoring.settings import readings


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """The workbook of the small quarter; read only."""
    return written(tmp_path_factory.mktemp("评分表"))


def test_the_form_lists_what_is_open_first_for_all_and_then_one_by_one_where_only_some_are(book):
    shown = table(book, "人工核查表")
    asked = shown[shown["检查项目"].notna()][["检查项目", "范围", "单位", "账号"]].fillna("").to_numpy().tolist()
    assert asked == [
        ["C1 文字差错", "全部", "", ""],
        ["C1 文字差错", "账号", UNITS["U3"], "黄柏塬发布"],
        ["D3 雷言雷语", "全部", "", ""],
        ["D3 雷言雷语", "账号", UNITS["U3"], "黄柏塬发布"],
        ["E2 账号密码与终端", "全部", "", ""],
        ["V1 严重内容问题", "账号", UNITS["U3"], "=太白山*1"],
    ]
    assert shown.iloc[5]["事件编号"] == "G2" and shown.iloc[5]["备注"] == "待两人确认：疑似错标地图"
    assert shown[["检查时间", "检查人", "检查结果", "问题描述", "确认人一", "确认人二"]].isna().all().all()


def test_the_form_offers_lists_and_has_empty_rows_for_findings(book):
    from openpyxl import load_workbook

    page = load_workbook(book)["人工核查表"]
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules["G4:G39"] == '"未发现问题,发现问题"' and rules["B4:B39"] == '"全部,单位,账号"' and rules["L4:L39"] == '"县,市,省,国家"'
    assert rules["I4"] == '"一般,严重,严重表述错误"' and "I6" not in rules  # 雷言雷语 knows no cases
    assert page.max_row == 39 and page["B10"].fill.fgColor.rgb != "00000000"
    sheet, first, last = rules["A4:A39"].replace("$", "").replace(":", "!").split("!")
    assert sheet == "说明"
    ledger = [rule.label for rule in load_rules().values() if rule.by_people and rule.not_scored and rule.period == "quarter"]
    assert load_workbook(book)[sheet][first].value == "A4 认证与名称" and load_workbook(book)[sheet][last].value == ledger[-1]


def test_the_words_of_the_form_are_those_that_a_register_is_read_back_with(book):
    from xmt_scoring.scoring.item_words import check_items

    known = {word: checks[0] for word, checks in check_items().items() if len(checks) == 1}
    words = {"C1 文字差错": "art11_typo", "V1 严重内容问题": "art08_grave_content", "E2 账号密码与终端": "art13_account_security"}
    assert {word: known[word] for word in words} == words
    listed = [str(cell.value) for cell in cells(book, "说明") if cell.column == 1]
    manual = listed[listed.index("检查项目") + 1 :]
    found = [load_rules()[known[word]] for word in manual]
    costing = [rule.not_scored is None and rule.period == "quarter" for rule in found]
    assert set(manual) <= set(known) and len({known[word] for word in manual}) == len(manual)
    assert costing == sorted(costing, reverse=True)  # what costs no points comes last


def test_a_filled_in_form_is_read_back_and_an_untouched_one_says_nothing(book, tmp_path):
    from openpyxl import load_workbook

    from xmt_scoring.ingest.registers import is_register, read_register
    from xmt_scoring.ingest.tables import open_file

    grids = {grid.sheet: grid for grid in open_file(book, book.name)}
    assert {name: is_register(grid) for name, grid in grids.items() if is_register(grid)} == {"人工核查表": "manual_form"}
    untouched = read_register(grids["人工核查表"], "manual_form")
    assert not untouched.problems and not any(len(frame) for frame in untouched.frames.values()) and untouched.n_quarantined == 0
    opened = load_workbook(book)
    page = opened["人工核查表"]
    for column, value in zip("EFG", (dt.datetime(2025, 10, 9, 9, 30), "某核查员", "未发现问题"), strict=True):
        page[f"{column}4"] = value
    filled = ["D3 雷言雷语", "账号", UNITS["U3"], "黄柏塬发布", dt.datetime(2025, 10, 9), "某核查员", "发现问题", "评论区回复不当"]
    for column, value in zip("ABCDEFGH", filled, strict=True):
        page[f"{column}12"] = value
    opened.save(tmp_path / "填好.xlsx")
    grid = next(grid for grid in open_file(tmp_path / "填好.xlsx", "填好.xlsx") if grid.sheet == "人工核查表")
    read = read_register(grid, "manual_form")
    assert not read.problems
    done, found = read.frames["checks_done"], read.frames["findings"]
    assert done[["check_item", "check_scope"]].to_numpy().tolist() == [["C1 文字差错", "all"]]
    assert found[["check_item", "account_id", "description"]].to_numpy().tolist() == [["D3 雷言雷语", "黄柏塬发布", "评论区回复不当"]]


def test_the_data_sheet_lists_files_quarantine_and_gaps_and_hides_what_is_personal(book):
    files = table(book, "数据清单").iloc[:3].set_index("文件")
    assert files.loc["微信/导出 (1).xlsx", ["行数", "采用行数", "隔离行数", "非数据行数"]].tolist() == [30, 28, 1, 1]
    assert files.loc["抖音/作品.csv", "账号"] == "待认领" and files.loc["微信/导出 (1).xlsx", "覆盖依据"] == "文件自述"
    texts = [str(cell.value) for cell in cells(book, "数据清单")]
    assert "张＊＊" in texts and "2025-13-01 | 造林公告 | 120" in texts
    assert any("请补导出发表记录" in text for text in texts)
    everything = " ".join(str(cell.value) for cell in cells(book))
    assert "张三丰" not in everything and "路灯" not in everything and "13900001111" not in everything


def test_masking_keeps_one_character_and_what_is_missing():
    masked = mask(pd.Series(["张三丰", None, " 李", ""], dtype="str"))
    assert masked.tolist()[0] == "张＊＊" and masked.isna().tolist() == [False, True, False, False]
    assert masked.tolist()[2:] == ["李＊＊", ""]
    told = mask_numbers(pd.Series(["电话13900001111。", "61032419900101123X", "2025-07-01 共 120000 条", "文号20250701001234"], dtype="str"))
    assert told.tolist() == ["电话139＊＊。", "610＊＊", "2025-07-01 共 120000 条", "文号20250701001234"]


def test_the_notes_say_period_settings_versions_and_hashes(book):
    notes = [str(cell.value) for cell in cells(book, "说明")]
    text = "\n".join(notes)
    for part in ("2025年第三季度（2025Q3）：2025-07-01 至 2025-09-30", "2025-10-10", "xmt-scoring 0.1.0", "a" * 64, "b" * 64, "第十一条第3项"):
        assert part in text
    assert notes.count("默认值，办公室尚未决定") == len(readings())
