"""The rules of a year on every unit of the register, also on one that has no account (readings 23)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from xmt_scoring.checks.records import prepare
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.checks.runner import Judged, judge_all
from xmt_scoring.errors import Problem, XmtError, place
from xmt_scoring.glossary import heading
from xmt_scoring.periods import Year
from xmt_scoring.settings import Settings

UPPER = "upper_findings"


def run_year_checks(
    registers: Mapping[str, pd.DataFrame], facts: Mapping[str, pd.DataFrame], year: Year, as_of: dt.date, settings: Settings
) -> Judged:
    """Registers and facts of a year → verdicts, evidence, one line per rule.

    What is recorded under a quarter's rule counts under the year's rule of the same duty (`same_duty_as`). An 已核查 row
    speaks for the whole year only when it is dated after its last day. What people record in 人工核查 under
    a rule that counts 上级检查 is refused (XmtError): without level and document it can cost nobody the year.
    """
    rules = load_rules()
    by_inspection = [rule.id for rule in rules.values() if UPPER in rule.needs]
    same_duty = {rule.same_duty_as: rule.id for rule in rules.values() if rule.same_duty_as}
    findings, checks = (
        registers[name].assign(check_item=registers[name]["check_item"].replace(same_duty)) for name in ("findings", "checks_done")
    )
    wrong = findings[findings["check_item"].isin(by_inspection)]
    if len(wrong):
        raise XmtError(
            Problem(
                place(file, sheet if isinstance(sheet, str) else None, int(line), heading("check_item")),
                "上级检查发现的问题登记在了人工核查里",
                "请登记在“上级检查.xlsx”：层级、日期、文号、是否单项否决",
            )
            for file, sheet, line in zip(wrong["src_file"], wrong["src_sheet"], wrong["src_row"], strict=True)
        )
    final = {**registers, "findings": findings, "checks_done": checks[checks["checked_at"] >= pd.Timestamp(year.end)].reset_index(drop=True)}
    units = facts["year_units"][["unit_id"]]
    nobody = pd.DataFrame({"account_id": pd.Series(dtype="str"), "unit_id": pd.Series(dtype="str")})
    records = prepare(final, nobody, rules, year, as_of, settings["grave_confirmers"])
    placed = findings.drop_duplicates(["src_file", "src_sheet", "src_row"]).set_index(["src_file", "src_sheet", "src_row"])["unit_id"]
    on_the_day = placed.reindex(pd.MultiIndex.from_frame(records.found[["src_file", "src_sheet", "src_row"]])).to_numpy()
    found = records.found.assign(unit_id=pd.Series(on_the_day, index=records.found.index, dtype="str").fillna(records.found["unit_id"]))
    live = units.assign(account_id=pd.Series(pd.NA, index=units.index, dtype="str"))
    return judge_all({**final, **facts}, replace(records, live=live, found=found), year, as_of, settings)
