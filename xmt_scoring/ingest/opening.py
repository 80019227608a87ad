"""Every file of a folder opened and recognised, from the cache where it has not changed; what is no data is listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from xmt_scoring.errors import Problem, XmtError, place
from xmt_scoring.ingest.cache import ReadCache, Sheet
from xmt_scoring.ingest.described import MESSAGES, described_messages
from xmt_scoring.ingest.grids import LIMITS, Grid, Limits
from xmt_scoring.ingest.kinds import UNKNOWN_TODO, Kind, recognise
from xmt_scoring.ingest.listing import Listing, no_data_note
from xmt_scoring.ingest.normalise import Reading, read_all
from xmt_scoring.ingest.platforms import KINDS
from xmt_scoring.ingest.register_specs import MANUAL_FORM, OUR_OTHER
from xmt_scoring.ingest.registers import RegisterRead, is_register, read_register
from xmt_scoring.ingest.sources import Source, sources
from xmt_scoring.ingest.tables import open_bytes


@dataclass(frozen=True)
class Opened:
    """What the files hold, before anything is known of the accounts."""

    exports: list[tuple[Reading, str]]  # with the hash of the file
    registers: list[tuple[Grid, str, RegisterRead, str]]


def open_all(
    folder: Path,
    listing: Listing,
    progress: Callable[[str], None] | None,
    kinds: tuple[Kind, ...] = KINDS,
    limits: Limits = LIMITS,
    cache: ReadCache | None = None,
) -> Opened:
    """Every file of a folder opened and recognised; what is no export and no register is listed."""
    files = _opened_files(folder, listing, progress, kinds, limits, cache)
    waiting = [(sheet.table, sheet.kind) for _, sheets in files for sheet in sheets if sheet.table and sheet.kind and not sheet.reading]
    readings = iter(read_all(waiting, with_contents=cache is not None))
    files = [(sha, [replace(each, reading=next(readings)) if each.table and not each.reading else each for each in sheets]) for sha, sheets in files]
    if cache is not None:
        for sha, sheets in files:
            cache.keep(sha, sheets)
    exports = [(sheet.reading, sha) for sha, sheets in files for sheet in sheets if sheet.reading]
    registers = [(sheet.grid, sheet.name, sheet.register, sha) for sha, sheets in files for sheet in sheets if sheet.register]
    for grid, name, register, sha in registers:
        kind = "messages" if name == "messages" else "register"
        n = (register.n_rows, register.n_kept, register.n_quarantined, register.n_no_data_rows)
        listing.add(grid.file, grid.sheet, kind, sha, n, note=no_data_note(register.no_data_rows) or None)
        listing.problems += register.problems
        if len(register.quarantine):
            listing.quarantine.append(register.quarantine)
    return Opened(exports, registers)


def _opened_files(
    folder: Path, listing: Listing, progress: Callable[[str], None] | None, kinds: tuple[Kind, ...], limits: Limits, cache: ReadCache | None
) -> list[tuple[str, list[Sheet]]]:
    """Hash and recognised sheets of each file that can be used; the others are listed with their reason."""
    files: list[tuple[str, list[Sheet]]] = []
    seen: dict[str, str] = {}
    for source in sources(folder, limits, progress):
        listing.problems += source.problems
        if source.data is None:
            listing.add(source.file, None, "other", source.sha, (0, 0, 0, 0), note=source.note)
            listing.unread |= {source.file} if source.is_lost else set()
            continue
        try:
            sheets = (cache.find(source.sha, source.file) if cache else None) or _recognised(source.data, source.file, kinds, limits)
        except XmtError as error:
            listing.add(source.file, None, "other", source.sha, (0, 0, 0, 0), note=error.problems[0].what)
            listing.problems += error.problems
            listing.unread.add(source.file)
            continue
        if source.sha in seen and any(sheet.register for sheet in sheets):
            _list_copy(source, seen[source.sha], sheets, listing)
            continue
        seen.setdefault(source.sha, source.file)
        files.append((source.sha, sheets))
        _list_unused(source, sheets, listing)
    return files


def _recognised(data: bytes, file: str, kinds: tuple[Kind, ...], limits: Limits) -> list[Sheet]:
    """Every sheet that is not empty; registers are read at once, exports later, many of one kind together."""
    grids = [grid for grid in open_bytes(data, file, limits) if any(any(cell not in ("", None) for cell in row) for row in grid.rows)]
    sheets = [_as_register(grid, kinds) for grid in grids]
    exports = [kind for kind in kinds if kind.file_kind != MESSAGES]
    made = []
    for grid, name in sheets:
        if name:
            made.append(Sheet(grid, name, read_register(grid, name)))
        elif any(each == MANUAL_FORM for _, each in sheets):
            made.append(Sheet(grid, is_our_other=True))
        else:
            found = recognise(grid, exports)
            made.append(Sheet(grid, kind=found.kind, table=found.table, hint=found.hint))
    return made


def _as_register(grid: Grid, kinds: tuple[Kind, ...]) -> tuple[Grid, str | None]:
    """A sheet and the register that it is, if any; what the office described itself goes first."""
    described = described_messages(grid, kinds)
    return (described[0], MESSAGES) if described else (grid, is_register(grid))


def _list_unused(source: Source, sheets: list[Sheet], listing: Listing) -> None:
    """Sheets that are no data, and what a person should know of the file."""
    for sheet in sheets:
        if sheet.is_our_other:
            n = len(sheet.grid.rows)
            listing.add(source.file, sheet.grid.sheet, "other", source.sha, (n, 0, 0, n), note=OUR_OTHER)
        elif not sheet.register and not sheet.reading and not sheet.table:
            _list_unknown(sheet, source.sha, listing)
    if sheets and not any(sheet.is_our_other or sheet.register or sheet.reading or sheet.table for sheet in sheets):
        listing.unread.add(source.file)
    if sheets and not any(sheet.name == MANUAL_FORM for sheet in sheets):
        listing.problems += [Problem(source.file, note, "请核对", False) for note in sheets[0].grid.notes]
    if not sheets:
        listing.add(source.file, None, "other", source.sha, (0, 0, 0, 0), note="没有内容")
        listing.problems.append(Problem(source.file, "打得开，但里面没有内容", "请重新导出", False))


def _list_unknown(sheet: Sheet, sha: str, listing: Listing) -> None:
    grid, n = sheet.grid, len(sheet.grid.rows)
    reasons = pd.Series("文件不认识", index=range(1, n + 1))
    contents = pd.Series([" | ".join(str(cell) for cell in row if cell not in ("", None))[:200] for row in grid.rows], dtype="str")
    listing.set_aside(grid, reasons.index, reasons, contents)
    listing.add(grid.file, grid.sheet, "other", sha, (n, 0, n, 0), note=sheet.hint)
    listing.problems.append(Problem(place(grid.file, grid.sheet), sheet.hint, UNKNOWN_TODO, False))


def _list_copy(source: Source, first: str, sheets: list[Sheet], listing: Listing) -> None:
    for sheet in sheets:
        n = len(sheet.grid.rows)
        reasons = pd.Series(f"重复文件：与“{first}”完全相同", index=range(1, n + 1))
        listing.set_aside(sheet.grid, reasons.index, reasons, pd.Series("", index=reasons.index, dtype="str"))
        listing.add(source.file, sheet.grid.sheet, "other", source.sha, (n, 0, n, 0), note=f"与“{first}”完全相同，没有重复计入")
    listing.problems.append(Problem(source.file, f"与“{first}”是同一个文件", "没有重复计入；可以删掉一份", False))
