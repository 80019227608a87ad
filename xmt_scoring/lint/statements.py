"""What a number counts: its role (registered, checked, passed …), its scope (the county, a platform, some group) and period.

The words are data (`words.toml`). A scope that is not surely the whole county is never compared with the county's numbers.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from xmt_scoring.glossary import choices
from xmt_scoring.lint.documents import Document, Paragraph, sentences
from xmt_scoring.lint.numbers import Number, masked, numbers

COUNTY, UNSURE = "", "?"
COUNTED = ("个", "家", "户", "")
_BREAKS = re.compile(r"[,，。;；:：、（）()\s!！?？—]")
_TO = re.compile(r"(?:提高|上升|提升|增长|下降|降低|回落|降)(?:到|至|为)$")
_CHANGE = re.compile(r"(提高|上升|提升|增长|增加|下降|降低|回落|减少|下滑)(?:了|约)?$")
_AMONG = re.compile(r"^(?:政务新媒体|新媒体|账号|单位)*(?:之)?[中里]")
_OF_UNITS = re.compile(r"^(?:主办)?(?:单位|部门|乡镇|镇|街道|县区)")
_AFTER_UNITS = re.compile(r"(?:单位|部门|乡镇)(?:共|有|为|数)*$")
_RATE_ROLES = ("pass_rate", "fail_rate", "checked_share")
_OTHER_RATE = re.compile(r"([一-鿿]{2,8})率(?:为|达到|达|是)?$")
_BARE_SHARE = re.compile(r"占(?:比)?(?:为|达到|达)?$")
_NARROWS = re.compile(r"未|没有|停更|存在|超过|不(?!合格)|无|缺|需|整改")
_THERE_ARE = re.compile(r"有(?:各类)?政务新媒体(?:账号|平台)?(?:共|共计|合计|总计)?$")
_CHECKS = re.compile(r"对.*#.*进行")
_DOWN = {"下降", "降低", "回落", "减少", "下滑"}


@cache
def words() -> Mapping[str, Any]:
    """The word lists of the linter."""
    return tomllib.loads(files("xmt_scoring").joinpath("lint/words.toml").read_text(encoding="utf-8"))


@cache
def platform_words() -> Mapping[str, str]:
    """Every word for a platform → its code; longer words first."""
    found = {spoken: code for code, listed in choices("platform").items() for spoken in listed}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


@cache
def _tokens() -> tuple[re.Pattern[str], Mapping[str, tuple[str, str]]]:
    """One pattern over all known words, the longest first, and what each is: (kind, value)."""
    meant: dict[str, tuple[str, str]] = dict.fromkeys(words()["roles"]["neutral"], ("neutral", ""))
    for role, listed in words()["roles"].items():
        if role not in ("neutral", "previous", "current", "whole", "sites"):
            meant |= dict.fromkeys(listed, ("role", role))
    meant |= {word: ("platform", code) for word, code in platform_words().items()}
    for kind in ("previous", "current", "whole", "sites"):
        meant |= dict.fromkeys(words()["roles"][kind], (kind, ""))
    pattern = "|".join(re.escape(word) for word in sorted(meant, key=lambda word: (-len(word), word)))
    return re.compile(pattern), meant


@dataclass(frozen=True)
class Clause:
    """The words beside a number: the role that they name last, platform, period, subject, and what no list knows."""

    role: str = ""
    platform: str = ""
    period: str = ""
    subject: str = ""
    is_whole: bool = False
    rest: str = ""


def read_clause(text: str) -> Clause:
    """A clause by the word lists."""
    pattern, meant = _tokens()
    role = platform = period = subject = ""
    is_whole = False
    for found in pattern.finditer(text):
        kind, value = meant[found[0]]
        if kind == "role":
            role = value
        elif kind == "platform":
            platform = value
        elif kind in ("previous", "current"):
            period = kind
        elif kind == "sites":
            subject = "site"
        elif kind == "whole":
            is_whole = True
    return Clause(role, platform, period, subject, is_whole, pattern.sub("", text).strip("，,、 \u3000和及与由从"))


@dataclass(frozen=True)
class Statement:
    """A number with what it counts. `base` is the role that a share is a share of (empty where the text does not say)."""

    number: Number
    role: str
    scope: str
    subject: str
    period: str
    paragraph: Paragraph
    sentence: int
    before: str
    after: str
    base: str = ""
    is_down: bool = False

    @property
    def group(self) -> tuple[str, str, str]:
        """Statements of one group are about the same accounts."""
        return self.scope, self.subject, self.period


def statements(document: Document) -> list[Statement]:
    """Every number of a document's text with its role, in order."""
    return [found for paragraph in document.paragraphs for found in _of_paragraph(paragraph)]


def _of_paragraph(paragraph: Paragraph) -> Iterable[Statement]:
    text = masked(paragraph.text)
    listed = numbers(paragraph.text)
    home = scope = _home_scope(paragraph)
    about_sites = any("网站" in heading and "新媒体" not in heading for heading in paragraph.headings)
    topic = "site" if about_sites else "account"
    for index, (start, end) in enumerate(sentences(paragraph.text)):
        # a sentence after one about a part may go on about it
        scope = home if scope == home else UNSURE
        period, parts, last_role = "current", 0, ""
        inside = [number for number in listed if start <= number.start < end]
        for position, number in enumerate(inside):
            floor = inside[position - 1].end if position else start
            ceiling = inside[position + 1].start if position + 1 < len(inside) else end
            before, after = _before(text[floor : number.start]), _after(text[number.end : ceiling])
            clause, follows, lead = read_clause(before), read_clause(after), read_clause(text[floor : number.start])
            period = "current" if _TO.search(before) else lead.period or period
            if lead.subject or "新媒体" in text[floor : number.start]:
                topic = lead.subject or "account"
            role, base = _role(number, before, clause, follows, after, last_role)
            if lead.is_whole or lead.period == "current":
                scope, parts = home, 0
            scope, parts = _scope(clause, follows, after, role, scope, parts, home)
            down = bool((found := _CHANGE.search(before)) and found[1] in _DOWN)
            subject = _subject(number, before, after) or topic
            yield Statement(number, role, scope, subject, period, paragraph, index, before, after, base, down)
            last_role = role or last_role


def _subject(number: Number, before: str, after: str) -> str:
    if _OF_UNITS.match(after) or _AFTER_UNITS.search(before):
        return "unit"
    return "site" if after.startswith(("网站", "政府网站")) else ""


def _home_scope(paragraph: Paragraph) -> str:
    """In the attachments and under a sub-heading about one kind of problem, numbers are about that only."""
    narrow = [heading for heading in paragraph.headings if "问题" in heading or "附件" in heading]
    if paragraph.annex:
        return f"附件{paragraph.annex}"
    return "".join(paragraph.headings) if narrow else COUNTY


def _before(text: str) -> str:
    pieces = [piece for piece in _BREAKS.split(text) if piece]
    return pieces[-1] if pieces and not _BREAKS.fullmatch(text[-1:]) else ""


def _after(text: str) -> str:
    return _BREAKS.split(text)[0]


def _role(number: Number, before: str, clause: Clause, follows: Clause, after: str, last_role: str) -> tuple[str, str]:
    if "百分点" in number.unit:
        return ("change" if _CHANGE.search(before) else ""), ""
    if number.is_share:
        if clause.role not in _RATE_ROLES and (rate := _OTHER_RATE.search(before)):
            return "other_rate", rate[1]
        if _TO.search(before) and last_role.endswith("_rate"):
            return last_role, ""
        if "占" in before:
            return "share", "" if _BARE_SHARE.search(before) else clause.role or UNSURE
        return (clause.role if clause.role in _RATE_ROLES else ""), ""
    if number.unit not in COUNTED:
        return "", ""
    if clause.role and clause.role not in (*_RATE_ROLES, "found"):
        # 正在运行的3个微博停更: what follows narrows the count
        narrows = clause.role in ("registered", "checked") and _NARROWS.search(after)
        return ("" if narrows else clause.role), ""
    if follows.role and follows.role not in ("registered", "found", *_RATE_ROLES):
        # 2个账号经核查属实 counts no checks; 对28个账号进行了检查 does
        return (follows.role if follows.role != "checked" or _CHECKS.search(f"{before}#{after}") else ""), ""
    if _THERE_ARE.search(before):
        return "registered", ""
    return ("whole" if _AMONG.match(after) else ""), ""


def _scope(
    clause: Clause, follows: Clause, after: str, role: str, scope: str, parts: int, home: str
) -> tuple[str, int]:
    """The scope of this number and how many bare parts of a list stand before it."""
    if not role:  # a part of a list such as 微博8个: what follows one such part may be about it or about the whole
        return (UNSURE, 1) if parts == 0 and clause.platform else (home, parts + 1) if clause.platform else (scope, 0)
    platform = clause.platform or (follows.platform if after.startswith(tuple(platform_words())) else "")
    if platform:
        return home + platform, 0
    if role in ("share", "other_rate", "change", *_RATE_ROLES):
        return scope, 0
    named = clause.rest or (follows.rest if not clause.role else "")
    return (home + named, 0) if named else (scope, 0)
