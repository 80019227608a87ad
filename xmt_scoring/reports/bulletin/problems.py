"""The problems of a quarter in code order: failing verdicts of accounts and units, one for each event, with who has them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from xmt_scoring.checks import load_rules
from xmt_scoring.checks.rules import Rule
from xmt_scoring.law import citation
from xmt_scoring.reports.bulletin.figures import Figure, Figures
from xmt_scoring.reports.bulletin.wording import listed, official, quoted, shortened

VETOES, OTHERS = "单项否决情形", "其他方面"
OFFICE_ARTICLES = ("21", "22", "23", "24")  # the office's own duties; whether problems were put right is told in the re-check
SHOWN = 3  # cases of one problem of one account that the list of problems writes out
BASES = {"national": "国家检查指标", "practice": "外地通行做法"}  # what is not in the 办法 is never passed off as an article of it


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its words, how many accounts or units and cases, and who."""

    check_id: str
    group: str
    problem: str
    is_of_units: bool
    n_subjects: Figure
    n_cases: Figure
    size: str
    names: str


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """check_id → what its failing is called, and what the cases are counted in."""
    return tomllib.loads(files("xmt_scoring.reports.bulletin").joinpath("problems.toml").read_text(encoding="utf-8"))


def problem_rows(found: pd.DataFrame, scheme: Mapping[str, Any]) -> pd.DataFrame:
    """The problems of accounts and units that a circular tells, in code order: vetoes, the scheme's items, what is not scored.

    `found`: failing verdicts, of this quarter or (`earlier_problems`) of the one before. Adds `group`, the heading under which
    it is told, and `order`. An event that touches several duties of one account is told once, under the first, as it is
    scored once.
    """
    rules = load_rules()
    places = _places(scheme, rules)
    told = [rule.id for rule in rules.values() if rule.period == "quarter" and rule.article.split(".")[0] not in OFFICE_ARTICLES]
    rows = found[found["check_id"].isin(told)]
    rows = rows.assign(
        order=rows["check_id"].map({check: number for number, check in enumerate(places)}).astype("i8"),
        group=rows["check_id"].map(places).astype("str"),
    )
    rows = rows.sort_values(["order", "unit_id", "account_id", "event_id"], kind="stable", na_position="first")
    is_again = rows["event_id"].notna() & rows.duplicated(["unit_id", "account_id", "event_id"])
    return rows[~is_again].reset_index(drop=True)


def _places(scheme: Mapping[str, Any], rules: Mapping[str, Rule]) -> dict[str, str]:
    """check_id → heading, in code order."""
    blocks = {str(block["id"]): f"{block['name']}方面" for block in scheme.get("blocks", ())}
    places = {str(check): VETOES for veto in scheme.get("vetoes", ()) for check in veto["checks"]}
    for item in scheme.get("items", ()):
        for check in item.get("checks", ()):
            places.setdefault(str(check), blocks.get(str(item.get("block")), f"{item['name']}方面"))
    for rule in rules:
        places.setdefault(rule, OTHERS)
    return places


def kinds(rows: pd.DataFrame, accounts: pd.DataFrame, houses: pd.DataFrame, figures: Figures) -> list[Kind]:
    """Each kind of problem in code order, with its figures. `accounts`: as `owners.named_accounts` makes it."""
    full = accounts.set_index("account_id")["full_name"]
    unit_names = houses.set_index("unit_id")["unit_name"]
    rows = rows.assign(subject=rows["account_id"].map(full).astype("str").fillna(rows["unit_id"].map(unit_names).astype("str")))
    return [_kind(str(check), part, figures) for check, part in rows.groupby("check_id", sort=False)]


def _kind(check: str, part: pd.DataFrame, figures: Figures) -> Kind:
    said, is_of_units = words()[check], bool(part["account_id"].isna().all())
    per_subject = part.groupby("subject", sort=False).size()
    called, measure = said["problem"], said.get("measure", "")
    subjects = figures.count(
        f"问题/{called}/{'单位' if is_of_units else '账号'}数", len(per_subject), "verdicts", f"{check} 不合格的{'单位' if is_of_units else '账号'}数"
    )
    cases = figures.count(f"问题/{called}/件数", len(part), "verdicts", f"{check} 不合格的条数，同一事件只计一次")
    size = f"涉及{subjects}{'个单位' if is_of_units else '个账号'}"
    counted = bool(measure) and len(part) > len(per_subject)
    if counted:
        size += f"，共{cases}{measure}"
    names = [str(name) for name in per_subject.index]
    if counted:
        each = [figures.count(f"问题/{called}/{name}", int(per_subject[name]), "verdicts", f"{check} 不合格的条数") for name in names]
        names = [_with_count(name, number, measure) for name, number in zip(names, each, strict=True)]
    return Kind(check, str(part["group"].iloc[0]), called, is_of_units, subjects, cases, size, listed(names))


def _with_count(name: str, number: Figure, measure: str) -> str:
    return f"{name[:-1]}，{number}{measure}）" if name.endswith("）") else f"{name}（{number}{measure}）"


def problem_list(rows: pd.DataFrame, accounts: pd.DataFrame, houses: pd.DataFrame) -> list[tuple[str, ...]]:
    """附件：单位, 账号（平台）, 问题, 具体情况, 件数, 依据; one row for each kind of problem of each account or unit, by unit."""
    rules = load_rules()
    called = dict(zip(accounts["account_id"], accounts["account_name"] + "（" + accounts["platform"] + "）", strict=True))
    unit_names = dict(zip(houses["unit_id"], houses["unit_name"], strict=True))
    rows = rows.sort_values(["unit_id", "account_id", "order"], kind="stable", na_position="first")
    told: list[tuple[str, ...]] = []
    for _, part in rows.groupby(["unit_id", "account_id", "check_id"], sort=False, dropna=False):
        first = part.iloc[0]
        rule = rules[first["check_id"]]
        cases = list(dict.fromkeys(_case(message, event, called) for message, event in zip(part["message"], part["event_id"], strict=True)))
        details = "；".join(cases[:SHOWN]) + (f"等{len(part)}处" if len(cases) > SHOWN else "")
        account = "—" if pd.isna(first["account_id"]) else called[first["account_id"]]
        basis = BASES.get(rule.basis) or f"《办法》{citation(rule.article)}"
        told.append((unit_names[first["unit_id"]], account, words()[rule.id]["problem"], details, str(len(part)), basis))
    return told


def _case(message: str, event: object, called: Mapping[str, str]) -> str:
    """A verdict's message for the public; the number of the account that a unit's problem is about becomes its name."""
    about = str(event).partition("|")[0]
    if about in called:
        message = re.sub(rf"(?<![0-9A-Za-z]){re.escape(about)}(?![0-9A-Za-z])", lambda _: quoted(called[about]), message)
    return shortened(official(message)).rstrip("。")
