"""What a person types in to try a rubric: one field for each input; and the filled-in fields as inputs of `evaluate`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.glossary import choices
from xmt_scoring.scoring.rubric.model import Criterion, Rubric, Rule
from xmt_scoring.scoring.rubric.rule_types import RULES
from xmt_scoring.scoring.rubric.words import case_words, item_words, veto_words

NOT_APPLICABLE = "不适用"
_KINDS = {"count": "整数", "number": "数", "number?": "数，可不填", "list": "若干数，用顿号隔开", "flag": "是或否", "text": "文字"}


@dataclass(frozen=True)
class Field:
    """One cell of the form. `path` leads to its place in the inputs; `of`: the item it belongs to, in words."""

    path: tuple[str, ...]
    kind: str  # count | number | number? | list | flag | text
    words: str
    of: str

    @property
    def kind_words(self) -> str:
        """What may be written there."""
        return _KINDS[self.kind]


def fields(rubric: Rubric, group: str | None = None) -> list[Field]:
    """Every field of the rubric's form, in the order of the scheme; of all groups where none is named."""
    found = [Field(("group",), "text", f"类别：{'、'.join(rubric.groups)}", "类别")] if rubric.groups else []
    items = rubric.items if group is None else rubric.items_of(group)
    for item in {item.id: item for item in items}.values():
        sheet = rubric.parts.get(item.id)
        if sheet is not None:
            found += [Field((item.id, *each.path), each.kind, each.words, f"{item.name} {each.of}") for each in fields(sheet)]
            continue
        for name, rule in item.rules.items():
            found += _rule_fields(item, (item.id, name) if name else (item.id,), rule)
    if rubric.rollup is not None and not rubric.items:
        found.append(Field(("values",), "list", "各期（各账号）得分，没有的写“缺”", "汇总"))
    if not rubric.items and rubric.rollup is None and (rubric.bands or rubric.pass_through):
        found.append(Field(("total",), "number", "总分", "总分"))
    if rubric.multiplier is not None and rubric.multiplier.factors:
        found.append(Field(("multiplier",), "text", f"系数：{'、'.join(rubric.multiplier.factors)}", "系数"))
    if rubric.split is not None:
        words = "共同完成的单位数" if rubric.split.method == "equal" else f"份额：{'、'.join(rubric.split.shares)}"
        found.append(Field(("split",), "text", words, "分摊"))
    if rubric.ladder:
        objects = dict.fromkeys(step.object for step in rubric.ladder)
        found.append(Field(("object",), "text", f"对象：{'、'.join(objects)}", "处置措施"))
    conditions = [step.condition for step in rubric.ladder] + [veto.condition for veto in rubric.vetoes if veto.condition]
    for name in dict.fromkeys(name for condition in conditions for name in condition.names):
        found.append(Field(("facts", name), "number", name, "条件"))
    for veto in rubric.vetoes:
        if veto.condition is None:
            kind = "text" if veto.levels else "flag"
            words = f"发现的层级，没有的不填；{veto_words(veto)}" if veto.levels else f"有没有；{veto_words(veto)}"
            found.append(Field(("vetoes", veto.code), kind, words, f"单项否决 {veto.name}"))
    return found


def _rule_fields(item: Criterion, path: tuple[str, ...], rule: Rule) -> list[Field]:
    asked = _asked(rule)
    of = f"{item.name}（{item_words(item)}）"
    return [Field((*path, name), "list" if item.per else kind, words, of) for name, (kind, words) in asked.items()]


def _asked(rule: Rule) -> dict[str, tuple[str, str]]:
    """Names of the inputs of a rule with kind and words."""
    params = rule.params
    if rule.type in ("threshold_loss", "proportional", "ratio_to_target") and "numerator" in params:
        names = [params[key] for key in ("numerator", "denominator") if isinstance(params.get(key), str)]
        return {name: ("number", name) for name in names}
    if rule.type == "all_or_nothing" and "ok_if" in params:
        return {name: ("number", name) for name in params["ok_if"].names}
    tables = params.get("losses"), params.get("gain"), params.get("loss"), params.get("table")
    named = next((each for each in tables if isinstance(each, Mapping)), None)
    if named is not None and rule.type in ("per_event_by_severity", "level_table", "bonus"):
        return {name: ("count", f"{case_words(name)} 件数") for name in named}
    if rule.type == "weighted_periods" and "by_name" in params:
        return {name: ("number", f"{name} 得分") for name in params["by_name"]}
    if rule.type == "checklist":
        if "parts" in params:
            return {name: ("flag", f"{name} 做到了吗") for name in params["parts"]}
        return {"done": ("count", "做到几项")} if "each" in params else {"missing": ("count", "缺几项")}
    asked = dict(RULES[rule.type].asks)
    if "target" in params:
        asked.pop("target", None)
    return asked


def inputs_from(filled: Iterable[tuple[Field, object]], where: str) -> dict[str, Any]:
    """The inputs of `evaluate` from filled-in fields (None: left empty). XmtError with every cell that cannot be read.

    A word 不适用 in any field of an item makes the item not applicable. A veto left empty is taken as not found. An item
    with some fields filled and others empty is refused: an empty one is not 0.
    """
    inputs: dict[str, Any] = {}
    problems: list[Problem] = []
    empty: list[Field] = []
    for field, value in filled:
        if value is None or str(value).strip() == "":
            empty += [field] if field.kind != "number?" and not _is_veto(field) else []
            continue
        if _is_veto(field):
            _veto(inputs, field, str(value).strip(), where, problems)
            continue
        if str(value).strip() == NOT_APPLICABLE:
            _put(inputs, (*field.path[:-1], "na"), True)
            continue
        try:
            read = _read(field, value)
        except (KeyError, ValueError):
            problems.append(Problem(f"{where}「{field.of}」", f"填的是“{value}”，应是{field.kind_words}", "请改正"))
            continue
        _put(inputs, field.path, read)
    for field in empty:
        beside: Any = inputs  # what was filled in of the same item, which may stand in a sheet within the sheet
        for name in field.path[:-1]:
            beside = beside.get(name) if isinstance(beside, dict) else None
        is_begun = isinstance(inputs.get(field.path[0]), dict)  # its item, or the sheet in which the item stands
        if is_begun and len(field.path) > 1 and "na" not in (beside or {}):
            problems.append(Problem(f"{where}「{field.of}」", f"“{field.words}”没有填", f"没有发生的填 0，不适用的填“{NOT_APPLICABLE}”"))
    if problems:
        raise XmtError(problems)
    return inputs


def _is_veto(field: Field) -> bool:
    return len(field.path) > 1 and field.path[-2] == "vetoes"


def _put(inputs: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for name in path[:-1]:
        inputs = inputs.setdefault(name, {})
    inputs[path[-1]] = value


def _read(field: Field, value: object) -> Any:
    text = str(value).strip()
    if field.kind == "text":
        return text
    if field.kind == "flag":
        return {"是": True, "有": True, "1": True, "true": True, "否": False, "无": False, "没有": False, "0": False, "false": False}[text.lower()]
    if field.kind == "list":
        parts = text.replace(",", "、").replace(",", "、").replace(";", "、").replace(" ", "、").split("、")
        return [None if part in ("缺", "空", "-") else part for part in parts if part]
    return text.removesuffix(".0") if field.kind == "count" else text


def _veto(inputs: dict[str, Any], field: Field, text: str, where: str, problems: list[Problem]) -> None:
    levels = {word: code for code, words in choices("level").items() for word in words}
    entry: Any = field.path[-1]
    if field.kind == "text":
        if text not in levels:
            problems.append(Problem(f"{where}「{field.of}」", f"层级“{text}”不认识", f"可以写：{'、'.join(w[0] for w in choices('level').values())}"))
            return
        entry = {"code": entry, "level": levels[text]}
    elif text in ("否", "无", "没有", "0", "未发现"):
        return
    elif text not in ("是", "有", "1", "发现"):
        problems.append(Problem(f"{where}「{field.of}」", f"填的是“{text}”", "请填 是 或 否"))
        return
    for name in field.path[:-2]:
        inputs = inputs.setdefault(name, {})
    inputs.setdefault("vetoes", []).append(entry)
