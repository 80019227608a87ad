"""Items that do not apply, and ranks: full marks, rescaled or shared out; ties, and intervals of ranks while units are open."""

from scoring_tables import SCHEME, account, events, lines, score, verdict

from xmt_scoring.points import SCALE
from xmt_scoring.scoring.units import rank_interval


def losing(points: str, account_id="W1", unit_id="U1") -> list[dict]:
    """Rows that cost an account this much: weeks at 2, then reposts at 1, typos at 0.5."""
    halves = int(float(points) * 2)
    weeks, rest = divmod(halves, 4)
    reposts, typos = divmod(rest, 2)
    return [
        *events("art11_weekly_update", weeks, account_id, unit_id), *events("art11_missed_repost", reposts, account_id, unit_id),
        *events("art11_typo", typos, account_id, unit_id, severity="general"),
    ]  # fmt: skip


# ---------------------------------------------------------------- items that do not apply
NO_MESSAGES = [verdict("art11_message_reply", "W1", outcome="not_applicable"), *losing("10.5")]


def test_an_item_that_does_not_apply_keeps_its_points_by_default():
    assert account(score(NO_MESSAGES))["score"] == "89.50"


def test_rescale_scores_on_what_applies_and_shows_the_difference_as_a_row():
    scored = score(NO_MESSAGES, na_policy="rescale")
    assert account(scored)["score"] == "87.79"  # 100 × (86 − 10.5) / 86 = 87.7907
    assert lines(scored)[-1] == ("NA", "loss", "-1.71", "-1.71")
    assert scored.contributions.iloc[-1]["message"] == "不适用项目折算：按适用项目的 86 分折合 100 分"


def test_redistribute_moves_the_floors_and_leaves_the_losses():
    rows = [NO_MESSAGES[0], *events("art11_typo", 14, severity="general")]
    assert account(score(rows))["score"] == "94.00"
    assert account(score(rows, na_policy="redistribute"))["score"] == "93.18"  # 14 / 17: 0.83 for the first six items, 0.82 for C1


def test_redistribute_keeps_the_sum_of_points_to_the_hundredth():
    import numpy as np

    from xmt_scoring.scoring.accounts import item_points

    mask = np.zeros((2, len(SCHEME.items)), dtype=bool)
    mask[0, [0, 12]] = True
    mask[1] = True
    points, left = item_points(mask, SCHEME, "redistribute")
    assert points.sum(axis=1).tolist() == [100 * SCALE] * 2
    assert left.tolist() == [100 * SCALE] * 2
    assert points[0, 0] == points[0, 12] == 0
    assert set(np.unique(points[0] - np.where(mask[0], 0, [item.points for item in SCHEME.items]))) <= {0, 11800, 11900}


def test_an_open_row_is_not_an_item_that_does_not_apply():
    rows = [verdict("art10_missing_leader", outcome="not_applicable"), verdict("art14_missing_info_officer", outcome="no_data")]
    assert lines(score(rows, na_policy="rescale")) == [("E3", "carried", "-3", "0")]


def test_an_item_with_a_finding_applies_even_where_another_row_says_that_it_does_not():
    rows = [NO_MESSAGES[0], *events("art11_message_reply", 1, severity="late")]
    assert lines(score(rows, na_policy="rescale")) == [("D1", "loss", "-1", "-1")]


# ---------------------------------------------------------------- ranks
FIVE = {f"W{n}": (f"U{n}",) for n in range(1, 6)}


def test_ties_share_a_rank_and_the_next_one_skips():
    rows = [*losing("2", "W1", "U1"), *losing("2", "W3", "U3"), *losing("7", "W4", "U4"), *losing("2", "W5", "U5")]
    scored = score(rows, FIVE)
    assert scored.unit_scores["rank"].tolist() == [2, 1, 2, 5, 2]
    assert (scored.unit_scores["rank_best"] == scored.unit_scores["rank_worst"]).all()


def test_an_open_unit_has_a_rank_interval_and_so_have_those_that_it_may_pass():
    rows = [verdict("art11_missing_original", "W1", "U1", outcome="unverified"), *losing("3", "W2", "U2"), *losing("5", "W3", "U3"), *losing("9", "W4", "U4")]
    ranks = score(rows, {each: FIVE[each] for each in ("W1", "W2", "W3", "W4")}).unit_scores
    assert ranks[["rank_best", "rank_worst"]].values.tolist() == [[1, 2], [1, 2], [2, 3], [4, 4]]
    assert ranks["rank"].isna().tolist() == [True, True, True, False]


def test_rank_intervals_agree_with_all_orders_of_a_small_field():
    import itertools

    import numpy as np

    low, high = np.array([1, 2, 2, 4]), np.array([3, 2, 5, 4])
    seen = [set() for _ in low]
    for values in itertools.product(*(range(a, b + 1) for a, b in zip(low, high, strict=True))):
        for place, value in enumerate(values):
            seen[place].add(1 + sum(other > value for other in values))
    best, worst = rank_interval(low, high)
    assert [(min(ranks), max(ranks)) for ranks in seen] == list(zip(best.tolist(), worst.tolist(), strict=True))
