"""The workbook opens without a repair prompt: its parts keep to the Office Open XML schemas and to the limits of Excel."""

import itertools
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from lxml import etree
from openpyxl.utils import range_boundaries
from openxml_audit import OpenXmlValidator
from support_quarter import ACCOUNTS, row, small_quarter, written

from xmt_scoring.reports.sheet_names import unit_sheets
from xmt_scoring.reports.workbook import write_workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ODD = {
    "U1": "县[林业]：局*?/\\'甲'", "U2": "县融媒体中心（县广播电视台）以及名字特别特别长的一个单位甲", "U3": "县融媒体中心（县广播电视台）以及名字特别特别长的一个单位乙",
    "U4": "😀𠮷䶮" * 12, "U5": "人工核查表", "U6": "History", "U7": "人工核查表 ", "U8": "\x07控制符局",
}  # fmt: skip


def odd_quarter():
    """Units with names that no sheet may bear, and a reason of 3,000 characters with rare ones."""
    told = [row("art11_typo", "W1", "X1", severity="general", message="𠮷䶮😀\x01错" * 600)]
    return small_quarter(rows=told, units=ODD, accounts={**ACCOUNTS, "K8": ("U8", True, "𠮷野家😀", "weibo")})


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> dict[str, Path]:
    """An ordinary workbook and one with every odd name."""
    folder = tmp_path_factory.mktemp("包")
    write_workbook(folder / "怪名.xlsx", odd_quarter())
    return {"平常": written(folder, "平常.xlsx"), "怪名": folder / "怪名.xlsx"}


@pytest.mark.parametrize("name", ["平常", "怪名"])
def test_the_parts_keep_to_the_schemas_and_relations_of_office_open_xml(books, name):
    found = OpenXmlValidator().validate(books[name])
    assert [(error.part_uri, error.description) for error in found.errors] == []


def test_the_validator_would_tell_of_an_element_in_the_wrong_place_and_of_a_broken_relation(books, tmp_path):
    for member, old, new in (
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheetData><pageMargins left='1' right='1' top='1' bottom='1' header='1' footer='1'/>"),
        ("xl/worksheets/_rels/sheet4.xml.rels", b'Id="rId1"', b'Id="rId999"'),
    ):
        with zipfile.ZipFile(books["平常"]) as source, zipfile.ZipFile(tmp_path / "坏.xlsx", "w") as target:
            for part in source.namelist():
                content = source.read(part)
                assert part != member or old in content
                target.writestr(part, content.replace(old, new, 1) if part == member else content)
        assert OpenXmlValidator().validate(tmp_path / "坏.xlsx").errors


@pytest.mark.parametrize("name", ["平常", "怪名"])
def test_names_of_sheets_and_ranges_are_legal_and_unique(books, name):
    book = openpyxl.load_workbook(books[name])
    for title in book.sheetnames:
        assert 1 <= len(title.encode("utf-16-le")) // 2 <= 31 and not re.search(r"[\[\]:*?/\\\x00-\x1f]", title)
        assert title[0] != "'" != title[-1] and title.casefold() != "history"
    assert len({title.casefold() for title in book.sheetnames}) == len(book.sheetnames)
    names = list(book.defined_names)
    assert len(names) > 15 and len({each.casefold() for each in names}) == len(names)
    assert all(re.fullmatch(r"[^\W0-9][\w.]*", each) and len(each) <= 255 for each in names)
    for each in book.defined_names.values():
        for sheet, area in each.destinations:
            assert sheet in book.sheetnames and range_boundaries(area)


def test_a_sheet_bears_its_number_so_that_names_differ_after_the_cut():
    named = unit_sheets(["甲" * 40, "甲" * 41, "😀" * 40, "", "'甲'"])
    assert named[0] == "01 " + "甲" * 28 and named[1] == "02 " + "甲" * 28
    assert named[2] == "03 " + "😀" * 14 and named[3] == "04" and named[4] == "05 _甲_"


@pytest.mark.parametrize("name", ["平常", "怪名"])
def test_links_lead_to_cells_that_are_there_and_formulas_and_texts_are_not_too_long(books, name):
    book = openpyxl.load_workbook(books[name])
    n_inner = 0
    for page in book.worksheets:
        for cell in (cell for line in page.iter_rows() for cell in line if cell.value is not None):
            if cell.data_type == "f":
                assert len(str(cell.value)) <= 8_192, cell.coordinate
            assert len(str(cell.value).encode("utf-16-le")) // 2 <= 32_767
            link = cell.hyperlink
            if link and link.location:
                sheet, area = re.fullmatch(r"'((?:[^']|'')+)'!([A-Z]+[0-9]+)", link.location).groups()
                assert book[sheet.replace("''", "'")][area] is not None
                n_inner += 1
        for side in (page.oddFooter, page.oddHeader):
            assert sum(len(str(part.text or "")) for part in (side.left, side.center, side.right)) <= 255
        for rule in page.data_validations.dataValidation:
            assert len(str(rule.formula1 or "")) <= 255 and len(str(rule.error or "")) <= 225 and len(str(rule.prompt or "")) <= 255
    assert n_inner > 40


@pytest.mark.parametrize("name", ["平常", "怪名"])
def test_merged_cells_do_not_overlap_and_every_formula_keeps_its_value(books, name):
    for page in openpyxl.load_workbook(books[name]).worksheets:
        areas = [area.bounds for area in page.merged_cells.ranges]
        for one, other in itertools.combinations(areas, 2):
            assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1], page.title
    with zipfile.ZipFile(books[name]) as package:
        for part in (part for part in package.namelist() if part.startswith("xl/worksheets/sheet")):
            cells = etree.fromstring(package.read(part)).iter(f"{MAIN}c")
            formulas = [cell for cell in cells if cell.find(f"{MAIN}f") is not None]
            assert all((cell.find(f"{MAIN}v").text or "") != "" for cell in formulas), part


@pytest.mark.parametrize("name", ["平常", "怪名"])
def test_formulas_are_protected_without_a_password_and_boxes_are_open(books, name):
    book = openpyxl.load_workbook(books[name])
    for page in book.worksheets:
        formulas = [cell for line in page.iter_rows() for cell in line if cell.data_type == "f"]
        if formulas:
            assert page.protection.sheet and page.protection.password is None, page.title
            assert all(cell.protection.locked for cell in formulas)
    boxes = [page for page in book.worksheets if page.title[:2].isdecimal()]
    assert len(boxes) == len(small_quarter().frames["units"]) if name == "平常" else len(boxes) == len(ODD)
    for page in boxes:
        start = next(cell.row for cell in page["A"] if str(cell.value).startswith("五、申诉"))
        assert not any(page.cell(start + 2, column).protection.locked for column in range(1, 16))
    assert not book["人工核查表"].protection.sheet  # people fill it in


def test_the_properties_say_what_it_is_and_know_no_clock(books, tmp_path):
    told = openpyxl.load_workbook(books["平常"]).properties
    assert told.title == "太白县政务新媒体考核评分表 2025Q3" and told.subject.startswith("2025年第三季度（2025-07-01 至 2025-09-30）")
    assert pd.Timestamp(told.created) == pd.Timestamp(told.modified) == pd.Timestamp(2025, 10, 10)
    write_workbook(tmp_path / "再.xlsx", replace(small_quarter()))
    assert (tmp_path / "再.xlsx").read_bytes() == books["平常"].read_bytes()
