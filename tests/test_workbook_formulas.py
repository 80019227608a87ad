"""Whatever a person or a platform writes, no cell of the workbook becomes a formula by it."""

import tempfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from support_quarter import small_quarter

from xmt_scoring.frames import contracts
from xmt_scoring.reports.workbook import write_workbook

# what is no free text: keys that join frames and codes with a fixed set of words
FIXED = {"unit_id", "account_id", "owner_id", "check_id", "item_id", "contribution_id", "event_id", "post_id", "message_id", "article",
         "severity", "decided_by", "platform", "coverage_basis", "event_kind", "rule_mode", "rule_state", "kind", "basis"}  # fmt: skip


@pytest.fixture(scope="module")
def quarter():
    return small_quarter()


@pytest.fixture(scope="module")
def own_formulas(quarter):
    return formulas(quarter)


def formulas(data) -> dict[str, str]:
    """Sheet and cell → formula, of the workbook as it is written."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write_workbook(path, data)
        book = openpyxl.load_workbook(path)
    named = {page.title: page.title[:2] if page.title[:2].isdecimal() else page.title for page in book}  # a unit's sheet by its number
    return {f"{named[page.title]}!{cell.coordinate}": cell.value for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"}


def spoilt(data, start: str, body: str):
    """The quarter with this text in every free text column of every frame."""
    frames = {}
    for name, frame in data.frames.items():
        known = contracts()[name].columns if name in contracts() else ()
        free = [column.name for column in known if column.kind == "str" and not column.choice and column.name not in FIXED and column.name in frame]
        frames[name] = frame.assign(**{column: frame[column].where(frame[column].isna(), start + body + frame[column].fillna("")) for column in free if frame[column].notna().any()})
    return replace(data, frames=frames)


@pytest.mark.parametrize(
    ("start", "body"),
    [("=", "1+1"), ("=", 'HYPERLINK("http://x","y")'), ("+", "1+1"), ("-", "2+3"), ("@", "SUM(A1)"), ("\t", "=1+1"), ("\r", "=cmd|' /C calc'!A0"), ("{=", "1}"), ("\n", "=1+1")],
)
def test_no_text_of_any_column_becomes_a_formula(quarter, own_formulas, start, body):
    made = formulas(spoilt(quarter, start, body))
    assert set(made) ^ set(own_formulas) == set()
    assert [str(formula) for formula in made.values() if body in str(formula)] == []


def test_the_texts_were_really_spoilt(quarter):
    changed = spoilt(quarter, "=", "1+1").frames
    assert changed["accounts"]["account_name"].str.startswith("=1+1").all()
    assert changed["files"]["file"].str.startswith("=1+1").all()
    assert changed["verdicts"]["message"].dropna().str.startswith("=1+1").all()
