"""Sheet 处置建议: what the office may do about an account or a unit (第二十四条). Proposals, each to be decided by people."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading, spoken
from xmt_scoring.reports.excel_style import Book, Column, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.sheets_data import Sheets, cited

MEASURES = "处置建议"
TOP = 2
DECISION, DECIDER, DAY = "决定", "决定人", "决定日期"
DECISIONS = ("同意", "不采取措施", "改用其他措施")


def measure_columns(sheets: Sheets) -> list[Column]:
    """The columns of 处置建议; the last three are for the office."""
    rows = sheets.data.frames["proposed_measures"]

    def words(values: pd.Series) -> list[Any]:
        return [None if pd.isna(value) else value for value in values]

    blank = [None] * len(rows)
    return [
        Column("序号", list(range(1, len(rows) + 1)), "count", 6),
        Column(heading("unit"), words(rows["unit_id"].map(sheets.names.units).fillna(rows["unit_id"])), widest=16),
        Column(heading("account_id"), words(rows["account_id"].map(sheets.names.accounts).astype("str").fillna("（单位）")), widest=18),
        Column("建议措施", words(spoken(rows["measure"], "measure")), "centre", 10),
        Column(heading("reasons"), words(rows["reasons"]), widest=32),
        Column(heading("evidence_words"), words(rows["evidence_words"]), widest=30),
        Column(heading("article"), words(cited(rows["article"])), "centre", 10),
        Column(heading("ladder_basis"), words(rows["ladder_basis"]), widest=36),
        Column(heading("last_measure"), words(spoken(rows["last_measure"], "measure")), "centre", 9),
        Column(heading("last_issued_on"), words(rows["last_issued_on"]), "date", 12),
        Column(DECISION, blank, "input", 12),
        Column(DECIDER, blank, "input", 10),
        Column(DAY, blank, "input", 12),
    ]


def write_measures(book: Book, sheet: Any, sheets: Sheets) -> None:
    """处置建议: one row for each account or unit, the gravest first; empty: nothing is proposed."""
    columns = measure_columns(sheets)
    widths = set_widths(sheet, columns)
    for at, column in enumerate(columns):
        if column.style == "input":
            widths[at] = column.widest
            sheet.set_column(at, at, column.widest)
    n_rows = len(columns[0].values)
    some = "" if n_rows else "本季度没有要建议的处置。"
    note = (
        f"{some}本表只是建议，不是决定，不会自动生效：《办法》第二十四条没有规定什么情形用什么措施，由主管单位逐条决定，在右边三栏写明。"
        "“建议依据”写明每一级参照的外地做法或本软件建议值。决定采取的措施请登记到“处置.xlsx”，下次运行会据此提高一级建议。"
    )
    write_head(book, sheet, sheets.title(MEASURES), note, widths, len(columns))
    end = write_table(book, sheet, TOP, columns, widths, [""] * n_rows)
    if n_rows:
        at = [column.heading for column in columns].index(DECISION)
        sheet.data_validation(TOP + 1, at, end - 1, at, {"validate": "list", "source": list(DECISIONS), "error_type": "warning"})
    sheet.autofilter(TOP, 0, max(end - 1, TOP), len(columns) - 1)
    set_page(sheet, sheets.title(MEASURES), sheets.note, TOP, TOP, 3)
