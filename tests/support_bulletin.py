"""Circulars of the small quarter: what was changed goes in, the .docx and its contents come out."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
from docx_parts import paragraphs
from support_quarter import PERIOD, row, small_quarter

from xmt_scoring.frames import conform
from xmt_scoring.reports.bulletin.fields import contents
from xmt_scoring.reports.bulletin.overall import Earlier
from xmt_scoring.reports.bulletin.paper import filled, write_bulletin
from xmt_scoring.settings import Settings

DAY = dt.date(2025, 10, 15)
DECIDED = [  # U2's weibo is vetoed, U1 has typos and no 信息员, everything else is clean
    row("art08_grave_content", "B1", "G1", message="严重内容问题（单项否决）：转发造谣信息（宝政办函〔2025〕12号）"),
    row("art11_typo", "B1", "G1", severity="grave_misstatement", message="文字差错：转发造谣信息"),  # the same event again
    row("art11_typo", "W2", "T1", severity="general", message="文字差错：“的”“地”不分"),
    row("art11_typo", "W2", "T2", severity="general", message="文字差错：漏字"),
    row("art11_typo", "W1", "T3", severity="general", message="文字差错：多字"),
    row("art14_missing_info_officer", unit="U1", event="U1|info_officer", message="0 名信息员在岗，应确定 1 名信息员"),
]
VETOED_ALL = [row("art08_grave_content", account, f"G{account}", message="严重内容问题") for account in ("W1", "W2", "B1", "D1", "W3", "W4")]


def quarter(rows=(), settings=None, **frames):
    """The small quarter with these verdicts only; `frames` replaces whole frames."""
    data = small_quarter(rows=list(rows), settings=settings)
    return replace(data, frames={**data.frames, **frames}, settings=settings or Settings.default())


def earlier(rows=()):
    """The quarter before, with these verdicts."""
    data = small_quarter(rows=list(rows))
    return Earlier(PERIOD.previous, data.frames, data.scheme, Settings.default())


def problems_before(*lines):
    """`earlier_problems`: (check, unit, account, event, whether it was put right)."""
    columns = ["check_id", "unit_id", "account_id", "event_id", "is_resolved"]
    told = pd.DataFrame(lines, columns=columns).assign(subject_name="某", message="某", has_rectification=True)
    return conform(told.astype({"account_id": "str"}), "earlier_problems")


def ledger():
    """A register of rectifications in which the office has written something."""
    row = {
        "rectification_id": "Z1", "unit_id": "U1", "check_item": "art11_typo", "description": "某问题", "found_on": pd.Timestamp(2025, 6, 30), "src_file": "整改台账.xlsx", "src_row": 2,
    }  # fmt: skip
    return conform(pd.DataFrame([row]), "rectifications")


CHECKED_BEFORE = conform(pd.DataFrame({"check_id": ["art11_typo"], "n_fail": [0]}), "earlier_checks")


def circular(folder: Path, data, before=None, number="", root: Path | None = None):
    """The written file, its paragraphs and its contents."""
    made = contents(data, before, DAY, number)
    text = filled(root or folder, made)
    path = folder / "通报.docx"
    write_bulletin(path, made, text, data.settings, DAY)
    return path, paragraphs(path), made


def numbers(lines, made) -> set[str]:
    """The numbers in sentences that are neither dates, annexes, numbers of headings nor figures of the circular."""
    known = {part for printed in made["printed"] for part in printed.split("至")}
    text = "\n".join(re.sub(r"^[0-9]+\.", "", line) for line in lines)
    text = re.sub(r"“[^”]*”|附件[0-9]*|[0-9]{4}年|[0-9]+月|[0-9]+日|在用不足[0-9]+天", "", text)
    return {each for each in re.findall(r"[0-9][0-9.]*%?", text) if each not in known}
