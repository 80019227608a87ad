"""条款对照: every article and numbered item of the 办法 with its rules, how they are judged, points and vetoes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

import pandas as pd

from xmt_scoring import law
from xmt_scoring.checks.rules import Rule, load_rules, unchecked
from xmt_scoring.glossary import word

ANNUAL = "taibai_annual_2021.toml"
NOT_SCORED = "不计分"
HEADINGS = {
    "article": "条款", "text": "条文", "label": "规则", "mode": "检查方式", "item": "评分项", "points": "分值",
    "veto": "单项否决", "note": "说明",
}  # fmt: skip
SHOWN = 36  # characters of an article that identify it on one line


def article_table(schemes: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """One row for each rule at its article or item, and one for each place that has no rule of its own.

    `schemes`: raw schemes whose lines give the points. Columns: place ("11.1"), check_id (missing without a rule), and
    HEADINGS: article, text (shortened), label, mode (自动, 提示, 人工, 无), item, points, veto, note. A place without rule
    is checked by the rules of its article, or its note says why nothing can be checked; where neither is so the note
    is empty, and a test fails.
    """
    lines = {check: line for scheme in schemes for line in scheme_lines(scheme) for check in line["checks"]}
    reasons = unchecked()
    rules = list(load_rules().values())
    rows: list[dict[str, Any]] = []
    for place in law.places():
        head = {"place": place, "article": law.citation(place), "text": shortened(law.own_text(place))}
        mine = sorted((rule for rule in rules if rule.article == place), key=lambda rule: rule.not_scored is not None)
        rows += [head | _of_rule(rule, lines.get(rule.id)) for rule in mine]
        if not mine:
            rows.append(head | {"mode": word("rule_mode", "none"), "note": _why_none(place, rules, reasons)})
    return pd.DataFrame(rows, columns=["place", "check_id", *HEADINGS], dtype="str").fillna(dict.fromkeys(HEADINGS, ""))


def _of_rule(rule: Rule, line: Mapping[str, Any] | None) -> dict[str, Any]:
    year = "年度；" if rule.period == "year" else ""
    if rule.same_duty_as:
        year += f"平时登记在“{load_rules()[rule.same_duty_as].label}”下的也算；"
    made = {"check_id": rule.id, "label": rule.label, "mode": word("rule_mode", rule.kind)}
    if line is None:
        return made | {"item": NOT_SCORED, "note": year + (rule.not_scored or "")}
    return made | {
        "item": line["name"],
        "points": line["points"],
        "veto": "是" if line["is_veto"] else "",
        "note": year.strip("；"),
    }


def _why_none(place: str, rules: Sequence[Rule], reasons: Mapping[str, str]) -> str:
    number, _, item = place.partition(".")
    if place in reasons:
        return reasons[place]
    if item and any(rule.article == number for rule in rules):
        return f"由{law.citation(number)}的规则一并检查"
    below = [rule for rule in rules if rule.article.startswith(f"{place}.")]
    return "由各项的规则检查" if below else ""


def shortened(text: str) -> str:
    """The beginning of an article on one line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"


def scheme_lines(node: Any) -> Iterator[dict[str, Any]]:
    """Every line of a raw scheme that names checks, wherever it stands: name with its code, points, is_veto, checks."""
    if isinstance(node, list):
        for entry in node:
            yield from scheme_lines(entry)
    elif isinstance(node, Mapping):
        checks = node.get("checks") or ([node["check"]] if isinstance(node.get("check"), str) else [])
        if checks:
            code, points = str(node.get("id", node.get("code", ""))), str(node.get("points", ""))
            if points == "0" and "at_most" in node and not node.get("bonus"):  # outside the points of the scheme
                points = f"至多扣 {node['at_most']}"
            name = f"{code} {node.get('name', '')}".strip()
            yield {"name": name, "points": points, "is_veto": "code" in node, "checks": list(checks)}
        for entry in node.values():
            yield from scheme_lines(entry)


def annual_scheme() -> list[Mapping[str, Any]]:
    """The raw scheme of the year, in a list of one; empty while the package has none."""
    source = files("xmt_scoring.scoring").joinpath("schemes", ANNUAL)
    return [tomllib.loads(source.read_text(encoding="utf-8"))] if source.is_file() else []


def first_lines(table: pd.DataFrame) -> pd.DataFrame:
    """The columns of HEADINGS, with an article and its text only in the first of its rows."""
    shown = table[list(HEADINGS)].copy()
    again = (table["place"] == table["place"].shift()).to_numpy(dtype=bool)
    shown.loc[again, ["article", "text"]] = ""
    return shown


def markdown(table: pd.DataFrame) -> str:
    """The table as the manual prints it."""
    lines = [list(HEADINGS.values()), ["---"] * len(HEADINGS), *first_lines(table).to_numpy().tolist()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
