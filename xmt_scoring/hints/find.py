"""Posts → the frame `hints`: what a person should look at. A hint proposes; it never costs points and no check reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pandas as pd

from xmt_scoring.frames import conform, empty
from xmt_scoring.hints.fold import BREAK, Folded
from xmt_scoring.hints.leaders import leader_hints
from xmt_scoring.hints.lists import WordLists
from xmt_scoring.hints.matcher import Matcher
from xmt_scoring.hints.numbers import number_hints
from xmt_scoring.hints.rules import kinds, matching
from xmt_scoring.hints.words import word_hints

FIELDS = ("title", "text")


def find_hints(posts: pd.DataFrame, lists: WordLists, as_of: dt.date) -> pd.DataFrame:
    """Hints over titles and texts of the posts that lie in the period, are public and not later than `as_of`.

    One row per post, kind and thing found, with its first place and `n_times`. `hint_id` is the post's id and that place,
    so that it stays the same when lists change. Long numbers are hidden in `matched` and `context`. The order of the posts
    does not matter.
    """
    is_judged = posts["is_in_period"] & posts["is_visible"] & (posts["posted_at"].dt.date <= as_of)
    judged = posts[is_judged.to_numpy(dtype=bool)].sort_values("post_id", ignore_index=True)
    texts = _texts(judged)
    matcher = Matcher.of(lists)
    parts = [_in_batch(batch, matcher, as_of) for batch in _batches(texts)]
    if not parts:
        return empty("hints")
    hits = pd.concat(parts, ignore_index=True)
    return _as_frame(hits, judged)


def _texts(posts: pd.DataFrame) -> pd.DataFrame:
    """post (position), text_field, content, of every title and text that is there; a text that is only the title once."""
    long = pd.concat(
        [pd.DataFrame({"post": range(len(posts)), "text_field": name, "content": posts[name].astype("str")}) for name in FIELDS], ignore_index=True
    ).dropna(subset=["content"])
    return long.drop_duplicates(["post", "content"]).sort_values("post", kind="stable", ignore_index=True)


def _batches(texts: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The texts in pieces of bounded length, so that memory is bounded."""
    length = texts["content"].str.len().cumsum()
    for _, batch in texts.groupby(length // matching("batch_characters"), sort=True):
        yield batch


def _in_batch(batch: pd.DataFrame, matcher: Matcher, as_of: dt.date) -> pd.DataFrame:
    """Hits of a batch with post, text_field, place (in its own text), matched, context."""
    contents = batch["content"].str.replace(BREAK, " ", regex=False)
    texts = Folded.of(BREAK.join(contents.tolist()) + BREAK)
    found = matcher.found_in(texts)
    listed = found.words()
    parts = (word_hints(found, listed), number_hints(found, as_of), leader_hints(found, listed))
    made = [part for part in parts if len(part)]
    if not made:
        return pd.DataFrame()
    hits = pd.concat(made, ignore_index=True)
    starts = np.concatenate([[0], (contents.str.len().to_numpy() + 1).cumsum()])
    at = np.searchsorted(starts, hits["start"].to_numpy(), side="right") - 1
    shown = matching("shown_context")
    first = np.maximum(hits["start"].to_numpy() - shown, starts[at])
    last = np.minimum(hits["end"].to_numpy() + shown, starts[at + 1] - 1)
    cut = texts.masked
    contexts = [cut[low:high] for low, high in zip(first, last, strict=True)]
    return hits.assign(
        post=batch["post"].to_numpy()[at],
        text_field=batch["text_field"].to_numpy()[at],
        place=hits["start"].to_numpy() - starts[at],
        matched=[cut[low:high] for low, high in zip(hits["start"], hits["end"], strict=True)],
        context=pd.Series(contexts, index=hits.index, dtype="str").str.replace(r"\s+", " ", regex=True).str.strip(),
    )


def _as_frame(hits: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    if hits.empty:
        return empty("hints")
    order = hits["text_field"].map({name: number for number, name in enumerate(FIELDS)})
    hits = hits.assign(order=order).sort_values(["post", "kind", "subject", "order", "place"], ignore_index=True)
    same = ["post", "kind", "subject"]
    hits = hits.assign(n_times=hits.groupby(same)["place"].transform("size")).drop_duplicates(same)
    # a number of two forms, a word in two lists: one hint for a place
    hits = hits.drop_duplicates(["post", "kind", "order", "place"])
    about = posts.loc[hits["post"].to_numpy()].reset_index(drop=True)
    hits = hits.reset_index(drop=True)
    letter = hits["kind"].map({kind: entry["letter"] for kind, entry in kinds().items()})
    field = hits["text_field"].map({"title": "t", "text": "x"})
    made = hits.assign(
        hint_id=about["post_id"] + "#" + field + hits["place"].astype("str") + letter,
        **{name: about[name] for name in ("account_id", "post_id", "posted_at", "url", "src_file", "src_sheet", "src_row")},
        hint_kind=hits["kind"],
        check_item=hits["kind"].map({kind: entry["check"] for kind, entry in kinds().items()}),
        hint_level=hits["level"],
    ).sort_values(["account_id", "posted_at", "post_id", "order", "place", "kind"], kind="stable", ignore_index=True)
    return conform(made[[name for name in empty("hints").columns if name in made]], "hints")
