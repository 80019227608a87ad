"""Numbers of notices: in the order of units within kind and year, given once; a number that was given is never given again.

They stand in a register of the office's own, which no run deletes and to which the office may add what it numbered by hand.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from xmt_scoring.errors import Problem, XmtError, cannot_write
from xmt_scoring.periods import Quarter
from xmt_scoring.reports.excel_style import Column, opened_book, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.notices.fields import KINDS
from xmt_scoring.workspace import ASIDE, Workspace, make_folder

FILE = "文号登记.xlsx"  # in reports/: all quarters, all kinds
EARLIER = "notices.json"  # in data/processed/<quarter>: where numbers were kept before; still read
_HEADINGS = ("年份", "种类", "序号", "单位编号", "单位", "季度", "备注")
_NEEDED, _TOP = _HEADINGS[:3], 2
_TITLE = "通知文号登记"
_NOTE = "程序编号时先看本表：登记过的号不再给别人。手工发出的通知请在下面加一行（年份、种类、序号必填）。请不要删行，作废的号在备注写明。"


@dataclass(frozen=True)
class _Given:
    """One number that was given. Unit and quarter are empty where the office numbered something of its own."""

    year: int
    kind: str
    number: int
    unit_id: str = ""
    unit_name: str = ""
    quarter: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, str, int]:
        return self.kind, self.unit_id, self.year


def numbered(
    ws: Workspace, quarter: Quarter, wanted: Sequence[tuple[str, str, int]], names: Mapping[str, str] | None = None
) -> dict[tuple[str, str], int]:
    """(kind, unit_id) → number, for `wanted` (kind, unit_id, year of issue) in order; keeps them in the register.

    Who had a number of that year and quarter before keeps it; the others get the next free ones of their kind and year over
    all quarters. So the same register gives the same numbers, and a unit that joins later does not shift the others.
    `names`: unit_id → name, for the register. XmtError when the register cannot be read or written.
    """
    path = ws.reports(quarter).parent / FILE
    kept = _read(path)
    found = list(dict.fromkeys([*kept, *(each for each in _earlier(ws, quarter) if all(_place(each) != _place(one) for one in kept))]))
    given = {each.key: each.number for each in found if each.quarter == str(quarter)}
    for kind, unit, year in wanted:
        if (kind, unit, year) not in given:
            used = [each.number for each in found if (each.kind, each.year) == (kind, year)]
            given[kind, unit, year] = max(used, default=0) + 1
            found.append(_Given(year, kind, given[kind, unit, year], unit, (names or {}).get(unit, ""), str(quarter)))
    found.sort(key=lambda each: (each.year, list(KINDS).index(each.kind), each.number))
    if found != kept:
        _write(path, found)
    return {(kind, unit): given[kind, unit, year] for kind, unit, year in wanted}


def _place(each: _Given) -> tuple[int, str, int, str, str]:
    return each.year, each.kind, each.number, each.unit_id, each.quarter


def _earlier(ws: Workspace, quarter: Quarter) -> list[_Given]:
    """What earlier versions kept beside the frames of each quarter."""
    made = []
    for path in sorted(ws.processed(quarter).parent.glob(f"*/{EARLIER}")):
        for entry in json.loads(path.read_text(encoding="utf-8"))["notices"]:
            made.append(_Given(entry["year"], entry["kind"], entry["number"], entry["unit_id"], quarter=path.parent.name))
    return made


def _read(path: Path) -> list[_Given]:
    """The rows of the register; XmtError with every row that cannot be read."""
    if not path.exists():
        return []
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
        rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    except OSError as error:
        raise XmtError.of(FILE, f"打不开：{error.strerror or error}", "请在 Excel 或 WPS 中关闭它再运行") from error
    except Exception as error:  # a damaged package fails in as many ways as it has parts; every one means the same
        raise XmtError.of(FILE, "不是完好的 Excel 文件", f"请从备份恢复 {path}；恢复不了的，照“通知登记.xlsx”重新登记已发的文号") from error
    top = next((at for at, row in enumerate(rows) if set(_NEEDED) <= {str(cell).strip() for cell in row}), None)
    if top is None:
        raise XmtError.of(FILE, f"找不到表头（要有{'、'.join(_NEEDED)}）", "请把表头改回来，不要删列")
    names = [str(cell).strip() for cell in rows[top]]
    kinds = {word: kind for kind, word in KINDS.items()}
    made, problems = [], []
    for line, row in enumerate(rows[top + 1 :], start=top + 2):
        values = {name: "" if cell is None else str(cell).strip() for name, cell in zip(names, row, strict=False)}
        if not any(values.get(name) for name in _HEADINGS):
            continue
        year, kind, number = (values.get(name, "") for name in _NEEDED)
        if kind not in kinds:
            problems.append(Problem(f"{FILE} 第 {line} 行「种类」列", f"写的是“{kind}”", f"应是{'、'.join(kinds)}"))
        for name, text in (("年份", year), ("序号", number)):
            if not (text.isdecimal() and text.isascii() and int(text) > 0):
                problems.append(Problem(f"{FILE} 第 {line} 行「{name}」列", f"写的是“{text}”", "应是整数，例如 2026、12"))
        if not problems:
            rest = [values.get(name, "") for name in _HEADINGS[3:]]
            made.append(_Given(int(year), kinds[kind], int(number), *rest))
    if problems:
        raise XmtError(problems)
    return made


def _write(path: Path, found: Sequence[_Given]) -> None:
    """The whole register anew, aside and then renamed; the same rows give the same bytes."""
    make_folder(path.parent)
    values: list[list[Any]] = [[each.year, KINDS[each.kind], each.number, each.unit_id, each.unit_name, each.quarter, each.note] for each in found]
    styles = ("count", "centre", "count", "centre", "text", "centre", "input")
    columns = [
        Column(name, [row[at] for row in values], style, 30 if name in ("单位", "备注") else 14)
        for at, (name, style) in enumerate(zip(_HEADINGS, styles, strict=True))
    ]  # fmt: skip
    aside = path.with_name(f"{ASIDE}{uuid4().hex}.xlsx")
    try:
        with opened_book(aside, _TITLE, dt.date(found[-1].year, 1, 1)) as (workbook, book):
            sheet = workbook.add_worksheet("文号登记")
            widths = set_widths(sheet, columns)
            widths[-1] = 30
            sheet.set_column(len(widths) - 1, len(widths) - 1, 30)
            write_head(book, sheet, _TITLE, _NOTE, widths, len(columns))
            end = write_table(book, sheet, _TOP, columns, widths)
            sheet.autofilter(_TOP, 0, end - 1, len(columns) - 1)
            set_page(sheet, _TITLE, _NOTE, _TOP, _TOP, 1)
        aside.replace(path)
    except PermissionError as error:
        raise XmtError.of(str(path), "正在 Excel 或 WPS 中打开，新的文号登记不上", "请关闭它再运行；没有登记的号不发出去") from error
    except OSError as error:
        raise cannot_write(str(path.parent), error) from error
    finally:
        aside.unlink(missing_ok=True)
