"""What an export is: recognised by its set of headings, never by its name, sheet name or column order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xmt_scoring.ingest.grids import Grid
from xmt_scoring.ingest.tables import Table, filled_lines, find_double_header, find_header, heading_texts, table_at

_TIME = re.compile(r"时间|日期|月份|年度|time|date", re.IGNORECASE)
UNKNOWN_TODO = "请放入平台后台导出的原文件；格式变了的，在“导出格式.toml”里写一次对应关系（先看 xmt import --explain 文件）；都没有的，填“通用发布记录.xlsx”"
_NEAR = 3  # headings in common from which an unknown table is compared with a kind


@dataclass(frozen=True)
class Kind:
    """One export of one platform.

    `needs`: headings that must all be there, each with its variants separated by `|`. `lacks`: headings that must not.
    `columns`: our column → its heading and variants. `file_kind`: a code of [choices.file_kind]. `covers`: what a
    complete list of this kind covers. `cap`: rows after which the platform cuts a list off. `anchor`: where tables
    stand side by side, a heading of the one that is read. `sheet`: words in the sheet's name where headings alone do not
    tell. `is_part`: only a part of what the account published, so it never proves that nothing else was. `only`: heading and
    word of the rows that count, where a table has more rows for the same thing.
    `date_format`: how its times are written where the usual forms do not hold. `is_own`: described by the office.
    `refused`: why its rows are not taken.
    """

    name: str
    platform: str | None
    file_kind: str
    needs: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    covers: str = "posts"
    cap: int | None = None
    anchor: str | None = None
    sheet: str | None = None
    is_part: bool = False
    only: tuple[str, str] | None = None
    date_format: str | None = None
    is_own: bool = False
    refused: str | None = None

    def fits(self, headings: Iterable[str], sheet: str | None = None) -> bool:
        """Whether a row of cleaned headings (in a sheet of that name) is this kind's."""
        words = set(headings)
        if self.sheet and self.sheet not in (sheet or ""):
            return False
        return all(words & set(need.split("|")) for need in self.needs) and not words & set(self.lacks)

    def missing(self, headings: Iterable[str]) -> list[str]:
        """The needed headings that a row of headings lacks."""
        words = set(headings)
        return [need.split("|")[0] for need in self.needs if not words & set(need.split("|"))]


@dataclass(frozen=True)
class Recognised:
    """A grid, the kind that it is and the table in it; `kind` is missing for an unknown one, with a hint for people."""

    grid: Grid
    kind: Kind | None
    table: Table | None
    hint: str = ""


def recognise(grid: Grid, kinds: Iterable[Kind]) -> Recognised:
    """The kind of a grid: of those whose headings are all there the one that knows most of the headings.

    One that the office described itself goes before ours. Headings may stand in two rows, groups above single ones.
    """
    all_kinds = list(kinds)
    position = find_header(grid, lambda words: any(kind.fits(words, grid.sheet) for kind in all_kinds))
    is_double = position is None
    if position is None:
        position = find_double_header(grid, lambda words: any(kind.fits(words, grid.sheet) for kind in all_kinds))
    if position is None:
        return Recognised(grid, None, None, _nearest(grid, all_kinds))
    table = table_at(grid, position, is_double)
    words = table.headings
    fitting = [kind for kind in all_kinds if kind.fits(words, grid.sheet)]
    kind = max(fitting, key=lambda each: (each.is_own, each.sheet is not None, len(each.needs), _known(each, words)))
    return Recognised(grid, kind, _block(table, kind.anchor) if kind.anchor else table)


def _known(kind: Kind, words: Iterable[str]) -> int:
    return len(set(words) & {variant for names in kind.columns.values() for variant in names.split("|")})


def _block(table: Table, anchor: str) -> Table:
    """Of tables that stand side by side the one with the anchor: its neighbours up to the empty columns."""
    at = table.headings.index(anchor)
    first = last = at
    while first and table.headings[first - 1]:
        first -= 1
    while last + 1 < len(table.headings) and table.headings[last + 1]:
        last += 1
    lines, numbers = filled_lines(zip(table.numbers, (line[first : last + 1] for line in table.lines), strict=True))
    return Table(table.grid, table.header_row, table.headings[first : last + 1], lines, numbers, table.titles)


def _nearest(grid: Grid, kinds: list[Kind]) -> str:
    best, common, words = None, _NEAR - 1, []
    for row in grid.rows[:10]:
        headings = heading_texts(row)
        for kind in kinds:
            shared = len(set(headings) & {variant for names in (*kind.needs, *kind.columns.values()) for variant in names.split("|")})
            if shared > common:
                best, common, words = kind, shared, headings
    if best is None:
        first = next((heading_texts(row) for row in grid.rows if any(heading_texts(row))), [])
        listed = "、".join(dict.fromkeys(word for word in first if word))[:80]
        timeless = "" if any(_TIME.search(word) for word in first) else "，里面没有日期或时间列"
        return f"不认识的表格（第一行：{listed}）{timeless}"
    lacking = best.missing(words)
    known = {variant for names in (*best.needs, *best.columns.values()) for variant in names.split("|")}
    same = "、".join(word for word in words if word in known)
    told = f"缺少列“{'、'.join(lacking)}”" if lacking else "列混在一起，分不清是哪一种"
    return f"不认识的表格，最接近“{best.name}”（对得上的列：{same}），但{told}"
