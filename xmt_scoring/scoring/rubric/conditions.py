"""Conditions in a rubric file: `events == 0`, `sent >= 15 and late < 2`. Comparisons of names with numbers, no more."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

OPERATORS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
_ONE = re.compile(r"\s*([^\W\d]\w*)\s*(>=|<=|==|!=|>|<)\s*(-?[0-9]+(?:\.[0-9]+)?|[^\W\d]\w*)\s*")
_BETWEEN = re.compile(r"\s+(and|or|且|或)\s+")


@dataclass(frozen=True)
class Condition:
    """Comparisons joined by `and` (binds first) and `or`; `text` is what stands in the file."""

    text: str
    alternatives: tuple[tuple[tuple[str, str, str | Fraction], ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the condition asks for, once, in order."""
        found = [side for part in self.alternatives for one in part for side in (one[0], one[2]) if isinstance(side, str)]
        return tuple(dict.fromkeys(found))

    def holds(self, values: Mapping[str, Fraction]) -> bool:
        """Whether it is true of these values; KeyError for a name without one."""
        return any(all(self._true(one, values) for one in part) for part in self.alternatives)

    @staticmethod
    def _true(one: tuple[str, str, str | Fraction], values: Mapping[str, Fraction]) -> bool:
        left, op, right = one
        return OPERATORS[op](values[left], values[right] if isinstance(right, str) else right)


def parse(text: str) -> Condition:
    """A condition from its words; ValueError on anything that is not comparisons joined by and/or."""
    pieces = _BETWEEN.split(text)
    alternatives: list[list[tuple[str, str, str | Fraction]]] = [[]]
    for number, piece in enumerate(pieces):
        if number % 2:
            if piece in ("or", "或"):
                alternatives.append([])
            continue
        found = _ONE.fullmatch(piece)
        if not found:
            raise ValueError(f"not a comparison: {piece}")
        left, op, right = found.groups()
        is_number = right[0].isdecimal() or right[0] == "-"
        alternatives[-1].append((left, op, Fraction(Decimal(right)) if is_number else right))
    return Condition(text, tuple(tuple(part) for part in alternatives))
