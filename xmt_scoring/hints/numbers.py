"""Hints for numbers of persons: mobile phones, identity numbers, bank cards, telephones at home (art. 19)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xmt_scoring.hints.matcher import Found
from xmt_scoring.hints.rules import kinds, matching, version

HITS = [
    "start", "end", "kind", "word", "article", "severity", "level", "correction", "reason", "subject", "word_list", "list_version",
]  # fmt: skip
LIST = "内置/号码规则"
CODE = "编号"
_BEFORE = r"(?<![0-9a-z第])(?<![0-9]-)(?<![0-9]\.)"
_AFTER = r"(?![0-9a-z])(?!-[0-9])"
# what is counted, not called
_NO_AMOUNT = r"(?!\.[0-9])(?!\s?(?:元|万|亿|人|次|吨|平方|立方|%|公里|千米|米|千瓦|度|亩|株|棵|字节|年|件|份|册|公斤|斤|克|头|只|羽))"
_SEPARATOR = r"[ .\-–—_]{0,3}"
_MOBILE = re.compile(
    _BEFORE + r"(?:\+?(?:00)?86" + _SEPARATOR + r")?"
    r"(?P<number>1[3-9][0-9]" + _SEPARATOR + r"[0-9]{4}" + _SEPARATOR + r"[0-9]{4}|1(?P<gap>[ .\-_])[3-9](?:(?P=gap)[0-9]){9})" + _AFTER + _NO_AMOUNT
)  # fmt: skip
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_IDENTITY = re.compile(_BEFORE + r"(?P<number>[1-9][0-9]{5}[ -]?(?:18|19|20)[0-9]{2}" + _DAY + r"[ -]?[0-9]{3}[0-9x])" + _AFTER)
_OLD_IDENTITY = re.compile(_BEFORE + r"(?P<number>[1-9][0-9]{5}[0-9]{2}" + _DAY + r"[0-9]{3})" + _AFTER)
_CARD = re.compile(_BEFORE + r"(?P<number>[3-69][0-9](?:[ -]?[0-9]){14,17})" + _AFTER)
_LANDLINE = re.compile(_BEFORE + r"(?P<number>0[1-9][0-9]{1,2}[ -]?[2-9][0-9]{6,7})" + _AFTER)
_PROVINCES = {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83}
_FIRST_BIRTH_YEAR = 1900


@dataclass(frozen=True)
class _Seen:
    """A number of some form: where, its digits, and where the words before it stand (−1: none)."""

    start: np.ndarray
    end: np.ndarray
    digits: list[str]
    found: Found

    def before(self, context: str) -> np.ndarray:
        window = "code_window" if context == CODE else "label_window"
        return self.found.last_before(self.start, context, matching(window))

    def hits(self, word: str, chosen: np.ndarray, level: np.ndarray | str, reason: np.ndarray | str) -> pd.DataFrame:
        made = pd.DataFrame({"start": self.start, "end": self.end, "subject": np.array(self.digits, dtype=object)})
        made = made.assign(
            kind="personal_data", word=word, article=kinds()["personal_data"]["article"], severity=None, level=level,
            correction=None, reason=reason, word_list=LIST, list_version=version(),
        )  # fmt: skip
        return made.loc[chosen.astype(bool), HITS]


def _seen(found: Found, pattern: re.Pattern[str]) -> _Seen:
    numbers = found.texts.numbers
    matches = list(pattern.finditer(numbers.text))
    spans = np.array([each.span("number") for each in matches], dtype="i8").reshape(-1, 2)
    start, end = numbers.span(spans[:, 0], spans[:, 1])
    return _Seen(start, end, [re.sub(r"[^0-9x]", "", each.group("number")) for each in matches], found)


def number_hints(found: Found, as_of: dt.date) -> pd.DataFrame:
    """One row per number that may be a person's: the columns of HITS."""
    made = [_mobiles(found), *_identities(found, as_of), _cards(found), _home_telephones(found)]
    return pd.concat(made, ignore_index=True)


def _mobiles(found: Found) -> pd.DataFrame:
    seen = _seen(found, _MOBILE)
    code, phone, office = seen.before(CODE), seen.before("电话"), seen.before("公务电话")
    is_code = (code >= 0) & (code > phone) & (code > office)
    reason = np.where(office >= 0, "疑为对外公布的公务手机，请核对是否经本人同意、可否改用座机", "形似手机号码，请核对是否应当公开")
    return seen.hits("手机号码", ~is_code, np.where(office >= 0, "low", "normal"), reason)


def _identities(found: Found, as_of: dt.date) -> Iterator[pd.DataFrame]:
    from stdnum.cn.ric import calc_check_digit

    seen = _seen(found, _IDENTITY)
    born = np.array([_is_birthday(digits[6:14], as_of) and int(digits[:2]) in _PROVINCES for digits in seen.digits], dtype=bool)
    right = np.array([calc_check_digit(digits.upper()) == digits[-1].upper() for digits in seen.digits], dtype=bool)
    card, code = seen.before("身份证"), seen.before(CODE)
    named = card >= 0
    level = np.where(right & named, "high", np.where(right & ~((code >= 0) & ~named), "normal", "low"))
    reason = np.where(right, "出生日期与校验码都对得上，应是身份证号码", "写明是身份证号，但校验码不对（可能录错，仍会泄露生日和籍贯）")
    yield seen.hits("身份证号码", born & (right | named), level, reason)
    old = _seen(found, _OLD_IDENTITY)
    born = np.array([_is_birthday("19" + digits[6:12], as_of) and int(digits[:2]) in _PROVINCES for digits in old.digits], dtype=bool)
    yield old.hits("身份证号码", born & (old.before("身份证") >= 0), "normal", "写明是身份证号，且是 15 位旧号的样子")


def _is_birthday(digits: str, as_of: dt.date) -> bool:
    try:
        born = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return born.year >= _FIRST_BIRTH_YEAR and born <= as_of


def _cards(found: Found) -> pd.DataFrame:
    from stdnum.luhn import is_valid

    is_card: Callable[[str], bool] = is_valid
    seen = _seen(found, _CARD)
    right = np.array([is_card(digits) for digits in seen.digits], dtype=bool)
    card, office = seen.before("银行卡"), seen.before("对公账户")
    reason = np.where(office >= 0, "疑为单位账户", "卡号字样之后，且校验位对得上，应是银行卡号")
    return seen.hits("银行卡号", right & (card >= 0), np.where(office >= 0, "low", "normal"), reason)


def _home_telephones(found: Found) -> pd.DataFrame:
    seen = _seen(found, _LANDLINE)
    return seen.hits("住宅电话", seen.before("住宅电话") >= 0, "normal", "写明是家庭电话")
