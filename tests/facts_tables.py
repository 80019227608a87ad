"""Small frames for the tests of facts: a row says only what matters, the rest is filled in."""

import datetime as dt

import pandas as pd

from xmt_scoring.facts import build_facts
from xmt_scoring.frames import conform, contract, empty
from xmt_scoring.periods import Quarter
from xmt_scoring.settings import Settings

PERIOD = Quarter(2025, 3)
FRAMES = [
    "units", "accounts", "account_events", "filings", "staff", "messages", "clearances", "checks_done",
    "approved_exceptions", "posts", "daily_counts", "coverage", "security_log", "required_reposts", "findings", "rectifications",
]  # fmt: skip
FILL = {
    "units": {"unit_name": "某局"},
    "accounts": {"account_name": "某账号", "platform": "weibo", "owner_id": "U1", "opened_on": "2023-01-05", "account_status": "running"},
    "filings": {"filing_kind": "opening"},
    "account_events": {"event_kind": "rename"},
    "staff": {"staff_role": "maintainer", "person_name": "某人"},
    "security_log": {"unit_id": "U1", "log_kind": "password_change", "description": "换密码"},
    "checks_done": {"checker": "某人"},
    "approved_exceptions": {"document_no": "1号"},
    "posts": {"platform": "weibo", "has_time": True, "is_visible": True, "is_in_period": True},
    "daily_counts": {"platform": "weibo"},
    "coverage": {"covers": "posts", "coverage_basis": "manifest", "proves_absence": True},
}
KEYS = {"posts": "post_id", "messages": "message_id", "filings": "filing_id", "account_events": "event_id", "accounts": "account_id"}


def table(name, *rows):
    """A conformed frame of these rows; an account comes first, keys and places are numbered where not given."""
    if not rows:
        return empty(name)
    full = []
    for number, row in enumerate(rows, start=1):
        made = {**FILL.get(name, {}), "src_file": "a.xlsx", "src_row": number, **row}
        if name in KEYS:
            made.setdefault(KEYS[name], f"{name}{number}")
        full.append(made)
    frame = pd.DataFrame(full)
    for column in contract(name).columns:
        if column.kind in ("date", "moment") and column.name in frame:
            frame[column.name] = pd.to_datetime(frame[column.name], format="ISO8601")
    return conform(frame, name)


def frames(**rows):
    """All frames that facts read, empty where nothing is given; one account W1 of unit U1 if no account is."""
    rows.setdefault("units", [{"unit_id": "U1"}])
    rows.setdefault("accounts", [{"account_id": "W1"}])
    return {name: table(name, *rows.get(name, [])) for name in FRAMES}


def facts(period=PERIOD, as_of=None, previous=None, settings=None, **rows):
    """The facts of these rows; as_of is ten days after the period's end unless given."""
    until = dt.date.fromisoformat(as_of) if as_of else period.default_as_of(10)
    return build_facts(frames(**rows), period, until, settings or Settings.default(), previous)


def posts(*moments, account="W1", **more):
    """One visible post at each of the moments; a moment without time of day is a date only."""
    return [{"account_id": account, "posted_at": at, "has_time": len(at) > 10, **more} for at in moments]


def covered(first, last, account="W1", **more):
    """A coverage row."""
    return {"account_id": account, "covers_from": first, "covers_to": last, **more}


def row(frame, account="W1"):
    """The one row of an account as a dict."""
    found = frame[frame["account_id"] == account]
    assert len(found) == 1
    return found.iloc[0].to_dict()


def by_week(made, column, account="W1"):
    """Week start → value, missing as None."""
    weeks = made["account_weeks"]
    weeks = weeks[weeks["account_id"] == account]
    values = [None if pd.isna(value) else value for value in weeks[column]]
    return dict(zip(weeks["week_start"].dt.strftime("%m-%d"), values, strict=True))
