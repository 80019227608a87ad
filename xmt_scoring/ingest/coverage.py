"""Which days an export speaks for, and on what ground (DESIGN section 3, `rulings.md` §2)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd

from xmt_scoring.frames import conform, empty
from xmt_scoring.ingest.normalise import Reading
from xmt_scoring.ingest.tables import Grid
from xmt_scoring.periods import Quarter

_DAY = r"(20\d{2})\s*[-./年_]?\s*(\d{1,2})\s*[-./月_]?\s*(\d{1,2})\s*日?"
_SPAN = re.compile(_DAY + r"\s*(?:至|到|~|—|–|-|_|__|--)+\s*" + _DAY)


@dataclass(frozen=True)
class Span:
    """From the first to the last day, and why we believe it: a code of [choices.coverage_basis]."""

    start: pd.Timestamp
    end: pd.Timestamp
    basis: str


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


def span_of(reading: Reading, listed: pd.DataFrame) -> Span | None:
    """The span of an export: its own words, the office's list, two dates in the file name, else first to last row."""
    for title in reading.table.titles:
        if stated := span_in_words(title):
            return Span(*stated, "stated")
    dated = listed.dropna(subset=["covers_from", "covers_to"])
    if len(dated):
        return Span(dated["covers_from"].min(), dated["covers_to"].max(), "manifest")
    if named := span_in_words(PurePosixPath(reading.table.grid.file).stem):
        return Span(*named, "file_name")
    days = reading.days
    return Span(days.min(), days.max(), "presumed") if len(days) else None


def coverage_rows(reading: Reading, account_id: str, span: Span) -> list[dict[str, object]]:
    """Coverage of one account by one export.

    A list proves presence; it proves absence only over a span that somebody states, and when capped only back to its
    oldest row. A daily series proves it for the days that it holds.
    """
    days, start, end, proves = reading.days, span.start, span.end, span.basis != "presumed"
    if reading.kind.file_kind == "daily_counts":
        if not len(days):
            return []
        start, end = days.min(), days.max()
        proves = bool(days.nunique() == (end - start).days + 1)
    elif reading.is_capped and len(days):
        start = max(start, days.min())
    if reading.kind.covers == "followers":
        proves = False
    return [_row(account_id, reading.kind.covers, start, end, span.basis, proves, reading.table.grid, reading.table.header_row)]


def _row(account: str, covers: str, start: object, end: object, basis: str, proves: bool, grid: Grid, row: int) -> dict[str, object]:
    return {
        "account_id": account, "covers": covers, "covers_from": start, "covers_to": end, "coverage_basis": basis,
        "proves_absence": proves, "src_file": grid.file, "src_sheet": grid.sheet, "src_row": row,
    }  # fmt: skip


def all_coverage(
    rows: list[dict[str, object]],
    frames: Mapping[str, pd.DataFrame],
    message_lists: list[tuple[str, str | None]],
    vouched_period: Quarter | None,
) -> pd.DataFrame:
    """The frame `coverage`: of exports, of records by the office's list, and where the office vouches for the quarter."""
    accounts = frames["accounts"]["account_id"]
    made = [conform(pd.DataFrame(rows), "coverage")] if rows else []
    made.append(declared_records(frames["manifest"], accounts))
    if vouched_period:
        lists = [("messages", file, sheet) for file, sheet in message_lists]
        lists += [("clearances", row.src_file, row.src_sheet) for row in frames["clearances"].head(1).itertuples()]
        given = pd.DataFrame(lists, columns=["covers", "src_file", "src_sheet"], dtype="str").merge(
            pd.DataFrame({"account_id": accounts}), how="cross"
        )
        so_far = pd.concat([part for part in made if len(part)] or [empty("coverage")], ignore_index=True)
        made.append(vouched(so_far, vouched_period, given))
    filled = [part for part in made if len(part)]
    if not filled:
        return empty("coverage")
    key = ["account_id", "src_file", "src_sheet", "src_row", "covers"]
    joined = pd.concat(filled, ignore_index=True).drop_duplicates(key)
    order = ["account_id", "covers", "covers_from", "src_file", "src_row"]
    return conform(joined.sort_values(order, kind="stable"), "coverage")


def declared_records(manifest: pd.DataFrame, accounts: Iterable[str]) -> pd.DataFrame:
    """Spans that 导出文件清单 declares for messages and clearances; a row without account speaks for every account."""
    rows = manifest[manifest["covers"].isin(["messages", "clearances"])].dropna(subset=["covers_from", "covers_to"])
    if not len(rows):
        return empty("coverage")
    everyone = rows[rows["account_id"].isna()].drop(columns="account_id").merge(
        pd.DataFrame({"account_id": pd.Series(sorted(accounts), dtype="str")}), how="cross"
    )
    made = pd.concat([rows[rows["account_id"].notna()], everyone], ignore_index=True)
    made = made.assign(coverage_basis="manifest", proves_absence=True)
    return conform(made[empty("coverage").columns], "coverage")


def vouched(coverage: pd.DataFrame, period: Quarter, records: pd.DataFrame) -> pd.DataFrame:
    """The office's word that what it received covers the quarter: for every kind of list that each account has.

    `records`: account_id, covers, src_file, src_sheet of the message and clearance registers that were given.
    """
    lists = coverage[coverage["covers"].isin(["posts", "wechat_notified", "wechat_unnotified"])]
    given = pd.concat([lists[["account_id", "covers", "src_file", "src_sheet"]], records], ignore_index=True)
    given = given.drop_duplicates(["account_id", "covers"])
    made = given.assign(
        covers_from=pd.Timestamp(period.start), covers_to=pd.Timestamp(period.end), coverage_basis="vouched",
        proves_absence=True, src_row=0,
    )  # fmt: skip
    return conform(made[empty("coverage").columns], "coverage")
