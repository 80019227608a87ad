"""What the linter says: disagreements, what agreed, and what it could not recompute. No place is named twice for one cause."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from xmt_scoring.lint.documents import Document, Grid, Paragraph, sentences
from xmt_scoring.lint.numbers import Number, numbers

INSIDE = "文中自身"  # the basis of what a circular says of its own figures
NOT_BOUND = "没有找到可以对照的数"


@dataclass(frozen=True)
class Finding:
    """One disagreement: kind, place, the sentence, what it says, what it should say, and on what that rests."""

    kind: str
    place: str
    sentence: str
    says: str
    should: str
    basis: str


@dataclass(frozen=True)
class Doubt:
    """A figure that could not be recomputed, and why."""

    place: str
    sentence: str
    says: str
    reason: str


@dataclass
class Notes:
    """Collects what the single checks say, by paragraph and position: the figures that were recomputed (`bound`), those that
    the frames deny (`accused`) and those that stand where the program prints the same (`settled`). `cells`: table, row and
    column of the figures in tables that were recomputed."""

    findings: list[Finding] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    doubts: list[Doubt] = field(default_factory=list)
    bound: set[tuple[int, int]] = field(default_factory=set)
    accused: set[tuple[int, int]] = field(default_factory=set)
    settled: set[tuple[int, int]] = field(default_factory=set)
    cells: set[tuple[int, int, int]] = field(default_factory=set)

    def agree(self, kind: str, paragraph: Paragraph | None = None, *used: Number) -> None:
        """A statement of this kind was recomputed and holds."""
        self.held[kind] += 1
        self._bind(paragraph, used)

    def bind_cells(self, grid: Grid, row: int, *columns: int | None) -> None:
        """The figures of these cells were recomputed."""
        self.cells |= {(grid.number, row, column) for column in columns if column is not None}

    def accuse(
        self, kind: str, paragraph: Paragraph, at: int, says: str, should: str, basis: str, used: tuple[Number, ...] = ()
    ) -> None:
        """A statement at a position of a paragraph does not hold. What the frames say of a figure is told once."""
        key = (paragraph.number, used[0].start) if used and basis != INSIDE else None
        if key in self.accused or key in self.settled:
            return
        self.accused |= {key} if key else set()
        self._add(Finding(kind, paragraph.place, sentence_at(paragraph, at), says, should, basis))
        self._bind(paragraph, used)

    def accuse_cell(self, kind: str, place: str, row: str, says: str, should: str, basis: str) -> None:
        """A cell of a table does not hold. What the frames say of a cell is told once."""
        if basis != INSIDE and any(each.place == place and each.basis != INSIDE for each in self.findings):
            return
        self._add(Finding(kind, place, row, says, should, basis))

    def doubt(self, paragraph: Paragraph, number: Number, reason: str) -> None:
        """A figure that cannot be recomputed, with the reason; the first reason stays."""
        key = (paragraph.number, number.start)
        if key not in self.bound:
            self.bound.add(key)
            self.doubts.append(Doubt(paragraph.place, sentence_at(paragraph, number.start), number.shown, reason))

    def doubt_at(self, place: str, sentence: str, says: str, reason: str) -> None:
        """Something else that could not be checked."""
        self.doubts.append(Doubt(place, sentence, says, reason))

    def _add(self, finding: Finding) -> None:
        same = (finding.place, finding.sentence, finding.says, finding.should)
        if same not in {(each.place, each.sentence, each.says, each.should) for each in self.findings}:
            self.findings.append(finding)

    def _bind(self, paragraph: Paragraph | None, used: tuple[Number, ...]) -> None:
        if paragraph is None:
            return
        for number in used:
            self.bound.add((paragraph.number, number.start))
            self.doubts = [each for each in self.doubts if not _is_of(each, paragraph, number)]

    def finish(self, document: Document) -> None:
        """List every figure of the text that no check has taken."""
        for paragraph in document.paragraphs:
            for number in numbers(paragraph.text):
                if number.unit and (paragraph.number, number.start) not in self.bound:
                    self.doubt(paragraph, number, "概数或限度，不核对" if number.is_loose else NOT_BOUND)


def _is_of(doubt: Doubt, paragraph: Paragraph, number: Number) -> bool:
    return doubt.place == paragraph.place and doubt.says == number.shown and doubt.sentence == sentence_at(paragraph, number.start)


def sentence_at(paragraph: Paragraph, at: int) -> str:
    """The sentence of a paragraph that holds a position, as written."""
    for start, end in sentences(paragraph.text):
        if start <= at < end:
            return paragraph.raw[start:end].strip()
    return paragraph.raw


def as_json(name: str, notes: Notes, against: str) -> dict[str, Any]:
    """Everything as JSON can hold it."""
    return {
        "file": name,
        "against": against,
        "findings": [asdict(each) for each in notes.findings],
        "held": dict(sorted(notes.held.items())),
        "n_held": notes.held.total(),
        "not_bound": [asdict(each) for each in notes.doubts],
    }
