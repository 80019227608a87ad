"""Which reply answers a message, and how many days and hours it took (第十一条第3项, readings 3–6)."""

import pandas as pd
import pytest
from facts_tables import covered, facts

from xmt_scoring.settings import Settings

WHOLE = [covered("2025-04-01", "2025-10-10")]  # reaches back a quarter, so that nothing is unknown


def changed(**values):
    return Settings.default(**values)


@pytest.mark.parametrize(
    ("received", "replied", "hours", "worked"),
    [
        ("2025-07-07 09:00", "2025-07-09 09:00", 48, 48),
        ("2025-07-07 09:00", "2025-07-09 09:01", 49, 49),
        ("2025-07-11 09:00", "2025-07-14 10:00", 73, 25),  # Friday to Monday
        ("2025-07-12 09:00", "2025-07-14 10:00", 49, 10),  # received on a Saturday: counted from Monday on
        ("2025-07-07 09:00", "2025-07-09", None, None),
    ],
)
def test_hours_of_a_reply_are_counted_on_all_days_and_on_workdays(received, replied, hours, worked):
    message = {"account_id": "W1", "received_at": received, "first_reply_at": replied}
    made = facts(messages=[message], settings=changed(reply_clock="hours"))["message_replies"].iloc[0]
    assert [None if pd.isna(made[name]) else made[name] for name in ("reply_hours", "reply_workhours")] == [hours, worked]
    plain = facts(messages=[message])["message_replies"].iloc[0]
    assert pd.isna(plain["reply_hours"])


def test_waiting_in_hours_lasts_to_the_end_of_the_last_usable_day():
    made = facts(messages=[{"account_id": "W1", "received_at": "2025-07-08 12:00"}], as_of="2025-07-10", settings=changed(reply_clock="hours"))
    assert made["message_replies"].iloc[0]["waited_hours"] == 60


@pytest.mark.parametrize(("counts", "days"), [(False, None), (True, 1)])
def test_an_automatic_reply_is_none_unless_the_office_says_so(counts, days):
    message = {"account_id": "W1", "received_at": "2025-07-07 09:00", "first_reply_at": "2025-07-08 09:00", "is_automatic": True}
    made = facts(messages=[message], settings=changed(automatic_reply_counts=counts))["message_replies"].iloc[0]
    assert (None if pd.isna(made["reply_days"]) else made["reply_days"]) == days


ASKED = {"account_id": "W1", "message_id": "M1", "received_at": "2025-07-07 09:00"}


def replies(*given, **settings):
    """The fact of one message with these replies, each a row of the list."""
    rows = [{**ASKED, "src_row": row, **reply} for row, reply in enumerate(given, 2)]
    made = facts(messages=rows, settings=changed(**settings))["message_replies"]
    assert len(made) == 1
    return made.iloc[0]


def test_of_several_replies_the_first_that_counts_is_the_answer_and_the_others_are_counted():
    early = {"first_reply_at": "2025-07-07 09:01", "is_automatic": True}
    poor = {"first_reply_at": "2025-07-08 09:00", "is_effective": False}
    good, again = {"first_reply_at": "2025-07-09 09:00"}, {"first_reply_at": "2025-07-10 09:00"}
    row = replies(again, good, poor, early)
    assert (row["reply_days"], row["src_row"], row["n_uncounted_replies"]) == (2, 3, 2)
    assert replies(again, good, poor, early, automatic_reply_counts=True)["reply_days"] == 0
    assert pd.isna(replies(poor, early)["reply_days"])


@pytest.mark.parametrize(
    ("reply", "n"),
    [({"reply_text": "已办结"}, 1), ({"reply_text": "，。"}, 0), ({"reply_text": "已办结", "is_effective": False}, 0),
     ({"reply_text": "您的留言已收到"}, 0), ({"reply_text": "已办结", "first_reply_at": "2025-07-20 09:00"}, 0)],
)  # fmt: skip
def test_a_reply_that_says_something_and_names_no_time_is_counted_apart(reply, n):
    late = {"first_reply_at": "2025-07-12 09:00", "reply_text": "答复如下"}
    assert replies(reply)["n_timeless_replies"] == n
    row = replies(late, reply)
    assert (row["reply_days"], row["n_timeless_replies"]) == (5, n)


@pytest.mark.parametrize(
    ("text", "said", "days"),
    [
        ("您好，您的留言已收到!", None, None), (" 您的留言 已收到。", None, None), ("【自动回复】办公时间为9点", None, None),
        ("您的留言已收到，路灯明天修", None, 1), ("您的留言已收到", False, 1), ("路灯明天修", True, None), (None, None, 1),
    ],
)  # fmt: skip
def test_a_reply_that_says_a_stock_sentence_and_nothing_else_is_automatic_unless_the_list_says_otherwise(text, said, days):
    found = replies({"first_reply_at": "2025-07-08 09:00", "reply_text": text, "is_automatic": said})["reply_days"]
    assert pd.isna(found) if days is None else found == days


def test_the_office_may_name_its_own_automatic_replies():
    reply = {"first_reply_at": "2025-07-08 09:00", "reply_text": "欢迎关注太白林业"}
    assert pd.isna(replies(reply, automatic_replies=["欢迎关注太白林业"])["reply_days"])
    assert replies({**reply, "reply_text": "您的留言已收到"}, automatic_replies=["欢迎关注太白林业"])["reply_days"] == 1


@pytest.mark.parametrize(("counts", "days"), [(True, 1), (False, 2)])
def test_the_answer_of_another_body_counts_or_not_as_the_office_decides(counts, days):
    other = {"first_reply_at": "2025-07-08 09:00", "is_by_other_body": True}
    own = {"first_reply_at": "2025-07-09 09:00", "is_by_other_body": False}
    assert replies(other, own, other_body_reply_counts=counts)["reply_days"] == days


@pytest.mark.parametrize(
    ("excused", "kind", "reason", "expected"),
    [(True, "spam", None, True), (True, None, "广告", False), (True, "other", None, False), (True, "other", "须会商", True), (False, "spam", None, False), (None, "spam", None, False)],
)
def test_only_a_code_excuses_a_message(excused, kind, reason, expected):
    row = replies({"is_excused": excused, "excuse_kind": kind, "excuse_reason": reason})
    assert (bool(row["is_excused"]), row["excuse_kind"]) == (expected, kind) if expected else not row["is_excused"]
