"""A sheet as it was opened, what may be opened at all, and the words when it may not."""

from __future__ import annotations

from dataclasses import dataclass

from xmt_scoring.errors import XmtError
from xmt_scoring.settings import Settings


@dataclass(frozen=True)
class Grid:
    """One sheet. `rows[i]` is Excel row i + 1; cells are str, float, int, bool, date, datetime or empty.

    `form`: what kind of file it came from, in words. `notes`: what a person should know of the file (hidden rows, …).
    """

    file: str
    sheet: str | None
    rows: list[list[object]]
    form: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What is measured before a file is opened, so that a small file cannot fill the machine.

    `file_bytes` on disk, `unpacked_bytes` of all parts of a package or archive, `cells` of one sheet (also empty ones
    between two filled ones), `members` of an archive. The defaults are those of settings.toml.
    """

    file_bytes: int = 300 * 2**20
    unpacked_bytes: int = 1500 * 2**20
    cells: int = 60_000_000
    members: int = 10_000


LIMITS = Limits()
HEADER_SEARCH = 10  # headings are looked for in the first rows of a sheet, below a title and notes


def limits_of(settings: Settings) -> Limits:
    """The limits that the office's settings give."""
    sizes = (settings["max_file_mb"] * 2**20, settings["max_unpacked_mb"] * 2**20)
    return Limits(*sizes, cells=settings["max_sheet_cells"], members=settings["max_archive_files"])


def refused(relative: str, what: str, todo: str) -> XmtError:
    """The error for one file that cannot be read: told, while the others go on."""
    error = XmtError.of(relative, what, todo)
    error.problems = [type(problem)(problem.where, problem.what, problem.todo, False) for problem in error.problems]
    return error
