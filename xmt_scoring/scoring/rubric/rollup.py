"""Scores of weeks, months, quarters, accounts or bodies → one score (C24), with minima that a good year does not heal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from xmt_scoring.scoring.rubric.inputs import Desk
from xmt_scoring.scoring.rubric.model import Rollup
from xmt_scoring.scoring.rubric.result import RolledUp


def roll_up(rollup: Rollup, values: object, desk: Desk) -> RolledUp:
    """`values`: numbers, None for a missing one, or {score, veto, name}; a table name → score for weights.

    A missing one is left out, counts 0, or is refused, as the scheme says; a vetoed one counts 0 or is left out.
    """
    named = list(values.items()) if isinstance(values, Mapping) else [(str(n + 1), each) for n, each in enumerate(_list(values))]
    if isinstance(values, Mapping) and rollup.weights:
        for name in values:
            if name not in rollup.weights:
                desk.wrong("rollup", f"“{name}”没有权重", f"可以写：{'、'.join(rollup.weights)}")
        named = [(name, values.get(name)) for name in rollup.weights]
    scores: list[tuple[str, Fraction | None]] = [(name, _score(rollup, each, f"第 {name} 个", desk)) for name, each in named]
    counted = [(name, score) for name, score in scores if score is not None]
    failed = tuple(
        number
        for number, (_, score) in enumerate(scores, start=1)
        if rollup.least_each is not None and score is not None and score < rollup.least_each
    )
    value = _aggregate(rollup, counted, len(scores), desk)
    is_low = rollup.least_total is not None and (value is None or value < rollup.least_total)
    return RolledUp(value, failed, not failed and not is_low, len(counted))


def _list(values: object) -> Sequence[Any]:
    return values if isinstance(values, list | tuple) else []


def _score(rollup: Rollup, entry: Any, label: str, desk: Desk) -> Fraction | None:
    if isinstance(entry, Mapping):
        if entry.get("veto"):
            return None if rollup.vetoed == "exclude" else Fraction(0)
        entry = entry.get("score")
    if entry is not None:
        return desk.number(entry, label, "得分")
    if rollup.missing == "refuse":
        desk.wrong(label, "没有得分", "请补上；缺的怎么算要在细则的 rollup 里写 missing")
    return None if rollup.missing == "exclude" else Fraction(0)


def _aggregate(rollup: Rollup, counted: list[tuple[str, Fraction]], n: int, desk: Desk) -> Fraction | None:
    if not counted:
        return None
    scores = [score for _, score in counted]
    if rollup.method in ("min", "max"):
        return min(scores) if rollup.method == "min" else max(scores)
    total = sum(scores, Fraction(0))
    if rollup.method == "sum":
        return total
    if rollup.method == "mean" or rollup.method == "setting":
        return total / len(scores)
    weights = rollup.weights
    by_place = dict(enumerate(weights.values(), start=1)) if not all(name in weights for name, _ in counted) else {}
    if by_place and n != len(weights):
        desk.wrong("rollup", f"填了 {n} 个得分，细则有 {len(weights)} 个权重", "请补齐，没有得分的留空")
        return None
    shares = [by_place[int(name)] if by_place else weights[name] for name, _ in counted]
    return sum((share * score for share, score in zip(shares, scores, strict=True)), Fraction(0)) / sum(shares)
