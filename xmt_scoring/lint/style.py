"""Marks and order of an official document: brackets of document numbers, full-width marks, pairs, headings, attachments."""

from __future__ import annotations

import re

from xmt_scoring.lint.documents import LEVELS, Document, Paragraph
from xmt_scoring.lint.numbers import chinese_value
from xmt_scoring.lint.report import INSIDE, Notes

STANDARD = "GB/T 9704-2012"
_NUMBER = re.compile(
    r"([一-鿿]{1,12}(?:发|函|办|字|通|规|政|厅|公|党|组|函字))\s?([\[(（【［〔〈{])\s?([0-9]{2,4})\s?([\])）】］〕〉}])\s?(第)?\s?([0-9]+)\s?号"
)
_NUMBER_ALONE = re.compile(r".{0,20}〔[0-9]{4}〕[0-9×]+号")
_HALF = re.compile(r"(?<=[一-鿿”》）])[,;:?!](?![/0-9])|(?<=[一-鿿])\.(?![0-9A-Za-z])|\([^()]*[一-鿿][^()]*\)|(?<=[一-鿿])\"|\"(?=[一-鿿])")
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》")
_DOUBLED = re.compile(r"[，。、；：]{2,}|,,+|。\s*，|，\s*。")
_PAIRS = ("“”", "《》", "（）", "〔〕")
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。", '"': "“”"}
_LISTED = re.compile(r"附\s?件\s?[:：]\s?(?:1\s?[.．、]\s?)?(.*)")
_LISTED_NEXT = re.compile(r"([0-9]{1,2})\s?[.．、]\s?(.+)")
_REFERRED = re.compile(r"附件\s?([0-9]{1,2})")


def check_style(document: Document, notes: Notes) -> None:
    """Everything that GB/T 9704-2012 and plain care ask of the marks."""
    for paragraph in document.paragraphs:
        _check_document_numbers(paragraph, notes)
        _check_marks(paragraph, notes)
    _check_headings(document, notes)
    _check_attachments(document, notes)


def _check_document_numbers(paragraph: Paragraph, notes: Notes) -> None:
    for found in _NUMBER.finditer(paragraph.text):
        year, number = found[3], found[6]
        # a number that is all zeros is a blank left to fill in
        plain = number if not number.strip("0") else number.lstrip("0")
        right = f"{found[1]}〔{year}〕{plain}号"
        if len(year) != 4:
            notes.accuse("文号", paragraph, found.start(), found[0], "年份写全四位", STANDARD)
        elif found[0] != right:
            notes.accuse("文号", paragraph, found.start(), found[0], f"年份用六角括号，不写“第”，不编虚位：{right}", STANDARD)
        else:
            notes.agree("文号")


def _check_marks(paragraph: Paragraph, notes: Notes) -> None:
    # what is quoted keeps the marks of its source, and document numbers have their own check
    if _NUMBER_ALONE.fullmatch(paragraph.text):
        return
    plain = _NUMBER.sub(lambda found: "　" * len(found[0]), _QUOTED.sub(lambda found: "“" + "　" * (len(found[0]) - 2) + "”", paragraph.text))
    half = list(_HALF.finditer(plain))
    if half:
        shown = "、".join(dict.fromkeys(paragraph.text[max(0, each.start() - 4) : each.end()] for each in half))
        wanted = "、".join(dict.fromkeys(_WIDE.get(each[0], "（）") for each in half))
        notes.accuse("标点", paragraph, half[0].start(), shown, f"用全角标点 {wanted}", STANDARD)
    for each in _DOUBLED.finditer(plain):
        notes.accuse("标点", paragraph, each.start(), paragraph.text[max(0, each.start() - 6) : each.end()], "标点重复", STANDARD)
    for pair in _PAIRS:
        opening, closing = pair[0], pair[1]
        if paragraph.text.count(opening) != paragraph.text.count(closing):
            notes.accuse("标点", paragraph, max(0, paragraph.text.find(opening)), f"{opening}{closing}", "没有成对", STANDARD)
    if not half:
        notes.agree("标点")


def _check_headings(document: Document, notes: Notes) -> None:
    """一、二、三 without a gap; under each of them （一）（二） from one; 1. may begin again."""
    last: dict[int, int] = {}
    for paragraph in document.body:
        if not paragraph.level or paragraph.text.startswith("附件"):
            continue
        found = LEVELS[paragraph.level - 1].match(paragraph.text)
        number = _order(found[1]) if found else None
        if number is None:
            continue
        last = {level: value for level, value in last.items() if level <= paragraph.level}
        wanted = last.get(paragraph.level, 0) + 1
        # the one before may stand inside a line, where it is no heading of its own
        before = document.paragraphs[paragraph.number - 2].text if paragraph.number > 1 else ""
        runs_on = number == _wanted_inside(before, paragraph.level) and paragraph.level not in last
        if number == wanted or (number == 1 and paragraph.level >= 3) or runs_on:
            notes.agree("序号")
        else:
            notes.accuse("序号", paragraph, 0, paragraph.heading, f"这里应是第 {wanted} 个", INSIDE)
        last[paragraph.level] = number


def _wanted_inside(text: str, level: int) -> int:
    """The number that follows the last one of a level inside a line of text; 0 where the line has none."""
    found = [number for each in LEVELS[level - 1].finditer(text) if (number := _order(each[1])) is not None]
    return found[-1] + 1 if found else 0


def _order(words: str) -> int | None:
    return int(words) if words.isdecimal() else chinese_value(words)


def _check_attachments(document: Document, notes: Notes) -> None:
    started = list(dict.fromkeys(paragraph.annex for paragraph in document.paragraphs if paragraph.annex))
    for wanted, number in enumerate(started, start=1):
        if number != wanted:
            first = next(paragraph for paragraph in document.paragraphs if paragraph.annex == number)
            notes.accuse("附件", first, 0, first.raw, f"这里应是附件{wanted}", INSIDE)
            break
    listed = _listed(document)
    if not listed:
        return
    for paragraph in document.body:
        for found in _REFERRED.finditer(paragraph.text):
            if int(found[1]) > len(listed):
                notes.accuse("附件", paragraph, found.start(), found[0], f"附件说明只列了 {len(listed)} 个", INSIDE)
            else:
                notes.agree("附件")
    for number, (paragraph, title) in enumerate(listed, start=1):
        titles = [other.text for other in document.paragraphs if other.annex == number][1:2]
        if not titles:
            continue
        if _plain(titles[0]) == _plain(title):
            notes.agree("附件")
        else:
            notes.accuse("附件", paragraph, 0, f"附件{number} {title}", f"附件{number}的标题是 {titles[0]}", STANDARD)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def _listed(document: Document) -> list[tuple[Paragraph, str]]:
    """The attachments that the note under the text lists: paragraph and title."""
    listed: list[tuple[Paragraph, str]] = []
    for paragraph in document.body:
        first = _LISTED.fullmatch(paragraph.text)
        if first and first[1]:
            listed = [(paragraph, first[1].strip())]
        elif listed and (following := _LISTED_NEXT.fullmatch(paragraph.text)) and int(following[1]) == len(listed) + 1:
            listed.append((paragraph, following[2].strip()))
    return listed
