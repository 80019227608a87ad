"""The demo county: the workbook equals the library for every unit, and after each of three decisions typed into it."""

import datetime as dt
import shutil
from pathlib import Path

import openpyxl
import pytest
from recalculation import FOREIGN_BARS, assert_same_scores, fill_in, recalculated

from xmt_scoring.glossary import spoken
from xmt_scoring.pipeline import check_quarter, default_as_of, import_quarter, open_quarter, score_quarter
from xmt_scoring.reports.workbook import write_workbook
from xmt_scoring.workspace import Workspace

pytestmark = [FOREIGN_BARS, pytest.mark.long]
QUARTER = "2025Q4"


def cancelled(findings, done) -> None:
    """A finding is struck from the register of findings."""
    findings.delete_rows(next(cell.row for cell in findings["A"] if cell.value == "F2564"))


def answered(findings, done) -> None:
    """An item that nobody had looked at is answered: nothing was found."""
    done.append(["C1", "账号", None, "YLWB06", dt.datetime(2025, 12, 24, 15), "周一", "未发现问题", None])


def judged_anew(findings, done) -> None:
    """A typo turns out to be a grave one; the suspicion of a veto is not confirmed."""
    places = {cell.value: cell.column for cell in findings[1]}
    line = next(cell.row for cell in findings["A"] if cell.value == "F2561")
    findings.cell(line, places["程度或情形"]).value = "严重"
    findings.delete_rows(next(cell.row for cell in findings["A"] if cell.value == "F2562"))


STEPS = {  # what changes in the registers, what is typed as 复核扣分 and as 否决核查
    "撤销": (cancelled, {"2025Q4|YLWX01|C3|F2564": 0}, {}),
    "答复": (answered, {"2025Q4|YLWB06|C1|-art11_typo": 0}, {}),
    "改判": (judged_anew, {"2025Q4|YLWX02|C1|F2561": -2}, {"云岭公安在线": "未发现"}),
}


@pytest.fixture(scope="module")
def decided(demo, tmp_path_factory):
    """For each step, one after the other: the workbook with all figures so far, calculated anew, and the library's frames."""
    folder = tmp_path_factory.mktemp("演示改数")
    root = folder / "县"
    shutil.copytree(demo, root, ignore=shutil.ignore_patterns("reports", "notebooks", "versions"))
    ws = Workspace(root)
    quarter = ws.settings.quarter(QUARTER)
    write_workbook(folder / "原表.xlsx", open_quarter(ws, quarter))
    books, frames = [folder / "原表.xlsx"], {"原表": scores(ws, quarter)}
    reviews, answers = {}, {}
    register = root / "data" / "raw" / QUARTER / "人工核查.xlsx"
    for name, (change, typed, answer) in STEPS.items():
        reviews, answers = {**reviews, **typed}, {**answers, **answer}
        books.append(fill_in(folder / "原表.xlsx", folder / f"{name}.xlsx", reviews, answers))
        book = openpyxl.load_workbook(register)
        change(book["发现的问题"], book["已核查"])
        book.save(register)
        import_quarter(ws, quarter, default_as_of(ws, quarter))
        check_quarter(ws, quarter)
        score_quarter(ws, quarter)
        frames[name] = scores(ws, quarter)
    return recalculated(folder, books), frames


def scores(ws, quarter) -> tuple:
    """Account and unit scores as they are saved now."""
    found = ws.load_frames(quarter, ["account_scores", "unit_scores"], "score")
    accounts = found["account_scores"]
    return accounts.assign(spoken_platform=spoken(accounts["platform"], "platform")), found["unit_scores"]


@pytest.mark.parametrize("name", ["原表", *STEPS])
def test_every_unit_of_the_demo_has_the_scores_of_the_library_when_calculated_anew(decided, name):
    books, frames = decided
    assert_same_scores(books[name][1], *frames[name])


def test_each_decision_changed_something(decided):
    _, frames = decided
    units = [frames[name][1].set_index("unit_id")[["low", "high", "score"]] for name in ("原表", *STEPS)]
    assert not any(before.equals(after) for before, after in zip(units, units[1:], strict=False))


def test_the_demo_s_workbook_keeps_every_stored_value_when_it_is_calculated_anew(decided):
    written, anew = (openpyxl.load_workbook(path, data_only=True) for path in decided[0]["原表"])
    formulas = [cell for page in openpyxl.load_workbook(Path(decided[0]["原表"][0])) for line in page.iter_rows() for cell in line if cell.data_type == "f"]
    differing = [
        (cell.parent.title, cell.coordinate, old, new) for cell in formulas
        for old, new in [(written[cell.parent.title][cell.coordinate].value, anew[cell.parent.title][cell.coordinate].value)] if old != new
    ]  # fmt: skip
    assert len(formulas) > 1_500 and not differing
