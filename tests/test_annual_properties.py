"""Invariants of the year (rules.md §7), for counties drawn by hypothesis."""

from dataclasses import replace

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support_year import DOCS, POSTS, County, assess, sums_hold

FEW = settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
UNITS = ["U1", "U2", "U3"]
printed = st.integers(0, 10_000).map(lambda cents: f"{cents / 100:.2f}")
quarter_scores = st.one_of(st.none(), printed, st.tuples(printed, printed).map(lambda ends: tuple(sorted(ends, key=float))))
inspection = st.tuples(
    st.sampled_from(["city", "province", "national"]), st.dates(pd.Timestamp("2025-12-01").date(), pd.Timestamp("2027-01-31").date()),
    st.sampled_from(UNITS), st.booleans(), st.sampled_from([None, "F1", "F2"]),
)  # fmt: skip


@st.composite
def counties(draw):
    """Three units with anything that may happen to them."""
    found = draw(st.lists(inspection, max_size=5))
    return County(
        {unit: draw(st.lists(quarter_scores, min_size=4, max_size=4)) for unit in UNITS},
        inspections=[(f"J{n}", level, str(day), f"A-{unit}", None, veto, event) for n, (level, day, unit, veto, event) in enumerate(found)],
        honours=draw(st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from(["1", "3.5", None]), st.just("2026-10-01")), max_size=3)),
        missing_docs=draw(st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from(DOCS)), max_size=4)),
        untrained=draw(st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from(POSTS)), max_size=3)),
        rectified={unit: draw(st.tuples(st.integers(0, 3), st.integers(0, 3))) for unit in UNITS},
        vetoed=[("2026Q2", f"A-{unit}") for unit in draw(st.lists(st.sampled_from(UNITS), max_size=1))],
        without=draw(st.sampled_from([[], ["unit_docs"], ["trainings"]])),
        checked=draw(st.booleans()),
    )


def table(county):
    return assess(county)[0].unit_years.set_index("unit_id")


@FEW
@given(counties())
def test_the_rows_of_a_unit_add_up_to_both_ends_of_its_score(county):
    scored, _ = assess(county)
    assert sums_hold(scored)
    units = scored.unit_years.dropna(subset=["low"])
    assert ((units["low"] <= units["high"]) & (units["low"] >= 0) & (units["high"] <= 100)).all()
    decided = units.dropna(subset=["score"])
    assert (decided["low"] == decided["high"]).all() and (decided["score"] == decided["low"]).all()


@FEW
@given(counties(), st.sampled_from(UNITS))
def test_a_veto_takes_one_unit_whatever_its_bonus_and_changes_no_other(county, unit):
    before = table(county)
    veto = ("JX", "province", "2026-07-01", f"A-{unit}", None, True, None)
    after = table(replace(county, inspections=[*county.inspections, veto]))
    assert (str(after.loc[unit, "score"]), after.loc[unit, "grade"], after.loc[unit, "is_zeroed"]) == ("0.00", "不合格", True)
    others = [name for name in UNITS if name != unit]
    pd.testing.assert_frame_equal(before.loc[others].drop(columns="rank"), after.loc[others].drop(columns="rank"))


@FEW
@given(counties(), inspection)
def test_a_further_finding_never_raises_a_score(county, found):
    level, day, unit, is_veto, event = found
    after = table(replace(county, inspections=[*county.inspections, ("JX", level, str(day), f"A-{unit}", None, is_veto, event)]))
    before = table(county)
    for end in ("low", "high"):
        assert (after[end].fillna(0) <= before[end].fillna(0)).all() or before[end].isna().any()
        known = before[end].notna()
        assert (after.loc[known, end] <= before.loc[known, end]).all()


@FEW
@given(counties(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_repeated_rows_do_not_matter(county, random):
    found = [*county.inspections, *((f"{n}R", *rest) for n, *rest in county.inspections if rest[-1])]
    shuffled = replace(county, inspections=random.sample(found, len(found)), honours=county.honours)
    pd.testing.assert_frame_equal(
        table(county).drop(columns="veto_document_no"), table(shuffled).drop(columns="veto_document_no")
    )  # the same event under two inspection numbers costs once


@FEW
@given(counties())
def test_a_city_or_county_never_zeroes_a_year(county):
    lower = replace(county, inspections=[(n, "city", *rest) for n, _, *rest in county.inspections])
    assert not table(lower)["is_zeroed"].any()


@FEW
@given(counties())
def test_a_zeroed_unit_keeps_its_score_before_the_veto_as_the_row_that_takes_it(county):
    scored, _ = assess(county)
    units = scored.unit_years[scored.unit_years["is_zeroed"] & scored.unit_years["before_veto"].notna()]
    rows = scored.year_contributions.query("kind == 'veto'").set_index("unit_id")["points"]
    assert all(rows[unit["unit_id"]] == -unit["before_veto"] for unit in units.to_dict("records"))
