"""A scheme file read strictly: every mistake is reported, with file and item, before anything is scored."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from xmt_scoring.errors import Problem, SchemeError
from xmt_scoring.law import article as law_article
from xmt_scoring.model import Severity
from xmt_scoring.periods import LAW_IN_FORCE
from xmt_scoring.points import CENT, SCALE, units
from xmt_scoring.scoring.scheme import Band, Item, Loss, Scheme, Veto

NA_POLICIES = ("full", "rescale", "redistribute")
# 第十九条 and the national line against rankings: these figures are kept for trends and never carry points
ENGAGEMENT = {"reads", "plays", "likes", "shares", "comments", "wows", "saves", "followers", "engagement"}
_TOP = {
    "id", "title", "status", "start", "base", "note", "blocks", "items", "vetoes", "bands", "states", "rollup",
    "adopted_by", "adopted_on", "adopted_document", "engagement_override",
}  # fmt: skip
_ITEM = {"id", "name", "block", "points", "subject", "checks", "loss", "losses", "on_na", "article", "model"}
_VETO = {"code", "name", "checks", "outcome", "article", "model"}
_LOSS = {"per_event", "by_severity", "all_or_nothing"}


@dataclass
class _Reader:
    file: str
    known_checks: Collection[str] | None
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, where: str, what: str, todo: str) -> None:
        self.problems.append(Problem(f"{self.file}{where}", what, todo))

    def keys(self, table: Mapping[str, Any], allowed: Iterable[str], where: str, required: Iterable[str] = ()) -> None:
        unknown = [key for key in table if key not in set(allowed)]
        absent = [key for key in required if key not in table]
        if unknown:
            self.wrong(where, f"有不认识的键 {'、'.join(unknown)}", f"可以写的键:{'、'.join(sorted(allowed))}")
        if absent:
            self.wrong(where, f"缺少 {'、'.join(absent)}", "请补上")

    def points(self, value: object, where: str, key: str) -> int:
        """Points as ten-thousandths; 0 after a reported problem."""
        if not isinstance(value, str):
            self.wrong(where, f"{key} 是 {value!r},分数应写成带引号的字", f'例如 {key} = "2"')
            return 0
        try:
            number = Decimal(value)
            in_units = units(number) if number.is_finite() else -1
        except (InvalidOperation, ValueError):
            self.wrong(where, f"{key} = “{value}”不是最多两位小数的数", "请改成如 2 或 0.5")
            return 0
        if in_units < 0 or in_units % CENT or in_units > 1000 * SCALE:
            self.wrong(where, f"{key} = “{value}”,应为 0 到 1000、最多两位小数", "扣多少写多少,不带负号")
            return 0
        return in_units

    def choice(self, value: object, allowed: Collection[str], where: str, key: str) -> str:
        if value not in allowed:
            self.wrong(where, f"{key} 是“{value}”,只能是 {'、'.join(allowed)}", "请改正")
            return next(iter(allowed))
        return str(value)

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = table.get(key, "")
        if key in table and (not isinstance(value, str) or not value.strip()):
            self.wrong(where, f"{key} 应是不为空的文字", "请改正")
        return str(value)

    def tables(self, raw: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        found = raw.get(key, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            self.wrong("", f"{key} 应写成 [[{key}]]", "请对照自带的细则改正")
            return []
        return found

    def table(self, raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        found = raw.get(key, {})
        if isinstance(found, dict):
            return found
        self.wrong("", f"{key} 应写成 [{key}]", "请对照自带的细则改正")
        return {}

    def article(self, table: Mapping[str, Any], where: str) -> str:
        code = self.text(table, "article", where)
        try:
            law_article(code)
        except (KeyError, ValueError):
            if "article" in table:
                self.wrong(where, f"《办法》没有第“{code}”条(项)", '条款写成 "6" 或 "11.1"')
        return code

    def checks(self, table: Mapping[str, Any], where: str) -> list[str]:
        found = table.get("checks", [])
        if not isinstance(found, list) or not found or not all(isinstance(check, str) for check in found):
            self.wrong(where, "checks 应列出至少一条规则", '例如 checks = ["art11_weekly_update"]')
            return []
        for check in found:
            if self.known_checks is not None and check not in self.known_checks:
                self.wrong(where, f"没有规则“{check}”", "请改成 checks 目录下有的规则,或先写好这条规则")
        return found


def _loss(reader: _Reader, table: object, where: str) -> Loss:
    if not isinstance(table, dict) or len(table) != 1 or not set(table) <= _LOSS:
        reader.wrong(where, f"扣分写成了 {table!r}", "请写 per_event、by_severity、all_or_nothing 之中的一个")
        return Loss(per_event=0)
    if "per_event" in table:
        return Loss(per_event=reader.points(table["per_event"], where, "per_event"))
    if "all_or_nothing" in table:
        if table["all_or_nothing"] is not True:
            reader.wrong(where, "all_or_nothing 只能是 true", "不用时请删去,改写 per_event")
        return Loss(is_all_or_nothing=True)
    sizes = table["by_severity"]
    if not isinstance(sizes, dict) or not sizes:
        reader.wrong(where, "by_severity 应是 情形 = 分数 的列表", '例如 { general = "0.5", serious = "2" }')
        return Loss(per_event=0)
    unknown = [severity for severity in sizes if severity not in set(Severity)]
    if unknown:
        reader.wrong(where, f"不认识的情形 {'、'.join(unknown)}", f"可以写:{'、'.join(Severity)}")
    return Loss(by_severity={name: reader.points(size, where, name) for name, size in sizes.items()})


def _losses(reader: _Reader, table: Mapping[str, Any], where: str) -> dict[str, Loss]:
    checks = reader.checks(table, where)
    if ("loss" in table) == ("losses" in table):
        reader.wrong(where, "loss 与 losses 应写且只写一个", "各规则扣分相同写 loss,不同写 losses")
        return {check: Loss(per_event=0) for check in checks}
    if "loss" in table:
        loss = _loss(reader, table["loss"], where)
        return dict.fromkeys(checks, loss)
    by_check = table["losses"]
    if not isinstance(by_check, dict) or set(by_check) != set(checks):
        reader.wrong(where, "losses 应给 checks 中的每条规则各写一个扣分", "请补上或删去多余的")
        return {check: Loss(per_event=0) for check in checks}
    return {check: _loss(reader, by_check[check], where) for check in checks}


def _item(reader: _Reader, table: Mapping[str, Any], blocks: Collection[str]) -> Item:
    where = f"「{table.get('id', '未编号的项目')}」"
    reader.keys(table, _ITEM, where, {"id", "name", "block", "points", "subject", "checks", "article", "model"})
    points = reader.points(table.get("points", "0"), where, "points")
    losses = _losses(reader, table, where)
    for check, loss in losses.items():
        largest = max((loss.by_severity or {"": loss.per_event or 0}).values())
        if largest > points:
            reader.wrong(where, f"{check} 一次扣的分比本项的分值还多", "请把扣分改到不超过本项分值")
    if table.get("block") not in blocks:
        reader.wrong(where, f"block “{table.get('block')}”不在 [[blocks]] 里", "请改正或补上这一块")
    on_na = reader.choice(table["on_na"], NA_POLICIES, where, "on_na") if "on_na" in table else None
    subject = reader.choice(table.get("subject", "account"), ("account", "unit"), where, "subject")
    return Item(
        reader.text(table, "id", where), reader.text(table, "name", where), str(table.get("block")), points, subject,
        losses, on_na, reader.article(table, where), reader.text(table, "model", where),
    )  # fmt: skip


def _veto(reader: _Reader, table: Mapping[str, Any]) -> Veto:
    where = f"「{table.get('code', '未编号的否决项')}」"
    reader.keys(table, _VETO, where, _VETO)
    outcome = reader.choice(table.get("outcome", "zero"), ("zero",), where, "outcome")
    return Veto(
        reader.text(table, "code", where), reader.text(table, "name", where), tuple(reader.checks(table, where)),
        outcome, reader.article(table, where), reader.text(table, "model", where),
    )  # fmt: skip


def _bands(reader: _Reader, raw: Mapping[str, Any], base: int) -> tuple[Band, ...]:
    found = []
    for table in reader.tables(raw, "bands"):
        where = f"「{table.get('name', '未命名的等次')}」"
        reader.keys(table, {"name", "from"}, where, {"name", "from"})
        found.append(Band(reader.text(table, "name", where), reader.points(table.get("from", "0"), where, "from")))
    edges = [band.lowest for band in found]
    if edges != sorted(set(edges), reverse=True) or not edges or edges[-1] != 0 or edges[0] > base:
        reader.wrong("「bands」", "等次没有从高到低、不重不漏地盖住 0 到满分", '最后一个等次从 "0" 起,每个下限只写一次')
    return tuple(found)


def _no_repeats(reader: _Reader, names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            reader.wrong(f"「{name}」", f"{what}重复", "请改名或删去一个")
        seen.add(name)


def _sums(reader: _Reader, blocks: Mapping[str, int], items: Iterable[Item], base: int) -> None:
    items = list(items)
    for block, points in blocks.items():
        total = sum(item.points for item in items if item.block == block)
        if total != points:
            reader.wrong(f"「{block}」", f"各项合计 {_words(total)} 分,这一块写的是 {_words(points)} 分", "请改到一致")
    total = sum(item.points for item in items)
    if total != base:
        reader.wrong("", f"各项合计 {_words(total)} 分,base 是 {_words(base)} 分", "请改到一致")


def _words(in_units: int) -> str:
    return f"{(Decimal(in_units) / SCALE).normalize():f}"


def _status(reader: _Reader, raw: Mapping[str, Any]) -> str:
    status = reader.choice(raw.get("status"), ("proposed", "adopted"), "", "status")
    absent = [key for key in ("adopted_by", "adopted_on", "adopted_document") if key not in raw]
    if status == "adopted" and absent:
        reader.wrong("", f"status 是 adopted,缺少 {'、'.join(absent)}", "请写明谁、何时、以什么文件采用")
    return status


def _no_engagement(reader: _Reader, raw: Mapping[str, Any]) -> None:
    """Points for reads, likes or followers are refused unless somebody signs for them with a document."""
    override = raw.get("engagement_override", {})
    if isinstance(override, dict) and all(override.get(key) for key in ("by", "on", "document")):
        return
    for table in (*reader.tables(raw, "items"), *reader.tables(raw, "vetoes")):
        words = {word for text in _identifiers(table) for word in re.split(r"[^a-z]+", text)}
        counted = sorted((words & ENGAGEMENT) - ({"engagement"} if "faked" in words else set()))
        if counted:
            reader.wrong(
                f"「{table.get('id', table.get('code', ''))}」",
                f"按 {'、'.join(counted)} 计分:阅读、点赞、转发、评论、粉丝只作趋势,不计分(第十九条禁止虚假与强制,国家不排名)",
                "请删去;确有文件规定的,写 [engagement_override] 的 by、on、document",
            )


def _identifiers(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield str(key)
            yield from _identifiers(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _identifiers(entry)
    elif isinstance(value, str):
        yield value.lower()


def read(raw: Mapping[str, Any], file: str, known_checks: Collection[str] | None) -> Scheme:
    """The scheme in a parsed TOML; SchemeError with every problem of the file."""
    reader = _Reader(file, known_checks)
    reader.keys(raw, _TOP, "", {"id", "title", "status", "start", "base", "items", "bands", "rollup"})
    base = reader.points(raw.get("base", "100"), "", "base")
    blocks = {str(t.get("id")): reader.points(t.get("points"), f"「{t.get('id')}」", "points") for t in reader.tables(raw, "blocks")}
    items = tuple(_item(reader, table, blocks) for table in reader.tables(raw, "items"))
    vetoes = tuple(_veto(reader, table) for table in reader.tables(raw, "vetoes"))
    bands = _bands(reader, raw, base)
    status = _status(reader, raw)
    start = raw.get("start")
    if type(start) is not dt.date or start < LAW_IN_FORCE:
        reader.wrong("", f"start 是 {start},应是 2021-08-18(《办法》施行日)或以后的日期", "请写成 start = 2021-08-18")
    rollup = reader.table(raw, "rollup")
    reader.keys(rollup, {"unit", "vetoed_account"}, "「rollup」", {"unit", "vetoed_account"})
    unit = reader.choice(rollup.get("unit"), ("setting", "mean", "min"), "「rollup」", "unit")
    vetoed = reader.choice(rollup.get("vetoed_account"), ("setting", "zero", "exclude"), "「rollup」", "vetoed_account")
    states = reader.table(raw, "states")
    reader.keys(states, {"pass", "problems", "fail", "fail_below"}, "「states」")
    reader.points(states.get("fail_below", "0"), "「states」", "fail_below")
    ids = [str(block.get("id")) for block in reader.tables(raw, "blocks")]
    _no_repeats(reader, [*ids, *(item.id for item in items), *(veto.code for veto in vetoes)], "编号")
    checks = [check for item in items for check in item.checks] + [check for veto in vetoes for check in veto.checks]
    _no_repeats(reader, checks, "同一条规则计入的地方")
    _no_repeats(reader, [band.name for band in bands], "等次")
    _sums(reader, blocks, items, base)
    _no_engagement(reader, raw)
    if reader.problems:
        raise SchemeError(list(dict.fromkeys(reader.problems)))
    return Scheme(
        str(raw["id"]), str(raw["title"]), status, raw["start"], base, items, vetoes, bands, unit, vetoed, raw
    )
