"""The generated circular of the demo county, and what a hand may do to it: the linter finds the errors and only them."""

import datetime as dt
import re
import shutil
from pathlib import Path

import docx
import pytest
from bulletin_edits import IN_TABLES, IN_TEXT, drop_row, plant_in_table, plant_in_text, repeat_row, reword
from conftest import run_xmt

from xmt_scoring.bulletin import make_bulletin
from xmt_scoring.lint.documents import open_document
from xmt_scoring.lint.facts import Facts, facts_of
from xmt_scoring.lint.run import lint
from xmt_scoring.workspace import Workspace

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
ISSUED = dt.date(2025, 10, 14)


@pytest.fixture(scope="module")
def county(demo, tmp_path_factory) -> Path:
    """A workspace with the frames and the circulars of the demo county's four quarters."""
    folder = tmp_path_factory.mktemp("通报")
    shutil.copytree(demo / "data" / "processed", folder / "data" / "processed")
    shutil.copyfile(demo / "xmt.toml", folder / "xmt.toml")
    ws = Workspace(folder)
    for text in QUARTERS:
        make_bulletin(ws, ws.settings.quarter(text), ISSUED if text == "2025Q3" else None)
    return folder


def every_second_on_every_run(names):
    """The quick suite plants half of the errors (more than twenty), the long one the others."""
    return [pytest.param(name, marks=[pytest.mark.long] if place % 2 else []) for place, name in enumerate(names)]


def circular(folder: Path, quarter: str = "2025Q3") -> Path:
    return folder / "reports" / quarter / f"通报_{quarter}.docx"


@pytest.fixture(scope="module")
def facts(county) -> Facts:
    """What a circular of the third quarter is held against; the same for every copy of the same date."""
    return facts_of(county, open_document(circular(county)), "2025Q3")


def findings(path: Path, facts: Facts):
    return facts.lint(open_document(path)).findings


@pytest.mark.parametrize("quarter", QUARTERS)
def test_nothing_is_said_of_the_generated_circular_whatever_is_known(county, quarter):
    path = circular(county, quarter)
    document = open_document(path)
    known = facts_of(county, document)
    assert known.original is not None
    assert findings(path, known) == []
    assert lint(document, known.quarter, known.county, known.before).findings == []
    assert lint(document).findings == []


@pytest.mark.parametrize(("quarter", "scores", "places"), [("2025Q3", "accounts", 0), ("2025Q4", "units", 1)])
def test_nothing_is_said_of_a_circular_with_scores_a_red_head_and_other_decimals(county, tmp_path, quarter, scores, places):
    shutil.copytree(county / "data", tmp_path / "data")
    settings = (county / "xmt.toml").read_text(encoding="utf-8")
    for name, value in (("bulletin_scores", f'"{scores}"'), ("rate_places", places), ("red_head", "true"), ("imprint", "true")):
        settings = re.sub(rf"^{name} = .*$", f"{name} = {value}", settings, flags=re.M)
    (tmp_path / "xmt.toml").write_text(settings, encoding="utf-8")
    ws = Workspace(tmp_path)
    assert (ws.settings["bulletin_scores"], ws.settings["rate_places"]) == (scores, places)
    path, _, _ = make_bulletin(ws, ws.settings.quarter(quarter))
    document = open_document(path)
    notes = facts_of(tmp_path, document).lint(document)
    assert (notes.findings, notes.doubts) == ([], [])


def test_the_command_says_nothing_against_the_generated_circular(county):
    done = run_xmt("--workspace", county, "lint", circular(county), "--all")
    assert "没有发现不符" in done.stdout
    assert "按它写出的通报" in done.stdout


def test_every_figure_of_the_generated_circular_was_held_against_something(county, facts):
    notes = facts.lint(open_document(circular(county)))
    assert notes.doubts == []
    assert notes.held.total() > 300


@pytest.mark.parametrize("name", every_second_on_every_run(IN_TEXT))
def test_an_error_planted_in_the_text_is_found(county, facts, tmp_path, name):
    assert plant_in_text(circular(county), tmp_path / "通报.docx", name)
    assert findings(tmp_path / "通报.docx", facts)


@pytest.mark.parametrize("name", every_second_on_every_run(IN_TABLES))
def test_an_error_planted_in_a_table_is_found(county, facts, tmp_path, name):
    assert plant_in_table(circular(county), tmp_path / "通报.docx", name)
    assert findings(tmp_path / "通报.docx", facts)


@pytest.mark.parametrize("heading", ["发布条数", "件数", "不合格原因"])
def test_a_row_too_few_or_too_many_is_found(county, facts, tmp_path, heading):
    for change in (drop_row, repeat_row):
        change(circular(county), tmp_path / "通报.docx", heading)
        assert findings(tmp_path / "通报.docx", facts)


def test_prose_of_a_list_that_was_rewritten_is_named_for_a_person_to_read(county, facts, tmp_path):
    document = docx.Document(str(circular(county)))
    table = next(table for table in document.tables if "件数" in [cell.text for cell in table.rows[0].cells])
    cell = table.rows[1].cells[[cell.text for cell in table.rows[0].cells].index("具体情况")]
    cell.paragraphs[0].runs[0].text = "情节严重。" + cell.paragraphs[0].runs[0].text
    document.save(str(tmp_path / "通报.docx"))
    notes = facts.lint(open_document(tmp_path / "通报.docx"))
    assert not notes.findings and "与按数据写出的文字不同，请人工核对" in [each.reason for each in notes.doubts]


def test_at_least_twenty_errors_are_found_without_the_programs_own_circular(county, facts, tmp_path):
    path = circular(county)
    for number, name in enumerate(IN_TEXT):
        plant_in_text(path, tmp_path / f"{number}.docx", name)
        path = tmp_path / f"{number}.docx" if (tmp_path / f"{number}.docx").exists() else path
    found = lint(open_document(path), facts.quarter, facts.county, facts.before).findings
    assert len({(each.sentence, each.says) for each in found}) >= 20


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("现将有关情况通报如下", "现通报如下"),
        ("涉及云岭县教育和体育局、", "涉及县教育和体育局、"),
        ("强化日常监管。", "加强日常监管。"),
        ("，并及时备案", ""),
        ("查明原因，确保下季度复查合格", "认真查摆原因，逐条整改到位，确保下季度复查时全部合格"),
        ("本次检查", "此次检查"),
        ("合格率92.86%", "合格率92.9%"),
        ("整改率27.59%", "整改率27.6%"),
        ("不合格2个", "不合格两个"),
        ("（云岭县卫生健康局）", "（云岭县卫健局）"),
        ("分平台看，", "从平台看，"),
        ("继续按季度组织检查。", "继续按季度组织检查。整改情况将在县政府常务会议上通报。"),
    ],
)
def test_other_words_of_the_office_are_no_error(county, facts, tmp_path, old, new):
    reword(circular(county), tmp_path / "通报.docx", old, new)
    assert findings(tmp_path / "通报.docx", facts) == []


def test_the_command_shows_what_was_planted_and_ends_with_1(county, tmp_path):
    plant_in_text(circular(county), tmp_path / "改过的通报.docx", "one problem more")
    done = run_xmt("--workspace", county, "lint", tmp_path / "改过的通报.docx", ok=False)
    assert done.returncode == 1
    assert "问题数" in done.stdout
