"""The demo county: repeatable to the byte, every trap in it, and its scores as worked out outside the package."""

from __future__ import annotations

import ast
import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from golden import build_golden

from xmt_scoring.checks import Judged, run_checks
from xmt_scoring.demo import write_county
from xmt_scoring.facts import build_facts
from xmt_scoring.ingest import Imported, import_folder
from xmt_scoring.periods import Quarter
from xmt_scoring.points import SCALE, from_decimal
from xmt_scoring.scoring import Scored, load_scheme, score_quarter
from xmt_scoring.scoring.item_words import check_items
from xmt_scoring.settings import Settings

GOLDEN = Path(__file__).parent / "golden"
DECIDED = ["2025Q1", "2025Q2", "2025Q3"]


@dataclass(frozen=True)
class Run:
    imported: Imported
    facts: dict[str, pd.DataFrame]
    judged: Judged
    scored: Scored


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("county")
    write_county(root)
    return root / "data" / "raw"


@pytest.fixture(scope="module")
def runs(raw: Path) -> dict[str, Run]:
    settings, scheme, made, previous = Settings.default(), load_scheme("taibai_quarterly_2021"), {}, None
    for number in (1, 2, 3, 4):
        quarter = Quarter(2025, number)
        as_of = quarter.default_as_of(settings["grace_days"])
        imported = import_folder(raw / str(quarter), quarter, whole_quarter=False, known_items=check_items())
        frames = imported.frames
        facts = build_facts(frames, quarter, as_of, settings, previous)
        judged = run_checks(frames, facts, quarter, as_of, settings)
        scored = score_quarter(
            judged.verdicts, facts["account_quarters"], frames["accounts"], frames["units"], scheme, settings, quarter
        )
        made[str(quarter)] = Run(imported, facts, judged, scored)
        previous = {name: frames[name] for name in ("posts", "daily_counts", "coverage")}
        previous |= {"verdicts": judged.verdicts, "rules_run": judged.rules_run}
    return made


def golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# ---------------------------------------------------------------- the files


def test_two_writes_are_equal_to_the_byte(raw: Path, tmp_path: Path) -> None:
    write_county(tmp_path)
    first = {path.relative_to(raw): path.read_bytes() for path in raw.rglob("*") if path.is_file()}
    second = {
        path.relative_to(tmp_path / "data" / "raw"): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert len(first) > 300
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.long
def test_another_seed_gives_other_posts_and_the_same_scores(runs: dict[str, Run], tmp_path: Path) -> None:
    write_county(tmp_path, seed=7)
    quarter, settings = Quarter(2025, 1), Settings.default()
    imported = import_folder(
        tmp_path / "data" / "raw" / "2025Q1", quarter, whole_quarter=False, known_items=check_items()
    )
    frames, as_of = imported.frames, quarter.default_as_of(10)
    facts = build_facts(frames, quarter, as_of, settings)
    judged = run_checks(frames, facts, quarter, as_of, settings)
    scored = score_quarter(
        judged.verdicts, facts["account_quarters"], frames["accounts"], frames["units"],
        load_scheme("taibai_quarterly_2021"), settings, quarter,
    )  # fmt: skip
    own = runs["2025Q1"]
    assert set(frames["posts"]["title"].dropna()) != set(own.imported.frames["posts"]["title"].dropna())
    pd.testing.assert_frame_equal(scored.account_scores, own.scored.account_scores)


@pytest.mark.parametrize("quarter", [*DECIDED, "2025Q4"])
def test_nothing_stops_the_import_and_every_row_is_accounted_for(runs: dict[str, Run], quarter: str) -> None:
    imported = runs[quarter].imported
    assert [problem for problem in imported.problems if problem.is_fatal] == []
    files = imported.frames["files"]
    assert (files["n_rows"] == files["n_kept"] + files["n_quarantined"] + files["n_no_data_rows"]).all()
    for kind in ("posts", "daily_counts", "followers", "messages"):
        assert int(files.loc[files["kind"] == kind, "n_kept"].sum()) == len(imported.frames[kind]) > 0, kind
    quarantined = imported.frames["quarantine"].groupby("src_file", dropna=False).size()
    listed = files.groupby("file")["n_quarantined"].sum()
    pd.testing.assert_series_equal(
        listed[listed > 0].astype("int64"), quarantined.astype("int64"), check_names=False, check_index_type=False
    )


# ---------------------------------------------------------------- golden


def test_the_golden_builders_import_nothing_of_the_package() -> None:
    sources = [path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.py")]
    imports = [node for text in sources for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports}
    assert {"golden.quarter", "tomllib"} <= names
    assert not any(str(name).startswith("xmt_scoring") for name in names)


def test_the_golden_tables_are_those_of_the_plan() -> None:
    for name, rows in build_golden.tables().items():
        kept = [list(rows[0]), *([*row.values()] for row in golden(name))]
        assert kept == [[str(cell) for cell in row] for row in rows], name


@pytest.mark.parametrize("quarter", DECIDED)
def test_account_scores_are_the_golden_ones(runs: dict[str, Run], quarter: str) -> None:
    scores = runs[quarter].scored.account_scores
    scored = scores[scores["is_scored"]]
    got = sorted(
        (row.account_id, row.unit_id, str(row.score), row.veto_code if row.is_vetoed else "")
        for row in scored.itertuples()
    )
    assert got == sorted(tuple(row.values()) for row in golden(f"account_scores_{quarter}.csv"))
    assert (scored["low"] == scored["high"]).all()


@pytest.mark.parametrize("quarter", DECIDED)
def test_unit_scores_and_ranks_are_the_golden_ones(runs: dict[str, Run], quarter: str) -> None:
    units = runs[quarter].scored.unit_scores
    scored = units[units["n_accounts_scored"] > 0]
    got = sorted(
        (row.unit_id, str(row.n_accounts_scored), str(row.score), str(row.rank)) for row in scored.itertuples()
    )
    assert got == sorted(tuple(row.values()) for row in golden(f"unit_scores_{quarter}.csv"))
    assert units.loc[units["unit_id"] == "YL13", "score"].isna().all()


def test_every_loss_of_the_third_quarter_is_the_golden_one(runs: dict[str, Run]) -> None:
    rows = runs["2025Q3"].scored.contributions
    got = sorted((row.account_id, row.item_id, float(row.points)) for row in rows.itertuples() if row.points)
    want = sorted((row["account_id"], row["item_id"], float(row["points"])) for row in golden("losses_2025Q3.csv"))
    assert got == want


def test_the_verdicts_of_the_third_quarter_are_as_many_as_the_golden_ones(runs: dict[str, Run]) -> None:
    lines = runs["2025Q3"].judged.rules_run.set_index("check_id")
    columns = ["n_pass", "n_fail", "n_not_applicable"]
    want = {row["check_id"]: tuple(int(row[name]) for name in columns) for row in golden("verdict_counts_2025Q3.csv")}
    assert set(load_scheme("taibai_quarterly_2021").checks) <= set(want)
    lines = lines.loc[list(want)]
    assert {check: tuple(int(lines.loc[check, name]) for name in columns) for check in want} == want
    assert int(lines["n_no_data"].sum()) == int(lines["n_unverified"].sum()) == 0


@pytest.mark.parametrize("quarter", ["2025Q1", "2025Q2", "2025Q3", "2025Q4"])
def test_what_costs_no_points_is_counted_as_in_the_ledger_worked_out_by_hand(runs: dict[str, Run], quarter: str) -> None:
    lines = runs[quarter].judged.rules_run.set_index("check_id")
    columns = ["n_pass", "n_fail", "n_not_applicable", "n_no_data", "n_unverified"]
    rows = [row for row in golden("ledger_counts.csv") if row["quarter"] == quarter]
    got = {row["check_id"]: [int(lines.loc[row["check_id"], name]) for name in columns] for row in rows}
    assert got == {row["check_id"]: [int(row[name]) for name in columns] for row in rows}


def test_the_unit_scored_by_hand_agrees_cell_by_cell(runs: dict[str, Run]) -> None:
    scored, by_hand = runs["2025Q3"].scored, golden("unit_by_hand_2025Q3.csv")
    rows = scored.contributions[scored.contributions["unit_id"] == "YL08"]
    rows = rows[from_decimal(rows["points"].fillna(0)) != 0]
    got = sorted(
        (row.account_id, row.item_id, "" if row.item_id == "D1" else row.event_id, row.kind, f"{row.points:.2f}")
        for row in rows.itertuples()
    )
    names = ("account_id", "item_id", "event_id", "kind", "points")
    assert got == sorted(tuple(row[name] for name in names) for row in by_hand if row["kind"])
    printed = {(row["account_id"], row["item_id"]): row["points"] for row in by_hand if not row["kind"]}
    accounts = scored.account_scores.set_index("account_id")["score"]
    unit = scored.unit_scores.set_index("unit_id").loc["YL08"]
    assert {(name, "score"): str(accounts[name]) for name in ("YLWX09", "YLDY05", "YLWX10")} | {
        ("YL08", "score"): str(unit["score"]),
        ("YL08", "rank"): str(unit["rank"]),
    } == printed


@pytest.mark.parametrize("quarter", [*DECIDED, "2025Q4"])
def test_a_hundred_plus_the_rows_is_the_score_of_every_account(runs: dict[str, Run], quarter: str) -> None:
    scored = runs[quarter].scored
    rows = scored.contributions
    for end in ("low", "high"):
        sums = pd.Series(from_decimal(rows[end]), index=rows["account_id"]).groupby(level=0).sum()
        accounts = scored.account_scores[scored.account_scores["is_scored"]].set_index("account_id")
        got = pd.Series(from_decimal(accounts[end]), index=accounts.index)
        want = sums.reindex(accounts.index, fill_value=0) + 100 * SCALE
        pd.testing.assert_series_equal(got, want, check_names=False)


# ---------------------------------------------------------------- traps


def test_fourteen_days_are_no_veto_and_fifteen_are(runs: dict[str, Run]) -> None:
    times = runs["2025Q3"].facts["check_times"]
    at_check = times[times["checked_at"] == pd.Timestamp("2025-08-20 10:00")].set_index("account_id")["days_since_post"]
    assert (at_check["YLDY05"], at_check["YLDY06"]) == (14, 15)
    vetoed = runs["2025Q3"].scored.account_scores.set_index("account_id")["is_vetoed"]
    assert (vetoed["YLDY05"], vetoed["YLDY06"]) == (False, True)


def test_a_straddling_week_is_met_by_a_post_of_the_quarter_before(runs: dict[str, Run]) -> None:
    weeks = runs["2025Q3"].facts["account_weeks"].set_index(["account_id", "week_start"])["n_posts"]
    assert weeks["YLWX04", pd.Timestamp("2025-06-30")] == 1
    assert weeks["YLWB07", pd.Timestamp("2025-06-30")] == 0


def test_a_work_that_only_its_author_sees_does_not_meet_the_week(runs: dict[str, Run]) -> None:
    posts = runs["2025Q3"].imported.frames["posts"]
    in_week = posts[(posts["account_id"] == "YLDY01") & posts["posted_at"].between("2025-07-21", "2025-07-28")]
    assert in_week["is_visible"].tolist() == [False]


def test_new_closed_and_absent_accounts_are_seen_in_their_quarters(runs: dict[str, Run]) -> None:
    third = runs["2025Q3"].facts["account_quarters"].set_index("account_id")
    assert third.loc["YLDY04", ["live_days", "is_scored"]].tolist() == [21, False]
    assert third.loc["YLWB09", ["live_days", "is_scored", "n_weeks_due"]].tolist() == [37, True, 5]
    assert third.loc["YLWB08", "live_days"] == 44  # closed on 08-14: open until 08-13
    second = runs["2025Q2"].facts["account_quarters"].set_index("account_id")
    assert second.loc["YLWB04", ["live_days", "is_scored"]].tolist() == [17, False]


def test_copies_overlaps_and_repeated_rows_are_taken_once(runs: dict[str, Run]) -> None:
    frames = runs["2025Q3"].imported.frames
    reasons = frames["quarantine"].assign(reason=frames["quarantine"]["reason"].str.split("：").str[0])
    twice = set(reasons.loc[reasons["reason"].str.contains("重复|完全相同|同一个文件"), "src_file"])
    assert any("副本" in file for file in twice)
    assert any("已通知内容 (22)" in file or "第二次导出" in file for file in twice)
    assert any(file.startswith("微博/9900000013") for file in twice)
    assert not frames["posts"].duplicated(["account_id", "posted_at", "title"]).any()


def test_the_fourth_quarter_shows_intervals_and_open_vetoes(runs: dict[str, Run]) -> None:
    scores = runs["2025Q4"].scored.account_scores.set_index("account_id")
    open_vetoes = scores["open_vetoes"].dropna().to_dict()
    assert open_vetoes["YLWX04"] == "V3"  # nobody answered V3 for the unit
    assert open_vetoes["YLWB03"] == "V1"  # one confirmer only
    assert (
        scores.loc["YLWB06", "score"] is pd.NA and scores.loc["YLWX08", "score"] is not pd.NA
    )  # C1 answered for one account only
    weeks = runs["2025Q4"].facts["account_weeks"].set_index(["account_id", "week_start"])["n_posts"]
    assert weeks["YLWB07", pd.Timestamp("2025-10-20")] is pd.NA  # a list that does not say which days it covers
    assert weeks.loc["YLSP01"].isna().all()  # no export at all
    decided = scores[scores["is_scored"] & scores["score"].notna()]
    assert 15 <= len(decided) < int(scores["is_scored"].sum())
