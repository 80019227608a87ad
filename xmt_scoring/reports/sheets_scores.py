"""Sheets 单位得分 and 账号得分: live formulas over 扣分明细, each with its computed value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading, spoken
from xmt_scoring.points import PARTS, from_decimal, to_decimal
from xmt_scoring.reports.excel_style import Book, Column, set_page, set_widths, write_cell, write_head, write_table
from xmt_scoring.reports.sheets_data import NOT_SCORED, SELF_RUN, Sheets

UNITS, ACCOUNTS, LOSSES = "单位得分", "账号得分", "扣分明细"
BAND_EDGES, BAND_NAMES = "等次下限", "等次名称"  # named ranges on 说明
LOSS_TOP, ACCOUNT_TOP, UNIT_TOP = 2, 4, 2  # 0-based rows of the headings
NONE = "—"

Ranges = Callable[[str], str]


def letter(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def ranges(sheet: str, headings: list[str], top: int, n_rows: int) -> Ranges:
    """heading → the absolute range of its data rows; a table without rows still has one, empty row."""
    return lambda name: f"{sheet}!${letter(headings.index(name))}${top + 2}:${letter(headings.index(name))}${top + 1 + max(n_rows, 1)}"


def _values(column: pd.Series, missing: object = None) -> list[Any]:
    return [missing if pd.isna(value) else value for value in column]


def _sums(sheets: Sheets, chosen: pd.Series) -> list[Decimal]:
    """Σ of the decided points of the chosen loss rows by account, exactly; in the order of the account sheet."""
    rows = sheets.losses[chosen.to_numpy(dtype=bool) & sheets.losses["points"].notna().to_numpy()]
    points = from_decimal(pd.Series(rows["points"].tolist(), dtype=PARTS))
    summed = pd.Series(points, dtype="int64").groupby(rows["account_serial"].to_numpy()).sum()
    return to_decimal(summed.reindex(sheets.accounts["serial"], fill_value=0).to_numpy(), 4).tolist()


def account_columns(sheets: Sheets, of_losses: Ranges) -> tuple[list[Column], list[str]]:
    """The columns of 账号得分 and the mark of each row."""
    accounts, losses, head = sheets.accounts, sheets.losses, ACCOUNT_TOP + 1
    rows = range(ACCOUNT_TOP + 2, ACCOUNT_TOP + 2 + len(accounts))
    left = [
        Column("序号", accounts["serial"].tolist(), "count"),
        Column(heading("unit"), _values(accounts["unit_id"].map(sheets.names.units).fillna(accounts["unit_id"])), widest=14),
        Column(heading("account_id"), accounts["account_name"].fillna(accounts["account_id"]).tolist(), widest=16),
        Column(heading("platform"), _values(spoken(accounts["platform"], "platform").fillna(accounts["platform"])), "centre", 10),
    ]
    mine = f"{of_losses('账号序号')},$A{{row}}"
    items = []
    for number, item in enumerate(sheets.items, start=len(left)):
        formula = f"=ROUND(SUMIFS({of_losses('扣分')},{mine},{of_losses('评分项')},{letter(number)}${head}),4)"
        is_open = accounts["serial"].isin(losses.loc[(losses["status"] == "待定") & (losses["item"] == item.label), "account_serial"])
        made = _formula(item.label, _sums(sheets, losses["item"] == item.label), "points", 9 if is_open.any() else 7, formula, rows)
        # an item that may still lose points must not look like one that lost none
        items.append(replace(made, styles=["open_points" if waits else "points" for waits in is_open]))
    n = len(left) + len(items)
    veto, total, low, high, score, state, code, open_vetoes = (letter(n + place) for place in (0, 1, 2, 3, 4, 6, 7, 8))
    base = sheets.data.scheme.get("base", "100")
    not_scored = f'IF({state}{{row}}="{NOT_SCORED}",'
    ends = {
        end: f'={not_scored}"{NONE}",ROUND({base}+SUMIFS({of_losses(word)},{mine}),2))' for end, word in (("low", "最低"), ("high", "最高"))
    }
    band = f"LOOKUP({{cell}}{{row}},{BAND_EDGES},{BAND_NAMES})"
    low_band, high_band, score_band = (band.replace("{cell}", cell) for cell in (low, high, score))
    marked = f'IF({open_vetoes}{{row}}="","(暂定)","(否决项待核查)")'
    is_scored = accounts["state"] != NOT_SCORED
    right = [
        _formula(
            "单项否决", _sums(sheets, losses["kind"] == "单项否决"), "points", 8,
            f'=ROUND(SUMIFS({of_losses("扣分")},{mine},{of_losses("类型")},"单项否决"),4)', rows,
        ),
        _formula(
            "已定扣分合计", _sums(sheets, losses["status"] == "已定"), "points", 8,
            f"=ROUND(SUM({letter(len(left))}{{row}}:{veto}{{row}}),4)", rows,
        ),
        _formula("最低", _values(accounts["low"], NONE), "score", 9, ends["low"], rows),
        _formula("最高", _values(accounts["high"], NONE), "score", 9, ends["high"], rows),
        _formula(
            heading("score"), _values(accounts["score"].astype("object").where(is_scored, NOT_SCORED), "待定"), "score", 9,
            f'={not_scored}"{NOT_SCORED}",IF({state}{{row}}="待定","待定",ROUND({base}+{total}{{row}},2)))', rows,
        ),
        _formula(
            heading("grade"), account_grades(accounts), "centre", 13,
            f'=IF({code}{{row}}<>"",INDEX({BAND_NAMES},1),{not_scored}"{NOT_SCORED}",IF({state}{{row}}="已定",{score_band},'
            f'IF({low_band}={high_band},{low_band}&{marked},"待定"))))', rows,
        ),
        Column(heading("status"), accounts["state"].tolist(), "centre", 8),
        Column(heading("veto_code"), _values(accounts["veto_code"]), "centre", 8),
        Column("待核查否决项", _values(accounts["open_vetoes"]), "centre", 8),
        Column("待定项", _open_items(sheets), "text", 12),
        Column("备注", _remarks(sheets), "text", 16),
        Column("计入单位", ["是" if counted else "否" for counted in accounts["is_counted"]], "centre", 6),
        Column("单位序号", _values(accounts["unit_serial"]), "count", 6),
        Column("权数", accounts["weight"].tolist(), "count", 6),
    ]  # fmt: skip
    return [*left, *items, *right], _marks(accounts)


def _formula(named: str, values: list[Any], style: str, widest: int, formula: str, rows: range) -> Column:
    return Column(named, values, style, widest, [formula.replace("{row}", str(row)) for row in rows])


def account_grades(accounts: pd.DataFrame) -> list[str]:
    """The library's grade in the words of the sheet: 暂定 while open, 待定 where the ends lie in two bands."""
    mark = pd.Series("(暂定)", index=accounts.index, dtype="str").mask(accounts["open_vetoes"].notna(), "(否决项待核查)")
    grade = accounts["grade"].fillna("待定")
    is_marked = (accounts["state"] == "待定") & accounts["grade"].notna()
    grade = grade.mask(is_marked, grade + mark)
    return grade.mask((accounts["state"] == NOT_SCORED) & ~accounts["is_vetoed"].astype(bool), NOT_SCORED).tolist()


def _open_items(sheets: Sheets) -> list[Any]:
    """The ids of the items that still have an open row, in the order of the scheme."""
    rows = sheets.losses[(sheets.losses["status"] == "待定").to_numpy()].drop_duplicates(["account_serial", "item_id"])
    named = rows.groupby("account_serial")["item_id"].agg("、".join)
    return _values(sheets.accounts["serial"].map(named))


def _marks(accounts: pd.DataFrame) -> list[str]:
    mark = pd.Series("", index=accounts.index, dtype="str").mask(accounts["state"] == "待定", "open")
    return mark.mask(accounts["state"] == NOT_SCORED, "quiet").mask(accounts["is_vetoed"].astype(bool), "veto").tolist()


def _remarks(sheets: Sheets) -> list[str]:
    """Why an account is not scored or not counted; 自评 where the supervising office runs it."""
    accounts = sheets.accounts
    facts = sheets.data.frames["account_quarters"].set_index("account_id")
    days = accounts["account_id"].map(facts["live_days"]).astype("str").fillna("0")
    limit = sheets.data.settings["min_live_days"]
    is_sampled = accounts["account_id"].map(facts["is_sampled"]).fillna(True).astype(bool)
    is_short = accounts["account_id"].map(facts["live_days"]).fillna(0) < limit
    is_vetoed, is_scored = accounts["is_vetoed"].astype(bool), accounts["state"] != NOT_SCORED
    verdicts = sheets.data.frames["verdicts"]
    own = verdicts.loc[(verdicts["check_id"] == SELF_RUN) & (verdicts["outcome"] == "pass"), "account_id"]
    why = (
        pd.Series("", index=accounts.index, dtype="str")
        .mask(is_vetoed, "单项否决,其余项目不再计分")
        .mask(is_scored & ~accounts["is_counted"], "单项否决,不计入单位得分")
        .mask(~is_scored, "没有备案,只查否决项")
        .mask(~is_scored & ~is_sampled, "本期没有抽中,只查否决项")
        .mask(~is_scored & is_short, "本期在用 " + days + f" 天,不足 {limit} 天,只查否决项")
    )
    marked = ("自评;" + why).str.strip(";")
    return why.mask(accounts["account_id"].isin(own), marked).tolist()


def _how(sheets: Sheets) -> str:
    base = sheets.data.scheme.get("base", "100")
    return f"{sheets.note}得分 = {base} + 扣分明细中该账号各行之和;各项栏内为已定扣分,“–”为没有扣分,“待定”和“起”为还可能扣分。"


def write_accounts(book: Book, sheet: Any, sheets: Sheets, columns: list[Column], marks: list[str]) -> None:
    """账号得分: blocks and full points above the headings, one row per live account."""
    widths = set_widths(sheet, columns)
    write_head(book, sheet, sheets.title(ACCOUNTS), _how(sheets), widths[:16], 16)
    blocks = {str(entry["id"]): f"{entry['id']} {entry['name']}({entry['points']} 分)" for entry in sheets.data.scheme.get("blocks", [])}
    at = 4
    for block in dict.fromkeys(item.block for item in sheets.items):
        mine = [item for item in sheets.items if item.block == block]
        label = blocks.get(block, "其他")
        if len(mine) > 1:
            sheet.merge_range(2, at, 2, at + len(mine) - 1, "", book.format("group"))
        write_cell(book, sheet, 2, at, label, "group")
        for item in mine:
            write_cell(book, sheet, 3, at, Decimal(item.points) if item.points else None, "full")
            at += 1
    end = write_table(book, sheet, ACCOUNT_TOP, columns, widths, marks)
    sheet.autofilter(ACCOUNT_TOP, 0, max(end - 1, ACCOUNT_TOP), len(columns) - 1)
    set_page(sheet, sheets.title(ACCOUNTS), sheets.note, 2, ACCOUNT_TOP, 3, pages_wide=2)
    sheet.print_area(0, 0, max(end - 1, ACCOUNT_TOP), len(columns) - 4)  # the last three only serve formulas


def unit_columns(sheets: Sheets, of_accounts: Ranges) -> tuple[list[Column], list[str]]:
    """The columns of 单位得分 and the mark of each row."""
    units = sheets.units
    rows = range(UNIT_TOP + 2, UNIT_TOP + 2 + len(units))
    counted = f'{of_accounts("单位序号")},$A{{row}},{of_accounts("计入单位")},"是"'
    has_none = "IF($E{row}=0,"
    gathered = gathering(sheets.rollup, counted, of_accounts)
    open_too = f'COUNTIFS({counted},{of_accounts("状态")},"待定")'
    rolled = {end: f"ROUND({gathered(of_accounts(end))},2)" for end in ("最低", "最高", "得分")}
    ends = {end: f'={has_none}"{NONE}",{formula})' for end, formula in rolled.items()}
    score = f'={has_none}"{NOT_SCORED}",IF({open_too}>0,"待定",{rolled["得分"]}))'
    band = f"LOOKUP({{cell}}{{row}},{BAND_EDGES},{BAND_NAMES})"
    low_band, high_band, score_band = (band.replace("{cell}", cell) for cell in "FGH")
    is_empty = units["n_accounts_scored"] == 0
    state = pd.Series("已定", index=units.index, dtype="str").mask(units["is_provisional"].astype(bool), "待定").mask(is_empty, NOT_SCORED)
    columns = [
        Column("序号", units["serial"].tolist(), "count"),
        _formula(heading("rank"), unit_ranks(units, state), "centre", 10, _rank_formula(units, state), rows),
        Column(heading("unit"), units["unit_name"].tolist(), widest=30),
        Column("账号数", _values(units["unit_id"].map(sheets.accounts.groupby("unit_id").size()), 0), "count"),
        _formula("计分账号数", units["n_accounts_scored"].tolist(), "count", 8, f"=COUNTIFS({counted})", rows),
        _formula("最低", _values(units["low"], NONE), "score", 9, ends["最低"], rows),
        _formula("最高", _values(units["high"], NONE), "score", 9, ends["最高"], rows),
        _formula(heading("score"), _values(units["score"].astype("object").where(~is_empty, NOT_SCORED), "待定"), "score", 9, score, rows),
        _formula(
            heading("grade"), unit_grades(units, state), "centre", 16,
            f'={has_none}"{NOT_SCORED}",IF(ISNUMBER(H{{row}}),{score_band},IF({low_band}={high_band},{low_band}&"(暂定)","待定")))', rows,
        ),
        Column(heading("status"), state.tolist(), "centre", 8),
        Column("单项否决", _by_unit(sheets, "veto_code"), "text", 26),
        Column("待定事项", _by_unit(sheets, "open"), "text", 40),
        Column("备注", _unit_remarks(sheets), "text", 20),
    ]  # fmt: skip
    marks = pd.Series("", index=units.index, dtype="str").mask(state == "待定", "open").mask(is_empty, "quiet")
    return columns, marks.tolist()


def gathering(rollup: str, counted: str, of_accounts: Ranges) -> Callable[[str], str]:
    """range of accounts' figures → the unit's figure before rounding: mean, minimum, or mean by 权数."""
    if rollup != "weighted":
        name = "AVERAGEIFS" if rollup == "mean" else "_xlfn.MINIFS"
        return lambda figures: f"{name}({figures},{counted})"
    mine = f'({of_accounts("单位序号")}=$A{{row}})*({of_accounts("计入单位")}="是")'
    weights = of_accounts("权数")
    # figures as an argument of its own: a text such as 待定 counts as nothing instead of making an error
    return lambda figures: f"SUMPRODUCT({mine},{weights},{figures})/SUMIFS({weights},{counted})"


def _rank_formula(units: pd.DataFrame, state: pd.Series) -> str:
    """RANK when every unit has its score; while some are open, the best and the worst place that a unit may have."""
    first, last = UNIT_TOP + 2, UNIT_TOP + 1 + len(units)
    if (state != "待定").all():
        return f'=IF(ISNUMBER(H{{row}}),RANK(H{{row}},H${first}:H${last}),"{NONE}")'
    best = f'(1+COUNTIF(F${first}:F${last},">"&G{{row}}))'
    worst = f'(1+COUNTIF(G${first}:G${last},">"&F{{row}})-(G{{row}}>F{{row}}))'
    return (
        f'=IF($E{{row}}=0,"{NONE}",IF({best}<>{worst},{best}&"–"&{worst},IF(ISNUMBER(H{{row}}),{best},{best}&"(暂定)")))'
    )


def unit_ranks(units: pd.DataFrame, state: pd.Series) -> list[Any]:
    """A number, `3–5` while open, `3(暂定)` where only the score is open, a dash without scored accounts."""
    best, worst = units["rank_best"].astype("str"), units["rank_worst"].astype("str")
    words = (best + "–" + worst).mask(units["rank_best"] == units["rank_worst"], best + "(暂定)")
    shown = units["rank"].astype("object").where(units["rank"].notna(), words)
    return shown.mask(state == NOT_SCORED, NONE).tolist()


def unit_grades(units: pd.DataFrame, state: pd.Series) -> list[str]:
    """The library's grade in the words of the sheet."""
    grade = units["grade"].mask((state == "待定") & units["grade"].notna(), units["grade"] + "(暂定)").fillna("待定")
    return grade.mask(state == NOT_SCORED, NOT_SCORED).tolist()


def _by_unit(sheets: Sheets, what: str) -> list[Any]:
    """For each unit its accounts with a veto, or with what is still open: `账号 B1、V1`."""
    accounts = sheets.accounts.assign(open=_open_items(sheets))
    if what == "open":
        items, vetoes = (accounts[name].astype("str").fillna("") for name in ("open", "open_vetoes"))
        told = (items + "、" + vetoes).str.strip("、")
        accounts = accounts.assign(open=told.mask(told == ""))
    chosen = accounts[accounts[what].notna()]
    named = chosen["account_id"].map(sheets.names.accounts).fillna(chosen["account_id"]) + " " + chosen[what]
    return _values(sheets.units["unit_id"].map(named.groupby(chosen["unit_id"].to_numpy()).agg(";".join)))


def _unit_remarks(sheets: Sheets) -> list[str]:
    register = sheets.data.frames["units"].set_index("unit_id")["is_supervisor"].fillna(False).astype(bool)
    is_own = sheets.units["unit_id"].map(register).fillna(False).astype(bool)
    empty = sheets.units["n_accounts_scored"] == 0
    return pd.Series("", index=sheets.units.index, dtype="str").mask(empty, "没有计分账号").mask(is_own, "主管单位,自评").tolist()


def write_units(book: Book, sheet: Any, sheets: Sheets, columns: list[Column], marks: list[str]) -> None:
    """单位得分: one row per unit, by rank."""
    widths = set_widths(sheet, columns)
    how = {"mean": "平均", "min": "最低分", "weighted": "平均(主账号加权)"}[sheets.rollup]
    write_head(book, sheet, sheets.title(UNITS), f"{sheets.note}单位得分 = 计入单位的账号得分的{how},保留两位小数。", widths, len(columns))
    end = write_table(book, sheet, UNIT_TOP, columns, widths, marks)
    sheet.autofilter(UNIT_TOP, 0, max(end - 1, UNIT_TOP), len(columns) - 1)
    set_page(sheet, sheets.title(UNITS), sheets.note, UNIT_TOP, UNIT_TOP, 3)
