"""Names of units as names of files, on Windows too, never the same one twice."""

from __future__ import annotations

import unicodedata

import pandas as pd

RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
LONGEST = 80  # characters; a path on Windows ends at 260


def safe_name(name: str) -> str:
    """A name as it may stand in a file name: what Windows forbids and what nobody sees becomes `_`."""
    text = unicodedata.normalize("NFC", name)
    text = "".join("_" if char in '<>:"/\\|?*' or unicodedata.category(char)[0] == "C" else char for char in text)
    text = text[:LONGEST].strip(" .") or "_"
    return f"{text}_" if text.split(".")[0].casefold() in RESERVED else text


def unit_stems(units: pd.DataFrame) -> dict[str, str]:
    """unit_id → file name without its ending, from the frame `units`; names that would collide get their unit_id added.

    Two names collide when they differ in capital letters only, or in characters that no file name can hold.
    """
    names = units["unit_name"].map(safe_name)
    twice = names.str.casefold().duplicated(keep=False)
    ids = units["unit_id"].map(safe_name)
    return dict(zip(units["unit_id"], names.where(~twice, names + "_" + ids), strict=True))
