"""通知登记.xlsx, and each unit's 整改台账 to be filled in: the register's own columns, one row for each problem with its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from xmt_scoring.glossary import choices
from xmt_scoring.ingest.register_specs import sheets
from xmt_scoring.ingest.register_words import account_words, unit_words
from xmt_scoring.reports.excel_style import Column, opened_book, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.notices.fields import DRAFTS, KINDS, Notice
from xmt_scoring.reports.tables import Names
from xmt_scoring.reports.text_templates import Text
from xmt_scoring.workspace import QuarterData

LEDGER = next(sheet for sheet in sheets() if sheet.register == "rectifications")
ANSWERED = ("resolved_on", "rectify_result", "note")  # the unit's columns
LOOK = {"description": 46, "unit_id": 22, "check_item": 18, "event_id": 26, "rectification_id": 20, "note": 30}


def write_register(path: Path, data: QuarterData, told: Sequence[tuple[Notice, Text]]) -> None:
    """通知登记: every notice of the quarter with number, dates and file; receipt and answer to be filled in by hand."""
    notices = [notice for notice, _ in told]
    blank = [""] * len(notices)
    columns = [
        Column("序号", list(range(1, len(notices) + 1)), "count", 6),
        Column("文号", [text.head["文号"] for _, text in told], widest=30),
        Column("种类", [KINDS[notice.kind] + ("（草稿）" if notice.kind in DRAFTS else "") for notice in notices], "centre", 18),
        Column("单位", [notice.unit_name for notice in notices], widest=30),
        Column("问题数", [len(notice.problems) or None for notice in notices], "count", 8),
        Column("成文日期", [notice.issued_on for notice in notices], "date", 12),
        Column("整改期限", [notice.rectify_by for notice in notices], "date", 12),
        Column("文件", [notice.file for notice in notices], widest=40),
        Column("签收人", blank, "input", 12),
        Column("签收日期", blank, "input", 12),
        Column("回执收到日期", blank, "input", 14),
    ]
    note = "右边三栏手工填写。文号给出以后不变；撤回的通知请在本表注明，号不再使用。草稿经负责人签发后才生效。"
    _write(path, data, "通知登记", columns, note)


def write_ledger(path: Path, data: QuarterData, notice: Notice, called: Mapping[str, str]) -> None:
    """整改台账 of one unit, as the importer reads it: put it back into data/raw/<next quarter>/ when it is filled in.

    `called`: as `ledger_names` makes it.
    """
    rows = notice.problems[~notice.problems["is_overdue"]]
    values: dict[str, list[Any]] = {
        "rectification_id": rows["problem_id"].tolist(),
        "unit_id": [called[notice.unit_id]] * len(rows),
        "account_id": _known(rows["account_id"].map(called)),
        "check_item": rows["label"].tolist(),
        "description": rows["message"].tolist(),
        "found_on": [day.date() for day in rows["found_on"]],
        "rectify_by": [notice.rectify_by] * len(rows),
        "event_id": _known(rows["event_id"]),
    }
    columns = []
    for column, heading in zip(LEDGER.columns, LEDGER.headings, strict=True):
        style = "input" if column.name in ANSWERED else "date" if column.kind == "date" else "given"
        widest = LOOK.get(column.name, 14)
        columns.append(Column(heading, values.get(column.name, [""] * len(rows)), style, widest))
    after = data.period.following
    note = (
        f"请只填黄色各栏：整改结果从列表中选，办结的写销号日期（如 {notice.rectify_by}），整改措施和责任人写在备注。别的栏不要改。"
        f"整改期限 {notice.rectify_by}。填好后报县政务公开办；办公室把它放进 data/raw/{after}/，导入 {after} 时读入。"
    )
    _write(path, data, LEDGER.name, columns, note)


def ledger_names(data: QuarterData) -> dict[str, str]:
    """unit_id and account_id → the name (and platform) where the importer reads it back as this id, else the id itself."""
    names = Names.of(data.frames)
    found: dict[str, str] = {}
    for register, key, called, words in (("units", "unit_id", names.units, unit_words), ("accounts", "account_id", names.accounts, account_words)):
        ids = data.frames[register][key]
        told = ids.map(called).astype("str")
        is_read = (words(data.frames[register]).resolve(told) == ids).fillna(False)
        found |= dict(zip(ids, told.where(is_read, ids), strict=True))
    return found


def _known(values: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in values]


def _write(path: Path, data: QuarterData, name: str, columns: list[Column], note: str) -> None:
    title = f"{data.settings.county}政务新媒体{name}（{data.period.label}）"
    with opened_book(path, title, data.as_of, str(data.receipt.get("package", ""))) as (workbook, book):
        sheet = workbook.add_worksheet(name)
        widths = set_widths(sheet, columns)
        for at, column in enumerate(columns):
            if column.style == "input":
                widths[at] = column.widest
                sheet.set_column(at, at, column.widest)
        write_head(book, sheet, title, note, widths, len(columns))
        end = write_table(book, sheet, 2, columns, widths)
        headings = [column.heading for column in columns]
        if name == LEDGER.name and end > 3:
            results = [words[0] for words in choices("rectify_result").values()]
            at = headings.index(LEDGER.headings[[column.name for column in LEDGER.columns].index("rectify_result")])
            sheet.data_validation(3, at, end - 1, at, {"validate": "list", "source": results, "error_message": "请从列表中选"})
        sheet.autofilter(2, 0, max(end - 1, 2), len(columns) - 1)
        set_page(sheet, title, note, 2, 2, 1)
