"""`xmt bulletin`: the quarter's circular as a .docx, and its figures as a frame."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console

from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Quarter
from xmt_scoring.workspace import QuarterData, Workspace


def bulletin(
    context: typer.Context,
    quarter_text: Annotated[str, typer.Argument(metavar="季度", help="例如 2026Q3")],
    issued: Annotated[str, typer.Option("--date", metavar="日期", help="成文日期,例如 2026-10-15;默认用通报登记里的,没有登记的用数据截止日")] = "",
) -> None:
    """写出本季度的通报(.docx,公文格式)。文字在工作区的 模板/通报.txt 里改。"""
    out = Console(soft_wrap=True, highlight=False)
    ws = Workspace.find(context.find_root().params["workspace"])
    path, is_draft, told = make_bulletin(ws, ws.settings.quarter(quarter_text), _day(issued))
    for line in told:
        out.print(f"[yellow]请注意[/] {line}")
    out.print(f"已生成{'征求意见稿' if is_draft else '通报'}:")
    out.print(f"  {path}", markup=False)
    if "(" in path.stem:
        out.print("    原文件被人改过或正打开着,没有覆盖,新结果写在这个带编号的文件里。")


def make_bulletin(ws: Workspace, quarter: Quarter, issued_on: dt.date | None) -> tuple[Path, bool, list[str]]:
    """Write reports/<quarter>/通报_<quarter>.docx and the frame `bulletin_figures`.

    Returns the path written, whether it is a 征求意见稿 and what the person should know. Raises XmtError when the quarter
    has not been scored, when the template is wrong, or when the calendar does not reach the deadline.
    """
    from xmt_scoring.pipeline import open_quarter
    from xmt_scoring.reports.bulletin.fields import contents
    from xmt_scoring.reports.bulletin.paper import filled, write_bulletin

    data = open_quarter(ws, quarter)
    registered, number = _registered(data)
    day = issued_on or registered or data.as_of
    earlier = earlier_quarter(ws, quarter)
    made = contents(data, earlier, day, number)
    text = filled(ws.root, made)
    target = ws.reports(quarter) / f"通报_{quarter}.docx"
    path = ws.write_output(quarter, target, lambda aside: write_bulletin(aside, made, text, data.settings, day))
    ws.save_frames(quarter, {"bulletin_figures": made.figures}, {})
    told = []
    if made.is_draft:
        n_open = int(data.frames["account_scores"]["is_provisional"].sum())
        told.append(f"{n_open} 个账号还有待定项:写成征求意见稿,没有日期,数字写成区间,待定事项列在最后一个附件。判定完毕后再运行一次就是正式的通报。")
    elif not (issued_on or registered):
        told.append(f"成文日期用了数据截止日 {day};印发日期不同的请用 --date 指明,整改期限会随着变。")
    if earlier is None:
        told.append(f"工作区里没有 {quarter.previous} 的得分:没有写与上季度的比较。")
    return path, made.is_draft, told


def earlier_quarter(ws: Workspace, quarter: Quarter):  # type: ignore[no-untyped-def]
    """The quarter before, where this workspace has scored it (`reports.bulletin.overall.Earlier`); else None."""
    from xmt_scoring.pipeline import scheme_of
    from xmt_scoring.reports.bulletin.overall import Earlier
    from xmt_scoring.scoring.options import in_force

    before = ws.settings.quarter(str(quarter.previous))
    if "account_scores" not in ws.receipt(before).get("frames", {}):
        return None
    scores = ws.load_frames(before, ["account_scores"], "score")["account_scores"]
    return Earlier(before, scores, in_force(scheme_of(ws, before).scheme, ws.settings).raw)


def _registered(data: QuarterData) -> tuple[dt.date | None, str]:
    """Date and number of this quarter's circular in the register 通报登记, the latest where there are several."""
    rows = data.frames["bulletins"]
    rows = rows[rows["quarter"].str.upper() == str(data.period)].sort_values("published_on", kind="stable")
    if rows.empty:
        return None, ""
    last = rows.iloc[-1]
    return pd.Timestamp(last["published_on"]).date(), str(last["document_no"])


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise XmtError.of(f"成文日期“{text}”", "不是日期", "请写成 2026-10-15 这样") from None
