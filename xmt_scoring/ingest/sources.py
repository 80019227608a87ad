"""What lies in a quarter's folder: every file once, also those inside .zip archives; what is not read is listed with its reason."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.ingest.grids import Limits
from xmt_scoring.ingest.packages import is_archive, measure, members
from xmt_scoring.ingest.tables import read_bytes

_IGNORED = ("thumbs.db", "desktop.ini", ".ds_store")


@dataclass(frozen=True)
class Source:
    """One file. `data` is missing where it is not read: `note` says why in the list of files, `problems` tell people.

    `is_lost`: not read although it may hold data (unlike a temporary file or a link).
    """

    file: str
    sha: str
    data: bytes | None
    note: str = ""
    problems: tuple[Problem, ...] = ()
    is_lost: bool = False


def sources(folder: Path, limits: Limits, progress: Callable[[str], None] | None = None) -> Iterator[Source]:
    """Every file under the folder in the order of its name; nothing outside the folder is followed."""
    home = folder.resolve()
    for path in sorted((path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()), key=lambda path: path.relative_to(folder).as_posix()):
        file = path.relative_to(folder).as_posix()
        if progress:
            progress(f"读取 {_printable(file)}")
        if path.is_symlink() and not path.resolve().is_relative_to(home):
            yield _unread(file, "是指向文件夹之外的链接，没有读", "请把文件本身复制进来")
        elif not path.is_file():
            if path.is_symlink():  # a folder within, read at its own place, or a link to nothing
                yield Source(file, "", None, "是链接，不读")
        elif is_temporary(path.name):
            yield Source(file, _sha_or_blank(path), None, "临时文件，不读")
        else:
            yield from _opened(path, file, limits)


def is_temporary(name: str) -> bool:
    """Whether a file of this name is left by another program and never read."""
    return name.startswith(("~$", ".")) or name.casefold() in _IGNORED or name.casefold().endswith(".tmp")


def _opened(path: Path, file: str, limits: Limits) -> Iterator[Source]:
    try:
        data = read_bytes(path, file, limits)
        if not is_archive(data):
            yield Source(file, _sha(data), data, problems=_odd_name(file))
            return
        measure(data, file, limits)
        yield Source(file, _sha(data), None, "zip 压缩包，里面的文件逐个读", _odd_name(file))
        for name, content in members(data, file, limits):
            if isinstance(content, XmtError):
                yield Source(name, "", None, content.problems[0].what, tuple(content.problems), is_lost=True)
            else:
                yield Source(name, _sha(content), content, problems=_odd_name(name))
    except XmtError as error:
        yield Source(file, _sha_or_blank(path), None, error.problems[0].what, tuple(error.problems), is_lost=True)


def _unread(file: str, what: str, todo: str) -> Source:
    return Source(file, "", None, what, (Problem(_printable(file), what, todo, False),), is_lost=True)


def _odd_name(file: str) -> tuple[Problem, ...]:
    """Characters that are not seen, or that turn the direction of reading, make a name look like another."""
    if not any(_is_unseen(char) for char in file):
        return ()
    return (Problem(_printable(file), "文件名里有看不见的字符（显示为 ?）", "已读取；请改名，免得认错文件", False),)


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf")


def _printable(file: str) -> str:
    return "".join("?" if _is_unseen(char) else char for char in file)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sha_or_blank(path: Path) -> str:
    """The file's hash; blank for one that another program holds (a lock file, or the file itself)."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
