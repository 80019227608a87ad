"""Losses → the score of every account: floors, items that do not apply, vetoes, the interval while something is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from xmt_scoring.frames import conform
from xmt_scoring.model import Severity
from xmt_scoring.points import CENT, half_up, to_decimal
from xmt_scoring.scoring.columns import arrow, positions, series, take
from xmt_scoring.scoring.losses import Coded, Losses, Rows, Superseded, code_verdicts, item_losses
from xmt_scoring.scoring.scheme import Scheme


@dataclass(frozen=True)
class Caps:
    """The items whose losses exceed their points: how much is given back, for certain (`sure`) and at most."""

    first: np.ndarray  # position in the losses of the item's first one
    points: np.ndarray
    sure: np.ndarray
    most: np.ndarray


@dataclass(frozen=True)
class Tally:
    """All that the frames are made of. Arrays by account follow `live`; points are int64 ten-thousandths."""

    live: pd.DataFrame
    event_ids: pa.Array
    losses: Losses
    caps: Caps
    superseded: Superseded
    left_points: np.ndarray  # base, less the points of items that are left out under `rescale`
    adjusted_low: np.ndarray  # what 折算 adds (negative: takes), at both ends
    adjusted_high: np.ndarray
    low: np.ndarray
    high: np.ndarray
    is_open: np.ndarray
    veto: np.ndarray  # position in scheme.vetoes, -1 without one
    veto_rows: Rows  # one for each vetoed account
    open_vetoes: np.ndarray  # account × veto


def live_accounts(account_quarters: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """The accounts that were live in the period, sorted by account_id, with their names and the office's main ones."""
    live = account_quarters.loc[account_quarters["is_live"].astype(bool), ["account_id", "unit_id", "platform", "is_scored"]]
    is_main = accounts["is_main"].fillna(False).astype(bool) if "is_main" in accounts else pd.Series(False, index=accounts.index)
    ids = arrow(live["account_id"])
    order = np.asarray(pa.compute.array_sort_indices(ids))
    live = live.take(order).reset_index(drop=True)
    named = positions(arrow(live["account_id"]), arrow(accounts["account_id"]))
    return live.assign(
        account_name=series(take(arrow(accounts["account_name"]), named)),
        is_scored=live["is_scored"].astype(bool),
        is_main=(named >= 0) & np.append(is_main.to_numpy(), False)[named],
    )


def tally(
    verdicts: pd.DataFrame, account_quarters: pd.DataFrame, accounts: pd.DataFrame, scheme: Scheme, settings: Any
) -> Tally:
    """Every account's losses, floors, vetoes and both ends of its score (`rulings.md` §§2–5)."""
    live = live_accounts(account_quarters, accounts)
    coded = code_verdicts(verdicts, live, account_quarters["account_id"], scheme)
    n_item_checks = sum(len(item.losses) for item in scheme.items)
    is_veto = coded.rows.check >= n_item_checks
    fails, open_vetoes, veto_rows = _vetoes(coded.rows.at(is_veto), len(live), n_item_checks, scheme)
    is_vetoed = fails.any(axis=1)
    counts = np.asarray(live["is_scored"]) & ~is_vetoed
    points, left_points = item_points(items_not_applicable(coded, scheme), scheme, settings["na_policy"])
    counted = np.flatnonzero(~is_veto & counts[coded.rows.account])
    losses, superseded = item_losses(coded, counted, points, scheme, settings["repeated_event"])
    by_item = _by_item(losses, points, scheme)
    low, adjusted_low = _rescaled(by_item.inside(by_item.most, len(live)), left_points, scheme.base)
    high, adjusted_high = _rescaled(by_item.inside(by_item.sure, len(live)), left_points, scheme.base)
    caps, low, high = _floors(by_item, low, high)
    is_open = np.zeros(len(live), dtype=bool)
    is_open[losses.account[losses.sure != losses.most]] = True
    return Tally(
        live, coded.event_ids, losses, caps, superseded, left_points,
        np.where(counts, adjusted_low, 0), np.where(counts, adjusted_high, 0),
        np.where(is_vetoed, 0, low), np.where(is_vetoed, 0, high), is_open | open_vetoes.any(axis=1),
        np.where(is_vetoed, np.argmax(fails, axis=1) if fails.shape[1] else -1, -1), veto_rows, open_vetoes,
    )  # fmt: skip


def _vetoes(rows: Rows, n_accounts: int, n_item_checks: int, scheme: Scheme) -> tuple[np.ndarray, np.ndarray, Rows]:
    """Account × veto: fails, is open; and for each vetoed account the row of its first veto in scheme order."""
    of_check = np.array([number for number, veto in enumerate(scheme.vetoes) for _ in veto.checks], dtype="i8")
    rows = rows.at(_is_meant(scheme)[of_check[rows.check - n_item_checks], rows.severity]) if len(of_check) else rows
    veto = of_check[rows.check - n_item_checks] if len(of_check) else rows.check[:0]
    fails = np.zeros((n_accounts, len(scheme.vetoes)), dtype=bool)
    is_open = fails.copy()
    fails[rows.account[rows.is_fail], veto[rows.is_fail]] = True
    is_open[rows.account[~rows.is_fail], veto[~rows.is_fail]] = True
    is_open &= ~fails.any(axis=1, keepdims=True)
    chosen = np.flatnonzero(rows.is_fail)
    chosen = chosen[np.lexsort((rows.event[chosen], rows.check[chosen], veto[chosen], rows.account[chosen]))]
    _, first = np.unique(rows.account[chosen], return_index=True)
    return fails, is_open, rows.at(chosen[first])


def _is_meant(scheme: Scheme) -> np.ndarray:
    """Veto × severity (0: none named): whether a row of that severity can veto; an open row that names none may."""
    meant = np.ones((len(scheme.vetoes), len(Severity) + 2), dtype=bool)
    for number, veto in enumerate(scheme.vetoes):
        if veto.only:
            meant[number, 1:] = [severity in veto.only for severity in (*Severity, None)]
    return meant


def items_not_applicable(coded: Coded, scheme: Scheme) -> np.ndarray:
    """Account × item: none of the item's checks applies to the account."""
    ends = np.cumsum([0, *(len(item.losses) for item in scheme.items)])
    pairs = zip(ends[:-1], ends[1:], strict=True)
    return np.stack([coded.not_applicable[:, start:end].all(axis=1) for start, end in pairs], axis=1)


def item_points(is_na: np.ndarray, scheme: Scheme, policy: str) -> tuple[np.ndarray, np.ndarray]:
    """Account × item what each item is worth, and per account the points left to score on (ten-thousandths).

    For items that do not apply (account × item mask), by the item's `on_na`, else by `policy`:
    `full`: the item keeps its points and loses nothing. `rescale`: it is left out and the score over the others, P
    points with losses L, is base × (P − L) / P, rounded half-up to two places. `redistribute`: its points are shared
    equally among the items that apply, an odd hundredth going to those that come first; losses stay absolute, only
    each item's floor moves (the reading `absolute` of `share_equally`). Where no item applies, all points stand.
    """
    own = np.array([item.points for item in scheme.items], dtype="i8")
    left = np.full(len(is_na), scheme.base, dtype="i8")
    policies = np.array([item.on_na or policy for item in scheme.items])
    is_inside = np.array([not item.is_extra for item in scheme.items])
    applies, is_na = ~is_na & is_inside, is_na & is_inside
    n_applying = applies.sum(axis=1)
    is_na = is_na & (n_applying > 0)[:, None]
    given = is_na & (policies == "redistribute")
    left -= np.where(is_na & (policies == "rescale"), own, 0).sum(axis=1)
    if not given.any():
        return np.broadcast_to(own, is_na.shape), left
    pool = np.where(given, own // CENT, 0).sum(axis=1)
    share, odd = np.divmod(pool, np.maximum(n_applying, 1))
    before = np.cumsum(applies, axis=1) - 1
    more = np.where(applies, share[:, None] + (before < odd[:, None]), 0) * CENT
    return np.where(given, 0, own + more), left


@dataclass(frozen=True)
class ByItem:
    """The losses summed by account and item; `first` leads to the item's first loss, `worth` is the item's points."""

    first: np.ndarray
    account: np.ndarray
    worth: np.ndarray
    sure: np.ndarray
    most: np.ndarray
    is_extra: np.ndarray

    def inside(self, loss: np.ndarray, n_accounts: int) -> np.ndarray:
        """What each account loses of the base: of every item at most its points, extra items not at all."""
        total = np.zeros(n_accounts, dtype="i8")
        np.add.at(total, self.account, np.where(self.is_extra, 0, np.minimum(loss, self.worth)))
        return total


def _by_item(losses: Losses, points: np.ndarray, scheme: Scheme) -> ByItem:
    if not len(losses.account):
        none = np.zeros(0, dtype="i8")
        return ByItem(none, none, none, none, none, none > 0)
    is_first = np.ones(len(losses.account), dtype=bool)
    is_first[1:] = (losses.account[1:] != losses.account[:-1]) | (losses.item[1:] != losses.item[:-1])
    first = np.flatnonzero(is_first)
    account, item = losses.account[first], losses.item[first]
    is_extra = np.array([each.is_extra for each in scheme.items])[item]
    return ByItem(
        first, account, points[account, item], np.add.reduceat(losses.sure, first), np.add.reduceat(losses.most, first), is_extra
    )


def _floors(items: ByItem, low: np.ndarray, high: np.ndarray) -> tuple[Caps, np.ndarray, np.ndarray]:
    """What goes beyond an item's points is given back; and both ends of the scores after the extra items.

    An extra item takes at most its points and never more than the account has left (`rulings.md` §3: floor 0).
    """
    worth_low = np.where(items.is_extra, np.minimum(items.worth, low[items.account]), items.worth)
    worth_high = np.where(items.is_extra, np.minimum(items.worth, high[items.account]), items.worth)
    low, high = low.copy(), high.copy()
    np.subtract.at(low, items.account, np.where(items.is_extra, np.minimum(items.most, worth_low), 0))
    np.subtract.at(high, items.account, np.where(items.is_extra, np.minimum(items.sure, worth_high), 0))
    over = items.most > worth_low
    given_back = np.maximum(items.sure - worth_high, 0)
    return Caps(items.first[over], worth_low[over], given_back[over], (items.most - worth_low)[over]), low, high


def _rescaled(loss: np.ndarray, left_points: np.ndarray, base: int) -> tuple[np.ndarray, np.ndarray]:
    """The printed score, and what 折算 changes against base − loss."""
    plain = base - loss
    scaled = half_up(base // CENT * (left_points - loss), left_points) * CENT
    score = np.where(left_points == base, plain, scaled)
    return score, score - plain


def account_frame(found: Tally, scheme: Scheme) -> pd.DataFrame:
    """Frame `account_scores`: every live account.

    An account with too few live days (`is_scored` false) is looked at for vetoes only: no low, high or score, and it
    is left out of its unit's mean; a veto is still shown (readings 7). Open vetoes are presumed none for low and high,
    but there is no score until they are answered; the grade is given only when both ends lie in one band.
    """
    is_vetoed = found.veto >= 0
    has_points = np.asarray(found.live["is_scored"])
    low_band, high_band = bands_of(found.low, scheme), bands_of(found.high, scheme)
    grade = np.where(has_points & (low_band == high_band), low_band, -1)
    grade[is_vetoed] = len(scheme.bands) - 1
    codes = arrow([veto.code for veto in scheme.vetoes])
    return conform(
        pd.DataFrame(
            {
                "account_id": found.live["account_id"],
                "account_name": found.live["account_name"],
                "unit_id": found.live["unit_id"],
                "platform": found.live["platform"],
                "low": to_decimal(found.low, 2, ~has_points),
                "high": to_decimal(found.high, 2, ~has_points),
                "score": to_decimal(found.high, 2, ~has_points | found.is_open),
                "grade": series(take(arrow([band.name for band in scheme.bands]), grade)),
                "is_vetoed": is_vetoed,
                "veto_code": series(take(codes, found.veto)),
                "open_vetoes": _named(found.open_vetoes, [veto.code for veto in scheme.vetoes]),
                "is_scored": has_points,
                "is_provisional": found.is_open,
            }
        ),
        "account_scores",
    )


def bands_of(score: np.ndarray, scheme: Scheme) -> np.ndarray:
    """The position in scheme.bands of each printed score; a lower edge belongs to its band."""
    edges = np.array([band.lowest for band in reversed(scheme.bands)], dtype="i8")
    return np.asarray(len(edges) - np.searchsorted(edges, score, side="right"), dtype="i8")


def _named(mask: np.ndarray, codes: list[str]) -> pd.Series:
    """For each row of the mask the chosen codes, `V1、V3`; missing where there is none."""
    number = mask @ (1 << np.arange(mask.shape[1], dtype="i8"))
    patterns, at = np.unique(number, return_inverse=True)
    words: Mapping[int, str | None] = {
        bits: "、".join(code for place, code in enumerate(codes) if bits >> place & 1) or None for bits in patterns.tolist()
    }
    return series(take(arrow(list(words.values())), at)) if len(mask) else pd.Series(dtype="str")
