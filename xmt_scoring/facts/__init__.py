"""Facts: one row per account × week, account × quarter, check moment, message, register entry (DESIGN section 3).

Strings are turned into codes once; then one table accounts × days is counted, and everything else is arithmetic on it.
Facts of an account come from its own rows only, so the same code runs on partitions by account.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from xmt_scoring.facts.activity import read_activity
from xmt_scoring.facts.base import Base
from xmt_scoring.facts.check_times import check_times
from xmt_scoring.facts.clearances import clearance_facts
from xmt_scoring.facts.coverage import cover_of_posts, with_previous
from xmt_scoring.facts.gaps import measure_gaps
from xmt_scoring.facts.handovers import closing_facts, handovers, opening_facts
from xmt_scoring.facts.messages import message_facts
from xmt_scoring.facts.originals import original_months
from xmt_scoring.facts.owner_changes import owner_changes
from xmt_scoring.facts.problems import earlier_checks, earlier_problems
from xmt_scoring.facts.quarters import account_quarters
from xmt_scoring.facts.registers import change_facts, filing_facts, platform_accounts, staff_facts, staff_terms
from xmt_scoring.facts.reposts import repost_facts
from xmt_scoring.facts.sampling import sampled
from xmt_scoring.facts.spans import empty_spans, span_frame
from xmt_scoring.facts.uncounted import weekly_activity
from xmt_scoring.facts.weeks import account_weeks, count_weeks, weekly_duty
from xmt_scoring.frames import DTYPES, contract
from xmt_scoring.periods import Quarter
from xmt_scoring.settings import Settings


def build_facts(
    frames: Mapping[str, pd.DataFrame],
    period: Quarter,
    as_of: dt.date,
    settings: Settings,
    previous: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, pd.DataFrame]:
    """All fact frames of a quarter, with the columns and dtypes of their contracts.

    `frames`: the imported frames of the quarter's folder; `previous`: posts, daily_counts and coverage of the folder
    before, for the straddling week and the last post before a moment; its verdicts and rules_run, where it has been
    checked, for what had to be put right (第二十一条). Nothing dated after `as_of` is used
    (`rulings.md` §1). Account keys may be categorical. Raises XmtError where the workdays of a year are not known.
    """
    base = Base.of(frames["accounts"], period, as_of, settings, frames["filings"])
    activity = read_activity(base, frames, previous)
    cover = cover_of_posts(
        base, with_previous(frames, previous, "coverage"), with_previous(frames, previous, "daily_counts")
    )
    duty = weekly_duty(base, settings)
    counted = weekly_activity(base, activity, frames, previous, settings)
    weeks = count_weeks(base, counted, cover, duty, settings)
    spans = empty_spans(base, counted, cover, duty, settings)
    filed = filing_facts(base, frames["filings"])
    is_unfiled = (filed["has_register"] & ~filed["has_filing"]).to_numpy(dtype=bool)
    gaps = measure_gaps(base, activity, cover)
    replies, sources = message_facts(base, frames["messages"], frames["coverage"], settings)
    made = {
        "account_weeks": account_weeks(base, weeks),
        "account_quarters": account_quarters(
            base, activity, weeks, spans, gaps, duty, sampled(base, frames, settings), is_unfiled, settings
        ),
        "empty_spans": span_frame(base, spans),
        "check_times": check_times(base, activity, cover, frames["checks_done"], settings),
        "message_replies": replies,
        "message_sources": sources,
        "filing_facts": filed,
        "change_facts": change_facts(base, frames["account_events"], frames["filings"], settings),
        "opening_facts": opening_facts(base, frames["filings"], settings),
        "closing_facts": closing_facts(base, frames["filings"], frames["account_events"], settings),
        "owner_changes": owner_changes(base, frames["units"], frames["account_events"]),
        "handovers": handovers(base, frames["staff"], frames["security_log"], settings),
        "staff_facts": staff_facts(base, frames["units"], frames["staff"]),
        "staff_terms": staff_terms(frames["staff"]),
        "platform_accounts": platform_accounts(base, frames["approved_exceptions"], settings),
        "clearance_facts": clearance_facts(base, frames["posts"], frames["clearances"], frames["coverage"]),
        "original_months": original_months(base, activity, cover),
        "repost_facts": repost_facts(base, activity, cover, frames, previous),
        "earlier_checks": earlier_checks(previous),
        "earlier_problems": earlier_problems(base, frames["units"], frames["rectifications"], previous),
    }
    return {name: _typed(frame, name) for name, frame in made.items()}


def _typed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The contract's columns in order, with its dtypes. Keys are unique by construction: hashing them again is slow."""
    columns = {}
    for column in contract(name).columns:
        values = frame[column.name]
        wanted = DTYPES[column.kind]
        columns[column.name] = values if values.dtype == wanted else values.astype(wanted)  # type: ignore[call-overload]
    return pd.DataFrame(columns, copy=False).reset_index(drop=True)
