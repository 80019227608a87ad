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
from xmt_scoring.reports.excel_style import Column, opened_book
from xmt_scoring.reports.live_losses import base_of
from xmt_scoring.reports.public_pages import METHOD, write_cover, write_list, write_method
from xmt_scoring.reports.sheet_names import ACCOUNTS, COVER, UNITS
from xmt_scoring.reports.sheets_accounts import account_columns
from xmt_scoring.reports.sheets_cover import SPANS, answers
from xmt_scoring.reports.sheets_data import Sheets, cited, prepare
from xmt_scoring.reports.sheets_units import unit_columns
from xmt_scoring.workspace import QuarterData

SUMS = "扣分汇总"
SHEETS = (COVER, UNITS, ACCOUNTS, SUMS, METHOD)
UNIT_HEADINGS = ("名次", "单位", "账号数", "计分账号数", "最低", "最高", "得分", "等次", "状态")
ACCOUNT_HEADINGS = ("单位", "账号", "平台", "单项否决", "已定扣分合计", "最低", "最高", "得分", "等次", "状态", "否决项")
WIDTHS = (9, 34, 16, 16, 14, 14, 14, 14, 14, 14)
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
        ranking = chosen(units, ("名次", "单位", "得分", "等次", "最低", "最高", "计分账号数", "状态"))
        write_cover(book, pages[COVER], sheets, "政务新媒体季度检查结果", answers(sheets), SPANS, ranking, WIDTHS)
        write_list(book, pages[UNITS], sheets, UNITS, units)
        write_list(book, pages[ACCOUNTS], sheets, ACCOUNTS, chosen(account_columns(sheets), ACCOUNT_HEADINGS))
        write_list(book, pages[SUMS], sheets, SUMS, sum_columns(sheets))
        how = [sentence.replace("{base}", str(base_of(sheets))) for sentence in HOW]
        write_method(book, pages[METHOD], sheets, how, _items(sheets.data.scheme), WIDTHS)
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


def _items(scheme: Mapping[str, Any]) -> list[Column]:
    items, vetoes = scheme.get("items", []), scheme.get("vetoes", [])
    articles = cited(pd.Series([str(entry.get("article", "")) for entry in (*items, *vetoes)], dtype="str")).tolist()
    return [
        Column("编号", [*(str(entry["id"]) for entry in items), *(str(entry["code"]) for entry in vetoes)], "centre"),
        Column("名称", [str(entry["name"]) for entry in (*items, *vetoes)]),
        Column("分值", [*(str(entry["points"]) for entry in items), *("得 0 分" for _ in vetoes)], "centre"),
        Column("条款", articles, "centre"),
    ]
