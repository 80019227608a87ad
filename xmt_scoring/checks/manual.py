"""Duties that a person judges: findings fail, an 已核查 row passes, otherwise they stay open (`rulings.md` §2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xmt_scoring.checks.records import (
    OFFICE_UNKNOWN,
    OWN,
    UPPER,
    Records,
    evidence_of,
    of_rule,
    spoken_finder,
)
from xmt_scoring.checks.rules import GENERAL_SEVERITIES, Rule
from xmt_scoring.facts.codes import among
from xmt_scoring.model import CheckResult, Outcome, Severity

VERDICT = ["unit_id", "account_id", "event_id", "severity", "outcome", "observed", "allowed", "decided_by"]


def judge(rule: Rule, records: Records, vetoes: frozenset[str]) -> tuple[CheckResult, list[str]]:
    """Verdicts and evidence of a manual rule, and what was left aside and why.

    A subject with findings has one row for each event; one without passes where an 已核查 row covers it, otherwise
    it has one open row without event_id.
    """
    events, evidence, notes = recorded_events(rule, records, vetoes)
    subjects = subjects_of(rule, records)
    key = "account_id" if rule.subject == "account" else "unit_id"
    rest = subjects[~among(subjects[key], events[key])].reset_index(drop=True) if len(events) else subjects
    last_checked, more = _last_checked(rule, rest, records)
    done = last_checked.notna().to_numpy()
    spoken = {day: pd.Timestamp(day).strftime("%Y-%m-%d") for day in last_checked.dropna().unique()}
    quiet = rest.assign(
        event_id=_missing(rest),
        severity=_missing(rest),
        outcome=_either(done, Outcome.PASS, Outcome.UNVERIFIED),
        observed=last_checked.map(spoken).astype("str"),
        allowed=_missing(rest),
        decided_by=_either(done, "人工核查", None),
    )
    verdicts = pd.concat([events, quiet], ignore_index=True) if len(events) else quiet
    return CheckResult(verdicts[VERDICT], evidence), notes + more


def recorded_events(
    rule: Rule, records: Records, vetoes: frozenset[str]
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """The events that people recorded under a rule: verdict rows, evidence, and what was left aside.

    Point items count what the county found; what 市/省/国家 found is shown and counts in the year (`rulings.md` §4).
    A veto counts whoever found it; a grave misstatement needs two different confirmers (readings 31).
    """
    rows, notes = of_rule(rule, records, vetoes)
    evidence = evidence_of(rows, rule.subject)
    if not rule.is_veto:
        upper = rows["kind"] == UPPER
        if upper.any():
            notes.append(f"{upper.sum()} 条市级以上发现不在本季度扣分，计入年度")
        rows = rows[rows["kind"] == OWN]
    grave = (rows["severity"] == Severity.GRAVE_MISSTATEMENT).to_numpy(dtype=bool)
    is_open = grave & ~rows["is_confirmed"].to_numpy(dtype=bool) & rule.is_veto
    events = rows.assign(
        severity=_severity(rule, rows),
        outcome=_either(is_open, Outcome.UNVERIFIED, Outcome.FAIL),
        observed=rows["description"],
        allowed=_missing(rows),
        decided_by=spoken_finder(rows).where(~is_open),
    )
    if rule.subject != "account":
        events["account_id"] = _missing(rows)
    return _one_row_per_event(rule, events)[VERDICT], evidence, notes


def add_recorded_vetoes(
    result: CheckResult, rule: Rule, records: Records, vetoes: frozenset[str]
) -> tuple[CheckResult, list[str]]:
    """An automatic veto also counts what people found: their events take the place of a row without event."""
    events, evidence, notes = recorded_events(rule, records, vetoes)
    if not len(events):
        return result, notes
    old = result.verdicts
    replaced = old["event_id"].isna() & old["account_id"].map(events.groupby("account_id").size()).notna()
    verdicts = pd.concat(
        [old[~replaced], events[~among(events["event_id"], old["event_id"].dropna())]], ignore_index=True
    )
    return CheckResult(verdicts, pd.concat([result.evidence, evidence], ignore_index=True)), notes


def let_people_decide(
    result: CheckResult, rule: Rule, records: Records, vetoes: frozenset[str]
) -> tuple[CheckResult, list[str]]:
    """What the data left open is decided by people, as in a manual rule.

    A finding takes the place of the subject's row without event, and of the proposal that bears its event id; an
    已核查 row settles what is still open about the subject: a hint's proposals, otherwise the row without event.
    Findings about a subject that the data of an automatic rule have decided are only counted in the notes, but for a
    veto, which counts whoever found it.
    """
    key = "account_id" if rule.subject == "account" else "unit_id"
    old = result.verdicts
    is_open = old["outcome"].isin([Outcome.NO_DATA, Outcome.UNVERIFIED])
    if rule.kind != "hint":
        is_open &= old["event_id"].isna()
    events, evidence, notes = recorded_events(rule, records, vetoes)
    counts_all = rule.kind == "hint" or rule.is_veto
    taken = events if counts_all else events[among(events[key], old.loc[is_open, key])]
    if len(taken) < len(events):
        notes.append(_left(len(events) - len(taken)))
    is_decided = among(_pairs(old, key), _pairs(old[~is_open & old["event_id"].notna()], key))
    taken = taken[~among(_pairs(taken, key), _pairs(old[is_decided], key))]
    last_checked, more = _last_checked(rule, old, records)
    replaced = old["event_id"].isna() & among(old[key], taken[key])
    settled = replaced | (is_open & (among(_pairs(old, key), _pairs(taken, key)) | last_checked.notna()))
    kept = pd.concat([old[~settled], taken], ignore_index=True) if len(taken) else old[~settled]
    clean = old.assign(day=last_checked)[settled & ~among(old[key], kept[key])].drop_duplicates(key)
    passed = clean.assign(
        event_id=_missing(clean),
        severity=_missing(clean),
        outcome=_either(np.ones(len(clean), dtype=bool), Outcome.PASS, None),
        observed=clean["day"].dt.strftime("%Y-%m-%d").astype("str"),
        decided_by=_either(np.ones(len(clean), dtype=bool), "人工核查", None),
    )
    verdicts = pd.concat([part for part in (kept, passed) if len(part)] or [kept], ignore_index=True)[VERDICT]
    dismissed = old[settled & old["event_id"].notna()]
    own = result.evidence
    if len(dismissed):
        own = own[~among(_pairs(own, key), _pairs(dismissed, key))]
    mine = evidence[among(evidence["event_id"], taken["event_id"]) | (evidence["kind"] == UPPER)]
    return CheckResult(verdicts, pd.concat([own, mine], ignore_index=True) if len(mine) else own), notes + more


def _pairs(rows: pd.DataFrame, key: str) -> pd.Series:
    """Subject and event as one text; missing where there is no event."""
    return rows[key].astype("str") + "\t" + rows["event_id"].astype("str")


def _left(count: int) -> str:
    return f"另有 {count} 条人工发现登记在本规则上；本规则按登记表和导出数据判定，不另扣分"


def left_to_the_data(rule: Rule, records: Records) -> list[str]:
    """Findings recorded under a rule that the data decides are not counted twice: they are only counted here."""
    count = int((records.found["check_item"] == rule.id).sum())
    return [_left(count)] if count else []


def subjects_of(rule: Rule, records: Records) -> pd.DataFrame:
    """unit_id, account_id of everyone who has the duty: live accounts, units that own one, or the supervising office.

    A unit and the office have account_id missing; an office that nobody has marked is called OFFICE_UNKNOWN.
    """
    if rule.subject == "account":
        return records.live
    if rule.subject == "office":
        office = pd.DataFrame({"unit_id": [records.office or OFFICE_UNKNOWN]}, dtype="str")
        return office.assign(account_id=_missing(office))
    units = records.live[["unit_id"]].drop_duplicates(ignore_index=True)
    return units.assign(account_id=_missing(units))


def _severity(rule: Rule, rows: pd.DataFrame) -> pd.Series:
    if rule.severities == ():
        return _missing(rows)
    return rows["severity"].fillna((rule.severities or GENERAL_SEVERITIES)[0])


def _one_row_per_event(rule: Rule, events: pd.DataFrame) -> pd.DataFrame:
    """The same event recorded twice is one event: a failing row before an open one, then the gravest case."""
    ranks = {case: rank for rank, case in enumerate(rule.severities or GENERAL_SEVERITIES)}
    order = events.assign(
        _open=events["outcome"] != Outcome.FAIL,
        _rank=-events["severity"].map(ranks).fillna(-1).astype("i8"),
    ).sort_values(["_open", "_rank", "when", "src_file", "src_row"], kind="stable")
    kept = order.drop_duplicates(["unit_id", "account_id", "event_id"])
    return events.loc[kept.index.sort_values()]


def _last_checked(rule: Rule, subjects: pd.DataFrame, records: Records) -> tuple[pd.Series, list[str]]:
    """The day on which each subject was last checked for the rule's item; missing where nobody did."""
    rows = records.checks.get(rule.id)
    never = pd.Series(pd.NaT, index=subjects.index, dtype="datetime64[us]")
    if rows is None:
        return never, []
    late = ~rows["is_in_time"]
    notes = [f"{late.sum()} 条已核查记录的日期不在本期（或在截止日之后），未计入"] if late.any() else []
    rows = rows[~late].assign(day=rows["checked_at"].dt.normalize())
    latest = never.to_numpy().copy()
    everyone = rows.loc[rows["check_scope"] == "all", "day"].max()
    if not pd.isna(everyone):
        latest[:] = everyone.to_datetime64()
    for scope, column in (("unit", "unit_id"), ("account", "account_id")):
        part = rows[rows["check_scope"] == scope]
        if len(part) and not (scope == "account" and rule.subject != "account"):
            days = subjects[column].map(part.groupby(column)["day"].max()).to_numpy(dtype="M8[us]")
            latest = np.fmax(latest, days)
    return pd.Series(latest, index=subjects.index), notes


def _missing(like: pd.DataFrame) -> pd.Series:
    return pd.Series(np.nan, index=like.index, dtype="str")


def _either(where: np.ndarray, yes: str, no: str | None) -> pd.array:  # type: ignore[valid-type]
    """A text column of two values, made by position: fast for many rows."""
    return pd.array([str(yes), None if no is None else str(no)], dtype="str").take((~where).astype("i8"))
