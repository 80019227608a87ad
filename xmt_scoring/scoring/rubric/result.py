"""What comes out of a sheet: each part, the sums, the grade, and what was done on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Part:
    """One item: what it is worth here (after 平均计入), what it scored, lost or gained, all exact.

    `gained` is the bonus it brings (0 for a base item, and where its gate is closed or a veto bars the bonus).
    """

    points: Fraction
    score: Fraction
    lost: Fraction
    gained: Fraction
    is_na: bool
    is_bonus: bool


@dataclass(frozen=True)
class RolledUp:
    """Scores of periods, accounts or bodies as one. `failed`: those below `least_each`, from 1; `is_met`: all minima."""

    value: Fraction | None
    failed: tuple[int, ...]
    is_met: bool
    n_counted: int


@dataclass(frozen=True)
class Result:
    """A scored sheet. `total` is printed; None = not scored, which is not 0. `base` and `bonus` are exact."""

    total: Decimal | None
    before_veto: Decimal | None
    base: Fraction | None
    bonus: Fraction
    items: Mapping[str, Part]
    blocks: Mapping[str, Fraction]  # what was lost in each block (gained, in a sheet that adds up gains), after its cap
    band: str | None
    verdict: str | None
    vetoes: tuple[str, ...]
    gates: Mapping[str, bool]
    notes: tuple[str, ...]
    rolled_up: RolledUp | None = None
    measure: str | None = None
    passed_on: Decimal | None = None
    parts: Mapping[str, Result] = field(default_factory=dict)
