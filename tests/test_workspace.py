"""Saving is atomic: a person's change, a locked file, an interruption never lose the last good result."""

import json
from pathlib import Path

import pandas as pd
import pytest

from xmt_scoring import workspace
from xmt_scoring.errors import XmtError
from xmt_scoring.frames import conform
from xmt_scoring.periods import Quarter
from xmt_scoring.settings import template
from xmt_scoring.workspace import ASIDE, Workspace

Q = Quarter.parse("2025Q3")


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    root = tmp_path / "县 政务（新媒体）"
    root.mkdir()
    (root / "xmt.toml").write_text(template(), encoding="utf-8")
    return Workspace(root)


def units(name: str = "甲局") -> pd.DataFrame:
    return conform(pd.DataFrame({"unit_id": ["u1"], "unit_name": [name], "src_file": ["单位.xlsx"], "src_row": [2]}), "units")


def text_writer(text: str):
    return lambda path: path.write_text(text, encoding="utf-8")


def test_frames_come_back_as_they_were_saved(ws):
    ws.save_frames(Q, {"units": units()}, {"as_of": "2025-10-10"})
    assert ws.load_frames(Q, ["units"], "import")["units"].equals(units())
    assert ws.receipt(Q)["as_of"] == "2025-10-10"


def test_the_same_frame_is_saved_to_the_same_bytes(ws):
    ws.save_frames(Q, {"units": units()}, {})
    first = (ws.processed(Q) / "units.parquet").read_bytes()
    ws.save_frames(Q, {"units": units()}, {})
    assert (ws.processed(Q) / "units.parquet").read_bytes() == first


def test_who_changes_a_loaded_frame_changes_it_for_nobody_else(ws):
    ws.save_frames(Q, {"units": units()}, {})
    loaded = ws.load_frames(Q, ["units"], "import")["units"]
    loaded.loc[0, "unit_name"] = "改过"
    loaded["more"] = 1
    assert ws.load_frames(Q, ["units"], "import")["units"].equals(units())


def test_a_frame_that_was_read_before_is_read_anew_once_its_file_is_another(ws, monkeypatch):
    for small in (workspace.SMALL, 0):  # kept in memory, and too large for that
        monkeypatch.setattr(workspace, "SMALL", small)
        for name in ("甲局", "乙局"):
            ws.save_frames(Q, {"units": units(name)}, {})
            assert ws.load_frames(Q, ["units"], "import")["units"]["unit_name"].tolist() == [name]
        (ws.processed(Q) / "units.parquet").unlink()
        with pytest.raises(XmtError, match="重新运行"):
            ws.load_frames(Q, ["units"], "import")


def test_a_frame_that_does_not_match_its_receipt_is_never_used(ws):
    ws.save_frames(Q, {"units": units()}, {})
    other = Workspace(ws.root)
    receipt = (ws.processed(Q) / "receipt.json").read_bytes()
    other.save_frames(Q, {"units": units("乙局")}, {})
    (ws.processed(Q) / "receipt.json").write_bytes(receipt)  # the interruption: frame replaced, receipt not yet
    with pytest.raises(XmtError, match="重新运行"):
        ws.load_frames(Q, ["units"], "import")


def test_a_frame_of_an_earlier_run_does_not_pass_for_one_of_this_run(ws):
    ws.save_frames(Q, {"units": units()}, {})
    ws.start_receipt(Q, {})
    with pytest.raises(XmtError, match="xmt run 2025Q3"):
        ws.load_frames(Q, ["units"], "import")


def test_what_a_killed_run_left_aside_is_cleared_by_the_next(ws):
    (ws.processed(Q) / f"{ASIDE}old").mkdir(parents=True)
    (ws.reports(Q) / "单位报告").mkdir(parents=True)
    for folder in (ws.processed(Q), ws.reports(Q), ws.reports(Q) / "单位报告"):
        (folder / f"{ASIDE}half.html").write_text("半截", encoding="utf-8")
    ws.prepare(Q)
    assert [path.name for top in (ws.processed(Q), ws.reports(Q)) for path in top.rglob("*")] == ["单位报告"]


def test_an_output_is_replaced_by_a_later_run(ws):
    path = ws.reports(Q) / "表.txt"
    assert ws.write_output(Q, path, text_writer("一")) == path
    assert ws.write_output(Q, path, text_writer("二")) == path
    assert path.read_text(encoding="utf-8") == "二"


def test_a_file_that_a_person_changed_is_left_and_the_new_one_stands_beside_it(ws):
    path = ws.reports(Q) / "表.txt"
    ws.write_output(Q, path, text_writer("一"))
    path.write_text("人改过", encoding="utf-8")
    beside = ws.write_output(Q, path, text_writer("二"))
    assert (path.read_text(encoding="utf-8"), beside.name) == ("人改过", "表(2).txt")
    assert ws.write_output(Q, path, text_writer("三")) == beside


def test_a_file_that_was_there_before_is_taken_for_a_persons(ws):
    path = ws.reports(Q) / "表.txt"
    path.parent.mkdir(parents=True)
    path.write_text("别人的", encoding="utf-8")
    assert ws.write_output(Q, path, text_writer("一")).name == "表(2).txt"


def test_a_writer_that_fails_leaves_the_last_good_file_and_nothing_else(ws):
    path = ws.reports(Q) / "表.txt"
    ws.write_output(Q, path, text_writer("好"))

    def fail(aside: Path) -> None:
        aside.write_text("半截", encoding="utf-8")
        raise OSError(5, "disk")

    with pytest.raises(XmtError, match="disk"):
        ws.write_output(Q, path, fail)
    assert [entry.name for entry in path.parent.iterdir()] == ["表.txt"]
    assert path.read_text(encoding="utf-8") == "好"


def test_a_folder_that_cannot_be_made_is_told_in_words(ws):
    (ws.root / "reports").write_text("这是一个文件", encoding="utf-8")
    with pytest.raises(XmtError, match="不能写入"):
        ws.write_output(Q, ws.reports(Q) / "表.txt", text_writer("一"))


def test_the_workspace_is_found_from_a_folder_inside_it(ws):
    inside = ws.root / "notebooks"
    inside.mkdir()
    assert Workspace.find(inside).root == ws.root.resolve()


def test_a_folder_that_is_no_workspace_is_told_how_to_become_one(tmp_path):
    with pytest.raises(XmtError, match="xmt init"):
        Workspace.find(tmp_path)


def test_the_receipt_is_json_that_a_person_can_read(ws):
    ws.save_frames(Q, {"units": units()}, {"settings": {"week_belongs": "sunday"}})
    text = (ws.processed(Q) / "receipt.json").read_text(encoding="utf-8")
    assert json.loads(text)["settings"]["week_belongs"] == "sunday"
