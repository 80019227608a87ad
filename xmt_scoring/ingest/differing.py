"""What differs where the same post or day came twice: old → new, column by column, for the list of rows set aside."""

from __future__ import annotations

import pandas as pd

from xmt_scoring.frames import contract
from xmt_scoring.glossary import heading

_OURS = ("platform", "has_time", "is_visible", "is_in_period")  # made by us, or the same by the key
_LONGEST = 40
WORDS = ("title", "text", "url", "posted_at", "is_original", "is_repost", "work_kind", "post_status", "n_posts")


def differences(away: pd.DataFrame, kept: pd.DataFrame, name: str) -> tuple[pd.Series, pd.Series]:
    """For each row set aside what the kept row of the same key says otherwise (`点赞数 3 → 5`; empty where it says the same),
    and whether more differs than counts, which grow from export to export.

    A column that the row set aside does not know is no difference. Both frames hold the columns of frame `name`.
    """
    key = list(contract(name).key)
    at = pd.MultiIndex.from_frame(away[key]) if len(key) > 1 else pd.Index(away[key[0]])
    twin = kept.set_index(key).reindex(at).set_axis(away.index, axis=0)
    said, in_words = pd.Series("", index=away.index, dtype="str"), pd.Series(False, index=away.index)
    for column in contract(name).names:
        if column not in twin or column in _OURS or column.startswith("src_"):
            continue
        old, new = away[column], twin[column]
        differ = (old.notna() & (new.isna() | (old != new).fillna(True))).astype(bool)
        if differ.any():
            words = heading(column) + " " + _spoken(old[differ]) + " → " + _spoken(new[differ])
            said[differ] = said[differ].where(said[differ].eq(""), said[differ] + "；") + words
            in_words |= differ & (column in WORDS)
    return said, in_words


def _spoken(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        texts = values.dt.strftime("%Y-%m-%d %H:%M:%S").astype("str").str.removesuffix(" 00:00:00")
    elif pd.api.types.is_bool_dtype(values.dtype):
        texts = values.map({True: "是", False: "否"}).astype("str")
    else:
        texts = values.astype("str").str.replace(r"\s+", " ", regex=True)
        texts = texts.where(texts.str.len() <= _LONGEST, texts.str.slice(0, _LONGEST) + "…")
    return texts.fillna("（空）")
