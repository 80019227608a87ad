"""The workdays of 2025; no code of the package."""

from __future__ import annotations

import datetime as dt

# 国务院办公厅: holidays of 2025 and the weekend days worked instead
OFF = [
    ("01-01", "01-01"),
    ("01-28", "02-04"),
    ("04-04", "04-06"),
    ("05-01", "05-05"),
    ("05-31", "06-02"),
    ("10-01", "10-08"),
]
WORKED = {dt.date(2025, month, day) for month, day in ((1, 26), (2, 8), (4, 27), (9, 28), (10, 11))}
DAY = dt.timedelta(days=1)


def is_workday(day: dt.date) -> bool:
    """By the notice on the holidays of 2025."""
    if day in WORKED:
        return True
    return day.weekday() < 5 and not any(start <= f"{day:%m-%d}" <= end for start, end in OFF)


def workdays(start: dt.date, end: dt.date) -> int:
    """After `start`, up to and including `end`."""
    return sum(is_workday(start + DAY * number) for number in range(1, (end - start).days + 1))
