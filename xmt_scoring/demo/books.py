"""Files written so that two runs give equal bytes: workbooks, csv and the HTML that WeChat names .xls."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

MADE_AT = dt.datetime(2025, 1, 1)  # the creation time that every workbook states
Rows = Sequence[Sequence[object]]


def write_book(path: Path, sheets: Mapping[str, Rows]) -> None:
    """A workbook of plain cells: text, numbers, dates and moments; None is an empty cell.

    XlsxWriter fixes the times inside the zip itself; the document properties get MADE_AT.
    """
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"created": MADE_AT})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.datetime):
                        sheet.write_datetime(at, column, cell, moment)
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(at, column, dt.datetime.combine(cell, dt.time()), day)
                    elif isinstance(cell, str):
                        sheet.write_string(at, column, cell)
                    elif cell is not None:
                        sheet.write_number(at, column, cell)


def write_csv(path: Path, rows: Rows) -> None:
    """Comma text as the archive tools write it: UTF-8 with BOM; rows may differ in length."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def write_wechat_html(path: Path, title: str, headings: Sequence[str], rows: Rows) -> None:
    """The HTML that the WeChat back-end hands out as .xls: one line, every cell a <th>, the span in the title row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "".join(f'<th rowspan="2">{escape(word)}</th>' for word in headings)
    body = "".join("<tr>" + "".join(f"<th>{escape(str(cell))}</th>" for cell in row) + "</tr>" for row in rows)
    text = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body><table class="tb">'
        f'<tr><th colspan="10">{escape(title)}</th></tr><tr>{head}</tr><tr></tr>{body}</table></body></html>'
    )
    path.write_bytes(text.encode("utf-8"))
