"""The Excel templates of the office's registers, made from registers.toml, frames.toml and the glossary.

Each sheet has its headings in row 1 (required ones bold on colour, every one with a note) and an example in row 2 that
the reader passes over; choices and yes/no are lists, dates are checked. The files repeat to the byte (`rulings.md` §7).
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from xmt_scoring.frames import Column
from xmt_scoring.glossary import choices
from xmt_scoring.ingest.register_specs import Sheet, sheets
from xmt_scoring.reports.excel_style import BODY, HEAD, display_width, safe_text

EXAMPLE = "「示例」"
LAST_ROW = 2000  # lists and date checks reach down to here
_MADE = dt.datetime(2021, 8, 18)  # the day the 办法 came into force: a fixed time keeps the bytes the same
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_FORMATS = {"date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "parts": "0.##"}


def write_templates(folder: Path) -> list[Path]:
    """One workbook for each register file into the folder (made if absent); returns the paths. Overwrites nothing.

    Raises FileExistsError when one of the files is there already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, group in groupby(sheets(), key=lambda sheet: sheet.file):
        path = folder / name
        with path.open("xb") as stream:
            stream.write(workbook_bytes(list(group)))
        written.append(path)
    return written


def workbook_bytes(group: list[Sheet], rows: Mapping[str, pd.DataFrame] | None = None) -> bytes:
    """A workbook with these sheets, the same bytes every time.

    `rows`: by register, the texts of its rows by our columns; they stand in the place of the example.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in group:
        _write_sheet(book.create_sheet(sheet.name), sheet, (rows or {}).get(sheet.register))
    stream = io.BytesIO()
    book.save(stream)
    return _timeless(stream.getvalue())


def put_text(cell: Any, text: str) -> None:
    """Text that stays text, also when somebody edits the cell: what looks like a formula is quoted."""
    cell.value = safe_text(text)
    cell.data_type = "s"
    if text.startswith(_RISKY):
        cell.quotePrefix = True


def _write_sheet(page: Any, sheet: Sheet, rows: pd.DataFrame | None) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    line = Side(style="thin", color="808080")
    needed, free = PatternFill("solid", fgColor="F8CBAD"), PatternFill("solid", fgColor="E4E4E4")
    for number, (column, title) in enumerate(zip(sheet.columns, sheet.headings, strict=True), start=1):
        letter, is_needed = get_column_letter(number), column.name in sheet.required
        page.column_dimensions[letter].width = _width(column, title, sheet)
        page.column_dimensions[letter].number_format = _FORMATS.get(column.kind, "@")
        head = page.cell(1, number)
        put_text(head, title)
        head.font = Font(name=HEAD, size=11, bold=is_needed)
        head.fill = needed if is_needed else free
        head.border = Border(left=line, right=line, top=line, bottom=line)
        head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        head.comment = _note(column, sheet, is_first=number == 1, has_example=rows is None)
        if rows is None:
            example = page.cell(2, number)
            _put_example(example, column, sheet, is_first=number == 1)
            example.font = Font(name=BODY, size=10, italic=True, color="7F7F7F")
        elif column.name in rows:
            for at, text in enumerate(rows[column.name], start=2):
                if isinstance(text, str):
                    put_text(page.cell(at, number), text)
        _restrict(page, column, f"{letter}3:{letter}{LAST_ROW}")
    page.row_dimensions[1].height = 24
    page.freeze_panes = "A2"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _put_example(cell: Any, column: Column, sheet: Sheet, is_first: bool) -> None:
    text = sheet.example.get(column.name, "")
    if is_first:
        put_text(cell, EXAMPLE + text)
    elif text and column.kind in ("date", "moment"):
        cell.value = dt.datetime.fromisoformat(text)
        cell.number_format = _FORMATS[column.kind]
    elif text:
        cell.number_format = "@"
        put_text(cell, text)


def _width(column: Column, title: str, sheet: Sheet) -> int:
    shown = sheet.example.get(column.name, "")
    if column is sheet.columns[0]:
        shown = EXAMPLE + shown
    listed = max((display_width(words[0]) for words in choices(column.choice).values()), default=0) if column.choice else 0
    return min(max(display_width(title) + 4, display_width(shown) + 2, listed + 4, 10), 44)


def _note(column: Column, sheet: Sheet, is_first: bool, has_example: bool) -> Any:
    """What the column wants, as the cell's note; the first one also says what the sheet is for."""
    from openpyxl.comments import Comment

    lines = [sheet.purpose + ("。第 2 行是示例，可以删去。" if has_example else "。")] if is_first else []
    lines.append("必填。" if column.name in sheet.required else "可以空着。")
    if hint := sheet.hints.get(column.name):
        lines.append(hint + "。")
    if column.choice:
        lines.append("从下拉列表中选。")
    lines += {"date": ["日期写到日。"], "moment": ["日期，最好写到分钟。"], "bool": ["填“是”或“否”。"]}.get(column.kind, [])
    note = Comment("\n".join(lines), "xmt-scoring")
    note.width = 260
    note.height = 24 + 18 * sum(-(-display_width(line) // 36) for line in lines)
    return note


def _restrict(page: Any, column: Column, cells: str) -> None:
    from openpyxl.utils.datetime import to_excel
    from openpyxl.worksheet.datavalidation import DataValidation

    words = [words[0] for words in choices(column.choice).values()] if column.choice else ["是", "否"] if column.kind == "bool" else []
    if words:
        rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        rule.error = "请从下拉列表中选：" + "、".join(words)
    elif column.kind in ("date", "moment"):
        first, last = (str(int(to_excel(day))) for day in (dt.datetime(1990, 1, 1), dt.datetime(2099, 12, 31)))
        rule = DataValidation(type="date", operator="between", formula1=first, formula2=last, allow_blank=True)
        rule.error = "请写成 2024-01-02 这样的日期"
    else:
        return
    rule.error = rule.error[:220]
    rule.errorTitle, rule.showErrorMessage = "填写有误", True
    rule.add(cells)
    page.add_data_validation(rule)


def _timeless(package: bytes) -> bytes:
    """The same workbook with fixed times inside: of the package's files and in the document's properties."""
    made = io.BytesIO()
    stamp = _MADE.strftime("%Y-%m-%dT%H:%M:%SZ")
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*(</dcterms)", rb"\g<1>" + stamp.encode() + rb"\g<2>", content)
            fixed = zipfile.ZipInfo(entry.filename, date_time=_MADE.timetuple()[:6])
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, content)
    return made.getvalue()
