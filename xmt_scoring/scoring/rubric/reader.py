"""Values of a scheme file read strictly: each mistake becomes a Problem with file, line and item; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from xmt_scoring.errors import Problem
from xmt_scoring.law import article as law_article
from xmt_scoring.scoring.rubric.conditions import parse
from xmt_scoring.scoring.rubric.lines import Path, line_of
from xmt_scoring.scoring.rubric.model import Rounding

MOST_POINTS = 1000
Tables = list[tuple[Path, Mapping[str, Any]]]


@dataclass
class Reader:
    """One file: its name, the lines of its keys, the rules that exist, the problems so far."""

    file: str
    lines: Mapping[Path, int]
    known_checks: Collection[str] | None
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: Path, label: str, what: str, todo: str) -> None:
        """Note a mistake; `label`: the item as people call it."""
        line = line_of(self.lines, path)
        place = self.file if line is None else f"{self.file} 第 {line} 行"
        self.problems.append(Problem(f"{place}「{label}」" if label else place, what, todo))

    def keys(self, table: Mapping[str, Any], allowed: Collection[str], path: Path, label: str, required: Iterable[str] = ()) -> None:
        """Every key is known and the required ones are there."""
        for key in table:
            if key not in allowed:
                self.wrong((*path, key), label, f"有不认识的键 {key}", f"可以写的键：{'、'.join(sorted(allowed))}")
        absent = [key for key in required if key not in table]
        if absent:
            self.wrong(path, label, f"缺少 {'、'.join(absent)}", "请补上")

    def number(self, value: object, path: Path, label: str, least: int | None = 0) -> Fraction:
        """An exact number, written as text or as a whole number ("0.5", "4/3", 8); 0 after a reported problem."""
        key = str(path[-1])
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.wrong(path, label, f"{key} 是 {value!r}，数应写成带引号的字", f'例如 {key} = "0.5"')
            return Fraction(0)
        found = exact(value)
        if found is None or (least is not None and found < least):
            self.wrong(path, label, f"{key} = “{value}”，应是{'不为负的' if least is not None else ''}数", "请改成如 2、0.5 或 4/3")
            return Fraction(0)
        return found

    def points(self, value: object, path: Path, label: str) -> Fraction:
        """Points, written as text: 0 to 1000 with at most four places."""
        key = str(path[-1])
        if not isinstance(value, str):
            self.wrong(path, label, f"{key} 是 {value!r}，分数应写成带引号的字", f'例如 {key} = "2"')
            return Fraction(0)
        found = exact(value)
        if found is None or not 0 <= found <= MOST_POINTS or (found * 10_000).denominator != 1:
            self.wrong(path, label, f"{key} = “{value}”，应为 0 到 {MOST_POINTS}、最多四位小数", "扣多少写多少，不带负号")
            return Fraction(0)
        return found

    def share(self, value: object, path: Path, label: str) -> Fraction:
        """A share or weight from 0 to 1."""
        found = self.number(value, path, label)
        if found > 1:
            self.wrong(path, label, f"{path[-1]} = “{value}”，权重应在 0 到 1 之间", "40% 请写成 0.40")
        return found

    def choice(self, value: object, allowed: Collection[str], path: Path, label: str) -> str:
        """One of these words; the first after a reported problem."""
        if value not in allowed:
            self.wrong(path, label, f"{path[-1] if path else ''} 是“{value}”，只能是 {'、'.join(allowed)}", "请改正")
            return next(iter(allowed))
        return str(value)

    def text(self, table: Mapping[str, Any], key: str, path: Path, label: str, default: str = "") -> str:
        """A text that is not empty where it is written."""
        value = table.get(key, default)
        if key in table and (not isinstance(value, str) or not value.strip()):
            self.wrong((*path, key), label, f"{key} 应是不为空的文字", "请改正")
        return str(value)

    def flag(self, table: Mapping[str, Any], key: str, path: Path, label: str, default: bool = False) -> bool:
        """true or false."""
        value = table.get(key, default)
        if not isinstance(value, bool):
            self.wrong((*path, key), label, f"{key} 是 {value!r}，只能是 true 或 false", "不加引号")
            return default
        return value

    def texts(self, table: Mapping[str, Any], key: str, path: Path, label: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is absent."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self.wrong((*path, key), label, f"{key} 应是文字的列表", f'例如 {key} = ["甲", "乙"]')
            return ()
        return tuple(value)

    def tables(self, raw: Mapping[str, Any], key: str, path: Path = ()) -> Tables:
        """The tables of [[key]] with their paths."""
        found = raw.get(key, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            self.wrong((*path, key), "", f"{key} 应写成 [[{key}]]", "请对照自带的细则改正")
            return []
        return [((*path, key, number), entry) for number, entry in enumerate(found)]

    def table(self, raw: Mapping[str, Any], key: str, path: Path = ()) -> Mapping[str, Any]:
        """The table [key]; empty where it is absent."""
        found = raw.get(key, {})
        if isinstance(found, dict):
            return found
        self.wrong((*path, key), "", f"{key} 应写成 [{key}]", "请对照自带的细则改正")
        return {}

    def by_name(
        self, value: object, path: Path, label: str, read: Callable[[object, Path, str], Fraction]
    ) -> dict[str, Fraction]:
        """A table of name → number; `read` is points, number or share."""
        if not isinstance(value, dict) or not value:
            self.wrong(path, label, f"{path[-1]} 应是 名称 = 数 的列表", f'例如 {path[-1]} = {{ "一般" = "0.5", "严重" = "2" }}')
            return {}
        return {name: read(each, (*path, name), label) for name, each in value.items()}

    def listed(
        self, value: object, path: Path, label: str, read: Callable[[object, Path, str], Fraction]
    ) -> tuple[Fraction, ...]:
        """A list of numbers that is not empty."""
        if not isinstance(value, list) or not value:
            self.wrong(path, label, f"{path[-1]} 应是数的列表", f'例如 {path[-1]} = ["1", "2"]')
            return ()
        return tuple(read(each, path, label) for each in value)

    def condition(self, value: object, path: Path, label: str) -> Any:
        """Comparisons joined by and/or."""
        try:
            return parse(str(value))
        except ValueError:
            self.wrong(path, label, f"{path[-1]} = “{value}”看不懂", "请写成如 events == 0、sent >= 15 and late < 2 的比较")
            return parse("events == 0")

    def rounding(self, table: Mapping[str, Any], path: Path, label: str) -> Rounding | None:
        """{places, mode}; None where the key `rounding` is absent."""
        if "rounding" not in table:
            return None
        path, found = (*path, "rounding"), self.table(table, "rounding", path)
        self.keys(found, ("places", "mode"), path, label, ("places",))
        places = found.get("places", 2)
        if isinstance(places, bool) or not isinstance(places, int) or not 0 <= places <= 6:
            self.wrong((*path, "places"), label, f"places 是 {places!r}，应是 0 到 6 的整数", "请改正")
            places = 2
        mode = self.choice(found.get("mode", "half_up"), ("half_up", "half_even", "down"), (*path, "mode"), label)
        return Rounding(places, mode)

    def article(self, table: Mapping[str, Any], path: Path, label: str) -> str:
        """An article of the 办法 that exists."""
        code = self.text(table, "article", path, label)
        try:
            law_article(code)
        except (KeyError, ValueError):
            if "article" in table:
                self.wrong((*path, "article"), label, f"《办法》没有第“{code}”条（项）", '条款写成 "6" 或 "11.1"')
        return code

    def checks(self, table: Mapping[str, Any], path: Path, label: str) -> tuple[str, ...]:
        """Ids of rules that exist; empty where none are named."""
        found = self.texts(table, "checks", path, label)
        if "checks" in table and not found:
            self.wrong((*path, "checks"), label, "checks 应列出至少一条规则", '例如 checks = ["art11_weekly_update"]')
        for check in found:
            if self.known_checks is not None and check not in self.known_checks:
                self.wrong((*path, "checks"), label, f"没有规则“{check}”", "请改成 checks 目录下有的规则，或先写好这条规则")
        return found

    def no_repeats(self, names: Iterable[tuple[str, Path]], what: str) -> None:
        """Each name stands only once."""
        seen: set[str] = set()
        for name, path in names:
            if name in seen:
                self.wrong(path, name, f"{what}重复", "请改名或删去一个")
            seen.add(name)


def exact(value: str | int) -> Fraction | None:
    """"0.5", "4/3", 8 as a Fraction; None for what is no finite number."""
    text = str(value).strip()
    above, slash, below = text.partition("/")
    try:
        number = Decimal(above)
        divisor = Decimal(below) if slash else Decimal(1)
    except InvalidOperation:
        return None
    if not number.is_finite() or not divisor.is_finite() or divisor == 0:
        return None
    return Fraction(number) / Fraction(divisor)


def written(number: Fraction) -> str:
    """A number as people write it: 1/2 → 0.5; 4/3 stays a fraction."""
    if (number * 10**6).denominator == 1:
        return f"{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():f}"
    return f"{number.numerator}/{number.denominator}"
