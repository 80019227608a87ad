"""A rubric as it stands in its TOML file, read and checked: blocks, items with rules, vetoes, gates, bands, roll-up.

All numbers are `Fraction`s; nothing is rounded before a printed level. The Chinese names of the keys are in
`schemes/README.zh-CN.md`, with one example for each construct.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from xmt_scoring.scoring.rubric.conditions import Condition


@dataclass(frozen=True)
class Rule:
    """One rule type with its parameters, parsed: points, numbers and shares as Fraction, conditions as Condition."""

    type: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Rounding:
    """Places, and how: half_up, half_even or down (cut off)."""

    places: int = 2
    mode: str = "half_up"


@dataclass(frozen=True)
class Per:
    """An item judged period by period: its points are those of one period (`n` of them in a full sheet)."""

    period: str
    method: str  # sum | mean | min
    n: int


@dataclass(frozen=True)
class Criterion:
    """One line of the rubric. `points`: what it is worth, and its floor under `cap = "own"` (扣完为止)."""

    id: str
    name: str
    block: str | None
    points: Fraction
    rules: Mapping[str, Rule]  # "" → the only rule; or one for each check
    weight: Fraction
    groups: tuple[str, ...]  # empty: every group
    cap: str  # own | parent | none
    at_most: Fraction | None  # what the rule may take or give in all (or in each period)
    on_na: str | None  # full | rescale | redistribute | peer_mean; None: the caller's na_policy
    rounding: Rounding | None
    is_bonus: bool
    gate: str | None
    multiplier: Fraction
    per: Per | None
    checks: tuple[str, ...]
    subject: str
    article: str
    model: str

    @property
    def rule(self) -> Rule:
        """The only rule, or the first."""
        return next(iter(self.rules.values()))

    @property
    def full(self) -> Fraction:
        """The points over all periods."""
        return self.points * (self.per.n if self.per and self.per.method == "sum" else 1)


@dataclass(frozen=True)
class Block:
    """A branch of the tree: `points` must be the sum of what is below it, `cap` limits what is lost or gained in it."""

    id: str
    name: str
    parent: str | None
    points: Fraction | None
    cap: Fraction | None
    weight: Fraction


@dataclass(frozen=True)
class Veto:
    """A 单项否决 and what it does: zero, unscored, fixed, item_loss, bar_top_band or bar_bonus."""

    code: str
    name: str
    outcome: str
    value: Fraction | None
    item: str | None
    stops_item: bool
    verdict: str | None
    levels: tuple[str, ...]  # empty: found by whomever
    condition: Condition | None  # of figures given as `facts`; None: only where it is named
    checks: tuple[str, ...]
    article: str
    model: str


@dataclass(frozen=True)
class Gate:
    """A condition on a printed figure: `left` is base, total, an item or a block. `otherwise`: the verdict when it fails."""

    id: str
    left: str
    op: str
    value: Fraction
    otherwise: str | None


@dataclass(frozen=True)
class Band:
    """A grade, the lowest score that earns it, and what single items or blocks must reach for it."""

    name: str
    lowest: Fraction
    minima: Mapping[str, Fraction]


@dataclass(frozen=True)
class Rollup:
    """How scores of periods, accounts or bodies become one: method, what a missing one counts, weights, minima."""

    over: str
    method: str  # mean | sum | min | max | weighted; setting: xmt.toml decides
    missing: str  # exclude | zero | peer_mean | refuse
    vetoed: str  # zero | exclude | setting
    weights: Mapping[str, Fraction]
    least_each: Fraction | None
    least_total: Fraction | None


@dataclass(frozen=True)
class Step:
    """One step of a ladder of measures (第二十四条): for which object, which measure, from when on."""

    object: str
    measure: str
    condition: Condition


@dataclass(frozen=True)
class PassThrough:
    """How the result enters another assessment: points × result / from, at most `cap`."""

    points: Fraction
    base: Fraction
    cap: Fraction | None


@dataclass(frozen=True)
class Multiplier:
    """A factor on the sum, fixed or chosen by a word in the inputs, and the most that may come out."""

    factor: Fraction | None
    factors: Mapping[str, Fraction]
    cap: Fraction | None


@dataclass(frozen=True)
class Split:
    """Points of a joint piece of work shared among those who did it: equally, or by shares."""

    method: str  # equal | shares
    shares: Mapping[str, Fraction]


@dataclass(frozen=True)
class Rubric:
    """A validated rubric. `raw` is the TOML as it stands, for the sheets that print it."""

    id: str
    title: str
    status: str  # proposed | adopted
    start: dt.date
    base: Fraction
    direction: str  # loss | gain | mixed
    adds_up: bool
    items: tuple[Criterion, ...]
    blocks: Mapping[str, Block]
    groups: Mapping[str, Fraction]  # group → its base
    vetoes: tuple[Veto, ...]
    gates: tuple[Gate, ...]
    bands: tuple[Band, ...]  # highest first
    band_on: str  # printed | exact
    rollup: Rollup | None
    parts: Mapping[str, Rubric]  # item id → the sheet whose printed total it is
    rescale: Fraction | None  # the points that the sheet is really scored on; the result is brought to `base`
    multiplier: Multiplier | None
    split: Split | None
    pass_through: PassThrough | None
    ladder: tuple[Step, ...]
    keep: str | None  # one event, one loss: largest | first
    rounding: Rounding
    floor: Fraction | None
    cap: Fraction | None
    na_losses: str  # absolute | scaled: losses of an item that received points of one that does not apply
    na_share_places: int | None
    part_unscored: str  # unscored | zero: what a vetoed part of a composite means for the whole
    pass_word: str
    fail_word: str
    engagement_override: Mapping[str, Any] | None  # by, on, document: who signed for points on reads or followers
    raw: Mapping[str, Any] = field(repr=False)

    def items_of(self, group: str | None) -> tuple[Criterion, ...]:
        """The items of one group's sheet."""
        return tuple(item for item in self.items if not item.groups or group in item.groups)
