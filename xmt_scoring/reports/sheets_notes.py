"""Sheet 说明: what was scored, when, with which scheme, settings and versions, and how to read the other sheets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from xmt_scoring.glossary import word
from xmt_scoring.reports.excel_parts import over, section
from xmt_scoring.reports.excel_style import (
    Book,
    Column,
    set_page,
    write_cell,
    write_head,
    write_table,
)
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.sheet_names import BAND_EDGES, BAND_NAMES
from xmt_scoring.reports.sheets_accounts import NONE
from xmt_scoring.reports.sheets_data import Sheets, cited
from xmt_scoring.reports.sheets_form import Lists, item_words
from xmt_scoring.scoring.rubric.engagement import override_words
from xmt_scoring.settings import Settings

NOTES = "说明"
WIDTHS = (26, 46, 18, 30, 34)
LONG = 60  # characters of a setting, from which it is not printed twice
HOW_TO_READ = (
    "最低、最高：还有事项没有定下来时，把所有待定事项都算作扣分得“最低”，都算作不扣得“最高”。缺数据既不当零分，也不当满分。",
    "待定：有缺少数据或待人工核查的项目，或有否决项没有核查。全部定下来以后，最低 = 最高 = 得分。",
    "等次后的“（暂定）”：最低与最高在同一等次；不在同一等次的写“待定”。“（否决项待核查）”：先按没有否决计算，核查后才有得分。",
    "名次写成“3–5”：其他单位的待定事项定下来以后，这个单位可能在第 3 到第 5 名之间。得分相同的名次相同，下一名次跳过。",
    "单项否决：账号只有一行 −100，得 0 分，其他问题不再扣分，但仍列在扣分明细里（“只列出”）。",
    "单位项结转：按单位检查的项目只判一次，由该单位每个计分账号同样承担。同一事件只扣一次分，重复的列为“重复不计”。",
    "不计分：本期在用天数太少的账号，只查否决项，不计入单位得分。",
    "得分、等次、名次和各项扣分都是公式，可以点开核对；每个公式都存有算好的数，不重新计算也看得到。",
    "试算：在扣分明细的“复核扣分”写上改定的分（不扣写 0），或在账号得分的“否决核查”选结果，账号、单位得分和名次随即改变。"
    "单位项写在第一行，同单位各账号一起变。",
    "撤销单项否决的，账号变成 0 到满分之间的待定：其他扣分要重新运行才知道。正式结果以改正登记表后重新运行的为准，改动本表不会改变系统里的结果。",
    "规则的依据分三种：“办法”是《太白县政府系统政务新媒体管理办法》的条文；“国家规定”“外地实践”在《办法》里没有，是参照列入的。",
    "异议：在扣分明细的“申诉意见”栏填写；复核后在“申诉登记.xlsx”登记结论，数据本身错了的改正数据；重新运行，以新的一版为准。",
    "个人信息：本表不含网民姓名、留言内容；可能含个人信息的隔离行只留第一个字。",
)


@dataclass(frozen=True)
class Placed:
    """Where 说明 holds what other sheets refer to: bands for the grade formulas, words of the drop-down 检查项目."""

    edges: str
    names: str
    items: str


def facts(sheets: Sheets) -> list[tuple[str, Any]]:
    """What was scored and from what, as pairs of words."""
    data, receipt, scheme = sheets.data, sheets.data.receipt, sheets.data.scheme
    status = (
        f"已采用：{' '.join(str(scheme[key]) for key in ('adopted_by', 'adopted_on', 'adopted_document') if key in scheme)}"
        if sheets.is_adopted
        else "建议稿，尚未经县政府办采用；办法未规定分值"
    )
    scored, counts = sheets.accounts[sheets.accounts["state"] != "不计分"], sheets.accounts["state"].value_counts()
    n_open_vetoes = sheets.accounts["open_vetoes"].dropna().str.count("、").add(1).sum()
    raw = receipt.get("raw", {})
    return [
        ("检查期间", f"{data.period.label}（{data.period}）：{data.period.start} 至 {data.period.end}"),
        ("数据截止日", f"{data.as_of}（此日之后的不用；时限到此日未满的为待定）"),
        ("评分细则", f"{scheme.get('title', '')}（{scheme.get('id', '')}）"),
        ("细则状态", status),
        ("细则来源", f"{receipt.get('scheme_source', '—')}，指纹 {receipt.get('scheme_sha256', '—')}"),
        *([("阅读、粉丝等计分", override_words(scheme))] if override_words(scheme) else []),
        ("单位、账号", f"{len(sheets.units)} 个单位，{len(sheets.accounts)} 个账号，其中 {len(scored)} 个计分"),
        ("已定 / 待定账号", f"{counts.get('已定', 0)} 个已定，{counts.get('待定', 0)} 个待定"),
        ("待定事项", f"扣分明细中 {(sheets.losses['status'] == '待定').sum()} 行待定，待核查否决项 {int(n_open_vetoes)} 个；人工项目见“人工核查表”"),
        ("隔离与缺少的数据", f"隔离 {len(data.frames['quarantine'])} 行，还缺 {len(data.frames['gaps'])} 处，见“数据清单”"),
        ("程序版本", receipt.get("package", "—")),
        ("规则与细则指纹", receipt.get("rules_sha256", "—")),
        ("设置文件指纹", receipt.get("settings_sha256", "—")),
        ("原始文件", f"{len(raw)} 个文件，合并指纹 {_joined_hash(raw)}（各文件的见“数据清单”）"),
    ]


def _joined_hash(raw: Mapping[str, str]) -> str:
    """One sha256 over the lines „name, blank, sha256" of all files in order of name."""
    return hashlib.sha256("".join(f"{name} {raw[name]}\n" for name in sorted(raw)).encode()).hexdigest()


def setting_columns(settings: Settings) -> list[Column]:
    """Every setting: what it decides, its article, the value used, our default, who decided. A long value stands there once."""
    rows = settings.rows()
    is_same = (rows["default_words"] == rows["words"]) & (rows["words"].str.len() > LONG)
    return [
        Column("条款", rows["article"].tolist()),
        Column("要决定的事", rows["meaning"].tolist()),
        Column("默认值", rows["default_words"].mask(is_same, "与采用值相同").tolist()),
        Column("采用值", rows["words"].tolist()),
        Column("由谁决定", rows["source"].tolist()),
    ]


def item_columns(sheets: Sheets) -> list[Column]:
    """The scheme: every item and veto with its points, article and the model of its size."""
    scheme = sheets.data.scheme
    items, vetoes = scheme.get("items", []), scheme.get("vetoes", [])
    blocks = {entry["id"]: entry["name"] for entry in scheme.get("blocks", [])}
    articles = cited(pd.Series([str(entry.get("article", "")) for entry in (*items, *vetoes)], dtype="str"))
    return [
        Column("编号与名称", [*(f"{e['id']} {e['name']}" for e in items), *(f"{e['code']} {e['name']}" for e in vetoes)]),
        Column("所属部分", [*(f"{e.get('block', '')} {blocks.get(e.get('block'), '')}".strip() for e in items), *("单项否决" for _ in vetoes)]),
        Column("分值", [*(Decimal(e["points"]) for e in items), *("得 0 分" for _ in vetoes)], "count"),
        Column("条款", articles.tolist()),
        Column("分值参照", [str(entry.get("model", "")) for entry in (*items, *vetoes)]),
    ]


def appeal_columns(sheets: Sheets) -> list[Column]:
    """The appeals of the quarter: what was asked and why, what was found, and the failure that was withdrawn."""
    frames = sheets.data.frames
    rows = frames["appeals"][frames["appeals"]["contribution_id"].str.startswith(f"{sheets.data.period}|").to_numpy(dtype=bool)]
    gone = frames["withdrawn_verdicts"].drop_duplicates("contribution_id").set_index("contribution_id")["message"]
    results = [word("appeal_result", str(code)) if not pd.isna(code) else "还没有结论" for code in rows["appeal_result"]]
    days = [f"（{day:%Y-%m-%d}）" if not pd.isna(day) else "" for day in rows["reviewed_on"]]
    return [
        Column("扣分编号", rows["contribution_id"].tolist()),
        Column("申诉理由", mask_numbers(rows["appeal_reason"]).fillna(NONE).tolist()),
        Column("复核结论", [told + day for told, day in zip(results, days, strict=True)]),
        Column("复核依据", mask_numbers(rows["appeal_basis"]).fillna(NONE).tolist()),
        Column("撤销的原判定", mask_numbers(rows["contribution_id"].map(gone).astype("str")).fillna(NONE).tolist()),
    ]


def write_notes(book: Book, sheet: Any, sheets: Sheets) -> Placed:
    """说明; also the cells that formulas and drop-downs of the other sheets refer to."""
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    write_head(book, sheet, sheets.title("考核评分表"), sheets.note, WIDTHS, len(WIDTHS))
    breaks: list[int] = []
    row = section(book, sheet, 2, "一、基本情况")
    for named, value in facts(sheets):
        write_cell(book, sheet, row, 0, named, "given")
        row = over(book, sheet, row, 1, str(value), WIDTHS)
    row = section(book, sheet, row + 1, "二、怎样读这些表")
    for sentence in HOW_TO_READ:
        row = over(book, sheet, row, 0, sentence, WIDTHS)
    row = section(book, sheet, row + 1, "三、等次（得分到“下限”即入该等次）")
    bands = sorted(sheets.data.scheme["bands"], key=lambda band: Decimal(band["from"]))
    first = row + 2
    row = write_table(
        book, sheet, row,
        [Column("等次", [band["name"] for band in bands]), Column("下限", [Decimal(band["from"]) for band in bands], "score")],
        WIDTHS,
    )  # fmt: skip
    edges, names = f"={NOTES}!$B${first}:$B${row}", f"={NOTES}!$A${first}:$A${row}"
    row = section(book, sheet, row + 1, "四、评分细则")
    breaks.append(row - 1)
    row = write_table(book, sheet, row, item_columns(sheets), WIDTHS)
    row = section(book, sheet, row + 1, "五、口径与设置（《办法》没有写死、由办公室决定的）")
    row = write_table(book, sheet, row, setting_columns(sheets.data.settings), WIDTHS)
    words = item_words(sheets)
    row = section(book, sheet, row + 1, "六、人工核查的项目（“人工核查表”里“检查项目”的写法）")
    breaks.append(row - 1)
    first_item = row + 2
    run = sheets.data.frames["rules_run"].set_index("check_id")
    shown = run.reindex(list(words))
    row = write_table(
        book, sheet, row,
        [
            Column("检查项目", list(words.values())),
            Column("规则名称", ["" if pd.isna(value) else value for value in shown["label"]]),
            Column("条款", ["" if pd.isna(value) else value for value in cited(shown["article"])]),
        ],
        WIDTHS,
    )  # fmt: skip
    appeals = appeal_columns(sheets)
    if appeals[0].values:
        row = section(book, sheet, row + 1, "七、申诉与复核（“申诉登记.xlsx”里本季度的）")
        breaks.append(row - 1)
        write_table(book, sheet, row, appeals, WIDTHS)
    set_page(sheet, sheets.title(NOTES), sheets.note, 0, 1)
    sheet.set_h_pagebreaks(breaks)
    return Placed(edges, names, f"={NOTES}!$A${first_item}:$A${row}" if words else "")


def define_bands(workbook: Any, placed: Placed) -> None:
    """The named ranges that the grade formulas use."""
    workbook.define_name(BAND_EDGES, placed.edges)
    workbook.define_name(BAND_NAMES, placed.names)


def lists_of(sheets: Sheets, placed: Placed, unit_range: str, account_range: str) -> Lists:
    """Drop-downs by reference; of names only where every name is there once, since a name read back must mean one thing."""
    units, accounts = sheets.data.frames["units"]["unit_name"], sheets.data.frames["accounts"]["account_name"]
    return Lists(
        placed.items,
        f"={unit_range}" if units.is_unique and len(sheets.units) else "",
        f"={account_range}" if accounts.is_unique and len(sheets.accounts) else "",
    )
