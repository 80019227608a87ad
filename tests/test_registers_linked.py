"""The registers together: units and accounts are found by every name people use, contradictions are told, keys are unique."""

import pytest
from register_books import (
    ACCOUNT_HEADINGS,
    ACCOUNT_ROWS,
    DONE,
    FOUND,
    REGISTERS,
    STAFF,
    UNIT_ROWS,
    UPPER,
    link,
    read,
    told,
    write,
)


def test_units_and_accounts_are_found_by_id_name_short_name_and_name_with_platform(tmp_path):
    rows = [["账号", "备案编号", "备案类型"], ["A1", "1", "开设"], ["甲山林业（抖音）", "2", "开设"], ["甲山林业（微信）", "3", "开设"], ["甲山水利", "4", "开设"], ["998", "5", "变更"]]
    linked = link(tmp_path, 备案表=rows)
    assert linked.problems == []
    assert linked.frames["accounts"]["owner_id"].tolist() == ["U1", "U1", "U2"]
    assert linked.frames["filings"]["account_id"].tolist() == ["A1", "A2", "A1", "A3", "A3"]


def test_a_name_that_two_accounts_share_is_not_guessed(tmp_path):
    linked = link(tmp_path, 备案表=[["账号", "备案编号", "备案类型"], ["甲山林业", "1", "开设"]])
    assert "不止一个（A1、A2）" in told(linked.problems)
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
    assert linked.quarantine["reason"].tolist() == ["重复：与前面一行完全相同"]
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
    other = [None, "文字差错", None, "甲山林业（微信）", "严重", "2025-08-01", "县", "标题 有错字", None]
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


@pytest.mark.parametrize(("level", "is_veto", "account", "stops"), [
    ("市", "是", None, True), ("县", "是", None, True), ("市", "是", "早已注销的号", True), ("市", "是", "A1", False),
    ("市", "否", None, False), ("省", "是", None, False), ("国家", "是", None, False),
])  # fmt: skip
def test_a_veto_from_below_the_province_must_name_an_account_or_it_would_cost_nothing(tmp_path, level, is_veto, account, stops):
    linked = link(tmp_path, 上级检查=[UPPER, ["I1", level, "2025-08-01", "一号", account, "U1", is_veto, "C1", "问题"]])
    told = [problem for problem in linked.problems if problem.is_fatal]
    assert ["落不到哪个账号上" in problem.what and "第 2 行「账号」列" in problem.where for problem in told] == [True] * stops
    assert len(linked.frames["upper_inspections"]) == (not stops)


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
