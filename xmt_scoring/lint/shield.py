"""Registered names that hold quotation marks, brackets or half-width marks of their own: while the checks run, those marks are
letters of the name, so that no check takes them for marks of the sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pandas as pd

from xmt_scoring.lint.county import County
from xmt_scoring.lint.documents import Document, Grid, Paragraph
from xmt_scoring.lint.report import Notes

_MARKS = "“”‘’\"'()（）[]【】〔〕《》,，;；:：?？!！.。、·"
_LETTERS = "".join(chr(0xE000 + place) for place in range(len(_MARKS)))  # for private use: no text has them
_AWAY, _BACK = str.maketrans(_MARKS, _LETTERS), str.maketrans(_LETTERS, _MARKS)


@dataclass(frozen=True)
class Shield:
    """`names`: the registered names with marks of their own, as one pattern, the longer ones first."""

    names: re.Pattern[str]

    @classmethod
    def of(cls, county: County) -> Shield | None:
        """None where no name has such a mark."""
        every = {*county.accounts["account_name"].dropna(), *county.units["unit_name"].dropna(), *county.other_names}
        marked = sorted((str(name) for name in every if set(str(name)) & set(_MARKS)), key=lambda name: (-len(name), name))
        return cls(re.compile("|".join(map(re.escape, marked)))) if marked else None

    def text(self, text: str) -> str:
        """A text in which the marks inside names are letters; as long as before."""
        return self.names.sub(lambda found: found[0].translate(_AWAY), text)

    def document(self, document: Document) -> Document:
        """The document with every text of it so."""
        return replace(document, paragraphs=tuple(map(self._paragraph, document.paragraphs)), grids=tuple(map(self._grid, document.grids)))

    def county(self, county: County) -> County:
        """The county whose names are written so."""
        return replace(
            county, accounts=self._named(county.accounts, "account_name", "unit_name"), units=self._named(county.units, "unit_name"),
            other_names=frozenset(map(self.text, county.other_names)),
        )  # fmt: skip

    def _paragraph(self, paragraph: Paragraph) -> Paragraph:
        return replace(paragraph, raw=self.text(paragraph.raw), headings=tuple(map(self.text, paragraph.headings)))

    def _grid(self, grid: Grid) -> Grid:
        return replace(grid, rows=tuple(tuple(map(self.text, row)) for row in grid.rows), caption=self.text(grid.caption))

    def _named(self, rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
        return rows.assign(**{name: rows[name].map(self.text, na_action="ignore") for name in columns})


def lifted(notes: Notes) -> Notes:
    """The notes with the names as people write them."""
    notes.findings = [replace(each, **_plain(vars(each))) for each in notes.findings]
    notes.doubts = [replace(each, **_plain(vars(each))) for each in notes.doubts]
    return notes


def _plain(words: dict[str, str]) -> dict[str, str]:
    return {name: text.translate(_BACK) for name, text in words.items()}
