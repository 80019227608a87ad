"""Sheets 扣分明细 and 规则清单: every lost point with its article and source, every rule with what it found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from xmt_scoring.checks.rules import Rule
from xmt_scoring.glossary import heading, spoken
from xmt_scoring.reports.excel_style import Book, Column, set_page, set_widths, write_head, write_table
from xmt_scoring.reports.sheets_data import BASES, LISTED, SUPERSEDED, Sheets, cited, item_labels
from xmt_scoring.reports.sheets_scores import LOSS_TOP, LOSSES

RULES = "规则清单"
APPEAL, CONCLUSION = "申诉意见", "复核结论"


def loss_columns(sheets: Sheets) -> tuple[list[Column], list[str]]:
    """The columns of 扣分明细 and the mark of each row; the last two but one are left blank for the units (读法 34)."""
    rows = sheets.losses
    blank = [None] * len(rows)

    def words(name: str) -> list[Any]:
        return [None if pd.isna(value) else value for value in rows[name]]

    columns = [
        Column(heading("contribution_id"), words("contribution_id"), widest=18),
        Column(heading("unit"), words("unit"), widest=12),
        Column(heading("account_id"), words("account"), widest=15),
        Column(heading("item_id"), words("item"), widest=12),
        Column(heading("article"), words("article"), widest=10),
        Column(heading("kind"), words("kind"), "centre", 10),
        Column(heading("points"), words("points"), "points", 8),
        Column(heading("low"), words("low"), "points", 8),
        Column(heading("high"), words("high"), "points", 8),
        Column(heading("status"), words("status"), "centre", 7),
        Column(heading("message"), words("message"), widest=32),
        Column("证据", words("evidence"), widest=26),
        Column(heading("url"), words("url"), "link", 16),
        Column("整改建议", words("remedy"), widest=24),
        Column(APPEAL, blank, "input", 12),
        Column(CONCLUSION, blank, "input", 12),
        Column("账号序号", words("account_serial"), "count", 6),
    ]
    mark = pd.Series("", index=rows.index, dtype="str").mask((rows["status"] == "待定").to_numpy(dtype=bool), "open")
    mark = mark.mask(rows["kind"].isin([SUPERSEDED, LISTED]).to_numpy(), "quiet")
    return columns, mark.mask((rows["kind"] == "单项否决").to_numpy(dtype=bool), "veto").tolist()


def write_losses(book: Book, sheet: Any, sheets: Sheets, columns: list[Column], marks: list[str]) -> None:
    """扣分明细: one row per contribution, then what costs nothing but must not be silent."""
    widths = set_widths(sheet, columns)
    for at, column in enumerate(columns):
        if column.heading in (APPEAL, CONCLUSION):
            widths[at] = column.widest
            sheet.set_column(at, at, column.widest)
    note = (
        f"{sheets.note}负数为扣分;“扣完为止”为正数,把一项拉回本项分值;待定的行只有最低、最高。"
        f"“{SUPERSEDED}”“{LISTED}”的行不扣分。对扣分有异议的,填写“{APPEAL}”,复核后由检查单位填写“{CONCLUSION}”。"
    )
    write_head(book, sheet, sheets.title(LOSSES), note, widths, len(columns))
    end = write_table(book, sheet, LOSS_TOP, columns, widths, marks)
    sheet.autofilter(LOSS_TOP, 0, max(end - 1, LOSS_TOP), len(columns) - 1)
    set_page(sheet, sheets.title(LOSSES), sheets.note, LOSS_TOP, LOSS_TOP, 3)
    sheet.print_area(0, 0, max(end - 1, LOSS_TOP), len(columns) - 2)  # the last column only serves formulas


def rule_columns(sheets: Sheets) -> tuple[list[Column], list[str]]:
    """The columns of 规则清单: every rule that was run, then items of the scheme that no rule answers."""
    run = sheets.data.frames["rules_run"]
    labels, item_of = item_labels(sheets.data.scheme), items_of_checks(sheets)
    absent = [check for check in item_of if check not in set(run["check_id"])]
    missing = pd.DataFrame({"check_id": absent, "label": "—", "reason": "评分细则引用了这条规则,本期没有运行,相应项目待定"}, dtype="str")
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
    why = run["check_id"].map({rule.id: f"不计分:{rule.not_scored}" for rule in rules.values() if rule.not_scored})
    told = why.astype("str").str.cat(run["reason"].astype("str"), sep=";", na_rep="").str.strip(";")
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
        f"{sheets.note}依据“办法”的规则出自《太白县政府系统政务新媒体管理办法》条文;标“国家规定”“外地实践”的,"
        "《办法》没有这样写,是参照上级文件或外地做法列入的,是否采用由县政府办决定。"
    )
    write_head(book, sheet, sheets.title(RULES), note, widths, len(columns))
    end = write_table(book, sheet, 2, columns, widths, marks)
    sheet.autofilter(2, 0, max(end - 1, 2), len(columns) - 1)
    set_page(sheet, sheets.title(RULES), sheets.note, 2, 2, 2)
