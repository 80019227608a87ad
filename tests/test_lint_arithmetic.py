"""Printed figures recomputed: published ones, and the boundaries of every kind."""

import csv
import json
import os
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmt_scoring.lint.arithmetic import exact_value, judge, order, pass_rate, ratio, rounded, total

HERE = Path(__file__).resolve()
FIGURES = Path(os.environ.get("XMT_BULLETIN_FIGURES") or HERE.with_name("bulletin_figures.json"))
BULLETINS = HERE.parents[2] / "shared" / "cases" / "bulletins.csv"


def test_exactly_the_published_figures_that_do_not_hold_are_found():
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    judged = [judge(figure) for figure in figures]
    assert figures
    assert [each.status for each in judged] == [figure["status"] for figure in figures]


def test_every_figure_is_recomputed_as_the_list_says():
    for figure in json.loads(FIGURES.read_text(encoding="utf-8")):
        if figure.get("recomputed"):
            assert judge(figure).recomputed == figure["recomputed"], figure


@pytest.mark.skipif(not BULLETINS.exists(), reason="the published bulletins are not beside this checkout")
def test_the_rate_of_every_published_bulletin_stands_to_its_counts_as_the_list_says():
    with BULLETINS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = {row["id"]: pass_rate(row["checked"], row["passed"], row["failed"], row["pass_rate_printed"]) for row in rows}
    assert found == {row["id"]: row["rate_recomputes"] for row in rows}
    assert {"yes", "cut-off", "wrong", ""} <= set(found.values())


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed", "status", "recomputed"),
    [
        (1, 8, "12.5%", "holds", "12.5%"),
        (1, 8, "13%", "holds", "13%"),  # exactly half goes up
        (1, 8, "12%", "cut-off", "13%"),
        (1, 8, "11%", "wrong", "13%"),
        (291, 294, "98.9%", "cut-off", "99.0%"),
        (291, 294, "98.8%", "wrong", "99.0%"),
        (2, 3, "66.6667%", "holds", "66.6667%"),
        (2, 3, "66.6666%", "cut-off", "66.6667%"),
        (-1, 8, "-13%", "holds", "-13%"),
        (-1, 8, "-12%", "cut-off", "-13%"),
        (47, 47, "100%", "holds", "100%"),
        (47, 47, "100.00%", "holds", "100.00%"),
        (3, 1000, "3‰", "holds", "3‰"),
        ("1,010", "5,038", "20.0%", "holds", "20.0%"),
        ("２４", "28", "８５．７％", "holds", "85.7%"),
        (41, 50, "0.82", "holds", "0.82"),
        (41, 50, "82", "holds", "82"),
        (0, 0, "100%", "wrong", ""),
        (0, 7, "0%", "holds", "0%"),
        ("", 7, "0%", "unknown", ""),
    ],
)  # fmt: skip
def test_a_rate_is_half_up_at_the_printed_digits(numerator, denominator, printed, status, recomputed):
    judged = ratio(numerator, denominator, printed)
    assert (judged.status, judged.recomputed) == (status, recomputed)


@pytest.mark.parametrize(
    ("figure", "status", "recomputed"),
    [
        ({"kind": "difference", "minuend": "90.7", "subtrahend": "91.6", "printed": "-0.9"}, "holds", "-0.9"),
        ({"kind": "difference", "minuend": "90.7", "subtrahend": "91.6", "printed": "下降0.9个百分点"}, "holds", "-0.9"),
        ({"kind": "difference", "minuend": "90.7", "subtrahend": "91.6", "printed": "+0.9"}, "wrong", "-0.9"),
        ({"kind": "difference", "minuend": "95.06", "subtrahend": "91.60", "printed": "3.5"}, "holds", "3.5"),
        ({"kind": "difference", "minuend": "95.06", "subtrahend": "91.60", "printed": "3.4"}, "cut-off", "3.5"),
        ({"kind": "difference", "minuend": 0.3, "subtrahend": 0.1, "printed": "0.2"}, "holds", "0.2"),
        ({"kind": "sum", "parts": ["0.1", "0.2"], "printed": "0.3"}, "holds", "0.3"),
        ({"kind": "sum", "parts": [-2, 5], "printed": "3"}, "holds", "3"),
        ({"kind": "sum", "parts": [-2, 5], "printed": "4"}, "wrong", "3"),
        ({"kind": "sum", "parts": [], "printed": "0"}, "unknown", ""),
        ({"kind": "mean", "parts": [92, 91], "printed": "91.50"}, "holds", "91.50"),
        ({"kind": "mean", "parts": ["92.50", "0"], "printed": "46.26"}, "wrong", "46.25"),
        ({"kind": "product", "factors": ["0.8", "90.0825"], "printed": "72.07"}, "holds", "72.07"),
        ({"kind": "growth", "earlier": 200, "later": 250, "printed": "25%"}, "holds", "25%"),
        ({"kind": "count", "names": ["甲", "乙", "丙"], "printed": "3个"}, "holds", "3"),
        ({"kind": "count", "names": ["甲", "乙", "丙"], "printed": "4个"}, "wrong", "3"),
        ({"kind": "a kind of later years", "printed": "4"}, "unknown", ""),
    ],
)  # fmt: skip
def test_every_other_kind_of_figure_is_recomputed_exactly(figure, status, recomputed):
    judged = judge(figure)
    assert (judged.status, judged.recomputed) == (status, recomputed)


def test_as_many_checked_as_registered_is_in_order_and_one_more_is_not():
    assert order(21, 21).status == "holds"
    assert order(22, 21).status == "wrong"
    assert order("-0.5", "-0.4").status == "holds"


@pytest.mark.parametrize(
    ("checked", "printed", "expected"),
    [("2881", "99.79%", ""), ("10", "80%", ""), ("10", "85%", "no"), ("3", "33.4%", "no"), ("3", "33.3%", ""), ("", "80%", ""), ("0", "80%", "no")],
)
def test_a_rate_beside_the_checked_count_alone_must_fit_some_whole_number(checked, printed, expected):
    assert pass_rate(checked, "", "", printed) == expected


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 6))
def test_a_rate_printed_by_the_rule_always_holds_and_one_step_off_never_does(numerator, denominator, places):
    right = rounded(Fraction(numerator * 100, denominator), places)
    step = rounded(Fraction(1, 10**places), places)
    assert ratio(numerator, denominator, f"{right:f}%").status == "holds"
    assert ratio(numerator, denominator, f"{right + step:f}%").status == "wrong"
    assert ratio(numerator, denominator, f"{right - step:f}%").status != "holds"


@given(st.lists(st.decimals(-1000, 1000, places=3), min_size=1, max_size=9))
def test_a_sum_is_exact_whatever_the_order_of_its_parts(parts):
    printed = str(sum(parts))
    assert total([str(part) for part in parts], printed).status == "holds"
    assert total([str(part) for part in reversed(parts)], printed).status == "holds"


def test_a_count_of_thousands_is_read_with_its_commas():
    assert exact_value("4,891") == 4891
    assert exact_value("约多少") is None
