"""Sheet 账号得分: live formulas over 扣分明细, each with its computed value; a review or an answered veto moves them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading, spoken
from xmt_scoring.points import PARTS, from_decimal, to_decimal
from xmt_scoring.reports.account_words import account_grades, open_items, remarks
from xmt_scoring.reports.excel_live import letter, mark_rows, named, protect
from xmt_scoring.reports.excel_style import (
    Book,
    Column,
    set_page,
    set_widths,
    write_cell,
    write_head,
    write_table,
)
from xmt_scoring.reports.live_losses import OPEN, base_of, extras, left_of
from xmt_scoring.reports.live_losses import of as of_losses
from xmt_scoring.reports.sheet_names import ACCOUNT_TOP, ACCOUNTS, BAND_EDGES, BAND_NAMES, LOSSES, place
from xmt_scoring.reports.sheets_data import NOT_SCORED, Item, Sheets, worth_of
from xmt_scoring.scoring.states import FAIL

NONE = "—"
ANSWER, NOT_FOUND, FOUND = "否决核查", "未发现", "认定否决"
PROMINENT = "突出问题算不合格"
NAMED = ("单位序号", "计入单位", "状态", "最低", "最高", "得分", "等次", "权数", "账号", "否决认定", "待核查否决项", ANSWER, PROMINENT)
_LEFT = 4  # columns before the items
_SERVING = 7  # columns behind that only serve formulas
_RIGHT = (
    "单项否决", "已定扣分合计", "最低", "最高", "得分", "等次", "状态", "否决项", "待核查否决项", ANSWER, "待定项", "备注",
    "计入单位", "单位序号", "权数", "计分", "折算满分", "否决认定", PROMINENT,
)  # fmt: skip
of = named(ACCOUNTS)


def _values(column: pd.Series, missing: object = None) -> list[Any]:
    return [missing if pd.isna(value) else value for value in column]


def decided_sums(sheets: Sheets, chosen: pd.Series) -> list[Decimal]:
    """Σ of the decided points of the chosen loss rows by account, exactly; in the order of the account sheet."""
    rows = sheets.losses[chosen.to_numpy(dtype=bool) & sheets.losses["points"].notna().to_numpy()]
    points = from_decimal(pd.Series(rows["points"].tolist(), dtype=PARTS))
    summed = pd.Series(points, dtype="int64").groupby(rows["account_serial"].to_numpy()).sum()
    return to_decimal(summed.reindex(sheets.accounts["serial"], fill_value=0).to_numpy(), 4).tolist()


def account_columns(sheets: Sheets) -> list[Column]:
    """The columns of 账号得分."""
    accounts = sheets.accounts
    at = {name: account_letter(sheets, name) for name in _RIGHT}
    pages = [place(sheets.pages[unit], 0) if unit in sheets.pages else None for unit in accounts["unit_id"]]
    left = [
        Column("序号", accounts["serial"].tolist(), "count"),
        Column(heading("unit"), _values(accounts["unit_id"].map(sheets.names.units).fillna(accounts["unit_id"])), widest=20, links=pages),
        Column(heading("account_id"), accounts["account_name"].fillna(accounts["account_id"]).tolist(), widest=16),
        Column(heading("platform"), _values(spoken(accounts["platform"], "platform").fillna(accounts["platform"])), "centre", 12),
    ]
    items = [_item_column(sheets, item, letter(_LEFT + number), at["否决认定"]) for number, item in enumerate(sheets.items)]
    return [*left, *items, *_right(sheets, at, [column.values for column in items])]


def account_letter(sheets: Sheets, heading_: str) -> str:
    """The letter of one of the columns behind the items."""
    return letter(_LEFT + len(sheets.items) + _RIGHT.index(heading_))


def _item_column(sheets: Sheets, item: Item, column: str, veto: str) -> Column:
    """Decided points of an item, never below its floor; nothing after a veto."""
    accounts, losses = sheets.accounts, sheets.losses
    is_open = accounts["serial"].isin(losses.loc[(losses["status"] == OPEN) & (losses["item"] == item.label), "account_serial"])
    floors = [worth_of(sheets, account, item.id) if item.points else None for account in accounts["account_id"]]
    sums = decided_sums(sheets, losses["item"] == item.label)
    formulas = []
    for number, floor in enumerate(floors):
        row = ACCOUNT_TOP + 2 + number
        total = f"ROUND(SUMIFS({of_losses('扣分')},{of_losses('账号序号')},$A{row},{of_losses('评分项')},{column}${ACCOUNT_TOP + 1}),4)"
        formulas.append(f"=IF(${veto}{row}=1,0,{total if floor is None else f'MAX(-{floor},{total})'})")
    shown = [total if floor is None else max(-floor, total) for total, floor in zip(sums, floors, strict=True)]
    # an item that may still lose points must not look like one that lost none
    styles = ["open_points" if waits else "points" for waits in is_open]
    return Column(item.label, shown, "points", 9 if is_open.any() else 7, formulas, styles)


def _right(sheets: Sheets, at: dict[str, str], items: list[Any]) -> list[Column]:
    accounts, base = sheets.accounts, base_of(sheets)
    is_scored, is_vetoed = accounts["is_scored"].astype(bool), accounts["is_vetoed"].astype(bool)
    has_open_veto = accounts["open_vetoes"].notna()

    def filled(formula: str, number: int) -> str:
        for name, column in at.items():
            formula = formula.replace(f"{{{name}}}", f"${column}{ACCOUNT_TOP + 2 + number}")
        return formula.replace("{row}", str(ACCOUNT_TOP + 2 + number))

    def made(named_: str, values: list[Any], style: str, widest: int, formula: str | list[str]) -> Column:
        each = [formula] * len(accounts) if isinstance(formula, str) else formula
        return Column(named_, values, style, widest, [filled(text, number) for number, text in enumerate(each)])

    of_mine = f"{of_losses('账号序号')},$A{{row}}"
    not_scored = '{计分}="否"'
    waits = 'AND({待核查否决项}<>"",{' + ANSWER + '}="")'
    ends = {end: _end(sheets, end) for end in ("最低", "最高")}
    band = f"LOOKUP({{cell}},{BAND_EDGES},{BAND_NAMES})"
    low_band, high_band, score_band = (band.replace("{cell}", cell) for cell in ("{最低}", "{最高}", "{得分}"))
    excluded = '{否决认定}=1' if not sheets.counts_vetoed else "FALSE"
    vetoed = [
        f"=IF(SUMIFS({of_losses('净最高')},{of_mine})<0,1,0)" if one else f'=IF({{{ANSWER}}}="{FOUND}",1,0)' for one in is_vetoed
    ]
    first, last = letter(_LEFT), letter(_LEFT + len(items) - 1)
    totals = [sum(column[number] for column in items) - (base if one else 0) for number, one in enumerate(is_vetoed)]
    shown_open = _values(open_items(sheets), NONE)
    return [
        made("单项否决", [-base if one else Decimal(0) for one in is_vetoed], "points", 8, f"=IF({{否决认定}}=1,-{base},0)"),
        made("已定扣分合计", totals, "points", 8, f"=ROUND(SUM({first}{{row}}:{last}{{row}})+{{单项否决}},4)"),
        made("最低", _values(accounts["low"], NONE), "score", 9, ends["最低"]),
        made("最高", _values(accounts["high"], NONE), "score", 9, ends["最高"]),
        made(
            heading("score"), _values(accounts["score"].astype("object").where(is_scored, NOT_SCORED), OPEN), "score", 9,
            f'=IF({not_scored},"{NOT_SCORED}",IF({{状态}}="{OPEN}","{OPEN}",{{最高}}))',
        ),
        made(
            heading("grade"), account_grades(accounts), "centre", 22,
            f'=IF({{否决认定}}=1,INDEX({BAND_NAMES},1),IF({not_scored},"{NOT_SCORED}",IF({{状态}}="已定",{score_band},'
            f'IF({low_band}={high_band},{low_band}&IF({waits},"（否决项待核查）","（暂定）"),"{OPEN}"))))',
        ),
        made(
            heading("status"), accounts["state"].tolist(), "centre", 8,
            f'=IF({not_scored},"{NOT_SCORED}",IF({{否决认定}}=1,"已定",IF(OR(COUNTIFS({of_mine},{of_losses("状态")},"{OPEN}")>0,{waits}),"{OPEN}","已定")))',
        ),
        Column(heading("veto_code"), _values(accounts["veto_code"]), "centre", 8),
        Column("待核查否决项", _values(accounts["open_vetoes"]), "centre", 8),
        Column(ANSWER, [None] * len(accounts), "input", 10, styles=["input" if one else "given" for one in has_open_veto]),
        made("待定项", shown_open, "text", 18, _open_formula(sheets, of_mine)),
        Column("备注", remarks(sheets), "text", 26),
        made("计入单位", ["是" if counted else "否" for counted in accounts["is_counted"]], "serving", 6, f'=IF(OR({not_scored},{excluded}),"否","是")'),
        Column("单位序号", _values(accounts["unit_serial"]), "serving", 6),
        Column("权数", accounts["weight"].tolist(), "serving", 6),
        Column("计分", ["是" if one else "否" for one in is_scored], "serving", 6),
        Column("折算满分", [left_of(sheets, account) for account in accounts["account_id"]], "serving", 6),
        made("否决认定", [int(one) for one in is_vetoed], "serving", 6, vetoed),
        Column(PROMINENT, ["是" if one else "否" for one in accounts["is_prominent"] & (accounts["result"] == FAIL)], "serving", 6),
    ]  # fmt: skip


def _end(sheets: Sheets, end: str) -> list[str]:
    """One end of every account's score: base, less of every item at most its points, turned into the whole, less what is outside.

    {heading} and {row} are still to be filled in.
    """
    base, head = base_of(sheets), ACCOUNT_TOP + 1
    net, mine = of_losses(f"净{end}"), f"{of_losses('账号序号')},$A{{row}},{of_losses('评分项')}"
    inside = [number for number, item in enumerate(sheets.items) if item.points and item.id not in extras()]
    first, last = (f"${letter(_LEFT + number)}" for number in (inside[0], inside[-1]))
    lost = f"SUMIFS({net},{mine},{first}${head}:{last}${head})"
    outside = "".join(
        f"+MAX(-{worth_of(sheets, '', item.id)},SUMIFS({net},{mine},${letter(_LEFT + number)}${head}))"
        for number, item in enumerate(sheets.items) if item.id in extras()
    )  # fmt: skip
    made = []
    for account, is_vetoed in zip(sheets.accounts["account_id"], sheets.accounts["is_vetoed"], strict=True):
        if is_vetoed:  # one row only, the veto's
            core = f"ROUND({base}+SUMIFS({net},{of_losses('账号序号')},$A{{row}}),2)"
        else:
            worth = f"{first}${head - 1}:{last}${head - 1}"
            if account in sheets.worth.index:
                worth = "{" + ",".join(str(worth_of(sheets, account, sheets.items[one].id)) for one in inside) + "}"
            kept = f"SUMPRODUCT(({lost}-{worth}+ABS({lost}+{worth}))/2)"
            core = f"ROUND(ROUND({base}*({{折算满分}}+{kept})/{{折算满分}},6),2)"
            core = f"ROUND(MAX(0,{core}{outside}),2)" if outside else core
        made.append(f'=IF({{计分}}="否","{NONE}",IF({{否决认定}}=1,0,{core}))')
    return made


def _open_formula(sheets: Sheets, of_mine: str) -> str:
    """The ids of the items that still have an open row, one after the other."""
    head = f"${ACCOUNT_TOP + 1}"
    each = [
        f'IF(COUNTIFS({of_mine},{of_losses("评分项")},{letter(_LEFT + number)}{head},{of_losses("状态")},"{OPEN}")>0,"、{item.id}","")'
        for number, item in enumerate(sheets.items)
    ]  # fmt: skip
    return f'=IF({{否决认定}}=1,"{NONE}",IF(COUNTIFS({of_mine},{of_losses("状态")},"{OPEN}")=0,"{NONE}",MID({"&".join(each)},2,200)))'


def write_accounts(book: Book, sheet: Any, sheets: Sheets, columns: list[Column]) -> None:
    """账号得分: blocks and full points above the headings, one row per live account."""
    widths = set_widths(sheet, columns)
    how = (
        f"{sheets.note}得分 = {base_of(sheets)} + {LOSSES}中该账号各行之和；各项栏内为已定扣分，"
        "“–”为没有扣分（单项否决的账号不再计算各项），“待定”和“起”为还可能扣分。"
        f"待核查的否决项查清后，可在“{ANSWER}”栏选“{NOT_FOUND}”或“{FOUND}”看结果。"
    )
    write_head(book, sheet, sheets.title(ACCOUNTS), how, widths, min(16, len(columns)), 3)
    _write_blocks(book, sheet, sheets)
    end = write_table(book, sheet, ACCOUNT_TOP, columns, widths)
    headings = [column.heading for column in columns]
    sheet.autofilter(ACCOUNT_TOP, 0, max(end - 1, ACCOUNT_TOP), len(columns) - _SERVING - 1)
    set_page(sheet, sheets.title(ACCOUNTS), sheets.note, 2, ACCOUNT_TOP, 3, pages_wide=2)
    sheet.print_area(0, 0, max(end - 1, ACCOUNT_TOP), len(columns) - _SERVING - 1)
    sheet.set_column(len(columns) - _SERVING, len(columns) - 1, None, None, {"hidden": True})
    veto, state, waiting, answer = (letter(headings.index(name)) for name in ("否决认定", "状态", "待定项", ANSWER))
    if end > ACCOUNT_TOP + 1:
        at, first = headings.index(ANSWER), ACCOUNT_TOP + 1
        told = {"error_title": ANSWER, "error_message": "请从下拉列表中选择"}
        sheet.data_validation(first, at, end - 1, at, {"validate": "list", "source": [NOT_FOUND, FOUND], **told})
        decided = book.rule_format("decided", {"num_format": '0.00;-0.00;"–"'})
        for number, item in enumerate(sheets.items):
            test = f'=ISERROR(SEARCH("、{item.id}、","、"&${waiting}{first + 1}&"、"))'
            sheet.conditional_format(first, _LEFT + number, end - 1, _LEFT + number, {"type": "formula", "criteria": test, "format": decided})
    marks = {"veto": f"${veto}{{row}}=1", "open": f'${state}{{row}}="{OPEN}"', "quiet": f'${state}{{row}}="{NOT_SCORED}"'}
    mark_rows(book, sheet, ACCOUNT_TOP + 1, end - 1, len(columns) - _SERVING, marks)
    protect(sheet)


def _write_blocks(book: Book, sheet: Any, sheets: Sheets) -> None:
    blocks = {str(entry["id"]): f"{entry['id']} {entry['name']}（{entry['points']} 分）" for entry in sheets.data.scheme.get("blocks", [])}
    at = _LEFT
    for block in dict.fromkeys(item.block for item in sheets.items):
        mine = [item for item in sheets.items if item.block == block]
        if len(mine) > 1:
            sheet.merge_range(2, at, 2, at + len(mine) - 1, "", book.format("group"))
        write_cell(book, sheet, 2, at, blocks.get(block, "其他"), "group")
        for item in mine:
            write_cell(book, sheet, 3, at, Decimal(item.points) if item.points else None, "full")
            at += 1
