"""[[items]] and [[blocks]] of a scheme file: the tree, and each item's rule with its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from xmt_scoring.scoring.rubric.lines import Path
from xmt_scoring.scoring.rubric.model import Block, Criterion, Per, Rule
from xmt_scoring.scoring.rubric.reader import Reader
from xmt_scoring.scoring.rubric.rule_types import EARN, LOSS, RULES

NA_POLICIES = ("full", "rescale", "redistribute", "peer_mean")
RESERVED = (
    "group", "vetoes", "peers", "findings", "values", "total", "multiplier", "split", "object", "facts", "done_by",
)  # fmt: skip
ITEM_KEYS = {
    "id", "name", "block", "points", "weight", "applies_to", "subject", "checks", "rule", "rules", "cap", "at_most",
    "on_na", "rounding", "bonus", "gate", "multiplier", "per", "article", "model", "note",
}  # fmt: skip
BLOCK_KEYS = {"id", "name", "parent", "points", "cap", "weight", "note"}
_ONE_OF = {  # of these parameters exactly one group must be there
    "threshold_loss": (("tiers",), ("below", "loss"), ("above", "loss")),
    "steps_gain": (("tiers",), ("first_over", "first"), ("first_from", "first"), ("step", "gain")),
    "checklist": (("parts",), ("each",), ("loss_each",)),
    "level_table": (("gain",), ("loss",)),
    "weighted_periods": (("weights",), ("by_name",)),
}


def does(rule: Rule) -> str:
    """Whether the rule takes points or gives them."""
    if rule.type in ("level_table", "checklist") and ("loss" in rule.params or "loss_each" in rule.params):
        return LOSS
    return RULES[rule.type].does


def read_blocks(reader: Reader, raw: Mapping[str, Any]) -> dict[str, Block]:
    """The blocks by id."""
    found: dict[str, Block] = {}
    for path, table in reader.tables(raw, "blocks"):
        label = str(table.get("id", "未编号的部分"))
        reader.keys(table, BLOCK_KEYS, path, label, ("id", "name"))
        found[label] = Block(
            label, reader.text(table, "name", path, label), str(table["parent"]) if "parent" in table else None,
            reader.points(table["points"], (*path, "points"), label) if "points" in table else None,
            reader.points(table["cap"], (*path, "cap"), label) if "cap" in table else None,
            reader.share(table["weight"], (*path, "weight"), label) if "weight" in table else Fraction(1),
        )  # fmt: skip
    return found


def read_items(reader: Reader, raw: Mapping[str, Any]) -> tuple[Criterion, ...]:
    """The items in order."""
    return tuple(_item(reader, table, path) for path, table in reader.tables(raw, "items"))


def _item(reader: Reader, table: Mapping[str, Any], path: Path) -> Criterion:
    label = str(table.get("id", "未编号的项目"))
    reader.keys(table, ITEM_KEYS, path, label, ("id", "name", "points"))
    if label in RESERVED:
        reader.wrong((*path, "id"), label, f"编号 {label} 另有用处", "请换一个编号")
    points = reader.points(table.get("points", "0"), (*path, "points"), label)
    checks = reader.checks(table, path, label)
    rules = _rules(reader, table, path, label, checks)
    first = next(iter(rules.values()))
    is_free = points == 0 and all(does(rule) == EARN for rule in rules.values())
    is_bonus = reader.flag(table, "bonus", path, label, RULES[first.type].is_bonus or is_free)
    if is_bonus and any(does(rule) == LOSS for rule in rules.values()):
        reader.wrong((*path, "bonus"), label, "加分项用了扣分的方法", "扣分项请去掉 bonus = true")
    cap = reader.choice(table.get("cap", "own"), ("own", "parent", "none"), (*path, "cap"), label)
    if cap == "own" and is_free:
        cap = "none"  # nothing to cap at
    if cap == "parent" and "block" not in table:
        reader.wrong((*path, "cap"), label, 'cap = "parent" 但没有写 block', "请写明属于哪一部分")
    on_na = None
    if table.get("on_na", "variant") != "variant":
        on_na = reader.choice(table["on_na"], NA_POLICIES, (*path, "on_na"), label)
    return Criterion(
        id=label, name=reader.text(table, "name", path, label),
        block=str(table["block"]) if "block" in table else None, points=points, rules=rules,
        weight=reader.share(table["weight"], (*path, "weight"), label) if "weight" in table else Fraction(1),
        groups=reader.texts(table, "applies_to", path, label), cap=cap,
        at_most=reader.points(table["at_most"], (*path, "at_most"), label) if "at_most" in table else None,
        on_na=on_na, rounding=reader.rounding(table, path, label), is_bonus=is_bonus,
        gate=reader.text(table, "gate", path, label) or None,
        multiplier=reader.number(table["multiplier"], (*path, "multiplier"), label) if "multiplier" in table else Fraction(1),
        per=_per(reader, table, path, label), checks=checks,
        subject=reader.choice(table.get("subject", "account"), ("account", "unit"), (*path, "subject"), label),
        article=reader.article(table, path, label) if "article" in table else "",
        model=reader.text(table, "model", path, label),
    )  # fmt: skip


def _rules(
    reader: Reader, table: Mapping[str, Any], path: Path, label: str, checks: tuple[str, ...]
) -> dict[str, Rule]:
    """The item's rule under ""; or one for each of its checks."""
    nothing = {"": Rule("given", {})}
    if ("rule" in table) == ("rules" in table):
        reader.wrong(path, label, "rule 与 rules 应写且只写一个", "各条检查扣分相同写 rule，不同写 rules")
        return nothing
    if "rule" in table:
        return {"": read_rule(reader, table["rule"], (*path, "rule"), label)}
    by_check = table["rules"]
    if not isinstance(by_check, dict) or not by_check or (checks and set(by_check) != set(checks)):
        reader.wrong((*path, "rules"), label, "rules 应给 checks 中的每一条各写一个扣分", "请补上或删去多余的")
        return nothing
    return {check: read_rule(reader, by_check[check], (*path, "rules", check), label) for check in (checks or by_check)}


def read_rule(reader: Reader, table: object, path: Path, label: str) -> Rule:
    """One rule with its parameters parsed; `given` after a reported problem."""
    if not isinstance(table, dict) or table.get("type") not in RULES:
        named = table.get("type") if isinstance(table, dict) else table
        reader.wrong(path, label, f"没有计分方法 {named!r}", f'写成 {{ type = "per_event", loss = "2" }}；可用的 type：{"、".join(RULES)}')
        return Rule("given", {})
    kind, spec = str(table["type"]), RULES[str(table["type"])].params
    required = [name for name, words in spec.items() if words.endswith("!")]
    reader.keys(table, {"type", *spec}, path, label, required)
    params = {
        name: _param(reader, spec[name].rstrip("!"), value, (*path, name), label)
        for name, value in table.items()
        if name in spec
    }
    ways = _ONE_OF.get(kind, ())
    complete = [way for way in ways if all(name in params for name in way)]
    if len(complete) > 1 and complete[-1] == ("step", "gain"):
        complete.pop()  # further steps go with a first one
    if ways and len(complete) != 1:
        choices = "，或 ".join("+".join(way) for way in ways)
        reader.wrong(path, label, f"{kind} 的参数不全或相互矛盾", f"请写且只写一组：{choices}")
    _weights_add_up(reader, params, path, label)
    return Rule(kind, params)


def _param(reader: Reader, kind: str, value: Any, path: Path, label: str) -> Any:
    if kind in ("points", "number", "share"):
        return getattr(reader, kind)(value, path, label)
    if kind == "condition":
        return reader.condition(value, path, label)
    if kind == "text":
        return reader.text({str(path[-1]): value}, str(path[-1]), path[:-1], label)
    if kind == "source":
        number = reader.number(value, path, label) if str(value)[:1].isdigit() else None
        return str(value) if number is None else number
    if kind in ("[points]", "[number]"):
        return reader.listed(value, path, label, getattr(reader, kind[1:-1]))
    if kind in ("{points}", "{number}"):
        return reader.by_name(value, path, label, getattr(reader, kind[1:-1]))
    if kind in ("[tier]", "[place]"):
        return _rows(reader, kind, value, path, label)
    return reader.choice(value, kind.split("|"), path, label)


def _rows(reader: Reader, kind: str, value: Any, path: Path, label: str) -> tuple[Mapping[str, Fraction], ...]:
    """Tiers {below | above | from, loss | points}, or places {to | to_share, points}."""
    edges, sizes = (("below", "above", "from"), ("loss", "points")) if kind == "[tier]" else (("to", "to_share"), ("points",))
    example = '{ below = "0.9", loss = "1" }' if kind == "[tier]" else '{ to = "3", points = "10" }'
    rows = value if isinstance(value, list) else []
    if not rows or not all(isinstance(row, dict) and len(row) == 2 and set(row) <= {*edges, *sizes} for row in rows):
        reader.wrong(path, label, f"{path[-1]} 应是列表，每行一个界限、一个分数", f"例如 {path[-1]} = [{example}]")
        return ()
    return tuple(
        {name: (reader.points if name in sizes else reader.number)(each, (*path, name), label) for name, each in row.items()}
        for row in rows
    )


def _weights_add_up(reader: Reader, params: Mapping[str, Any], path: Path, label: str) -> None:
    weights = params.get("weights") or tuple((params.get("by_name") or {}).values())
    if weights and sum(weights) != 1:
        reader.wrong(path, label, f"各期权重合计 {sum(weights)}，应为 1", "25% 请写成 0.25")


def _per(reader: Reader, table: Mapping[str, Any], path: Path, label: str) -> Per | None:
    if "per" not in table:
        return None
    path, found = (*path, "per"), reader.table(table, "per", path)
    reader.keys(found, ("period", "method", "n"), path, label, ("period", "n"))
    n = found.get("n", 1)
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= 366:
        reader.wrong(path, label, f"n 是 {n!r}，应是期数，如 12", "一年按月写 12，按季写 4")
        n = 1
    method = reader.choice(found.get("method", "sum"), ("sum", "mean", "min"), (*path, "method"), label)
    return Per(str(found.get("period", "")), method, n)
