"""A quarter's folder → frames. Every file is listed, every row is kept, quarantined or named as no data."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from xmt_scoring.errors import Problem, XmtError, place
from xmt_scoring.frames import conform, contracts, empty
from xmt_scoring.ingest.assemble import FRAME_OF, Part, assemble
from xmt_scoring.ingest.attribution import Known
from xmt_scoring.ingest.claims import Claim, claim_all
from xmt_scoring.ingest.coverage import all_coverage, coverage_rows
from xmt_scoring.ingest.grids import LIMITS, Grid, Limits
from xmt_scoring.ingest.kinds import Kind, Recognised, recognise
from xmt_scoring.ingest.linking import link_registers
from xmt_scoring.ingest.listing import Listing, warn
from xmt_scoring.ingest.messages import link_messages
from xmt_scoring.ingest.normalise import Reading, content_of, read_all
from xmt_scoring.ingest.platforms import KINDS
from xmt_scoring.ingest.registers import RegisterRead, is_register, read_register
from xmt_scoring.ingest.sources import sources
from xmt_scoring.ingest.tables import Table, open_bytes
from xmt_scoring.periods import Quarter

RECORDS = ("messages", "clearances")
MANUAL_FORM = "manual_form"


@dataclass(frozen=True)
class Imported:
    """`frames`: every register and export frame, `files` and `quarantine`; `problems`: what people must or should know."""

    frames: dict[str, pd.DataFrame]
    problems: list[Problem]


@dataclass(frozen=True)
class Opened:
    """What the files hold, before anything is known of the accounts."""

    exports: list[tuple[Reading, str]]  # with the hash of the file
    registers: list[tuple[Grid, str, RegisterRead, str]]


def import_folder(
    folder: Path,
    period: Quarter,
    *,
    whole_quarter: bool,
    known_items: Mapping[str, str],
    progress: Callable[[str], None] | None = None,
    own_kinds: tuple[Kind, ...] = (),
    limits: Limits = LIMITS,
) -> Imported:
    """Read everything in a quarter's folder. Problems are collected, not raised; a fatal one means nothing can be scored.

    `whole_quarter`: the office vouches that what it received covers the quarter. `known_items`: every word for a check
    item → check_id. `own_kinds`: exports that the office described itself (formats.py); they go before ours.
    """
    listing = Listing()
    with _collector_off():
        opened = open_all(folder, listing, progress, (*own_kinds, *KINDS), limits)
    unread = {name for _, name, register, _ in opened.registers if any(problem.is_fatal for problem in register.problems)}
    linked = link_registers(joined_registers(opened.registers), known_items, unread)
    frames = dict(linked.frames)
    listing.problems += linked.problems
    moved = [linked.quarantine]
    for name, words in (("units", "单位登记表(单位.xlsx)"), ("accounts", "账号备案台账(账号备案台账.xlsx)")):
        if not len(frames[name]):
            listing.problems.append(
                Problem(folder.name, f"没有可用的{words}", "请从工作区的“登记表模板”复制一份填好,与导出文件放在一起")
            )
    accounts = frames["accounts"]
    if progress:
        progress("认领导出文件,合并重复")
    known = Known(accounts, frames["manifest"])
    parts, coverage = _take_all(claim_all(opened.exports, known), listing)
    for name in FRAME_OF.values():
        made = assemble(name, parts[name], period, accounts)
        frames[name] = made.frame
        moved.append(made.repeated)
    messages = link_messages(_message_parts(opened.registers, known), accounts)
    frames["messages"] = messages.frames["messages"]
    listing.problems += messages.problems
    moved.append(messages.quarantine)
    tables = {(reading.table.grid.file, reading.table.grid.sheet): reading.table for reading, _ in opened.exports}
    for rows in moved:
        listing.move(rows, tables)
    broken = _broken(opened, messages.quarantine)
    frames["coverage"] = all_coverage(coverage, frames, listing.record_lists(), period if whole_quarter else None, broken)
    frames["quarantine"] = conform(pd.concat(listing.quarantine, ignore_index=True), "quarantine") if listing.quarantine else empty("quarantine")
    frames["files"] = conform(pd.DataFrame(listing.files), "files") if listing.files else empty("files")
    for name, frame in contracts().items():
        if frame.source != "derived" and name not in frames:
            frames[name] = empty(name)
    warn(frames, period, listing)
    return Imported(frames, listing.problems)


def _broken(opened: Opened, aside: pd.DataFrame) -> set[tuple[str, str | None]]:
    """File and sheet of lists that are cut off or have rows that could not be read or placed: what they lack proves nothing."""
    found = {(reading.table.grid.file, reading.table.grid.sheet) for reading, _ in opened.exports if not reading.is_whole}
    found |= {(grid.file, grid.sheet) for grid, name, register, _ in opened.registers if name in RECORDS and register.n_quarantined}
    lost = aside[~aside["reason"].str.startswith("重复").fillna(False).astype(bool)]
    return found | {(file, None if pd.isna(sheet) else sheet) for file, sheet in zip(lost["src_file"], lost["src_sheet"], strict=True)}


@contextmanager
def _collector_off() -> Iterator[None]:
    """Millions of cells are held while files are read, and no circles among them: looking for some again and again would
    take a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def open_all(
    folder: Path,
    listing: Listing,
    progress: Callable[[str], None] | None,
    kinds: tuple[Kind, ...] = KINDS,
    limits: Limits = LIMITS,
) -> Opened:
    """Every file of a folder opened and recognised; what is no export and no register is listed."""
    exports: list[tuple[Table, Kind, str]] = []
    registers: list[tuple[Grid, str, RegisterRead, str]] = []
    seen: dict[str, str] = {}
    for source in sources(folder, limits, progress):
        file, sha = source.file, source.sha
        listing.problems += source.problems
        if source.data is None:
            listing.add(file, None, "other", sha, (0, 0, 0, 0), note=source.note)
            continue
        try:
            grids = [grid for grid in open_bytes(source.data, file, limits) if any(any(cell not in ("", None) for cell in row) for row in grid.rows)]
        except XmtError as error:
            listing.add(file, None, "other", sha, (0, 0, 0, 0), note=error.problems[0].what)
            listing.problems += error.problems
            continue
        registered = {id(grid): is_register(grid) for grid in grids}
        if sha in seen and any(registered.values()):
            _list_copy(file, seen[sha], grids, sha, listing)
            continue
        seen.setdefault(sha, file)
        is_own_workbook = MANUAL_FORM in registered.values()
        for grid in grids:
            name = registered[id(grid)]
            if name:
                registers.append((grid, name, read_register(grid, name), sha))
            elif is_own_workbook:
                listing.add(file, grid.sheet, "other", sha, (len(grid.rows), 0, 0, len(grid.rows)), note="本软件评分表的其他表,不读")
            else:
                _take(recognise(grid, kinds), sha, exports, listing)
        if grids and not is_own_workbook:
            listing.problems += [Problem(file, note, "请核对", False) for note in grids[0].notes]
        if not grids:
            listing.add(file, None, "other", sha, (0, 0, 0, 0), note="没有内容")
            listing.problems.append(Problem(file, "打得开,但里面没有内容", "请重新导出", False))
    for grid, name, register, sha in registers:
        kind = "messages" if name == "messages" else "register"
        n = (register.n_rows, register.n_kept, register.n_quarantined, register.n_no_data_rows)
        listing.add(grid.file, grid.sheet, kind, sha, n)
        listing.problems += register.problems
        if len(register.quarantine):
            listing.quarantine.append(register.quarantine)
    readings = read_all([(table, kind) for table, kind, _ in exports])
    return Opened([(reading, sha) for reading, (_, _, sha) in zip(readings, exports, strict=True)], registers)


def _list_copy(file: str, first: str, grids: list[Grid], sha: str, listing: Listing) -> None:
    for grid in grids:
        n = len(grid.rows)
        reasons = pd.Series(f"重复文件:与“{first}”完全相同", index=range(1, n + 1))
        listing.set_aside(grid, reasons.index, reasons, pd.Series("", index=reasons.index, dtype="str"))
        listing.add(file, grid.sheet, "other", sha, (n, 0, n, 0), note=f"与“{first}”完全相同,没有重复计入")
    listing.problems.append(Problem(file, f"与“{first}”是同一个文件", "没有重复计入;可以删掉一份", False))


def _take(found: Recognised, sha: str, exports: list[tuple[Table, Kind, str]], listing: Listing) -> None:
    grid = found.grid
    if found.kind is None or found.table is None:
        n = len(grid.rows)
        reasons = pd.Series("文件不认识", index=range(1, n + 1))
        contents = pd.Series([" | ".join(str(cell) for cell in row if cell not in ("", None))[:200] for row in grid.rows], dtype="str")
        listing.set_aside(grid, reasons.index, reasons, contents)
        listing.add(grid.file, grid.sheet, "other", sha, (n, 0, n, 0), note=found.hint)
        listing.problems.append(Problem(place(grid.file, grid.sheet), found.hint, "请放入平台后台导出的原文件,或改用登记表", False))
        return
    exports.append((found.table, found.kind, sha))


def joined_registers(registers: list[tuple[Grid, str, RegisterRead, str]]) -> dict[str, pd.DataFrame]:
    """The rows of each register over all files, words not yet resolved; messages are kept apart."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for _, _, register, _ in registers:
        for name, frame in register.frames.items():
            if name != "messages" and len(frame):
                parts.setdefault(name, []).append(frame)
    return {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}


def _message_parts(registers: list[tuple[Grid, str, RegisterRead, str]], known: Known) -> pd.DataFrame:
    """Message lists with the account filled in by the office's list or the path where the list itself names none."""
    parts = []
    for grid, _, register, _ in registers:
        if not len(register.frames.get("messages", ())):
            continue
        rows = register.frames["messages"]
        if rows["account_id"].isna().all():
            named = known.listed.matching(grid.file, "account_id")["account_id"].unique().tolist()
            named = named or known.everybody.in_path(grid.file)
            if len(named) == 1:
                rows = rows.assign(account_id=pd.Series(named[0], index=rows.index, dtype="str"))
        parts.append(rows)
    return pd.concat(parts, ignore_index=True) if parts else empty("messages").assign(platform=pd.Series(dtype="str"))


def _take_all(claims: list[Claim], listing: Listing) -> tuple[dict[str, list[Part]], list[dict[str, object]]]:
    """List every export; the rows that have an account, by frame, and the coverage of their files."""
    parts: dict[str, list[Part]] = {name: [] for name in FRAME_OF.values()}
    coverage: list[dict[str, object]] = []
    for claim in claims:
        reading, grid, kind = claim.reading, claim.reading.table.grid, claim.reading.kind
        reasons, told = claim.reasons(), claim.problem()
        if told:
            listing.problems.append(told)
        if claim.is_taken:
            parts[FRAME_OF[kind.file_kind]].append(Part(reading, claim.account_id))
            if claim.span:
                for account in claim.accounts:
                    coverage += coverage_rows(reading, account, claim.span)
        listing.set_aside(grid, reasons.index, reasons, content_of(reading.table, reasons.index))
        span = claim.span
        listing.add(
            grid.file, grid.sheet, kind.file_kind, claim.sha, (reading.n_rows, claim.n_kept, len(reasons), reading.n_no_data_rows),
            platform=kind.platform, account_id=claim.accounts[0] if len(claim.accounts) == 1 else None, note=claim.note(),
            covers_from=span.start if span else None, covers_to=span.end if span else None,
            coverage_basis=span.basis if span else None,
        )  # fmt: skip
    return parts, coverage
