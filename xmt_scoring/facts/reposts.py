"""Which account has reposted what the office told all to repost: required titles against posts (第十一条)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from xmt_scoring.facts.activity import Activity, only_before
from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import NEVER, OPEN_END, dates, day_numbers, flags, key_codes, names, truths
from xmt_scoring.facts.coverage import Cover
from xmt_scoring.facts.weeks import NOT_FEEDS
from xmt_scoring.frames import empty

SHORTEST_INSIDE = 6  # a required title with fewer letters must be the whole title: it may stand in many by chance


def plain_words(texts: pd.Series) -> pa.Array:
    """Titles as they are compared: full-width as half-width, small letters, nothing but letters and digits."""
    given = pc.utf8_normalize(pa.array(texts.astype("str"), type=pa.large_string()), form="NFKC")
    return pc.utf8_lower(pc.replace_substring_regex(given, r"[^\p{L}\p{N}]+", ""))


def repost_facts(
    base: Base,
    activity: Activity,
    cover: Cover,
    frames: Mapping[str, pd.DataFrame],
    previous: Mapping[str, pd.DataFrame] | None,
) -> pd.DataFrame:
    """Frame `repost_facts`: one row for every account and every required repost that is due in the period.

    A task belongs to the quarter of its `due_on` (of `issued_on` where it has none). `is_asked`: the account was open
    from the issue to the due day and is no app. `reposted_on`: the first visible post from the day of issue on, up to
    `as_of`, whose title (its text, where the platform has no titles) holds the required title. `is_covered`: every day
    from issue to due day is covered and every post of these days says what it is about, so that absence is proved;
    never so without a due day. `post_file`, `post_sheet`, `post_row`: where the post of `reposted_on` stands.
    """
    tasks = frames["required_reposts"]
    issued, due = day_numbers(tasks["issued_on"]), day_numbers(tasks["due_on"], OPEN_END)
    belongs = np.where(due < OPEN_END, due, issued)
    mine = (belongs >= base.judged_from) & (belongs <= base.end) & (issued <= base.as_of)
    tasks = tasks[mine].sort_values(["due_on", "repost_id"], ignore_index=True)
    if not len(tasks) or not base.size:
        return empty("repost_facts")
    issued, due = day_numbers(tasks["issued_on"]), day_numbers(tasks["due_on"], OPEN_END)
    posts = frames["posts"]
    if previous is not None and len(previous.get("posts", ())):
        posts = pd.concat([posts, only_before(posts, previous["posts"])], ignore_index=True)
    found, known, place = _in_posts(base, tasks, issued, due, posts)
    asked = (base.opened <= issued[:, None]) & (base.closed > np.where(due < OPEN_END, due, issued)[:, None])
    asked &= ~base.accounts["platform"].isin(NOT_FEEDS).to_numpy(dtype=bool)
    covered = np.zeros((len(tasks), base.size), dtype=bool)
    everyone = np.arange(base.size)
    for task in np.flatnonzero((due < OPEN_END) & (issued >= activity.first)):  # a handful of tasks, not of rows
        days = slice(issued[task] - activity.first, due[task] + 1 - activity.first)
        n_posts = activity.listed[:, days].sum(axis=1)
        if activity.daily is not None:
            n_posts = np.maximum(n_posts, activity.daily[:, days].sum(axis=1))
        span = cover.holds(everyone, np.full(base.size, issued[task]), np.full(base.size, due[task]))
        covered[task] = span & (n_posts <= known[task])
    at = np.repeat(np.arange(len(tasks)), base.size)
    told = ["repost_id", "title", "issued_on", "due_on", "src_file", "src_sheet", "src_row"]
    return tasks[told].take(at).reset_index(drop=True).assign(
        **{f"post_{part}": _at(posts, f"src_{part}", place.ravel()) for part in ("file", "sheet", "row")},
        account_id=names(base.keys, np.tile(everyone, len(tasks))),
        reposted_on=dates(np.where(found < OPEN_END, found, NEVER).ravel()),
        is_covered=truths(covered.ravel()),
        is_asked=truths(asked.ravel()),
    )  # fmt: skip


def _at(posts: pd.DataFrame, column: str, positions: np.ndarray) -> pd.Series | None:
    """A column of the posts at these positions, missing at -1; None without posts."""
    if not len(posts):
        return None
    return posts[column].take(np.maximum(positions, 0)).reset_index(drop=True).where(pd.Series(positions >= 0))


def _in_posts(
    base: Base, tasks: pd.DataFrame, issued: np.ndarray, due: np.ndarray, posts: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """tasks × accounts: the first day of a repost (OPEN_END: none), how many posts up to the due day have words, and the position
    of the first repost among the posts (-1: none)."""
    code, day = key_codes(base.keys, posts["account_id"]), day_numbers(posts["posted_at"])
    keep = flags(posts["is_visible"]) & (code >= 0) & (day >= issued.min()) & (day <= base.as_of)
    words = posts["title"].where(posts["title"].notna(), posts["text"])[keep]
    code, day = code[keep].astype("i8"), day[keep]
    has_words = words.notna().to_numpy()
    # what a Weibo repost carries stands in the post that it repeats: its own words prove nothing absent
    says_all = has_words & ~flags(posts["is_repost"])[keep]
    plain = plain_words(words.fillna(""))
    wanted = plain_words(tasks["title"]).to_pylist()
    found = np.full((len(tasks), base.size), OPEN_END, dtype="i8")
    known = np.zeros((len(tasks), base.size), dtype="i8")
    place = np.full((len(tasks), base.size), -1, dtype="i8")
    positions = np.flatnonzero(keep)
    for task, title in enumerate(wanted):  # a handful of titles, each matched against the whole column at once
        match = pc.match_substring(plain, title) if len(title) >= SHORTEST_INSIDE else pc.equal(plain, title)
        hit = match.to_numpy(zero_copy_only=False).astype(bool) & has_words & (day >= issued[task]) & bool(title)
        np.minimum.at(found[task], code[hit], day[hit])
        first = np.flatnonzero(hit & (day == found[task][code]))[::-1]  # the first of a day is written last
        place[task, code[first]] = positions[first]
        inside = says_all & (day >= issued[task]) & (day <= due[task])
        known[task] = np.bincount(code[inside], minlength=base.size)
    return found, known, place
