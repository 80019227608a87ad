"""What still waits for a person's answer: items that nobody has gone through, proposals of hints, events to confirm."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.checks.records import OFFICE_UNKNOWN
from xmt_scoring.checks.rules import Rule
from xmt_scoring.model import Outcome


def waiting(verdicts: pd.DataFrame, rules: Mapping[str, Rule]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The open verdicts that a row of the form can answer: those without event, and those with one.

    Of an automatic rule only what the data leave open without event, where people decide it (`people_decide`); a duty
    of the office waits for the register of units, not for an answer.
    """
    by_people = [rule.id for rule in rules.values() if rule.by_people]
    automatic = [rule.id for rule in rules.values() if rule.kind == "automatic"]
    is_open = verdicts["outcome"].isin([Outcome.UNVERIFIED, Outcome.NO_DATA])
    rows = verdicts[is_open & verdicts["check_id"].isin(by_people) & (verdicts["unit_id"] != OFFICE_UNKNOWN)]
    has_event = rows["event_id"].notna()
    return rows[~has_event], rows[has_event & ~rows["check_id"].isin(automatic)]
