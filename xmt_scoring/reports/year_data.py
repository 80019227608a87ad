"""What the sheets of 年度考核 share: order and numbers of units, the states in words, the two ends while something is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xmt_scoring.glossary import heading, spoken
from xmt_scoring.law import citation
from xmt_scoring.reports.sheet_names import place, unit_sheets
from xmt_scoring.reports.tables import Names
from xmt_scoring.scoring.year_frames import year_ranks
from xmt_scoring.workspace import YearData

TAKES_NO_PART = "不参评"
DECIDED, OPEN = "已定", "待定"
SPOKEN_ENDS = {"low": "最低", "high": "最高"}


@dataclass(frozen=True)
class Item:
    """One item of the annual scheme: `kind` is quarters, management, upper or bonus."""

    id: str
    label: str
    points: str
    kind: str


@dataclass(frozen=True)
class YearSheets:
    """A year as the sheets take it.

    `units`: unit_years in the order of ranks with `serial`, `state`, `rank_text`, `grade_text`, `mark`. `rows`:
    year_contributions with `serial` of the unit. `ends`: one entry when everything is decided, else low and high.
    `pages`: unit_id → the name of its sheet.
    """

    data: YearData
    units: pd.DataFrame
    rows: pd.DataFrame
    items: tuple[Item, ...]
    names: Names
    ends: tuple[str, ...]
    pages: Mapping[str, str]

    @property
    def is_adopted(self) -> bool:
        """Whether somebody has adopted the scheme; if not, every sheet says so."""
        return self.data.scheme.get("status") == "adopted"

    @property
    def note(self) -> str:
        """The line under every title."""
        status = "" if self.is_adopted else "评分细则为建议稿，尚未经县政府办采用。"
        return f"{self.data.period.label}，第 {self.data.version} 版，数据截止 {self.data.as_of}。{status}"

    def title(self, sheet: str) -> str:
        """The first line of a sheet."""
        return f"{self.data.settings.county}政务新媒体年度考核 · {sheet}"

    def page_of(self, units: pd.Series) -> list[str | None]:
        """For each unit_id the place of its sheet, for a link."""
        return [place(self.pages[unit], 0) if unit in self.pages else None for unit in units]

    def of_kind(self, kind: str) -> list[Item]:
        """The items of a kind, in order."""
        return [item for item in self.items if item.kind == kind]


def items_of(scheme: Mapping[str, Any]) -> tuple[Item, ...]:
    """The items of an annual scheme with the part that each plays."""
    found = []
    for entry in scheme.get("items", ()):
        kind = "upper"
        if entry["rule"]["type"] == "weighted_periods":
            kind = "quarters"
        elif entry["rule"]["type"] == "bonus":
            kind = "bonus"
        elif float(entry["points"]) > 0:
            kind = "management"
        found.append(Item(str(entry["id"]), f"{entry['id']} {entry['name']}", str(entry["points"]), kind))
    return tuple(found)


def prepare(data: YearData) -> YearSheets:
    """Order, number and put into words what the sheets print."""
    units = data.frames["unit_years"]
    places = year_ranks(units)
    units = units.assign(rank_best=places["rank_best"], rank_worst=places["rank_worst"])
    units = units.sort_values(["rank_best", "rank_worst", "unit_id"], na_position="last", ignore_index=True)
    there = units["low"].notna()
    state = pd.Series(np.select([~there, units["score"].isna()], [TAKES_NO_PART, OPEN], DECIDED), index=units.index, dtype="str")
    units = units.assign(serial=range(1, len(units) + 1), state=state)
    units = units.assign(rank_text=_ranks(units), grade_text=_grades(units), mark=_marks(units))
    rows = data.frames["year_contributions"]
    rows = rows.assign(serial=rows["unit_id"].map(units.set_index("unit_id")["serial"])).sort_values("serial", kind="stable")
    has_two = bool((rows["status"] == "open").any() or (units["low"] != units["high"]).fillna(False).any())
    quarters = data.frames["year_quarters"]
    has_two |= bool((quarters["low"] != quarters["high"]).fillna(False).any())
    ends = ("low", "high") if has_two else ("high",)
    pages = dict(zip(units["unit_id"], unit_sheets(units["unit_name"]), strict=True))
    return YearSheets(data, units, rows.reset_index(drop=True), items_of(data.scheme), Names.of(data.frames), ends, pages)


def _ranks(units: pd.DataFrame) -> list[Any]:
    """A number, `3–5` while open, `3（暂定）` where only the score is open, a dash for a unit that takes no part."""
    best, worst = units["rank_best"].astype("str"), units["rank_worst"].astype("str")
    words = (best + "–" + worst).mask(units["rank_best"] == units["rank_worst"], best + "（暂定）")
    words = words.astype("object").mask(units["rank"].notna(), units["rank"].astype("object"))
    return words.mask(units["state"] == TAKES_NO_PART, "—").tolist()


def _grades(units: pd.DataFrame) -> list[str]:
    grade = units["grade"].mask((units["state"] == OPEN) & units["grade"].notna(), units["grade"] + "（暂定）").fillna(OPEN)
    return grade.mask(units["state"] == TAKES_NO_PART, TAKES_NO_PART).tolist()


def _marks(units: pd.DataFrame) -> list[str]:
    mark = pd.Series("", index=units.index, dtype="str").mask(units["state"] == OPEN, "open")
    return mark.mask(units["state"] == TAKES_NO_PART, "quiet").mask(units["is_zeroed"].astype(bool), "veto").tolist()


def remarks(sheets: YearSheets) -> list[str]:
    """Why a unit stands where it stands, beside its points: veto with document, decision, quarters missing, what is open."""
    units, frames = sheets.units, sheets.data.frames
    facts = frames["year_units"].set_index("unit_id")
    closed = closings(sheets.data)
    waiting = open_items(sheets)
    told = []
    for unit in units.to_dict("records"):
        words = []
        if unit["is_zeroed"]:
            words.append(f"国家、省检查单项否决（{unit['veto_document_no']}），本年度不得分")
        if unit["state"] == TAKES_NO_PART:
            words.append("没有足够的计分季度，不参加排名；管理事项照记")
        if unit["unit_id"] in closed:
            words.append(closed[unit["unit_id"]])
        elif unit["state"] == OPEN:
            words.append("待定：" + (waiting.get(unit["unit_id"]) or "有否决项或上级通报待核查"))
        n = int(facts.loc[unit["unit_id"], "n_quarters"])
        if 0 < n < 4:
            words.append(f"计分季度 {n} 个")
        told.append("；".join(words))
    return told


def open_items(sheets: YearSheets) -> dict[str, str]:
    """Unit → the items that still have an open row, and what of the year itself is open."""
    data = sheets.data
    rows = sheets.rows[sheets.rows["status"] == "open"].drop_duplicates(["unit_id", "item_id"])
    labels = {item.id: item.label for item in sheets.items}
    found: dict[str, list[str]] = {}
    for unit, label in zip(rows["unit_id"], rows["item_id"].map(labels).fillna("总分"), strict=True):
        found.setdefault(unit, []).append(label)
    units = data.frames["year_units"]
    for unit in units.loc[units["has_open_veto"].astype(bool), "unit_id"]:
        found.setdefault(unit, []).append("季度否决项待核查")
    if data.as_of < data.period.end:
        for unit in units["unit_id"]:
            found.setdefault(unit, []).append("年度未结束")
    verdicts = data.frames["verdicts"]
    unasked = verdicts[(verdicts["check_id"] == "art22_upper_veto") & (verdicts["outcome"] == "unverified")]
    for unit in unasked["unit_id"]:
        found.setdefault(unit, []).append("上级通报待核对")
    return {unit: "、".join(dict.fromkeys(items)) for unit, items in found.items()}


def closings(data: YearData) -> dict[str, str]:
    """Unit → the recorded decision that closed its open year, in words (who, when, document, reason)."""
    rows = data.frames["year_closures"]
    rows = rows[rows["decided_on"] <= pd.Timestamp(data.as_of)].sort_values(["decided_on", "document_no"])
    told = (
        "年度结案：按" + spoken(rows["closing_end"], "closing_end") + "，" + rows["approver"] + " "
        + rows["decided_on"].dt.strftime("%Y-%m-%d").astype("str") + " " + rows["document_no"] + "，" + rows["reason"]
    )  # fmt: skip
    everyone = told[rows["unit_id"].isna()]
    found = dict.fromkeys(data.frames["unit_years"]["unit_id"], everyone.iloc[-1]) if len(everyone) else {}
    return {**found, **dict(zip(rows["unit_id"].dropna(), told[rows["unit_id"].notna()], strict=True))}


def kind_words(rows: pd.DataFrame) -> pd.Series:
    """扣分, 加分 …; what takes a bonus back, beyond its limit or because of a veto, is 不计."""
    return spoken(rows["kind"], "contribution_kind").mask((rows["kind"] == "cap") & (rows["high"] < 0), "不计")


def source_words(rows: pd.DataFrame) -> pd.Series:
    """文件「表」第 N 行; empty where a row has no place."""
    sheet = ("「" + rows["src_sheet"] + "」表").fillna("")
    return (rows["src_file"] + sheet + "第 " + rows["src_row"].astype("str") + " 行").astype("str").fillna("")


def treatment(upper: pd.DataFrame) -> pd.Series:
    """What a finding of a higher level does to the year, in words."""
    is_veto, level = upper["is_veto"].astype(bool), upper["level"]
    words = np.select(
        [is_veto & level.isin(["province", "national"]), is_veto, upper["counted_quarter"].notna()],
        ["单项否决：本年度不得分", "单项否决：只影响当季，年度不加分", "不重复扣分"],
        "计入上级检查扣分",
    )
    made = pd.Series(words, index=upper.index, dtype="str")
    return made.mask(upper["counted_quarter"].notna(), "已在 " + upper["counted_quarter"] + " 计入，" + made)


def cited(codes: pd.Series) -> pd.Series:
    """"22" → 第二十二条; empty where there is none."""
    return codes.map({code: citation(code) for code in codes.dropna().unique()}).astype("str").fillna("")


def column_words(columns: pd.Series) -> pd.Series:
    """Columns of unit_years by their Chinese headings."""
    return columns.map({name: heading(name) for name in columns.unique()}).astype("str")
