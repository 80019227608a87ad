"""What people recorded (findings, upper inspections, 已核查 rows), made ready once for all rules (`rulings.md` §§1, 2, 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xmt_scoring import law
from xmt_scoring.checks.rules import GENERAL_SEVERITIES, Rule
from xmt_scoring.errors import Problem, XmtError, place
from xmt_scoring.frames import contract
from xmt_scoring.glossary import choices, heading, word
from xmt_scoring.model import Level, Severity
from xmt_scoring.periods import LAW_IN_FORCE, Span

OWN, UPPER, INSPECTION = "人工发现", "上级发现", "上级检查"  # kinds of evidence
_FOUND = [
    "check_item", "unit_id", "account_id", "event_id", "severity", "level", "when", "description", "url", "kind",
    "is_confirmed", "is_in_time", "src_file", "src_sheet", "src_row",
]  # fmt: skip
KIND_PLACES = {code: code.replace("-", ".") for code in choices("forbidden_kind")}  # 8-5 → the article's item 8.5
OFFICE_UNKNOWN = "主管单位（未标明）"  # stands for the unit of a duty of the office until the register marks it
_NAMES = {"findings": "人工核查", "upper_inspections": "上级检查", "checks_done": "人工检查时点"}


@dataclass(frozen=True)
class Records:
    """`live`: account_id, unit_id of the accounts judged. `found`: findings and upper vetoes, one row each.

    `office`: unit_id of the supervising office, as the register of units marks it; missing where it marks none.
    `checks`: check_item → its 已核查 rows. Rows dated before the quarter (or before the 办法) or after `as_of` are
    kept and marked, so that they can be counted instead of vanishing.
    """

    live: pd.DataFrame
    found: pd.DataFrame
    checks: Mapping[str, pd.DataFrame]
    office: str | None


def prepare(
    frames: Mapping[str, pd.DataFrame],
    live: pd.DataFrame,
    rules: Mapping[str, Rule],
    period: Span,
    as_of: dt.date,
    confirmers: int = 2,
) -> Records:
    """The records of a quarter or a year; XmtError with every record that no rule can place.

    `confirmers`: how many different people must have confirmed a grave misstatement (readings 31).
    """
    first = pd.Timestamp(max(period.start, LAW_IN_FORCE))
    owner = frames["accounts"].set_index("account_id")["owner_id"]
    findings, upper = frames["findings"], frames["upper_inspections"]
    problems = _unknown_items(frames, rules) + _misplaced(findings, rules, owner) + _odd_severities(findings, rules)
    problems += _odd_kinds(findings, rules)
    if problems:
        raise XmtError(problems)
    own = _from_findings(findings, first, pd.Timestamp(as_of), confirmers)
    vetoes = _from_inspections(upper[upper["is_veto"]], rules, first, pd.Timestamp(min(period.end, as_of)))
    found = pd.concat([own, vetoes], ignore_index=True)
    judged_as = found["account_id"].map(live.set_index("account_id")["unit_id"]).astype("str")
    found["unit_id"] = judged_as.fillna(found["account_id"].map(owner).astype("str")).fillna(found["unit_id"])
    office = supervisor_of(frames["units"])
    of_office = found["check_item"].isin([rule.id for rule in rules.values() if rule.subject == "office"])
    found["unit_id"] = found["unit_id"].mask(of_office, office or OFFICE_UNKNOWN)
    checks = frames["checks_done"]
    day = checks["checked_at"].dt.normalize()
    checks = checks.assign(is_in_time=day.between(first, pd.Timestamp(as_of)))
    return Records(live, found, {str(item): rows for item, rows in checks.groupby("check_item", sort=False)}, office)


def supervisor_of(units: pd.DataFrame) -> str | None:
    """The unit that is the supervising office (第三条): the first that the register marks, None where it marks none."""
    marked = units.loc[units["is_supervisor"].fillna(False).astype(bool), "unit_id"]
    return str(marked.iloc[0]) if len(marked) else None


def _from_findings(findings: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, confirmers: int) -> pd.DataFrame:
    one, two = (findings[name].str.strip().fillna("") for name in ("confirmer_1", "confirmer_2"))
    named = (one != "").astype("i8") + ((two != "") & (two != one)).astype("i8")
    kinds = {code: f"（{law.citation(place)}：{_item_text(place)}）" for code, place in KIND_PLACES.items()}
    return findings.assign(
        description=findings["description"] + findings["forbidden_kind"].map(kinds).astype("str").fillna(""),
        level=findings["found_by_level"],
        when=findings["found_on"],
        kind=np.where(findings["found_by_level"] == Level.COUNTY, OWN, UPPER),
        is_confirmed=(named >= confirmers).astype(bool),
        is_in_time=findings["found_on"].between(first, last),
    )[_FOUND]


def _item_text(place: str) -> str:
    """The law's words for one of the ten kinds of 第八条, without the mark at their end."""
    return law.article(place).rstrip(";。")


def _from_inspections(
    vetoes: pd.DataFrame, rules: Mapping[str, Rule], first: pd.Timestamp, last: pd.Timestamp
) -> pd.DataFrame:
    """A veto that names no veto item of ours is taken by the rule that gathers them: it must not be lost."""
    gatherer = next((rule.id for rule in rules.values() if rule.gathers_grave), None)
    known = vetoes["check_item"].isin([rule.id for rule in rules.values() if rule.is_veto])
    return vetoes.assign(
        check_item=vetoes["check_item"].where(known, gatherer),
        event_id=vetoes["event_id"].fillna(vetoes["inspection_id"]),
        severity=pd.Series(pd.NA, index=vetoes.index, dtype="str"),
        when=vetoes["inspected_on"],
        description=vetoes["description"] + "（" + vetoes["document_no"] + "）",
        url=pd.Series(pd.NA, index=vetoes.index, dtype="str"),
        kind=INSPECTION,
        is_confirmed=True,
        is_in_time=vetoes["inspected_on"].between(first, last),
    )[_FOUND]


def _problems(rows: pd.DataFrame, frame: str, column: str, what: str, todo: str) -> list[Problem]:
    """One message for each of the (few) rows that cannot be used; {value} is what stands in the cell."""
    sheet_rows = rows[["src_file", "src_sheet", "src_row", column]].itertuples(index=False)
    return [
        Problem(
            place(file, sheet if isinstance(sheet, str) else None, row, heading(column)) or _NAMES[frame],
            what.format(value="" if pd.isna(value) else value),
            todo,
        )
        for file, sheet, row, value in sheet_rows
    ]


def _unknown_items(frames: Mapping[str, pd.DataFrame], rules: Mapping[str, Rule]) -> list[Problem]:
    found = []
    for name in _NAMES:
        rows = frames[name]
        unknown = rows[rows["check_item"].notna() & ~rows["check_item"].isin(list(rules))]
        found += _problems(unknown, name, "check_item", "没有“{value}”这个检查项目", "请从模板的下拉列表中选择")
    return found


def _misplaced(findings: pd.DataFrame, rules: Mapping[str, Rule], owner: pd.Series) -> list[Problem]:
    subject = findings["check_item"].map({rule.id: rule.subject for rule in rules.values()})
    no_account = (subject == "account") & findings["account_id"].isna()
    unknown = findings["account_id"].notna() & (owner.index.get_indexer(pd.Index(findings["account_id"])) < 0)
    no_unit = (subject == "unit") & findings["account_id"].isna() & findings["unit_id"].isna()
    return (
        _problems(
            findings[no_account],
            "findings",
            "account_id",
            "这个检查项目按账号扣分，但没有写是哪个账号",
            "请填写账号；涉及几个账号的，每个账号登记一行",
        )
        + _problems(
            findings[unknown],
            "findings",
            "account_id",
            "账号“{value}”不在账号备案台账中",
            "请改正账号，或先在台账中登记它",
        )
        + _problems(findings[no_unit], "findings", "unit_id", "没有写是哪个单位", "请填写单位")
    )


def _odd_severities(findings: pd.DataFrame, rules: Mapping[str, Rule]) -> list[Problem]:
    found = []
    words = {code: spoken[0] for code, spoken in choices("severity").items()}
    given = findings[findings["severity"].notna()]
    for item, rows in given.groupby("check_item", sort=True):
        rule = rules.get(str(item))
        if rule is None or not rule.by_people:
            continue
        allowed = rule.severities or GENERAL_SEVERITIES
        odd = rows[~rows["severity"].isin(allowed)]
        spoken = odd.assign(severity=odd["severity"].map(words).fillna(odd["severity"]))
        todo = f"这个项目可填：{'、'.join(words[case] for case in allowed)}；也可以留空"
        found += _problems(spoken, "findings", "severity", f"“{rule.label}”没有“{{value}}”这种情形", todo)
    return found


def _odd_kinds(findings: pd.DataFrame, rules: Mapping[str, Rule]) -> list[Problem]:
    """Where a rule gathers several of the ten kinds of 第八条 a finding says which; one of another kind stands elsewhere."""
    found = []
    for rule in (rule for rule in rules.values() if rule.forbidden_kinds):
        rows = findings[findings["check_item"] == rule.id]
        kind = rows["forbidden_kind"]
        words = {code: spoken[0] for code, spoken in choices("forbidden_kind").items()}
        todo = f"可填：{'、'.join(words[code] for code in rule.forbidden_kinds)}"
        if len(rule.forbidden_kinds) > 1:
            found += _problems(rows[kind.isna()], "findings", "forbidden_kind", "没有写是第八条的哪一类", f"请从下拉列表选择；{todo}")
        odd = rows[kind.notna() & ~kind.isin(rule.forbidden_kinds)]
        odd = odd.assign(forbidden_kind=odd["forbidden_kind"].map(words))
        what = f"“{{value}}”不登记在“{rule.label}”"
        found += _problems(odd, "findings", "forbidden_kind", what, f"请改正检查项目或类别；这个项目{todo}")
    return found


def of_rule(rule: Rule, records: Records, vetoes: frozenset[str]) -> tuple[pd.DataFrame, list[str]]:
    """The rows of `found` that concern a rule, and what was left aside and why.

    `vetoes`: ids of the veto rules; a grave misstatement recorded under one of them is judged there.
    """
    found = records.found
    mine = found["check_item"] == rule.id
    if rule.gathers_grave:
        mine |= (found["severity"] == Severity.GRAVE_MISSTATEMENT) & ~found["check_item"].isin(list(vetoes))
    rows = found[mine]
    notes = []
    late = ~rows["is_in_time"]
    if late.any():
        notes.append(f"{late.sum()} 条记录的日期不在本期（或在截止日之后），未计入")
    placeless = ~late & rows["account_id"].isna() if rule.subject == "account" else pd.Series(False, index=rows.index)
    if placeless.any():
        notes.append(f"{placeless.sum()} 条上级检查没有写明账号，不能落到账号上，只计入单位年度")
    return rows[~late & ~placeless], notes


def spoken_finder(rows: pd.DataFrame) -> pd.Series:
    """Who found it, in words: 县级发现 …"""
    spoken = {str(level): f"{word('level', level)}级发现" for level in Level if level != Level.NATIONAL}
    spoken[Level.NATIONAL] = "国家级发现"
    return rows["level"].map(spoken).astype("str")


def evidence_of(rows: pd.DataFrame, subject: str) -> pd.DataFrame:
    """Evidence rows of recorded findings; a duty of a unit or of the office names no account."""
    made = rows.assign(value=rows["description"])
    if subject != "account":
        made["account_id"] = pd.Series(pd.NA, index=made.index, dtype="str")
    wanted = [column for column in contract("evidence").names if column != "check_id"]
    return made[wanted]
