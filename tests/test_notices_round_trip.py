"""The 整改台账 that goes out with a notice comes back through the real import of the next quarter, filled in or not."""

import datetime as dt
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from notice_files import whole

from xmt_scoring.pipeline import check_quarter, default_as_of, import_quarter, open_quarter
from xmt_scoring.reports.notices.making import make_notices
from xmt_scoring.reports.problems import problem_rows
from xmt_scoring.workspace import Workspace

THIS, NEXT = "2025Q3", "2025Q4"


def answered(path: Path, rows: slice, result: str, day: dt.date | None) -> None:
    """A unit fills in some rows of its form."""
    book = openpyxl.load_workbook(path)
    page = book.active
    heads = {cell.value: cell.column for cell in page[3]}
    for number in range(4, page.max_row + 1)[rows]:
        page.cell(number, heads["整改结果"]).value = result
        page.cell(number, heads["销号日期"]).value = day
        page.cell(number, heads["备注"]).value = "已更正，责任人：某运维"
    book.save(path)


@pytest.fixture(scope="module")
def back(demo, tmp_path_factory):
    """The demo's notices of the third quarter, answered by two units, and the fourth quarter imported with the answers."""
    root = tmp_path_factory.mktemp("回执") / "县"
    for part in ("data/processed/2025Q3", "data/processed/2025Q2", "data/raw/2025Q4"):
        shutil.copytree(demo / part, root / part)
    shutil.copy(demo / "xmt.toml", root / "xmt.toml")
    ws = Workspace(root)
    data = open_quarter(ws, ws.settings.quarter(THIS))
    paths, _ = make_notices(ws, data, dt.date(2025, 10, 15))
    forms = {path.name: path for path in paths if path.parent.name == "回执"}
    answered(forms["整改台账_云岭县公安局.xlsx"], slice(None), "已整改", dt.date(2025, 10, 20))
    answered(forms["整改台账_云岭县农业农村局.xlsx"], slice(0, 3), "整改中", None)
    folder = root / "data" / "raw" / NEXT / "回执"
    shutil.copytree(paths[0].parent / "回执", folder)
    quarter = ws.settings.quarter(NEXT)
    step = import_quarter(ws, quarter, default_as_of(ws, quarter))
    judged = check_quarter(ws, quarter)
    return data, step, judged, forms


def test_every_row_of_every_form_is_read_with_its_number_limit_and_event(back):
    data, step, _, forms = back
    problems = problem_rows(data)
    problems = problems[~problems["is_overdue"]].set_index("problem_id")
    rows = step.frames["rectifications"]
    own = rows[rows["src_file"].str.startswith("回执/")].set_index("rectification_id")
    assert set(own.index) == set(problems.index) and len(forms) == own["unit_id"].nunique()
    for column in ("unit_id", "account_id", "check_id", "event_id"):
        came = own["check_item" if column == "check_id" else column].reindex(problems.index)
        assert came.fillna("").tolist() == problems[column].fillna("").tolist(), column
    assert set(own["rectify_by"]) == {pd.Timestamp(2025, 10, 29)}
    assert (own["found_on"] <= pd.Timestamp(2025, 9, 30)).all()
    assert not step.frames["quarantine"]["src_file"].str.startswith("回执/").any()
    files = step.frames["files"]
    assert (files.loc[files["file"].str.startswith("回执/"), "n_quarantined"] == 0).all()
    assert not [problem for problem in step.problems if "回执" in problem.where]


def test_answers_of_the_units_arrive_and_blank_rows_stay_unanswered(back):
    _, step, _, _ = back
    rows = step.frames["rectifications"]
    own = rows[rows["src_file"].str.startswith("回执/")]
    by_unit = own.groupby("unit_id")["rectify_result"].agg(lambda said: said.fillna("").tolist())
    assert set(by_unit["YL03"]) == {"resolved"} and by_unit["YL08"].count("in_progress") == 3
    assert set(by_unit["YL02"]) == {""}
    assert set(own.loc[own["unit_id"] == "YL03", "resolved_on"]) == {pd.Timestamp(2025, 10, 20)}


def test_with_the_ledger_every_problem_of_the_quarter_before_has_its_row_and_what_was_put_right_is_closed(back, demo):
    _, _, judged, _ = back
    problems = judged.frames["earlier_problems"]
    without = pd.read_parquet(demo / "data" / "processed" / NEXT / "earlier_problems.parquet")
    assert problems["has_rectification"].all() and not without["has_rectification"].all()
    assert problems.loc[problems["unit_id"] == "YL03", "is_resolved"].all()
    assert not problems.loc[problems["unit_id"] == "YL02", "is_resolved"].all()


def test_what_was_not_put_right_by_the_deadline_is_found_in_the_next_quarter(back):
    _, _, judged, _ = back
    verdicts = judged.frames["verdicts"]
    unfixed = verdicts[(verdicts["check_id"] == "art21_unfixed_problem") & (verdicts["outcome"] == "fail")]
    new = unfixed[unfixed["event_id"].str.startswith("2025Q3-")]
    assert "YL02" in set(new["unit_id"]) and "YL03" not in set(new["unit_id"])
    assert new["allowed"].eq("2025-10-29").all()


def test_notices_of_the_demo_name_each_problem_of_the_county_once(back, demo):
    data, _, _, forms = back
    folder = next(iter(forms.values())).parent.parent
    told = [whole(path) for path in folder.glob("整改通知书_*.docx")]
    for number in problem_rows(data)["problem_id"]:
        assert sum(number in text for text in told) == 1
