"""Sheet 证据: every row of the exports and registers that a loss stands on, with a link back to the loss."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading
from xmt_scoring.reports.excel_style import Book, Column, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.sheet_names import EVIDENCE, EVIDENCE_TOP, LOSS_TOP, LOSSES, place
from xmt_scoring.reports.sheets_data import Sheets

_KEYS = ["check_id", "unit_id", "account_id", "event_id"]


def evidence_rows(sheets: Sheets) -> pd.DataFrame:
    """The frame `evidence` as far as a row of 扣分明细 stands on it, in the order of those rows.

    `loss`: position of the first row of `sheets.losses` that a row of evidence belongs to. Evidence of a unit's duty
    belongs to the row of each of its accounts that has none of its own, as in the column 证据 of 扣分明细.
    """
    found = sheets.data.frames["evidence"]
    keys = pd.MultiIndex.from_frame(found[_KEYS].fillna(""))
    firsts: dict[Any, int] = {}
    for at, key in enumerate(loss_keys(sheets)):
        if key is not None:
            firsts.setdefault(key, at)
    positions = pd.Series([firsts.get(key, -1) for key in keys], index=found.index, dtype="int64")
    rows = found.assign(loss=positions)[(positions >= 0).to_numpy()]
    return rows.sort_values("loss", kind="stable", ignore_index=True)


def loss_keys(sheets: Sheets) -> list[tuple[str, ...] | None]:
    """For every row of `sheets.losses` the key of its evidence: the account's own, else its unit's, else None."""
    known = set(pd.MultiIndex.from_frame(sheets.data.frames["evidence"][_KEYS].fillna("")))
    rows = sheets.losses[_KEYS].fillna("").astype("str")
    own = list(pd.MultiIndex.from_frame(rows))
    of_unit = list(pd.MultiIndex.from_frame(rows.assign(account_id="")))
    return [mine if mine in known else unit if unit in known else None for mine, unit in zip(own, of_unit, strict=True)]


def evidence_places(sheets: Sheets, rows: pd.DataFrame) -> list[str | None]:
    """For every row of `sheets.losses` where its evidence begins on the sheet 证据; `rows`: as `evidence_rows` gives them."""
    keys = pd.MultiIndex.from_frame(rows[_KEYS].fillna(""))
    first: dict[Any, int] = {}
    for at, key in enumerate(keys):
        first.setdefault(key, at)
    return [place(EVIDENCE, EVIDENCE_TOP + 1 + first[key]) if key in first else None for key in loss_keys(sheets)]


def evidence_columns(sheets: Sheets, rows: pd.DataFrame) -> list[Column]:
    """The columns of 证据; the first leads back to the loss."""
    losses = sheets.losses.take(rows["loss"].to_numpy()).reset_index(drop=True)

    def words(values: pd.Series) -> list[Any]:
        return [None if pd.isna(value) else value for value in values]

    urls = rows["url"].where(rows["url"].str.match(r"https?://", na=False))
    label = losses["contribution_id"].fillna(losses["kind"])
    account = rows["account_id"].map(sheets.names.accounts).fillna(rows["account_id"])
    return [
        Column("所属扣分", words(label), widest=44, links=[place(LOSSES, LOSS_TOP + 1 + at) for at in rows["loss"]]),
        Column(heading("unit"), words(rows["unit_id"].map(sheets.names.units).fillna(rows["unit_id"])), widest=22),
        Column(heading("account_id"), ["（单位）" if pd.isna(value) else value for value in account], widest=20),
        Column("评分项", words(losses["item"]), widest=16),
        Column("时间", [None if pd.isna(value) else f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00") for value in rows["when"]], "centre", 17),
        Column("内容", words(mask_numbers(rows["value"]).where(rows["value"].notna())), widest=34),
        Column("打开", words(urls), "opening", 10),
        Column(heading("url"), words(urls), widest=30),
        Column(heading("src_file"), words(rows["src_file"]), widest=32),
        Column(heading("src_sheet"), words(rows["src_sheet"]), widest=12),
        Column(heading("src_row"), words(rows["src_row"]), "count", 7),
    ]


def write_evidence(book: Book, sheet: Any, sheets: Sheets, rows: pd.DataFrame) -> None:
    """证据: one line for each row of a source."""
    columns = evidence_columns(sheets, rows)
    widths = set_widths(sheet, columns)
    note = f"{sheets.note}共 {len(rows)} 行。点第一栏回到“{LOSSES}”；行号是来源文件在 Excel 里显示的行号，文件在 data/raw/{sheets.data.period}/。号码已隐去。"
    write_head(book, sheet, sheets.title(EVIDENCE), note, widths, len(columns))
    end = write_table(book, sheet, EVIDENCE_TOP, columns, widths)
    sheet.autofilter(EVIDENCE_TOP, 0, max(end - 1, EVIDENCE_TOP), len(columns) - 1)
    set_page(sheet, sheets.title(EVIDENCE), sheets.note, EVIDENCE_TOP, EVIDENCE_TOP, 1)
