"""One sheet per unit of 年度考核: result, quarters, parts, losses and bonuses with their ids, findings from above, an appeal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading, spoken
from xmt_scoring.reports.excel_live import letter, protect
from xmt_scoring.reports.excel_parts import keep_together, lines_of, over, section, wide_cell
from xmt_scoring.reports.excel_style import Book, Column, height, set_page, write_cell
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.sheet_names import COVER, place
from xmt_scoring.reports.year_data import OPEN, YearSheets, items_of
from xmt_scoring.reports.year_lists import UPPER
from xmt_scoring.reports.year_sheets import LOSSES, NONE, PARTS, RANKS, TOP, TREND, TREND_TOP, weights_of

WIDTHS = (34, 18, 14, 11, 11, 11, 11, 12, 30, 30)
LAST = len(WIDTHS) - 1
BOXES = 4
Row = tuple[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Lists:
    """The columns of the sheets that a unit's sheet repeats and leads to, made once for the workbook."""

    ranks: Mapping[str, Column]
    parts: Sequence[Column]
    trend: Sequence[Column]
    details: Mapping[str, Sequence[Column]]  # of 管理分明细 and 加分
    upper: Sequence[Column]


def write_unit_pages(book: Book, pages: Mapping[str, Any], sheets: YearSheets, lists: Lists) -> None:
    """A sheet for every unit, in the order of 排名."""
    for number, unit in enumerate(sheets.units.to_dict("records")):
        _write(book, pages[sheets.pages[unit["unit_id"]]], sheets, lists, unit, number)


def _write(book: Book, sheet: Any, sheets: YearSheets, lists: Lists, unit: Mapping[Any, Any], number: int) -> None:
    for at, width in enumerate(WIDTHS):
        sheet.set_column(at, at, width)
    name = unit["unit_name"]
    write_cell(book, sheet, 0, 0, f"{name} · {sheets.data.period.label}政务新媒体考核结果", "title")
    sheet.set_row(0, 26)
    over(book, sheet, 1, 0, sheets.note, WIDTHS, "note")
    own = {listed: _rows(columns, sheets.pages[unit["unit_id"]]) for listed, columns in lists.details.items()}
    found = _rows(lists.upper, sheets.pages[unit["unit_id"]])
    targets = [(f"← {COVER}", place(COVER, 0)), (f"← {RANKS}", place(RANKS, TOP + 1 + number, "C")), (f"→ {LOSSES}", place(LOSSES, TOP))]
    for at, (told, target) in enumerate(targets):
        wide_cell(book, sheet, 2, (at, at), told, "link", place=target)
    row = _result(book, sheet, lists, number)
    row = _quarters(book, sheet, sheets, lists, row, unit["unit_id"], number)
    starts = [row]
    row = _parts(book, sheet, sheets, lists, row, unit, number)
    starts.append(row)
    row, ids = _details(book, sheet, row, own)
    starts.append(row)
    row = _findings(book, sheet, row, found)
    starts.append(row)
    row = _appeal(book, sheet, row, ids)
    keep_together(sheet, starts, row, WIDTHS)
    set_page(sheet, f"{sheets.data.settings.county}政务新媒体年度考核 · {name}", sheets.note, 0, 1)
    protect(sheet)


def _rows(columns: Sequence[Column], page: str) -> list[Row]:
    """The lines of a list that lead to this unit's sheet: how far below the headings, and what stands there by heading."""
    names, leads = [column.heading for column in columns], columns[0].links or ()
    lines = zip(*(column.values for column in columns), strict=True)
    return [(at, dict(zip(names, line, strict=True))) for at, line in enumerate(lines) if leads[at] == place(page, 0)]


def _headings(book: Book, sheet: Any, row: int, spans: Mapping[str, tuple[int, int]]) -> int:
    for told, span in spans.items():
        wide_cell(book, sheet, row, span, told, "heading")
    return row + 1


def _tall(sheet: Any, row: int, texts: Mapping[str, Any], spans: Mapping[str, tuple[int, int]]) -> None:
    sheet.set_row(row, height(max(lines_of(value, "text", WIDTHS, spans[told]) for told, value in texts.items())))


def _result(book: Book, sheet: Any, lists: Lists, number: int) -> int:
    """The unit's line of 排名, live, and why it stands there."""
    row = section(book, sheet, 4, "一、结果")
    spans = {
        "名次": (0, 0), heading("score"): (1, 1), heading("grade"): (2, 2), "最低": (3, 3), "最高": (4, 4), heading("status"): (5, 5),
        "单项否决": (6, 6), "未计否决的得分": (7, 7), heading("veto_document_no"): (8, LAST),
    }  # fmt: skip
    _headings(book, sheet, row, spans)
    letters = {told: letter(list(lists.ranks).index(told)) for told in spans}
    for told, span in spans.items():
        value = lists.ranks[told].values[number]
        shown = NONE if value is None or pd.isna(value) else value
        cell = f"{RANKS}!{letters[told]}{TOP + 2 + number}"
        style = "score" if told in ("最低", "最高", "得分", "未计否决的得分") else "centre"
        wide_cell(book, sheet, row + 1, span, shown, style, f'=IF({cell}="","{NONE}",{cell})')
    sheet.set_row(row + 1, 20)
    remark = lists.ranks["备注"].values[number]
    return over(book, sheet, row + 2, 0, str(remark), WIDTHS) + 1 if remark else row + 3


def _quarters(book: Book, sheet: Any, sheets: YearSheets, lists: Lists, row: int, unit_id: str, number: int) -> int:
    row = section(book, sheet, row, "二、各季度公布的得分")
    spans = {"季度": (0, 0), "权重": (1, 1), "最低": (2, 2), "最高": (3, 3), heading("grade"): (4, 5), "名次": (6, 6), heading("status"): (7, LAST)}
    row = _headings(book, sheet, row, spans)
    rows = sheets.data.frames["year_quarters"]
    mine = rows[rows["unit_id"] == unit_id].sort_values("quarter")
    states, line = spoken(mine["quarter_state"], "quarter_state").tolist(), TREND_TOP + 2 + number
    n = len(mine)
    for at, (quarter, weight) in enumerate(zip(mine.to_dict("records"), weights_of(sheets), strict=True)):
        write_cell(book, sheet, row, 0, quarter["quarter"], "text")
        write_cell(book, sheet, row, 1, weight, "score")
        for end, told in ((0, "最低"), (len(sheets.ends) - 1, "最高")):
            column = 2 + end * n + at
            value = lists.trend[column].values[number]
            cell = f"{TREND}!{letter(column)}{line}"
            wide_cell(book, sheet, row, spans[told], NONE if value is None else value, "score", f'=IF({cell}="","{NONE}",{cell})')
        for told, value in ((heading("grade"), quarter["grade"]), ("名次", quarter["rank"]), (heading("status"), states[at])):
            wide_cell(book, sheet, row, spans[told], NONE if pd.isna(value) else value, "centre")
        row += 1
    return over(book, sheet, row, 0, f"每个季度怎样扣的分，见该季度“考核评分表”中本单位的一张表；这里与“{TREND}”相连。", WIDTHS, "note") + 1


def _parts(book: Book, sheet: Any, sheets: YearSheets, lists: Lists, row: int, unit: Mapping[Any, Any], number: int) -> int:
    """Every item at both ends, live, and how it came about; then the sum before the veto and the score."""
    row = section(book, sheet, row, "三、年度得分怎样得来")
    spans = {"分项": (0, 0), "满分": (1, 1), "最低": (2, 2), "最高": (3, 3), "怎样得来": (4, LAST)}
    row = _headings(book, sheet, row, spans)
    parts = sheets.data.frames["year_parts"]
    mine = parts[parts["unit_id"] == unit["unit_id"]]
    told_by = dict(zip(mine["item_id"], mask_numbers(mine["message"]), strict=True))
    n_ends, line = len(sheets.ends), TOP + 2 + number
    lines = [(item.label, item.points, str(told_by.get(item.id, NONE))) for item in items_of(sheets.data.scheme)]
    lines.append(("未计否决的得分", NONE, "以上各项之和，不超过满分、不低于零分，保留两位小数。"))
    for at, (label, points, why) in enumerate(lines):
        write_cell(book, sheet, row, 0, label, "text")
        is_full = points != NONE and float(points) > 0
        write_cell(book, sheet, row, 1, float(points) if is_full else NONE, "score")
        for end, told in ((0, "最低"), (n_ends - 1, "最高")):
            column = 2 + at * n_ends + end
            wide_cell(book, sheet, row, spans[told], lists.parts[column].values[number], lists.parts[column].style, f"={PARTS}!{letter(column)}{line}")
        wide_cell(book, sheet, row, spans["怎样得来"], why, "text")
        _tall(sheet, row, {"分项": label, "怎样得来": why}, spans)
        row += 1
    vetoed = f"国家、省检查单项否决（{unit['veto_document_no']}），本年度不得分。" if unit["is_zeroed"] else "没有国家、省检查的单项否决。"
    if unit["state"] == OPEN:
        vetoed += "还有待定事项，得分为区间。"
    write_cell(book, sheet, row, 0, "年度得分", "group")
    write_cell(book, sheet, row, 1, NONE, "centre")
    for told in ("最低", "最高"):
        cell = f"{RANKS}!{letter(list(lists.ranks).index(told))}{line}"
        wide_cell(book, sheet, row, spans[told], lists.ranks[told].values[number], "score", f"={cell}")
    wide_cell(book, sheet, row, spans["怎样得来"], vetoed, "text")
    return row + 2


def _details(book: Book, sheet: Any, row: int, own: Mapping[str, Sequence[Row]]) -> tuple[int, list[int]]:
    """The rows of 管理分明细 and 加分 of this unit, live, each leading to its row; and the rows that hold ids to quote."""
    row = section(book, sheet, row, "四、管理分、上级检查扣分和加分（申诉时请引用编号）")
    if not any(own.values()):
        return over(book, sheet, row, 0, "没有扣分，也没有加分。", WIDTHS) + 1, []
    spans = {"编号": (0, 0), "评分项": (1, 1), "条款": (2, 2), "最低": (3, 3), "最高": (4, 4), "类型": (5, 5), "状态": (6, 6), "事由": (7, 8), "来源": (9, 9)}
    row = _headings(book, sheet, row, spans)
    ids = []
    for name, rows in own.items():
        for at, line in rows:
            ids.append(row)
            texts = {told: line[told] or "" for told in ("编号", "评分项", "条款", "事由", "来源")}
            for told, value in texts.items():
                wide_cell(book, sheet, row, spans[told], value, "text", place=place(name, TOP + 1 + at, "B") if told == "评分项" else "")
            for told, column in (("最低", "F"), ("最高", "G")):
                wide_cell(book, sheet, row, spans[told], line[told], "parts", f"={name}!{column}{TOP + 2 + at}")
            for told in ("类型", "状态"):
                wide_cell(book, sheet, row, spans[told], line[told], "centre")
            _tall(sheet, row, texts, spans)
            row += 1
    return row + 1, ids


def _findings(book: Book, sheet: Any, row: int, found: Sequence[Row]) -> int:
    """What higher levels found, with the document and the whole chain of a veto."""
    row = section(book, sheet, row, "五、上级检查发现的问题与单项否决")
    if not found:
        return over(book, sheet, row, 0, "没有。", WIDTHS) + 1
    named = {
        "级别": heading("level"), "日期": heading("inspected_on"), "文号": heading("document_no"), "账号": heading("account_id"),
        "怎样计入年度": "怎样计入年度", "经过": "经过",
    }  # fmt: skip
    spans = {"文号": (0, 0), "账号": (1, 2), "级别": (3, 3), "日期": (4, 5), "怎样计入年度": (6, 7), "经过": (8, LAST)}
    row = _headings(book, sheet, row, spans)
    for at, line in found:
        texts: dict[str, str] = {told: "" if pd.isna(line[named[told]]) else str(line[named[told]]) for told in ("文号", "账号", "怎样计入年度", "经过")}
        texts["文号"] = texts["文号"] or NONE
        for told, text in texts.items():
            wide_cell(book, sheet, row, spans[told], text, "text", place=place(UPPER, TOP + 1 + at, "E") if told == "文号" else "")
        wide_cell(book, sheet, row, spans["级别"], line[named["级别"]], "centre")
        wide_cell(book, sheet, row, spans["日期"], line[named["日期"]], "date")
        _tall(sheet, row, texts, spans)
        row += 1
    return row + 1


def _appeal(book: Book, sheet: Any, row: int, ids: Sequence[int]) -> int:
    """Boxes to be filled in by the unit and by the reviewers; returns the row below."""
    row = section(book, sheet, row, "六、申诉（写明编号和理由，签名盖章后交主管单位）")
    spans = {"编号": (0, 0), "申诉理由": (1, 5), "日期": (6, 7), "签名（盖章）": (8, 8), "复核结论": (9, 9)}
    row = _headings(book, sheet, row, spans)
    for box in range(row, row + BOXES):
        for span in spans.values():
            wide_cell(book, sheet, box, span, None, "input")
        sheet.set_row(box, 30)
    if ids:
        told = {"error_type": "warning", "error_title": "编号", "error_message": "请写上面的编号"}
        sheet.data_validation(row, 0, row + BOXES - 1, 0, {"validate": "list", "source": f"=$A${ids[0] + 1}:$A${ids[-1] + 1}", **told})
    return row + BOXES
