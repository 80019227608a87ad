"""The demo county holds a failing case of every rule, and an account or unit that every veto of the schemes has hit."""

from importlib.resources import files

import pandas as pd
import pytest

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.periods import Quarter
from xmt_scoring.scoring import load_scheme, score_quarter
from xmt_scoring.scoring.options import options
from xmt_scoring.scoring.rubric import load_rubric
from xmt_scoring.settings import Settings

QUARTERS = ["2025Q1", "2025Q2", "2025Q3", "2025Q4"]
ONLY_MARKS = {"art03_self_run_account"}  # says whose account it is; being self-run is no fault
SCHEMES = files("xmt_scoring.scoring").joinpath("schemes")


def frame(demo, period, name):
    return pd.read_parquet(demo / "data" / "processed" / period / f"{name}.parquet", dtype_backend="pyarrow")


@pytest.fixture(scope="module")
def verdicts(demo) -> pd.DataFrame:
    return pd.concat([frame(demo, period, "verdicts") for period in (*QUARTERS, "2025")], ignore_index=True)


@pytest.fixture(scope="module")
def failed(verdicts) -> set[str]:
    return set(verdicts.loc[verdicts["outcome"] == "fail", "check_id"])


@pytest.mark.parametrize("rule", list(load_rules()))
def test_every_rule_folder_has_a_failing_case_in_the_demo(verdicts, failed, rule):
    if rule in ONLY_MARKS:
        own = set(verdicts.loc[verdicts["check_id"] == rule, "outcome"])
        assert {"pass", "not_applicable"} <= own and "fail" not in own
    else:
        assert rule in failed


def test_every_failing_case_says_what_was_seen_and_whose_it_is(verdicts):
    cases = verdicts[verdicts["outcome"] == "fail"]
    assert cases[["unit_id", "event_id", "message"]].notna().all().all()
    assert not cases["message"].str.contains("{", regex=False).any()


def test_every_check_of_every_veto_of_every_scheme_fails_somewhere_in_the_demo(failed):
    of_people = []
    for entry in SCHEMES.iterdir():
        if not entry.name.endswith(".toml"):
            continue
        for veto in load_rubric(entry.name.removesuffix(".toml")).vetoes:
            assert set(veto.checks) <= failed, (entry.name, veto.code)
            of_people += [] if veto.checks else [(entry.name, veto.code)]
    assert of_people == [("taibai_annual_2021.toml", "B0")]  # any veto of the year, whatever rule it was


def test_every_veto_of_the_quarter_has_brought_an_account_to_zero(demo):
    accounts = pd.concat([frame(demo, quarter, "account_scores").assign(quarter=quarter) for quarter in QUARTERS])
    hit = accounts[accounts["is_vetoed"]]
    assert set(hit["veto_code"]) == {veto.code for veto in load_scheme("taibai_quarterly_2021").vetoes}
    assert (hit["score"] == 0).all()
    last = hit[hit["quarter"] == "2025Q4"].set_index("account_id")["veto_code"].to_dict()
    assert last == {"YLWX08": "V1", "YLKH01": "V2", "YLWX12": "V3"}  # found by the city; an app; bought followers


@pytest.mark.parametrize("option", options()["vetoes"], ids=lambda entry: entry["code"])
def test_every_local_veto_hits_an_account_once_the_office_switches_it_on(demo, option):
    settings, scheme, hit = Settings.default(**{option["setting"]: True}), load_scheme("taibai_quarterly_2021"), set()
    for quarter in QUARTERS:
        given = [frame(demo, quarter, name) for name in ("verdicts", "account_quarters", "accounts", "units")]
        scores = score_quarter(*given, scheme, settings, Quarter.parse(quarter)).account_scores
        hit |= set(scores.loc[scores["is_vetoed"], "veto_code"])
    assert option["code"] in hit


def test_the_vetoes_of_the_year_are_one_that_zeroes_and_one_that_only_bars_the_bonus(demo):
    vetoes, units = frame(demo, "2025", "year_vetoes"), frame(demo, "2025", "unit_years").set_index("unit_id")
    assert vetoes["is_zeroing"].tolist().count(True) == 1
    assert units.loc[vetoes.loc[vetoes["is_zeroing"], "unit_id"], "score"].tolist() == [0]
    assert units.loc["YL07", "bonus"] == 0  # praised, but a city check vetoed one of its accounts


@pytest.mark.parametrize(("period", "name"), [*((quarter, "contributions") for quarter in QUARTERS), ("2025", "year_contributions")])
def test_every_decided_loss_cites_a_row_of_a_file(demo, period, name):
    rows = frame(demo, period, name)
    rows = rows[rows["kind"].isin(["loss", "carried", "veto"]) & (rows["status"] == "decided") & rows["check_id"].notna()]
    shown = frame(demo, period, "evidence").dropna(subset=["src_file", "src_row", "event_id"])
    cited = set(zip(shown["check_id"], shown["event_id"], strict=True))
    assert [key for key in zip(rows["check_id"], rows["event_id"], strict=True) if key not in cited] == []
    assert len(rows)
