"""One sheet of inputs and a rubric → the result, exactly. The order of the steps is the law's: the veto comes last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xmt_scoring.errors import XmtError
from xmt_scoring.scoring.rubric.adding import Sums, add_up
from xmt_scoring.scoring.rubric.conditions import OPERATORS
from xmt_scoring.scoring.rubric.events import amounts_by_item
from xmt_scoring.scoring.rubric.inputs import Desk
from xmt_scoring.scoring.rubric.model import Criterion, Rubric, Veto
from xmt_scoring.scoring.rubric.parts import Sheet, all_parts
from xmt_scoring.scoring.rubric.reading_items import RESERVED
from xmt_scoring.scoring.rubric.result import Part, Result, RolledUp
from xmt_scoring.scoring.rubric.rollup import roll_up
from xmt_scoring.scoring.rubric.rounding import printed, rounded

_TOTAL = ("unscored", "zero", "fixed")
_PERIODS = ("mean_of_periods", "weighted_periods")


@dataclass(frozen=True)
class _Scored:
    """A sheet before its vetoes."""

    exact: Fraction | None
    base: Fraction | None
    bonus: Fraction
    parts: Mapping[str, Part]
    sums: Sums | None
    gates: Mapping[str, bool]
    sheets: Mapping[str, Result]
    rolled_up: RolledUp | None
    notes: tuple[str, ...]


def evaluate(rubric: Rubric, inputs: Mapping[str, Any], *, options: Mapping[str, Any] | None = None) -> Result:
    """Score one sheet.

    `inputs`: item id → what its rule asks for ({"events": 3}, {"done": 5, "due": 7}, a bare number, {"na": True}), and
    where the rubric uses them: group; vetoes (codes, or {code, level}); findings ({item, event_id, loss}); peers (item →
    scores of others); values (for a roll-up of sheets scored before; no items then); total (a score made elsewhere); multiplier (a word of `factors`); split;
    object and facts (for a ladder, or a veto with a condition). Numbers are int, Decimal, Fraction or text, never binary floats.

    `options`: na_policy (for items whose `on_na` is left to the caller; full), item_rounding (True), unit_rollup and
    vetoed_account_in_unit (where the scheme says „setting“), title (how messages name the sheet).

    Raises XmtError with every problem of the inputs at once. Where a veto decides the whole, the items are scored only if
    all of them are filled in, for `before_veto`.
    """
    options = options or {}
    desk = Desk(str(options.get("title", f"填写的数据（{rubric.id}）")))
    items = _items(rubric, inputs, desk)
    if rubric.rollup is not None and "values" in inputs and not any(item.id in inputs for item in items):
        items = ()  # sheets scored one by one before, here rolled up
    hit = _vetoes_hit(rubric, inputs, items, desk)
    is_complete = all(item.id in inputs for item in items) or "findings" in inputs
    scored = _Scored(None, None, Fraction(0), {}, None, {}, {}, None, ("单项否决，各项没有计分",))
    if is_complete or not any(veto.outcome in _TOTAL for veto in hit):
        scored = _score(rubric, items, inputs, hit, options, desk)
    measure = _measure(rubric, inputs, desk)
    if desk.problems:
        raise XmtError(list(dict.fromkeys(desk.problems)))
    return _finish(rubric, scored, hit, measure)


def _items(rubric: Rubric, inputs: Mapping[str, Any], desk: Desk) -> tuple[Criterion, ...]:
    group = inputs.get("group")
    if rubric.groups and group not in rubric.groups:
        desk.wrong("group", f"类别是 {group!r}", f"请写 group：{'、'.join(rubric.groups)}")
    items = rubric.items_of(group)
    known = {item.id for item in items}
    for name in inputs:
        if name not in known and name not in RESERVED:
            desk.wrong(str(name), "细则里没有这个项目", f"可以写：{'、'.join(known)}" if known else "请核对编号")
    return items


def _vetoes_hit(rubric: Rubric, inputs: Mapping[str, Any], items: tuple[Criterion, ...], desk: Desk) -> tuple[Veto, ...]:
    """The vetoes that were found, in the order of the scheme; each only once."""
    codes = {veto.code: veto for veto in rubric.vetoes}
    found = set()
    given = inputs.get("vetoes", ())
    for entry in given if isinstance(given, list | tuple) else [given]:
        code, level = (entry.get("code"), entry.get("level")) if isinstance(entry, Mapping) else (entry, None)
        if code not in codes:
            desk.wrong("vetoes", f"细则里没有否决项 {code!r}", f"可以写：{'、'.join(codes) or '（本细则没有否决项）'}")
        elif codes[code].levels and level is None:
            desk.wrong("vetoes", f"{code} 没有写明是哪一级发现的", f"请写 level，算数的是：{'、'.join(codes[code].levels)}")
        elif not codes[code].levels or level in codes[code].levels:
            found.add(code)
    for veto in rubric.vetoes:
        if veto.condition is not None and "facts" in inputs:
            values = _facts(veto.condition.names, inputs["facts"], desk)
            found |= {veto.code} if values is not None and veto.condition.holds(values) else set()
    for item in items:
        value = inputs.get(item.id)
        if isinstance(value, Mapping) and value.get("veto"):
            found |= {veto.code for veto in rubric.vetoes if veto.item == item.id}
    return tuple(veto for veto in rubric.vetoes if veto.code in found)


def _score(
    rubric: Rubric, items: tuple[Criterion, ...], inputs: Mapping[str, Any], hit: tuple[Veto, ...], options: Mapping[str, Any], desk: Desk
) -> _Scored:
    """Items, sums, gates, bonus, factor; nothing of the vetoes but those on single items and on the bonus."""
    rolled_up = _rolled_up(rubric, inputs, options, desk)
    if not items:
        exact = rolled_up.value if rolled_up is not None else None
        if "total" in inputs:
            exact = desk.number(inputs["total"], "total", "total")
        exact = None if exact is None else _limited(rubric, exact)
        return _Scored(exact, exact, Fraction(0), {}, None, _gates(rubric, {}, exact, exact), {}, rolled_up, ())
    inputs, sheets, notes = _with_sheets(rubric, inputs, options, desk)
    if any(result.total is None for result in sheets.values()) and rubric.part_unscored == "unscored":
        return _Scored(None, None, Fraction(0), {}, None, {}, sheets, None, tuple(notes))
    amounts = amounts_by_item(inputs["findings"], items, rubric.keep, desk) if "findings" in inputs else {}
    item_vetoes = tuple(veto for veto in hit if veto.outcome == "item_loss")
    sheet = Sheet(
        rubric, items, inputs, amounts, item_vetoes, str(options.get("na_policy", "full")), options.get("item_rounding", True), desk
    )
    parts = all_parts(sheet)
    if rubric.raw.get("composite") and all(part.is_na for part in parts.values()):
        return _Scored(None, None, Fraction(0), parts, None, {}, sheets, None, ("各组成部分都没有得分",))
    silent = [item.name for item in items if parts[item.id].is_na and item.rule.type in _PERIODS and not _is_na(inputs[item.id])]
    notes += [f"{name}：一期得分也没有，不计分" for name in silent]
    base = add_up(sheet, parts, lambda item: False)
    figures = {"base": base.base, **base.scores, **{name: part.score for name, part in parts.items()}}
    gates = _gates(rubric, figures, base.base, None)
    is_barred = any(veto.outcome == "bar_bonus" for veto in hit)
    closed = [item for item in items if item.is_bonus and (is_barred or (item.gate and not gates.get(item.gate, True)))]
    lost_bonus = [item for item in closed if parts[item.id].gained]
    notes += [f"{item.name}：{'否决，加分不计' if is_barred else f'没有过门槛 {item.gate}，加分不计'}" for item in lost_bonus]
    sums = add_up(sheet, parts, lambda item: item not in closed)
    parts = {name: replace(part, gained=Fraction(0)) if any(item.id == name for item in closed) else part for name, part in parts.items()}
    exact = _limited(rubric, _split(rubric, _multiplied(rubric, sums.base + sums.bonus, inputs, desk), inputs, desk))
    gates = {**gates, **_gates(rubric, figures, sums.base, exact)}
    return _Scored(None if silent else exact, sums.base, sums.bonus, parts, sums, gates, sheets, rolled_up, tuple(notes))


def _is_na(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value.get("na"))


def _with_sheets(
    rubric: Rubric, inputs: Mapping[str, Any], options: Mapping[str, Any], desk: Desk
) -> tuple[Mapping[str, Any], dict[str, Result], list[str]]:
    """Parts of a composite that have a sheet of their own are scored on it; the printed total goes on."""
    found, sheets, notes = dict(inputs), {}, []
    for name, part in rubric.parts.items():
        if isinstance(inputs.get(name), Mapping) and "value" not in inputs[name] and "na" not in inputs[name]:
            try:
                sheets[name] = evaluate(part, inputs[name], options={**options, "title": f"{desk.title}「{name}」"})
            except XmtError as error:
                desk.problems += error.problems
                found[name] = 0
                continue
            total = sheets[name].total
            notes += [f"{name} 单项否决，没有得分"] if total is None else []
            found[name] = total if total is not None else 0
    return found, sheets, notes


def _rolled_up(rubric: Rubric, inputs: Mapping[str, Any], options: Mapping[str, Any], desk: Desk) -> RolledUp | None:
    if rubric.rollup is None or "values" not in inputs:
        return None
    method = options.get("unit_rollup", "mean") if rubric.rollup.method == "setting" else rubric.rollup.method
    vetoed = options.get("vetoed_account_in_unit", "zero") if rubric.rollup.vetoed == "setting" else rubric.rollup.vetoed
    return roll_up(replace(rubric.rollup, method=method, vetoed=vetoed), inputs["values"], desk)


def _gates(rubric: Rubric, figures: Mapping[str, Fraction], base: Fraction | None, total: Fraction | None) -> dict[str, bool]:
    """Every gate whose figure is known, asked of the printed figure (`rulings.md` §5)."""
    known = {**figures, "base": base, "total": total}
    found = {}
    for gate in rubric.gates:
        left = known.get(gate.left)
        if left is not None:
            found[gate.id] = OPERATORS[gate.op](rounded(left, rubric.rounding), gate.value)
    return found


def _multiplied(rubric: Rubric, value: Fraction, inputs: Mapping[str, Any], desk: Desk) -> Fraction:
    if rubric.multiplier is None:
        return value
    factor = rubric.multiplier.factor
    if factor is None:
        word = str(inputs.get("multiplier"))
        if word not in rubric.multiplier.factors:
            desk.wrong("multiplier", f"没有系数“{word}”", f"可以写：{'、'.join(rubric.multiplier.factors)}")
        factor = rubric.multiplier.factors.get(word, Fraction(1))
    value *= factor
    return value if rubric.multiplier.cap is None else min(value, rubric.multiplier.cap)


def _split(rubric: Rubric, value: Fraction, inputs: Mapping[str, Any], desk: Desk) -> Fraction:
    if rubric.split is None or "split" not in inputs:
        return value
    if rubric.split.method == "equal":
        n = desk.number(inputs["split"], "split", "共同完成的单位数")
        if n < 1:
            desk.wrong("split", f"共同完成的单位数是 {n}", "至少是 1")
        return value / max(n, Fraction(1))
    share = rubric.split.shares.get(str(inputs["split"]))
    if share is None:
        desk.wrong("split", f"没有份额“{inputs['split']}”", f"可以写：{'、'.join(rubric.split.shares)}")
    return value * (share or Fraction(0))


def _limited(rubric: Rubric, value: Fraction) -> Fraction:
    if rubric.cap is not None:
        value = min(value, rubric.cap)
    return value if rubric.floor is None else max(value, rubric.floor)


def _measure(rubric: Rubric, inputs: Mapping[str, Any], desk: Desk) -> str | None:
    """The highest step of the ladder that applies to the object; a proposal for a person."""
    if not rubric.ladder or "object" not in inputs:
        return None
    steps = [step for step in rubric.ladder if step.object == inputs["object"]]
    if not steps:
        desk.wrong("object", f"没有对象“{inputs['object']}”的措施", f"可以写：{'、'.join(dict.fromkeys(s.object for s in rubric.ladder))}")
    values = _facts([name for step in steps for name in step.condition.names], inputs.get("facts", {}), desk)
    return next((step.measure for step in reversed(steps) if values is not None and step.condition.holds(values)), None)


def _facts(names: Iterable[str], facts: Mapping[str, Any], desk: Desk) -> dict[str, Fraction] | None:
    """The figures that conditions ask for; None after a reported gap."""
    absent = [name for name in dict.fromkeys(names) if name not in facts]
    for name in absent:
        desk.wrong("facts", f"缺少 {name}", "请补上；没有发生填 0")
    return None if absent else {name: desk.number(facts[name], "facts", name) for name in dict.fromkeys(names)}


def _finish(rubric: Rubric, scored: _Scored, hit: tuple[Veto, ...], measure: str | None) -> Result:
    """Rounding, then the vetoes on the whole, then grade and verdict."""
    before = None if scored.exact is None else printed(scored.exact, rubric.rounding)
    total, deciding = before, next((veto for kind in _TOTAL for veto in hit if veto.outcome == kind), None)
    if deciding is not None:
        value = {"unscored": None, "zero": Fraction(0), "fixed": deciding.value}[deciding.outcome]
        total = None if value is None else printed(value, rubric.rounding)
    band = _band(rubric, scored, total, deciding, any(veto.outcome == "bar_top_band" for veto in hit))
    passed_on = None
    if rubric.pass_through is not None and total is not None:
        points = rubric.pass_through.points * Fraction(total) / rubric.pass_through.base
        cap = rubric.pass_through.cap
        passed_on = printed(points if cap is None else min(points, cap), rubric.rounding)
    return Result(
        total, before, scored.base, scored.bonus, scored.parts, scored.sums.blocks if scored.sums else {}, band,
        _verdict(rubric, scored, deciding), tuple(veto.code for veto in hit), scored.gates, scored.notes, scored.rolled_up,
        measure, passed_on, scored.sheets,
    )  # fmt: skip


def _band(rubric: Rubric, scored: _Scored, total: Decimal | None, deciding: Veto | None, is_barred: bool) -> str | None:
    if not rubric.bands or (total is None and deciding is None):
        return None
    if deciding is not None and deciding.outcome in ("zero", "unscored"):
        return rubric.bands[-1].name
    value = Fraction(total) if total is not None else Fraction(0)
    if deciding is None and rubric.band_on == "exact" and scored.exact is not None:
        value = scored.exact
    figures = {name: part.score for name, part in scored.parts.items()}
    figures |= {**(scored.sums.scores if scored.sums else {}), "base": scored.base or Fraction(0), "total": value}
    place = len(rubric.bands) - 1
    for number, band in enumerate(rubric.bands):
        reached = all(rounded(figures.get(name, Fraction(0)), rubric.rounding) >= least for name, least in band.minima.items())
        if value >= band.lowest and reached:
            place = number
            break
    if is_barred and place == 0 and len(rubric.bands) > 1:
        place = 1
    return rubric.bands[place].name


def _verdict(rubric: Rubric, scored: _Scored, deciding: Veto | None) -> str | None:
    """合格 or 不合格, where the rubric has vetoes on the whole or gates that decide it."""
    if deciding is not None:
        return deciding.verdict or rubric.fail_word
    for gate in rubric.gates:
        if gate.otherwise is not None and not scored.gates.get(gate.id, True):
            return gate.otherwise
    if scored.rolled_up is not None and not scored.rolled_up.is_met:
        return rubric.fail_word
    decides = any(gate.otherwise is not None for gate in rubric.gates) or any(veto.outcome in _TOTAL for veto in rubric.vetoes)
    return rubric.pass_word if decides or scored.rolled_up is not None else None
