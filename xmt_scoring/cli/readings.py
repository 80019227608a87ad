"""`xmt readings`: the doubtful points of the 办法 as they stand, and what each undecided one would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.progress import Progress
from rich.table import Table

from xmt_scoring.cli.shared import out, workspace
from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Year
from xmt_scoring.settings import Settings, definitions, points, spoken_value
from xmt_scoring.settings import readings as readings_of
from xmt_scoring.workspace import Workspace

EFFECT_HEADINGS = {
    "key": "设置", "article": "条款", "meaning": "要决定的事", "value": "现在的值", "other": "换成", "n_accounts_judged": "结论变化的账号数",
    "n_accounts_scored": "得分、等次或否决变化的账号数", "n_units_score": "得分变化的单位数", "n_units_rank": "名次变化的单位数", "units": "哪些单位",
}  # fmt: skip
SHOWN_UNITS = 4


def readings(
    ctx: typer.Context,
    effect: Annotated[str, typer.Option("--effect", metavar="季度或年度", help="试算没有决定的口径换了会怎样")] = "",
    csv: Annotated[Path | None, typer.Option("--csv", metavar="文件", help="与 --effect 同用：把试算结果写成 CSV")] = None,
) -> None:
    """列出《办法》没有写死的全部疑点、各项口径现在的值和由谁决定；加 --effect 试算影响。"""
    ws = workspace(ctx)
    if not effect:
        if csv is not None:
            raise typer.BadParameter("--csv 要与 --effect 同用")
        show_readings(ws.settings)
        return
    is_year = effect.strip().isdecimal()
    found = estimate_year(ws, effect) if is_year else estimate(ws, effect)
    show_effects(found, effect, is_year)
    if csv is not None:
        write_csv(found, csv)
        out.print(f"已写出：{csv}", markup=False)


def reading_rows(settings: Settings) -> pd.DataFrame:
    """The 34 points in order, one row for each setting that answers one, then the settings beyond them.

    Columns: number, article, question, value, alternatives, decided. A point without a setting has one row that says
    why none is needed.
    """
    told, lines = {str(row["key"]): row for row in settings.rows().to_dict("records")}, []
    for point in points():
        number = point["number"]
        if "settled" in point:
            lines.append({"number": str(number), "question": point["question"], "value": f"不设选项：{point['settled']}"})
        for key, entry in definitions().items():
            if number in entry["reading"]:
                lines.append({"number": str(number), **_setting_row(key, entry, told[key])})
    beyond = {key: entry for key, entry in readings_of().items() if not entry["reading"]}
    lines += [{"number": "—", **_setting_row(key, entry, told[key])} for key, entry in beyond.items()]
    return pd.DataFrame(lines, columns=["number", "article", "question", "value", "alternatives", "decided"]).fillna("")


def _setting_row(key: str, entry: Mapping[str, Any], told: Mapping[Any, str]) -> dict[str, str]:
    return {
        "article": told["article"],
        "question": f"{entry['means']}（{key}）",
        "value": told["value"],
        "alternatives": alternatives(key, entry, told["value"]),
        "decided": told["source"],
    }


def alternatives(key: str, entry: Mapping[str, Any], value: str) -> str:
    """What else may stand there."""
    if entry["kind"] == "int":
        return f"{entry['minimum']} 到 {entry['maximum']}"
    if entry["kind"] == "mondays":
        return "任意几个星期一的日期"
    if entry["kind"] == "texts":
        return "任意几句话"
    others = [True, False] if entry["kind"] == "bool" else list(entry["values"])
    return "；".join(words for words in (spoken_value(key, other) for other in others) if words != value)


def show_readings(settings: Settings) -> None:
    """Print the points and settings as one table."""
    rows = reading_rows(settings)
    table = Table(title="《办法》的疑点和口径（默认值是本软件选的，不是条文）", title_justify="left", show_lines=True)
    for label, ratio in (("疑点", 1), ("条款", 2), ("要决定的事（设置名）", 6), ("现在的值", 5), ("其他可选", 5), ("由谁决定", 3)):
        table.add_column(label, overflow="fold", ratio=ratio)
    for line in zip(*(rows[column] for column in rows), strict=True):
        table.add_row(*line)
    out.print(table)
    undecided = sum(key not in settings.decided for key in readings_of())
    out.print(f"共 {len(readings_of())} 项设置，{undecided} 项办公室还没有决定。试算影响：xmt readings --effect 2026Q3", markup=False)


def estimate(ws: Workspace, quarter_text: str) -> pd.DataFrame:
    """The effects of every undecided setting on a quarter that has been imported; nothing is written."""
    from xmt_scoring.effects import Inputs, effects
    from xmt_scoring.pipeline import IMPORTED, previous_frames, scheme_of

    quarter = ws.settings.quarter(quarter_text)
    receipt = ws.receipt(quarter)
    if "as_of" not in receipt:
        raise XmtError.of(f"{quarter} 的数据", "还没有导入", f"请先运行 xmt run {quarter}")
    inputs = Inputs(
        ws.load_frames(quarter, IMPORTED, "import"), previous_frames(ws, quarter), quarter,
        dt.date.fromisoformat(receipt["as_of"]), scheme_of(ws, quarter).scheme, ws.settings,
    )  # fmt: skip
    with Progress(console=out, transient=True) as bar:
        task = bar.add_task("试算", total=None)
        return effects(inputs, lambda done, of, key: bar.update(task, completed=done, total=of, description=f"试算 {key}"))


def estimate_year(ws: Workspace, year_text: str) -> pd.DataFrame:
    """The effects of every undecided setting of the year on a year that has been assessed; nothing is written."""
    from xmt_scoring.annual import read_year, scheme_of
    from xmt_scoring.effects_year import year_effects

    year = Year.parse(year_text)
    receipt = ws.receipt(year)
    if "as_of" not in receipt:
        raise XmtError.of(f"{year} 年度", "还没有考核", f"请先运行 xmt annual {year}")
    inputs, _ = read_year(ws, year)
    with Progress(console=out, transient=True) as bar:
        task = bar.add_task("试算", total=None)
        return year_effects(
            inputs, scheme_of(ws, year).scheme, ws.settings, dt.date.fromisoformat(receipt["as_of"]),
            lambda done, of, key: bar.update(task, completed=done, total=of, description=f"试算 {key}"),
        )  # fmt: skip


def show_effects(found: pd.DataFrame, quarter_text: str, is_year: bool = False) -> None:
    """Print what changes something; what changes nothing is only named."""
    numbers = ["n_accounts_judged", "n_accounts_scored", "n_units_score", "n_units_rank"]
    matters = (found[numbers] > 0).any(axis=1)
    table = Table(title=f"{quarter_text}：没有决定的口径换一个值会怎样（其他都不变）", title_justify="left", show_lines=True)
    labels = {"n_accounts_judged": "结论变（账号）", "n_accounts_scored": "得分变（账号）", "n_units_score": "得分变（单位）", "n_units_rank": "名次变（单位）"}
    shown = numbers[2:] if is_year else numbers  # a year judges no account
    for label in ("设置", "现在的值", "换成", *(labels[name] for name in shown), "哪些单位"):
        table.add_column(label, overflow="fold", justify="right" if label.endswith(("账号）", "单位）")) else "left")
    for line in found[matters].to_dict("records"):
        units = line["units"].split("；") if line["units"] else []
        more = f" 等 {len(units)} 个单位" if len(units) > SHOWN_UNITS else ""
        table.add_row(line["key"], line["value"], line["other"], *(str(line[name]) for name in shown), "；".join(units[:SHOWN_UNITS]) + more)
    out.print(table)
    quiet = [key for key in found["key"].unique() if key not in set(found.loc[matters, "key"])]
    if quiet:
        out.print(f"换成其他值对{'年度' if is_year else '本季度'}得分和名次没有影响的：{'、'.join(quiet)}", markup=False)
    if is_year:
        out.print("这里只试算年度的口径，各季度的得分不变；季度的口径请逐季试算。", markup=False)
        return
    skipped = [key for key, entry in readings_of().items() if entry["stage"] == "import"]
    out.print(f"没有试算的（要重新导入）：{'、'.join(skipped)}。年度的口径请用年度试算，如 xmt readings --effect {quarter_text[:4]}", markup=False)


def write_csv(found: pd.DataFrame, path: Path) -> None:
    """The effects with Chinese headings, as Excel opens them; XmtError when the file cannot be written."""
    try:
        found.rename(columns=EFFECT_HEADINGS).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    except OSError as error:
        raise XmtError.of(str(path), f"不能写入：{error.strerror}", "请检查文件夹，或关闭正打开着的同名文件") from error
