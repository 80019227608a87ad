"""补充数据清单: what each unit still has to send, with where it is found; 账号对照_待回答: near names that a person decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from xmt_scoring.facts.missing import FIRST_WEEK
from xmt_scoring.glossary import heading, spoken
from xmt_scoring.ingest.platforms import EXPORTED_AT, OTHERWISE
from xmt_scoring.ingest.register_specs import Sheet, sheets
from xmt_scoring.reports.excel_style import Column, opened_book, set_page, set_widths, write_head, write_table
from xmt_scoring.workspace import QuarterData

ANSWERS = "账号对照"
_WRITTEN = {  # what no platform exports
    "messages": "填写“留言.xlsx”，并在“导出文件清单.xlsx”里写明起止日", "clearances": "填写“审核记录.xlsx”，并在“导出文件清单.xlsx”里写明起止日",
    "filings": "填写“账号备案台账.xlsx”", "staff": "填写“人员.xlsx”",
}  # fmt: skip


def requests(data: QuarterData) -> pd.DataFrame:
    """unit_name, account_name, platform, what, where, in the order of units: one row for each thing to send or correct.

    The weeks of an account that no data decides are one row.
    """
    accounts = data.frames["accounts"].set_index("account_id")
    gaps = data.frames["gaps"].assign(week=lambda rows: rows["week_start"].dt.strftime("%m-%d"))
    gaps["why"] = (gaps["message"] == FIRST_WEEK).map({True: "。" + FIRST_WEEK, False: ""}).astype("str")
    by_account = gaps[gaps["week_start"].notna()].groupby(["account_id", "covers"], sort=False)
    weeks = by_account.agg(n_weeks=("week", "size"), mondays=("week", "、".join), why=("why", "max")).reset_index()
    whole = gaps[gaps["week_start"].isna()]
    listed = data.frames["reconciliation"]
    listed = listed[listed["recon_kind"] != "no_export"]  # the gaps say it already
    said = spoken(listed["recon_kind"], "recon_kind").astype("str") + "：" + listed["message"]
    n_weeks, mondays = weeks["n_weeks"].astype("str"), weeks["mondays"].astype("str")
    parts = [
        whole[["account_id", "covers"]].assign(what=whole["message"]),
        weeks[["account_id", "covers"]].assign(what="有 " + n_weeks + " 周没有能证明是否发布的数据（周一：" + mondays + "）" + weeks["why"]),
        listed[["account_id", "listed_name", "platform"]].assign(what=said, where=listed["todo"]),
    ]
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else pd.DataFrame(columns=["account_id", "what"])
    rows = rows.reindex(columns=["account_id", "listed_name", "platform", "covers", "what", "where"])
    platform = rows["account_id"].map(accounts["platform"]).fillna(rows["platform"]).astype("str")
    where = rows["covers"].map(_WRITTEN).astype("str").fillna(platform.map(EXPORTED_AT).fillna(OTHERWISE))
    unit = rows["account_id"].map(accounts["owner_id"]).map(data.frames["units"].set_index("unit_id")["unit_name"])
    made = pd.DataFrame(
        {
            "unit_name": unit.astype("str").fillna("（台账里没有的账号）"),
            "account_name": rows["account_id"].map(accounts["account_name"]).fillna(rows["listed_name"]).astype("str").fillna(""),
            "platform": spoken(platform, "platform").astype("str").fillna(""),
            "what": rows["what"].astype("str"),
            "where": rows["where"].fillna(where).astype("str"),
        }
    )
    return made.sort_values(["unit_name", "account_name", "platform", "what"], kind="stable", ignore_index=True)


def write_requests(path: Path, data: QuarterData) -> None:
    """Write the checklist; the same data gives the same bytes."""
    rows = requests(data)
    columns = [
        Column(heading("unit_name"), rows["unit_name"].tolist(), widest=26),
        Column(heading("account_name"), rows["account_name"].tolist(), widest=20),
        Column(heading("platform"), rows["platform"].tolist(), "centre", 12),
        Column("要补什么、要改什么", rows["what"].tolist(), widest=52),
        Column("在哪里、怎么办", rows["where"].tolist(), widest=46),
        Column("已办（日期、签名）", [""] * len(rows), widest=18),
    ]
    note = f"共 {len(rows)} 处。缺的数据不当零分也不当满分，补齐之前得分显示为区间。可按单位筛选后发给各单位。"
    _write(path, data, "补充数据清单", columns, note)


def write_questions(path: Path, data: QuarterData) -> None:
    """Write the near names as the register 账号对照 with the answer left blank, to be filled in and put back."""
    rows = data.frames["reconciliation"]
    rows = rows[rows["recon_kind"] == "near_match"].drop_duplicates(["listed_name", "platform", "account_id"])
    form: Sheet = next(sheet for sheet in sheets() if sheet.register == "account_matches")
    values: dict[str, list[Any]] = {
        "listed_name": rows["listed_name"].tolist(),
        "platform": spoken(rows["platform"], "platform").tolist(),
        "account_id": rows["account_id"].tolist(),
        "is_same": [""] * len(rows),
        "note": rows["message"].tolist(),
    }
    columns = [
        Column(title, values[column.name], widest=40)
        for column, title in zip(form.columns, form.headings, strict=True)
    ]
    note = "请在“是否同一账号”里填“是”或“否”，填好把这个文件放进 data/raw 的本季度文件夹，再运行一次。不确定的行请删去。"
    _write(path, data, ANSWERS, columns, note)


def _write(path: Path, data: QuarterData, name: str, columns: list[Column], note: str) -> None:
    title = f"{data.settings.county}政务新媒体{name}（{data.period.label}）"
    with opened_book(path, f"{name} {data.period}", data.as_of, str(data.receipt.get("package", ""))) as (workbook, book):
        sheet = workbook.add_worksheet(name)
        widths = set_widths(sheet, columns)
        write_head(book, sheet, title, note, widths, len(columns))
        end = write_table(book, sheet, 2, columns, widths)
        sheet.autofilter(2, 0, max(end - 1, 2), len(columns) - 1)
        set_page(sheet, title, note, 2, 2, 1)
