"""《太白县政府系统政务新媒体管理办法》 as published on 2021-08-18, verbatim, by article."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

TITLE = "太白县政府系统政务新媒体管理办法"
_DIGITS = "零一二三四五六七八九"
_ITEM = re.compile(r"^([0-9]+)\.", re.M)
_HEAD = re.compile(r"^第([一二三四五六七八九十]+)条\s*", re.M)


def chinese_number(number: int) -> str:
    """1 → 一, 11 → 十一, 25 → 二十五 (1 to 99)."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")) + (_DIGITS[ones] if ones else "")


@cache
def articles() -> dict[int, str]:
    """Article number → its text without the heading 第…条; paragraphs one per line."""
    raw = files("xmt_scoring.law").joinpath("taibai_2021.txt").read_text(encoding="utf-8")
    body = raw[raw.index("第一章") : raw.index("打印 关闭")]
    body = re.sub(r"^第[一二三四五六七]章.*$", "", body, flags=re.M)
    numbers = {chinese_number(number): number for number in range(1, 26)}
    pieces = _HEAD.split(body)[1:]
    return {
        numbers[head]: "\n".join(line.strip() for line in text.splitlines() if line.strip())
        for head, text in zip(pieces[::2], pieces[1::2], strict=True)
    }


def article(code: str) -> str:
    """The text of an article ("12") or of one of its items ("11.1"); KeyError when there is none."""
    number, _, item = code.partition(".")
    text = articles()[int(number)]
    if not item:
        return text
    for line in text.splitlines():
        if line.startswith(f"{item}."):
            return line.removeprefix(f"{item}.")
    raise KeyError(code)


def places() -> list[str]:
    """Every article and numbered item in the order of the text: "1", …, "8", "8.1", …, "25"."""
    found = []
    for number, text in articles().items():
        found += [str(number), *(f"{number}.{item}" for item in _ITEM.findall(text))]
    return found


def own_text(code: str) -> str:
    """The text of an article without its numbered items, or of one item."""
    return article(code) if "." in code else "\n".join(
        line for line in article(code).splitlines() if not _ITEM.match(line)
    )


def citation(code: str) -> str:
    """"11.1" → 第十一条第1项."""
    number, _, item = code.partition(".")
    return f"第{chinese_number(int(number))}条" + (f"第{item}项" if item else "")
