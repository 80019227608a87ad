"""Sheet 单位得分: live formulas over 账号得分, each with its computed value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading
from xmt_scoring.reports.account_words import open_items
from xmt_scoring.reports.excel_live import Ranges, bars, mark_rows, protect
from xmt_scoring.reports.excel_style import Book, Column, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.live_losses import base_of
from xmt_scoring.reports.sheet_names import BAND_EDGES, BAND_NAMES, UNIT_TOP, UNITS, place
from xmt_scoring.reports.sheets_accounts import NONE
from xmt_scoring.reports.sheets_accounts import of as of_accounts
from xmt_scoring.reports.sheets_data import NOT_SCORED, Sheets

NAMED = ("名次", "单位", "最低", "最高", "得分", "等次", "状态")


def _values(column: pd.Series, missing: object = None) -> list[Any]:
    return [missing if pd.isna(value) else value for value in column]


def _formula(named_: str, values: list[Any], style: str, widest: int, formula: str, rows: range) -> Column:
    return Column(named_, values, style, widest, [formula.replace("{row}", str(row)) for row in rows])


def unit_columns(sheets: Sheets) -> list[Column]:
    """The columns of 单位得分."""
    units = sheets.units
    rows = range(UNIT_TOP + 2, UNIT_TOP + 2 + len(units))
    counted = f'{of_accounts("单位序号")},$A{{row}},{of_accounts("计入单位")},"是"'
    has_none = "IF($E{row}=0,"
    gathered = gathering(sheets.rollup, counted, of_accounts)
    open_too = f'COUNTIFS({counted},{of_accounts("状态")},"待定")>0'
    rolled = {end: f"ROUND({gathered(of_accounts(end))},2)" for end in ("最低", "最高")}
    ends = {end: f'={has_none}"{NONE}",{formula})' for end, formula in rolled.items()}
    score = f'={has_none}"{NOT_SCORED}",IF(J{{row}}="待定","待定",G{{row}}))'
    band = f"LOOKUP({{cell}}{{row}},{BAND_EDGES},{BAND_NAMES})"
    low_band, high_band, score_band = (band.replace("{cell}", cell) for cell in "FGH")
    is_empty = units["n_accounts_scored"] == 0
    state = pd.Series("已定", index=units.index, dtype="str").mask(units["is_provisional"].astype(bool), "待定").mask(is_empty, NOT_SCORED)
    return [
        Column("序号", units["serial"].tolist(), "count"),
        _formula(heading("rank"), unit_ranks(units, state), "centre", 10, _rank_formula(len(units)), rows),
        Column(heading("unit"), units["unit_name"].tolist(), widest=40, links=[place(page, 0) for page in sheets.pages.values()]),
        Column("账号数", _values(units["unit_id"].map(sheets.accounts.groupby("unit_id").size()), 0), "count"),
        _formula("计分账号数", units["n_accounts_scored"].tolist(), "count", 8, f"=COUNTIFS({counted})", rows),
        _formula("最低", _values(units["low"], NONE), "score", 9, ends["最低"], rows),
        _formula("最高", _values(units["high"], NONE), "score", 9, ends["最高"], rows),
        _formula(heading("score"), _values(units["score"].astype("object").where(~is_empty, NOT_SCORED), "待定"), "score", 9, score, rows),
        _formula(
            heading("grade"), unit_grades(units, state), "centre", 16,
            f'={has_none}"{NOT_SCORED}",IF(ISNUMBER(H{{row}}),{score_band},IF({low_band}={high_band},{low_band}&"（暂定）","待定")))', rows,
        ),
        _formula(heading("status"), state.tolist(), "centre", 8, f'={has_none}"{NOT_SCORED}",IF({open_too},"待定","已定"))', rows),
        Column("单项否决", _by_unit(sheets, "veto_code"), "text", 26),
        Column("待定事项", _by_unit(sheets, "open"), "text", 40),
        Column("备注", _unit_remarks(sheets), "text", 20),
    ]  # fmt: skip


def gathering(rollup: str, counted: str, of_accounts: Ranges) -> Callable[[str], str]:
    """range of accounts' figures → the unit's figure before rounding: mean, minimum, or mean by 权数."""
    if rollup != "weighted":
        name = "AVERAGEIFS" if rollup == "mean" else "_xlfn.MINIFS"
        return lambda figures: f"{name}({figures},{counted})"
    mine = f'({of_accounts("单位序号")}=$A{{row}})*({of_accounts("计入单位")}="是")'
    weights = of_accounts("权数")
    # figures as an argument of its own: a text such as 待定 counts as nothing instead of making an error
    return lambda figures: f"SUMPRODUCT({mine},{weights},{figures})/SUMIFS({weights},{counted})"


def _rank_formula(n_units: int) -> str:
    """The place of a unit; while some are open, the best and the worst place that it may have."""
    first, last = UNIT_TOP + 2, UNIT_TOP + 1 + n_units
    best = f'(1+COUNTIF(F${first}:F${last},">"&G{{row}}))'
    worst = f'(1+COUNTIF(G${first}:G${last},">"&F{{row}})-(G{{row}}>F{{row}}))'
    return (
        f'=IF($E{{row}}=0,"{NONE}",IF({best}<>{worst},{best}&"–"&{worst},IF(ISNUMBER(H{{row}}),{best},{best}&"（暂定）")))'
    )


def unit_ranks(units: pd.DataFrame, state: pd.Series) -> list[Any]:
    """A number, `3–5` while open, `3(暂定)` where only the score is open, a dash without scored accounts."""
    best, worst = units["rank_best"].astype("str"), units["rank_worst"].astype("str")
    words = (best + "–" + worst).mask(units["rank_best"] == units["rank_worst"], best + "（暂定）")
    shown = units["rank"].astype("object").where(units["rank"].notna(), words)
    return shown.mask(state == NOT_SCORED, NONE).tolist()


def unit_grades(units: pd.DataFrame, state: pd.Series) -> list[str]:
    """The library's grade in the words of the sheet."""
    grade = units["grade"].mask((state == "待定") & units["grade"].notna(), units["grade"] + "（暂定）").fillna("待定")
    return grade.mask(state == NOT_SCORED, NOT_SCORED).tolist()


def _by_unit(sheets: Sheets, what: str) -> list[Any]:
    """For each unit its accounts with a veto, or with what is still open: `账号 B1、V1`."""
    accounts = sheets.accounts.assign(open=open_items(sheets))
    if what == "open":
        items, vetoes = (accounts[name].astype("str").fillna("") for name in ("open", "open_vetoes"))
        told = (items + "、" + vetoes).str.strip("、")
        accounts = accounts.assign(open=told.mask(told == ""))
    chosen = accounts[accounts[what].notna()]
    named = chosen["account_id"].map(sheets.names.accounts).fillna(chosen["account_id"]) + " " + chosen[what]
    return _values(sheets.units["unit_id"].map(named.groupby(chosen["unit_id"].to_numpy()).agg("；".join)))


def _unit_remarks(sheets: Sheets) -> list[str]:
    register = sheets.data.frames["units"].set_index("unit_id")["is_supervisor"].fillna(False).astype(bool)
    is_own = sheets.units["unit_id"].map(register).fillna(False).astype(bool)
    empty = sheets.units["n_accounts_scored"] == 0
    return pd.Series("", index=sheets.units.index, dtype="str").mask(empty, "没有计分账号").mask(is_own, "主管单位，自评").tolist()


def write_units(book: Book, sheet: Any, sheets: Sheets, columns: list[Column]) -> None:
    """单位得分: one row per unit, by rank; a name leads to the unit's own sheet."""
    widths = set_widths(sheet, columns)
    how = {"mean": "平均", "min": "最低分", "weighted": "平均（主账号加权）"}[sheets.rollup]
    note = f"{sheets.note}单位得分 = 计入单位的账号得分的{how}，保留两位小数。点单位名称看该单位的一张表。"
    write_head(book, sheet, sheets.title(UNITS), note, widths, len(columns))
    end = write_table(book, sheet, UNIT_TOP, columns, widths)
    sheet.autofilter(UNIT_TOP, 0, max(end - 1, UNIT_TOP), len(columns) - 1)
    set_page(sheet, sheets.title(UNITS), sheets.note, UNIT_TOP, UNIT_TOP, 3)
    first = UNIT_TOP + 1
    mark_rows(book, sheet, first, end - 1, len(columns), {"open": '$J{row}="待定"', "quiet": f'$J{{row}}="{NOT_SCORED}"'})
    bars(sheet, first, end - 1, [column.heading for column in columns].index(heading("score")), float(base_of(sheets)))
    protect(sheet)
