"""Sheet 人工核查表: what people still have to look at; filled in and put back into data/raw, the next run reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xmt_scoring.checks.rules import GENERAL_SEVERITIES, Rule
from xmt_scoring.glossary import choices, word
from xmt_scoring.ingest.registers import FORM_HEADINGS, FOUND, NOT_FOUND
from xmt_scoring.reports.excel_style import Book, height, lines_needed, set_page, write_cell, write_head
from xmt_scoring.reports.sheets_data import NOT_SCORED, Sheets, item_labels
from xmt_scoring.reports.sheets_losses import items_of_checks
from xmt_scoring.reports.waiting import waiting

FORM = "人工核查表"
HEADINGS = FORM_HEADINGS
WIDTHS = (18, 7, 16, 16, 16, 9, 12, 30, 13, 15, 11, 8, 18, 9, 9, 22)
TOP, EMPTY_ROWS = 2, 30
MOMENT = HEADINGS.index("检查时间")


@dataclass(frozen=True)
class Lists:
    """References of the drop-downs whose words stand in cells of other sheets; empty: no drop-down."""

    items: str
    units: str
    accounts: str


def item_words(sheets: Sheets) -> dict[str, str]:
    """check_id of every rule that people decide → the word for it that the form is read back with.

    The item's code and name where it has one such rule only, otherwise the rule's own label (the pipeline knows
    both). In the order of the scheme, then what counts in the year only, then what costs no points.
    """
    run = sheets.data.frames["rules_run"]
    manual = {check for check in run["check_id"] if check in sheets.rules and sheets.rules[check].by_people}
    label = dict(zip(run["check_id"], run["label"], strict=True))
    labels, item_of = item_labels(sheets.data.scheme), items_of_checks(sheets)
    rest = sorted(manual - set(item_of), key=lambda check: (is_ledger_only(sheets.rules.get(check)), check))
    in_order = [check for check in item_of if check in manual] + rest
    recorded = {check for check in item_of if check in manual or (check in sheets.rules and sheets.rules[check].is_veto)}
    alone = [item_of[check] for check in recorded]
    return {
        check: labels[item_of[check]] if check in item_of and alone.count(item_of[check]) == 1 else str(label[check])
        for check in in_order
    }


def _unique(names: pd.Series, ids: pd.Series) -> dict[str, str]:
    """id → the name when it names one thing only, else the id: the registers read back both."""
    counts = names.map(names.value_counts())
    return dict(zip(ids, names.where((counts == 1) & names.notna(), ids), strict=True))


def account_words(sheets: Sheets) -> dict[str, str]:
    """account_id → the word for it that the form is read back with."""
    accounts = sheets.data.frames["accounts"]
    return _unique(accounts["account_name"], accounts["account_id"])


def form_rows(sheets: Sheets) -> list[dict[str, str]]:
    """The rows to fill in: „item × 全部" first; then, where only some are open, each of them; events to be confirmed.

    What costs no points comes after everything else and says so; of that „item × 全部" alone stands for all subjects.
    """
    verdicts, words = sheets.data.frames["verdicts"], item_words(sheets)
    units = sheets.data.frames["units"]
    unit_word = _unique(units["unit_name"], units["unit_id"])
    account_word = account_words(sheets)
    unit_order = dict(zip(sheets.units["unit_id"], sheets.units["serial"], strict=True))
    order = ["order", "account_id", "event_id"]
    all_subjects, all_events = (
        found.assign(order=found["unit_id"].map(unit_order)).sort_values(order, kind="stable")
        for found in waiting(verdicts, sheets.rules)
    )
    rows = []
    for check, item in words.items():
        subjects, events = (found[found["check_id"] == check] for found in (all_subjects, all_events))
        quiet = f"{NOT_SCORED}；" if is_ledger_only(sheets.rules.get(check)) else ""
        if len(subjects):
            rows.append({"检查项目": item, "范围": word("check_scope", "all"), "备注": f"{quiet}{len(subjects)} 个待核查，这一行可一次答复"})
        if not quiet and len(subjects) < (verdicts["check_id"] == check).sum():
            rows += [_subject(item, row, unit_word, account_word) for row in subjects.itertuples()]
        for row in events.itertuples():
            rows.append(
                {
                    **_subject(item, row, unit_word, account_word),
                    "程度或情形": word("severity", _text(row.severity)) if _text(row.severity) else "",
                    "事件编号": _text(row.event_id),
                    "备注": f"{quiet}提示：{_text(row.message)}" if quiet else f"待两人确认：{_text(row.observed) or _text(row.message)}",
                }
            )
    return rows


def is_ledger_only(rule: Rule | None) -> bool:
    """Whether a rule costs no points whatever it finds."""
    return rule is not None and rule.not_scored is not None


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _subject(item: str, row: Any, unit_word: dict[str, str], account_word: dict[str, str]) -> dict[str, str]:
    is_unit = pd.isna(row.account_id)
    return {
        "检查项目": item,
        "范围": word("check_scope", "unit" if is_unit else "account"),
        "单位": unit_word.get(row.unit_id, row.unit_id),
        "账号": "" if is_unit else account_word.get(row.account_id, row.account_id),
    }


def write_form(book: Book, sheet: Any, sheets: Sheets, lists: Lists) -> None:
    """人工核查表: open items on top, empty rows for findings below, drop-downs in both."""
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    rows = form_rows(sheets)
    some = "" if rows else "本季度没有待核查的人工项目。"
    note = (
        f"{some}怎么填：①某项全部查过、没有发现的，在“全部”一行填检查时间、检查人，结果选“未发现问题”，一行即答复该项的所有账号；"
        "②只查了一个单位或一个账号的，范围选“单位”或“账号”并写明；③发现问题的，在下面空行逐条登记，结果选“发现问题”，写明账号、描述，"
        "同一问题用同一个事件编号（不写则各算一件）；④“待两人确认”的，认定了就补齐描述、结果和两名确认人，不认定的改正原来的登记；⑤备注写“不计分”的排在最后，只列出、不影响得分，有空再看；⑥不填的行不起作用。"
        f"填好后保存，把本文件放入 data/raw/{sheets.data.period}/，重新运行 xmt run {sheets.data.period}。"
    )
    write_head(book, sheet, sheets.title(FORM), note, WIDTHS, len(HEADINGS))
    for column, named in enumerate(HEADINGS):
        write_cell(book, sheet, TOP, column, named, "heading")
    blank: dict[str, str] = {}
    for at, row in enumerate([*rows, *[blank] * EMPTY_ROWS], start=TOP + 1):
        for column, named in enumerate(HEADINGS):
            given = row.get(named) or None
            style = "given" if given else "input_moment" if column == MOMENT else "input"
            write_cell(book, sheet, at, column, given, style, "quiet" if given and row.get("备注", "").startswith(NOT_SCORED) else "")
        sheet.set_row(at, max(20, height(max(lines_needed(row.get(named, ""), WIDTHS[n]) for n, named in enumerate(HEADINGS)))))
    last = TOP + len(rows) + EMPTY_ROWS
    _drop_downs(sheet, sheets, rows, last, lists)
    sheet.autofilter(TOP, 0, last, len(HEADINGS) - 1)
    set_page(sheet, sheets.title(FORM), sheets.note, TOP, TOP, 1)


def _drop_downs(sheet: Any, sheets: Sheets, rows: list[dict[str, str]], last: int, lists: Lists) -> None:
    first = TOP + 1

    def offer(named: str, source: Sequence[str] | str, since: int = first, until: int = last, strict: bool = True) -> None:
        column = HEADINGS.index(named)
        options = {
            "validate": "list", "source": source if isinstance(source, str) else list(source),
            "error_type": "stop" if strict else "warning", "error_title": named, "error_message": "请从下拉列表中选择",
        }  # fmt: skip
        if source and since <= until:
            sheet.data_validation(since, column, until, column, options)

    offer("检查结果", (NOT_FOUND, FOUND))
    offer("范围", [spoken[0] for spoken in choices("check_scope").values()])
    offer("禁发类别", [spoken[0] for spoken in choices("forbidden_kind").values()])
    offer("发现层级", [spoken[0] for spoken in choices("level").values()])
    offer("检查项目", lists.items, strict=False)
    offer("单位", lists.units, strict=False)
    offer("账号", lists.accounts, strict=False)
    check_of = {item: check for check, item in item_words(sheets).items()}
    for at, row in enumerate(rows, start=first):
        offer("程度或情形", [word("severity", code) for code in severities(sheets.rules.get(check_of[row["检查项目"]]))], at, at)
    every = [code for rule in sheets.rules.values() if rule.by_people for code in severities(rule)]
    offer("程度或情形", [word("severity", code) for code in dict.fromkeys([*GENERAL_SEVERITIES, *every])], first + len(rows))


def severities(rule: Rule | None) -> tuple[str, ...]:
    """What a finding of a rule may be called; empty where the case does not matter."""
    if rule is None or rule.severities is None:
        return tuple(str(code) for code in GENERAL_SEVERITIES)
    return tuple(rule.severities)
