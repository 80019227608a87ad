"""A run killed at any step leaves the last good results readable, and the next run works (rulings §7: to the byte)."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

# Ends the process, as a power cut would, at the given call of Path.replace (every saving goes through it).
KILLER = """
import os, pathlib, signal, sys
left = int(sys.argv.pop(1))
real = pathlib.Path.replace
def replace(self, target):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, target)
pathlib.Path.replace = replace
from xmt_scoring.cli import main
main()
"""


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def left_aside(workspace: Path) -> list[Path]:
    """What is neither a result nor anybody's file."""
    return [path for folder in ("data/processed", "reports") for path in (workspace / folder).rglob(".*")]


def killed_run(workspace: Path, at_call: int) -> int:
    words = [sys.executable, "-c", KILLER, str(at_call), "--workspace", str(workspace), "run", "2025Q3", "--as-of", "2025-10-10"]
    return subprocess.run(words, capture_output=True, check=False, timeout=300).returncode


def prepare(demo: Path, folder: Path) -> Path:
    copy = folder / "县"
    shutil.copytree(demo, copy)
    return copy


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX signal")
@pytest.mark.parametrize("at_call", [3])
def test_a_run_killed_while_saving_harms_nothing_and_the_next_run_repairs_it(demo, tmp_path, xmt, at_call):
    workspace = prepare(demo, tmp_path)
    before = fingerprints(workspace / "reports" / "2025Q3")
    assert killed_run(workspace, at_call) == -signal.SIGKILL
    assert fingerprints(workspace / "reports" / "2025Q3") == before
    xmt("--workspace", workspace, "run", "2025Q3", "--as-of", "2025-10-10")
    assert left_aside(workspace) == []
    after = fingerprints(workspace / "reports" / "2025Q3")
    assert {name: after[name] for name in before if name.endswith(".xlsx")} == {name: before[name] for name in before if name.endswith(".xlsx")}
    assert set(after) == set(before)
    frames = fingerprints(workspace / "data" / "processed" / "2025Q3")
    assert {n: h for n, h in frames.items() if n.endswith(".parquet")} == {
        n: h for n, h in fingerprints(demo / "data" / "processed" / "2025Q3").items() if n.endswith(".parquet")
    }


def change(workspace: Path) -> None:
    """Something new to say: nobody of the first unit's people is in the register any more but one."""
    path = workspace / "data" / "raw" / "2025Q3" / "人员.xlsx"
    book = openpyxl.load_workbook(path)
    book.active.delete_rows(3)
    book.save(path)


@pytest.fixture(scope="module")
def undisturbed(demo, xmt, tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """The changed register, and the workbooks of a run over it that nobody killed."""
    workspace = prepare(demo, tmp_path_factory.mktemp("未中断"))
    change(workspace)
    xmt("--workspace", workspace, "run", "2025Q3", "--as-of", "2025-10-10")
    return workspace, fingerprints(workspace / "reports" / "2025Q3")


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX signal")
@pytest.mark.parametrize("at_call", [*range(5, 100, 20)])
def test_a_run_over_new_input_killed_at_any_saving_leaves_old_or_new_results_and_is_repaired_by_the_next(demo, undisturbed, tmp_path, xmt, at_call):
    new, wanted = undisturbed
    workspace = prepare(demo, tmp_path)
    before = fingerprints(workspace / "reports" / "2025Q3")
    assert before != wanted
    shutil.copy(new / "data" / "raw" / "2025Q3" / "人员.xlsx", workspace / "data" / "raw" / "2025Q3" / "人员.xlsx")
    killed_run(workspace, at_call)
    found = fingerprints(workspace / "reports" / "2025Q3")
    assert set(found) == set(before)
    assert [name for name, sha in found.items() if sha not in (before[name], wanted[name])] == []
    xmt("--workspace", workspace, "run", "2025Q3", "--as-of", "2025-10-10")
    assert fingerprints(workspace / "reports" / "2025Q3") == wanted
    assert left_aside(workspace) == []
