"""Every case of every rule's cases.toml is a test: small tables in, the expected table out.

The tables of a case have Chinese headings and words, cells parted by ` | `, an empty cell means missing. Columns that a
case does not name are filled with ordinary values (`rule_tables.py`), registers that it does not name are empty.
"""

import datetime as dt
import tomllib
from importlib.resources import files

import pytest
from rule_tables import given, given_year, rows_of, table

from xmt_scoring.checks import runner
from xmt_scoring.checks.messages import render
from xmt_scoring.checks.records import prepare
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.checks.runner import run_rule
from xmt_scoring.checks.year import run_year_checks
from xmt_scoring.frames import conform, contracts
from xmt_scoring.periods import Quarter, Year
from xmt_scoring.settings import Settings


def cases():
    found = []
    for rule in load_rules().values():
        raw = tomllib.loads(files("xmt_scoring.checks").joinpath(rule.id, "cases.toml").read_text(encoding="utf-8"))
        found += [pytest.param(rule, case, id=f"{rule.id}: {case['name']}") for case in raw["cases"]]
    return found


def cases_of(period):
    return [case for case in cases() if case.values[0].period == period]


@pytest.mark.parametrize(("rule", "case"), cases_of("quarter"))
def test_the_case_holds(rule, case):
    assert set(case) <= {"name", "period", "as_of", "settings", "expected", "evidence", "note", *contracts()}
    period = Quarter.parse(case.get("period", "2026Q3"))
    as_of = case.get("as_of", period.end + dt.timedelta(days=10))
    frames = given(case, rule)
    quarters = frames["account_quarters"]
    settings = Settings.default(**case.get("settings", {}))
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    records = prepare(frames, live, load_rules(), period, as_of, settings["grave_confirmers"])
    result, notes = run_rule(rule, frames, records, load_rules(), period, as_of, settings)
    verdicts = result.verdicts.assign(check_id=rule.id, article=rule.article, message=render(rule, result.verdicts))
    expected = table(case["expected"], "verdicts")
    assert rows_of(conform(verdicts, "verdicts"), list(expected)) == rows_of(expected, list(expected))
    if "evidence" in case:
        shown = table(case["evidence"], "evidence")
        evidence = conform(result.evidence.assign(check_id=rule.id), "evidence")
        assert rows_of(evidence, list(shown)) == rows_of(shown, list(shown))
    if "note" in case:
        assert case["note"] in ";".join(notes)


@pytest.mark.parametrize(("rule", "case"), cases_of("year"))
def test_the_case_of_a_year_holds(rule, case):
    assert set(case) <= {"name", "as_of", "expected", *contracts()}
    year = Year(2026)
    frames = given_year(case, rule)
    as_of = case.get("as_of", year.end + dt.timedelta(days=31))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "load_rules", lambda: {rule.id: rule})  # only this one; records still know all items
        judged = run_year_checks(frames, frames, year, as_of, Settings.default())
    expected = table(case["expected"], "verdicts")
    assert rows_of(judged.verdicts, list(expected)) == rows_of(expected, list(expected))
