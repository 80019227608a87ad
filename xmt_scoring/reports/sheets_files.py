"""Sheet 数据清单: what was read, what was set aside and what is missing; nothing of a netizen can be read in it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading, spoken
from xmt_scoring.reports.excel_parts import section
from xmt_scoring.reports.excel_style import (
    Book,
    Column,
    height,
    lines_needed,
    set_page,
    set_widths,
    shown,
    write_cell,
    write_head,
    write_table,
)
from xmt_scoring.reports.masking import mask, mask_numbers
from xmt_scoring.reports.sheets_data import Sheets

FILES = "数据清单"
TOP = 3
OWN_RECORDS = ("posts", "daily_counts", "followers")  # kinds whose rows hold nobody's personal data


def _words(values: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in values]


def _days(values: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value.date() for value in values]


def file_columns(sheets: Sheets) -> list[Column]:
    """One row per table read: its kind, account, days covered and on what basis, and where its rows went."""
    read = sheets.data.frames["files"].sort_values(["file", "sheet", "kind", "account_id"], na_position="first")
    account = read["account_id"].map(sheets.names.accounts).fillna(read["account_id"])
    waiting = account.isna() & (read["kind"].isin(OWN_RECORDS))
    basis = spoken(read["coverage_basis"], "coverage_basis").fillna(read["coverage_basis"])
    return [
        Column(heading("file"), read["file"].tolist(), widest=44),
        Column(heading("sheet"), _words(read["sheet"]), widest=16),
        Column(heading("kind"), _words(spoken(read["kind"], "file_kind").fillna(read["kind"])), "centre", 10),
        Column(heading("platform"), _words(spoken(read["platform"], "platform").fillna(read["platform"])), "centre", 12),
        Column(heading("account_id"), _words(account.mask(waiting, "待认领")), widest=24),
        Column(heading("attributed_by"), _words(read["attributed_by"]), widest=16),
        Column(heading("covers_from"), _days(read["covers_from"]), "date", 12),
        Column(heading("covers_to"), _days(read["covers_to"]), "date", 12),
        Column(heading("coverage_basis"), _words(basis), "centre", 10),
        *(Column(heading(name), read[name].tolist(), "count", 8) for name in ("n_rows", "n_kept", "n_quarantined", "n_no_data_rows")),
        Column(heading("note"), _words(read["note"]), widest=30),
        Column("文件指纹（前16位）", [value[:16] for value in read["sha256"]], widest=20),
    ]


def quarantined(sheets: Sheets) -> pd.DataFrame:
    """Rows that could not be used: src_file, src_sheet, src_row, reason, content; what may be a person's is masked."""
    rows = sheets.data.frames["quarantine"].sort_values(["src_file", "src_sheet", "src_row", "reason"], na_position="first")
    read = sheets.data.frames["files"]
    personal = read.loc[~read["kind"].isin(OWN_RECORDS), "file"]
    known = rows["src_file"].isin(read["file"]) & ~rows["src_file"].isin(personal)
    return rows.assign(
        reason=mask_numbers(rows["reason"]),
        content=rows["content"].where(known, mask(rows["content"])),
    )


def write_files(book: Book, sheet: Any, sheets: Sheets) -> None:
    """数据清单: files, then quarantine, then gaps; the first table has the filter and the headings that repeat."""
    columns = file_columns(sheets)
    widths = set_widths(sheet, columns)
    note = (
        f"{sheets.note}每个文件：行数 = 采用行数 + 隔离行数 + 非数据行数（空行、合计行、说明行）。覆盖依据为“推定”的，"
        "只从第一行的日期算到最后一行，不能证明其余日子没有发布。"
    )
    write_head(book, sheet, sheets.title(FILES), note, widths, len(columns))
    write_cell(book, sheet, 2, 0, "一、读入的文件", "section")
    end = write_table(book, sheet, TOP, columns, widths)
    sheet.autofilter(TOP, 0, max(end - 1, TOP), len(columns) - 1)
    rows = quarantined(sheets)
    end = section(book, sheet, end + 1, f"二、隔离的行（共 {len(rows)} 行；可能含个人信息的内容已隐去）")
    places = [
        Column(heading("src_file"), rows["src_file"].tolist()),
        Column(heading("src_sheet"), _words(rows["src_sheet"])),
        Column(heading("src_row"), _words(rows["src_row"]), "count"),
    ]
    told = [(heading("reason"), _words(rows["reason"]), 3, 7), (heading("content"), _words(rows["content"]), 8, 14)]
    end = _wide_table(book, sheet, end, places, told, widths)
    gaps = sheets.data.frames["gaps"].sort_values(["account_id", "covers", "week_start"], na_position="first")
    end = section(book, sheet, end + 1, f"三、还缺的数据（共 {len(gaps)} 处）")
    lacking = [
        Column(heading("account_id"), _words(gaps["account_id"].map(sheets.names.accounts).fillna(gaps["account_name"]))),
        Column(heading("covers"), _words(spoken(gaps["covers"], "gap_kind"))),
        Column(heading("week_start"), _days(gaps["week_start"]), "date"),
    ]
    _wide_table(book, sheet, end, lacking, [("缺什么、怎么补", _words(gaps["message"]), 3, 14)], widths)
    set_page(sheet, sheets.title(FILES), sheets.note, TOP, TOP, 1)


def _wide_table(
    book: Book, sheet: Any, top: int, columns: list[Column], wide: list[tuple[str, list[Any], int, int]], widths: list[int]
) -> int:
    """A table below another one: its long texts run over several of the columns above (heading, values, first, last)."""
    end = write_table(book, sheet, top, columns, widths)
    for named, _, first, last in wide:
        sheet.merge_range(top, first, top, last, "", book.format("heading"))
        write_cell(book, sheet, top, first, named, "heading")
    for row in range(top + 1, end):
        # a spreadsheet does not fit the height of merged cells by itself
        lines = [lines_needed(shown(column.values[row - top - 1], column.style), widths[at]) for at, column in enumerate(columns)]
        for _, values, first, last in wide:
            text = values[row - top - 1]
            sheet.merge_range(row, first, row, last, "", book.format("text"))
            write_cell(book, sheet, row, first, text, "text")
            lines.append(lines_needed(str(text or ""), sum(widths[first : last + 1])))
        sheet.set_row(row, height(max(lines)))
    return end
