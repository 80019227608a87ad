"""Papers tell of what was scored: settings changed since are refused, files changed since are told."""

import datetime as dt
import shutil
import zipfile

import pytest
from filled_workspace import QUARTER, SPAN, Holder, made_workspace, works

from xmt_scoring.annual import read_year
from xmt_scoring.changes import changed_files
from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Quarter, Year
from xmt_scoring.pipeline import check_quarter, import_quarter, open_quarter, score_quarter
from xmt_scoring.workspace import Workspace

Q = Quarter.parse(QUARTER)


@pytest.fixture(scope="module")
def scored(xmt, tmp_path_factory):
    root = tmp_path_factory.mktemp("改动") / "县"
    raw = made_workspace(xmt, root, [Holder("林业")])
    works(raw / "林业" / f"作品_{SPAN}.xlsx", "林业")
    with zipfile.ZipFile(raw / "别的.zip", "w") as packed:
        packed.writestr("说明.txt", "没有数据")
    ws = Workspace.find(root)
    import_quarter(ws, Q, dt.date(2025, 10, 10))
    check_quarter(ws, Q)
    score_quarter(ws, Q)
    return root


@pytest.fixture
def ws(scored, tmp_path):
    return Workspace(shutil.copytree(scored, tmp_path / "县"))


def change(ws, old, new):
    path = ws.root / "xmt.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_quarter_with_the_settings_and_files_of_its_run_is_opened_without_a_word(ws):
    assert open_quarter(ws, Q).period == Q and changed_files(ws, Q) == []


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ('unit_rollup = "mean"', 'unit_rollup = "min"', [score_quarter]),
        ('reply_unit = "calendar"', 'reply_unit = "workday"', [check_quarter, score_quarter]),
        ("min_live_days = 28", "min_live_days = 30", [check_quarter, score_quarter]),
        ("whole_quarter = false", "whole_quarter = true", [lambda ws, q: import_quarter(ws, q, dt.date(2025, 10, 10)), check_quarter, score_quarter]),
    ],
    ids=["score", "check", "facts", "import"],
)
def test_a_setting_changed_since_is_refused_by_every_later_step_until_its_own_step_is_done_again(ws, old, new, again):
    change(ws, old, new)
    key = new.split(" = ")[0]
    for late in [*again[1:], open_quarter]:  # what follows the step that reads the setting
        with pytest.raises(XmtError, match=f"改过设置：{key}.*xmt run {QUARTER}"):
            late(ws, Q)
    for step in again:
        step(ws, Q)
    assert open_quarter(ws, Q).receipt["settings"][key] == ws.settings.plain()[key]


def test_a_setting_of_the_papers_or_of_the_year_may_change_without_scoring_again(ws):
    change(ws, "rectify_workdays = 10", "rectify_workdays = 8")
    change(ws, "rectification_days = 10", "rectification_days = 8")
    assert open_quarter(ws, Q).settings["rectify_workdays"] == 8


def test_files_changed_added_or_taken_away_are_told_and_temporary_ones_are_not(xmt, ws):
    raw = ws.raw(Q)
    (raw / "~$留言.xlsx").write_bytes(b"open in Excel")
    (raw / "新来的.xlsx").write_bytes((raw / "人员.xlsx").read_bytes())
    with (raw / "留言.xlsx").open("ab") as stream:
        stream.write(b"\0")
    (raw / "导出文件清单.xlsx").unlink()
    (told,) = changed_files(ws, Q)
    assert not told.is_fatal and str(told) == (
        f"data/raw/{QUARTER}：读过以后文件有变化（改过：留言.xlsx；新放进来：新来的.xlsx；不在了：导出文件清单.xlsx），结果还是按原来的文件算的。要采用的请先运行 xmt run {QUARTER}。"
    )
    assert str(told) in xmt("--workspace", ws.root, "explain", QUARTER, "林业").stdout
    _, problems = read_year(ws, Year(2025))
    assert told in problems


def test_a_year_says_that_a_quarter_was_scored_with_other_settings_and_goes_on(ws):
    change(ws, 'unit_rollup = "mean"', 'unit_rollup = "min"')
    told = [str(problem) for problem in read_year(ws, Year(2025))[1] if "当时的设置" in str(problem)]
    assert told == [f"{QUARTER}：是按当时的设置计分的，现在设置不同：unit_rollup；年度用的是当时公布的得分。要按现在的设置重算的，请运行 xmt run {QUARTER}。"]
