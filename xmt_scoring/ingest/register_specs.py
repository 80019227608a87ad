"""How each register of the office is recognised and how strictly it is read; the data is registers.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from xmt_scoring.frames import Column, contract
from xmt_scoring.glossary import heading, words_for

MANUAL_FORM = "manual_form"
OUR_OTHER = "本软件评分表的其他表，不读"  # said of the sheets that stand beside the form in our own workbook
_SOURCE = ("src_file", "src_sheet", "src_row")


@dataclass(frozen=True)
class Spec:
    """One register. `words`: heading as `clean_heading` leaves it → column.

    `filled`: columns whose cell may not be blank; `needed`: those whose heading must stand there; `signs`: at least one
    of them must stand there too. `stops`: a row that cannot be read stops the run, otherwise it is set aside.
    """

    name: str
    stops: bool
    columns: Mapping[str, Column]
    words: Mapping[str, str]
    filled: frozenset[str]
    needed: frozenset[str]
    signs: frozenset[str]
    ignored: frozenset[str]
    sheets: frozenset[str]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a template: the columns in order with heading and hint, and an example by column."""

    register: str
    file: str
    name: str
    purpose: str
    columns: tuple[Column, ...]
    headings: tuple[str, ...]
    required: frozenset[str]
    hints: Mapping[str, str]
    example: Mapping[str, str]


@cache
def data() -> dict[str, Any]:
    """registers.toml as it stands."""
    return tomllib.loads(files("xmt_scoring.ingest").joinpath("registers.toml").read_text(encoding="utf-8"))


def clean_heading(cell: object) -> str:
    """A heading without blanks, line breaks, full-width forms and the marks that people put beside it; 帐 is 账."""
    text = unicodedata.normalize("NFKC", str(cell)).replace("帐", "账") if isinstance(cell, str) else ""
    return re.sub(r"\s+|[*:]|\(必填\)|\(选填\)", "", text)


def key_of(words: pd.Series) -> pd.Series:
    """Words as they are compared: full-width forms, blanks and capitals do not matter."""
    return words.astype("str").str.normalize("NFKC").str.replace(r"\s+", "", regex=True).str.casefold()


def key(word: str) -> str:
    """One word as it is compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", word)).casefold()


def _own_columns(name: str) -> list[Column]:
    return [column for column in contract(name).columns if column.name not in _SOURCE]


def _words(columns: list[Column], templates: list[dict[str, Any]]) -> dict[str, str]:
    """A column's own heading comes before another column's second word (单位名称 is both)."""
    found: dict[str, str] = {}
    for template in templates:
        for name, text in template.get("headings", {}).items():
            found.setdefault(clean_heading(text), name)
    for column in columns:
        found.setdefault(clean_heading(column.heading), column.name)
    names = [column.name for column in columns]
    for name in names:
        for text in words_for(name):
            found.setdefault(clean_heading(text), name)
    if "account_id" in names and "account_name" not in names:  # a register that names accounts may say so
        for text in words_for("account_name"):
            found.setdefault(clean_heading(text), "account_id")
    return found


@cache
def specs() -> Mapping[str, Spec]:
    """All registers by name, and the form that people fill in (MANUAL_FORM)."""
    ignored = {clean_heading(text) for text in data()["ignored_headings"]}
    found = {}
    for name, entry in data()["registers"].items():
        templates = [sheet for sheet in data()["sheets"] if sheet["register"] == name]
        columns = _own_columns(name)
        if name == "messages":
            columns.append(contract("accounts").column("platform"))
        filled = {column.name for column in columns if column.required} - set(entry.get("optional", ()))
        filled -= {"platform"} if name == "messages" else set()
        found[name] = Spec(
            name,
            entry["bad_row"] == "stops",
            {column.name: column for column in columns},
            _words(columns, templates),
            frozenset(filled),
            frozenset(filled),
            frozenset(entry["signs"]),
            frozenset(ignored | {clean_heading(text) for text in entry.get("ignored", ())}),
            frozenset(clean_heading(sheet["sheet"]) for sheet in templates),
        )
    found[MANUAL_FORM] = _form_spec(ignored)
    return found


@cache
def heading_words() -> frozenset[str]:
    """Every heading of every register, as `clean_heading` leaves it."""
    return frozenset(word for spec in specs().values() for word in spec.words)


def _form_spec(ignored: set[str]) -> Spec:
    form = data()["form"]
    either = {column.name: column for name in ("checks_done", "findings") for column in _own_columns(name)}
    columns = [either[name] for name in form["columns"]]
    needed = frozenset({"check_item", "checked_at", "checker", "check_result", "description"})
    headings = [{"headings": dict(zip(form["columns"], form["headings"], strict=True))}]
    return Spec(
        MANUAL_FORM,
        False,
        {column.name: column for column in columns},
        _words(columns, headings),
        frozenset(),
        needed,
        frozenset({"check_result"}),
        frozenset(ignored),
        frozenset({clean_heading("人工核查表")}),
    )


def _columns_of(entry: dict[str, Any]) -> tuple[tuple[Column, ...], frozenset[str]]:
    """The columns of a template and those that must be filled in; `required` stands in the entry of a form for exports."""
    name = entry["register"]
    if name in specs():
        spec = specs()[name]
        return tuple(spec.columns[column] for column in entry.get("columns") or spec.columns), spec.filled
    return tuple(contract(name).column(column) for column in entry["columns"]), frozenset(entry["required"])


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every sheet of the templates, in order."""
    return tuple(_sheet(entry) for entry in data()["sheets"])


def _sheet(entry: dict[str, Any]) -> Sheet:
    columns, required = _columns_of(entry)
    return Sheet(
        entry["register"],
        entry["file"],
        entry["sheet"],
        entry["purpose"],
        columns,
        tuple(entry.get("headings", {}).get(column.name, heading(column.name)) for column in columns),
        required,
        entry.get("hints", {}),
        entry["example"],
    )
