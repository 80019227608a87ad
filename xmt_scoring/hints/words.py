"""Hints from the word lists: art. 8's ten kinds, adverts, wrong wording, typos, improper remarks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xmt_scoring.hints.matcher import Found
from xmt_scoring.hints.rows import OFFICE_TITLE
from xmt_scoring.hints.rules import matching

AS_WRITTEN = ("typo", "misstatement")  # a blank between two words makes no typo
ELSEWHERE = (OFFICE_TITLE, "leader_title")  # judged in leaders.py


def word_hints(found: Found, listed: pd.DataFrame) -> pd.DataFrame:
    """One row per place of a listed word (`listed`: Found.words()): the columns of `numbers.HITS`.

    A context of the word nearby lowers the level and is named in the reason; it never removes the hint.
    """
    between = listed["end"] - listed["start"] - listed["folded"].str.len()
    is_broken = listed["kind"].isin(AS_WRITTEN) & (between > 0)
    hits = listed[~listed["kind"].isin(ELSEWHERE) & ~is_broken].reset_index(drop=True)
    between = hits["end"] - hits["start"] - hits["folded"].str.len()
    soft = _context_nearby(found, hits)
    level = pd.Series("normal", index=hits.index, dtype="str")
    level = level.mask(hits["severity"].isin(["serious", "grave_misstatement"]), "high").mask(soft.notna(), "low")
    reason = hits["note"].fillna("").mask(between > 0, "字间插有空格或符号。" + hits["note"].fillna(""))
    reason = reason.mask(soft.notna(), "附近有“" + soft.fillna("") + "”用语，多为正常内容。" + reason)
    return _without_the_shorter(hits.assign(level=level, reason=reason, subject=hits["folded"]))


def _context_nearby(found: Found, hits: pd.DataFrame) -> pd.Series:
    """The first context of each word's list that stands near it; missing where none does."""
    named = pd.Series(pd.NA, index=hits.index, dtype="str")
    window = matching("context_window")
    wanted = hits["contexts"].explode().dropna()
    for name in sorted(wanted.unique()):
        rows = wanted.index[wanted == name]
        near = found.is_near(hits.loc[rows, "start"].to_numpy(), hits.loc[rows, "end"].to_numpy(), name, window, window)
        chosen = rows[near]
        named[chosen] = named[chosen].fillna(name)
    return named


def _without_the_shorter(hits: pd.DataFrame) -> pd.DataFrame:
    """Without hits that lie inside a longer one of the same kind."""
    hits = hits.sort_values(["kind", "start", "end"], ascending=[True, True, False], ignore_index=True)
    reach = hits.groupby("kind", sort=False)["end"].cummax()
    before = reach.groupby(hits["kind"], sort=False).shift(fill_value=-1)
    return hits[np.asarray(hits["end"] > before)].reset_index(drop=True)
