"""What a reader sees of a .docx: running text and tables in order, then text boxes, headers, footers and notes.

Inserted revisions count, deleted ones do not; content controls and hyperlinks are read through; automatic numbers stand before
their paragraphs. What cannot be read (pictures, comments, unknown kinds of numbers) is counted.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xmt_scoring.errors import XmtError
from xmt_scoring.lint.numbering import Numbering

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = {f"{_W}{name}" for name in ("del", "moveFrom", "txbxContent", "pPr", "rPr", "instrText", "delText")}
_THROUGH = {f"{_W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PICTURES = (f"{_W}drawing", f"{_W}pict", f"{_W}object")
_MOST_BYTES = 100 * 2**20  # of a circular, unpacked
_ONLY_PAGE = re.compile(r"[\s—–\-－·第共页/0-9０-９]*")
_PARTS = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
Item = str | list[list[str]]


@dataclass(frozen=True)
class Contents:
    """`items`: paragraphs and tables in order. `beside`: part and text of everything else. `unread`: what, and how many."""

    items: list[Item]
    beside: tuple[tuple[str, str], ...]
    unread: tuple[tuple[str, int], ...]


def read_docx(data: bytes, name: str) -> Contents:
    """The texts of a package; XmtError when it is damaged."""
    import docx

    from xmt_scoring.ingest.grids import Limits
    from xmt_scoring.ingest.packages import measure

    try:
        measure(data, name, Limits(unpacked_bytes=_MOST_BYTES))
        document = docx.Document(io.BytesIO(data))
        numbering = Numbering.of(document)
        items = list(_blocks(document.element.body, numbering))
        return Contents(items, tuple(dict.fromkeys(_beside(document))), tuple(_unread(document, numbering)))
    except XmtError:
        raise
    except Exception as error:  # a damaged package fails in as many ways as it has parts; every one means the same
        raise XmtError.of(name, "不是完好的 Word 文件（.docx）", "请用 Word 或 WPS 打开，另存为 .docx 后再核对") from error


def _beside(document: Any) -> Iterator[tuple[str, str]]:
    """Text boxes in the text, then the headers, footers and notes; a line of nothing but a page number is left out."""
    for text in _boxes(document.element.body):
        yield "文本框", text
    for part in document.part.package.iter_parts():
        kind = part.content_type.rpartition(".")[2].partition("+")[0]
        if kind in _PARTS:
            root = _root(part)
            for item in [*_blocks(root, None), *_boxes(root)]:
                text = item if isinstance(item, str) else " ".join(cell for row in item for cell in row)
                if not _ONLY_PAGE.fullmatch(text):
                    yield _PARTS[kind], text.strip()


def _root(part: Any) -> Any:
    from lxml import etree

    root = getattr(part, "element", None)
    root = etree.fromstring(part.blob) if root is None else root
    notes = [note for note in root if note.tag in (f"{_W}footnote", f"{_W}endnote") and note.get(f"{_W}type") is None]
    if root.tag not in (f"{_W}footnotes", f"{_W}endnotes"):
        return root
    return [child for note in notes for child in note]


def _boxes(root: Any) -> Iterator[str]:
    """The texts of the text boxes; of the two copies that a box may have, the one that today's readers show."""
    if isinstance(root, list):
        return
    for box in root.iter(f"{_W}txbxContent"):
        if next(box.iterancestors(_FALLBACK), None) is None:
            for item in _blocks(box, None):
                text = item if isinstance(item, str) else " ".join(cell for row in item for cell in row)
                if text.strip():
                    yield text.strip()


def _unread(document: Any, numbering: Numbering) -> Iterator[tuple[str, int]]:
    body = document.element.body
    pictures = [
        shape for shape in body.iter(*_PICTURES)
        if next(shape.iterancestors(_FALLBACK), None) is None and next(shape.iter(f"{_W}txbxContent"), None) is None
    ]  # fmt: skip
    comments = [part for part in document.part.package.iter_parts() if part.content_type.endswith(".comments+xml")]
    n_comments = sum(len(_root(part)) for part in comments)
    for what, count in (("图片", len(pictures)), ("批注", n_comments), ("自动编号", numbering.n_unread)):
        if count:
            yield what, count


def _blocks(parent: Any, numbering: Numbering | None) -> Iterator[Item]:
    for child in parent:
        if child.tag == f"{_W}p":
            text = _text(child)
            number = numbering.number(child) if numbering is not None and text.strip() else ""
            yield from f"{number}{text}".split("\n")
        elif child.tag == f"{_W}tbl":
            yield [[_cell(cell, numbering) for cell in _inside(row, "tc")] for row in _inside(child, "tr")]
        elif child.tag in _THROUGH:
            yield from _blocks(child, numbering)


def _inside(parent: Any, name: str) -> Iterator[Any]:
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in _THROUGH:
            yield from _inside(child, name)


def _cell(cell: Any, numbering: Numbering | None) -> str:
    return "".join(item if isinstance(item, str) else "" for item in _blocks(cell, numbering))


def _text(element: Any) -> str:
    words = []
    for child in element:
        if child.tag in _GONE or child.tag == _FALLBACK:
            continue
        if child.tag == f"{_W}t":
            words.append(child.text or "")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            words.append("\n")
        elif child.tag == f"{_W}tab":
            words.append(" ")
        elif child.tag == f"{_W}noBreakHyphen":
            words.append("-")
        else:
            words.append(_text(child))
    return "".join(words)
