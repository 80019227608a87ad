"""Message lists with other headings, as 导出格式.toml describes them → the same list under our headings, cells in their rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from xmt_scoring.frames import contract
from xmt_scoring.glossary import heading, word
from xmt_scoring.ingest.grids import HEADER_SEARCH, Grid
from xmt_scoring.ingest.kinds import Kind, Recognised, recognise
from xmt_scoring.ingest.normalise import column_cells
from xmt_scoring.ingest.values import to_moment

MESSAGES = "messages"
_TIMES = {column.name for column in contract(MESSAGES).columns if column.kind == "moment"}


def described_messages(grid: Grid, kinds: Iterable[Kind]) -> tuple[Grid, Recognised] | None:
    """The grid as a message list under our headings, and how it was recognised; None where no description fits."""
    own = [kind for kind in kinds if kind.file_kind == MESSAGES]
    found = recognise(grid, own) if own else None
    if found is None or found.kind is None or found.table is None or found.table.header_row > HEADER_SEARCH:  # a register looks no further
        return None
    return replace(grid, rows=_rewritten(found)), found


def _rewritten(found: Recognised) -> list[list[object]]:
    kind, table = found.kind, found.table
    assert kind is not None and table is not None
    columns: list[tuple[str, pd.Series]] = []
    for name, variants in kind.columns.items():
        cells = column_cells(table.body, table.headings, variants)
        if cells is not None:
            columns.append((heading(name), _dated(cells, kind.date_format) if name in _TIMES else cells))
    if kind.platform and "platform" not in kind.columns:
        columns.append((heading("platform"), pd.Series(word("platform", kind.platform), index=table.body.index, dtype=object)))
    rows: list[list[object]] = [[] for _ in table.grid.rows]
    rows[table.header_row - 1] = [text for text, _ in columns]
    for number, line in zip(table.numbers, zip(*(column for _, column in columns), strict=True), strict=True):
        rows[number - 1] = list(line)
    return rows


def _dated(cells: pd.Series, form: str | None) -> pd.Series:
    """Texts of the described form as moments; every other cell as it is, to be read in the usual ways."""
    if form is None:
        return cells
    texts = cells.where(cells.map(lambda cell: isinstance(cell, str)).astype(bool), None)
    moments, _, _ = to_moment(texts, form)
    return cells.astype(object).where(moments.isna(), moments.astype(object))
