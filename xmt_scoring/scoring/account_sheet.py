"""A rubric as the sheet of all accounts of a quarter: what the vectorised scoring computes, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from xmt_scoring.model import Severity
from xmt_scoring.points import CENT, SCALE
from xmt_scoring.scoring.rubric.lines import Path
from xmt_scoring.scoring.rubric.model import Criterion, Rounding, Rubric, Rule
from xmt_scoring.scoring.rubric.reader import Reader
from xmt_scoring.scoring.rubric.rule_types import ACCOUNT_SHEET_RULES
from xmt_scoring.scoring.scheme import Band, Item, Loss, Scheme, Veto

NA_POLICIES = ("full", "rescale", "redistribute")
_ITEM_KEYS = ("block", "subject", "checks", "article", "model")
_TRY = "账号季度评分只算逐件扣分；整份细则可以用 xmt scheme try 逐份试算"


def check_account_sheet(reader: Reader, rubric: Rubric) -> None:
    """Note what the quarter's scoring of all accounts cannot compute, or needs and does not find."""
    reader.keys(rubric.raw, rubric.raw.keys(), (), "", ("base", "items", "bands", "rollup"))
    for (path, table), item in zip(reader.tables(rubric.raw, "items"), rubric.items, strict=False):
        reader.keys(table, table.keys(), path, item.id, _ITEM_KEYS)
        _item(reader, item, path)
    for (path, table), veto in zip(reader.tables(rubric.raw, "vetoes"), rubric.vetoes, strict=True):
        reader.keys(table, table.keys(), path, veto.code, ("checks", "article", "model"))
        if veto.outcome != "zero" or veto.levels:
            reader.wrong((*path, "outcome"), veto.code, f"outcome 是 {veto.outcome}", f"账号的否决只能是 zero，不写 levels。{_TRY}")
    rollup = rubric.rollup
    if rollup is not None and (rollup.over != "accounts" or rollup.method not in ("setting", "mean", "min") or rollup.weights):
        reader.wrong(
            ("rollup", "method"), "rollup", f"over 是 {rollup.over}，method 是 {rollup.method}", "单位得分只能由账号得分按 setting、mean 或 min 得出"
        )
    if rollup is not None and (rollup.least_each is not None or rollup.least_total is not None):
        reader.wrong(("rollup",), "rollup", "写了最低要求 least_each、least_total", _TRY)
    for is_used, key in (
        (rubric.direction != "loss", "direction"), (not rubric.adds_up, "points_add_up"), (rubric.groups, "groups"),
        (rubric.parts or "composite" in rubric.raw, "composite"), (rubric.rescale, "rescale"), (rubric.multiplier, "multiplier"),
        (rubric.split, "split"), (rubric.pass_through, "pass_through"), (rubric.gates, "gates"), (rubric.cap, "cap"), (rubric.keep == "first", "dedupe"),
        (rubric.na_losses == "scaled", "na_losses"), (rubric.band_on == "exact", "band_on"), (rubric.floor != 0, "floor"),
        (rubric.rounding != Rounding(), "rounding"), (any(band.minima for band in rubric.bands), "bands"),
    ):  # fmt: skip
        if is_used:
            reader.wrong((key,), "", f"{key} 在账号季度评分里不能用", _TRY)
    for number, block in enumerate(rubric.blocks.values()):
        if block.cap is not None or block.parent is not None or block.weight != 1:
            reader.wrong(("blocks", number), block.id, "写了 cap、parent 或 weight", _TRY)
    if rubric.na_share_places not in (None, 2):
        reader.wrong(("na_share_places",), "", f"na_share_places 是 {rubric.na_share_places}，账号季度评分保留 2 位", "请写 2")


def _item(reader: Reader, item: Criterion, path: Path) -> None:
    for rule in item.rules.values():
        if rule.type not in ACCOUNT_SHEET_RULES:
            reader.wrong((*path, "rule"), item.id, f"计分方法是 {rule.type}", f"可以用：{'、'.join(ACCOUNT_SHEET_RULES)}。{_TRY}")
        elif "ok_if" in rule.params and rule.params["ok_if"].text.replace(" ", "") != "events==0":
            reader.wrong((*path, "rule"), item.id, f"条件是 {rule.params['ok_if'].text}", f"账号的这类项目只看有没有事件。{_TRY}")
        sizes = rule.params.get("losses") or {"": rule.params.get("loss", Fraction(0))}
        if rule.type in ACCOUNT_SHEET_RULES and max(sizes.values(), default=Fraction(0)) > item.points:
            reader.wrong((*path, "rule"), item.id, "一次扣的分比本项的分值还多", "请把扣分改到不超过本项分值")
        unknown = [name for name in rule.params.get("losses", {}) if name not in set(Severity)]
        if unknown and rule.type == "per_event_by_severity":
            reader.wrong((*path, "rule"), item.id, f"不认识的情形 {'、'.join(unknown)}", f"可以写：{'、'.join(Severity)}")
        for value in (item.points, *sizes.values()):
            if (value * 100).denominator != 1:
                reader.wrong(path, item.id, f"points 或扣分 {value} 多于两位小数", "请改成最多两位小数")
    if item.cap != "own" or item.weight != 1 or item.at_most is not None or item.rounding or item.is_bonus or item.gate or item.per:
        reader.wrong(path, item.id, "写了 cap、weight、at_most、rounding、bonus、gate 或 per", _TRY)
    if item.on_na not in (None, *NA_POLICIES):
        reader.wrong((*path, "on_na"), item.id, f"on_na 是 {item.on_na}，账号季度评分只能是 {'、'.join(NA_POLICIES)}", "请改正")


def account_sheet(rubric: Rubric) -> Scheme:
    """The rubric (checked by `check_account_sheet`) in the whole numbers of the vectorised scoring."""
    rollup = rubric.rollup
    assert rollup is not None
    return Scheme(
        rubric.id, rubric.title, rubric.status, rubric.start, _units(rubric.base),
        tuple(_scheme_item(item) for item in rubric.items),
        tuple(Veto(v.code, v.name, v.checks, v.outcome, v.article, v.model) for v in rubric.vetoes),
        tuple(Band(band.name, _units(band.lowest)) for band in rubric.bands), rollup.method, rollup.vetoed, rubric.raw,
    )  # fmt: skip


def _scheme_item(item: Criterion) -> Item:
    if "" in item.rules:
        losses: Mapping[str, Loss] = dict.fromkeys(item.checks, _loss(item.rule))
    else:
        losses = {check: _loss(item.rules[check]) for check in item.checks}
    return Item(item.id, item.name, str(item.block), _units(item.points), item.subject, losses, item.on_na, item.article, item.model)


def _loss(rule: Rule) -> Loss:
    if rule.type == "per_event":
        return Loss(per_event=_units(rule.params["loss"]))
    if rule.type == "per_event_by_severity":
        return Loss(by_severity={name: _units(size) for name, size in rule.params["losses"].items()})
    return Loss(is_all_or_nothing=True)


def _units(points: Fraction) -> int:
    scaled = points * SCALE
    assert scaled.denominator == 1 and int(scaled) % CENT == 0
    return int(scaled)
