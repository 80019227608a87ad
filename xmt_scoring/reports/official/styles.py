"""The styles of an official document: type, size, indents and the grid of GB/T 9704-2012 (5.2.2, 5.2.3, 7.3.3).

Fonts are named, never embedded. 仿宋_GB2312, 楷体_GB2312 and 方正小标宋简体 are what offices install beside Windows; where they
are absent the font table names the nearest font that comes with Windows, macOS or WPS.
"""

from __future__ import annotations

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

BODY, SONG, HEI, KAI, TITLE, LATIN = "仿宋_GB2312", "宋体", "黑体", "楷体_GB2312", "方正小标宋简体", "Times New Roman"
_OTHER_NAMES = {BODY: "仿宋,FangSong,STFangsong", KAI: "楷体,KaiTi,STKaiti", TITLE: "方正小标宋_GBK,小标宋,宋体", HEI: "SimHei,STHeiti", SONG: "SimSun,STSong"}

# 225 mm hold 22 lines of 28.95 pt, 156 mm hold 28 characters of 15.793 pt; Word's 三号 of 16 pt alone would give 27. The
# section says so in its grid (CHAR_SPACE = (15.793 - 16) * 4096). The text itself does not lean on the grid, because
# LibreOffice gives a character of 16 pt two cells of 15.793 pt: an exact line and 0.3 pt less between the
# characters (the 15.75 pt of the printers' 三号) give the same 22 lines of 28 characters in Word, WPS and LibreOffice.
LINE, CHAR, CHAR_SPACE, KERNING = 579, 316, -848, -6  # twips, but CHAR_SPACE
INDENT = 2 * CHAR
_EXACT = f'<w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/>'
_FIRST = f'<w:ind w:firstLineChars="200" w:firstLine="{INDENT}"/>'


def fonts(name: str) -> str:
    """The XML that names a Chinese font; digits and Latin letters are always Times New Roman, quotes always Chinese."""
    return f'<w:rFonts w:hint="eastAsia" w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{name}"/>'


def size(points: float) -> str:
    """The XML of a size of type."""
    return f'<w:sz w:val="{round(2 * points)}"/><w:szCs w:val="{round(2 * points)}"/>'


def _style(key: str, name: str, paragraph: str, run: str, based: str = "Normal") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="{based}"/><w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _heading(level: int, font: str) -> str:
    below = f'<w:keepNext/>{_FIRST}<w:outlineLvl w:val="{level - 1}"/>'
    return _style(f"Heading{level}", f"heading {level}", below, fonts(font))


_OFF_GRID = '<w:snapToGrid w:val="0"/>'
_LEFT, _CENTER, _RIGHT = (f'<w:jc w:val="{side}"/>' for side in ("left", "center", "right"))


def _line(twips: int, rule: str = "exact") -> str:
    return f'<w:spacing w:line="{twips}" w:lineRule="{rule}"/>'


_STYLES = [
    _style("BodyText", "Body Text", _FIRST, ""),
    # 2号小标宋; a title of several lines needs a little more room than a line of the grid
    _style("Title", "Title", f"<w:keepNext/>{_line(680)}{_CENTER}", fonts(TITLE) + size(22)),
    _heading(1, HEI),
    _heading(2, KAI),
    _heading(3, BODY),
    _heading(4, BODY),
    _style("Addressee", "主送机关", _LEFT, ""),
    _style("AnnexMark", "附件标记", f'<w:keepNext/>{_LEFT}<w:outlineLvl w:val="0"/>', fonts(HEI)),
    _style("Signature", "Signature", _RIGHT, ""),
    _style("TableText", "表格文字", _line(300, "atLeast") + _LEFT, size(10.5)),
    _style("TableHead", "表格标题", f"<w:keepNext/>{_CENTER}", fonts(HEI), "TableText"),
    _style("Note", "说明文字", _line(360), size(10.5)),
    _style("Footer", "footer", _line(320), fonts(SONG).replace(LATIN, SONG) + size(14)),
]


def set_styles(document: Document) -> None:
    """Put these styles in the place of all styles of python-docx's template."""
    root = document.styles.element
    for child in list(root):
        root.remove(child)
    for text in (_defaults(), _normal(), _TABLE, *_STYLES):
        root.append(_parse(text))


def set_fonts(document: Document) -> None:
    """Write the font table: each font with the names under which something near it may be installed."""
    part = next(part for part in document.part.package.iter_parts() if str(part.partname) == "/word/fontTable.xml")
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, others in _OTHER_NAMES.items()
    )
    latin = f'<w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
    text = f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<w:fonts {nsdecls('w')}>{latin}{entries}</w:fonts>"
    part._blob = text.encode()  # python-docx has no other way to change a part that it does not know


def _defaults() -> str:
    run = f'{fonts(BODY)}<w:color w:val="000000"/>{size(16)}<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    return f"<w:docDefaults><w:rPrDefault><w:rPr>{run}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"


def _normal() -> str:
    # no widow control: a page is full at 22 lines; no automatic space beside digits: a line is full at 28 characters
    paragraph = f'<w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>{_OFF_GRID}{_EXACT}<w:jc w:val="both"/>'
    run = f'<w:spacing w:val="{KERNING}"/>{size(16)}{_OFF_GRID}'
    head = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    return f"{head}<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"


_TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="57" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'
    "</w:tblCellMar></w:tblPr></w:style>"
)


def _parse(text: str) -> BaseOxmlElement:
    head, _, rest = text.partition(">")
    head, closing = (head[:-1], "/>") if head.endswith("/") else (head, ">")
    name, _, attributes = head.partition(" ")
    return parse_xml(f"{name} {nsdecls('w')} {attributes}{closing}{rest}")
