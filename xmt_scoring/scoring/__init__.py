"""Verdicts and a scheme → contributions, account scores, unit scores. All arithmetic is in whole ten-thousandths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from xmt_scoring.periods import Quarter
from xmt_scoring.scoring.scheme import Scheme, load_scheme

if TYPE_CHECKING:
    from xmt_scoring.scoring.accounts import Tally

__all__ = ["Scheme", "Scored", "load_scheme", "score_quarter"]


@dataclass(frozen=True)
class Scored:
    """A scored quarter. Its frames are as `frames.toml` describes them, each made when it is first asked for."""

    tally: Tally
    verdicts: pd.DataFrame
    units: pd.DataFrame
    scheme: Scheme
    settings: Any
    period: Quarter

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """One row for every loss, floor, adjustment and veto."""
        from xmt_scoring.scoring.contributions import contribution_frame

        return contribution_frame(self.tally, self.verdicts, self.scheme, str(self.period))

    @cached_property
    def superseded_losses(self) -> pd.DataFrame:
        """What was not taken because its event is counted elsewhere."""
        from xmt_scoring.scoring.contributions import superseded_frame

        return superseded_frame(self.tally, self.scheme)

    @cached_property
    def account_scores(self) -> pd.DataFrame:
        """One row for every live account."""
        from xmt_scoring.scoring.accounts import account_frame

        return account_frame(self.tally, self.scheme)

    @cached_property
    def unit_scores(self) -> pd.DataFrame:
        """One row for every unit of the register."""
        from xmt_scoring.scoring.units import unit_frame

        return unit_frame(self.tally, self.units, self.scheme, self.settings)


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
    from xmt_scoring.scoring.accounts import tally
    from xmt_scoring.scoring.options import in_force

    scheme = in_force(scheme, settings)
    return Scored(tally(verdicts, account_quarters, accounts, scheme, settings), verdicts, units, scheme, settings, period)
