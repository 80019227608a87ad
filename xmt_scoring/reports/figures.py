"""The figures of the reports. The only module that imports plotly.

Every function takes frames and returns a plotly Figure with a Chinese title that says what to see, units on the axes and
a line that names its source. Colours are Okabe and Ito's, told apart by colour-blind readers; hatching and words repeat
what the colour says, for grey print. What is drawn goes along as a table (`layout.meta`); `figure_display.show` prints it
below the figure, for those who cannot see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xmt_scoring.reports import figure_data
from xmt_scoring.reports.tables import Names

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FONTS = "Microsoft YaHei, SimHei, Noto Sans CJK SC, WenQuanYi Zen Hei, sans-serif"
BLUE, SKY, ORANGE, RED, GREY = "#0072B2", "#56B4E9", "#E69F00", "#D55E00", "#8C8C8C"
GRADES = {"优秀": (BLUE, ""), "良好": (SKY, "."), "合格": (ORANGE, "/"), "不合格": (RED, "x")}
UNDECIDED = (GREY, "")
OPEN_PART = {"color": "white", "line": {"color": "#444", "width": 0.8}, "pattern": {"shape": "/", "fgcolor": "#777", "size": 6}}
MOST_ROWS = 80  # taller figures cannot be read; the tables below them are complete


def _finish(figure: Figure, title: str, source: str, height: int, numbers: pd.DataFrame, **axes: Any) -> Figure:
    if not any(trace.y is not None and len(trace.y) and trace.y[0] is not None for trace in figure.data):  # None: legend only
        figure.add_annotation(text="没有可画的数据", xref="paper", yref="paper", x=0.5, y=0.5, showarrow=False, font={"size": 16})
    figure.update_layout(
        title={
            "text": title, "x": 0, "xref": "container", "xanchor": "left", "y": 1, "yanchor": "top", "pad": {"l": 12, "t": 12},
            "font": {"size": 17}, "subtitle": {"text": f"来源：{source}", "font": {"size": 12, "color": "#555"}},
        },
        font={"family": FONTS, "size": 13, "color": "#222"}, template="none", height=height, autosize=True,
        paper_bgcolor="white", plot_bgcolor="white", barmode="stack", bargap=0.3,
        margin={"l": 12, "r": 24, "t": 104, "b": 40},
        legend={"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "traceorder": "normal"},
        hoverlabel={"font": {"family": FONTS}}, meta=[list(numbers.columns), *numbers.astype("str").to_numpy().tolist()], **axes,
    )  # fmt: skip
    figure.update_xaxes(automargin=True, gridcolor="#DDD", zerolinecolor="#999", title_standoff=8)
    figure.update_yaxes(automargin=True, ticks="", title_standoff=8, ticklabelstandoff=6)
    return figure


def _bar(positions: Any, widths: Any, name: str, marker: dict[str, Any], told: Any, base: Any = None) -> Any:
    from plotly.graph_objects import Bar

    return Bar(
        orientation="h", y=positions, x=widths, name=name, marker=marker, base=base,
        customdata=told, hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _labels(x: Any, y: Any, told: pd.Series) -> Any:
    from plotly.graph_objects import Scatter

    return Scatter(
        x=x, y=y, text="\u00a0 " + told, mode="text", textposition="middle right", textfont={"size": 12}, showlegend=False,
        hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip


def _hatched(colour: str, hatch: str) -> dict[str, Any]:
    pattern = {"shape": hatch, "bgcolor": colour, "fgcolor": "white", "solidity": 0.25, "size": 7}
    return {"color": colour, "line": {"color": "#444", "width": 0.6}, "pattern": pattern}


def _tall(rows: pd.DataFrame) -> int:
    return 190 + 30 * max(min(len(rows), MOST_ROWS), 2)


def _cut(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    note = f"（共 {len(rows)} 行，只画最需要看的 {MOST_ROWS} 行，全部见下表）" if len(rows) > MOST_ROWS else ""
    return rows.head(MOST_ROWS), note


def unit_scores(
    units: pd.DataFrame, bands: Mapping[str, float] | None = None, source: str = "单位季度得分"
) -> Figure:
    """Score of every unit as a bar, best on top; an open score reaches from its low (solid) to its high (hatched).

    `units`: frame unit_scores, or the same columns of a year; `source` says which. `bands`: grade → lowest score in
    points, drawn as lines.
    """
    from plotly.graph_objects import Figure

    bars, note = _cut(figure_data.unit_bars(units))
    figure = Figure()
    for grade in [grade for grade in (*GRADES, figure_data.UNDECIDED) if grade in set(bars["grade"])]:
        rows, (colour, hatch) = bars[bars["grade"] == grade], GRADES.get(grade, UNDECIDED)
        figure.add_trace(_bar(rows.index, rows["low"], grade, _hatched(colour, hatch), rows["label"]))
    wide = bars[bars["high"] > bars["low"]]
    if len(wide):
        figure.add_trace(_bar(wide.index, wide["high"] - wide["low"], "待定部分（最低到最高）", OPEN_PART, wide["label"]))
    figure.add_trace(_labels(bars["high"], bars.index, bars["label"]))
    for lowest in (bands or {}).values():
        if lowest > 0:
            figure.add_vline(x=lowest, line={"color": "#777", "width": 1, "dash": "dot"})
    n_open = int(units["is_provisional"].sum())
    told = f"{n_open} 个单位还有待定项" if n_open else "全部判定完毕"
    return _finish(
        figure, f"各单位得分：从高到低，{told}{note}", f"{source}；竖虚线为等次分界", _tall(bars),
        pd.DataFrame({"单位": bars["unit_name"], "得分": bars["label"]}).iloc[::-1],
        xaxis={"title": "得分（分）", "range": [0, 128], "tickvals": [0, 20, 40, 60, 80, 90, 100], "showgrid": False},
        yaxis={"tickvals": list(bars.index), "ticktext": bars["unit_name"].tolist(), "showgrid": False},
    )  # fmt: skip


WEEK_STATES = [  # by the numbers of figure_data
    ("已更新（数字为条数）", "#CFE6F5", ""), ("× 未更新", RED, "×"), ("? 缺数据", "#D9D9D9", "?"), ("· 不要求", "white", "·"),
]  # fmt: skip


def update_weeks(weeks: pd.DataFrame, quarters: pd.DataFrame, names: Names, min_posts: int = 1) -> Figure:
    """Weeks × accounts: updated (number of posts), empty ×, no data ?, not due ·.

    `weeks`: frame account_weeks; `quarters`: frame account_quarters; `min_posts`: posts that a week needs (第十一条第1项).
    """
    states, counts = figure_data.week_states(weeks, quarters, min_posts)
    n_missed = int((states == figure_data.EMPTY).to_numpy().sum())
    title = f"每周更新：共 {n_missed} 个“账号 × 周”未更新，缺得多的在上"
    return _week_matrix(states, counts, WEEK_STATES, names, title, "各平台导出文件归并的周表")


def _week_matrix(
    states: pd.DataFrame, counts: pd.DataFrame, looks: list[tuple[str, str, str]], names: Names, title: str, source: str
) -> Figure:
    """Accounts × Mondays as coloured cells with marks; the first state shows the number of posts. `looks`: name, colour, mark."""
    from plotly.graph_objects import Figure, Heatmap, Scatter

    states, note = _cut(states)
    marks = np.array([mark for _, _, mark in looks], dtype=object)[states.to_numpy(dtype="int64")]
    text = np.where(states == 0, counts.loc[states.index].astype("str"), marks)
    edges = np.repeat(np.arange(len(looks) + 1) / len(looks), 2)[1:-1]
    colours = np.repeat([colour for _, colour, _ in looks], 2)
    labels = states.index.to_series().map(names.accounts).fillna(states.index.to_series())
    figure = Figure(
        Heatmap(
            z=states.to_numpy(), x=pd.DatetimeIndex(states.columns).strftime("%m-%d"), y=np.arange(len(states)), text=text,
            texttemplate="%{text}", textfont={"size": 12}, zmin=-0.5, zmax=len(looks) - 0.5, colorscale=list(zip(edges, colours, strict=True)),
            showscale=False, xgap=2, ygap=2, hovertemplate="%{x} 起的一周：%{text}<extra></extra>",
        )
    )  # fmt: skip
    for name, colour, _ in looks:
        marker = {"symbol": "square", "size": 13, "color": colour, "line": {"color": "#666", "width": 1}}
        figure.add_trace(Scatter(x=[None], y=[None], mode="markers", name=name, marker=marker))
    return _finish(
        figure, title + note, source, _tall(states), figure_data.week_table(labels, states.columns, text),
        xaxis={"title": "周一日期（月-日）", "type": "category", "showgrid": False, "tickangle": -45},
        yaxis={"tickvals": list(range(len(labels))), "ticktext": labels.tolist(), "autorange": "reversed", "showgrid": False, "zeroline": False},
    )  # fmt: skip


REPLY_LOOKS = {"按时": (BLUE, ""), "逾期": (ORANGE, "/"), "未答复": (RED, "x"), "未到期": (GREY, "-"), "免责": (SKY, ".")}


def reply_days(replies: pd.DataFrame, limit_days: int = 2, unit: str = "calendar") -> Figure:
    """How many messages were answered after how many days, with the limit as a line (第十一条第3项).

    `replies`: frame message_replies; `unit`: "calendar" (自然日) or "workday" (工作日), the setting reply_unit.
    """
    from plotly.graph_objects import Bar, Figure

    counts = figure_data.reply_bins(replies, limit_days, unit)
    spoken = {"calendar": "自然日", "workday": "工作日"}[unit]
    figure = Figure()
    for state in [state for state in figure_data.REPLY_STATES if counts[state].any()]:
        many = counts[state].where(counts[state] > 0).astype("Int64").astype("str").fillna("")
        looks = {"marker": _hatched(*REPLY_LOOKS[state]), "textposition": "outside", "textangle": 0, "cliponaxis": False}
        figure.add_trace(Bar(x=counts.index, y=counts[state], name=state, text=many, **looks))
    figure.add_vline(x=limit_days + 0.5, line={"color": "black", "width": 1.5, "dash": "dash"})
    figure.add_annotation(x=limit_days + 0.5, y=1, yref="paper", text=f"时限 {limit_days} {spoken}", showarrow=False, xanchor="left", yanchor="top", xshift=4)
    n_bad = int(counts[["逾期", "未答复"]].to_numpy().sum())
    return _finish(
        figure, f"留言答复：{len(replies)} 条留言，{n_bad} 条逾期或未答复", "留言登记", 400, figure_data.reply_table(counts, spoken),
        xaxis={"title": f"收到后几天答复（{spoken}）", "type": "category", "categoryorder": "array", "categoryarray": list(counts.index), "showgrid": False},
        yaxis={"title": "留言（条）", "rangemode": "tozero", "gridcolor": "#DDD", "dtick": 1 + int(counts.sum(axis=1).max()) // 6},
    )  # fmt: skip


def loss_causes(contributions: pd.DataFrame, item_names: dict[str, str]) -> Figure:
    """Points lost by item of the scheme over all accounts, most on top; what may still be lost is hatched.

    `contributions`: the frame; `item_names`: item_id → name. Vetoed accounts are counted in the title, not drawn.
    """
    from plotly.graph_objects import Figure

    sums, note = figure_data.losses_by_item(contributions, item_names), ""
    shown, more = (
        sums[name].map(f"{words}{{:g}}".format).astype("str") for name, words in (("lost", "−"), ("open", "最多再扣 "))
    )
    figure = Figure(_bar(sums.index, sums["lost"], "已定扣分", {"color": BLUE}, shown))
    if sums["open"].any():
        figure.add_trace(_bar(sums.index, sums["open"], "还可能扣的分（待定）", OPEN_PART, more))
    told = shown.where(sums["lost"] > 0, "") + np.where((sums["lost"] > 0) & (sums["open"] > 0), ",", "") + more.where(sums["open"] > 0, "")
    figure.add_trace(_labels(sums["lost"] + sums["open"], sums.index, told))
    n_vetoed = contributions.loc[contributions["kind"] == "veto", "account_id"].nunique()
    note = f"；另有 {n_vetoed} 个账号被单项否决，不在图中" if n_vetoed else ""
    return _finish(
        figure, f"扣分原因：各评分项在全部账号上一共扣了多少{note}", "扣分明细；单位项由每个账号各承担一次", _tall(sums),
        pd.DataFrame({"评分项": sums["item"], "已定扣分": sums["lost"].map("{:g}".format), "最多再扣": sums["open"].map("{:g}".format)}).iloc[::-1],
        xaxis={"title": "扣分合计（分）", "range": [0, 1.2 * float((sums["lost"] + sums["open"]).max()) if len(sums) else 1]},
        yaxis={"tickvals": list(sums.index), "ticktext": sums["item"].tolist(), "showgrid": False},
    )  # fmt: skip


COVERAGE_STATES = [  # by the numbers of figure_data
    ("有发布（数字为条数）", "#CFE6F5", ""), ("× 数据完整，没有发布", RED, "×"), ("△ 有文件，证明不了没有发布", "#F3D9A4", "△"), ("? 没有文件", "#D9D9D9", "?"),
    ("· 不需要", "white", "·"),
]  # fmt: skip


def coverage_calendar(weeks: pd.DataFrame, quarters: pd.DataFrame, coverage: pd.DataFrame, names: Names) -> Figure:
    """Weeks × accounts: what the exports say of each week, and where they say nothing.

    Frames account_weeks, account_quarters and coverage; △ and ? are missing data, never an update that was missed.
    """
    states, counts = figure_data.coverage_weeks(weeks, quarters, coverage)
    lacks = states.isin([figure_data.NOT_PROVEN, figure_data.NO_FILE])
    wanted = states != figure_data.OUTSIDE
    n_without = int((lacks.sum(axis=1).eq(wanted.sum(axis=1)) & wanted.any(axis=1)).sum())
    whole = f"，其中 {n_without} 个账号一周也没有" if n_without else ""
    n_lacking = int(lacks.to_numpy().sum())
    told = f"{n_lacking} 个“账号 × 周”没有可用的数据{whole}" if n_lacking else "每一周都有数据"
    return _week_matrix(states, counts, COVERAGE_STATES, names, f"数据覆盖：{len(states)} 个账号，{told}", "导出文件的覆盖期和发布记录")


def quarter_trend(quarters: pd.DataFrame, names: Names) -> Figure:
    """Printed scores of the quarters, one line for each unit: where it rose or fell; an open quarter at its middle, hollow.

    `quarters`: frame year_quarters. Quarters without a score leave a gap.
    """
    from plotly.graph_objects import Figure, Scatter

    figure, rows = Figure(), figure_data.trend_points(quarters, names)
    for name, own in rows.groupby("unit_name", sort=False):
        figure.add_trace(
            Scatter(
                x=own["quarter"], y=own["middle"], name=str(name), mode="lines+markers", customdata=own["label"], connectgaps=False,
                marker={"size": 9, "symbol": own["symbol"]}, line={"width": 1.5}, hovertemplate="%{customdata}<extra></extra>",
            )
        )  # fmt: skip
    return _finish(
        figure, "各单位季度得分的变化", "各季度公布的得分；空心为待定季度，取区间中点", 560,
        pd.DataFrame({"单位": rows["unit_name"], "季度": rows["quarter"], "得分": rows["label"]}),
        xaxis={"title": "季度", "type": "category"}, yaxis={"title": "得分（分）"},
    )  # fmt: skip
