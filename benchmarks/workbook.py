"""The score workbook of 60 units × 20 items with 5,000 evidence rows beside the same cells written bare with XlsxWriter.

    python benchmarks/workbook.py [RUNS]

Ours: from the frames of a scored quarter to the file. Bare: every call to XlsxWriter that ours made (cells, merges, widths,
heights, conditions, names), recorded once and repeated with nothing around it. In turn in one process; medians.
"""

from __future__ import annotations

import datetime as dt
import functools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.frames import conform, contracts, empty
from xmt_scoring.periods import Quarter
from xmt_scoring.reports.workbook import write_workbook
from xmt_scoring.scoring import load_scheme, score_quarter
from xmt_scoring.settings import Settings
from xmt_scoring.workspace import QuarterData

UNITS, ACCOUNTS, EVIDENCE = 60, 120, 5_000
PERIOD = Quarter(2025, 3)
METHODS = (
    "write_string", "write_number", "write_blank", "write_datetime", "write_formula", "write_url", "merge_range", "set_row", "set_column",
    "conditional_format", "data_validation", "autofilter", "freeze_panes", "repeat_rows", "protect",
)  # fmt: skip


def quarter() -> QuarterData:
    """120 accounts of 60 units; every third event fails, so that items, floors and units have something to add up."""
    settings, scheme, rules = Settings.default(), load_scheme("taibai_quarterly_2021"), load_rules()
    names = {"unit_id": [f"U{n:02}" for n in range(UNITS)], "unit_name": [f"演示县第{n}局" for n in range(UNITS)]}
    units = pd.DataFrame({**names, "src_file": "单位.xlsx", "src_row": range(UNITS)})
    ids = [f"A{n:03}" for n in range(ACCOUNTS)]
    owners = [f"U{n % UNITS:02}" for n in range(ACCOUNTS)]
    accounts = pd.DataFrame(
        {"account_id": ids, "account_name": [f"演示账号{n}" for n in range(ACCOUNTS)], "platform": "wechat_oa", "owner_id": owners,
         "opened_on": pd.Timestamp(2023, 1, 5), "account_status": "running", "src_file": "账号备案台账.xlsx", "src_row": range(ACCOUNTS)})  # fmt: skip
    weekly, typo, clearance = "art11_weekly_update", "art11_typo", "art12_uncleared_post"
    rows = []
    for check in scheme.checks:
        item = next((item for item in scheme.items if check in item.losses), None)
        for account, unit in zip(ids, owners, strict=True):
            subject = {"unit_id": unit, "account_id": None if item is not None and item.subject == "unit" else account}
            events = {weekly: 7, typo: 8, clearance: 5}.get(check, 0)
            severity = {typo: "general", clearance: "sampled"}.get(check)
            rows.append({"check_id": check, "article": rules[check].article, **subject, "outcome": "pass", "message": "合格"})
            rows += [
                {"check_id": check, "article": rules[check].article, **subject, "event_id": f"{account}|{n}|{check}", "severity": severity, "outcome": "fail",
                 "message": f"2025-07-{n + 1:02} 起的第 {n} 处问题,应当改正"} for n in range(events)]  # fmt: skip
    verdicts = pd.DataFrame(rows).drop_duplicates(["check_id", "unit_id", "account_id", "event_id"])
    fails = verdicts[verdicts["outcome"] == "fail"]
    evidence = pd.concat([fails[["check_id", "unit_id", "account_id", "event_id"]]] * 3).head(EVIDENCE).assign(
        kind="post", when=pd.Timestamp(2025, 7, 1, 9), value="演示标题", url="https://example.cn/s/1?a=1", src_file="微信/导出.xlsx", src_sheet="数据",
        src_row=range(EVIDENCE))  # fmt: skip
    weeks = pd.date_range("2025-06-30", periods=13, freq="7D")
    counts = [{"account_id": account, "week_start": week, "is_due": True, "n_posts": at % 4} for account in ids for at, week in enumerate(weeks)]
    account_weeks = pd.DataFrame(counts)
    quarters = accounts[["account_id", "platform"]].assign(
        unit_id=owners, is_live=True, live_days=92, is_scored=True, is_weekly_due=True, n_weeks_due=13, n_weeks_missed=3, n_weeks_no_data=0, n_posts=20,
        is_gap_covered=True)  # fmt: skip
    frames = {name: empty(name) for name in contracts()}
    made = {"units": units, "accounts": accounts, "account_quarters": quarters, "verdicts": verdicts, "evidence": evidence, "account_weeks": account_weeks}
    frames |= {name: conform(frame, name) for name, frame in made.items()}
    scored = score_quarter(frames["verdicts"], frames["account_quarters"], frames["accounts"], frames["units"], scheme, settings, PERIOD)
    frames |= {name: getattr(scored, name) for name in ("contributions", "superseded_losses", "account_scores", "unit_scores")}
    return QuarterData(PERIOD, dt.date(2025, 10, 10), frames, settings, scheme.raw, {"raw": {}})


def recorded(path: Path, data: QuarterData) -> list[tuple[Any, ...]]:
    """Every call that our writer makes, in order: (sheet name, method, arguments), sheets and formats as they are made."""
    calls: list[tuple[Any, ...]] = []
    kept: dict[tuple[type, str], Any] = {}
    depth = [0]

    def watched(owner: type, name: str) -> Callable[..., Any]:
        own = kept[owner, name]

        @functools.wraps(own)
        def call(self: Any, *args: Any, **named: Any) -> Any:
            depth[0] += 1
            try:
                result = own(self, *args, **named)
            finally:
                depth[0] -= 1
            if depth[0] == 0:
                calls.append((self.get_name() if owner is Worksheet else result, name, args, named))
            return result

        return call

    for owner, names in ((Worksheet, METHODS), (Workbook, ("add_worksheet", "add_format", "define_name"))):
        for name in names:
            kept[owner, name] = getattr(owner, name)
            setattr(owner, name, watched(owner, name))
    try:
        write_workbook(path, data)
    finally:
        for (owner, name), own in kept.items():
            setattr(owner, name, own)
    return calls


def bare(path: Path, calls: list[tuple[Any, ...]]) -> None:
    """The recorded calls, and nothing else."""
    with xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheets, formats = {}, {}
        for made, name, args, named in calls:
            if name == "add_worksheet":
                sheets[made.get_name()] = book.add_worksheet(*args)
            elif name == "add_format":
                if "xf_index" in args[0] or "hyperlink" in args[0]:
                    continue  # those that XlsxWriter makes for itself
                formats[id(made)] = book.add_format(*args)
            elif name == "define_name":
                book.define_name(*args)
            else:
                swapped = [formats.get(id(value), value) for value in args]
                if name == "conditional_format" and "format" in swapped[-1]:
                    swapped[-1] = {**swapped[-1], "format": formats[id(swapped[-1]["format"])]}
                getattr(sheets[made], name)(*swapped, **named)


def main() -> None:
    """Measure in turn."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    data = quarter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "评分表.xlsx"
        calls = recorded(path, data)
        taken: dict[str, list[float]] = {"bare": [], "ours": []}
        used: dict[str, list[float]] = {"bare": [], "ours": []}
        for _ in range(runs):
            for name, call in (("bare", lambda: bare(Path(folder) / "光写.xlsx", calls)), ("ours", lambda: write_workbook(path, data))):
                start, cpu = time.perf_counter(), time.process_time()
                call()
                taken[name].append(time.perf_counter() - start)
                used[name].append(time.process_time() - cpu)
        size = path.stat().st_size
    cells = sum(name.startswith("write_") or name == "merge_range" for _, name, _, _ in calls)
    wall, cpu_time = ({name: statistics.median(times[name]) for name in times} for times in (taken, used))
    print(f"{len(data.frames['contributions'])} loss rows, {len(data.frames['evidence'])} evidence rows, {cells} cells, {size / 1e6:.1f} MB")
    print(f"wall: bare {wall['bare']:.2f} s · ours {wall['ours']:.2f} s · ratio {wall['ours'] / wall['bare']:.2f} ({runs} runs in turn, medians)")
    print(f"cpu:  bare {cpu_time['bare']:.2f} s · ours {cpu_time['ours']:.2f} s · ratio {cpu_time['ours'] / cpu_time['bare']:.2f}")


if __name__ == "__main__":
    main()
