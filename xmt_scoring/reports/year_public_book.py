"""年度考核_公布版: what may be published of a year. Names of units, figures, document numbers of vetoes; no text that people wrote.

An allow-list, as the quarter's: every column is named here. No evidence, no sources, no names of persons, nothing to fill in.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from xmt_scoring.glossary import heading
from xmt_scoring.reports.excel_style import Column, opened_book
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.public_book import chosen
from xmt_scoring.reports.public_pages import METHOD, write_cover, write_list, write_method
from xmt_scoring.reports.sheet_names import COVER
from xmt_scoring.reports.year_cover import answers
from xmt_scoring.reports.year_data import YearSheets, prepare
from xmt_scoring.reports.year_lists import how_quarters_count, loss_columns, scheme_columns
from xmt_scoring.reports.year_sheets import PARTS, RANKS, TREND, trend_columns
from xmt_scoring.reports.year_workbook import results
from xmt_scoring.workspace import YearData

SHEETS = (COVER, RANKS, PARTS, TREND, METHOD)
RANK_HEADINGS = ("名次", "单位", "最低", "最高", "得分", "等次", "单项否决", "状态", "未计否决的得分", "否决文号")
WIDTHS = (9, 34, 14, 14, 14, 16, 14, 14, 16, 30)
COVER_SPANS = ((0, 1), *((at, at) for at in range(2, 7)), (7, 9))
HOW = (
    "最后看单项否决：国家、省检查认定单项否决的，检查当日主办该账号的单位本年度不得分（第二十二条第二款）。",
    "还有事项没有定下来的，只列最低和最高，不列得分；缺数据既不当零分，也不当满分。",
    "各单位对自己的扣分有逐条清单（条款、事由、来源），有异议的按通知的办法申诉。",
)


def write_public_year(path: Path, data: YearData) -> None:
    """Write the version for publication to `path`; the same data gives the same bytes. OSError when it cannot be written."""
    sheets, title = prepare(data), f"{data.settings.county}政务新媒体年度考核结果 {data.period}"
    losses, bonus = (loss_columns(sheets, kinds)[0] for kinds in (("management", "upper"), ("bonus",)))
    parts, ranking = results(sheets, losses, bonus)
    trend = trend_columns(sheets)
    lists = {
        RANKS: chosen(ranking, RANK_HEADINGS),
        PARTS: chosen(parts, [column.heading for column in parts[1:]]),
        TREND: chosen(trend, [column.heading for column in trend[1:-1]]),
    }
    with opened_book(path, title, data.as_of, str(data.receipt.get("package", "")), sheets.note) as (workbook, book):
        pages = {name: workbook.add_worksheet(name) for name in SHEETS}
        write_cover(
            book, pages[COVER], sheets, "政务新媒体年度考核结果", answers(sheets), COVER_SPANS, _hidden(lists[RANKS]), WIDTHS
        )
        for name, columns in lists.items():
            write_list(book, pages[name], sheets, name, _hidden(columns))
        write_method(book, pages[METHOD], sheets, (*how_quarters_count(data.settings), *HOW), _items(sheets), WIDTHS)
        pages[COVER].activate()


def _hidden(columns: list[Column]) -> list[Column]:
    """Phone and identity numbers hidden in the columns that people wrote: names of units, document numbers."""
    written = (heading("unit"), heading("veto_document_no"))
    return [replace(each, values=mask_numbers(pd.Series(each.values)).tolist()) if each.heading in written else each for each in columns]


def _items(sheets: YearSheets) -> list[Column]:
    named = {column.heading: column for column in scheme_columns(sheets)}
    return [
        Column("序号", list(range(1, len(named["分值"].values) + 1)), "count"), named["编号与名称"], named["分值"],
        Column(heading("article"), named["条款"].values, "centre"),
    ]  # fmt: skip
