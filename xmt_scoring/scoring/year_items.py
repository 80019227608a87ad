"""A year's verdicts, quarters and honours → for each unit and item what the rubric asks for, and the rows that say why.

There are two ends: `low` with every open row failing, `high` with none. A unit's numbers are few, so they are plain
Fractions, one unit after the other; the arithmetic itself is the rubric's (`scoring.rubric.evaluate`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from xmt_scoring.errors import Problem, SchemeError
from xmt_scoring.model import Outcome
from xmt_scoring.scoring.rubric import Criterion, Rubric

ENDS = ("low", "high")
EVERYTHING = 10_000  # events that take any item whole
PERIODS, EVENTS, SEVERITIES, SHARE, BONUS = "weighted_periods", "per_event", "per_event_by_severity", "proportional", "bonus"


@dataclass(frozen=True)
class Row:
    """One row of `year_contributions` before rounding; `low` and `high` in points, negative for a loss."""

    item: str
    kind: str
    low: Fraction
    high: Fraction
    message: str
    article: str | None = None
    check: str | None = None
    event: str | None = None
    account: str | None = None
    source: tuple[str | None, str | None, int | None] = (None, None, None)


@dataclass(frozen=True)
class Verdict:
    """What one verdict says, as scoring needs it."""

    check: str
    article: str
    event: str | None
    severity: str | None
    outcome: str
    message: str
    account: str | None
    source: tuple[str | None, str | None, int | None]

    @property
    def is_fail(self) -> bool:
        """Whether it costs points for certain."""
        return self.outcome == Outcome.FAIL

    @property
    def is_open(self) -> bool:
        """Whether it may still cost points."""
        return self.outcome in (Outcome.NO_DATA, Outcome.UNVERIFIED)


@dataclass(frozen=True)
class Score:
    """A quarter's printed score at both ends; missing figures: the quarter is left out of the mean."""

    quarter: str
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True)
class Honour:
    """One praise with its document; `points` missing: how much it is worth has not been written down."""

    points: Fraction | None
    message: str
    key: str
    source: tuple[str | None, str | None, int | None]


@dataclass(frozen=True)
class Inputs:
    """What `evaluate` takes for one item at the low and the high end, and the rows that explain it."""

    low: Mapping[str, Any]
    high: Mapping[str, Any]
    rows: tuple[Row, ...]

    def at(self, end: str) -> Mapping[str, Any]:
        """The input at one end."""
        return self.low if end == "low" else self.high


def item_inputs(
    item: Criterion, verdicts: Sequence[Verdict], scores: Sequence[Score], honours: Sequence[Honour], n_all: int, method: str
) -> Inputs:
    """The inputs of one item of the annual rubric; SchemeError for a rule type that a year cannot feed.

    `verdicts`: those of the item's checks. `n_all`: how many records a share is taken of.
    """
    kind = item.rule.type
    if kind == PERIODS:
        return _of_quarters(item, scores, method)
    if kind == BONUS:
        return _of_honours(item, honours)
    if kind in (EVENTS, SEVERITIES):
        return _of_events(item, verdicts)
    if kind == SHARE:
        return _of_share(item, verdicts, n_all)
    raise SchemeError(_unfit(f"年度评分细则的 {item.id} {item.name}", kind))


def _unfit(where: str, kind: str) -> Problem:
    known = "、".join((PERIODS, EVENTS, SEVERITIES, SHARE, BONUS))
    return Problem(where, f"年度考核不会给“{kind}”这种方法准备数据", f"可以用：{known}")


def check_annual(rubric: Rubric) -> None:
    """SchemeError with everything that makes a rubric unfit for a year: rule types, no quarters, no veto that zeroes."""
    problems = []
    where = f"年度评分细则 {rubric.id}"
    kinds = [item.rule.type for item in rubric.items]
    if kinds.count(PERIODS) != 1:
        problems.append(Problem(where, f"应有且只有一个季度得分项目（{PERIODS}），现有 {kinds.count(PERIODS)} 个", "请对照自带的年度细则改正"))
    for item in rubric.items:
        if item.rule.type not in (PERIODS, EVENTS, SEVERITIES, SHARE, BONUS):
            problems.append(_unfit(f"{where} 的 {item.id}", item.rule.type))
        elif item.rule.type == PERIODS and len(item.rule.params.get("weights", ())) != 4:
            problems.append(Problem(f"{where} 的 {item.id}", "应写四个季度的权重 weights", '例如 weights = ["0.25", "0.25", "0.25", "0.25"]'))
        elif item.rule.type in (EVENTS, SEVERITIES, SHARE) and not item.checks:
            problems.append(Problem(f"{where} 的 {item.id}", "没有写按哪条规则判定（checks）", "请补上规则编号"))
    if [veto.outcome for veto in rubric.vetoes].count("zero") != 1:
        problems.append(Problem(where, "应有且只有一个使全年不得分的否决项（outcome = zero）", "办法第二十二条第二款，不能删去"))
    if problems:
        raise SchemeError(problems)


def _of_quarters(item: Criterion, scores: Sequence[Score], method: str) -> Inputs:
    """The printed scores of the quarters that count; under `min` only the lowest, at each end its own."""
    rows: list[Row] = []
    values: dict[str, list[Fraction | None]] = {}
    weights = item.rule.params["weights"]
    for end in ENDS:
        known = [getattr(score, end) for score in scores]
        if method == "min":
            there = [value for value in known if value is not None]
            known = [min(there) if value is not None else None for value in known]
        values[end] = known
    whole = item.rule.params.get("from", Fraction(100))
    counted = sum((weight for weight, score in zip(weights, scores, strict=True) if score.low is not None), Fraction(0))
    for place, (weight, score) in enumerate(zip(weights, scores, strict=True)):
        low, high = values["low"][place], values["high"][place]
        if low is not None and high is not None and counted:
            share = item.points * weight / counted / whole
            told = _spoken(score.low) if score.low == score.high else f"{_spoken(score.low)}–{_spoken(score.high)}"
            message = f"{score.quarter} 得分 {told}" + ("，按最低的季度计" if method == "min" else "")
            rows.append(Row(item.id, "loss", -(whole - low) * share, -(whole - high) * share, message, item.article, None, score.quarter))
    if not rows:
        return Inputs({"na": True}, {"na": True}, ())  # takes no part: the caller prints no score
    return Inputs({"values": values["low"]}, {"values": values["high"]}, tuple(rows))


def _spoken(value: Fraction | None) -> str:
    return "—" if value is None else f"{float(value):.2f}"


def _of_honours(item: Criterion, honours: Sequence[Honour]) -> Inputs:
    """Points of each praise; one without a number brings nothing for certain, and at most what the item can give."""
    most = item.at_most if item.at_most is not None else item.points
    rows = [
        Row(
            item.id, "bonus", Fraction(0) if honour.points is None else honour.points, most if honour.points is None else honour.points,
            honour.message, item.article, None, honour.key, None, honour.source,
        )
        for honour in honours
    ]  # fmt: skip
    return Inputs({"gains": [row.low for row in rows]}, {"gains": [row.high for row in rows]}, tuple(rows))


def _of_events(item: Criterion, verdicts: Sequence[Verdict]) -> Inputs:
    """Each failing event costs its size; an open one its size or nothing; an open duty without event all or nothing."""
    sizes = item.rule.params.get("losses", {})
    whole = item.at_most if item.points == 0 and item.at_most is not None else item.points
    rows, counts = [], {end: dict.fromkeys(sizes or ("events",), 0) for end in ENDS}
    for verdict in verdicts:
        if not verdict.is_fail and not verdict.is_open:
            continue
        case = (verdict.severity if verdict.severity in sizes else next(iter(sizes))) if sizes else "events"
        size = sizes[case] if sizes else item.rule.params["loss"]
        takes_all = verdict.is_open and verdict.event is None
        counts["low"][case] += EVERYTHING if takes_all else 1
        counts["high"][case] += verdict.is_fail
        most = whole if takes_all else size
        rows.append(_row(item, verdict, -most, -size if verdict.is_fail else Fraction(0)))
    return Inputs(counts["low"], counts["high"], tuple(rows))


def _of_share(item: Criterion, verdicts: Sequence[Verdict], n_all: int) -> Inputs:
    """Points × share of the records that pass; each one that does not costs its part."""
    top, bottom = str(item.rule.params["numerator"]), str(item.rule.params["denominator"])
    if any(verdict.is_open and verdict.event is None for verdict in verdicts):
        verdict = next(verdict for verdict in verdicts if verdict.is_open and verdict.event is None)
        return Inputs({top: 0, bottom: 1}, {top: 1, bottom: 1}, (_row(item, verdict, -item.points, Fraction(0)),))
    part = item.points / n_all if n_all else Fraction(0)
    failing = [verdict for verdict in verdicts if verdict.is_fail]
    waiting = [verdict for verdict in verdicts if verdict.is_open]
    rows = [_row(item, verdict, -part, -part) for verdict in failing] + [_row(item, verdict, -part, Fraction(0)) for verdict in waiting]
    high = n_all - len(failing)
    return Inputs({top: high - len(waiting), bottom: n_all}, {top: high, bottom: n_all}, tuple(rows))


def _row(item: Criterion, verdict: Verdict, low: Fraction, high: Fraction) -> Row:
    return Row(
        item.id, "loss", low, high, verdict.message, verdict.article, verdict.check, verdict.event, verdict.account, verdict.source
    )


def closed_at(inputs: Mapping[str, Inputs], end: str) -> dict[str, Inputs]:
    """The inputs when the year is closed by decision at one end: nothing is open any more."""
    return {
        name: Inputs(given.at(end), given.at(end), tuple(_decided(row, end) for row in given.rows)) for name, given in inputs.items()
    }


def _decided(row: Row, end: str) -> Row:
    if row.low == row.high:
        return row
    value = row.low if end == "low" else row.high
    return replace(row, low=value, high=value, message=row.message + f"（年度结案，按{'最低' if end == 'low' else '最高'}计）")
