"""A recognised table → rows of our frames, still without an account. Rows in = kept + quarantined + non-data rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from xmt_scoring.frames import contract
from xmt_scoring.glossary import heading
from xmt_scoring.ingest.kinds import Kind
from xmt_scoring.ingest.tables import Table
from xmt_scoring.ingest.values import is_damaged_id, joined, plain, to_bool, to_bounded, to_count, to_moment, to_text

_BATCH = 200_000  # rows that are read together
_EXAMPLE = "「示例」"  # the grey row of the form that xmt init writes
_TOTAL = re.compile(r"^(合计|累计|总计|小计|填表人|制表人|统计人|审核人|注[::]|备注[::]|说明[::]).*")
VISIBLE = ("公开", "审核通过", "已发布", "已发表", "正常", "发布成功")
HIDDEN = ("自见", "仅自己可见", "私密", "审核中", "未通过", "审核不通过", "不通过", "草稿", "定时发布", "待发布", "已删除", "仅粉丝可见", "好友可见")
_COUNTS = [column.name for column in contract("posts").columns if column.kind == "int" and column.name != "src_row"]
_TEXTS = (
    "title", "text", "url", "native_id", "work_kind", "post_status", "bid", "account_no", "account_no_too", "account_word", "account_any",
    "platform_word", "verified_as",
)  # fmt: skip
VIEWS = "阅读数或播放数"
_PROFILE_COUNTS = ("total_followers", "total_posts")


@dataclass(frozen=True)
class Reading:
    """What was read of one table. `rows`: our columns, index = Excel row; `quarantined`: reason by Excel row."""

    table: Table
    kind: Kind
    rows: pd.DataFrame
    quarantined: pd.Series
    n_rows: int
    n_no_data_rows: int
    is_capped: bool = False
    contents: pd.Series | None = None  # what stands in each row of the table, where that was asked for

    @property
    def is_whole(self) -> bool:
        """Whether every post of the list was read, so that what is not in it was not published (as far as it reaches)."""
        return not self.is_capped and not len(self.quarantined)

    @property
    def no_data_rows(self) -> list[int]:
        """The Excel rows that are no data: totals, notes, days without a number, rows of which another row tells the same."""
        every = self.table.numbers if self.contents is None else self.contents.index.tolist()
        used = {*self.rows.index.tolist(), *self.quarantined.index.tolist()} if self.n_no_data_rows else set()
        return [int(row) for row in every if row not in used] if self.n_no_data_rows else []

    @cached_property
    def days(self) -> pd.Series:
        """The day of each kept row."""
        name = "posted_at" if self.kind.file_kind == "posts" else "counted_on"
        return self.rows[name].dt.normalize() if name in self.rows else pd.Series(dtype="datetime64[us]")


def read(table: Table, kind: Kind) -> Reading:
    """Read the rows of an export by its kind's headings."""
    return read_all([(table, kind)])[0]


def read_all(tables: Sequence[tuple[Table, Kind]], with_contents: bool = False) -> list[Reading]:
    """Read many exports, in their order (`with_contents`: so that the tables are not needed afterwards).

    Tables of one kind with the same headings are read together, because every step over a column costs a fixed time,
    which for small files is nearly all of it.
    """
    batches: dict[tuple[object, ...], list[int]] = {}
    n_rows: dict[tuple[object, ...], int] = {}
    for at, (table, kind) in enumerate(tables):
        alike = (id(kind), tuple(table.headings))
        n_rows[alike] = n_rows.get(alike, 0) + len(table.lines)
        batches.setdefault((*alike, n_rows[alike] // _BATCH), []).append(at)
    made: dict[int, Reading] = {}
    for members in batches.values():
        made |= zip(members, _read_alike([tables[at][0] for at in members], tables[members[0]][1], with_contents), strict=True)
    return [made[at] for at in range(len(tables))]


def _read_alike(tables: list[Table], kind: Kind, with_contents: bool) -> list[Reading]:
    """Read tables that have the same headings."""
    if kind.refused or kind.file_kind == "other":
        return [_refused(table, kind, with_contents) for table in tables]
    lines = [line for table in tables for line in table.lines]
    numbers = np.array([number for table in tables for number in table.numbers], dtype="int64")
    body = pd.DataFrame(lines, columns=range(len(tables[0].headings)), dtype=object)
    rows, reasons, no_data = _rows(body, tables[0].headings, kind)
    contents = joined(body).set_axis(numbers) if with_contents else None
    is_bad, is_empty = reasons.notna().to_numpy(), no_data.to_numpy()
    kept, bad = np.flatnonzero(~is_bad & ~is_empty), np.flatnonzero(is_bad & ~is_empty)
    rows = rows.iloc[kept] if len(kept) < len(rows) else rows
    rows, reasons = rows.set_axis(numbers[kept], axis=0), reasons.iloc[bad].set_axis(numbers[bad])
    ends = np.cumsum([len(table.lines) for table in tables])
    starts = ends - [len(table.lines) for table in tables]
    made = []
    for table, start, end in zip(tables, starts, ends, strict=True):
        own, aside = (slice(*np.searchsorted(places, [start, end])) for places in (kept, bad))
        n_empty = int(is_empty[start:end].sum())
        n_data = len(table.lines) - n_empty
        # a whole multiple: several cut-off lists put together
        is_capped = kind.cap is not None and n_data > 0 and n_data % kind.cap == 0
        said = None if contents is None else contents.iloc[start:end]
        made.append(Reading(table, kind, rows.iloc[own], reasons.iloc[aside], len(table.lines), n_empty, is_capped, said))
    return made


def _refused(table: Table, kind: Kind, with_contents: bool) -> Reading:
    is_total = _is_no_data(table.body)
    reasons = pd.Series(kind.refused, index=table.body.index[~is_total], dtype="str")
    none = pd.DataFrame(index=table.body.index[:0])
    return Reading(table, kind, none, reasons, len(table.body), int(is_total.sum()), contents=joined(table.body) if with_contents else None)


def _rows(body: pd.DataFrame, headings: list[str], kind: Kind) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Every row as our columns, why it cannot be used (missing where it can), and whether it is no data."""
    found = {name: column_cells(body, headings, wanted) for name, wanted in kind.columns.items()}
    cells = {name: column for name, column in found.items() if column is not None}
    if kind.file_kind == "profiles":
        return _profile_rows(body, kind, cells)
    time_name = "posted_at" if kind.file_kind == "posts" else "counted_on"
    moments, timed, unreadable = to_moment(cells[time_name], kind.date_format)
    no_data = moments.isna()
    no_data[no_data] = _is_no_data(body[no_data])
    if body.shape[1]:
        no_data |= to_text(body[0]).str.startswith(_EXAMPLE).fillna(False).astype(bool)
    if kind.only and (chosen := column_cells(body, headings, kind.only[0])) is not None:
        no_data |= plain(chosen).ne(kind.only[1]).to_numpy()
    reasons = pd.Series(None, index=body.index, dtype="str")
    reasons[moments.isna()] = "没有时间"
    reasons[unreadable] = "时间读不出来（如“昨天”、错位或不存在的日期）"
    rows = pd.DataFrame({time_name: moments if kind.file_kind == "posts" else moments.dt.normalize()}, index=body.index)
    if kind.file_kind == "posts":
        rows["has_time"] = timed
        _fill_posts(rows, cells, reasons)
    else:
        for name in [name for name in cells if name != time_name]:
            is_net = name == "net_followers"
            rows[name], bad = to_count(_signed(cells[name]) if is_net else cells[name])
            if is_net:  # below zero it is a number, elsewhere missing
                rows[name] = rows[name].where(~plain(cells[name]).str.startswith("-").fillna(False).astype(bool), -rows[name])
            reasons[bad & reasons.isna()] = f"“{kind.columns[name].split('|')[0]}”不是数"
    if kind.file_kind == "daily_counts":  # "-" is a day without data, not a day with none
        no_data |= rows["n_posts"].isna() & reasons.isna()
        if kind.is_part:  # none of this part says nothing of the others
            no_data |= rows["n_posts"].eq(0).fillna(False).astype(bool)
    return rows, reasons, no_data


def _profile_rows(body: pd.DataFrame, kind: Kind, cells: dict[str, pd.Series]) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """One account a row; a row whose cells have slipped by a column says wrong things of an account, so it is not used."""
    rows = pd.DataFrame(index=body.index)
    for name in ("platform_account_no", "profile_name", "verified_as", "url"):
        rows[name] = to_text(cells[name]) if name in cells else pd.Series(None, index=body.index, dtype="str")
    rows["platform_account_no"] = rows["platform_account_no"].mask(is_damaged_id(rows["platform_account_no"]))
    reasons = pd.Series(None, index=body.index, dtype="str")
    reasons[rows["platform_account_no"].isna() & rows["profile_name"].isna()] = "没有账号的名称，也没有编号"
    for name in (*_PROFILE_COUNTS, "is_verified"):
        if name in cells:
            rows[name], bad = to_bool(cells[name]) if name == "is_verified" else to_count(cells[name])
            reasons[bad & reasons.isna()] = f"“{kind.columns[name].split('|')[0]}”读不出来（也许整行错了一列）"
    return rows, reasons, _is_no_data(body)


def _is_no_data(rows: pd.DataFrame) -> pd.Series:
    """Total lines and notes: rows that begin with a word of `_TOTAL`, and rows without a date with a single filled cell."""
    if not len(rows):
        return pd.Series(dtype=bool)
    filled = ~(rows.isna() | (rows == ""))
    position = filled.to_numpy().argmax(axis=1)
    first = pd.Series(rows.to_numpy()[np.arange(len(rows)), position], index=rows.index, dtype=object)
    return plain(first).str.match(_TOTAL).fillna(False).astype(bool) | (filled.sum(axis=1) == 1)


def column_cells(body: pd.DataFrame, headings: list[str], wanted: str) -> pd.Series | None:
    """The column under a heading; where several variants stand in the table the first that has a value in each row."""
    found = [headings.index(name) for name in wanted.split("|") if name in headings]
    if not found:
        return None
    cells = body[found[0]]
    for position in found[1:]:
        cells = cells.where(~(cells.isna() | (cells == "")), body[position])
    return cells


def _signed(cells: pd.Series) -> pd.Series:
    return plain(cells).str.lstrip("+-").where(plain(cells).ne("-"))


def _counted(rows: pd.DataFrame, cells: pd.Series, name: str) -> pd.Series:
    """A count of posts, `name` as people call it. What is only a lower bound, and what cannot be read, stands in words in `lower_bounds` and `unread`."""
    values, unreadable, bounds = to_bounded(cells)
    if bounds is not None:
        _add_words(rows, "lower_bounds", bounds.notna(), f"{name} ≥ " + bounds.astype("str"))
    if unreadable.any():
        _add_words(rows, "unread", unreadable, f"{name}“" + to_text(cells).str.slice(0, 20) + "”")
    return values


def _add_words(rows: pd.DataFrame, column: str, where: pd.Series, words: pd.Series) -> None:
    before = rows[column] if column in rows else pd.Series(None, index=rows.index, dtype="str")
    rows[column] = before.where(~where, (before + "；").fillna("") + words).astype("str")


def _fill_posts(rows: pd.DataFrame, cells: dict[str, pd.Series], reasons: pd.Series) -> None:
    for name in _TEXTS:
        if name in cells:
            texts = to_text(cells[name])
            rows[name] = texts.mask(texts.eq("无").fillna(False))
    for name in _COUNTS:
        if name in cells:
            rows[name] = _counted(rows, cells[name], heading(name))
    if "views" in cells:  # one heading for both: watched where it is a video, read otherwise
        views = _counted(rows, cells["views"], VIEWS)
        kinds = rows["work_kind"] if "work_kind" in rows else pd.Series(None, index=rows.index, dtype="str")
        is_video = kinds.str.contains("视频").fillna(False).astype(bool)
        rows["plays"], rows["reads"] = views.where(is_video), views.where(~is_video)
    for name in _PROFILE_COUNTS:
        if name in cells:
            rows[name], _ = to_count(cells[name])
    for name in ("is_original", "is_repost", "is_verified"):
        if name in cells:
            rows[name], _ = to_bool(cells[name])
    if "is_repost" not in rows and "is_original" in rows:
        rows["is_repost"] = ~rows["is_original"]
    elif "is_repost" in rows and "is_original" not in rows:
        rows["is_original"] = ~rows["is_repost"]
    if "native_id" in rows:
        damaged = is_damaged_id(rows["native_id"])
        rows.loc[damaged, "native_id"] = None
        rows["is_id_damaged"] = damaged.astype("boolean")
    if "title" not in rows and "text" in rows:
        rows["title"] = rows["text"].str.slice(0, 60)
    rows["is_visible"] = True
    if "post_status" in rows:
        status = plain(rows["post_status"])
        rows["is_visible"] = (status.isin(VISIBLE) | status.isna()).to_numpy()
        unknown = ~status.isin([*VISIBLE, *HIDDEN]) & status.notna() & reasons.isna()
        reasons[unknown] = "发布状态不认识：" + status[unknown]


def content_of(reading: Reading, rows: pd.Index) -> pd.Series:
    """What stands in some rows, joined, for the quarantine sheet; long texts are cut."""
    if not len(rows):
        return pd.Series(dtype="str", index=rows)
    return joined(reading.table.body.loc[rows]) if reading.contents is None else reading.contents.loc[rows]
