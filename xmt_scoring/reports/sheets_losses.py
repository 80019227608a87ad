"""Sheets 扣分明细 and 规则清单: every lost point with its article and source, every rule with what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from xmt_scoring.checks.rules import Rule
from xmt_scoring.glossary import heading, spoken
from xmt_scoring.reports.excel_live import letter, mark_rows, protect
from xmt_scoring.reports.excel_style import Book, Column, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.live_losses import OPEN, SHOWN, VETO, LiveRow, base_of, live_rows
from xmt_scoring.reports.live_repeats import repeated_events
from xmt_scoring.reports.sheet_names import LOSS_TOP, LOSSES, place
from xmt_scoring.reports.sheets_data import BASES, LISTED, SUPERSEDED, Sheets, cited, item_labels

RULES = "规则清单"
ROWS, SHEET = "看证据", "看单位"
APPEAL, CONCLUSION, REVIEW = "申诉意见", "复核结论", "复核扣分"


def loss_columns(sheets: Sheets, evidence_at: Sequence[str | None]) -> list[Column]:
    """The columns of 扣分明细, in the order of `live_losses.HEADINGS`; three are left blank for units and reviewers (读法 34).

    `evidence_at`: for each row where its evidence begins.
    """
    rows, live = sheets.losses, live_rows(sheets)
    repeated = repeated_events(sheets)

    def words(name: str) -> list[Any]:
        return [None if pd.isna(value) else value for value in rows[name]]

    def made(named: str, values: list[Any], style: str, widest: int, **more: Any) -> Column:
        return Column(named, values, style, widest, [row.formulas.get(named, "") for row in live], **more)

    is_open = [low != high for low, high in zip(rows["low"], rows["high"], strict=True)]
    is_loss = [row.review is not None for row in live]
    reviews, review_styles = _reviews(live)
    ends = {end: [value if mine else None for value, mine in zip(rows[end], is_loss, strict=True)] for end in ("low", "high")}
    own = {at: one for at, one in repeated.items() if is_loss[at]}
    alone = {end: [getattr(own[at], end) if at in own else value for at, value in enumerate(ends[end])] for end in ("low", "high")}
    pages = [place(sheets.pages[unit], 0) if unit in sheets.pages else None for unit in rows["unit_id"]]
    return [
        Column(heading("contribution_id"), words("contribution_id"), widest=18),
        Column(heading("unit"), words("unit"), widest=12),
        Column(heading("account_id"), words("account"), widest=15),
        Column(heading("item_id"), words("item"), widest=12),
        Column(heading("article"), words("article"), widest=10),
        made(heading("kind"), words("kind"), "centre", 10),
        made(heading("points"), [OPEN if waits else high for waits, high in zip(is_open, rows["high"], strict=True)], "points", 8),
        made(heading("low"), words("low"), "points", 8),
        made(heading("high"), words("high"), "points", 8),
        made(heading("status"), words("status"), "centre", 7),
        Column(heading("message"), words("message"), widest=32),
        Column("证据", words("evidence"), widest=26),
        Column(heading("url"), words("url"), "opening", 10),
        Column(ROWS, [None if at is None else "证据 →" for at in evidence_at], "opening", 8, links=evidence_at),
        Column(SHEET, ["单位 →" if page else None for page in pages], "opening", 8, links=pages),
        Column("整改建议", words("remedy"), widest=24),
        Column(APPEAL, [None] * len(rows), "input", 12),
        Column(CONCLUSION, [None] * len(rows), "input", 12),
        Column(REVIEW, reviews, "input_points", 9, styles=review_styles),
        Column("账号序号", words("account_serial"), "serving", 6),
        Column("同一事件", [own[at].group if at in own else None for at in range(len(rows))], "serving", 6),
        Column("原最低", alone["low"], "serving", 6),
        Column("原最高", alone["high"], "serving", 6),
        made("净最低", ends["low"], "serving", 6),
        made("净最高", ends["high"], "serving", 6),
        made("最重", [own[at].most if at in own else None for at in range(len(rows))], "serving", 6),
        made("至少", [own[at].least if at in own else None for at in range(len(rows))], "serving", 6),
    ]


def _reviews(live: Sequence[LiveRow]) -> tuple[list[Any], list[str]]:
    """What stands in 复核扣分: an open cell, where another row decides its number, else nothing."""
    values: list[Any] = []
    styles = []
    for at, row in enumerate(live):
        is_own = row.review == LOSS_TOP + 1 + at
        values.append(None if is_own or row.review is None else f"见第 {row.review + 1} 行")
        styles.append("input_points" if is_own else "given")
    return values, styles


def write_losses(book: Book, sheet: Any, sheets: Sheets, columns: list[Column]) -> None:
    """扣分明细: one row per contribution, then what costs nothing but must not be silent."""
    widths = set_widths(sheet, columns)
    for at, column in enumerate(columns):
        if column.heading in (APPEAL, CONCLUSION, REVIEW):
            widths[at] = column.widest
            sheet.set_column(at, at, column.widest)
    sheet.set_column(SHOWN, len(columns) - 1, None, None, {"hidden": True})
    note = (
        f"{sheets.note}负数为扣分；“扣完为止”为正数，把一项拉回本项分值；待定的行只有最低、最高。“{SUPERSEDED}”“{LISTED}”的行不扣分。"
        f"有异议的填写“{APPEAL}”；检查单位复核后填写“{CONCLUSION}”，并在“{REVIEW}”写上改定的分（不扣写 0，扣分写负数）：账号、单位得分和名次随即改变，供核对；"
        "正式结果以改正登记表后重新运行的为准。"
    )
    write_head(book, sheet, sheets.title(LOSSES), note, widths, len(columns))
    end = write_table(book, sheet, LOSS_TOP, columns, widths)
    sheet.autofilter(LOSS_TOP, 0, max(end - 1, LOSS_TOP), SHOWN - 1)
    set_page(sheet, sheets.title(LOSSES), sheets.note, LOSS_TOP, LOSS_TOP, 3)
    sheet.print_area(0, 0, max(end - 1, LOSS_TOP), SHOWN - 1)  # the columns behind only serve formulas
    kind, state = (letter([column.heading for column in columns].index(heading(name))) for name in ("kind", "status"))
    quiet = f'OR(${kind}{{row}}="{SUPERSEDED}",${kind}{{row}}="{LISTED}")'
    marks = {"veto": f'${kind}{{row}}="{VETO}"', "open": f'${state}{{row}}="{OPEN}"', "quiet": quiet}
    mark_rows(book, sheet, LOSS_TOP + 1, end - 1, SHOWN, marks)
    if end > LOSS_TOP + 1:
        at = [column.heading for column in columns].index(REVIEW)
        told = "不扣分写 0，扣分写负数，例如 -2；扣分不能多于本项分值"
        limits = {"validate": "decimal", "criteria": "between", "minimum": -float(base_of(sheets)), "maximum": 0}
        words = {"error_title": REVIEW, "error_message": told, "input_title": REVIEW, "input_message": told}
        sheet.data_validation(LOSS_TOP + 1, at, end - 1, at, {**limits, **words})
    protect(sheet)


def rule_columns(sheets: Sheets) -> tuple[list[Column], list[str]]:
    """The columns of 规则清单: every rule that was run, then items of the scheme that no rule answers."""
    run = sheets.data.frames["rules_run"]
    labels, item_of = item_labels(sheets.data.scheme), items_of_checks(sheets)
    absent = [check for check in item_of if check not in set(run["check_id"])]
    missing = pd.DataFrame({"check_id": absent, "label": "—", "reason": "评分细则引用了这条规则，本期没有运行，相应项目待定"}, dtype="str")
    missing["rule_state"] = "skipped"
    run = pd.concat([run, missing.reindex(columns=run.columns)], ignore_index=True) if absent else run
    rules = sheets.rules
    counts = [("n_pass", "合格数"), ("n_fail", "不合格数"), ("n_not_applicable", "不适用数"), ("n_no_data", "缺数据数"), ("n_unverified", "待核查数")]

    def words(values: pd.Series) -> list[Any]:
        return [None if pd.isna(value) else value for value in values]

    def of_rules(part: str) -> list[Any]:
        return [getattr(rules[check], part, None) if check in rules else None for check in run["check_id"]]

    source = [quote or reference for quote, reference in zip(of_rules("quote"), of_rules("reference"), strict=True)]
    columns = [
        Column("评分项", [labels.get(item_of.get(check, ""), "不计分") for check in run["check_id"]], widest=18),
        Column(heading("label"), words(run["label"]), widest=20),
        Column(heading("article"), words(cited(run["article"])), widest=14),
        Column(heading("basis"), words(run["basis"].map(BASES).fillna(run["basis"])), "centre", 10),
        Column("条文或参照", source, widest=44),
        Column(heading("rule_mode"), words(spoken(run["rule_mode"], "rule_mode")), "centre", 6),
        Column(heading("rule_state"), words(spoken(run["rule_state"], "rule_state")), "centre", 8),
        *(Column(named, words(run[name]), "count", 8) for name, named in counts),
        Column("说明", words(_with_why(run, rules)), widest=30),
        Column("规则编号", words(run["check_id"]), widest=26),
    ]
    order = {item: place for place, item in enumerate(labels)}
    place = pd.Series([order.get(item_of.get(check, ""), len(order)) for check in run["check_id"]])
    by_item = place.sort_values(kind="stable").index
    columns = [Column(c.heading, [c.values[at] for at in by_item], c.style, c.widest) for c in columns]
    marks = run["rule_state"].map({"open": "open", "skipped": "quiet"}).fillna("").iloc[by_item].tolist()
    return columns, marks


def _with_why(run: pd.DataFrame, rules: Mapping[str, Rule]) -> pd.Series:
    """What a rule left aside, after why no scheme counts it."""
    why = run["check_id"].map({rule.id: f"不计分：{rule.not_scored}" for rule in rules.values() if rule.not_scored})
    told = why.astype("str").str.cat(run["reason"].astype("str"), sep="；", na_rep="").str.strip("；")
    return told.where(told != "")


def items_of_checks(sheets: Sheets) -> dict[str, str]:
    """check_id → the item or veto of the scheme that counts it."""
    entries = [*sheets.data.scheme.get("items", []), *sheets.data.scheme.get("vetoes", [])]
    return {str(check): str(entry.get("id", entry.get("code"))) for entry in entries for check in entry["checks"]}


def write_rules(book: Book, sheet: Any, sheets: Sheets) -> None:
    """规则清单: every rule, also where it found nothing or was not run, and why."""
    columns, marks = rule_columns(sheets)
    widths = set_widths(sheet, columns)
    note = (
        f"{sheets.note}依据“办法”的规则出自《太白县政府系统政务新媒体管理办法》条文；标“国家规定”“外地实践”的，"
        "《办法》没有这样写，是参照上级文件或外地做法列入的，是否采用由县政府办决定。"
    )
    write_head(book, sheet, sheets.title(RULES), note, widths, len(columns))
    end = write_table(book, sheet, 2, columns, widths, marks)
    sheet.autofilter(2, 0, max(end - 1, 2), len(columns) - 1)
    set_page(sheet, sheets.title(RULES), sheets.note, 2, 2, 2)
