"""公开数据包: the files for the open-data page, their list with sha256, and the sheet on which people sign for them.

The folder 公开/ holds nothing but what may go out; the sheet to be signed lies beside it, because it will bear names.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.reports.excel_style import (
    Column,
    opened_book,
    safe_text,
    set_page,
    set_widths,
    write_head,
    write_table,
)
from xmt_scoring.reports.public_method import LICENSES, PROVISIONAL, as_text, license_line, method, title
from xmt_scoring.reports.public_tables import PublicTable, dictionary, is_open, public_tables
from xmt_scoring.workspace import QuarterData, Workspace, sha256_of

FOLDER, PROVISIONAL_FOLDER = "公开", "公开_暂定"
LIST = "文件清单.csv"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_JSON_KINDS = {"int": "integer", "date": "date"}
MOST_NAMED = 8
Write = Callable[[Path], None]


def publish(ws: Workspace, data: QuarterData, provisional: bool = False) -> tuple[list[Path], list[Problem]]:
    """Write the public data of a quarter; returns the paths, the list and the sheet to be signed last, and what to mind.

    XmtError while something is open, unless `provisional` is asked for: then every file says that it is provisional, and
    the files lie in a folder of their own.
    """
    waiting = is_open(data)
    if waiting and not provisional:
        raise _still_open(data)
    mark = "_暂定" if waiting else ""
    folder = ws.reports(data.period) / (PROVISIONAL_FOLDER if waiting else FOLDER)
    tables = public_tables(data)
    listed: list[tuple[Path, str]] = []

    def put(name: str, about: str, write: Write) -> None:
        listed.append((ws.write_output(data.period, folder / name, write), about))

    for table in tables:
        put(f"{table.name}_{data.period}{mark}.csv", f"{table.name}，{table.about}", _bytes(_csv(table.rows)))
    put(f"检查结果_{data.period}{mark}.xlsx", "单位结果、账号结果、数据字典和方法说明", lambda path: _write_book(path, data, tables))
    put(f"数据字典_{data.period}{mark}.csv", "每一列的含义、条款和取值", _bytes(_csv(dictionary(tables))))
    put(f"方法说明_{data.period}{mark}.txt", "依据、范围、评分细则、口径和版本", _bytes(_text(as_text(data))))
    put("datapackage.json", "给程序读的说明（Data Package 格式）", _bytes(_package(data, tables, listed)))
    rows = pd.DataFrame(
        [(path.name, about, path.stat().st_size, sha256_of(path)) for path, about in listed], columns=["文件", "说明", "字节数", "sha256"]
    )
    whole = ws.write_output(data.period, folder / LIST, _bytes(_csv(rows)))
    sheet = ws.reports(data.period) / f"公开数据签发单_{data.period}{mark}.xlsx"
    signed = ws.write_output(data.period, sheet, lambda path: _write_sheet(path, data, rows, whole))
    return [*(path for path, _ in listed), whole, signed], _notes(data, folder, [*(path for path, _ in listed), whole])


def _still_open(data: QuarterData) -> XmtError:
    """Refusal: what is open, and the two ways on."""
    units = data.frames["unit_scores"]
    waiting = units[units["is_provisional"].astype(bool)]
    names = "、".join(waiting["unit_name"].head(MOST_NAMED)) + (f" 等 {len(waiting)} 个单位" if len(waiting) > MOST_NAMED else "")
    early = f"数据只到 {data.as_of}，季度还没有结束" if data.as_of < data.period.end else ""
    what = "；".join(part for part in (early, f"还有待定事项（{names}）" if len(waiting) else "还有账号的结果待定") if part)
    return XmtError.of(
        f"{data.period} 的公开数据", f"{what}，公布出去就是让人把暂定的结果当成最终结果",
        "请先补齐数据、填好人工核查表再运行；确实要先公布暂定结果的，加 --provisional，每个文件都会写明“暂定”",
    )  # fmt: skip


def _notes(data: QuarterData, folder: Path, ours: list[Path]) -> list[Problem]:
    """What the person who uploads the folder must know."""
    notes = []
    others = sorted(path.name for path in folder.iterdir() if path not in ours)
    if others:
        what = f"还有不在“{LIST}”里的文件：{'、'.join(others)}"
        notes.append(Problem(f"{folder.name} 文件夹", what, "请查看是什么、有没有个人信息；不要上传，移走后再公开", False))
    if data.scheme.get("status") != "adopted" and data.settings["published_results"] == "scores":
        what = "是建议稿，还没有采用；公开的文件里都写明了"
        notes.append(Problem("评分细则", what, "公布得分之前请先由主管单位采用细则，或在 xmt.toml 设 published_results = \"verdicts\" 只公布结论", False))
    wanted = {name: str(data.settings[name]) for name in ("bulletin_scores", "published_results")}
    if wanted == {"bulletin_scores": "none", "published_results": "scores"} and not set(wanted) <= set(data.settings.decided):
        what = "通报不附得分表（bulletin_scores），公开数据却有各单位、各账号的得分（published_results）：两处默认值不同，还没有人决定"
        todo = "公布到什么程度是一个问题：请由主管单位一并决定，在 xmt.toml 改成一致，或用 [decided.…] 记下就是要这样"
        notes.append(Problem("公布到什么程度", what, todo, False))
    return notes


def _bytes(content: bytes) -> Write:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _csv(rows: pd.DataFrame) -> bytes:
    """UTF-8 with BOM, as a spreadsheet opens it; text that looks like a formula gets a quotation mark before it."""
    stream = io.StringIO()
    out = csv.writer(stream, lineterminator="\r\n")
    out.writerow(rows.columns)
    for row in rows.astype(object).where(rows.notna(), "").itertuples(index=False):
        out.writerow([f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else safe_text(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def _text(content: str) -> bytes:
    return safe_text(content).replace("\n", "\r\n").encode("utf-8-sig")


def _package(data: QuarterData, tables: tuple[PublicTable, ...], listed: list[tuple[Path, str]]) -> bytes:
    """datapackage.json, as Frictionless Data describe it: the two tables with hash, columns and kinds; licence; what it is."""
    files = {path.name: path for path, _ in listed}
    resources = []
    for name, (table, path) in enumerate(zip(tables, [p for p in files.values() if p.suffix == ".csv"][: len(tables)], strict=True)):
        content = {
            "name": ("units", "accounts")[name], "title": table.name, "path": path.name, "format": "csv", "mediatype": "text/csv",
            "encoding": "utf-8", "bytes": path.stat().st_size, "hash": f"sha256:{sha256_of(path)}",
            "schema": {"fields": [_field(str(heading), column.name, column.kind) for heading, column in zip(table.rows, table.columns, strict=True)]},
        }  # fmt: skip
        resources.append(content)
    about: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": f"xmt-{str(data.period).lower()}",
        "title": title(data),
        "description": (PROVISIONAL if is_open(data) else "") + "方法、评分细则及其状态、口径见“方法说明”。" + license_line(data) + "。",
        "version": data.as_of.isoformat(),
        "resources": resources,
    }
    if data.settings["data_license"] in LICENSES:
        about["licenses"] = [LICENSES[data.settings["data_license"]]]
    return json.dumps(about, ensure_ascii=False, indent=1).encode() + b"\n"


def _field(heading: str, name: str, kind: str) -> dict[str, str]:
    return {"name": heading, "title": name.removeprefix("public_"), "type": _JSON_KINDS.get(kind, "number" if kind == "score" else "string")}


def _write_book(path: Path, data: QuarterData, tables: tuple[PublicTable, ...]) -> None:
    """The same in one workbook: 方法说明 first, numbers as numbers."""
    note = f"{PROVISIONAL if is_open(data) else ''}数据截止 {data.as_of}。{license_line(data)}。"
    with opened_book(path, title(data), data.as_of, str(data.receipt.get("package", ""))) as (workbook, book):
        lines = [(heading, text) for heading, paragraphs in method(data) for text in paragraphs]
        columns = [Column("部分", [heading for heading, _ in lines], "centre", 22), Column("说明", [text for _, text in lines], widest=110)]
        pages: list[tuple[str, list[Column]]] = [("方法说明", columns)]
        pages += [(table.name, _cells(table)) for table in tables]
        words = dictionary(tables)
        pages.append(("数据字典", [Column(str(name), words[name].tolist(), widest=44) for name in words]))
        for name, shown in pages:
            sheet = workbook.add_worksheet(name)
            widths = set_widths(sheet, shown)
            write_head(book, sheet, f"{title(data)} · {name}", note, widths, len(shown))
            end = write_table(book, sheet, 2, shown, widths)
            sheet.autofilter(2, 0, max(end - 1, 2), len(shown) - 1)
            set_page(sheet, f"{title(data)} · {name}", note, 2, 2, 1)


def _cells(table: PublicTable) -> list[Column]:
    styles = {"int": "count", "score": "score", "bool": "centre", "date": "centre"}
    made = []
    for heading, column in zip(table.rows, table.columns, strict=True):
        values = [None if pd.isna(value) else value for value in table.rows[heading]]
        if column.kind == "score":
            values = [None if value is None else float(value) for value in values]
        made.append(Column(str(heading), values, styles.get(column.kind, "text"), 26))
    return made


def _write_sheet(path: Path, data: QuarterData, rows: pd.DataFrame, whole: Path) -> None:
    """公开数据签发单: what was looked at and by whom, every file with its hash, blanks to be filled in (第十二条: 先审后发)."""
    asked = [
        ("内容审核", "单位、账号的得分、结论与考核评分表一致"),
        ("保密审查", "不涉密、不涉敏（第十二条）"),
        ("个人信息", "没有姓名、电话、证件号码、留言内容（第十九条）"),
        ("评分细则", "细则已由主管单位采用，或同意以建议稿公布"),
        ("使用许可", license_line(data)),
        ("批准公开", "同意公开"),
    ]
    named = f"公开数据签发单（{data.period.label}）"
    note = (
        f"{PROVISIONAL if is_open(data) else ''}请核对后逐项签字。公开前用文件指纹核对：改动过的文件指纹不同，要重新审核。"
        f"“{LIST}”的指纹：{sha256_of(whole)}。本表有姓名，不要放进公开的文件夹。"
    )
    with opened_book(path, named, data.as_of, str(data.receipt.get("package", ""))) as (workbook, book):
        sheet = workbook.add_worksheet("签发单")
        blank = [""] * len(asked)
        first = [
            Column("事项", [name for name, _ in asked], "centre", 24), Column("要核对什么", [what for _, what in asked], widest=46),
            Column("结论（同意/不同意）", blank, "input", 20), Column("签字", blank, "input", 16), Column("日期", blank, "input", 14),
        ]  # fmt: skip
        second = [Column(str(name), rows[name].tolist(), "count" if name == "字节数" else "text", 66) for name in rows]
        widths = [30, 46, 20, 66, 14]
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        write_head(book, sheet, f"{data.settings.county}政务新媒体{named}", note, widths, len(widths))
        end = write_table(book, sheet, 2, first, widths)
        write_table(book, sheet, end + 1, second, widths)
        set_page(sheet, named, f"数据截止 {data.as_of}", 2, 2, 0)
