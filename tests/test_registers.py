"""The office's registers are read strictly and forgivingly: strict about meaning, forgiving about WPS."""

import datetime as dt

import pandas as pd
import pytest
from register_books import (
    ACCOUNT_HEADINGS,
    ACCOUNT_ROWS,
    REGISTERS,
    STAFF,
    UNIT_ROWS,
    read,
    told,
    write,
)

from xmt_scoring.ingest.grids import Grid
from xmt_scoring.ingest.register_specs import MANUAL_FORM, sheets, specs
from xmt_scoring.ingest.registers import FORM_HEADINGS, MOST_TOLD, is_register


def accounts_with(path, row: int, heading: str, value: object):
    """The accounts register with one cell changed (row as Excel shows it)."""
    rows = [list(each) for each in ACCOUNT_ROWS]
    rows[row - 1][ACCOUNT_HEADINGS.index(heading)] = value
    return read(write(path / "台账.xlsx", 账号=rows))


@pytest.mark.parametrize("name", REGISTERS)
def test_every_register_has_a_template_that_is_recognised_by_its_headings_alone(name):
    mine = [sheet for sheet in sheets() if sheet.register == name]
    assert mine
    for sheet in mine:
        assert is_register(Grid("改了名.xlsx", "Sheet1", [list(sheet.headings)])) == name


def test_the_form_is_recognised_by_its_headings():
    assert is_register(Grid("甲.xlsx", "Sheet1", [["标题"], [], list(FORM_HEADINGS)])) == MANUAL_FORM


@pytest.mark.parametrize(
    "headings",
    [
        ["标题", "发布时间", "链接", "阅读量"],
        ["作品名称", "发布时间", "体裁", "审核状态", "播放量"],
        ["单位", "名次", "得分", "等次", "计分账号数", "最低", "最高"],
        ["文件", "工作表", "类型", "平台", "账号", "起始日", "截止日", "覆盖依据", "行数", "采用行数", "隔离行数", "文件指纹"],
    ],
)
def test_other_tables_are_no_registers(headings):
    assert is_register(Grid("甲.xlsx", "数据", [headings])) is None


def test_the_headings_may_stand_in_the_tenth_row_but_not_in_the_eleventh():
    headings = list(UNIT_ROWS[0])
    assert is_register(Grid("甲.xlsx", "x", [["说明"]] * 9 + [headings])) == "units"
    assert is_register(Grid("甲.xlsx", "x", [["说明"]] * 10 + [headings])) is None


def test_stray_blanks_full_width_forms_and_second_words_do_not_matter(tmp_path):
    rows = [["序号", " 账 号 ", "新媒体名称*", "开办平台", "主办单位", "开通日期", "状态"]]
    rows.append([1, "\u3000Ａ１ ", " 甲山林业 ", " 微 信 ", "Ｕ１", "２０２４-０１-０２", "正常 "])
    made = read(write(tmp_path / "台账.xlsx", 账号=rows))
    row = made.frames["accounts"].iloc[0]
    assert not made.problems
    assert row[["account_id", "account_name", "platform", "owner_id", "account_status"]].tolist() == ["A1", "甲山林业", "wechat_oa", "U1", "running"]
    assert row["opened_on"] == pd.Timestamp("2024-01-02")


@pytest.mark.parametrize(
    "day", [dt.date(2024, 1, 2), dt.datetime(2024, 1, 2, 8), "2024/1/2", "2024.1.2", "2024年1月2日", 45293, "20240102"]
)
def test_a_date_may_be_written_in_every_usual_form(tmp_path, day):
    made = accounts_with(tmp_path, 2, "开设日期", day)
    assert made.frames["accounts"]["opened_on"].iloc[0] == pd.Timestamp("2024-01-02")


@pytest.mark.parametrize(
    ("heading", "value", "words"),
    [
        ("开设日期", "2026-02-30", "不是能有的日期"),
        ("开设日期", "去年", "不是能有的日期"),
        ("开设日期", "2021.8", "只写到月"),
        ("开设日期", 2021.8, "只写到月"),
        ("开设日期", "2021年8月", "只写到月"),
        ("开设日期", "1024-01-02", "年份不对"),
        ("关闭日期", "2026-13-01", "不是能有的日期"),
        ("平台", "博客", "微信公众号、微博"),
        ("账号状态", "飞行", "运行"),
        ("账号名称", "甲山林业\n甲山林草", "几个账号"),
        ("平台账号ID", 6.743016126113908e18, "Excel"),
        ("平台账号ID", "6.74E+18", "Excel"),
        ("平台", None, "空白"),
        ("账号编号", "  ", "空白"),
    ],
)
def test_a_cell_that_cannot_be_is_told_with_its_place_and_its_row_set_aside(tmp_path, heading, value, words):
    made = accounts_with(tmp_path, 3, heading, value)
    assert len(made.problems) == 1
    assert made.problems[0].is_fatal
    assert all(part in str(made.problems[0]) for part in ("台账.xlsx「账号」表第 3 行", f"「{heading}」列", words))
    assert (made.n_kept, made.n_quarantined, made.quarantine["src_row"].tolist()) == (2, 1, [3])
    assert heading in made.quarantine["reason"][0] or heading == "账号编号"


def test_all_faults_are_told_at_once_and_a_row_with_two_is_set_aside_once(tmp_path):
    rows = [list(each) for each in ACCOUNT_ROWS]
    rows[1][2], rows[1][5], rows[3][6] = "博客", "某天", "飞行"
    made = read(write(tmp_path / "台账.xlsx", 账号=rows))
    assert [word in told(made.problems) for word in ("博客", "某天", "飞行")] == [True] * 3
    assert (made.n_kept, made.n_quarantined) == (1, 2)


@pytest.mark.parametrize(("faulty", "repeated"), [(1, 2), (2, 1), (None, None)])
def test_an_id_that_stands_there_twice_is_told_together_with_the_other_fault_of_its_row(tmp_path, faulty, repeated):
    rows = [list(row) for row in ACCOUNT_ROWS]
    rows[2][0] = rows[1][0]
    if faulty:
        rows[faulty][2] = "博客"
    made = read(write(tmp_path / "账号.xlsx", 账号=rows))
    said = told(made.problems)
    assert ("“A1”和前面一行重复" in said) == (faulty is not None)  # two rows without a fault are compared when all are linked
    assert ("第 3 行「账号编号」列" in said) == (faulty is not None)


@pytest.mark.parametrize(("name", "headings", "is_fatal"), [("账号", ACCOUNT_HEADINGS[:-1], True), ("培训", ["单位", "姓名", "培训类型", "培训日期"], False)])
def test_an_unknown_heading_is_told_and_stops_only_where_its_loss_would_change_a_score(tmp_path, name, headings, is_fatal):
    made = read(write(tmp_path / "甲.xlsx", **{name: [[*headings, "备忘"]]}))
    assert [problem.is_fatal for problem in made.problems] == [is_fatal]
    assert "第 1 行「备忘」列" in str(made.problems[0])


def test_a_heading_that_stands_there_twice_is_told(tmp_path):
    made = read(write(tmp_path / "甲.xlsx", 单位=[[*UNIT_ROWS[0], "备注", "说明"]]))
    assert "写了两次" in told(made.problems)


def test_a_sheet_named_like_ours_that_lacks_a_heading_is_refused_as_a_whole(tmp_path):
    rows = [each[:5] + each[6:] for each in ACCOUNT_ROWS]
    made = read(write(tmp_path / "甲.xlsx", 账号=rows))
    assert "缺少列「开设日期」" in told(made.problems)
    assert (made.n_kept, made.n_quarantined, made.problems[0].is_fatal) == (0, 3, True)


def test_example_total_signature_and_blank_rows_are_no_data(tmp_path):
    rows = [["某县单位表"], UNIT_ROWS[0], ["「示例」U01", "示例单位"], ["U1", "甲山县林业局"], [], [" ", " "], ["合 计", None], ["填表人：某甲", None]]
    made = read(write(tmp_path / "甲.xlsx", 单位=rows))
    assert (made.n_rows, made.n_kept, made.n_no_data_rows, made.problems) == (5, 1, 4, [])
    assert made.frames["units"]["src_row"].tolist() == [4]


def test_a_unit_whose_name_begins_with_the_word_for_example_is_data(tmp_path):
    made = read(write(tmp_path / "甲.xlsx", 单位=[UNIT_ROWS[0], ["示例县林业局", "示例县林业局"], ["合计", "合计街道办"]]))
    assert made.n_kept == 2


def test_a_merged_owner_cell_speaks_for_the_rows_below_it_and_that_is_told(tmp_path):
    made = accounts_with(tmp_path, 3, "主办单位", None)
    assert made.frames["accounts"]["owner_id"].tolist() == ["U1", "U1", "水利局"]
    assert [problem.is_fatal for problem in made.problems] == [False]
    assert "第 3 行" in told(made.problems)


def test_the_first_account_without_an_owner_is_a_fault(tmp_path):
    made = accounts_with(tmp_path, 2, "主办单位", None)
    assert "第 2 行「主办单位」列" in told(made.problems)
    assert made.n_quarantined == 1


def test_numbers_of_phones_and_ids_become_text_without_a_decimal_point(tmp_path):
    rows = [STAFF, [1.0, "信息员", "某甲", "2024-01-02", None, 13900000000.0]]
    row = read(write(tmp_path / "甲.xlsx", 人员=rows)).frames["staff"].iloc[0]
    assert (row["unit_id"], row["phone"]) == ("1", "13900000000")


def test_dashes_and_none_in_cells_that_may_be_blank_mean_blank(tmp_path):
    made = accounts_with(tmp_path, 2, "关闭日期", "无")
    assert (made.problems, made.frames["accounts"]["closed_on"].isna().all()) == ([], True)


@pytest.mark.parametrize("count", [MOST_TOLD, MOST_TOLD + 1])
def test_after_ten_rows_of_one_fault_the_rest_is_told_together(tmp_path, count):
    rows = [["单位", "姓名", "培训类型", "培训日期"], *[["U1", "某甲", "游玩", "2024-01-02"]] * count]
    made = read(write(tmp_path / "甲.xlsx", 培训=rows))
    assert len(made.problems) == count
    assert ("另有" in told(made.problems)) == (count > MOST_TOLD)
    assert made.n_quarantined == count


def test_bonus_points_are_exact_and_not_negative(tmp_path):
    rows = [["单位", "标题", "文号", "印发日期", "加分"], ["U1", "甲", "一号", "2024-01-02", 0.1], ["U1", "乙", "二号", "2024-01-02", "-1"]]
    made = read(write(tmp_path / "甲.xlsx", 表彰=rows))
    assert [str(points) for points in made.frames["honours"]["bonus_points"]] == ["0.1000"]
    assert "第 3 行「加分」列" in told(made.problems)


@pytest.mark.parametrize("name", REGISTERS)
def test_a_row_that_is_left_out_stops_the_run_where_nothing_else_would_show_the_gap(name):
    judged_by_presence = {"units", "accounts", "filings", "account_events", "staff", "findings", "app_checks", "upper_inspections", "approved_exceptions"}
    assert specs()[name].stops == (name in judged_by_presence)
