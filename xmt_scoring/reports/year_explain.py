"""Why a unit's year is what it is: every row with article, cause and source, the veto with its chain, as lines to print."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import pandas as pd

from xmt_scoring import law
from xmt_scoring.errors import XmtError
from xmt_scoring.reports.excel_parts import FOR_NOW
from xmt_scoring.reports.explain import loss_text
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.tables import points_text, score_or_interval
from xmt_scoring.reports.year_data import items_of, kind_words, prepare, remarks, source_words
from xmt_scoring.workspace import YearData


def find_year_unit(data: YearData, name: str) -> str:
    """unit_id of a unit by id or full name; XmtError with the nearest names when there is none."""
    units = data.frames["unit_years"]
    found = units[(units["unit_id"] == name) | (units["unit_name"] == name)]
    if len(found) == 1:
        return str(found["unit_id"].iloc[0])
    near = difflib.get_close_matches(name, list(units["unit_name"]), 5, 0.3)
    todo = f"名称相近的有：{'、'.join(near)}" if near else "请用单位登记表里的全名或编号"
    raise XmtError.of(f"“{name}”", "年度考核里没有叫这个名称的单位（年度按单位考核，不能查账号）", todo)


def explain_year_lines(data: YearData, name: str) -> list[str]:
    """Score and grade, then every item with each row that took or brought points, then vetoes and remarks."""
    unit_id = find_year_unit(data, name)
    unit = data.frames["unit_years"].query("unit_id == @unit_id")
    row = unit.iloc[0]
    grade = "" if pd.isna(row["grade"]) else row["grade"] + FOR_NOW * bool(pd.isna(row["score"]))
    lines = [f"{row['unit_name']} {data.period.label}（第 {data.version} 版，数据截止 {data.as_of}）"]
    lines += ["", f"年度得分：{score_or_interval(unit).iloc[0] if not pd.isna(row['low']) else '不参评'} {grade}".rstrip()]
    sheets = prepare(data)
    told = dict(zip(sheets.units["unit_id"], remarks(sheets), strict=True))[unit_id]
    lines += [f"  {told}"] if told else []
    parts = {part["item_id"]: part for part in data.frames["year_parts"].query("unit_id == @unit_id").to_dict("records")}
    rows = data.frames["year_contributions"].query("unit_id == @unit_id")
    rows = rows.assign(source=source_words(rows), message=mask_numbers(rows["message"]), kind_word=kind_words(rows))
    for item in items_of(data.scheme):
        if item.id in parts:
            lines += ["", _part_line(item.label, parts[item.id])]
            lines += [line for each in rows[rows["item_id"] == item.id].to_dict("records") for line in _row_lines(each)]
    rest = rows[~rows["item_id"].isin([item.id for item in items_of(data.scheme)])].to_dict("records")
    lines += [""] * bool(rest) + [line for each in rest for line in _row_lines(each)]
    vetoes = data.frames["year_vetoes"].query("unit_id == @unit_id")
    return [*lines, *(["", "上级检查的单项否决："] if len(vetoes) else []), *("  " + message for message in vetoes["message"])]


def _part_line(label: str, part: Mapping[Any, Any]) -> str:
    full = "" if pd.isna(part["full_points"]) else f"（满分 {points_text(part['full_points'])}）"
    low, high = points_text(part["low"]), points_text(part["high"])
    return f"{label}{full}：{low if low == high else f'{low}–{high}'}"


def _row_lines(row: Mapping[Any, Any]) -> list[str]:
    kind = "" if row["kind"] == "loss" else f"[{row['kind_word']}] "
    lines = [f"  {kind}{loss_text(row)}：{row['message']}"]
    if not pd.isna(row["article"]):
        lines[0] += f"（{law.citation(row['article'])}）"
    return lines + ([f"    来源：{row['source']}"] if row["source"] else [])
