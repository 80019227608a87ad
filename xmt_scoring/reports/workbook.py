"""The score workbook 考核评分表: a cover, lists, one sheet per unit; totals as live formulas with their values, the same bytes every time."""

from __future__ import annotations

from pathlib import Path

from xmt_scoring.reports import sheets_accounts, sheets_units
from xmt_scoring.reports.excel_live import define, named
from xmt_scoring.reports.excel_style import opened_book
from xmt_scoring.reports.live_losses import NAMED as LOSS_NAMES
from xmt_scoring.reports.sheet_names import ACCOUNT_TOP, ACCOUNTS, COVER, EVIDENCE, LOSS_TOP, LOSSES, UNIT_TOP, UNITS
from xmt_scoring.reports.sheets_accounts import account_columns, write_accounts
from xmt_scoring.reports.sheets_articles import ARTICLES, write_articles
from xmt_scoring.reports.sheets_cover import write_cover
from xmt_scoring.reports.sheets_data import prepare
from xmt_scoring.reports.sheets_evidence import evidence_places, evidence_rows, write_evidence
from xmt_scoring.reports.sheets_facts import FACTS, write_facts
from xmt_scoring.reports.sheets_files import FILES, write_files
from xmt_scoring.reports.sheets_form import FORM, write_form
from xmt_scoring.reports.sheets_hints import HINTS, write_hints
from xmt_scoring.reports.sheets_losses import RULES, loss_columns, write_losses, write_rules
from xmt_scoring.reports.sheets_measures import MEASURES, write_measures
from xmt_scoring.reports.sheets_notes import NOTES, define_bands, lists_of, write_notes
from xmt_scoring.reports.sheets_one_unit import write_unit_sheets
from xmt_scoring.reports.sheets_units import unit_columns, write_units
from xmt_scoring.workspace import QuarterData

SHEETS = (COVER, UNITS, ACCOUNTS, LOSSES, EVIDENCE, FACTS, RULES, ARTICLES, FORM, MEASURES, HINTS, FILES, NOTES)


def write_workbook(path: Path, data: QuarterData) -> None:
    """Write 考核评分表 of a scored quarter to `path` (rulings.md §§5–7, DESIGN §§5, 10).

    Every score, grade, rank and item total is a formula over the sheet 扣分明细 and stores the library's value; a figure
    in its column 复核扣分 moves account, unit and rank as the library would. One sheet per unit follows the others. The
    same data gives the same bytes. Raises OSError when the file cannot be written.
    """
    sheets, title = prepare(data), f"{data.settings.county}政务新媒体考核评分表 {data.period}"
    with opened_book(path, title, data.as_of, str(data.receipt.get("package", "")), sheets.note) as (workbook, book):
        pages = {name: workbook.add_worksheet(name) for name in (*SHEETS, *sheets.pages.values())}
        evidence = evidence_rows(sheets)
        evidence_at = evidence_places(sheets, evidence)
        losses, accounts, units = loss_columns(sheets, evidence_at), account_columns(sheets), unit_columns(sheets)
        define(workbook, LOSSES, losses, LOSS_TOP, LOSS_NAMES)
        define(workbook, ACCOUNTS, accounts, ACCOUNT_TOP, sheets_accounts.NAMED)
        define(workbook, UNITS, units, UNIT_TOP, sheets_units.NAMED)

        placed = write_notes(book, pages[NOTES], sheets)
        define_bands(workbook, placed)
        write_cover(book, pages[COVER], sheets, units)
        write_units(book, pages[UNITS], sheets, units)
        write_accounts(book, pages[ACCOUNTS], sheets, accounts)
        write_losses(book, pages[LOSSES], sheets, losses)
        write_evidence(book, pages[EVIDENCE], sheets, evidence)
        write_facts(book, pages[FACTS], sheets)
        write_rules(book, pages[RULES], sheets)
        write_articles(book, pages[ARTICLES], sheets)
        write_form(book, pages[FORM], sheets, lists_of(sheets, placed, named(UNITS)("单位"), named(ACCOUNTS)("账号")))
        write_measures(book, pages[MEASURES], sheets)
        write_hints(book, pages[HINTS], sheets)
        write_files(book, pages[FILES], sheets)
        write_unit_sheets(book, pages, sheets, evidence_at, accounts, units)
