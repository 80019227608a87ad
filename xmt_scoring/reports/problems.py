"""What a unit has to put right: one row for each failing verdict of its own duties, with article, evidence and a lasting number."""

from __future__ import annotations

import datetime as dt
import hashlib

import numpy as np
import pandas as pd

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.errors import XmtError
from xmt_scoring.law import citation
from xmt_scoring.model import Outcome
from xmt_scoring.reports.bulletin.problems import problem_rows as told_rows
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.sheets_data import with_evidence
from xmt_scoring.reports.tables import Names
from xmt_scoring.workspace import QuarterData

OVERDUE = "art21_unfixed_problem"  # 第二十一条: a problem of an earlier quarter that has its row in the register already
OVERDUE_GROUP = "以前的问题没有按期整改"
COLUMNS = [
    "problem_id", "unit_id", "account_id", "check_id", "event_id", "group", "label", "article", "cited", "says", "is_law", "message",
    "fact", "evidence", "url", "remedy", "found_on", "is_overdue",
]  # fmt: skip
NUMBER_LENGTH = 8


def problem_rows(data: QuarterData) -> pd.DataFrame:
    """One row for each problem that a unit answers for, by unit, account and code order, as a circular counts them.

    problem_id (`2025Q3-1a2b3c4d`, from rule, subject and event, so that it stays the same when others come or go; for
    an overdue problem of an earlier quarter the number that it has in the register), unit_id, account_id (missing for a
    duty of the unit), check_id, event_id, group, label, article (its code), cited (第十一条第1项), says (the words of the
    办法, or the reference of a rule that is not in it), is_law, message (with the other duties that the same event
    touches), fact (the same without the words that only name the duty) and evidence (numbers of persons hidden), url,
    remedy, found_on, is_overdue. Duties of the supervising office itself, and hints, are nobody's problem here.
    """
    verdicts = data.frames["verdicts"]
    failed = verdicts[(verdicts["outcome"] == Outcome.FAIL).to_numpy(dtype=bool)]
    own = told_rows(failed[failed["check_id"].isin(_own_rules())], data.scheme)
    overdue = failed[failed["check_id"] == OVERDUE].assign(group=OVERDUE_GROUP, order=len(load_rules()))
    rows = pd.concat([part for part in (own, overdue) if len(part)] or [own], ignore_index=True)
    rows = with_evidence(rows, data.frames["evidence"])
    is_overdue = (rows["check_id"] == OVERDUE).to_numpy(dtype=bool)
    touched = _touched_too(rows, failed)
    message = _named(mask_numbers(_one_line(rows["message"])), rows, data)
    rows = rows.assign(
        problem_id=_numbers(rows, str(data.period)).mask(is_overdue, rows["event_id"]),
        label=_of_rules(rows["check_id"], "label"),
        cited=rows["article"].map({code: citation(code) for code in rows["article"].unique()}).astype("str"),
        says=_of_rules(rows["check_id"], "quote").fillna(_of_rules(rows["check_id"], "reference")).fillna(""),
        is_law=(_of_rules(rows["check_id"], "basis") == "taibai_2021").astype("boolean"),
        message=message + touched,
        fact=_facts(message, rows["check_id"]) + touched,
        evidence=_named(mask_numbers(_proof(rows, data.frames["evidence"])), rows, data),
        url=rows["url"].astype("str").fillna(""),
        remedy=_of_rules(rows["check_id"], "remedy"),
        found_on=_found_on(data, rows["event_id"]),
        is_overdue=is_overdue,
    )
    units, accounts = data.frames["units"]["unit_id"], data.frames["accounts"]["account_id"]
    rows = rows.assign(
        unit_place=rows["unit_id"].map(_order(units)), account_place=rows["account_id"].map(_order(accounts)).fillna(len(accounts))
    )
    rows = rows.sort_values(["unit_place", "account_place", "order", "event_id"], kind="stable", ignore_index=True)
    return rows[COLUMNS]


def problems_of_units(data: QuarterData) -> pd.DataFrame:
    """`problem_rows` of registered units: a duty of an office that nobody has marked has no addressee."""
    rows = problem_rows(data)
    return rows[rows["unit_id"].isin(data.frames["units"]["unit_id"])].reset_index(drop=True)


def _own_rules() -> list[str]:
    """Duties of units and accounts that fail in a quarter; not those of the office, and no hints."""
    return [rule.id for rule in load_rules().values() if rule.subject != "office" and rule.kind != "hint" and rule.period == "quarter" and rule.id != OVERDUE]


def _order(ids: pd.Series) -> dict[str, int]:
    return {each: place for place, each in enumerate(ids)}


def _of_rules(checks: pd.Series, name: str) -> pd.Series:
    return checks.map({rule.id: getattr(rule, name) for rule in load_rules().values()}).astype("str")


def _one_line(texts: pd.Series) -> pd.Series:
    """Titles of posts bring line breaks along."""
    return texts.str.replace(r"\s*\n\s*", " ", regex=True).str.strip()


def _facts(messages: pd.Series, checks: pd.Series) -> pd.Series:
    """`文字差错:“按装”…` → `“按装”…`, where the rule's words before the facts say no more than its name; a veto keeps them."""
    heads = {}
    for rule in load_rules().values():
        head, found, rest = rule.texts[Outcome.FAIL].partition("{observed}")
        if found and not rest and head.endswith(":") and not rule.is_veto:
            heads[rule.id] = head
    return pd.Series(
        [text.removeprefix(heads.get(check, "")) for text, check in zip(messages, checks, strict=True)], index=messages.index, dtype="str"
    )


def _named(texts: pd.Series, rows: pd.DataFrame, data: QuarterData) -> pd.Series:
    """The id of the account that a duty of the unit is about, as the account's name: units do not know our ids."""
    names, about = Names.of(data.frames).accounts, rows["event_id"].str.replace(r"\|.*", "", regex=True)
    told = [
        text.replace(str(one), f"“{names[one]}”") if pd.isna(account) and one in names else text
        for text, one, account in zip(texts, about, rows["account_id"], strict=True)
    ]
    return pd.Series(told, index=texts.index, dtype="str")


def _touched_too(rows: pd.DataFrame, failed: pd.DataFrame) -> pd.Series:
    """The other duties that the same event of the same subject offends against: told beside it, counted once."""
    keys = ["unit_id", "account_id", "event_id"]
    others = failed[failed["event_id"].notna() & failed["check_id"].isin(_own_rules())]
    others = others[[*keys, "check_id", "article"]].merge(rows[[*keys, "check_id"]], on=keys, suffixes=("", "_told"))
    others = others[others["check_id"] != others["check_id_told"]]
    words = _of_rules(others["check_id"], "label") + "，" + others["article"].map(citation).astype("str")
    also = words.groupby([others[key].fillna("") for key in keys]).agg("；".join).astype("str")
    found = also.reindex(pd.MultiIndex.from_frame(rows[keys].fillna("")))
    said = "（同一事件还涉及" + pd.Series(found.to_numpy(), index=rows.index, dtype="str") + "）"
    return said.where((rows["check_id"] != OVERDUE).to_numpy(), "").fillna("")


def _proof(rows: pd.DataFrame, evidence: pd.DataFrame) -> pd.Series:
    """What was seen and when, then the rows of the files; what was seen alone where no file shows it."""
    keys = ["check_id", "unit_id", "account_id", "event_id"]
    seen = evidence.assign(**{key: evidence[key].fillna("") for key in keys}).drop_duplicates(keys)
    when = seen["when"].dt.strftime("%Y-%m-%d %H:%M").str.removesuffix(" 00:00").astype("str")
    head = seen["kind"] + (" " + when).fillna("")
    told = pd.DataFrame({"head": head, "value": ("：" + _one_line(seen["value"])).fillna("")}).set_index(pd.MultiIndex.from_frame(seen[keys]))
    own = told.reindex(pd.MultiIndex.from_frame(rows[keys].fillna(""))).set_index(rows.index).astype("str").fillna("")
    places = rows["evidence"].astype("str").fillna("")
    return (own["head"] + own["value"].where(places == "", "") + "\n" + places).str.strip()


def _numbers(rows: pd.DataFrame, period: str) -> pd.Series:
    keys = rows[["check_id", "unit_id", "account_id", "event_id"]].fillna("").agg("|".join, axis=1) if len(rows) else pd.Series(dtype="str")
    made = keys.map(lambda key: f"{period}-{hashlib.sha256(f'{period}|{key}'.encode()).hexdigest()[:NUMBER_LENGTH]}").astype("str")
    if made.duplicated().any():
        raise XmtError.of("整改编号", f"两个问题得到了同一个编号 {made[made.duplicated()].iloc[0]}", "这是程序的错误，请把这句话发给维护人员")
    return made


def _found_on(data: QuarterData, events: pd.Series) -> pd.Series:
    """The day of the finding; what the data show was found when the quarter was over."""
    findings = data.frames["findings"]
    known = findings[findings["event_id"].notna()].drop_duplicates("event_id").set_index("event_id")["found_on"]
    last: dt.date = min(data.period.end, data.as_of)
    found = pd.Series(known.reindex(events).to_numpy(), index=events.index)
    return found.where(found.notna(), np.datetime64(last, "us"))
