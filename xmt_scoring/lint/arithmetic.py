"""Printed figures recomputed: rates, shares, sums, differences and orders, exact and half-up at the printed digits.

Nothing here knows a document. A figure is a mapping as in a list of published figures: `kind`, `printed`, and what the kind
needs (ratio: numerator, denominator; sum, mean: parts; difference: minuend, subtrahend; growth: earlier, later; product:
factors; order: left ≤ right; count: names). Values are whole numbers or text, never binary floats of a computation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import reduce
from typing import Any

HOLDS, CUT_OFF, WRONG, UNKNOWN = "holds", "cut-off", "wrong", "unknown"
STATUS_WORDS = {HOLDS: "相符", CUT_OFF: "只舍不入", WRONG: "不符", UNKNOWN: "未能核对"}
_WIDE = str.maketrans("０１２３４５６７８９．％－＋，", "0123456789.%-+,")
_PRINTED = re.compile(r"([+-]?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?)\s*(%|‰)?")
_DOWN = re.compile(r"下降|降低|减少|回落|下滑")
_SCALES = {"%": 100, "‰": 1000}


@dataclass(frozen=True)
class Printed:
    """A number as it is printed: its value, decimal places, sign of share (`%`, `‰` or empty) and whether a + or − stands there."""

    value: Decimal
    places: int
    sign: str

    @classmethod
    def parse(cls, text: object) -> Printed | None:
        """The first number of a text such as `98.55%`, `-0.9`, `4,891` or `下降0.9个百分点`; missing when there is none."""
        folded = str(text).translate(_WIDE).replace("−", "-")
        found = _PRINTED.search(folded)
        if not found:
            return None
        value = Decimal(found[2].replace(",", ""))
        is_negative = found[1] == "-" or (not found[1] and _DOWN.search(folded[: found.start()]))
        return cls(-value if is_negative else value, len(found[3] or ""), found[4] or "")


@dataclass(frozen=True)
class Judged:
    """What recomputing says: the status and the figure as it should be printed (empty where there is none)."""

    status: str
    recomputed: str


def rounded(value: Fraction, places: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    """A fraction at `places` decimals, halves away from zero unless another rounding is named; exact."""
    scaled = abs(value) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    if rounding == ROUND_HALF_UP and 2 * rest >= scaled.denominator:
        whole += 1
    return (Decimal(whole) if value >= 0 else -Decimal(whole)).scaleb(-places)


def compare(exact: Fraction, printed: Printed, sign: str = "") -> Judged:
    """Whether `exact` gives the printed number: rounded half-up, only cut off, or not at all."""
    right = rounded(exact, printed.places)
    text = f"{right:f}{sign}"
    if printed.value == right:
        return Judged(HOLDS, text)
    return Judged(CUT_OFF if printed.value == rounded(exact, printed.places, ROUND_DOWN) else WRONG, text)


def ratio(numerator: object, denominator: object, printed: object) -> Judged:
    """A rate or share. Without a sign of share the number may be percents or a plain fraction. Nothing divided by is wrong."""
    shown, over, under = Printed.parse(printed), exact_value(numerator), exact_value(denominator)
    if shown is None or over is None or under is None:
        return Judged(UNKNOWN, "")
    if not under:
        return Judged(WRONG, "")
    scales = [(shown.sign, _SCALES[shown.sign])] if shown.sign else [("", 100), ("", 1)]
    judged = [compare(over * scale / under, shown, sign) for sign, scale in scales]
    return next((each for status in (HOLDS, CUT_OFF) for each in judged if each.status == status), judged[0])


def total(parts: Iterable[object], printed: object) -> Judged:
    """A sum of parts."""
    return _of_values(parts, printed, lambda values: sum(values, Fraction()))


def mean(parts: Iterable[object], printed: object) -> Judged:
    """The arithmetic mean of parts."""
    return _of_values(parts, printed, lambda values: sum(values, Fraction()) / len(values))


def product(factors: Iterable[object], printed: object) -> Judged:
    """A product of factors."""
    return _of_values(factors, printed, lambda values: reduce(lambda left, right: left * right, values))


def difference(minuend: object, subtrahend: object, printed: object) -> Judged:
    """A change: the later figure less the earlier one; a printed decrease is negative."""
    return _of_values([minuend, subtrahend], printed, lambda values: values[0] - values[1])


def growth(earlier: object, later: object, printed: object) -> Judged:
    """A change as a share of the earlier figure."""
    first, second = exact_value(earlier), exact_value(later)
    if first is None or second is None:
        return Judged(UNKNOWN, "")
    return ratio(str_of(second - first), str_of(first), printed)


def order(left: object, right: object) -> Judged:
    """Whether left ≤ right, such as checked ≤ registered."""
    low, high = exact_value(left), exact_value(right)
    if low is None or high is None:
        return Judged(UNKNOWN, "")
    return Judged(HOLDS if low <= high else WRONG, "")


def exact_value(value: object) -> Fraction | None:
    """A whole number, decimal or printed number exactly; a float counts as it is written. Missing when it is none."""
    if isinstance(value, Fraction | int) and not isinstance(value, bool):
        return Fraction(value)
    text = str(value).strip().translate(_WIDE).replace("−", "-")
    try:
        return Fraction(Decimal(text))
    except (InvalidOperation, ValueError, OverflowError):
        pass
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        shown = Printed.parse(text)
        return None if shown is None else Fraction(shown.value)


def str_of(value: Fraction) -> str:
    """A fraction as text that `exact_value` reads back."""
    return f"{value.numerator}/{value.denominator}"


def _of_values(parts: Iterable[object], printed: object, make: Callable[[list[Fraction]], Fraction]) -> Judged:
    shown, values = Printed.parse(printed), [exact_value(part) for part in parts]
    known = [value for value in values if value is not None]
    if shown is None or not known or len(known) < len(values):
        return Judged(UNKNOWN, "")
    return compare(make(known), shown, shown.sign)


def judge(figure: Mapping[str, Any]) -> Judged:
    """A figure of any kind named above; of another kind, or with a part missing, it is `unknown` and never accused."""
    def get(*names: str) -> object:
        return next((figure[name] for name in names if figure.get(name) is not None), "")

    kind, printed = str(figure.get("kind", "")), get("printed")
    parts = get("parts", "factors", "names")
    listed = list(parts) if isinstance(parts, list | tuple) else []
    if kind in ("ratio", "share", "rate"):
        return ratio(get("numerator"), get("denominator"), printed)
    if kind in ("sum", "mean", "product"):
        return {"sum": total, "mean": mean, "product": product}[kind](listed, printed)
    if kind == "difference":
        return difference(get("minuend"), get("subtrahend"), printed)
    if kind == "growth":
        return growth(get("earlier", "subtrahend"), get("later", "minuend"), printed)
    if kind == "count":
        return total([len(listed)], printed) if listed else Judged(UNKNOWN, "")
    if kind == "order":
        return order(get("left"), get("right"))
    return Judged(UNKNOWN, "")


def pass_rate(checked: object, passed: object, failed: object, printed: object) -> str:
    """How a printed pass rate stands to its counts: `yes`, `cut-off`, `wrong`; `no` where only `checked` is printed and no
    whole number gives the rate; empty where nothing can be tested."""
    base, good, bad = (exact_value(value) for value in (checked, passed, failed))
    shown = Printed.parse(printed)
    if base is None or shown is None:
        return ""
    if good is None and bad is not None:
        good = base - bad
    if good is None:
        return "" if _some_count_fits(base, shown) else "no"
    return {HOLDS: "yes", UNKNOWN: ""}.get(status := ratio(good, base, printed).status, status)


def _some_count_fits(base: Fraction, shown: Printed) -> bool:
    near = int(Fraction(shown.value) * base / _SCALES.get(shown.sign or "%", 100))
    return any(
        0 <= count <= base and compare(Fraction(count) * 100 / base, shown).status == HOLDS for count in range(near - 1, near + 3)
    ) if base else False
