"""The sheet itself: page, margins, grid, page numbers; a new paper, a new section, and saving with the same bytes every time."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Footer
from docx.shared import Twips

from xmt_scoring.reports.excel_style import same_every_time
from xmt_scoring.reports.official.styles import CHAR_SPACE, LINE, set_fonts, set_styles
from xmt_scoring.reports.official.words import clean

# A4; 天头 37 mm, 订口 28 mm, 版心 156 mm × 225 mm (5.2.1). One twip less at the left than 28 mm, so that rounding never
# costs the 28th character.
SHORT, LONG = 11906, 16838
TOP, LEFT, BOTTOM, RIGHT = 2098, 1587, 1984, 1474
CORE = SHORT - LEFT - RIGHT  # width of the text, twips
CORE_LANDSCAPE = LONG - TOP - BOTTOM
FOOTER = 1429  # the dash of the page number is 7 mm below the text (7.5)
_UNUSED = ("/docProps/thumbnail.jpeg", "/word/stylesWithEffects.xml", "/customXml/item1.xml", "/word/numbering.xml")


@dataclass
class Paper:
    """A document that is being written. `is_landscape`: whether what comes next lies on a landscape page."""

    document: Document
    is_landscape: bool = False

    @property
    def core_mm(self) -> float:
        """Width of the text on the page that is being written, in millimetres."""
        return (CORE_LANDSCAPE if self.is_landscape else CORE) / 1440 * 25.4


def new_paper(title: str, day: dt.date, author: str = "", subject: str = "") -> Paper:
    """An empty paper. `title`, `author`, `subject` and `day` are what the file says of itself; no clock is read."""
    document = docx.Document()
    package = document.part.package
    for relations in (package.rels, document.part.rels):
        for key in [key for key, found in relations.items() if str(found.target_part.partname) in _UNUSED]:
            relations.pop(key)
    said, moment = document.core_properties, dt.datetime.combine(day, dt.time())
    said.title, said.author, said.subject = clean(title)[:255], clean(author)[:255], clean(subject)[:255]
    said.comments, said.keywords, said.last_modified_by, said.revision, said.language = "", "", clean(author)[:255], 1, "zh-CN"
    said.created = said.modified = moment
    set_styles(document)
    set_fonts(document)
    document.settings.odd_and_even_pages_header_footer = True
    for mode in document.settings.element.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")  # of today's Word, so that the window does not say 兼容模式
    _lay_out(document.sections[0], landscape=False)
    return Paper(document)


def start_section(paper: Paper, landscape: bool) -> bool:
    """Go on upright or landscape from here; page numbers go on too. Says whether that began a new page."""
    if landscape == paper.is_landscape:
        return False
    _lay_out(paper.document.add_section(WD_SECTION.NEW_PAGE), landscape)
    _end_small(paper)
    paper.is_landscape = landscape
    return True


def _end_small(paper: Paper) -> None:
    """Make the empty paragraph that ends a section too small to need a page of its own."""
    carrier = paper.document.element.body.findall(qn("w:p"))[-1]
    carrier.get_or_add_pPr().insert(0, _flat())


def start_next_paper(paper: Paper) -> None:
    """Another document in the same file, for printing: it begins on an odd page, and its pages are numbered from 1."""
    section = paper.document.add_section(WD_SECTION.ODD_PAGE)
    _lay_out(section, landscape=False)
    section._sectPr.find(qn("w:docGrid")).addprevious(parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>'))
    _end_small(paper)
    paper.is_landscape = False


def end_table(paper: Paper) -> None:
    """A paragraph without height: Word wants one after the last table, and one beside a table that floats."""
    paper.document.add_paragraph()._p.get_or_add_pPr().append(_flat())


def _flat() -> BaseOxmlElement:
    return parse_xml(f'<w:spacing {nsdecls("w")} w:line="20" w:lineRule="exact"/>')


def save_paper(paper: Paper, path: Path) -> None:
    """Write the .docx. Raises OSError when the file cannot be written."""
    if paper.document.element.body[-2].tag == qn("w:tbl"):  # the last element is the section's
        end_table(paper)
    memory = io.BytesIO()
    paper.document.save(memory)
    path.write_bytes(same_every_time(memory.getvalue()))


def _lay_out(section: Section, landscape: bool) -> None:
    if landscape:  # the sheet turned to the right: its head lies at the left edge of the upright sheet
        section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Twips(LONG), Twips(SHORT)
        top, right, bottom, left = LEFT, TOP, RIGHT, BOTTOM
    else:
        section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Twips(SHORT), Twips(LONG)
        top, right, bottom, left = TOP, RIGHT, BOTTOM, LEFT
    section.top_margin, section.bottom_margin = Twips(top), Twips(bottom)
    section.left_margin, section.right_margin = Twips(left), Twips(right)
    section.header_distance, section.footer_distance = Twips(850), Twips(850 if landscape else FOOTER)
    section.gutter = Twips(0)
    setting = section._sectPr
    for name in ("w:docGrid", "w:cols", "w:pgNumType"):  # a new section begins as a copy of the one before
        for old in setting.findall(qn(name)):
            setting.remove(old)
    setting.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="{CHAR_SPACE}"/>'))
    for footer, is_odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        _number_page(footer, is_odd, landscape)


def _number_page(footer: _Footer, is_odd: bool, landscape: bool) -> None:
    """— 1 — outside: right on odd pages, left on even ones, one character in (7.5); on landscape pages in the same place
    of the upright sheet, so turned, at the left edge."""
    for old in list(footer._element):
        footer._element.remove(old)
    if not landscape:
        footer._element.append(parse_xml(_number_paragraph("right" if is_odd else "left", 280)))
        return
    # the dash is 7 mm beside the text there too: the cell is a line wide
    place = f'<w:tblpPr w:vertAnchor="page" w:horzAnchor="page" w:tblpX="{FOOTER}" w:tblpY="{LEFT}"/><w:tblOverlap w:val="never"/>'
    margins = '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    look = f'{place}<w:tblW w:w="320" w:type="dxa"/><w:tblLayout w:type="fixed"/>{margins}'
    cell = f'<w:tcPr><w:tcW w:w="320" w:type="dxa"/><w:textDirection w:val="tbRl"/></w:tcPr>{_number_paragraph("right" if is_odd else "left", 280)}'
    row = f'<w:tr><w:trPr><w:trHeight w:val="{CORE}" w:hRule="exact"/></w:trPr><w:tc>{cell}</w:tc></w:tr>'
    table = f'<w:tbl {nsdecls("w")}><w:tblPr>{look}</w:tblPr><w:tblGrid><w:gridCol w:w="320"/></w:tblGrid>{row}</w:tbl>'
    footer._element.append(parse_xml(table))
    footer._element.append(parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Footer"/></w:pPr></w:p>'))


def _number_paragraph(side: str, indent: int) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    field = mark("begin") + code + mark("separate") + "<w:r><w:t>1</w:t></w:r>" + mark("end")
    dashes = [f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' for text in ("— ", " —")]
    look = f'<w:pStyle w:val="Footer"/><w:ind w:{side}Chars="100" w:{side}="{indent}"/><w:jc w:val="{side}"/>'
    return f"<w:p {nsdecls('w')}><w:pPr>{look}</w:pPr>{dashes[0]}{field}{dashes[1]}</w:p>"
