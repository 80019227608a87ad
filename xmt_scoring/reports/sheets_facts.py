"""Sheet 事实数据: what was counted before any rule judged, under both readings where there are two (readings 1 and 3)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading, word
from xmt_scoring.reports.excel_style import Book, Column, set_page, set_widths, write_cell, write_head, write_table
from xmt_scoring.reports.sheets_data import Sheets

FACTS = "事实数据"
TOP = 3
COUNTS = (
    "live_days", "n_weeks_due", "n_weeks_missed", "n_weeks_no_data", "n_spans_missed", "n_spans_no_data", "n_posts",
    "max_gap_days", "n_gaps_over_7", "n_gaps_over_14",
)  # fmt: skip


def _values(column: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in column]


def account_facts(sheets: Sheets) -> list[Column]:
    """One row per live account: natural weeks beside spans of seven days and gaps; replies by calendar day and workday."""
    accounts = sheets.accounts
    quarters = sheets.data.frames["account_quarters"].set_index("account_id").reindex(accounts["account_id"])
    columns = [
        Column("序号", accounts["serial"].tolist(), "count"),
        Column(heading("unit"), _values(accounts["unit_id"].map(sheets.names.units).fillna(accounts["unit_id"])), widest=20),
        Column(heading("account_id"), accounts["account_name"].fillna(accounts["account_id"]).tolist(), widest=22),
        *(Column(heading(name), _values(quarters[name]), "count", 9) for name in COUNTS),
        Column(heading("is_gap_covered"), ["是" if whole else "否" for whole in quarters["is_gap_covered"].fillna(False)], "centre", 9),
    ]
    return [*columns, *_reply_counts(sheets, accounts["account_id"])]


def _reply_counts(sheets: Sheets, account_ids: pd.Series) -> list[Column]:
    """Messages of each account: how many, answered, and beyond the literal limit by calendar days and by workdays."""
    rows = over_limit(sheets)
    made = {
        "留言条数": pd.Series(True, index=rows.index),
        "已答复": rows["reply_days"].notna(),
        "超过时限（自然日）": rows["is_over_days"],
        "超过时限（工作日）": rows["is_over_workdays"],
    }
    columns = []
    for named, chosen in made.items():
        counted = chosen.astype("i8").groupby(rows["account_id"].to_numpy()).sum()
        columns.append(Column(named, account_ids.map(counted).fillna(0).astype("i8").tolist(), "count", 9))
    return columns


def over_limit(sheets: Sheets) -> pd.DataFrame:
    """message_replies with `days` and `workdays` (to the reply, else waited so far) and whether each is over the limit."""
    limit = int(str(sheets.rules["art11_message_reply"].values(sheets.data.period.end)["reply_limit"]))
    rows = sheets.data.frames["message_replies"]
    days = rows["reply_days"].fillna(rows["waited_days"])
    workdays = rows["reply_workdays"].fillna(rows["waited_workdays"])
    return rows.assign(days=days, workdays=workdays, is_over_days=days > limit, is_over_workdays=workdays > limit)


def message_columns(sheets: Sheets) -> list[Column]:
    """Every message that is over the limit under at least one reading: number and days only, nothing of the netizen."""
    rows = over_limit(sheets)
    rows = rows[(rows["is_over_days"] | rows["is_over_workdays"]).to_numpy(dtype=bool)].sort_values(["account_id", "message_id"])
    return [
        Column(heading("account_id"), _values(rows["account_id"].map(sheets.names.accounts).fillna(rows["account_id"]))),
        Column(heading("message_id"), rows["message_id"].tolist()),
        Column(heading("received_at"), [value.date() for value in rows["received_at"]], "date"),
        Column(heading("first_reply_at"), [None if pd.isna(value) else value.date() for value in rows["first_reply_at"]], "date"),
        Column(heading("n_uncounted_replies"), rows["n_uncounted_replies"].fillna(0).tolist(), "count"),
        Column(heading("excuse_kind"), [None if pd.isna(code) else word("excuse_kind", str(code)) for code in rows["excuse_kind"]]),
        Column("自然日", rows["days"].tolist(), "count"),
        Column("工作日", rows["workdays"].tolist(), "count"),
        Column("按自然日", ["超过" if over else "未超过" for over in rows["is_over_days"]], "centre"),
        Column("按工作日", ["超过" if over else "未超过" for over in rows["is_over_workdays"]], "centre"),
    ]


def write_facts(book: Book, sheet: Any, sheets: Sheets) -> None:
    """事实数据: accounts, then the messages over the limit."""
    columns = account_facts(sheets)
    widths = set_widths(sheet, columns)
    note = (
        f"{sheets.note}计分用哪一种口径见“说明”；这里两种都列出。空白七天段数：连续空白每满七天算一段。最长间隔没有完整数据时是上限。"
    )
    write_head(book, sheet, sheets.title(FACTS), note, widths, len(columns))
    write_cell(book, sheet, 2, 0, "一、发布与答复（每个在用账号一行）", "section")
    end = write_table(book, sheet, TOP, columns, widths)
    sheet.autofilter(TOP, 0, max(end - 1, TOP), len(columns) - 1)
    messages = message_columns(sheets)
    write_cell(book, sheet, end + 1, 0, f"二、按自然日或工作日超过时限的留言（{len(messages[0].values)} 条）", "section")
    write_table(book, sheet, end + 2, [Column("", [None] * len(messages[0].values)), *messages], widths)
    set_page(sheet, sheets.title(FACTS), sheets.note, TOP, TOP, 3)
