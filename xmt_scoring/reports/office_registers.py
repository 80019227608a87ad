"""The registers that `xmt init --from` makes of an office's own list, and a book that says where everything of it went."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd

from xmt_scoring.errors import Problem, XmtError, cannot_write
from xmt_scoring.glossary import heading
from xmt_scoring.ingest.office_list import Proposal, Taken, refused
from xmt_scoring.ingest.register_specs import sheets
from xmt_scoring.reports.excel_style import Column, opened_book, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.register_templates import workbook_bytes

FOLDER = "登记表"
UNITS, ACCOUNTS, REPORT = "单位.xlsx", "账号备案台账.xlsx", "台账转入说明.xlsx"
_MADE = dt.date(2021, 8, 18)  # the day the 办法 came into force: a fixed time keeps the bytes the same


def write_office_registers(root: Path, source: str, proposal: Proposal, taken: Taken) -> tuple[list[Path], list[Problem]]:
    """Write 单位, 账号备案台账 and 台账转入说明 into 登记表/; returns the paths and what the strict reader refuses.

    XmtError when one of the files is there already: nothing is overwritten, nothing is written.
    """
    folder = root / FOLDER
    there = [name for name in (UNITS, ACCOUNTS, REPORT) if (folder / name).exists()]
    if there:
        raise XmtError.of(str(folder), f"已经有 {'、'.join(there)}", "没有覆盖，也没有写任何东西；请移走它们，或换一个文件夹")
    rows = {"units": taken.units, "accounts": taken.accounts}
    books = {file: workbook_bytes([sheet for sheet in sheets() if sheet.file == file], rows) for file in (UNITS, ACCOUNTS)}
    bad, problems = refused(books)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, data in books.items():
            (folder / file).write_bytes(data)
        _write_report(folder / REPORT, source, proposal, taken, bad)
    except OSError as error:
        raise cannot_write(str(folder), error) from error
    return [folder / file for file in (UNITS, ACCOUNTS, REPORT)], [*taken.notes, *problems]


def mapping_rows(proposal: Proposal) -> pd.DataFrame:
    """The proposal as people read it: sheet, their heading, our heading ("" = none), why, examples."""
    lines = [
        {
            "sheet": match.sheet or "", "theirs": match.theirs or f"（第 {match.position + 1} 列）",
            "ours": heading(match.column) if match.column else "", "basis": match.basis or "没有对应，原样保留",
            "examples": "、".join(match.examples)[:60],
        }
        for matches in proposal.matches for match in matches
    ]  # fmt: skip
    return pd.DataFrame(lines, dtype="str")


def _write_report(path: Path, source: str, proposal: Proposal, taken: Taken, bad: pd.DataFrame) -> None:
    mapped, others, lines = mapping_rows(proposal), taken.others, taken.lines
    own_row = dict(enumerate(taken.accounts["src_row"], start=2))
    is_account = bad["src_file"].eq(ACCOUNTS) & bad["src_sheet"].eq("账号")
    origin = bad["src_row"].map(own_row).where(is_account)
    tables = [
        ("列的对应", f"“{source}”的每一列转到了登记表的哪一列；没有对应的列在“未对应的列”里",
         {"工作表": mapped["sheet"], "原来的列": mapped["theirs"], "登记表的列": mapped["ours"], "依据": mapped["basis"], "例子": mapped["examples"]}),
        ("要改的行", "登记表里的这些行读不进去：请按原因在登记表里改好（账号编号、单位编号是自动编的，可以改，以后不要再变）",
         {"登记表": bad["src_file"], "工作表": bad["src_sheet"], "登记表第几行": bad["src_row"], "原表第几行": origin,
          "原因": bad["reason"], "内容": bad["content"]}),
        ("未对应的列", "原表里没有对应的列，逐格保留",
         {"工作表": others["src_sheet"], "原表第几行": others["src_row"], heading("account_name"): others["account_name"],
          "列": others["heading"], "内容": others["value"]}),
        ("没有转入的行", "标题、说明、合计、填表人等，不是账号",
         {"工作表": lines["src_sheet"], "原表第几行": lines["src_row"], "内容": lines["content"]}),
    ]  # fmt: skip
    with opened_book(path, "台账转入说明", _MADE) as (workbook, book):
        for name, note, content in tables:
            _sheet(workbook, book, name, note, content)


def _sheet(workbook: Any, book: Any, name: str, note: str, content: dict[str, pd.Series]) -> None:
    sheet = workbook.add_worksheet(name)
    columns = [Column(title, ["" if pd.isna(value) else value for value in values], widest=50) for title, values in content.items()]
    widths = set_widths(sheet, columns)
    write_head(book, sheet, name, note, widths, len(columns))
    write_table(book, sheet, 2, columns, widths)
    set_page(sheet, name, note, 2, 2, 1)
