"""Runs the rules one by one: what they need is checked before, what they return is checked after (DESIGN section 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xmt_scoring.checks.appeals import upheld, withdraw
from xmt_scoring.checks.manual import (
    VERDICT,
    add_recorded_vetoes,
    judge,
    left_to_the_data,
    let_people_decide,
    subjects_of,
)
from xmt_scoring.checks.messages import render
from xmt_scoring.checks.records import Records, prepare
from xmt_scoring.checks.rules import Rule, chinese_headings, load_rules
from xmt_scoring.errors import Problem, RuleError, XmtError
from xmt_scoring.frames import conform, contract, empty, fitted
from xmt_scoring.model import CheckResult, Outcome
from xmt_scoring.periods import LAW_IN_FORCE, Quarter, Span
from xmt_scoring.settings import Settings

OPEN = (Outcome.NO_DATA, Outcome.UNVERIFIED)
_REGISTERS = ("units", "accounts", "findings", "upper_inspections", "checks_done")
NO_OFFICE = "“单位”登记表没有标明主管单位，请给县政府办公室的“是否主管单位”填“是”"
_EVIDENCE = [name for name in contract("evidence").names if name != "check_id"]


@dataclass(frozen=True)
class Judged:
    """Frames `verdicts`, `evidence`, `rules_run` and `withdrawn_verdicts` of one quarter or year, as `frames.toml` has them."""

    verdicts: pd.DataFrame
    evidence: pd.DataFrame
    rules_run: pd.DataFrame
    withdrawn_verdicts: pd.DataFrame


def run_checks(
    frames: Mapping[str, pd.DataFrame],
    facts: Mapping[str, pd.DataFrame],
    period: Span,
    as_of: dt.date,
    settings: Settings,
    only: Collection[str] | None = None,
) -> Judged:
    """Every rule (or those in `only`) of a quarter, or of a year: registers and facts → verdicts, evidence, a line per rule.

    A `Quarter` runs the rules with `period = "quarter"`, any other span those with `period = "year"`. The live
    accounts of `facts["account_quarters"]` (account_id, unit_id, is_live) are the ones judged, in a year as well.
    Raises RuleError with the rule's name when a rule raises or returns what it must not (never "no deduction"),
    XmtError when a person's record fits no rule, or when the quarter lies before the 办法 (第二十五条).
    """
    if period.end < LAW_IN_FORCE:
        raise XmtError.of(
            f"{period.label}",
            f"《办法》自 {LAW_IN_FORCE} 起施行，此前发生的不检查（第二十五条）",
            "请改用 2021Q3 或以后",
        )
    rules = load_rules()
    given = {**frames, **facts}
    for name in (*_REGISTERS, "account_quarters"):
        _needed(given, name, "检查")
    quarters = facts["account_quarters"]
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]].reset_index(drop=True)
    records = prepare(frames, live, rules, period, as_of, settings["grave_confirmers"])
    return judge_all(given, records, period, as_of, settings, only)


def judge_all(
    given: Mapping[str, pd.DataFrame],
    records: Records,
    period: Span,
    as_of: dt.date,
    settings: Settings,
    only: Collection[str] | None = None,
) -> Judged:
    """Every rule of the period on records that are ready: the rules of a quarter on a `Quarter`, else those of a year."""
    rules, verdicts, evidence, withdrawn, lines = load_rules(), [], [], [empty("withdrawn_verdicts")], []
    appeals = upheld(given, period)
    wanted = "quarter" if isinstance(period, Quarter) else "year"
    for rule in (rule for rule in rules.values() if rule.period == wanted and (only is None or rule.id in only)):
        result, notes = run_rule(rule, given, records, rules, period, as_of, settings)
        result, gone, more = withdraw(result, rule, appeals)
        if len(gone):
            gone = gone.assign(check_id=rule.id, article=rule.article, message=render(rule, gone))
            withdrawn.append(conform(gone[contract("withdrawn_verdicts").names], "withdrawn_verdicts"))
        said = result.verdicts.assign(check_id=rule.id, article=rule.article, message=render(rule, result.verdicts))
        # `verify` has looked for events that occur twice
        verdicts.append(fitted(said, "verdicts"))
        evidence.append(fitted(result.evidence.assign(check_id=rule.id), "evidence"))
        lines.append(_line(rule, result.verdicts["outcome"], notes + more))
    return Judged(
        pd.concat(verdicts, ignore_index=True),
        pd.concat(evidence, ignore_index=True),
        conform(pd.DataFrame(lines), "rules_run"),
        pd.concat(withdrawn, ignore_index=True),
    )


def run_rule(
    rule: Rule,
    given: Mapping[str, pd.DataFrame],
    records: Records,
    rules: Mapping[str, Rule],
    period: Span,
    as_of: dt.date,
    settings: Settings,
) -> tuple[CheckResult, list[str]]:
    """One rule: its verdicts and evidence, and what was left aside and why; RuleError when it does not keep its contract."""
    vetoes = frozenset(other.id for other in rules.values() if other.is_veto)
    needed = {name: _needed(given, name, f"规则 {rule.id}") for name in rule.needs}
    if rule.subject == "office" and records.office is None:
        result, notes = _without_office(rule, records), _waiting(rule, records)
    elif not rule.has_check:
        result, notes = judge(rule, records, vetoes)
    else:
        result = _called(rule, needed, parameters(rule, period, as_of, settings), records)
        if rule.by_people:
            result, notes = let_people_decide(result, rule, records, vetoes)
        elif rule.is_veto:
            result, notes = add_recorded_vetoes(result, rule, records, vetoes)
        else:
            notes = left_to_the_data(rule, records)
    verify(rule, result, subjects_of(rule, records))
    return CheckResult(result.verdicts[VERDICT], result.evidence.reindex(columns=_EVIDENCE)), notes


def _without_office(rule: Rule, records: Records) -> CheckResult:
    """Nobody knows whose duty it is: no data, with what to fill in."""
    told = subjects_of(rule, records).assign(outcome=str(Outcome.NO_DATA), observed=NO_OFFICE)
    return CheckResult(told.reindex(columns=VERDICT).astype("str"), pd.DataFrame())


def _waiting(rule: Rule, records: Records) -> list[str]:
    count = int((records.found["check_item"] == rule.id).sum())
    return [f"{count} 条人工发现要等标明主管单位后才计入"] if count else []


def parameters(rule: Rule, period: Span, as_of: dt.date, settings: Settings) -> dict[str, object]:
    """What a check is called with: dated values at the end of the period, its settings, the days, Chinese headings.

    `in_force_on` is the day of the 办法: nothing that happened before is judged (第二十五条).
    """
    return {
        **rule.values(period.end),
        **{name: settings[name] for name in rule.settings},
        "period_start": period.start,
        "period_end": period.end,
        "as_of": as_of,
        "period": str(period),
        "in_force_on": LAW_IN_FORCE,
        "headings": chinese_headings(rule),
    }


def _called(
    rule: Rule, needed: Mapping[str, pd.DataFrame], params: Mapping[str, object], records: Records
) -> CheckResult:
    """What the rule's function says. A duty of the office has only one subject, so its function names none."""
    try:
        result = rule.function(needed, params)
    except Exception as error:
        raise RuleError(_fault(rule.id, f"运行出错：{type(error).__name__} {error}")) from error
    if rule.subject == "office":
        whose = {"unit_id": records.office, "account_id": None}
        result = CheckResult(result.verdicts.assign(**whose), result.evidence.assign(**whose))
    if rule.kind == "hint" and (result.verdicts["outcome"] == Outcome.FAIL).any():
        raise RuleError(_fault(rule.id, "提示规则只能提出待核查，不能判不合格"))
    absent = [
        name
        for name in VERDICT
        if name not in result.verdicts.columns and name not in ("severity", "decided_by", "allowed")
    ]
    if absent:
        raise RuleError(_fault(rule.id, f"结果缺少列 {absent}"))
    verdicts = result.verdicts.reindex(columns=VERDICT).astype("str")
    is_open = (verdicts["outcome"] == Outcome.NO_DATA) | (verdicts["outcome"] == Outcome.UNVERIFIED)
    verdicts["decided_by"] = verdicts["decided_by"].fillna("数据").where(~is_open)
    return CheckResult(verdicts, result.evidence)


def verify(rule: Rule, result: CheckResult, subjects: pd.DataFrame) -> None:
    """Refuses (RuleError) a result with an unknown outcome, a subject without a verdict, an event that occurs twice, a
    pass beside a failure or an open row, or a verdict that names no unit or the wrong kind of subject."""
    verdicts, faults = result.verdicts, []
    key = "account_id" if rule.subject == "account" else "unit_id"
    unknown = set(verdicts["outcome"].unique()) - set(Outcome)
    if unknown:
        faults.append(f"不认识的结论 {sorted(map(str, unknown))}")
    names_account = verdicts["account_id"].notna()
    if verdicts["unit_id"].isna().any() or not (names_account if rule.subject == "account" else ~names_account).all():
        faults.append("结论的单位或账号写得不对")
    known = pd.Index(subjects[key])
    subject = known.get_indexer(pd.Index(verdicts[key]))  # -1: a closed account with a recorded finding
    settled = ((verdicts["outcome"] == Outcome.PASS) | (verdicts["outcome"] == Outcome.NOT_APPLICABLE)).to_numpy(
        dtype=bool
    )
    has_event = verdicts["event_id"].notna().to_numpy()
    rows, whole, passed = (
        np.bincount(subject[mask] + 1, minlength=len(known) + 1)[1:] for mask in (has_event | True, ~has_event, settled)
    )
    if (rows == 0).any():
        faults.append("有账号或单位没有结论")
    if verdicts[has_event].duplicated(["unit_id", "account_id", "event_id"]).any() or (whole > 1).any():
        faults.append("同一事件出现两次")
    if (settled & has_event).any() or ((passed > 0) & (rows > passed)).any():
        faults.append("同一账号或单位既有合格又有不合格或待定")
    if faults:
        raise RuleError(_fault(rule.id, "；".join(faults)))


def _needed(given: Mapping[str, pd.DataFrame], name: str, who: str) -> pd.DataFrame:
    if name not in given:
        raise RuleError(Problem(who, f"需要数据表 {name}，没有给出", "请先运行 xmt import，再运行 xmt check"))
    absent = [column for column in contract(name).names if column not in given[name].columns]
    if absent:
        raise RuleError(Problem(who, f"数据表 {name} 缺少列 {absent}", "请先重新运行 xmt import"))
    return given[name]


def _fault(rule: str, what: str) -> Problem:
    return Problem(f"规则 {rule}", what, "没有给出任何得分；请把这句话发给维护人员")


def _line(rule: Rule, outcomes: pd.Series, notes: list[str]) -> dict[str, object]:
    counts = outcomes.value_counts()
    counted = {f"n_{outcome.value}": int(counts.get(outcome, 0)) for outcome in Outcome}
    is_open = any(counted[f"n_{outcome.value}"] for outcome in OPEN)
    return {
        "check_id": rule.id,
        "article": rule.article,
        "label": rule.label,
        "basis": rule.basis,
        "rule_mode": rule.kind,
        "rule_state": "open" if is_open else "judged",
        **counted,
        "reason": "；".join(notes) or None,
    }
