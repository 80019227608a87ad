"""Files that are text: encodings, separated values, tables of a page, JSON records, Excel 2003 XML → rows of cells."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from xmt_scoring.ingest.grids import refused

_OF_USER = ("id", "screen_name", "verified", "verified_reason", "followers_count", "statuses_count")
_XML = "{urn:schemas-microsoft-com:office:spreadsheet}"


def to_string(data: bytes, relative: str) -> tuple[str, str]:
    """The text of a file and its encoding in words: BOM, then UTF-8, then GB18030; UTF-16 without BOM where every other
    byte of the beginning is zero. XmtError when none of them fits."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data[: len(data) // 2 * 2].decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            raise refused(relative, "文字编码读不出来", "请用 Excel 打开另存为“CSV UTF-8”或 .xlsx") from None
    if len(data) > 3 and b"\0" in data[:400]:
        for encoding, zeros in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[0:400:2])):
            if zeros.count(0) * 2 > len(zeros):
                return data.decode(encoding, errors="ignore"), "UTF-16"
        raise refused(relative, "不是表格也不是文本", "请放入平台导出的原文件")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), "UTF-8" if encoding == "utf-8-sig" else "GB18030(GBK)"
        except UnicodeDecodeError:
            continue
    raise refused(relative, "文字编码读不出来", "请用 Excel 打开另存为“CSV UTF-8”或 .xlsx")


def from_separated(text: str) -> list[list[object]]:
    """The rows of a text with commas, tabs or semicolons; line breaks inside quotes stay in their cell."""
    # the heading line: the first with at least two delimiters, so that a title line above it does not decide
    lines = (line for part in io.StringIO(text) for line in part.splitlines())
    heading = next((line for line in lines if max(map(line.count, "\t,;")) >= 2), text)
    delimiter = max("\t,;", key=heading.count)  # on a tie the tab, then the comma
    if not heading.count(delimiter):
        delimiter = ","
    csv.field_size_limit(2**31 - 1)
    rows: list[list[object]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    return rows


def from_html(text: str, relative: str) -> list[list[object]]:
    """The tables of a page as Excel shows them: one `tr` a row, spans filled with blanks, cells `td` or `th`."""
    from lxml import etree, html

    try:
        page = html.fromstring(text.encode("utf-8"), parser=html.HTMLParser(no_network=True, huge_tree=True, encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise refused(relative, "是网页，里面没有表格", "请在后台用导出按钮下载") from None
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
        raise refused(relative, "是网页，里面没有表格", "请在后台用导出按钮下载")
    return rows


def _span(cell: Any, name: str) -> int:
    text = cell.get(name, "1")
    return min(max(int(text), 1), 200) if text.isdecimal() else 1


def from_json(text: str, relative: str) -> list[list[object]]:
    """A list of flat records (weibo-crawler: `user` and `weibo`): the keys are the headings, record n stands in row n + 1."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        raise refused(relative, "是不完整的 JSON", "请重新导出") from None
    owner: dict[str, object] = {}
    if isinstance(content, dict) and isinstance(content.get("weibo"), list):
        user = content["user"] if isinstance(content.get("user"), dict) else {}
        owner = {f"user.{key}": _scalar(user.get(key)) for key in _OF_USER}
        content = content["weibo"]
    if not isinstance(content, list) or not all(isinstance(record, dict) for record in content):
        raise refused(relative, "是不认识的 JSON", "请放入平台导出的表格")
    records = [{**owner, **record, "is_repost": bool(record.get("retweet"))} for record in content]
    keys = list(dict.fromkeys(key for record in records for key in record))
    lines = [[_scalar(record.get(key)) for key in keys] for record in records]
    return [list(keys), *lines]


def _scalar(value: object) -> object:
    if isinstance(value, (dict, list)):
        return ""
    # ids are text from the start: 16 and more digits do not survive a float
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def from_spreadsheet_xml(text: str, relative: str) -> list[tuple[str | None, list[list[object]]]]:
    """Each sheet of an Excel 2003 XML file: its name and rows. Entities are not expanded and nothing is fetched."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8")
    try:
        book = etree.fromstring(text.lstrip("\ufeff").encode("utf-8"), parser=parser)
    except etree.XMLSyntaxError:
        raise refused(relative, "是不完整的 XML 表格", "请重新导出，或在 Excel 里另存为 .xlsx") from None
    return [(sheet.get(_XML + "Name"), _xml_rows(sheet)) for sheet in book.iter(_XML + "Worksheet")]


def _xml_rows(sheet: Any) -> list[list[object]]:
    rows: list[list[object]] = []
    for line in sheet.iter(_XML + "Row"):
        at = int(line.get(_XML + "Index", len(rows) + 1))
        rows += [[] for _ in range(min(at, 1_048_576) - 1 - len(rows))]
        cells: list[object] = []
        for cell in line.iter(_XML + "Cell"):
            column = int(cell.get(_XML + "Index", len(cells) + 1))
            cells += [""] * (min(column, 16_384) - 1 - len(cells))
            value = cell.find(_XML + "Data")
            cells.append("" if value is None else "".join(value.itertext()))
        rows.append(cells)
    return rows
