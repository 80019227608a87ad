"""Sheets 说明, 管理分明细, 加分, 上级检查与否决 and 与上次的差别: where every point and every veto of the year stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.glossary import heading, spoken
from xmt_scoring.reports.excel_parts import over, section
from xmt_scoring.reports.excel_style import (
    Book,
    Column,
    set_page,
    set_widths,
    write_cell,
    write_head,
    write_table,
)
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.sheets_notes import setting_columns
from xmt_scoring.reports.year_data import YearSheets, cited, closings, column_words, kind_words, source_words, treatment
from xmt_scoring.settings import Settings, plain_value

NOTES, UPPER, CHANGES = "说明", "上级检查与否决", "与上次的差别"
TOP = 2
WIDTHS = (26, 46, 18, 30, 34)
HOW_TO_READ = (
    "最后才看单项否决：国家、省检查认定单项否决的，检查当日主办该账号的单位本年度不得分（第二十二条第二款）。市、县的单项否决只影响当季，但当年不再加分。",
    "检查日期决定属于哪个年度。账号换过主办单位的，按变更登记认定检查当日的主办单位；变更当天起算新单位的。",
    "同一事件在季度里扣过的，年度只写明、不再扣。上级发现、没有单项否决的问题每件扣分，有上限。",
    "加分要有文号；加分前的得分要高于细则写的门槛，年内没有任何一级的单项否决。",
    "最低、最高：还有事项没有定下来时的两端。缺登记表的项目为待定，既不当没有扣分，也不当全扣。定下来或登记年度结案后才有得分。",
    "得分、名次、等次都是公式，可以点开核对；改动本表不会改变系统里的结果。收到新的上级通报后重新运行，原来的结果按版次保留。",
)


def how_quarters_count(settings: Settings) -> tuple[str, str]:
    """How the year's score is put together and what becomes of quarters without a score, as the settings have it."""
    rolled_up, missing = (plain_value(key, settings[key]) for key in ("year_rollup", "missing_quarter"))
    return (
        f"年度得分 = 季度部分（{rolled_up}，折算）+ 管理分 − 上级检查扣分 + 加分，不超过满分、不低于零分，四舍五入到两位；季度部分不先取整。",
        f"没有检查的季度：{missing}。没有计分账号的季度不计入。计分季度不足 {settings['min_quarters']} 个的单位不参评。",
    )


def _values(column: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in column]


def _labels(sheets: YearSheets, items: pd.Series) -> list[str]:
    named = {item.id: item.label for item in sheets.items} | {str(veto["code"]): f"{veto['code']} {veto['name']}" for veto in sheets.data.scheme["vetoes"]}
    return [named.get(str(item), str(item)) for item in items]


def loss_columns(sheets: YearSheets, kinds: tuple[str, ...]) -> tuple[list[Column], list[str]]:
    """The contribution rows of items of these kinds, as 管理分明细 and 加分 print them, and the mark of each row."""
    wanted = [item.id for kind in kinds for item in sheets.of_kind(kind)]
    rows = sheets.rows[sheets.rows["item_id"].isin(wanted)].reset_index(drop=True)
    names = sheets.data.frames["unit_years"].set_index("unit_id")["unit_name"]
    columns = [
        Column(heading("unit"), rows["unit_id"].map(names).tolist(), widest=24, links=sheets.page_of(rows["unit_id"])),
        Column("评分项", _labels(sheets, rows["item_id"]), widest=22),
        Column("类型", kind_words(rows).tolist(), "centre", 10),
        Column("条款", cited(rows["article"]).tolist(), widest=14),
        Column("事由", mask_numbers(rows["message"]).tolist(), widest=60),
        Column("最低", _values(rows["low"]), "parts", 9),
        Column("最高", _values(rows["high"]), "parts", 9),
        Column(heading("status"), spoken(rows["status"], "contribution_status").tolist(), "centre", 7),
        Column("来源", source_words(rows).tolist(), widest=40),
        Column("编号", rows["contribution_id"].tolist(), widest=30),
        Column("申诉意见", [None] * len(rows), "input", 20),
        Column("单位序号", _values(rows["serial"]), "count", 6),
    ]
    return columns, rows["status"].map({"open": "open"}).astype("str").fillna("").tolist()


def upper_columns(sheets: YearSheets) -> tuple[list[Column], list[str]]:
    """Every finding of a higher level with what became of it; a veto with its whole chain."""
    upper, vetoes = sheets.data.frames["upper_findings"], sheets.data.frames["year_vetoes"]
    chain = vetoes.drop_duplicates("inspection_id").set_index("inspection_id")["message"]
    names = sheets.data.frames["unit_years"].set_index("unit_id")["unit_name"]
    account = upper["account_id"].map(dict(sheets.names.accounts)).astype("str").fillna(upper["account_id"])
    told = upper["finding_id"].map(chain).where(upper["is_veto"].astype(bool)).astype("str").fillna(upper["description"])
    columns = [
        Column("当日主办单位", upper["unit_id"].map(names).tolist(), widest=24, links=sheets.page_of(upper["unit_id"])),
        Column(heading("account_id"), _values(account), widest=22),
        Column(heading("level"), spoken(upper["level"], "level").tolist(), "centre", 8),
        Column(heading("inspected_on"), _values(upper["inspected_on"]), "date", 12),
        Column(heading("document_no"), _values(upper["document_no"]), widest=24),
        Column(heading("is_veto"), ["是" if veto else "否" for veto in upper["is_veto"].astype(bool)], "centre", 8),
        Column("怎样计入年度", treatment(upper).tolist(), widest=24),
        Column("经过", told.tolist(), widest=70),
        Column(heading("event_id"), upper["event_id"].tolist(), widest=14),
        Column(heading("owner_basis"), spoken(upper["owner_basis"], "owner_basis").tolist(), "centre", 10),
        Column("来源", source_words(upper).tolist(), widest=36),
    ]
    is_zeroing = upper["is_veto"].astype(bool) & upper["level"].isin(["province", "national"])
    return columns, ["veto" if zeroing else "" for zeroing in is_zeroing]


def change_columns(sheets: YearSheets) -> list[Column]:
    """What differs from the earlier version, and why."""
    rows = sheets.data.frames["year_changes"]
    return [
        Column(heading("unit"), rows["unit_name"].tolist(), widest=28),
        Column("哪一项", column_words(rows["column"]).tolist(), widest=18),
        Column("上一版", _values(rows["earlier"]), "centre", 18),
        Column("本版", _values(rows["later"]), "centre", 18),
        Column("原因", rows["message"].tolist(), widest=80),
    ]


def write_list(book: Book, sheet: Any, sheets: YearSheets, name: str, how: str, columns: list[Column], marks: list[str] | None = None) -> None:
    """A plain list with title, note, filter and page set-up."""
    widths = set_widths(sheet, columns)
    write_head(book, sheet, sheets.title(name), f"{sheets.note}{how}", widths, len(columns))
    end = write_table(book, sheet, TOP, columns, widths, marks)
    if not len(columns[0].values):
        write_cell(book, sheet, TOP + 1, 0, "没有", "text")
    sheet.autofilter(TOP, 0, max(end - 1, TOP), len(columns) - 1)
    set_page(sheet, sheets.title(name), sheets.note, TOP, TOP, 1)


def facts(sheets: YearSheets) -> list[tuple[str, str]]:
    """What was assessed and from what, as pairs of words."""
    data, scheme, units = sheets.data, sheets.data.scheme, sheets.units
    adopted = " ".join(str(scheme[key]) for key in ("adopted_by", "adopted_on", "adopted_document") if key in scheme)
    counts = units["state"].value_counts()
    quarters = data.frames["year_quarters"].drop_duplicates("quarter").sort_values("quarter")
    absent = quarters.loc[quarters["quarter_state"] == "absent", "quarter"].tolist()
    there = [name for name in quarters["quarter"] if name not in absent]
    return [
        ("考核年度", f"{data.period.label}：{data.period.start} 至 {data.period.end}"),
        ("版次", f"第 {data.version} 版" + ("" if data.version == 1 else f"；以前各版留在 data/processed/{data.period}/versions")),
        ("数据截止日", f"{data.as_of}（此日之后的不用）"),
        ("评分细则", f"{scheme.get('title', '')}（{scheme.get('id', '')}）"),
        ("细则状态", f"已采用：{adopted}" if sheets.is_adopted else "建议稿，尚未经县政府办采用；办法除单项否决外未规定分值"),
        ("计入的季度", "、".join(there) + (f"；缺 {'、'.join(absent)}" if absent else "")),
        ("单位", f"{counts.get('已定', 0)} 个已定，{counts.get('待定', 0)} 个待定，{counts.get('不参评', 0)} 个不参评"),
        ("登记表之间的不同", f"{len(data.frames['register_differences'])} 处，以后面季度的登记为准（register_differences）"),
        ("程序版本", str(data.receipt.get("package", "—"))),
        ("规则与细则指纹", str(data.receipt.get("rules_sha256", "—"))),
        ("设置文件指纹", str(data.receipt.get("settings_sha256", "—"))),
    ]


def write_notes(book: Book, sheet: Any, sheets: YearSheets) -> tuple[str, str]:
    """说明; returns the ranges of the bands' edges and names for the grade formulas."""
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    write_head(book, sheet, sheets.title("年度考核"), sheets.note, WIDTHS, len(WIDTHS))
    row = section(book, sheet, 2, "一、基本情况")
    for named, value in facts(sheets):
        write_cell(book, sheet, row, 0, named, "given")
        row = over(book, sheet, row, 1, value, WIDTHS)
    row = section(book, sheet, row + 1, "二、怎样算、怎样读")
    for sentence in (*how_quarters_count(sheets.data.settings), *HOW_TO_READ):
        row = over(book, sheet, row, 0, sentence, WIDTHS)
    row = section(book, sheet, row + 1, "三、年度结案的决定（还有待定事项时经批准结案）")
    decisions = list(dict.fromkeys(closings(sheets.data).values()))
    for sentence in decisions or ["没有。"]:
        row = over(book, sheet, row, 0, sentence, WIDTHS)
    row = section(book, sheet, row + 1, "四、等次（得分到“下限”即入该等次）")
    bands = sorted(sheets.data.scheme["bands"], key=lambda band: Decimal(band["from"]))
    first = row + 2
    row = write_table(
        book, sheet, row,
        [Column("等次", [band["name"] for band in bands]), Column("下限", [Decimal(band["from"]) for band in bands], "score")], WIDTHS,
    )  # fmt: skip
    placed = f"={NOTES}!$B${first}:$B${row}", f"={NOTES}!$A${first}:$A${row}"
    row = section(book, sheet, row + 1, "五、年度评分细则")
    row = write_table(book, sheet, row, scheme_columns(sheets), WIDTHS)
    row = section(book, sheet, row + 1, "六、口径与设置（《办法》没有写死、由办公室决定的）")
    write_table(book, sheet, row, setting_columns(sheets.data.settings), WIDTHS)
    set_page(sheet, sheets.title(NOTES), sheets.note, 0, 1)
    return placed


def scheme_columns(sheets: YearSheets) -> list[Column]:
    """The items and vetoes of the annual scheme with what they are worth and their articles."""
    items, vetoes, rules = sheets.data.scheme["items"], sheets.data.scheme["vetoes"], load_rules()
    outcomes = {"zero": "本年度 0 分", "bar_bonus": "不加分"}
    worth = [entry["points"] if Decimal(entry["points"]) else f"最多 {entry.get('at_most', '—')}" for entry in items]
    articles = cited(pd.Series([str(entry.get("article", "")) or None for entry in (*items, *vetoes)], dtype="str"))
    return [
        Column("编号与名称", [*(f"{e['id']} {e['name']}" for e in items), *(f"{e['code']} {e['name']}" for e in vetoes)]),
        Column("判定依据的规则", ["、".join(rules[check].label for check in e.get("checks", [])) for e in (*items, *vetoes)]),
        Column("分值", [*worth, *(outcomes.get(e["outcome"], e["outcome"]) for e in vetoes)], "centre"),
        Column("条款", articles.tolist()),
        Column("分值参照", [str(e.get("model", "")) for e in (*items, *vetoes)]),
    ]
