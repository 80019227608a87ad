"""总体情况: how many accounts there are, were checked, passed and failed, by owner and platform, and against the quarter before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xmt_scoring.periods import Quarter
from xmt_scoring.reports.bulletin import owners
from xmt_scoring.reports.bulletin.figures import Figure, Figures
from xmt_scoring.scoring.states import FAIL, NOT_COUNTED, OPEN, PASS, account_states, tally


@dataclass(frozen=True)
class Earlier:
    """The quarter before, where this workspace has scored it: its `frames` account_scores and verdicts, the scheme that was in force, the settings."""

    period: Quarter
    frames: Mapping[str, pd.DataFrame]
    scheme: Mapping[str, Any]
    settings: Any

    @property
    def states(self) -> pd.DataFrame:
        """What its circular says of each account."""
        return account_states(self.frames, self.scheme, self.settings)


def marked_accounts(frames: Mapping[str, pd.DataFrame], scheme: Mapping[str, Any], settings: Any) -> pd.DataFrame:
    """The accounts that were live in the quarter, by unit and id: `owners.named_accounts` with their states, account_scores and `level`."""
    named = owners.named_accounts(frames)
    scores = frames["account_scores"]
    marked = scores.drop(columns=["account_name", "unit_id", "platform"]).merge(
        account_states(frames, scheme, settings), on="account_id", validate="1:1"
    )
    rows = named.merge(marked, on="account_id", validate="1:1")
    rows = rows.assign(level=rows["unit_id"].map(owners.owner_levels(frames["units"])).astype("str"))
    return rows.sort_values(["unit_id", "account_id"], kind="stable").reset_index(drop=True)


def register_fields(marked: pd.DataFrame, frames: Mapping[str, pd.DataFrame], period: Quarter, min_live_days: int, figures: Figures) -> dict[str, Any]:
    """在册数 and its parts by owner and platform, and what was not counted and why."""
    closed = frames["accounts"].set_index("account_id")["closed_on"].reindex(marked["account_id"])
    is_closed = ((closed >= pd.Timestamp(period.start)) & (closed <= pd.Timestamp(period.end))).to_numpy(dtype=bool)
    is_counted = (marked["state"] != NOT_COUNTED).to_numpy(dtype=bool)
    left = marked.loc[~is_counted, "account_id"].map(owners.reasons(frames["account_quarters"], min_live_days))
    return {
        "在册数": figures.count("在册数", len(marked), "account_scores", "本季度内在用过的账号数"),
        "在册单位数": figures.count("在册单位数", marked["unit_id"].nunique(), "account_scores", "这些账号的主办单位数"),
        "注销数": figures.count("注销数", int(is_closed.sum()), "accounts", "其中关闭日期在本季度内的账号数"),
        "在册分级": _parts(marked["level"], "在册", "units", "主办单位的名称和单位性质", figures),
        "在册分平台": _parts(marked["platform"], "在册", "account_scores", "平台", figures),
        "全部检查": bool(is_counted.all()),
        "不计分": _parts(left, "不计分", "account_quarters", "不计分的原因", figures),
    }


def _parts(values: pd.Series, name: str, frame: str, by: str, figures: Figures) -> list[dict[str, Any]]:
    """The largest part first; parts of one size in the order in which they come."""
    counts = values.value_counts(sort=False).sort_values(ascending=False, kind="stable")
    return [
        {"名称": part, "数": figures.count(f"{name}/{part}", int(number), frame, f"按{by}")} for part, number in counts.items()
    ]


def result_fields(marked: pd.DataFrame, figures: Figures) -> dict[str, Any]:
    """检查数, 合格数, 不合格数, 合格率, of all and of each platform. While something is open they are intervals."""
    counted = marked[marked["state"] != NOT_COUNTED]
    made = _result(counted["state"], "", figures)
    if len(marked):
        made["检查比例"] = figures.rate("检查比例", len(counted), len(marked), "account_scores", "检查数÷在册数")
    prominent = counted.loc[counted["is_prominent"], "full_name"].tolist()
    made["突出问题账号"] = prominent
    made["突出问题数"] = figures.count("突出问题数", len(prominent), "account_scores", "存在突出问题的账号数（设置 prominent_problems）")
    platforms = [{"名称": str(name), **_result(part["state"], f"{name}/", figures)} for name, part in counted.groupby("platform", sort=False)]
    return {**made, "分平台": sorted(platforms, key=lambda part: -part["检查数"].high)}


def _result(state: pd.Series, prefix: str, figures: Figures) -> dict[str, Any]:
    n = tally(state)
    is_open = "，待定的计入上限" if n.undecided else ""
    made: dict[str, Any] = {
        "检查数": figures.count(f"{prefix}检查数", n.checked, "account_scores", "计分的账号和被单项否决的账号数"),
        "合格数": figures.count(f"{prefix}合格数", n.passed, "account_scores", f"不被单项否决且不低于合格线{is_open}", n.passed + n.undecided),
        "不合格数": figures.count(f"{prefix}不合格数", n.failed, "account_scores", f"被单项否决或低于合格线{is_open}", n.failed + n.undecided),
        "待定数": figures.count(f"{prefix}待定数", n.undecided, "account_scores", "合格与否还没有定"),
        "全部合格": n.passed == n.checked,
    }
    if n.checked:
        made["合格率"] = figures.rate(f"{prefix}合格率", n.passed, n.checked, "account_scores", "合格数÷检查数", n.passed + n.undecided)
    return made


def change_fields(rate: Figure | None, earlier: Earlier | None, figures: Figures) -> dict[str, Any]:
    """上季度合格率 and the change in percentage points; none where either is open or the quarter before is not here."""
    fields: dict[str, Any] = {"有上季度": False, "变化": ""}
    if earlier is None:
        return fields
    state = earlier.states["state"]
    state = state[state != NOT_COUNTED]
    fields |= {"上季度": earlier.period.label}
    if state.empty or (state == OPEN).any() or rate is None or rate.low != rate.high:
        return fields
    n_pass = int((state == PASS).sum())
    before = figures.rate("上季度合格率", n_pass, len(state), f"account_scores（{earlier.period}）", f"{n_pass}÷{len(state)}")
    change = figures.change("合格率变化", rate, before, "bulletin_figures", "两季印出的合格率之差，百分点")
    fields |= {"有上季度": True, "上季度合格率": before, "变化幅度": change}
    fields["变化"] = "提高" if change.low > 0 else "下降" if change.low < 0 else "持平"
    return fields


def failed_before(marked: pd.DataFrame, earlier: Earlier | None, figures: Figures) -> dict[str, Any]:
    """What became of the accounts that failed in the quarter before: passed now, failed again, open, or no longer looked at."""
    names = {PASS: "复查合格", FAIL: "复查仍不合格", OPEN: "复查待定", NOT_COUNTED: "复查未计"}
    if earlier is None:
        return {"上季度不合格数": 0, **{name: [] for name in names.values()}}
    before = earlier.states
    failed = before.loc[before["state"] == FAIL, ["account_id"]]
    now = failed.merge(marked[["account_id", "state", "full_name"]], on="account_id", how="left", validate="1:1")
    state = now["state"].fillna(NOT_COUNTED)
    made: dict[str, Any] = {
        "上季度不合格数": figures.count("上季度不合格数", len(failed), f"account_scores（{earlier.period}）", "上季度被单项否决或低于合格线")
    }
    for each, name in names.items():
        made[name] = now.loc[state == each, "full_name"].dropna().tolist()
        figures.count(f"{name}数", int((state == each).sum()), "account_scores", "上季度不合格的账号本季度的结果")
    return made
