"""A year's own folder: registers only, read as strictly as a quarter's and linked to the units and accounts of the year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from xmt_scoring.errors import Problem
from xmt_scoring.frames import conform, contract, empty
from xmt_scoring.ingest.folder import Imported, joined_registers
from xmt_scoring.ingest.grids import LIMITS, Limits
from xmt_scoring.ingest.linking import link_registers
from xmt_scoring.ingest.listing import Listing
from xmt_scoring.ingest.opening import open_all

_BASE = ("units", "accounts")


def import_year_folder(
    folder: Path,
    base: Mapping[str, pd.DataFrame],
    known_items: Mapping[str, Sequence[str]],
    progress: Callable[[str], None] | None = None,
    limits: Limits = LIMITS,
) -> Imported:
    """Read the registers in data/raw/<year>/. Problems are collected, not raised; a fatal one means nothing is scored.

    `base`: units and accounts of the quarters; a row of the folder's own register of units or accounts stands before
    the one of the same id. Exports and messages belong to a quarter: here they are only told. The frames are those of
    the registers that have rows here.
    """
    listing = Listing()
    opened = open_all(folder, listing, progress, limits=limits)
    unread = {name for _, name, register, _ in opened.registers if any(problem.is_fatal for problem in register.problems)}
    given = joined_registers(opened.registers)
    own = {name: set(rows["src_file"]) for name, rows in given.items()}
    for name in _BASE:
        key = contract(name).key[0]
        mine = given.get(name, empty(name))
        others = base[name][~base[name][key].isin(mine[key])]
        given[name] = pd.concat([part for part in (others, mine) if len(part)] or [others], ignore_index=True)
    linked = link_registers(given, known_items, unread)
    listing.problems += linked.problems
    for reading, _ in opened.exports:
        grid = reading.table.grid
        listing.problems.append(
            Problem(grid.file, "是平台导出文件，年度文件夹只放登记表，没有读取", "请放进它所属季度的文件夹，重新运行 xmt run", False)
        )
    for grid, name, register, _ in opened.registers:
        if name == "messages" and register.n_kept:
            listing.problems.append(Problem(grid.file, "是留言登记，年度文件夹不读留言", "请放进它所属季度的文件夹", False))
    listing.move(linked.quarantine, {})
    frames = {name: linked.frames[name][linked.frames[name]["src_file"].isin(own[name])] for name in own if name in linked.frames}
    frames["quarantine"] = conform(pd.concat(listing.quarantine, ignore_index=True), "quarantine") if listing.quarantine else empty("quarantine")
    frames["files"] = conform(pd.DataFrame(listing.files), "files") if listing.files else empty("files")
    return Imported(frames, listing.problems)
