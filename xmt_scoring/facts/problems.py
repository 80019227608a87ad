"""What the quarter before found wrong, and whether the register of rectifications has a row for it (第二十一条)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import NEVER, dates, day_numbers, truths
from xmt_scoring.frames import empty
from xmt_scoring.model import Outcome

OFFICE_ARTICLES = ("21", "22", "23", "24")  # duties of the supervising office itself
DONE = ("resolved", "deregistered")


def earlier_checks(previous: Mapping[str, pd.DataFrame] | None) -> pd.DataFrame:
    """Frame `earlier_checks`: the rules that were run on the quarter before; empty: it has not been checked here."""
    if previous is None or "rules_run" not in previous:
        return empty("earlier_checks")
    return previous["rules_run"][["check_id", "n_fail"]].reset_index(drop=True)


def earlier_problems(
    base: Base, units: pd.DataFrame, rectifications: pd.DataFrame, previous: Mapping[str, pd.DataFrame] | None
) -> pd.DataFrame:
    """Frame `earlier_problems`: the failing verdicts of the quarter before, each with its row in the register.

    A row of the register belongs to a problem by its event number, else by check item and account (unit, where the
    problem is the unit's). A row that bears another problem's number answers for that one only. `is_resolved`: put
    right, or the account closed, by `as_of`; `rectify_by`: the latest limit that was set. Duties of the office itself
    need no such row.
    """
    if previous is None or "verdicts" not in previous:
        return empty("earlier_problems")
    verdicts = previous["verdicts"]
    of_office = verdicts["article"].str.replace(r"\..*", "", regex=True).isin(OFFICE_ARTICLES).to_numpy(dtype=bool)
    failed = verdicts[(verdicts["outcome"] == Outcome.FAIL).to_numpy(dtype=bool) & ~of_office].reset_index(drop=True)
    failed = failed[["check_id", "unit_id", "account_id", "event_id", "message"]]
    known = rectifications[day_numbers(rectifications["found_on"]) <= base.as_of]
    by_event = _answers(base, known[known["event_id"].notna()], known["event_id"].dropna())
    rest = known[known["event_id"].isna()]
    by_item = _answers(base, rest, rest["check_item"] + "|" + rest["account_id"].fillna(rest["unit_id"]))
    item = failed["check_id"] + "|" + failed["account_id"].fillna(failed["unit_id"])
    met = by_event.reindex(failed["event_id"]).reset_index(drop=True)
    met = met.where(met["rows"].notna(), by_item.reindex(item).reset_index(drop=True))
    named = base.accounts.set_index("account_id")["account_name"]
    called = units.set_index("unit_id")["unit_name"]
    owner = failed["unit_id"].map(called).astype("str").fillna(failed["unit_id"])
    limit = met["limit"].fillna(NEVER).to_numpy(dtype="i8")
    return failed.assign(
        subject_name=failed["account_id"].map(named).astype("str").fillna(failed["account_id"]).fillna(owner),
        has_rectification=truths((met["rows"] > 0).to_numpy(dtype=bool)),
        is_resolved=truths((met["done"] > 0).to_numpy(dtype=bool)),
        rectify_by=dates(limit),
    )


def _answers(base: Base, rows: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    """key → how many rows, whether one of them is done by `as_of`, the latest limit."""
    resolved = day_numbers(rows["resolved_on"])
    done = ((resolved > NEVER) & (resolved <= base.as_of)) | rows["rectify_result"].isin(DONE).to_numpy(dtype=bool)
    told = pd.DataFrame({"rows": 1, "done": done.astype("i8"), "limit": day_numbers(rows["rectify_by"])}, index=keys.to_numpy())
    found = told.groupby(level=0).agg({"rows": "sum", "done": "max", "limit": "max"})
    return found.assign(limit=found["limit"].where(found["limit"] > NEVER, np.nan)).astype("float64")
