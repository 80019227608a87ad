"""The report of one unit, or of every unit side by side."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.reports.batch import Page, run_each
from xmt_scoring.reports.explain import find_unit
from xmt_scoring.reports.file_names import unit_stems
from xmt_scoring.reports.notebooks import notebook
from xmt_scoring.workspace import QuarterData, Workspace

FOLDER, NOTEBOOK = "单位报告", "20_quarterly_report"


def unit_pages(
    ws: Workspace, data: QuarterData, unit: str = "", jobs: int = 1, ended: Callable[[str], None] = lambda name: None
) -> tuple[list[Path], list[Problem]]:
    """Write the report of each unit of a scored quarter (only of `unit`, a name or id, when given) as a page of its own.

    `ended` is told each unit's name as its page ends. Returns the paths written and, for units whose page could not be made,
    the messages; their broken notebooks lie beside the pages. XmtError when there is no such unit.
    """
    units = data.frames["units"]
    stems, names = unit_stems(units), dict(zip(units["unit_id"], units["unit_name"], strict=True))
    wanted = [find_unit(data, unit)[0]] if unit else list(names)
    folder = ws.reports(data.period) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    written, problems = dict[str, Path](), dict[str, list[Problem]]()

    def done(page: Page, made: Path | XmtError) -> None:
        unit_id = page.name
        if isinstance(made, XmtError):
            problems[unit_id] = [Problem(f"{names[unit_id]}：{each.where}", each.what, each.todo) for each in made.problems]
        else:
            target = folder / f"{stems[unit_id]}_{data.period}.html"
            written[unit_id] = ws.write_output(data.period, target, lambda path: _move(made, path))
        ended(names[unit_id])

    pages = [Page(unit_id, _parameters(data, unit_id), folder / f"{stems[unit_id]}_{data.period}.failed.ipynb") for unit_id in wanted]
    with tempfile.TemporaryDirectory(prefix="xmt-") as scratch:
        run_each(notebook(NOTEBOOK), pages, ws.root, Path(scratch), jobs, done)
    return (
        [written[unit_id] for unit_id in wanted if unit_id in written],
        [each for unit_id in wanted for each in problems.get(unit_id, ())],
    )


def _parameters(data: QuarterData, unit_id: str) -> Mapping[str, str]:
    return {"quarter": str(data.period), "workspace": ".", "unit": unit_id}


def _move(made: Path, path: Path) -> None:
    shutil.move(made, path)
