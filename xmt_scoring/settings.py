"""`xmt.toml`: the readings that the office decides, each with its article; unknown or ill-typed ones are refused."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from xmt_scoring.errors import Problem, SettingsError, XmtError
from xmt_scoring.law import citation
from xmt_scoring.periods import Quarter, read_holidays

FILE_NAME = "xmt.toml"
HOLIDAY_FILE = "节假日安排.csv"


@cache
def definitions() -> Mapping[str, Mapping[str, Any]]:
    """Every setting: key → {table, kind, default, article, means, reading, stage, values | minimum, maximum, trial}."""
    return tomllib.loads(files("xmt_scoring").joinpath("settings.toml").read_text(encoding="utf-8"))


@cache
def readings() -> Mapping[str, Mapping[str, Any]]:
    """The settings that decide how the law is read: without the limits of the program."""
    return {key: entry for key, entry in definitions().items() if entry["article"]}


@cache
def points() -> tuple[Mapping[str, Any], ...]:
    """The doubtful points of the 办法 in order: number, question, and settled or later where no setting answers one."""
    raw = tomllib.loads(files("xmt_scoring").joinpath("readings.toml").read_text(encoding="utf-8"))
    return tuple(raw["points"])


@dataclass(frozen=True)
class Settings:
    """The settings in force. `settings["week_belongs"]` is a value; KeyError for a name that is no setting.

    `decided`: key → {by, on, document} where the office has decided; the other values are our defaults.
    `windows`: quarter → (first day, last day) where the office's window differs from the calendar (readings 26).
    `workday_overrides`: days that the kept holiday calendar does not know yet, from 节假日安排.csv.
    """

    values: Mapping[str, Any]
    county: str = "太白县"
    decided: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    windows: Mapping[str, tuple[dt.date, dt.date]] = field(default_factory=dict)
    workday_overrides: tuple[tuple[dt.date, bool], ...] = ()

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    @classmethod
    def default(cls, **changed: Any) -> Settings:
        """All defaults, with some values changed (for tests and trials)."""
        unknown = set(changed) - set(definitions())
        if unknown:
            raise KeyError(sorted(unknown))
        return cls({key: changed.get(key, entry["default"]) for key, entry in definitions().items()})

    def changed(self, **values: Any) -> Settings:
        """The same settings with some values changed, for a trial."""
        return replace(self, values={**self.values, **values})

    @classmethod
    def load(cls, path: Path) -> Settings:
        """The settings of a workspace; SettingsError with every problem when the file is not as it should be."""
        if not path.exists():
            raise XmtError.of(str(path), "没有设置文件 xmt.toml，这里不是工作区", "请用 --workspace 指定工作区，或用 xmt init 新建一个")
        try:
            raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(Problem(path.name, f"不是正确的 TOML：{error}", "请按提示的行改正，或与 xmt init 生成的样本对照")) from error
        problems: list[Problem] = []
        values = {key: entry["default"] for key, entry in definitions().items()}
        for table, key, value in _entries(raw, problems):
            if _valid(table, key, value, problems):
                values[key] = value
        county = raw.get("county", "太白县")
        if not isinstance(county, str) or not county.strip():
            problems.append(Problem(f"{FILE_NAME} 的“county”", f"现在是 {_written(county)}", '应为县的名称，例如 county = "太白县"'))
        made = cls(
            values,
            str(county),
            _decided(_table(raw, "decided", problems), problems),
            _windows(_table(raw, "windows", problems), problems),
            read_holidays(path.parent / HOLIDAY_FILE, problems),
        )
        if problems:
            raise SettingsError(problems)
        return made

    def quarter(self, text: str) -> Quarter:
        """The quarter with the office's window, if it has one."""
        plain = Quarter.parse(text)
        return Quarter(plain.year, plain.number, self.windows.get(str(plain)))

    def window_problems(self, quarter: Quarter) -> list[Problem]:
        """Notes where the quarter's window overlaps a neighbouring one or leaves days between (readings 26)."""
        found = []
        for first, second in ((quarter.previous, quarter), (quarter, quarter.following)):
            first, second = self.quarter(str(first)), self.quarter(str(second))
            days = (second.start - first.end).days - 1
            if days and self.windows:
                what = f"与 {second} 的检查窗口之间空了 {days} 天" if days > 0 else f"与 {second} 的检查窗口重叠 {-days} 天"
                found.append(Problem(f"{FILE_NAME} [windows] {first}", what, "这些天不检查或要查两次，请核对起止日", False))
        return found

    def plain(self) -> dict[str, Any]:
        """The values as JSON can hold them."""
        return {key: [str(day) for day in value] if isinstance(value, list) else value for key, value in self.values.items()}

    def rows(self) -> pd.DataFrame:
        """One row per reading (the limits of the program are none): key, value and default (as xmt.toml has them, with their meaning), words and default_words
        (the meaning alone, for papers), article, meaning, reading (rows of readings.toml), decided (who, when, 文号; empty
        where nobody wrote it down) and source (decided by whom, our default, or changed without a word)."""
        lines = []
        for key, entry in readings().items():
            who, value, default = self.decided.get(key, {}), self.values[key], entry["default"]
            decided = " ".join(str(who[part]) for part in ("by", "on", "document") if part in who)
            unnamed = "默认值，办公室尚未决定" if value == default else "设置文件中改过，没有记下由谁决定"
            lines.append(
                {
                    "key": key,
                    "value": _spoken(entry, value),
                    "default": _spoken(entry, default),
                    "words": _words(entry, value),
                    "default_words": _words(entry, default),
                    "article": citation(entry["article"]),
                    "meaning": entry["means"],
                    "reading": "、".join(str(number) for number in entry.get("reading", ())),
                    "decided": decided,
                    "source": f"已决定：{decided}" if decided else unnamed,
                }
            )
        return pd.DataFrame(lines, dtype="str")


def spoken_value(key: str, value: Any) -> str:
    """A value of a setting as people read it: the choice with its meaning, 是 or 否, the days."""
    return _spoken(definitions()[key], value)


def plain_value(key: str, value: Any) -> str:
    """The same in a sentence: only the meaning, without the word that stands in xmt.toml."""
    return _words(definitions()[key], value)


def _spoken(entry: Mapping[str, Any], value: Any) -> str:
    return f"{value}：{entry['values'][value]}" if entry["kind"] == "choice" else _words(entry, value)


def _words(entry: Mapping[str, Any], value: Any) -> str:
    if entry["kind"] == "choice":
        return str(entry["values"][value])
    if entry["kind"] == "bool":
        return "是" if value else "否"
    if entry["kind"] == "mondays":
        return "、".join(str(day) for day in value) or "无"
    if entry["kind"] == "texts":
        return "、".join(f"“{text}”" for text in value) or "无"
    return str(value)


def _entries(raw: Mapping[str, Any], problems: list[Problem]) -> Iterator[tuple[str, str, Any]]:
    tables = {entry["table"] for entry in definitions().values()}
    known = tables | {"county", "decided", "windows"}
    for name in raw:
        if name not in known:
            problems.append(_unknown(FILE_NAME, name, known))
        elif name in tables:
            for key, value in _table(raw, name, problems).items():
                yield name, key, value


def _table(raw: Mapping[str, Any], name: str, problems: list[Problem]) -> Mapping[str, Any]:
    found = raw.get(name, {})
    if isinstance(found, Mapping):
        return found
    problems.append(Problem(f"{FILE_NAME} 的“{name}”", f"现在是 {_written(found)}", f"这是一张表，请写成单独一行 [{name}]，下面逐行写设置"))
    return {}


def _written(value: object) -> str:
    """A value as it stands in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _unknown(where: str, name: str, known: set[str]) -> Problem:
    if name in definitions():
        return Problem(f"{where} 的“{name}”", "写错了地方", f"请写在 [{definitions()[name]['table']}] 下面")
    near = difflib.get_close_matches(name, known, 1, 0.5)
    return Problem(f"{where} 的“{name}”", "没有这个设置", f"是不是“{near[0]}”？" if near else f"可用的有：{'、'.join(sorted(known))}")


def _valid(table: str, key: str, value: Any, problems: list[Problem]) -> bool:
    where = f"{FILE_NAME} [{table}]"
    entry = definitions().get(key)
    if entry is None or entry["table"] != table:
        known = {name for name, each in definitions().items() if each["table"] == table}
        problems.append(_unknown(where, key, known))
        return False
    kind = entry["kind"]
    if kind == "choice":
        good, should = isinstance(value, str) and value in entry["values"], "、".join(f"“{one}”" for one in entry["values"])
    elif kind == "bool":
        good, should = isinstance(value, bool), "true 或 false（不加引号）"
    elif kind == "mondays":
        good = isinstance(value, list) and all(type(day) is dt.date and day.weekday() == 0 for day in value)
        should = "星期一的日期列表，例如 [2026-02-16, 2026-09-28]"
    elif kind == "texts":
        good = isinstance(value, list) and all(isinstance(one, str) and one.strip(" *") for one in value)
        should = "文字的列表，例如 [\"您的留言已收到\", \"【自动回复】*\"]"
    else:
        good = isinstance(value, int) and not isinstance(value, bool) and entry["minimum"] <= value <= entry["maximum"]
        should = f"{entry['minimum']} 到 {entry['maximum']} 的整数"
    if not good:
        problems.append(Problem(f"{where} 的“{key}”", f"现在是 {_written(value)}", f"应为 {should}"))
    return good


def _decided(raw: Mapping[str, Any], problems: list[Problem]) -> dict[str, Mapping[str, Any]]:
    found = {}
    for key, entry in raw.items():
        where = f"{FILE_NAME} [decided.{key}]"
        if key not in definitions():
            near = difflib.get_close_matches(key, definitions(), 1, 0.5)
            problems.append(Problem(where, "没有这个设置", f"是不是“{near[0]}”？" if near else "请核对设置名"))
        elif not isinstance(entry, Mapping) or not {"by", "on"} <= set(entry) <= {"by", "on", "document"}:
            problems.append(Problem(where, "应有 by（谁定的）、on（哪天），可有 document（文号）", "请补全"))
        elif wrong := [name for name, value in entry.items() if not _is_sound(name, value)]:
            told = "、".join(f"{name} 现在是 {_written(entry[name])}" for name in wrong)
            problems.append(Problem(where, told, '应写成 by = "县政府办"、on = 2026-01-05（日期不加引号）、document = "文号"'))
        else:
            found[key] = entry
    return found


def _is_sound(name: str, value: object) -> bool:
    return type(value) is dt.date if name == "on" else isinstance(value, str) and bool(value.strip())


def _windows(raw: Mapping[str, Any], problems: list[Problem]) -> dict[str, tuple[dt.date, dt.date]]:
    found = {}
    for name, pair in raw.items():
        dates = isinstance(pair, list) and len(pair) == 2 and all(type(day) is dt.date for day in pair)
        if not dates or pair[0] > pair[1]:
            problems.append(Problem(f"{FILE_NAME} [windows]“{name}”", f"现在是 {_written(pair)}", '应写成 "2026Q3" = [2026-07-01, 2026-09-30]'))
            continue
        try:
            found[str(Quarter.parse(name))] = (pair[0], pair[1])
        except XmtError as error:
            problems.extend(error.problems)
    return found


def template(county: str = "太白县") -> str:
    """The text of a new xmt.toml: every setting with its article, meaning, allowed values and default."""
    lines = [
        "# 工作区设置。办法没有写死的地方由办公室决定；下面的值都是本软件的默认，不是条文。",
        "# 决定之后在文件末尾记下：[decided.设置名] by = \"谁\" on = 2026-01-05 document = \"文号\"，报告里会印出来。",
        f'county = "{county}"',
    ]
    for table in dict.fromkeys(entry["table"] for entry in definitions().values()):
        lines += ["", f"[{table}]"]
        for key, entry in definitions().items():
            if entry["table"] != table:
                continue
            lines += ["", f"# {citation(entry['article']) if entry['article'] else '程序的限制'}：{entry['means']}"]
            if entry["kind"] == "choice":
                lines += [f"#   {value} = {means}" for value, means in entry["values"].items()]
            elif entry["kind"] == "int":
                lines.append(f"#   {entry['minimum']} 到 {entry['maximum']} 的整数")
            elif entry["kind"] == "mondays":
                lines.append("#   例如 [2026-02-16, 2026-09-28]，写这些周的星期一")
            elif entry["kind"] == "texts":
                lines.append("#   每句用英文引号括起来，句与句之间用逗号")
            lines.append(f"{key} = {_toml(entry['default'])}")
    lines += ["", "[windows]", "# 检查窗口与日历季度不同时写明，例如：", '# "2026Q3" = [2026-07-01, 2026-09-30]', ""]
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n" + "".join(f"    {_toml(one)},\n" for one in value) + "]"
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
