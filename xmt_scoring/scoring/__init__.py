"""Verdicts and a scheme → contributions, account scores, unit scores. All arithmetic is in whole ten-thousandths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from xmt_scoring.periods import Quarter
from xmt_scoring.scoring.scheme import Scheme, load_scheme

__all__ = ["Scheme", "Scored", "load_scheme", "score_quarter"]


@dataclass(frozen=True)
class Scored:
    """The frames of a scored quarter, as `frames.toml` describes them."""

    contributions: pd.DataFrame
    superseded_losses: pd.DataFrame
    account_scores: pd.DataFrame
    unit_scores: pd.DataFrame


def score_quarter(
    verdicts: pd.DataFrame,
    account_quarters: pd.DataFrame,
    accounts: pd.DataFrame,
    units: pd.DataFrame,
    scheme: Scheme,
    settings: Any,
    period: Quarter,
) -> Scored:
    """Score a quarter (`rulings.md` §§2–5).

    `verdicts`: at least one row for every check of the scheme and its subject; exact repetitions and the order of
    rows do not matter, and a check that says nothing about an account leaves its item (or veto) open.
    `account_quarters`: account_id, unit_id, platform, is_live, is_scored. `accounts` and `units` give the names.
    `settings`: the settings of the stage `score`; those that switch on vetoes or losses beside the scheme are applied
    here (`options.in_force`).

    For every scored account 100 plus the sum of its contributions is its score (its `low`, its `high`) exactly; an
    account with a veto has one row of −100. Raises XmtError when the scheme has no size for the severity of a
    verdict, ContractError for a verdict on an account that the period does not have.
    """
    from xmt_scoring.scoring.accounts import account_frame, tally
    from xmt_scoring.scoring.contributions import contribution_frame, superseded_frame
    from xmt_scoring.scoring.options import in_force
    from xmt_scoring.scoring.units import unit_frame

    scheme = in_force(scheme, settings)
    found = tally(verdicts, account_quarters, accounts, scheme, settings)
    return Scored(
        contribution_frame(found, verdicts, scheme, str(period)),
        superseded_frame(found, scheme),
        account_frame(found, scheme),
        unit_frame(found, units, scheme, settings),
    )
