"""How names, dates and sentences of the program are written in an official document: full-width marks, “ ”, no leading zeros."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import pandas as pd

from xmt_scoring.reports.masking import mask_numbers

LONGEST = 300  # characters of one problem that a circular prints
CUT = "……（全文见考核评分表）"
_QUOTED = re.compile("(“[^”]*”|《[^》]*》)")  # names and titles stay as they are registered
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SAME_YEAR = re.compile(r"([0-9]{4})年([0-9]{1,2}月[0-9]{1,2}日) ?至 ?\1年")
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_CHINESE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”《》、。〔〕\U00020000-\U0003ffff]"
_MARK = re.compile(rf"(?<={_CHINESE})[,;:?!()]|[,;:?!()](?={_CHINESE}|$)")
_BRACKETS = re.compile(rf"\(([^()]*{_CHINESE}[^()]*)\)")
_BLANK = re.compile(rf"(?<={_CHINESE}) +(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) +(?={_CHINESE})|(?<={_CHINESE}) +(?={_CHINESE})")


def official(text: str) -> str:
    """A sentence of the program as an official document writes it: marks beside Chinese are full-width, no blanks around
    numbers, 2026年7月1日 for 2026-07-01; what stands in “ ” or 《 》 is left alone, long numbers of people are hidden."""
    hidden = str(mask_numbers(pd.Series([text])).iloc[0])
    parts = _QUOTED.split(hidden)
    return "".join(part if number % 2 else _plain(part) for number, part in enumerate(parts))


def _plain(text: str) -> str:
    text = _DATE.sub(lambda found: f"{int(found[1])}年{int(found[2])}月{int(found[3])}日", text)
    text = _SAME_YEAR.sub(r"\1年\2至", text)
    text = _BRACKETS.sub(r"（\1）", text)
    text = _MARK.sub(lambda found: _WIDE[found[0]], text)
    return _BLANK.sub("", text)


def shortened(text: str) -> str:
    """A text that is too long for a circular, cut with the place where the whole stands."""
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


def quoted(name: str) -> str:
    """A name in “ ”; quotes inside it become ‘ ’."""
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


def day(date: dt.date, since: dt.date | None = None) -> str:
    """2026年7月1日; without the year where `since` has said it."""
    text = f"{date.month}月{date.day}日"
    return text if since is not None and since.year == date.year else f"{date.year}年{text}"


def span(start: dt.date, end: dt.date) -> str:
    """2026年7月1日至9月30日."""
    return f"{day(start)}至{day(end, start)}"


def listed(names: Iterable[str]) -> str:
    """Names joined by 、."""
    return "、".join(names)
