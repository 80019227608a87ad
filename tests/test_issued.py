"""A quarter that changes after its papers went out: what was printed then is kept, and the next run says what no longer fits."""

import datetime as dt
import json
import shutil

import pytest
from filled_workspace import MONDAYS, QUARTER, SPAN, Holder, made_workspace, works

from xmt_scoring.bulletin import make_bulletin
from xmt_scoring.issued import KEPT, changed_since_issued, keep_issued
from xmt_scoring.periods import Quarter
from xmt_scoring.pipeline import judge_quarter, open_quarter, public_quarter
from xmt_scoring.workspace import Workspace

Q = Quarter.parse(QUARTER)
AS_OF = dt.date(2025, 10, 10)


@pytest.fixture(scope="module")
def scored(xmt, tmp_path_factory):
    root = tmp_path_factory.mktemp("发出") / "县"
    raw = made_workspace(xmt, root, [Holder("林业"), Holder("水利")])
    for name in ("林业", "水利"):
        works(raw / name / f"作品_{SPAN}.xlsx", name)
    told = judge_quarter(Workspace.find(root), Q, AS_OF).problems
    assert not [problem for problem in told if "发出" in problem.where]
    return root


@pytest.fixture
def ws(scored, tmp_path):
    return Workspace(shutil.copytree(scored, tmp_path / "县"))


def a_late_file(ws, name="水利", days=MONDAYS[:-2]):
    """The unit sends its list again, with two weeks less; the quarter is run again."""
    works(ws.raw(Q) / name / f"作品_{SPAN}.xlsx", name, days)
    return [problem for problem in judge_quarter(ws, Q, AS_OF).problems if "发出" in problem.where]


def versions(ws):
    folder = ws.processed(Q) / "versions"
    return {path.parent.name: json.loads(path.read_text(encoding="utf-8"))["papers"] for path in sorted(folder.glob("*/papers.json"))}


def test_a_circular_keeps_the_result_that_it_prints_and_another_paper_of_the_same_result_is_only_noted(ws):
    path, is_draft, _ = make_bulletin(ws, Q)
    assert not is_draft
    public = public_quarter(ws, Q)
    assert versions(ws) == {"01": [path.name, public.name]}
    kept = {each.stem for each in (ws.processed(Q) / "versions" / "01").glob("*.parquet")}
    assert kept == set(KEPT)
    then, now = ws.load_version(Q, 1, ["contributions"]), ws.load_frames(Q, ["contributions"], "score")
    assert then["contributions"].equals(now["contributions"])


def test_before_anything_was_issued_a_changed_result_needs_no_word(ws):
    assert a_late_file(ws) == [] and versions(ws) == {}


def test_a_run_with_the_same_result_says_nothing_of_the_papers(ws):
    make_bulletin(ws, Q)
    assert a_late_file(ws, days=MONDAYS) == []


def test_a_result_that_changed_after_the_circular_names_the_units_with_both_figures_and_the_kept_one(ws):
    make_bulletin(ws, Q)
    (problem,) = a_late_file(ws)
    assert "通报_2025Q3.docx" in problem.what and "水利局 100.00 优秀，第 1 名 → 96.00" in problem.what
    assert "林业局" not in problem.what  # its score and rank are the same
    assert "data/processed/2025Q3/versions/01" in problem.todo and not problem.is_fatal
    earlier = ws.load_version(Q, 1, ["unit_scores"])["unit_scores"]
    assert [str(score) for score in earlier["score"]] == ["100.00", "100.00"]


def test_once_the_corrected_circular_is_written_the_new_result_is_the_one_that_is_out(ws):
    make_bulletin(ws, Q)
    a_late_file(ws)
    make_bulletin(ws, Q)
    assert sorted(versions(ws)) == ["01", "02"]
    assert changed_since_issued(ws, Q, open_quarter(ws, Q).frames["unit_scores"]) == []


def test_a_draft_for_comments_is_no_paper_that_is_out(ws):
    (ws.raw(Q) / "留言.xlsx").unlink()
    judge_quarter(ws, Q, AS_OF)
    assert make_bulletin(ws, Q)[1] and versions(ws) == {}


def test_a_kept_result_that_somebody_changed_is_told_and_stops_nothing(ws):
    make_bulletin(ws, Q)
    path = ws.processed(Q) / "versions" / "01" / "unit_scores.parquet"
    path.write_bytes(path.read_bytes() + b"x")
    (problem,) = a_late_file(ws)
    assert "被改动" in problem.what and not problem.is_fatal


def test_a_unit_that_came_or_went_is_named(ws):
    keep_issued(ws, Q, "通报")
    units = open_quarter(ws, Q).frames["unit_scores"]
    (problem,) = changed_since_issued(ws, Q, units[units["unit_name"] != "水利局"])
    assert "水利局 100.00 优秀，第 1 名 → 不在结果里" in problem.what


def test_notices_and_public_data_keep_the_result_too(ws, xmt):
    a_late_file(ws)
    xmt("--workspace", ws.root, "notice", QUARTER)
    xmt("--workspace", ws.root, "publish", QUARTER)
    assert versions(ws) == {"01": ["整改通知书等通知", "公开数据"]}
    works(ws.raw(Q) / "水利" / f"作品_{SPAN}.xlsx", "水利")
    said = xmt("--workspace", ws.root, "run", QUARTER, "--as-of", str(AS_OF)).stdout
    assert "写过 整改通知书等通知、公开数据 以后，结果变了：水利局 96.00" in "".join(said.split("\n"))
