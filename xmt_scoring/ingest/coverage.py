"""Which days an export speaks for, and on what ground (DESIGN section 3, `rulings.md` §2)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd

from xmt_scoring.frames import conform, empty
from xmt_scoring.ingest.grids import Grid
from xmt_scoring.ingest.normalise import Reading
from xmt_scoring.periods import Quarter

_DAY = r"(20[0-9]{2})\s*[-./年_]?\s*([0-9]{1,2})\s*[-./月_]?\s*([0-9]{1,2})\s*日?"
_ONE_DAY = re.compile(rf"(?<![0-9]){_DAY}(?![0-9])")
_SPAN = re.compile(_DAY + r"\s*(?:至|到|~|—|–|-|_|__|--)+\s*" + _DAY)


@dataclass(frozen=True)
class Span:
    """From the first to the last day, and why we believe it: a code of [choices.coverage_basis].

    `is_of_folder`: the office says it of a folder with everything that lies in it, not of one file. `has_hole`: the office
    wrote several stretches with days between them, so that nobody can say what the days between hold.
    """

    start: pd.Timestamp
    end: pd.Timestamp
    basis: str
    is_of_folder: bool = False
    has_hole: bool = False


def span_in_words(text: str) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """Two dates joined by 至, ~ or a dash, in order; None when there is no such pair."""
    for found in _SPAN.finditer(text):
        year, month, day, *rest = (int(part) for part in found.groups())
        try:
            start, end = dt.date(year, month, day), dt.date(*rest)
        except (ValueError, TypeError):
            continue
        if start <= end:
            return pd.Timestamp(start), pd.Timestamp(end)
    return None


def day_in_words(text: str) -> pd.Timestamp | None:
    """The one whole date in a text; None where there is none, or several."""
    found = []
    for year, month, day in _ONE_DAY.findall(text):
        try:
            found.append(dt.date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return pd.Timestamp(found[0]) if len(found) == 1 else None


def span_of(reading: Reading, listed: pd.DataFrame, is_of_folder: bool = False) -> Span | None:
    """The span of an export: its own words, the office's list (`listed`: its rows with both days; `is_of_folder`: they name a
    folder of it), two dates in the file name, else first to last row."""
    for title in reading.table.titles:
        if stated := span_in_words(title):
            return Span(*stated, "stated")
    if len(listed):
        start, end = listed["covers_from"].min(), listed["covers_to"].max()
        ordered = listed.sort_values("covers_from")
        hole = bool((ordered["covers_from"] - ordered["covers_to"].cummax().shift() > pd.Timedelta(days=1)).any())
        return Span(start, end, "presumed" if hole else "manifest", is_of_folder, hole)
    if named := span_in_words(PurePosixPath(reading.table.grid.file).stem):
        return Span(*named, "file_name")
    days = reading.days
    return Span(days.min(), days.max(), "presumed") if len(days) else None


def coverage_rows(reading: Reading, account_id: str, span: Span) -> list[dict[str, object]]:
    """Coverage of one account by one export.

    A list proves presence; it proves absence only over a span that somebody states, when every row of it could be read,
    and when capped only back to its oldest row. A list of a part of the posts proves it only where the office says that the
    folder holds all of them. A daily series proves it for the days that it holds.
    """
    days, kind, grid = reading.days, reading.kind, reading.table.grid
    if kind.file_kind == "daily_counts":
        return [_row(account_id, kind.covers, start, end, span.basis, True, grid, row) for start, end, row in _runs(days)]
    start, basis = span.start, "presumed" if len(reading.quarantined) else span.basis
    if reading.is_capped and len(days):
        start = max(start, days.min())
    proves = basis != "presumed" and kind.covers != "followers" and (not kind.is_part or span.is_of_folder)
    return [_row(account_id, kind.covers, start, span.end, basis, proves, grid, reading.table.header_row)]


def _runs(days: pd.Series) -> list[tuple[pd.Timestamp, pd.Timestamp, int]]:
    """First day, last day and first row of every stretch of days without a hole."""
    ordered = days.drop_duplicates().sort_values()
    run = (ordered.diff() != pd.Timedelta(days=1)).cumsum()
    return [(part.iloc[0], part.iloc[-1], int(part.index[0])) for _, part in ordered.groupby(run)]


def _row(account: str, covers: str, start: object, end: object, basis: str, proves: bool, grid: Grid, row: int) -> dict[str, object]:
    return {
        "account_id": account, "covers": covers, "covers_from": start, "covers_to": end, "coverage_basis": basis,
        "proves_absence": proves, "src_file": grid.file, "src_sheet": grid.sheet, "src_row": row,
    }  # fmt: skip


def all_coverage(
    rows: list[dict[str, object]],
    declared: pd.DataFrame,
    frames: Mapping[str, pd.DataFrame],
    message_lists: Mapping[tuple[str, str | None], str | None],
    vouched_period: Quarter | None,
    broken: Collection[tuple[str, str | None]] = (),
) -> pd.DataFrame:
    """The frame `coverage`: of exports, of records by the office's list (`declared`), and where the office vouches for the quarter.

    `broken`: file and sheet of lists that are cut off, hold only a part or have unreadable rows; nobody can vouch for those.
    """
    made = [conform(pd.DataFrame(rows), "coverage")] if rows else []
    made.append(declared)
    if vouched_period:
        given = _vouched_records(frames, message_lists, vouched_period, broken)
        so_far = pd.concat([part for part in made if len(part)] or [empty("coverage")], ignore_index=True)
        place = pd.MultiIndex.from_frame(so_far[["src_file", "src_sheet"]].astype(object).where(lambda cells: cells.notna(), None))
        made.append(vouched(so_far[~place.isin(list(broken))] if broken else so_far, vouched_period, given))
    filled = [part for part in made if len(part)]
    if not filled:
        return empty("coverage")
    key = ["account_id", "src_file", "src_sheet", "src_row", "covers"]
    joined = pd.concat(filled, ignore_index=True).drop_duplicates(key)
    order = ["account_id", "covers", "covers_from", "src_file", "src_row"]
    return conform(joined.sort_values(order, kind="stable"), "coverage")


def _vouched_records(
    frames: Mapping[str, pd.DataFrame],
    message_lists: Mapping[tuple[str, str | None], str | None],
    period: Quarter,
    broken: Collection[tuple[str, str | None]],
) -> pd.DataFrame:
    """covers, src_file, src_sheet, account_id of the lists of messages and clearances that the office's word reaches.

    The list of one account says nothing of the others, and one whose messages are all of other quarters nothing of this one.
    """
    messages, everybody = frames["messages"], frames["accounts"]["account_id"]
    end = pd.Timestamp(period.end) + pd.Timedelta(days=1)
    is_near = messages["received_at"].between(pd.Timestamp(period.start), end, inclusive="left")
    of_others = set(messages["src_file"]) - set(messages.loc[is_near, "src_file"])
    given: list[tuple[str, str, str | None, str]] = []
    for (file, sheet), owner in message_lists.items():
        if (file, sheet) not in broken and file not in of_others:
            given += [("messages", file, sheet, account) for account in ([owner] if owner else everybody)]
    for place in frames["clearances"][["src_file", "src_sheet"]].drop_duplicates().head(1).to_numpy().tolist():
        if tuple(place) not in broken:
            given += [("clearances", *place, account) for account in everybody]
    return pd.DataFrame(given, columns=["covers", "src_file", "src_sheet", "account_id"], dtype="str")


def vouched(coverage: pd.DataFrame, period: Quarter, records: pd.DataFrame) -> pd.DataFrame:
    """The office's word that what it received covers the quarter: for every kind of list that each account has.

    It stands in for a span that nobody stated. A list that says itself that it ends in July, a daily series (its days are
    what it holds) and a list without a row near the quarter (most likely another quarter's) are not stretched.
    `records`: account_id, covers, src_file, src_sheet of the message and clearance registers that were given.
    """
    is_list = coverage["covers"].isin(["posts", "wechat_notified", "wechat_unnotified"])
    is_unstated = (coverage["coverage_basis"] == "presumed") & ~coverage["proves_absence"]
    is_near = (coverage["covers_from"] <= pd.Timestamp(period.end)) & (coverage["covers_to"] >= pd.Timestamp(period.start))
    lists = coverage[is_list & is_unstated & is_near]
    given = pd.concat([lists[["account_id", "covers", "src_file", "src_sheet"]], records], ignore_index=True)
    given = given.drop_duplicates(["account_id", "covers"])
    made = given.assign(
        covers_from=pd.Timestamp(period.start), covers_to=pd.Timestamp(period.end), coverage_basis="vouched",
        proves_absence=True, src_row=0,
    )  # fmt: skip
    return conform(made[empty("coverage").columns], "coverage")
