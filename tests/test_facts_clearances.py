"""Posts and their review before publication (第十二条, rulings §4)."""

import hashlib

import pandas as pd
import pytest
from facts_tables import covered, facts, posts

POST = {"native_id": "100", "url": "https://example.test/100", "title": "关于 全县 ＡＢ 工作"}
AT = "2025-07-09 09:30"


def clearance(**more):
    return {"account_id": "W1", "posted_at": AT, "cleared_at": "2025-07-09 09:00", "clearer": "甲", **more}


def rows(*clearances, made_posts=None, **more):
    made = facts(posts=made_posts or posts(AT, **POST), clearances=list(clearances), **more)["clearance_facts"]
    columns = ["has_clearance", "is_complete", "is_before"]
    return [tuple(None if pd.isna(value) else value for value in one) for one in made[columns].to_numpy()]


@pytest.mark.parametrize("key", [{"native_id": "100"}, {"url": "https://example.test/100"}, {"title": "关于全县AB 工作"}])
def test_a_clearance_meets_its_post_by_id_by_address_or_by_day_and_title(key):
    assert rows(clearance(**key)) == [(True, True, True)]


@pytest.mark.parametrize(
    "other",
    [{"native_id": "101"}, {"title": "关于全县AC工作"}, {"title": POST["title"], "posted_at": "2025-07-10 09:30"},
     {"title": POST["title"], "posted_at": None}, {}],
)  # fmt: skip
def test_a_clearance_of_something_else_meets_nothing(other):
    assert rows(clearance(**other)) == [(False, None, None)]


def test_a_clearance_of_another_account_meets_nothing():
    both = [{"account_id": "W1"}, {"account_id": "W2"}]
    assert rows(clearance(native_id="100", account_id="W2"), clearance(native_id="7"), accounts=both) == [(False, None, None)]


def test_the_id_goes_before_the_title():
    late = clearance(native_id="100", cleared_at="2025-07-09 10:00")
    assert rows(clearance(title=POST["title"]), late) == [(True, True, False)]


@pytest.mark.parametrize(
    ("cleared", "posted", "is_before"),
    [
        ("2025-07-09 09:30", "2025-07-09 09:30", True), ("2025-07-09 09:31", "2025-07-09 09:30", False),
        ("2025-07-09", "2025-07-09 09:30", True), ("2025-07-09 18:00", "2025-07-09", True),
        ("2025-07-10", "2025-07-09 09:30", False), ("2025-07-10 08:00", "2025-07-09", False), (None, "2025-07-09 09:30", None),
    ],
)  # fmt: skip
def test_a_clearance_comes_before_the_post_and_the_same_day_is_enough_where_only_dates_are_known(cleared, posted, is_before):
    assert rows(clearance(native_id="100", cleared_at=cleared), made_posts=posts(posted, **POST))[0][2] is is_before


@pytest.mark.parametrize(
    ("marks", "is_complete"),
    [({}, True), ({"clearer": None}, False), ({"is_complete": False}, False), ({"clearer": None, "is_complete": True}, True)],
)
def test_a_blank_mark_means_complete_when_somebody_cleared(marks, is_complete):
    assert rows(clearance(native_id="100", **marks))[0][1] is is_complete


def test_of_two_clearances_the_complete_and_then_the_earlier_one_counts():
    partial = clearance(native_id="100", cleared_at="2025-07-01 09:00", is_complete=False)
    late = clearance(native_id="100", cleared_at="2025-07-09 10:00")
    assert rows(partial, late) == [(True, True, False)]
    assert rows(late, clearance(native_id="100")) == [(True, True, True)]


def test_a_clearance_after_as_of_is_not_used():
    assert rows(clearance(native_id="100", cleared_at="2025-10-11 09:00")) == [(False, None, None)]


def test_only_visible_posts_of_the_period_are_listed():
    made = [*posts(AT, **POST), *posts(AT, is_visible=False), *posts("2025-06-30 09:00"), *posts("2025-10-01 09:00")]
    assert len(rows(clearance(native_id="100"), made_posts=made)) == 1


def test_an_account_without_a_clearance_register_has_no_rows():
    made = posts(AT) + posts(AT, account="W2")
    both = [{"account_id": "W1"}, {"account_id": "W2"}]
    assert rows(made_posts=made, accounts=both) == []
    assert rows(clearance(), made_posts=made, accounts=both) == [(False, None, None)]


@pytest.mark.parametrize(("last", "is_covered"), [("2025-07-08", False), ("2025-07-09", True)])
def test_a_post_is_covered_when_the_register_spans_its_day(last, is_covered):
    made = facts(posts=posts(AT), coverage=[covered("2025-07-01", last, covers="clearances")])["clearance_facts"]
    assert made["is_covered"].tolist() == [is_covered]


def test_posts_are_sampled_by_the_hash_of_quarter_account_and_id_or_address_or_time_and_title():
    made_posts = [
        *posts(AT, native_id="100", url="u"), *posts(AT, url="https://example.test/2"), *posts("2025-07-10 08:05:01", title="标题"), *posts("2025-07-11"),
        *posts(AT, account="W2", native_id="100"),
    ]  # fmt: skip
    both = [{"account_id": "W1"}, {"account_id": "W2"}]
    clearances = [clearance(), clearance(account_id="W2")]
    made = facts(posts=made_posts, clearances=clearances, accounts=both)["clearance_facts"]
    texts = ["2025Q3|W1|100", "2025Q3|W1|https://example.test/2", "2025Q3|W1|2025-07-10 08:05:01标题", "2025Q3|W1|2025-07-11 00:00:00"]
    order = sorted(range(4), key=lambda number: hashlib.sha256(texts[number].encode("utf-8")).hexdigest())
    expected = {f"posts{number + 1}": order.index(number) + 1 for number in range(4)} | {"posts5": 1}
    assert dict(zip(made["post_id"], made["sample_rank"], strict=True)) == expected
