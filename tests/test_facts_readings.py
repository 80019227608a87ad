"""The other readings of facts: spans of seven days, exempted weeks, what is no update, closing, samples, hours of a check."""

import datetime as dt

import pandas as pd
import pytest
from facts_tables import by_week, covered, facts, posts, row
from hypothesis import given, settings
from hypothesis import strategies as st

from xmt_scoring.settings import Settings

WHOLE = [covered("2025-04-01", "2025-10-10")]  # reaches back a quarter, so that nothing is unknown


def spans(made, account="W1"):
    rows = made["empty_spans"]
    rows = rows[rows["account_id"] == account]
    return list(zip(rows["span_start"].dt.strftime("%m-%d"), rows["is_covered"].tolist(), strict=True))


def every(days, first="2025-06-01", last="2025-09-30"):
    return [f"{day:%Y-%m-%d} 09:00" for day in pd.date_range(first, last, freq=f"{days}D")]


def changed(**values):
    return Settings.default(**values)


# ---------------------------------------------------------------- any seven days (readings 1)


@pytest.mark.parametrize(("gap", "count"), [(7, 0), (8, 1), (14, 1), (15, 2)])
def test_seven_empty_days_in_a_row_are_one_span_and_six_are_none(gap, count):
    quiet = dt.date(2025, 8, 1)
    days = [*every(1, last=f"{quiet}"), *every(1, first=f"{quiet + dt.timedelta(days=gap)}")]
    made = facts(posts=posts(*days), coverage=WHOLE)
    assert len(spans(made)) == count == row(made["account_quarters"])["n_spans_missed"]


def test_an_empty_natural_week_need_not_be_an_empty_span_and_the_other_way_round():
    sunday_then_monday = facts(posts=posts(*every(1, last="2025-08-03"), *every(1, first="2025-08-11")), coverage=WHOLE)
    assert by_week(sunday_then_monday, "n_posts")["08-04"] == 0
    assert spans(sunday_then_monday) == [("08-04", True)]
    across = facts(posts=posts(*every(1, last="2025-08-04"), *every(1, first="2025-08-17")), coverage=WHOLE)
    assert 0 not in by_week(across, "n_posts").values()
    assert spans(across) == [("08-05", True)]


def test_a_span_across_the_first_day_belongs_to_the_quarter_of_its_last_day():
    days = [*every(1, last="2025-06-26"), *every(1, first="2025-07-08")]
    assert spans(facts(posts=posts(*days), coverage=WHOLE)) == [("06-27", True)]
    inside = facts(posts=posts(*days), coverage=WHOLE, settings=changed(week_belongs="inside"))
    assert spans(inside) == [("07-01", True)]


def test_a_span_with_a_day_that_no_source_covers_is_unknown():
    made = facts(posts=posts(*every(1, last="2025-08-01"), *every(1, first="2025-08-16")), coverage=[covered("2025-04-01", "2025-08-10")])
    assert spans(made) == [("08-02", True), ("08-09", False)]
    assert (row(made["account_quarters"])["n_spans_missed"], row(made["account_quarters"])["n_spans_no_data"]) == (1, 1)


def test_an_account_without_any_post_is_empty_all_the_quarter_and_one_that_closed_only_until_then():
    silent = facts(coverage=WHOLE)
    assert len(spans(silent)) == 13 == row(silent["account_quarters"])["n_spans_due"]
    closed = facts(coverage=WHOLE, accounts=[{"account_id": "W1", "closed_on": "2025-07-14"}])
    assert [first for first, _ in spans(closed)] == ["07-01"]


@settings(max_examples=15, deadline=None)
@given(st.sets(st.integers(0, 91), max_size=20))
def test_spans_never_overlap_never_hold_a_post_and_leave_fewer_than_seven_empty_days_in_a_row(days):
    start = pd.Timestamp(2025, 7, 1)
    posted = {start + pd.Timedelta(days=day) for day in days}
    made = facts(posts=posts(*[f"{day:%Y-%m-%d} 09:00" for day in sorted(posted)]), coverage=[covered("2025-07-01", "2025-10-10")])
    inside = [{first + pd.Timedelta(days=n) for n in range(7)} for first in made["empty_spans"]["span_start"]]
    taken = set().union(*inside)
    assert len(taken) == 7 * len(inside)
    assert not taken & posted
    run = 0
    for day in pd.date_range("2025-07-01", "2025-09-30"):
        run = 0 if day in posted | taken else run + 1
        assert run < 7


# ---------------------------------------------------------------- which weeks, which posts


def test_only_a_week_that_the_office_lists_is_exempt_and_its_days_break_a_span():
    days = [*every(1, last="2025-07-31"), *every(1, first="2025-08-25")]
    plain = facts(posts=posts(*days), coverage=WHOLE)
    free = facts(posts=posts(*days), coverage=WHOLE, settings=changed(exempt_weeks=[dt.date(2025, 8, 11)]))
    assert by_week(plain, "is_due")["08-11"]
    assert not by_week(free, "is_due")["08-11"]
    assert by_week(free, "is_due")["08-04"]
    assert [first for first, _ in spans(plain)] == ["08-01", "08-08", "08-15"]
    assert [first for first, _ in spans(free)] == ["08-01", "08-18"]


@pytest.mark.parametrize(
    ("mark", "counts"), [({"is_repost": True}, False), ({"is_original": False}, False), ({"is_original": True}, True), ({}, True)]
)
def test_a_repost_meets_the_week_unless_an_original_is_needed(mark, counts):
    rows = posts("2025-07-09 09:00", **mark)
    assert by_week(facts(posts=rows, coverage=WHOLE), "n_posts")["07-07"] == 1
    asked = facts(posts=rows, coverage=WHOLE, settings=changed(original_needed=True))
    assert by_week(asked, "n_posts")["07-07"] == (1 if counts else 0)
    assert row(asked["account_quarters"])["n_posts"] == 1  # the post itself stays a fact


def test_the_daily_number_loses_the_reposts_that_the_list_shows_and_no_more():
    days = [{"account_id": "W1", "counted_on": "2025-07-09", "n_posts": 2}, {"account_id": "W1", "counted_on": "2025-07-16", "n_posts": 1}]
    rows = [*posts("2025-07-09 09:00", is_repost=True), *posts("2025-07-16 09:00", is_repost=True)]
    rows[1]["post_id"] = "other"
    made = facts(posts=rows, daily_counts=days, coverage=WHOLE, settings=changed(original_needed=True))
    assert by_week(made, "n_posts")["07-07"] == 1
    assert by_week(made, "n_posts")["07-14"] == 0


@pytest.mark.parametrize(("url", "found_on", "void"), [("u1", "2025-07-20", True), ("u2", "2025-07-20", False), ("u1", "2025-10-11", False)])
def test_an_advert_voids_its_week_only_where_the_office_says_so_and_only_that_post(url, found_on, void):
    finding = {
        "event_id": "1", "check_item": "art08_advert", "account_id": "W1", "found_on": found_on, "found_by_level": "county", "description": "广告", "url": url,
    }  # fmt: skip
    rows = posts("2025-07-09 09:00", url="u1")
    assert by_week(facts(posts=rows, findings=[finding], coverage=WHOLE), "n_posts")["07-07"] == 1
    asked = facts(posts=rows, findings=[finding], coverage=WHOLE, settings=changed(advert_voids_week=True))
    assert by_week(asked, "n_posts")["07-07"] == (0 if void else 1)


# ---------------------------------------------------------------- from when, until when, which accounts


def test_weeks_run_from_the_opening_or_from_the_first_filing():
    rows = {"accounts": [{"account_id": "W1", "opened_on": "2025-07-10"}], "filings": [{"account_id": "W1", "filed_on": "2025-07-22"}], "coverage": WHOLE}
    assert by_week(facts(**rows), "is_due")["07-14"]
    filed = facts(**rows, settings=changed(weeks_from="filed_on"))
    due = by_week(filed, "is_due")
    assert (due["07-14"], due["07-21"], due["07-28"]) == (False, False, True)
    never = facts(accounts=rows["accounts"], coverage=WHOLE, settings=changed(weeks_from="filed_on"))
    assert by_week(never, "is_due")["07-14"]


def test_a_closing_account_is_judged_until_it_is_closed_or_until_the_closing_is_filed():
    rows = {
        "accounts": [{"account_id": "W1", "closed_on": "2025-09-01"}],
        "filings": [{"account_id": "W1", "filed_on": "2025-08-04", "filing_kind": "deregistration"}],
    }  # fmt: skip
    assert row(facts(**rows)["account_quarters"])["live_days"] == 62
    assert row(facts(**rows, settings=changed(scored_until="filed_on"))["account_quarters"])["live_days"] == 34
    paused = facts(accounts=[{"account_id": "W1", "account_status": "paused"}], settings=changed(scored_until="filed_on"))
    assert row(paused["account_quarters"])["live_days"] == 92


def test_an_unfiled_account_is_scored_unless_the_office_says_otherwise_and_without_a_register_nobody_is_unfiled():
    rows = {"accounts": [{"account_id": "W1"}, {"account_id": "W2"}], "filings": [{"account_id": "W1", "filed_on": "2024-01-05"}]}
    without = changed(unfiled_account_scored=False)
    scored = [[row(facts(**rows, settings=each)["account_quarters"], name)["is_scored"] for name in ("W1", "W2")] for each in (None, without)]
    assert scored == [[True, True], [True, False]]
    assert row(facts(settings=without)["account_quarters"])["is_scored"]


# ---------------------------------------------------------------- samples (readings 25)

MANY = [{"account_id": f"W{n:02}", "owner_id": "U1" if n else "U0", "platform": "weibo" if n < 11 else "douyin"} for n in range(22)]
UNITS = [{"unit_id": "U0", "is_supervisor": True}, {"unit_id": "U1"}]


def drawn(accounts=MANY, **values):
    made = facts(units=UNITS, accounts=accounts, settings=changed(sampling="stratified", **values))["account_quarters"]
    return made.loc[made["is_sampled"], "account_id"].tolist()


@pytest.mark.parametrize(("percent", "of_each"), [(1, 1), (9, 1), (10, 2), (18, 2), (19, 3), (100, 11)])
def test_a_sample_holds_its_share_of_every_platform_rounded_up(percent, of_each):
    chosen = drawn(sampling_percent=percent)
    assert [sum(name < "W11" for name in chosen), sum(name >= "W11" for name in chosen)] == [of_each, of_each]
    assert "W00" in chosen  # the supervising office's own


def test_the_same_seed_draws_the_same_accounts_whatever_their_order_and_another_seed_others():
    assert drawn(MANY[::-1]) == drawn()
    assert any(drawn(sampling_seed=seed) != drawn() for seed in (1, 2, 3))


def test_new_accounts_and_those_with_a_problem_of_the_quarter_before_are_always_in():
    accounts = [dict(each) for each in MANY]
    accounts[5]["opened_on"] = "2025-07-01"
    problem = {"rectification_id": "Z", "unit_id": "U1", "check_item": "art11_typo", "description": "错字"}
    rows = [{**problem, "account_id": "W07", "found_on": "2025-06-30"}, {**problem, "rectification_id": "Y", "account_id": "W08", "found_on": "2025-03-31"}]
    made = facts(units=UNITS, accounts=accounts, rectifications=rows, settings=changed(sampling="stratified", sampling_percent=1))["account_quarters"]
    assert made.loc[made["is_sampled"], "account_id"].str.cat(sep=" ").startswith("W00 W05 W07 ")
    assert not row(made, "W08")["is_sampled"]
    assert not row(made, "W08")["is_scored"]
    assert row(made, "W08")["is_live"]


# ---------------------------------------------------------------- hours (readings 2 and 3)


@pytest.mark.parametrize(("posted", "begun"), [("2025-07-02 09:00", 14), ("2025-07-02 08:59", 15), ("2025-07-02", None), ("2025-07-16 08:00", 1)])
def test_begun_days_since_the_last_post_are_counted_only_where_both_have_a_time(posted, begun):
    made = facts(
        posts=posts("2025-06-20 08:00", posted), checks_done=[{"check_scope": "all", "checked_at": "2025-07-16 09:00"}],
        coverage=WHOLE, settings=changed(stale_clock="hours"),
    )["check_times"].iloc[0]  # fmt: skip
    assert (None if pd.isna(made["begun_days"]) else made["begun_days"]) == begun
    assert made["is_covered"]
