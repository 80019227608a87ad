"""通报 as a step of its own: a scored quarter → the circular as a .docx and the frame of its figures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from xmt_scoring.issued import keep_issued
from xmt_scoring.periods import Quarter
from xmt_scoring.pipeline import open_quarter, scheme_of
from xmt_scoring.reports.bulletin.overall import Earlier
from xmt_scoring.workspace import QuarterData, Workspace


def make_bulletin(ws: Workspace, quarter: Quarter, issued_on: dt.date | None = None) -> tuple[Path, bool, list[str]]:
    """Write reports/<quarter>/通报_<quarter>.docx and save the frame `bulletin_figures`.

    Dated `issued_on`, else as the register 通报登记 has it, else the last day whose data were used. Returns the path
    written, whether it is a 征求意见稿, and what the person should know. Raises XmtError when the quarter has not been
    scored, when the template is wrong, or when the calendar does not reach the deadline.
    """
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
    if not made.is_draft:
        keep_issued(ws, quarter, path.name)
    told = []
    if made.is_draft:
        open_accounts = made.fields["待定账号数"]
        told.append(f"{open_accounts} 个账号还有待定项：写成征求意见稿，没有日期，数字写成区间，待定事项列在最后一个附件。判定完毕后再运行一次就是正式的通报")
    elif not (issued_on or registered):
        told.append(f"成文日期用了数据截止日 {day}；印发日期不同的请用 --date 指明，整改期限会随着变")
    if len(data.frames["earlier_problems"]) and not len(data.frames["rectifications"]):
        told.append("整改台账里一行也没有，上季度的问题只写了“整改情况另行通报”；请把整改台账放进本季度的文件夹，运行 xmt run 后再写")
    if earlier is None:
        told.append(f"工作区里没有 {quarter.previous} 的得分：没有写与上季度的比较")
    return path, made.is_draft, told


def earlier_quarter(ws: Workspace, quarter: Quarter) -> Earlier | None:
    """The quarter before with its scores and scheme, where this workspace has scored it."""
    from xmt_scoring.scoring.options import in_force

    before = ws.settings.quarter(str(quarter.previous))
    if "account_scores" not in ws.receipt(before).get("frames", {}):
        return None
    frames = ws.load_frames(before, ["account_scores", "verdicts"], "score")
    scheme = in_force(scheme_of(ws, before).scheme, ws.settings).raw
    return Earlier(before, frames, scheme, ws.settings)


def _registered(data: QuarterData) -> tuple[dt.date | None, str]:
    """Date and number of this quarter's circular in the register 通报登记, the latest where there are several."""
    rows = data.frames["bulletins"]
    rows = rows[rows["quarter"].str.upper() == str(data.period)].sort_values("published_on", kind="stable")
    if rows.empty:
        return None, ""
    last = rows.iloc[-1]
    return pd.Timestamp(last["published_on"]).date(), str(last["document_no"])
