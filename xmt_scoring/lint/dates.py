"""Dates: they exist, are written by the standard, fall on the weekday that is named; deadlines are recounted in workdays."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from xmt_scoring.errors import XmtError
from xmt_scoring.lint.documents import Document, Paragraph, sentences
from xmt_scoring.lint.numbers import chinese_value
from xmt_scoring.lint.report import Notes, sentence_at
from xmt_scoring.periods import Quarter, add_workdays

CALENDAR = "日历（含国务院放假与调休）"
_CN = "[零〇一二三四五六七八九十百两]+"
_FULL = r"(?P<year>[0-9]{4}|(?<![0-9])[0-9]{2}(?=年[0-9]{1,2}月[0-9]{1,2}[日号]))\s?年\s?(?P<month>[0-9]{1,2})\s?月(?:\s?(?P<day>[0-9]{1,2})\s?[日号])?"
_SHORT = r"(?<![0-9年])(?P<month_2>[0-9]{1,2})\s?月\s?(?P<day_2>[0-9]{1,2})\s?[日号]"
_DATE = re.compile(f"{_FULL}|{_SHORT}|(?P<only_year>(?:19|20)[0-9]{{2}})\\s?年")
_WEEKDAY = re.compile(r"^\s*[（(]?\s*(?:星期|周)([一二三四五六日天])")
_ALONE = re.compile(r"(?:印发)?\s*[0-9]{4}\s?年\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日(?:印发)?")
_ALONE_WORDS = re.compile(r"[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日")
_COUNTED = re.compile(rf"([0-9]+|{_CN})\s?个?(工作日|自然日|日|天)(?:之内|以内|内)?")
_RANGE = re.compile(r"^\s*(?:至|到|—+|－|-|~|～)\s*$")
_QUARTER = re.compile(r"([0-9]{4})\s?年\s?第?([一二三四1-4])季度")
_REACH = 40  # characters between a number of days and its date
_WEEK = "一二三四五六日"


@dataclass(frozen=True)
class Day:
    """A date of the text: where it stands and what it means (missing where it does not exist)."""

    start: int
    end: int
    shown: str
    day: dt.date | None
    has_day: bool
    has_year: bool


def check_dates(document: Document, settings_days: Iterable[tuple[dt.date, bool]], quarter: Quarter | None, notes: Notes) -> None:
    """Every date, weekday, span of days and deadline of a circular."""
    issued = issue_date(document)
    year = issued.year if issued else quarter.year if quarter else None
    overrides = tuple(settings_days)
    for paragraph in document.paragraphs:
        days = find_days(paragraph.text, year)
        for day in days:
            _check_writing(paragraph, day, notes)
            _check_weekday(paragraph, day, notes)
            _check_against_issue(paragraph, day, issued, notes)
        _check_ranges(paragraph, days, quarter, notes)
        _check_deadlines(paragraph, days, issued, overrides, notes)
        if _ALONE_WORDS.fullmatch(paragraph.text):
            notes.accuse("日期写法", paragraph, 0, paragraph.raw, "成文日期用阿拉伯数字，如 2026年4月3日", "GB/T 9704-2012")
    _check_quarters(document, quarter, notes)


def issue_date(document: Document) -> dt.date | None:
    """The date that stands alone under the text (成文日期); missing where there is none."""
    alone = [paragraph for paragraph in document.body if _ALONE.fullmatch(paragraph.text.strip())]
    found = [day.day for paragraph in alone for day in find_days(paragraph.text, None) if day.day]
    return found[-1] if found else None


def find_days(text: str, year: int | None) -> list[Day]:
    """Every date of a text; one without a year belongs to the year named before it, else to `year`."""
    found = []
    for each in _DATE.finditer(text):
        group = each.groupdict()
        if group["only_year"]:
            year = int(group["only_year"])
            continue
        has_year = group["year"] is not None
        if has_year:
            year = int(group["year"]) + (2000 if len(group["year"]) == 2 else 0)
        month, number = group["month"] or group["month_2"], group["day"] or group["day_2"]
        # without any year a leap year is taken, so that only what never exists is called wrong
        found.append(Day(each.start(), each.end(), each[0], _day(year or 2024, month, number or "1"), number is not None, has_year or year is not None))
    return found


def _day(year: int, month: str, number: str) -> dt.date | None:
    try:
        return dt.date(year, int(month), int(number))
    except ValueError:
        return None


def _check_writing(paragraph: Paragraph, day: Day, notes: Notes) -> None:
    if day.day is None:
        notes.accuse("日期", paragraph, day.start, day.shown, "没有这一天", CALENDAR)
    elif re.search(r"(?<![0-9])0[0-9]\s?[月日号]", day.shown):
        plain = re.sub(r"(?<![0-9])0([0-9]\s?[月日号])", r"\1", day.shown)
        notes.accuse("日期写法", paragraph, day.start, day.shown, f"月、日不编虚位：{plain}", "GB/T 9704-2012")
    elif re.match(r"[0-9]{2}\s?年", day.shown):
        notes.accuse("日期写法", paragraph, day.start, day.shown, f"年份写全：20{day.shown}", "GB/T 9704-2012")
    else:
        notes.agree("日期")


def _check_weekday(paragraph: Paragraph, day: Day, notes: Notes) -> None:
    named = _WEEKDAY.match(paragraph.text[day.end :])
    if not named or day.day is None or not (day.has_day and day.has_year):
        return
    right = _WEEK[day.day.weekday()]
    if named[1].replace("天", "日") == right:
        notes.agree("星期")
    else:
        notes.accuse("星期", paragraph, day.start, f"{day.shown}星期{named[1]}", f"星期{right}", CALENDAR)


def _check_against_issue(paragraph: Paragraph, day: Day, issued: dt.date | None, notes: Notes) -> None:
    if issued is None or day.day is None or not (day.has_day and day.has_year) or paragraph.annex:
        return
    before, after = paragraph.text[: day.start], paragraph.text[day.end : day.end + 8]
    asks = re.search(r"(?:请|务必|须|应|要求|报送|整改)[^。;；]*$", before)
    if re.match(r"\s*(?:[0-9:：]+时?)?(?:之?前|以前)", after) and asks and day.day < issued:
        notes.accuse("期限", paragraph, day.start, f"{day.shown}前", f"早于成文日期 {spoken(issued)}", CALENDAR)
    if re.search(r"截[至止]$", before) and day.day > issued:
        notes.accuse("日期", paragraph, day.start, f"截至{day.shown}", f"晚于成文日期 {spoken(issued)}", CALENDAR)


def spoken(day: dt.date) -> str:
    """2026年4月3日"""
    return f"{day.year}年{day.month}月{day.day}日"


def _check_ranges(paragraph: Paragraph, days: list[Day], quarter: Quarter | None, notes: Notes) -> None:
    for first, last in zip(days, days[1:], strict=False):
        if not _RANGE.match(paragraph.text[first.end : last.start]) or first.day is None or last.day is None:
            continue
        if not (first.has_day and last.has_day):
            continue
        words = paragraph.text[first.start : last.end]
        if last.day < first.day:
            notes.accuse("起止日期", paragraph, first.start, words, "止日早于起日", CALENDAR)
            continue
        named = list(_QUARTER.finditer(paragraph.text[: first.start]))
        if named and len(paragraph.text[named[-1].end() : first.start]) <= 12 and not re.search("[。;；]", paragraph.text[named[-1].end() : first.start]):
            meant = _of_match(named[-1])
            meant = quarter if quarter is not None and str(quarter) == str(meant) else meant
            if (first.day, last.day) == (meant.start, meant.end):
                notes.agree("起止日期")
            else:
                right = f"{meant.label}是 {spoken(meant.start)}至{spoken(meant.end)}"
                notes.accuse("起止日期", paragraph, first.start, words, right, "季度起止（设置 windows）" if meant.window else CALENDAR)


def _of_match(found: re.Match[str]) -> Quarter:
    number = found[2]
    return Quarter(int(found[1]), "一二三四".find(number) + 1 or int(number))


def _check_deadlines(
    paragraph: Paragraph, days: list[Day], issued: dt.date | None, overrides: tuple[tuple[dt.date, bool], ...], notes: Notes
) -> None:
    text = paragraph.text
    for start, end in sentences(text):
        for counted in _COUNTED.finditer(text, start, end):
            target = _beside(text, counted, days)
            number = int(counted[1]) if counted[1].isdecimal() else chinese_value(counted[1])
            if target is None or target.day is None or not number:
                continue
            notes.bound.add((paragraph.number, counted.start()))
            since = _since(text, start, counted, days, issued, target)
            sentence = sentence_at(paragraph, counted.start())
            if since is None:
                notes.doubt_at(paragraph.place, sentence, text[counted.start() : counted.end()], "没有成文日期，期限无从推算")
                continue
            try:
                right = add_workdays(since, number, overrides) if counted[2] == "工作日" else since + dt.timedelta(days=number)
            except XmtError as error:
                notes.doubt_at(paragraph.place, sentence, target.shown, error.problems[0].what)
                continue
            says = f"{counted[0].removesuffix('内')}内：{target.shown}"
            if target.day == right:
                notes.agree("期限")
            elif "收到" in text[start : counted.start()] and target.day > right:
                notes.doubt_at(paragraph.place, sentence, says, f"自成文日期起算是 {spoken(right)}；收到之日可能更晚")
            else:
                notes.accuse("期限", paragraph, target.start, says, f"自 {spoken(since)}起算是 {spoken(right)}", CALENDAR)


def _beside(text: str, counted: re.Match[str], days: list[Day]) -> Day | None:
    """The date in the brackets after a number of days, or the date before it where the number stands in brackets."""
    near = [day for day in days if abs(day.start - counted.start()) < _REACH]
    for day in near:
        after = re.fullmatch(r"\s*[（(,，]?(?:即|截至|截止到?|也就是|即于|于)*", text[counted.end() : day.start])
        before = re.fullmatch(r"\s*(?:[0-9]{1,2}[:：时][0-9]{0,2})?(?:之?前|以前)?\s*[（(](?:即|共|自.{0,12}?)?", text[day.end : counted.start()])
        if day.has_day and (after and (counted.end() < day.start) or before and day.end < counted.start()):
            return day
    return None


def _since(
    text: str, start: int, counted: re.Match[str], days: list[Day], issued: dt.date | None, target: Day
) -> dt.date | None:
    named = [day for day in days if start <= day.start and day.end <= counted.start() and day is not target]
    if named and re.match(r"\s*(?:之日)?(?:起|后)", text[named[-1].end : named[-1].end + 6]):
        return named[-1].day
    return issued


def _check_quarters(document: Document, quarter: Quarter | None, notes: Notes) -> None:
    """The quarter of the title is the one that is linted, and that of the first sentence."""
    named = [(paragraph, found) for paragraph in document.body[:6] for found in _QUARTER.finditer(paragraph.text)]
    if not named:
        return
    title = str(_of_match(named[0][1]))
    wrong = str(quarter) if quarter is not None and title != str(quarter) else ""
    if wrong:
        notes.accuse("季度", named[0][0], named[0][1].start(), named[0][1][0], f"核对的是 {quarter.label if quarter else ''}", "--quarter")
        return
    later: dict[int, list[re.Match[str]]] = {}
    for paragraph, found in named[1:]:
        later.setdefault(paragraph.number, []).append(found)
    for number, listed in later.items():
        paragraph = document.paragraphs[number - 1]
        if paragraph is named[0][0] or paragraph.level:
            continue
        if title in {str(_of_match(found)) for found in listed}:
            notes.agree("季度")
        elif not re.search("上季度|上一季度|较|比", paragraph.text):
            notes.accuse("季度", paragraph, listed[0].start(), listed[0][0], f"标题是 {named[0][1][0]}", "文中自身")
        break


def quarter_of(document: Document) -> str:
    """The quarter that a circular names first, as 2026Q3; empty where it names none."""
    named = [found for paragraph in document.body[:6] for found in _QUARTER.finditer(paragraph.text)]
    return str(_of_match(named[0])) if named else ""
