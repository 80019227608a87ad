"""The quarter's scheme: the default is complete, and what an account sheet cannot compute is refused with its place.

What is wrong in a rubric of any form is in test_rubric_reading.py; here one such mistake shows that those are told too.
"""

import datetime as dt
import re

import pytest

from xmt_scoring.errors import SchemeError
from xmt_scoring.points import SCALE
from xmt_scoring.scoring import load_scheme
from xmt_scoring.scoring.account_sheet import check_account_sheet
from xmt_scoring.scoring.rubric import read_rubric

DEFAULT = load_scheme("taibai_quarterly_2021")
SMALL = """
id = "s"
title = "试"
status = "proposed"
start = 2021-08-18
base = "10"
[[blocks]]
id = "A"
name = "甲"
points = "10"
[[items]]
id = "A1"
name = "一"
block = "A"
points = "4"
subject = "account"
checks = ["check_one"]
rule = { type = "per_event", loss = "2" }
article = "6"
model = "本县"
[[items]]
id = "A2"
name = "二"
block = "A"
points = "6"
subject = "unit"
checks = ["check_two", "check_three"]
rules = { check_two = { type = "all_or_nothing" }, check_three = { type = "per_event_by_severity", losses = { general = "0.5", serious = "2" } } }
on_na = "rescale"
article = "11.2"
model = "本县"
[[vetoes]]
code = "V1"
name = "否"
checks = ["check_four"]
outcome = "zero"
article = "8"
model = "本县"
[[bands]]
name = "高"
from = "5"
[[bands]]
name = "低"
from = "0"
[rollup]
over = "accounts"
method = "setting"
vetoed = "setting"
"""


def written(tmp_path, *changes):
    text = SMALL
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    path = tmp_path / "试.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_default_rubric_has_100_points_in_five_blocks():
    blocks = {}
    for item in DEFAULT.items:
        blocks[item.block] = blocks.get(item.block, 0) + item.points // SCALE
    assert blocks == {"A": 15, "B": 30, "C": 20, "D": 20, "E": 15}
    assert {item.id: item.points // SCALE for item in DEFAULT.items} == {
        "A1": 5, "A2": 4, "A3": 3, "A4": 3, "B1": 20, "B2": 5, "B3": 5, "C1": 6, "C2": 4, "C3": 3, "C4": 2, "C5": 5,
        "D1": 14, "D2": 3, "D3": 3, "E1": 8, "E2": 4, "E3": 3,
    }  # fmt: skip


def test_the_default_rubric_is_a_proposal_and_says_that_the_law_fixes_no_points():
    assert DEFAULT.status == "proposed"
    assert "未规定分值" in DEFAULT.raw["note"]
    assert all(item.model for item in DEFAULT.items)
    assert DEFAULT.start == dt.date(2021, 8, 18)


def test_the_default_rubric_counts_only_rules_that_exist():
    from xmt_scoring.checks.rules import load_rules

    rules = load_rules()
    scheme = load_scheme("taibai_quarterly_2021", rules)
    assert {item.id: {rules[check].subject for check in item.checks} for item in scheme.items} == {
        item.id: {item.subject} for item in scheme.items
    }


def test_every_severity_that_a_rule_may_give_has_a_size():
    from xmt_scoring.checks.rules import load_rules

    rules = load_rules()
    for item in DEFAULT.items:
        for check, loss in item.losses.items():
            if loss.by_severity is not None and rules[check].severities:
                assert set(rules[check].severities) <= set(loss.by_severity), check


def test_losses_for_each_check_are_read(tmp_path):
    scheme = load_scheme(written(tmp_path), {"check_one", "check_two", "check_three", "check_four"})
    two = scheme.items[1]
    assert two.losses["check_two"].is_all_or_nothing
    assert two.losses["check_three"].by_severity == {"general": SCALE // 2, "serious": 2 * SCALE}
    assert (two.on_na, two.subject) == ("rescale", "unit")


MISTAKES = [
    ("", 'points = "4"', 'points = "5"', "各项合计 11 分，base 是 10 分"),
    ("「A1」", 'points = "4"', 'points = "-4"', "points"),
    ("「A1」", 'points = "4"', 'points = "4.005"', "points"),
    ("「A1」", 'points = "4"', 'points = "NaN"', "points"),
    ("「A1」", 'loss = "2"', 'loss = "4.5"', "比本项的分值还多"),
    ("「A1」", 'loss = "2"', 'loss = "0.125"', "两位小数"),
    ("「A1」", 'loss = "2"', 'size = "2"', "缺少 loss"),
    ("「A1」", 'loss = "2"', 'loss = "2", places = 1', "不认识的键 places"),
    ("「A1」", '{ type = "per_event", loss = "2" }', '{ type = "proportional", numerator = "a", denominator = "b" }', "xmt scheme try"),
    ("「A1」", 'rule =', 'rules = {}\nrule =', "写且只写一个"),
    ("「check_two」", 'checks = ["check_one"]', 'checks = ["check_two"]', "重复"),
    ("「A1」", 'subject = "account"', 'subject = "person"', "subject"),
    ("「A1」", 'article = "6"', 'article = "26"', "第“26”条"),
    ("「A1」", 'model = "本县"', 'size = "2"', "不认识的键 size"),
    ("「A2」", "serious", "severe", "不认识的情形 severe"),
    ("「A2」", '"rescale"', '"drop"', "on_na"),
    ("「V1」", '"zero"', '"fifty_nine"', "outcome"),
    ("「bands」", 'from = "5"', 'from = "0"', "不重不漏"),
    ("「bands」", 'from = "5"', 'from = "11"', "不重不漏"),
    ("", '"proposed"', '"adopted"', "adopted_by"),
    ("", "2021-08-18", "2021-08-17", "start"),
    ("「rollup」", 'method = "setting"', 'method = "median"', "method"),
    ("「rollup」", 'method = "setting"', 'method = "sum"', "setting、mean 或 min"),
    ("", 'status = "proposed"', 'status = "proposed"\ndirection = "gain"', "direction 在账号季度评分里不能用"),
    ("", 'title = "试"', "", "缺少 title"),
]


@pytest.mark.parametrize(("where", "old", "new", "what"), MISTAKES)
def test_a_mistake_in_a_scheme_is_named_with_its_place(tmp_path, where, old, new, what):
    with pytest.raises(SchemeError) as refused:
        load_scheme(written(tmp_path, (old, new)), {"check_one", "check_two", "check_three", "check_four"})
    assert any(re.sub(r" 第 \d+ 行", "", problem.where) == f"试.toml{where}" and what in str(problem) for problem in refused.value.problems), refused.value


def test_all_problems_of_a_scheme_are_reported_at_once(tmp_path):
    path = written(tmp_path, ('points = "4"', 'points = "x"'), ('"zero"', '"half"'), ('from = "0"', 'from = "2"'))
    with pytest.raises(SchemeError) as refused:
        load_scheme(path)
    places = [problem.where for problem in refused.value.problems]
    at = {line: number for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)}
    for line, item in (('points = "x"', "A1"), ('outcome = "half"', "V1")):
        assert f"试.toml 第 {at[line]} 行「{item}」" in places
    assert any(place.endswith("「bands」") for place in places)


def test_the_veto_on_faked_engagement_is_no_score_for_engagement():
    assert "art19_faked_engagement" in DEFAULT.checks


def test_a_scheme_that_is_not_there_or_no_toml_is_refused(tmp_path):
    with pytest.raises(SchemeError, match="没有这个评分细则文件"):
        load_scheme("taibai_quarterly_1999")
    (tmp_path / "坏.toml").write_bytes(b"id = [")
    with pytest.raises(SchemeError, match="不是正确的 TOML"):
        load_scheme(tmp_path / "坏.toml")


@pytest.mark.parametrize("raw", [{}, {"items": 3, "bands": "x", "rollup": [], "states": 1, "blocks": {}}, {"items": [{"losses": [], "checks": 4}]}])
def test_a_file_of_a_wholly_wrong_shape_is_refused_with_messages(raw):
    with pytest.raises(SchemeError):
        read_rubric(raw, "x.toml", also=check_account_sheet)
