"""One circular through every check: what it says of itself, of the law, of the calendar and, where known, of the quarter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from xmt_scoring.lint.binding import check_binding
from xmt_scoring.lint.citations import check_citations
from xmt_scoring.lint.county import County
from xmt_scoring.lint.dates import check_dates
from xmt_scoring.lint.documents import Document
from xmt_scoring.lint.names import check_name_lists
from xmt_scoring.lint.original import Original, check_against_original
from xmt_scoring.lint.relations import check_relations
from xmt_scoring.lint.report import Notes
from xmt_scoring.lint.shield import Shield, lifted
from xmt_scoring.lint.statements import statements
from xmt_scoring.lint.style import check_style
from xmt_scoring.lint.sums import check_sums
from xmt_scoring.lint.table_binding import check_table_binding
from xmt_scoring.lint.tables import check_tables, list_unbound_cells
from xmt_scoring.periods import Quarter


def lint(
    document: Document,
    quarter: Quarter | None = None,
    county: County | None = None,
    before: County | None = None,
    workday_overrides: Iterable[tuple[dt.date, bool]] = (),
    original: Original | None = None,
) -> Notes:
    """Everything that can be said of a circular. `county` and `before` are the facts of its quarter and of the one before,
    `original` is the circular that the program itself would write."""
    shield = Shield.of(county) if county is not None else None
    if shield is not None and county is not None:
        document, county = shield.document(document), shield.county(county)
        before = shield.county(before) if before is not None else None
        original = replace(original, document=shield.document(original.document), units=tuple(map(shield.text, original.units))) if original else None
    notes = Notes()
    if original is not None:
        check_against_original(document, original, notes)
    found = statements(document)
    unit_names = county.unit_names if county else []
    check_relations(found, notes)
    check_sums(document, unit_names, notes)
    check_name_lists(document, unit_names, notes)
    check_tables(document, notes)
    check_citations(document, notes)
    check_dates(document, workday_overrides, quarter, notes)
    check_style(document, notes)
    if county is not None:
        check_binding(document, found, county, before, notes)
        check_table_binding(document, county, notes)
    notes.finish(document)
    for what, count in document.unread:
        notes.doubt_at(what, "", f"{count} 处", f"程序不读{what}，请人工核对")
    list_unbound_cells(document, notes)
    return lifted(notes) if shield is not None else notes
