"""A scheme file → Rubric. Everything that is wrong is told at once, with the line; nothing is scored on a broken file."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

from xmt_scoring.errors import Problem, SchemeError
from xmt_scoring.periods import LAW_IN_FORCE
from xmt_scoring.scoring.rubric.consistency import check_consistency
from xmt_scoring.scoring.rubric.engagement import check_engagement, override_of
from xmt_scoring.scoring.rubric.lines import line_numbers
from xmt_scoring.scoring.rubric.model import Criterion, Rounding, Rubric, Rule
from xmt_scoring.scoring.rubric.reader import Reader
from xmt_scoring.scoring.rubric.reading_items import read_blocks, read_items
from xmt_scoring.scoring.rubric.reading_rest import (
    read_bands,
    read_gates,
    read_ladder,
    read_multiplier,
    read_pass_through,
    read_rollup,
    read_split,
    read_vetoes,
)

TOP = {
    "id", "title", "status", "start", "base", "note", "direction", "points_add_up", "blocks", "items", "composite", "sheets",
    "groups", "vetoes", "gates", "bands", "band_on", "states", "rollup", "rescale", "multiplier", "split", "pass_through",
    "ladder", "dedupe", "rounding", "floor", "cap", "na_losses", "na_share_places", "part_unscored", "source",
    "adopted_by", "adopted_on", "adopted_document", "engagement_override",
}  # fmt: skip
_PART_KEYS = {"id", "name", "weight", "points", "from", "scheme", "applies_to", "note"}
_HEAD = ("id", "title", "status", "start")


def load_rubric(
    name_or_path: str | Path, known_checks: Collection[str] | None = None, also: Callable[[Reader, Rubric], None] | None = None
) -> Rubric:
    """A scheme of the package by name, or any scheme file by path.

    Raises SchemeError with all problems at once, each with file, line and item. `known_checks`: the ids of all rules;
    a check that is not among them is a problem. Left out, check ids are taken as written. `also` may note more problems.
    """
    return _load(name_or_path, known_checks, (), None, also)


def read_rubric(
    raw: Mapping[str, Any], file: str, known_checks: Collection[str] | None = None, text: str = "",
    also: Callable[[Reader, Rubric], None] | None = None,
) -> Rubric:  # fmt: skip
    """The rubric in a parsed TOML; `text` gives the lines for messages. SchemeError with every problem."""
    reader = Reader(file, line_numbers(text), known_checks)
    found = _read(reader, raw, (), None)
    if also is not None:
        also(reader, found)
    if reader.problems:
        raise SchemeError(list(dict.fromkeys(reader.problems)))
    return found


def _load(
    name_or_path: str | Path, known_checks: Collection[str] | None, chain: tuple[str, ...], beside: Path | None,
    also: Callable[[Reader, Rubric], None] | None = None,
) -> Rubric:  # fmt: skip
    path = Path(name_or_path)
    is_file = isinstance(name_or_path, Path) or path.suffix == ".toml"
    if is_file and beside is not None and not path.is_absolute():
        path = beside / path
    source = path if is_file else files("xmt_scoring.scoring").joinpath("schemes", f"{name_or_path}.toml")
    name = path.name if is_file else f"{name_or_path}.toml"
    try:
        text = source.read_bytes().decode("utf-8-sig")
        raw = tomllib.loads(text)
    except OSError as error:
        raise SchemeError(Problem(name, "没有这个评分细则文件", "请检查名称或路径")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemeError(Problem(name, f"不是正确的 TOML：{error}", "请按提示的行改正，文件存为 UTF-8")) from error
    reader = Reader(name, line_numbers(text), known_checks)
    found = _read(reader, raw, (*chain, name), path.parent if is_file else None)
    if also is not None:
        also(reader, found)
    if reader.problems:
        raise SchemeError(list(dict.fromkeys(reader.problems)))
    return found


def _read(reader: Reader, raw: Mapping[str, Any], chain: tuple[str, ...], beside: Path | None) -> Rubric:
    reader.keys(raw, TOP, (), "", _HEAD)
    groups = _groups(reader, raw)
    parts, sheets = _composite(reader, raw, chain, beside)
    items = (*read_items(reader, raw), *parts)
    base = reader.points(raw["base"], ("base",), "") if "base" in raw else Fraction(100 if items else 0)
    states = reader.table(raw, "states")
    reader.keys(states, {"pass", "problems", "fail", "fail_below"}, ("states",), "states")
    if "fail_below" in states:
        reader.points(states["fail_below"], ("states", "fail_below"), "states")
    rescale = reader.table(raw, "rescale")
    reader.keys(rescale, ("from", "note"), ("rescale",), "rescale", ("from",) if "rescale" in raw else ())
    scored_on = reader.points(rescale["from"], ("rescale", "from"), "rescale") if "from" in rescale else None
    dedupe = reader.table(raw, "dedupe")
    reader.keys(dedupe, ("keep", "note"), ("dedupe",), "dedupe", ("keep",) if "dedupe" in raw else ())
    direction = reader.choice(raw.get("direction", "loss"), ("loss", "gain", "mixed"), ("direction",), "")
    adds_up = reader.flag(raw, "points_add_up", (), "", True)
    bands = read_bands(reader, raw, base if items and adds_up and direction == "loss" else None)
    floor = raw.get("floor", "none" if direction == "gain" else "0")
    places = raw.get("na_share_places")
    if places is not None and (isinstance(places, bool) or not isinstance(places, int) or not 0 <= places <= 4):
        reader.wrong(("na_share_places",), "", f"na_share_places 是 {places!r}，应是 0 到 4 的整数", "不要求取整时请删去")
    found = Rubric(
        id=str(raw.get("id", "")), title=reader.text(raw, "title", (), ""), status=_status(reader, raw),
        start=_start(reader, raw), base=base, direction=direction,
        adds_up=adds_up, items=items, blocks=read_blocks(reader, raw), groups=groups,
        vetoes=read_vetoes(reader, raw), gates=read_gates(reader, raw), bands=bands,
        band_on=reader.choice(raw.get("band_on", "printed"), ("printed", "exact"), ("band_on",), ""),
        rollup=read_rollup(reader, raw), parts=sheets, rescale=scored_on, multiplier=read_multiplier(reader, raw),
        split=read_split(reader, raw), pass_through=read_pass_through(reader, raw), ladder=read_ladder(reader, raw),
        keep=reader.choice(dedupe["keep"], ("largest", "first"), ("dedupe", "keep"), "dedupe") if "keep" in dedupe else None,
        rounding=reader.rounding(raw, (), "") or Rounding(),
        floor=None if floor == "none" else reader.points(floor, ("floor",), ""),
        cap=reader.points(raw["cap"], ("cap",), "") if "cap" in raw else None,
        na_losses=reader.choice(raw.get("na_losses", "absolute"), ("absolute", "scaled"), ("na_losses",), ""),
        na_share_places=places,
        part_unscored=reader.choice(raw.get("part_unscored", "unscored"), ("unscored", "zero"), ("part_unscored",), ""),
        pass_word=str(states.get("pass", "合格")), fail_word=str(states.get("fail", "不合格")),
        engagement_override=override_of(reader, raw), raw=raw,
    )  # fmt: skip
    check_consistency(reader, found)
    check_engagement(reader, raw)
    return found


def _groups(reader: Reader, raw: Mapping[str, Any]) -> dict[str, Fraction]:
    found = {}
    for path, table in reader.tables(raw, "groups"):
        label = str(table.get("id", "未编号的类别"))
        reader.keys(table, ("id", "name", "base", "note"), path, label, ("id", "name"))
        found[label] = reader.points(table.get("base", raw.get("base", "100")), (*path, "base"), label)
    return found


def _composite(
    reader: Reader, raw: Mapping[str, Any], chain: tuple[str, ...], beside: Path | None
) -> tuple[tuple[Criterion, ...], dict[str, Rubric]]:
    """[[composite]]: parts judged elsewhere or on a sheet of their own, as items; and those sheets."""
    items, sheets = [], {}
    for path, table in reader.tables(raw, "composite"):
        label = str(table.get("id", "未编号的组成部分"))
        reader.keys(table, _PART_KEYS, path, label, ("id",))
        if ("weight" in table) == ("points" in table):
            reader.wrong(path, label, "weight 与 points 应写且只写一个", "按权重合成写 weight，按分值合成写 points")
        whole = reader.points(table.get("from", "100"), (*path, "from"), label)
        points = reader.points(table["points"], (*path, "points"), label) if "points" in table else whole
        weight = reader.share(table["weight"], (*path, "weight"), label) if "weight" in table else Fraction(1)
        rule = Rule("given", {"from": whole} if "points" in table and "from" in table else {})
        items.append(_part(label, str(table.get("name", label)), points, weight, rule, reader.texts(table, "applies_to", path, label)))
        if "scheme" in table:
            sheet = _sheet(reader, raw, str(table["scheme"]), (*path, "scheme"), label, chain, beside)
            if sheet is not None:
                sheets[label] = sheet
    return tuple(items), sheets


def _part(label: str, name: str, points: Fraction, weight: Fraction, rule: Rule, groups: tuple[str, ...]) -> Criterion:
    return Criterion(
        id=label, name=name, block=None, points=points, rules={"": rule}, weight=weight, groups=groups, cap="none", at_most=None,
        on_na="rescale", rounding=None, is_bonus=False, gate=None, multiplier=Fraction(1), per=None, checks=(), subject="unit",
        article="", model="",
    )  # fmt: skip


def _sheet(
    reader: Reader, raw: Mapping[str, Any], name: str, path: Any, label: str, chain: tuple[str, ...], beside: Path | None
) -> Rubric | None:
    """The sheet that a part is scored on: of [sheets.name] in the same file, else another scheme file."""
    own = reader.table(raw, "sheets").get(name)
    link = f"sheets.{name}" if isinstance(own, dict) else Path(name).name if name.endswith(".toml") else f"{name}.toml"
    if link in chain:
        reader.wrong(path, label, f"循环引用：{' → '.join((*chain, link))}", "一份细则不能是它自己的组成部分，请去掉一处")
        return None
    if isinstance(own, dict):
        lines = {place[2:]: line for place, line in reader.lines.items() if place[:2] == ("sheets", name)}
        inner = Reader(reader.file, lines, reader.known_checks)
        inherited = {key: raw[key] for key in (*_HEAD, "sheets", "engagement_override") if key in raw}
        found = _read(inner, {**inherited, "id": f"{raw.get('id', '')}/{name}", **own}, (*chain, link), beside)
        reader.problems += inner.problems
        return replace(found, raw=own)
    try:
        return _load(name, reader.known_checks, chain, beside)
    except SchemeError as error:
        reader.wrong(path, label, f"引用的细则 {name} 有 {len(error.problems)} 处问题", "请先改好那一份")
        reader.problems += error.problems
    return None


def _status(reader: Reader, raw: Mapping[str, Any]) -> str:
    status = reader.choice(raw.get("status"), ("proposed", "adopted"), ("status",), "")
    absent = [key for key in ("adopted_by", "adopted_on", "adopted_document") if key not in raw]
    if status == "adopted" and absent:
        reader.wrong(("status",), "", f"status 是 adopted，缺少 {'、'.join(absent)}", "请写明谁、何时、以什么文件采用")
    return status


def _start(reader: Reader, raw: Mapping[str, Any]) -> dt.date:
    start = raw.get("start")
    if type(start) is not dt.date or start < LAW_IN_FORCE:
        reader.wrong(("start",), "", f"start 是 {start}，应是 2021-08-18（《办法》施行日）或以后的日期", "请写成 start = 2021-08-18")
        return LAW_IN_FORCE
    return start
