"""Sheet 封面: the answer first, live; then the ranking beside the quarter before, failed accounts, what is open, all sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading
from xmt_scoring.reports.cover_words import change_lines, failed_accounts, open_lines, pass_mark
from xmt_scoring.reports.excel_live import bars, named, protect
from xmt_scoring.reports.excel_parts import (
    Answer,
    boxes,
    keep_together,
    lines_of,
    over,
    rate_formula,
    rate_shown,
    section,
    span_formula,
    span_shown,
    wide_cell,
)
from xmt_scoring.reports.excel_style import Book, Column, height, set_page, write_cell, write_table
from xmt_scoring.reports.live_losses import OPEN, base_of
from xmt_scoring.reports.sheet_names import ACCOUNT_TOP, ACCOUNTS, COVER, EVIDENCE, LOSSES, UNIT_TOP, UNITS, place
from xmt_scoring.reports.sheets_accounts import ANSWER, NONE, PROMINENT, account_letter
from xmt_scoring.reports.sheets_data import NOT_SCORED, Sheets
from xmt_scoring.scoring.states import FAIL, tally

SPANS = ((0, 1), (2, 2), (3, 3), (4, 4), (5, 6), (7, 7), (8, 9))  # of the boxes
WIDTHS = (11, 34, 16, 18, 10, 12, 11, 12, 12, 12)
RANKING_TOP = 7  # 0-based row of the headings
FINAL, DRAFT = "定稿", "征求意见稿"
CONTENTS = (
    (UNITS, "各单位得分、等次、名次"), (ACCOUNTS, "各账号每一项扣分、得分、等次"), (LOSSES, "每一分怎么扣的：条款、事由、证据；复核在这里填"),
    (EVIDENCE, "每条扣分依据的导出文件、登记表的行和链接"), ("事实数据", "发布周数、间隔、答复天数，两种口径"), ("规则清单", "每条规则查了多少、结果怎样"),
    ("条款对照", "《办法》各条由哪些规则检查"), ("人工核查表", "还要人来核查的；填好放回即可"), ("处置建议", "可以考虑的处置，由主管单位决定"),
    ("文本提示", "标题、正文里值得看一眼的地方，不扣分"), ("数据清单", "读入的文件、隔离的行、缺的数据"), ("说明", "口径、细则、版本、怎样读这些表"),
)  # fmt: skip
of_accounts = named(ACCOUNTS)


def answers(sheets: Sheets) -> list[Answer]:
    """Pass rate, accounts that pass, fail and wait, vetoes, and whether the paper is a draft: the circular's numbers, live.

    An account out of the reckoning counts once it is vetoed; it waits while a veto of it is not answered. One that fails for
    a 突出问题 alone fails whatever its score.
    """
    n, mark = tally(sheets.accounts["result"]), pass_mark(sheets)
    n_open = int(sheets.accounts["is_provisional"].astype(bool).sum())
    low, high, state, veto = (of_accounts(name) for name in ("最低", "最高", "状态", "否决认定"))
    unanswered = f'{of_accounts("待核查否决项")},"<>",{of_accounts(ANSWER)},"="'
    outside = f'COUNTIFS({state},"{NOT_SCORED}",{veto},1)'
    count = f'(COUNTIFS({state},"<>{NOT_SCORED}")+{outside})'
    passes = f'{low},">={mark}",{of_accounts(PROMINENT)},"否"'
    passed = f"(COUNTIFS({passes})-COUNTIFS({passes},{unanswered}))"
    failed = f'(COUNTIFS({high},"<{mark}")+COUNTIFS({high},">={mark}",{of_accounts(PROMINENT)},"是")+{outside})'
    waiting = f'(COUNTIFS({state},"{OPEN}")+COUNTIFS({state},"{NOT_SCORED}",{veto},0,{unanswered}))'
    return [
        Answer("账号合格率", rate_shown(n.passed, n.failed, n.checked), rate_formula(passed, failed, count), "answer_share"),
        Answer("检查账号", n.checked, f"={count}"),
        Answer(f"合格（≥{mark} 分）", n.passed, f"={passed}"),
        Answer("不合格", n.failed, f"={failed}"),
        Answer("其中单项否决", int(sheets.accounts["is_vetoed"].sum()), f"=SUM({veto})"),
        Answer("待定账号", n_open, f"={waiting}"),
        Answer("文件状态", DRAFT if n_open else FINAL, f'=IF({waiting}>0,"{DRAFT}","{FINAL}")'),
    ]


def ranking(sheets: Sheets, units: Sequence[Column]) -> list[Column]:
    """The units by rank, live, beside their rank and score of the quarter before."""
    shown = {column.heading: column.values for column in units}
    lines = range(UNIT_TOP + 2, UNIT_TOP + 2 + len(sheets.units))
    mine = range(RANKING_TOP + 2, RANKING_TOP + 2 + len(sheets.units))
    old_rank, old_score = earlier(sheets)
    score = [
        value if not isinstance(value, str) else NONE if low == NONE else span_shown(low, high) if value == "待定" else value
        for value, low, high in zip(shown[heading("score")], shown["最低"], shown["最高"], strict=True)
    ]
    ranks = shown[heading("rank")]
    moved = [old - int(new) if _is_number(old) and _is_number(new) else NONE for old, new in zip(old_rank, ranks, strict=True)]
    gained = [new - old if _is_number(new) and _is_number(old) else NONE for new, old in zip(score, old_score, strict=True)]
    failed = sheets.accounts.loc[(sheets.accounts["result"] == FAIL).to_numpy(dtype=bool), "unit_serial"].value_counts()
    return [
        Column(heading("rank"), ranks, "centre", formulas=[f"={UNITS}!B{line}" for line in lines]),
        Column(heading("unit"), shown[heading("unit")], links=[place(page, 0) for page in sheets.pages.values()]),
        Column(heading("score"), score, "score", formulas=[f"=IF(ISNUMBER({UNITS}!H{line}),{UNITS}!H{line},{_interval(line)})" for line in lines]),
        Column(heading("grade"), shown[heading("grade")], "centre", formulas=[f"={UNITS}!I{line}" for line in lines]),
        Column("不合格账号", [int(failed.get(serial, 0)) for serial in sheets.units["serial"]], "count", formulas=[
            f"={_failing(serial, sheets)}" for serial in sheets.units["serial"]]),
        Column("上季度名次", old_rank, "centre"),
        Column("名次升降", moved, "change", formulas=[f'=IF(AND(ISNUMBER(A{row}),ISNUMBER(F{row})),F{row}-A{row},"{NONE}")' for row in mine]),
        Column("上季度得分", old_score, "score"),
        Column("得分增减", gained, "gain", formulas=[f'=IF(AND(ISNUMBER(C{row}),ISNUMBER(H{row})),ROUND(C{row}-H{row},2),"{NONE}")' for row in mine]),
        Column(heading("status"), shown[heading("status")], "centre", formulas=[f"={UNITS}!J{line}" for line in lines]),
    ]  # fmt: skip


def _failing(serial: int, sheets: Sheets) -> str:
    """The formula for how many accounts of a unit fail, scored or not."""
    mine = f"{of_accounts('单位序号')},{serial}"
    outside = f'COUNTIFS({mine},{of_accounts("状态")},"{NOT_SCORED}",{of_accounts("否决认定")},1)'
    high, mark = of_accounts("最高"), pass_mark(sheets)
    return f'COUNTIFS({mine},{high},"<{mark}")+COUNTIFS({mine},{high},">={mark}",{of_accounts(PROMINENT)},"是")+{outside}'


def _interval(line: int) -> str:
    """The formula for 最低–最高 of a unit that has no score yet."""
    low, high = f"{UNITS}!F{line}", f"{UNITS}!G{line}"
    return f'IF({low}="{NONE}","{NONE}",{span_formula(low, high)})'


def _is_number(value: Any) -> bool:
    return not isinstance(value, str) and value is not None and not pd.isna(value)


def earlier(sheets: Sheets) -> tuple[list[Any], list[Any]]:
    """Rank and score of each unit in the quarter before: a number, an interval while it was open, a dash where there was none."""
    before = sheets.data.previous.get("unit_scores")
    then = before.set_index("unit_id") if before is not None else None
    ranks: list[Any] = []
    scores: list[Any] = []
    for unit in sheets.units["unit_id"]:
        row = then.loc[unit] if then is not None and unit in then.index else None
        if row is None or pd.isna(row["low"]):
            ranks.append(NONE)
            scores.append(NONE)
            continue
        best, worst = int(row["rank_best"]), int(row["rank_worst"])
        ranks.append(best if best == worst else f"{best}–{worst}")
        scores.append(span_shown(row["low"], row["high"]) if pd.isna(row["score"]) else row["score"])
    return ranks, scores


def write_cover(book: Book, sheet: Any, sheets: Sheets, units: Sequence[Column]) -> None:
    """封面, written so that its first page answers the head of the office."""
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    last = len(WIDTHS) - 1
    wide_cell(book, sheet, 0, (0, last), f"{sheets.data.settings.county}政务新媒体季度检查结果（{sheets.data.period.label}）", "cover")
    sheet.set_row(0, 34)
    over(book, sheet, 1, 0, sheets.note, WIDTHS, "note")
    boxes(book, sheet, 3, answers(sheets), SPANS)
    section(book, sheet, RANKING_TOP - 1, "一、单位排名（点单位名称看该单位的一张表）")
    end = write_table(book, sheet, RANKING_TOP, ranking(sheets, units), WIDTHS)
    bars(sheet, RANKING_TOP + 1, end - 1, 2, float(base_of(sheets)))
    row = section(book, sheet, end + 1, "二、不合格账号与原因")
    row = _failed(book, sheet, row, sheets)
    lines = open_lines(sheets)
    starts = [row + 1]
    row = section(book, sheet, row + 1, "三、还没有定下来的")
    for line in lines or ["没有，全部已定。"]:
        row = over(book, sheet, row, 0, line, WIDTHS)
    starts.append(row + 1)
    row = section(book, sheet, row + 1, "四、与上季度相比")
    for line in change_lines(sheets):
        row = over(book, sheet, row, 0, line, WIDTHS)
    starts.append(row + 1)
    row = section(book, sheet, row + 1, "五、各表")
    for name, told in CONTENTS:
        wide_cell(book, sheet, row, (0, 1), name, "text", place=place(name, 0))
        row = over(book, sheet, row, 2, told, WIDTHS)
    keep_together(sheet, starts, row, WIDTHS, new_page=starts[0])  # the first page answers; what is open, new and where to look follows
    set_page(sheet, sheets.title(COVER), sheets.note, 0, 1)
    protect(sheet)
    sheet.activate()


def _failed(book: Book, sheet: Any, row: int, sheets: Sheets) -> int:
    failed = failed_accounts(sheets)
    if failed.empty:
        return over(book, sheet, row, 0, "没有不合格的账号。", WIDTHS)
    spans = {"序号": (0, 0), "账号": (1, 1), "单位": (2, 3), "得分": (4, 4), "为什么": (5, len(WIDTHS) - 1)}
    for name, span in spans.items():
        wide_cell(book, sheet, row, span, name, "heading")
    for number, account in enumerate(failed.to_dict("records"), start=1):
        row += 1
        line = ACCOUNT_TOP + 1 + account["serial"]
        unit = sheets.names.units.get(account["unit_id"], account["unit_id"])
        label = sheets.names.accounts.get(account["account_id"], account["account_id"])
        write_cell(book, sheet, row, 0, number, "count")
        wide_cell(book, sheet, row, spans["账号"], label, "text", place=place(ACCOUNTS, line - 1, "C"))
        wide_cell(book, sheet, row, spans["单位"], unit, "text")
        low = NONE if pd.isna(account["high"]) else account["high"]
        wide_cell(book, sheet, row, spans["得分"], low, "score", f"={ACCOUNTS}!{account_letter(sheets, '最高')}{line}")
        wide_cell(book, sheet, row, spans["为什么"], account["why"], "text")
        needed = [lines_of(value, "text", WIDTHS, spans[name]) for name, value in (("账号", label), ("单位", unit), ("为什么", account["why"]))]
        sheet.set_row(row, height(max(needed)))
    return row + 1
