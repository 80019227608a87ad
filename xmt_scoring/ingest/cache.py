"""What was read of files that have not changed: kept by the hash of their bytes and of this program, never by their name.

An entry is only a shortcut. One that is missing, damaged or of another version is read again without a word, and one that
cannot be written is not missed. Files that were refused or not recognised are not kept: they are opened on every run.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import uuid
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from xmt_scoring.errors import Problem
from xmt_scoring.ingest.grids import Grid, Limits
from xmt_scoring.ingest.kinds import Kind
from xmt_scoring.ingest.normalise import Reading
from xmt_scoring.ingest.registers import RegisterRead
from xmt_scoring.ingest.tables import Table
from xmt_scoring.points import PARTS

FOLDER = "cache"
_READERS = ("pandas", "pyarrow", "python-calamine", "lxml")  # whose versions may read the same bytes otherwise
_COUNTS = ("n_rows", "n_kept", "n_quarantined", "n_no_data_rows")
_TEXT = pd.Series(dtype="str").dtype
_DTYPES: dict[str, Any] = {**{name: name for name in ("str", "Int64", "boolean", "bool", "int64", "datetime64[us]")}, str(PARTS): PARTS}
_FROM_ARROW = {pa.large_string(): _TEXT, pa.string(): _TEXT, pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype(), PARTS.pyarrow_dtype: PARTS}


@dataclass(frozen=True)
class Sheet:
    """One sheet as it was recognised: a register (`name`, `register`), an export (`kind`, `table`, and `reading` once it was
    read), another sheet of our own workbook, or an unknown table (`hint`). The rows of a kept sheet are blank."""

    grid: Grid
    name: str = ""
    register: RegisterRead | None = None
    kind: Kind | None = None
    table: Table | None = None
    reading: Reading | None = None
    hint: str = ""
    is_our_other: bool = False


class _NotKept(Exception):
    """This file cannot be kept."""


class ReadCache:
    """The entries of one quarter's folder. `code`: a hash of the program that reads."""

    def __init__(self, folder: Path, code: str, kinds: tuple[Kind, ...], limits: Limits) -> None:
        self.folder, self.kinds = folder, kinds
        told = [code, *(version(name) for name in _READERS), repr(kinds), repr(limits)]
        self._salt = "\0".join(told).encode()
        self._used: set[str] = set()

    def _path(self, sha: str) -> Path:
        return self.folder / (hashlib.sha256(self._salt + b"\0" + sha.encode()).hexdigest() + ".zip")

    def find(self, sha: str, file: str) -> list[Sheet] | None:
        """What a file with these bytes holds, under the name that it has now; None when that is not known."""
        path = self._path(sha)
        try:
            with zipfile.ZipFile(path) as entry:
                said = json.loads(entry.read("sheets.json"))
                sheets = [self._unpacked(told, str(number), entry, file) for number, told in enumerate(said)]
        except Exception:  # whatever is wrong with an entry, the file itself is there to be read
            return None
        self._used.add(path.name)
        return sheets

    def keep(self, sha: str, sheets: list[Sheet]) -> None:
        """Keep a file that was read, as far as it can be kept without a loss."""
        path = self._path(sha)
        if path.name in self._used or not sheets:
            return
        aside = path.with_name(f".xmt-{uuid.uuid4().hex}")
        try:
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w") as entry:
                told = [self._packed(sheet, str(number), entry) for number, sheet in enumerate(sheets)]
                _write(entry, "sheets.json", json.dumps(told, ensure_ascii=False).encode())
            self.folder.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(content.getvalue())
            aside.replace(path)
        except _NotKept:
            return
        except OSError:  # a full disk or a folder without permission: the step that saves the frames will say so
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            return
        self._used.add(path.name)

    def _packed(self, sheet: Sheet, at: str, entry: zipfile.ZipFile) -> dict[str, Any]:
        told: dict[str, Any] = {"sheet": sheet.grid.sheet, "form": sheet.grid.form, "notes": sheet.grid.notes, "n_lines": len(sheet.grid.rows)}
        if sheet.is_our_other:
            return told | {"is": "other"}
        if sheet.register:
            return told | _packed_register(sheet, at, entry)
        if sheet.reading:
            return told | _packed_reading(sheet.reading, at, entry) | {"kind": self.kinds.index(sheet.reading.kind)}
        raise _NotKept

    def _unpacked(self, told: Mapping[str, Any], at: str, entry: zipfile.ZipFile, file: str) -> Sheet:
        grid = Grid(file, told["sheet"], [[]] * told["n_lines"], told["form"], tuple(told["notes"]))
        if told["is"] == "register":
            return Sheet(grid, told["name"], _unpacked_register(told, at, entry, file))
        if told["is"] == "export":
            return Sheet(grid, reading=_unpacked_reading(told, at, entry, grid, self.kinds[told["kind"]]))
        return Sheet(grid, is_our_other=True)

    def clear_unused(self, raw: Path) -> None:
        """Remove what no file of this run needs, and the entries of quarters that are gone from `raw`."""
        try:
            stale = [path for path in self.folder.glob("*") if path.name not in self._used]
            stale += [path for path in self.folder.parent.glob("*") if not (raw / path.name).is_dir()]
            for path in stale:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        except OSError:
            return


def _write(entry: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry.writestr(zipfile.ZipInfo(name), data)  # without a time: the same content is the same bytes


def _packed_register(sheet: Sheet, at: str, entry: zipfile.ZipFile) -> dict[str, Any]:
    assert sheet.register is not None
    read, file = sheet.register, sheet.grid.file
    problems = []
    for problem in read.problems:
        if not problem.where.startswith(file) or file in problem.what + problem.todo:
            raise _NotKept  # the message could not be told under another name
        problems.append([problem.where.removeprefix(file), problem.what, problem.todo, problem.is_fatal])
    frames = {name: _put(entry, f"{at}-{name}", _under(frame, "")) for name, frame in read.frames.items()}
    aside = _put(entry, f"{at}-aside", _under(read.quarantine.astype({"reason": "str"}), ""))
    counts = [getattr(read, name) for name in _COUNTS]
    return {"is": "register", "name": sheet.name, "problems": problems, "frames": frames, "aside": aside, "counts": counts, "no_data": read.no_data_rows}


def _under(frame: pd.DataFrame, file: str) -> pd.DataFrame:
    """The rows as of a file of that name."""
    return frame.assign(src_file=pd.Series(file, index=frame.index, dtype="str"))


def _packed_reading(reading: Reading, at: str, entry: zipfile.ZipFile) -> dict[str, Any]:
    if reading.contents is None:
        raise _NotKept
    table = reading.table
    rows = reading.rows.assign(src_row=reading.rows.index.to_numpy("int64")).reset_index(drop=True)
    every = pd.DataFrame({"content": reading.contents, "reason": reading.quarantined.reindex(reading.contents.index).astype("str")})
    every["src_row"] = every.index.to_numpy("int64")
    return {
        "is": "export", "header_row": table.header_row, "titles": table.titles,
        "n_no_data_rows": reading.n_no_data_rows, "is_capped": reading.is_capped,
        "rows": _put(entry, f"{at}-rows", rows), "every": _put(entry, f"{at}-every", every.reset_index(drop=True)),
    }  # fmt: skip


def _put(entry: zipfile.ZipFile, name: str, frame: pd.DataFrame) -> dict[str, str]:
    """Write a frame; returns its columns with their kinds."""
    kinds = {str(column): str(dtype) for column, dtype in frame.dtypes.items()}
    if not set(kinds.values()) <= set(_DTYPES):
        raise _NotKept
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata({}), stream, compression="zstd")
    _write(entry, f"{name}.parquet", stream.getvalue())
    return kinds


def _get(entry: zipfile.ZipFile, name: str, kinds: Mapping[str, str]) -> pd.DataFrame:
    frame = pq.read_table(io.BytesIO(entry.read(f"{name}.parquet")), use_threads=False).to_pandas(types_mapper=_FROM_ARROW.get)
    return frame[list(kinds)].astype({column: _DTYPES[kind] for column, kind in kinds.items()})


def _unpacked_register(told: Mapping[str, Any], at: str, entry: zipfile.ZipFile, file: str) -> RegisterRead:
    frames = {name: _under(_get(entry, f"{at}-{name}", kinds), file) for name, kinds in told["frames"].items()}
    problems = [Problem(file + where, what, todo, is_fatal) for where, what, todo, is_fatal in told["problems"]]
    n_rows, n_kept, n_quarantined, n_no_data = told["counts"]
    aside = _under(_get(entry, f"{at}-aside", told["aside"]), file)
    return RegisterRead(frames, problems, aside, n_rows, n_kept, n_quarantined, n_no_data, tuple(told["no_data"]))


def _unpacked_reading(told: Mapping[str, Any], at: str, entry: zipfile.ZipFile, grid: Grid, kind: Kind) -> Reading:
    rows, every = (_get(entry, f"{at}-{name}", told[name]).set_index("src_row").rename_axis(None) for name in ("rows", "every"))
    table = Table(grid, told["header_row"], [], [], [], told["titles"])
    counts = (len(every), told["n_no_data_rows"], told["is_capped"])
    return Reading(table, kind, rows, every["reason"].dropna().rename(None), *counts, every["content"].rename(None))
