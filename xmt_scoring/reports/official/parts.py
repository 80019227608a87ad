"""The parts of an official document in reading order: title, addressee, levels, text, annex note, signature, annexes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Twips
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from xmt_scoring.reports.official.paper import Paper, start_section
from xmt_scoring.reports.official.styles import CHAR, HEI, KAI, fonts
from xmt_scoring.reports.official.words import chinese_date, clean, title_lines, width


def add_title(paper: Paper, text: str, below: str = "") -> Paragraph:
    """The title, 2号小标宋, centred; `|` in the text is where it may be broken. `below`: a line under it such as （征求意见稿）.

    A blank line follows, as before the 主送机关 (7.3.2).
    """
    lines = title_lines(clean(text), most=int(paper.core_mm / 156 * 20))
    made = _paragraph(paper, "\n".join(lines), "Title")
    if below:
        _set_font(add_text(paper, below, indent=False, align="center").runs[0], KAI)
    add_blank(paper)
    return made


def add_addressee(paper: Paper, text: str) -> Paragraph:
    """主送机关, flush left; the text ends with its own full-width colon (7.3.2)."""
    return _paragraph(paper, text, "Addressee")


def add_heading(paper: Paper, level: int, text: str) -> Paragraph:
    """A heading of level 1 to 4 with its number in the text: 一、 黑体, （一） 楷体, 1. and （1） 仿宋 (7.3.3). It stays with what follows."""
    return _paragraph(paper, text, f"Heading{level}")


def add_run_in(paper: Paper, level: int, head: str, rest: str) -> Paragraph:
    """A heading of level 1 to 4 that goes on as text: `head` with its number in the type of the level, `rest` in 仿宋."""
    made = add_text(paper, "")
    for text, name in ((head, {1: HEI, 2: KAI}.get(level)), (rest, None)):
        if text:
            run = made.add_run(clean(text))
            if name:
                _set_font(run, name)
    return made


def add_text(paper: Paper, text: str, indent: bool = True, align: str = "") -> Paragraph:
    """A paragraph of the text, 3号仿宋, with or without the indent of two characters. `align`: left, center, right; else both sides."""
    made = _paragraph(paper, text, "BodyText" if indent else "Normal")
    if align:
        made._p.get_or_add_pPr().append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{align}"/>'))
    return made


def add_blank(paper: Paper) -> Paragraph:
    """An empty line of the grid."""
    return _paragraph(paper, "", "Normal")


def add_note(paper: Paper, text: str) -> Paragraph:
    """A line of small type, as under a table."""
    return _paragraph(paper, text, "Note")


def add_caption(paper: Paper, text: str) -> Paragraph:
    """A line of small type above a table that stays with it."""
    made = add_note(paper, text)
    made.paragraph_format.keep_with_next = True
    return made


def add_annex_note(paper: Paper, names: Sequence[str]) -> list[Paragraph]:
    """附件说明 under the text after a blank line: 附件：1.××× with names aligned under each other, no mark at the end (7.3.4)."""
    if not names:
        return []
    _keep_last(paper)
    add_blank(paper).paragraph_format.keep_with_next = True
    made = []
    for number, name in enumerate(names, start=1):
        label = f"{number}." if len(names) > 1 else ""
        label_width = 160 * len(label) - 80 if label else 0  # in Times New Roman a digit is half, a full stop a quarter of a character
        left = round(5 * CHAR + label_width)  # two characters in, then 附件：, then the number
        paragraph = _paragraph(paper, f"{'附件：' if number == 1 else ''}{label}{clean(name)}", "Normal")
        layout = paragraph.paragraph_format
        layout.left_indent, layout.keep_with_next = Twips(left), True
        layout.first_line_indent = Twips(-round(label_width + (3 * CHAR if number == 1 else 0)))
        made.append(paragraph)
    return made


def add_signature(paper: Paper, name: str, day: dt.date | str, sealed: bool = True) -> None:
    """发文机关署名 and 成文日期; call it after the text and the 附件说明. A text as `day` stands as it is, as in a draft.

    With a seal (7.3.5.1) the date ends four characters from the right and the name is centred over it; without one (7.3.5.2)
    the name ends two characters from the right and the date begins two characters right of the name. Both stay on one page
    with the paragraph before them.
    """
    date = chinese_date(day) if isinstance(day, dt.date) else clean(day)
    name = clean(name)
    name_width, date_width = width(name), width(date)
    if sealed:
        date_right = max(4.0, (name_width - date_width) / 2)
        name_right = date_right + (date_width - name_width) / 2
    else:
        name_right = max(2.0, 2 + date_width + 2 - name_width)
        date_right = name_right + name_width - 2 - date_width
    _keep_last(paper)
    for _ in range(2 if sealed else 1):  # the seal needs room above the name
        add_blank(paper).paragraph_format.keep_with_next = True
    for text, right in ((name, name_right), (date, date_right)):
        line = _paragraph(paper, text, "Signature")
        line.paragraph_format.right_indent = Twips(round(right * CHAR))
        line.paragraph_format.keep_with_next = text is name


def start_annex(paper: Paper, mark: str, title: str, landscape: bool = False) -> Paragraph:
    """An annex on a new page: `mark` (附件1) in 黑体 flush left on line 1, the title centred on line 3 (7.3.7). Returns the mark."""
    is_new_page = start_section(paper, landscape)
    made = _paragraph(paper, mark, "AnnexMark")
    made.paragraph_format.page_break_before = not is_new_page
    add_blank(paper).paragraph_format.keep_with_next = True
    add_title(paper, title)
    return made


def _paragraph(paper: Paper, text: str, style: str) -> Paragraph:
    """A paragraph in one run; `\\n` within a title is a line break."""
    made = paper.document.add_paragraph()
    made._p.get_or_add_pPr().insert(0, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{style}"/>'))
    if text:
        made.add_run("\n".join(clean(line) for line in text.split("\n")) if style == "Title" else clean(text))
    return made


def _set_font(run: Run, name: str) -> None:
    run._r.get_or_add_rPr().insert(0, parse_xml(fonts(name).replace("/>", f" {nsdecls('w')}/>")))


def _keep_last(paper: Paper) -> None:
    """Let the last paragraph of the text stand on the page of the signature, with what lies between (7.3.5.5)."""
    before = paper.document.element.body.findall("./{*}p")
    if before:
        Paragraph(before[-1], paper.document._body).paragraph_format.keep_with_next = True
