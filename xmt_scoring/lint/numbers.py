"""Numbers of a sentence with their units: Arabic and Chinese ones; dates, document numbers, quotations and ordinals are none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_UNITS = (
    "个百分点|百分点|个工作日|工作日|个自然日|个季度|个月|个小时|小时|分钟|个|家|条|分|天|日|周|次|项|篇|人|处|名|位|户|件|起|种|类|批|期|年|月|号|倍|封|份|%|‰"
)
_ARABIC = re.compile(
    r"(?<![0-9A-Za-z.,\-/])([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)(?![0-9])\s?(万|亿)?(余|多)?\s?(" + _UNITS + ")?"
)
_CHINESE_DIGITS = "零〇一二三四五六七八九十百千两"
_CHINESE = re.compile(
    rf"(?<![第每同任这那各某哪首唯之{_CHINESE_DIGITS}])([{_CHINESE_DIGITS}]+)(余|多)?"
    r"(个百分点|个工作日|个(?!别|性|人信息|人隐私)|家(?!号|万)|条|篇|项|次|天|周)"
)
_PERCENT_WORDS = re.compile(rf"百分之([{_CHINESE_DIGITS}]+)(?:点([{_CHINESE_DIGITS}]+))?")
_NOT_COUNTED = re.compile(
    r"“[^”]*”|《[^》]*》|[〔\[（(【]\s?[0-9]{4}\s?[〕\]）)】]\s?[0-9]+\s?号|https?://[!-~]+|[0-9]{1,2}[:：][0-9]{2}(?![0-9])"
    r"|[0-9]{2,4}\s?[年./-]\s?[0-9]{1,2}(?:\s?[月./-]\s?[0-9]{1,2}\s?(?:日|号)?|\s?月(?:份)?)|[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?(?:日|号)"
    rf"|(?:19|20)[0-9]{{2}}\s?年(?:度)?|[0-9]{{1,2}}月份?|第\s?[0-9{_CHINESE_DIGITS}]+|附件\s?[0-9]+|表\s?[0-9]+|[0-9]{{3,4}}-[0-9]{{7,8}}"
    r"|(?<![0-9])1[3-9][0-9]{9}(?![0-9])|^\s?[0-9]{1,2}[.、](?![0-9])|^\s?[（(][0-9]{1,2}[）)]"
)
_VALUES = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_SCALE = {"万": 10_000, "亿": 100_000_000, None: 1}
_ABOUT_BEFORE = re.compile(r"(?:[0-9][-—~～至到]|约|近|超过|超|不少于|不低于|不超过|至少|最多|逾|大约|以上|不足|少于|多于|每|低于|高于)(?:为)?$")
_ABOUT_AFTER = re.compile(r"^(?:左右|以上|以下|以内|上下|内|之内|[-—~～至到][0-9])")


@dataclass(frozen=True)
class Number:
    """A number of a text: its value and decimal places, its unit (empty where none), where it stands and how it is written.

    `is_loose`: about, at least, up to, or the article 一个; such a number is read but never recomputed.
    """

    value: Decimal
    places: int
    unit: str
    start: int
    end: int
    shown: str
    is_loose: bool = False

    @property
    def printed(self) -> str:
        """The number in digits, as the arithmetic reads it: 百分之八十五点七 is `85.7%`."""
        return f"{self.value}{self.unit if self.is_share else ''}"

    @property
    def is_share(self) -> bool:
        """Whether it is printed as a share of something."""
        return self.unit in ("%", "‰")


def chinese_value(words: str) -> int | None:
    """十二 → 12, 一百零三 → 103, 二〇二六 → 2026; missing where the characters are no number."""
    if not any(char in _STEPS for char in words):
        return int("".join(str(_VALUES[char]) for char in words)) if words and all(char in _VALUES for char in words) else None
    value, digit = 0, 0
    for char in words:
        if char in _STEPS:
            value += (digit or (1 if char == "十" else 0)) * _STEPS[char]
            digit = 0
        elif char in _VALUES:
            digit = _VALUES[char]
        else:
            return None
    return value + digit


@lru_cache(maxsize=1024)
def masked(text: str) -> str:
    """The text with what holds no counted number blanked out (quotations, dates, document numbers); as long as before."""
    return _NOT_COUNTED.sub(lambda found: "\u3000" * len(found[0]), text)


@lru_cache(maxsize=1024)
def numbers(text: str) -> tuple[Number, ...]:
    """Every number of a text with half-width digits, in order."""
    plain = masked(text)
    found = [*_arabic(plain), *_percent_words(plain)]
    taken = [(number.start, number.end) for number in found]
    found += [number for number in _chinese(plain) if all(number.end <= start or number.start >= end for start, end in taken)]
    return tuple(sorted(found, key=lambda number: number.start))


def _is_about(text: str, start: int, end: int) -> bool:
    return bool(_ABOUT_BEFORE.search(text[max(0, start - 6) : start]) or _ABOUT_AFTER.match(text[end : end + 4]))


def _arabic(text: str) -> list[Number]:
    found = []
    for each in _ARABIC.finditer(text):
        written = each[1].replace(",", "")
        places = len(written.partition(".")[2])
        end = each.end() if each[4] else each.end(1) if not each[2] else each.end(2)
        loose = bool(each[2] or each[3]) or _is_about(text, each.start(), end)
        found.append(Number(Decimal(written) * _SCALE[each[2]], places, each[4] or "", each.start(), end, text[each.start() : end].strip(), loose))
    return found


def _percent_words(text: str) -> list[Number]:
    found = []
    for each in _PERCENT_WORDS.finditer(text):
        whole, rest = chinese_value(each[1]), chinese_value(each[2]) if each[2] else None
        if whole is not None:
            digits = "" if rest is None else str(rest).zfill(len(each[2]))
            value = Decimal(f"{whole}.{digits}") if digits else Decimal(whole)
            found.append(Number(value, len(digits), "%", each.start(), each.end(), each[0], _is_about(text, *each.span())))
    return found


def _chinese(text: str) -> list[Number]:
    found = []
    for each in _CHINESE.finditer(text):
        value = chinese_value(each[1])
        if value is not None:
            loose = bool(each[2]) or value < 2 or _is_about(text, *each.span())
            found.append(Number(Decimal(value), 0, each[3], each.start(), each.end(), each[0], loose))
    return found
