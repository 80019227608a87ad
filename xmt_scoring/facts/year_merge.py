"""The registers of a year: those of its quarters and of its own folder put together, the later one before the earlier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from xmt_scoring.frames import Frame, conform, contract, contracts, empty

SOURCE = ["src_file", "src_sheet", "src_row"]
Part = tuple[str, Mapping[str, pd.DataFrame]]  # where it comes from ("2026Q1", "2026"), and its register frames


def year_registers() -> list[str]:
    """The registers that are put together for a year: those with a `year_key` in frames.toml."""
    return [name for name, frame in contracts().items() if frame.year_key]


def merge_registers(parts: Sequence[Part]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """All registers of the year by name, and frame `register_differences`.

    `parts`: oldest first. Of the rows with one `year_key` the last stands; a row that a later register no longer has
    still stands, because nothing tells why it is gone. Where both rows state a column and differ, that is listed
    (personal columns without their content). `src_file` gets the part's name in front: 2026Q1/上级检查.xlsx.
    """
    merged, differences = {}, []
    for name in year_registers():
        rows = [
            frames[name].assign(src_file=part + "/" + frames[name]["src_file"], part=number)
            for number, (part, frames) in enumerate(parts)
            if name in frames and len(frames[name])
        ]
        if not rows:
            merged[name] = empty(name)
            continue
        every, key = pd.concat(rows, ignore_index=True), list(contract(name).year_key)
        merged[name] = conform(every.drop_duplicates(key, keep="last").drop(columns="part"), name)
        differences.append(_differences(every, contract(name)))
    found = [rows for rows in differences if len(rows)]
    return merged, conform(pd.concat(found, ignore_index=True), "register_differences") if found else empty("register_differences")


def _differences(every: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Rows of `register_differences` of one register: each column whose content a later part states differently."""
    key = list(frame.year_key)
    group = every.groupby(key, dropna=False, sort=False).ngroup()
    order = every.assign(group=group).sort_values(["group", "part"], kind="stable")
    before = order.shift(1)
    follows = (order["group"] == before["group"]) & (order["part"] != before["part"])
    if not follows.any():
        return pd.DataFrame()
    spoken = order[key].astype("str").fillna("").agg(" ".join, axis=1)
    found = []
    for column in frame.columns:
        if column.name in (*key, *SOURCE):
            continue
        now, then = order[column.name], before[column.name].astype(order[column.name].dtype)
        changed = (follows & now.notna() & then.notna() & (now != then).fillna(False)).to_numpy(dtype=bool)
        if not changed.any():
            continue
        made = order.loc[changed, SOURCE].assign(
            register=frame.name, row_key=spoken[changed], column=column.name, earlier_file=before.loc[changed, "src_file"]
        )
        if not column.personal:
            made = made.assign(earlier=then[changed].astype("str"), later=now[changed].astype("str"))
        found.append(made)
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()
