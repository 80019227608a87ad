"""The runner: what rules need is checked before, what they return is checked after, nothing a person wrote vanishes."""

import dataclasses
import datetime as dt

import pandas as pd
import pytest
from rule_tables import filled, rows_of, table

from xmt_scoring.checks import run_checks
from xmt_scoring.checks.messages import render
from xmt_scoring.checks.records import OFFICE_UNKNOWN, prepare
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.checks.runner import parameters, run_rule, verify
from xmt_scoring.errors import RuleError, XmtError
from xmt_scoring.frames import contract, contracts, empty
from xmt_scoring.model import CheckResult, Outcome
from xmt_scoring.periods import Quarter
from xmt_scoring.settings import Settings

PERIOD, AS_OF, SETTINGS = Quarter.parse("2026Q3"), dt.date(2026, 10, 10), Settings.default()
RULES = load_rules()
QUARTERLY = [rule for rule in RULES.values() if rule.period == "quarter"]
TYPO = RULES["art11_typo"]
COUNTY = """
账号  | 单位
微信1 | 县林业局
微信2 | 县林业局
微博1 | 县水利局
"""


def county(**tables):
    """All registers and facts: three live accounts of two units, and the tables given; everything else is empty."""
    texts = {"account_quarters": COUNTY, **tables}
    frames = {name: filled(table(text, name), name, TYPO) for name, text in texts.items()}
    quarters = frames["account_quarters"]
    owned = pd.DataFrame({"account_id": quarters["account_id"], "owner_id": quarters["unit_id"]})
    frames["accounts"] = filled(owned, "accounts", TYPO)
    return {name: frames.get(name, empty(name)) for name in contracts()}


def judge(frames, period=PERIOD, as_of=AS_OF):
    return run_checks(frames, frames, period, as_of, SETTINGS)


def one_rule(rule, frames):
    quarters = frames["account_quarters"]
    records = prepare(frames, quarters[["account_id", "unit_id"]], RULES, PERIOD, AS_OF)
    return run_rule(rule, frames, records, RULES, PERIOD, AS_OF, SETTINGS)


def test_every_account_and_every_unit_has_a_verdict_of_every_rule_even_without_any_data():
    judged = judge(county())
    for rule in QUARTERLY:
        mine = judged.verdicts[judged.verdicts["check_id"] == rule.id]
        key = "account_id" if rule.subject == "account" else "unit_id"
        wanted = {
            "account": {"微信1", "微信2", "微博1"}, "unit": {"县林业局", "县水利局"}, "office": {OFFICE_UNKNOWN},
        }[rule.subject]  # fmt: skip
        assert set(mine[key]) == wanted, rule.id
        assert mine["account_id"].isna().all() == (rule.subject != "account")


def test_without_any_data_nothing_fails_and_nothing_is_held_against_anyone():
    outcomes = judge(county()).verdicts["outcome"]
    assert Outcome.FAIL not in set(outcomes)
    assert Outcome.NO_DATA in set(outcomes)


def test_the_frames_keep_their_contracts():
    judged = judge(county(account_weeks="账号 | 周一日期 | 发布条数\n微信1 | 2026-07-06 | 0"))
    for name in ("verdicts", "evidence", "rules_run", "withdrawn_verdicts"):
        assert list(getattr(judged, name)) == contract(name).names
    fail = judged.verdicts[judged.verdicts["outcome"] == Outcome.FAIL].iloc[0]
    assert (fail["article"], fail["decided_by"], fail["event_id"]) == ("11.1", "数据", "微信1|2026-07-06")


def test_one_line_for_each_rule_counts_its_outcomes_and_says_whether_it_is_open():
    frames = county(
        account_weeks="账号 | 周一日期 | 发布条数\n微信1 | 2026-07-06 | 0\n微信1 | 2026-07-13 | 0\n微信2 | 2026-07-06 | 1",
        checks_done="检查范围 | 检查项目\n全部 | 文字差错",
    )
    lines = judge(frames).rules_run.set_index("check_id")
    assert list(lines.index) == [rule.id for rule in QUARTERLY]
    weekly, typo, advert = lines.loc["art11_weekly_update"], lines.loc["art11_typo"], lines.loc["art08_advert"]
    assert (weekly["n_fail"], weekly["n_pass"], weekly["rule_state"], weekly["rule_mode"]) == (
        2,
        2,
        "judged",
        "automatic",
    )
    assert (typo["n_pass"], typo["n_unverified"], typo["rule_state"], typo["rule_mode"]) == (3, 0, "judged", "manual")
    assert (advert["n_pass"], advert["n_unverified"], advert["rule_state"]) == (0, 3, "open")


def test_the_order_of_rows_does_not_matter():
    frames = county(
        account_weeks="账号 | 周一日期 | 发布条数\n微信1 | 2026-07-06 | 0\n微信2 | 2026-07-13 |\n微博1 | 2026-07-06 | 3",
        findings="事件编号 | 账号 | 程度或情形\n1 | 微信1 | 一般\n1 | 微信1 | 严重\n2 | 微博1 | 一般",
    )
    turned = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in frames.items()}
    columns = contract("verdicts").names
    assert rows_of(judge(frames).verdicts, columns) == rows_of(judge(turned).verdicts, columns)


def test_a_rule_that_raises_stops_the_run_with_its_name():
    broken = dataclasses.replace(RULES["art11_weekly_update"], needs=("account_quarters",))
    with pytest.raises(RuleError, match="规则 art11_weekly_update：运行出错：KeyError 'account_weeks'"):
        one_rule(broken, county())


def test_a_frame_or_a_column_that_a_rule_needs_is_asked_for_before_it_runs():
    frames = county()
    without_frame = {name: frame for name, frame in frames.items() if name != "staff_facts"}
    with pytest.raises(RuleError, match="规则 art10_missing_leader：需要数据表 staff_facts"):
        judge(without_frame)
    with pytest.raises(RuleError, match=r"规则 art10_missing_leader：数据表 staff_facts 缺少列 \['n_in_office'\]"):
        judge({**frames, "staff_facts": frames["staff_facts"].drop(columns="n_in_office")})


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("U", "A", None, "pass")], "没有结论"),
        ([("U", "A", None, "pass"), ("U", "B", None, "fine")], "不认识的结论"),
        ([("U", "A", "1", "fail"), ("U", "A", "1", "fail"), ("U", "B", None, "pass")], "出现两次"),
        ([("U", "A", "1", "fail"), ("U", "A", None, "pass"), ("U", "B", None, "pass")], "既有合格又有不合格"),
        ([("U", "A", "1", "pass"), ("U", "B", None, "pass")], "既有合格又有不合格"),
        ([(None, "A", None, "pass"), ("U", "B", None, "pass")], "单位或账号"),
    ],
    ids=["subject missing", "unknown outcome", "event twice", "pass beside fail", "pass with event", "unit missing"],
)
def test_a_result_that_does_not_keep_its_shape_is_refused(rows, words):
    verdicts = pd.DataFrame(rows, columns=["unit_id", "account_id", "event_id", "outcome"], dtype="str")
    subjects = pd.DataFrame({"unit_id": ["U", "U"], "account_id": ["A", "B"]}, dtype="str")
    with pytest.raises(RuleError, match=words):
        verify(RULES["art11_weekly_update"], CheckResult(verdicts, pd.DataFrame()), subjects)


def test_records_that_fit_no_rule_are_reported_all_at_once_with_their_places():
    frames = county(findings="事件编号 | 账号 | 程度或情形\n1 | | 一般\n2 | 微信9 |\n3 | 微信1 | 主体不符")
    frames["checks_done"] = filled(table("检查范围 | 检查时间\n全部 | 2026-09-28", "checks_done"), "checks_done", TYPO)
    frames["checks_done"]["check_item"] = "C9 错字"
    with pytest.raises(XmtError) as refused:
        judge(frames)
    texts = [str(problem) for problem in refused.value.problems]
    assert len(texts) == 4
    assert any("登记表.xlsx 第 2 行「检查项目」列：没有“C9 错字”这个检查项目" in text for text in texts)
    assert any("第 2 行「账号」列：这个检查项目按账号扣分，但没有写是哪个账号" in text for text in texts)
    assert any("第 3 行「账号」列：账号“微信9”不在账号备案台账中" in text for text in texts)
    assert any("第 4 行「程度或情形」列：“文字差错”没有“主体不符”这种情形" in text for text in texts)


def test_a_finding_under_a_rule_that_the_data_decides_is_counted_in_the_list_of_rules_and_not_twice():
    judged = judge(county(findings="检查项目 | 账号\n每周更新 | 微信1"))
    line = judged.rules_run.set_index("check_id").loc["art11_weekly_update"]
    assert line["n_fail"] == 0
    assert "另有 1 条人工发现" in line["reason"]


def test_a_grave_misstatement_is_shown_in_its_own_item_and_vetoes_once_two_people_confirm():
    judged = judge(
        county(
            findings="事件编号 | 账号 | 程度或情形 | 确认人一 | 确认人二\n1 | 微信1 | 严重表述错误 | 甲 | 乙\n2 | 微信2 | 严重表述错误 | 甲 |"
        )
    )
    seen = judged.verdicts[judged.verdicts["event_id"].notna()][["check_id", "account_id", "outcome", "severity"]]
    assert set(seen.itertuples(index=False, name=None)) == {
        ("art11_typo", "微信1", "fail", "grave_misstatement"),
        ("art11_typo", "微信2", "fail", "grave_misstatement"),
        ("art08_grave_content", "微信1", "fail", "grave_misstatement"),
        ("art08_grave_content", "微信2", "unverified", "grave_misstatement"),
    }


def test_a_finding_never_takes_another_finding_away_and_never_helps():
    base = "事件编号 | 账号 | 程度或情形\n1 | 微信1 | 一般"
    before, after = judge(county(findings=base)).verdicts, judge(county(findings=base + "\n2 | 微信1 | 严重")).verdicts
    failed = [set(frame.loc[frame["outcome"] == Outcome.FAIL, "event_id"]) for frame in (before, after)]
    assert failed == [{"1"}, {"1", "2"}]


def test_nothing_that_happened_before_the_law_is_judged():
    with pytest.raises(XmtError, match="2021-08-18 起施行"):
        judge(county(), Quarter.parse("2021Q2"), dt.date(2021, 7, 10))
    findings = "事件编号 | 账号 | 发现日期\n1 | 微信1 | 2021-08-17\n2 | 微信1 | 2021-08-18"
    verdicts = judge(county(findings=findings), Quarter.parse("2021Q3"), dt.date(2021, 10, 10)).verdicts
    assert list(verdicts["event_id"].dropna()) == ["2"]


def test_text_of_people_with_braces_stands_in_the_message_as_it_is():
    result, _ = one_rule(
        TYPO, county(findings="事件编号 | 账号 | 问题描述\n1 | 微信1 | 标题含 {observed} 和 100% 字样")
    )
    assert "文字差错：标题含 {observed} 和 100% 字样" in set(render(TYPO, result.verdicts))


def test_a_check_gets_the_values_of_the_quarter_and_only_the_settings_that_it_names():
    params = parameters(RULES["art11_message_reply"], PERIOD, AS_OF, SETTINGS)
    assert (params["reply_limit"], params["reply_unit"], params["period_end"], params["as_of"]) == (
        2,
        "calendar",
        PERIOD.end,
        AS_OF,
    )
    assert "change_filing_workdays" not in params


def test_a_quarter_without_any_live_account_gives_verdicts_on_the_supervising_office_only():
    judged = judge(county(account_quarters="账号 | 期内是否在用\n微信1 | 否"))
    office = [rule.id for rule in RULES.values() if rule.subject == "office" and rule.period == "quarter"]
    assert sorted(judged.verdicts["check_id"]) == sorted(office) and judged.verdicts["account_id"].isna().all()
    assert set(judged.rules_run["check_id"]) == {rule.id for rule in RULES.values() if rule.period == "quarter"}
