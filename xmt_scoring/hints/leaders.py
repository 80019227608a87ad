"""Hints for names and titles of leaders: a listed name beside another title, and a near miss of a listed name.

Only names that the office itself has put into 词表/领导姓名职务.csv are looked at; none is shipped.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from xmt_scoring.hints.fold import fold
from xmt_scoring.hints.matcher import Found
from xmt_scoring.hints.numbers import HITS
from xmt_scoring.hints.rows import OFFICE_TITLE

_NEAR_MISS_FROM = 3  # characters: of two-character names half the county is a near miss


def leader_hints(found: Found, listed: pd.DataFrame) -> pd.DataFrame:
    """One row per doubtful place (`listed`: Found.words()): the columns of `numbers.HITS`."""
    names, titles = listed[listed["kind"] == "leader_title"], _longest(listed[listed["kind"] == OFFICE_TITLE])
    if names.empty and not (found.matcher.words["kind"] == "leader_title").any():
        return pd.DataFrame(columns=HITS)
    return pd.concat([_wrong_titles(names, titles), _near_misses(found, titles)], ignore_index=True)[HITS]


def _longest(titles: pd.DataFrame) -> pd.DataFrame:
    """副县长 is not also a 县长: titles inside or at the end of a longer one are left out."""
    titles = titles.sort_values(["dense_start", "dense_end"], ascending=[True, False])
    return titles[titles["dense_end"] > titles["dense_end"].cummax().shift(fill_value=-1)]


def _wrong_titles(names: pd.DataFrame, titles: pd.DataFrame) -> pd.DataFrame:
    """Names with a title right before or after them, none of which is theirs."""
    right = names.assign(own=names["correction"].str.split(r"\s*[|｜]\s*", regex=True).map(lambda own: [fold(each) for each in own]))
    before = right.merge(titles[["dense_end", "folded"]], left_on="dense_start", right_on="dense_end", suffixes=("", "_title"))
    after = right.merge(titles[["dense_start", "folded"]], left_on="dense_end", right_on="dense_start", suffixes=("", "_title"))
    beside = pd.concat([before, after], ignore_index=True)
    is_own = np.array([title in own for title, own in zip(beside["folded_title"], beside["own"], strict=True)], dtype=bool)
    place = ["start", "end", "folded"]
    fine = pd.MultiIndex.from_frame(beside.loc[is_own, place])
    wrong = beside[~pd.MultiIndex.from_frame(beside[place]).isin(fine)].drop_duplicates(place)
    return wrong.assign(level="high", reason="文中职务是“" + wrong["folded_title"] + "”，与词表不符，请核对", subject=wrong["folded"])


def _near_misses(found: Found, titles: pd.DataFrame) -> pd.DataFrame:
    """What stands where a listed name should stand, right after or before its title, with one character other or two exchanged."""
    words = found.matcher.words
    people = words[(words["kind"] == "leader_title") & (words["folded"].str.len() >= _NEAR_MISS_FROM)]
    own = people["correction"].str.split(r"\s*[|｜]\s*", regex=True).map(lambda own: [fold(each) for each in own])
    held = people.assign(folded_title=own).explode("folded_title").drop(columns=["pattern"])
    places = titles[["dense_start", "dense_end", "folded"]].merge(held, left_on="folded", right_on="folded_title", suffixes=("_of_title", ""))
    length = places["folded"].str.len()
    after = places.assign(first=places["dense_end"])
    before = places.assign(first=places["dense_start"] - length)
    tried = pd.concat([after, before], ignore_index=True)
    tried = tried.assign(last=tried["first"] + tried["folded"].str.len())
    text = found.texts.dense.text
    tried = tried[(tried["first"] >= 0) & (tried["last"] <= len(text))].reset_index(drop=True)
    there = [text[first:last] for first, last in zip(tried["first"], tried["last"], strict=True)]
    known = set(words.loc[words["kind"] == "leader_title", "folded"])
    is_miss = [word not in known and _is_near(word, name) for word, name in zip(there, tried["folded"], strict=True)]
    missed = tried.assign(there=pd.Series(there, dtype="str"))[np.array(is_miss, dtype=bool)]
    start, end = found.texts.dense.span(missed["first"].to_numpy(), missed["last"].to_numpy())
    reason = "与词表中“" + missed["word"] + "”（" + missed["correction"] + "）相近，疑为写错姓名"
    return missed.assign(start=start, end=end, level="high", reason=reason, correction=missed["word"], subject=missed["there"])


def _is_near(word: str, name: str) -> bool:
    """The same first character (the family name) and one other character different, or the same characters exchanged."""
    if not all("\u3400" <= char <= "\u9fff" for char in word):
        return False
    different = sum(one != other for one, other in zip(word, name, strict=True))
    return different == 1 or (different == 2 and sorted(word) == sorted(name))
