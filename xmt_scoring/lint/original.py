"""A circular that a person edited against the one that the program would write today: figures and names that no longer agree.

Sentences may be rewritten, moved or left out; a figure that stands where the program printed another one may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP
from difflib import SequenceMatcher
from functools import cached_property

import pandas as pd

from xmt_scoring.lint.citations import CITED
from xmt_scoring.lint.dates import find_days
from xmt_scoring.lint.documents import Document, Grid, Paragraph
from xmt_scoring.lint.names import QUOTED
from xmt_scoring.lint.numbers import Number, numbers
from xmt_scoring.lint.report import Notes, sentence_at
from xmt_scoring.lint.tables import column_of, row_text

KIND, NAME_KIND, TABLE_KIND = "通报数据", "通报名称", "附件数据"
_SAME_PARAGRAPH, _SAME_ROW = 0.6, 0.5
_MOST_WORDS = 6  # characters that may differ beside a figure before the place is called rewritten
_EXACT = (
    "账号名称", "主办单位", "单位", "平台", "得分", "名次", "等次", "发布条数", "缺更周数", "最长间隔", "最长间隔（天）", "件数", "计分账号数",
    "账号（平台）", "依据", "影响", "待定事项",
)  # fmt: skip

_KINDS = {"figure": KIND, "name": NAME_KIND, "date": "通报日期", "article": "通报条款", "verdict": KIND, "annex": "通报附件", "unit": NAME_KIND,
          "problem": "通报问题"}  # fmt: skip
_ANNEX = re.compile(r"附件\s?[0-9]{1,2}")
_VERDICT = re.compile("不合格|合格(?!率)|提高|上升|下降|降低|回落|持平")


@dataclass(frozen=True)
class Token:
    """A piece of a text: its kind, its words and where they stand; the number that it is, if it is one."""

    kind: str
    words: str
    start: int
    end: int
    number: Number | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes two pieces the same."""
        return self.kind, self.words


@dataclass(frozen=True)
class Original:
    """The circular that the program would write, its figures (frame `bulletin_figures`) and what they rest on, in words.

    `units`: the names of the county's units. `problems`: what circulars call the kinds of problems.
    """

    document: Document
    figures: pd.DataFrame
    label: str
    units: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @cached_property
    def listed(self) -> dict[str, re.Pattern[str]]:
        """Kind of token → the names that it may be, the longer ones first."""
        return {
            kind: re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))
            for kind, names in (("unit", self.units), ("problem", self.problems)) if names
        }  # fmt: skip

    @cached_property
    def workdays(self) -> str:
        """The workdays up to the deadline, as printed; empty where the figures have none."""
        rows = self.figures.loc[self.figures["figure"] == "整改工作日", "printed"]
        return str(rows.iloc[0]) if len(rows) else ""

    def basis(self, wanted: str) -> str:
        """On what a printed figure rests: where only one figure of the circular is printed so, which one and how it is made."""
        digits = re.match(r"[0-9.]+%?", wanted)
        rows = self.figures[self.figures["printed"] == digits[0]] if digits else self.figures.iloc[:0]
        return f"{self.label}：{rows['figure'].iloc[0]}（{rows['how'].iloc[0]}）" if len(rows) == 1 else self.label


def check_against_original(document: Document, original: Original, notes: Notes) -> None:
    """Every figure and name of the edited circular that stands where the program's own has another one."""
    for before, after in _paired(original.document.paragraphs, document.paragraphs):
        _compare(before.text, after, original, notes)
    for grid, edited in _paired_grids(original.document.grids, document.grids):
        _compare_grids(grid, edited, original, notes)
    for paragraph in document.body:
        _check_workdays(paragraph, original, notes)


def _check_workdays(paragraph: Paragraph, original: Original, notes: Notes) -> None:
    """A deadline for putting right that is told in workdays though the program's own names a day, or the other way round."""
    for number in numbers(paragraph.text):
        is_limit = number.unit == "个工作日" and re.match("之？内", paragraph.text[number.end :])
        is_other = original.workdays and str(number.value) != original.workdays
        if is_limit and is_other and re.search("整改.*报送|报送.*整改", sentence_at(paragraph, number.start)):
            notes.accuse("通报日期", paragraph, number.start, number.shown, f"{original.workdays}个工作日", original.label, (number,))


def _paired(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> Iterator[tuple[Paragraph, Paragraph]]:
    """Paragraphs that are the same or nearly: equal ones first, then the likest of what lies between them."""
    matcher = SequenceMatcher(None, [each.text for each in before], [each.text for each in after], autojunk=False)
    for what, first, last, start, end in matcher.get_opcodes():
        if what == "equal":
            yield from zip(before[first:last], after[start:end], strict=True)
        elif what == "replace":
            yield from _likest(before[first:last], after[start:end])


def _likest(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> Iterator[tuple[Paragraph, Paragraph]]:
    floor = 0
    for each in before:
        scored = [
            (SequenceMatcher(None, each.text, other.text, autojunk=False).ratio(), -position)
            for position, other in enumerate(after[floor:])
        ]  # fmt: skip
        best, position = max(scored, default=(0.0, 0))
        if best >= _SAME_PARAGRAPH:
            floor -= position
            yield each, after[floor]
            floor += 1


def _tokens(text: str, listed: Mapping[str, re.Pattern[str]]) -> list[Token]:
    """A text as figures, quoted names, units, kinds of problems, dates, articles, verdicts and single characters."""
    placed = {number.start: Token("figure", f"{number.value}{number.unit}", number.start, number.end, number) for number in numbers(text)}
    for kind, pattern in (("name", QUOTED), ("article", CITED), ("verdict", _VERDICT), ("annex", _ANNEX)):
        placed |= {found.start(): Token(kind, found[0], found.start(), found.end()) for found in pattern.finditer(text)}
    for kind, pattern in listed.items():
        placed |= {found.start(): Token(kind, found[0], found.start(), found.end()) for found in pattern.finditer(text)}
    placed |= {day.start: Token("date", day.shown, day.start, day.end) for day in find_days(text, None)}
    found: list[Token] = []
    position = 0
    while position < len(text):
        token = placed.get(position) or Token("word", text[position], position, position + 1)
        position = token.end
        if token.words.strip():
            found.append(token)
    return found


def _compare(before: str, after: Paragraph, original: Original, notes: Notes) -> None:
    theirs, ours = (_tokens(text, original.listed) for text in (before, after.text))
    matcher = SequenceMatcher(None, [token.key for token in theirs], [token.key for token in ours], autojunk=False)
    for what, first, last, start, end in matcher.get_opcodes():
        if what == "equal":
            spans = [(token.start, token.end) for token in ours[start:end]]  # the name of a problem may hold figures too
            same = [number for number in numbers(after.text) if any(first_ <= number.start < last_ for first_, last_ in spans)]
            notes.settled |= {(after.number, number.start) for number in same}
            if same:
                notes.agree(KIND, after, *same)
        elif what == "replace":
            _compare_pieces(theirs[first:last], ours[start:end], after, original, notes)
        else:
            _compare_names(theirs[first:last], ours[start:end], ours[max(0, start - 1)].start if ours else 0, after, original, notes)


def _compare_pieces(theirs: list[Token], ours: list[Token], after: Paragraph, original: Original, notes: Notes) -> None:
    rewritten = max(sum(token.kind == "word" for token in side) for side in (theirs, ours)) > _MOST_WORDS
    for kind, told in _KINDS.items():
        wanted = [token for token in theirs if token.kind == kind]
        said = [token for token in ours if token.kind == kind]
        for token, right in zip(said, wanted, strict=False):
            if token.words == right.words or _is_rounder(token.number, right.number):
                continue
            if not rewritten and len(said) == len(wanted):
                used = (token.number,) if token.number else ()
                notes.accuse(told, after, token.start, after.text[token.start : token.end], right.words, original.basis(right.words), used)
            elif token.number:
                notes.doubt(after, token.number, f"原文这里是 {right.words}，句子改写过，请人工核对")


def _is_rounder(said: Number | None, right: Number | None) -> bool:
    """Whether a rate is the printed one at fewer places; whether it is rounded rightly there, its own counts tell."""
    if said is None or right is None or said.unit != "%" or right.unit != "%" or said.places >= right.places:
        return False
    return right.value.quantize(said.value, ROUND_HALF_UP) == said.value


def _compare_names(theirs: list[Token], ours: list[Token], at: int, after: Paragraph, original: Original, notes: Notes) -> None:
    """Names taken out of a list or put into it, where nothing else was written there."""
    for tokens, says in ((theirs, "少了{}"), (ours, "多了{}")):
        names = [token.words for token in tokens if token.kind in ("name", "unit")]
        if names:
            notes.accuse(NAME_KIND, after, at, says.format("、".join(names)), "按数据不应增减" if tokens is ours else "、".join(names), original.label)


def _paired_grids(before: Sequence[Grid], after: Sequence[Grid]) -> Iterator[tuple[Grid, Grid]]:
    left = list(after)
    for each in before:
        same = next((grid for grid in left if grid.rows[0] == each.rows[0]), None)
        if same is not None:
            left.remove(same)
            yield each, same


def _compare_grids(before: Grid, after: Grid, original: Original, notes: Notes) -> None:
    basis, serial = original.label, column_of(before, "序号")

    def bare(row: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cell for column, cell in enumerate(row) if column != serial)

    theirs, ours = [bare(row) for row in before.rows], [bare(row) for row in after.rows]
    for what, first, last, start, end in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if what == "equal":
            notes.held[TABLE_KIND] += end - start
            for row in range(start, end):
                notes.bind_cells(after, row, *range(len(after.rows[row])))
            continue
        pairs = min(last - first, end - start)
        for offset in range(pairs):
            _compare_rows(before, first + offset, after, start + offset, original, notes)
        for row in range(first + pairs, last):
            place = after.place(min(start + pairs, len(after.rows) - 1))
            notes.accuse_cell(TABLE_KIND, place, row_text(before, row), "缺少这一行", row_text(before, row), basis)
        for row in range(start + pairs, end):
            notes.accuse_cell(TABLE_KIND, after.place(row), row_text(after, row), "数据里没有这一行", "", basis)


def _compare_rows(before: Grid, first: int, after: Grid, row: int, original: Original, notes: Notes) -> None:
    """Cells of facts must be the same; in a cell of prose the figures, days, names and kinds of problems must be."""
    for column, (wanted, said) in enumerate(zip(before.rows[first], after.rows[row], strict=False)):
        if wanted == said or before.rows[0][column] == "序号":
            continue
        if before.rows[0][column] in _EXACT or _facts(wanted, original) != _facts(said, original):
            notes.accuse_cell(TABLE_KIND, after.place(row, column), row_text(after, row), said or "（空）", wanted, original.label)
        else:
            notes.doubt_at(after.place(row, column), row_text(after, row), said or "（空）", "与按数据写出的文字不同，请人工核对")


def _facts(text: str, original: Original) -> list[tuple[str, str]]:
    return [token.key for token in _tokens(text, original.listed) if token.kind != "word"]
