"""What a .docx says, read back with nothing of ours: paragraphs, tables, and the order of its elements."""

import zipfile
from pathlib import Path

import docx
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# the order that ECMA-376 prescribes (its own words; those that we use)
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl pBdr tabs autoSpaceDE autoSpaceDN snapToGrid spacing ind jc outlineLvl rPr sectPr",
    "rPr": "rFonts b color spacing sz szCs u snapToGrid lang",
    "tcPr": "tcW gridSpan textDirection vAlign",
    "tblPr": "tblpPr tblOverlap tblW jc tblInd tblBorders tblLayout tblCellMar",
    "tbl": "tblPr tblGrid tr", "tc": "tcPr p", "p": "pPr r", "tr": "trPr tc",
    "sectPr": "headerReference footerReference type pgSz pgMar cols docGrid",
}  # fmt: skip


def paragraphs(path: Path) -> list[str]:
    """The paragraphs of the body in order, empty ones left out."""
    return [each.text for each in docx.Document(str(path)).paragraphs if each.text]


def tables(path: Path) -> list[list[list[str]]]:
    """The tables of the body: rows of cells."""
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(str(path)).tables]


def styles(path: Path, name: str) -> list[str]:
    """The paragraphs of a style."""
    return [each.text for each in docx.Document(str(path)).paragraphs if each.style.name == name]


def out_of_order(path: Path) -> list[str]:
    """Elements whose children do not stand in the prescribed order, in any part; a strict reader refuses them."""
    wrong = []
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            if not part.startswith("word/") or not part.endswith(".xml") or "theme" in part or "settings" in part.lower():
                continue
            for element in etree.fromstring(package.read(part)).iter():
                kind = str(element.tag).removeprefix(W)
                if kind not in ORDER:
                    continue
                order = ORDER[kind].split()
                names = [str(child.tag).removeprefix(W) for child in element]
                places = [order.index(each) if each in order else -1 for each in names]
                if -1 in places or places != sorted(places):
                    wrong.append(f"{part} {kind}: {names}")
    return wrong
