"""Opens any file that an office may receive: the type is decided by content, never by the extension.

Every sheet becomes a Grid whose row numbers are those that Excel shows. What cannot be read is told in words.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from xmt_scoring.errors import XmtError
from xmt_scoring.ingest.values import plain

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HEADER_SEARCH = 10
_KNOWN_NEEDED = 3


@dataclass(frozen=True)
class Grid:
    """One sheet. `rows[i]` is Excel row i + 1; cells are str, float, int, bool, date, datetime or empty."""

    file: str
    sheet: str | None
    rows: list[list[object]]


@dataclass(frozen=True)
class Table:
    """The table found in a grid.

    `header_row`: Excel row of the headings. `headings`: cleaned. `body`: object columns 0…n-1, index = Excel row of
    each row below the header that is not empty. `titles`: texts above the header.
    """

    grid: Grid
    header_row: int
    headings: list[str]
    body: pd.DataFrame
    titles: list[str]


def open_file(path: Path, relative: str) -> list[Grid]:
    """All sheets of a file; `relative` is its name in messages and frames. XmtError when it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _refused(relative, f"读不了({error.strerror})", "请关闭正在打开它的程序,或检查文件权限,再运行一次") from None
    if not data.strip(b"\0 \r\n\t"):
        raise _refused(relative, "是空文件(0 字节或只有空白)", "请重新导出或重新下载")
    if data.startswith(b"PK"):
        _check_package(data, relative)
        return _workbook(data, relative)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if _ENCRYPTED in data:
            raise _refused(relative, "设有打开密码", "请在 Excel 里去掉密码后重新放入")
        return _workbook(data, relative)
    if data.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise _refused(relative, "是压缩包", "请解压后把里面的表格放进来")
    if data.startswith(b"%PDF") or data.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        raise _refused(relative, "是图片或 PDF,读不出行", "请放入 Excel 或 csv 导出文件")
    text = _decoded(data, relative)
    start = text[:1024].lower()
    if "<html" in start or "<table" in start:
        return [_html(text, relative)]
    if start.lstrip().startswith(("{", "[")):
        return [_json(text, relative)]
    return [Grid(relative, None, _separated(text))]


def _refused(relative: str, what: str, todo: str) -> XmtError:
    error = XmtError.of(relative, what, todo)
    error.problems = [type(problem)(problem.where, problem.what, problem.todo, False) for problem in error.problems]
    return error


def _check_package(data: bytes, relative: str) -> None:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise _refused(relative, "文件不完整(可能没有下载完)", "请重新下载或重新导出") from None
    if not any(name.startswith("xl/workbook") for name in names):
        raise _refused(relative, "是压缩包,不是 Excel 表格", "请解压后把里面的表格放进来")


def _workbook(data: bytes, relative: str) -> list[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with _silenced():
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            return [
                Grid(relative, name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))  # type: ignore[arg-type]
                for name in book.sheet_names
            ]
    except (CalamineError, OSError, ValueError) as error:
        raise _refused(relative, f"打不开,可能已损坏或设有密码({error})", "请在 Excel 里打开另存,或重新导出") from error
    except BaseException as error:
        # calamine's Rust code panics on a cut-off .xls; its exception is no Exception and cannot be imported
        if type(error).__name__ != "PanicException":
            raise
        raise _refused(relative, "文件不完整或已损坏(可能没有下载完)", "请重新下载或重新导出") from None


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


def _decoded(data: bytes, relative: str) -> str:
    """BOM, then UTF-8, then GB18030; UTF-16 without BOM where every other byte of the beginning is zero."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data[: len(data) // 2 * 2].decode("utf-16")
        except UnicodeDecodeError:
            raise _refused(relative, "文字编码读不出来", "请用 Excel 打开另存为“CSV UTF-8”或 .xlsx") from None
    if len(data) > 3 and b"\0" in data[:400]:
        for encoding, zeros in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[0:400:2])):
            if zeros.count(0) * 2 > len(zeros):
                return data.decode(encoding, errors="ignore")
        raise _refused(relative, "不是表格也不是文本", "请放入平台导出的原文件")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(relative, "文字编码读不出来", "请用 Excel 打开另存为“CSV UTF-8”或 .xlsx")


def _separated(text: str) -> list[list[object]]:
    # the heading line: the first with at least two delimiters, so that a title line above it does not decide
    heading = next((line for line in text.splitlines() if max(map(line.count, "\t,;")) >= 2), text)
    delimiter = max("\t,;", key=heading.count)  # on a tie the tab, then the comma
    if not heading.count(delimiter):
        delimiter = ","
    csv.field_size_limit(2**31 - 1)
    rows: list[list[object]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    return rows


def _html(text: str, relative: str) -> Grid:
    """The tables of a page as Excel shows them: one `tr` a row, spans filled with blanks, cells `td` or `th`."""
    from lxml import etree, html

    try:
        page = html.fromstring(text.encode("utf-8"), parser=html.HTMLParser(no_network=True, huge_tree=True, encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise _refused(relative, "是网页,里面没有表格", "请在后台用导出按钮下载") from None
    rows: list[list[object]] = []
    taken: dict[tuple[int, int], bool] = {}
    for line in page.iter("tr"):
        number, column, cells = len(rows), 0, {}
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            while (number, column) in taken:
                column += 1
            cells[column] = "".join(cell.itertext()).strip()
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            for down in range(height):
                for right in range(width):
                    taken[number + down, column + right] = True
            column += width
        rows.append([cells.get(position, "") for position in range(max(cells, default=-1) + 1)])
    if not rows:
        raise _refused(relative, "是网页,里面没有表格", "请在后台用导出按钮下载")
    return Grid(relative, None, rows)


def _span(cell: Any, name: str) -> int:
    text = cell.get(name, "1")
    return min(max(int(text), 1), 200) if text.isdigit() else 1


def _json(text: str, relative: str) -> Grid:
    """A list of flat records (weibo-crawler: `user` and `weibo`): the keys are the headings, record n stands in row n + 1."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        raise _refused(relative, "是不完整的 JSON", "请重新导出") from None
    owner: dict[str, object] = {}
    if isinstance(content, dict) and isinstance(content.get("weibo"), list):
        user = content["user"] if isinstance(content.get("user"), dict) else {}
        owner = {"user.id": str(user.get("id", "")), "user.screen_name": user.get("screen_name", "")}
        content = content["weibo"]
    if not isinstance(content, list) or not all(isinstance(record, dict) for record in content):
        raise _refused(relative, "是不认识的 JSON", "请放入平台导出的表格")
    records = [{**owner, **record, "is_repost": bool(record.get("retweet"))} for record in content]
    keys = list(dict.fromkeys(key for record in records for key in record))
    lines = [[_scalar(record.get(key)) for key in keys] for record in records]
    return Grid(relative, None, [list(keys), *lines])


def _scalar(value: object) -> object:
    if isinstance(value, (dict, list)):
        return ""
    # ids are text from the start: 16 and more digits do not survive a float
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def heading_texts(row: list[object]) -> list[str]:
    """The cells of a heading row as cleaned words (half-width, no blanks or line breaks inside)."""
    cells = plain(pd.Series(row, dtype=object)).fillna("")
    return [str(cell) for cell in cells.str.replace(r"[\s*]+", "", regex=True)]


def find_header(grid: Grid, is_heading: Callable[[list[str]], bool]) -> int | None:
    """Position of the first of the first ten rows that are not empty in which `is_heading` holds."""
    seen = 0
    for position, row in enumerate(grid.rows):
        if not any(isinstance(cell, str) and cell.strip() or isinstance(cell, (float, int, dt.date)) for cell in row):
            continue
        if is_heading(heading_texts(row)):
            return position
        seen += 1
        if seen == _HEADER_SEARCH:
            return None
    return None


def find_table(grid: Grid, known: Collection[str]) -> Table | None:
    """The table whose heading row holds at least three known names; None when there is none."""
    position = find_header(grid, lambda words: len(set(words) & set(known)) >= _KNOWN_NEEDED)
    return None if position is None else table_at(grid, position)


def table_at(grid: Grid, position: int) -> Table:
    """The table under the heading row at `position` (0 = Excel row 1)."""
    headings = heading_texts(grid.rows[position])
    lines = grid.rows[position + 1 :]
    width = max([len(headings), *map(len, lines)], default=0)
    headings += [""] * (width - len(headings))
    if any(len(line) != width for line in lines):
        lines = [line + [None] * (width - len(line)) for line in lines]
    body = pd.DataFrame(lines, columns=range(width), dtype=object)
    body.index = pd.RangeIndex(position + 2, position + 2 + len(lines))
    blank = body.isna() | (body == "")
    titles = [cell.strip() for row in grid.rows[:position] for cell in row if isinstance(cell, str) and cell.strip()]
    return Table(grid, position + 1, headings, body[~blank.all(axis=1)], list(dict.fromkeys(titles)))
