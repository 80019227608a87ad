"""A circular that a person edited against the one that the program would write today: figures and names that no longer agree.

Sentences may be rewritten, moved or left out; a figure that stands where the program printed another one may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import pandas as pd

from xmt_scoring.lint.documents import Document, Grid, Paragraph
from xmt_scoring.lint.names import QUOTED
from xmt_scoring.lint.numbers import Number, numbers
from xmt_scoring.lint.report import Notes
from xmt_scoring.lint.tables import column_of, row_text

KIND, NAME_KIND, TABLE_KIND = "通报数据", "通报名称", "附件数据"
_SAME_PARAGRAPH, _SAME_ROW = 0.6, 0.5
_MOST_WORDS = 6  # characters that may differ beside a figure before the place is called rewritten
_EXACT = (
    "账号名称", "主办单位", "单位", "平台", "得分", "名次", "等次", "发布条数", "缺更周数", "最长间隔", "最长间隔（天）", "件数", "计分账号数",
    "账号（平台）",
)  # fmt: skip

Token = tuple[str, str]


@dataclass(frozen=True)
class Original:
    """The circular that the program would write, its figures (frame `bulletin_figures`) and what they rest on, in words."""

    document: Document
    figures: pd.DataFrame
    label: str

    def basis(self, wanted: str) -> str:
        """On what a printed figure rests: where only one figure of the circular is printed so, which one and how it is made."""
        digits = re.match(r"[0-9.]+%?", wanted)
        rows = self.figures[self.figures["printed"] == digits[0]] if digits else self.figures.iloc[:0]
        return f"{self.label}:{rows['figure'].iloc[0]}({rows['how'].iloc[0]})" if len(rows) == 1 else self.label


def check_against_original(document: Document, original: Original, notes: Notes) -> None:
    """Every figure and name of the edited circular that stands where the program's own has another one."""
    for before, after in _paired(original.document.paragraphs, document.paragraphs):
        _compare(before.text, after, original, notes)
    for grid, edited in _paired_grids(original.document.grids, document.grids):
        _compare_grids(grid, edited, original.label, notes)


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


def _tokens(text: str) -> list[tuple[Token, Number | re.Match[str] | None]]:
    """A text as figures, quoted names and single characters."""
    placed: dict[int, tuple[Token, int, Number | re.Match[str]]] = {}
    for number in numbers(text):
        placed[number.start] = (("figure", f"{number.value}{number.unit}"), number.end, number)
    for quote in QUOTED.finditer(text):
        placed[quote.start()] = (("name", quote[1]), quote.end(), quote)
    found: list[tuple[Token, Number | re.Match[str] | None]] = []
    position = 0
    while position < len(text):
        if position in placed:
            token, position, source = placed[position]
            found.append((token, source))
        else:
            if text[position].strip():
                found.append((("word", text[position]), None))
            position += 1
    return found


def _compare(before: str, after: Paragraph, original: Original, notes: Notes) -> None:
    theirs, ours = _tokens(before), _tokens(after.text)
    matcher = SequenceMatcher(None, [token for token, _ in theirs], [token for token, _ in ours], autojunk=False)
    for what, first, last, start, end in matcher.get_opcodes():
        if what == "equal":
            figures = [source for token, source in ours[start:end] if token[0] == "figure" and isinstance(source, Number)]
            if figures:
                notes.agree(KIND, after, *figures)
        elif what == "replace":
            _compare_pieces(theirs[first:last], ours[start:end], after, original, notes)


def _compare_pieces(
    theirs: list[tuple[Token, Number | re.Match[str] | None]], ours: list[tuple[Token, Number | re.Match[str] | None]],
    after: Paragraph, original: Original, notes: Notes,
) -> None:  # fmt: skip
    rewritten = max(sum(token[0] == "word" for token, _ in side) for side in (theirs, ours)) > _MOST_WORDS
    for kind in ("figure", "name"):
        right = [token[1] for token, _ in theirs if token[0] == kind]
        said = [(token[1], source) for token, source in ours if token[0] == kind]
        if not right or not said:
            continue
        for (words, source), wanted in zip(said, right, strict=False):
            if words == wanted or source is None or words.endswith("工作日"):  # the office may give more time
                continue
            if isinstance(source, Number):
                if rewritten or len(right) != len(said):
                    notes.doubt(after, source, f"原文这里是 {wanted},句子改写过,请人工核对")
                else:
                    notes.accuse(KIND, after, source.start, source.shown, wanted, original.basis(wanted), (source,))
            elif not rewritten and len(right) == len(said):
                notes.accuse(NAME_KIND, after, source.start(), f"“{words}”", f"“{wanted}”", original.label)


def _paired_grids(before: Sequence[Grid], after: Sequence[Grid]) -> Iterator[tuple[Grid, Grid]]:
    left = list(after)
    for each in before:
        same = next((grid for grid in left if grid.rows[0] == each.rows[0]), None)
        if same is not None:
            left.remove(same)
            yield each, same


def _compare_grids(before: Grid, after: Grid, basis: str, notes: Notes) -> None:
    serial = column_of(before, "序号")

    def bare(row: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cell for column, cell in enumerate(row) if column != serial)

    theirs, ours = [bare(row) for row in before.rows], [bare(row) for row in after.rows]
    for what, first, last, start, end in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if what == "equal":
            notes.held[TABLE_KIND] += end - start
            continue
        pairs = min(last - first, end - start)
        for offset in range(pairs):
            _compare_rows(before, first + offset, after, start + offset, basis, notes)
        for row in range(first + pairs, last):
            place = after.place(min(start + pairs, len(after.rows) - 1))
            notes.accuse_cell(TABLE_KIND, place, row_text(before, row), "缺少这一行", row_text(before, row), basis)
        for row in range(start + pairs, end):
            notes.accuse_cell(TABLE_KIND, after.place(row), row_text(after, row), "数据里没有这一行", "", basis)


def _compare_rows(before: Grid, first: int, after: Grid, row: int, basis: str, notes: Notes) -> None:
    for column, (wanted, said) in enumerate(zip(before.rows[first], after.rows[row], strict=False)):
        if wanted == said or before.rows[0][column] == "序号":
            continue
        if before.rows[0][column] in _EXACT or [number.value for number in numbers(wanted)] != [number.value for number in numbers(said)]:
            notes.accuse_cell(TABLE_KIND, after.place(row, column), row_text(after, row), said or "(空)", wanted, basis)
