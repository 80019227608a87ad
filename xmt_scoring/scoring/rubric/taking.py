"""Rules that take points: what is typed in → the loss before any floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from xmt_scoring.scoring.rubric.inputs import Given

Params = Mapping[str, Any]


def ratio(given: Given, params: Params) -> Fraction | None:
    """numerator / denominator by the scheme's names, or the bare `value`; None where the denominator is 0."""
    if "numerator" not in params:
        given.only(("value",))
        return given.number("value")
    names = [each for each in (params["numerator"], params.get("denominator")) if isinstance(each, str)]
    given.only(names)
    above = given.source(params["numerator"])
    below = given.source(params["denominator"]) if "denominator" in params else Fraction(1)
    return above / below if below else None


def per_event(given: Given, params: Params) -> Fraction:
    """Each event the same."""
    given.only(("events",))
    return given.count("events") * params["loss"]


def per_event_by_severity(given: Given, params: Params) -> Fraction:
    """Each event by its case."""
    found = given.counts(params["losses"], "情形")
    return sum((params["losses"][name] * count for name, count in found.items()), Fraction(0))


def shortfall(given: Given, params: Params) -> Fraction:
    """Each unit, or each begun `step`, that is short of the target."""
    given.only(("done", "target"))
    target = given.number("target") if given.has("target") or "target" not in params else params["target"]
    short = max(target - given.number("done"), Fraction(0))
    step = params.get("step")
    return (Fraction(ceil(short / step)) if step else short) * params["loss_per_unit"]


def threshold_loss(given: Given, params: Params) -> Fraction:
    """The largest loss among the limits that are crossed; a limit itself is still good."""
    value = ratio(given, params)
    tiers = params.get("tiers") or (params,)
    worst = max(tier["loss"] for tier in tiers)
    if value is None:
        return worst if params.get("if_denominator_zero") == "zero" else Fraction(0)
    crossed = [
        tier["loss"]
        for tier in tiers
        if ("below" in tier and value < tier["below"]) or ("above" in tier and value > tier["above"])
    ]
    return max(crossed, default=Fraction(0))


def escalating(given: Given, params: Params) -> Fraction:
    """The first event the first loss, the second the second …; then `after_last` each (or the last one again)."""
    given.only(("events",))
    return climbed(params, 0, given.count("events"))


def climbed(params: Params, start: int, n: int) -> Fraction:
    """The losses of `n` events after `start` earlier ones."""
    losses, after = params["losses"], params.get("after_last", params["losses"][-1])
    listed = sum(losses[start : start + n], Fraction(0))
    beyond = max(start + n - len(losses), 0) - max(start - len(losses), 0)
    return listed + beyond * after


def escalating_by_period(given: Given, params: Params) -> Fraction:
    """Counts by period. `within_period`: each period begins anew; `across_periods`: the n-th event of all periods;
    `consecutive`: the n-th period in a row with an event (however many) costs the n-th loss; a clean one ends the row."""
    given.only(("periods",))
    counts = given.numbers("periods")
    how = params.get("count", "within_period")
    if how == "within_period":
        return sum((climbed(params, 0, int(count)) for count in counts), Fraction(0))
    if how == "across_periods":
        return climbed(params, 0, int(sum(counts)))
    lost, row = Fraction(0), 0
    for count in counts:
        if count:
            lost += climbed(params, row, 1)
        row = row + 1 if count else 0
    return lost


def level_loss(given: Given, params: Params) -> Fraction:
    """Events by the level that found them."""
    return by_level(given, params["loss"], params)


def by_level(given: Given, table: Mapping[str, Fraction], params: Params) -> Fraction:
    """Σ count × size by level; with keep = "highest" only the largest size once."""
    found = {name: count for name, count in given.counts(table, "层级").items() if count}
    if params.get("keep") == "highest":
        return max((table[name] for name in found), default=Fraction(0))
    return sum((table[name] * count for name, count in found.items()), Fraction(0))


def sum_of_losses(given: Given, params: Params) -> Fraction:
    """Losses typed in one by one."""
    given.only(("losses",))
    return sum(given.numbers("losses"), Fraction(0))


def checklist_loss(given: Given, params: Params) -> Fraction:
    """So much for each thing that is missing."""
    given.only(("missing",))
    missing = given.get("missing")
    n = len(missing) if isinstance(missing, list | tuple) else given.count("missing")
    return n * params["loss_each"]


TAKING: Mapping[str, Callable[[Given, Params], Fraction]] = {
    "per_event": per_event, "per_event_by_severity": per_event_by_severity, "shortfall": shortfall,
    "threshold_loss": threshold_loss, "escalating": escalating, "escalating_by_period": escalating_by_period,
    "level_table": level_loss, "sum_of_losses": sum_of_losses, "checklist": checklist_loss,
}  # fmt: skip
