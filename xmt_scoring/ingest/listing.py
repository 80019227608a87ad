"""The lines of `files` and `quarantine` while a folder is read: nothing leaves without a place and a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from xmt_scoring.errors import Problem, place
from xmt_scoring.frames import contract
from xmt_scoring.glossary import heading
from xmt_scoring.ingest.coverage import day_in_words
from xmt_scoring.ingest.grids import Grid
from xmt_scoring.ingest.normalise import Reading, content_of
from xmt_scoring.periods import Quarter

MOST_ROWS = 12  # numbers of rows that a note names


@dataclass
class Listing:
    """The lines of `files` and `quarantine` while they are being collected; `unread`: files that may hold data nobody could read."""

    files: list[dict[str, object]] = field(default_factory=list)
    quarantine: list[pd.DataFrame] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def add(self, file: str, sheet: str | None, kind: str, sha: str, n: tuple[int, int, int, int], **more: object) -> None:
        """One table: n = rows, kept, quarantined, rows that are no data."""
        counts = dict(zip(("n_rows", "n_kept", "n_quarantined", "n_no_data_rows"), n, strict=True))
        self.files.append({"file": file, "sheet": sheet, "kind": kind, "sha256": sha, **counts, **more})

    def set_aside(self, grid: Grid, rows: pd.Index, reasons: pd.Series, contents: pd.Series) -> None:
        """Rows of a sheet that are not used, with place, reason and content."""
        if len(rows):
            self.quarantine.append(
                pd.DataFrame(
                    {"src_file": grid.file, "src_sheet": grid.sheet, "src_row": rows, "reason": reasons.to_numpy(), "content": contents.to_numpy()}
                )
            )

    def move(self, rows: pd.DataFrame, readings: Mapping[tuple[str, str | None], Reading]) -> None:
        """Rows that turned out to be repeated or unusable leave the kept ones of their file and go to the quarantine."""
        if not len(rows):
            return
        for (name, tab), part in rows.groupby(["src_file", "src_sheet"], sort=False, dropna=False):
            file, sheet = str(name), str(tab) if isinstance(tab, str) else None
            for line in self.files:
                if line["file"] == file and line["sheet"] == sheet and int(str(line["n_kept"])) >= len(part):
                    line["n_kept"] = int(str(line["n_kept"])) - len(part)
                    line["n_quarantined"] = int(str(line["n_quarantined"])) + len(part)
                    break
            reading = readings.get((file, sheet))
            if "content" not in part:
                contents = content_of(reading, pd.Index(part["src_row"])) if reading else pd.Series("", index=part.index, dtype="str")
                part = part.assign(content=contents.to_numpy())
            if "differs" in part:
                differs = part["differs"].ne("")
                part = part.assign(content=part["content"].mask(differs, part["differs"] + " ‖ 这一行：" + part["content"]))
                self._tell_changed(file, sheet, part)
            self.quarantine.append(part.reindex(columns=contract("quarantine").names))

    def _tell_changed(self, file: str, sheet: str | None, rows: pd.DataFrame) -> None:
        """More than counts differs between two exports of one post: a person should know which one counts."""
        changed = rows[rows["in_words"].astype(bool)]
        if len(changed):
            first = changed.iloc[0]
            what = f"有 {len(changed)} 行与采用的另一行是同一条，内容却不同（如 {str(first['differs'])[:80]}）"
            where = place(file, sheet, int(first["src_row"]))
            self.problems.append(Problem(where, what, "已以后一个文件（同一文件里后一行）为准，全部列在“隔离的行”里；请核对", False))


def no_data_note(rows: Sequence[int], joint: str = "") -> str:
    """Which rows of a table are no data, for the list of files, with `joint` before it; empty where there are none."""
    listed = "、".join(map(str, rows[:MOST_ROWS])) + (f" 等 {len(rows)} 行" if len(rows) > MOST_ROWS else " 行")
    return f"{joint}非数据行：第 {listed}" if rows else ""


def warn(frames: Mapping[str, pd.DataFrame], period: Quarter, listing: Listing) -> None:
    """An export without a row in the quarter; posts after the export's own last day; an empty folder."""
    if not listing.files:
        listing.problems.append(Problem("本季度的文件夹", "是空的", "请把平台导出文件和登记表（至少单位、账号备案台账）原样放进来"))
    for line in listing.files:
        if line["kind"] in ("posts", "daily_counts", "followers") and line["n_kept"]:
            start, end = line["covers_from"], line["covers_to"]
            if start is not None and (start > pd.Timestamp(period.end) or end < pd.Timestamp(period.start)):  # type: ignore[operator]
                listing.problems.append(
                    Problem(str(line["file"]), f"是 {start:%Y-%m-%d} 至 {end:%Y-%m-%d} 的数据，不在{period.label}", "请换成本季度的导出文件", False)
                )
    for name, column in (("messages", "received_at"), ("clearances", "cleared_at")):
        for (file, sheet), part in frames[name].groupby(["src_file", "src_sheet"], sort=True, dropna=False):
            days = part[column].dropna()
            if len(days) and not days.between(pd.Timestamp(period.start), pd.Timestamp(period.end) + pd.Timedelta(days=1), inclusive="left").any():
                what = f"{len(days)} 行的{heading(column)}是 {days.min():%Y-%m-%d} 至 {days.max():%Y-%m-%d}，没有一行在{period.label}"
                todo = "请核对是不是放错了季度；本季度确实没有的不用管"
                listing.problems.append(Problem(place(str(file), _given(sheet)), what, todo, False))
    posts = frames["posts"]
    spans = frames["files"][["file", "sheet", "covers_to", "coverage_basis"]]
    stated = spans[spans["coverage_basis"].isin(["stated", "manifest", "file_name"])]
    late = posts.merge(stated, left_on=["src_file", "src_sheet"], right_on=["file", "sheet"], how="inner")
    late = late[late["posted_at"].dt.normalize() > late["covers_to"]]
    for file, part in late.groupby("file", sort=True):
        first = part.iloc[0]
        listing.problems.append(
            Problem(place(str(file), row=int(first["src_row"])), f"有 {len(part)} 条发布时间晚于该文件自己的截止日", "请核对导出时间或清单里的截止日", False)
        )
    tell_after_name(frames, listing)
    tell_lives(frames, period, listing)


def tell_after_name(frames: Mapping[str, pd.DataFrame], listing: Listing) -> None:
    """Rows later than the one day that stands in the name of their file, most likely the day of the export."""
    for name, column in (("posts", "posted_at"), ("daily_counts", "counted_on"), ("messages", "received_at")):
        rows = frames[name]
        named = {file: day for file in rows["src_file"].unique() if (day := day_in_words(PurePosixPath(file).stem)) is not None}
        if not named:
            continue
        rows = rows[rows["src_file"].isin(named)]
        rows = rows.assign(day=pd.to_datetime(rows["src_file"].map(named)))
        late = rows[rows[column].dt.normalize() > rows["day"]]
        for file, part in late.groupby("src_file", sort=True):
            first = part.sort_values(column).iloc[0]
            what = f"文件名里的日期是 {first['day']:%Y-%m-%d}，却有 {len(part)} 行比它晚（如 {first[column]:%Y-%m-%d}）；照样采用"
            where = place(str(file), _given(first["src_sheet"]), int(first["src_row"]), heading(column))
            listing.problems.append(Problem(where, what, "请核对时间和文件；没有错的不用管", False))


def tell_lives(frames: Mapping[str, pd.DataFrame], period: Quarter, listing: Listing) -> None:
    """Posts before an account's opening or after its closing (`rulings.md` §2: facts, told and left to the checks), and
    accounts that a date in the register keeps out of the quarter: a slip of the pen there would hide them unseen."""
    columns = ["account_id", "day", "src_file", "src_sheet", "src_row"]
    daily, posts = frames["daily_counts"], frames["posts"]
    posts = posts[posts["is_visible"].to_numpy(dtype=bool)]
    rows = [
        posts.assign(day=posts["posted_at"].dt.normalize())[columns],
        daily[(daily["n_posts"] > 0).fillna(False).astype(bool)].rename(columns={"counted_on": "day"})[columns],
    ]
    posted = pd.concat(rows, ignore_index=True).sort_values(["account_id", "day", *columns[2:]], kind="stable")
    accounts = frames["accounts"][["account_id", "account_name", "opened_on", "closed_on", "src_file", "src_sheet", "src_row"]]
    lives = posted.merge(accounts, on="account_id", how="inner", suffixes=("_post", ""), validate="many_to_one")
    early, late = lives[lives["day"] < lives["opened_on"]], lives[lives["day"] > lives["closed_on"]]
    todo = "请核对日期；确实如此的不用改，由检查规则认定"
    for part, column, side in ((early, "opened_on", "之前"), (late, "closed_on", "之后")):
        for _, rows_of in part.groupby("account_id", sort=True):
            first = rows_of.iloc[0]
            seen = place(first["src_file_post"], _given(first["src_sheet_post"]), int(first["src_row_post"]))
            what = f"“{first['account_name']}”的{heading(column)}是 {first[column]:%Y-%m-%d}"
            what += f"，{side}却有 {len(rows_of)} 行发布记录（如 {seen}，{first['day']:%Y-%m-%d}）"
            listing.problems.append(Problem(_register_cell(first, column), what, todo, False))
    end = pd.Timestamp(period.end)
    for row in accounts[(accounts["opened_on"] > end) & ~accounts["account_id"].isin(early["account_id"])].to_dict("records"):
        what = f"“{row['account_name']}”的{heading('opened_on')}是 {row['opened_on']:%Y-%m-%d}，在{period.label}之后，本季度不检查这个账号"
        listing.problems.append(Problem(_register_cell(row, "opened_on"), what, "请核对日期；没有写错的不用管", False))


def _given(text: object) -> str | None:
    return text if isinstance(text, str) else None


def _register_cell(row: Mapping[Any, Any] | pd.Series, column: str) -> str:
    return place(row["src_file"], _given(row["src_sheet"]), int(row["src_row"]), heading(column))
