"""Opens a circular (.docx or text) as paragraphs and tables with their places; changes nothing.

Text is what the reader sees (`docx_text`); text boxes, headers, footers and notes stand behind the running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from xmt_scoring.errors import XmtError
from xmt_scoring.lint.docx_text import Contents, read_docx

_WIDE = {ord(wide): ord(narrow) for wide, narrow in zip("０１２３４５６７８９％．", "0123456789%.", strict=True)}
LEVELS = (
    re.compile(r"([一二三四五六七八九十]+)、"), re.compile(r"[（(]([一二三四五六七八九十]+)[）)]"),
    re.compile(r"([0-9]{1,2})[.、](?![0-9])"), re.compile(r"[（(]([0-9]{1,2})[）)]"),
)  # fmt: skip
_ANNEX = re.compile(r"附\s?件\s?([0-9]{0,2})\s?[:：]?")
_LISTING = re.compile(r"附\s?件\s?[:：]\s?\S")
_LONGEST_HEADING = 60
_SEPARATED = re.compile(r"\t| \| |│|｜")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: `text` has half-width digits, `raw` is as written (both equally long); `level` 0 is plain text.

    `part`: where it stands if not in the running text: 文本框, 页眉, 页脚, 脚注.
    """

    number: int
    raw: str
    level: int = 0
    headings: tuple[str, ...] = ()
    annex: int = 0
    part: str = ""

    @cached_property
    def text(self) -> str:
        """The text with half-width digits, points and signs of percent."""
        return self.raw.translate(_WIDE)

    @property
    def heading(self) -> str:
        """The nearest heading above, or the paragraph's own."""
        return self.headings[-1] if self.headings else ""

    @property
    def place(self) -> str:
        """Where people find it."""
        if self.part:
            return self.part
        named = f"（附件{self.annex}）" if self.annex else f"（{self.heading}）" if self.heading else ""
        return f"第 {self.number} 段{named}"


@dataclass(frozen=True)
class Grid:
    """One table: cells as text, the heading line first; `caption` is the paragraph above it."""

    number: int
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    annex: int = 0

    def place(self, row: int, column: int | None = None) -> str:
        """Where people find a row (0 is the heading line) and a column."""
        named = f"附件{self.annex} " if self.annex else ""
        words = f"{named}表 {self.number}（{self.caption}）第 {row + 1} 行" if self.caption else f"{named}表 {self.number} 第 {row + 1} 行"
        return words if column is None else f"{words}「{self.rows[0][column]}」列"


@dataclass(frozen=True)
class Document:
    """A circular: paragraphs and tables in reading order, then what stands beside the text; `unread`: what and how many."""

    name: str
    paragraphs: tuple[Paragraph, ...]
    grids: tuple[Grid, ...] = field(default=())
    unread: tuple[tuple[str, int], ...] = ()

    @property
    def body(self) -> list[Paragraph]:
        """The paragraphs of the text itself, without attachments and what stands beside the text."""
        return [paragraph for paragraph in self.paragraphs if not paragraph.annex and not paragraph.part]


def open_document(path: Path) -> Document:
    """Read a circular; XmtError when the file is missing, of another kind, damaged or empty."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise XmtError.of(str(path), "没有这个文件", "请检查文件名和所在的文件夹") from error
    except IsADirectoryError as error:
        raise XmtError.of(str(path), "是文件夹，不是通报", "请写明文件夹里的哪个文件") from error
    except OSError as error:
        raise XmtError.of(str(path), f"打不开（{error.errno}）", "请关闭正在使用它的程序，检查有没有读取权限") from error
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise XmtError.of(path.name, "是旧版 Word 文件（.doc）或加了密码", "请用 Word 或 WPS 打开，取消密码，另存为 .docx")
    if data.startswith(b"%PDF"):
        raise XmtError.of(path.name, "是 PDF，数字读不可靠", "请用它的 Word 原稿（.docx）")
    if data.startswith(b"PK"):
        found = read_docx(data, path.name)
        document = _with_beside(assemble(path.name, found.items), found)
    else:
        document = assemble(path.name, list(_text_items(data, path.name)))
    if not document.paragraphs and not document.grids:
        raise XmtError.of(path.name, "里面没有文字", "请放入写好的通报")
    return document


def _with_beside(document: Document, found: Contents) -> Document:
    """The document with the texts beside its own behind it, each under the name of its part."""
    start = len(document.paragraphs) + 1
    beside = tuple(Paragraph(number, text, part=part) for number, (part, text) in enumerate(found.beside, start=start))
    return replace(document, paragraphs=(*document.paragraphs, *beside), unread=found.unread)


def assemble(name: str, items: list[str | list[list[str]]]) -> Document:
    """Paragraph texts and tables (lists of rows) in order → a document with headings, attachments and places."""
    paragraphs: list[Paragraph] = []
    grids: list[Grid] = []
    headings: dict[int, str] = {}
    annex = 0
    caption = ""
    is_listing = False  # in the note that lists the attachments, numbers are no headings
    for item in items:
        if isinstance(item, list):
            rows = tuple(tuple(cell.strip().translate(_WIDE) for cell in row) for row in item if any(cell.strip() for cell in row))
            if rows:
                grids.append(Grid(len(grids) + 1, rows, caption, annex))
            continue
        text = item.strip()
        if not text:
            continue
        started = _annex_number(text)
        if started is not None:
            annex, headings = started or annex + 1, {}
        is_listing = bool(_LISTING.match(text)) or (is_listing and bool(LEVELS[2].match(text)))
        level, heading = (0, "") if is_listing else _heading(text)
        if level:
            headings = {depth: words for depth, words in headings.items() if depth < level} | {level: heading}
        paragraphs.append(Paragraph(len(paragraphs) + 1, text, level, tuple(headings.values()), annex))
        caption = text if len(text) <= _LONGEST_HEADING and started is None else ""
    return Document(name, tuple(paragraphs), tuple(grids))


def _annex_number(text: str) -> int | None:
    """The number of the attachment that begins with this line (0: unnumbered); missing where none does."""
    found = _ANNEX.fullmatch(text)
    return None if not found else int(found[1] or 0)


def _heading(text: str) -> tuple[int, str]:
    for level, pattern in enumerate(LEVELS, start=1):
        if pattern.match(text):
            first = re.split(r"[。:：]", text, maxsplit=1)[0]
            return level, first if len(first) <= _LONGEST_HEADING else first[:20] + "…"
    return 0, ""


@lru_cache(maxsize=1024)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of every sentence; a closing quote or bracket after the mark belongs to it."""
    ends = [found.end() for found in re.finditer(r"[。!！?？;；]+[”’」』）)]*|\n+", text)]
    spans = zip([0, *ends], [*ends, len(text)], strict=True)
    return tuple((start, end) for start, end in spans if text[start:end].strip())


def _text_items(data: bytes, name: str) -> Iterator[str | list[list[str]]]:
    from xmt_scoring.ingest.text_files import to_string

    rows: list[list[str]] = []
    for line in to_string(data, name)[0].splitlines():
        cells = _SEPARATED.split(line.strip(" |"))
        if len(cells) >= 3:
            rows.append([cell.strip() for cell in cells])
            continue
        if rows:
            yield rows
            rows = []
        yield line
    if rows:
        yield rows
