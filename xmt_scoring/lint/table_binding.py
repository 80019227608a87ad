"""The tables of a circular against the frames of its quarter: names, units, platforms, posts, weeks, scores, grades, ranks."""

from __future__ import annotations

import re
from decimal import Decimal

import pandas as pd

from xmt_scoring.glossary import word
from xmt_scoring.lint.binding import platform_in, values_of
from xmt_scoring.lint.county import County
from xmt_scoring.lint.documents import Document, Grid
from xmt_scoring.lint.report import Notes
from xmt_scoring.lint.tables import cell, cell_number, column_of, data_rows, row_text

_ACCOUNT = ("账号名称", "账号", "新媒体名称", "政务新媒体名称", "名称")
_UNIT = ("主办单位", "单位", "单位名称", "责任单位")
_PLATFORM = ("平台", "平台类型", "开办平台")
_OF_ACCOUNT = {
    "n_posts": ("发布条数", "发布数", "发布信息数", "发布量", "发布信息条数"), "n_weeks_missed": ("缺更周数", "缺更周"),
    "n_weeks_due": ("应更新周数", "应更周数"), "max_gap_days": ("最长间隔", "最长间隔天数", "最长间隔（天）", "最长间隔(天)"), "score": ("得分", "账号得分"),
}  # fmt: skip
_OF_UNIT = {"score": ("得分", "单位得分", "季度得分"), "rank": ("名次", "排名"), "n_accounts_scored": ("账号数", "计分账号数", "参评账号数")}
_ENDS = {"score": ("low", "high"), "rank": ("rank_best", "rank_worst")}
_NO_VALUE = ("", "—", "-", "/", "无", "待定", "不计分", "不要求")
_INTERVAL = re.compile(r"([0-9.]+)\s?[–—~～-]\s?([0-9.]+)")


def check_table_binding(document: Document, county: County, notes: Notes) -> None:
    """Every row of a table that names an account or a unit of the register."""
    for grid in document.grids:
        account, unit = column_of(grid, *_ACCOUNT), column_of(grid, *_UNIT)
        for row in data_rows(grid):
            if account is not None and cell(grid, row, account) not in _NO_VALUE:
                _check_account_row(grid, row, account, unit, county, notes)
            elif account is None and unit is not None and cell(grid, row, unit) not in _NO_VALUE:
                _check_unit_row(grid, row, unit, county, notes)


def _accuse(notes: Notes, kind: str, grid: Grid, row: int, column: int, should: str, county: County) -> None:
    notes.accuse_cell(kind, grid.place(row, column), row_text(grid, row), cell(grid, row, column), should, county.label)


def _check_account_row(grid: Grid, row: int, column: int, unit: int | None, county: County, notes: Notes) -> None:
    name = cell(grid, row, column).strip("“”")
    inside = re.fullmatch(r"(.+?)[（(]([^（）()]+)[）)]", name)
    if inside and county.named(name).empty and platform_in(inside[2]):
        name = inside[1]
    platforms = column_of(grid, *_PLATFORM)
    platform = platform_in(cell(grid, row, platforms)) or (platform_in(inside[2]) if inside else "")
    everywhere = county.named(name)
    accounts = county.named(name, platform)
    if everywhere.empty:
        if name in county.other_names:
            return
        if near := county.nearest_account(name):
            _accuse(notes, "账号名称", grid, row, column, f"台账里没有；最接近的是“{near}”", county)
        else:
            notes.doubt_at(grid.place(row, column), row_text(grid, row), name, "台账里没有这个账号，也没有相近的名称")
        return
    notes.agree("账号名称")
    if accounts.empty:
        right = "、".join(word("platform", code) for code in everywhere["platform"])
        _accuse(notes, "账号平台", grid, row, platforms if platforms is not None else column, f"台账里在{right}", county)
        return
    if unit is not None and cell(grid, row, unit) not in _NO_VALUE:
        _check_unit_name(grid, row, unit, set(accounts["unit_name"].dropna()), county, notes)
    for name_of_column, headings in _OF_ACCOUNT.items():
        _check_value(grid, row, column_of(grid, *headings), accounts, name_of_column, headings[0], county, notes)
    _check_grade(grid, row, accounts, county, notes)


def _check_unit_name(grid: Grid, row: int, column: int, right: set[str], county: County, notes: Notes) -> None:
    said = cell(grid, row, column)
    known = county.unit_of(said)
    if known is None and (near := county.nearest_unit(said)):
        _accuse(notes, "单位名称", grid, row, column, f"单位表里没有；最接近的是{near}", county)
    elif known is None:
        notes.doubt_at(grid.place(row, column), row_text(grid, row), said, "单位表里没有这个单位，也没有相近的名称")
    elif right and known not in right:
        _accuse(notes, "主办单位", grid, row, column, f"台账里是{'、'.join(sorted(right))}", county)
    else:
        notes.agree("单位名称")


def _check_unit_row(grid: Grid, row: int, column: int, county: County, notes: Notes) -> None:
    _check_unit_name(grid, row, column, set(), county, notes)
    known = county.unit_of(cell(grid, row, column))
    units = county.units[county.units["unit_name"] == known] if known else county.units.iloc[:0]
    if units.empty:
        return
    for name_of_column, headings in _OF_UNIT.items():
        _check_value(grid, row, column_of(grid, *headings), units, name_of_column, headings[0], county, notes)
    _check_grade(grid, row, units, county, notes)


def _check_value(
    grid: Grid, row: int, column: int | None, rows: pd.DataFrame, name: str, heading: str, county: County, notes: Notes
) -> None:
    said = cell(grid, row, column)
    if column is None or said in _NO_VALUE:
        return
    interval = _INTERVAL.fullmatch(said)
    if interval and name in _ENDS:
        first, last = _ENDS[name]
        known = {(Decimal(str(low)), Decimal(str(high))) for low, high in zip(rows[first].dropna(), rows[last].dropna(), strict=True)}
        holds, should = (Decimal(interval[1]), Decimal(interval[2])) in known, "或".join(f"{low}–{high}" for low, high in sorted(known))
    else:
        shown = cell_number(said)
        values = values_of(rows, name)
        if shown is None or not values:
            return
        holds, should = shown.value in values, "或".join(str(value) for value in sorted(values))
    notes.bind_cells(grid, row, column)
    if holds:
        notes.agree(f"{heading}（数据）")
    else:
        _accuse(notes, f"{heading}（数据）", grid, row, column, should, county)


def _check_grade(grid: Grid, row: int, rows: pd.DataFrame, county: County, notes: Notes) -> None:
    column = column_of(grid, "等次", "结果", "检查结果")
    said = re.sub(r"[（(].*", "", cell(grid, row, column))
    grades = set(rows["grade"].dropna())
    if column is None or said in _NO_VALUE or not grades or said not in set(county.accounts["grade"].dropna()) | set(county.units["grade"].dropna()):
        return
    # 合格 as a verdict is no band: it stands for every band but the lowest
    if said in grades or (said == "合格" and "不合格" not in grades):
        notes.agree("等次（数据）")
    else:
        _accuse(notes, "等次（数据）", grid, row, column, "、".join(sorted(grades)), county)
