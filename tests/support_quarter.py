"""A small quarter made by hand for the tests of reports: three units, seven accounts, every kind of row once.

U1 is clean but for a cap, a repetition and unsampled posts; U2 has a veto; U3 has open items, an open veto to be
confirmed and an account that was live too short to be scored. Scores come from the library, texts are nasty on purpose.
"""

import datetime as dt
from pathlib import Path

import pandas as pd
from scoring_tables import clean

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.frames import conform, contracts, empty
from xmt_scoring.periods import Quarter
from xmt_scoring.scoring import load_scheme, score_quarter
from xmt_scoring.scoring.options import in_force
from xmt_scoring.settings import Settings
from xmt_scoring.workspace import QuarterData

PERIOD = Quarter(2025, 3)
NASTY = ["=HYPERLINK(\"http://x\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1"]
UNITS = {"U1": "县林业局", "U2": "县融媒体中心（县广播电视台）", "U3": "黄柏塬镇人民政府"}
ACCOUNTS = {  # account → unit, is_scored, name, platform
    "W1": ("U1", True, "太白林业", "wechat_oa"),
    "W2": ("U1", True, "太白林业服务", "wechat_oa"),
    "B1": ("U2", True, "太白发布", "weibo"),
    "D1": ("U2", True, "太白融媒", "douyin"),
    "W3": ("U3", True, "黄柏塬发布", "wechat_oa"),
    "D3": ("U3", False, "黄柏塬文旅", "douyin"),
    "W4": ("U3", True, "=太白山*1", "wechat_oa"),
}


def row(check, account=None, event=None, outcome="fail", severity=None, message=None, unit=None, observed=None):
    """One verdict."""
    article = load_rules()[check].article if check in load_rules() else "11"
    return {
        "check_id": check, "article": article, "unit_id": unit or ACCOUNTS[account][0], "account_id": account, "event_id": event,
        "severity": severity, "outcome": outcome, "observed": observed, "message": message or f"{check} {outcome}",
    }  # fmt: skip


def verdict_rows():
    """What the checks said; everything else passes."""
    typos = [row("art11_typo", "W2", f"T{n:02}", severity="general", message=f"文字差错：第 {n} 处“的”“地”不分") for n in range(1, 14)]
    return [
        *typos,
        row("art11_unsourced_repost", "W2", "T01", message="转载未注明来源"),  # the same event as a typo
        row("art14_missing_info_officer", unit="U1", event="U1|info_officer", message="没有信息员，应有 1 名"),
        row("art11_weekly_update", "W1", "W1|2025-07-07", message="2025-07-07 起的一周没有更新"),
        row("art12_uncleared_post", "W1", "W1|p1", severity="sampled", message="《造林公告》发布前没有审核记录"),
        row("art12_uncleared_post", "W1", "W1|p2", severity="not_sampled", message="《防火通知》发布前没有审核记录"),
        row("art08_grave_content", "B1", "G1", message="严重内容问题（单项否决）：转发造谣信息（宝政办函〔2025〕12号）"),
        row("art11_weekly_update", "B1", "B1|2025-08-04", message="2025-08-04 起的一周没有更新"),
        *(row("art11_weekly_update", "W3", f"W3|{day}", "no_data", message=f"{day} 起的一周缺少数据") for day in ("2025-07-14", "2025-07-21")),
        row("art11_message_reply", "W3", "M7", severity="late", message="留言 M7 于第 5 天答复，应在 2 天内"),
        row("art11_typo", "W3", None, "unverified", message="尚无人核查"),
        row("art11_improper_remark", "W3", None, "unverified", message="尚无人核查"),
        row("art08_grave_content", "W4", "G2", "unverified", "grave_misstatement", "待核查", observed="疑似错标地图"),
        *(row("art13_account_security", unit=unit, outcome="unverified", message="尚无人核查") for unit in UNITS),
        *(row("art11_typo", "W4", f"N{n}", severity="general", message=text) for n, text in enumerate(NASTY)),
        row("art11_weekly_update", "D3", "D3|2025-09-01", message="2025-09-01 起的一周没有更新"),
    ]


def evidence_rows():
    """Where some of it stands."""
    posts = [("W1", "art12_uncleared_post", f"W1|p{n}", f"https://mp.weixin.qq.com/s/{n}?a=1&b=%E5%A4%AA", n) for n in (1, 2)]
    typos = [("W2", "art11_typo", "T01", f"http://example.cn/{n}", n) for n in range(5)]
    nasty = [("W4", "art11_typo", "N0", "javascript:alert(1)", 9)]
    made = [
        {
            "check_id": check, "unit_id": ACCOUNTS[account][0], "account_id": account, "event_id": event, "kind": "post", "url": url,
            "src_file": "微信/导出 (1).xlsx", "src_sheet": "数据", "src_row": line,
        }
        for account, check, event, url, line in [*posts, *typos, *nasty]
    ]  # fmt: skip
    officer = {"check_id": "art14_missing_info_officer", "unit_id": "U1", "event_id": "U1|info_officer", "kind": "staff"}
    return [*made, {**officer, "src_file": "人员.xlsx", "src_sheet": "人员", "src_row": 4}]


def rules_run(verdicts):
    """One line per rule, from the verdicts."""
    lines = []
    for rule in load_rules().values():
        counts = verdicts.loc[verdicts["check_id"] == rule.id, "outcome"].value_counts()
        made = {f"n_{each}": int(counts.get(each, 0)) for each in ("pass", "fail", "not_applicable", "no_data", "unverified")}
        state = "open" if made["n_no_data"] + made["n_unverified"] else "judged"
        lines.append(
            {
                "check_id": rule.id, "article": rule.article, "label": rule.label, "basis": rule.basis, "rule_mode": rule.kind,
                "rule_state": state, **made, "reason": None,
            }
        )  # fmt: skip
    return pd.DataFrame(lines)


def small_quarter(rows=None, units=None, accounts=None, settings=None, raw=None) -> QuarterData:
    """The quarter; each part may be given instead."""
    units, accounts = units or UNITS, accounts or ACCOUNTS
    settings, scheme = settings or Settings.default(), load_scheme("taibai_quarterly_2021")
    told = clean(verdict_rows() if rows is None else rows, {each: (found[0],) for each, found in accounts.items()})
    verdicts = conform(pd.DataFrame(told).drop_duplicates(["check_id", "unit_id", "account_id", "event_id"]), "verdicts")
    register = pd.DataFrame(
        [
            {
                "account_id": each, "account_name": name, "platform": platform, "owner_id": unit, "opened_on": pd.Timestamp(2023, 1, 5),
                "account_status": "running", "is_main": each in ("W2", "B1"), "src_file": "账号备案台账.xlsx", "src_row": line,
            }
            for line, (each, (unit, _, name, platform)) in enumerate(accounts.items(), start=2)
        ]
    )  # fmt: skip
    houses = pd.DataFrame({"unit_id": list(units), "unit_name": list(units.values()), "src_file": "单位.xlsx", "src_row": range(2, len(units) + 2)})
    houses["is_supervisor"] = [each == "U2" for each in units]
    quarters = register[["account_id", "platform"]].assign(
        unit_id=register["owner_id"], is_live=True, live_days=[92 if found[1] else 12 for found in accounts.values()],
        is_scored=[found[1] for found in accounts.values()], is_weekly_due=True, n_weeks_due=13, n_weeks_missed=0, n_weeks_no_data=0,
        n_posts=20, is_gap_covered=True,
    )  # fmt: skip
    frames = {name: empty(name) for name in contracts()}
    frames |= {
        "units": conform(houses, "units"),
        "accounts": conform(register, "accounts"),
        "account_quarters": conform(quarters, "account_quarters"),
        "verdicts": verdicts,
        "rules_run": conform(rules_run(verdicts), "rules_run"),
        "evidence": conform(pd.DataFrame(evidence_rows()), "evidence"),
        "files": conform(files(), "files"),
        "quarantine": conform(quarantine(), "quarantine"),
        "gaps": conform(gaps(), "gaps"),
    }
    scored = score_quarter(verdicts, frames["account_quarters"], frames["accounts"], frames["units"], scheme, settings, PERIOD)
    names = ("contributions", "superseded_losses", "account_scores", "unit_scores")
    frames |= {name: getattr(scored, name) for name in names}
    receipt = {
        "package": "xmt-scoring 0.1.0", "rules_sha256": "a" * 64, "settings_sha256": "b" * 64, "quarter": str(PERIOD),
        "as_of": "2025-10-10", "raw": raw or dict(zip(frames["files"]["file"], frames["files"]["sha256"], strict=True)),
    }  # fmt: skip
    return QuarterData(PERIOD, dt.date(2025, 10, 10), frames, settings, in_force(scheme, settings).raw, receipt)


def files():
    """Three tables that were read: one of an account, one of messages, one that waits for its account."""
    common = {"n_quarantined": 0, "n_no_data_rows": 1}
    return pd.DataFrame(
        [
            {
                "file": "微信/导出 (1).xlsx", "sheet": "数据", "kind": "posts", "platform": "wechat_oa", "account_id": "W1", "n_rows": 30, "n_kept": 28,
                "covers_from": pd.Timestamp(2025, 7, 1), "covers_to": pd.Timestamp(2025, 9, 30), "coverage_basis": "stated", "sha256": "1" * 64,
                **common, "n_quarantined": 1,
            },
            {"file": "留言/留言.xlsx", "sheet": "留言", "kind": "messages", "n_rows": 9, "n_kept": 7, "sha256": "2" * 64, **common, "n_quarantined": 1},
            {"file": "抖音/作品.csv", "kind": "posts", "platform": "douyin", "n_rows": 5, "n_kept": 0, "sha256": "3" * 64, **common, "n_quarantined": 4},
        ]
    )  # fmt: skip


def quarantine():
    """A row of a post and one of a netizen's message."""
    return pd.DataFrame(
        {
            "src_file": ["微信/导出 (1).xlsx", "留言/留言.xlsx"], "src_sheet": ["数据", "留言"], "src_row": [17, 5],
            "reason": ["发表时间“2025-13-01”读不懂", "答复时间早于留言时间（电话 13900001111）"],
            "content": ["2025-13-01 | 造林公告 | 120", "张三丰 | 路灯坏了 | 13900001111"],
        }
    )  # fmt: skip


def gaps():
    """What is missing."""
    return pd.DataFrame(
        {
            "account_id": ["W3", "W3"], "account_name": ["黄柏塬发布"] * 2, "covers": "posts", "week_start": pd.to_datetime(["2025-07-14", "2025-07-21"]),
            "message": "这一周没有导出文件覆盖，请补导出发表记录（含未开启通知的），或在导出文件清单里写明起止日",
        }
    )  # fmt: skip


def written(folder: Path, name: str = "考核评分表_2025Q3.xlsx", **changed) -> Path:
    """The workbook of the small quarter."""
    from xmt_scoring.reports.workbook import write_workbook

    write_workbook(folder / name, small_quarter(**changed))
    return folder / name
