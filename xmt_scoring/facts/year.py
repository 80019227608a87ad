"""Everything that the rules of a year are judged on: units, quarters, upper findings, papers, people, rectification."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xmt_scoring.errors import Problem
from xmt_scoring.facts.ownership import account_owners, owner_on, unexplained_owners
from xmt_scoring.facts.upper import SOURCE, counted_events, upper_findings, vetoes_left_out
from xmt_scoring.facts.year_people import training_facts
from xmt_scoring.frames import conform
from xmt_scoring.glossary import choices
from xmt_scoring.periods import Year
from xmt_scoring.settings import Settings


@dataclass(frozen=True)
class YearFacts:
    """`registers` with what people recorded placed on the unit of that day; `facts` by frame name; the problems."""

    registers: dict[str, pd.DataFrame]
    facts: dict[str, pd.DataFrame]
    problems: list[Problem]


def build_year_facts(
    registers: Mapping[str, pd.DataFrame],
    differences: pd.DataFrame,
    quarters: Mapping[str, Mapping[str, pd.DataFrame]],
    expected: Sequence[str],
    veto_checks: Collection[str],
    year: Year,
    as_of: dt.date,
    settings: Settings,
) -> YearFacts:
    """All facts of a year.

    `registers`, `differences`: from `merge_registers`. `quarters`: name → frames of each scored quarter; `expected`:
    the names of the four quarters. `veto_checks`: the rules that veto an account-quarter.
    """
    until = pd.Timestamp(as_of)
    owners, problems = account_owners(registers["accounts"], registers["account_events"], registers["units"])
    upper, more = upper_findings(registers, owners, counted_events(quarters), veto_checks, year, until)
    problems += more + unexplained_owners(differences, owners, upper["account_id"].dropna()) + vetoes_left_out(upper, quarters, settings)
    by_quarter = year_quarters(registers["units"], quarters, expected)
    units = _year_units(registers["units"], by_quarter, quarters, upper)
    facts = {
        "account_owners": owners,
        "upper_findings": upper,
        "year_quarters": by_quarter,
        "year_units": units,
        "policy_facts": _policies(registers["unit_docs"], registers["units"], until),
        "training_facts": training_facts(registers["staff"], registers["trainings"], year, as_of),
        "rectification_facts": _rectifications(registers["rectifications"], year, until, settings["rectification_days"]),
        "year_registers": _sizes(registers),
    }
    findings = registers["findings"]
    owner = owner_on(owners, findings["account_id"], findings["found_on"])
    placed = {**registers, "findings": findings.assign(unit_id=owner.fillna(findings["unit_id"]))}
    return YearFacts(placed, facts, problems)


def year_quarters(
    units: pd.DataFrame, quarters: Mapping[str, Mapping[str, pd.DataFrame]], expected: Sequence[str]
) -> pd.DataFrame:
    """Frame `year_quarters`: every unit × every quarter of the year, with its printed score and what it rests on."""
    every = pd.MultiIndex.from_product([sorted(units["unit_id"]), list(expected)], names=["unit_id", "quarter"])
    columns = ["low", "high", "score", "grade", "rank", "n_accounts_scored"]
    parts = [frames["unit_scores"].assign(quarter=name) for name, frames in quarters.items()]
    scores = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["unit_id", "quarter", *columns])
    made = scores.set_index(["unit_id", "quarter"])[columns].reindex(every).reset_index()
    is_absent = ~made["quarter"].isin(list(quarters))
    is_empty = made["low"].isna()
    state = np.select([is_absent, is_empty, made["score"].isna()], ["absent", "no_account", "open"], "decided")
    return conform(made.drop(columns="n_accounts_scored").assign(quarter_state=state), "year_quarters")


def _year_units(
    units: pd.DataFrame, by_quarter: pd.DataFrame, quarters: Mapping[str, Mapping[str, pd.DataFrame]], upper: pd.DataFrame
) -> pd.DataFrame:
    """One row for each unit: how many quarters it was scored in, and whether a veto of any level was found or is open."""
    accounts = [frames["account_scores"] for frames in quarters.values()]
    every = pd.concat(accounts, ignore_index=True) if accounts else pd.DataFrame({"unit_id": [], "is_vetoed": [], "open_vetoes": []})
    vetoed = set(every.loc[every["is_vetoed"].astype(bool), "unit_id"]) | set(upper.loc[upper["is_veto"].astype(bool), "unit_id"])
    waiting = set(every.loc[every["open_vetoes"].notna(), "unit_id"])
    rows = [frames["contributions"] for frames in quarters.values()]
    lost = set().union(*(each.loc[each["status"] == "decided", "unit_id"] for each in rows))  # what is open was not found yet
    state = by_quarter.assign(has=by_quarter["low"].notna(), absent=by_quarter["quarter_state"] == "absent").groupby("unit_id")
    ordered = units.sort_values("unit_id", ignore_index=True)
    return conform(
        pd.DataFrame(
            {
                "unit_id": ordered["unit_id"],
                "unit_name": ordered["unit_name"],
                "n_quarters": ordered["unit_id"].map(state["has"].sum()),
                "n_quarters_missing": ordered["unit_id"].map(state["absent"].sum()),
                "has_veto": ordered["unit_id"].isin(list(vetoed)),
                "has_open_veto": ordered["unit_id"].isin(list(waiting)),
                "has_losses": ordered["unit_id"].isin(list(lost)),
            }
        ),
        "year_units",
    )


def _policies(docs: pd.DataFrame, units: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Frame `policy_facts`: for every unit and kind of paper the first one issued by the last usable day (第十八条).

    `has_register`: the register names the unit, if only with a row without a date."""
    key = ["unit_id", "doc_kind"]
    there = docs[docs["issued_on"] <= until].sort_values(["issued_on", "title"]).drop_duplicates(key)
    every = pd.MultiIndex.from_product([sorted(units["unit_id"]), list(choices("doc_kind"))], names=key)
    made = there.set_index(key)[["issued_on", *SOURCE]].reindex(every).reset_index()
    return conform(made.assign(has_register=made["unit_id"].isin(docs["unit_id"])), "policy_facts")


def _rectifications(rows: pd.DataFrame, year: Year, until: pd.Timestamp, days: int) -> pd.DataFrame:
    """Frame `rectification_facts`: problems found in the year; one without a deadline has the office's usual one."""
    rows = rows[rows["found_on"].between(pd.Timestamp(year.start), min(pd.Timestamp(year.end), until))]
    usual = rows["found_on"] + pd.Timedelta(days=days)
    wanted = ["rectification_id", "unit_id", "found_on", "resolved_on", "rectify_result", "description", *SOURCE]
    resolved = rows["resolved_on"].where(rows["resolved_on"] <= until)
    return conform(rows[wanted].assign(rectify_by=rows["rectify_by"].fillna(usual), resolved_on=resolved), "rectification_facts")


def _sizes(registers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Frame `year_registers`: how many rows each register has; one without any says nothing about anybody."""
    return conform(pd.DataFrame({"register": list(registers), "n_rows": [len(rows) for rows in registers.values()]}), "year_registers")
