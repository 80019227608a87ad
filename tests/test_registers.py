"""The office's registers are read strictly and forgivingly: strict about meaning, forgiving about WPS."""

import datetime as dt

import pandas as pd
import pytest
from register_books import ACCOUNT_HEADINGS, ACCOUNT_ROWS, UNIT_ROWS, link, read, told, write

from xmt_scoring.frames import contracts
from xmt_scoring.ingest.grids import Grid
from xmt_scoring.ingest.register_specs import MANUAL_FORM, sheets, specs
from xmt_scoring.ingest.registers import FORM_HEADINGS, MOST_TOLD, is_register

REGISTERS = [name for name, frame in contracts().items() if frame.source == "register"]
STAFF = ["单位", "岗位", "姓名", "任职起", "任职止", "联系电话"]
DONE = ["检查项目", "检查范围", "单位", "账号", "检查时间", "检查人", "检查结果"]
FOUND = ["事件编号", "检查项目", "单位", "账号", "程度或情形", "发现日期", "发现层级", "问题描述", "网址"]
UPPER = ["检查编号", "检查层级", "检查日期", "文号", "账号", "单位", "是否单项否决", "检查项目", "问题描述"]


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
    rows = [["某县单位表"], UNIT_ROWS[0], ["「示例」U01", "示例单位"], ["U1", "甲山县林业局"], [], [" ", " "], ["合 计", None], ["填表人:某甲", None]]
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
    judged_by_presence = {"units", "accounts", "filings", "account_events", "staff", "findings", "upper_inspections", "approved_exceptions"}
    assert specs()[name].stops == (name in judged_by_presence)


# ---------------------------------------------------------------- the registers together
def test_units_and_accounts_are_found_by_id_name_short_name_and_name_with_platform(tmp_path):
    rows = [["账号", "备案编号", "备案类型"], ["A1", "1", "开设"], ["甲山林业(抖音)", "2", "开设"], ["甲山林业（微信）", "3", "开设"], ["甲山水利", "4", "开设"], ["998", "5", "变更"]]
    linked = link(tmp_path, 备案表=rows)
    assert linked.problems == []
    assert linked.frames["accounts"]["owner_id"].tolist() == ["U1", "U1", "U2"]
    assert linked.frames["filings"]["account_id"].tolist() == ["A1", "A2", "A1", "A3", "A3"]


def test_a_name_that_two_accounts_share_is_not_guessed(tmp_path):
    linked = link(tmp_path, 备案表=[["账号", "备案编号", "备案类型"], ["甲山林业", "1", "开设"]])
    assert "不止一个(A1、A2)" in told(linked.problems)
    assert len(linked.frames["filings"]) == 0


def test_a_short_name_that_two_units_share_is_not_guessed(tmp_path):
    units = [*UNIT_ROWS, ["U3", "乙水县林业局"], ["U4", "乙水县水利局"]]
    accounts = [list(each) for each in ACCOUNT_ROWS[:2]]
    accounts[1][4] = "乙水县林业局"
    assert link(tmp_path, units, accounts).frames["accounts"]["owner_id"].tolist() == ["U3"]


def test_an_account_of_an_unknown_unit_is_fatal_with_its_place_and_the_nearest_names(tmp_path):
    accounts = [list(each) for each in ACCOUNT_ROWS]
    accounts[2][4] = "甲山县林叶局"
    linked = link(tmp_path, accounts=accounts, 备案表=[["账号", "备案编号", "备案类型"], ["A2", "1", "开设"]])
    owner, filing = linked.problems[0], linked.problems[1:]
    assert owner.is_fatal
    assert all(part in str(owner) for part in ("账号.xlsx「账号」表第 3 行「主办单位」列", "甲山县林叶局", "甲山县林业局"))
    assert linked.frames["accounts"]["account_id"].tolist() == ["A1", "A3"]
    assert filing == []  # the account is in the register, so its filing is not told as well, but set aside with it
    assert len(linked.frames["filings"]) == 0


def test_an_unknown_check_item_is_told_with_the_nearest(tmp_path):
    linked = link(tmp_path, 发现的问题=[FOUND, ["F1", "文字差错误", None, "A1", "一般", "2025-08-01", "县", "错字", None]])
    assert "文字差错" in told(linked.problems)
    assert linked.problems[0].is_fatal


def test_the_same_register_twice_counts_once(tmp_path):
    rows = [["账号", "备案编号", "备案类型"], ["A1", "1", "开设"], ["A1", "1", "开设"]]
    linked = link(tmp_path, 备案表=rows)
    assert (len(linked.frames["filings"]), linked.problems) == (1, [])
    assert linked.quarantine["reason"].tolist() == ["重复:与前面一行完全相同"]
    assert linked.quarantine["src_row"].tolist() == [3]


def test_one_key_with_two_contents_is_told_with_both_places(tmp_path):
    accounts = [*ACCOUNT_ROWS, ["A3", "另一个", "微博", None, "U1", "2024-01-02", "运行", None, None]]
    linked = link(tmp_path, accounts=accounts)
    assert "第 5 行" in told(linked.problems)
    assert "账号.xlsx 第 4 行重复" in told(linked.problems)
    assert linked.problems[0].is_fatal
    assert linked.frames["accounts"]["account_name"].tolist() == ["甲山林业", "甲山林业", "甲山水利"]


def test_two_accounts_of_one_name_on_one_platform_are_told_and_kept(tmp_path):
    accounts = [*ACCOUNT_ROWS, ["A4", "甲山水利 ", "新浪微博", None, "U2", "2024-05-02", "运行", None, None]]
    linked = link(tmp_path, accounts=accounts)
    assert [problem.is_fatal for problem in linked.problems] == [False]
    assert len(linked.frames["accounts"]) == 4


@pytest.mark.parametrize(
    ("heading", "rows", "frame"),
    [
        ("关闭日期", {"accounts": [ACCOUNT_HEADINGS, ["A1", "甲", "微博", None, "U1", "2024-01-02", "注销", "2023-01-01", None]]}, "accounts"),
        ("任职止", {"人员": [STAFF, ["U1", "信息员", "某甲", "2024-02-02", "2024-02-01", None]]}, "staff"),
        ("发布时间", {"审核记录": [["账号", "标题", "发布时间", "审核时间"], ["A1", "甲", "2025-07-01 09:00", "2025-07-01 09:01"]]}, "clearances"),
    ],
)
def test_a_contradiction_of_life_is_told_and_the_row_kept(tmp_path, heading, rows, frame):
    linked = link(tmp_path, **rows)
    assert [problem.is_fatal for problem in linked.problems] == [False]
    assert f"「{heading}」列" in told(linked.problems)
    assert len(linked.frames[frame]) == 1


@pytest.mark.parametrize(("posted", "is_told"), [("2025-07-01", False), ("2025-06-30", True), ("2025-07-01 09:01", False), ("2025-07-01 08:59", True)])
def test_a_post_known_by_its_day_only_does_not_contradict_a_clearance_of_that_day(tmp_path, posted, is_told):
    linked = link(tmp_path, 审核记录=[["账号", "标题", "发布时间", "审核时间"], ["A1", "甲", posted, "2025-07-01 09:00"]])
    assert bool(linked.problems) == is_told


@pytest.mark.parametrize(
    ("scope", "unit", "account", "is_kept"),
    [
        ("全部", None, None, True), ("全部", "U1", None, False), ("全部", None, "A1", False), ("单位", "U1", None, True),
        ("单位", None, "A1", False), ("账号", None, "A1", True), ("账号", "U1", None, False), ("账号", "U1", "A1", True),
    ],
)  # fmt: skip
def test_the_scope_of_a_check_must_fit_whom_it_names(tmp_path, scope, unit, account, is_kept):
    linked = link(tmp_path, 已核查=[DONE, ["C1 文字差错", scope, unit, account, "2025-07-15 09:00", "某甲", "未发现问题"]])
    assert len(linked.frames["checks_done"]) == is_kept
    assert [problem.is_fatal for problem in linked.problems] == [] if is_kept else [False]


def test_a_check_that_found_something_is_no_pass(tmp_path):
    rows = [DONE, ["C1", "全部", None, None, "2025-07-15", "某甲", "发现问题"], ["C1", "全部", None, None, "2025-07-15", "某甲", None]]
    made = read(write(tmp_path / "甲.xlsx", 已核查=rows))
    assert (made.n_kept, made.quarantine["src_row"].tolist()) == (1, [2])
    assert "第 2 行「检查结果」列" in told(made.problems)


def test_a_finding_needs_an_account_or_a_unit(tmp_path):
    linked = link(tmp_path, 发现的问题=[FOUND, ["F1", "C1", None, None, "一般", "2025-08-01", "县", "错字", None]])
    assert linked.problems[0].is_fatal
    assert len(linked.frames["findings"]) == 0


def test_findings_without_a_number_are_events_of_their_own_that_keep_their_number(tmp_path):
    one = [None, "C1", None, "A1", "一般", "2025-08-01", "县", "标题有错字", None]
    other = [None, "文字差错", None, "甲山林业(微信)", "严重", "2025-08-01", "县", "标题 有错字", None]
    linked = link(tmp_path, 发现的问题=[FOUND, one, other, one])
    first, second = linked.frames["findings"]["event_id"]
    assert second == first + "-2"
    assert len(linked.quarantine) == 1  # the third is the first again
    assert link(tmp_path, 发现的问题=[FOUND, one]).frames["findings"]["event_id"].tolist() == [first]


def test_an_inspection_of_an_account_that_is_gone_counts_for_its_unit_and_is_told(tmp_path):
    row = ["I1", "省", "2025-08-01", "一号", "早已注销的号", "U1", "是", "C1", "问题"]
    linked = link(tmp_path, 上级检查=[UPPER, row])
    assert [problem.is_fatal for problem in linked.problems] == [False]
    assert linked.frames["upper_inspections"][["unit_id", "account_id"]].astype(object).iloc[0].isna().tolist() == [False, True]


def test_an_inspection_that_names_nobody_we_know_is_fatal(tmp_path):
    linked = link(tmp_path, 上级检查=[UPPER, ["I1", "省", "2025-08-01", "一号", "早已注销的号", None, "是", "C1", "问题"]])
    assert linked.problems[0].is_fatal


@pytest.mark.parametrize(("first", "last", "is_kept"), [("2025-07-01", "2025-09-30", True), ("2025-07-01", "2025-07-01", True), ("2025-07-02", "2025-07-01", False), ("2025-07-01", None, False), (None, None, True)])
def test_a_declared_span_has_both_ends_in_order(tmp_path, first, last, is_kept):
    linked = link(tmp_path, 导出文件清单=[["文件", "账号", "起始日", "截止日"], ["甲.xlsx", "A1", first, last]])
    assert len(linked.frames["manifest"]) == is_kept


def test_every_frame_keeps_its_contract_when_nothing_was_given(tmp_path):
    linked = link(tmp_path)
    assert set(linked.frames) == set(REGISTERS) - {"messages"}


# ---------------------------------------------------------------- 人工核查表
def form(path, *rows: dict[str, object]):
    return read(write(path / "考核评分表.xlsx", 人工核查表=[["标题"], ["怎么填"], list(FORM_HEADINGS), *[[row.get(name) for name in FORM_HEADINGS] for row in rows]]))


CLEAN = {"检查项目": "C1 文字差错", "范围": "全部", "检查时间": "2025-09-20 10:00", "检查人": "某甲", "检查结果": "未发现问题"}
FAULTY = {"检查项目": "C1", "账号": "A1", "检查时间": dt.datetime(2025, 9, 20, 10), "检查人": "某甲", "检查结果": "发现问题", "问题描述": "错字"}


def test_a_filled_form_gives_checks_and_findings_and_passes_over_lines_nobody_touched(tmp_path):
    made = form(tmp_path, CLEAN, FAULTY, {"检查项目": "C2 广告", "范围": "账号", "账号": "A1", "备注": "待核查"})
    assert (made.problems, made.n_kept, made.n_no_data_rows) == ([], 2, 1)
    done, found = made.frames["checks_done"].iloc[0], made.frames["findings"].iloc[0]
    assert (done["check_scope"], done["check_item"], done["checked_at"]) == ("all", "C1 文字差错", pd.Timestamp("2025-09-20 10:00"))
    assert (found["found_by_level"], found["found_on"], found["description"]) == ("county", pd.Timestamp("2025-09-20"), "错字")


@pytest.mark.parametrize(("rows", "counts"), [((CLEAN,), (1, 0)), ((FAULTY,), (0, 1)), ((), (0, 0))])
def test_a_form_with_one_kind_of_answer_gives_no_row_of_the_other(tmp_path, rows, counts):
    made = form(tmp_path, *rows)
    assert (len(made.frames["checks_done"]), len(made.frames["findings"])) == counts


def test_a_form_that_came_back_links_like_any_register(tmp_path):
    rows = [list(FORM_HEADINGS), *[[row.get(name) for name in FORM_HEADINGS] for row in (CLEAN, FAULTY)]]
    write(tmp_path / "核查.xlsx", 人工核查表=rows)
    from xmt_scoring.ingest.linking import link_registers

    frames = {**read(write(tmp_path / "u.xlsx", 单位=UNIT_ROWS)).frames, **read(write(tmp_path / "a.xlsx", 账号=ACCOUNT_ROWS)).frames}
    linked = link_registers({**frames, **read(tmp_path / "核查.xlsx").frames}, {"C1": "art11_typo", "C1 文字差错": "art11_typo"})
    assert linked.problems == []
    assert linked.frames["findings"][["check_item", "account_id"]].iloc[0].tolist() == ["art11_typo", "A1"]
    assert linked.frames["findings"]["event_id"].str.match(r"F[0-9a-f]{12}$").all()
    assert linked.frames["checks_done"]["check_item"].tolist() == ["art11_typo"]


@pytest.mark.parametrize(
    ("row", "column", "is_fatal"),
    [
        ({**CLEAN, "检查人": None}, "检查人", False),
        ({**CLEAN, "检查时间": None}, "检查时间", False),
        ({**CLEAN, "检查结果": None}, "检查结果", False),
        ({**CLEAN, "检查结果": "还行"}, "检查结果", False),
        ({**CLEAN, "范围": None}, "范围", False),
        ({**CLEAN, "问题描述": "有错字"}, "问题描述", False),
        ({**FAULTY, "问题描述": None}, "问题描述", True),
        ({**FAULTY, "账号": None}, "账号", True),
        ({**FAULTY, "检查结果": None}, "检查结果", True),
        ({**FAULTY, "程度或情形": "很重"}, "程度或情形", True),
    ],
)
def test_a_half_filled_line_is_told_with_its_cell_and_stops_only_when_it_holds_a_finding(tmp_path, row, column, is_fatal):
    made = form(tmp_path, row)
    assert f"「人工核查表」表第 4 行「{column}」列" in told(made.problems)
    assert [problem.is_fatal for problem in made.problems] == [is_fatal]
    assert (made.n_kept, made.n_quarantined) == (0, 1)
