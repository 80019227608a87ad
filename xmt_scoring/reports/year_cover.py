"""Sheet 封面 of 年度考核: the answer first, live; the ranking with the quarters, vetoes, what is open, what changed, all sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading
from xmt_scoring.reports.excel_live import bars, letter, named, protect
from xmt_scoring.reports.excel_parts import (
    Answer,
    boxes,
    keep_together,
    over,
    rate_formula,
    rate_shown,
    section,
    span_formula,
    span_shown,
    wide_cell,
)
from xmt_scoring.reports.excel_style import Book, Column, set_page, write_table
from xmt_scoring.reports.sheet_names import COVER, place
from xmt_scoring.reports.sheets_cover import DRAFT, FINAL
from xmt_scoring.reports.year_data import OPEN, TAKES_NO_PART, YearSheets, column_words, open_items
from xmt_scoring.reports.year_sheets import NONE, RANKS, TOP, TREND, TREND_TOP, weights_of
from xmt_scoring.scoring.states import fail_below

RANKING_TOP = 7
WIDTHS = (11, 34, 16, 16, 13, 13, 13, 13, 13, 22)
SPANS = ((0, 1), (2, 2), (3, 3), (4, 4), (5, 6), (7, 7), (8, 9))
CONTENTS = (
    (RANKS, "各单位年度得分、等次、名次，单项否决与文号"), ("分项得分", "季度部分、管理分、上级检查扣分、加分"), ("管理分明细", "管理分和上级检查扣分的每一行"),
    ("上级检查与否决", "国家、省、市检查发现的问题怎样计入"), ("加分", "加分与文号，不计的原因"), (TREND, "四个季度公布的得分"),
    ("与上次的差别", "与上一版不同的地方和原因"), ("年终综合绩效", "折合到年终综合绩效考评的分"), ("说明", "口径、细则、版次、怎样读这些表"),
)  # fmt: skip
NAMED = ("最低", "最高", "得分", "单项否决", "状态")
SHOWN_CHANGES = ("score", "grade", "rank", "is_zeroed")  # of the cover; the sheet 与上次的差别 has all
of_ranks = named(RANKS)


def answers(sheets: YearSheets) -> list[Answer]:
    """Pass rate of the units, who fails and who waits, vetoes, and whether the paper is a draft."""
    units = sheets.units[sheets.units["low"].notna().to_numpy()]
    mark = fail_below(sheets.data.scheme)
    n, n_pass, n_fail = len(units), int((units["low"] >= mark).sum()), int((units["high"] < mark).sum())
    n_open = int((units["state"] == OPEN).sum())
    low, high, state = (of_ranks(name) for name in ("最低", "最高", "状态"))
    count, passed, failed = f'COUNTIFS({state},"<>{TAKES_NO_PART}")', f'COUNTIFS({low},">={mark}")', f'COUNTIFS({high},"<{mark}")'
    waiting = f'COUNTIFS({state},"{OPEN}")'
    return [
        Answer("单位合格率", rate_shown(n_pass, n_fail, n, n_open), rate_formula(passed, failed, count, waiting), "answer_share"),
        Answer("参评单位", n, f"={count}"),
        Answer(f"合格（≥{mark} 分）", n_pass, f"={passed}"),
        Answer("不合格", n_fail, f"={failed}"),
        Answer("其中单项否决", int(units["is_zeroed"].sum()), f'=COUNTIFS({of_ranks("单项否决")},"是")'),
        Answer("待定单位", n_open, f"={waiting}"),
        Answer("文件状态", DRAFT if n_open else FINAL, f'=IF({waiting}>0,"{DRAFT}","{FINAL}")'),
    ]


def ranking(sheets: YearSheets, ranks: Sequence[Column], trend: Sequence[Column]) -> list[Column]:
    """The units by rank, live, with their quarters."""
    shown = {column.heading: column.values for column in ranks}
    lines = range(TOP + 2, TOP + 2 + len(sheets.units))
    score = [
        value if not isinstance(value, str) else span_shown(low, high) if value == OPEN else value
        for value, low, high in zip(shown[heading("score")], shown["最低"], shown["最高"], strict=True)
    ]
    return [
        Column(heading("rank"), shown[heading("rank")], "centre", formulas=[f"={RANKS}!B{line}" for line in lines]),
        Column(heading("unit"), shown[heading("unit")], links=sheets.page_of(sheets.units["unit_id"])),
        Column(heading("score"), score, "score", formulas=[
            f'=IF({RANKS}!F{line}="{OPEN}",{span_formula(f"{RANKS}!D{line}", f"{RANKS}!E{line}")},{RANKS}!F{line})' for line in lines]),
        Column(heading("grade"), shown[heading("grade")], "centre", formulas=[f"={RANKS}!G{line}" for line in lines]),
        *(_quarter(sheets, trend, number) for number in range(len(weights_of(sheets)))),
        Column("单项否决", shown["单项否决"], "centre", formulas=[f"={RANKS}!H{line}" for line in lines]),
        Column(heading("veto_document_no"), shown[heading("veto_document_no")]),
    ]  # fmt: skip


def _quarter(sheets: YearSheets, trend: Sequence[Column], number: int) -> Column:
    """The printed score of one quarter, from 季度趋势: one number, 最低–最高 while it is open, a dash where it is left out."""
    first = 2 + number
    last = first + (len(sheets.ends) - 1) * len(weights_of(sheets))
    values = [
        NONE if low is None else low if low == high else span_shown(low, high)
        for low, high in zip(trend[first].values, trend[last].values, strict=True)
    ]
    formulas = []
    for line in range(TREND_TOP + 2, TREND_TOP + 2 + len(sheets.units)):
        low, high = (f"{TREND}!{letter(column)}{line}" for column in (first, last))
        score = f"IF({low}={high},{low},{span_formula(low, high)})" if first != last else low
        formulas.append(f'=IF({low}="","{NONE}",{score})')
    return Column(trend[first].heading.split("（")[0], values, "score", formulas=formulas)


def change_lines(sheets: YearSheets) -> list[str]:
    """What differs from the version before, one line for each unit and figure."""
    rows = sheets.data.frames["year_changes"]
    if rows.empty:
        return ["这是第一版，没有可比的。" if sheets.data.version == 1 else "与上一版没有不同。"]
    rows = rows[rows["column"].isin(SHOWN_CHANGES).to_numpy(dtype=bool)]
    figures = column_words(rows["column"]) + " " + rows["earlier"].fillna(NONE) + " → " + rows["later"].fillna(NONE)
    grouped: dict[tuple[str, str], list[str]] = {}
    for unit, figure, why in zip(rows["unit_name"], figures, rows["message"], strict=True):
        grouped.setdefault((unit, str(why)), []).append(str(figure))
    return [f"{unit}：{'、'.join(found)}（{why}）" for (unit, why), found in grouped.items()]


def write_year_cover(book: Book, sheet: Any, sheets: YearSheets, ranks: Sequence[Column], trend: Sequence[Column]) -> None:
    """封面, written so that its first page answers the head of the office."""
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    county, label = sheets.data.settings.county, sheets.data.period.label
    wide_cell(book, sheet, 0, (0, len(WIDTHS) - 1), f"{county}政务新媒体年度考核结果（{label}）", "cover")
    sheet.set_row(0, 34)
    over(book, sheet, 1, 0, sheets.note, WIDTHS, "note")
    boxes(book, sheet, 3, answers(sheets), SPANS)
    section(book, sheet, RANKING_TOP - 1, "一、单位排名（点单位名称看该单位的一张表）")
    end = write_table(book, sheet, RANKING_TOP, ranking(sheets, ranks, trend), WIDTHS)
    bars(sheet, RANKING_TOP + 1, end - 1, 2, 100)
    waiting = open_items(sheets)
    named_ = dict(zip(sheets.units["unit_id"], sheets.units["unit_name"], strict=True))
    pending = [f"{named_[unit]}：{items}" for unit, items in waiting.items() if pd.notna(named_.get(unit)) and unit in set(_open_units(sheets))]
    vetoes = [str(message) for message in sheets.data.frames["year_vetoes"]["message"]]
    parts = (
        ("二、上级检查的单项否决", vetoes or ["没有。"]), ("三、还没有定下来的", pending or ["没有，全部已定。"]),
        ("四、与上一版相比", change_lines(sheets)),
    )  # fmt: skip
    row, starts = end, []
    for title, lines in parts:
        starts.append(row + 1)
        row = section(book, sheet, row + 1, title)
        for line in lines:
            row = over(book, sheet, row, 0, line, WIDTHS)
    starts.append(row + 1)
    row = section(book, sheet, row + 1, "五、各表")
    for name, told in CONTENTS:
        wide_cell(book, sheet, row, (0, 1), name, "text", place=place(name, 0))
        row = over(book, sheet, row, 2, told, WIDTHS)
    keep_together(sheet, starts, row, WIDTHS)
    set_page(sheet, sheets.title(COVER), sheets.note, 0, 1)
    protect(sheet)
    sheet.activate()


def _open_units(sheets: YearSheets) -> list[str]:
    return sheets.units.loc[sheets.units["state"] == OPEN, "unit_id"].tolist()
