"""Which accounts a quarter's check looks at: all, or a sample by platform that anyone can draw again (readings 25)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.facts.base import Base, day_number
from xmt_scoring.facts.codes import day_numbers, flags
from xmt_scoring.settings import Settings


def sampled(base: Base, frames: Mapping[str, pd.DataFrame], settings: Settings) -> np.ndarray:
    """Whether each account is in the check. With `census` all are.

    `stratified`: of the live accounts of every platform at least `sampling_percent`, rounded up. Always in: accounts
    of the supervising office, those opened in the period, and those with a problem of the quarter before in the
    register of rectifications. The rest fill up in the order of the SHA-256 of `seed|quarter|account_id`.
    """
    if settings["sampling"] == "census":
        return np.ones(base.size, dtype=bool)
    always = _always_in(base, frames)
    texts = str(settings["sampling_seed"]) + "|" + base.quarter + "|" + base.accounts["account_id"].astype("str")
    order = pd.DataFrame(
        {
            "platform": base.accounts["platform"].astype("str"),
            "later": ~always,
            "digest": [hashlib.sha256(text.encode()).hexdigest() for text in texts],
        }
    )[base.live_days > 0]
    order = order.sort_values(["platform", "later", "digest"])
    place = order.groupby("platform").cumcount()
    size = order.groupby("platform")["digest"].transform("size")
    needed = -(-size * settings["sampling_percent"] // 100)
    chosen = np.zeros(base.size, dtype=bool)
    chosen[order.index[((place < needed) | ~order["later"]).to_numpy()]] = True
    return chosen


def _always_in(base: Base, frames: Mapping[str, pd.DataFrame]) -> np.ndarray:
    units, problems = frames["units"], frames["rectifications"]
    supervisors = units.loc[flags(units["is_supervisor"]), "unit_id"].astype("str")
    owner, account = base.accounts["owner_id"].astype("str"), base.accounts["account_id"].astype("str")
    found = day_numbers(problems["found_on"])
    recent = problems[(found < base.start) & (found >= quarter_before(base.start))]
    of_unit = recent.loc[recent["account_id"].isna(), "unit_id"].astype("str")
    had_problem = account.isin(recent["account_id"].dropna().astype("str")) | owner.isin(of_unit)
    is_new = (base.opened >= base.start) & (base.opened <= base.end)
    return (owner.isin(supervisors) | had_problem).to_numpy(dtype=bool) | is_new


def quarter_before(start: int) -> int:
    """The first day (day number) of the three months before a day."""
    day = dt.date(1970, 1, 1) + dt.timedelta(days=start)
    month = day.year * 12 + day.month - 1 - 3
    return day_number(dt.date(month // 12, month % 12 + 1, min(day.day, 28)))
