"""How one file is read, without a workspace: kind, platform, rows, span (`xmt import --explain`)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from xmt_scoring.errors import Problem, XmtError, place
from xmt_scoring.frames import conform, empty
from xmt_scoring.ingest.coverage import span_of
from xmt_scoring.ingest.folder import KINDS
from xmt_scoring.ingest.kinds import recognise
from xmt_scoring.ingest.normalise import read
from xmt_scoring.ingest.registers import is_register, read_register
from xmt_scoring.ingest.tables import Grid, open_file
from xmt_scoring.workspace import sha256_of


def explain_file(path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """The frame `files` for one file, one row per table, and the messages; those are fatal where nothing was recognised."""
    sha = sha256_of(path)
    try:
        grids = [grid for grid in open_file(path, path.name) if grid.rows]
    except XmtError as error:
        return empty("files"), [Problem(problem.where, problem.what, problem.todo) for problem in error.problems]
    lines, problems = [], []
    for grid in grids:
        line, more = _explain(grid)
        lines.append({"file": path.name, "sheet": grid.sheet, "sha256": sha, **line})
        problems += more
    known = [line for line in lines if line["kind"] != "other"]
    problems = [Problem(each.where, each.what, each.todo, not known) for each in problems]
    return conform(pd.DataFrame(lines), "files") if lines else empty("files"), problems


def _explain(grid: Grid) -> tuple[dict[str, object], list[Problem]]:
    name = is_register(grid)
    if name:
        register = read_register(grid, name)
        kind = "messages" if name == "messages" else "register"
        counts = {each: getattr(register, each) for each in ("n_rows", "n_kept", "n_quarantined", "n_no_data_rows")}
        return {"kind": kind, "note": name, **counts}, list(register.problems)
    found = recognise(grid, KINDS)
    if found.kind is None or found.table is None:
        n = len(grid.rows)
        counts = {"n_rows": n, "n_kept": 0, "n_quarantined": n, "n_no_data_rows": 0}
        told = Problem(place(grid.file, grid.sheet), found.hint, "请放入平台后台导出的原文件,或改用登记表")
        return {"kind": "other", "note": found.hint, **counts}, [told]
    reading = read(found.table, found.kind)
    span = span_of(reading, pd.DataFrame({"covers_from": [], "covers_to": []}))
    line: dict[str, object] = {
        "kind": found.kind.file_kind, "platform": found.kind.platform, "n_rows": reading.n_rows, "n_kept": len(reading.rows),
        "n_quarantined": len(reading.quarantined), "n_no_data_rows": reading.n_no_data_rows, "note": found.kind.name,
    }  # fmt: skip
    if span:
        line |= {"covers_from": span.start, "covers_to": span.end, "coverage_basis": span.basis}
    problems = [
        Problem(place(grid.file, grid.sheet, int(str(row))), str(reason), "这一行没有采用", False)
        for row, reason in reading.quarantined.head(20).items()
    ]
    if found.kind.refused:
        problems = [Problem(place(grid.file, grid.sheet), found.kind.refused, "没有采用")]
    return line, problems
