"""Lists of parts and their total: 共30个,其中微信公众号12个、微博8个、抖音10个."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xmt_scoring.lint.arithmetic import HOLDS, total
from xmt_scoring.lint.documents import Document, Paragraph
from xmt_scoring.lint.numbers import Number, masked, numbers
from xmt_scoring.lint.report import INSIDE, Notes
from xmt_scoring.lint.statements import platform_words, read_clause, words

KIND = "分项之和"
_COUNTY_LEVEL = re.compile(r"县[（(](?:市|区|市、区)[）)]区?")
_INNER = re.compile(r"[（(][^（）()]*[）)]")
_LEAD = re.compile(r"其中[,，:：]?|分别(?:为|是)[:：]?|包括[:：]?|包含|分为|按[^,，。;；]{1,8}分[,，:：]?|[（(:：]")
_DIVIDED = re.compile(r"按[^,，。;；]{1,8}分[,，:：]?")
_LIST_MARK = re.compile(r"^\s*[、,，;；和及与]|^以及")
_TOTAL_AFTER = re.compile(r"(?:共计|合计|总计|总共|共)(?:有|为)?$")
_OPEN = re.compile(r"^[个家条篇项次件人类]?[^,，。;；]{0,6}等|^等|不等")
_PROBLEM = re.compile(r"问题|不及时|未|无|错|缺|超|失|漏|违|链接|不规范|不当|空白")
_LONGEST_LABEL = 24


@dataclass(frozen=True)
class Part:
    """A number with the words that name it."""

    label: str
    number: Number


def check_sums(document: Document, unit_names: Sequence[str], notes: Notes) -> None:
    """Every total that stands beside a list of its parts: those in brackets by themselves, then the text around them."""
    for paragraph in document.paragraphs:
        text = _COUNTY_LEVEL.sub(lambda found: re.sub(r"[（()）、]", " ", found[0]), masked(paragraph.text))
        listed = [number for number in numbers(paragraph.text) if not number.is_share]
        for bracket in _INNER.finditer(text):
            inside = [number for number in listed if bracket.start() < number.start < bracket.end()]
            whole = [number for number in listed if number.end == bracket.start()]
            if len(inside) >= 2 and whole:
                _check_sentence(paragraph, text, whole[0].start, bracket.end() - 1, [whole[0], *inside], unit_names, notes)
        around = _INNER.sub(lambda found: "\u3000" * len(found[0]), text)
        outside = [number for number in listed if around[number.start : number.end].strip()]
        for start, end in _stretches(around):
            inside = [number for number in outside if start <= number.start < end]
            _check_sentence(paragraph, around, start, end, inside, unit_names, notes)


def _stretches(text: str) -> list[tuple[int, int]]:
    """Sentences, where one that begins with 其中 belongs to the one before it."""
    marks = [found.end() for found in re.finditer(r"[。!！?？](?!\s*其中)", text)]
    return list(zip([0, *marks], [*marks, len(text)], strict=True))


def _check_sentence(
    paragraph: Paragraph, text: str, start: int, end: int, inside: list[Number], unit_names: Sequence[str], notes: Notes
) -> None:
    position = 0
    while position < len(inside):
        run = _run(text, start, inside, position)
        if len(run) >= 2:
            whole = _whole_before(text, start, run, inside, position) or _whole_after(text, inside, position + len(run))
            after = text[run[-1].number.end : end]
            if whole is not None and not any(part.number.is_loose for part in run) and not whole.is_loose:
                _judge(paragraph, whole, run, _category(run, unit_names), bool(_OPEN.match(after)), notes)
        position += max(len(run), 1)


def _run(text: str, start: int, inside: list[Number], first: int) -> list[Part]:
    """The parts of a list from a position on: same unit, short labels, one kind of separator."""
    run: list[Part] = []
    separator = ""
    for index in range(first, len(inside)):
        floor = inside[index - 1].end if index else start
        between = text[floor : inside[index].start]
        if not run:
            label = _LEAD.split(re.split(r"[,，;；。]", between.strip("\u3000"))[-1])[-1]
            if index and not _LEAD.search(between) and not re.search(r"[,，;；。]", between):
                return []
        else:
            between = between.lstrip("\u3000")
            mark = _LIST_MARK.match(between)
            if not mark or not _same_unit(inside[index], run[0].number) or _LEAD.search(between) or re.search(r"。|合计|共计|总计", between):
                break
            separator = separator or mark[0].strip()
            label = between[mark.end() :].strip()
            if mark[0].strip() in (",", "，") and separator == "、":
                break
        label = label.strip("、,，;；和及与 \u3000")
        label = re.sub(r"[\s\u3000]", "", label)
        if not label or len(label) > _LONGEST_LABEL or _is_other_count(label, run):
            break
        run.append(Part(label, inside[index]))
    return run


def _same_unit(one: Number, other: Number) -> bool:
    """个 and 家 both count accounts."""
    return one.unit == other.unit or {one.unit, other.unit} == {"个", "家"}


def _is_other_count(label: str, run: list[Part]) -> bool:
    """检查 after a list of platforms begins something new."""
    role = read_clause(label).role
    if role in ("checked", "registered", "pass_rate", "share"):
        return True
    verdicts = ("passed", "failed", "open", "problem", "resolved", "unresolved")
    return bool(run) and (role in verdicts) != (read_clause(run[0].label).role in verdicts)


def _whole_before(text: str, start: int, run: list[Part], inside: list[Number], first: int) -> Number | None:
    """The number before the list, where 其中, a colon or a bracket leads from it to the parts, or the parts are fates of it.

    按平台分 speaks of what is registered or checked, wherever in the paragraph that stands.
    """
    floor = inside[first - 1].end if first else start
    between = text[floor : inside[first].start]
    if _DIVIDED.search(between):
        named = [number for number in numbers(text) if number.end <= floor and number.unit == inside[first].unit]
        return next((number for number in named if read_clause(_words_before(text, number)).role in ("registered", "checked")), None)
    if not first:
        return None
    whole = inside[first - 1]
    fates = {read_clause(part.label).role for part in run}
    leads = bool(_LEAD.search(between)) or {"resolved", "unresolved"} <= fates
    return whole if _same_unit(whole, inside[first]) and leads and "。" not in re.sub(r"。\s*其中", "", between) else None


def _words_before(text: str, number: Number) -> str:
    return re.split(r"[,，。;；:：、\u3000]|[0-9]", text[max(0, number.start - 30) : number.start])[-1]


def _whole_after(text: str, inside: list[Number], after: int) -> Number | None:
    """The number after the list, where 共 or 合计 stands before it."""
    if after >= len(inside):
        return None
    whole = inside[after]
    between = text[inside[after - 1].end : whole.start]
    return whole if _same_unit(whole, inside[after - 1]) and _TOTAL_AFTER.search(between) and len(between) <= 8 else None


def _category(run: list[Part], unit_names: Sequence[str]) -> str:
    """Of what kind the labels are: a category of `words.toml`, platform, unit (single ones) or nothing known."""
    labels = [part.label for part in run]
    platforms = [word for word in platform_words() if word not in ("其他",)]
    if all(any(word in label for word in platforms) or label.startswith("其他") for label in labels):
        return "platform"
    if all(_is_unit(label, unit_names) for label in labels):
        return "unit"
    for name, listed in words()["categories"].items():
        if all(any(label.endswith(word) or label.removesuffix("账号").removesuffix("的").endswith(word) for word in listed) for label in labels):
            return name
    return ""


def _is_unit(label: str, unit_names: Sequence[str]) -> bool:
    own = label.removesuffix("账号").removesuffix("有").removesuffix("的")
    return any(own.endswith(name) or name.endswith(own) for name in unit_names if len(own) > 2) or bool(
        re.search(r"^县[^直级属]{1,10}(?:局|委|办|中心|院|馆)$|^(?!各|乡|.*(?:部门|单位))[^、]{2,6}(?:镇|乡|街道)(?:人民政府)?$", own)
    )


def _judge(paragraph: Paragraph, whole: Number, run: list[Part], category: str, is_open: bool, notes: Notes) -> None:
    parts = [part.number.value for part in run]
    result = total([str(value) for value in parts], str(whole.value))
    used = (whole, *(part.number for part in run))
    if result.status == HOLDS:
        notes.agree(KIND, paragraph, *used)
        return
    adding = " + ".join(str(value) for value in parts)
    too_many = sum(parts) > whole.value
    disjoint = category and not any(_PROBLEM.search(part.label) for part in run if category not in ("verdict", "rectified"))
    if disjoint and (too_many or not (is_open or category == "unit")):
        notes.accuse(KIND, paragraph, whole.start, f"总数 {whole.shown}", f"{adding} = {sum(parts)}", INSIDE, used)
    else:
        notes.doubt(paragraph, whole, f"分项 {adding} = {sum(parts)}，可能没有列全或有重复，请人工核对")


