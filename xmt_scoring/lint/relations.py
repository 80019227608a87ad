"""Counts and rates that must agree inside a circular: passed + failed = checked ≤ registered, rates and shares from counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from xmt_scoring.lint.arithmetic import CUT_OFF, HOLDS, STATUS_WORDS, Judged, difference, ratio
from xmt_scoring.lint.numbers import Number
from xmt_scoring.lint.report import INSIDE, Notes
from xmt_scoring.lint.statements import COUNTY, UNSURE, Statement

ROLE_WORDS = {
    "registered": "登记数", "checked": "检查数", "passed": "合格数", "failed": "不合格数", "open": "待定数", "problem": "存在突出问题数",
    "pass_rate": "合格率", "fail_rate": "不合格率", "checked_share": "检查比例", "share": "占比", "other_rate": "比率", "change": "变化", "whole": "总数",
}  # fmt: skip
_RATES = {"pass_rate": ("passed", "failed", "checked"), "fail_rate": ("failed", "passed", "checked")}


def check_relations(found: list[Statement], notes: Notes) -> None:
    """Recompute every rate, share, change and total that the text's own counts give."""
    sure = [each for each in found if each.scope != UNSURE and not each.number.is_loose]
    for each in sure:
        if each.role in _RATES:
            _rate(each, sure, notes)
        elif each.role == "checked_share":
            _share_of_role(each, "checked", "registered", sure, notes)
        elif each.role == "share":
            _share(each, sure, notes)
        elif each.role == "other_rate":
            _other_rate(each, sure, notes)
        elif each.role == "change":
            _change(each, sure, notes)
    _totals(sure, notes)
    _orders(sure, notes)
    _consistent(sure, notes)


def near(each: Statement, role: str, found: Iterable[Statement]) -> list[Statement]:
    """Statements of a role about the same accounts: those of the same sentence, else of the paragraph, else of the section."""
    same = [other for other in found if other.role == role and other.group == each.group and other is not each]
    for is_near in (
        lambda other: other.paragraph is each.paragraph and other.sentence == each.sentence,
        lambda other: other.paragraph is each.paragraph,
        lambda other: (other.paragraph.headings[:1], other.paragraph.annex) == (each.paragraph.headings[:1], each.paragraph.annex),
    ):
        close = [other for other in same if is_near(other)]
        if close:
            return close
    return []


def _rate(each: Statement, found: list[Statement], notes: Notes) -> None:
    good, bad, base = (near(each, role, found) for role in _RATES[each.role])
    base = base or near(each, "whole", found)
    is_sure = bool(base) or bool(good and bad)
    base = base or near(each, "registered", found)  # perhaps all were checked: enough to agree, not to accuse
    tried = [(one.number.value, all_.number.value, (one, all_)) for one in good for all_ in base]
    if not tried:
        tried = [(all_.number.value - one.number.value, all_.number.value, (one, all_)) for one in bad for all_ in base]
    if not is_sure and good and bad or not tried:
        tried = [(one.number.value, one.number.value + two.number.value, (one, two)) for one in good for two in bad]
    _judge(each, tried, notes, is_sure)


def _judge(each: Statement, tried: Sequence[tuple[object, object, tuple[Statement, ...]]], notes: Notes, is_sure: bool = True) -> None:
    """A share holds if any reading of its parts gives it; it is wrong if the only reading does not."""
    kind = ROLE_WORDS[each.role]
    judged = [(ratio(part, whole, each.number.printed), part, whole, used) for part, whole, used in tried]
    for result, _, _, used in judged:
        if result.status == HOLDS:
            notes.agree(kind, each.paragraph, each.number, *_of(each, used))
            return
    if is_sure and len({(part, whole) for _, part, whole, _ in judged}) == 1:
        result, part, whole, used = judged[0]
        _accuse(each, kind, result, f"{part} ÷ {whole} = {result.recomputed}", notes)
    elif judged:
        notes.doubt(each.paragraph, each.number, "看不准分子分母，可能的都算不出这个比例")
    else:
        notes.doubt(each.paragraph, each.number, "没有找到算这个比例用的数")


def _accuse(each: Statement, kind: str, result: Judged, should: str, notes: Notes) -> None:
    if result.status == CUT_OFF:
        should += f"（{STATUS_WORDS[CUT_OFF]}，应四舍五入）"
    notes.accuse(kind, each.paragraph, each.number.start, f"{kind} {each.number.shown}", should, INSIDE, (each.number,))


def _of(each: Statement, used: Iterable[Statement]) -> list[Number]:
    return [other.number for other in used if other.paragraph is each.paragraph]


def _share_of_role(each: Statement, part: str, whole: str, found: list[Statement], notes: Notes) -> None:
    parts, wholes = near(each, part, found), near(each, whole, found)
    _judge(each, [(one.number.value, all_.number.value, (one, all_)) for one in parts for all_ in wholes], notes)


def _share(each: Statement, found: list[Statement], notes: Notes) -> None:
    """`A 个,占 X 的 P%`: A is the count before it; X is named, or the count of the same sentence that A is part of."""
    earlier = [
        other for other in found
        if other.paragraph is each.paragraph and other.sentence == each.sentence and other.number.end <= each.number.start
        and not other.number.is_share and "百分点" not in other.number.unit
    ]  # fmt: skip
    if not earlier:
        notes.doubt(each.paragraph, each.number, "前面没有它的分子")
        return
    part = earlier[-1]
    if each.base == UNSURE:
        wholes = [other for other in found if other.number.unit == part.number.unit and other.number.value >= part.number.value and other is not part]
    elif each.base:
        wholes = [other for other in near(part, each.base, found) if other.subject == part.subject]
        wholes = wholes or [other for other in found if other.role == each.base and other.group == (COUNTY, part.subject, part.period)]
    else:
        wholes = [other for other in earlier[:-1] if other.number.unit == part.number.unit and other.number.value >= part.number.value]
    _judge(each, [(part.number.value, whole.number.value, (part, whole)) for whole in wholes], notes, each.base != UNSURE)


def _other_rate(each: Statement, found: list[Statement], notes: Notes) -> None:
    """收到309封,按期办结292封,按期办结率94.5%: the count of that name, and the larger one before it."""
    inside = [
        other for other in found
        if other.paragraph is each.paragraph and other.sentence == each.sentence and other.number.end <= each.number.start
        and not other.number.is_share
    ]  # fmt: skip
    parts = [other for other in inside if re.sub(r"[已共了均]", "", other.before).endswith(each.base[-4:]) or each.base in other.after]
    wholes = [
        other for other in inside
        if parts and other.number.start < parts[-1].number.start and other.number.unit == parts[-1].number.unit
    ]  # fmt: skip
    tried = [(parts[-1].number.value, whole.number.value, (parts[-1], whole)) for whole in wholes]
    _judge(each, tried, notes)


def _change(each: Statement, found: list[Statement], notes: Notes) -> None:
    rates = [other for other in found if other.role == "pass_rate" and other.scope == each.scope and other.paragraph is each.paragraph]
    now, before = ({other.number.value for other in rates if other.period == period} for period in ("current", "previous"))
    if len(now) != 1 or len(before) != 1:
        notes.doubt(each.paragraph, each.number, "文中没有前后两期的合格率")
        return
    printed = f"{'-' if each.is_down else ''}{each.number.value}"
    latest, earlier = now.pop(), before.pop()
    result = difference(latest, earlier, printed)
    if result.status == HOLDS:
        notes.agree("变化", each.paragraph, each.number)
        return
    words = ("下降" if each.is_down else "上升") + each.number.shown
    notes.accuse("变化", each.paragraph, each.number.start, words, f"{latest} − {earlier} = {result.recomputed} 个百分点", INSIDE, (each.number,))


def _totals(found: list[Statement], notes: Notes) -> None:
    """passed + failed (+ open, + those with grave problems where they are counted apart) = checked."""
    done = set()
    for each in found:
        if each.role != "checked":
            continue
        good, bad = near(each, "passed", found), near(each, "failed", found)
        where = {(other.paragraph.number, other.sentence) for other in (*good, *bad)}
        values = [{other.number.value for other in side} for side in (good, bad)]
        if any(len(side) != 1 for side in values) or (each.group, each.number.value) in done:
            continue
        near_each = [other for other in near(each, "checked", found) if other.number.value != each.number.value]
        if near_each and all((other.paragraph.number, other.sentence) in where for other in near_each):
            continue
        done.add((each.group, each.number.value))
        more = [sum({other.number.value for other in near(each, role, found)}) for role in ("open", "problem")]
        decided = values[0].pop() + values[1].pop()
        sums = {decided, decided + more[0], decided + more[1], decided + sum(more)}
        used = [each.number, *_of(each, good), *_of(each, bad), *_of(each, near(each, "open", found))]
        if each.number.value in sums:
            notes.agree("合格+不合格=检查数", each.paragraph, *used)
            continue
        says = f"合格 {good[0].number.value} + 不合格 {bad[0].number.value}"
        notes.accuse(
            "合格+不合格=检查数", each.paragraph, each.number.start, f"检查数 {each.number.shown}", f"{says} = {decided}", INSIDE, tuple(used)
        )


def _orders(found: list[Statement], notes: Notes) -> None:
    for small, large in (("checked", "registered"), ("passed", "checked"), ("failed", "checked"), ("passed", "registered"), ("failed", "registered")):
        for each in found:
            if each.role != small:
                continue
            wholes = near(each, large, found)
            if len({other.number.value for other in wholes}) != 1:
                continue
            whole = wholes[0]
            if each.number.value <= whole.number.value:
                notes.agree(f"{ROLE_WORDS[small]}≤{ROLE_WORDS[large]}")  # in order is not yet recomputed
                continue
            notes.accuse(
                f"{ROLE_WORDS[small]}≤{ROLE_WORDS[large]}", each.paragraph, each.number.start, f"{ROLE_WORDS[small]} {each.number.shown}",
                f"不应多于{ROLE_WORDS[large]} {whole.number.shown}", INSIDE, (each.number,),
            )  # fmt: skip


def _consistent(found: list[Statement], notes: Notes) -> None:
    """What is said of the whole county twice must be the same both times."""
    first: dict[tuple[str, str], Statement] = {}
    for each in found:
        named = each.before.strip() and each.role in ("registered", "checked", "passed", "failed", "pass_rate")
        if not named or each.scope != COUNTY or each.period != "current":
            continue
        earlier = first.setdefault((each.role, each.subject), each)
        values = (Fraction(each.number.value), Fraction(earlier.number.value))
        if values[0] != values[1] and each.number.places == earlier.number.places:
            kind = f"前后的{ROLE_WORDS[each.role]}"
            says = f"{ROLE_WORDS[each.role]} {each.number.shown}"
            if each.sentence == earlier.sentence and each.paragraph is earlier.paragraph:
                notes.doubt(each.paragraph, each.number, "同一句里有两个这样的数")
            else:
                notes.accuse(kind, each.paragraph, each.number.start, says, f"{earlier.paragraph.place}写的是 {earlier.number.shown}", INSIDE, (each.number,))
