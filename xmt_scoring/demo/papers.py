"""Registers that count in the year: praise, counterfeits, what was put right."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xmt_scoring.demo.plan import Plan
from xmt_scoring.periods import Quarter

Rows = list[dict[str, Any]]


def honours(plan: Plan, day: dt.date) -> Rows:
    """Praise with its document, as far as it was issued."""
    columns = ("unit_id", "title", "document_no", "issued_on", "bonus_points")
    return [dict(zip(columns, row, strict=True)) for row in plan.raw["year"]["honours"] if row[3] <= day]


def counterfeits(plan: Plan, day: dt.date) -> Rows:
    """Counterfeits, each with the steps that were taken."""
    columns = (
        "event_id", "counterfeit_name", "platform", "unit_id", "found_on", "verified_on", "notified_on", "letter_on", "reported_on",
    )  # fmt: skip
    rows = [row for row in plan.raw["year"]["counterfeits"] if row[4] <= day]
    return [{name: value or None for name, value in zip(columns, row, strict=True)} for row in rows]


def rectifications(plan: Plan, quarters: list[Quarter], day: dt.date) -> Rows:
    """One row for each finding of the county in these quarters: put right eight days later but for those of the plan."""
    by_id = {account.account_id: account for account in plan.accounts}
    late = dict(plan.raw["year"]["rectified_late"])
    rows: Rows = []
    for before in quarters:
        for event, item, subject, _, level, found, _, words, *_ in plan.rows("findings", before):
            if level != "县":
                continue
            resolved = late.get(event, found + dt.timedelta(days=8)) or None
            is_done = resolved is not None and resolved <= day
            rows.append(
                {
                    "rectification_id": f"Z-{event}-{item}",
                    "unit_id": plan.owner_on(by_id[subject], found) if subject in by_id else subject,
                    "account_id": subject if subject in by_id else None,
                    "check_item": item,
                    "description": words,
                    "found_on": found,
                    "rectify_by": found + dt.timedelta(days=10),
                    "resolved_on": resolved if is_done else None,
                    "rectify_result": "已整改" if is_done else "未整改",
                    "note": f"{before.label}发现",
                }
            )
    return rows
