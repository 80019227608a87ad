"""A run that is refused or cannot write says why in Chinese, ends with 1, and leaves the last good results as they were."""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from filled_workspace import QUARTER, SPAN, Holder, frame, made_workspace, works

NAME = "县林业"
WORKBOOK = f"考核评分表_{QUARTER}.xlsx"
RUN = ["run", QUARTER, "--as-of", "2025-10-10"]
DAC_OVERRIDE, FOWNER, CAPBSET_DROP = 1, 3, 24  # linux/capability.h, linux/prctl.h


@pytest.fixture(scope="module")
def scored(xmt, tmp_path_factory) -> Path:
    """A scored quarter of one account; copied by every story."""
    root = tmp_path_factory.mktemp("好") / "县 考核（一）"
    works(made_workspace(xmt, root, [Holder(NAME)]) / NAME / f"作品_{SPAN}.xlsx", NAME)
    xmt("--workspace", root, *RUN)
    return root


@pytest.fixture
def ws(scored, tmp_path) -> Path:
    return Path(shutil.copytree(scored, tmp_path / "县 考核（一）"))


def raw(ws: Path) -> Path:
    return ws / "data" / "raw" / QUARTER


def state(ws: Path) -> dict[str, str]:
    """Every file of results with its hash, hidden ones too; what was read of a file may be kept for the next run."""
    found = [path for top in ("data/processed", "reports") for path in sorted((ws / top).rglob("*")) if path.is_file()]
    found = [path for path in found if path.parts[len(ws.parts) :][:3] != ("data", "processed", "cache")]
    return {path.relative_to(ws).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def refused(xmt, ws: Path) -> str:
    """A run that must not change a single result; what it said."""
    before = state(ws)
    done = xmt("--workspace", ws, *RUN, ok=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert state(ws) == before
    assert done.stderr == ""
    return done.stdout


def empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def only_junk(folder: Path) -> None:
    empty(folder)
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04")
    (folder / "空.xls").write_bytes(b"")


def no_register(folder: Path) -> None:
    (folder / "账号备案台账.xlsx").unlink()


def headings_only(folder: Path) -> None:
    change(folder / "账号备案台账.xlsx", "账号", lambda page: page.delete_rows(2, 10))


def wrong_cells(folder: Path) -> None:
    change(folder / "账号备案台账.xlsx", "账号", lambda page: (put(page, 3, "平台", "博客"), put(page, 3, "开设日期", "2026-02-30")))
    change(folder / "人员.xlsx", "人员", lambda page: put(page, 4, "岗位", "看门人"))


def no_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def change(path: Path, sheet: str, edit) -> None:
    book = openpyxl.load_workbook(path)
    edit(book[sheet])
    book.save(path)


def put(page, row: int, heading: str, value: object) -> None:
    page.cell(row, [cell.value for cell in page[1]].index(heading) + 1).value = value


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (no_folder, [f"data/raw/{QUARTER}", "没有这个文件夹"]),
        (empty, ["是空的", "账号备案台账"]),
        (only_junk, ["坏.xlsx", "空.xls", "账号备案台账", "单位"]),
        (no_register, ["没有可用的账号备案台账", "登记表模板"]),
        (headings_only, ["没有可用的账号备案台账"]),
        (wrong_cells, ["第 3 行「平台」列", "博客", "第 3 行「开设日期」列", "2026-02-30", "人员.xlsx「人员」表第 4 行「岗位」列", "看门人"]),
    ],
)
def test_what_cannot_be_scored_is_refused_and_the_last_results_stay(xmt, ws, spoil, words):
    spoil(raw(ws))
    told = refused(xmt, ws)
    assert [word for word in words if word not in told] == []


@pytest.mark.parametrize(("day", "is_refused"), [("2025-06-30", True), ("2025-07-01", False)])
def test_a_day_before_the_quarter_began_is_refused_and_the_last_results_stay(xmt, ws, day, is_refused):
    before = state(ws)
    done = xmt("--workspace", ws, "import", QUARTER, "--as-of", day, ok=not is_refused)
    assert (done.returncode == 1) == is_refused
    assert ("早于2025年第三季度的第一天（2025-07-01）" in done.stdout) == is_refused
    assert (state(ws) == before) == is_refused


def test_a_broken_settings_file_is_refused(xmt, ws):
    (ws / "xmt.toml").write_text("[readings]\nweek_belong = 'sunday'\n", encoding="utf-8")
    assert "week_belongs" in refused(xmt, ws)


# ---------------------------------------------------------------- where it cannot write


def limited(ws: Path, before: str, words: Sequence[str] = RUN) -> subprocess.CompletedProcess[str]:
    """`xmt run` in a process that first does `before`: what the operating system then forbids is really forbidden."""
    code = f"import ctypes, os, resource, sys\n{before}\nfrom xmt_scoring.cli import main; main()"
    env = {**os.environ, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    called = [sys.executable, "-X", "utf8=0", "-c", code, "--workspace", str(ws), *words]
    done = subprocess.run(called, capture_output=True, text=True, encoding="utf-8", env=env, check=False, timeout=300)
    assert "Traceback" not in done.stdout + done.stderr
    return done


def as_others(*capabilities: int) -> str:
    """Code that gives up what lets root pass over permission bits, for this process and those it starts."""
    if os.geteuid():
        return ""
    drops = "\n".join(f"assert libc.prctl({CAPBSET_DROP}, {each}, 0, 0, 0) == 0" for each in capabilities)
    return f"libc = ctypes.CDLL(None, use_errno=True)\n{drops}\nif not os.environ.get('DROPPED'): os.environ['DROPPED'] = '1'; os.execv(sys.executable, sys.orig_argv)"


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="giving a file to somebody else needs root")
needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="permission bits and limits of Linux")


@needs_linux
@pytest.mark.parametrize("folder", ["reports", "data/processed"])
def test_a_read_only_folder_is_told_before_anything_is_written(ws, folder):
    before = state(ws)
    closed = ws / folder / QUARTER
    closed.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        done = limited(ws, as_others(DAC_OVERRIDE))
    finally:
        closed.chmod(stat.S_IRWXU)
    assert (done.returncode, done.stderr) == (1, "")
    assert QUARTER in done.stdout
    assert "不能写入" in done.stdout
    assert state(ws) == before


def test_a_file_where_the_reports_folder_should_be_is_told_before_anything_is_written(xmt, ws):
    shutil.rmtree(ws / "reports")
    (ws / "reports").write_text("这是一个文件", encoding="utf-8")
    assert "不能写入" in refused(xmt, ws)


def hold(path: Path) -> None:
    """Nobody but its owner may replace a file in a folder with the sticky bit: the system says what Windows says of a
    workbook that is open in Excel."""
    path.chmod(0o644)
    os.chown(path, 65534, 65534)
    os.chown(path.parent, 65534, 65534)
    path.parent.chmod(0o1777)


@needs_linux
@needs_root
def test_a_workbook_that_somebody_holds_stays_and_the_new_one_stands_beside_it(xmt, ws):
    words = ["report", QUARTER, "--public"]
    xmt("--workspace", ws, *words)
    held = ws / "reports" / QUARTER / f"考核结果_公布版_{QUARTER}.xlsx"
    before = held.read_bytes()
    hold(held)
    done = limited(ws, as_others(FOWNER), words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert held.read_bytes() == before
    beside = held.with_stem(f"{held.stem}(2)")
    assert beside.name in done.stdout
    assert "没有覆盖" in done.stdout
    assert openpyxl.load_workbook(beside)["账号得分"].max_row > 1


@pytest.mark.long
@needs_linux
@needs_root
def test_a_run_with_something_new_to_say_leaves_the_workbook_that_somebody_holds(ws):
    folder, held = ws / "reports" / QUARTER, ws / "reports" / QUARTER / WORKBOOK
    before = held.read_bytes()
    change(raw(ws) / "人员.xlsx", "人员", lambda page: page.delete_rows(6))
    hold(held)
    done = limited(ws, as_others(FOWNER))
    assert done.returncode == 0, done.stdout + done.stderr
    assert held.read_bytes() == before
    beside = folder / f"考核评分表_{QUARTER}(2).xlsx"
    assert beside.name in done.stdout
    assert "没有覆盖" in done.stdout
    assert openpyxl.load_workbook(beside)["账号得分"].max_row > 1
    assert str(frame(ws, "account_scores")["score"].iloc[0]) == "99.00"


@needs_linux
@pytest.mark.parametrize("size", [2_000, pytest.param(40_000, marks=pytest.mark.long)])
def test_a_disk_that_is_full_is_told_and_the_next_run_works(xmt, ws, size):
    reports = {name: sha for name, sha in state(ws).items() if name.startswith("reports/")}
    done = limited(ws, f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))")
    assert (done.returncode, done.stderr) == (1, "")
    assert "磁盘" in done.stdout
    assert {name: sha for name, sha in state(ws).items() if name.startswith("reports/")} == reports
    assert not [name for name in state(ws) if "/." in name]
    xmt("--workspace", ws, "import", *RUN[1:])


def test_a_fault_of_the_program_itself_is_told_without_its_inner_words(ws):
    before = state(ws)
    done = limited(ws, "import xmt_scoring.pipeline as p; p.run_quarter = None")
    assert (done.returncode, done.stderr) == (1, "")
    assert "程序内部出错" in done.stdout
    assert "--debug" in done.stdout
    assert state(ws) == before
