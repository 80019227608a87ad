"""One sheet per unit: its result, accounts, weeks, losses with article, source and remedy, and boxes for an appeal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading
from xmt_scoring.reports.excel_live import letter, protect
from xmt_scoring.reports.excel_parts import keep_together, lines_of, over, section, wide_cell
from xmt_scoring.reports.excel_style import Book, Column, height, set_page, write_cell
from xmt_scoring.reports.live_losses import HEADINGS
from xmt_scoring.reports.sheet_names import ACCOUNT_TOP, ACCOUNTS, COVER, LOSS_TOP, LOSSES, UNIT_TOP, UNITS, place
from xmt_scoring.reports.sheets_accounts import account_letter
from xmt_scoring.reports.sheets_cover import earlier
from xmt_scoring.reports.sheets_data import LISTED, Sheets
from xmt_scoring.reports.withdrawn import withdrawn_lines

FIRST, WEEK, LAST = 28, 8, 28  # widths: ids and accounts, one week, what to do
FEWEST_WEEKS = 13
BOXES = 5
LEGEND = "数字为该周发布条数；“缺”为应更新而没有更新，“?”为没有数据，“–”为该周不要求更新。日期为该周星期一。"


@dataclass(frozen=True)
class Grid:
    """The columns that every part of a unit's sheet shares: ids, one column per week, what to do."""

    weeks: tuple[pd.Timestamp, ...]

    @property
    def n(self) -> int:
        """How many columns stand for weeks."""
        return max(len(self.weeks), FEWEST_WEEKS)

    @property
    def widths(self) -> list[float]:
        """The widths of all columns."""
        return [FIRST, *[WEEK] * self.n, LAST]

    @property
    def last(self) -> int:
        """The last column."""
        return self.n + 1


@dataclass(frozen=True)
class Shared:
    """What all unit sheets take from the quarter, made once: weeks by account, losses by unit, what lies where."""

    sheets: Sheets
    grid: Grid
    weeks: Mapping[str, Mapping[pd.Timestamp, Any]]
    facts: pd.DataFrame
    losses: Mapping[str, list[tuple[int, dict[Any, Any]]]]
    evidence_at: Sequence[str | None]
    accounts: Mapping[str, Sequence[Any]]  # heading → values of 账号得分 and 单位得分
    units: Mapping[str, Sequence[Any]]


def write_unit_sheets(
    book: Book, pages: Mapping[str, Any], sheets: Sheets, evidence_at: Sequence[str | None], accounts: Sequence[Column], units: Sequence[Column]
) -> None:
    """A sheet for every unit, in the order of 单位得分; `accounts` and `units`: the columns that its formulas refer to."""
    shared = _shared(sheets, evidence_at, accounts, units)
    ranks, scores = earlier(sheets)
    for number, unit in enumerate(sheets.units.to_dict("records")):
        _write(book, pages[sheets.pages[unit["unit_id"]]], shared, unit, number, (ranks[number], scores[number]))


def _shared(sheets: Sheets, evidence_at: Sequence[str | None], accounts: Sequence[Column], units: Sequence[Column]) -> Shared:
    rows = sheets.data.frames["account_weeks"]
    names = tuple(sorted(rows["week_start"].unique()))
    by_account: dict[str, dict[pd.Timestamp, Any]] = {}
    for row in rows.to_dict("records"):
        n = row["n_posts"]
        shown = "–" if not row["is_due"] and (pd.isna(n) or n == 0) else "?" if pd.isna(n) else "缺" if n == 0 else int(n)
        by_account.setdefault(row["account_id"], {})[row["week_start"]] = shown
    losses: dict[str, list[tuple[int, dict[Any, Any]]]] = {}
    for at, row in enumerate(sheets.losses.to_dict("records")):
        losses.setdefault(row["unit_id"], []).append((at, row))
    facts = sheets.data.frames["account_quarters"].set_index("account_id")
    printed = [{column.heading: column.values for column in columns} for columns in (accounts, units)]
    return Shared(sheets, Grid(names), by_account, facts, losses, evidence_at, printed[0], printed[1])


def _write(book: Book, sheet: Any, shared: Shared, unit: Mapping[Any, Any], number: int, before: tuple[Any, Any]) -> None:
    sheets, grid = shared.sheets, shared.grid
    sheet.set_column(0, 0, FIRST)
    sheet.set_column(1, grid.n, WEEK)
    sheet.set_column(grid.last, grid.last, LAST)
    name = unit["unit_name"]
    write_cell(book, sheet, 0, 0, f"{name} · {sheets.data.period.label}政务新媒体检查结果", "title")
    sheet.set_row(0, 26)
    over(book, sheet, 1, 0, sheets.note, grid.widths, "note")
    targets = {f"← {COVER}": place(COVER, 0), f"← {UNITS}": place(UNITS, UNIT_TOP + 1 + number, "C"), f"→ {LOSSES}": place(LOSSES, LOSS_TOP)}
    for (told, target), span in zip(targets.items(), ((0, 0), (1, 2), (3, 4)), strict=True):
        wide_cell(book, sheet, 2, span, told, "link", place=target)
    row = _result(book, sheet, shared, unit, UNIT_TOP + 2 + number, before)
    mine = sheets.accounts[(sheets.accounts["unit_id"] == unit["unit_id"]).to_numpy(dtype=bool)].to_dict("records")
    row = _accounts(book, sheet, shared, row, mine)
    row = _weeks(book, sheet, shared, row, mine)
    row, ids = _losses(book, sheet, shared, row, unit["unit_id"], mine)
    for line in withdrawn_lines(sheets.data.frames["withdrawn_verdicts"], unit["unit_id"]):
        row = over(book, sheet, row - 1, 0, line, grid.widths) + 1  # in the blank row under the losses, and leaves another
    _appeals(book, sheet, shared, row, ids)
    set_page(sheet, f"{sheets.data.settings.county}政务新媒体季度检查 · {name}", sheets.note, 0, 1)
    protect(sheet)


def _result(book: Book, sheet: Any, shared: Shared, unit: Mapping[Any, Any], line: int, before: tuple[Any, Any]) -> int:
    """Rank, both ends, score, grade and state, live; beside them the quarter before."""
    row = section(book, sheet, 4, "一、结果")
    places = {"名次": "B", "最低": "F", "最高": "G", "得分": "H", "等次": "I", "状态": "J"}
    shown = shared.units
    cells = [(told, shown[told][line - UNIT_TOP - 2], f"={UNITS}!{column}{line}") for told, column in places.items()]
    cells += [("上季度名次", before[0], ""), ("上季度得分", before[1], "")]
    spans = [(0, 0), *((at, at + 1) for at in range(1, 2 * len(cells) - 2, 2))]
    for (told, value, formula), span in zip(cells, spans, strict=True):
        wide_cell(book, sheet, row, span, told, "heading")
        wide_cell(book, sheet, row + 1, span, value, "score" if told in ("最低", "最高", "得分", "上季度得分") else "centre", formula)
    sheet.set_row(row + 1, 20)
    return row + 3


def _accounts(book: Book, sheet: Any, shared: Shared, row: int, mine: Sequence[Mapping[Any, Any]]) -> int:
    row = section(book, sheet, row, "二、账号")
    sheets, last = shared.sheets, shared.grid.last
    if not mine:
        return over(book, sheet, row, 0, "本季度没有在用的账号。", shared.grid.widths) + 1
    spans = {
        "账号": (0, 0), "最低": (1, 1), "最高": (2, 2), "得分": (3, 4), "等次": (5, 6), "状态": (7, 7), "已定扣分合计": (8, 8), "应更新周数": (9, 9),
        "缺更周数": (10, 10), "缺数据周数": (11, 11), "发布条数": (12, 12), "待定项": (13, last),
    }  # fmt: skip
    for told, span in spans.items():
        wide_cell(book, sheet, row, span, told, "heading")
    sheet.set_row(row, height(2))
    counts = {"应更新周数": "n_weeks_due", "缺更周数": "n_weeks_missed", "缺数据周数": "n_weeks_no_data", "发布条数": "n_posts"}
    for account in mine:
        row += 1
        line = ACCOUNT_TOP + 1 + account["serial"]
        label = sheets.names.accounts.get(account["account_id"], account["account_id"])
        wide_cell(book, sheet, row, (0, 0), label, "text", place=place(ACCOUNTS, line - 1, "C"))
        for told in ("最低", "最高", "得分", "等次", "状态", "已定扣分合计", "待定项"):
            style = {"等次": "centre", "状态": "centre", "待定项": "text", "已定扣分合计": "points"}.get(told, "score")
            value = shared.accounts[told][account["serial"] - 1]
            wide_cell(book, sheet, row, spans[told], value, style, f"={ACCOUNTS}!{account_letter(sheets, told)}{line}")
        for told, column in counts.items():
            value = shared.facts[column].get(account["account_id"])
            wide_cell(book, sheet, row, spans[told], None if pd.isna(value) else int(value), "count")
        waiting, widths = shared.accounts["待定项"][account["serial"] - 1], shared.grid.widths
        sheet.set_row(row, height(max(lines_of(label, "text", widths, (0, 0)), lines_of(waiting, "text", widths, spans["待定项"]))))
    return row + 2


def _weeks(book: Book, sheet: Any, shared: Shared, row: int, mine: Sequence[Mapping[Any, Any]]) -> int:
    row = section(book, sheet, row, "三、每周更新")
    if not mine:
        return over(book, sheet, row, 0, "没有。", shared.grid.widths) + 1
    write_cell(book, sheet, row, 0, "账号 \\ 周", "heading")
    for at, week in enumerate(shared.grid.weeks, start=1):
        write_cell(book, sheet, row, at, f"{week:%m-%d}", "heading")
    for account in mine:
        row += 1
        label = shared.sheets.names.accounts.get(account["account_id"], account["account_id"])
        write_cell(book, sheet, row, 0, label, "text")
        counted = shared.weeks.get(account["account_id"], {})
        for at, week in enumerate(shared.grid.weeks, start=1):
            value = counted.get(week, "–")
            write_cell(book, sheet, row, at, value, "centre", {"缺": "veto", "?": "open"}.get(value, "") if isinstance(value, str) else "")
        sheet.set_row(row, height(lines_of(label, "text", shared.grid.widths, (0, 0))))
    return over(book, sheet, row + 1, 0, LEGEND, shared.grid.widths, "note") + 1


def _losses(
    book: Book, sheet: Any, shared: Shared, row: int, unit_id: str, mine: Sequence[Mapping[Any, Any]]
) -> tuple[int, list[int]]:
    """The losses of each account under its name; returns the row below and the rows that hold the ids to quote."""
    row = section(book, sheet, row, "四、扣分与整改（申诉时请引用扣分编号）")
    n, last = shared.grid.n, shared.grid.last
    rows = shared.losses.get(unit_id, [])
    listed = [one for one in rows if one[1]["kind"] != LISTED]
    if not listed:
        return _quiet_line(book, sheet, shared, row, len(rows), "没有扣分。") + 1, []
    spans = {
        "扣分编号": (0, 0), "评分项": (1, 2), "条款": (3, 4), "扣分": (5, 5), "状态": (6, 6), "事由": (7, n - 4), "证据": (n - 3, n - 1), "看": (n, n),
        "怎么改": (last, last),
    }  # fmt: skip
    ids = []
    of_account = {account["serial"]: account for account in mine}
    for serial, group in _by_account(listed):
        account = of_account.get(serial)
        told = "单位" if account is None else shared.sheets.names.accounts.get(account["account_id"], account["account_id"])
        wide_cell(book, sheet, row, (0, last), f"账号：{told}", "group")
        row += 1
        for named_, span in spans.items():
            wide_cell(book, sheet, row, span, named_, "heading")
        for at, loss in group:
            row += 1
            if not pd.isna(loss["contribution_id"]):
                ids.append(row)
            _loss_row(book, sheet, shared, row, at, loss, spans)
        row += 1
    quiet = len(rows) - len(listed)
    row = _quiet_line(book, sheet, shared, row, quiet, "") if quiet else row
    return row + 1, ids


def _by_account(rows: Sequence[tuple[int, dict[Any, Any]]]) -> Iterator[tuple[Any, list[tuple[int, dict[Any, Any]]]]]:
    grouped: dict[Any, list[tuple[int, dict[Any, Any]]]] = {}
    for at, row in rows:
        grouped.setdefault(row["account_serial"], []).append((at, row))
    yield from grouped.items()


def _quiet_line(book: Book, sheet: Any, shared: Shared, row: int, quiet: int, some: str) -> int:
    more = f"另有 {quiet} 条只列出、不扣分的，见“{LOSSES}”。" if quiet else ""
    return over(book, sheet, row, 0, some + more, shared.grid.widths)


def _loss_row(
    book: Book, sheet: Any, shared: Shared, row: int, at: int, loss: Mapping[Any, Any], spans: Mapping[str, tuple[int, int]]
) -> None:
    line = LOSS_TOP + 2 + at
    text = {name: "" if pd.isna(loss[name]) else str(loss[name]) for name in ("contribution_id", "item", "article", "message", "evidence", "remedy", "kind")}
    points = "待定" if loss["low"] != loss["high"] else loss["high"]
    label = text["contribution_id"] or text["kind"]
    wide_cell(book, sheet, row, spans["评分项"], text["item"], "link", place=place(LOSSES, line - 1))
    told = {"扣分编号": label, "条款": text["article"], "事由": text["message"], "证据": text["evidence"], "怎么改": text["remedy"]}
    for named_, value in told.items():
        wide_cell(book, sheet, row, spans[named_], value, "text")
    for named_, value, style in (("扣分", points, "points"), ("状态", loss["status"], "centre")):
        wide_cell(book, sheet, row, spans[named_], value, style, f"={LOSSES}!{letter(HEADINGS.index(named_))}{line}")
    target = shared.evidence_at[at]
    wide_cell(book, sheet, row, spans["看"], "证据 →" if target else None, "opening", place=target or "")
    sheet.set_row(row, height(max(lines_of(value, "text", shared.grid.widths, spans[named_]) for named_, value in told.items())))


def _appeals(book: Book, sheet: Any, shared: Shared, row: int, ids: Sequence[int]) -> None:
    """Boxes to be filled in by the unit and by the reviewers."""
    n, last = shared.grid.n, shared.grid.last
    row = section(book, sheet, row, "五、申诉（写明扣分编号和理由，签名盖章后交主管单位）")
    spans = {"扣分编号": (0, 0), "申诉理由": (1, n - 5), "日期": (n - 4, n - 3), "签名（盖章）": (n - 2, n), "复核结论": (last, last)}
    for named_, span in spans.items():
        wide_cell(book, sheet, row, span, named_, "heading")
    for box in range(row + 1, row + 1 + BOXES):
        for span in spans.values():
            wide_cell(book, sheet, box, span, None, "input")
        sheet.set_row(box, 30)
    keep_together(sheet, [row - 1], row + BOXES + 1, shared.grid.widths)
    if ids:
        told = {"error_type": "warning", "error_title": heading("contribution_id"), "error_message": "请写上面的扣分编号"}
        sheet.data_validation(row + 1, 0, row + BOXES, 0, {"validate": "list", "source": f"=$A${ids[0] + 1}:$A${ids[-1] + 1}", **told})
