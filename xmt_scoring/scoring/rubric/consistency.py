"""What must fit together in a rubric: names that are referred to, points that add up, no circles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from xmt_scoring.scoring.rubric.lines import Path
from xmt_scoring.scoring.rubric.model import Criterion, Rubric
from xmt_scoring.scoring.rubric.reader import Reader, written


def check_consistency(reader: Reader, rubric: Rubric) -> None:
    """Note every contradiction as a problem of the file."""
    items = {item.id: _place(rubric, number) for number, item in enumerate(rubric.items)}
    _unique(reader, rubric)
    _references(reader, rubric, items)
    if not _blocks_end(reader, rubric):
        return
    if not (rubric.items or rubric.vetoes or rubric.rollup or rubric.pass_through or rubric.ladder or rubric.bands):
        reader.wrong((), "", "细则里没有项目、否决项、等次，什么也评不了", "请至少写一个 [[items]] 或 [[vetoes]]")
    if rubric.items and rubric.adds_up:
        for group, base in rubric.groups.items() or [(None, rubric.base)]:
            _adds_up(reader, rubric, group, base)


def _place(rubric: Rubric, number: int) -> Path:
    """The table of the number-th item: those of [[items]] come first, then those of [[composite]]."""
    parts = rubric.raw.get("composite", [])
    n_items = len(rubric.items) - (len(parts) if isinstance(parts, list) else 0)
    return ("items", number) if number < n_items else ("composite", number - n_items)


def _unique(reader: Reader, rubric: Rubric) -> None:
    seen: dict[str, list[Criterion]] = {}
    for number, item in enumerate(rubric.items):
        path = _place(rubric, number)
        others = seen.setdefault(item.id, [])
        if any(not item.groups or not other.groups or set(item.groups) & set(other.groups) for other in others):
            reader.wrong(path, item.id, "编号重复", "请改名或删去一个；不同类别各用各的项目时写 applies_to")
        others.append(item)
    names: list[tuple[str, Path]] = [(each, ("items",)) for each in seen]
    names += [(str(table.get("id")), path) for path, table in reader.tables(rubric.raw, "blocks")]
    names += [(veto.code, ("vetoes", number)) for number, veto in enumerate(rubric.vetoes)]
    reader.no_repeats(names, "编号")
    reader.no_repeats([(gate.id, ("gates", number)) for number, gate in enumerate(rubric.gates)], "门槛编号")
    counted = [(check, ("items", number, "checks")) for number, item in enumerate(rubric.items) for check in item.checks]
    counted += [(check, ("vetoes", number, "checks")) for number, veto in enumerate(rubric.vetoes) for check in veto.checks]
    reader.no_repeats(counted, "同一条规则计入的地方")


def _references(reader: Reader, rubric: Rubric, items: dict[str, Path]) -> None:
    def known(names: Iterable[str], among: Iterable[str], path: Path, label: str, what: str) -> None:
        for name in names:
            if name not in among:
                reader.wrong(path, label, f"{what}“{name}”不存在", "请改正，或补上它")

    gates = {gate.id for gate in rubric.gates}
    for number, item in enumerate(rubric.items):
        path = _place(rubric, number)
        known([item.block] if item.block is not None else [], rubric.blocks, path, item.id, "block ")
        known([item.gate] if item.gate else [], gates, path, item.id, "门槛 gate ")
        if item.gate and any(gate.id == item.gate and gate.left == "total" for gate in rubric.gates):
            reader.wrong(path, item.id, f"门槛 {item.gate} 看的是 total，而总分里已含本项", "门槛的 left 请写 base（加分之前的分）")
        known(item.groups, rubric.groups, path, item.id, "类别 applies_to ")
    figures = {"base", "total", *items, *rubric.blocks}
    for number, gate in enumerate(rubric.gates):
        known([gate.left], figures, ("gates", number), gate.id, "left ")
    for number, veto in enumerate(rubric.vetoes):
        known([veto.item] if veto.item else [], items, ("vetoes", number), veto.code, "项目 item ")
    for number, band in enumerate(rubric.bands):
        known(band.minima, figures, ("bands", number), band.name, "minima 里的")


def _blocks_end(reader: Reader, rubric: Rubric) -> bool:
    """Every block's chain of parents ends."""
    is_sound = True
    for number, block in enumerate(rubric.blocks.values()):
        path, above, chain = ("blocks", number), block.parent, [block.id]
        while above is not None and above in rubric.blocks and above not in chain:
            chain.append(above)
            above = rubric.blocks[above].parent
        if above is not None:
            is_circle = above in rubric.blocks
            told = f"循环：{' → '.join((*chain, above))}" if is_circle else f"parent “{above}”不存在"
            reader.wrong(path, block.id, told, "请改正 parent")
            is_sound = False
    return is_sound


def _adds_up(reader: Reader, rubric: Rubric, group: str | None, base: Fraction) -> None:
    """Each block is the sum of what is below it, and all together are the base (or `rescale.from`)."""
    items = [item for item in rubric.items_of(group) if not item.is_bonus]
    in_group = f"（类别 {group}）" if group else ""

    def worth(block: str | None, tell: Callable[[str, Fraction, Fraction], None]) -> Fraction:
        below = [item.full * item.weight for item in items if item.block == block]
        below += [worth(each.id, tell) * each.weight for each in rubric.blocks.values() if each.parent == block]
        total = sum(below, Fraction(0))
        if block is None:
            return total
        limit = rubric.blocks[block].points
        is_shared = any(item.cap == "parent" for item in items if item.block == block)
        if limit is not None and below and not is_shared and total != limit:
            tell(block, total, limit)
        if limit is not None and is_shared:
            return limit
        cap = rubric.blocks[block].cap
        return min(total, cap) if cap is not None else total

    def tell(block: str, total: Fraction, limit: Fraction) -> None:
        number = list(rubric.blocks).index(block)
        reader.wrong(
            ("blocks", number), block, f"各项合计 {written(total)} 分，这一块写的是 {written(limit)} 分{in_group}", "请改到一致"
        )

    total, wanted = worth(None, tell), base if rubric.rescale is None else rubric.rescale
    if total != wanted:
        named = "base" if rubric.rescale is None else "rescale.from"
        reader.wrong(
            ("base",), "", f"各项合计 {written(total)} 分，{named} 是 {written(wanted)} 分{in_group}",
            "请改到一致；只列出部分项目的，写 points_add_up = false",
        )  # fmt: skip
