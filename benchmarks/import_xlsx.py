"""Importing a 20,000-row xlsx export beside bare python-calamine, in turn in one process.

    python benchmarks/import_xlsx.py [RUNS]

Measured: opening, recognising, normalising, attributing and conserving one 抖音 list of 20,000 rows and 16 columns,
against `CalamineWorkbook.to_python` of the same file. Prints medians and their ratio.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from xmt_scoring.frames import empty
from xmt_scoring.ingest.assemble import Part, assemble
from xmt_scoring.ingest.attribution import Known
from xmt_scoring.ingest.claims import claim_all
from xmt_scoring.ingest.kinds import recognise
from xmt_scoring.ingest.normalise import read
from xmt_scoring.ingest.platforms import KINDS
from xmt_scoring.ingest.tables import open_file
from xmt_scoring.periods import Quarter

ROWS = 20_000
HEADINGS = [
    "作品名称", "发布时间", "体裁", "审核状态", "播放量", "完播率", "5s完播率", "封面点击率", "2s跳出率", "平均播放时长",
    "点赞量", "分享量", "评论量", "收藏量", "主页访问量", "粉丝增量",
]  # fmt: skip


def write(path: Path) -> None:
    """A list in the creator centre's form: every cell is text."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Sheet1")
    sheet.write_row(0, 0, HEADINGS)
    start = pd.Timestamp("2025-07-01")
    for row in range(ROWS):
        at = (start + pd.Timedelta(minutes=6 * row)).strftime("%Y-%m-%d %H:%M:%S")
        cells = [f"第{row}条 天气与出行提示", at, "1min-视频", "公开", str(row * 7 % 90_000), "0.074074", "0.31", "-", "0.42", "16.63"]
        cells += [str(row % 300), str(row % 40), str(row % 17), "-", str(row % 90), str(row % 5)]
        for column, cell in enumerate(cells):
            sheet.write_string(row + 1, column, cell)
    book.close()


def ours(path: Path, accounts: pd.DataFrame) -> int:
    """The importer's way with one export; returns the rows kept."""
    found = recognise(open_file(path, path.name)[0], KINDS)
    assert found.kind is not None and found.table is not None
    claim = claim_all([(read(found.table, found.kind), "")], Known(accounts, empty("manifest"), empty("account_events"), empty("account_matches")))[0]
    made = assemble("posts", [Part(claim.reading, claim.account_id)], Quarter(2025, 3), accounts)
    assert len(made.frame) + len(made.repeated) + len(claim.reasons()) == ROWS
    return len(made.frame)


def bare(path: Path) -> int:
    """Only calamine."""
    with path.open("rb") as stream:
        return len(CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python())


def main() -> None:
    """Measure in turn."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    row = {"account_id": "dy", "account_name": "演示", "platform": "douyin", "owner_id": "u", "account_status": "running"}
    accounts = pd.concat([empty("accounts"), pd.DataFrame([{**row, "opened_on": pd.Timestamp("2020-01-01")}])], ignore_index=True)
    for name in ("account_id", "account_name", "platform", "platform_account_no", "folder_alias"):
        accounts[name] = accounts[name].astype("str")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "演示.xlsx"
        write(path)
        taken: dict[str, list[float]] = {"bare": [], "ours": []}
        for _ in range(runs):
            for name, call in (("bare", lambda: bare(path)), ("ours", lambda: ours(path, accounts))):
                start = time.perf_counter()
                call()
                taken[name].append(time.perf_counter() - start)
    bare_s, ours_s = (statistics.median(taken[name]) for name in ("bare", "ours"))
    print(f"bare calamine {bare_s:.3f} s · import {ours_s:.3f} s · ratio {ours_s / bare_s:.2f} ({runs} runs in turn, medians)")


if __name__ == "__main__":
    main()
