"""Findings by event: one event, one loss (不重复扣分), then summed by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from xmt_scoring.scoring.rubric.inputs import Desk
from xmt_scoring.scoring.rubric.model import Criterion


def amounts_by_item(findings: object, items: Sequence[Criterion], keep: str | None, desk: Desk) -> dict[str, Fraction]:
    """Item id → what its findings take or give.

    `findings`: {item, event_id, and loss, gain, severity or level}. `keep`: largest (on a tie the item that comes first
    in the scheme) or first (as listed) of the findings of one event; None: all of them. A finding without event_id is
    an event of its own.
    """
    by_id, order = {item.id: item for item in items}, {item.id: place for place, item in enumerate(items)}
    kept: dict[Any, tuple[Fraction, str]] = {}
    for number, finding in enumerate(findings if isinstance(findings, list | tuple) else []):
        item = by_id.get(str(finding.get("item"))) if isinstance(finding, Mapping) else None
        if item is None:
            desk.wrong(f"findings 第 {number + 1} 条", f"没有写明项目，或没有这个项目：{finding!r}", f"item 可以写：{'、'.join(by_id)}")
            continue
        size = _size(finding, item, desk)
        event = finding.get("event_id") if keep else None
        event = (number,) if event is None else event
        if event not in kept or (keep == "largest" and (size, -order[item.id]) > (kept[event][0], -order[kept[event][1]])):
            kept[event] = (size, item.id)
    found: dict[str, Fraction] = {}
    for size, item_id in kept.values():
        found[item_id] = found.get(item_id, Fraction(0)) + size
    return found


def _size(finding: Mapping[str, Any], item: Criterion, desk: Desk) -> Fraction:
    """What one finding takes or gives by itself."""
    for name in ("loss", "gain", "points"):
        if name in finding:
            return desk.number(finding[name], item.id, name)
    params = item.rule.params
    table = params.get("losses") or params.get("gain") or params.get("loss") or params.get("table")
    if isinstance(table, Mapping):
        case = next((str(finding[name]) for name in ("severity", "level", "kind") if name in finding), "")
        if case not in table:
            desk.wrong(item.id, f"没有情形“{case}”的分值", f"可以写：{'、'.join(table)}")
        return table.get(case, Fraction(0))
    if isinstance(table, Fraction):
        return table
    if item.rule.type == "all_or_nothing":
        return item.points
    desk.wrong(item.id, "这条问题没有写 loss，细则也没有每件的分值", "请写明 loss")
    return Fraction(0)
