"""The sheets that both versions for publication have, of the quarter and of the year: cover, list, how it is counted.

Values only: no formulas, no links, nothing to fill in. What may stand in them is decided by `public_book.py` and `year_public_book.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from xmt_scoring.reports.excel_parts import Answer, boxes, over, section, wide_cell
from xmt_scoring.reports.excel_style import Book, Column, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.sheet_names import COVER
from xmt_scoring.reports.sheets_data import Sheets
from xmt_scoring.reports.year_data import YearSheets

METHOD = "怎样算的"
TOP = 2


def write_cover(
    book: Book, sheet: Any, sheets: Sheets | YearSheets, title: str, answered: Iterable[Answer], spans: Sequence[tuple[int, int]],
    ranking: Sequence[Column], widths: Sequence[int],
) -> None:  # fmt: skip
    """封面: title, the answers in boxes (`spans`: their columns), the ranking."""
    _set(sheet, widths)
    wide_cell(book, sheet, 0, (0, len(widths) - 1), f"{sheets.data.settings.county}{title}（{sheets.data.period.label}）", "cover")
    sheet.set_row(0, 34)
    over(book, sheet, 1, 0, sheets.note, widths, "note")
    boxes(book, sheet, 3, [Answer(each.name, each.value, "", each.style) for each in answered], spans)
    section(book, sheet, 6, "单位排名")
    write_table(book, sheet, 7, ranking, widths)
    set_page(sheet, sheets.title(COVER), sheets.note, 0, 1)


def write_list(book: Book, sheet: Any, sheets: Sheets | YearSheets, name: str, columns: Sequence[Column]) -> None:
    """One table with its title, widths by content, and a filter."""
    widths = set_widths(sheet, columns)
    write_head(book, sheet, sheets.title(name), sheets.note, widths, len(columns))
    end = write_table(book, sheet, TOP, columns, widths)
    sheet.autofilter(TOP, 0, max(end - 1, TOP), len(columns) - 1)
    set_page(sheet, sheets.title(name), sheets.note, TOP, TOP, 2)


def write_method(
    book: Book, sheet: Any, sheets: Sheets | YearSheets, sentences: Iterable[str], items: Sequence[Column], widths: Sequence[int]
) -> None:
    """怎样算的: sentences, bands, items and vetoes with their articles."""
    _set(sheet, widths)
    write_head(book, sheet, sheets.title(METHOD), sheets.note, widths, len(widths))
    scheme = sheets.data.scheme
    row = section(book, sheet, TOP, "一、计分")
    for sentence in (*sentences, f"评分细则：{scheme.get('title', '')}（{'已采用' if sheets.is_adopted else '建议稿'}）。"):
        row = over(book, sheet, row, 0, sentence, widths)
    row = section(book, sheet, row + 1, "二、等次")
    for band in scheme["bands"]:
        row = over(book, sheet, row, 0, f"{band['name']}：{band['from']} 分及以上", widths)
    row = section(book, sheet, row + 1, "三、评分项与单项否决")
    write_table(book, sheet, row, items, widths)
    set_page(sheet, sheets.title(METHOD), sheets.note, 0, 1)


def _set(sheet: Any, widths: Sequence[int]) -> None:
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
