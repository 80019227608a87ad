"""The templates that `xmt init` writes: a clerk fills them in, and what she filled in is read without a word."""

import datetime as dt
import hashlib

import openpyxl
import pytest
from register_books import told

from xmt_scoring.glossary import words_for
from xmt_scoring.ingest.register_specs import sheets
from xmt_scoring.ingest.registers import is_register, read_register
from xmt_scoring.ingest.tables import open_file
from xmt_scoring.reports.register_templates import EXAMPLE, put_text, write_templates

ALL = [(sheet.file, sheet.name) for sheet in sheets() if sheet.register != "posts"]  # that form: test_platforms.py


def spec_of(file: str, name: str):
    return next(sheet for sheet in sheets() if (sheet.file, sheet.name) == (file, name))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("登记表")
    write_templates(made)
    return made


@pytest.mark.parametrize(("file", "name"), ALL)
def test_an_untouched_template_is_an_empty_register_without_messages(folder, file, name):
    grid = next(each for each in open_file(folder / file, file) if each.sheet == name)
    read = read_register(grid, is_register(grid))
    assert (read.n_rows, read.n_kept, read.n_quarantined, read.n_no_data_rows, read.problems) == (1, 0, 0, 1, [])


@pytest.mark.parametrize(("file", "name"), ALL)
def test_the_example_typed_over_as_data_is_read_back_without_messages(folder, tmp_path, file, name):
    book = openpyxl.load_workbook(folder / file)
    page = book[name]
    for column in range(1, page.max_column + 1):
        value = page.cell(2, column).value
        page.cell(3, column).value = value.removeprefix(EXAMPLE) if isinstance(value, str) else value
    book.save(tmp_path / file)
    grid = next(each for each in open_file(tmp_path / file, file) if each.sheet == name)
    read = read_register(grid, is_register(grid))
    assert (told(read.problems), read.n_kept, read.n_no_data_rows) == ("", 1, 1)
    row = read.frames[spec_of(file, name).register].iloc[0]
    assert all(row.notna()[column] for column in spec_of(file, name).example)


@pytest.mark.parametrize(("file", "name"), ALL)
def test_headings_are_words_of_the_glossary_frozen_styled_and_explained(folder, file, name):
    page, spec = openpyxl.load_workbook(folder / file)[name], spec_of(file, name)
    assert page.freeze_panes == "A2"
    for cell, column in zip(page[1], spec.columns, strict=True):
        assert cell.value in words_for(column.name)
        assert cell.font.bold == (column.name in spec.required)
        assert ("必填" in cell.comment.text) == (column.name in spec.required)
        assert page.column_dimensions[cell.column_letter].width >= 2 * len(cell.value)
    assert page["A2"].value.startswith(EXAMPLE)
    assert page["A2"].font.italic


def test_choices_and_yes_no_are_lists_and_dates_are_checked(folder):
    page = openpyxl.load_workbook(folder / "账号备案台账.xlsx")["账号"]
    rules = {str(rule.sqref).split(":")[0][0]: rule for rule in page.data_validations.dataValidation}
    at = {cell.value: cell.column_letter for cell in page[1]}
    assert rules[at["平台"]].formula1.startswith('"微信公众号,微博,')
    assert rules[at["是否主账号"]].formula1 == '"是,否"'
    assert rules[at["开设日期"]].type == "date"
    assert at["备注"] not in rules
    assert isinstance(page[f"{at['开设日期']}2"].value, dt.datetime)


def test_every_list_is_short_enough_for_excel(folder):
    for file in {file for file, _ in ALL}:
        for page in openpyxl.load_workbook(folder / file).worksheets:
            assert all(len(rule.formula1) <= 255 for rule in page.data_validations.dataValidation)


def test_two_writings_are_equal_to_the_byte(folder, tmp_path):
    again = write_templates(tmp_path / "又一次")
    assert len(again) == len({sheet.file for sheet in sheets()})
    assert all(hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256((folder / path.name).read_bytes()).digest() for path in again)


def test_a_template_that_is_there_is_not_overwritten(folder):
    before = (folder / "单位.xlsx").read_bytes()
    with pytest.raises(FileExistsError):
        write_templates(folder)
    assert (folder / "单位.xlsx").read_bytes() == before


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "普通"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path, text):
    book = openpyxl.Workbook()
    put_text(book.active["A1"], text)
    book.save(tmp_path / "甲.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "甲.xlsx").active["A1"]
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (text, "s", text != "普通")
