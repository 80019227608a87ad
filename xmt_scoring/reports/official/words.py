"""Words and characters of official documents: what may stand in one, numbers of headings, dates, how a title is broken."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import unicodedata

from xmt_scoring.law import chinese_number
from xmt_scoring.reports.excel_style import safe_text

_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # would turn the rest of a line around
MARK = "|"  # where a title may be broken


def clean(value: object) -> str:
    """Text as one paragraph may hold it: line breaks become blanks, what XML or a line cannot bear becomes "�"."""
    return " ".join(_DIRECTION.sub("�", safe_text(value)).split("\n")).strip()


def heading_number(level: int, number: int) -> str:
    """The number of the n-th heading of a level: 一、 then (一) then 1. then (1), brackets full-width (7.3.3)."""
    if level in (1, 2):
        return f"{chinese_number(number)}、" if level == 1 else f"（{chinese_number(number)}）"
    return f"{number}." if level == 3 else f"（{number}）"


def chinese_date(day: dt.date) -> str:
    """2026年4月3日: no leading zeros (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def width(text: str) -> float:
    """How many Chinese characters wide a text is: digits and Latin letters count half."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text if not unicodedata.combining(char))


def title_lines(text: str, most: int = 20) -> list[str]:
    """A title in lines of at most `most` characters that form a trapezoid or a diamond, broken only at `|` (7.3.1).

    Without marks, or where no line would be short enough, it may be broken anywhere but inside a number or before 的.
    """
    pieces = [piece for piece in text.split(MARK) if piece]
    if width("".join(pieces)) <= most:
        return ["".join(pieces)]
    for cut in (pieces, re.findall(r"[0-9A-Za-z.]+年?|.[的、,。)》”]?", "".join(pieces))):
        for count in range(2, 6):
            found = [lines for lines in _divided(cut, count) if all(width(line) <= most for line in lines)]
            shaped = [lines for lines in found if _is_shaped([width(line) for line in lines])]
            if found:
                return min(shaped or found, key=lambda lines: max(map(width, lines)) - min(map(width, lines)))
    return ["".join(pieces)]


def _divided(pieces: list[str], count: int) -> list[list[str]]:
    if len(pieces) > 12 and count > 3:
        return []
    ends = itertools.combinations(range(1, len(pieces)), count - 1)
    return [["".join(pieces[start:end]) for start, end in itertools.pairwise((0, *inner, len(pieces)))] for inner in ends]


def _is_shaped(widths: list[float]) -> bool:
    """Neither a rectangle nor an hourglass: widths rise, fall, or rise and then fall, and are not all equal."""
    steps = [after - before for before, after in itertools.pairwise(widths)]
    falls = [index for index, step in enumerate(steps) if step < 0]
    return any(steps) and all(step <= 0 for step in steps[falls[0] :]) if falls else any(steps)
