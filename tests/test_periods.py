"""Quarters, natural weeks and workdays (rulings §1, vectors T4 and T6)."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Quarter, add_workdays, workdays_between

DAYS = st.dates(dt.date(2021, 8, 18), dt.date(2026, 12, 31))


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="M8[D]")


def test_a_quarter_runs_from_its_first_to_its_last_day():
    assert [(str(Quarter(2025, n).start), str(Quarter(2025, n).end)) for n in (1, 2, 3, 4)] == [
        ("2025-01-01", "2025-03-31"), ("2025-04-01", "2025-06-30"), ("2025-07-01", "2025-09-30"), ("2025-10-01", "2025-12-31"),
    ]  # fmt: skip


def test_the_quarters_before_and_after_cross_the_year():
    assert (str(Quarter(2025, 1).previous), str(Quarter(2025, 4).following)) == ("2024Q4", "2026Q1")


@pytest.mark.parametrize("text", ["2026Q5", "2026q0", "26Q1", "2026-Q1", "", "2026Q11"])
def test_what_is_no_quarter_is_refused_with_an_example(text):
    with pytest.raises(XmtError, match="2026Q3"):
        Quarter.parse(text)


@pytest.mark.parametrize("rule", ["sunday", "inside"])
def test_the_third_quarter_of_2024_has_13_weeks_and_its_last_monday_is_not_judged(rule):
    weeks = Quarter.parse("2024Q3").weeks(rule)
    assert (len(weeks), str(weeks[0]), str(weeks[-1])) == (13, "2024-07-01", "2024-09-23")


def test_a_straddling_week_belongs_to_the_quarter_of_its_sunday():
    assert str(Quarter.parse("2025Q3").weeks("sunday")[0]) == "2025-06-30"
    assert str(Quarter.parse("2025Q3").weeks("inside")[0]) == "2025-07-07"
    assert str(Quarter.parse("2025Q2").weeks("sunday")[-1]) == "2025-06-23"


@given(st.integers(2021, 2030))
def test_every_week_of_a_year_is_judged_exactly_once(year):
    mondays = np.concatenate([Quarter(year, number).weeks() for number in (1, 2, 3, 4)])
    assert (np.diff(mondays).astype(int) == 7).all()


def test_friday_to_monday_is_one_workday_and_three_calendar_days():
    assert workdays_between(days("2025-09-19"), days("2025-09-22")).tolist() == [1]


def test_the_national_holiday_has_no_workdays_and_the_shifted_sunday_is_one():
    # 2025: holiday 10-01 to 10-08, workdays on Sunday 09-28 and Saturday 10-11 (国务院办公厅 arrangement for 2025)
    assert workdays_between(days("2025-09-30", "2025-09-27", "2025-10-10"), days("2025-10-09", "2025-09-28", "2025-10-11")).tolist() == [1, 1, 1]


@given(DAYS, st.integers(0, 400), st.integers(0, 400))
def test_workdays_add_up_over_any_middle_day(start, first, second):
    middle = start + dt.timedelta(days=first)
    end = middle + dt.timedelta(days=second)
    if end > dt.date(2026, 12, 31):
        return
    parts = workdays_between(days(str(start), str(middle)), days(str(middle), str(end)))
    assert workdays_between(days(str(start)), days(str(end)))[0] == parts.sum()


def test_five_workdays_after_the_eve_of_the_holiday():
    assert add_workdays(dt.date(2025, 9, 30), 5) == dt.date(2025, 10, 14)


def test_a_year_without_an_arrangement_is_refused_unless_the_workspace_lists_it():
    with pytest.raises(XmtError, match="节假日安排"):
        workdays_between(days("2027-03-01"), days("2027-03-02"))
    listed = [(dt.date(2027, 10, 1), False)]
    assert workdays_between(days("2027-09-30"), days("2027-10-04"), listed).tolist() == [1]
