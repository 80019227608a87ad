"""Sheet 条款对照: every article and item of the 办法 with its rules, how they are judged, points and vetoes."""

from __future__ import annotations

from typing import Any

from xmt_scoring.law import own_text
from xmt_scoring.reports.articles import HEADINGS, NOT_SCORED, annual_scheme, article_table, first_lines
from xmt_scoring.reports.excel_style import Book, Column, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.sheets_data import Sheets

ARTICLES = "条款对照"
TOP = 2
WIDEST = {"article": 14, "text": 50, "label": 20, "mode": 8, "item": 20, "points": 10, "veto": 8, "note": 44}


def write_articles(book: Book, sheet: Any, sheets: Sheets) -> None:
    """条款对照: the whole text of each place once, its rules below each other; what costs nothing is grey."""
    table = article_table([sheets.data.scheme, *annual_scheme()])
    lines = first_lines(table)
    lines["text"] = table["place"].map(own_text).where(lines["text"] != "", "")
    columns = [
        Column(heading, [value or None for value in lines[name]], "centre" if name in ("mode", "points", "veto") else "text", WIDEST[name])
        for name, heading in HEADINGS.items()
    ]
    widths = set_widths(sheet, columns)
    note = (
        f"{sheets.note}检查方式：“自动”由数据判定；“提示”由数据提出、人来核查，不扣分；“人工”由人核查；“无”没有可以检查的。"
        f"“{NOT_SCORED}”的规则只列出，不影响得分。各季度、年度都用到的条款放在一起，标“年度”的在年度考核时检查。"
    )
    write_head(book, sheet, sheets.title(ARTICLES), note, widths, len(columns))
    marks = ["veto" if veto else "quiet" if not points else "" for veto, points in zip(table["veto"], table["points"], strict=True)]
    end = write_table(book, sheet, TOP, columns, widths, marks)
    sheet.autofilter(TOP, 0, end - 1, len(columns) - 1)
    set_page(sheet, sheets.title(ARTICLES), sheets.note, TOP, TOP, 1)
