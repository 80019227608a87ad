"""The benchmarks still run, at a small size: a figure that can no longer be measured again is worth nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT.parent / "shared" / "peers"
NO_PEERS = pytest.mark.skipif(not PEERS.exists(), reason="the peers' generator (../shared/peers) is not beside this checkout")


def run(script, *words, inside=ROOT):
    done = subprocess.run(
        [sys.executable, "-B", ROOT / "benchmarks" / script, *map(str, words)],
        cwd=inside, env={**os.environ, "PYTHONUTF8": "1"}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("peers") / "county"
    run("core/make_data.py", folder, 30, 3000)
    return folder


@NO_PEERS
def test_the_core_job_gives_the_same_tables_by_plain_arithmetic_and_by_the_engine(county):
    for mode in ("facts", "engine"):
        run("core/job_xmt.py", county, county.parent / mode, mode, inside=PEERS)
    for name in ("account_weeks", "accounts", "units"):
        plain, engine = (pd.read_parquet(county.parent / mode / f"{name}.parquet") for mode in ("facts", "engine"))
        assert len(plain) > 2
        pd.testing.assert_frame_equal(plain, engine)


@NO_PEERS
def test_the_whole_job_scores_the_peers_county_with_the_offices_registers(county):
    assert "xmt-whole" in run("core/job_whole.py", county, inside=PEERS)


def test_a_small_mixed_folder_is_imported_beside_the_bare_readers():
    assert "14 files, 700 rows" in run("import_folder.py", "--runs", 1, "--files", 14, "--rows", 700)


def test_the_hints_are_measured_on_the_labelled_set():
    assert "| 违禁内容 |" in run("hints/measure.py")
