"""What holds of every score, on random findings; and a plain reference in Decimal that scores one account at a time."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_tables import SCHEME, SETTINGS, clean, score, verdict

from xmt_scoring.points import SCALE

CENT = Decimal("0.01")
ACCOUNTS = {"W1": ("U1",), "W2": ("U1",), "W3": ("U2",), "W4": ("U2", False, True)}
CHECK = {check: (item, loss) for item in SCHEME.items for check, loss in item.losses.items()}
VETO = {check: veto.code for veto in SCHEME.vetoes for check in veto.checks}
FULL = {item.id: Decimal(item.points) / SCALE for item in SCHEME.items}
ORDER = [item.id for item in SCHEME.items]


def severities(check):
    sizes = CHECK[check][1].by_severity if check in CHECK else None
    return [None, *sizes] if sizes else [None]


@st.composite
def subject_rows(draw, max_events=6, shares_events=True):
    """What one check says of one subject: findings and open events, or one row without event."""
    check = draw(st.sampled_from([*CHECK, *VETO] if draw(st.integers(0, 9)) == 0 else list(CHECK)))
    is_unit = check in CHECK and CHECK[check][0].subject == "unit"
    account = draw(st.sampled_from(list(ACCOUNTS)))
    unit, account = ACCOUNTS[account][0], None if is_unit else account
    if draw(st.integers(0, 3)) == 0:
        outcome = draw(st.sampled_from(["no_data", "unverified", "not_applicable", "pass"]))
        return [verdict(check, account, unit, outcome=outcome)]
    named = st.integers(1, 8).map(lambda n: f"e{n}" if shares_events else f"{check}-{account}-{n}")
    found = draw(st.lists(named, min_size=1, max_size=max_events, unique=True))
    outcomes = st.sampled_from(["fail", "fail", "fail", "no_data"])
    return [verdict(check, account, unit, each, draw(outcomes), draw(st.sampled_from(severities(check)))) for each in found]


@st.composite
def all_rows(draw, shares_events=True):
    """At most one answer of each check about each subject."""
    told = {}
    for rows in draw(st.lists(subject_rows(shares_events=shares_events), max_size=14)):
        told.setdefault((rows[0]["check_id"], rows[0]["unit_id"], rows[0]["account_id"]), rows)
    return [row for rows in told.values() for row in rows]


POLICIES = st.sampled_from(["full", "rescale", "redistribute"])
quick = settings(max_examples=20, deadline=None, derandomize=True)  # many more against the reference in the long suite


# ---------------------------------------------------------------- the reference
def nominal(row, worth):
    """(certain, at most) of one verdict row."""
    item, loss = CHECK[row["check_id"]]
    if loss.is_all_or_nothing or (row["outcome"] != "fail" and row["event_id"] is None):
        size = worth[item.id]
    elif loss.by_severity is None:
        size = Decimal(loss.per_event) / SCALE
    else:
        sizes = {name: Decimal(value) / SCALE for name, value in loss.by_severity.items()}
        unnamed = next(iter(sizes.values())) if row["outcome"] == "fail" else max(sizes.values())
        size = sizes.get(row["severity"], unnamed)
    return (size if row["outcome"] == "fail" else Decimal(0)), size


def worth_of(rows, policy):
    """What each item is worth for the account, and the points left to score on."""
    outcomes = defaultdict(dict)
    for row in rows:
        if row["check_id"] in CHECK:
            outcomes[CHECK[row["check_id"]][0].id].setdefault(row["check_id"], set()).add(row["outcome"])
    absent = [item.id for item in SCHEME.items if all(outcomes[item.id].get(check) == {"not_applicable"} for check in item.checks)]
    others = [each for each in ORDER if each not in absent]
    worth, left = dict(FULL), Decimal(100)
    if not others or policy == "full":
        return worth, left
    pool = sum(FULL[each] for each in absent)
    if policy == "rescale":
        return worth, left - pool
    cents = int(pool * 100)
    for place, each in enumerate(others):
        worth[each] += (cents // len(others) + (place < cents % len(others))) * CENT
    return worth | dict.fromkeys(absent, Decimal(0)), left


def reference(rows, account, policy):
    """low, high, veto code and open vetoes of one scored account; `rows` are those that concern it."""
    vetoed = {VETO[row["check_id"]] for row in rows if row["check_id"] in VETO and row["outcome"] == "fail"}
    if vetoed:
        return Decimal(0), Decimal(0), min(vetoed), []
    waiting = {VETO[row["check_id"]] for row in rows if row["check_id"] in VETO and row["outcome"] in ("no_data", "unverified")}
    worth, left = worth_of(rows, policy)
    by_event = defaultdict(dict)  # event → item → [certain, at most, carried]
    for row in rows:
        if row["check_id"] not in CHECK or row["outcome"] in ("pass", "not_applicable"):
            continue
        sure, most = nominal(row, worth)
        event = row["event_id"] or ("", row["check_id"])
        item = CHECK[row["check_id"]][0].id
        old = by_event[event].get(item, (Decimal(0), Decimal(0), False))
        if most > 0:
            by_event[event][item] = (max(old[0], sure), max(old[1], most), old[2] or row["account_id"] is None)
    lost = {"sure": defaultdict(Decimal), "most": defaultdict(Decimal)}
    for found in by_event.values():
        for item, (sure, most, carried) in found.items():
            rivals = [(other, value) for other, value in found.items() if other != item]
            beaten = any(value[0] > most or (value[0] == most and ORDER.index(other) < ORDER.index(item)) for other, value in rivals)
            unbeatable = all(value[1] < sure or (value[1] == sure and ORDER.index(other) > ORDER.index(item)) for other, value in rivals)
            if carried or not beaten:
                lost["most"][item] += most
            if carried or unbeatable:
                lost["sure"][item] += sure
    ends = []
    for which in ("most", "sure"):
        loss = sum((min(value, worth[item]) for item, value in lost[which].items()), Decimal(0))
        ends.append((100 * (left - loss) / left).quantize(CENT, ROUND_HALF_UP))
    return ends[0], ends[1], None, sorted(waiting)


def concerning(rows, account):
    return [row for row in rows if row["account_id"] == account or (row["account_id"] is None and row["unit_id"] == ACCOUNTS[account][0])]


def figures(scored):
    """(low, high) by account and by unit."""
    return {
        key: (None if pd.isna(low) else low, None if pd.isna(high) else high)
        for frame, column in ((scored.account_scores, "account_id"), (scored.unit_scores, "unit_id"))
        for key, low, high in zip(frame[column], frame["low"], frame["high"], strict=True)
    }


# ---------------------------------------------------------------- properties
@quick
@given(all_rows(), POLICIES)
def test_every_account_agrees_with_the_plain_reference(rows, policy):
    scored = score(rows, ACCOUNTS, na_policy=policy)
    filled = clean(rows, ACCOUNTS)
    for line in scored.account_scores[scored.account_scores["is_scored"]].to_dict("records"):
        low, high, veto, waiting = reference(concerning(filled, line["account_id"]), line["account_id"], policy)
        assert (line["low"], line["high"]) == (low, high)
        assert (veto or None) == (None if pd.isna(line["veto_code"]) else line["veto_code"])
        assert "、".join(waiting) == ("" if pd.isna(line["open_vetoes"]) else line["open_vetoes"])


@quick
@given(all_rows(), st.sampled_from(["mean", "min"]), st.sampled_from(["zero", "exclude"]))
def test_a_unit_is_the_stated_aggregate_of_its_printed_account_scores(rows, method, vetoed):
    scored = score(rows, ACCOUNTS, unit_rollup=method, vetoed_account_in_unit=vetoed)
    for line in scored.unit_scores.to_dict("records"):
        mine = scored.account_scores[(scored.account_scores["unit_id"] == line["unit_id"]) & scored.account_scores["is_scored"]]
        mine = mine[~mine["is_vetoed"]] if vetoed == "exclude" else mine
        assert line["n_accounts_scored"] == len(mine)
        for end in ("low", "high", "score"):
            printed = list(mine[end])
            if not printed or any(pd.isna(value) for value in printed):
                assert pd.isna(line[end])
                continue
            exact = min(printed) if method == "min" else (sum(printed) / len(printed)).quantize(CENT, ROUND_HALF_UP)
            assert line[end] == exact


@quick
@given(all_rows(), st.sampled_from(sorted(CHECK)), st.sampled_from(list(ACCOUNTS)), POLICIES, st.data())
def test_a_further_finding_never_raises_a_score(rows, check, account, policy, data):
    """Of an event of its own, or a further one in the same item; `na_policy` is that of a duty that does apply."""
    is_unit = CHECK[check][0].subject == "unit"
    subject = (check, ACCOUNTS[account][0], None if is_unit else account)
    mine = [row for row in rows if (row["check_id"], row["unit_id"], row["account_id"]) == subject]
    if any(row["event_id"] is None and row["outcome"] == "not_applicable" for row in mine):
        return
    severity = data.draw(st.sampled_from(severities(check)))
    found = verdict(check, subject[2], subject[1], "new", severity=severity)
    kept = [row for row in rows if row not in mine or row["outcome"] in ("fail", "no_data", "unverified")]
    before, after = figures(score(rows, ACCOUNTS, na_policy=policy)), figures(score([*kept, found], ACCOUNTS, na_policy=policy))
    for key, (low, high) in before.items():
        assert low is None or (after[key][0] <= low and after[key][1] <= high), key


@quick
@given(all_rows(), st.randoms(use_true_random=False))
def test_order_and_repetition_of_rows_change_nothing(rows, random):
    filled = clean(rows, ACCOUNTS)
    shuffled = [*filled, *random.choices(filled, k=5)]
    random.shuffle(shuffled)
    first, second = (score(each, ACCOUNTS, fill=False) for each in (filled, shuffled))
    for name in ("contributions", "superseded_losses", "account_scores", "unit_scores"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))


@quick
@given(all_rows())
def test_a_unit_does_not_change_another(rows):
    whole = score(rows, ACCOUNTS)
    alone = {each: told for each, told in ACCOUNTS.items() if told[0] == "U1"}
    part = score([row for row in rows if row["unit_id"] == "U1"], alone)
    assert figures(part) == {key: value for key, value in figures(whole).items() if key in figures(part)}
    mine = whole.contributions[whole.contributions["unit_id"] == "U1"].reset_index(drop=True)
    pd.testing.assert_frame_equal(part.contributions, mine)


@quick
@given(all_rows())
def test_an_item_never_loses_more_than_its_points(rows):
    found = score(rows, ACCOUNTS).contributions
    found = found[found["kind"] != "veto"]
    for (_, item), sums in found.groupby(["account_id", "item_id"])[["low", "high"]].sum().iterrows():
        assert -FULL[item] <= sums["low"] <= sums["high"] <= 0


@quick
@given(all_rows(), POLICIES, st.data())
def test_deciding_what_is_open_lands_inside_the_interval(rows, policy, data):
    before = figures(score(rows, ACCOUNTS, na_policy=policy))
    decided = []
    for row in rows:
        if row["outcome"] not in ("no_data", "unverified") or row["check_id"] in VETO:
            decided.append(row)
            continue
        outcome = data.draw(st.sampled_from(["pass", "fail"]))
        sizes = [row["severity"]] if row["severity"] else severities(row["check_id"])
        if outcome == "fail" and row["event_id"] is None:
            count = data.draw(st.integers(1, 30))
            decided += [{**row, "outcome": "fail", "event_id": f"decided-{row['check_id']}-{n}", "severity": data.draw(st.sampled_from(sizes))} for n in range(count)]
        else:
            decided.append({**row, "outcome": outcome, "severity": data.draw(st.sampled_from(sizes)) if outcome == "fail" else None})
    after = score(decided, ACCOUNTS, na_policy=policy)
    for key, (low, high) in figures(after).items():
        if before[key][0] is not None:
            assert before[key][0] <= low <= high <= before[key][1], key
    points = after.contributions
    assert points["points"].notna().all()


@pytest.mark.long
@settings(max_examples=1500, deadline=None)
@given(all_rows(), POLICIES)
def test_many_accounts_agree_with_the_plain_reference(rows, policy):
    test_every_account_agrees_with_the_plain_reference.hypothesis.inner_test(rows, policy)


def test_the_reference_itself_gives_vector_t1():
    from test_scoring import T1

    rows = [row for row in clean(T1, {"W1": ("U1",)}) if row["account_id"] in ("W1", None)]
    assert reference(rows, "W1", SETTINGS["na_policy"])[:2] == (Decimal("87.50"), Decimal("87.50"))
