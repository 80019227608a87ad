"""年度考核.xlsx: ranking, parts, details, vetoes with their chain, bonuses with documents; one sheet per unit; formulas with stored values."""

from __future__ import annotations

from pathlib import Path

from xmt_scoring.reports.excel_live import Ranges, define, protect, ranges
from xmt_scoring.reports.excel_style import Column, opened_book
from xmt_scoring.reports.sheet_names import COVER
from xmt_scoring.reports.year_cover import NAMED as COVER_NAMES
from xmt_scoring.reports.year_cover import write_year_cover
from xmt_scoring.reports.year_data import YearSheets, prepare
from xmt_scoring.reports.year_lists import (
    CHANGES,
    NOTES,
    UPPER,
    change_columns,
    loss_columns,
    upper_columns,
    write_list,
    write_notes,
)
from xmt_scoring.reports.year_one_unit import Lists, write_unit_pages
from xmt_scoring.reports.year_sheets import (
    BONUS,
    EDGES,
    LOSSES,
    NAMES,
    OUTPUT,
    PARTS,
    RANKS,
    TOP,
    TREND,
    output_columns,
    part_columns,
    rank_columns,
    trend_columns,
    write_output,
    write_parts,
    write_ranks,
    write_trend,
)
from xmt_scoring.workspace import YearData

SHEETS = (COVER, RANKS, PARTS, LOSSES, UPPER, BONUS, TREND, CHANGES, OUTPUT, NOTES)


def write_year_workbook(path: Path, data: YearData) -> None:
    """Write 年度考核 of a scored year to `path`, one sheet per unit behind the others; the same data gives the same bytes.

    Every score, rank, grade and part is a formula over the detail sheets and stores the library's value; the veto is
    the last formula of 排名. Raises OSError when the file cannot be written.
    """
    sheets, title = prepare(data), f"{data.settings.county}政务新媒体年度考核 {data.period}"
    with opened_book(path, title, data.as_of, str(data.receipt.get("package", "")), sheets.note) as (workbook, book):
        pages = {name: workbook.add_worksheet(name) for name in (*SHEETS, *sheets.pages.values())}
        edges, names = write_notes(book, pages[NOTES], sheets)
        workbook.define_name(EDGES, edges)
        workbook.define_name(NAMES, names)
        losses, loss_marks = loss_columns(sheets, ("management", "upper"))
        bonus, bonus_marks = loss_columns(sheets, ("bonus",))
        trend = trend_columns(sheets)
        parts, ranking = results(sheets, losses, bonus)
        write_ranks(book, pages[RANKS], sheets, ranking)
        write_parts(book, pages[PARTS], sheets, parts)
        how = "管理分和上级检查扣分的每一行；扣完为止、尾数也列为行，各行之和就是该项的扣分。"
        write_list(book, pages[LOSSES], sheets, LOSSES, how, losses, loss_marks)
        upper, upper_marks = upper_columns(sheets)
        how = "国家、省、市检查发现的问题和单项否决，记到检查当日主办该账号的单位。"
        write_list(book, pages[UPPER], sheets, UPPER, how, upper, upper_marks)
        how = "加分要有文号；不计的写明原因。"
        write_list(book, pages[BONUS], sheets, BONUS, how, bonus, bonus_marks)
        write_trend(book, pages[TREND], sheets, trend)
        earlier = f"与第 {data.version - 1} 版对比。" if data.version > 1 else "这是第一版，没有可比的。"
        write_list(book, pages[CHANGES], sheets, CHANGES, earlier, change_columns(sheets))
        write_output(book, pages[OUTPUT], sheets, output_columns(sheets, _ranges(RANKS, ranking)))
        define(workbook, RANKS, ranking, TOP, COVER_NAMES)
        write_year_cover(book, pages[COVER], sheets, ranking, trend)
        by_heading = {column.heading: column for column in ranking}
        write_unit_pages(book, pages, sheets, Lists(by_heading, parts, trend, {LOSSES: losses, BONUS: bonus}, upper))
        for name in (RANKS, PARTS, OUTPUT):
            protect(pages[name])


def results(sheets: YearSheets, losses: list[Column], bonus: list[Column]) -> tuple[list[Column], list[Column]]:
    """The columns of 分项得分 and of 排名, which follow from those of 管理分明细 and 加分."""
    parts = part_columns(sheets, _ranges(LOSSES, losses), _ranges(BONUS, bonus))
    return parts, rank_columns(sheets, _ranges(PARTS, parts))


def _ranges(sheet: str, columns: list[Column]) -> Ranges:
    return ranges(sheet, [column.heading for column in columns], TOP, len(columns[0].values))
