"""All words of all lists in one automaton (Aho-Corasick), one pass over a batch of texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xmt_scoring.hints.fold import Folded
from xmt_scoring.hints.lists import WordLists
from xmt_scoring.hints.rules import matching


@dataclass(frozen=True)
class Matcher:
    """The automaton and what each of its patterns is.

    `words`: the rows of the lists, with `pattern`. `excused`: pattern of an exception → the word's row and where the
    word begins in it. `contexts`: name → its patterns.
    """

    automaton: Any
    words: pd.DataFrame
    excused: pd.DataFrame
    contexts: dict[str, np.ndarray]

    @classmethod
    def of(cls, lists: WordLists) -> Matcher:
        """Made once per run."""
        from ahocorasick_rs import AhoCorasick, Implementation

        words = lists.words.assign(row=range(len(lists.words)))
        longer = words[["row", "folded", "exceptions"]].explode("exceptions").dropna()
        patterns = pd.Index(pd.concat([words["folded"], longer["exceptions"], lists.contexts["folded"]]).unique())
        excused = [
            (patterns.get_loc(exception), row, at)
            for row, word, exception in longer.itertuples(index=False)
            for at in range(len(exception) - len(word) + 1)
            if exception.startswith(word, at)
        ]
        by_context = lists.contexts.groupby("context")["folded"]
        return cls(
            AhoCorasick(patterns.tolist(), implementation=Implementation.ContiguousNFA),
            words.assign(pattern=patterns.get_indexer(pd.Index(words["folded"]))),
            pd.DataFrame(excused, columns=["pattern", "row", "at"], dtype="int64"),
            {str(name): patterns.get_indexer(pd.Index(found)) for name, found in by_context},
        )

    def found_in(self, texts: Folded) -> Found:
        """Every place of every pattern."""
        places = np.array(self.automaton.find_matches_as_indexes(texts.dense.text, overlapping=True), dtype="i8").reshape(-1, 3)
        return Found(self, texts, *places.T)


@dataclass(frozen=True)
class Found:
    """Where the patterns stand in a batch: `start`, `end` in the dense view, in the order of `end`."""

    matcher: Matcher
    texts: Folded
    pattern: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def words(self) -> pd.DataFrame:
        """The rows of the lists that stand there and are not part of an exception: all their columns, dense_start, dense_end.

        A word of Latin letters must not be part of a longer one; a word with more than a few characters between its
        own is no word.
        """
        hits = pd.DataFrame({"pattern": self.pattern, "dense_start": self.start, "dense_end": self.end})
        excused = hits.merge(self.matcher.excused, on="pattern")
        hits = hits.merge(self.matcher.words, on="pattern")
        taken = pd.MultiIndex.from_arrays([excused["row"], excused["dense_start"] + excused["at"]])
        hits = hits[~pd.MultiIndex.from_arrays([hits["row"], hits["dense_start"]]).isin(taken)]
        start, end = self.texts.dense.span(hits["dense_start"].to_numpy(), hits["dense_end"].to_numpy())
        hits = hits.assign(start=start, end=end)
        length = hits["dense_end"] - hits["dense_start"]
        is_near = hits["end"] - hits["start"] - length <= matching("most_between") * (length - 1)
        return hits[is_near & ~self._inside_a_latin_word(hits)].reset_index(drop=True)

    def _inside_a_latin_word(self, hits: pd.DataFrame) -> np.ndarray:
        loose = self.texts.loose
        codes = np.frombuffer(f" {loose.text} ".encode("utf-32-le", errors="surrogatepass"), dtype="<u4")
        is_latin = ((codes >= ord("a")) & (codes <= ord("z"))) | ((codes >= ord("0")) & (codes <= ord("9")))
        first = np.searchsorted(loose.position, hits["start"].to_numpy()) + 1  # + 1: the blank put before
        last = np.searchsorted(loose.position, hits["end"].to_numpy() - 1) + 1
        return (is_latin[first] & is_latin[first - 1]) | (is_latin[last] & is_latin[last + 1])

    def context(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Starts and ends (sorted by start, in the original) of the words of a context."""
        chosen = np.flatnonzero(np.isin(self.pattern, self.matcher.contexts.get(name, np.array([], dtype="i8"))))
        start, end = self.texts.dense.span(self.start[chosen], self.end[chosen])
        order = np.argsort(start, kind="stable")
        return start[order], end[order]

    def is_near(self, start: np.ndarray, end: np.ndarray, name: str, before: int, after: int) -> np.ndarray:
        """Whether a word of the context begins within so many characters before or after, in the same sentence.

        A context word inside the span itself says nothing: 反对宪法 is not excused by its own 反对.
        """
        first, last = self.sentence(start, end)
        begins, _ = self.context(name)
        low, high = np.maximum(start - before, first), np.minimum(end + after, last)
        there = np.searchsorted(begins, [low, start, end, high], side="left")
        return (there[1] > there[0]) | (there[3] > there[2])

    def last_before(self, start: np.ndarray, name: str, window: int) -> np.ndarray:
        """Where the nearest word of the context before each place begins (−1: none in the window and sentence)."""
        first, _ = self.sentence(start, start + 1)
        begins, _ = self.context(name)
        at = np.searchsorted(begins, start, side="left") - 1
        nearest = np.append(begins, -1)[at]
        return np.where(nearest >= np.maximum(start - window, first), nearest, -1)

    def sentence(self, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First position and end (exclusive) of the sentence of each span, in the original."""
        ends = self.texts.sentence_ends
        before = np.searchsorted(ends, start, side="left") - 1
        after = np.searchsorted(ends, end, side="left")
        return np.append(ends, -1)[before] + 1, np.append(ends, len(self.texts.original))[after]
