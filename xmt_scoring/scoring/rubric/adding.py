"""Parts → what is lost and gained over the tree: weights, caps of blocks, 折算 of what does not apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from xmt_scoring.scoring.rubric.model import Criterion
from xmt_scoring.scoring.rubric.parts import Sheet
from xmt_scoring.scoring.rubric.result import Part


@dataclass(frozen=True)
class Sums:
    """`base` before any bonus, not rounded; `blocks`: lost (or gained) in each after its cap; `scores` of blocks."""

    base: Fraction
    bonus: Fraction
    blocks: Mapping[str, Fraction]
    scores: Mapping[str, Fraction]


def add_up(sheet: Sheet, parts: Mapping[str, Part], bonus_counts: Callable[[Criterion], bool]) -> Sums:
    """The sums of a sheet.

    A sheet of losses: base − what is lost. A sheet of gains: the sum of the scores. Items that are left out (rescale)
    are left out on both sides, and the rest is brought to the base.
    """
    rubric = sheet.rubric
    start = rubric.base if rubric.rescale is None else rubric.rescale
    if rubric.groups and rubric.rescale is None:
        start = rubric.groups.get(str(sheet.inputs.get("group")), rubric.base)
    is_gain = rubric.direction == "gain"
    base_items = [item for item in sheet.items if not item.is_bonus]
    out = [item for item in base_items if parts[item.id].is_na and not parts[item.id].points and sheet.policy(item) == "rescale"]
    blocks: dict[str, Fraction] = {}
    amounts = {item.id: parts[item.id].score if is_gain else parts[item.id].lost for item in base_items}
    found = _over_tree(sheet, base_items, amounts, blocks)
    base = found if is_gain else start - found
    left_out = sum((item.full * sheet.share_of(item) for item in out), Fraction(0))
    if left_out and start > left_out:
        base = (found if is_gain else start - left_out - found) * start / (start - left_out)
    if rubric.rescale:
        base = base * rubric.base / rubric.rescale
    bonus_items = [item for item in sheet.items if item.is_bonus]
    gains = {item.id: parts[item.id].gained if bonus_counts(item) else Fraction(0) for item in bonus_items}
    bonus_blocks: dict[str, Fraction] = {}
    bonus = _over_tree(sheet, bonus_items, gains, bonus_blocks)
    scores: dict[str, Fraction] = {}
    _over_tree(sheet, base_items, {item.id: parts[item.id].score for item in base_items}, scores, is_capped=is_gain)
    if not is_gain:
        worth: dict[str, Fraction] = {}
        _over_tree(sheet, base_items, {item.id: parts[item.id].points for item in base_items}, worth)
        scores = {block: worth[block] - blocks[block] for block in worth}
    only_bonus = {block: amount for block, amount in bonus_blocks.items() if amount and not blocks.get(block)}
    return Sums(base, bonus, {**blocks, **only_bonus}, {**scores, **only_bonus})


def _over_tree(
    sheet: Sheet, items: list[Criterion], amounts: Mapping[str, Fraction], blocks: dict[str, Fraction], is_capped: bool = True
) -> Fraction:
    """The weighted sum of amounts from the leaves up; each block limited by its cap; fills `blocks`."""

    def of(block: str | None) -> Fraction:
        own = [item for item in items if item.block == block]
        total = sum((amounts[item.id] * item.weight for item in own), Fraction(0))
        for each in sheet.rubric.blocks.values():
            if each.parent == block:
                total += of(each.id) * each.weight
        if block is None:
            return total
        here = sheet.rubric.blocks[block]
        limit = here.points if here.cap is None and any(item.cap == "parent" for item in own) else here.cap
        blocks[block] = total if limit is None or not is_capped else min(total, limit)
        return blocks[block]

    return of(None)
