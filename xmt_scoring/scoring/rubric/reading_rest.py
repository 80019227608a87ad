"""The other tables of a scheme file: vetoes, gates, bands, roll-up, ladder, pass-through, multiplier, split."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from xmt_scoring.glossary import choices
from xmt_scoring.scoring.rubric.conditions import OPERATORS
from xmt_scoring.scoring.rubric.model import Band, Gate, Multiplier, PassThrough, Rollup, Split, Step, Veto
from xmt_scoring.scoring.rubric.reader import Reader, written

OUTCOMES = ("zero", "unscored", "fixed", "item_loss", "bar_top_band", "bar_bonus")
_VETO = {
    "code", "name", "outcome", "value", "item", "stops_item", "verdict", "levels", "if", "checks", "article", "model", "note",
}  # fmt: skip


def read_vetoes(reader: Reader, raw: Mapping[str, Any]) -> tuple[Veto, ...]:
    """The vetoes in order; the first total one that is hit decides."""
    return tuple(_veto(reader, table, path) for path, table in reader.tables(raw, "vetoes"))


def _veto(reader: Reader, table: Mapping[str, Any], path: Any) -> Veto:
    label = str(table.get("code", "未编号的否决项"))
    reader.keys(table, _VETO, path, label, ("code", "name", "outcome"))
    outcome = reader.choice(table.get("outcome", "zero"), OUTCOMES, (*path, "outcome"), label)
    value = reader.points(table["value"], (*path, "value"), label) if "value" in table else None
    if (value is None) != (outcome not in ("fixed", "item_loss")):
        reader.wrong(path, label, f"outcome 是 {outcome}，value {'没有写' if value is None else '不该写'}", "fixed 写定为几分，item_loss 写扣几分")
    item = reader.text(table, "item", path, label) or None
    if (item is None) != (outcome != "item_loss"):
        reader.wrong(path, label, f"outcome 是 {outcome}，item {'没有写' if item is None else '不该写'}", "item_loss 才写扣在哪一项")
    levels = reader.texts(table, "levels", path, label)
    for level in levels:
        if level not in choices("level"):
            reader.wrong((*path, "levels"), label, f"不认识的层级 {level}", f"可以写：{'、'.join(choices('level'))}")
    return Veto(
        label, reader.text(table, "name", path, label), outcome, value, item,
        reader.flag(table, "stops_item", path, label, True), reader.text(table, "verdict", path, label) or None, levels,
        reader.condition(table["if"], (*path, "if"), label) if "if" in table else None, reader.checks(table, path, label),
        reader.article(table, path, label) if "article" in table else "",
        reader.text(table, "model", path, label),
    )  # fmt: skip


def read_gates(reader: Reader, raw: Mapping[str, Any]) -> tuple[Gate, ...]:
    """Conditions on printed figures: `base > 80` opens a bonus, `base >= 60` decides the verdict."""
    found = []
    for path, table in reader.tables(raw, "gates"):
        label = str(table.get("id", "未编号的门槛"))
        reader.keys(table, ("id", "left", "op", "value", "else", "note"), path, label, ("id", "left", "op", "value"))
        found.append(
            Gate(
                label, reader.text(table, "left", path, label),
                reader.choice(table.get("op", ">"), tuple(OPERATORS), (*path, "op"), label),
                reader.number(table.get("value", "0"), (*path, "value"), label),
                reader.text(table, "else", path, label) or None,
            )
        )  # fmt: skip
    return tuple(found)


def read_bands(reader: Reader, raw: Mapping[str, Any], base: Fraction | None) -> tuple[Band, ...]:
    """The grades, highest first, each by its lower edge; together they cover everything from 0 on."""
    found, upper = [], []
    for path, table in reader.tables(raw, "bands"):
        label = str(table.get("name", "未命名的等次"))
        reader.keys(table, ("name", "from", "below", "minima"), path, label, ("name", "from"))
        minima = reader.by_name(table["minima"], (*path, "minima"), label, reader.points) if "minima" in table else {}
        found.append(Band(label, reader.points(table.get("from", "0"), (*path, "from"), label), minima))
        upper.append(reader.points(table["below"], (*path, "below"), label) if "below" in table else None)
    edges = [band.lowest for band in found]
    if found and (edges != sorted(set(edges), reverse=True) or edges[-1] != 0 or (base is not None and edges[0] > base)):
        reader.wrong(("bands", 0), "bands", "等次没有从高到低、不重不漏地盖住 0 到满分", '最后一个等次从 "0" 起，每个下限只写一次')
    for number in range(1, len(found)):
        below = upper[number]
        if below is not None and below != edges[number - 1]:
            reader.wrong(
                ("bands", number, "below"), found[number].name,
                f"上限 {written(below)} 与上一等次的下限 {written(edges[number - 1])} 之间有空档或重叠", "请改到一致",
            )  # fmt: skip
    reader.no_repeats([(band.name, ("bands", n)) for n, band in enumerate(found)], "等次")
    return tuple(found)


def read_rollup(reader: Reader, raw: Mapping[str, Any]) -> Rollup | None:
    """[rollup]: how scores of periods, accounts or bodies become one; "setting" leaves it to xmt.toml."""
    table, path = reader.table(raw, "rollup"), ("rollup",)
    if not table:
        return None
    allowed = ("over", "method", "missing", "vetoed", "weights", "least_each", "least_total", "note")
    reader.keys(table, allowed, path, "rollup", ("over", "method"))
    method = reader.choice(table.get("method", "mean"), ("mean", "sum", "min", "max", "weighted", "setting"), (*path, "method"), "rollup")
    weights = reader.by_name(table["weights"], (*path, "weights"), "rollup", reader.share) if "weights" in table else {}
    if (method == "weighted") != bool(weights) or (weights and sum(weights.values()) != 1):
        reader.wrong((*path, "weights"), "rollup", "权重与 method 不符，或合计不为 1", '只有 method = "weighted" 写 weights，合计为 1')
    return Rollup(
        reader.text(table, "over", path, "rollup"), method,
        reader.choice(table.get("missing", "exclude"), ("exclude", "zero", "refuse"), (*path, "missing"), "rollup"),
        reader.choice(table.get("vetoed", "zero"), ("zero", "exclude", "setting"), (*path, "vetoed"), "rollup"), weights,
        reader.points(table["least_each"], (*path, "least_each"), "rollup") if "least_each" in table else None,
        reader.points(table["least_total"], (*path, "least_total"), "rollup") if "least_total" in table else None,
    )  # fmt: skip


def read_ladder(reader: Reader, raw: Mapping[str, Any]) -> tuple[Step, ...]:
    """Measures in rising order; the last one whose condition holds is proposed, never ordered."""
    found = []
    for path, table in reader.tables(raw, "ladder"):
        label = str(table.get("measure", "未写措施"))
        reader.keys(table, ("object", "measure", "if", "note"), path, label, ("object", "measure", "if"))
        condition = reader.condition(table.get("if", ""), (*path, "if"), label)
        found.append(Step(reader.text(table, "object", path, label), label, condition))
    return tuple(found)


def read_pass_through(reader: Reader, raw: Mapping[str, Any]) -> PassThrough | None:
    """[pass_through]: what the result is worth in another assessment."""
    table, path = reader.table(raw, "pass_through"), ("pass_through",)
    if not table:
        return None
    reader.keys(table, ("points", "from", "cap", "note"), path, "pass_through", ("points",))
    base = reader.number(table.get("from", "100"), (*path, "from"), "pass_through")
    if not base:
        reader.wrong((*path, "from"), "pass_through", "from 是 0", "写本考核的满分，如 100")
    cap = reader.points(table["cap"], (*path, "cap"), "pass_through") if "cap" in table else None
    return PassThrough(reader.points(table.get("points", "0"), (*path, "points"), "pass_through"), base or Fraction(1), cap)


def read_multiplier(reader: Reader, raw: Mapping[str, Any]) -> Multiplier | None:
    """[multiplier]: a factor on the sum, or one of several by name."""
    table, path = reader.table(raw, "multiplier"), ("multiplier",)
    if not table:
        return None
    reader.keys(table, ("factor", "factors", "cap", "note"), path, "multiplier")
    if ("factor" in table) == ("factors" in table):
        reader.wrong(path, "multiplier", "factor 与 factors 应写且只写一个", '例如 factor = "1.05"')
    return Multiplier(
        reader.number(table["factor"], (*path, "factor"), "multiplier") if "factor" in table else None,
        reader.by_name(table["factors"], (*path, "factors"), "multiplier", reader.number) if "factors" in table else {},
        reader.points(table["cap"], (*path, "cap"), "multiplier") if "cap" in table else None,
    )


def read_split(reader: Reader, raw: Mapping[str, Any]) -> Split | None:
    """[split]: points of joint work."""
    table, path = reader.table(raw, "split"), ("split",)
    if not table:
        return None
    reader.keys(table, ("method", "shares", "note"), path, "split", ("method",))
    method = reader.choice(table.get("method"), ("equal", "shares"), (*path, "method"), "split")
    shares = reader.by_name(table["shares"], (*path, "shares"), "split", reader.share) if "shares" in table else {}
    if (method == "shares") != bool(shares):
        reader.wrong((*path, "shares"), "split", "shares 与 method 不符", '只有 method = "shares" 写 shares')
    return Split(method, shares)
