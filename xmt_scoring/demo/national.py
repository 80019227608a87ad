"""The national system's list of the invented county: as the units once reported it, with the faults that such lists have."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xmt_scoring.demo.plan import Plan
from xmt_scoring.glossary import word

REPORTED_ON = dt.date(2024, 12, 31)  # nobody has looked after the list since


def national_rows(plan: Plan, day: dt.date) -> list[dict[str, Any]]:
    """全国系统清单: names and owners as of REPORTED_ON, so that later changes, closings and openings are missing."""
    known = [account for account in plan.accounts if account.opened_on <= REPORTED_ON and account.opened_on <= day]
    return [
        {
            "listed_name": plan.name_on(account, REPORTED_ON),
            "platform": word("platform", account.platform),
            "platform_account_no": account.number,
            "listed_owner": plan.unit_name(account.unit),
            "listed_status": "运行",
        }
        for account in known
    ]
