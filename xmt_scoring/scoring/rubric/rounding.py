"""Rounding at printed levels; everything before is exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

from xmt_scoring.scoring.rubric.model import Rounding


def rounded(value: Fraction, how: Rounding) -> Fraction:
    """The value at so many places: half_up (away from zero), half_even, or down (cut off, towards zero)."""
    scale = 10**how.places
    scaled = abs(value) * scale
    whole = floor(scaled)
    rest = scaled - whole
    half = Fraction(1, 2)
    is_up = rest >= half if how.mode == "half_up" else rest > half or (rest == half and whole % 2 == 1)
    if is_up and how.mode != "down":
        whole += 1
    return Fraction(whole if value >= 0 else -whole, scale)


def printed(value: Fraction, how: Rounding) -> Decimal:
    """The rounded value as a Decimal that shows exactly so many places."""
    whole = rounded(value, how) * 10**how.places
    return Decimal(int(whole)).scaleb(-how.places)
