"""What the office can switch on beside a scheme: local vetoes L1–L4, the extra loss F1, each item on its own, weights."""

import pytest
from scoring_tables import ITEM, account, events, lines, score, unit, verdict

from xmt_scoring.scoring import load_scheme
from xmt_scoring.scoring.options import in_force, options
from xmt_scoring.settings import Settings

UNFIXED = "art21_unfixed_problem"
SCHEME = load_scheme("taibai_quarterly_2021")


def passes(check, account_id="W1"):
    return verdict(check, account_id, outcome="pass")


def test_without_any_switch_the_scheme_is_the_scheme():
    assert in_force(SCHEME, Settings.default().values) is SCHEME


def test_a_switched_veto_is_printed_with_the_scheme():
    raw = in_force(SCHEME, Settings.default(local_veto_advert=True, unfixed_loss=True).values).raw
    assert [entry["code"] for entry in raw["vetoes"]][-1] == "L1"
    assert [entry["id"] for entry in raw["items"]][-1] == "F1"
    assert "L1" not in [entry["code"] for entry in SCHEME.raw["vetoes"]]


VETOES = [
    ("local_veto_advert", "L1", "art08_advert", "commercial_advert"),
    ("local_veto_unfixed", "L2", UNFIXED, "unfixed"),
    ("local_veto_unanswered", "L3", "art11_message_reply", "unanswered"),
    ("local_veto_personal_data", "L4", "art19_personal_data_leak", None),
]


@pytest.mark.parametrize(("switch", "code", "check", "severity"), VETOES)
def test_a_local_veto_takes_everything_only_where_it_is_switched_on(switch, code, check, severity):
    rows = [verdict(check, "W1", event="e1", severity=severity)]
    assert not account(score(rows))["is_vetoed"]
    vetoed = score(rows, **{switch: True})
    assert (account(vetoed)["veto_code"], account(vetoed)["score"], account(vetoed)["grade"]) == (code, "0.00", "不合格")
    assert lines(vetoed) == [(code, "veto", "-100", "-100")]
    assert sorted(entry["setting"] for entry in options()["vetoes"]) == sorted(each[0] for each in VETOES)


@pytest.mark.parametrize(
    ("switch", "check", "severity", "left"),
    [("local_veto_advert", "art08_advert", "general", "98.00"), ("local_veto_unanswered", "art11_message_reply", "late", "99.00")],
)
def test_an_irrelevant_post_or_a_late_reply_is_no_local_veto(switch, check, severity, left):
    scored = score([verdict(check, "W1", event="e1", severity=severity)], **{switch: True})
    assert (account(scored)["is_vetoed"], account(scored)["score"]) == (False, left)


def test_an_open_row_leaves_the_local_veto_open_and_the_score_with_it():
    scored = score([verdict("art11_message_reply", "W1", outcome="no_data")], local_veto_unanswered=True)
    assert account(scored)["open_vetoes"] == "L3"
    assert account(scored)["score"] is None


def unfixed(count, *more, **settings):
    return score([*events(UNFIXED, count, severity="unfixed"), *more] if count else [passes(UNFIXED), *more], unfixed_loss=True, **settings)


@pytest.mark.parametrize(("count", "left"), [(0, "100.00"), (1, "95.00"), (2, "90.00"), (3, "90.00")])
def test_each_unfixed_problem_costs_5_and_at_most_10_beside_the_100(count, left):
    assert account(unfixed(count))["score"] == left
    assert account(score(events(UNFIXED, count, severity="unfixed")))["score"] == "100.00"


def test_the_extra_loss_stops_at_0_and_the_rows_still_add_up():
    everything = []
    for item in ITEM.values():
        for check, loss in item.losses.items():
            severity = next(iter(loss.by_severity), None) if loss.by_severity else None
            everything += [
                verdict(check, None if item.subject == "unit" else "W1", event=f"{check}-{n}", severity=severity) for n in range(60)
            ]
    kept = [row for row in everything if row["check_id"] != "art11_typo"]
    scored = unfixed(2, *kept)  # six points are left for the extra loss
    assert account(scored)["score"] == "0.00"
    assert lines(scored)[-1] == ("F1", "cap", "4", "4")
    assert account(unfixed(2, *everything))["score"] == "0.00"


def test_an_open_extra_loss_is_an_interval():
    scored = score([verdict(UNFIXED, "W1", event="z1", outcome="unverified"), *events(UNFIXED, 1, first=7, severity="unfixed")], unfixed_loss=True)
    assert (account(scored)["low"], account(scored)["high"]) == ("90.00", "95.00")


@pytest.mark.parametrize(("policy", "left"), [("full", "95.00"), ("rescale", "95.00"), ("redistribute", "95.00")])
def test_the_extra_item_takes_no_part_in_items_that_do_not_apply(policy, left):
    rows = [verdict("art11_message_reply", "W1", outcome="not_applicable")]
    assert account(unfixed(1, *rows, na_policy=policy))["score"] == left
    none = [verdict(UNFIXED, "W1", outcome="not_applicable"), verdict("art11_typo", "W1", event="t", severity="serious")]
    assert account(score(none, unfixed_loss=True, na_policy=policy))["score"] == "98.00"


@pytest.mark.parametrize(("reading", "left"), [("largest", "98.00"), ("each", "97.50")])
def test_one_event_under_two_items_costs_once_or_in_each(reading, left):
    rows = [
        verdict("art11_typo", "W1", event="11", severity="serious"), verdict("art11_unsourced_repost", "W1", event="11"),
    ]  # fmt: skip
    assert account(score(rows, repeated_event=reading))["score"] == left


@pytest.mark.parametrize(("weight", "score_of_unit"), [(1, "97.00"), (2, "96.00"), (10, "94.55")])
def test_a_main_account_weighs_as_often_as_the_office_says(weight, score_of_unit):
    from scoring_tables import PERIOD, SETTINGS, as_frames, clean

    from xmt_scoring.scoring import score_quarter

    accounts = {"W1": ("U1",), "W2": ("U1",)}
    rows = clean(events("art11_weekly_update", 3), accounts)  # W1: 94
    verdicts, quarters, named, units = as_frames(rows, accounts, ["U1"])
    named = named.assign(is_main=[True, None])
    settings = {**SETTINGS, "unit_rollup": "weighted", "main_account_weight": weight}
    scored = score_quarter(verdicts, quarters, named, units, SCHEME, settings, PERIOD)
    assert unit(scored)["score"] == score_of_unit
