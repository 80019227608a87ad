"""Packages: what is measured in an .xlsx before it is opened, and the files in a .zip archive. Nothing is written to disk."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from xmt_scoring.errors import XmtError
from xmt_scoring.ingest.grids import Limits, refused

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_WIDE = re.compile(rb'r="[A-Z]{2}')
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})\d+"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*?\bhidden="(?:1|true)"')
_UNCALCULATED = re.compile(rb"<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_BOMB = ("展开后太大，可能是恶意文件", "请核对来源；确实是导出文件的，请解压或分段导出后放进来")
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)
_WIDEST = 26 + 26**2 + 26**3  # columns that three letters can name
_TAIL = 20_000  # bytes of a sheet's end in which its last row stands


def is_archive(data: bytes) -> bool:
    """Whether these bytes are a readable .zip that is no Excel workbook."""
    if not data.startswith(b"PK"):
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    return not any(name.startswith("xl/workbook") for name in names)


def measure(data: bytes, relative: str, limits: Limits) -> None:
    """XmtError when an archive holds more files or more bytes than exports can."""
    listed = zipfile.ZipFile(io.BytesIO(data)).infolist()
    if len(listed) > limits.members:
        raise refused(relative, f"压缩包里有 {len(listed)} 个文件，超过上限 {limits.members}", "请解压后只放需要的文件")
    if sum(entry.file_size for entry in listed) > limits.unpacked_bytes:
        raise refused(relative, *_BOMB)


def members(data: bytes, relative: str, limits: Limits) -> Iterator[tuple[str, bytes | XmtError]]:
    """Each file in an archive with its bytes, or why it is not read; call `measure` before.

    Nothing is unpacked to disk, so no name can lead out of the folder; names that try are refused all the same.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    listed = [entry for entry in archive.infolist() if not entry.is_dir()]
    left = limits.unpacked_bytes
    for entry in sorted(listed, key=_name):
        name = _name(entry)
        file = f"{relative}/{name}"
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if ".." in parts or name.startswith(("/", "\\")) or ":" in name:
            yield file, refused(file, "压缩包里的文件名指向文件夹之外", "没有读；请核对来源，解压后放进来")
        elif entry.flag_bits & 1:
            yield file, refused(file, "压缩包设有密码", "请解压后把里面的表格放进来")
        else:
            try:
                with archive.open(entry) as stream:
                    content = stream.read(left + 1)
            except _BROKEN as error:
                yield file, refused(file, f"压缩包里的这个文件已损坏（{type(error).__name__}）", "请重新打包或解压后放进来")
                continue
            if len(content) > left:  # its stated size was a lie
                yield file, refused(file, *_BOMB)
                return
            left -= len(content)
            yield file, refused(file, "压缩包里又有压缩包", "请解压后放进来") if is_archive(content) else content


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its author wrote it: Chinese Windows writes GBK without saying so, which reads as another code page."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def check_package(data: bytes, relative: str, limits: Limits) -> list[bytes]:
    """The XML of a workbook's sheets, after it was measured; XmtError when it is cut off, too large, or no workbook."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        names = package.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise refused(relative, "文件不完整（可能没有下载完）", "请重新下载或重新导出") from None
    if not any(name.startswith("xl/workbook") for name in names):
        raise refused(relative, "是压缩包，不是 Excel 表格", "请解压后把里面的表格放进来")
    if sum(entry.file_size for entry in package.infolist()) > limits.unpacked_bytes:
        raise refused(relative, *_BOMB)
    sheets, left = [], limits.unpacked_bytes
    for name in names:
        if not _SHEET.fullmatch(name):
            continue
        try:
            with package.open(name) as stream:
                sheet = stream.read(left + 1)
        except _BROKEN:
            continue  # the reader says in its own words what is broken
        if len(sheet) > left:
            raise refused(relative, *_BOMB)
        left -= len(sheet)
        if _is_too_large(sheet, limits.cells):
            raise refused(relative, "有内容的格子隔得太远，整张表大得读不下", "请删去远处多余的格子，或把数据另存为 csv")
        sheets.append(sheet)
    return sheets


def _is_too_large(sheet: bytes, most: int) -> bool:
    """Whether the rectangle from A1 to the last filled row and column has more than `most` cells."""
    last = max((int(row) for row in _ROW.findall(sheet[-_TAIL:])), default=0) or max((int(row) for row in _ROW.findall(sheet)), default=0)
    if last * _WIDEST <= most:  # the columns of a sheet of few rows need not be looked for
        return False
    if not _WIDE.search(sheet):
        return last * 26 > most
    return last * max((_number(name) for name in set(_CELL.findall(sheet))), default=0) > most


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def notes_on(sheets: list[bytes]) -> tuple[str, ...]:
    """What a person should know of a workbook before its rows are used."""
    hidden = sum(len(_HIDDEN.findall(sheet)) for sheet in sheets if b"hidden=" in sheet)
    blank = sum(len(_UNCALCULATED.findall(sheet)) for sheet in sheets if b"<f" in sheet)
    found = [f"有 {hidden} 个隐藏的行，一并读取"] if hidden else []
    if blank:
        found.append(f"有 {blank} 个公式没有保存计算结果，读作空白；请用 Excel 打开保存一次再放入")
    return tuple(found)
