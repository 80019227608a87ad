"""第二十五条: nothing that happened before 2021-08-18 is judged; an account opened before is a normal account."""

import pytest
from facts_tables import PERIOD, frames, table

from xmt_scoring.checks import run_checks
from xmt_scoring.errors import XmtError
from xmt_scoring.facts import build_facts
from xmt_scoring.frames import contracts, empty
from xmt_scoring.model import Outcome
from xmt_scoring.periods import LAW_IN_FORCE, Quarter
from xmt_scoring.settings import Settings

FIRST = Quarter(2021, 3)
WHOLE_FORM = {
    "filed_name": "某账号", "filed_owner": "某县林业局", "filed_platform": "微博", "leader_in_charge": "甲", "maintainer": "乙",
    "is_signed": True, "is_sealed": True,
}  # fmt: skip


def judged(day, period=FIRST, **more):
    """Everything that can go wrong, on one day: verdicts of all rules on an account opened in 2019 and one opened that day."""
    given = frames(
        units=[{"unit_id": "U1", "unit_name": "某县林业局", "unit_kind": "administrative_organ", "is_supervisor": False}],
        accounts=[{"account_id": "W1", "opened_on": "2019-03-04", "operator": "本单位"}, {"account_id": "W2", "opened_on": day, "operator": "本单位"}],
        filings=[{"account_id": "W1", "filed_on": "2019-03-05", **WHOLE_FORM}],
        account_events=[
            {"account_id": "W1", "event_kind": "rename", "happened_on": day},
            {"account_id": "W1", "event_kind": "owner_change", "happened_on": day, "from_value": "县档案馆", "to_value": "县水利局"},
        ],
        messages=[{"account_id": "W1", "received_at": f"{day} 09:00"}],
        posts=[{"account_id": "W1", "posted_at": f"{day} 10:00", "title": "甲"}],
        clearances=[{"account_id": "W1", "title": "甲", "posted_at": f"{day} 10:00", "cleared_at": f"{day} 11:00"}],
    )
    finding = {"event_id": "F1", "account_id": "W1", "check_item": "art11_typo", "found_on": day, "found_by_level": "county", "description": "错字"}
    given["findings"] = table("findings", finding)
    given = {name: given.get(name, empty(name)) for name in contracts()}
    settings, as_of = Settings.default(), period.default_as_of(10)
    facts = build_facts(given, period, as_of, settings)
    verdicts = run_checks(given, facts, period, as_of, settings).verdicts
    return verdicts[verdicts["account_id"] == "W1"], verdicts[verdicts["account_id"] == "W2"]


def failing(verdicts):
    return set(verdicts.loc[verdicts["outcome"] == Outcome.FAIL, "check_id"])


def test_the_day_before_nothing_is_held_against_an_account_that_is_otherwise_checked_like_any_other():
    old, _ = judged("2021-08-17")
    assert failing(old) == set()
    assert "art11_weekly_update" in set(old["check_id"])


def test_on_the_first_day_all_of_it_counts():
    old, new = judged("2021-08-18")
    assert failing(old) == {
        "art06_late_change_filing", "art09_ownership_gap", "art11_message_reply", "art11_typo", "art12_uncleared_post",
    }  # fmt: skip
    assert "art06_late_filing" in failing(new)


def test_an_account_opened_before_the_law_without_a_filing_is_told_once_under_a1_and_not_as_filed_late():
    _, opened_before = judged("2021-08-17")
    assert failing(opened_before) == {"art06_missing_filing"}


def test_a_quarter_before_the_law_is_refused():
    with pytest.raises(XmtError, match=f"自 {LAW_IN_FORCE} 起施行"):
        judged("2021-05-06", Quarter(2021, 2))
    assert PERIOD.start > LAW_IN_FORCE
