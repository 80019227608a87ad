"""A quarter's folder → frames. Every file is listed, every row is kept, quarantined or named as no data."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from xmt_scoring.errors import Problem
from xmt_scoring.frames import conform, contracts, empty
from xmt_scoring.ingest.assemble import FRAME_OF, Part, assemble
from xmt_scoring.ingest.attribution import Known
from xmt_scoring.ingest.cache import ReadCache
from xmt_scoring.ingest.claims import Claim, claim_all
from xmt_scoring.ingest.coverage import all_coverage, coverage_rows
from xmt_scoring.ingest.grids import LIMITS, Grid, Limits
from xmt_scoring.ingest.kinds import Kind
from xmt_scoring.ingest.linking import link_registers
from xmt_scoring.ingest.listing import Listing, warn
from xmt_scoring.ingest.manifest import Given, declared_records
from xmt_scoring.ingest.messages import link_messages
from xmt_scoring.ingest.normalise import content_of
from xmt_scoring.ingest.opening import Opened, open_all
from xmt_scoring.ingest.platforms import KINDS
from xmt_scoring.ingest.profiles import KIND as PROFILES
from xmt_scoring.ingest.profiles import take_profiles
from xmt_scoring.ingest.registers import RegisterRead
from xmt_scoring.periods import Quarter

RECORDS = ("messages", "clearances")


@dataclass(frozen=True)
class Imported:
    """`frames`: every register and export frame, `files` and `quarantine`; `problems`: what people must or should know."""

    frames: dict[str, pd.DataFrame]
    problems: list[Problem]


@contextmanager
def _collector_off() -> Iterator[None]:
    """Millions of cells are held while a folder is read, and no circles among them: looking for some again and again would
    take a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_collector_off()
def import_folder(
    folder: Path,
    period: Quarter,
    *,
    whole_quarter: bool,
    known_items: Mapping[str, Sequence[str]],
    progress: Callable[[str], None] | None = None,
    own_kinds: tuple[Kind, ...] = (),
    limits: Limits = LIMITS,
    cache: ReadCache | None = None,
) -> Imported:
    """Read everything in a quarter's folder. Problems are collected, not raised; a fatal one means nothing can be scored.

    `whole_quarter`: the office vouches that what it received covers the quarter. `known_items`: every word for a check
    item → check_id. `own_kinds`: exports that the office described itself (formats.py); they go before ours.
    `cache`: what was read of files that have not changed since; it must be of the same kinds and limits.
    """
    listing = Listing()
    opened = open_all(folder, listing, progress, (*own_kinds, *KINDS), limits, cache)
    unread = {name for _, name, register, _ in opened.registers if any(problem.is_fatal for problem in register.problems)}
    linked = link_registers(joined_registers(opened.registers), known_items, unread)
    frames = dict(linked.frames)
    listing.problems += linked.problems
    moved = [linked.quarantine]
    for name, words in (("units", "单位登记表（单位.xlsx）"), ("accounts", "账号备案台账（账号备案台账.xlsx）")):
        if not len(frames[name]):
            listing.problems.append(
                Problem(folder.name, f"没有可用的{words}", "请从工作区的“登记表模板”复制一份填好，与导出文件放在一起")
            )
    accounts = frames["accounts"]
    if progress:
        progress("认领导出文件，合并重复")
    known = Known(accounts, frames["manifest"], frames["account_events"], frames["account_matches"])
    lists = [(reading, sha) for reading, sha in opened.exports if reading.kind.file_kind == PROFILES]
    claims = claim_all([(reading, sha) for reading, sha in opened.exports if reading.kind.file_kind != PROFILES], known)
    parts, coverage = _take_all(claims, listing)
    frames["profiles"], repeated = take_profiles(lists, claims, listing)
    moved.append(repeated)
    for name in FRAME_OF.values():
        made = assemble(name, parts[name], period, accounts)
        frames[name] = made.frame
        moved.append(made.repeated)
    messages = link_messages(_message_parts(opened.registers, known), accounts, frames["units"])
    frames["messages"] = messages.frames["messages"]
    listing.problems += messages.problems
    moved.append(messages.quarantine)
    readings = {(reading.table.grid.file, reading.table.grid.sheet): reading for reading, _ in opened.exports}
    for rows in moved:
        listing.move(rows, readings)
    broken = _broken(opened, messages.quarantine)
    message_lists = _message_lists(opened, known)
    for line in listing.files:
        owner = message_lists.get((str(line["file"]), line["sheet"]))  # type: ignore[arg-type]
        if owner and "account_id" not in line:
            line |= {"account_id": owner, "attributed_by": "导出文件清单或路径"}
    given = _given(opened, listing, message_lists, {file for file, _ in broken})
    declared, odd = declared_records(frames["manifest"], accounts["account_id"], given)
    listing.problems += odd
    frames["coverage"] = all_coverage(coverage, declared, frames, message_lists, period if whole_quarter else None, broken)
    frames["quarantine"] = conform(pd.concat(listing.quarantine, ignore_index=True), "quarantine") if listing.quarantine else empty("quarantine")
    frames["files"] = conform(pd.DataFrame(listing.files), "files") if listing.files else empty("files")
    for name, frame in contracts().items():
        if frame.source != "derived" and name not in frames:
            frames[name] = empty(name)
    warn(frames, period, listing)
    return Imported(frames, listing.problems)


def _given(opened: Opened, listing: Listing, message_lists: Mapping[tuple[str, str | None], str | None], broken: set[str]) -> Given:
    """The files of the folder as 导出文件清单 is held against them; a copy of a list is that list."""
    owners: dict[str, str | None] = {}
    for (file, _), owner in message_lists.items():
        owners[file] = owner if owners.get(file, owner) == owner else None  # sheets of several accounts
    lists: dict[str, dict[str, str | None]] = {name: {} for name in RECORDS}
    for name, found in lists.items():
        originals = {sha: grid.file for grid, register, _, sha in opened.registers if register == name}
        found |= {str(line["file"]): owners.get(originals[str(line["sha256"])]) for line in listing.files if line["sha256"] in originals}
    return Given({str(line["file"]) for line in listing.files}, lists, listing.unread, broken)


def _broken(opened: Opened, aside: pd.DataFrame) -> set[tuple[str, str | None]]:
    """File and sheet of lists that are cut off, hold only a part of what was published, or have rows that could not be read
    or placed: what they lack proves nothing."""
    found = {(reading.table.grid.file, reading.table.grid.sheet) for reading, _ in opened.exports if not reading.is_whole or reading.kind.is_part}
    found |= {(grid.file, grid.sheet) for grid, name, register, _ in opened.registers if name in RECORDS and register.n_quarantined}
    lost = aside[~aside["reason"].str.startswith("重复").fillna(False).astype(bool)]
    return found | {(file, None if pd.isna(sheet) else sheet) for file, sheet in zip(lost["src_file"], lost["src_sheet"], strict=True)}


def joined_registers(registers: list[tuple[Grid, str, RegisterRead, str]]) -> dict[str, pd.DataFrame]:
    """The rows of each register over all files, words not yet resolved; messages are kept apart."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for _, _, register, _ in registers:
        for name, frame in register.frames.items():
            if name != "messages" and len(frame):
                parts.setdefault(name, []).append(frame)
    return {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}


def _message_lists(opened: Opened, known: Known) -> dict[tuple[str, str | None], str | None]:
    """File and sheet of every message list, also one without rows → the one account that it is of, None for everybody's."""
    lists = [(grid, register.frames.get("messages")) for grid, name, register, _ in opened.registers if name == "messages"]
    return {(grid.file, grid.sheet): _owner_of_list(grid.file, rows, known) for grid, rows in lists}


def _owner_of_list(file: str, rows: pd.DataFrame | None, known: Known) -> str | None:
    """The account of a message list that names none itself: by the office's list or the path."""
    if rows is not None and rows["account_id"].notna().any():
        return None
    named = known.listed.matching(file, "account_id")["account_id"].unique().tolist()
    named = named or known.everybody.in_path(file)
    return str(named[0]) if len(named) == 1 else None


def _message_parts(registers: list[tuple[Grid, str, RegisterRead, str]], known: Known) -> pd.DataFrame:
    """Message lists with the account filled in where the list itself names none."""
    parts = []
    for grid, _, register, _ in registers:
        if not len(register.frames.get("messages", ())):
            continue
        rows = register.frames["messages"]
        owner = _owner_of_list(grid.file, rows, known)
        parts.append(rows.assign(account_id=pd.Series(owner, index=rows.index, dtype="str")) if owner else rows)
    return pd.concat(parts, ignore_index=True) if parts else empty("messages").assign(platform=pd.Series(dtype="str"))


def _take_all(claims: list[Claim], listing: Listing) -> tuple[dict[str, list[Part]], list[dict[str, object]]]:
    """List every export; the rows that have an account, by frame, and the coverage of their files."""
    parts: dict[str, list[Part]] = {name: [] for name in FRAME_OF.values()}
    coverage: list[dict[str, object]] = []
    for claim in claims:
        reading, grid, kind = claim.reading, claim.reading.table.grid, claim.reading.kind
        reasons = claim.reasons()
        listing.problems += claim.problems()
        if claim.is_taken:
            parts[FRAME_OF[kind.file_kind]].append(Part(reading, claim.account_id))
            if claim.span:
                for account in claim.accounts:
                    coverage += coverage_rows(reading, account, claim.span)
        listing.set_aside(grid, reasons.index, reasons, content_of(reading, reasons.index))
        span = claim.span
        listing.add(
            grid.file, grid.sheet, kind.file_kind, claim.sha, (reading.n_rows, claim.n_kept, len(reasons), reading.n_no_data_rows),
            platform=kind.platform, account_id=claim.accounts[0] if len(claim.accounts) == 1 else None, note=claim.note(),
            attributed_by=claim.how or None,
            covers_from=span.start if span else None, covers_to=span.end if span else None,
            coverage_basis=span.basis if span else None,
        )  # fmt: skip
    return parts, coverage
