"""Rule folders: each `rule.toml` read strictly into a frozen Rule (DESIGN section 4). No points here."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from string import Formatter
from typing import Any

import pandas as pd

from xmt_scoring import law
from xmt_scoring.errors import Problem, RuleError
from xmt_scoring.frames import contracts
from xmt_scoring.glossary import choices, heading
from xmt_scoring.model import CheckResult, Outcome, Severity
from xmt_scoring.settings import definitions

Check = Callable[[Mapping[str, pd.DataFrame], Mapping[str, object]], CheckResult]
FILE_NAME = "rule.toml"
UNCHECKED = "unchecked.toml"
PLACEHOLDERS = {"observed", "allowed"}
# What a manual finding may be called where the rule names no cases of its own; the first holds when left blank.
GENERAL_SEVERITIES = (Severity.GENERAL, Severity.SERIOUS, Severity.GRAVE_MISSTATEMENT)
OUTCOME_TEXTS = {
    Outcome.PASS: ("passed", "符合要求"),
    Outcome.FAIL: ("failed", ""),
    Outcome.NOT_APPLICABLE: ("not_applicable", "本期不适用"),
    Outcome.NO_DATA: ("no_data", "缺少数据，暂不能判定"),
    Outcome.UNVERIFIED: ("unverified", "待核查"),
}
CHOICES = {
    "subject": ("account", "unit", "office"),
    "kind": ("automatic", "hint", "manual"),
    "basis": ("taibai_2021", "national", "practice"),
    "period": ("quarter", "year"),
}
_REQUIRED = {"id", "article", "label", "subject", "needs", "kind", "basis", "failed", "remedy"}
_OPTIONAL = {
    "quote", "reference", "failed_by", "open_by", "passed", "not_applicable", "no_data", "unverified", "is_veto",
    "gathers_grave", "severities", "settings", "headings", "params", "period", "not_scored", "people_decide",
    "forbidden_kinds", "same_duty_as",
}  # fmt: skip


@dataclass(frozen=True)
class DatedValue:
    """One number of the law or its practice from a day on, where it stands and when somebody looked."""

    start: dt.date
    value: object
    reference: str
    checked_on: dt.date


@dataclass(frozen=True)
class Rule:
    """One duty. `kind` manual: only a person can judge it, there is no check.py; hint: its check only proposes.

    `subject` office: a duty of the supervising office itself (第二十一、二十二条). `period` year: not run in a quarter.
    `not_scored`: why no line of a scheme counts it (ledger only). `people_decide`: what the data leave open is decided
    by recorded findings and 已核查 rows, as in a manual rule; for hints and manual rules that is always so.
    `is_veto`: counts in the quarter whoever found it. `gathers_grave`: also takes every finding of the severity
    严重表述错误 and upper vetoes that name no other veto. `severities`: what findings may be called, None = 一般,
    严重; empty = the case does not matter. `forbidden_kinds`: the kinds of 第八条 that a finding may name here, and must
    where there are several; empty = any or none. `headings`: identifiers whose Chinese the function needs.
    `same_duty_as`: the quarter's rule of the same duty; what people record under it counts under this year's rule too.
    """

    id: str
    article: str
    label: str
    subject: str  # "account" | "unit" | "office"
    needs: tuple[str, ...]
    kind: str  # "automatic" | "hint" | "manual"
    basis: str  # "taibai_2021" | "national" | "practice"
    quote: str | None
    reference: str | None
    texts: Mapping[Outcome, str]
    failed_by: Mapping[str, str]  # severity → its own template where it fails
    open_by: Mapping[str, str]  # the same where it is still to be verified
    remedy: str
    is_veto: bool
    gathers_grave: bool
    severities: tuple[str, ...] | None
    settings: tuple[str, ...]
    headings: tuple[str, ...]
    params: Mapping[str, tuple[DatedValue, ...]]
    period: str  # "quarter" | "year"
    not_scored: str | None
    people_decide: bool
    forbidden_kinds: tuple[str, ...]
    same_duty_as: str | None

    @property
    def has_check(self) -> bool:
        """Whether a function looks at the data (自动, 提示)."""
        return self.kind != "manual"

    @property
    def by_people(self) -> bool:
        """Whether findings and 已核查 rows of people count under this rule."""
        return self.kind != "automatic" or self.people_decide

    def values(self, on: dt.date) -> dict[str, object]:
        """Every dated value in force on a day; RuleError when one had not begun yet."""
        found: dict[str, object] = {}
        for name, dated in self.params.items():
            begun = [entry for entry in dated if entry.start <= on]
            if not begun:
                raise RuleError(
                    Problem(f"规则 {self.id}", f"参数 {name} 在 {on} 还没有值", "请在 rule.toml 补上当时的值")
                )
            found[name] = max(begun, key=lambda entry: entry.start).value
        return found

    @property
    def function(self) -> Check:
        """The check of an automatic rule."""
        module = import_module(f"{__package__}.{self.id}.check")
        return module.check


@cache
def load_rules() -> Mapping[str, Rule]:
    """All rules by id, in order of id; RuleError with every problem of every rule.toml."""
    problems: list[Problem] = []
    rules: dict[str, Rule] = {}
    folders = [entry for entry in files(__package__).iterdir() if entry.joinpath(FILE_NAME).is_file()]
    for folder in sorted(folders, key=lambda entry: entry.name):
        try:
            raw = tomllib.loads(folder.joinpath(FILE_NAME).read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            problems.append(_wrong(folder.name, f"不是正确的 TOML：{error}"))
            continue
        found = list(problems_of(raw, folder.name))
        problems += found
        if not found:
            rules[folder.name] = read_rule(raw)
    labels = [rule.label for rule in rules.values()]
    problems += [
        _wrong(rule.id, f"名称“{rule.label}”与别的规则重复") for rule in rules.values() if labels.count(rule.label) > 1
    ]
    problems += [
        _wrong(rule.id, f"same_duty_as 是“{rule.same_duty_as}”，不是同一条的季度规则") for rule in rules.values() if is_astray(rule, rules)
    ]
    if problems:
        raise RuleError(problems)
    return rules


def is_astray(rule: Rule, rules: Mapping[str, Rule]) -> bool:
    """Whether a rule calls its own duty that of something which is no quarter's rule of its article."""
    if rule.same_duty_as is None:
        return False
    other = rules.get(rule.same_duty_as)
    return other is None or (rule.period, other.period, other.article) != ("year", "quarter", rule.article)


@cache
def unchecked() -> Mapping[str, str]:
    """Articles that nothing can be checked against → the reason (unchecked.toml)."""
    raw = tomllib.loads(files(__package__).joinpath(UNCHECKED).read_text(encoding="utf-8"))
    return {entry["article"]: entry["reason"] for entry in raw["articles"]}


def _wrong(rule: str, what: str) -> Problem:
    return Problem(f"规则 {rule} 的 {FILE_NAME}", what, "请改正这个文件，或发给维护人员")


def problems_of(raw: Mapping[str, Any], folder: str) -> list[Problem]:
    """What is wrong with a parsed rule.toml that stands in a folder of that name; empty when nothing is."""
    absent, unknown = sorted(_REQUIRED - set(raw)), sorted(set(raw) - _REQUIRED - _OPTIONAL)
    if absent or unknown:
        return [_wrong(folder, f"缺少 {absent}，多出 {unknown}")]
    found = []
    if raw["id"] != folder:
        found.append(f"id 是 {raw['id']}，文件夹是 {folder}")
    found += [
        f"{key} 是“{raw[key]}”，只能是 {allowed}"
        for key, allowed in CHOICES.items()
        if raw.get(key, allowed[0]) not in allowed
    ]
    found += [f"没有数据表 {name}" for name in raw["needs"] if name not in contracts()]
    found += [f"没有设置 {name}" for name in raw.get("settings", []) if name not in definitions()]
    cases = [*(raw.get("severities") or []), *raw.get("failed_by", {}), *raw.get("open_by", {})]
    found += [f"没有情形 {name}" for name in cases if name not in set(Severity)]
    found += [f"没有禁发类别 {kind}" for kind in raw.get("forbidden_kinds", []) if kind not in choices("forbidden_kind")]
    found += _basis_problems(raw) + _text_problems(raw) + _param_problems(raw) + _mode_problems(raw)
    return [_wrong(folder, what) for what in found]


def _mode_problems(raw: Mapping[str, Any]) -> list[str]:
    found = []
    if "not_scored" in raw and not str(raw["not_scored"]).strip():
        found.append("not_scored 应写明为什么不计分")
    if raw["kind"] == "hint" and "not_scored" not in raw:
        found.append("提示只供人核查，不能扣分，应写 not_scored")
    if raw.get("people_decide") and raw["kind"] != "automatic":
        found.append("people_decide 只用于自动判定的规则")
    if raw["subject"] == "office" and "{observed}" not in raw.get("no_data", ""):
        found.append("主管单位的规则，no_data 里应有 {observed}：没有标明主管单位时要说明怎么填")
    return found


def _basis_problems(raw: Mapping[str, Any]) -> list[str]:
    try:
        text = law.article(raw["article"])
    except (KeyError, ValueError):
        return [f"《办法》没有“{raw['article']}”这一条（项）"]
    if raw["basis"] != "taibai_2021":
        return [] if raw.get("reference") and "quote" not in raw else ["依据不是《办法》的，应写 reference 而不是 quote"]
    if "quote" not in raw or "reference" in raw:
        return ["依据是《办法》的，应写 quote 而不是 reference"]
    return [] if raw["quote"] and raw["quote"] in text else [f"引文在{law.citation(raw['article'])}中找不到"]


def _text_problems(raw: Mapping[str, Any]) -> list[str]:
    texts = [raw[key] for key, _ in OUTCOME_TEXTS.values() if key in raw]
    texts += [*raw.get("failed_by", {}).values(), *raw.get("open_by", {}).values()]
    found = []
    for text in texts:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if names - PLACEHOLDERS:
            found.append(f"“{text}”用了没有的占位 {sorted(names - PLACEHOLDERS)}")
    return found


def _param_problems(raw: Mapping[str, Any]) -> list[str]:
    found = []
    for name, entries in raw.get("params", {}).items():
        if any(set(entry) != {"start", "value", "reference", "checked_on"} for entry in entries):
            found.append(f"参数 {name} 的每个值要有且只有 start、value、reference、checked_on")
        elif len({entry["start"] for entry in entries}) < len(entries):
            found.append(f"参数 {name} 有两个值从同一天开始")
    return found


def read_rule(raw: Mapping[str, Any]) -> Rule:
    """The Rule in a parsed rule.toml that has no problems."""
    severities = raw.get("severities")
    return Rule(
        id=raw["id"],
        article=raw["article"],
        label=raw["label"],
        subject=raw["subject"],
        needs=tuple(raw["needs"]),
        kind=raw["kind"],
        basis=raw["basis"],
        quote=raw.get("quote"),
        reference=raw.get("reference"),
        texts={outcome: raw.get(key, default) for outcome, (key, default) in OUTCOME_TEXTS.items()},
        failed_by=raw.get("failed_by", {}),
        open_by=raw.get("open_by", {}),
        remedy=raw["remedy"],
        is_veto=raw.get("is_veto", False),
        gathers_grave=raw.get("gathers_grave", False),
        severities=None if severities is None else tuple(severities),
        settings=tuple(raw.get("settings", [])),
        headings=tuple(raw.get("headings", [])),
        params={name: tuple(DatedValue(**entry) for entry in dated) for name, dated in raw.get("params", {}).items()},
        period=raw.get("period", "quarter"),
        not_scored=raw.get("not_scored"),
        people_decide=raw.get("people_decide", False),
        forbidden_kinds=tuple(raw.get("forbidden_kinds", [])),
        same_duty_as=raw.get("same_duty_as"),
    )


def chinese_headings(rule: Rule) -> dict[str, str]:
    """Identifier → Chinese for the identifiers that the rule's function prints."""
    return {name: heading(name) for name in rule.headings}
