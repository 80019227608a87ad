"""The year of a unit: the worked years of the rulings, the veto last, intervals while something is open."""

from decimal import Decimal

import pandas as pd
import pytest
from support_year import AS_OF, DOCS, POSTS, YEAR, County, assess, sums_hold, units_of

T3 = ["87.50", "90.00", "92.00", "94.00"]
GOOD = ["91.00", "91.00", "91.00", "91.00"]
RULINGS = ["90.75", "88.33", "91.25", "90.00"]
PROVINCE = ("J1", "province", "2026-08-01", "A-U1", None, True, None)


def management(points):
    """What makes U1's management points 17 (one paper, one training missing) or 17.5 (half of two put right)."""
    return {"17": {"missing_docs": [("U1", "emergency")], "untrained": [("U1", "maintainer")]}, "17.5": {"rectified": {"U1": (1, 1)}}}[points]


def test_the_year_of_the_rulings_is_91_57_because_the_mean_is_not_rounded():
    scored, problems = assess(County({"U1": RULINGS}, honours=[("U1", "2", "2026-10-01")], **management("17.5")))
    line = scored.unit_years.iloc[0]
    assert problems == []
    assert (line["quarters_mean"], line["quarters_part"]) == (Decimal("90.0825"), Decimal("72.066"))
    assert (line["management_points"], line["bonus"]) == (Decimal("17.5"), Decimal(2))
    assert (line["score"], line["before_veto"], line["grade"]) == (Decimal("91.57"), Decimal("91.57"), "优秀")
    assert sums_hold(scored)


def test_t3_is_92_70():
    line = units_of(County({"U1": T3}, honours=[("U1", "3", "2026-10-01")], **management("17"))).loc["U1"]
    assert (line["quarters_mean"], line["quarters_part"], line["management_points"]) == (Decimal("90.875"), Decimal("72.7"), Decimal(17))
    assert (line["score"], line["grade"]) == (Decimal("92.70"), "优秀")


def test_t3_with_one_upper_finding_is_87_70():
    found = [("J1", "city", "2026-06-01", "A-U1", None, False, None)]
    line = units_of(County({"U1": T3}, honours=[("U1", "3", "2026-10-01")], inspections=found, **management("17"))).loc["U1"]
    assert (line["upper_loss"], line["score"], line["grade"]) == (Decimal(5), Decimal("87.70"), "良好")


def test_t3_with_a_provincial_veto_is_zero_and_says_what_it_was_before_and_by_which_document():
    scored, _ = assess(County({"U1": T3}, honours=[("U1", "3", "2026-10-01")], inspections=[PROVINCE], **management("17")))
    line = scored.unit_years.iloc[0]
    assert (line["score"], line["grade"], line["is_zeroed"]) == (Decimal("0.00"), "不合格", True)
    assert (line["before_veto"], line["bonus"], line["veto_document_no"]) == (Decimal("89.70"), Decimal(0), "〔2026〕J1号")
    veto = scored.year_vetoes.iloc[0]
    assert veto["message"] == (
        "账号“A-U1号（微博）” → 2026-08-01 省级检查，〔2026〕J1号，单项否决：某问题 → 当日主办单位 U1局（依据：台账）"
        " → 第二十二条第二款：本年度不得分（未计否决时 89.70）"
    )
    rows = scored.year_contributions
    assert rows[rows["kind"] == "veto"]["points"].tolist() == [Decimal("-89.70")]
    assert sums_hold(scored)


def test_a_city_veto_takes_no_year_but_the_bonus():
    county = County({"U1": T3}, honours=[("U1", "3", "2026-10-01")], inspections=[("J1", "city", "2026-08-01", "A-U1", None, True, None)], **management("17"))
    scored, _ = assess(county)
    line = scored.unit_years.iloc[0]
    assert (line["score"], line["is_zeroed"], line["bonus"], line["upper_loss"]) == (Decimal("89.70"), False, Decimal(0), Decimal(0))
    assert scored.year_vetoes["is_zeroing"].tolist() == [False]
    told = scored.year_contributions[scored.year_contributions["item_id"] == "J1"]
    assert "年内有单项否决，加分不计" in told["message"].tolist()


def test_a_veto_of_the_countys_own_check_also_bars_the_bonus_and_takes_no_year():
    line = units_of(County({"U1": T3}, honours=[("U1", "3", "2026-10-01")], vetoed=[("2026Q2", "A-U1")], **management("17"))).loc["U1"]
    assert (line["score"], line["bonus"]) == (Decimal("89.70"), Decimal(0))


@pytest.mark.parametrize("level", ["national", "province"])
def test_the_day_of_the_check_decides_the_year(level):
    for day, zeroed in (("2025-12-31", False), ("2026-01-01", True), ("2026-12-31", True), ("2027-01-01", False)):
        line = units_of(County({"U1": GOOD}, inspections=[("J1", level, day, "A-U1", None, True, None)])).loc["U1"]
        assert line["is_zeroed"] == zeroed, day


def test_the_unit_that_owned_the_account_on_that_day_is_zeroed():
    county = County(
        {"U1": GOOD, "U2": GOOD}, accounts={"A-U1": "U1", "A-U2": "U2", "M": "U2"}, changes=[("M", "2026-09-01", "U1", "U2")],
        inspections=[("J1", "province", "2026-08-31", "M", None, True, None)],
    )  # fmt: skip
    before = units_of(county)
    assert (before.loc["U1", "score"], before.loc["U2", "is_zeroed"]) == (Decimal("0.00"), False)
    county.inspections = [("J1", "province", "2026-09-01", "M", None, True, None)]
    after = units_of(county)
    assert (after.loc["U2", "score"], after.loc["U1", "is_zeroed"]) == (Decimal("0.00"), False)


def test_an_inspection_that_writes_another_unit_is_placed_by_the_history_and_told():
    county = County({"U1": GOOD, "U2": GOOD}, inspections=[("J1", "province", "2026-08-31", "A-U1", "U2", True, None)])
    scored, problems = assess(county)
    assert scored.unit_years.set_index("unit_id")["is_zeroed"].to_dict() == {"U1": True, "U2": False}
    assert "不同，记到当日的主办单位" in str(problems[0]) and not problems[0].is_fatal


def test_the_same_event_counted_in_a_quarter_is_named_and_not_counted_again():
    county = County({"U1": GOOD}, inspections=[("J1", "city", "2026-08-01", "A-U1", None, False, "F7")], counted=[("2026Q3", "U1", "F7")])
    scored, _ = assess(county)
    part = scored.year_parts.set_index("item_id").loc["U1"]
    assert part["points"] == 0
    county.counted = []
    assert units_of(county).loc["U1", "upper_loss"] == 5


def test_upper_losses_stop_at_twenty_and_one_event_costs_once():
    five = [(f"J{n}", "city", "2026-08-01", "A-U1", None, False, None) for n in range(5)]
    assert units_of(County({"U1": GOOD}, inspections=five)).loc["U1", "upper_loss"] == 20
    twice = [("J1", "city", "2026-08-01", "A-U1", None, False, "F1"), ("J2", "province", "2026-09-01", "A-U1", None, False, "F1")]
    assert units_of(County({"U1": GOOD}, inspections=twice)).loc["U1", "upper_loss"] == 5


def test_a_city_finding_of_the_manual_sheet_counts_in_the_year():
    found = [("F1", "art11_typo", "A-U1", "city", "2026-06-12"), ("F2", "art11_typo", "A-U1", "county", "2026-06-12")]
    scored, _ = assess(County({"U1": GOOD}, findings=found))
    assert scored.unit_years["upper_loss"].tolist() == [Decimal(5)]
    row = scored.year_contributions[scored.year_contributions["item_id"] == "U1"].iloc[0]
    assert (row["event_id"], row["account_id"], row["src_file"]) == ("F1", "A-U1", "2026/findings.xlsx")


@pytest.mark.parametrize(("mean", "bonus"), [("75.00", 0), ("75.01", 2)])
def test_the_bonus_needs_more_than_eighty_before_it(mean, bonus):
    line = units_of(County({"U1": [mean] * 4}, honours=[("U1", "2", "2026-10-01")])).loc["U1"]
    assert (line["bonus"], line["score"]) == (bonus, Decimal("80.00") if not bonus else Decimal("82.01"))


def test_bonuses_stop_at_five_and_the_year_at_a_hundred():
    line = units_of(County({"U1": ["98.00"] * 4}, honours=[("U1", "3", "2026-10-01"), ("U1", "4", "2026-10-02")])).loc["U1"]
    assert (line["bonus"], line["score"]) == (Decimal(5), Decimal("100.00"))


def test_a_quarter_without_a_scored_account_is_left_out_and_not_zero():
    scored, _ = assess(County({"U1": ["90.00", None, "80.00", "85.00"]}))
    line = scored.unit_years.iloc[0]
    assert (line["quarters_mean"], line["score"]) == (Decimal("85"), Decimal("88.00"))


def test_a_unit_without_any_scored_quarter_takes_no_part_and_its_management_is_recorded():
    scored, _ = assess(County({"U1": GOOD, "U2": [None] * 4}))
    line = scored.unit_years.set_index("unit_id").loc["U2"]
    assert pd.isna(line["score"]) and pd.isna(line["low"]) and pd.isna(line["rank"]) and pd.isna(line["grade"])
    assert line["management_points"] == 20
    assert not (scored.year_contributions["unit_id"] == "U2").any()
    assert set(scored.year_parts.query("unit_id == 'U2'")["item_id"]) == {"M1", "M2", "M3", "M4", "M5"}


def test_a_unit_without_scored_quarter_is_zeroed_all_the_same():
    county = County({"U1": GOOD, "U2": [None] * 4}, inspections=[("J1", "province", "2026-08-01", "A-U2", None, True, None)])
    line = units_of(county).loc["U2"]
    assert (line["score"], line["is_zeroed"], line["grade"], line["rank"]) == (Decimal("0.00"), True, "不合格", 2)


def test_an_absent_quarter_is_left_out_or_open_as_the_office_decides():
    quarters = {"U1": ["90.00"] * 4}
    assert units_of(County(quarters, absent=["2026Q2"])).loc["U1", "score"] == Decimal("92.00")
    line = units_of(County(quarters, absent=["2026Q2"], settings={"missing_quarter": "open"})).loc["U1"]
    assert (line["low"], line["high"]) == (Decimal("74.00"), Decimal("94.00")) and pd.isna(line["score"])


def test_the_minimum_and_the_least_number_of_quarters_are_settings():
    quarters = {"U1": ["90.00", "70.00", None, None]}
    assert units_of(County(quarters, settings={"year_rollup": "min"})).loc["U1", "score"] == Decimal("76.00")
    assert units_of(County(quarters, settings={"min_quarters": 2})).loc["U1", "score"] == Decimal("84.00")
    assert pd.isna(units_of(County(quarters, settings={"min_quarters": 3})).loc["U1", "score"])


def test_an_open_quarter_gives_an_interval_and_no_score():
    scored, _ = assess(County({"U1": ["90.00", "90.00", "90.00", ("80.00", "90.00")]}))
    line = scored.unit_years.iloc[0]
    assert (line["low"], line["high"]) == (Decimal("90.00"), Decimal("92.00"))
    assert pd.isna(line["score"]) and pd.isna(line["before_veto"]) and pd.isna(line["quarters_mean"])
    assert (line["grade"], line["management_points"]) == ("优秀", 20)
    assert sums_hold(scored)


def test_a_missing_register_is_open_and_neither_full_nor_zero():
    for register, width in (("unit_docs", 6), ("trainings", 4), ("self_reviews", 3)):
        scored, _ = assess(County({"U1": GOOD}, without=[register]))
        line = scored.unit_years.iloc[0]
        assert line["high"] - line["low"] == width, register
        assert pd.isna(line["score"]) and sums_hold(scored)


def test_nobody_has_looked_through_the_notices_the_year_is_open_but_not_pulled_to_zero():
    line = units_of(County({"U1": GOOD}, checked=False)).loc["U1"]
    assert pd.isna(line["score"]) and line["high"] == Decimal("92.80") and line["low"] == Decimal("90.80")


def test_a_possible_veto_leaves_the_bonus_open():
    line = units_of(County({"U1": GOOD}, honours=[("U1", "2", "2026-10-01")], open_vetoes=[("2026Q4", "A-U1")])).loc["U1"]
    assert (line["low"], line["high"]) == (Decimal("92.80"), Decimal("94.80")) and pd.isna(line["score"])


def test_praise_without_a_number_is_open_up_to_the_cap():
    line = units_of(County({"U1": GOOD}, honours=[("U1", None, "2026-10-01")])).loc["U1"]
    assert (line["low"], line["high"]) == (Decimal("92.80"), Decimal("97.80"))


def test_before_the_year_is_over_there_is_no_score():
    county = County({"U1": GOOD})
    assert pd.isna(units_of(county, YEAR.end.replace(month=11, day=30)).loc["U1", "score"])
    assert units_of(county, AS_OF).loc["U1", "score"] == Decimal("92.80")


@pytest.mark.parametrize(("end", "score"), [("low", "90.00"), ("high", "92.00")])
def test_a_recorded_decision_closes_an_open_year_at_the_end_that_it_names(end, score):
    quarters = {"U1": ["90.00", "90.00", "90.00", ("80.00", "90.00")], "U2": ["90.00", "90.00", "90.00", ("80.00", "90.00")]}
    scored, _ = assess(County(quarters, closures=[("U1", end, "2027-01-20")]))
    units = scored.unit_years.set_index("unit_id")
    assert units.loc["U1", "score"] == Decimal(score) and pd.isna(units.loc["U2", "score"])
    row = scored.year_contributions.query("unit_id == 'U1' and event_id == '2026Q4'").iloc[0]
    assert "年度结案" in row["message"] and row["status"] == "decided" and sums_hold(scored)


def test_a_decision_on_all_units_gives_way_to_one_on_the_unit():
    quarters = {"U1": ["90.00", "90.00", "90.00", ("80.00", "90.00")], "U2": ["90.00", "90.00", "90.00", ("80.00", "90.00")]}
    units = units_of(County(quarters, closures=[(None, "low", "2027-01-20"), ("U2", "high", "2027-01-10")]))
    assert units["score"].tolist() == [Decimal("90.00"), Decimal("92.00")]


def test_ranks_share_a_place_and_are_missing_while_uncertain():
    units = units_of(County({"U1": ["90.00"] * 4, "U2": ["90.00"] * 4, "U3": ["80.00"] * 4, "U4": ["70.00"] * 4}))
    assert units["rank"].tolist() == [1, 1, 3, 4]
    units = units_of(County({"U1": ["90.00"] * 4, "U2": [("85.00", "95.00")] * 4, "U3": ["70.00"] * 4}))
    assert units["rank"].isna().tolist() == [True, True, False] and units.loc["U3", "rank"] == 3


def test_each_management_item_loses_what_the_scheme_says():
    cases = [
        ({"missing_docs": [("U1", "security"), ("U1", "secrecy")]}, "M1", 2), ({"untrained": [("U1", "info_officer")]}, "M2", 3),
        ({"rectified": {"U1": (2, 1)}}, "M3", Decimal("3.33")), ({"reviews": {"U1": "2026-11-29"}}, "M4", 2), ({"reviews": {"U1": None}}, "M4", 0),
        ({"fakes": [("U1", None), ("U1", "2026-06-01")]}, "M5", 1),
    ]  # fmt: skip
    for change, item, points in cases:
        scored, _ = assess(County({"U1": GOOD}, **change))
        assert scored.year_parts.set_index("item_id").loc[item, "points"] == points, item
        assert sums_hold(scored)
        lost = scored.year_contributions[scored.year_contributions["item_id"] == item]
        assert lost["article"].notna().all() and (lost[lost["kind"] == "loss"]["src_file"].notna() | (item in ("M1",))).all(), item


NOT_NAMED = [
    ({"missing_docs": [("U1", kind) for kind in DOCS]}, "M1", 6, 0), ({"untrained": [("U1", post) for post in POSTS]}, "M2", 4, 2),
    ({"counted": [("2026Q1", "U1", "E1")], "rectified": {"U2": (1, 0)}}, "M3", 5, 0),
]  # fmt: skip


@pytest.mark.parametrize(("change", "item", "most", "least"), NOT_NAMED, ids=["papers", "trainings", "rectification"])
def test_a_unit_of_which_a_register_says_nothing_is_open_and_the_other_is_not(change, item, most, least):
    scored, _ = assess(County({"U1": GOOD, "U2": GOOD}, **change))
    parts = scored.year_parts[scored.year_parts["item_id"] == item].set_index("unit_id")
    assert [parts.loc["U1", name] for name in ("low", "high")] == [least, most]
    assert parts.loc["U2", "low"] == parts.loc["U2", "high"] == most
    units = scored.unit_years.set_index("unit_id")
    assert pd.isna(units.loc["U1", "score"]) and units.loc["U2", "score"] == Decimal("92.80")
    assert sums_hold(scored)
