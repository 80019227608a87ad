"""What was typed in for one item, read strictly: every mistake becomes a Problem that names the item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xmt_scoring.errors import Problem
from xmt_scoring.scoring.rubric.reader import exact

MISSING = "缺"  # how a person writes that a period has no score


@dataclass
class Desk:
    """Collects the problems of one sheet of inputs."""

    title: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, label: str, what: str, todo: str) -> None:
        """Note a mistake at an item."""
        self.problems.append(Problem(f"{self.title}「{label}」" if label else self.title, what, todo))

    def number(self, value: object, label: str, name: str, least: int | None = 0) -> Fraction:
        """An exact number; 0 after a reported problem. Binary floats are refused, as every other NaN."""
        found = None
        if isinstance(value, Fraction):
            found = value
        elif isinstance(value, Decimal):
            found = Fraction(value) if value.is_finite() else None
        elif isinstance(value, str | int) and not isinstance(value, bool):
            found = exact(value)
        if found is None:
            self.wrong(label, f"{name} 是 {value!r}，不是确定的数", '请填整数，小数写成带引号的字，如 "0.5";没有数的不要填 NaN')
            return Fraction(0)
        if least is not None and found < least:
            self.wrong(label, f"{name} 是 {value}，不能是负数", "扣多少、多少件都填正数")
            return Fraction(0)
        return found


@dataclass
class Given:
    """One item's input: an object of names, a single value, or a list."""

    desk: Desk
    label: str
    value: Any

    def has(self, name: str) -> bool:
        """Whether the object names it."""
        return isinstance(self.value, Mapping) and self.value.get(name) is not None

    def get(self, name: str) -> Any:
        """The value under a name; the bare input when it is no object; None after a reported problem."""
        if not isinstance(self.value, Mapping):
            return self.value
        if self.value.get(name) is None:
            self.desk.wrong(self.label, f"缺少 {name}", "请补上；缺数据不能当作 0，也不能当作满分")
            return None
        return self.value[name]

    def number(self, name: str, least: int | None = 0) -> Fraction:
        """A number under a name, or the bare input."""
        value = self.get(name)
        return Fraction(0) if value is None else self.desk.number(value, self.label, name, least)

    def count(self, name: str) -> int:
        """A whole number of events, not negative."""
        found = self.number(name)
        if found.denominator != 1:
            self.desk.wrong(self.label, f"{name} 是 {found}，件数应是整数", "请改正")
        return int(found)

    def source(self, source: str | Fraction) -> Fraction:
        """A number of the scheme itself, or an input by its name."""
        return source if isinstance(source, Fraction) else self.number(source)

    def items(self, name: str) -> list[Any]:
        """A list under a name, or the bare input when it is one."""
        value = self.get(name)
        if value is None:
            return []
        if isinstance(value, Mapping):
            return list(value.values())
        if isinstance(value, Sequence) and not isinstance(value, str):
            return list(value)
        return [value]

    def numbers(self, name: str) -> list[Fraction]:
        """A list of numbers, none of them missing."""
        return [self.desk.number(each, self.label, name) for each in self.items(name)]

    def optional_numbers(self, name: str) -> list[Fraction | None]:
        """A list of numbers; a missing entry (None, or the word) stays missing."""
        return [None if each in (None, MISSING) else self.desk.number(each, self.label, name) for each in self.items(name)]

    def counts(self, known: Mapping[str, Fraction], what: str) -> dict[str, int]:
        """Name → how many, of the names that the scheme knows; at least one is named, the others are 0."""
        if not isinstance(self.value, Mapping) or not set(self.value) - {"na", "veto"}:
            told = f"填的是 {self.value!r}，应逐个{what}写件数" if self.value else "没有填"
            self.desk.wrong(self.label, told, f"没有发生的填 0；可以写：{'、'.join(known)}")
            return {}
        found = {}
        for name in self.value:
            if name in ("na", "veto"):
                continue
            if name not in known:
                self.desk.wrong(self.label, f"没有{what}“{name}”", f"可以写：{'、'.join(known)}")
            else:
                found[name] = self.count(name)
        return found

    def only(self, allowed: Sequence[str]) -> None:
        """A problem for each name that the rule does not ask for."""
        if not isinstance(self.value, Mapping):
            return
        for name in self.value:
            if name not in (*allowed, "na", "veto"):
                self.desk.wrong(self.label, f"不认识 {name}", f"这一项要填：{'、'.join(allowed) or '一个数'}")
