"""Every visible post and its review before publication, with the order in which posts are sampled (第十二条)."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import DAY_IN_US, day_numbers, flags, key_codes, names, truths
from xmt_scoring.facts.coverage import cover_of
from xmt_scoring.frames import empty

BY_ID, BY_URL, BY_TITLE = ["code", "native_id"], ["code", "url"], ["code", "day", "plain_title"]


def clearance_facts(base: Base, posts: pd.DataFrame, clearances: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """Frame `clearance_facts`: visible posts of the period of the accounts that have a clearance or a covered span.

    An account with posts and without any row here has no clearance register at all: no data. `sample_rank` orders the
    posts of an account by the SHA-256 of `quarter|account_id|native id or url or time+title` (`rulings.md` §4).
    `is_before`: cleared at or before publication; where only a date is known, the same day counts as before.
    """
    kept = _kept_by(base, clearances, coverage)
    if not kept.any():
        return empty("clearance_facts")
    mine = _posts_of(base, posts, kept)
    rows = _usable(base, clearances)
    place = _match(mine, rows)
    found = place >= 0
    matched = rows.reindex(np.where(found, place, -1))
    cleared = matched["cleared_at"].reset_index(drop=True)
    complete = matched["is_complete"].reset_index(drop=True).fillna(matched["clearer"].notna().reset_index(drop=True))
    covers = cover_of(base, coverage, "clearances")
    day, code = mine["day"].to_numpy(), mine["code"].to_numpy()
    return pd.DataFrame(
        {
            **{name: mine[name] for name in ("post_id", "account_id", "posted_at", "has_time")},
            "sample_rank": _sample_rank(base, mine),
            "is_covered": truths(covers.holds(code, day, day)),
            "has_clearance": truths(found),
            "cleared_at": cleared,
            "is_complete": complete.where(pd.Series(found)).astype("boolean"),
            "is_before": _before(mine, cleared),
            "is_screened": matched["is_screened"].reset_index(drop=True).astype("boolean"),
            **{name: mine[name] for name in ("title", "url", "src_file", "src_sheet", "src_row")},
        }
    )


def _kept_by(base: Base, clearances: pd.DataFrame, coverage: pd.DataFrame) -> np.ndarray:
    """Accounts that keep a clearance register: one row in it, or a span that covers it."""
    kept = np.zeros(base.size + 1, dtype=bool)  # the last place takes the unknown accounts (code -1)
    kept[key_codes(base.keys, clearances["account_id"])] = True
    spans = coverage[(coverage["covers"] == "clearances").to_numpy(dtype=bool)]
    kept[key_codes(base.keys, spans["account_id"])] = True
    return kept[:-1]


def _posts_of(base: Base, posts: pd.DataFrame, kept: np.ndarray) -> pd.DataFrame:
    code, day = key_codes(base.keys, posts["account_id"]), day_numbers(posts["posted_at"])
    chosen = flags(posts["is_visible"]) & (code >= 0) & np.append(kept, False)[code]
    chosen &= (day >= base.judged_from) & (day <= base.last)
    mine = posts[chosen].assign(code=code[chosen].astype("i8"), day=day[chosen])
    mine = mine.assign(account_id=names(base.keys, code[chosen]).to_numpy(), plain_title=_plain(mine["title"]))
    return mine.sort_values(["code", "posted_at", "post_id"], ignore_index=True)


def _usable(base: Base, clearances: pd.DataFrame) -> pd.DataFrame:
    """Clearances of known accounts up to `as_of`, the best first: complete ones, then the earliest."""
    code = key_codes(base.keys, clearances["account_id"])
    rows = clearances.assign(code=code.astype("i8"), day=day_numbers(clearances["posted_at"]))
    rows = rows[(code >= 0) & (day_numbers(rows["cleared_at"]) <= base.as_of)]
    rows = rows.assign(
        plain_title=_plain(rows["title"]), lacking=~flags(rows["is_complete"].fillna(rows["clearer"].notna()))
    )
    return rows.sort_values(["lacking", "cleared_at", "src_file", "src_sheet", "src_row"], ignore_index=True)


def _plain(titles: pd.Series) -> pd.Series:
    """Titles as they are compared: full-width as half-width, without blanks, capitals as small letters."""
    return titles.astype("str").str.normalize("NFKC").str.replace(r"\s+", "", regex=True).str.lower()


def _match(posts: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """For each post the place of its clearance: by platform id, else by address, else by day and title; -1: none."""
    place = pd.Series(-1, index=posts.index, dtype="int64")
    for key in (BY_ID, BY_URL, BY_TITLE):
        texts = rows[key[-1]]
        known = rows.loc[texts.notna() & (texts != ""), key].drop_duplicates(key)
        open_posts = posts.loc[(place < 0) & posts[key[-1]].notna(), key].reset_index(names="post")
        met = open_posts.merge(known.reset_index(names="clearance"), on=key, validate="many_to_one")
        place.loc[met["post"].to_numpy()] = met["clearance"].to_numpy()
    return place.to_numpy()


def _before(posts: pd.DataFrame, cleared: pd.Series) -> pd.Series:
    by_day = day_numbers(cleared) <= posts["day"].to_numpy()
    moments = cleared.to_numpy("M8[us]")
    dated_only = ~flags(posts["has_time"]) | (moments.view("i8") % DAY_IN_US == 0)
    by_time = moments <= posts["posted_at"].to_numpy("M8[us]")
    known = cleared.notna().to_numpy()
    return pd.Series(pd.arrays.BooleanArray(np.where(dated_only, by_day, by_time) & known, ~known))


def _sample_rank(base: Base, posts: pd.DataFrame) -> pd.Series:
    """1, 2, … within each account. Hashing goes post by post; nothing vectorised computes SHA-256."""
    at_and_title = posts["posted_at"].dt.strftime("%Y-%m-%d %H:%M:%S").astype("str") + posts["title"].fillna("")
    named = posts["native_id"].astype("str").fillna(posts["url"].astype("str")).fillna(at_and_title)
    texts = base.quarter + "|" + posts["account_id"].astype("str") + "|" + named
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    order = posts[["code", "post_id"]].assign(digest=digests).sort_values(["code", "digest", "post_id"])
    rank = order.groupby("code").cumcount() + 1
    return rank.reindex(posts.index).astype("Int64")
