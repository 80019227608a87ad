"""Where the tables and keys of a TOML file stand, so that a message can name the line that the editor shows.

`tomllib` keeps no lines. Headers and keys at the start of a line are enough: what stands inside an inline table or a
list over several lines is placed at the line where it begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]
_HEAD = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_NAME = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")


def line_numbers(text: str) -> Mapping[Path, int]:
    """Path of each table and key → its line, from 1: ("items", 0) for the first [[items]], ("items", 0, "points")."""
    found: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        head = _HEAD.match(line)
        key = None if head else _KEY.match(line)
        if head:
            table = _table(_names(head[2]), head[1] == "[[", counts)
            found.setdefault(table, number)
        elif key:
            found.setdefault(table + _names(key[1]), number)
            value = line[key.end() :]
            closing = next((mark for mark in ('"""', "'''") if value.count(mark) == 1), "")
    return found


def _names(dotted: str) -> Path:
    return tuple(next(part for part in each if part) for each in _NAME.findall(dotted))


def _table(names: Path, is_list: bool, counts: dict[Path, int]) -> Path:
    """The header's path with the position in each list of tables that it stands in."""
    path: Path = ()
    for depth, name in enumerate(names):
        path = (*path, name)
        if depth == len(names) - 1 and is_list:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of the path, or of the nearest table around it; None where the file is not known."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path)
