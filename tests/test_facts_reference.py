"""Facts against a slow plain-Python reading of the same rules, on random small data; order and neighbours do not matter."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from facts_tables import PERIOD, facts, frames, posts
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from xmt_scoring.facts import build_facts
from xmt_scoring.frames import conform
from xmt_scoring.pipeline import FACTS
from xmt_scoring.settings import Settings

ACCOUNTS = ["W1", "W2", "W3"]
DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2025, 6, 5), dt.date(2025, 10, 12))
moments = st.builds(
    lambda day, second: dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=second),
    days,
    st.sampled_from([0, 1, 36_000, 86_399]),
)
account_ids = st.sampled_from(ACCOUNTS)


@st.composite
def counties(draw):
    """Rows of a small random county."""
    spans = st.tuples(days, st.integers(0, 60)).map(lambda pair: (pair[0], pair[0] + pair[1] * DAY))
    accounts = []
    for account in ACCOUNTS:
        opened = draw(st.one_of(st.just(dt.date(2024, 1, 1)), days))
        closed = draw(st.one_of(st.none(), st.none(), days))
        accounts.append(
            {"account_id": account, "opened_on": opened, "closed_on": max(opened, closed) if closed else None}
        )
    coverage = [
        {"account_id": account, "covers_from": first, "covers_to": last, "proves_absence": proves}
        for account, (first, last), proves in draw(st.lists(st.tuples(account_ids, spans, st.booleans()), max_size=8))
    ]
    made_posts = [
        {"account_id": account, "posted_at": at, "is_visible": seen}
        for account, at, seen in draw(
            st.lists(st.tuples(account_ids, moments, st.sampled_from([True, True, True, False])), max_size=40)
        )
    ]
    counted = draw(st.dictionaries(st.tuples(account_ids, days), st.integers(0, 2), max_size=12))
    daily = [
        {"account_id": account, "counted_on": day, "n_posts": number} for (account, day), number in counted.items()
    ]
    checks = [{"check_scope": "all", "checked_at": at} for at in draw(st.lists(moments, max_size=3, unique=True))]
    return {
        "accounts": accounts,
        "coverage": coverage,
        "posts": made_posts,
        "daily_counts": daily,
        "checks_done": checks,
    }


class Slow:
    """One account of the county, day by day."""

    def __init__(self, rows, account, until):
        own = lambda name: [one for one in rows.get(name, []) if one["account_id"] == account]  # noqa: E731
        self.account = own("accounts")[0]
        self.until = until
        self.posts = [
            one["posted_at"] for one in own("posts") if one["is_visible"] and one["posted_at"].date() <= until
        ]
        self.daily = {one["counted_on"]: one["n_posts"] for one in own("daily_counts") if one["counted_on"] <= until}
        self.covered = set(self.daily)
        for span in own("coverage"):
            if span["proves_absence"]:
                self.covered |= {day for day in each(span["covers_from"], span["covers_to"]) if day <= until}
        self.posted = sorted({at.date() for at in self.posts} | {day for day, number in self.daily.items() if number})

    def is_open(self, day):
        return self.account["opened_on"] <= min(day, self.until) and not (
            self.account["closed_on"] and self.account["closed_on"] <= min(day, self.until)
        )

    def week(self, monday):
        week = each(monday, monday + 6 * DAY)
        number = max(sum(at.date() in week for at in self.posts), sum(self.daily.get(day, 0) for day in week))
        return all(map(self.is_open, week)), None if not number and not set(week) <= self.covered else number

    def gaps(self):
        live = [day for day in each(PERIOD.start, min(PERIOD.end, self.until)) if self.is_open(day)]
        if not live:
            return None, None, None, False
        start = live[0]
        earlier = [day for day in self.posted if day < PERIOD.start]
        if earlier and start == PERIOD.start and set(each(earlier[-1], start - DAY)) <= self.covered:
            start = earlier[-1]
        stops = [start, *(day for day in self.posted if live[0] <= day <= live[-1]), live[-1]]
        lengths = [(later - day).days for day, later in zip(stops, stops[1:], strict=False)]
        return max(lengths), sum(n > 7 for n in lengths), sum(n > 14 for n in lengths), set(live) <= self.covered

    def check(self, at):
        day = at.date()
        end = at if at.time() != dt.time() else at + DAY - dt.timedelta(seconds=1)
        seen = [post.date() for post in self.posts if post <= end]
        seen += [
            one
            for one, number in self.daily.items()
            if number and (one < day or one == day and all(post.date() != day for post in self.posts))
        ]
        last = max(seen, default=None)
        since = (day - last).days if last else (day - self.account["opened_on"]).days
        known = since if last or since <= 14 else None
        return known, (known is not None and known <= 14) or set(each(day - 14 * DAY, day)) <= self.covered


def each(first, last):
    return [first + number * DAY for number in range((last - first).days + 1)]


def plain(values):
    return [None if pd.isna(value) else value for value in values]


DAYS = st.sampled_from([dt.date(2025, 10, 10), dt.date(2025, 9, 30), dt.date(2025, 8, 20)])


@settings(max_examples=20, deadline=None)
@given(counties(), DAYS)
def test_weeks_gaps_and_check_times_are_what_counting_day_by_day_gives(rows, until):
    made = facts(as_of=until.isoformat(), **rows)
    quarters = made["account_quarters"].set_index("account_id")
    for account in ACCOUNTS:
        slow = Slow(rows, account, until)
        weeks = made["account_weeks"][made["account_weeks"]["account_id"] == account]
        expected = [slow.week(monday.astype(object)) for monday in PERIOD.weeks()]
        assert list(zip(weeks["is_due"], plain(weeks["n_posts"]), strict=True)) == expected
        columns = ["max_gap_days", "n_gaps_over_7", "n_gaps_over_14", "is_gap_covered"]
        assert tuple(plain(quarters.loc[account, columns])) == slow.gaps()
        seen = [day for day in slow.posted if day <= PERIOD.end]
        last = quarters.loc[account, "last_posted_on"]
        assert (last.date() if seen else pd.isna(last)) == (seen[-1] if seen else True)
        times = made["check_times"][made["check_times"]["account_id"] == account]
        asked = sorted(one["checked_at"] for one in rows["checks_done"])
        asked = [at for at in asked if PERIOD.start <= at.date() <= min(PERIOD.end, until) and slow.is_open(at.date())]
        assert list(times["checked_at"]) == asked
        assert list(zip(plain(times["days_since_post"]), times["is_covered"], strict=True)) == [
            slow.check(at) for at in asked
        ]


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(counties(), DAYS)
def test_many_counties_are_what_counting_day_by_day_gives(rows, until):
    test_weeks_gaps_and_check_times_are_what_counting_day_by_day_gives.hypothesis.inner_test(rows, until)


@settings(max_examples=5, deadline=None)
@given(counties(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    given_frames = frames(**rows)
    shuffled = {}
    for name, frame in given_frames.items():
        order = list(range(len(frame)))
        random.shuffle(order)
        shuffled[name] = frame.iloc[order].reset_index(drop=True)
    until, readings = PERIOD.default_as_of(10), Settings.default()
    first, second = (build_facts(each_one, PERIOD, until, readings) for each_one in (given_frames, shuffled))
    for name in first:
        assert_frame_equal(first[name], second[name])


@settings(max_examples=5, deadline=None)
@given(counties(), account_ids)
def test_an_accounts_facts_do_not_change_when_the_others_are_taken_away(rows, account):
    alone = {
        name: [one for one in given_rows if one.get("account_id", account) == account]
        for name, given_rows in rows.items()
    }
    whole, part = facts(**rows), facts(**alone)
    for name in ("account_weeks", "account_quarters", "check_times", "message_sources", "filing_facts"):
        own = (
            whole[name][whole[name]["account_id"] == account]
            .drop(columns=["src_row"], errors="ignore")
            .reset_index(drop=True)
        )
        assert_frame_equal(own, part[name].drop(columns=["src_row"], errors="ignore"))


@settings(max_examples=5, deadline=None)
@given(counties())
def test_categorical_account_keys_and_a_previous_folder_with_the_same_rows_change_nothing(rows):
    given_frames = frames(**rows)
    categories = pd.Index(["nobody", *reversed(ACCOUNTS)])
    coded = dict(given_frames)
    coded["posts"] = coded["posts"].assign(
        account_id=pd.Categorical(coded["posts"]["account_id"], categories=categories)
    )
    until, readings = PERIOD.default_as_of(10), Settings.default()
    again = {name: given_frames[name] for name in ("posts", "daily_counts", "coverage")}
    first = build_facts(given_frames, PERIOD, until, readings)
    for second in (
        build_facts(coded, PERIOD, until, readings),
        build_facts(given_frames, PERIOD, until, readings, again),
    ):
        for name in first:
            assert_frame_equal(first[name], second[name])


@pytest.mark.parametrize("scope", ["filled", "empty"])
def test_every_frame_keeps_its_contract_and_its_key_is_unique(scope):
    rows = {
        "posts": posts("2025-07-09 09:30"), "clearances": [{"account_id": "W1", "clearer": "甲"}],
        "messages": [{"account_id": "W1", "received_at": "2025-07-11 09:00"}], "filings": [{"account_id": "W1"}],
        "accounts": [{"account_id": "W1"}, {"account_id": "W2", "opened_on": "2025-07-01", "closed_on": "2025-08-01"}],
        "account_events": [{"account_id": "W1", "happened_on": "2025-07-11", "event_kind": kind} for kind in ("rename", "owner_change")],
        "staff": [{"unit_id": "U1", "to_on": "2025-07-11"}], "checks_done": [{"check_scope": "all", "checked_at": "2025-07-16"}],
    }  # fmt: skip
    made = facts(**rows) if scope == "filled" else facts(accounts=[], units=[])
    assert set(made) == set(FACTS)
    for name, frame in made.items():
        assert_frame_equal(conform(frame, name), frame)
        # a small quarter without tasks of reposting or a quarter before it; those have tests of their own
        is_quiet = scope == "empty" or name in ("repost_facts", "earlier_checks", "earlier_problems")
        assert len(frame) == 0 if is_quiet else len(frame) > 0


def test_columns_that_facts_do_not_need_may_be_left_out():
    rows = frames(posts=posts("2025-07-09 09:30"))
    whole = build_facts(rows, PERIOD, PERIOD.default_as_of(10), Settings.default())
    rows["posts"] = rows["posts"][["account_id", "posted_at", "is_visible"]]
    short = build_facts(rows, PERIOD, PERIOD.default_as_of(10), Settings.default())
    for name in whole:
        assert_frame_equal(whole[name], short[name])


def test_a_post_of_an_account_that_is_not_registered_counts_for_nobody():
    made = facts(posts=posts("2025-07-09 09:30", account="W9"))
    assert made["account_quarters"]["n_posts"].tolist() == [0]
    assert np.asarray(made["account_weeks"]["n_posts"].isna()).all()
