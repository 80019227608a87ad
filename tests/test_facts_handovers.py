"""Openings, closings, hand-overs and changes of owner: what follows them, counted in workdays (第六、九、十三条)."""

import pandas as pd
import pyarrow.parquet as pq
import pytest
from facts_tables import PERIOD, facts, frames

from xmt_scoring.errors import XmtError
from xmt_scoring.facts import build_facts
from xmt_scoring.frames import from_arrow, to_arrow
from xmt_scoring.periods import Quarter
from xmt_scoring.settings import Settings


def rows(frame, *columns):
    """The rows as tuples, missing as None."""
    return [tuple(None if pd.isna(value) else value for value in line) for line in frame[list(columns)].to_numpy(object)]


def account(name="W1", opened="2025-07-10", **more):
    return {"account_id": name, "opened_on": opened, **more}


# ---------------------------------------------------------------- openings
def opening(*filings, as_of=None, **more):
    found = facts(as_of=as_of, accounts=[account(**more)], filings=[{"account_id": "W1", **each} for each in filings])
    return rows(found["opening_facts"], "has_filing", "filing_workdays", "waited_workdays")


def test_an_opening_is_filed_after_so_many_workdays_and_the_first_form_counts():
    # 2025-07-10 is a Thursday
    assert opening({"filed_on": "2025-07-18"}, {"filed_on": "2025-07-17"}) == [(True, 5, 61)]


def test_a_form_before_the_opening_counts_as_no_day_at_all():
    assert opening({"filed_on": "2025-07-01"})[0][1] == 0


def test_a_form_after_as_of_is_not_known_yet():
    assert opening({"filed_on": "2025-07-17"}, as_of="2025-07-16") == [(False, None, 4)]


def test_a_form_without_a_date_is_filed_but_nobody_knows_when():
    assert opening({}) == [(True, None, 61)]


@pytest.mark.parametrize(("opened", "n"), [("2025-06-30", 0), ("2025-07-01", 1), ("2025-09-30", 1), ("2025-10-01", 0)])
def test_only_openings_of_the_quarter_are_asked_for(opened, n):
    assert len(opening(opened=opened)) == n


@pytest.mark.parametrize(("opened", "n"), [("2021-08-17", 0), ("2021-08-18", 1)])
def test_an_account_opened_before_the_law_is_a_normal_account(opened, n):
    found = facts(Quarter(2021, 3), accounts=[account(opened=opened)])
    assert len(found["opening_facts"]) == n
    assert found["account_quarters"]["is_live"].tolist() == [True]


# ---------------------------------------------------------------- closings
def closing(*filings, events=(), **more):
    changed = [{"account_id": "W1", "happened_on": "2025-08-14", **each} for each in events]
    filed = [{"account_id": "W1", **each} for each in filings]
    found = facts(accounts=[account(opened="2023-01-05", **more)], filings=filed, account_events=changed)
    return rows(found["closing_facts"], "closed_on", "is_status_closed", "has_event", "filing_workdays", "waited_workdays")


CLOSED = {"closed_on": "2025-08-14", "account_status": "deregistered"}  # a Thursday
DAY = pd.Timestamp("2025-08-14")


def test_a_closing_is_met_by_a_form_of_closing_or_merging_only():
    assert closing({"filed_on": "2025-08-15"}, **CLOSED) == [(DAY, True, False, None, 36)]
    assert closing({"filed_on": "2025-08-15", "filing_kind": "merger"}, **CLOSED) == [(DAY, True, False, 1, 36)]


def test_a_closing_in_the_register_of_changes_is_known_as_such_and_a_rename_is_not():
    form = {"filed_on": "2025-08-21", "filing_kind": "deregistration"}
    assert closing(form, events=[{"event_kind": "deregistration"}], **CLOSED) == [(DAY, True, True, 5, 36)]
    assert closing(form, events=[{"event_kind": "rename"}], **CLOSED) == [(DAY, True, False, 5, 36)]


def test_an_account_called_closed_without_a_day_is_listed_without_counting_days():
    assert closing(account_status="merged") == [(None, True, False, None, None)]


def test_running_accounts_and_those_closed_in_another_quarter_are_not_listed():
    assert closing() == closing(closed_on="2025-06-30", account_status="deregistered") == []


# ---------------------------------------------------------------- hand-overs
def handover(*changes, **left):
    person = {"unit_id": "U1", "from_on": "2023-01-01", "to_on": "2025-07-10", **left}
    found = facts(staff=[person], security_log=[{"happened_on": day} for day in changes])
    return rows(found["handovers"], "staff_role", "change_workdays", "waited_workdays")


def test_the_first_change_of_passwords_on_or_after_the_last_day_counts():
    assert handover("2025-07-09", "2025-07-10", "2025-07-17") == [("maintainer", 0, 61)]
    assert handover("2025-07-09", "2025-07-17", "2025-07-18") == [("maintainer", 5, 61)]


def test_without_a_change_only_the_waiting_is_known():
    assert handover("2025-07-09") == [("maintainer", None, 61)]


def test_somebody_else_s_record_is_no_change_of_passwords():
    found = facts(
        staff=[{"unit_id": "U1", "to_on": "2025-07-10"}],
        security_log=[{"happened_on": "2025-07-10", "unit_id": "U2"}, {"happened_on": "2025-07-10", "log_kind": "custody"}],
    )
    assert rows(found["handovers"], "change_workdays") == [(None,)]


def test_registers_that_nobody_filled_in_come_back_from_their_files_without_handovers(tmp_path):
    import datetime as dt

    import pyarrow.parquet as pq

    from xmt_scoring.facts import build_facts
    from xmt_scoring.settings import Settings

    saved = frames(accounts=[account()])
    for name in ("staff", "security_log"):
        pq.write_table(to_arrow(saved[name], name), tmp_path / name)
        saved[name] = from_arrow(pq.read_table(tmp_path / name), name)
    found = build_facts(saved, Quarter(2025, 3), dt.date(2025, 10, 10), Settings.default())
    assert found["handovers"].empty


def test_only_those_who_hold_passwords_and_left_in_the_quarter_hand_over_and_nobody_is_named():
    assert handover(staff_role="unit_head") == handover(to_on="2025-06-30") == handover(to_on=None) == []
    found = facts(staff=[{"unit_id": "U1", "to_on": "2025-07-10", "person_name": name} for name in ("甲", "乙")])
    assert len(found["handovers"]) == 1
    assert "person_name" not in found["handovers"]


# ---------------------------------------------------------------- owners
UNITS = [{"unit_id": "U1", "unit_name": "某县林业局"}, {"unit_id": "U2", "unit_name": "某县水利局"}]


def owned(*changes):
    events = [{"account_id": "W1", "event_kind": "owner_change", **each} for each in changes]
    found = facts(units=UNITS, account_events=events)["owner_changes"]
    return rows(found, "from_owner", "to_owner", "expected_from", "expected_to")


def test_each_change_knows_what_it_must_join_and_ids_and_names_mean_the_same():
    assert owned(
        {"happened_on": "2024-05-01", "from_value": "某县水利局", "to_value": "U1"},
        {"happened_on": "2023-05-01", "from_value": "县档案馆", "to_value": "U2"},
    ) == [("县档案馆", "某县水利局", None, None), ("某县水利局", "某县林业局", "某县水利局", "某县林业局")]


def test_a_change_after_the_quarter_is_not_looked_at():
    assert owned({"happened_on": "2025-10-01", "to_value": "U2"}) == []


def test_two_owners_on_one_day_are_refused_with_both_rows():
    with pytest.raises(XmtError) as refused:
        owned({"happened_on": "2024-05-01", "to_value": "U1"}, {"happened_on": "2024-05-01", "to_value": "U2"})
    texts = [str(problem) for problem in refused.value.problems]
    assert len(texts) == 2
    assert "a.xlsx 第 1 行「发生日期」列：账号“W1”在 2024-05-01 这一天换给了不同的主办单位，这一行写“某县林业局”" in texts[0]


def test_the_same_change_entered_twice_is_no_second_owner():
    assert len(owned(*[{"happened_on": "2024-05-01", "to_value": "U1"}] * 2)) == 2


def test_registers_without_a_row_are_no_handovers_also_when_they_come_back_from_disk(tmp_path):
    """A workspace with units and accounts only: a column read from Parquet without a row has not one chunk."""
    tables = frames(accounts=[account()])
    for name in ("staff", "security_log"):
        pq.write_table(to_arrow(tables[name], name), tmp_path / f"{name}.parquet")
        tables[name] = from_arrow(pq.read_table(tmp_path / f"{name}.parquet"), name)
    assert len(build_facts(tables, PERIOD, PERIOD.default_as_of(10), Settings.default(), None)["handovers"]) == 0
