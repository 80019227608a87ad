"""What only the final print of a red-headed document has: 版头 (7.2) above the title and 版记 (7.4) at the foot of the last page."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from xmt_scoring.reports.official.paper import BOTTOM, CORE, LEFT, LONG, Paper, end_table
from xmt_scoring.reports.official.parts import add_blank
from xmt_scoring.reports.official.styles import TITLE, fonts, size
from xmt_scoring.reports.official.words import chinese_date, clean, width

_RED, _BLACK = "FF0000", "000000"
_CHAR, _LINE = 280, 500  # twips: a character in 4号 and a line of the 版记


def add_red_head(paper: Paper, mark: str, document_no: str) -> None:
    """发文机关标志 in red 小标宋, 35 mm below the upper edge of the text and as large as one line allows; 发文字号 two lines
    below it; the red rule 4 mm below that, as wide as the text. Two blank lines follow, before the title (7.2, 7.3.1)."""
    mark = clean(mark)
    points = min(54, int(CORE / 20 / max(width(mark), 1)))
    head = paper.document.add_paragraph()
    look = f'{fonts(TITLE)}<w:color w:val="{_RED}"/>{size(points)}'
    head._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:rPr>{look}</w:rPr><w:t>{escape(mark)}</w:t></w:r>'))
    layout = head.paragraph_format
    layout.space_before, layout.line_spacing, layout.alignment = Pt(35 / 25.4 * 72), Pt(points * 1.25), WD_ALIGN_PARAGRAPH.CENTER
    for _ in range(2):
        add_blank(paper)
    number = paper.document.add_paragraph(clean(document_no))
    number.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    rule = f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="18" w:space="11" w:color="{_RED}"/></w:pBdr>'
    number._p.get_or_add_pPr().insert(0, parse_xml(rule))
    for _ in range(2):
        add_blank(paper)


def add_imprint(paper: Paper, copies: Sequence[str], printer: str, printed_on: dt.date) -> None:
    """版记 at the foot of the page that is being written: 抄送, 印发机关 and 印发日期 between rules as wide as the text, 4号仿宋.

    `copies`: the organs behind 抄送：, joined with full-width commas and ended with a full stop; empty for none. The standard
    wants the 版记 on the last even page; whether a blank page is needed for that shows only in print.
    """
    rows, n_lines = [], 1
    if copies:
        text = "抄送：" + "，".join(map(clean, copies)) + "。"
        n_lines += math.ceil((width(text) - 3) / (CORE // _CHAR - 5))
        rows.append(_cell(text, f'<w:ind w:left="{4 * _CHAR}" w:right="{_CHAR}" w:hanging="{3 * _CHAR}"/>', "left", 2))
    left = _cell(clean(printer), f'<w:ind w:left="{_CHAR}"/>', "left", 1)
    rows.append(left + _cell(chinese_date(printed_on) + "印发", f'<w:ind w:right="{_CHAR}"/>', "right", 1))
    body = "".join(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>" for cells in rows)
    # by distance from the head of the sheet: LibreOffice does not know „at the foot“
    place = f'<w:tblpPr w:vertAnchor="page" w:horzAnchor="page" w:tblpX="{LEFT}" w:tblpY="{LONG - BOTTOM - n_lines * _LINE - 40}"/>'
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{weight}" w:space="0" w:color="{_BLACK}"/>' for side, weight in (("top", 8), ("bottom", 8), ("insideH", 6))
    )
    look = f'{place}<w:tblOverlap w:val="never"/><w:tblW w:w="{CORE}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>'
    grid = f'<w:gridCol w:w="{CORE // 2}"/><w:gridCol w:w="{CORE - CORE // 2}"/>'
    table = parse_xml(f"<w:tbl {nsdecls('w')}><w:tblPr>{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>")
    paper.document.element.body.insert_element_before(table, "w:sectPr")
    end_table(paper)


def _cell(text: str, indent: str, side: str, span: int) -> str:
    look = f'<w:spacing w:line="{_LINE}" w:lineRule="exact"/>{indent}<w:jc w:val="{side}"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{CORE * span // 2}" w:type="dxa"/><w:gridSpan w:val="{span}"/></w:tcPr>'
        f"<w:p><w:pPr>{look}</w:pPr><w:r><w:rPr>{size(14)}</w:rPr><w:t>{escape(text)}</w:t></w:r></w:p></w:tc>"
    )
