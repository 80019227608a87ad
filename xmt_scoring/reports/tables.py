"""Frames as tables for people: Chinese headings, codes spoken, points printed, personal data hidden.

Two ways to show one: `show` (plain HTML, sortable in our report pages, every row printed on paper) and `sortable` (itables
offline, for the analyst in JupyterLab). Text of the exports is escaped in both and can never become markup.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from xmt_scoring import glossary
from xmt_scoring.errors import XmtError
from xmt_scoring.frames import Column, contract
from xmt_scoring.law import citation
from xmt_scoring.reports.masking import mask, mask_numbers

ABSENT = "—"
_NUMBER = re.compile(rf"-?[0-9]+(\.[0-9]+)?(–-?[0-9]+(\.[0-9]+)?)?(（暂定）)?|{ABSENT}")
FREE_TEXT = {"message", "description", "content", "reason", "note", "value", "title", "text", "examples"}
# Columns that hold the codes of a choice though the contract leaves them open to other words.
ALSO_SPOKEN = {"platform": "platform", "severity": "severity", "coverage_basis": "coverage_basis", "event_kind": "event_kind"}


@dataclass(frozen=True)
class Names:
    """unit_id → name and account_id → name with platform, for printing ids."""

    units: Mapping[str, str]
    accounts: Mapping[str, str]

    @classmethod
    def of(cls, frames: Mapping[str, pd.DataFrame]) -> Names:
        """From the registers of a quarter."""
        units, accounts = frames["units"], frames["accounts"]
        platform = glossary.spoken(accounts["platform"], "platform")
        return cls(
            dict(zip(units["unit_id"], units["unit_name"], strict=True)),
            dict(zip(accounts["account_id"], accounts["account_name"] + "（" + platform + "）", strict=True)),
        )


def points_text(value: object) -> str:
    """A decimal as people write it: scores keep two places (`90.75`), parts lose idle zeros (`-0.5`)."""
    number = Decimal(str(value))
    text = f"{number:f}"
    if number.as_tuple().exponent == -4:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def table(
    frame: pd.DataFrame, name: str, names: Names | None = None, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """A frame of the contract `name` as text under Chinese headings; `columns` chooses and orders them.

    Missing values are a dash, codes and ids are words, moments lose idle seconds. Of personal columns (`frames.toml`) only
    the first character stays. Where one heading would stand twice (unit_id beside unit_name) the second is left out.
    """
    wanted = contract(name)
    shown: dict[str, pd.Series] = {}
    for column_name in columns or wanted.names:
        column = wanted.column(column_name)
        heading = _heading(column, names)
        if heading not in shown:
            shown[heading] = _text(frame[column_name], column, names)
    return pd.DataFrame(shown, index=frame.index).reset_index(drop=True)


def _heading(column: Column, names: Names | None) -> str:
    if names is not None and column.name == "unit_id":
        return glossary.heading("unit_name")
    if names is not None and column.name == "account_id":
        return glossary.heading("account_name")
    return column.heading


def _text(values: pd.Series, column: Column, names: Names | None) -> pd.Series:
    there = values.notna()
    if column.personal:
        return mask(values).where(there, ABSENT)
    choice = column.choice or ALSO_SPOKEN.get(column.name)
    if choice:
        words = glossary.spoken(values, choice).fillna(values)
    elif names is not None and column.name in ("unit_id", "account_id"):
        known = names.units if column.name == "unit_id" else names.accounts
        words = values.map(known).fillna(values)
    elif column.name == "article":
        words = values.map(citation, na_action="ignore")
    elif column.kind == "bool":
        words = values.map({True: "是", False: "否"})
    elif column.kind == "date":
        words = values.dt.strftime("%Y-%m-%d")
    elif column.kind == "moment":
        words = values.dt.strftime("%Y-%m-%d %H:%M")
    elif column.kind in ("parts", "score"):
        words = values.map(points_text, na_action="ignore")
    else:
        words = mask_numbers(values) if column.name in FREE_TEXT else values
    return words.astype("str").where(there, ABSENT)


def score_or_interval(frame: pd.DataFrame) -> pd.Series:
    """`score`, or `low–high` while it is open; a dash where there is no score at all."""
    low, high = (frame[side].map(points_text, na_action="ignore").astype("str") for side in ("low", "high"))
    return (
        frame["score"].map(points_text, na_action="ignore").astype("str")
        .fillna((low + "–" + high).where(low != high, low)).fillna(ABSENT)
    )  # fmt: skip


def as_html(shown: pd.DataFrame, caption: str = "") -> str:
    """A table of texts as escaped HTML; columns of numbers are set right by the page's style."""
    if shown.empty:
        return f'<p class="xmt-none">{html.escape(caption)}{"：" if caption else ""}没有。</p>'
    head = "".join(f'<th scope="col">{html.escape(str(heading))}</th>' for heading in shown.columns)
    columns = [_cells(shown.iloc[:, i]) for i in range(shown.shape[1])]
    body = "\n".join("<tr>" + "".join(row) + "</tr>" for row in zip(*columns, strict=True))
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    return f'<div class="xmt-scroll"><table class="xmt-table">{title}<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>'


def is_numeric(values: pd.Series) -> bool:
    """Whether the texts of a column are numbers, intervals of numbers (also `3（暂定）`) and dashes, and not dashes alone."""
    texts = values.astype("str")
    return bool(texts.str.fullmatch(_NUMBER.pattern).fillna(False).all() and (texts != ABSENT).any())


def _cells(values: pd.Series) -> list[str]:
    opening = '<td class="n">' if is_numeric(values) else "<td>"
    return [opening + html.escape(text).replace("\n", "<br>") + "</td>" for text in values.astype("str")]


def show(shown: pd.DataFrame, caption: str = "") -> None:
    """Display a plain table in a notebook; it needs no script to be read or printed."""
    _display(as_html(shown, caption))


def say(*sentences: str) -> None:
    """Display sentences, each a paragraph; escaped. Nothing for none."""
    if sentences:
        _display("".join(f'<p class="xmt-say">{html.escape(sentence)}</p>' for sentence in sentences))


def start_sortable() -> None:
    """Load the library of `sortable` into the notebook, from this machine and not from the network."""
    import itables

    itables.init_notebook_mode(all_interactive=False, connected=False)


def sortable(shown: pd.DataFrame, caption: str = "") -> None:
    """Display a table that can be sorted and searched in JupyterLab (itables offline; `start_sortable` comes first)."""
    if shown.empty:
        show(shown, caption)
        return
    import itables

    sides = [{"targets": at, "className": "dt-right" if is_numeric(values) else "dt-left"} for at, (_, values) in enumerate(shown.items())]
    itables.show(
        _padded(shown), columnDefs=sides, caption=caption or None, connected=False, display_logo_when_loading=False,
        showIndex=False, lengthMenu=[15, 50, 200], language=LANGUAGE, maxBytes=0, allow_html=False, classes="display compact",
        style="table-layout:auto;width:100%;caption-side:top",
    )  # fmt: skip


def _padded(shown: pd.DataFrame) -> pd.DataFrame:
    """Numbers mixed with intervals and dashes sort as text: blanks before the first digit make that right, unseen in HTML."""
    padded = shown.astype("str")
    for heading in padded.columns:
        whole = padded[heading].str.extract(r"^([0-9]+)", expand=False).str.len()
        if (whole.notna() | (padded[heading] == ABSENT)).all() and whole.notna().any():
            blanks = (whole.max() - whole).fillna(0).astype("int64").map(lambda count: " " * count)
            padded[heading] = blanks + padded[heading]
    return padded


LANGUAGE: dict[str, Any] = {
    "search": "查找：", "lengthMenu": "每页 _MENU_ 行", "info": "第 _START_ 到 _END_ 行，共 _TOTAL_ 行", "infoEmpty": "没有",
    "infoFiltered": "（从 _MAX_ 行中找出）", "zeroRecords": "没有符合的行", "emptyTable": "没有",
    "aria": {"orderable": "：点击排序", "orderableReverse": "：点击倒序", "orderableRemove": "：点击取消排序"},
}  # fmt: skip


def links(paths: Sequence[Path]) -> None:
    """Display files as links to save or open a copy, and where they lie.

    `download`: without it JupyterLab would try to open a workbook as text, and a report with its figures switched off.
    """
    items = ""
    for path in paths:
        address = quote(os.path.relpath(path, Path.cwd()).replace(os.sep, "/"))
        name = html.escape(path.name)
        items += f'<li><a href="{html.escape(address)}" download="{name}">{name}</a></li>'
    folders = "、".join(dict.fromkeys(str(path.parent) for path in paths))
    _display(f"<ul>{items}</ul><p>点击可另存一份；原文件在文件夹：{html.escape(folders)}</p>")


def numbers(pairs: Mapping[str, str]) -> None:
    """Display key numbers, large, each under its name."""
    _display(
        '<div class="xmt-numbers">'
        + "".join(f"<div>{html.escape(name)}<b>{html.escape(value)}</b></div>" for name, value in pairs.items())
        + "</div>"
    )


def title(text: str, level: int = 2) -> None:
    """Display a heading."""
    _display(f"<h{level}>{html.escape(text)}</h{level}>")


def plain_errors() -> None:
    """In this notebook a message for people is shown as such, without the program's traceback."""
    from IPython import get_ipython

    def told(shell: Any, kind: type, error: XmtError, _trace: Any, tb_offset: int | None = None) -> None:
        shell._showtraceback(kind, error, [str(problem) for problem in error.problems])

    get_ipython().set_custom_exc((XmtError,), told)


def _display(markup: str) -> None:
    from IPython.display import HTML, display

    display(HTML(markup))
