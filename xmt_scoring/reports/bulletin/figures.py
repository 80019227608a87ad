"""The figures of a circular: each with the frame that it comes from and how, in words; and how numbers are printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pandas as pd

from xmt_scoring.frames import conform, empty
from xmt_scoring.points import half_up


@dataclass(frozen=True)
class Figure:
    """A number as a template takes it: prints as `text`, false when it is 0 for certain. `low` ≠ `high` while it is open."""

    text: str
    low: Decimal
    high: Decimal

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return self.high != 0


@dataclass
class Figures:
    """Every figure of one circular, in the order in which they were made."""

    places: int
    rows: list[dict[str, object]] = field(default_factory=list)

    def count(self, name: str, number: int, frame: str, how: str, at_most: int | None = None) -> Figure:
        """A number of things, or `number` to `at_most` of them while something is open."""
        high = number if at_most is None else at_most
        return self._kept(name, Figure(f"{number}" if number == high else f"{number}至{high}", Decimal(number), Decimal(high)), frame, how)

    def rate(self, name: str, part: int, whole: int, frame: str, how: str, at_most: int | None = None) -> Figure:
        """part / whole in per cent, half-up at the office's places; 100% and 0% have none. 0% of nothing is not asked for."""
        low, high = (percent(each, whole, self.places) for each in (part, part if at_most is None else at_most))
        text = f"{percent_text(low)}" if low == high else f"{percent_text(low)}至{percent_text(high)}"
        return self._kept(name, Figure(text, low, high), frame, how)

    def change(self, name: str, now: Figure, before: Figure, frame: str, how: str) -> Figure:
        """How many percentage points one printed rate is above another; its text has no sign."""
        points = now.low - before.low
        return self._kept(name, Figure(_plain(abs(points)), points, points), frame, how)

    def frame(self) -> pd.DataFrame:
        """Frame `bulletin_figures`."""
        return conform(pd.DataFrame(self.rows), "bulletin_figures") if self.rows else empty("bulletin_figures")

    def _kept(self, name: str, figure: Figure, frame: str, how: str) -> Figure:
        self.rows.append({"figure": name, "printed": figure.text, "low": figure.low, "high": figure.high, "frame": frame, "how": how})
        return figure


def percent(part: int, whole: int, places: int) -> Decimal:
    """part / whole × 100, half-up at `places` decimals."""
    scaled = half_up(np.array([part * 100 * 10**places], dtype="i8"), whole)
    return Decimal(int(scaled[0])).scaleb(-places)


def percent_text(value: Decimal) -> str:
    """92.86%, 90.00%; 100% and 0% without decimals, as circulars write them."""
    return f"{value:f}%" if value not in (0, 100) else f"{int(value)}%"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
