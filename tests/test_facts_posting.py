"""Account-weeks, gaps and check times (rulings §1, §2; readings 1, 2, 7, 8, 19; vectors T4, T5)."""

import pandas as pd
import pytest
from facts_tables import PERIOD, by_week, covered, facts, posts, row, table

from xmt_scoring.periods import Quarter
from xmt_scoring.settings import Settings

WHOLE = covered("2025-06-30", "2025-09-30")


def due_weeks(made, account="W1"):
    return [week for week, is_due in by_week(made, "is_due", account).items() if is_due]


# ---------------------------------------------------------------- weeks
@pytest.mark.parametrize("rule", ["sunday", "inside"])
def test_t4_an_account_opened_on_10_july_2024_has_11_weeks_from_15_july(rule):
    made = facts(Quarter(2024, 3), accounts=[{"account_id": "W1", "opened_on": "2024-07-10"}], settings=Settings.default(week_belongs=rule))
    assert (len(due_weeks(made)), due_weeks(made)[0], due_weeks(made)[-1]) == (11, "07-15", "09-23")
    assert row(made["account_quarters"])["n_weeks_due"] == 11


@pytest.mark.parametrize(("opened", "first"), [("2025-07-07", "07-07"), ("2025-07-08", "07-14")])
def test_a_week_is_due_only_if_the_account_was_open_on_its_monday(opened, first):
    assert due_weeks(facts(accounts=[{"account_id": "W1", "opened_on": opened}]))[0] == first


@pytest.mark.parametrize(("closed", "last"), [("2025-09-21", "09-08"), ("2025-09-22", "09-15")])
def test_an_account_closed_on_the_sunday_was_not_open_on_all_seven_days(closed, last):
    assert due_weeks(facts(accounts=[{"account_id": "W1", "closed_on": closed}]))[-1] == last


def test_the_straddling_week_is_judged_only_under_the_sunday_rule():
    assert "06-30" in due_weeks(facts())
    assert "06-30" not in by_week(facts(settings=Settings.default(week_belongs="inside")), "is_due")


def test_no_week_before_the_law_was_in_force_is_due():
    assert due_weeks(facts(Quarter(2021, 3), accounts=[{"account_id": "W1", "opened_on": "2020-01-01"}]))[0] == "08-23"


def test_a_week_with_a_post_is_met_whatever_else_is_missing():
    weeks = by_week(facts(posts=posts("2025-07-13 23:59:59", "2025-07-21 00:00:00")), "n_posts")
    assert (weeks["07-07"], weeks["07-14"], weeks["07-21"]) == (1, None, 1)


def test_a_covered_week_without_a_post_is_zero_and_six_covered_days_are_no_data():
    made = facts(coverage=[covered("2025-07-07", "2025-07-26")])
    weeks = by_week(made, "n_posts")
    assert (weeks["06-30"], weeks["07-07"], weeks["07-14"], weeks["07-21"]) == (None, 0, 0, None)
    quarter = row(made["account_quarters"])
    assert (quarter["n_weeks_missed"], quarter["n_weeks_no_data"]) == (2, 11)


def test_two_exports_that_meet_cover_the_week_together():
    made = facts(coverage=[covered("2025-07-01", "2025-07-09"), covered("2025-07-10", "2025-07-13")])
    assert by_week(made, "n_posts")["07-07"] == 0


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"proves_absence": False}], None),
        ([{"proves_absence": False, "coverage_basis": "presumed"}], None),
        ([{"proves_absence": False, "coverage_basis": "vouched"}], 0),
        ([{"covers": "wechat_notified"}], None),
        ([{"covers": "wechat_unnotified"}], None),
        ([{"covers": "wechat_notified", "proves_absence": False}, {"covers": "wechat_unnotified", "proves_absence": False}], 0),
        ([{"covers": "wechat_notified"}, {"covers": "wechat_unnotified", "proves_absence": False, "coverage_basis": "presumed"}], None),
        ([{"covers": "messages"}], None),
        ([{"account_id": "W2"}], None),
    ],
)
def test_only_a_source_that_is_complete_for_the_span_proves_absence(rows, expected):
    made = facts(coverage=[{**WHOLE, **each} for each in rows], accounts=[{"account_id": "W1"}, {"account_id": "W2"}])
    assert by_week(made, "n_posts")["07-07"] == expected


def test_a_daily_series_proves_its_days_and_its_larger_number_counts():
    days = [{"account_id": "W1", "counted_on": f"2025-07-{day:02}", "n_posts": 3 * (day == 9)} for day in range(7, 21)]
    made = facts(daily_counts=days, posts=posts("2025-07-09 08:00", "2025-07-15 08:00", "2025-07-16 08:00"))
    weeks = by_week(made, "n_posts")
    assert (weeks["07-07"], weeks["07-14"]) == (3, 2)
    without = by_week(facts(daily_counts=days), "n_posts")
    assert (without["07-14"], without["07-21"]) == (0, None)


def test_a_hidden_post_is_no_update():
    assert by_week(facts(posts=posts("2025-07-09 08:00", is_visible=False), coverage=[WHOLE]), "n_posts")["07-07"] == 0


def test_the_days_before_the_quarter_come_from_the_previous_folder_and_a_post_in_both_counts_once():
    own = posts("2025-07-01 08:00", post_id="p1")
    previous = {
        "posts": table("posts", *posts("2025-06-30 09:00", post_id="p0"), *posts("2025-07-01 08:00", post_id="p1")),
        "coverage": table("coverage", covered("2025-04-01", "2025-06-30")),
        "daily_counts": table("daily_counts"),
    }
    assert by_week(facts(posts=own, previous=previous), "n_posts")["06-30"] == 2
    assert by_week(facts(coverage=[covered("2025-07-01", "2025-09-30")], previous={**previous, "posts": table("posts")}), "n_posts")["06-30"] == 0
    assert by_week(facts(coverage=[covered("2025-07-01", "2025-09-30")]), "n_posts")["06-30"] is None


def test_a_post_that_this_folder_calls_hidden_does_not_come_back_from_the_previous_one():
    previous = {"posts": table("posts", *posts("2025-06-30 09:00", post_id="p0"))}
    made = facts(posts=posts("2025-06-30 09:00", post_id="p0", is_visible=False), coverage=[WHOLE], previous=previous)
    assert by_week(made, "n_posts")["06-30"] == 0


def test_nothing_after_as_of_is_used_and_a_week_still_running_is_no_data():
    days = posts("2025-08-05 08:00", "2025-08-07 08:00")
    made = facts(as_of="2025-08-06", posts=days, coverage=[WHOLE])
    weeks = by_week(made, "n_posts")
    assert (weeks["07-28"], weeks["08-04"], weeks["08-11"]) == (0, 1, None)
    quarter = row(made["account_quarters"])
    assert (str(quarter["last_posted_on"].date()), quarter["n_posts"]) == ("2025-08-05", 1)
    assert by_week(facts(as_of="2025-08-10", coverage=[WHOLE]), "n_posts")["08-04"] == 0
    assert by_week(facts(as_of="2025-08-09", coverage=[WHOLE]), "n_posts")["08-04"] is None


@pytest.mark.parametrize(
    ("account", "changed", "is_due"),
    [
        ({"account_kind": "publishing"}, {}, True),
        ({}, {}, True),
        ({"account_kind": "service"}, {}, False),
        ({"account_kind": "service"}, {"weekly_rule_for_service": True}, True),
        ({"platform": "app"}, {"weekly_rule_for_service": True}, False),
        ({"account_kind": "mini_program"}, {"weekly_rule_for_service": True}, False),
    ],
)
def test_the_weekly_duty_is_not_that_of_service_accounts_and_apps(account, changed, is_due):
    made = facts(accounts=[{"account_id": "W1", **account}], settings=Settings.default(**changed))
    assert (row(made["account_quarters"])["is_weekly_due"], bool(due_weeks(made))) == (is_due, is_due)


# ---------------------------------------------------------------- quarters
@pytest.mark.parametrize(("opened", "is_scored"), [("2025-09-03", True), ("2025-09-04", False)])
def test_an_account_is_scored_from_28_live_days(opened, is_scored):
    assert row(facts(accounts=[{"account_id": "W1", "opened_on": opened}])["account_quarters"])["is_scored"] == is_scored


@pytest.mark.parametrize(
    ("account", "live_days"),
    [({}, 92), ({"closed_on": "2025-07-01"}, 0), ({"closed_on": "2025-07-02"}, 1), ({"opened_on": "2025-09-30"}, 1), ({"opened_on": "2025-10-01"}, 0)],
)
def test_the_day_of_closure_is_no_live_day(account, live_days):
    quarter = row(facts(accounts=[{"account_id": "W1", **account}])["account_quarters"])
    assert (quarter["live_days"], quarter["is_live"]) == (live_days, live_days > 0)
    assert pd.isna(quarter["max_gap_days"]) == (live_days == 0)


def gaps(**rows):
    quarter = row(facts(**rows)["account_quarters"])
    return quarter["max_gap_days"], quarter["n_gaps_over_7"], quarter["n_gaps_over_14"], quarter["is_gap_covered"]


def test_gaps_count_head_middle_and_tail_as_date_differences():
    # 07-01 → 07-09 8 days, → 07-09 again, → 07-24 15, → 09-20 58, → 09-30 10
    days = posts("2025-07-09 08:00", "2025-07-09 20:00", "2025-07-24 01:00", "2025-09-20 23:00")
    assert gaps(posts=days, coverage=[WHOLE]) == (58, 4, 2, True)


@pytest.mark.parametrize(("day", "over"), [("2025-07-15", 0), ("2025-07-16", 1)])
def test_a_gap_of_14_days_is_not_over_14(day, over):
    later = [f"{at:%Y-%m-%d}" for at in pd.date_range(day, "2025-09-30", freq="7D")]
    assert gaps(posts=posts(*later))[2] == over


def test_an_account_without_a_post_has_one_gap_of_its_whole_live_time():
    assert gaps(accounts=[{"account_id": "W1", "opened_on": "2025-09-01", "closed_on": "2025-09-21"}]) == (19, 1, 1, False)


def test_the_head_starts_at_the_last_post_before_the_period_only_where_every_day_since_is_covered():
    own = posts("2025-07-10 08:00")
    previous = {"posts": table("posts", *posts("2025-06-10 09:00", post_id="p0"))}
    tail = (82, 2, 1)
    assert gaps(posts=own, previous=previous)[:3] == tail
    assert gaps(posts=own, previous=previous, coverage=[covered("2025-06-10", "2025-09-30")]) == (82, 2, 2, True)
    assert gaps(posts=own, previous=previous, coverage=[covered("2025-06-12", "2025-09-30")])[:3] == tail


@pytest.mark.parametrize(("last", "is_covered"), [("2025-09-19", False), ("2025-09-20", True)])
def test_gaps_are_covered_when_the_live_part_of_the_period_is(last, is_covered):
    closing = [{"account_id": "W1", "closed_on": "2025-09-21"}]
    assert gaps(accounts=closing, coverage=[covered("2025-07-01", last)])[3] == is_covered


def test_posts_before_opening_and_after_closure_close_no_gap():
    closing = [{"account_id": "W1", "opened_on": "2025-07-05", "closed_on": "2025-07-21"}]
    assert gaps(accounts=closing, posts=posts("2025-07-02", "2025-07-10", "2025-07-25"))[0] == 10


def test_originals_are_missing_where_the_export_does_not_say():
    assert pd.isna(row(facts(posts=posts("2025-07-09"))["account_quarters"])["n_original"])
    said = [*posts("2025-07-09", is_original=True), *posts("2025-07-10", is_original=False), *posts("2025-10-01", is_original=True)]
    assert row(facts(posts=said)["account_quarters"])["n_original"] == 1


# ---------------------------------------------------------------- check times
def check_rows(made):
    rows = made["check_times"]
    return [
        (one.account_id, None if pd.isna(one.days_since_post) else one.days_since_post, one.is_covered) for one in rows.itertuples()
    ]


@pytest.mark.parametrize(("day", "days"), [("2025-07-02", 14), ("2025-07-01", 15)])
def test_t5_the_days_since_the_last_post_are_a_date_difference(day, days):
    checks = [{"check_scope": "all", "checked_at": "2025-07-16 10:00"}]
    assert check_rows(facts(posts=posts(f"{day} 23:00"), checks_done=checks)) == [("W1", days, days == 14)]


@pytest.mark.parametrize(
    ("checked", "posted", "days"),
    [
        ("2025-07-16 10:00", "2025-07-16 10:00:00", 0),
        ("2025-07-16 10:00", "2025-07-16 10:00:01", 2),
        ("2025-07-16 10:00", "2025-07-16", 0),
        ("2025-07-16", "2025-07-16 23:59:59", 0),
        ("2025-07-16", "2025-07-17 00:00:00", 2),
    ],
)
def test_a_post_counts_up_to_the_moment_of_the_check_and_a_date_without_time_counts_as_before(checked, posted, days):
    made = facts(posts=posts("2025-07-14 08:00", posted), checks_done=[{"check_scope": "all", "checked_at": checked}])
    assert check_rows(made)[0][1] == days


def test_a_day_that_only_the_daily_series_knows_counts_as_before():
    checks = [{"check_scope": "all", "checked_at": "2025-07-16 10:00"}]
    days = [{"account_id": "W1", "counted_on": "2025-07-16", "n_posts": 1}]
    assert check_rows(facts(daily_counts=days, checks_done=checks)) == [("W1", 0, True)]
    assert check_rows(facts(daily_counts=days, posts=posts("2025-07-16 11:00"), checks_done=checks)) == [("W1", None, False)]


@pytest.mark.parametrize(("first", "is_covered"), [("2025-07-02", True), ("2025-07-03", False)])
def test_a_longer_gap_is_decided_when_the_15_days_up_to_the_check_are_covered(first, is_covered):
    checks = [{"check_scope": "all", "checked_at": "2025-07-16 10:00"}]
    made = facts(coverage=[covered(first, "2025-07-16")], posts=posts("2025-06-20"), checks_done=checks)
    assert check_rows(made) == [("W1", 26, is_covered)]


@pytest.mark.parametrize(("opened", "row_of_it"), [("2025-07-02", ("W1", 14, True)), ("2025-07-01", ("W1", None, True))])
def test_an_account_that_never_posted_counts_from_its_opening_for_14_days(opened, row_of_it):
    checks = [{"check_scope": "all", "checked_at": "2025-07-16 10:00"}]
    assert check_rows(facts(accounts=[{"account_id": "W1", "opened_on": opened}], coverage=[WHOLE], checks_done=checks)) == [row_of_it]


def test_the_last_post_before_the_period_is_known_from_the_previous_folder():
    previous = {"posts": table("posts", *posts("2025-06-28 09:00", post_id="p0"))}
    made = facts(previous=previous, checks_done=[{"check_scope": "all", "checked_at": "2025-07-03 10:00"}])
    assert check_rows(made) == [("W1", 5, True)]


def test_a_check_speaks_of_everyone_of_a_unit_or_of_one_account_that_was_open_that_day():
    accounts = [
        {"account_id": "W1"}, {"account_id": "W2", "owner_id": "U2"}, {"account_id": "W3", "owner_id": "U2", "closed_on": "2025-08-01"},
        {"account_id": "W4", "owner_id": "U2", "opened_on": "2025-08-02"},
    ]  # fmt: skip
    checks = [
        {"check_scope": "all", "checked_at": "2025-07-31 10:00"}, {"check_scope": "unit", "unit_id": "U2", "checked_at": "2025-08-01 10:00"},
        {"check_scope": "account", "account_id": "W4", "checked_at": "2025-08-02 10:00"}, {"check_scope": "all", "checked_at": "2025-07-31 10:00"},
        {"check_scope": "all", "checked_at": "2025-07-31 10:00", "check_item": "art11_typo"},
        {"check_scope": "all", "checked_at": "2025-06-30 10:00"}, {"check_scope": "all", "checked_at": "2025-10-01 10:00"},
    ]  # fmt: skip
    found = facts(accounts=accounts, units=[{"unit_id": "U1"}, {"unit_id": "U2"}], checks_done=checks)["check_times"]
    assert list(zip(found["account_id"], found["checked_at"].dt.strftime("%m-%d"), found["src_row"], strict=True)) == [
        ("W1", "07-31", 1), ("W2", "07-31", 1), ("W2", "08-01", 2), ("W3", "07-31", 1), ("W4", "08-02", 3),
    ]  # fmt: skip


def test_a_check_after_as_of_is_not_used():
    checks = [{"check_scope": "all", "checked_at": "2025-08-06 10:00"}]
    assert len(facts(as_of="2025-08-06", checks_done=checks)["check_times"]) == 1
    assert len(facts(as_of="2025-08-05", checks_done=checks)["check_times"]) == 0


def test_a_shifted_window_is_judged_by_its_own_days():
    shifted = Quarter(2025, 3, (pd.Timestamp("2025-06-25").date(), pd.Timestamp("2025-09-24").date()))
    weeks = by_week(facts(shifted), "is_due")
    assert (list(weeks)[0], list(weeks)[-1], PERIOD.weeks()[0].astype(str)) == ("06-23", "09-15", "2025-06-30")
