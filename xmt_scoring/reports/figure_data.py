"""What the figures draw, as small frames: week states, reply days, losses by item, spans of data. No plotly here."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xmt_scoring.points import SCALE, from_decimal
from xmt_scoring.reports.tables import Names, score_or_interval

MET, EMPTY, NO_DATA, NOT_DUE = 0, 1, 2, 3
LAST_DAY_SHOWN = 10  # replies later than this share one bar
UNDECIDED = "待定"


def in_points(column: pd.Series) -> np.ndarray:
    """A decimal column as points for drawing (floats; never for arithmetic on scores). Missing becomes 0."""
    return from_decimal(column.fillna(0)) / SCALE


def unit_bars(units: pd.DataFrame) -> pd.DataFrame:
    """unit_name, low, high (points), grade and label per unit of frame unit_scores with a score, worst first."""
    scored = units[units["low"].notna()]
    grade = scored["grade"].fillna(UNDECIDED)
    temporary = np.where(scored["is_provisional"] & grade.ne(UNDECIDED), "（暂定）", "")
    bars = pd.DataFrame(
        {
            "unit_id": scored["unit_id"],
            "unit_name": scored["unit_name"],
            "low": in_points(scored["low"]),
            "high": in_points(scored["high"]),
            "grade": grade,
            "label": score_or_interval(scored) + " " + grade + temporary,
        }
    )
    return bars.sort_values(["low", "high", "unit_id"], kind="stable").reset_index(drop=True)


def week_states(
    weeks: pd.DataFrame, quarters: pd.DataFrame, min_posts: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Accounts × Mondays: MET, EMPTY, NO_DATA or NOT_DUE, and the number of posts; the most missed weeks first.

    `weeks`: frame account_weeks; `quarters`: frame account_quarters, for which accounts the weekly duty holds.
    """
    duty = weeks.merge(quarters[["account_id", "is_weekly_due"]], on="account_id", how="left", validate="many_to_one")
    posts = duty["n_posts"].fillna(0)
    is_due = duty["is_due"] & duty["is_weekly_due"].fillna(False)
    state = np.select([~is_due, posts.ge(min_posts), duty["n_posts"].isna()], [NOT_DUE, MET, NO_DATA], EMPTY)
    long = duty.assign(state=state, n_posts=posts)
    states = long.pivot(index="account_id", columns="week_start", values="state").fillna(NOT_DUE).astype("int64")
    counts = long.pivot(index="account_id", columns="week_start", values="n_posts").fillna(0).astype("int64")
    order = pd.DataFrame({"empty": -(states == EMPTY).sum(axis=1), "unknown": -(states == NO_DATA).sum(axis=1)})
    order = order.sort_values(["empty", "unknown"], kind="stable")
    return states.loc[order.index], counts.loc[order.index]


def reply_bins(replies: pd.DataFrame, limit_days: int, unit: str) -> pd.DataFrame:
    """Messages by days until the reply: columns 按时, 逾期, 未答复, 未到期, 免责; rows 0 … 10, "更久" and "未答复".

    `replies`: frame message_replies; `unit`: "calendar" or "workday". Only effective replies are replies.
    """
    suffix = {"calendar": "days", "workday": "workdays"}[unit]
    answered = replies["is_effective"] & replies[f"reply_{suffix}"].notna()
    days = replies[f"reply_{suffix}"].where(answered).clip(upper=LAST_DAY_SHOWN + 1)
    late = answered & days.gt(limit_days).fillna(False)
    waiting = ~answered & replies[f"waited_{suffix}"].le(limit_days)
    state = np.select(
        [replies["is_excused"], late, answered, waiting], ["免责", "逾期", "按时", "未到期"], default="未答复"
    )
    labels = [str(day) for day in range(LAST_DAY_SHOWN + 1)] + ["更久", UNANSWERED]
    where = pd.Series(np.where(answered, days.fillna(0), LAST_DAY_SHOWN + 2), index=replies.index).astype("int64")
    counts = pd.crosstab(where, pd.Series(state, index=replies.index, dtype="str"))
    counts = counts.reindex(index=range(len(labels)), columns=list(REPLY_STATES), fill_value=0)
    return counts.set_axis(labels, axis=0)


UNANSWERED = "没有答复"
REPLY_STATES = ("按时", "逾期", "未答复", "未到期", "免责")


def losses_by_item(contributions: pd.DataFrame, item_names: dict[str, str]) -> pd.DataFrame:
    """item, lost (decided points, positive) and open (points that may still be lost) summed over accounts; most last.

    `contributions`: the frame; vetoes and bonuses are left out, `cap` rows give back what an item lost beyond its points.
    """
    rows = contributions[contributions["kind"].isin(["loss", "cap", "carried"])]
    high, low = in_points(rows["high"]), in_points(rows["low"])
    parts = pd.DataFrame({"item_id": rows["item_id"].to_numpy(), "lost": -high, "open": high - low})
    sums = parts.groupby("item_id", sort=True)[["lost", "open"]].sum().round(4)
    sums = sums[(sums["lost"] > 0) | (sums["open"] > 0)].reset_index()
    sums["item"] = (sums["item_id"] + " " + sums["item_id"].map(lambda item: item_names.get(item, ""))).astype("str").str.strip()
    return sums.sort_values(["lost", "open", "item_id"], kind="stable").reset_index(drop=True)


HELD, NONE_PUBLISHED, NOT_PROVEN, NO_FILE, OUTSIDE = 0, 1, 2, 3, 4


def coverage_weeks(weeks: pd.DataFrame, quarters: pd.DataFrame, coverage: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Accounts × Mondays: HELD (posts were read), NONE_PUBLISHED (the data prove it), NOT_PROVEN (an export speaks of the week, but
    proves nothing without a post), NO_FILE or OUTSIDE (no data wanted), and the number of posts; what lacks most first.

    Frames account_weeks, account_quarters and coverage. Followers, messages and clearances say nothing of weeks.
    """
    states, counts = week_states(weeks, quarters, 1)
    mondays = pd.DataFrame({"week_start": states.columns})
    spans = coverage.loc[coverage["covers"].isin(["posts", "wechat_notified", "wechat_unnotified"]), ["account_id", "covers_from", "covers_to"]]
    spans = spans.merge(mondays, how="cross")
    spoken = spans[(spans["covers_from"] <= spans["week_start"] + pd.Timedelta(days=6)) & (spans["covers_to"] >= spans["week_start"])]
    is_spoken = pd.crosstab(spoken["account_id"], spoken["week_start"]).reindex(index=states.index, columns=states.columns, fill_value=0) > 0
    conditions = [each.to_numpy(dtype=bool) for each in (states == NOT_DUE, counts > 0, states == EMPTY, is_spoken)]
    of_week = np.select(conditions, [OUTSIDE, HELD, NONE_PUBLISHED, NOT_PROVEN], NO_FILE)
    made = pd.DataFrame(of_week, index=states.index, columns=states.columns)
    order = pd.DataFrame({"none": -(made == NO_FILE).sum(axis=1), "open": -(made == NOT_PROVEN).sum(axis=1)}).sort_values(["none", "open"], kind="stable")
    return made.loc[order.index], counts.loc[order.index]


def trend_points(quarters: pd.DataFrame, names: Names) -> pd.DataFrame:
    """unit_name, quarter, middle (points, missing without a score), symbol and label of frame year_quarters."""
    there = quarters["low"].notna()
    units = quarters.loc[there, "unit_id"].unique()
    rows = quarters[quarters["unit_id"].isin(units)].sort_values(["unit_id", "quarter"], ignore_index=True)
    middle = pd.Series((in_points(rows["low"]) + in_points(rows["high"])) / 2).where(rows["low"].notna())
    name = rows["unit_id"].map(names.units)
    return pd.DataFrame(
        {
            "unit_name": name,
            "quarter": rows["quarter"],
            "middle": middle,
            "symbol": np.where(rows["score"].notna(), "circle", "circle-open"),
            "label": name + " " + rows["quarter"] + "：" + score_or_interval(rows),
        }
    )


def week_table(labels: pd.Series, weeks: pd.Index, text: np.ndarray) -> pd.DataFrame:
    """Accounts × Mondays as drawn: the number of posts, × empty, ? no data, · not due."""
    drawn = pd.DataFrame(text.astype(str), columns=pd.DatetimeIndex(weeks).strftime("%m-%d"))
    drawn.insert(0, "账号", labels.to_numpy())
    return drawn


def reply_table(counts: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Messages by days until the reply; `unit` is 自然日 or 工作日."""
    drawn = counts.loc[:, counts.any()].reset_index(drop=True)
    drawn.insert(0, f"收到后几天答复（{unit}）", counts.index.astype("str"))
    return drawn
