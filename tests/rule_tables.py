"""Small tables with Chinese headings and words, as cases.toml has them, turned into frames that keep their contract."""

import re

import pandas as pd

from xmt_scoring.checks import known_items
from xmt_scoring.frames import conform, contract, contracts, empty
from xmt_scoring.glossary import choices, words_for

BETWEEN_CELLS = re.compile(r"(?<=\s)\|(?=\s|$)")  # with blanks around it: event ids hold bars too
REGISTERS = ["units", "accounts", "findings", "upper_inspections", "checks_done"]
CHOICES = {("verdicts", "severity"): "severity", ("staff_facts", "staff_role"): "staff_role"}
ORDINARY = {
    "units": {"unit_name": "单位", "unit_kind": "administrative_organ"},
    "accounts": {"account_name": "账号", "platform": "wechat_oa", "opened_on": "2023-01-05", "account_status": "running"},
    "account_quarters": {
        "unit_id": "县林业局", "platform": "wechat_oa", "is_live": True, "live_days": 92, "is_scored": True, "is_weekly_due": True,
        "n_weeks_due": 13, "n_weeks_missed": 0, "n_weeks_no_data": 0, "n_posts": 13, "is_gap_covered": True, "max_gap_days": 7,
    },
    "account_weeks": {"is_due": True},
    "daily_counts": {"platform": "wechat_oa"},
    "message_replies": {
        "account_id": "微信1", "received_at": "2026-07-10 10:00", "waited_days": 92, "waited_workdays": 60, "is_effective": True, "is_excused": False,
    },
    "message_sources": {"is_complete": True, "n_messages": 1},
    "filing_facts": {"has_filing": True, "has_register": True, "filed_on": "2023-01-05"},
    "change_facts": {"account_id": "微信1", "event_kind": "rename", "happened_on": "2026-07-10", "waited_workdays": 60},
    "opening_facts": {"opened_on": "2026-07-10", "has_filing": True, "waited_workdays": 60},
    "closing_facts": {"closed_on": "2026-08-14", "is_status_closed": True, "has_event": False, "waited_workdays": 40},
    "owner_changes": {"happened_on": "2026-07-10"},
    "handovers": {
        "staff_role": "maintainer", "role_name": "运维人员", "left_on": "2026-07-10", "waited_workdays": 60,
    },
    "unit_docs": {"title": "文件", "doc_kind": "security", "issued_on": "2023-03-01"},
    "security_log": {"happened_on": "2026-01-05", "description": "记录"},
    "staff_facts": {"unit_id": "县林业局", "n_in_office": 1, "has_register": True},
    "platform_accounts": {
        "unit_id": "县林业局", "platform": "wechat_oa", "is_live": True, "is_main_account": True, "is_extra": False, "has_exception": False,
    },
    "clearance_facts": {
        "account_id": "微信1", "posted_at": "2026-07-10 10:00", "has_time": True, "sample_rank": 1, "is_covered": True,
        "has_clearance": True, "is_complete": True, "is_before": True,
    },
    "year_units": {"unit_name": "县林业局", "n_quarters": 4, "n_quarters_missing": 0, "has_veto": False, "has_open_veto": False, "has_losses": False},
    "policy_facts": {"unit_id": "县林业局", "has_register": True},
    "training_facts": {"unit_id": "县林业局", "person_name": "张三", "has_register": True},
    "rectification_facts": {"unit_id": "县林业局", "found_on": "2026-05-10", "description": "某问题"},
    "counterfeits": {"counterfeit_name": "某假冒账号", "platform": "douyin", "found_on": "2026-05-06"},
    "self_reviews": {"title": "年度自查报告"},
    "upper_findings": {"unit_id": "县林业局", "document_no": "某市函〔2026〕9号", "owner_basis": "register", "description": "某问题"},
    "original_months": {"account_id": "微信1", "is_due": True, "n_posts": 5, "n_unknown": 0, "is_covered": True},
    "repost_facts": {"is_asked": True, "is_covered": True},
    "earlier_problems": {"has_rectification": True, "is_resolved": True},
    "followers": {"platform": "wechat_oa"},
    "check_times": {"account_id": "微信1", "checked_at": "2026-07-16 09:00", "is_covered": True},
    "findings": {"event_id": "1", "account_id": "微信1", "found_on": "2026-09-20", "found_by_level": "county", "description": "问题"},
    "upper_inspections": {
        "inspection_id": "J1", "level": "province", "inspected_on": "2026-09-01", "document_no": "陕政公开办〔2026〕9号", "account_id": "微信1",
        "is_veto": True, "description": "问题",
    },
    "checks_done": {"check_scope": "all", "checked_at": "2026-09-28 09:00", "checker": "某人"},
}  # fmt: skip


def cell(text, column, frame):
    """One cell as the value that the column keeps; an empty one is missing."""
    if text == "":
        return None
    if column.kind == "bool":
        return {"是": True, "否": False}[text]
    if column.kind in ("date", "moment"):
        return pd.Timestamp(text)
    if column.kind == "int":
        return int(text)
    if column.name == "check_item":
        return known_items()[text]
    choice = column.choice or CHOICES.get((frame, column.name))
    if choice:
        return next(code for code, words in choices(choice).items() if text in words)
    return text


def table(text, frame):
    """A table of a case as a frame with the columns that it names."""
    head, *lines = [[part.strip() for part in BETWEEN_CELLS.split(f" {line}")] for line in text.strip().splitlines()]
    by_heading = {word: column for column in contract(frame).columns for word in words_for(column.name)}
    columns = [by_heading[heading] for heading in head]
    assert all(len(line) == len(head) for line in lines), f"{frame}: a row has too few or too many cells"
    rows = [[cell(part, column, frame) for part, column in zip(line, columns, strict=True)] for line in lines]
    return pd.DataFrame(rows, columns=[column.name for column in columns], dtype=object)


def filled(rows, name, rule):
    """The frame with ordinary values in the columns that the case leaves out, in its contract."""
    ordinary = dict(ORDINARY.get(name, {}))
    if contract(name).source != "derived":
        ordinary["src_file"] = "登记表.xlsx"
    made = rows.copy()
    for column in contract(name).columns:
        if column.name == "src_row" and column.name not in made:
            made["src_row"] = range(2, len(made) + 2)
        elif column.name == "check_item" and column.name not in made:
            made["check_item"] = rule.id
        elif column.name in ordinary and column.name not in made:
            made[column.name] = (
                pd.Timestamp(ordinary[column.name]) if column.kind in ("date", "moment") else ordinary[column.name]
            )
    return conform(made, name)


def given(case, rule):
    """All frames that the rule may need."""
    rows = {name: table(case[name], name) for name in contracts() if name in case and name != "evidence"}
    if "account_quarters" not in rows:
        named = [frame["account_id"].dropna() for frame in rows.values() if "account_id" in frame]
        accounts = pd.concat([*named, pd.Series(["微信1"], dtype=object)]).unique()
        rows["account_quarters"] = pd.DataFrame({"account_id": accounts}, dtype=object)
    made = {name: filled(frame, name, rule) for name, frame in rows.items()}
    if "accounts" not in made:
        quarters = made["account_quarters"]
        made["accounts"] = filled(
            pd.DataFrame({"account_id": quarters["account_id"], "owner_id": quarters["unit_id"]}), "accounts", rule
        )
    for name in {*rule.needs, *REGISTERS} - set(made):
        made[name] = empty(name)
    return made


def given_year(case, rule):
    """All frames that a rule of a year may need; one unit unless the case names others, and the registers' sizes."""
    rows = {name: table(case[name], name) for name in contracts() if case.get(name) and name != "evidence"}
    rows.setdefault("year_units", pd.DataFrame({"unit_id": ["县林业局"]}, dtype=object))
    made = {name: filled(frame, name, rule) for name, frame in rows.items()}
    for name in {*rule.needs, *REGISTERS} - set(made):
        made[name] = empty(name)
    named = {"rectifications": "rectification_facts", "trainings": "training_facts", "staff": "training_facts"}
    sizes = {name: 0 if case.get(name) == "" else len(made.get(fact, ())) for name, fact in named.items()}
    sizes["unit_docs"] = len(made.get("unit_docs", ()))
    made["year_registers"] = conform(pd.DataFrame({"register": list(sizes), "n_rows": list(sizes.values())}), "year_registers")
    return made


def rows_of(frame, columns):
    """The rows as tuples in a fixed order, missing as None."""
    plain = frame[columns].astype(object).where(frame[columns].notna(), None)
    return sorted((tuple(line) for line in plain.itertuples(index=False)), key=str)
