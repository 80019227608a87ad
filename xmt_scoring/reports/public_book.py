"""考核结果_公布版: what may be published of a quarter. Names of units and accounts, figures, articles; no text that people wrote.

An allow-list: every column is named here, and nothing else of the frames is read. No evidence, no sources, no messages,
no names of persons, nothing to fill in, no formulas that refer to sheets that are not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading
from xmt_scoring.points import from_decimal
from xmt_scoring.reports.excel_parts import Answer, boxes, over, section, wide_cell
from xmt_scoring.reports.excel_style import Book, Column, opened_book, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.live_losses import base_of
from xmt_scoring.reports.sheet_names import ACCOUNTS, COVER, UNITS
from xmt_scoring.reports.sheets_accounts import account_columns
from xmt_scoring.reports.sheets_cover import SPANS, answers
from xmt_scoring.reports.sheets_data import Sheets, cited, prepare
from xmt_scoring.reports.sheets_units import unit_columns
from xmt_scoring.workspace import QuarterData

SUMS, METHOD = "扣分汇总", "怎样算的"
SHEETS = (COVER, UNITS, ACCOUNTS, SUMS, METHOD)
UNIT_HEADINGS = ("名次", "单位", "账号数", "计分账号数", "最低", "最高", "得分", "等次", "状态")
ACCOUNT_HEADINGS = ("单位", "账号", "平台", "单项否决", "已定扣分合计", "最低", "最高", "得分", "等次", "状态", "否决项")
WIDTHS = (9, 34, 16, 16, 14, 14, 14, 14, 14, 14)
TOP = 2
HOW = (
    "账号得分 = {base} 分减各项扣分，每项扣完为止；单项否决的账号得 0 分，不再计其他扣分。",
    "单位得分由本单位计分账号的得分得出，四舍五入到两位；得分相同的名次相同。",
    "还有事项没有定下来的，只列最低和最高，不列得分；缺数据既不当零分，也不当满分。",
    "各单位对自己的扣分有逐条清单（条款、事由、来源），有异议的按通知的办法申诉。",
)


def write_public(path: Path, data: QuarterData) -> None:
    """Write the version for publication to `path`; the same data gives the same bytes. OSError when it cannot be written."""
    sheets, title = prepare(data), f"{data.settings.county}政务新媒体季度检查结果 {data.period}"
    with opened_book(path, title, data.as_of, str(data.receipt.get("package", "")), sheets.note) as (workbook, book):
        pages = {name: workbook.add_worksheet(name) for name in SHEETS}
        units = chosen(unit_columns(sheets), UNIT_HEADINGS)
        _cover(book, pages[COVER], sheets, units)
        _list(book, pages[UNITS], sheets, UNITS, units)
        _list(book, pages[ACCOUNTS], sheets, ACCOUNTS, chosen(account_columns(sheets), ACCOUNT_HEADINGS))
        _list(book, pages[SUMS], sheets, SUMS, sum_columns(sheets))
        _method(book, pages[METHOD], sheets)
        pages[COVER].activate()


def chosen(columns: Sequence[Column], headings: Sequence[str]) -> list[Column]:
    """The named columns of a sheet as plain values: no formulas, no links."""
    found = {column.heading: column for column in columns}
    return [Column(name, found[name].values, found[name].style, found[name].widest) for name in headings]


def sum_columns(sheets: Sheets) -> list[Column]:
    """For each account and item what was lost for certain and in how many places; under which article."""
    rows = sheets.losses[sheets.losses["points"].notna().to_numpy() & (sheets.losses["group"] == 0).to_numpy(dtype=bool)].reset_index(drop=True)
    keys = ["account_serial", "item"]
    points = pd.Series(from_decimal(rows["points"]) if len(rows) else [], index=rows.index, dtype="int64")
    counted = rows["kind"] != "扣完为止"
    grouped = rows.assign(points=points, n=counted.astype("int64")).groupby(keys, sort=False)
    made = grouped[["points", "n"]].sum().reset_index()
    first = grouped[["unit", "account_id", "article"]].first().reset_index()
    return [
        Column(heading("unit"), first["unit"].tolist(), widest=34),
        Column(heading("account_id"), first["account_id"].map(sheets.names.accounts).fillna(first["account_id"]).tolist(), widest=34),
        Column(heading("item_id"), made["item"].tolist(), widest=24),
        Column(heading("article"), [None if pd.isna(value) else value for value in first["article"]], widest=16),
        Column("件数", made["n"].tolist(), "count", 8),
        Column(heading("points"), [Decimal(int(value)) / 10_000 for value in made["points"]], "points", 10),
    ]


def _cover(book: Book, sheet: Any, sheets: Sheets, units: Sequence[Column]) -> None:
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    wide_cell(book, sheet, 0, (0, len(WIDTHS) - 1), f"{sheets.data.settings.county}政务新媒体季度检查结果（{sheets.data.period.label}）", "cover")
    sheet.set_row(0, 34)
    over(book, sheet, 1, 0, sheets.note, WIDTHS, "note")
    boxes(book, sheet, 3, [Answer(each.name, each.value, "", each.style) for each in answers(sheets)], SPANS)
    section(book, sheet, 6, "单位排名")
    write_table(book, sheet, 7, chosen(units, ("名次", "单位", "得分", "等次", "最低", "最高", "计分账号数", "状态")), WIDTHS)
    set_page(sheet, sheets.title(COVER), sheets.note, 0, 1)


def _list(book: Book, sheet: Any, sheets: Sheets, name: str, columns: list[Column]) -> None:
    widths = set_widths(sheet, columns)
    write_head(book, sheet, sheets.title(name), sheets.note, widths, len(columns))
    end = write_table(book, sheet, TOP, columns, widths)
    sheet.autofilter(TOP, 0, max(end - 1, TOP), len(columns) - 1)
    set_page(sheet, sheets.title(name), sheets.note, TOP, TOP, 2)


def _method(book: Book, sheet: Any, sheets: Sheets) -> None:
    """How the scores are made: sentences, bands, items and vetoes with their articles."""
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    write_head(book, sheet, sheets.title(METHOD), sheets.note, WIDTHS, len(WIDTHS))
    scheme: Mapping[str, Any] = sheets.data.scheme
    row = section(book, sheet, TOP, "一、计分")
    for sentence in (*HOW, f"评分细则：{scheme.get('title', '')}（{'已采用' if sheets.is_adopted else '建议稿'}）。"):
        row = over(book, sheet, row, 0, sentence.replace("{base}", str(base_of(sheets))), WIDTHS)
    row = section(book, sheet, row + 1, "二、等次")
    for band in scheme["bands"]:
        row = over(book, sheet, row, 0, f"{band['name']}：{band['from']} 分及以上", WIDTHS)
    row = section(book, sheet, row + 1, "三、评分项与单项否决")
    items, vetoes = scheme.get("items", []), scheme.get("vetoes", [])
    articles = cited(pd.Series([str(entry.get("article", "")) for entry in (*items, *vetoes)], dtype="str")).tolist()
    columns = [
        Column("编号", [*(str(entry["id"]) for entry in items), *(str(entry["code"]) for entry in vetoes)], "centre"),
        Column("名称", [str(entry["name"]) for entry in (*items, *vetoes)]),
        Column("分值", [*(str(entry["points"]) for entry in items), *("得 0 分" for _ in vetoes)], "centre"),
        Column("条款", articles, "centre"),
    ]
    write_table(book, sheet, row, columns, WIDTHS)
    set_page(sheet, sheets.title(METHOD), sheets.note, 0, 1)
