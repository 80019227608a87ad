"""Sheet 文本提示: what the word lists and number rules found in titles and texts, for a person to look at. It costs nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xmt_scoring.glossary import choices, heading, spoken, word
from xmt_scoring.reports.excel_style import Book, Column, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.sheets_data import Sheets, cited
from xmt_scoring.reports.sheets_form import FORM, account_words, item_words

HINTS = "文本提示"
TOP = 2
MOST_ROWS = 5_000  # more than a person can look through; the rest stays in the frame
_MARKS = {"high": "open", "normal": "", "low": "quiet"}


def hint_rows(sheets: Sheets) -> pd.DataFrame:
    """The hints, those that matter most first, then in the order of accounts; at most MOST_ROWS."""
    found = sheets.data.frames["hints"]
    levels = {code: number for number, code in enumerate(choices("hint_level"))}
    accounts = sheets.accounts.set_index("account_id")["serial"]
    order = found.assign(of_level=found["hint_level"].map(levels), of_account=found["account_id"].map(accounts))
    return order.sort_values(["of_level", "of_account", "account_id"], kind="stable", na_position="last", ignore_index=True).head(MOST_ROWS)


def _words(values: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in values]


def hint_columns(sheets: Sheets, rows: pd.DataFrame) -> list[Column]:
    """Left what was found; then the words to copy into the form; right where it stands and which list said so."""
    item, account = item_words(sheets), account_words(sheets)
    return [
        Column(heading("hint_id"), rows["hint_id"].tolist(), widest=26),
        Column(heading("hint_level"), _words(spoken(rows["hint_level"], "hint_level")), "centre", 6),
        Column(heading("hint_kind"), _words(spoken(rows["hint_kind"], "hint_kind")), "centre", 12),
        Column("条款", _words(cited(rows["article"])), "centre", 14),
        Column(heading("text_field"), _words(spoken(rows["text_field"], "text_field")), "centre", 6),
        Column(heading("matched"), _words(mask_numbers(rows["matched"])), widest=18),
        Column(heading("context"), _words(mask_numbers(rows["context"])), widest=44),
        Column(heading("n_times"), rows["n_times"].tolist(), "count", 6),
        Column(heading("correction"), _words(rows["correction"]), widest=18),
        Column("为什么提示", _words(rows["reason"]), widest=30),
        Column("填表：检查项目", _words(rows["check_item"].map(item)), widest=20),
        Column("填表：范围", [word("check_scope", "account")] * len(rows), "centre", 8),
        Column("填表：账号", _words(rows["account_id"].map(account).fillna(rows["account_id"])), widest=18),
        Column("填表：程度（建议）", _words(spoken(rows["severity"], "severity")), "centre", 12),
        Column("填表：事件编号", rows["post_id"].tolist(), widest=26),
        Column("发布时间", [value.to_pydatetime().date() for value in rows["posted_at"]], "date", 12),
        Column(heading("url"), _words(rows["url"]), "opening", 10),
        Column(heading("src_file"), rows["src_file"].tolist(), widest=30),
        Column(heading("src_sheet"), _words(rows["src_sheet"]), widest=12),
        Column(heading("src_row"), rows["src_row"].tolist(), "count", 7),
        Column("词表与版本", (rows["word_list"] + " " + rows["list_version"]).tolist(), widest=20),
    ]


def write_hints(book: Book, sheet: Any, sheets: Sheets) -> None:
    """文本提示, with how to take a hint over into the form."""
    rows, n_found = hint_rows(sheets), len(sheets.data.frames["hints"])
    more = f"共 {n_found} 条，只列前 {MOST_ROWS} 条，其余在中间数据 hints 中。" if n_found > len(rows) else f"共 {n_found} 条。"
    note = (
        f"仅供人工核查，不扣分。{more}程序按词表和号码规则在标题、正文里找到的地方，不是结论；没有提示也不等于没有问题。“参考”的多为正常宣传。"
        f"认定是问题的，抄到“{FORM}”的空行：照抄“填表”各列，描述里写上提示编号。事件编号用发布的编号，同一条发布的几处问题就只扣一次；"
        "确是互不相干的两件事，第二件改填提示编号。号码已隐去，请到来源文件核对。"
    )
    columns = hint_columns(sheets, rows)
    widths = set_widths(sheet, columns)
    write_head(book, sheet, sheets.title(HINTS), note, widths, len(columns))
    end = write_table(book, sheet, TOP, columns, widths, [_MARKS[level] for level in rows["hint_level"]])
    sheet.autofilter(TOP, 0, max(end - 1, TOP), len(columns) - 1)
    set_page(sheet, sheets.title(HINTS), sheets.note, TOP, TOP, 1)
