"""`xmt notice`: what each unit is told to put right."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import pandas as pd
import typer

from xmt_scoring.cli.shared import QuarterText, out, scored_quarter, show_paths, show_problems, typed_day
from xmt_scoring.workspace import QuarterData


def notice(
    context: typer.Context,
    quarter_text: QuarterText,
    unit: Annotated[str, typer.Option(metavar="单位", help="只写一个单位的")] = "",
    issued: Annotated[str, typer.Option("--date", metavar="日期", help="成文日期，例如 2026-10-15；默认用通报登记里的，没有登记的用数据截止日")] = "",
) -> None:
    """写出整改通知书、提醒函和通知登记。

    还有已登记的约谈和警告的草稿、各单位的整改台账。文字在工作区的 模板/ 里改。
    """
    from xmt_scoring.issued import keep_issued
    from xmt_scoring.pipeline import open_quarter
    from xmt_scoring.reports.notices.making import make_notices

    ws, quarter = scored_quarter(context, quarter_text)
    data = open_quarter(ws, quarter)
    stated = typed_day(issued, "2026-10-15", "成文日期") if issued else registered_day(data)
    day = stated or data.as_of
    paths, notes = make_notices(ws, data, day, unit)
    show_problems(notes)
    if paths:
        keep_issued(ws, data.period, "整改通知书等通知")
        where = "" if stated else "（没有登记本季度的通报，用了数据截止日；不同的请用 --date 指明，整改期限会随着变）"
        out.print(f"成文日期 {day}{where}，整改期限按 {data.settings['rectify_workdays']} 个工作日算。", markup=False)
        show_paths(paths)


def registered_day(data: QuarterData) -> dt.date | None:
    """The date of this quarter's circular in the register 通报登记, so that both set the same deadline."""
    rows = data.frames["bulletins"]
    days = rows.loc[rows["quarter"].str.upper() == str(data.period), "published_on"]
    return None if days.empty else pd.Timestamp(days.max()).date()
