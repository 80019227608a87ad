"""The exact evaluation of one sheet: inputs are read strictly, rounding comes last, and what holds of every score."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_tables import SCHEME, account, score, verdict

from xmt_scoring.errors import XmtError
from xmt_scoring.points import SCALE
from xmt_scoring.scoring.rubric import evaluate, load_rubric, read_rubric
from xmt_scoring.scoring.rubric.model import Rounding
from xmt_scoring.scoring.rubric.rounding import printed

HEAD = {"id": "s", "title": "试", "status": "proposed", "start": SCHEME.start}
QUARTERLY = load_rubric("taibai_quarterly_2021")
quick = settings(max_examples=60, deadline=None, derandomize=True)


def rubric(*items, **more):
    made = [{"name": item["id"], "points": "10", **item} for item in items]
    return read_rubric({**HEAD, "points_add_up": False, "items": made, **more}, "试.toml")


def item(name, kind, points="10", **params):
    return {"id": name, "points": points, "rule": {"type": kind, **params}}


# ---------------------------------------------------------------- inputs
WRONG = [
    ({"a": {"events": -1}}, "「a」", "不能是负数"),
    ({"a": {"events": 1.5}}, "「a」", "不是确定的数"),
    ({"a": {"events": "1.5"}}, "「a」", "件数应是整数"),
    ({"a": {"events": float("nan")}}, "「a」", "NaN"),
    ({"a": {"events": Decimal("NaN")}}, "「a」", "NaN"),
    ({"a": {"events": True}}, "「a」", "不是确定的数"),
    ({"a": {"events": 1, "late": 2}}, "「a」", "不认识 late"),
    ({"a": {}}, "「a」", "缺少 events"),
    ({}, "「a」", "没有填"),
    ({"b": {"done": 3, "due": 2}}, "「b」", "done 比 due 还多"),
    ({"b": {"done": 3}}, "「b」", "缺少 due"),
    ({"c": {"严重": 1, "很严重": 1}}, "「c」", "没有情形“很严重”"),
    ({"c": {}}, "「c」", "没有发生的填 0"),
    ({"z": 1}, "「z」", "细则里没有这个项目"),
    ({"vetoes": ["V9"]}, "「vetoes」", "没有否决项"),
    ({"vetoes": ["Y0"]}, "「vetoes」", "没有写明是哪一级"),
]
STRICT = rubric(
    item("a", "per_event", loss="1"), item("b", "proportional", numerator="done", denominator="due"),
    item("c", "per_event_by_severity", losses={"一般": "1", "严重": "2"}), base="30",
    vetoes=[{"code": "Y0", "name": "否", "outcome": "zero", "levels": ["province", "national"]}],
)  # fmt: skip
SOUND = {"a": {"events": 0}, "b": {"done": 1, "due": 2}, "c": {"一般": 0}}


@pytest.mark.parametrize(("inputs", "where", "what"), WRONG)
def test_a_wrong_input_is_refused_with_the_item_and_what_to_do(inputs, where, what):
    given_inputs = {**SOUND, **inputs} if inputs else {key: value for key, value in SOUND.items() if key != "a"}
    with pytest.raises(XmtError) as refused:
        evaluate(STRICT, given_inputs, options={"title": "试算.toml"})
    assert any(each.where == f"试算.toml{where}" and what in each.what + each.todo and each.todo for each in refused.value.problems), refused.value


def test_all_wrong_inputs_are_told_at_once():
    with pytest.raises(XmtError) as refused:
        evaluate(STRICT, {"a": -1, "b": {"done": 3, "due": 2}, "z": 0})
    assert len(refused.value.problems) == 4  # a, b, z and c is missing


@pytest.mark.parametrize(("level", "total"), [("province", "0.00"), ("national", "0.00"), ("city", "25.00"), ("county", "25.00")])
def test_a_veto_of_levels_counts_only_when_found_there_and_the_score_before_it_stays(level, total):
    result = evaluate(STRICT, {**SOUND, "vetoes": [{"code": "Y0", "level": level}]})
    assert (str(result.total), str(result.before_veto)) == (total, "25.00")


def test_after_a_veto_on_the_whole_the_items_need_not_be_filled_in():
    result = evaluate(STRICT, {"vetoes": [{"code": "Y0", "level": "province"}]})
    assert (str(result.total), result.before_veto, result.items) == ("0.00", None, {})


# ---------------------------------------------------------------- rules
ONE = [
    (item("x", "threshold_loss", below="0.9", loss="3"), [({"value": "0.9"}, "10"), ({"value": "0.8999"}, "7")]),
    (item("x", "threshold_loss", above="14", loss="3"), [({"value": 14}, "10"), ({"value": 15}, "7")]),
    (item("x", "shortfall", target="8", loss_per_unit="2"), [({"done": 8}, "10"), ({"done": 7}, "8"), ({"done": 20}, "10"), ({"done": 0}, "0")]),
    (item("x", "shortfall", target="8", loss_per_unit="1", step="3"), [({"done": 7}, "9"), ({"done": 5}, "9"), ({"done": 4}, "8")]),
    (item("x", "all_or_nothing", ok_if="sent >= 3 and late < 2"), [({"sent": 3, "late": 1}, "10"), ({"sent": 3, "late": 2}, "0"), ({"sent": 2, "late": 0}, "0")]),
    (item("x", "all_or_nothing", ok_if="a >= 1 or b >= 1 and c >= 1"), [({"a": 1, "b": 0, "c": 0}, "10"), ({"a": 0, "b": 1, "c": 0}, "0")]),
    (item("x", "steps_gain", tiers=[{"from": "5", "points": "4"}, {"from": "10", "points": "8"}]), [({"count": 4}, "0"), ({"count": 5}, "4"), ({"count": 10}, "8")]),
    (item("x", "steps_gain", first_from="5", first="4", step="2", gain="1"), [({"count": 4}, "0"), ({"count": 5}, "4"), ({"count": 7}, "5"), ({"count": 99}, "10")]),
    (item("x", "ratio_to_target", numerator="n", full_at="0.9", zero_at="0.6"), [({"n": "0.6"}, "0"), ({"n": "0.75"}, "5"), ({"n": 1}, "10")]),
    (item("x", "escalating", losses=["1", "2"]), [({"events": 0}, "10"), ({"events": 2}, "7"), ({"events": 3}, "5")]),
    (item("x", "escalating_by_period", losses=["1", "2"]), [({"periods": [1, 2, 0]}, "6")]),
    (item("x", "escalating_by_period", losses=["1", "2"], count="across_periods"), [({"periods": [1, 2, 0]}, "5")]),
    (item("x", "escalating_by_period", losses=["1", "2", "4"], count="consecutive"), [({"periods": [1, 3, 0, 1]}, "6"), ({"periods": [1, 1, 1, 0]}, "3")]),
    (item("x", "weighted_periods", weights=["0.4", "0.6"], **{"from": "100"}), [({"values": ["90", "80"]}, "8.4")]),
    (item("x", "weighted_periods", weights=["0.4", "0.6"], missing="exclude"), [({"values": ["9", None]}, "9")]),
    (item("x", "mean_of_periods", missing="zero"), [({"values": ["9", None]}, "4.5")]),
    (item("x", "level_table", gain={"市": "2", "省": "5"}, keep="highest"), [({"市": 3, "省": 1}, "5"), ({"市": 0}, "0")]),
    (item("x", "level_table", loss={"市": "2", "省": "5"}), [({"市": 1, "省": 1}, "3")]),
    (item("x", "checklist", parts={"甲": "4", "乙": "6"}), [({"甲": True, "乙": False}, "4"), ({"done": ["乙"]}, "6"), ({"甲": "0.5", "乙": True}, "8")]),
    (item("x", "checklist", loss_each="3"), [({"missing": 2}, "4"), ({"missing": ["甲"]}, "7"), ({"missing": 9}, "0")]),
    (item("x", "period_base", base="5", target="8", below="loss", loss_per_unit="2"), [({"done": [8, 7]}, "8"), ({"done": [8, 0]}, "5")]),
    (item("x", "rank_table", table=[{"to_share": "0.2", "points": "10"}, {"to_share": "0.5", "points": "6"}], otherwise="2"), [({"rank": 2, "of": 10}, "10"), ({"rank": 3, "of": 10}, "6"), ({"rank": 6, "of": 10}, "2")]),
    (item("x", "rank", first="10", step="3", lowest="2"), [({"rank": 1}, "10"), ({"rank": 3}, "4"), ({"rank": 9}, "2")]),
    (item("x", "proportional", numerator="done", denominator="due", if_denominator_zero="zero"), [({"done": 0, "due": 0}, "0"), ({"done": 1, "due": 4}, "2.5")]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "pairs"), ONE, ids=[f"{each[0]['rule']['type']}-{n}" for n, each in enumerate(ONE)])
def test_a_rule_on_both_sides_of_its_edges(line, pairs):
    for inputs, wanted in pairs:
        found = evaluate(rubric(line, base="10"), {"x": inputs}).items["x"].score
        assert found == Fraction(wanted), inputs


def test_a_missing_period_is_refused_where_the_scheme_does_not_say_what_it_counts():
    with pytest.raises(XmtError, match="第 2 期没有得分"):
        evaluate(rubric(item("x", "mean_of_periods"), base="10"), {"x": {"values": ["9", None]}})


@pytest.mark.parametrize("kind", [item("x", "mean_of_periods", missing="exclude"), item("x", "weighted_periods", weights=["1"], missing="exclude")])
def test_no_period_at_all_is_neither_full_nor_zero(kind):
    result = evaluate(rubric(kind, base="10"), {"x": {"values": [None]}})
    assert result.total is None and "一期得分也没有" in result.notes[0]


def test_a_composite_of_parts_that_were_not_assessed_has_no_score():
    made = read_rubric({**HEAD, "composite": [{"id": "p", "weight": "0.6"}, {"id": "q", "weight": "0.4"}]}, "试.toml")
    assert evaluate(made, {"p": {"na": True}, "q": {"na": True}}).total is None
    assert str(evaluate(made, {"p": {"na": True}, "q": "80"}).total) == "80.00"


@pytest.mark.parametrize(("value", "mode", "wanted"), [
    ("0.125", "half_up", "0.13"), ("-0.125", "half_up", "-0.13"), ("0.125", "half_even", "0.12"), ("0.129", "down", "0.12"), ("89.9949", "half_up", "89.99"),
])  # fmt: skip
def test_rounding_is_half_up_unless_the_scheme_says_otherwise(value, mode, wanted):
    assert str(printed(Fraction(value), Rounding(2, mode))) == wanted


def test_bands_and_gates_read_the_printed_figure():
    made = rubric(item("x", "given", "100"), item("y", "bonus", "5"), base="100", gates=[{"id": "g", "left": "base", "op": ">", "value": "80"}], bands=[{"name": "优", "from": "90"}, {"name": "良", "from": "0"}])
    made = read_rubric({**made.raw, "items": [made.raw["items"][0], {**made.raw["items"][1], "gate": "g"}]}, "试.toml")
    assert [str(evaluate(made, {"x": x, "y": "3"}).total) for x in ("80.004", "80.005")] == ["80.00", "83.01"]
    assert [evaluate(made, {"x": x, "y": "0"}).band for x in ("89.994", "89.995")] == ["良", "优"]


# ---------------------------------------------------------------- the quarterly scheme, both ways
SIZES = {entry.id: next(iter(entry.losses.values())) for entry in SCHEME.items}
COUNTS = {name: [*(loss.by_severity or ["events"])] for name, loss in SIZES.items()}
counts = st.fixed_dictionaries({name: st.fixed_dictionaries({case: st.integers(0, 4) for case in cases}) for name, cases in COUNTS.items()})
absent = st.sets(st.sampled_from(list(COUNTS)), max_size=4)


def as_rows(sheet, absent_items):
    """The same counts as verdicts of one account, each event by itself."""
    rows = []
    for entry in SCHEME.items:
        check = entry.checks[0]
        owner = None if entry.subject == "unit" else "W1"
        if entry.id in absent_items:
            rows += [verdict(each, owner, outcome="not_applicable") for each in entry.checks]
            continue
        found = [(case, n) for case, times in sheet[entry.id].items() for n in range(times)]
        rows += [verdict(check, owner, "U1", f"{entry.id}-{case}-{n}", severity=None if case == "events" else case) for case, n in found]
    return rows


@given(counts, absent, st.sampled_from(["full", "rescale", "redistribute"]))
@quick
def test_the_evaluator_and_the_vectorised_scoring_agree_on_the_quarterly_scheme(sheet, absent_items, policy):
    inputs = {name: {"na": True} if name in absent_items else each for name, each in sheet.items()}
    exact = evaluate(QUARTERLY, inputs, options={"na_policy": policy})
    scored = account(score(as_rows(sheet, absent_items), na_policy=policy))
    assert (str(exact.total), exact.band) == (scored["score"], scored["grade"])


@given(counts, st.sampled_from(list(COUNTS)), st.data())
@quick
def test_one_more_event_never_raises_a_score_and_no_item_loses_more_than_its_points(sheet, name, data):
    case = data.draw(st.sampled_from(COUNTS[name]))
    before = evaluate(QUARTERLY, sheet)
    after = evaluate(QUARTERLY, {**sheet, name: {**sheet[name], case: sheet[name][case] + 1}})
    assert after.total <= before.total
    for entry in SCHEME.items:
        assert 0 <= after.items[entry.id].lost <= Fraction(entry.points, SCALE)
        assert after.items[entry.id].lost >= before.items[entry.id].lost


@given(counts)
@quick
def test_blocks_sum_to_the_base_and_parts_to_the_total(sheet):
    result = evaluate(QUARTERLY, sheet)
    assert sum(block.points for block in QUARTERLY.blocks.values()) == QUARTERLY.base
    assert sum(part.points for part in result.items.values()) == QUARTERLY.base
    assert QUARTERLY.base - sum(result.blocks.values()) == result.base == sum(part.score for part in result.items.values())


@given(counts, st.sampled_from([veto.code for veto in QUARTERLY.vetoes]))
@quick
def test_a_veto_takes_everything_and_keeps_the_score_before_it(sheet, code):
    result, plain = evaluate(QUARTERLY, {**sheet, "vetoes": [code]}), evaluate(QUARTERLY, sheet)
    assert (str(result.total), result.band, result.before_veto) == ("0.00", "不合格", plain.total)
