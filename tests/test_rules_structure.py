"""What holds for every rule folder: its words, its numbers, its imports, its cases."""

import ast
import datetime as dt
import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from xmt_scoring import law
from xmt_scoring.checks import known_items
from xmt_scoring.checks.messages import template
from xmt_scoring.checks.rules import PLACEHOLDERS, is_astray, load_rules, problems_of
from xmt_scoring.frames import contracts
from xmt_scoring.model import Outcome
from xmt_scoring.periods import Quarter
from xmt_scoring.reports.articles import annual_scheme, scheme_lines
from xmt_scoring.scoring import load_scheme

FOLDER = Path(str(files("xmt_scoring.checks")))
RULES = list(load_rules().values())
QUARTER_ENDS = [Quarter(year, number).end for year in range(2021, 2028) for number in (1, 2, 3, 4)][3:]
SCHEMES = [(load_scheme("taibai_quarterly_2021").raw, "quarter"), *((raw, "year") for raw in annual_scheme())]
ALL_RULES = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
FIVE = {"合格", "不合格", "不适用", "缺数据", "待核查"}


def raw(rule):
    return tomllib.loads((FOLDER / rule.id / "rule.toml").read_text(encoding="utf-8"))


def test_every_folder_of_an_article_is_a_rule():
    assert sorted(path.name for path in FOLDER.glob("art*")) == [rule.id for rule in RULES]


def test_the_default_rubric_still_counts_its_23_rules_and_the_veto_on_apps():
    assert len(set(load_scheme("taibai_quarterly_2021").checks)) == 23 + 1


def test_every_scheme_line_has_its_rule():
    for raw_scheme, period in SCHEMES:
        for line in scheme_lines(raw_scheme):
            assert {load_rules()[check].period for check in line["checks"]} == {period}, line["name"]


@ALL_RULES
def test_every_rule_is_counted_by_a_current_scheme_or_says_why_not(rule):
    counted = {check for raw_scheme, _ in SCHEMES for line in scheme_lines(raw_scheme) for check in line["checks"]}
    assert (rule.id in counted) != (rule.not_scored is not None)


@ALL_RULES
def test_a_hint_never_costs_points(rule):
    assert rule.kind != "hint" or (rule.not_scored and not rule.is_veto)


@ALL_RULES
def test_the_quote_stands_in_its_article_word_for_word(rule):
    if rule.basis == "taibai_2021":
        assert rule.quote
        assert rule.quote in law.article(rule.article)
    else:
        assert rule.reference
        assert rule.quote is None


@ALL_RULES
def test_the_folder_names_the_article(rule):
    assert rule.id.startswith(f"art{int(rule.article.split('.')[0]):02d}_")


@ALL_RULES
def test_every_text_has_only_known_placeholders_and_every_failure_says_what_was_seen(rule):
    for outcome in Outcome:
        for severity in [None, *rule.failed_by, *rule.open_by]:
            text = template(rule, outcome, severity)
            assert text
            assert {name for _, name, _, _ in Formatter().parse(text) if name is not None} <= PLACEHOLDERS
    assert "{observed}" in rule.texts[Outcome.FAIL]


@ALL_RULES
def test_what_it_needs_are_frames(rule):
    assert set(rule.needs) <= set(contracts())
    assert "account_quarters" in rule.needs or rule.subject == "office" or rule.period == "year"


@ALL_RULES
def test_every_value_resolves_at_every_quarter_end_to_exactly_one(rule):
    for day in QUARTER_ENDS:
        assert set(rule.values(day)) == set(rule.params)
    for dated in rule.params.values():
        assert len({entry.start for entry in dated}) == len(dated)


@ALL_RULES
def test_every_value_says_where_it_stands_and_when_somebody_looked(rule):
    for dated in rule.params.values():
        assert all(entry.reference and entry.checked_on >= dt.date(2026, 1, 1) for entry in dated)


@ALL_RULES
def test_no_rule_holds_points(rule):
    assert not {"points", "loss", "losses", "weight"} & set(raw(rule))


@ALL_RULES
def test_a_check_imports_only_the_model_pandas_and_numpy(rule):
    path = FOLDER / rule.id / "check.py"
    assert path.exists() == rule.has_check
    if rule.has_check:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert modules <= {"__future__", "collections.abc", "xmt_scoring.model", "pandas", "numpy"}


@ALL_RULES
def test_a_check_has_no_loop_over_rows(rule):
    if rule.has_check:
        text = (FOLDER / rule.id / "check.py").read_text(encoding="utf-8")
        assert not [word for word in ("iterrows", "itertuples", ".apply(", "to_dict(") if word in text]


@ALL_RULES
def test_every_rule_has_cases_of_a_pass_a_failure_and_what_cannot_be_said(rule):
    cases = tomllib.loads((FOLDER / rule.id / "cases.toml").read_text(encoding="utf-8"))["cases"]
    names = [case["name"] for case in cases]
    assert len(set(names)) == len(names) >= 4
    seen = {
        word for case in cases for word in FIVE if any(word in line.split() for line in case["expected"].splitlines())
    }
    # a hint proposes, it never says 不合格; 第三条 only marks accounts
    wrong = "待核查" if rule.kind == "hint" else "合格" if rule.id == "art03_self_run_account" else "不合格"
    assert {"合格", wrong} <= seen
    # the register of accounts is always there; what higher levels found is presumed none, and Y0 keeps the year open
    assert seen & {"缺数据", "待核查"} or rule.id in ("art05_extra_account", "art22_upper_finding")
    if rule.id in ("art11_weekly_update", "art11_message_reply", "art12_uncleared_post", "art11_dormant_account"):
        assert "不适用" in seen


def test_labels_and_words_for_check_items_are_unique():
    words = known_items()
    assert len(words) == 2 * len(RULES)
    assert words["文字差错"] == words["art11_typo"] == "art11_typo"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "art11_other"}, "文件夹是"),
        ({"quote": "每周至少更新两条信息"}, "找不到"),
        ({"article": "11.9"}, "没有“11.9”"),
        ({"needs": ["account_weekz"]}, "account_weekz"),
        ({"failed": "{obseved} 周"}, "obseved"),
        ({"settings": ["reply_units"]}, "reply_units"),
        ({"severities": ["terrible"]}, "terrible"),
        ({"kind": "semi"}, "semi"),
        ({"period": "month"}, "month"),
        ({"subject": "county"}, "county"),
        ({"kind": "hint"}, "not_scored"),
        ({"not_scored": " "}, "为什么不计分"),
        ({"kind": "manual", "people_decide": True}, "people_decide"),
        ({"subject": "office", "no_data": "缺数据"}, "{observed}"),
        ({"points": "2"}, "points"),
        ({"basis": "national"}, "reference"),
        ({"params": {"x": [{"start": dt.date(2021, 8, 18), "value": 1}]}}, "checked_on"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_wrong_rule_file_is_refused_with_its_reason(change, words):
    rule = load_rules()["art11_weekly_update"]
    assert not problems_of(raw(rule), rule.id)
    found = problems_of({**raw(rule), **change}, rule.id)
    assert any(words in str(problem) for problem in found)


def test_a_year_s_rule_names_the_quarter_s_rule_of_the_same_duty_and_no_other():
    found = {rule.id: rule.same_duty_as for rule in load_rules().values() if rule.same_duty_as}
    assert found == {
        "art11_uncooperative_unit": "art11_uncooperative_monitoring", "art20_unreported_counterfeit": "art20_counterfeit_handling",
    }  # fmt: skip
    rule = load_rules()["art11_uncooperative_unit"]
    for other in ("art11_nothing", "art20_counterfeit_handling", "art11_uncooperative_unit"):
        assert is_astray(replace(rule, same_duty_as=other), load_rules())
    assert not is_astray(rule, load_rules()) and not is_astray(replace(rule, same_duty_as=None), load_rules())
