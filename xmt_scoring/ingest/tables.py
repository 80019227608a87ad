"""Opens any file that an office may receive: the type is decided by content, never by the extension.

Every sheet becomes a Grid whose row numbers are those that Excel shows. What cannot be read is told in words.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from xmt_scoring.ingest.grids import HEADER_SEARCH, LIMITS, Grid, Limits, refused
from xmt_scoring.ingest.packages import check_package, notes_on
from xmt_scoring.ingest.text_files import from_html, from_json, from_separated, from_spreadsheet_xml, to_string
from xmt_scoring.ingest.values import plain_word

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_KNOWN_NEEDED = 3
_BLANKS = re.compile(r"[\s*]+")


@dataclass(frozen=True)
class Table:
    """The table found in a grid.

    `header_row`: Excel row of the headings. `headings`: cleaned. `lines`: the cells of each row below the header that is
    not empty, all of one length. `numbers`: its Excel row. `titles`: texts above the header.
    """

    grid: Grid
    header_row: int
    headings: list[str]
    lines: list[list[object]]
    numbers: list[int]
    titles: list[str]

    @cached_property
    def body(self) -> pd.DataFrame:
        """The lines as object columns 0…n-1, index = Excel row."""
        return pd.DataFrame(self.lines, index=pd.Index(self.numbers, dtype="int64"), columns=range(len(self.headings)), dtype=object)


def open_file(path: Path, relative: str, limits: Limits = LIMITS) -> list[Grid]:
    """All sheets of a file; `relative` is its name in messages and frames. XmtError when it cannot be read."""
    return open_bytes(read_bytes(path, relative, limits), relative, limits)


def read_bytes(path: Path, relative: str, limits: Limits = LIMITS) -> bytes:
    """The bytes of a file; XmtError when it cannot be read or is larger than an export can be."""
    try:
        size, most = path.stat().st_size, limits.file_bytes
        if size > most:
            raise refused(relative, f"有 {size // 2**20} MB，超过上限 {most // 2**20} MB", "请核对是不是导出文件；确实是的，请分段导出")
        return path.read_bytes()
    except FileNotFoundError:
        raise refused(relative, "没有这个文件", "请检查文件名和所在的文件夹") from None
    except OSError as error:
        raise refused(relative, f"读不了（{error.strerror}）", "请关闭正在打开它的程序，或检查文件权限，再运行一次") from None


def open_bytes(data: bytes, relative: str, limits: Limits = LIMITS) -> list[Grid]:
    """All sheets in the bytes of a file, whatever it is called. XmtError when they cannot be read."""
    if not data.strip(b"\0 \r\n\t"):
        raise refused(relative, "是空文件（0 字节或只有空白）", "请重新导出或重新下载")
    if data.startswith(b"PK"):
        parts = check_package(data, relative, limits)
        return _workbook(data, relative, "Excel 工作簿（xlsx）", notes_on(parts))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if _ENCRYPTED in data:
            raise refused(relative, "设有打开密码", "请在 Excel 里去掉密码后重新放入")
        return _workbook(data, relative, "Excel 97-2003 工作簿（xls）", ())
    if data.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise refused(relative, "是 rar、7z 或 gz 压缩包", "请解压后把里面的表格放进来（zip 可以直接放）")
    if data.startswith(b"%PDF") or data.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        raise refused(relative, "是图片或 PDF，读不出行", "请放入 Excel 或 csv 导出文件")
    text, encoding = to_string(data, relative)
    start = text[:1024].lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        return [Grid(relative, name, rows, f"Excel 2003 XML 表格，{encoding}") for name, rows in from_spreadsheet_xml(text, relative)]
    if "<html" in start or "<table" in start:
        return [Grid(relative, None, from_html(text, relative), f"网页表格（HTML），{encoding}")]
    if start.lstrip().startswith(("{", "[")):
        return [Grid(relative, None, from_json(text, relative), f"JSON,{encoding}")]
    return [Grid(relative, None, from_separated(text), f"文本（csv），{encoding}")]


def _workbook(data: bytes, relative: str, form: str, notes: tuple[str, ...]) -> list[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with _silenced():
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            return [
                Grid(relative, name, book.get_sheet_by_name(name).to_python(skip_empty_area=False), form, notes)  # type: ignore[arg-type]
                for name in book.sheet_names
            ]
    except (CalamineError, OSError, ValueError) as error:
        raise refused(relative, f"打不开，可能已损坏或设有密码（{error}）", "请在 Excel 里打开另存，或重新导出") from error
    except BaseException as error:
        # calamine's Rust code panics on a cut-off .xls; its exception is no Exception and cannot be imported
        if type(error).__name__ != "PanicException":
            raise
        raise refused(relative, "文件不完整或已损坏（可能没有下载完）", "请重新下载或重新导出") from None


@contextmanager
def _silenced() -> Iterator[None]:
    """Without what Rust writes to standard error when it panics; the person gets our message instead."""
    try:
        kept = os.dup(2)
    except OSError:  # no standard error, as under pythonw
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def heading_texts(row: list[object]) -> list[str]:
    """The cells of a heading row as cleaned words (half-width, no blanks or line breaks inside; 帐 is 账)."""
    return [_BLANKS.sub("", plain_word(cell)).replace("帐", "账") for cell in row]


def find_header(grid: Grid, is_heading: Callable[[list[str]], bool]) -> int | None:
    """Position of the first of the first ten rows that are not empty in which `is_heading` holds."""
    seen = 0
    for position, row in enumerate(grid.rows):
        if not any(isinstance(cell, str) and cell.strip() or isinstance(cell, (float, int, dt.date)) for cell in row):
            continue
        if is_heading(heading_texts(row)):
            return position
        seen += 1
        if seen == HEADER_SEARCH:
            return None
    return None


def find_table(grid: Grid, known: Collection[str]) -> Table | None:
    """The table whose heading row holds at least three known names; None when there is none."""
    position = find_header(grid, lambda words: len(set(words) & set(known)) >= _KNOWN_NEEDED)
    return None if position is None else table_at(grid, position)


def filled_lines(numbered: Iterable[tuple[int, list[object]]]) -> tuple[list[list[object]], list[int]]:
    """The lines that are not empty, and their numbers."""
    kept = [(number, line) for number, line in numbered if not _is_blank(line)]
    return [line for _, line in kept], [number for number, _ in kept]


def _is_blank(line: list[object]) -> bool:
    for cell in line:  # noqa: SIM110, a generator here would take a tenth of an import
        if cell != "" and cell is not None and cell == cell:  # NaN is not itself
            return False
    return True


def _two_rows(grid: Grid, position: int) -> list[str]:
    """The headings of two rows as one: the lower word, else the upper one (a cell merged downwards)."""
    upper, lower = heading_texts(grid.rows[position - 1]), heading_texts(grid.rows[position])
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    return [low or up for up, low in zip(upper, lower, strict=True)]


def find_double_header(grid: Grid, is_heading: Callable[[list[str]], bool]) -> int | None:
    """Position of the lower of two heading rows among the first ten rows for which `is_heading` holds together."""
    for position in range(1, min(len(grid.rows), HEADER_SEARCH + 1)):
        if is_heading(_two_rows(grid, position)):
            return position
    return None


def table_at(grid: Grid, position: int, is_double: bool = False) -> Table:
    """The table under the heading row at `position` (0 = Excel row 1); `is_double`: the row above it belongs to it."""
    headings = _two_rows(grid, position) if is_double else heading_texts(grid.rows[position])
    lines, numbers = filled_lines(enumerate(grid.rows[position + 1 :], start=position + 2))
    width = max([len(headings), *map(len, grid.rows[position + 1 :])], default=0)
    headings += [""] * (width - len(headings))
    if set(map(len, lines)) - {width}:
        lines = [line + [None] * (width - len(line)) for line in lines]
    titles = [cell.strip() for row in grid.rows[:position] for cell in row if isinstance(cell, str) and cell.strip()]
    return Table(grid, position + 1, headings, lines, numbers, list(dict.fromkeys(titles)))
