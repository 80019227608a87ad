"""Tables on the terminal: what was read, what the rules say, the scores, the state of the environment."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.frames import contract
from xmt_scoring.glossary import all_choices, choices, heading, spoken, word
from xmt_scoring.workspace import Workspace

PACKAGES = (
    "pandas", "pyarrow", "numpy", "openpyxl", "python-calamine", "XlsxWriter", "plotly", "papermill", "nbconvert",
    "jupyterlab", "jupyterlab-language-pack-zh-CN", "great-expectations", "chinesecalendar",
)  # fmt: skip
FONTS = ("Microsoft YaHei", "SimHei", "SimSun", "Noto Sans CJK SC", "WenQuanYi Zen Hei", "PingFang SC")


def _cell(value: object) -> str:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def show_frame(out: Console, frame: pd.DataFrame, name: str, columns: list[str], title: str) -> None:
    """Print some columns of a frame with Chinese headings and words."""
    table = Table(title=title, title_justify="left")
    shown = {}
    for column in columns:
        given = contract(name).column(column)
        choice = given.choice or {"platform": "platform", "coverage_basis": "coverage_basis"}.get(column)
        values = frame[column]
        shown[column] = (spoken(values, choice).fillna(values) if choice in all_choices() else values).map(_cell)
        table.add_column(heading(column), justify="right" if given.kind in ("int", "score", "parts") else "left", overflow="fold")
    for line in zip(*shown.values(), strict=True):
        table.add_row(*line)
    out.print(table)


def _span(line: Mapping[str, object]) -> str:
    days = [_cell(line[name]) for name in ("covers_from", "covers_to")]
    days[1] = days[1].removeprefix(days[0][:5])  # the year once
    basis = _cell(line["coverage_basis"])
    return f"{days[0]} 至 {days[1]}（{word('coverage_basis', basis)}）" if basis else ""


def _show_files(out: Console, files: pd.DataFrame, accounts: pd.DataFrame) -> None:
    names = accounts.set_index("account_id")["account_name"]
    table = Table(title="读到的文件", title_justify="left")
    for label, ratio in (("文件", 4), ("类型", 2), ("账号", 3), ("行", 1), ("采用", 1), ("隔离", 1), ("非数据", 1), ("数据起止（依据）", 3)):
        table.add_column(label, overflow="fold", ratio=ratio, justify="right" if ratio == 1 else "left")
    for line in files.to_dict("records"):
        sheet = _cell(line["sheet"])
        where = line["file"] + (f"「{sheet}」" if sheet and sheet not in ("Sheet1", "Sheet") else "")
        account = _cell(names.get(line["account_id"], line["account_id"]))
        counts = (str(line[name]) for name in ("n_rows", "n_kept", "n_quarantined", "n_no_data_rows"))
        table.add_row(where, word("file_kind", line["kind"]), account, *counts, _span({str(k): v for k, v in line.items()}))
    table.caption, table.caption_justify = "行 = 采用 + 隔离 + 非数据（示例行、空行、合计行、说明行）", "left"
    out.print(table)


def show_import(out: Console, frames: Mapping[str, pd.DataFrame]) -> None:
    """Every file with its rows and span, then what is missing for the quarter."""
    _show_files(out, frames["files"], frames["accounts"])
    gaps, quarantine = frames["gaps"], frames["quarantine"]
    if len(quarantine):
        counted = quarantine.groupby(["src_file", "reason"], sort=True).size().reset_index(name="count")
        table = Table(title="隔离的行（没有采用，也没有丢；明细在数据清单）", title_justify="left")
        for label in ("来源文件", "原因", "行数"):
            table.add_column(label, overflow="fold")
        for row in counted.itertuples(index=False):
            table.add_row(*map(str, row))
        out.print(table)
    if not len(gaps):
        out.print("本季度的数据齐全。")
        return
    from xmt_scoring.facts.missing import FIRST_WEEK

    table = Table(title="本季度还缺的数据", title_justify="left")
    for label in ("账号", "数据内容", "缺什么"):
        table.add_column(label, overflow="fold")
    whole = gaps[gaps["week_start"].isna()]
    for (covers, message), part in whole.groupby(["covers", "message"], sort=False):
        table.add_row("、".join(part["account_name"]), word("gap_kind", str(covers)), str(message))
    weeks = gaps[gaps["week_start"].notna()]
    for (account, covers), part in weeks.groupby(["account_name", "covers"], sort=True):
        mondays = "、".join(day.strftime("%m-%d") for day in part["week_start"])
        table.add_row(str(account), word("gap_kind", str(covers)), f"{len(part)}周没有可证明的数据（周一：{mondays}）")
    out.print(table)
    if (gaps["message"] == FIRST_WEEK).any():
        out.print(FIRST_WEEK + "。")


def show_explained(out: Console, path: Path, as_json: bool, start: Path) -> list[Problem]:
    """How one file is read; with `as_json` a list of the columns of `files`, one object per table.

    `start`: where a workspace is looked for, whose own formats and limits are used; none is needed.
    """
    from xmt_scoring.ingest import explain_file
    from xmt_scoring.ingest.formats import FILE_NAME as FORMATS
    from xmt_scoring.ingest.formats import own_kinds
    from xmt_scoring.ingest.grids import limits_of
    from xmt_scoring.ingest.one_file import DRAFT
    from xmt_scoring.settings import FILE_NAME, Settings

    if not path.is_file():
        raise XmtError.of(str(path), "没有这个文件", "请检查路径")
    home = next((folder for folder in (start.resolve(), *start.resolve().parents) if (folder / FILE_NAME).is_file()), None)
    settings = Settings.load(home / FILE_NAME) if home else Settings.default()
    tables, problems, details = explain_file(path, own_kinds(home / FORMATS) if home else (), limits_of(settings))
    if as_json:
        records = [{key: _plain(value) for key, value in row.items()} for row in tables.to_dict("records")]
        out.print_json(json.dumps(records, ensure_ascii=False))
    else:
        for row, more in zip(tables.to_dict("records"), details, strict=True):
            table = Table("", "", show_header=False, title=escape(_cell(row["file"])), title_justify="left")
            table.columns[1].overflow = "fold"
            for key, value in row.items():
                choice = {"kind": "file_kind", "platform": "platform", "coverage_basis": "coverage_basis"}.get(str(key))
                text = _cell(value)
                if not text:
                    continue
                table.add_row(heading(str(key)), choices(choice)[text][0] if choice and text in choices(choice) else escape(text))
            for label, text in more:
                if label != DRAFT:
                    table.add_row(label, escape(text))
            out.print(table)
            for text in (text for label, text in more if label == DRAFT):
                out.print(f"{DRAFT}（改好平台，核对右边的列名，删掉不要的行）：\n\n{text}\n", markup=False)
        if home:
            _show_claimed(out, path.resolve(), home)
    return problems


def _show_claimed(out: Console, path: Path, home: Path) -> None:
    """Whose a file is, which days it speaks for and what of it counts, where it lies in a quarter's folder among the others."""
    from xmt_scoring.pipeline import read_quarter_folder
    from xmt_scoring.workspace import Workspace

    ws = Workspace.find(home)
    folder = next((each for each in path.parents if each.parent == (home / "data" / "raw")), None)
    try:
        imported = read_quarter_folder(ws, ws.settings.quarter(folder.name)) if folder else None
    except XmtError:  # no quarter's folder
        return
    if folder is None or imported is None:
        return
    name = path.relative_to(folder).as_posix()
    files = imported.frames["files"]
    lines = files[(files["file"] == name) | files["file"].str.startswith(name + "/")]
    accounts = dict(zip(imported.frames["accounts"]["account_id"], imported.frames["accounts"]["account_name"], strict=True))
    table = Table(title=f"在 {folder.name} 的文件夹里，与其他文件和登记表放在一起", title_justify="left")
    for column in ("表", "是哪个账号的", "认领依据", "覆盖的日子（依据）", "采用", "隔离"):
        table.add_column(column, overflow="fold")
    for line in lines.to_dict("records"):
        start, end = _cell(line["covers_from"]), _cell(line["covers_to"])
        days = f"{start} 至 {end}（{word('coverage_basis', line['coverage_basis'])}）" if start else ""
        whose = accounts.get(line["account_id"], "多个账号或没有认领") if line["kind"] not in ("register", "other", "profiles") else ""
        where = _cell(line["sheet"]) or Path(str(line["file"])).name
        table.add_row(escape(where), escape(whose), escape(_cell(line["attributed_by"])), days, str(line["n_kept"]), str(line["n_quarantined"]))
    out.print(table)
    aside = imported.frames["quarantine"]
    aside = aside[aside["src_file"].isin(lines["file"])]
    for reason, rows in aside.groupby("reason", sort=True):
        out.print(f"隔离 {len(rows)} 行：{reason}（如第 {rows['src_row'].iloc[0]} 行）", markup=False)


def _plain(value: object) -> object:
    if isinstance(value, (bool, int, str)):
        return value
    text = _cell(value)
    return text if text else None


def show_rules(out: Console, rules: pd.DataFrame) -> None:
    """Every rule with its state and counts."""
    columns = ["label", "article", "rule_mode", "rule_state", "n_pass", "n_fail", "n_not_applicable", "n_no_data", "n_unverified"]
    show_frame(out, rules, "rules_run", columns, "规则清单")


def show_articles(out: Console, articles: pd.DataFrame) -> None:
    """The article table: an article and its text once, its rules below each other."""
    from xmt_scoring.reports.articles import first_lines

    table = Table(title="条款对照", title_justify="left")
    for name, width in (("条款", 10), ("条文", 16), ("规则", 14), ("方式", 4), ("评分项、分值、否决；不计分或没有规则的，为什么", 20)):
        table.add_column(name, overflow="fold", min_width=width)
    lines = first_lines(articles)
    points = (lines["points"] + " 分").where(lines["points"] != "", "").mask(lines["veto"] != "", "单项否决")
    shown = lines[["article", "text", "label", "mode"]].assign(what=(lines["item"] + " " + points + " " + lines["note"]).str.split().str.join(" "))
    for line in shown.to_numpy().tolist():
        table.add_row(*map(escape, line))
    out.print(table)


def show_scores(out: Console, units: pd.DataFrame) -> None:
    """The units by rank."""
    ranked = units.sort_values(["rank_best", "rank_worst", "unit_name"], na_position="last")
    columns = ["rank", "rank_best", "rank_worst", "unit_name", "n_accounts_scored", "score", "low", "high", "grade"]
    show_frame(out, ranked, "unit_scores", columns, "单位得分")


def chinese_fonts() -> list[str]:
    """Chinese fonts that were found on this machine."""
    if sys.platform == "win32":
        folder = Path(os.environ.get("WINDIR", "C:\\Windows")) / "Fonts"
        names = {"msyh": "Microsoft YaHei", "simhei": "SimHei", "simsun": "SimSun"}
        return [name for stem, name in names.items() if any(folder.glob(f"{stem}*"))]
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, encoding="utf-8", check=False)
        return [font for font in FONTS if font in listed.stdout] or listed.stdout.splitlines()[:1]
    return []


def show_doctor(out: Console, start: Path) -> bool:
    """Print the state of the environment; False when something needs mending."""
    table = Table(title="环境", title_justify="left")
    for label in ("项目", "状态", "说明"):
        table.add_column(label, overflow="fold")
    healthy = (3, 11) <= sys.version_info[:2] <= (3, 13)
    table.add_row("Python", "好" if healthy else "需处理", f"{platform.python_version()}（支持 3.11 至 3.13）")
    for name in PACKAGES:
        try:
            table.add_row(name, "好", version(name))
        except PackageNotFoundError:
            healthy = False
            table.add_row(name, "需处理", "没有安装，请按 README 重新安装")
    fonts = chinese_fonts()
    table.add_row("中文字体", "好" if fonts else "请注意", "、".join(fonts) or "没有找到，图上的汉字可能显示为方框")
    out.print(table)
    try:
        settings = Workspace.find(start).settings
    except XmtError as error:
        for problem in error.problems:
            out.print(str(problem), markup=False)
        return False
    undecided = [row for row in settings.rows().to_dict("records") if not row["decided"]]
    readings = Table(title=f"办公室还没有决定的口径（{len(undecided)} 项，现用本软件的默认）", title_justify="left")
    for label in ("设置", "条款", "含义", "现在的值"):
        readings.add_column(label, overflow="fold")
    for row in undecided:
        readings.add_row(row["key"], row["article"], row["meaning"], row["value"])
    out.print(readings)
    return healthy
