"""The invented county's four quarters, written as data/raw/2025Q1 … 2025Q4 (DESIGN section 9)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from xmt_scoring.demo.books import write_book
from xmt_scoring.demo.douyin import write_douyin
from xmt_scoring.demo.national import national_rows
from xmt_scoring.demo.offices import office_rows
from xmt_scoring.demo.place import Delivery
from xmt_scoring.demo.plan import Plan, known_by, load_plan
from xmt_scoring.demo.records import record_rows
from xmt_scoring.demo.timeline import Post, posts_between, year_of_posts
from xmt_scoring.demo.wechat import write_wechat
from xmt_scoring.demo.weibo import write_weibo
from xmt_scoring.demo.year import write_year
from xmt_scoring.ingest.register_specs import Sheet, sheets
from xmt_scoring.periods import Quarter

WRITERS = {"wechat_oa": write_wechat, "weibo": write_weibo, "douyin": write_douyin}
Listed = tuple[str, str | None, str | None, dt.date | None, dt.date | None]


def write_county(root: Path, seed: int = 2025) -> None:
    """Write the exports and registers of the invented county 云岭县 for 2025, and of the year, below `root`/data/raw.

    The seed changes days, titles and counts, never anything that decides a score (that is county.toml). Two writes
    with one seed are equal to the byte.
    """
    plan = load_plan()
    years = {account.account_id: year_of_posts(plan, account, seed) for account in plan.accounts}
    for quarter in plan.quarters:
        folder = root / "data" / "raw" / str(quarter)
        folder.mkdir(parents=True, exist_ok=True)
        listed = _write_exports(folder, plan, quarter, years)
        _write_registers(folder, plan, quarter, years, listed, seed)
    write_year(root)


def _write_exports(folder: Path, plan: Plan, quarter: Quarter, years: dict[str, list[Post]]) -> list[Listed]:
    listed: list[Listed] = []
    for account in plan.accounts:
        start, end = plan.span(quarter)
        if account.export == "none" or not account.is_live(start, end):
            continue
        posts = posts_between(years[account.account_id], start, end)
        delivery = Delivery(plan, account, quarter, folder, posts)
        WRITERS[account.platform](delivery)
        listed += delivery.listed
    return listed


def _write_registers(
    folder: Path, plan: Plan, quarter: Quarter, years: dict[str, list[Post]], listed: list[Listed], seed: int
) -> None:
    """Every register of the templates, each quarter complete in itself, as it stood when it was handed in."""
    rows = office_rows(plan, quarter) | record_rows(plan, quarter, years, seed)
    records = [
        ("留言.xlsx", None, "留言", quarter.start, known_by(quarter)),
        ("审核记录.xlsx", None, "审核", quarter.start, quarter.end),
    ]
    rows["全国系统清单"] = national_rows(plan, quarter.end)
    columns = ("file", "account_id", "covers", "covers_from", "covers_to")
    rows["导出文件清单"] = [dict(zip(columns, line, strict=True)) for line in [*listed, *records]]
    books: dict[str, dict[str, list[list[object]]]] = {}
    for sheet in sheets():
        if sheet.name in rows:  # the year's own registers lie in its own folder
            books.setdefault(sheet.file, {})[sheet.name] = _cells(sheet, rows[sheet.name])
    for file, made in books.items():
        write_book(folder / file, made)


def _cells(sheet: Sheet, rows: list[dict[str, object]]) -> list[list[object]]:
    """The sheet with its headings; one register has a title line above them, as offices like it."""
    titles: list[list[object]] = [["云岭县政务新媒体人员登记表"]] if sheet.name == "人员" else []
    names = [column.name for column in sheet.columns]
    unknown = {name for row in rows for name in row} - set(names)
    if unknown:
        raise KeyError(f"{sheet.name}: {sorted(unknown)}")
    return [*titles, list(sheet.headings), *([row.get(name) for name in names] for row in rows)]
