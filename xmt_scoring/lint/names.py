"""Names listed beside a count: 3个账号:“甲”“乙”“丙”, and “甲”“乙”等5个账号 (never fewer than are named)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xmt_scoring.lint.documents import Document, Paragraph, sentences
from xmt_scoring.lint.numbers import Number, numbers
from xmt_scoring.lint.report import INSIDE, Notes
from xmt_scoring.lint.statements import words

KIND = "名单个数"
QUOTED = re.compile(r"“([^“”]{1,40})”")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_THING = re.compile(r"^(?:政务新媒体|新媒体|政务|公众)*(?:账号|单位|部门|微信公众号|微博|抖音号|抖音|视频号|网站)?")
_TO_LIST = re.compile(r"^[^。;；“”]{0,40}?(?:[:：]|(?:分别|具体)?(?:为|是)(?=“)|[（(](?=“))")
_LONGEST_HEADING = 40
_COUNT_AT_END = re.compile(r"[（(](?:共)?([0-9]+)\s?[个家][）)][。:：]?$")
_IN_ALL = re.compile(r"(?<=[号位门])[，,]共[0-9]+[一-鿿]{1,3}(?=[:：])")
_PLAIN_BEFORE_NAME = re.compile(r"^(?:[^“”。;；:：、,，]{0,22})$")


@dataclass(frozen=True)
class NameList:
    """Names in a row: the names, where they begin and end, and whether 等 or 如 says that there are more."""

    names: list[str]
    start: int
    end: int
    is_open: bool
    is_sure: bool = True


def _kinds() -> str:
    return "|".join(sorted(words()["names"]["kinds"], key=len, reverse=True))


def check_name_lists(document: Document, unit_names: Sequence[str], notes: Notes) -> None:
    """Every count that is followed by its names, or closes a list of names."""
    for paragraph in document.paragraphs:
        text = paragraph.text
        for start, end in sentences(text):
            for number in numbers(text):
                if start <= number.start < end and number.unit in ("个", "家") and not number.is_loose:
                    _check_number(paragraph, number, start, end, unit_names, notes)
    _check_headed_lists(document, notes)


def _check_headed_lists(document: Document, notes: Notes) -> None:
    """A heading that ends with its count in brackets, over one paragraph that is nothing but names."""
    for heading, below in zip(document.paragraphs, document.paragraphs[1:], strict=False):
        found = _COUNT_AT_END.search(heading.text)
        if not found or len(heading.text) > _LONGEST_HEADING or below.level or below.annex != heading.annex:
            continue
        number = next((each for each in numbers(heading.text) if each.start == found.start(1)), None)
        names = _only_names(below.text)
        after = document.paragraphs[below.number : below.number + 1]
        goes_on = after and not after[0].level and _only_names(after[0].text)
        if number and names and not goes_on:
            _judge(heading, number, NameList(names, 0, len(below.text), False), closes=False, notes=notes)


def _only_names(text: str) -> list[str]:
    """The names of a paragraph that holds nothing else: quoted ones, or ones with their platform in brackets; else empty."""
    listed = _quoted_list(text, 0, len(text))
    if listed:
        return listed.names if listed.is_sure and not _BRACKETS.sub("", text[listed.end :]).strip("。 ") else []
    pieces = re.split(r"[、，,](?![^（(]*[）)])", text.strip("。 "))
    is_name = re.compile(rf"[^（(、，。]{{2,25}}[（(](?:政务)?(?:{_kinds()})[^（）()]*[）)]")
    return pieces if all(is_name.fullmatch(piece.strip()) for piece in pieces) else []


def _check_number(paragraph: Paragraph, number: Number, start: int, end: int, unit_names: Sequence[str], notes: Notes) -> None:
    text = paragraph.text
    after = text[number.end : end]
    after = _IN_ALL.sub(lambda each: "　" * len(each[0]), after, count=1)
    lead = _TO_LIST.match(after)
    if lead and not re.search(r"其中|[0-9]", lead[0]):
        found = _quoted_list(text, number.end + lead.end(), end) or _unit_list(text, number.end + lead.end(), end, unit_names)
        if found:
            _judge(paragraph, number, found, closes=False, notes=notes)
            _check_cases(paragraph, number, found, notes)
        return
    before = text[start : number.start]
    if after.startswith(("单位", "部门")) and (closed := re.search(r"([^。;；:：“”0-9]+?)等$", before)):
        names = [name.strip() for name in re.split(r"[、,，]", closed[1]) if name.strip()]
        if all(name in unit_names or (len(name) <= 24 and name.endswith(tuple(words()["names"]["units"]))) for name in names):
            _judge(paragraph, number, NameList(names, start, number.start, True), closes=True, notes=notes)
        return
    closing = re.search(rf"”(?:[（(][^（）()]*[）)]|(?:政务)?(?:{_kinds()}))?\s*(等)?\s*(?:共|这|上述)?$", before)
    if closing:
        names = _quoted_before(text, start, number.start)
        if names:
            _judge(paragraph, number, NameList(names, start, number.start, bool(closing[1])), closes=True, notes=notes)


def _check_cases(paragraph: Paragraph, number: Number, found: NameList, notes: Notes) -> None:
    """涉及2个账号，共3处：“甲”（县林业局，1处）、“乙”（县水利局，2处）：the cases of all names."""
    whole = next((each for each in numbers(paragraph.text) if each.start > number.end), None)
    if whole is None or not re.fullmatch(r"[一-鿿]{2},共|[一-鿿]{2}，共", paragraph.text[number.end : whole.start]):
        return
    parts = [each for each in numbers(paragraph.text) if whole.end < each.start < found.end + 40 and each.unit == whole.unit]
    if len(parts) != len(found.names):
        notes.doubt(paragraph, whole, "没有逐个写明，合计无从核对")
    elif sum(each.value for each in parts) == whole.value:
        notes.agree("分项之和", paragraph, whole, *parts)
    else:
        adding = " + ".join(str(each.value) for each in parts)
        notes.accuse("分项之和", paragraph, whole.start, f"共{whole.shown}", f"{adding} = {sum(each.value for each in parts)}", INSIDE, (whole, *parts))


def _judge(paragraph: Paragraph, number: Number, found: NameList, closes: bool, notes: Notes) -> None:
    listed = len(found.names)
    holds = listed <= number.value if found.is_open else listed == number.value
    if found.is_open and holds and listed < number.value:
        notes.doubt(paragraph, number, f"名单没有列全（列出 {listed} 个），个数无从核对")
    elif holds:
        notes.agree(KIND, paragraph, number)
    elif not found.is_sure:
        notes.doubt(paragraph, number, f"后面似有 {listed} 个名称，但夹有别的文字，请人工核对")
    else:
        names = "、".join(found.names)
        should = f"{'前面' if closes else '后面'}列出 {listed} 个：{names}"
        notes.accuse(KIND, paragraph, number.start, f"{number.shown}", should, INSIDE, (number,))


def _quoted_list(text: str, start: int, end: int) -> NameList | None:
    """Quoted names from a position to the end of the list; not sure where other words stand between them."""
    names: list[str] = []
    floor, is_sure = start, True
    for found in QUOTED.finditer(text, start, end):
        between = _BRACKETS.sub("", text[floor : found.start()])
        if names and re.search(r"[。;；:：]|[0-9]+个", between):
            break
        joined = between.strip("、,，和及与以 \u3000")
        if not names and not _PLAIN_BEFORE_NAME.match(joined):
            return None
        is_sure = is_sure and (not joined or _is_beside_name(joined))
        names.append(found[1])
        floor = found.end()
    if not names:
        return None
    tail = _BRACKETS.sub("", text[floor:end])
    return NameList(names, start, floor, bool(re.match(r"^[^、。;；“”]{0,8}等", tail)), is_sure)


def _is_beside_name(words_between: str) -> bool:
    """Between two names stand only the kind of the one before and the unit of the one after."""
    rest = re.sub(rf"^(?:政务)?(?:{_kinds()})?[、,，和及与以]*", "", words_between)
    return not rest or any(rest.removesuffix("的").endswith(unit) for unit in words()["names"]["units"])


def _quoted_before(text: str, start: int, end: int) -> list[str]:
    """The names of the row that ends at a position."""
    names: list[str] = []
    ceiling = end
    for found in reversed(list(QUOTED.finditer(text, start, end))):
        between = _BRACKETS.sub("", text[found.end() : ceiling]).strip("、,，和及与以等共上述这 \u3000")
        between = re.sub(rf"^(?:政务)?(?:{_kinds()})等?$", "", between) if not names else between
        if between and not (names and _is_beside_name(between)):
            break
        names.insert(0, found[1])
        ceiling = found.start()
    return names


def _unit_list(text: str, start: int, end: int, unit_names: Sequence[str]) -> NameList | None:
    """Units without quotes, joined by 、; only where every piece reads as a unit's name."""
    piece = _BRACKETS.sub("", text[start:end]).rstrip("。;；!！ \n")
    is_open = bool(re.search(r"等(?:单位|部门)?$", piece))
    piece = re.sub(r"等(?:单位|部门)?$", "", piece)
    names = [name for each in re.split(r"[、,，]|(?<=[局办委镇府院])和", piece) if (name := each.strip())]
    endings = tuple(words()["names"]["units"])
    if not names or "“" in piece or not all(name in unit_names or (len(name) <= 24 and name.endswith(endings)) for name in names):
        return None
    return NameList(names, start, end, is_open)


def quoted_names(paragraph: Paragraph) -> Iterator[tuple[str, int, str, str]]:
    """Quoted words that are surely meant as an account's: name, position, the words before and those in the brackets after."""
    for found in QUOTED.finditer(paragraph.raw):
        after = paragraph.raw[found.end() : found.end() + 60]
        beside = re.match(rf"(?:政务)?(?:{_kinds()})?(?:[（(]([^（）()]*)[）)])?", after)
        named = beside[0].strip("（）()") if beside else ""
        if re.search(_kinds(), named):
            yield found[1], found.start(), paragraph.raw[max(0, found.start() - 30) : found.start()], re.sub(r"[（(]", "，", named)
