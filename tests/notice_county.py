"""A small workspace and the notices that are written into it, for the tests of notices."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
from support_quarter import small_quarter

from xmt_scoring.frames import conform
from xmt_scoring.reports.notices.making import make_notices
from xmt_scoring.workspace import Workspace

DAY = dt.date(2025, 10, 15)  # a Wednesday after the holidays: 10 workdays later is 10-29
RARE = "县𠮷䶮🐼镇<人民>政府:一/二"
TALK, WARNING = "regulatory_talk", "formal_warning"


def empty_workspace(folder: Path) -> Workspace:
    """An empty workspace in a folder with a blank and brackets."""
    root = folder / "太白（一）"
    root.mkdir()
    (root / "xmt.toml").write_text("", encoding="utf-8")
    return Workspace(root)


def with_frames(data, **frames):
    """A quarter with other frames."""
    return replace(data, frames={**data.frames, **frames})


def written(ws, data, unit="", day=DAY):
    """File name → path, and the notes."""
    paths, notes = make_notices(ws, data, day, unit)
    return {path.name: path for path in paths}, notes


def proposed(*rows, decided=()):
    """The small quarter with proposals (unit, account, measure) and rows of 处置.xlsx (unit, account, measure, day)."""
    data = small_quarter(rows=[])
    proposals = pd.DataFrame(rows, columns=["unit_id", "account_id", "measure"]).assign(
        article="24", reasons="本季度缺更 2 周\n又出现", evidence_words="缺更的周：2025-07-07", ladder_basis="某地"
    )
    sanctions = pd.DataFrame(decided, columns=["unit_id", "account_id", "measure", "issued_on"]).assign(src_file="处置.xlsx", src_sheet="处置")
    sanctions = sanctions.assign(issued_on=pd.to_datetime(sanctions["issued_on"]), src_row=range(2, len(decided) + 2))
    return with_frames(data, proposed_measures=conform(proposals, "proposed_measures"), sanctions=conform(sanctions, "sanctions"))


def with_a_talk():
    """The small quarter, and a talk with the first unit that is proposed and decided."""
    decided = proposed(("U1", None, TALK), decided=[("U1", None, TALK, "2025-10-20")]).frames
    return with_frames(small_quarter(), **{name: decided[name] for name in ("proposed_measures", "sanctions")})
