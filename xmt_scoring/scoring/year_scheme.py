"""Which scheme a year is scored with: chosen as a quarter's, read as a rubric for units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

from xmt_scoring.scoring.rubric import Rubric, load_rubric
from xmt_scoring.scoring.selection import Chosen, chosen
from xmt_scoring.scoring.year_items import check_annual

FOLDER = "评分细则/年度"  # in the workspace: annual schemes that the office adopted
BUILT_IN = "taibai_annual_"


def annual_scheme_in_force(day: dt.date, folder: Path | None, known_checks: Collection[str] | None = None) -> Chosen[Rubric]:
    """The scheme of a year that ends on `day`; `folder`: the workspace's 评分细则/年度. As `selection.chosen` has it."""

    def read(source: str | Path) -> Rubric:
        rubric = load_rubric(source, known_checks)
        check_annual(rubric)
        return rubric

    return chosen(day, folder, FOLDER, BUILT_IN, read)
