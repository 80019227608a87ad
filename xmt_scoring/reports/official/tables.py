"""Tables of official documents: thin lines, a head that is repeated on every page, small type, fixed widths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from xmt_scoring.reports.official.paper import Paper
from xmt_scoring.reports.official.styles import size
from xmt_scoring.reports.official.words import clean

LONG_CELL = 240  # characters: a row with more may be divided between pages, else it moves to the next page whole


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in millimetres (only the proportions count), and left or center."""

    heading: str
    width: float
    align: str = "left"


def add_table(paper: Paper, columns: Sequence[Column], rows: Iterable[Sequence[object]], points: float = 10.5) -> BaseOxmlElement:
    """A table over the whole width of the text. `points`: size of type. Missing values (None) are empty cells."""
    total = sum(column.width for column in columns)
    core = round(paper.core_mm / 25.4 * 1440)
    widths = [round(core * column.width / total) for column in columns]
    widths[-1] += core - sum(widths)
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    head = _row([column.heading for column in columns], columns, widths, "TableHead", points)
    body = "".join(_row(row, columns, widths, "TableText", points) for row in rows)
    table = parse_xml(f"<w:tbl {nsdecls('w')}>{_properties(core)}<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>")
    paper.document.element.body.insert_element_before(table, "w:sectPr")
    return table


def _properties(core: int) -> str:
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    margins = "".join(f'<w:{side} w:w="{room}" w:type="dxa"/>' for side, room in (("top", 20), ("left", 57), ("bottom", 20), ("right", 57)))
    return (
        f'<w:tblPr><w:tblW w:w="{core}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{lines}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
    )


def _row(values: Sequence[object], columns: Sequence[Column], widths: Sequence[int], style: str, points: float) -> str:
    texts = ["" if value is None else clean(value) for value in values]
    is_head = style == "TableHead"
    whole = is_head or max(map(len, texts), default=0) <= LONG_CELL
    rules = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if is_head else "")
    cells = "".join(
        _cell(text, cell_width, style, "" if is_head else column.align, points) for text, cell_width, column in zip(texts, widths, columns, strict=True)
    )
    return f"<w:tr><w:trPr>{rules}</w:trPr>{cells}</w:tr>"


def _cell(text: str, cell_width: int, style: str, align: str, points: float) -> str:
    side = f'<w:jc w:val="{align}"/>' if align == "center" else ""
    run = f'<w:r><w:rPr>{size(points)}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{cell_width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{side}</w:pPr>{run}</w:p></w:tc>'
    )

