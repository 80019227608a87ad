"""Rubric files of any form: what is wrong is told at once, with line and item, and nothing is scored on it."""

import tomllib
from importlib.resources import files

import pytest

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.errors import SchemeError
from xmt_scoring.scoring.rubric import evaluate, load_rubric, read_rubric
from xmt_scoring.scoring.rubric.lines import line_numbers

SHIPPED = sorted(path.name.removesuffix(".toml") for path in files("xmt_scoring.scoring").joinpath("schemes").iterdir() if path.name.endswith(".toml"))
SMALL = """
id = "s"
title = "试"
status = "proposed"
start = 2022-01-01
base = "10"
[[blocks]]
id = "X"
name = "部分"
points = "10"
[[items]]
id = "a"
name = "甲"
block = "X"
points = "6"
rule = { type = "per_event", loss = "2" }
[[items]]
id = "b"
name = "乙"
block = "X"
points = "4"
rule = { type = "proportional", numerator = "done", denominator = "due" }
[[items]]
id = "g"
name = "加分"
points = "2"
rule = { type = "bonus" }
gate = "open"
[[gates]]
id = "open"
left = "base"
op = ">"
value = "8"
[[vetoes]]
code = "V"
name = "否"
outcome = "unscored"
[[bands]]
name = "高"
from = "5"
[[bands]]
name = "低"
from = "0"
"""
MISTAKES = [
    ('points = "4"', 'points = "5"', "各项合计 11 分，这一块写的是 10 分", "X"),
    ('base = "10"', 'base = "12"', "各项合计 10 分，base 是 12 分", ""),
    ('denominator = "due"', 'share = "due"', "缺少 denominator", "b"),
    ('"proportional"', '"proportionate"', "没有计分方法", "b"),
    ('gate = "open"', 'gate = "shut"', "“shut”不存在", "g"),
    ('left = "base"', 'left = "bases"', "“bases”不存在", "open"),
    ('left = "base"', 'left = "total"', "总分里已含本项", "g"),
    ('op = ">"', 'op = "above"', "只能是", "open"),
    ('outcome = "unscored"', 'outcome = "fixed"', "value 没有写", "V"),
    ('outcome = "unscored"', 'outcome = "item_loss"\nvalue = "2"', "item 没有写", "V"),
    ('outcome = "unscored"', 'outcome = "zero"\nlevels = ["省"]', "不认识的层级", "V"),
    ('from = "0"', 'from = "1"', "不重不漏", "bands"),
    ('from = "0"', 'from = "0"\nbelow = "4"', "空档", "低"),
    ('from = "5"', 'from = "5"\nminima = { c = "1" }', "minima 里的“c”不存在", "高"),
    ('name = "部分"', 'name = "部分"\nparent = "Y"', "parent “Y”不存在", "X"),
    ('name = "部分"', 'name = "部分"\nweight = "NaN"', "weight", "X"),
    ('name = "部分"', 'name = "部分"\nweight = "-0.4"', "weight", "X"),
    ('name = "部分"', 'name = "部分"\nweight = "1.4"', "0 到 1", "X"),
    ('loss = "2"', 'loss = "-2"', "loss", "a"),
    ('loss = "2"', "loss = 0.1", "带引号", "a"),
    ('id = "b"', 'id = "group"', "另有用处", "group"),
    ('id = "b"', 'id = "a"', "编号重复", "a"),
    ('rule = { type = "bonus" }', 'rule = { type = "per_event", loss = "1" }\nbonus = true', "加分项用了扣分的方法", "g"),
    ('rule = { type = "bonus" }', 'rule = { type = "weighted_periods", weights = ["0.5", "0.4"] }', "应为 1", "g"),
    ('rule = { type = "bonus" }', 'rule = { type = "all_or_nothing", ok_if = "sent => 3" }', "看不懂", "g"),
    ('rule = { type = "bonus" }', 'rule = { type = "level_table" }', "写且只写一组", "g"),
    ('rule = { type = "bonus" }', 'rule = { type = "threshold_loss", tiers = [{ below = "1" }] }', "每行一个界限", "g"),
    ('name = "乙"', 'name = "乙"\napplies_to = ["town"]', "“town”不存在", "b"),
    ('name = "乙"', 'name = "乙"\nper = { period = "month", n = 0 }', "期数", "b"),
    ('name = "乙"', 'name = "乙"\nchecks = ["no_such_check"]', "没有规则“no_such_check”", "b"),
    ('status = "proposed"', 'status = "proposed"\nweights = "1"', "不认识的键 weights", ""),
    ('status = "proposed"', 'status = "proposed"\nrollup = { over = "quarter", method = "weighted" }', "权重与 method 不符", "rollup"),
    ('status = "proposed"', 'status = "proposed"\npass_through = { points = "3", from = "0" }', "from 是 0", "pass_through"),
]  # fmt: skip


def changed(old, new):
    assert SMALL.count(old) >= 1, old
    return SMALL.replace(old, new, 1)


def refused(text):
    with pytest.raises(SchemeError) as error:
        read_rubric(tomllib.loads(text), "试.toml", {"check"}, text)
    return error.value.problems


@pytest.mark.parametrize(("old", "new", "what", "item"), MISTAKES)
def test_a_mistake_in_a_rubric_is_named_with_line_and_item(old, new, what, item):
    problems = refused(changed(old, new))
    where = f"「{item}」" if item else ""
    assert any(what in str(each) and each.where.endswith(f"行{where}") for each in problems), problems


def test_the_line_is_the_one_that_an_editor_shows():
    text = changed('points = "4"', 'points = "four"')
    (problem,) = [each for each in refused(text) if "four" in each.what]
    assert text.splitlines()[int(problem.where.split()[2]) - 1] == 'points = "four"'


def test_lines_of_nested_tables_and_long_texts_are_found():
    text = 'note = """\nid = "no"\n"""\n[[items]]\nid = "a"\n[items.rule]\ntype = "given"\n[[items]]\n"名 称" = 1\n[sheets.p]\n[[sheets.p.items]]\nid = "z"\n'
    found = line_numbers(text)
    assert found["items", 0, "id"] == 5 and found["items", 0, "rule", "type"] == 7 and found["items", 1, "名 称"] == 9
    assert found["sheets", "p", "items", 0, "id"] == 12 and ("id",) not in found


def test_blocks_in_a_circle_are_refused():
    text = changed('points = "10"\n[[items]]', 'parent = "Y"\n[[blocks]]\nid = "Y"\nname = "外"\nparent = "X"\n[[items]]')
    assert any("循环：X → Y → X" in each.what for each in refused(text))


def composite(name, of):
    return f'id = "{name}"\ntitle = "合"\nstatus = "proposed"\nstart = 2022-01-01\n[[composite]]\nid = "p"\nweight = "1"\nscheme = "{of}"\n'


def test_composites_in_a_circle_are_refused_with_the_circle(tmp_path):
    for name, of in (("甲", "乙.toml"), ("乙", "丙.toml"), ("丙", "甲.toml")):
        (tmp_path / f"{name}.toml").write_text(composite(name, of), encoding="utf-8")
    with pytest.raises(SchemeError) as error:
        load_rubric(tmp_path / "甲.toml")
    assert "甲.toml → 乙.toml → 丙.toml → 甲.toml" in str(error.value)


def test_a_composite_of_files_scores_each_part_on_its_own_sheet(tmp_path):
    (tmp_path / "内.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "外.toml").write_text('base = "10"\n' + composite("外", "内.toml").replace('weight = "1"', 'weight = "1"\nfrom = "10"'), encoding="utf-8")
    rubric = load_rubric(tmp_path / "外.toml")
    result = evaluate(rubric, {"p": {"a": 1, "b": {"done": 1, "due": 1}, "g": ["1"]}})
    assert (str(result.total), str(result.parts["p"].total), result.parts["p"].band) == ("8.00", "8.00", "高")


def test_a_broken_part_is_told_with_the_file_that_names_it(tmp_path):
    (tmp_path / "内.toml").write_text(changed('points = "4"', 'points = "5"'), encoding="utf-8")
    (tmp_path / "外.toml").write_text(composite("外", "内.toml"), encoding="utf-8")
    with pytest.raises(SchemeError) as error:
        load_rubric(tmp_path / "外.toml")
    places = [each.where.split(" ")[0] for each in error.value.problems]
    assert places[0] == "外.toml" and "内.toml" in places


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scheme_is_sound_and_counts_only_rules_that_exist(name):
    rubric = load_rubric(name, load_rules())
    assert rubric.id == name and rubric.title


def test_the_national_verdict_is_a_veto_and_no_points():
    rubric = load_rubric("national_verdict_2019")
    clean, failed = evaluate(rubric, {"vetoes": []}), evaluate(rubric, {"vetoes": ["N2"]})
    assert (clean.total, clean.verdict, failed.total, failed.verdict) == (None, "合格", None, "不合格")


@pytest.mark.parametrize("word", ["阅读量", "点赞", "粉丝", "转发量", "评论数", "reads", "n_likes", "followers", "传播指数"])
@pytest.mark.parametrize("place", ['name = "乙"', 'numerator = "done"'])
def test_points_for_engagement_are_refused_in_chinese_and_in_code(word, place):
    key = place.split(" = ")[0]
    problems = refused(changed(place, f'{key} = "{word}"'))
    assert any("指尖上的形式主义" in each.what and "engagement_override" in each.todo for each in problems)


def test_a_check_on_engagement_is_refused_like_a_name():
    problems = refused(changed('name = "乙"', 'name = "乙"\nchecks = ["art19_followers"]'))
    assert any("指尖上的形式主义" in each.what for each in problems)


def test_an_override_needs_by_on_and_document_and_is_kept_for_the_sheets():
    signed = 'engagement_override = { by = "县政府办", on = 2025-01-01, document = "太政办发〔2025〕1号" }\n'
    text = signed + changed('name = "乙"', 'name = "阅读量"')
    rubric = read_rubric(tomllib.loads(text), "试.toml", None, text)
    assert rubric.engagement_override["document"] == "太政办发〔2025〕1号"
    assert refused(text.replace(', document = "太政办发〔2025〕1号"', ""))
    assert refused(text.replace("2025-01-01", '"那天"'))


@pytest.mark.parametrize("words", ["购买粉丝", "强制要求群众点赞", "诱导点赞", "规定转载", "转载来源", "公众留言评论区答复"])
def test_losses_for_faked_figures_and_duties_to_repost_are_no_points_for_engagement(words):
    text = changed('name = "乙"', f'name = "{words}"')
    assert read_rubric(tomllib.loads(text), "试.toml", None, text)
