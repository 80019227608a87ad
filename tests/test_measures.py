"""Proposed measures (第二十四条): the ladder of 盘锦, our own steps, what was taken before; never a decision."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.frames import conform, empty
from xmt_scoring.periods import Quarter
from xmt_scoring.scoring.measures import LADDER, RULE, propose_measures

PERIOD, AS_OF = Quarter(2025, 3), dt.date(2025, 10, 10)


def verdicts(*rows):
    """(check, account or None, event): failing verdicts of unit U1."""
    made = [
        {
            "check_id": check, "article": load_rules()[check].article, "unit_id": "U1", "account_id": account, "event_id": event,
            "outcome": "fail", "message": "不合格",
        }
        for check, account, event in rows
    ]  # fmt: skip
    return conform(pd.DataFrame(made), "verdicts") if made else empty("verdicts")


def weeks(*mondays, account="W1"):
    return [("art11_weekly_update", account, f"{account}|{monday}") for monday in mondays]


def scores(**accounts):
    """account → score as text, or a veto code."""
    made = [
        {
            "account_id": account, "account_name": account, "unit_id": "U1", "platform": "weibo", "is_scored": True, "is_provisional": False,
            "score": Decimal("0.00") if value.startswith("V") else Decimal(value),
            "is_vetoed": value.startswith("V"), "veto_code": value if value.startswith("V") else None,
        }
        for account, value in (accounts or {"W1": "95.00"}).items()
    ]  # fmt: skip
    return conform(pd.DataFrame(made), "account_scores")


def sanctions(*rows):
    """(account or None, measure, day)."""
    made = [
        {"unit_id": "U1", "account_id": account, "measure": measure, "issued_on": pd.Timestamp(day), "src_file": "处置.xlsx", "src_row": n}
        for n, (account, measure, day) in enumerate(rows, start=2)
    ]
    return conform(pd.DataFrame(made), "sanctions") if made else empty("sanctions")


def proposed(found=(), scored=None, taken=(), previous=None, as_of=AS_OF):
    """account (None: the unit) → (measure, reasons)."""
    made = propose_measures(verdicts(*found), scores() if scored is None else scored, sanctions(*taken), previous, PERIOD, as_of)
    names = [None if pd.isna(name) else name for name in made["account_id"]]
    return dict(zip(names, zip(made["measure"], made["reasons"], strict=True), strict=True)), made


def measure_of(account="W1", **given):
    return proposed(**given)[0].get(account, (None, None))[0]


def test_nothing_wrong_nothing_proposed():
    assert proposed()[0] == {}
    assert list(proposed()[1].columns) == list(empty("proposed_measures").columns)


@pytest.mark.parametrize(
    ("mondays", "measure"),
    [
        (["2025-07-07"], "formal_warning"),
        (["2025-07-07", "2025-08-04", "2025-09-01"], "formal_warning"),  # one in each month
        (["2025-07-07", "2025-07-21"], "bulletin"),
        (["2025-07-21", "2025-07-28"], "formal_warning"),  # the Sunday of the second is 08-03: another month
        (["2025-07-28", "2025-08-25"], "bulletin"),  # Sundays 08-03 and 08-31: the same month
    ],
)
def test_the_ladder_of_panjin_counts_missed_weeks_by_month(mondays, measure):
    assert measure_of(found=weeks(*mondays)) == measure


def test_a_proposal_says_why_on_what_evidence_and_whose_practice_it_is():
    made = proposed(found=weeks("2025-07-07", "2025-07-21"))[1].iloc[0]
    assert made["reasons"] == "本季度缺更 2 周，其中一个月内 2 周以上"
    assert made["evidence_words"] == "缺更的周：2025-07-07、2025-07-21"
    assert "盘锦市 2022 年 8 月" in made["ladder_basis"] and made["article"] == "24"


def test_more_than_five_weeks_are_not_all_written_out():
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2025-07-07", periods=7, freq="7D")]
    made = proposed(found=weeks(*days))[1].iloc[0]
    assert made["evidence_words"] == "缺更的周：" + "、".join(days[:5]) + " 等" and "缺更 7 周" in made["reasons"]


@pytest.mark.parametrize(("score", "measure"), [("59.99", "regulatory_talk"), ("60.00", None)])
def test_below_sixty_a_talk_is_proposed_and_at_sixty_nothing(score, measure):
    assert measure_of(scored=scores(W1=score)) == measure


def test_an_open_score_proposes_nothing():
    open_score = scores(W1="50.00").assign(score=pd.Series([None], dtype=scores()["score"].dtype))
    assert proposed(scored=open_score)[0] == {}


def test_a_veto_proposes_a_bulletin_and_takes_the_place_of_lower_reasons():
    found = [("art11_dormant_account", "W1", "W1|dormant|2025-08-20"), *weeks("2025-08-04")]
    made = proposed(found=found, scored=scores(W1="V2"))[1].iloc[0]
    assert made["measure"] == "bulletin" and made["reasons"] == "本季度被单项否决（V2）\n本季度缺更 1 周"
    assert made["evidence_words"].startswith("两周内无更新\n")


@pytest.mark.parametrize(("number", "measure"), [(1, None), (2, "regulatory_talk")])
def test_a_unit_that_fails_in_two_duties_of_management_is_talked_to(number, measure):
    found = [("art10_missing_leader", None, "U1|a"), ("art14_missing_info_officer", None, "U1|b")][:number]
    assert measure_of(None, found=found) == measure


def test_duties_of_the_supervising_office_are_no_reason_against_its_unit():
    found = [("art21_missing_bulletin", None, "x"), ("art22_unchecked_account", None, "y"), ("art10_missing_leader", None, "z")]
    assert proposed(found=found)[0] == {}


def test_two_kinds_of_problems_that_come_again_are_a_warning_and_one_is_not():
    found = [("art11_typo", "W1", "F9"), ("art11_broken_link", "W1", "F8")]
    before = {"verdicts": verdicts(("art11_typo", "W1", "F1"), ("art11_broken_link", "W1", "F2")), "account_scores": scores()}
    assert measure_of(found=found, previous=before) == "formal_warning"
    once = {**before, "verdicts": verdicts(("art11_typo", "W1", "F1"), ("art11_typo", "W1", "F2"))}
    assert measure_of(found=found, previous=once) is None


@pytest.mark.parametrize(
    ("taken", "measure"),
    [
        ([], "formal_warning"),
        ([("W1", "regulatory_talk", "2025-05-01")], "formal_warning"),  # lower than what is proposed anyway
        ([("W1", "formal_warning", "2025-05-01")], "bulletin"),
        ([("W1", "bulletin", "2025-05-01")], "bulletin"),  # a closure is never reached by repetition
        ([("W1", "formal_warning", "2024-07-01")], "bulletin"),  # 365 days before the quarter
        ([("W1", "formal_warning", "2024-06-30")], "formal_warning"),  # 366 days
        ([("W1", "formal_warning", "2025-07-01")], "formal_warning"),  # in the quarter: it may be for this very problem
        ([("W2", "formal_warning", "2025-05-01")], "formal_warning"),  # another account
        ([(None, "formal_warning", "2025-05-01")], "formal_warning"),  # the unit, not the account
        ([("W1", "accountability", "2025-05-01")], "formal_warning"),  # no step of the ladder
    ],
)
def test_what_was_taken_before_the_quarter_raises_the_proposal_by_one_step(taken, measure):
    assert measure_of(found=weeks("2025-08-04"), taken=taken) == measure


def test_a_raised_proposal_names_the_earlier_measure():
    made = proposed(found=weeks("2025-08-04"), taken=[("W1", "formal_warning", "2025-05-01")])[1].iloc[0]
    assert "此前已警告（2025-05-01），又出现问题" in made["reasons"]
    assert (made["last_measure"], made["last_issued_on"]) == ("formal_warning", pd.Timestamp("2025-05-01"))


def test_a_measure_of_the_quarter_is_shown_and_one_after_the_closing_day_is_not():
    taken = [("W1", "regulatory_talk", "2025-09-22"), ("W1", "bulletin", "2025-10-11")]
    made = proposed(found=weeks("2025-08-04"), taken=taken)[1].iloc[0]
    assert (made["last_measure"], made["measure"]) == ("regulatory_talk", "formal_warning")


def test_a_closure_is_proposed_only_after_two_vetoes_in_a_row_and_a_bulletin():
    before = {"verdicts": verdicts(), "account_scores": scores(W1="V1")}
    now, bulletin = scores(W1="V2"), [("W1", "bulletin", "2025-05-01")]
    assert measure_of(scored=now, taken=bulletin, previous=before) == "closure_order"
    assert measure_of(scored=now, taken=[], previous=before) == "bulletin"
    assert measure_of(scored=now, taken=bulletin, previous={**before, "account_scores": scores(W1="88.00")}) == "bulletin"
    assert measure_of(scored=now, taken=bulletin, previous=None) == "bulletin"


def test_the_steps_are_the_four_measures_of_the_law_in_its_order():
    from xmt_scoring import law
    from xmt_scoring.glossary import word

    assert "、".join(word("measure", step) for step in LADDER[:3]) + "或者" + word("measure", LADDER[3]) in law.article("24")


def test_every_threshold_that_no_published_practice_gives_says_that_it_is_ours():
    for dated in load_rules()[RULE].params.values():
        for entry in dated:
            assert entry.reference.startswith("本软件建议值") != ("盘锦市" in entry.reference or "宝鸡市" in entry.reference)
