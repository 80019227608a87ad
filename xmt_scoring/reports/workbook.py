"""The score workbook 考核评分表: nine sheets, totals as live formulas with their values, the same bytes every time."""

from __future__ import annotations

from pathlib import Path

from xmt_scoring.reports.excel_style import opened_book
from xmt_scoring.reports.sheets_articles import ARTICLES, write_articles
from xmt_scoring.reports.sheets_data import prepare
from xmt_scoring.reports.sheets_facts import FACTS, write_facts
from xmt_scoring.reports.sheets_files import FILES, write_files
from xmt_scoring.reports.sheets_form import FORM, write_form
from xmt_scoring.reports.sheets_hints import HINTS, write_hints
from xmt_scoring.reports.sheets_losses import RULES, loss_columns, write_losses, write_rules
from xmt_scoring.reports.sheets_measures import MEASURES, write_measures
from xmt_scoring.reports.sheets_notes import NOTES, define_bands, lists_of, write_notes
from xmt_scoring.reports.sheets_scores import (
    ACCOUNT_TOP,
    ACCOUNTS,
    LOSS_TOP,
    LOSSES,
    UNIT_TOP,
    UNITS,
    account_columns,
    ranges,
    unit_columns,
    write_accounts,
    write_units,
)
from xmt_scoring.workspace import QuarterData

SHEETS = (NOTES, UNITS, ACCOUNTS, LOSSES, FACTS, RULES, ARTICLES, FORM, MEASURES, HINTS, FILES)


def write_workbook(path: Path, data: QuarterData) -> None:
    """Write 考核评分表 of a scored quarter to `path` (rulings.md §§5–7, DESIGN §§5, 10).

    Every score, grade, rank and item total is a formula over the sheet 扣分明细 and stores the library's value. The
    same data gives the same bytes. Raises OSError when the file cannot be written.
    """
    sheets, title = prepare(data), f"{data.settings.county}政务新媒体考核评分表 {data.period}"
    with opened_book(path, title, data.as_of, str(data.receipt.get("package", ""))) as (workbook, book):
        pages = {name: workbook.add_worksheet(name) for name in SHEETS}
        losses, loss_marks = loss_columns(sheets)
        of_losses = ranges(LOSSES, [column.heading for column in losses], LOSS_TOP, len(sheets.losses))
        accounts, account_marks = account_columns(sheets, of_losses)
        of_accounts = ranges(ACCOUNTS, [column.heading for column in accounts], ACCOUNT_TOP, len(sheets.accounts))
        units, unit_marks = unit_columns(sheets, of_accounts)
        of_units = ranges(UNITS, [column.heading for column in units], UNIT_TOP, len(sheets.units))

        placed = write_notes(book, pages[NOTES], sheets)
        define_bands(workbook, placed)
        write_units(book, pages[UNITS], sheets, units, unit_marks)
        write_accounts(book, pages[ACCOUNTS], sheets, accounts, account_marks)
        write_losses(book, pages[LOSSES], sheets, losses, loss_marks)
        write_facts(book, pages[FACTS], sheets)
        write_rules(book, pages[RULES], sheets)
        write_articles(book, pages[ARTICLES], sheets)
        write_form(book, pages[FORM], sheets, lists_of(sheets, placed, of_units("单位"), of_accounts("账号")))
        write_measures(book, pages[MEASURES], sheets)
        write_hints(book, pages[HINTS], sheets)
        write_files(book, pages[FILES], sheets)
