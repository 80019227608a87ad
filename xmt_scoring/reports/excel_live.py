"""What makes a sheet answer to a change: named ranges, marks by condition, bars, formulas that nobody overwrites."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xmt_scoring.reports.excel_style import MARKS, Book, Column

Ranges = Callable[[str], str]
_GREY_BAR = "#A6A6A6"  # stays readable under black figures, on paper too; bars of the 2007 kind, which every reader knows


def letter(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def ranges(sheet: str, headings: Sequence[str], top: int, n_rows: int) -> Ranges:
    """heading → the absolute range of its data rows; a table without rows still has one, empty row."""
    return lambda name: f"{sheet}!${letter(headings.index(name))}${top + 2}:${letter(headings.index(name))}${top + 1 + max(n_rows, 1)}"


def named(sheet: str) -> Ranges:
    """heading → the name of its range, as `define` gives it to the workbook."""
    return lambda heading: f"{sheet}_{heading}"


def define(workbook: Any, sheet: str, columns: Sequence[Column], top: int, wanted: Sequence[str]) -> None:
    """Give the data rows of the columns `wanted` the names that formulas use: 扣分明细_最低."""
    found = ranges(sheet, [column.heading for column in columns], top, len(columns[0].values))
    for heading in wanted:
        workbook.define_name(named(sheet)(heading), f"={found(heading)}")


def protect(sheet: Any) -> None:
    """Nobody overwrites a formula by mistake: there is no password, and input cells stay open."""
    allowed = ("autofilter", "sort", "format_cells", "format_columns", "format_rows")
    sheet.protect("", dict.fromkeys(allowed, True))


def mark_rows(book: Book, sheet: Any, first: int, last: int, n_columns: int, conditions: Mapping[str, str]) -> None:
    """Mark the rows `first` to `last` (0-based) by condition: a key of MARKS → a formula for the row {row}; the first that holds."""
    if last < first:
        return
    for mark, formula in conditions.items():
        made = book.rule_format(mark, MARKS[mark])
        options = {"type": "formula", "criteria": "=" + formula.replace("{row}", str(first + 1)), "format": made, "stop_if_true": True}
        sheet.conditional_format(first, 0, last, n_columns - 1, options)


def bars(sheet: Any, first: int, last: int, column: int, most: float) -> None:
    """Bars from 0 to `most` behind the figures of a column."""
    if last >= first:
        limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": most}
        options = {"type": "data_bar", "bar_color": _GREY_BAR, **limits}
        sheet.conditional_format(first, column, last, column, options)
