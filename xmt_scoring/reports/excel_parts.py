"""Blocks that several sheets are made of: the title of a section, a sentence over many columns, links in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from xmt_scoring.reports.excel_style import Book, height, lines_needed, shown, write_cell, write_formula, write_place

FOR_NOW = "（暂定）"


def section(book: Book, sheet: Any, row: int, title: str) -> int:
    """The title of a part of a sheet; returns the row below."""
    write_cell(book, sheet, row, 0, title, "section")
    sheet.set_row(row, 22)
    return row + 1


def over(book: Book, sheet: Any, row: int, first: int, text: str, widths: Sequence[float], style: str = "text") -> int:
    """A sentence over the columns from `first` to the last of `widths`, as high as it needs; returns the row below."""
    sheet.merge_range(row, first, row, len(widths) - 1, "", book.format(style))
    write_cell(book, sheet, row, first, text, style)
    sheet.set_row(row, height(lines_needed(text, sum(widths[first:]))))
    return row + 1


def wide_cell(
    book: Book, sheet: Any, row: int, span: tuple[int, int], value: Any, style: str, formula: str = "", place: str = ""
) -> None:
    """One value over the columns `span`, first and last: as a live formula, as a link into this workbook, or as it is."""
    first, last = span
    if last > first:
        sheet.merge_range(row, first, row, last, "", book.format("link" if place else style))
    if formula:
        write_formula(book, sheet, row, first, formula, value, style)
    elif place:
        write_place(book, sheet, row, first, value, place)
    else:
        write_cell(book, sheet, row, first, value, style)


def lines_of(value: Any, style: str, widths: Sequence[float], span: tuple[int, int]) -> int:
    """How many lines a value takes over the columns `span`."""
    return lines_needed(shown(value, style), sum(widths[span[0] : span[1] + 1]))


def keep_together(sheet: Any, starts: Sequence[int], end: int, widths: Sequence[float], new_page: int = 0) -> None:
    """A page break before each block of rows that would be torn apart on paper and fits on a page of its own.

    The blocks begin at the rows `starts` and the last ends before row `end`; the one at `new_page` begins a page in any case.
    By the page set-up of `set_page` with the first two rows repeated; to be called once for a sheet, when its rows are written.
    """
    paper_width, paper_height = 791.0, 505.0  # points of A4 landscape inside the margins
    scale = min(1.0, paper_width / sum(5.25 * width + 3.75 for width in widths))
    tall = [0.75 * sheet.row_sizes[row][0] if row in sheet.row_sizes else 15.0 for row in range(end)]  # kept in pixels
    room, head = paper_height / scale, sum(tall[:2])
    used, breaks = 0.0, []
    for first, last in pairwise((0, *starts, end)):
        block = sum(tall[first:last])
        if first and (first == new_page or used + block > room >= head + block):
            breaks.append(first)
            used = head
        for row in range(first, last):
            used = used + tall[row] if used + tall[row] <= room else head + tall[row]
    sheet.set_h_pagebreaks(breaks)


@dataclass(frozen=True)
class Answer:
    """One box at the top of a cover: its name, the value, the formula that gives it."""

    name: str
    value: Any
    formula: str
    style: str = "answer"


def boxes(book: Book, sheet: Any, row: int, answers: Sequence[Answer], spans: Sequence[tuple[int, int]]) -> None:
    """A row of boxes, each over its columns: the name above the figure."""
    for answer, span in zip(answers, spans, strict=True):
        wide_cell(book, sheet, row, span, answer.name, "group")
        wide_cell(book, sheet, row + 1, span, answer.value, answer.style, answer.formula)
    sheet.set_row(row + 1, 30)


def rate_shown(n_pass: int, n_fail: int, n: int, n_open: int = 0) -> Any:
    """The pass rate in tenths of a percent, half-up; an interval while some may still fail, a dash without anybody.

    `n_open`: how many are not settled although their points say on which side they are (a veto that nobody has looked for yet).
    """
    least, most = ((Decimal(part) / max(n, 1)).quantize(Decimal("0.001"), ROUND_HALF_UP) for part in (n_pass, n - n_fail))
    if not n:
        return "—"
    if n_pass + n_fail < n:
        return f"{least * 100:.1f}%–{most * 100:.1f}%"
    return f"{least * 100:.1f}%{FOR_NOW}" if n_open else least


def rate_formula(passed: str, failed: str, count: str, waiting: str = "") -> str:
    """The same in a spreadsheet, from the formulas of the four numbers."""
    sure, may_be = f"ROUND({passed}/{count},3)", f"ROUND(({count}-{failed})/{count},3)"
    text = f'TEXT({sure},"0.0%")&"–"&TEXT({may_be},"0.0%")'
    settled = f'IF({waiting}>0,TEXT({sure},"0.0%")&"{FOR_NOW}",{sure})' if waiting else sure
    return f'=IF({count}=0,"—",IF({passed}+{failed}={count},{settled},{text}))'


def span_shown(low: Any, high: Any) -> str:
    """最低–最高 of what has no score yet, at the printed places; one number where both print the same."""
    least, most = f"{low:.2f}", f"{high:.2f}"
    return least if least == most else f"{least}–{most}"


def span_formula(low: str, high: str) -> str:
    """The same in a spreadsheet, from two cells with numbers."""
    least, most = (f'TEXT({cell},"0.00")' for cell in (low, high))
    return f'IF({least}={most},{least},{least}&"–"&{most})'
