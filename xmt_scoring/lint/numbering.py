"""The numbers that Word writes before paragraphs by itself: they stand in no text, but a reader sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_CHINESE = ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographTraditional", "taiwaneseCounting")
_SILENT = ("bullet", "none")


@dataclass
class _Level:
    """One level of a list: its first number, its kind and its pattern such as （%1）."""

    start: int
    kind: str
    pattern: str


@dataclass
class Numbering:
    """The lists of one document, counted on as its paragraphs are read in order. `n_unread`: numbers of kinds unknown here."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # numId → level
    shared: dict[str, str] = field(default_factory=dict)  # numId → what it is counted with
    styles: dict[str, tuple[str | None, str | None, int]] = field(default_factory=dict)  # style → parent, numId, level
    counted: dict[str, dict[int, int]] = field(default_factory=dict)
    n_unread: int = 0

    @classmethod
    def of(cls, document: Any) -> Numbering:
        """The lists of a document as python-docx opened it."""
        made = cls()
        for style in document.styles.element.iter(f"{_W}style"):
            based = style.find(f"{_W}basedOn")
            found = style.find(f"{_W}pPr/{_W}numPr")
            number, level = (None, 0) if found is None else _of(found)
            made.styles[style.get(f"{_W}styleId")] = (None if based is None else based.get(f"{_W}val"), number, level)
        part = next((one.target_part for one in document.part.rels.values() if one.reltype.endswith("/numbering")), None)
        if part is None:
            return made
        lists = {one.get(f"{_W}abstractNumId"): _levels(one) for one in part.element.iter(f"{_W}abstractNum")}
        for one in part.element.iter(f"{_W}num"):
            number, base = one.get(f"{_W}numId"), one.find(f"{_W}abstractNumId").get(f"{_W}val")
            made.levels[number], made.shared[number] = dict(lists.get(base, {})), f"abstract {base}"
            for override in one.iter(f"{_W}lvlOverride"):
                start, level = override.find(f"{_W}startOverride"), int(override.get(f"{_W}ilvl"))
                if start is not None and level in made.levels[number]:
                    old = made.levels[number][level]
                    made.levels[number][level] = _Level(int(start.get(f"{_W}val")), old.kind, old.pattern)
                    made.shared[number] = number
        return made

    def number(self, paragraph: Any) -> str:
        """What Word writes before this paragraph; counts on. Empty for a plain one, a bullet or an unknown kind."""
        number, level = self._place(paragraph)
        known = self.levels.get(number or "", {})
        if level not in known:
            return ""
        counts = self.counted.setdefault(self.shared[number or ""], {})
        counts[level] = counts.get(level, known[level].start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if known[level].kind in _SILENT:
            return ""
        told = {at: _spoken(counts.get(at, known[at].start), known[at].kind) for at in known}
        wanted = [int(found) - 1 for found in re.findall("%([1-9])", known[level].pattern)]
        if any(told.get(at) is None for at in wanted):
            self.n_unread += 1
            return ""
        return re.sub("%([1-9])", lambda found: str(told[int(found[1]) - 1]), known[level].pattern)

    def _place(self, paragraph: Any) -> tuple[str | None, int]:
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        named = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style = None if named is None else named.get(f"{_W}val")
        inherited: tuple[str | None, int] = (None, 0)
        seen: set[str] = set()
        while style in self.styles and style not in seen and inherited[0] is None:
            seen.add(style)
            style, number, level = self.styles[style]
            inherited = (number, level)
        if own is None:
            return inherited
        number, level = _of(own)
        return (number or inherited[0]), level


def _of(found: Any) -> tuple[str | None, int]:
    """numId and level of a w:numPr."""
    number, level = found.find(f"{_W}numId"), found.find(f"{_W}ilvl")
    return (None if number is None else number.get(f"{_W}val")), (0 if level is None else int(level.get(f"{_W}val")))


def _levels(element: Any) -> dict[int, _Level]:
    made = {}
    for level in element.iter(f"{_W}lvl"):
        start, kind, pattern = (level.find(f"{_W}{name}") for name in ("start", "numFmt", "lvlText"))
        made[int(level.get(f"{_W}ilvl"))] = _Level(
            1 if start is None else int(start.get(f"{_W}val")), "decimal" if kind is None else kind.get(f"{_W}val"),
            "" if pattern is None else pattern.get(f"{_W}val") or "",
        )  # fmt: skip
    return made


def _spoken(value: int, kind: str) -> str | None:
    """A number in the kind of its level; missing where the kind is not known here or the number too large for it."""
    if kind in ("decimal", "decimalFullWidth"):
        return str(value)
    if kind in _CHINESE and 0 < value < 100:
        tens, ones = divmod(value, 10)
        return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones else "")
    return None
