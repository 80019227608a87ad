"""Personal data on its way into a report: one character stays, the rest is hidden (DESIGN section 3)."""

from __future__ import annotations

import pandas as pd

HIDDEN = "＊＊"
# 11-digit mobile numbers and 15- or 18-digit identity numbers, wherever they stand in a sentence
_NUMBERS = r"(?<![0-9])([0-9]{3})(?:[0-9]{8}|[0-9]{12}(?:[0-9]{2}[0-9Xx])?)(?![0-9Xx])"


def mask(values: pd.Series) -> pd.Series:
    """Names, phones and texts of people as their first character and ＊＊; missing stays missing, blank stays blank."""
    text = values.astype("str").str.strip()
    return (text.str.slice(0, 1) + HIDDEN).where(text != "", text)


def mask_numbers(values: pd.Series) -> pd.Series:
    """A sentence with the phone and identity numbers in it cut to their first three digits."""
    return values.astype("str").str.replace(_NUMBERS, rf"\1{HIDDEN}", regex=True)
