"""Where each verdict counts: in every item and veto that names its check, for every account that carries it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from xmt_scoring.scoring.columns import positions, ranked
from xmt_scoring.scoring.scheme import Scheme


def in_every_place(row: np.ndarray, check: np.ndarray, scheme: Scheme) -> tuple[np.ndarray, np.ndarray]:
    """A check that counts in an item and in a veto has its rows once for each place."""
    first = [scheme.checks.index(name) for name in scheme.checks]
    again = [(place, at) for place, at in enumerate(first) if place != at]
    rows, places = [row], [check]
    for place, at in again:
        rows.append(row[check == at])
        places.append(np.full(len(rows[-1]), place, dtype=check.dtype))
    return np.concatenate(rows), np.concatenate(places)


def spread(
    account: np.ndarray, is_carried: np.ndarray, row_units: pa.Array, account_units: pa.Array
) -> tuple[np.ndarray, np.ndarray]:
    """Verdict positions and accounts: own rows as they are, carried rows once for each account of the unit."""
    unit_of_account, units = ranked(account_units)
    by_unit = np.argsort(unit_of_account, kind="stable")
    count = np.bincount(unit_of_account, minlength=len(units))
    first = np.concatenate([[0], np.cumsum(count)])
    own = np.flatnonzero(~is_carried & (account >= 0))
    carried = np.flatnonzero(is_carried)
    unit = positions(row_units.take(pa.array(carried)), units)
    carried, unit = carried[unit >= 0], unit[unit >= 0]
    times = count[unit]
    ends = np.cumsum(times)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - times, times)
    chosen = by_unit[np.repeat(first[unit], times) + within]
    return np.concatenate([own, np.repeat(carried, times)]), np.concatenate([account[own], chosen])
