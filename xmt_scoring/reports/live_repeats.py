"""One event, one loss (`rulings.md` §4), as a spreadsheet can compute it: which rows compete, and in what order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from xmt_scoring.reports.sheets_data import LISTED, SUPERSEDED, Sheets

_HIGHEST = 999


@dataclass(frozen=True)
class Repeated:
    """A row that competes with others of its account for one event.

    `group`: the number of the event in this workbook. `preference`: larger for the row that wins a tie. `low`, `high`:
    what it would cost alone. `most`, `least`: its keys, as the formulas make them.
    """

    group: int
    preference: int
    low: Decimal
    high: Decimal

    @property
    def most(self) -> int:
        """The key of the largest loss that the row may bring."""
        return self._key(self.low)

    @property
    def least(self) -> int:
        """The key of the loss that is certain."""
        return self._key(self.high)

    def _key(self, points: Decimal) -> int:
        return int(-points * 10_000) * 1_000 + self.preference if points < 0 else -1


def repeated_events(sheets: Sheets) -> dict[int, Repeated]:
    """Position in `sheets.losses` → how it competes. Rows of an event whose figures this order does not give are left out.

    (An event that two checks of one item report, one of them still open, is merged by the scoring; its rows stay as they
    are until the quarter is run again.)
    """
    if sheets.data.settings["repeated_event"] == "each":
        return {}
    rows = sheets.losses
    may = (~rows["kind"].isin([LISTED, "扣完为止", "单项否决"]) & rows["event_id"].notna()).to_numpy(dtype=bool)
    keys = rows.loc[may, "account_id"].astype("str") + "|" + rows.loc[may, "event_id"].astype("str")
    shared = keys[keys.duplicated(keep=False)]
    verdicts = sheets.data.frames["verdicts"]
    fails = verdicts[(verdicts["outcome"] == "fail").to_numpy(dtype=bool)]
    failing = set(zip(fails["check_id"], fails["unit_id"], fails["event_id"].astype("str"), strict=True))
    found: dict[int, Repeated] = {}
    for number, positions in enumerate(shared.groupby(shared, sort=False).groups.values(), start=1):
        ordered = sorted(positions, key=lambda at: (rows.at[at, "place"], rows.at[at, "group"], at))
        made = {}
        for rank, at in enumerate(ordered):
            row = rows.loc[at]
            low = row["nominal"] if row["kind"] == SUPERSEDED else row["low"]
            is_sure = (row["check_id"], row["unit_id"], str(row["event_id"])) in failing
            made[at] = Repeated(number, _HIGHEST - rank, low, low if is_sure else Decimal(0))
        if _holds(rows, made):
            found |= made
    return found


def _holds(rows: pd.DataFrame, made: dict[int, Repeated]) -> bool:
    """Whether the order gives the figures of the scoring."""
    for at, one in made.items():
        is_carried = rows.at[at, "kind"] == "单位项结转"
        may = is_carried or not any(other.least > one.most for other in made.values())
        must = is_carried or sum(other.most >= one.least for other in made.values()) == 1
        low, high = (one.low if may else Decimal(0)), (one.high if must else Decimal(0))
        if (low, high) != (rows.at[at, "low"], rows.at[at, "high"]):
            return False
    return True
