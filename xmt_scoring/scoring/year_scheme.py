"""Which scheme a year is scored with: the one that the office adopted and that has begun by its last day, else our proposal."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from xmt_scoring.errors import Problem, SchemeError
from xmt_scoring.scoring.rubric import Rubric, load_rubric
from xmt_scoring.scoring.year_items import check_annual

FOLDER = "评分细则/年度"  # in the workspace: annual schemes that the office adopted
BUILT_IN = "taibai_annual_2021"


@dataclass(frozen=True)
class ChosenYear:
    """The annual scheme in force, where it stands, the hash of its file, and what was left aside and why (not fatal)."""

    rubric: Rubric
    source: str
    sha256: str
    notes: tuple[Problem, ...] = ()


def annual_scheme_in_force(day: dt.date, folder: Path | None, known_checks: Collection[str] | None = None) -> ChosenYear:
    """The scheme of a year that ends on `day`. Of the adopted ones in `folder` that have begun the latest, else the
    package's own; a proposed one is told and not used. SchemeError when a file is wrong or two begin on one day."""
    problems: list[Problem] = []
    notes: list[Problem] = []
    begun: list[ChosenYear] = []
    for path in sorted(folder.glob("*.toml")) if folder is not None else []:
        name = f"{FOLDER}/{path.name}"
        try:
            rubric = load_rubric(path, known_checks)
            check_annual(rubric)
        except SchemeError as error:
            problems += error.problems
            continue
        if rubric.status != "adopted":
            notes.append(Problem(name, "是建议稿(proposed),没有用它计分", "采用后把 status 改为 adopted,写明谁、何时、什么文号", False))
        elif rubric.start <= day:
            begun.append(ChosenYear(rubric, name, _hash(path.read_bytes())))
    starts = [chosen.rubric.start for chosen in begun]
    if len(set(starts)) < len(starts):
        problems.append(Problem(FOLDER, "有两份年度细则从同一天开始", "请只留一份,或改开始日期"))
    if problems:
        raise SchemeError(problems)
    if begun:
        latest = max(begun, key=lambda chosen: chosen.rubric.start)
        return ChosenYear(latest.rubric, latest.source, latest.sha256, tuple(notes))
    own = files("xmt_scoring.scoring").joinpath("schemes", f"{BUILT_IN}.toml").read_bytes()
    return ChosenYear(load_rubric(BUILT_IN, known_checks), "软件自带", _hash(own), tuple(notes))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()
