"""What an undecided setting would change: the same as running everything again, and nothing is written."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from support_frames import AS_OF, PERIOD, imported_frames, small_quarter

from xmt_scoring import effects as module
from xmt_scoring.cli.readings import estimate, show_effects
from xmt_scoring.effects import Inputs, Trial, effects, holiday_weeks, trials
from xmt_scoring.periods import Quarter
from xmt_scoring.scoring import load_scheme
from xmt_scoring.settings import Settings, definitions

SCHEME = load_scheme("taibai_quarterly_2021")


def inputs(settings=None, **changed):
    return Inputs(imported_frames(), None, PERIOD, AS_OF, SCHEME, settings or Settings.default(**changed))


def test_every_undecided_setting_is_tried_with_every_other_value_and_a_decided_one_is_not():
    tried = trials(inputs())
    assert Trial("reply_unit", "workday") in tried
    assert [trial.value for trial in tried if trial.key == "na_policy"] == ["rescale", "redistribute"]
    assert [trial.value for trial in tried if trial.key == "min_live_days"] == [0, 60]
    stages = {definitions()[trial.key]["stage"] for trial in tried}
    assert stages == {"as_of", "facts", "checks", "score", "states"}
    decided = replace(Settings.default(), decided={"reply_unit": {"by": "县政府办", "on": dt.date(2026, 1, 5)}})
    assert "reply_unit" not in {trial.key for trial in trials(inputs(decided))}


def test_the_grace_days_are_tried_only_where_the_quarter_was_run_with_them():
    assert "grace_days" in {trial.key for trial in trials(inputs())}
    assert "grace_days" not in {trial.key for trial in trials(replace(inputs(), as_of=dt.date(2025, 10, 9)))}


@pytest.mark.parametrize(
    ("quarter", "weeks"), [("2025Q1", ["2025-01-27"]), ("2025Q3", []), ("2025Q4", ["2025-09-29", "2025-10-06"])]
)
def test_the_weeks_tried_as_exempt_are_those_of_the_long_holidays(quarter, weeks):
    assert [str(day) for day in holiday_weeks(Quarter.parse(quarter), Settings.default())] == weeks


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return effects(inputs())


@pytest.mark.long
def test_what_is_told_is_what_running_everything_again_gives(found):
    now = module._first_run(inputs())
    once = set()
    for (_, line), trial in zip(found.iterrows(), trials(inputs()), strict=True):
        if trial.key in once or definitions()[trial.key]["stage"] == "score":
            continue  # scoring is done again in full for every trial
        once.add(trial.key)
        there = replace(inputs(), settings=Settings.default(**{trial.key: trial.value}))
        if definitions()[trial.key]["stage"] == "as_of":
            there = replace(there, as_of=PERIOD.default_as_of(trial.value))
        differences = module._differences(now, module._first_run(there))
        assert {name: line[name] for name in differences} == differences, trial


def test_a_missed_week_under_another_reading_is_counted_and_the_unit_named(found):
    line = found[found["key"] == "vetoed_account_in_unit"].iloc[0]
    assert (line["n_accounts_judged"], line["n_accounts_scored"], line["n_units_score"]) == (0, 0, 1)
    assert line["units"].startswith("县丙局 0.00→不参评")
    line = found[found["key"] == "local_veto_personal_data"].iloc[0]
    assert line["other"] == "是"
    assert line["n_accounts_scored"] >= 1


@pytest.mark.long
def test_the_command_estimates_from_the_saved_frames_and_writes_nothing(tmp_path, capsys):
    ws = small_quarter(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    shown = estimate(ws, "2025Q3")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert list(shown["key"].unique()) == list(dict.fromkeys(trial.key for trial in trials(inputs())))
    show_effects(shown, "2025Q3")
    printed = capsys.readouterr().out
    assert "没有影响" in printed
    assert "whole_quarter" in printed
