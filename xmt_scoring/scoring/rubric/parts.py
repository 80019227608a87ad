"""What is typed in for each item → what it is worth, loses and earns; items that do not apply; vetoes on one item."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from xmt_scoring.scoring.rubric.giving import GIVING
from xmt_scoring.scoring.rubric.inputs import Desk, Given
from xmt_scoring.scoring.rubric.model import Criterion, Rubric, Veto
from xmt_scoring.scoring.rubric.reading_items import does
from xmt_scoring.scoring.rubric.result import Part
from xmt_scoring.scoring.rubric.rounding import rounded
from xmt_scoring.scoring.rubric.rule_types import EARN, LOSS
from xmt_scoring.scoring.rubric.taking import TAKING


@dataclass(frozen=True)
class Sheet:
    """One sheet of inputs for one group, and the choices that the caller makes."""

    rubric: Rubric
    items: tuple[Criterion, ...]
    inputs: Mapping[str, Any]
    amounts: Mapping[str, Fraction]  # what the findings take or give, by item
    item_vetoes: tuple[Veto, ...]
    na_policy: str
    rounds_items: bool
    desk: Desk

    def policy(self, item: Criterion) -> str:
        """What happens with the item when it does not apply."""
        return item.on_na or self.na_policy

    def share_of(self, item: Criterion) -> Fraction:
        """The product of the weights from the item up to the root."""
        share, block = item.weight, item.block
        while block is not None:
            share *= self.rubric.blocks[block].weight
            block = self.rubric.blocks[block].parent
        return share


def all_parts(sheet: Sheet) -> dict[str, Part]:
    """Every item of the sheet; those that do not apply get what their policy says."""
    plain = {item.id: _part(sheet, item, item.points) for item in sheet.items}
    absent = {item.id for item in sheet.items if plain[item.id] is None}
    if all(item.id in absent for item in sheet.items if not item.is_bonus):
        absent_base: Collection[str] = ()  # nothing applies: all points stand
    else:
        absent_base = absent
    worth = _worth(sheet, absent_base)
    found = {}
    for item in sheet.items:
        part = plain[item.id]
        if part is None:
            part = _absent(sheet, item, item.id in absent_base)
        elif worth[item.id] != item.points:
            part = _moved(sheet, item, part, worth[item.id])
        found[item.id] = part
    return found


def _worth(sheet: Sheet, absent: Collection[str]) -> dict[str, Fraction]:
    """Item → its points after 平均计入: equal shares of what does not apply (whole steps of `na_share_places` first)."""
    worth = {item.id: item.points for item in sheet.items}
    given = [item for item in sheet.items if item.id in absent and sheet.policy(item) == "redistribute" and not item.is_bonus]
    takers = [item for item in sheet.items if item.id not in absent and not item.is_bonus and item.points]
    pool = sum((item.points * sheet.share_of(item) for item in given), Fraction(0))
    if not pool or not takers:
        return worth
    shares = [pool / len(takers)] * len(takers)
    places = sheet.rubric.na_share_places
    if places is not None:
        even, odd = divmod(int(pool * 10**places), len(takers))
        shares = [Fraction(even + (place < odd), 10**places) for place in range(len(takers))]
    for item, share in zip(takers, shares, strict=True):
        worth[item.id] += share / sheet.share_of(item)
    return worth


def _moved(sheet: Sheet, item: Criterion, part: Part, worth: Fraction) -> Part:
    """The item with more points: losses as they are (absolute), or scaled with the points."""
    if sheet.rubric.na_losses == "scaled":
        lost = part.lost * worth / item.points
        return replace(part, points=worth, score=worth - lost, lost=lost)
    return _part(sheet, item, worth) or part


def _absent(sheet: Sheet, item: Criterion, is_left_out: bool) -> Part:
    policy = sheet.policy(item)
    nothing = Fraction(0)
    if item.is_bonus or (is_left_out and policy in ("rescale", "redistribute")):
        return Part(nothing, nothing, nothing, nothing, True, item.is_bonus)
    if policy == "peer_mean":
        peers = Given(sheet.desk, item.id, sheet.inputs.get("peers", {})).optional_numbers(item.id)
        counted = [each for each in peers if each is not None]
        if not counted:
            sheet.desk.wrong(item.id, "不适用，按同类平均分计，但没有同类单位的得分", f'请填 peers.{item.id} = ["8", "9.5"]')
            return Part(item.full, nothing, item.full, nothing, True, False)
        score = min(sum(counted, nothing) / len(counted), item.full)
        return Part(item.full, score, item.full - score, nothing, True, False)
    return Part(item.full, item.full, nothing, nothing, True, False)


def _part(sheet: Sheet, item: Criterion, worth: Fraction) -> Part | None:
    """The item at this worth; None when it does not apply."""
    value = sheet.inputs.get(item.id)
    if isinstance(value, Mapping) and value.get("na"):
        return None
    if value is None and "findings" not in sheet.inputs:
        sheet.desk.wrong(item.id, f"没有填“{item.name}”", "请补上；不适用的写 na = true，缺数据不能当作 0")
        return Part(worth, Fraction(0), Fraction(0), Fraction(0), False, item.is_bonus)
    whole = worth * (item.per.n if item.per and item.per.method == "sum" else 1)
    found: tuple[Fraction, Fraction] | None
    if any(veto.item == item.id and veto.stops_item for veto in sheet.item_vetoes):
        found = (whole, Fraction(0))  # the veto alone decides the item
    elif item.per is None:
        found = _one(sheet, item, value, worth)
    else:
        found = _by_period(sheet, item, value, worth)
    worth = whole
    if found is None:
        return None
    score, lost = found
    score, lost = _with_veto(sheet, item, score, lost, worth)
    if item.rounding and sheet.rounds_items:
        score = rounded(score, item.rounding)
        lost = worth - score if does(item.rule) == EARN else rounded(lost, item.rounding)
    gained = score if item.is_bonus else Fraction(0)
    return Part(worth, score, lost, gained, False, item.is_bonus)


def _by_period(sheet: Sheet, item: Criterion, value: Any, worth: Fraction) -> tuple[Fraction, Fraction] | None:
    """Every period by itself, capped by itself, then added up (or the mean, or the least)."""
    assert item.per is not None
    if isinstance(value, Mapping):
        length = max((len(each) for each in value.values() if isinstance(each, list | tuple)), default=0)
        rows: list[Any] = [
            {name: each[n] if isinstance(each, list | tuple) and n < len(each) else each for name, each in value.items()}
            for n in range(length)
        ]
    else:
        rows = list(value) if isinstance(value, list | tuple) else []
    if len(rows) != item.per.n:
        sheet.desk.wrong(item.id, f"填了 {len(rows)} 期，应填 {item.per.n} 期", "请逐期填齐，没有的填 0")
    found = [each for each in (_one(sheet, item, row, worth) for row in rows) if each is not None]
    if not found:
        return None
    if item.per.method == "min":
        return min(found)
    score, lost = (sum(side, Fraction(0)) for side in zip(*found, strict=True))
    return (score / len(found), lost / len(found)) if item.per.method == "mean" else (score, lost)


def _one(sheet: Sheet, item: Criterion, value: Any, worth: Fraction) -> tuple[Fraction, Fraction] | None:
    """(score, lost) of one input; None when a rule says that it does not apply."""
    is_loss = len(item.rules) > 1 or does(item.rule) == LOSS or item.id in sheet.amounts and not item.is_bonus
    if value is None:  # judged by the list of findings alone
        amount = Fraction(0)
        is_loss = is_loss or not item.is_bonus and item.points > 0
    else:
        amount = Fraction(0)
        for name, rule in item.rules.items():
            given = Given(sheet.desk, item.id, Given(sheet.desk, item.id, value).get(name) if name else value)
            if name and given.value is None:
                continue
            if does(rule) == LOSS:
                amount += TAKING[rule.type](given, rule.params)
                continue
            earned = GIVING[rule.type](given, rule.params, worth)
            if earned is None:
                return None
            amount += worth - earned if is_loss else earned
    amount = amount * item.multiplier + sheet.amounts.get(item.id, Fraction(0))
    if item.at_most is not None:
        amount = min(amount, item.at_most)
    if item.cap == "own":
        amount = min(amount, worth)
    return (worth - amount, amount) if is_loss else (amount, worth - amount)


def _with_veto(sheet: Sheet, item: Criterion, score: Fraction, lost: Fraction, worth: Fraction) -> tuple[Fraction, Fraction]:
    """A veto on the item takes its fixed loss; what else was found there counts only where the scheme says so."""
    for veto in sheet.item_vetoes:
        if veto.item == item.id and veto.value is not None:
            lost = min(lost + veto.value, worth) if item.cap == "own" else lost + veto.value
            score = worth - lost
    return score, lost
