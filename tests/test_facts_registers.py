"""Messages, filings, changes, people in office and platform accounts (readings 3–6, 20; rulings §1–§3; vector T6)."""

import pandas as pd
import pytest
from facts_tables import covered, facts, row

from xmt_scoring.periods import Quarter
from xmt_scoring.settings import Settings


def message(received="2025-07-11 09:00", replied=None, **more):
    return {"account_id": "W1", "received_at": received, "first_reply_at": replied, **more}


def reply(*rows, **more):
    found = facts(messages=list(rows), **more)["message_replies"]
    return [tuple(None if pd.isna(value) else value for value in one) for one in found[["reply_days", "reply_workdays"]].to_numpy()]


# ---------------------------------------------------------------- messages
def test_t6_friday_to_monday_is_3_calendar_days_and_1_workday():
    assert reply(message("2025-07-11 09:00", "2025-07-14 17:00")) == [(3, 1)]


@pytest.mark.parametrize(("replied", "days"), [("2025-07-11 23:59", 0), ("2025-07-12 00:00", 1), ("2025-07-13 23:59", 2), ("2025-07-14 00:00", 3)])
def test_the_day_of_receipt_is_day_0_at_any_hour(replied, days):
    assert reply(message("2025-07-11 22:00", replied))[0][0] == days


def test_days_that_the_workspace_calls_workdays_count_as_such():
    listed = Settings(Settings.default().values, workday_overrides=((pd.Timestamp("2025-07-12").date(), True),))
    assert reply(message("2025-07-11 09:00", "2025-07-14 17:00"), settings=listed) == [(3, 2)]


@pytest.mark.parametrize(("effective", "expected"), [(None, (1, 0)), (True, (1, 0)), (False, (None, None))])
def test_a_blank_mark_means_effective_and_an_ineffective_reply_is_none(effective, expected):
    assert reply(message("2025-07-11 09:00", "2025-07-12 09:00", is_effective=effective)) == [expected]


@pytest.mark.parametrize(("as_of", "expected"), [("2025-07-14", (3, 1)), ("2025-07-13", (None, None))])
def test_a_reply_after_as_of_is_not_known_yet(as_of, expected):
    assert reply(message(replied="2025-07-14 08:00"), as_of=as_of) == [expected]


def test_a_reply_dated_before_its_message_counts_as_0_days():
    assert reply(message("2025-07-11 09:00", "2025-07-10 09:00"), message("2025-07-11 09:00", "1999-07-10 09:00")) == [(0, 0), (0, 0)]


def test_a_message_belongs_to_the_quarter_in_which_it_came_and_its_late_reply_counts():
    rows = [message("2025-06-30 23:59"), message("2025-07-01 00:00"), message("2025-09-30 23:59", "2025-10-09 09:00"), message("2025-10-01 00:00")]
    found = facts(messages=rows)["message_replies"]
    assert list(zip(found["message_id"], found["reply_days"].fillna(-1), strict=True)) == [("messages2", -1), ("messages3", 9)]


def test_a_message_from_before_the_law_is_not_judged():
    found = facts(Quarter(2021, 3), messages=[message("2021-08-17 23:59"), message("2021-08-18 00:00")])["message_replies"]
    assert list(found["message_id"]) == ["messages2"]


@pytest.mark.parametrize(
    ("coverage", "days"),
    [([], 91), ([covered("2025-07-01", "2025-07-20", covers="messages")], 9), ([covered("2025-07-01", "2025-07-05", covers="messages")], 0),
     ([covered("2025-07-01", "2025-12-31", covers="messages")], 91), ([covered("2025-07-01", "2025-07-20", account="W2", covers="messages")], 91)],
)  # fmt: skip
def test_waiting_ends_at_as_of_or_where_the_source_ends(coverage, days):
    assert row(facts(messages=[message()], coverage=coverage)["message_replies"])["waited_days"] == days


def test_every_account_has_a_message_source_row_and_only_a_whole_span_is_complete():
    accounts = [{"account_id": f"W{number}"} for number in (1, 2, 3)] + [{"account_id": "W4", "closed_on": "2025-07-11"}]
    coverage = [
        covered("2025-07-01", "2025-09-30", account="W1", covers="messages"), covered("2025-07-01", "2025-09-29", account="W2", covers="messages"),
        covered("2025-07-01", "2025-07-10", account="W4", covers="messages"),
    ]  # fmt: skip
    made = facts(accounts=accounts, coverage=coverage, messages=[message(), message(), message(account_id=None)])
    found = made["message_sources"]
    assert found[["n_messages", "is_complete"]].to_numpy().tolist() == [[2, True], [0, False], [0, False], [0, True]]
    assert len(made["message_replies"]) == 2


# ---------------------------------------------------------------- filings
FORM = {
    "filed_name": "某账号", "filed_owner": "某局", "filed_platform": "微博", "leader_in_charge": "甲", "maintainer": "乙",
    "is_signed": True, "is_sealed": True, "filed_on": "2023-01-06", "account_id": "W1",
}  # fmt: skip


def filing(*rows, **more):
    return row(facts(filings=list(rows), **more)["filing_facts"])


def test_without_any_filing_in_the_register_nothing_is_known():
    assert (filing()["has_register"], filing()["has_filing"]) == (False, False)
    others = filing({**FORM, "account_id": "W2"}, accounts=[{"account_id": "W1"}, {"account_id": "W2"}])
    assert (others["has_register"], others["has_filing"]) == (True, False) and pd.isna(others["missing_fields"])


def test_a_complete_form_lacks_nothing():
    found = filing(FORM)
    assert found["has_filing"] and pd.isna(found["missing_fields"]) and (found["src_row"], str(found["filed_on"].date())) == (1, "2023-01-06")


def test_empty_fields_and_a_missing_seal_are_named():
    assert filing({**FORM, "maintainer": None, "is_sealed": None, "filed_name": ""})["missing_fields"] == "filed_name、maintainer、is_sealed"
    assert filing({**FORM, "is_signed": False})["missing_fields"] == "is_signed"


def test_the_latest_form_is_read_and_a_deregistration_is_none():
    change = {**FORM, "filing_kind": "change", "filed_on": "2025-08-01", "leader_in_charge": None}
    closing = {"account_id": "W1", "filing_kind": "deregistration", "filed_on": "2025-09-01"}
    assert filing(change, FORM, closing)["missing_fields"] == "leader_in_charge"
    assert pd.isna(filing(change, FORM, as_of="2025-07-31")["missing_fields"])


@pytest.mark.parametrize(("filed", "has_filing"), [("2025-10-10", True), ("2025-10-11", False), (None, True)])
def test_a_filing_counts_up_to_as_of_and_without_a_date(filed, has_filing):
    assert filing({**FORM, "filed_on": filed})["has_filing"] == has_filing


# ---------------------------------------------------------------- changes
def change(*filings, happened="2025-09-26", **more):
    made = facts(account_events=[{"event_id": "E1", "account_id": "W1", "happened_on": happened}], filings=list(filings), **more)
    found = made["change_facts"]
    return [tuple(None if pd.isna(v) else v for v in one) for one in found[["filing_days", "filing_workdays", "waited_workdays"]].to_numpy()]


def change_form(on, **more):
    return {**FORM, "filing_kind": "change", "filed_on": on, **more}


def test_a_change_is_filed_by_the_form_that_names_it_else_by_the_next_one():
    # Friday 09-26; workdays: 09-28 (调休), 29, 30, then 10-09, 10-10
    assert change(change_form("2025-09-28")) == [(2, 1, 5)]
    assert change(change_form("2025-10-09"), change_form("2025-09-30")) == [(4, 3, 5)]
    assert change(change_form("2025-09-28"), change_form("2025-10-09", event_id="E1")) == [(13, 4, 5)]


def test_a_change_without_a_form_waits_until_as_of():
    before, opening, others = change_form("2025-09-25"), {**FORM, "filed_on": "2025-09-29"}, change_form("2025-09-29", account_id="W2")
    both = [{"account_id": "W1"}, {"account_id": "W2"}]
    assert change(before, opening, others, accounts=both) == [(None, None, 5)]
    assert change(change_form("2025-10-11")) == [(None, None, 5)]
    assert change(change_form(None)) == [(None, None, 5)]


def test_a_form_that_names_the_change_may_come_before_it():
    assert change(change_form("2025-09-20", event_id="E1")) == [(0, 0, 5)]


@pytest.mark.parametrize(("happened", "n"), [("2025-06-30", 0), ("2025-07-01", 1), ("2025-09-30", 1), ("2025-10-01", 0)])
def test_a_change_belongs_to_the_quarter_in_which_it_happened(happened, n):
    assert len(change(happened=happened)) == n


# ---------------------------------------------------------------- people
def in_office(**more):
    made = facts(staff=[{"unit_id": "U1", "staff_role": "info_officer", "person_name": "甲", **more}])["staff_facts"]
    return made.set_index("staff_role")["n_in_office"]["info_officer"]


@pytest.mark.parametrize(
    ("term", "n"),
    [({}, 1), ({"from_on": "2025-09-30"}, 1), ({"from_on": "2025-10-01"}, 0), ({"from_on": "2025-01-01", "to_on": "2025-09-30"}, 1),
     ({"from_on": "2025-01-01", "to_on": "2025-09-29"}, 0)],
)  # fmt: skip
def test_in_office_is_whoever_is_so_on_the_last_day_of_the_quarter(term, n):
    assert in_office(**term) == n


def test_every_unit_has_every_post_and_one_person_counts_once():
    rows = [{"unit_id": "U2", "staff_role": "maintainer", "person_name": name, "from_on": day} for name, day in [("甲", "2024-01-01"), ("甲", "2025-01-01"), ("乙", "2025-01-01")]]
    made = facts(units=[{"unit_id": "U2"}, {"unit_id": "U1"}], staff=rows)["staff_facts"]
    assert len(made) == 10
    assert made[made["n_in_office"] > 0][["unit_id", "staff_role", "n_in_office"]].to_numpy().tolist() == [["U2", "maintainer", 2]]


def test_a_unit_that_the_register_of_people_does_not_name_is_unknown_not_empty():
    left = {"unit_id": "U2", "staff_role": "maintainer", "person_name": "甲", "from_on": "2024-01-01", "to_on": "2025-03-31"}
    made = facts(units=[{"unit_id": "U1"}, {"unit_id": "U2"}], staff=[left])["staff_facts"]
    known = made.groupby("unit_id")["has_register"].all()
    assert known.to_dict() == {"U1": False, "U2": True}  # U2 had somebody, who left: that post is vacant
    assert not made["n_in_office"].any()


# ---------------------------------------------------------------- one account per platform
def extras(*accounts, settings=None, **more):
    made = facts(accounts=[{"platform": "wechat_oa", **each} for each in accounts], settings=settings, **more)["platform_accounts"]
    return made.loc[made["is_extra"], "account_id"].tolist(), made.loc[made["is_main_account"], "account_id"].tolist()


W1, W2 = {"account_id": "W1", "opened_on": "2023-01-05"}, {"account_id": "W2", "opened_on": "2024-05-06"}


def test_the_account_that_was_opened_first_is_the_main_one():
    assert extras(W2, W1) == (["W2"], ["W1"])
    assert extras({**W2, "opened_on": "2023-01-05"}, W1) == (["W2"], ["W1"])


def test_the_account_that_the_office_names_is_the_main_one():
    assert extras(W1, {**W2, "is_main": True}) == (["W1"], ["W2"])


def test_other_units_and_other_platforms_stand_apart():
    assert extras(W1, {**W2, "owner_id": "U2"})[0] == []
    assert extras(W1, {**W2, "platform": "douyin"})[0] == []
    assert extras({**W1, "platform": "other"}, {**W2, "platform": "other"})[0] == []


def test_a_subscription_and_a_service_account_are_one_platform_unless_the_office_says_otherwise():
    both = {**W1, "account_subtype": "subscription"}, {**W2, "account_subtype": "service"}
    assert extras(*both)[0] == ["W2"]
    assert extras(*both, settings=Settings.default(service_account_same_platform=False))[0] == []


def test_an_account_that_was_not_live_is_neither_main_nor_extra():
    assert extras({**W1, "closed_on": "2025-07-01", "is_main": True}, W2) == ([], ["W2"])
    assert extras({**W1, "closed_on": "2025-07-02"}, W2) == (["W2"], ["W1"])
    assert extras(W1, {**W2, "opened_on": "2025-10-01"}) == ([], ["W1"])


@pytest.mark.parametrize(
    ("approved", "to", "expected"),
    [("2025-09-30", None, []), ("2025-10-01", None, ["W2"]), ("2024-01-01", "2025-09-30", []), ("2024-01-01", "2025-09-29", ["W2"])],
)
def test_an_exception_must_be_valid_at_the_end_of_the_quarter(approved, to, expected):
    exception = [{"account_id": "W2", "approved_on": approved, "to_on": to}]
    assert extras(W1, W2, approved_exceptions=exception)[0] == expected
