"""Hints propose, people decide what the data leave open, and the office has duties of its own."""

import dataclasses
import datetime as dt

import pandas as pd
import pytest
from rule_tables import filled, table

from xmt_scoring.checks.records import OFFICE_UNKNOWN, prepare
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.checks.runner import run_rule
from xmt_scoring.errors import RuleError
from xmt_scoring.frames import contracts, empty
from xmt_scoring.periods import Quarter
from xmt_scoring.settings import Settings

PERIOD, AS_OF = Quarter.parse("2026Q3"), dt.date(2026, 10, 10)
RULES = load_rules()
OFFICER = RULES["art14_missing_info_officer"]  # without a register of staff: one open row without event
WEEKLY = RULES["art11_weekly_update"]  # a week without data: an open row with its event
TWO = "账号 | 单位\n微信1 | 县林业局\n微信2 | 县水利局"


def run(rule, **texts):
    """The verdicts of one rule and its notes."""
    tables = {"account_quarters": TWO, **texts}
    frames = {name: filled(table(text, name), name, rule) for name, text in tables.items()}
    quarters = frames["account_quarters"]
    owned = pd.DataFrame({"account_id": quarters["account_id"], "owner_id": quarters["unit_id"]})
    frames["accounts"] = filled(owned, "accounts", rule)
    given = {name: frames.get(name, empty(name)) for name in contracts()}
    rules = {**RULES, rule.id: rule}
    records = prepare(given, quarters[["account_id", "unit_id"]], rules, PERIOD, AS_OF)
    result, notes = run_rule(rule, given, records, rules, PERIOD, AS_OF, Settings.default())
    return result, notes


def said(result, key="unit_id"):
    """subject, event, outcome, who decided; in a fixed order, missing as None."""
    rows = result.verdicts[[key, "event_id", "outcome", "decided_by"]].astype(object)
    return sorted((tuple(line) for line in rows.where(rows.notna(), None).itertuples(index=False)), key=str)


BY_PEOPLE = dataclasses.replace(OFFICER, people_decide=True)


def test_without_people_deciding_a_finding_under_an_automatic_rule_changes_nothing():
    result, notes = run(OFFICER, findings="事件编号 | 单位 | 账号\nF1 | 县林业局 |")
    assert said(result) == [("县林业局", None, "no_data", None), ("县水利局", None, "no_data", None)]
    assert "另有 1 条人工发现" in notes[0]


def test_a_finding_decides_what_the_data_leave_open_and_only_that():
    result, notes = run(
        BY_PEOPLE,
        staff_facts="单位 | 岗位 | 在岗人数\n县水利局 | 信息员 | 1",
        findings="事件编号 | 单位 | 账号\nF1 | 县林业局 |\nF2 | 县水利局 |",
    )
    assert said(result) == [("县林业局", "F1", "fail", "县级发现"), ("县水利局", None, "pass", "数据")]
    assert notes == ["另有 1 条人工发现登记在本规则上；本规则按登记表和导出数据判定，不另扣分"]
    assert result.evidence["event_id"].tolist() == ["F1"]


def test_a_row_of_having_checked_passes_what_the_data_leave_open():
    result, _ = run(BY_PEOPLE, checks_done="检查范围 | 单位 | 检查时间\n单位 | 县林业局 | 2026-09-28")
    assert said(result) == [("县林业局", None, "pass", "人工核查"), ("县水利局", None, "no_data", None)]


def test_a_row_of_having_checked_does_not_undo_what_the_data_show():
    result, _ = run(
        BY_PEOPLE, staff_facts="单位 | 岗位 | 在岗人数\n县林业局 | 信息员 | 0", checks_done="检查范围\n全部"
    )
    assert said(result) == [("县林业局", "县林业局|info_officer", "fail", "数据"), ("县水利局", None, "pass", "人工核查")]


def test_a_check_after_as_of_decides_nothing():
    result, notes = run(BY_PEOPLE, checks_done="检查范围 | 检查时间\n全部 | 2026-10-11")
    assert {row[2] for row in said(result)} == {"no_data"}
    assert "不在本期" in notes[0]


def test_a_finding_of_the_city_does_not_decide_the_quarter():
    result, notes = run(BY_PEOPLE, findings="事件编号 | 单位 | 账号 | 发现层级\nF1 | 县林业局 | | 市")
    assert said(result)[0] == ("县林业局", None, "no_data", None)
    assert "计入年度" in notes[0]


HINT = dataclasses.replace(WEEKLY, kind="hint", not_scored="试")
TWO_WEEKS = "账号 | 周一日期 | 发布条数\n微信1 | 2026-07-06 |\n微信1 | 2026-07-13 |\n微信2 | 2026-07-06 | 1"


def test_a_hint_that_says_fail_is_refused_with_its_name():
    with pytest.raises(RuleError, match="规则 art11_weekly_update：提示规则只能提出待核查"):
        run(HINT, account_weeks="账号 | 周一日期 | 发布条数\n微信1 | 2026-07-06 | 0")


def test_a_finding_with_the_number_of_a_proposal_confirms_it_and_leaves_the_other_one_open():
    result, _ = run(HINT, account_weeks=TWO_WEEKS, findings="事件编号 | 账号\n微信1|2026-07-06 | 微信1")
    assert said(result, "account_id") == [
        ("微信1", "微信1|2026-07-06", "fail", "县级发现"),
        ("微信1", "微信1|2026-07-13", "no_data", None),
        ("微信2", None, "pass", "数据"),
    ]


def test_a_row_of_having_checked_dismisses_all_proposals_about_an_account():
    result, _ = run(HINT, account_weeks=TWO_WEEKS, checks_done="检查范围 | 账号\n账号 | 微信1")
    assert said(result, "account_id") == [("微信1", None, "pass", "人工核查"), ("微信2", None, "pass", "数据")]
    assert result.evidence.empty


def test_what_people_find_where_a_hint_saw_nothing_is_not_lost():
    result, _ = run(HINT, account_weeks=TWO_WEEKS, findings="事件编号 | 账号\nF9 | 微信2")
    assert ("微信2", "F9", "fail", "县级发现") in said(result, "account_id")
    assert ("微信2", None, "pass", "数据") not in said(result, "account_id")


OFFICE = dataclasses.replace(OFFICER, subject="office")
ONE = "账号 | 单位\n微信1 | 县林业局"
UNITS = "单位 | 单位名称 | 是否主管单位\nU1 | 县政府办 | {}\n县林业局 | 县林业局 | 否"


def test_a_duty_of_the_office_is_judged_on_the_unit_that_the_register_marks():
    staff = "单位 | 岗位 | 在岗人数\n县林业局 | 信息员 | 0"
    result, _ = run(OFFICE, account_quarters=ONE, units=UNITS.format("是"), staff_facts=staff)
    assert said(result) == [("U1", "县林业局|info_officer", "fail", "数据")]
    assert result.verdicts["account_id"].isna().all()
    assert result.evidence["unit_id"].tolist() == ["U1"]


def test_without_a_marked_office_the_duty_is_without_data_and_the_message_says_what_to_fill_in():
    result, notes = run(OFFICE, account_quarters=ONE, units=UNITS.format("否"), findings="事件编号 | 账号\nF1 |")
    assert said(result) == [(OFFICE_UNKNOWN, None, "no_data", None)]
    assert "“是否主管单位”填“是”" in result.verdicts["observed"].iloc[0]
    assert notes == ["1 条人工发现要等标明主管单位后才计入"]


def test_people_judge_a_duty_of_the_office_without_writing_a_unit():
    manual = dataclasses.replace(RULES["art13_account_security"], subject="office")
    found, _ = run(manual, units=UNITS.format("是"), findings="事件编号 | 账号 | 问题描述\nF1 | | 没有通报")
    assert said(found) == [("U1", "F1", "fail", "县级发现")]
    checked, _ = run(manual, units=UNITS.format("是"), checks_done="检查范围\n全部")
    assert said(checked) == [("U1", None, "pass", "人工核查")]
