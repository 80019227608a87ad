"""A small quarter made by hand as frames, judged and scored by the package: three units, four accounts, 2025Q3.

县甲局: 甲局发布 (WeChat, an update every week) and 甲局微博 (two weeks empty in a complete series).
县乙局: 乙局发布 (one week without data, a phone number in a finding). 县丙局: 丙局发布 (vetoed).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from xmt_scoring.checks import run_checks
from xmt_scoring.facts import build_facts
from xmt_scoring.facts.reconciliation import reconcile
from xmt_scoring.frames import conform, contracts, empty
from xmt_scoring.periods import Quarter
from xmt_scoring.pipeline import IMPORTED, JUDGED, SCORED
from xmt_scoring.scoring import load_scheme, score_quarter
from xmt_scoring.scoring.measures import propose_measures
from xmt_scoring.settings import Settings, template
from xmt_scoring.workspace import Workspace

PERIOD = Quarter.parse("2025Q3")
AS_OF = dt.date(2025, 10, 10)
SCHEME = "taibai_quarterly_2021"
MONDAYS = pd.date_range("2025-06-30", "2025-09-22", freq="7D")


def made(name: str, columns: dict[str, object]) -> pd.DataFrame:
    """A register or export frame with a source for each row."""
    rows = pd.DataFrame(columns)
    if contracts()[name].source != "derived":
        rows = rows.assign(src_file=f"{name}.xlsx", src_sheet="Sheet1", src_row=range(2, len(rows) + 2))
    return conform(rows, name)


def imported_frames() -> dict[str, pd.DataFrame]:
    """What an import would have made."""
    frames = {name: empty(name) for name in IMPORTED}
    frames["units"] = made("units", {"unit_id": ["U1", "U2", "U3"], "unit_name": ["县甲局", "县乙局", "县丙局"]})
    frames["accounts"] = made("accounts", {
        "account_id": ["A1", "A2", "B1", "C1"], "account_name": ["甲局发布", "甲局微博", "乙局发布", "丙局发布"],
        "platform": ["wechat_oa", "weibo", "wechat_oa", "douyin"], "owner_id": ["U1", "U1", "U2", "U3"],
        "account_kind": "publishing", "opened_on": pd.Timestamp("2023-01-05"), "account_status": "running",
    })  # fmt: skip
    posted = {
        "A1": MONDAYS, "A2": MONDAYS.delete([4, 9]), "B1": MONDAYS.delete([6]), "C1": MONDAYS,
    }  # fmt: skip
    posts = pd.concat([pd.DataFrame({"account_id": account, "posted_at": days + pd.Timedelta(hours=33)}) for account, days in posted.items()])
    platforms = dict(zip(frames["accounts"]["account_id"], frames["accounts"]["platform"], strict=True))
    frames["posts"] = made("posts", {
        "post_id": [f"p{i}" for i in range(len(posts))], "account_id": posts["account_id"].tolist(),
        "platform": posts["account_id"].map(platforms).tolist(), "posted_at": posts["posted_at"].tolist(), "has_time": True,
        "title": "<script>alert(1)</script>", "is_visible": True, "is_in_period": True, "reads": 100,
    })  # fmt: skip
    frames["coverage"] = made("coverage", {
        "account_id": ["A1", "A2", "B1", "C1", "A1"], "covers": ["posts"] * 4 + ["messages"],
        "covers_from": pd.Timestamp("2025-06-25"), "covers_to": pd.Timestamp("2025-10-05"),
        "coverage_basis": ["manifest"] * 5, "proves_absence": [True, True, False, True, True],
    })  # fmt: skip
    frames["messages"] = made("messages", {
        "message_id": ["M1", "M2", "M3"], "account_id": "A1", "netizen": "王某某",
        "received_at": pd.to_datetime(["2025-07-10 09:00", "2025-08-01 10:00", "2025-09-01 08:00"]),
        "first_reply_at": pd.to_datetime(["2025-07-11 09:00", "2025-08-06 10:00", None]),
    })  # fmt: skip
    frames["findings"] = made("findings", {
        "event_id": ["E1", "E2"], "check_item": ["art11_typo", "art08_grave_content"], "account_id": ["B1", "C1"],
        "found_on": pd.Timestamp("2025-08-20"), "found_by_level": "county",
        "description": ["标题错字，电话 13912345678", "不当内容"],
    })  # fmt: skip
    frames["files"] = made("files", {
        "file": ["甲局 导出(7-9月).xlsx"], "kind": "posts", "platform": "wechat_oa", "account_id": "A1", "n_rows": 14, "n_kept": 13,
        "n_quarantined": 1, "n_no_data_rows": 0, "sha256": "0" * 64,
    })  # fmt: skip
    frames["quarantine"] = made("quarantine", {"src_file": ["甲局 导出(7-9月).xlsx"], "src_row": [9], "reason": "日期读不懂", "content": "李四 13 月"})
    frames["gaps"] = made("gaps", {
        "account_id": ["B1"], "account_name": "乙局发布", "covers": "posts", "week_start": pd.Timestamp("2025-08-11"), "message": "没有数据证明这一周未发布",
    })  # fmt: skip
    return frames


def small_quarter(root: Path) -> Workspace:
    """A workspace at `root` that holds the quarter, scored, as `xmt score` would have left it."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "xmt.toml").write_text(template("云岭县"), encoding="utf-8")
    ws, settings, frames = Workspace(root), Settings.default(), imported_frames()
    facts = build_facts(frames, PERIOD, AS_OF, settings)
    frames["reconciliation"] = reconcile(frames, facts)
    judged = run_checks(frames, facts, PERIOD, AS_OF, settings)
    scored = score_quarter(
        judged.verdicts, facts["account_quarters"], frames["accounts"], frames["units"], load_scheme(SCHEME), settings, PERIOD
    )
    proposed = propose_measures(judged.verdicts, scored.account_scores, frames["sanctions"], None, PERIOD, AS_OF)
    ws.start_receipt(PERIOD, {"quarter": str(PERIOD), "as_of": AS_OF.isoformat(), "scheme": SCHEME})
    verdicts = {name: getattr(judged, name) for name in JUDGED}
    made = {**frames, **facts, **verdicts, "hints": empty("hints"), **{name: getattr(scored, name) for name in SCORED}, "proposed_measures": proposed}
    ws.save_frames(PERIOD, made, {})
    return ws
