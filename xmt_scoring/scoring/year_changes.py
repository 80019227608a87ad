"""What a later result of a year says differently from the earlier one, and which rows made the difference."""

from __future__ import annotations

import pandas as pd

from xmt_scoring.frames import conform, contract, empty

COMPARED = (
    "score", "low", "high", "grade", "rank", "before_veto", "is_zeroed", "veto_document_no", "upper_loss", "bonus",
    "management_points", "quarters_mean",
)  # fmt: skip
NOTHING = "—"


def year_changes(
    earlier: pd.DataFrame, later: pd.DataFrame, rows_before: pd.DataFrame, rows_now: pd.DataFrame, from_version: int
) -> pd.DataFrame:
    """Frame `year_changes`: one row for each unit and column of `unit_years` that differs.

    `rows_before`, `rows_now`: `year_contributions` of both; the message names the rows that came, went or changed.
    """
    units = pd.Index(sorted({*earlier["unit_id"], *later["unit_id"]}), name="unit_id")
    then, now = (frame.set_index("unit_id").reindex(units) for frame in (earlier, later))
    reasons = _reasons(rows_before, rows_now)
    names = now["unit_name"].fillna(then["unit_name"])
    found = []
    for column in COMPARED:
        before, after = (_text(frame[column], column) for frame in (then, now))
        differs = (before != after).to_numpy(dtype=bool)
        found.append(
            pd.DataFrame({"unit_id": units[differs], "column": column, "earlier": before[differs].to_numpy(), "later": after[differs].to_numpy()})
        )
    made = pd.concat(found, ignore_index=True)
    if not len(made):
        return empty("year_changes")
    order = made.assign(place=made["column"].map({name: place for place, name in enumerate(COMPARED)}))
    made = order.sort_values(["unit_id", "place"], kind="stable").drop(columns="place")
    others = made["column"].map({"rank": "名次随其他单位变动"}).astype("str").fillna("设置、数据截止日、登记或程序版本不同")
    told = made["unit_id"].map(reasons).astype("str").fillna(others)
    made = made.assign(from_version=from_version, unit_name=made["unit_id"].map(names), message=told)
    return conform(made, "year_changes")


def _text(values: pd.Series, column: str) -> pd.Series:
    if contract("unit_years").column(column).kind == "bool":
        return values.map({True: "是", False: "否"}).astype("str").fillna(NOTHING)
    return values.astype("str").fillna(NOTHING)


def _reasons(before: pd.DataFrame, now: pd.DataFrame) -> dict[str, str]:
    """Unit → the contribution rows that came, went or changed, in words; tails of rounding are no reason."""
    key = ["unit_id", "contribution_id"]
    then, after = (frame[~frame["kind"].isin(["rounding", "cap"])].set_index(key)[["low", "high", "message"]] for frame in (before, now))
    both = then.merge(after, how="outer", left_index=True, right_index=True, suffixes=("_then", "_now"), validate="1:1")
    changed = both[(both["low_then"] != both["low_now"]).fillna(True) | (both["high_then"] != both["high_now"]).fillna(True)]
    told: dict[str, list[str]] = {}
    for row in changed.sort_index().reset_index().to_dict("records"):
        is_new, is_gone = pd.isna(row["message_then"]), pd.isna(row["message_now"])
        words = "新增" if is_new else "取消" if is_gone else "改为"
        told.setdefault(str(row["unit_id"]), []).append(f"{words}：{row['message_then'] if is_gone else row['message_now']}")
    return {unit: "；".join(lines) for unit, lines in told.items()}
