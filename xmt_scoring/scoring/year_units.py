"""One unit's year: both ends of the rubric, the rows that add up to it exactly, and the veto last (第二十二条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from xmt_scoring.points import SCALE
from xmt_scoring.scoring.rubric import Result, Rubric, evaluate
from xmt_scoring.scoring.year_items import BONUS, ENDS, EVENTS, PERIODS, SEVERITIES, Inputs, Row

TOTAL = "T"  # the item of rows that belong to the sum: cap, floor, rounding


@dataclass(frozen=True)
class Standing:
    """What decides beside the items: vetoes found or possible, whether the unit takes part, whether it is closed."""

    zeroing: tuple[tuple[str, str, str], ...]  # event, message, level of each veto that takes the year
    is_zero_open: bool  # nobody has looked through the notices of the year
    has_veto: bool
    has_open_veto: bool
    takes_part: bool
    is_year_over: bool
    has_open_quarter: bool
    closed_end: str | None


@dataclass(frozen=True)
class UnitYear:
    """The outcome: results at both ends, rows in ten-thousandths as (row, low, high), whether something is open."""

    low: Result
    high: Result
    rows: tuple[tuple[Row, int, int], ...]
    is_open: bool
    is_zeroed: bool
    notes: Mapping[str, Sequence[str]]  # item → what else to say of it


def unit_year(
    rubric: Rubric, inputs: Mapping[str, Inputs], standing: Standing, title: str, notes: Mapping[str, Sequence[str]]
) -> UnitYear:
    """Evaluate one unit. For `low` and `high`: base + the sum of the rows = the printed score, exactly."""
    results = {end: evaluate(rubric, _sheet(rubric, inputs, standing, end), options={"title": title}) for end in ENDS}
    low, high = results["low"], results["high"]
    rows = [(row, _units(row.low), _units(row.high)) for given in inputs.values() for row in given.rows]
    rows += [tail for item in rubric.items if (tail := _tail(rubric, item.id, rows, low, high, standing)) is not None]
    rows += _of_the_sum(rubric, rows, low, high)
    is_open = any(at_low != at_high for _, at_low, at_high in rows)
    if not standing.closed_end:
        is_open |= standing.is_zero_open or standing.has_open_quarter or standing.has_open_veto or not standing.is_year_over
    if standing.zeroing:
        event, message, _ = standing.zeroing[0]
        veto = next(veto for veto in rubric.vetoes if veto.outcome == "zero")
        before = tuple(_cents(result.before_veto) for result in (low, high))
        check = veto.checks[0] if veto.checks else None
        rows.append((Row(veto.code, "veto", Fraction(0), Fraction(0), message, veto.article, check, event), -before[0], -before[1]))
    return UnitYear(low, high, tuple(rows), is_open, bool(standing.zeroing), notes)


def _sheet(rubric: Rubric, inputs: Mapping[str, Inputs], standing: Standing, end: str) -> dict[str, Any]:
    """What `evaluate` takes; the bonus is barred by a veto that was found, and at the low end by one that may be."""
    sheet: dict[str, Any] = {name: given.at(end) for name, given in inputs.items()}
    may_be = standing.has_open_veto and (standing.closed_end or end) == "low"
    barred = [veto.code for veto in rubric.vetoes if veto.outcome == "bar_bonus" and (standing.has_veto or may_be)]
    zero = next(veto.code for veto in rubric.vetoes if veto.outcome == "zero")
    sheet["vetoes"] = [*barred, *({"code": zero, "level": level} for _, _, level in standing.zeroing)]
    return sheet


def _units(points: Fraction) -> int:
    """Ten-thousandths, half-up."""
    sign = -1 if points < 0 else 1
    return sign * int((abs(points) * SCALE * 2 + 1) // 2)


def _cents(printed: Any) -> int:
    return 0 if printed is None else int(Fraction(printed) * SCALE)


def _amount(result: Result, name: str) -> Fraction:
    """What an item takes (negative) or brings."""
    part = result.items[name]
    return part.gained if part.is_bonus else -part.lost


def _tail(
    rubric: Rubric, name: str, rows: list[tuple[Row, int, int]], low: Result, high: Result, standing: Standing
) -> tuple[Row, int, int] | None:
    """The row that brings an item's rows to what the item really takes or brings: its cap, a closed gate, its rounding."""
    item = next(item for item in rubric.items if item.id == name)
    ends = []
    for place, result in ((1, low), (2, high)):
        listed = sum((line[1:][place - 1] for line in rows if line[0].item == name), 0)
        ends.append(_units(_amount(result, name)) - listed)
    if not any(ends):
        return None
    kind = "cap" if item.rule.type in (EVENTS, SEVERITIES, BONUS) else "rounding"
    if item.rule.type == BONUS:
        limit = _spoken(item.at_most if item.at_most is not None else item.points)
        gates = {gate.id: _spoken(gate.value) for gate in rubric.gates}
        is_shut = bool(item.gate) and not (low.gates.get(str(item.gate), True) and high.gates.get(str(item.gate), True))
        reasons = ["年内有单项否决"] * standing.has_veto + ["年内的否决项还没有核查完"] * (standing.has_open_veto and not standing.has_veto)
        reasons += [f"加分前得分没有超过 {gates.get(str(item.gate), '')}"] * is_shut
        told = "；".join(reasons) + "，加分不计" if reasons else f"加分最多 {limit} 分"
    elif item.rule.type == PERIODS:
        told = "各季度折分的尾数"
    else:
        told = f"{item.name}扣完为止" if kind == "cap" else f"{item.name}四舍五入的尾数"
    return Row(name, kind, Fraction(0), Fraction(0), told, item.article or None), ends[0], ends[1]


def _of_the_sum(rubric: Rubric, rows: list[tuple[Row, int, int]], low: Result, high: Result) -> list[tuple[Row, int, int]]:
    """Cap and floor of the sum, and what rounding to the printed places changes."""
    base = int(rubric.base * SCALE)
    caps, tails = [], []
    for place, result in ((1, low), (2, high)):
        exact = (result.base or Fraction(0)) + result.bonus
        limited = exact if rubric.cap is None else min(exact, rubric.cap)
        limited = limited if rubric.floor is None else max(limited, rubric.floor)
        caps.append(_units(limited - exact))
        listed = base + sum(line[1:][place - 1] for line in rows)
        tails.append(_cents(result.before_veto) - listed - caps[-1])
    made = []
    if any(caps):
        made.append((Row(TOTAL, "cap", Fraction(0), Fraction(0), "总分不超过满分、不低于 0 分"), caps[0], caps[1]))
    if any(tails):
        made.append((Row(TOTAL, "rounding", Fraction(0), Fraction(0), "保留两位小数（四舍五入）"), tails[0], tails[1]))
    return made


def _spoken(value: Fraction) -> str:
    return f"{float(value):g}"
