"""Sheets 排名, 分项得分, 季度趋势 and 年终综合绩效: live formulas, each with the value that the library computed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd

from xmt_scoring.glossary import heading, spoken
from xmt_scoring.points import from_decimal, printed, to_decimal
from xmt_scoring.reports.excel_live import letter
from xmt_scoring.reports.excel_style import Book, Column, set_page, set_widths, write_cell, write_head, write_table
from xmt_scoring.reports.year_data import OPEN, SPOKEN_ENDS, TAKES_NO_PART, Item, YearSheets, remarks
from xmt_scoring.scoring.annual import closing_ends

RANKS, PARTS, TREND, LOSSES, BONUS, OUTPUT = "排名", "分项得分", "季度趋势", "管理分明细", "加分", "年终综合绩效"
EDGES, NAMES = "年度等次下限", "年度等次名称"
TOP, TREND_TOP, OUTPUT_TOP = 2, 3, 3  # 0-based rows of the headings
NONE = "—"
Ranges = Callable[[str], str]


def _values(column: pd.Series, missing: object = None) -> list[Any]:
    return [missing if pd.isna(value) else value for value in column]


def _rows(n: int, top: int) -> range:
    return range(top + 2, top + 2 + n)


def _formulas(text: str, rows: range) -> list[str]:
    """The formula of each row; {trend}: the row of the same unit on 季度趋势, which has one more line above its table."""
    return [text.replace("{row}", str(row)).replace("{trend}", str(row + TREND_TOP - TOP)) for row in rows]


def _end_word(sheets: YearSheets, end: str) -> str:
    return f"（{SPOKEN_ENDS[end]}）" if len(sheets.ends) > 1 else ""


# ---------------------------------------------------------------- 季度趋势


def trend_columns(sheets: YearSheets) -> list[Column]:
    """For every unit the printed scores of its four quarters, at both ends while some are open; blank = left out."""
    quarters = sheets.data.frames["year_quarters"]
    names = sorted(quarters["quarter"].unique())
    columns = [Column("序号", sheets.units["serial"].tolist(), "count"), Column(heading("unit"), sheets.units["unit_name"].tolist(), widest=30)]
    closed = closing_ends(sheets.data.frames["year_closures"], sheets.units["unit_id"], sheets.data.as_of)
    absent_as = {"low": Decimal(0), "high": Decimal(100)} if sheets.data.settings["missing_quarter"] == "open" else {"low": None, "high": None}
    for end in sheets.ends:
        counted = sheets.units["unit_id"].map(closed).astype("str").fillna(end)  # a year closed by decision counts with one end only
        for name in names:
            rows = quarters[quarters["quarter"] == name].set_index("unit_id")
            absent = sheets.units["unit_id"].map(rows["quarter_state"]) == "absent"
            ends = {
                side: sheets.units["unit_id"].map(rows[side]).astype("object").mask(absent, absent_as[side]) for side in ("low", "high")
            }
            values = ends["high"].where(counted == "high", ends["low"])
            columns.append(Column(f"{name}{_end_word(sheets, end)}", _values(values), "score", 10 if len(sheets.ends) == 1 else 17))
    states = quarters.assign(word=quarters["quarter"] + spoken(quarters["quarter_state"], "quarter_state").astype("str"))
    odd = states[states["quarter_state"] != "decided"].groupby("unit_id")["word"].agg("、".join)
    told = sheets.units["unit_id"].map(odd).astype("str").fillna("")
    told = told.mask(sheets.units["unit_id"].isin(list(closed)) & (told != ""), told + "（年度结案）")
    columns.append(Column("说明", told.tolist(), widest=40))
    return columns


def weights_of(sheets: YearSheets) -> list[Decimal]:
    """The weights of the four quarters in the scheme."""
    entry = next(entry for entry in sheets.data.scheme["items"] if entry["rule"]["type"] == "weighted_periods")
    return [Decimal(str(weight)) for weight in entry["rule"]["weights"]]


def write_trend(book: Book, sheet: Any, sheets: YearSheets, columns: list[Column]) -> None:
    """季度趋势, with the weights above the quarters."""
    widths = set_widths(sheet, columns)
    how = "取最低的季度" if sheets.data.settings["year_rollup"] == "min" else "按权重平均，空格不计入"
    write_head(book, sheet, sheets.title(TREND), f"{sheets.note}季度平均{how}；这里的得分就是各季度公布的得分。", widths, len(columns))
    write_cell(book, sheet, TOP, 1, "权重", "group")
    for number, weight in enumerate(weights_of(sheets) * len(sheets.ends)):
        write_cell(book, sheet, TOP, 2 + number, weight, "score")
    end = write_table(book, sheet, TREND_TOP, columns, widths, sheets.units["mark"].tolist())
    sheet.autofilter(TREND_TOP, 0, max(end - 1, TREND_TOP), len(columns) - 1)
    set_page(sheet, sheets.title(TREND), sheets.note, TOP, TREND_TOP, 2)


# ---------------------------------------------------------------- 分项得分


def part_columns(sheets: YearSheets, of_losses: Ranges, of_bonus: Ranges) -> list[Column]:
    """Every item of every unit as a formula over the detail sheets; then the sums before and after the bonus."""
    units = sheets.units
    rows = _rows(len(units), TOP)
    columns = [Column("序号", units["serial"].tolist(), "count"), Column(heading("unit"), units["unit_name"].tolist(), widest=24)]
    places: dict[tuple[str, str], str] = {}
    parts = sheets.data.frames["year_parts"].set_index(["unit_id", "item_id"])
    for item in sheets.items:
        for end in sheets.ends:
            places[item.id, end] = letter(len(columns))
            value = parts[end].xs(item.id, level="item_id") if item.id in parts.index.get_level_values(1) else pd.Series(dtype="object")
            shown = _values(units["unit_id"].map(value).astype("object"), NONE)
            formula = _part_formula(sheets, item, end, of_losses, of_bonus)
            formulas = [
                f if state != TAKES_NO_PART else f'="{NONE}"' if v == NONE else f"={v}"  # recorded, not ranked: no rows to add up
                for f, v, state in zip(_formulas(formula, rows), shown, units["state"], strict=True)
            ]
            label = item.label if item.kind != "quarters" else f"{item.label}（{item.points} 分）"
            columns.append(Column(f"{label}{_end_word(sheets, end)}", shown, "parts", 10, formulas))
    sums = printed_sums(sheets)
    for end in sheets.ends:
        own = {kind: [places[item.id, end] for item in sheets.of_kind(kind)] for kind in ("quarters", "management", "upper", "bonus")}
        base = "+".join(f"{column}{{row}}" for column in [*own["quarters"], *own["management"], *own["upper"]])
        total = base + "".join(f"+{column}{{row}}" for column in own["bonus"])
        cap, floor = sheets.data.scheme.get("cap", "1000000"), sheets.data.scheme.get("floor", "0")
        formula = f"=ROUND(ROUND(MIN({cap},MAX({floor},{total})),6),2)"
        shown = _values(sums[end].astype("object"), NONE)
        formulas = [f if v != NONE else f'="{NONE}"' for f, v in zip(_formulas(formula, rows), shown, strict=True)]
        columns.append(Column(f"未计否决的得分{_end_word(sheets, end)}", shown, "score", 10, formulas))
    return columns


def _part_formula(sheets: YearSheets, item: Item, end: str, of_losses: Ranges, of_bonus: Ranges) -> str:
    word = SPOKEN_ENDS[end]
    if item.kind == "quarters":
        names = sorted(sheets.data.frames["year_quarters"]["quarter"].unique())
        first = 2 + sheets.ends.index(end) * len(names)
        span = f"{TREND}!${letter(first)}{{place}}:${letter(first + len(names) - 1)}{{place}}"
        values, weights = span.replace("{place}", "{trend}"), span.replace("{place}", f"${TOP + 1}")
        mean = f"SUMPRODUCT({weights},{values})/SUMPRODUCT({weights},--ISNUMBER({values}))"
        if sheets.data.settings["year_rollup"] == "min":
            mean = f"MIN({values})"
        return f"={item.points}/100*{mean}"
    ranges = of_bonus if item.kind == "bonus" else of_losses
    listed = f'SUMIFS({ranges(word)},{ranges("单位序号")},$A{{row}},{ranges("评分项")},"{item.label}")'
    start = item.points if item.kind == "management" else "0"
    return f"=ROUND({start}+{listed},4)"


def printed_sums(sheets: YearSheets) -> pd.DataFrame:
    """For every unit in order the printed value before the veto, at each end, from its contribution rows."""
    rows = sheets.rows[sheets.rows["kind"] != "veto"]
    base = int(Decimal(str(sheets.data.scheme.get("base", "100"))) * 10_000)
    made = {}
    for end in ("low", "high"):
        sums = pd.Series(from_decimal(rows[end]), index=rows["serial"].to_numpy(), dtype="int64").groupby(level=0).sum() + base
        known = sheets.units["serial"].map(sums)
        made[end] = to_decimal(known.fillna(0).to_numpy(dtype="i8"), 2, known.isna().to_numpy())
    return pd.DataFrame(made)


def write_parts(book: Book, sheet: Any, sheets: YearSheets, columns: list[Column]) -> None:
    """分项得分."""
    widths = set_widths(sheet, columns)
    how = "季度部分由“季度趋势”算出，其余各项 = 满分 + “管理分明细”“加分”里该单位各行之和；这里还没有计单项否决。"
    write_head(book, sheet, sheets.title(PARTS), f"{sheets.note}{how}", widths, len(columns))
    end = write_table(book, sheet, TOP, columns, widths, sheets.units["mark"].tolist())
    sheet.autofilter(TOP, 0, max(end - 1, TOP), len(columns) - 1)
    set_page(sheet, sheets.title(PARTS), sheets.note, TOP, TOP, 2)


# ---------------------------------------------------------------- 排名


def rank_columns(sheets: YearSheets, of_parts: Ranges) -> list[Column]:
    """One line for each unit by rank: the veto is the last formula."""
    units, rows = sheets.units, _rows(len(sheets.units), TOP)
    first, last = rows.start, rows.stop - 1
    is_zero = ["是" if zeroed else "否" for zeroed in units["is_zeroed"].astype(bool)]
    low, high, score, zero, state = "D", "E", "F", "H", "I"
    ends = {"low": sheets.ends[0], "high": sheets.ends[-1]}
    sources = {side: of_parts(f"未计否决的得分{_end_word(sheets, end)}") for side, end in ends.items()}

    def end_formula(side: str) -> str:
        column = sources[side].split("!")[1].split("$")[1]
        return f'=IF(${zero}{{row}}="是",0,IF(${state}{{row}}="{TAKES_NO_PART}","{NONE}",{PARTS}!{column}{{row}}))'

    band = f"LOOKUP({{cell}}{{row}},{EDGES},{NAMES})"
    low_band, high_band = band.replace("{cell}", low), band.replace("{cell}", high)
    grade = (
        f'=IF({state}{{row}}="{TAKES_NO_PART}","{TAKES_NO_PART}",IF({zero}{{row}}="是",INDEX({NAMES},1),IF({low_band}={high_band},'
        f'{low_band}&IF({state}{{row}}="{OPEN}","（暂定）",""),"{OPEN}")))'
    )
    best = f'(1+COUNTIF({low}${first}:{low}${last},">"&{high}{{row}}))'
    worst = f'(1+COUNTIF({high}${first}:{high}${last},">"&{low}{{row}})-({high}{{row}}>{low}{{row}}))'
    rank = (
        f'=IF({state}{{row}}="{TAKES_NO_PART}","{NONE}",IF({best}<>{worst},{best}&"–"&{worst},'
        f'IF(ISNUMBER({score}{{row}}),{best},{best}&"（暂定）")))'
    )
    shown = units["score"].astype("object").where(units["state"] != TAKES_NO_PART, TAKES_NO_PART)
    total = f'=IF({state}{{row}}="{TAKES_NO_PART}","{TAKES_NO_PART}",IF({state}{{row}}="{OPEN}","{OPEN}",{high}{{row}}))'
    return [
        Column("序号", units["serial"].tolist(), "count"),
        Column(heading("rank"), units["rank_text"].tolist(), "centre", 10, _formulas(rank, rows)),
        Column(heading("unit"), units["unit_name"].tolist(), widest=30, links=sheets.page_of(units["unit_id"])),
        Column("最低", _values(units["low"], NONE), "score", 9, _formulas(end_formula("low"), rows)),
        Column("最高", _values(units["high"], NONE), "score", 9, _formulas(end_formula("high"), rows)),
        Column(heading("score"), _values(shown, OPEN), "score", 9, _formulas(total, rows)),
        Column(heading("grade"), units["grade_text"].tolist(), "centre", 14, _formulas(grade, rows)),
        Column("单项否决", is_zero, "centre", 8),
        Column(heading("status"), units["state"].tolist(), "centre", 8),
        Column("未计否决的得分", _values(units["before_veto"]), "score", 10),
        Column(heading("veto_document_no"), _values(units["veto_document_no"]), "text", 22),
        Column("备注", remarks(sheets), "text", 40),
    ]


def write_ranks(book: Book, sheet: Any, sheets: YearSheets, columns: list[Column]) -> None:
    """排名: the sheet that is published."""
    widths = set_widths(sheet, columns)
    how = "得分 = 季度部分 + 管理分 − 上级检查扣分 + 加分，保留两位小数；最后看单项否决：国家、省检查单项否决的，本年度不得分。"
    write_head(book, sheet, sheets.title(RANKS), f"{sheets.note}{how}", widths, len(columns))
    end = write_table(book, sheet, TOP, columns, widths, sheets.units["mark"].tolist())
    sheet.autofilter(TOP, 0, max(end - 1, TOP), len(columns) - 1)
    set_page(sheet, sheets.title(RANKS), sheets.note, TOP, TOP, 3)


# ---------------------------------------------------------------- 年终综合绩效


def passed_on(score: object, points: int) -> Decimal | None:
    """What a year's score brings in the year-end performance review, half-up to two places; missing while open."""
    if pd.isna(score):  # type: ignore[call-overload]
        return None
    return printed(Decimal(str(score)) * points / 100)


def output_columns(sheets: YearSheets, of_ranks: Ranges) -> list[Column]:
    """What goes on to 年终综合绩效考评: the score turned into the points that the setting gives the field."""
    units, rows = sheets.units, _rows(len(sheets.units), OUTPUT_TOP)
    column = {name: of_ranks(name).split("!")[1].split("$")[1] for name in (heading("score"), heading("rank"), heading("grade"))}
    points = int(sheets.data.settings["pass_on_points"])

    def same(name: str) -> list[str]:
        return [f"={RANKS}!{column[name]}{row + TOP - OUTPUT_TOP}" for row in rows]

    shown = units["score"].astype("object").where(units["state"] != TAKES_NO_PART, TAKES_NO_PART)
    values = [passed_on(score, points) if state == "已定" else state for score, state in zip(units["score"], units["state"], strict=True)]
    return [
        Column("序号", units["serial"].tolist(), "count"),
        Column(heading("unit"), units["unit_name"].tolist(), widest=30),
        Column("年度得分", _values(shown, OPEN), "score", 10, same(heading("score"))),
        Column("折合分", values, "score", 10, [f"=IF(ISNUMBER(C{row}),ROUND(ROUND(C{row}*$C${TOP + 1}/100,6),2),C{row})" for row in rows]),
        Column(heading("rank"), units["rank_text"].tolist(), "centre", 10, same(heading("rank"))),
        Column(heading("grade"), units["grade_text"].tolist(), "centre", 14, same(heading("grade"))),
        Column(heading("veto_document_no"), _values(units["veto_document_no"]), "text", 26),
    ]


def write_output(book: Book, sheet: Any, sheets: YearSheets, columns: list[Column]) -> None:
    """年终综合绩效: the points of the field stand in one cell above the table."""
    widths = set_widths(sheet, columns)
    how = "第二十二条：考核结果纳入年终综合绩效考评。折合分 = 年度得分 ÷ 100 × 折合满分（设置 pass_on_points）。"
    write_head(book, sheet, sheets.title(OUTPUT), f"{sheets.note}{how}", widths, len(columns))
    write_cell(book, sheet, TOP, 1, "折合满分", "group")
    write_cell(book, sheet, TOP, 2, int(sheets.data.settings["pass_on_points"]), "score")
    end = write_table(book, sheet, OUTPUT_TOP, columns, widths, sheets.units["mark"].tolist())
    sheet.autofilter(OUTPUT_TOP, 0, max(end - 1, OUTPUT_TOP), len(columns) - 1)
    set_page(sheet, sheets.title(OUTPUT), sheets.note, OUTPUT_TOP, OUTPUT_TOP, 2)
