"""What the papers of a quarter call each account: 合格, 存在突出问题, 不合格, or still open (readings 28)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from xmt_scoring.model import Outcome
from xmt_scoring.points import from_decimal, units
from xmt_scoring.scoring.options import options

PASS, FAIL, OPEN, NOT_COUNTED = "pass", "fail", "open", "not_counted"


def fail_below(scheme: Mapping[str, Any]) -> Decimal:
    """The score under which an account (or, in a year, a unit) is 不合格: the scheme's own line, else the lower edge of its lowest
    band but one, else 0."""
    stated = scheme.get("states", {}).get("fail_below")
    edges = sorted(Decimal(str(band["from"])) for band in scheme.get("bands", ()))
    return Decimal(str(stated)) if stated is not None else edges[1] if len(edges) > 1 else Decimal(0)


def account_states(frames: Mapping[str, pd.DataFrame], scheme: Mapping[str, Any], settings: Any) -> pd.DataFrame:
    """account_id, `state` and `is_prominent` for every live account, in the order of `account_scores`; read with `verdicts`.

    `fail`: vetoed, or below the scheme's line even at its highest. `open`: a veto has not been answered, or only the lowest
    score is below the line. `not_counted`: looked at for vetoes only. What is vetoed counts, scored or not.
    `is_prominent`: 存在突出问题 by `prominent_problems`, of an account that is not 不合格 by itself; `prominent_counts_as` says
    whether it passes or fails.
    """
    line, scores = units(fail_below(scheme)), frames["account_scores"]
    low, high = (from_decimal(scores[side].astype("object").where(scores[side].notna(), Decimal(0))) for side in ("low", "high"))
    is_scored, is_vetoed = (scores[name].to_numpy(dtype=bool) for name in ("is_scored", "is_vetoed"))
    has_open_veto = scores["open_vetoes"].notna().to_numpy(dtype=bool)
    state = np.select(
        [is_vetoed, ~is_scored, high < line, has_open_veto | (low < line)], [FAIL, NOT_COUNTED, FAIL, OPEN], PASS
    )  # fmt: skip
    of_grade = (low >= line) & (high < _good_from(scheme))
    is_prominent = _prominent(scores["account_id"], frames["verdicts"], of_grade, settings["prominent_problems"])
    fails = settings["prominent_counts_as"] == "fail"
    is_prominent = is_prominent & np.isin(state, [PASS, OPEN] if fails else [PASS])
    state = np.where(is_prominent & fails, FAIL, state)
    named = pd.DataFrame({"account_id": scores["account_id"].to_numpy(), "state": state}).astype("str")
    return named.assign(is_prominent=is_prominent)


def _prominent(accounts: pd.Series, verdicts: pd.DataFrame, of_grade: np.ndarray, how: str) -> np.ndarray:
    """Which accounts have what is listed elsewhere as 突出问题: a case of L1–L4 (options.toml), or only the lowest grade that passes."""
    if how == "low_grade":
        return of_grade
    found = pd.Series(False, index=verdicts.index)
    for veto in options()["vetoes"] if how == "local_vetoes" else ():
        is_case = verdicts["check_id"].isin(veto["checks"])
        found |= is_case & verdicts["severity"].isin(veto["only"]).fillna(False) if "only" in veto else is_case
    failed = verdicts.loc[found.astype(bool) & (verdicts["outcome"] == Outcome.FAIL), "account_id"]
    return accounts.isin(failed.dropna()).to_numpy(dtype=bool)


def _good_from(scheme: Mapping[str, Any]) -> int:
    """The lower edge of the second grade above the line; an account below it has the lowest grade that passes."""
    line = fail_below(scheme)
    edges = sorted(edge for band in scheme.get("bands", ()) if (edge := Decimal(str(band["from"]))) > line)
    return units(edges[0]) if edges else 0


@dataclass(frozen=True)
class Tally:
    """How many accounts were checked, pass, fail and may still do either; every paper of a quarter prints these four."""

    checked: int
    passed: int
    failed: int
    undecided: int


def tally(state: pd.Series) -> Tally:
    """Count the states that `account_states` gives. Checked is all but `not_counted`; passed + failed + undecided = checked."""
    return Tally(int((state != NOT_COUNTED).sum()), *(int((state == each).sum()) for each in (PASS, FAIL, OPEN)))
