"""Printed account scores → unit scores and ranks (`rulings.md` §5)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from xmt_scoring.frames import conform
from xmt_scoring.points import CENT, half_up, to_decimal
from xmt_scoring.scoring.accounts import Tally, bands_of
from xmt_scoring.scoring.columns import arrow, positions, series, take
from xmt_scoring.scoring.scheme import Scheme


def unit_frame(found: Tally, units: pd.DataFrame, scheme: Scheme, settings: Any) -> pd.DataFrame:
    """Frame `unit_scores`: every unit of the register, sorted by unit_id.

    low, high and score are the mean (or the minimum, or the mean with the main accounts weighted, `unit_rollup`) of the printed figures of the unit's scored
    accounts, half-up to two places; a vetoed account counts with 0 or not at all (`vetoed_account_in_unit`). There is
    no score while a scored account is open. A unit without a scored account has all figures missing and no rank
    (readings 23). Ranks by `rank_interval`.
    """
    units = units.take(np.asarray(pd.Series(units["unit_id"]).argsort(kind="stable")))
    method = settings["unit_rollup"] if scheme.unit_rollup == "setting" else scheme.unit_rollup
    vetoed = settings["vetoed_account_in_unit"] if scheme.vetoed_account == "setting" else scheme.vetoed_account
    counts = np.asarray(found.live["is_scored"]) & ((vetoed == "zero") | (found.veto < 0))
    at = positions(arrow(found.live["unit_id"]), arrow(units["unit_id"]))
    counts &= at >= 0
    at = at[counts]
    n_scored = np.bincount(at, minlength=len(units))
    weight = np.ones(len(at), dtype="i8")
    if method == "weighted":
        weight[np.asarray(found.live["is_main"])[counts]] = settings["main_account_weight"]
    low = _rolled_up(found.low[counts], at, weight, len(units), method)
    high = _rolled_up(found.high[counts], at, weight, len(units), method)
    is_open = np.bincount(at[found.is_open[counts]], minlength=len(units)) > 0
    is_empty = n_scored == 0
    low_band, high_band = bands_of(low, scheme), bands_of(high, scheme)
    best, worst = np.zeros(len(units), dtype="i8"), np.zeros(len(units), dtype="i8")
    best[~is_empty], worst[~is_empty] = rank_interval(low[~is_empty], high[~is_empty])
    return conform(
        pd.DataFrame(
            {
                "unit_id": units["unit_id"].array,
                "unit_name": units["unit_name"].array,
                "n_accounts_scored": n_scored,
                "low": to_decimal(low, 2, is_empty),
                "high": to_decimal(high, 2, is_empty),
                "score": to_decimal(high, 2, is_empty | is_open),
                "grade": series(
                    take(arrow([band.name for band in scheme.bands]), np.where(is_empty | (low_band != high_band), -1, low_band))
                ),
                "rank": _ranks(best, is_empty | is_open | (best != worst)),
                "rank_best": _ranks(best, is_empty),
                "rank_worst": _ranks(worst, is_empty),
                "is_provisional": is_open,
            }
        ),
        "unit_scores",
    )


def _rolled_up(printed: np.ndarray, unit: np.ndarray, weight: np.ndarray, n_units: int, method: str) -> np.ndarray:
    """The (weighted) mean or the minimum of printed scores by unit, in ten-thousandths; 0 for a unit without any."""
    weights = np.zeros(n_units, dtype="i8")
    np.add.at(weights, unit, weight)
    if method == "min":
        lowest = np.full(n_units, np.iinfo("i8").max)
        np.minimum.at(lowest, unit, printed)
        return np.where(weights > 0, lowest, 0)
    total = np.zeros(n_units, dtype="i8")
    np.add.at(total, unit, printed // CENT * weight)
    return half_up(total, np.maximum(weights, 1)) * CENT


def rank_interval(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best and the worst rank that each unit may have, equal scores sharing a rank and the next one skipping.

    Best: every unit that lies above this one whatever happens is before it. Worst: so is every other unit that may
    come to lie above it. Both are the same for all units when everything is decided.
    """
    best = 1 + len(low) - np.searchsorted(np.sort(low), high, side="right")
    may_be_above = len(high) - np.searchsorted(np.sort(high), low, side="right")
    return best.astype("i8"), (1 + may_be_above - (high > low)).astype("i8")


def _ranks(rank: np.ndarray, missing: np.ndarray) -> pd.Series:
    return pd.Series(rank, dtype="Int64").mask(missing)
