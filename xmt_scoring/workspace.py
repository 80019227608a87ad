"""Where the files of a quarter or a year live; atomic saving and loading of frames and outputs; hashes (DESIGN sections 1 and 10).

A step writes all its frames aside, renames them one by one and writes the receipt last. The receipt holds the hash of
every frame, so frames left half-replaced by an interruption are noticed when they are read, never used.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from xmt_scoring.errors import XmtError, cannot_write
from xmt_scoring.frames import from_arrow, to_arrow
from xmt_scoring.periods import Period, Quarter, Year
from xmt_scoring.settings import FILE_NAME, Settings

RECEIPT = "receipt.json"
ASIDE = ".xmt-"  # how the name of everything begins that is not finished yet
OUTPUTS = "outputs.json"
VERSIONS = "versions"  # earlier results of a year, and those of a quarter that papers were written from
SMALL = 1 << 18  # bytes of a frame's file up to which the frame stays in memory for the next who asks


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Workspace:
    """A folder with data/, reports/, notebooks/ and xmt.toml."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> Workspace:
        """The workspace that `start` is or lies in, by its xmt.toml; XmtError when there is none."""
        for folder in (start.resolve(), *start.resolve().parents):
            if (folder / FILE_NAME).exists():
                return cls(folder)
        raise XmtError.of(str(start), "这里和上级文件夹里都没有 xmt.toml，不是工作区", "请用 --workspace 指定工作区，或用 xmt init 新建一个")

    @property
    def settings(self) -> Settings:
        """The settings of this workspace; SettingsError when xmt.toml is wrong or absent."""
        return Settings.load(self.root / FILE_NAME)

    def raw(self, period: Period) -> Path:
        """Where exports and registers lie, exactly as received."""
        return self.root / "data" / "raw" / str(period)

    def processed(self, period: Period) -> Path:
        """Where the frames and the receipt are kept."""
        return self.root / "data" / "processed" / str(period)

    def reports(self, period: Period) -> Path:
        """Where people find the results."""
        return self.root / "reports" / str(period)

    def prepare(self, period: Period) -> None:
        """Make sure that results can be written, before the long work, and clear what a killed run left unfinished."""
        for folder in (self.processed(period), self.reports(period)):
            make_folder(folder)
            for left in folder.rglob(f"{ASIDE}*"):
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)

    def save_frames(self, period: Period, frames: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]) -> None:
        """Save a step's frames and add their hashes and the step's `facts` to the receipt."""
        folder = self.processed(period)
        make_folder(folder)
        staging = folder / _aside_name()
        try:
            staging.mkdir()
            hashes = {}
            for name, frame in frames.items():
                pq.write_table(to_arrow(frame, name), staging / f"{name}.parquet", compression="zstd")
                hashes[name] = sha256_of(staging / f"{name}.parquet")
            receipt = self.receipt(period)
            receipt.update(facts)
            receipt["frames"] = {**receipt.get("frames", {}), **hashes}
            for name in frames:
                (staging / f"{name}.parquet").replace(folder / f"{name}.parquet")
            write_json(folder / RECEIPT, receipt)
        except OSError as error:
            raise cannot_write(str(folder), error) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def start_receipt(self, period: Period, facts: Mapping[str, Any]) -> None:
        """Begin a run: forget the hashes of an earlier run, so that none of its frames passes for one of this run."""
        make_folder(self.processed(period))
        write_json(self.processed(period) / RECEIPT, {**facts, "frames": {}})

    def receipt(self, period: Period) -> dict[str, Any]:
        """The receipt of the quarter's last run; empty when there is none."""
        path = self.processed(period) / RECEIPT
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def load_frames(self, period: Period, names: Iterable[str], step: str) -> dict[str, pd.DataFrame]:
        """The named frames of a quarter; XmtError when `step` has not made them or a run was interrupted."""
        again = f"xmt annual {period}" if isinstance(period, Year) else f"xmt run {period}（或从 xmt {step} {period} 开始）"
        return _load(self.processed(period), self.receipt(period), names, str(period), again)

    def keep_version(self, period: Period, number: int, names: Collection[str] = ()) -> Path:
        """Keep what stands in data/processed/<period> as versions/<number>, with its receipt; returns the folder.

        `names`: only these frames.
        """
        folder = self.processed(period)
        kept = folder / VERSIONS / f"{number:02d}"
        aside = folder / _aside_name()
        make_folder(aside)
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.name != OUTPUTS and (not names or path.name == RECEIPT or path.stem in names):
                shutil.copyfile(path, aside / path.name)
        make_folder(kept.parent)
        shutil.rmtree(kept, ignore_errors=True)  # the same version, left there by an interrupted run
        aside.replace(kept)
        return kept

    def load_version(self, period: Period, number: int, names: Iterable[str]) -> dict[str, pd.DataFrame]:
        """The named frames of an earlier result; XmtError when they are gone or were changed."""
        folder = self.processed(period) / VERSIONS / f"{number:02d}"
        path = folder / RECEIPT
        receipt = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return _load(folder, receipt, names, f"{period} 第 {number} 版", "请从备份恢复 data/processed 里的这个文件夹")

    def write_output(self, period: Period, path: Path, write: Callable[[Path], None]) -> Path:
        """Write a file for people: aside, then renamed. Returns the path really written.

        A file that a person changed after the program wrote it, or that is open in Excel, is left as it is and the
        new one is written beside it with a number.
        """
        make_folder(path.parent)
        make_folder(self.processed(period))
        aside = path.parent / _aside_name(path.suffix)
        register = self.processed(period) / OUTPUTS
        written = json.loads(register.read_text(encoding="utf-8")) if register.exists() else {}
        try:
            write(aside)
            made = sha256_of(aside)
            for target in _beside(path):
                name = target.relative_to(self.root).as_posix()
                ours = [made, *written.get(name, [])]
                if target.exists() and _hash_or_none(target) not in ours:
                    continue
                # the new hash is known before the file is: an interruption between the two must not
                # make our own file look like one that a person changed
                write_json(register, {**written, name: ours})
                try:
                    aside.replace(target)
                except PermissionError:  # open in Excel or WPS
                    if not target.exists():
                        raise
                    continue
                write_json(register, {**written, name: [made]})
                return target
            raise XmtError.of(str(path), "同名文件太多", "请清理这个文件夹里带编号的旧文件")
        except OSError as error:
            raise cannot_write(str(path.parent), error) from error
        finally:
            aside.unlink(missing_ok=True)


def _load(folder: Path, receipt: Mapping[str, Any], names: Iterable[str], what: str, again: str) -> dict[str, pd.DataFrame]:
    """Frames whose files are those of the receipt."""
    hashes, loaded = receipt.get("frames", {}), {}
    for name in names:
        frame = _whole(folder / f"{name}.parquet", name, hashes.get(name))
        if frame is None:
            todo = f"请重新运行 {again}" if again.startswith("xmt") else again
            raise XmtError.of(f"{what} 的中间数据 {name}", "还没有生成，或上次运行中断、文件被改动", todo)
        loaded[name] = frame
    return loaded


def _whole(path: Path, name: str, sha256: str | None) -> pd.DataFrame | None:
    """The frame of a file that has this hash, else None."""
    if sha256 is None or not path.exists():
        return None
    if path.stat().st_size > SMALL:
        return from_arrow(pq.read_table(path), name) if sha256_of(path) == sha256 else None
    content = path.read_bytes()
    # pandas copies on write: whoever changes what he got does not change what the next one gets
    return _kept(content, name).copy(deep=False) if hashlib.sha256(content).hexdigest() == sha256 else None


@lru_cache(maxsize=512)  # the frames of a county's year, which every step, report and page asks for again
def _kept(content: bytes, name: str) -> pd.DataFrame:
    return from_arrow(pq.ParquetFile(pa.BufferReader(content)).read(), name)


def _aside_name(suffix: str = "") -> str:
    return f"{ASIDE}{uuid.uuid4().hex}{suffix}"


def _hash_or_none(path: Path) -> str | None:
    """The file's hash; missing where another program lets nobody read it."""
    try:
        return sha256_of(path)
    except PermissionError:
        return None


def _beside(path: Path) -> list[Path]:
    return [path, *(path.with_name(f"{path.stem}({number}){path.suffix}") for number in range(2, 100))]


def make_folder(path: Path) -> None:
    """Make a folder; XmtError in plain words when it cannot be written."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / _aside_name()
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise cannot_write(str(path), error) from error


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON aside and rename it."""
    aside = path.with_name(_aside_name())
    try:
        aside.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


@dataclass(frozen=True)
class YearData:
    """A year's assessment as reports take it. `version` is 1 for the first result and grows when a later run differs."""

    period: Year
    as_of: dt.date
    version: int
    frames: Mapping[str, pd.DataFrame]
    settings: Settings
    scheme: Mapping[str, Any]
    receipt: Mapping[str, Any]


@dataclass(frozen=True)
class QuarterData:
    """A scored quarter as reports take it: frames by name, the settings and the scheme that made them, the receipt.

    `previous`: unit_scores, account_scores and verdicts of the quarter before; empty when it has not been scored here.
    `previous_scheme`: the scheme that made them.
    """

    period: Quarter
    as_of: dt.date
    frames: Mapping[str, pd.DataFrame]
    settings: Settings
    scheme: Mapping[str, Any]
    receipt: Mapping[str, Any]
    previous: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    previous_scheme: Mapping[str, Any] = field(default_factory=dict)
