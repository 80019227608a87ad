"""Which scheme a period is scored with: the one in force on its last day (an adopted one leaves earlier periods alone)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Generic, TypeVar

from xmt_scoring.errors import Problem, SchemeError
from xmt_scoring.scoring.rubric import Rubric
from xmt_scoring.scoring.scheme import Scheme, load_scheme

FOLDER = "评分细则"  # in the workspace: schemes that the office adopted for quarters
BUILT_IN = "taibai_quarterly_"  # the schemes of the package for quarters begin so
S = TypeVar("S", Scheme, Rubric)


@dataclass(frozen=True)
class Chosen(Generic[S]):
    """The scheme in force, where it stands, the hash of its file, and what was left aside and why (not fatal)."""

    scheme: S
    source: str
    sha256: str
    notes: tuple[Problem, ...] = ()


def scheme_in_force(day: dt.date, folder: Path | None, known_checks: Collection[str] | None = None) -> Chosen[Scheme]:
    """The scheme of a quarter that ends on `day`; `folder`: the workspace's 评分细则. As `chosen` has it."""
    return chosen(day, folder, FOLDER, BUILT_IN, lambda source: load_scheme(source, known_checks))


def chosen(day: dt.date, folder: Path | None, spoken: str, built_in: str, read: Callable[[str | Path], S]) -> Chosen[S]:
    """Of the adopted schemes in `folder` that have begun by `day` the latest, else the package's own.

    `spoken`: how people call the folder; `built_in`: how the names of the package's schemes begin; `read`: from a path,
    or the name of one of those. A scheme that is only proposed is not used. SchemeError when a file is wrong, when two
    begin on one day, or when none has begun: nothing is scored with a broken scheme.
    """
    notes: list[Problem] = []
    for own in (True, False):
        found = _adopted(folder, spoken, read, notes) if own else _built_in(built_in, read)
        begun = [entry for entry in found if entry.scheme.start <= day]
        _one_for_each_start(begun)
        if begun:
            latest = max(begun, key=lambda entry: entry.scheme.start)
            return Chosen(latest.scheme, latest.source, latest.sha256, tuple(notes))
    raise SchemeError(Problem("评分细则", f"{day} 还没有生效的细则", "请检查各细则的 start"))


def _built_in(beginning: str, read: Callable[[str | Path], S]) -> list[Chosen[S]]:
    folder = files("xmt_scoring.scoring").joinpath("schemes")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.startswith(beginning))
    return [Chosen(read(name.removesuffix(".toml")), "软件自带", _hash(folder.joinpath(name).read_bytes())) for name in names]


def _adopted(folder: Path | None, spoken: str, read: Callable[[str | Path], S], notes: list[Problem]) -> list[Chosen[S]]:
    found, problems = [], []
    for path in sorted(folder.glob("*.toml")) if folder is not None else []:
        name = f"{spoken}/{path.name}"
        try:
            scheme = read(path)
        except SchemeError as error:
            problems += error.problems
            continue
        if scheme.status == "adopted":
            found.append(Chosen(scheme, name, _hash(path.read_bytes())))
        else:
            notes.append(Problem(name, "是建议稿（proposed），没有用它计分", "采用后把 status 改为 adopted，写明谁、何时、什么文号", False))
    if problems:
        raise SchemeError(problems)
    return found


def _hash(content: bytes) -> str:
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def _one_for_each_start(begun: list[Chosen[S]]) -> None:
    """Two schemes that begin on one day would leave it to chance which one counts."""
    seen: dict[dt.date, str] = {}
    for entry in begun:
        start = entry.scheme.start
        if start in seen:
            raise SchemeError(Problem(entry.source, f"与 {seen[start]} 都从 {start} 起生效", "请只留一份，或改正 start"))
        seen[start] = entry.source
