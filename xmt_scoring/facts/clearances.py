"""Every visible post and its review before publication, with the order in which posts are sampled (第十二条)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import DAY_IN_US, day_numbers, flags, key_codes, names, texts, truths
from xmt_scoring.facts.coverage import cover_of
from xmt_scoring.frames import empty

SHOWN = ["post_id", "posted_at", "has_time", "title", "url", "src_file", "src_sheet", "src_row"]
LAST = "\U0010ffff"  # sorts after every text
AT_ONCE = 1 << 16  # digests held as Python objects at a time


def clearance_facts(base: Base, posts: pd.DataFrame, clearances: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """Frame `clearance_facts`: visible posts of the period of the accounts that have a clearance or a covered span.

    An account with posts and without any row here has no clearance register at all: no data. `sample_rank` orders the
    posts of an account by the SHA-256 of `quarter|account_id|native id or url or time+title` (`rulings.md` §4).
    `is_before`: cleared at or before publication; where only a date is known, the same day counts as before.
    """
    kept = _kept_by(base, clearances, coverage)
    if not kept.any():
        return empty("clearance_facts")
    at, code, day = _posts_of(base, posts, kept)
    mine = posts[[*SHOWN, "native_id"]].take(at).reset_index(drop=True)
    account = names(base.keys, code)
    complete = flags(clearances["is_complete"].fillna(clearances["clearer"].notna()))
    place = _match(mine, code, day, base, clearances, complete)
    found = place >= 0
    moments = np.append(clearances["cleared_at"].to_numpy("M8[us]"), np.datetime64("NaT"))  # the last place: no clearance
    cleared = pd.Series(moments[place])
    return pd.DataFrame(
        {
            "account_id": account,
            "sample_rank": pd.Series(_sample_rank(base, mine, account, code), dtype="Int64"),
            "is_covered": truths(cover_of(base, coverage, "clearances").holds(code, day, day)),
            "has_clearance": truths(found),
            "cleared_at": cleared,
            "is_complete": pd.Series(pd.arrays.BooleanArray(np.append(complete, False)[place], ~found)),
            "is_before": _before(mine, day, cleared),
            "is_screened": clearances["is_screened"].reset_index(drop=True).reindex(np.where(found, place, -1)).reset_index(drop=True),
            **{name: mine[name] for name in SHOWN},
        },
        copy=False,
    )


def _kept_by(base: Base, clearances: pd.DataFrame, coverage: pd.DataFrame) -> np.ndarray:
    """Accounts that keep a clearance register: one row in it, or a span that covers it."""
    kept = np.zeros(base.size + 1, dtype=bool)  # the last place takes the unknown accounts (code -1)
    kept[key_codes(base.keys, clearances["account_id"])] = True
    spans = coverage[(coverage["covers"] == "clearances").to_numpy(dtype=bool)]
    kept[key_codes(base.keys, spans["account_id"])] = True
    return kept[:-1]


def _posts_of(base: Base, posts: pd.DataFrame, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the posts that are looked at stand, by account, moment and post_id; their account codes and days."""
    code, day = key_codes(base.keys, posts["account_id"]), day_numbers(posts["posted_at"])
    chosen = flags(posts["is_visible"]) & (code >= 0) & np.append(kept, False)[code]
    chosen &= (day >= base.judged_from) & (day <= base.last)
    at = np.flatnonzero(chosen)
    moment = posts["posted_at"].to_numpy("M8[us]").view("i8")[at] - base.start * DAY_IN_US
    at = at[_ordered(code[at], moment, lambda tied: (_rank(posts["post_id"], at[tied]),))]
    return at, code[at].astype("i8"), day[at]


def _ordered(code: np.ndarray, number: np.ndarray, rest: Callable[[np.ndarray], tuple[np.ndarray, ...]]) -> np.ndarray:
    """Positions sorted by code and number (none negative), ties by `rest`, the weightiest last, made for those only.

    One sort of one key: the code above, and of the number as many leading bits as there is room for.
    """
    room = 63 - int(code.max(initial=0)).bit_length()
    spare = max(int(number.max(initial=0)).bit_length() - room, 0)
    key = code.astype("i8") << room | (number >> spare).astype("i8")
    order = np.argsort(key)
    same = key[order][1:] == key[order][:-1]
    if same.any():
        is_tied = np.append(False, same) | np.append(same, False)
        tied = order[is_tied]
        order[is_tied] = tied[np.lexsort((*rest(tied), number[tied], code[tied]))]
    return order


def _rank(values: pd.Series, at: np.ndarray) -> np.ndarray:
    """The ranks of the texts at these positions."""
    return np.asarray(pc.rank(texts(values.take(at)), tiebreaker="dense"))


def _plain(titles: pd.Series) -> pd.Series:
    """Titles as they are compared: full-width as half-width, without blanks, capitals as small letters."""
    return titles.astype("str").str.normalize("NFKC").str.replace(r"\s+", "", regex=True).str.lower()


def _match(
    posts: pd.DataFrame, code: np.ndarray, day: np.ndarray, base: Base, clearances: pd.DataFrame, complete: np.ndarray
) -> np.ndarray:
    """For each post the place of its clearance: by platform id, else by address, else by day and title; -1: none.

    Clearances of known accounts up to `as_of`; of several the best: a complete one, then the earliest.
    """
    row_code, row_day = key_codes(base.keys, clearances["account_id"]), day_numbers(clearances["posted_at"])
    usable = (row_code >= 0) & (day_numbers(clearances["cleared_at"]) <= base.as_of)

    def merit(at: np.ndarray) -> tuple[np.ndarray, ...]:
        """For lexsort, the weightiest last; a missing moment, seen without sign, comes after every other."""
        sheets = (_rank(clearances[name].fillna(LAST), at) for name in ("src_sheet", "src_file"))
        moment = clearances["cleared_at"].to_numpy("M8[us]").view("u8")
        return clearances["src_row"].take(at).to_numpy(dtype="i8"), *sheets, moment[at], ~complete[at]

    place = np.full(len(posts), -1, dtype="i8")
    for column in ("native_id", "url", "title"):
        known = np.flatnonzero(usable & clearances[column].notna())
        open_posts = np.flatnonzero((place < 0) & posts[column].notna())
        if not len(known) or not len(open_posts):
            continue
        ours, theirs = clearances[column].take(known), posts[column].take(open_posts)
        if column == "title":
            ours, theirs = _plain(ours), _plain(theirs)
        given = (ours != "").to_numpy(dtype=bool)
        known, ours = known[given], ours[given]
        if column == "title":
            ours, theirs = ours + row_day[known].astype("U"), theirs + day[open_posts].astype("U")
        place[open_posts] = _best_with(texts(ours), row_code, known, merit, texts(theirs), code[open_posts])
    return place


def _best_with(
    ours: pa.Array, row_code: np.ndarray, known: np.ndarray,
    merit: Callable[[np.ndarray], tuple[np.ndarray, ...]], theirs: pa.Array, code: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """For each of `theirs` and its account the best row that has both (`known`: the rows of `ours`); -1: none."""
    coded = pc.dictionary_encode(ours)
    number = np.asarray(coded.indices).astype("i8")
    owner, width = row_code[known].astype("i8"), int(max(row_code.max(), code.max())) + 1
    order = _ordered(number, owner, lambda tied: merit(known[tied]))
    keys = (number * width + owner)[order]
    start = np.searchsorted(keys, np.arange(len(coded.dictionary) + 1) * width)  # where each text begins
    asked = np.asarray(pc.fill_null(pc.index_in(theirs, value_set=coded.dictionary), -1)).astype("i8")
    wanted = asked * width + code
    found = start[asked]
    shared = (start[asked + 1] - found > 1) & (asked >= 0)  # a text that several rows have
    found[shared] = np.searchsorted(keys, wanted[shared])
    found[found == len(keys)] = 0
    return np.where(keys[found] == wanted, known[order[found]], -1) if len(keys) else np.full(len(code), -1)


def _before(posts: pd.DataFrame, day: np.ndarray, cleared: pd.Series) -> pd.Series:
    by_day = day_numbers(cleared) <= day
    moments = cleared.to_numpy("M8[us]")
    dated_only = ~flags(posts["has_time"]) | (moments.view("i8") % DAY_IN_US == 0)
    by_time = moments <= posts["posted_at"].to_numpy("M8[us]")
    known = cleared.notna().to_numpy()
    return pd.Series(pd.arrays.BooleanArray(np.where(dated_only, by_day, by_time) & known, ~known))


def _sample_rank(base: Base, posts: pd.DataFrame, account: pd.Series, code: np.ndarray) -> np.ndarray:
    """1, 2, … within each account, by the digest; the same text twice by post_id. `code` is sorted."""
    named = posts["native_id"].fillna(posts["url"])
    if named.isna().any():
        named = named.fillna(posts["posted_at"].dt.strftime("%Y-%m-%d %H:%M:%S") + posts["title"].fillna(""))
    words = _digests(texts(base.quarter + "|" + account + "|" + named))
    rest = lambda tied: (_rank(posts["post_id"], tied), *(words[tied, place] for place in (3, 2, 1)))  # noqa: E731
    rank = np.empty(len(code), dtype="i8")
    count = np.bincount(code, minlength=base.size)
    rank[_ordered(code, words[:, 0], rest)] = np.arange(1, len(code) + 1) - (np.cumsum(count) - count)[code]
    return rank


def _digests(values: pa.Array) -> np.ndarray:
    """The SHA-256 of each text as four whole numbers. One by one, on the bytes as they lie: nothing hashes columns."""
    _, offsets, data = values.buffers()
    ends = np.frombuffer(offsets, dtype="i8", count=len(values) + 1)
    whole, sha256 = memoryview(data or b""), hashlib.sha256
    found = np.empty((len(values), 4), dtype="u8")
    for first in range(0, len(values), AT_ONCE):
        part = pairwise(ends[first : first + AT_ONCE + 1].tolist())
        digests = b"".join([sha256(whole[start:end]).digest() for start, end in part])
        found[first : first + AT_ONCE] = np.frombuffer(digests, dtype=">u8").reshape(-1, 4)
    return found
