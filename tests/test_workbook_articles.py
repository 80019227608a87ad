"""What costs no points stands behind what does; accounts of the office are marked; 条款对照 has the whole law."""

from pathlib import Path

import pandas as pd
import pytest
from support_quarter import UNITS, row, small_quarter, written

from xmt_scoring import law
from xmt_scoring.checks.records import OFFICE_UNKNOWN
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.reports import summary
from xmt_scoring.reports.sheets_articles import ARTICLES
from xmt_scoring.reports.waiting import waiting

ROWS = [
    row("art05_person_held_account", unit="U1", outcome="unverified"),
    row("art05_person_held_account", unit="U2", outcome="pass"),
    row("art02_inner_section", "W1", "W1|section", "unverified", message="由内设机构“护林股”开设"),
    row("art04_missing_operator", "W1", outcome="no_data"),
    row("art04_missing_operator", "W2", "W2|agreement", message="委托“某公司”运维，没有登记委托协议"),
    row("art06_late_filing", "W2", "W2|opening", "unverified", message="开设 2 个工作日仍未备案"),
    row("art11_typo", "W3", None, "unverified", message="尚无人核查"),
    row("art03_self_run_account", "B1", outcome="pass"),
    row("art03_self_run_account", "W1", outcome="not_applicable"),
]


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """A small quarter with open and failing rows of rules that cost no points; read only."""
    return written(tmp_path_factory.mktemp("评分表"), rows=ROWS)


def sheet(path, name, top=2):
    return pd.read_excel(path, sheet_name=name, header=top, engine="openpyxl")


def test_what_costs_no_points_comes_last_in_the_form_with_one_row_for_all_and_says_so(book):
    shown = sheet(book, "人工核查表")
    asked = shown[shown["检查项目"].notna()][["检查项目", "范围", "账号", "备注"]].fillna("").to_numpy().tolist()
    assert [line[:3] for line in asked] == [
        ["C1 文字差错", "全部", ""],
        ["C1 文字差错", "账号", "黄柏塬发布"],
        ["内设机构账号", "账号", "太白林业"],
        ["承办单位与委托协议", "全部", ""],
        ["个人以官方名义开号", "全部", ""],
    ]
    assert [line[3].split("；")[0] == "不计分" for line in asked] == [False, False, True, True, True]
    assert asked[2][3] == "不计分；提示：由内设机构“护林股”开设"
    assert shown["事件编号"].dropna().tolist() == ["W1|section"]


def test_an_event_that_only_time_decides_and_a_duty_without_its_office_wait_for_nobody(book):
    rules = load_rules()
    verdicts = small_quarter(rows=ROWS).frames["verdicts"]
    alone, events = waiting(verdicts, rules)
    assert set(events["check_id"]) == {"art02_inner_section"}
    lost = verdicts[verdicts["check_id"] == "art05_person_held_account"].assign(unit_id=OFFICE_UNKNOWN)
    assert waiting(lost, rules)[0].empty


def test_the_report_lists_what_waits_for_people_and_marks_what_costs_nothing():
    shown = summary.open_items(small_quarter(rows=ROWS))
    assert shown["规则名称"].tolist() == ["文字差错", "内设机构账号（不计分）", "承办单位与委托协议（不计分）", "个人以官方名义开号（不计分）"]
    assert shown["待核查的账号或单位数"].tolist() == ["1", "1", "1", "1"]


def test_a_failing_row_that_costs_nothing_is_listed_as_such(book):
    line = sheet(book, "扣分明细").set_index("评分项").loc["不计分"]
    assert line["类型"] == "只列出" and line["扣分"] == 0 and line["账号"].startswith("太白林业服务")
    assert "没有登记委托协议" in line["事由"]


def test_the_list_of_rules_says_why_a_rule_costs_nothing(book):
    shown = sheet(book, "规则清单").set_index("规则编号")
    assert shown.loc["art02_inner_section", ["评分项", "检查方式"]].tolist() == ["不计分", "提示"]
    assert shown.loc["art02_inner_section", "说明"].startswith("不计分：办法允许内设机构开设账号")
    places = [place == "不计分" for place in shown["评分项"]]
    assert places == sorted(places)


def test_accounts_and_units_of_the_office_are_marked(book):
    accounts = sheet(book, "账号得分", 4).set_index("账号")
    assert accounts.loc["太白发布", "备注"] == "自评"
    assert "自评" not in str(accounts.loc["太白林业", "备注"])
    assert sheet(book, "单位得分").set_index("单位").loc[UNITS["U2"], "备注"] == "主管单位，自评"


def test_the_sheet_of_articles_has_every_place_with_its_whole_text_once(book):
    shown = sheet(book, ARTICLES)
    named = shown[shown["条款"].notna()]
    assert named["条款"].tolist() == [law.citation(place) for place in law.places()]
    assert named.set_index("条款").loc["第十五条第1项", "条文"] == law.article("15.1")
    line = shown.set_index("规则").loc["每周更新"]
    assert (line["检查方式"], line["评分项"], line["分值"]) == ("自动", "B1 每周更新", "20")
    assert shown.set_index("规则").loc["严重内容问题", "单项否决"] == "是"
