"""Scores of the default rubric: the printed vectors, bands, floors, de-duplication, vetoes, items that do not apply, ranks."""

import pandas as pd
import pytest
from scoring_tables import ITEM, SCHEME, account, as_frames, by_id, clean, events, lines, score, unit, verdict

from xmt_scoring.errors import ContractError, XmtError
from xmt_scoring.scoring import score_quarter

T1 = [
    *events("art11_weekly_update", 2), *events("art11_missing_original", 1), *events("art11_typo", 3, severity="general"),
    *events("art11_message_reply", 1, severity="late"), *events("art11_message_reply", 1, first=2, severity="unanswered"),
    *events("art12_uncleared_post", 1, severity="sampled"),
]  # fmt: skip


def losing(points: str, account_id="W1", unit_id="U1") -> list[dict]:
    """Rows that cost an account this much: weeks at 2, then reposts at 1, typos at 0.5."""
    halves = int(float(points) * 2)
    weeks, rest = divmod(halves, 4)
    reposts, typos = divmod(rest, 2)
    return [
        *events("art11_weekly_update", weeks, account_id, unit_id), *events("art11_missed_repost", reposts, account_id, unit_id),
        *events("art11_typo", typos, account_id, unit_id, severity="general"),
    ]  # fmt: skip


def test_a_clean_account_has_100_points_and_no_rows():
    scored = score([])
    assert account(scored)["score"] == "100.00"
    assert account(scored)["grade"] == "优秀"
    assert not account(scored)["is_provisional"]
    assert scored.contributions.empty


def test_vector_t1_is_87_50_and_good():
    found = account(score(T1))
    assert (found["score"], found["grade"]) == ("87.50", "良好")


@pytest.mark.parametrize(
    ("settings", "expected", "grade", "n_scored"),
    [({}, "60.83", "合格", 3), ({"unit_rollup": "min"}, "0.00", "不合格", 3), ({"vetoed_account_in_unit": "exclude"}, "91.25", "优秀", 2)],
)
def test_vector_t2_a_vetoed_account_in_the_unit(settings, expected, grade, n_scored):
    rows = [*T1, *losing("5", "W2"), verdict("art11_dormant_account", "W3", event="2025-08-01")]
    found = unit(score(rows, {"W1": ("U1",), "W2": ("U1",), "W3": ("U1",)}, **settings))
    assert (found["score"], found["grade"], found["n_accounts_scored"]) == (expected, grade, n_scored)


# ---------------------------------------------------------------- the unit of rulings §8
TWO = {"W1": ("U1",), "W2": ("U1",)}
OF_THE_UNIT = [verdict("art05_extra_account", event="extra-W2"), verdict("art14_missing_info_officer", event="2025-07 none")]
W1 = [
    *events("art11_weekly_update", 2), verdict("art11_typo", "W1", event="11", severity="general"),
    verdict("art11_unsourced_repost", "W1", event="11"),
]  # fmt: skip
W2_TYPOS = events("art11_typo", 13, "W2", severity="general")
W2_OPEN = [
    verdict("art11_weekly_update", "W2", event="week 5", outcome="no_data"), verdict("art08_grave_content", "W2", outcome="unverified"),
]  # fmt: skip


def test_the_worked_unit_first_account():
    scored = score([*OF_THE_UNIT, *W1, *W2_TYPOS, *W2_OPEN], TWO)
    assert account(scored)["score"] == "92.50"
    assert account(scored)["grade"] == "优秀"
    assert lines(scored) == [
        ("A2", "carried", "-2", "-2"), ("B1", "loss", "-2", "-2"), ("B1", "loss", "-2", "-2"),
        ("C1", "loss", "-0.5", "-0.5"), ("E3", "carried", "-1", "-1"),
    ]  # fmt: skip
    (dropped,) = scored.superseded_losses.to_dict("records")
    assert (dropped["item_id"], dropped["kept_item_id"], dropped["event_id"], str(dropped["points"])) == ("C4", "C1", "11", "-0.5000")
    assert "C1 文字差错" in dropped["message"]


def test_the_worked_unit_second_account_is_an_interval_over_two_bands():
    scored = score([*OF_THE_UNIT, *W1, *W2_TYPOS, *W2_OPEN], TWO)
    found = account(scored, "W2")
    assert (found["low"], found["high"], found["score"], found["grade"]) == ("89.00", "91.00", None, None)
    assert found["open_vetoes"] == "V1"
    assert found["is_provisional"]
    assert ("B1", "loss", "-2", "0") in lines(scored, "W2")
    assert ("C1", "cap", "0.5", "0.5") in lines(scored, "W2")
    whole = unit(scored)
    assert (whole["low"], whole["high"], whole["score"], whole["grade"]) == ("90.75", "91.75", None, "优秀")
    assert whole["is_provisional"]


def test_the_worked_unit_when_the_week_is_found_empty_and_the_veto_answered():
    scored = score([*OF_THE_UNIT, *W1, *W2_TYPOS, verdict("art11_weekly_update", "W2", event="week 5")], TWO)
    found, whole = account(scored, "W2"), unit(scored)
    assert (found["score"], found["grade"], found["open_vetoes"]) == ("89.00", "良好", None)
    assert (whole["score"], whole["grade"], whole["is_provisional"]) == ("90.75", "优秀", False)


def test_the_worked_unit_with_the_veto_found_by_the_province():
    veto = verdict("art08_grave_content", "W2", event="省-7", message="省级检查发现严重表述错误")
    scored = score([*OF_THE_UNIT, *W1, *W2_TYPOS, W2_OPEN[0], veto], TWO)
    found, whole = account(scored, "W2"), unit(scored)
    assert (found["score"], found["grade"], found["veto_code"], found["is_vetoed"]) == ("0.00", "不合格", "V1", True)
    assert lines(scored, "W2") == [("V1", "veto", "-100", "-100")]
    row = by_id(scored.contributions[scored.contributions["account_id"] == "W2"], "kind", "veto")
    assert row["contribution_id"] == "2025Q3|W2|V1|省-7"
    assert row["message"] == "省级检查发现严重表述错误"
    assert (whole["score"], whole["grade"]) == ("46.25", "不合格")


def test_carried_rows_share_their_event():
    scored = score(OF_THE_UNIT, TWO)
    carried = scored.contributions[scored.contributions["kind"] == "carried"]
    assert carried.groupby("item_id")["event_id"].nunique().to_dict() == {"A2": 1, "E3": 1}
    assert carried.groupby("item_id")["account_id"].nunique().to_dict() == {"A2": 2, "E3": 2}


# ---------------------------------------------------------------- bands, floors
@pytest.mark.parametrize(
    ("lost", "expected", "grade"),
    [("10", "90.00", "优秀"), ("10.5", "89.50", "良好"), ("20", "80.00", "良好"), ("20.5", "79.50", "合格")],
)
def test_a_band_begins_at_its_printed_edge(lost, expected, grade):
    found = account(score(losing(lost)))
    assert (found["score"], found["grade"]) == (expected, grade)


@pytest.mark.parametrize(("share", "grade"), [("90.00", "优秀"), ("89.99", "良好"), ("60.00", "合格"), ("59.99", "不合格"), ("0.00", "不合格"), ("100.00", "优秀")])
def test_bands_hold_to_the_hundredth(share, grade):
    import numpy as np

    from xmt_scoring.scoring.accounts import bands_of

    assert SCHEME.bands[bands_of(np.array([int(share.replace(".", "")) * 100]), SCHEME)[0]].name == grade


def test_an_item_never_loses_more_than_its_points():
    assert lines(score(events("art11_typo", 12, severity="general"))) == [("C1", "loss", "-0.5", "-0.5")] * 12
    over = score(events("art11_typo", 13, severity="general"))
    assert account(over)["score"] == "94.00"
    assert lines(over)[-1] == ("C1", "cap", "0.5", "0.5")
    row = over.contributions.iloc[-1]
    assert row["contribution_id"] == "2025Q3|W1|C1|-cap"
    assert row["message"] == "文字差错扣完为止（本项 6 分）"
    assert row["article"] == "11"


def test_one_leak_takes_the_whole_item_and_four_take_no_more():
    assert account(score(events("art19_personal_data_leak", 1)))["score"] == "95.00"
    four = score(events("art19_personal_data_leak", 4))
    assert account(four)["score"] == "95.00"
    assert ("C5", "cap", "15", "15") in lines(four)


def test_a_cap_row_is_open_while_it_may_change():
    scored = score([*events("art11_typo", 12, severity="general"), verdict("art11_typo", "W1", event="99", outcome="unverified", severity="serious")])
    assert ("C1", "cap", "2", "0") in lines(scored)
    found = account(scored)
    assert (found["low"], found["high"], found["score"]) == ("94.00", "94.00", None)


def test_an_uncleared_post_outside_the_sample_costs_nothing():
    scored = score(events("art12_uncleared_post", 3, severity="not_sampled"))
    assert account(scored)["score"] == "100.00"
    assert scored.contributions.empty


# ---------------------------------------------------------------- what is open
@pytest.mark.parametrize("outcome", ["no_data", "unverified"])
def test_an_open_row_without_event_holds_the_whole_item(outcome):
    scored = score([verdict("art11_message_reply", "W1", outcome=outcome)])
    assert lines(scored) == [("D1", "loss", "-14", "0")]
    assert scored.contributions["contribution_id"].tolist() == ["2025Q3|W1|D1|-art11_message_reply"]
    assert scored.contributions["event_id"].isna().all()
    assert account(scored)["score"] is None


def test_an_open_event_holds_its_own_size_or_the_largest():
    assert lines(score([verdict("art11_message_reply", "W1", event="m1", outcome="no_data")])) == [("D1", "loss", "-2", "0")]
    assert lines(score([verdict("art11_message_reply", "W1", event="m1", outcome="no_data", severity="late")])) == [("D1", "loss", "-1", "0")]


def test_a_rule_that_says_nothing_leaves_its_item_and_its_veto_open():
    accounts = {"W1": ("U1",)}
    rows = [row for row in clean([], accounts) if row["check_id"] not in ("art11_weekly_update", "art11_dormant_account")]
    scored = score(rows, accounts, fill=False)
    found = account(scored)
    assert (found["low"], found["high"], found["score"], found["open_vetoes"]) == ("80.00", "100.00", None, "V2")
    assert scored.contributions["message"].tolist() == ["规则没有给出结论，本项待定"]


def test_open_vetoes_stand_in_scheme_order_and_leave_the_interval_alone():
    scored = score([verdict("art19_faked_engagement", "W1", outcome="unverified"), verdict("art08_grave_content", "W1", outcome="unverified")])
    found = account(scored)
    assert found["open_vetoes"] == "V1、V3"
    assert (found["low"], found["high"], found["score"], found["grade"]) == ("100.00", "100.00", None, "优秀")
    assert found["is_provisional"]


# ---------------------------------------------------------------- one event, one loss
def test_the_largest_loss_of_an_event_is_taken_whatever_the_order_of_items():
    scored = score([verdict("art11_typo", "W1", event="9", severity="general"), verdict("art08_advert", "W1", event="9")])
    assert lines(scored) == [("C2", "loss", "-2", "-2")]
    scored = score([verdict("art11_typo", "W1", event="9", severity="serious"), verdict("art11_broken_link", "W1", event="9")])
    assert lines(scored) == [("C1", "loss", "-2", "-2")]


def test_on_a_tie_the_item_that_comes_first_takes_the_event():
    scored = score([verdict("art11_broken_link", "W1", event="9"), verdict("art11_unsourced_repost", "W1", event="9")])
    assert lines(scored) == [("C3", "loss", "-0.5", "-0.5")]
    assert scored.superseded_losses["kept_item_id"].tolist() == ["C3"]


def test_the_same_event_counts_once_for_each_account():
    rows = [verdict("art11_typo", each, event="9", severity="general") for each in ("W1", "W2")]
    scored = score(rows, TWO)
    assert [account(scored, each)["score"] for each in ("W1", "W2")] == ["99.50", "99.50"]
    assert scored.superseded_losses.empty


def test_an_event_that_may_yet_move_to_another_item_keeps_both_ends_true():
    small, large = verdict("art11_broken_link", "W1", event="9"), verdict("art08_advert", "W1", event="9", outcome="unverified")
    found = account(score([small, large]))
    assert (found["low"], found["high"]) == ("97.50", "100.00")
    ends = [account(score([small, {**large, "outcome": outcome}]))["score"] for outcome in ("pass", "fail")]
    assert ends == ["99.50", "98.00"]


def test_two_checks_of_one_item_with_one_event_lose_once():
    rows = [verdict("art10_missing_leader", event="p"), verdict("art14_missing_info_officer", event="p")]
    scored = score(rows)
    assert lines(scored) == [("E3", "carried", "-1", "-1")]
    assert scored.superseded_losses[["check_id", "kept_item_id"]].values.tolist() == [["art14_missing_info_officer", "E3"]]


# ---------------------------------------------------------------- vetoes, accounts that do not count
def test_the_first_veto_of_the_scheme_is_named_and_takes_one_row():
    rows = [verdict("art19_faked_engagement", "W1", event="b"), verdict("art11_dormant_account", "W1", event="a"), *T1]
    scored = score(rows)
    assert account(scored)["veto_code"] == "V2"
    assert lines(scored) == [("V2", "veto", "-100", "-100")]
    assert account(scored)["open_vetoes"] is None


def test_an_account_with_too_few_days_is_left_out_of_the_mean_and_has_no_score():
    scored = score([*events("art11_weekly_update", 5, "W2"), *losing("4")], {"W1": ("U1",), "W2": ("U1", False, True)})
    young = account(scored, "W2")
    assert (young["low"], young["score"], young["grade"], young["is_scored"]) == (None, None, None, False)
    assert lines(scored, "W2") == []
    assert (unit(scored)["score"], unit(scored)["n_accounts_scored"]) == ("96.00", 1)


def test_an_account_with_too_few_days_still_shows_a_veto():
    scored = score([verdict("art08_grave_content", "W2", event="x")], {"W1": ("U1",), "W2": ("U1", False, True)})
    young = account(scored, "W2")
    assert (young["is_vetoed"], young["veto_code"], young["grade"], young["score"]) == (True, "V1", "不合格", None)
    assert unit(scored)["score"] == "100.00"


def test_an_account_that_was_not_live_is_not_listed():
    scored = score([], {"W1": ("U1",), "W2": ("U1", False, False)})
    assert scored.account_scores["account_id"].tolist() == ["W1"]


def test_a_unit_without_a_scored_account_has_a_row_and_no_rank():
    found = unit(score([], {"W1": ("U1",)}, ["U1", "U9"]), "U9")
    assert found["n_accounts_scored"] == 0
    assert {found[name] for name in ("low", "high", "score", "grade", "rank", "rank_best", "rank_worst")} == {None}


def test_a_verdict_on_an_account_that_the_period_does_not_have_stops_the_run():
    with pytest.raises(ContractError, match="W7"):
        score([verdict("art11_typo", "W7", event="1", severity="general")])


def test_a_severity_without_a_size_is_named():
    with pytest.raises(XmtError, match="C1.规则 art11_typo.：没有情形“未答复”的分值"):
        score([verdict("art11_typo", "W1", event="1", severity="unanswered")])


def test_a_finding_without_severity_is_the_ordinary_case():
    assert account(score([verdict("art11_typo", "W1", event="1")]))["score"] == "99.50"


def test_rows_stand_in_the_order_of_account_item_kind_and_event():
    rows = [*OF_THE_UNIT, *W1, *W2_TYPOS]
    found = score(rows, TWO).contributions
    order = [(r.account_id, list(ITEM).index(r.item_id), ["loss", "carried", "cap"].index(r.kind), r.event_id if isinstance(r.event_id, str) else "") for r in found.itertuples()]
    assert order == sorted(order)
    pd.testing.assert_frame_equal(found, score(rows[::-1], dict(reversed(TWO.items()))).contributions)


def test_verdicts_of_checks_that_the_scheme_does_not_count_change_nothing():
    verdicts, *others = as_frames(clean([verdict("art09_other", "W1", event="z")], {"W1": ("U1",)}), {"W1": ("U1",)}, ["U1"])
    from scoring_tables import PERIOD, SETTINGS

    assert score_quarter(verdicts, *others, SCHEME, SETTINGS, PERIOD).contributions.empty
