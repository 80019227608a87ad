"""What a circular can be held against in a workspace: its quarter's frames, those before, and the program's own circular."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from xmt_scoring.bulletin import earlier_quarter
from xmt_scoring.errors import XmtError
from xmt_scoring.lint.county import County
from xmt_scoring.lint.dates import issue_date, quarter_of
from xmt_scoring.lint.documents import Document, open_document
from xmt_scoring.lint.original import Original
from xmt_scoring.lint.report import Notes
from xmt_scoring.lint.run import lint
from xmt_scoring.periods import Quarter
from xmt_scoring.pipeline import open_quarter
from xmt_scoring.workspace import QuarterData, Workspace

ITSELF = "只核对文中自身"


@dataclass(frozen=True)
class Facts:
    """What a circular is compared with, and that in words (`against`)."""

    against: str
    quarter: Quarter | None = None
    county: County | None = None
    before: County | None = None
    original: Original | None = None
    workday_overrides: tuple[tuple[dt.date, bool], ...] = ()

    def lint(self, document: Document) -> Notes:
        """Every check on a circular, with these facts."""
        return lint(document, self.quarter, self.county, self.before, self.workday_overrides, self.original)


def facts_of(folder: Path, document: Document, quarter_text: str = "") -> Facts:
    """The facts of a circular's quarter, as far as the workspace around `folder` has them; the title tells the quarter.

    Raises XmtError where `quarter_text` names a quarter that this workspace has not scored, or where there is no workspace.
    """
    named = quarter_text or quarter_of(document)
    try:
        ws = Workspace.find(folder)
    except XmtError:
        if quarter_text:
            raise
        return Facts(f"{ITSELF}（这里不是工作区）", Quarter.parse(named) if named else None)
    overrides = ws.settings.workday_overrides
    if not named:
        return Facts(f"{ITSELF}（看不出是哪个季度，可用 --quarter 指定）", workday_overrides=overrides)
    quarter = ws.settings.quarter(named)
    data = _scored(ws, quarter, must=bool(quarter_text))
    if data is None:
        return Facts(f"{ITSELF}（{quarter} 还没有计分的数据）", quarter, workday_overrides=overrides)
    earlier = _scored(ws, ws.settings.quarter(str(quarter.previous)))
    county = County.of(data)
    original = _original(ws, data, document, tuple(str(name) for name in county.units["unit_name"]))
    against = county.label + ("和按它写出的通报" if original else "")
    return Facts(against, quarter, county, County.of(earlier) if earlier else None, original, overrides)


def _scored(ws: Workspace, quarter: Quarter, must: bool = False) -> QuarterData | None:
    try:
        return open_quarter(ws, quarter)
    except XmtError:
        if must:
            raise
        return None


def _original(ws: Workspace, data: QuarterData, document: Document, units: tuple[str, ...]) -> Original | None:
    """The circular that `xmt bulletin` would write today, of the date that the circular bears; none where it was never used."""
    from xmt_scoring.reports.bulletin.fields import contents
    from xmt_scoring.reports.bulletin.paper import filled, write_bulletin
    from xmt_scoring.reports.bulletin.problems import words

    if "bulletin_figures" not in ws.receipt(data.period).get("frames", {}):
        return None
    day = issue_date(document) or data.as_of
    called = tuple(dict.fromkeys(each["problem"] for each in words().values()))
    made = contents(data, earlier_quarter(ws, data.period), day, "")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "通报.docx"
        write_bulletin(path, made, filled(ws.root, made), data.settings, day)
        return Original(open_document(path), made.figures, f"{data.period} 的数据（截止 {data.as_of}）", units, called)
