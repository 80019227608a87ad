"""A circular against the frames of its quarter: counts, rates, account and unit names, and what is said of one account."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from xmt_scoring.glossary import word
from xmt_scoring.lint.arithmetic import HOLDS, difference, ratio, rounded
from xmt_scoring.lint.county import County
from xmt_scoring.lint.documents import Document, Paragraph
from xmt_scoring.lint.names import quoted_names
from xmt_scoring.lint.numbers import Number, masked, numbers
from xmt_scoring.lint.relations import ROLE_WORDS
from xmt_scoring.lint.report import Notes
from xmt_scoring.lint.statements import COUNTY, Statement, platform_words, words

_NOT_REGISTERED = re.compile(r"未备案|未登记|未报备|未经备案|假冒|仿冒|冒用|擅自开设|未履行|原名|曾用名|更名")
_PIECE = re.compile(r"[^、,，。;；:：（）()“”\s\u3000]+")
_LONGEST_UNIT = 24
_SAID = (
    ("n_weeks_missed", re.compile(r"缺更(?:了|达|共)?\s?$"), ("周", "个周"), "缺更周数"),
    ("max_gap_days", re.compile(r"(?:最长)?(?:更新)?间隔(?:时间)?(?:最长)?(?:达|为)?\s?$|连续\s?$"), ("天", "日"), "最长间隔"),
    ("n_posts", re.compile(r"发布(?:信息|作品|内容|文章)?(?:共|了|仅)?\s?$"), ("条", "篇"), "发布条数"),
    ("score", re.compile(r"得分?(?:为|是)?\s?$"), ("分",), "得分"),
)  # fmt: skip

_ALL_PASS = re.compile("(?:全部|全都|均为?)合格")
_NOT_NOW = re.compile("上季度|上一季度|上期|上次|复查|下季度|确保|要求|力争")


def check_binding(document: Document, found: list[Statement], county: County, before: County | None, notes: Notes) -> None:
    """Compare what surely means the county, a platform or one account with the frames."""
    for each in found:
        if each.role == "change" and each.scope == COUNTY and before is not None and not each.paragraph.annex:
            _check_change(each, found, before, notes)
        facts = before if each.period == "previous" else county
        if facts is None or each.number.is_loose or each.subject != "account" or each.scope not in (COUNTY, *platform_words().values()):
            continue
        if each.paragraph.annex:
            continue
        if each.role in ("pass_rate", "fail_rate", "checked_share"):
            _check_rate(each, facts, notes)
        elif (each.role, each.scope) in facts.counts and each.number.unit in ("个", ""):
            _check_count(each, facts, notes)
    _check_parts(found, county, notes)
    for paragraph in document.paragraphs:
        if not paragraph.annex:
            _check_all_pass(paragraph, county, notes)
        _check_names(paragraph, county, notes)
        _check_units(paragraph, county, notes)


def _check_all_pass(paragraph: Paragraph, county: County, notes: Notes) -> None:
    """抖音检查6个,全部合格: all that were checked, of the county or of the platform that the clause names."""
    for clause in re.finditer("[^。;；]+", paragraph.text):
        found = _ALL_PASS.search(clause[0])
        if found is None or "检查" not in clause[0] or _NOT_NOW.search(clause[0]) or any(name in clause[0] for name in county.unit_names):
            continue
        platform = platform_in(clause[0])
        passed, checked = (county.counts[(role, platform)] for role in ("passed", "checked"))
        if passed & checked:
            notes.agree("全部合格（数据）")
        else:
            should = f"检查 {_numbers_of(checked)} 个，合格 {_numbers_of(passed)} 个"
            notes.accuse("全部合格（数据）", paragraph, clause.start() + found.start(), found[0], should, county.label)


def _numbers_of(values: frozenset[int]) -> str:
    return "或".join(str(value) for value in sorted(values))


def _check_count(each: Statement, facts: County, notes: Notes) -> None:
    known = facts.counts[(each.role, each.scope)]
    words = (word("platform", each.scope) if each.scope else "") + ROLE_WORDS[each.role]
    if each.number.value in known:
        notes.agree(f"{ROLE_WORDS[each.role]}（数据）", each.paragraph, each.number)
    else:
        notes.accuse(
            f"{ROLE_WORDS[each.role]}（数据）", each.paragraph, each.number.start, f"{words} {each.number.shown}", _numbers_of(known),
            facts.label, (each.number,),
        )


def _check_rate(each: Statement, facts: County, notes: Notes) -> None:
    part, whole = {"pass_rate": ("passed", "checked"), "fail_rate": ("failed", "checked"), "checked_share": ("checked", "registered")}[each.role]
    tried = [
        (over, under, ratio(over, under, each.number.printed))
        for under in sorted(facts.counts[(whole, each.scope)]) for over in sorted(facts.counts[(part, each.scope)]) if under and over <= under
    ]  # fmt: skip
    if any(result.status == HOLDS for _, _, result in tried):
        notes.agree(f"{ROLE_WORDS[each.role]}（数据）", each.paragraph, each.number)
    elif tried:
        should = "或".join(dict.fromkeys(f"{over} ÷ {under} = {result.recomputed}" for over, under, result in tried[:3]))
        says = f"{ROLE_WORDS[each.role]} {each.number.shown}"
        notes.accuse(f"{ROLE_WORDS[each.role]}（数据）", each.paragraph, each.number.start, says, should, facts.label, (each.number,))


def _check_change(each: Statement, found: list[Statement], before: County, notes: Notes) -> None:
    """较上季度下降3.44个百分点: the rate of the same sentence less the one that the quarter before's counts give."""
    rates = [
        other.number for other in found
        if other.role == "pass_rate" and other.paragraph is each.paragraph and other.sentence == each.sentence and other.number.end <= each.number.start
    ]  # fmt: skip
    if len(rates) != 1:
        return
    now = rates[0]
    earlier = {
        rounded(Fraction(over * 100, under), now.places)
        for under in before.counts[("checked", COUNTY)] for over in before.counts[("passed", COUNTY)] if under and over <= under
    }  # fmt: skip
    printed = f"{'-' if each.is_down else ''}{each.number.value}"
    judged = [difference(now.value, value, printed) for value in sorted(earlier)]
    if any(result.status == HOLDS for result in judged):
        notes.agree("变化（数据）", each.paragraph, each.number)
    elif judged:
        should = "或".join(f"{now.value} − {value} = {result.recomputed} 个百分点" for value, result in zip(sorted(earlier), judged, strict=True))
        words = ("下降" if each.is_down else "上升") + each.number.shown
        notes.accuse("变化（数据）", each.paragraph, each.number.start, words, should, before.label, (each.number,))


def _check_parts(found: list[Statement], county: County, notes: Notes) -> None:
    """登记30个,其中微信公众号12个: a bare part of a list of platforms counts what the whole before it counts."""
    whole: Statement | None = None
    for each in found:
        if each.role in ("registered", "checked", "passed", "failed") and each.scope == COUNTY and each.period == "current":
            whole = each
        platform = next((code for spoken, code in platform_words().items() if each.before.endswith((spoken, f"{spoken}账号", f"{spoken}的"))), "")
        same = whole is not None and each.paragraph is whole.paragraph and each.sentence == whole.sentence
        if whole is None or not same or each.role or not platform or each.number.unit != whole.number.unit or each.subject != "account":
            continue
        known = county.counts[(whole.role, platform)]
        if each.number.value in known:
            notes.agree(f"{ROLE_WORDS[whole.role]}（数据）", each.paragraph, each.number)
        else:
            says = f"{word('platform', platform)}{ROLE_WORDS[whole.role]} {each.number.shown}"
            notes.accuse(f"{ROLE_WORDS[whole.role]}（数据）", each.paragraph, each.number.start, says, _numbers_of(known), county.label, (each.number,))


def platform_in(text: str) -> str:
    """The platform that a text names, as its code; empty where it names none."""
    return next((code for spoken, code in platform_words().items() if spoken in text and code != "other"), "")


def _check_names(paragraph: Paragraph, county: County, notes: Notes) -> None:
    listed = list(quoted_names(paragraph))
    for index, (name, at, _, beside) in enumerate(listed):
        platform = platform_in(beside)
        accounts = county.named(name, platform)
        elsewhere = county.named(name)
        if accounts.empty and not elsewhere.empty:
            right = "、".join(word("platform", code) for code in elsewhere["platform"])
            notes.accuse("账号平台", paragraph, at, f"“{name}”（{beside}）", f"台账里“{name}”在{right}", county.label)
            continue
        if accounts.empty:
            _check_unknown(paragraph, name, at, county, notes)
            continue
        notes.agree("账号名称")
        _check_owner(paragraph, name, at, beside, accounts, county, notes)
        ceiling = listed[index + 1][1] if index + 1 < len(listed) else len(paragraph.text)
        _check_said(paragraph, name, at, ceiling, accounts, county, notes)


def _check_units(paragraph: Paragraph, county: County, notes: Notes) -> None:
    """Units that stand between marks or after 涉及, written with the county's name."""
    for found in _PIECE.finditer(masked(paragraph.text)):
        said = found[0].removeprefix("涉及")
        is_unit = said.startswith(county.county) and said.endswith(tuple(words()["names"]["units"])) and len(said) <= _LONGEST_UNIT
        if not is_unit:
            continue
        if county.unit_of(said):
            notes.agree("单位名称")
        elif near := county.misspelt_unit(said):
            notes.accuse("单位名称", paragraph, found.start(), said, f"单位表里没有；最接近的是{near}", county.label)


def _check_unknown(paragraph: Paragraph, name: str, at: int, county: County, notes: Notes) -> None:
    near = county.nearest_account(name)
    around = paragraph.text[max(0, at - 40) : at + 80]
    if name in county.other_names or not near or _NOT_REGISTERED.search(around):
        notes.doubt_at(paragraph.place, paragraph.raw[at : at + len(name) + 2], f"“{name}”", "台账里没有这个账号，也没有相近的名称")
    else:
        notes.accuse("账号名称", paragraph, at, f"“{name}”", f"台账里没有；最接近的是“{near}”", county.label)


def _check_owner(
    paragraph: Paragraph, name: str, at: int, beside: str, accounts: pd.DataFrame, county: County, notes: Notes
) -> None:
    """The unit in the brackets after a name, or right before it, is the one that runs the account."""
    pieces = [piece.strip() for piece in re.split(r"[,，、;；:：]", beside)]
    said = [piece.removeprefix("主办单位") for piece in pieces if not platform_in(piece) or county.unit_of(piece)]
    lead = paragraph.text[max(0, at - 20) : at]
    said += [unit for unit in sorted(county.unit_names, key=len, reverse=True) if len(unit) > 3 and lead.endswith((unit, f"{unit}的"))][:1]
    right = set(accounts["unit_name"].dropna())
    for unit in said:
        known = county.unit_of(unit)
        if known in right:
            notes.agree("主办单位")
        elif known:
            notes.accuse("主办单位", paragraph, at, f"“{name}” {unit}", f"台账里是{'、'.join(sorted(right))}", county.label)
        elif near := county.nearest_unit(unit):
            notes.accuse("主办单位", paragraph, at, f"“{name}” {unit}", f"单位表里没有；最接近的是{near}", county.label)


def _check_said(
    paragraph: Paragraph, name: str, at: int, ceiling: int, accounts: pd.DataFrame, county: County, notes: Notes
) -> None:
    """缺更3周，最长间隔21天，发布12条，得分92.50分 right after a name."""
    floor = at + len(name) + 2
    for number in numbers(paragraph.text):
        if not floor <= number.start < ceiling or number.is_loose or "上季度" in paragraph.text[floor : number.start]:
            continue
        for column, pattern, units, heading in _SAID:
            if number.unit in units and pattern.search(paragraph.text[floor : number.start]):
                _compare(paragraph, name, number, column, heading, accounts, county, notes)


def values_of(accounts: pd.DataFrame, column: str) -> set[Decimal]:
    """Every value that some accounts may have; an empty week that nobody can prove is one or none."""
    found = {Decimal(str(value)) for value in accounts[column].dropna()}
    if column == "n_weeks_missed":
        more = (accounts["n_weeks_missed"] + accounts["n_weeks_no_data"]).dropna()
        found |= {Decimal(str(value)) for value in more}
    if column == "score":  # open, but nothing that is open can move it
        found |= {Decimal(str(low)) for low, high in zip(accounts["low"].dropna(), accounts["high"].dropna(), strict=True) if low == high}
    return found


def _compare(
    paragraph: Paragraph, name: str, number: Number, column: str, heading: str, accounts: pd.DataFrame, county: County, notes: Notes
) -> None:
    known = values_of(accounts, column)
    if not known:
        notes.doubt(paragraph, number, "数据里没有这一项")
    elif number.value in known:
        notes.agree(f"{heading}（数据）", paragraph, number)
    else:
        should = "或".join(str(value) for value in sorted(known))
        notes.accuse(f"{heading}（数据）", paragraph, number.start, f"“{name}”{heading} {number.shown}", should, county.label, (number,))
