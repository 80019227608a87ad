"""What the templates of notices may name: each unit's problems by account, deadlines, reminders, reasons of measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xmt_scoring import law
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.periods import add_workdays
from xmt_scoring.reports.bulletin import problems as bulletin_problems
from xmt_scoring.reports.bulletin.owners import named_accounts
from xmt_scoring.reports.bulletin.wording import day, official, quoted, span
from xmt_scoring.reports.notices.near_misses import asked
from xmt_scoring.workspace import QuarterData

NOTICE, REMINDER, TALK, WARNING = "notice", "reminder", "talk", "warning"
KINDS = {NOTICE: "整改通知书", REMINDER: "提醒函", TALK: "约谈通知书", WARNING: "警告书"}
DRAFTS = (TALK, WARNING)
LIST_ANNEX, ANSWER_ANNEX = "政务新媒体问题清单", "政务新媒体整改回执"
SHOWN = 3  # cases of one problem of one account that the text writes out; the annex has all
LONGEST = 300  # characters of one problem in the text
OWN = "单位管理"


@dataclass(frozen=True)
class Notice:
    """One document to one unit. `problems`: rows of `problem_rows` for the annexes; empty but for a 整改通知书.

    `number`: within kind and year. `rectify_by`: missing for a reminder.
    """

    kind: str
    unit_id: str
    unit_name: str
    stem: str
    number: int
    issued_on: dt.date
    rectify_by: dt.date | None
    fields: Mapping[str, Any]
    problems: pd.DataFrame

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{KINDS[self.kind]}_{self.stem}.docx"


def deadline(data: QuarterData, issued_on: dt.date) -> dt.date:
    """The last day of rectification: so many workdays after the notice (setting rectify_workdays, as in the circular)."""
    return add_workdays(issued_on, int(data.settings["rectify_workdays"]), data.settings.workday_overrides)


def common(data: QuarterData, unit_id: str, unit_name: str, issued_on: dt.date, number: int) -> dict[str, Any]:
    """The fields that every notice has."""
    units = data.frames["unit_scores"].set_index("unit_id")
    accounts = data.frames["account_scores"]
    own = accounts.loc[accounts["unit_id"] == unit_id, "is_provisional"]
    is_open = bool(own.any()) or (unit_id in units.index and bool(units.loc[unit_id, "is_provisional"]))
    supervisors = data.frames["units"].set_index("unit_id")["is_supervisor"].fillna(False)
    return {
        "县": data.settings.county, "办法": law.TITLE, "单位": " ".join(unit_name.split()), "季度": data.period.label,
        "起止": span(data.period.start, data.period.end), "年份": issued_on.year, "序号": number, "成文日期": day(issued_on), "有待定": is_open,
        "自评": bool(supervisors[unit_id]),
    }  # fmt: skip


def notice_fields(data: QuarterData, rows: pd.DataFrame, reminders: pd.DataFrame, rectify_by: dt.date) -> dict[str, Any]:
    """The fields of a 整改通知书: `rows` and `reminders` are those of one unit."""
    names = account_names(data)
    fresh, overdue = rows[~rows["is_overdue"]], rows[rows["is_overdue"]]
    return {
        "问题数": len(fresh),
        "账号数": int(fresh["account_id"].nunique()),
        "单位自身": bool(fresh["account_id"].isna().any()),
        "问题组": _groups(fresh, names),
        "逾期": [{"情况": official(text).rstrip("。"), "编号": number} for text, number in zip(overdue["message"], overdue["problem_id"], strict=True)],
        "提醒": reminder_lines(reminders, names),
        "整改期限": f"{day(rectify_by)}前",
        "整改工作日": int(data.settings["rectify_workdays"]),
        "附件": {"问题清单": "附件1", "整改回执": "附件2"},
    }


def measure_fields(data: QuarterData, rows: pd.DataFrame, issued_on: dt.date) -> dict[str, Any]:
    """The fields of a draft: `rows` are the confirmed proposals of one measure for one unit."""
    names = account_names(data)
    number = rows["document_no"].dropna()
    return {
        "文号": str(number.iloc[-1]) if len(number) else "",
        "整改期限": f"{day(deadline(data, issued_on))}前",
        "事由": [
            {
                "对象": names.get(row["account_id"], "你单位"),
                "理由": official(str(row["reasons"]).replace("\n", "；")).rstrip("。"),
                "证据": official(str(row["evidence_words"]).replace("\n", "；")).rstrip("。"),
            }
            for row in rows.to_dict("records")
        ],
    }


def account_names(data: QuarterData) -> dict[str, str]:
    """account_id → “名称”平台, as a notice to its unit calls it."""
    named = named_accounts(data.frames)
    return dict(zip(named["account_id"], named["account_name"].map(quoted) + named["platform"], strict=True))


def reminder_lines(rows: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """One sentence for each near miss, with its article."""
    return [f"{names[row['account_id']]}{official(row['message'])}（{asked(row['check_id'])}）" for row in rows.to_dict("records")]


def _groups(rows: pd.DataFrame, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The problems of each account, then those of the unit as such; one entry for each duty."""
    groups = []
    for account, part in rows.groupby("account_id", sort=False, dropna=False):
        told = [_entry(str(check), events) for check, events in part.groupby("check_id", sort=False)]
        groups.append({"对象": OWN if pd.isna(account) else names[str(account)], "问题": told})
    return groups


def _entry(check: str, events: pd.DataFrame) -> dict[str, Any]:
    told = [_cut(official(text).rstrip("。")) for text in dict.fromkeys(events["fact"])]
    more = f"；等{len(events)}件，见附件1" if len(told) > SHOWN else ""
    return {
        "名称": bulletin_problems.words()[check]["problem"],
        "件数": len(events),
        "情况": "；".join(told[:SHOWN]) + more,
        "依据": basis(events.iloc[0]),
    }


def basis(row: Mapping[Any, Any] | pd.Series) -> str:
    """The article with its words; for a duty that the 办法 does not have, where it stands instead, so that nobody takes it for law.

    What costs no points says so, and why where the reason is more than that the scheme has no such item.
    """
    why = "" if row["is_overdue"] else load_rules()[row["check_id"]].not_scored or ""
    quiet = "" if not why else "（不计分）" if why.removeprefix("季度").startswith("评分细则没有") else f"（不计分：{official(why)}）"
    if row["is_law"]:
        return f"《办法》{row['cited']}“{row['says']}”{quiet}"
    return f"{official(row['says'])}（《办法》没有这样写，参照{row['cited']}列入）{quiet}"


def readings(data: QuarterData, checks: Iterable[str]) -> list[str]:
    """The settings by which these duties were judged, where the 办法 leaves it open, and whether the office decided them."""
    rules, told = load_rules(), data.settings.rows().set_index("key")
    keys = dict.fromkeys(key for check in checks for key in rules[check].settings)
    lines = []
    for key in keys:
        row = told.loc[key]
        decided = f"已决定：{row['decided']}" if row["decided"] else "软件设置，尚未由主管单位决定"
        lines.append(f"{row['article']}：{official(str(row['meaning']).split('；')[0])}，采用“{official(str(row['words']))}”（{decided}）")
    return lines


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "……（全文见附件1）"
