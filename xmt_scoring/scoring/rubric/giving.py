"""Rules that give points: what is typed in, and what the item is worth → the points earned, before any cap.

None means that the item does not apply (a ratio without a denominator under `if_denominator_zero = "na"`), or that none of
its periods has a score: then the sheet has no total.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor
from typing import Any

from xmt_scoring.scoring.rubric.inputs import Given
from xmt_scoring.scoring.rubric.taking import Params, by_level, ratio


def all_or_nothing(given: Given, params: Params, points: Fraction) -> Fraction:
    """Everything where the condition holds (by default: no event), else nothing."""
    condition = params.get("ok_if")
    names = condition.names if condition else ("events",)
    given.only(names)
    values = {name: given.number(name) for name in names}
    return points if (condition.holds(values) if condition else values["events"] == 0) else Fraction(0)


def checklist(given: Given, params: Params, points: Fraction) -> Fraction:
    """So much for each thing that is there: by name, or `each` for every one."""
    parts = params.get("parts")
    if parts is None:
        given.only(("done", "missing"))
        if given.has("missing"):
            return points - _how_many(given, "missing") * params["each"]
        return _how_many(given, "done") * params["each"]
    done = given.value.get("done") if isinstance(given.value, Mapping) and "done" in given.value else given.value
    if isinstance(done, list | tuple):
        for name in done:
            if name not in parts:
                given.desk.wrong(given.label, f"清单里没有“{name}”", f"可以写：{'、'.join(parts)}")
        return sum((parts[name] for name in dict.fromkeys(done) if name in parts), Fraction(0))
    if not isinstance(done, Mapping):
        given.desk.wrong(given.label, f"填的是 {done!r}", f"请列出做到的：{'、'.join(parts)}")
        return Fraction(0)
    return _marked(given, done, parts)


def _marked(given: Given, done: Mapping[str, Any], parts: Mapping[str, Fraction]) -> Fraction:
    earned = Fraction(0)
    for name, mark in done.items():
        if name in ("na", "veto"):
            continue
        if name not in parts:
            given.desk.wrong(given.label, f"清单里没有“{name}”", f"可以写：{'、'.join(parts)}")
            continue
        share = Fraction(mark) if isinstance(mark, bool) else given.desk.number(mark, given.label, name)
        if share > 1:
            given.desk.wrong(given.label, f"{name} 是 {mark}，做到填 1，没做到填 0，部分做到填 0 到 1 之间的数", "请改正")
        earned += parts[name] * share
    return earned


def _how_many(given: Given, name: str) -> int:
    value = given.get(name)
    return len(value) if isinstance(value, list | tuple) else given.count(name)


def steps_gain(given: Given, params: Params, points: Fraction) -> Fraction:
    """By tiers: the points of the highest edge reached. Else `first` over an edge, and `gain` for each further full step."""
    given.only(("count",))
    count = given.number("count")
    if "tiers" in params:
        reached = [tier["points"] for tier in params["tiers"] if _reaches(count, tier)]
        return max(reached, default=Fraction(0))
    edge = params.get("first_over", params.get("first_from", Fraction(0)))
    if count < edge or ("first_over" in params and count == edge):
        return Fraction(0)
    further = floor((count - edge) / params["step"]) * params["gain"] if params.get("step") else Fraction(0)
    return params.get("first", Fraction(0)) + further


def _reaches(count: Fraction, tier: Mapping[str, Fraction]) -> bool:
    if "above" in tier:
        return count > tier["above"]
    return count < tier["below"] if "below" in tier else count >= tier["from"]


def place_of(given: Given, params: Params) -> tuple[list[int], int]:
    """The places that the unit holds (several when it shares them), and how many are ranked."""
    if not given.has("scores"):
        given.only(("rank", "of"))
        return [given.count("rank")], given.count("of") if given.has("of") else 0
    given.only(("scores", "unit"))
    scores = given.value["scores"]
    unit = given.get("unit")
    if not isinstance(scores, Mapping) or unit not in scores:
        given.desk.wrong(given.label, f"scores 里没有 unit “{unit}”", "请写明给哪个单位排名")
        return [1], 0
    numbers = {name: given.desk.number(score, given.label, name, None) for name, score in scores.items()}
    own = numbers[unit]
    is_low_first = params.get("order") == "low_first"
    better = [each for each in numbers.values() if (each < own if is_low_first else each > own)]
    before = len(set(better)) if params.get("ties") == "dense" else len(better)
    same = sum(1 for each in numbers.values() if each == own)
    return list(range(before + 1, before + same + 1)), len(numbers)


def _tied(places: list[int], params: Params, worth: Callable[[int], Fraction]) -> Fraction:
    """Equal scores share the better place (the next is skipped, or under `dense` is not), the worse one, or the mean of
    their places' points."""
    how = params.get("ties", "share_better")
    if how == "share_mean":
        return sum((worth(place) for place in places), Fraction(0)) / len(places)
    return worth(places[-1] if how == "share_worse" else places[0])


def rank(given: Given, params: Params, points: Fraction) -> Fraction:
    """`first` points for the first place, `step` fewer for each further one, never below `lowest`."""
    places, _ = place_of(given, params)
    lowest = params.get("lowest", Fraction(0))
    return _tied(places, params, lambda place: max(params["first"] - (place - 1) * params["step"], lowest))


def rank_table(given: Given, params: Params, points: Fraction) -> Fraction:
    """The points of the first row whose last place (`to`, or `to_share` of all) is not passed; else `otherwise`."""
    places, n = place_of(given, params)

    def worth(place: int) -> Fraction:
        for row in params["table"]:
            if place <= (row["to"] if "to" in row else row["to_share"] * n):
                return row["points"]
        return params.get("otherwise", Fraction(0))

    return _tied(places, params, worth)


def _of_nothing(params: Params, points: Fraction) -> Fraction | None:
    """What a ratio without a denominator earns: everything (nothing was due), nothing, or the item does not apply."""
    return {"full": points, "zero": Fraction(0), "na": None}[params.get("if_denominator_zero", "full")]


def proportional(given: Given, params: Params, points: Fraction) -> Fraction | None:
    """Points × share done."""
    share = ratio(given, params)
    is_over = share > 1 if share is not None else given.source(params["numerator"]) > 0
    if is_over and params.get("over", "refuse") == "refuse" and not isinstance(params["denominator"], Fraction):
        given.desk.wrong(given.label, f"{params['numerator']} 比 {params['denominator']} 还多", "完成数不能超过应完成数，请核对")
    return _of_nothing(params, points) if share is None else points * min(share, Fraction(1))


def ratio_to_target(given: Given, params: Params, points: Fraction) -> Fraction | None:
    """Everything from `full_at` on, nothing up to `zero_at` (0), in proportion between."""
    value = ratio(given, params)
    if value is None:
        return _of_nothing(params, points)
    low, high = params.get("zero_at", Fraction(0)), params["full_at"]
    if high == low:
        return points if value >= high else Fraction(0)
    return points * min(max((value - low) / (high - low), Fraction(0)), Fraction(1))


def _present(given: Given, values: list[Fraction | None], params: Params) -> list[Fraction | None]:
    how = params.get("missing", "refuse")
    if None in values and how == "refuse":
        given.desk.wrong(given.label, f"第 {values.index(None) + 1} 期没有得分", "请补上；缺一期怎么算要在细则里写 missing(exclude 或 zero)")
    return [Fraction(0) if each is None and how != "exclude" else each for each in values]


def weighted_periods(given: Given, params: Params, points: Fraction) -> Fraction | None:
    """Σ weight × score; with `from`, scores out of that many. Excluded periods leave their weight to the others."""
    names = params.get("by_name")
    if names is not None:
        given.only((*names, "values"))
        found = given.value.get("values", given.value) if isinstance(given.value, Mapping) else {}
        values = [None if found.get(n) is None else given.desk.number(found[n], given.label, n) for n in names]
        weights = tuple(names.values())
    else:
        given.only(("values",))
        values, weights = given.optional_numbers("values"), params["weights"]
    if len(values) != len(weights):
        given.desk.wrong(given.label, f"填了 {len(values)} 期，细则有 {len(weights)} 期的权重", "请补齐，没有得分的那期写“缺”")
        return Fraction(0)
    pairs = [(w, v) for w, v in zip(weights, _present(given, values, params), strict=True) if v is not None]
    total = sum((weight for weight, _ in pairs), Fraction(0))
    if not total:
        return None
    mean = sum((weight * value for weight, value in pairs), Fraction(0)) / total
    return mean * points / params["from"] if "from" in params else mean


def mean_of_periods(given: Given, params: Params, points: Fraction) -> Fraction | None:
    """The mean of the periods, not rounded; × `factor`, or as `points` out of `from`. No period at all: no score."""
    given.only(("values",))
    values = [each for each in _present(given, given.optional_numbers("values"), params) if each is not None]
    if not values:
        return None
    mean = sum(values, Fraction(0)) / len(values)
    return mean * points / params["from"] if "from" in params else mean * params.get("factor", Fraction(1))


def level_table(given: Given, params: Params, points: Fraction) -> Fraction:
    """Σ count × gain by level."""
    return by_level(given, params["gain"], params)


def bonus(given: Given, params: Params, points: Fraction) -> Fraction:
    """Gains typed in one by one; or counts by the names of the table."""
    table = params.get("table")
    if table and isinstance(given.value, Mapping) and "gains" not in given.value:
        return by_level(given, table, params)
    given.only(("gains",))
    return sum(given.numbers("gains"), Fraction(0))


def bonus_per_event(given: Given, params: Params, points: Fraction) -> Fraction:
    """Each event the same gain."""
    given.only(("events",))
    return given.count("events") * params["gain"]


def period_base(given: Given, params: Params, points: Fraction) -> Fraction:
    """For each period the base where the target is reached; below it nothing, a share, or a loss for each one short.

    `extra` for each one above the target; `cap` limits one period.
    """
    given.only(("done",))
    base, target, below = params["base"], params["target"], params.get("below", "zero")
    earned = Fraction(0)
    for done in given.numbers("done"):
        got = base
        if done < target:
            short = (target - done) * params.get("loss_per_unit", Fraction(0))
            got = {"zero": Fraction(0), "proportional": base * done / target, "loss": max(base - short, Fraction(0))}[below]
        got += max(done - target, Fraction(0)) * params.get("extra", Fraction(0))
        earned += min(got, params["cap"]) if "cap" in params else got
    return earned


def given_score(given: Given, params: Params, points: Fraction) -> Fraction:
    """A score typed in; with `from`, out of that many."""
    given.only(("value",))
    score = given.number("value")
    return score * points / params["from"] if "from" in params else score


GIVING: Mapping[str, Callable[[Given, Params, Fraction], Fraction | None]] = {
    "all_or_nothing": all_or_nothing, "checklist": checklist, "steps_gain": steps_gain, "rank": rank, "rank_table": rank_table,
    "proportional": proportional, "ratio_to_target": ratio_to_target, "weighted_periods": weighted_periods,
    "mean_of_periods": mean_of_periods, "level_table": level_table, "bonus": bonus, "bonus_per_event": bonus_per_event,
    "period_base": period_base, "given": given_score,
}  # fmt: skip
