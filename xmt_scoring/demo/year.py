"""The invented county's year: the registers of data/raw/2025, and a notice that comes after the first result."""

from __future__ import annotations

from pathlib import Path

from xmt_scoring.demo.books import write_book
from xmt_scoring.demo.papers import Rows, honours, rectifications
from xmt_scoring.demo.plan import Plan, load_plan
from xmt_scoring.demo.records import NOTHING_FOUND, inspections
from xmt_scoring.ingest.register_specs import Sheet, sheets
from xmt_scoring.periods import Year

LATE = "上级检查(补报).xlsx"


def demo_year(plan: Plan | None = None) -> Year:
    """The year of the demo."""
    return Year((plan or load_plan()).quarters[0].year)


def write_year(root: Path) -> Path:
    """Write the registers that only the year needs below `root`/data/raw/<year>; returns the folder."""
    plan = load_plan()
    folder = root / "data" / "raw" / str(demo_year(plan))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LATE).unlink(missing_ok=True)  # the first result is without it
    for name, rows in _rows(plan).items():
        _write(folder, name, rows)
    return folder


def write_late_notice(root: Path) -> Path:
    """Write the notice of a higher level that arrives after the year has been assessed; returns its file."""
    plan = load_plan()
    folder = root / "data" / "raw" / str(demo_year(plan))
    sheet = _sheet("上级检查")
    write_book(folder / LATE, {sheet.name: _cells(sheet, inspections(plan, plan.raw["year"]["late_findings"]))})
    return folder / LATE


def _rows(plan: Plan) -> dict[str, Rows]:
    """Rows by the name of the sheet."""
    year = plan.raw["year"]
    due = year["review_due_on"]
    usual = due.replace(day=20)
    reviews = [
        {
            "unit_id": unit,
            "title": f"{demo_year(plan)}年度政务新媒体自查报告",
            "due_on": due,
            "submitted_on": None if unit in year["missing_reviews"] else year["late_reviews"].get(unit, usual),
        }
        for unit in plan.raw["units"]
    ]
    checked = [
        {"check_item": item, "check_scope": "全部", "checked_at": year["checked_at"], "checker": "周一", "check_result": NOTHING_FOUND}
        for item in year["checked_items"]
    ]
    columns = ("unit_id", "closing_end", "approver", "decided_on", "document_no", "reason")
    return {
        "自查材料": reviews,
        "已核查": checked,
        "表彰": honours(plan, year["closed_on"]),
        "整改台账": rectifications(plan, plan.quarters[-1:], year["closed_on"]),
        "年度结案": [dict(zip(columns, row, strict=True)) for row in year["closures"]],
    }


def _sheet(name: str) -> Sheet:
    return next(sheet for sheet in sheets() if sheet.name == name)


def _write(folder: Path, name: str, rows: Rows) -> None:
    sheet = _sheet(name)
    write_book(folder / sheet.file, {sheet.name: _cells(sheet, rows)})


def _cells(sheet: Sheet, rows: Rows) -> list[list[object]]:
    return [list(sheet.headings), *([row.get(column.name) for column in sheet.columns] for row in rows)]
