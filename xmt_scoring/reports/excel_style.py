"""How our workbooks look and how a value becomes a cell: the only place with fonts, colours, widths and page set-up."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

# An xlsx cell names one font and has no list of fallbacks. These two come with Windows, WPS and macOS; where they are
# absent (Linux) fontconfig puts a Chinese font of the same class in their place, and no width below depends on it.
BODY, HEAD = "宋体", "黑体"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
LONGEST = 32_767  # UTF-16 units that a cell can hold
CUT = "…（文字过长，已截断）"
OPENING = "打开原文"  # what a link to a page on the net shows: an address is too long for a cell
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for a formula when it is typed again
MOST_LINKS, LONGEST_LINK = 60_000, 2_000  # below Excel's limits per sheet and per link

_LINE = {"font_name": BODY, "font_size": 10, "border": 1, "border_color": "#808080", "valign": "vcenter"}
_GREY, _INPUT = "#E4E4E4", "#FFF9DB"
STYLES: Mapping[str, Mapping[str, Any]] = {
    "text": {**_LINE, "text_wrap": True},
    "centre": {**_LINE, "text_wrap": True, "align": "center"},
    "count": {**_LINE, "num_format": "0", "align": "center"},
    "score": {**_LINE, "num_format": "0.00", "align": "center"},
    "points": {**_LINE, "num_format": '0.00;-0.00;"–"', "align": "center"},
    "parts": {**_LINE, "num_format": '0.0000;-0.0000;"–"', "align": "center"},  # of a year, before it is rounded
    "open_points": {**_LINE, "num_format": '0.00;-0.00"起";"待定"', "align": "center"},
    "serving": {**_LINE, "num_format": ";;;"},  # in hidden columns that only formulas read
    "date": {**_LINE, "num_format": "yyyy-mm-dd", "align": "center"},
    # a link does not wrap in every program: it shrinks to its cell
    "link": {**_LINE, "shrink": True, "font_color": "#0000C0", "underline": 1},
    "opening": {**_LINE, "align": "center", "font_color": "#0000C0", "underline": 1},
    "input": {**_LINE, "text_wrap": True, "bg_color": _INPUT, "locked": False},
    "input_moment": {**_LINE, "num_format": "yyyy-mm-dd hh:mm", "bg_color": _INPUT, "locked": False},
    "input_points": {**_LINE, "num_format": "0.00;-0.00;0", "align": "center", "bg_color": _INPUT, "locked": False},
    "change": {**_LINE, "num_format": '"升 "0;"降 "0;"持平"', "align": "center"},
    "gain": {**_LINE, "num_format": "+0.00;-0.00;0.00", "align": "center"},
    "given": {**_LINE, "text_wrap": True, "bg_color": "#F2F2F2"},
    "heading": {**_LINE, "font_name": HEAD, "bold": True, "text_wrap": True, "align": "center", "bg_color": _GREY},
    "group": {**_LINE, "font_name": HEAD, "align": "center", "text_wrap": True, "bg_color": "#F2F2F2"},
    "full": {**_LINE, "num_format": '"满分"0.##', "font_size": 8, "align": "center", "bg_color": "#F2F2F2"},
    "title": {"font_name": HEAD, "font_size": 15, "valign": "vcenter"},
    "cover": {"font_name": HEAD, "font_size": 20, "align": "center", "valign": "vcenter"},
    "answer": {**_LINE, "font_name": HEAD, "font_size": 14, "align": "center"},
    "answer_share": {**_LINE, "font_name": HEAD, "font_size": 14, "align": "center", "num_format": "0.0%"},
    "section": {"font_name": HEAD, "font_size": 12, "bold": True, "valign": "vcenter"},
    "note": {"font_name": BODY, "font_size": 10, "text_wrap": True, "valign": "vcenter"},
}
# What a row may be marked as; each is told by words in the row too, so nothing is lost in a grey print.
MARKS: Mapping[str, Mapping[str, Any]] = {
    "open": {"bg_color": "#FFF2CC"},
    "quiet": {"font_color": "#595959"},
    "veto": {"bold": True, "bg_color": "#F4CCCC"},
}


@dataclass(frozen=True)
class Column:
    """One column of a table: heading, values, a key of STYLES, and the widest it may be (in digits, 汉字 = 2).

    `formulas`: where given and not blank, the cell is its formula and the value stands beside it as the computed result.
    `styles`: where given, the style of each cell instead of `style`. `links`: where given, the place in this workbook
    that the cell leads to (None: nowhere).
    """

    heading: str
    values: Sequence[Any]
    style: str = "text"
    widest: int = 40
    formulas: Sequence[str] | None = None
    styles: Sequence[str] | None = None
    links: Sequence[str | None] | None = None


@dataclass
class Book:
    """An open XlsxWriter workbook with its formats, made once each."""

    workbook: Any
    formats: dict[tuple[str, str, bool], Any] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)

    def format(self, style: str, mark: str = "", quoted: bool = False) -> Any:
        """The format of a style, for a marked row, and for text that must stay text when it is typed again."""
        key = (style, mark, quoted)
        if key not in self.formats:
            made = self.workbook.add_format({**STYLES[style], **(MARKS[mark] if mark else {})})
            if quoted:
                made.set_quote_prefix()
            self.formats[key] = made
        return self.formats[key]

    def rule_format(self, name: str, content: Mapping[str, Any]) -> Any:
        """What a condition changes in the cells where it holds."""
        key = ("", name, False)
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(dict(content))
        return self.formats[key]


def safe_text(value: object) -> str:
    """Text as a cell may hold it: no control characters, no lone surrogates, at most 32,767 UTF-16 units."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _CONTROL.sub("�", text)
    if len(text) * 2 > LONGEST and len(text.encode("utf-16-le")) // 2 > LONGEST:
        kept = text.encode("utf-16-le")[: 2 * (LONGEST - len(CUT))]
        text = kept.decode("utf-16-le", errors="ignore") + CUT
    return text


@lru_cache(maxsize=50_000)
def display_width(text: str) -> int:
    """The width of the longest line, in digits: East Asian wide and ambiguous characters count as two."""
    return max(sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line) for line in text.split("\n"))


def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes in a cell of that width."""
    return sum(max(1, math.ceil(display_width(line) / max(width - 1, 1))) for line in text.split("\n"))


def write_cell(book: Book, sheet: Any, row: int, column: int, value: Any, style: str, mark: str = "") -> None:
    """One value into one cell; text is never taken for a formula, a number stays a number, nothing is a blank cell."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        sheet.write_blank(row, column, None, book.format(style, mark))
    elif isinstance(value, (dt.date, dt.datetime)):
        sheet.write_datetime(row, column, value, book.format(style, mark))
    elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        sheet.write_number(row, column, float(value), book.format(style, mark))
    elif style == "opening":
        _write_link(book, sheet, row, column, str(value), mark)
    else:
        text = safe_text(value)
        sheet.write_string(row, column, text, book.format(style, mark, str(value).startswith(_RISKY)))


def _write_link(book: Book, sheet: Any, row: int, column: int, url: str, mark: str) -> None:
    is_link = bool(re.match(r"https?://[^\s]+$", url)) and len(url) <= LONGEST_LINK and safe_text(url) == url
    count = book.links.get(sheet.get_name(), 0)
    if not is_link or count >= MOST_LINKS:
        write_cell(book, sheet, row, column, url, "text", mark)
        return
    book.links[sheet.get_name()] = count + 1
    sheet.write_url(row, column, url, book.format("opening", mark), OPENING)


def write_place(book: Book, sheet: Any, row: int, column: int, value: Any, place: str, mark: str = "") -> None:
    """A text that leads to a place in this workbook: `'01 县林业局'!A1`."""
    text, count = safe_text("" if value is None or pd.isna(value) else value), book.links.get(sheet.get_name(), 0)
    if count >= MOST_LINKS or not text:
        write_cell(book, sheet, row, column, value, "text", mark)
        return
    book.links[sheet.get_name()] = count + 1
    shown = book.format("link", mark, text.startswith(_RISKY))
    sheet.write_url(row, column, f"internal:{place}", shown, text)


def write_formula(book: Book, sheet: Any, row: int, column: int, formula: str, value: Any, style: str, mark: str = "") -> None:
    """A live formula with its computed value, so that a reader that does not calculate sees it too."""
    stored = float(value) if isinstance(value, (int, float, Decimal)) else safe_text(value)
    sheet.write_formula(row, column, formula, book.format(style, mark), stored)


def write_table(
    book: Book, sheet: Any, top: int, columns: Sequence[Column], widths: Sequence[float], marks: Sequence[str] | None = None
) -> int:
    """Headings in row `top` (0-based), rows below, each as high as its text needs; returns the row after the last.

    `widths`: those of the sheet's columns. Heights are set because not every program fits them when it opens a file.
    """
    for number, column in enumerate(columns):
        write_cell(book, sheet, top, number, column.heading, "heading")
        for at, value in enumerate(column.values):
            mark, style = marks[at] if marks else "", column.styles[at] if column.styles else column.style
            if column.links is not None and column.links[at]:
                write_place(book, sheet, top + 1 + at, number, value, str(column.links[at]), mark)
            elif column.formulas is not None and column.formulas[at]:
                write_formula(book, sheet, top + 1 + at, number, column.formulas[at], value, style, mark)
            else:
                write_cell(book, sheet, top + 1 + at, number, value, style, mark)
    sheet.set_row(top, height(max(lines_needed(column.heading, widths[at] - 1) for at, column in enumerate(columns))))
    n_rows = len(columns[0].values)
    for row in range(n_rows):
        lines = (lines_needed(shown(column.values[row], column.style), widths[at]) for at, column in enumerate(columns))
        sheet.set_row(top + 1 + row, height(max(lines)))
    return top + 1 + n_rows


def height(n_lines: int) -> float:
    """The height of a row of so many lines, in points; Excel takes at most 409."""
    return min(13.5 * n_lines + 4, 405)


def set_widths(sheet: Any, columns: Sequence[Column]) -> list[int]:
    """The width of each column from what stands in it, not wider than it may be; returns the widths."""
    widths = []
    for number, column in enumerate(columns):
        inside = max((display_width(shown(value, column.style)) for value in column.values), default=0)
        named = max(math.ceil(display_width(column.heading) / 2), 4) + 2  # a heading may take two lines
        widths.append(min(max(inside + 2, named), max(column.widest, 5)))
        sheet.set_column(number, number, widths[-1])
    return widths


def shown(value: Any, style: str) -> str:
    """What a cell of that style shows, as far as its width needs it."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if style in ("score", "points", "parts") and not isinstance(value, str):
        return f"{float(value):.{4 if style == 'parts' else 2}f}"
    if style in ("date", "opening"):
        return "2026-01-01" if style == "date" else OPENING
    return safe_text(value)


def write_head(book: Book, sheet: Any, title: str, note: str, widths: Sequence[float], n_columns: int, first: int = 0) -> None:
    """Title in the first row, a note in the second; both run over the table's columns without merging the title.

    `first`: where the note begins; behind the columns that every page repeats, where a sheet is more than one page wide.
    """
    write_cell(book, sheet, 0, 0, title, "title")
    sheet.set_row(0, 26)
    room = sum(widths[first:n_columns])
    if n_columns > 1:
        sheet.merge_range(1, first, 1, n_columns - 1, "", book.format("note"))
    write_cell(book, sheet, 1, first, note, "note")
    sheet.set_row(1, height(lines_needed(note, room)))


def set_page(sheet: Any, title: str, footer: str, first_heading: int, last_heading: int, frozen_columns: int = 0, pages_wide: int = 1) -> None:
    """A4 landscape, headings repeated on every page and frozen on the screen, page numbers below.

    A sheet of more than one page in width repeats its frozen columns too.
    """
    # the blank after the size keeps a digit that follows from being read as part of it
    font = f'&"{BODY},Regular"&9 '
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(pages_wide, 0)
    if pages_wide > 1:
        sheet.repeat_columns(0, frozen_columns - 1)
        sheet.print_across()
    sheet.set_margins(left=0.35, right=0.35, top=0.65, bottom=0.6)
    sheet.set_header(f"&R{font}{_plain(title)}", {"margin": 0.3})
    sheet.set_footer(f"&L{font}{_plain(footer)}&R{font}第 &P 页，共 &N 页", {"margin": 0.3})
    sheet.repeat_rows(first_heading, last_heading)
    sheet.freeze_panes(last_heading + 1, frozen_columns)
    sheet.hide_gridlines(2)


def _plain(text: str) -> str:
    return safe_text(text).replace("\n", " ").replace("&", "&&")[:140]  # a footer holds 255 characters in all


@contextmanager
def opened_book(path: Path, title: str, as_of: dt.date, package: str = "", subject: str = "") -> Iterator[tuple[Any, Book]]:
    """A new workbook and its styles; written to `path` when the block ends without an error.

    Text never becomes a formula, a link or a number. The bytes depend on the content only: the stated creation time is
    `as_of`. Raises OSError when the file cannot be written.
    """
    import xlsxwriter

    memory = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(memory, options)
    told = {"title": title, "subject": subject, "category": "政务新媒体考核", "author": "xmt_scoring", "comments": package}
    workbook.set_properties({**told, "created": dt.datetime.combine(as_of, dt.time())})
    yield workbook, Book(workbook)
    workbook.close()
    path.write_bytes(same_every_time(memory.getvalue()))


def same_every_time(package: bytes) -> bytes:
    """A zip with the same members in the same order whose bytes depend on their content only: no clock, no system."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            target.writestr(member, source.read(name))
    return made.getvalue()
