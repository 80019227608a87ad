"""Whose export is it? An account column in the file, the office's list, or exactly one registered name in the path.

Otherwise nothing is guessed: the file waits as 待认领 (DESIGN section 3).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from xmt_scoring.ingest.account_column import by_any_word, by_columns
from xmt_scoring.ingest.account_names import ways_of
from xmt_scoring.ingest.normalise import Reading
from xmt_scoring.ingest.register_words import Words, account_words

_NAMES = ("account_name", "account_id", "platform_account_no", "folder_alias")

_LONG_NUMBER = 6  # digits from which a number in a path is no date part or counter by chance


@dataclass(frozen=True)
class Attribution:
    """`account_id` of each row (missing where it waits), and in words how it was found or what is in the way."""

    account_id: pd.Series
    note: str


class Listed:
    """导出文件清单, looked up by file."""

    def __init__(self, manifest: pd.DataFrame) -> None:
        self.rows, self._nothing = manifest, manifest.iloc[:0]
        self._said = [_folded(text.replace("\\", "/").strip("/")) for text in manifest["file"]]
        self._places: dict[str, list[int]] = {}
        for place, said in enumerate(self._said):
            self._places.setdefault(said, []).append(place)

    def naming(self, file: str) -> tuple[list[int], set[str]]:
        """Positions of all rows that name a file or a folder of it; and the words by which a row names the file itself."""
        path = PurePosixPath(file)
        itself = {_folded(name) for name in (file, path.name, path.stem)}
        wanted = itself | {_folded(name) for name in (*(parent.as_posix() for parent in path.parents), *path.parts[:-1])}
        return sorted(place for name in wanted for place in self._places.get(name, ())), itself

    def matching(self, file: str, *columns: str, covers: str = "") -> pd.DataFrame:
        """The rows that speak of a file: its path, its name with or without extension, or a folder of it.

        `columns`: only rows in which these are filled in; so a file's own row may give its days and its folder's the account.
        `covers`: only rows that speak of this content, of all posts, or do not say of what.
        """
        places, itself = self.naming(file)
        if not places:
            return self._nothing
        rows = self.rows.iloc[places]
        filled = rows[list(columns)].notna().all(axis=1).to_numpy()
        if covers:
            filled = filled & rows["covers"].fillna("posts").isin(["posts", covers]).to_numpy()
        # the row that says most: the file itself before a folder
        exact = np.array([self._said[place] in itself for place in places])
        return rows[filled & exact] if (filled & exact).any() else rows[filled]

    def span(self, file: str, covers: str, accounts: Collection[str]) -> tuple[pd.DataFrame, bool]:
        """The rows with both days that speak of a file with this content, and whether they name a folder of it.

        Files of two accounts may have one name: rows of `accounts`, or of nobody, go before those of others.
        """
        rows = self.matching(file, "covers_from", "covers_to", covers=covers)
        is_own = rows["account_id"].isna() | rows["account_id"].isin(list(accounts))
        rows = rows[is_own] if is_own.any() else rows
        itself = self.naming(file)[1]
        return rows, not any(self._said[place] in itself for place in self.rows.index.get_indexer(rows.index))


class Owners:
    """The registered accounts that an export may belong to, prepared once for all files."""

    def __init__(self, accounts: pd.DataFrame, former: pd.DataFrame) -> None:
        self.accounts = accounts
        named = accounts.assign(owner=accounts["account_id"])  # melt drops its id column from the values
        words = named.melt("owner", [name for name in _NAMES if name in accounts]).dropna(subset=["value"])
        self._in_path: dict[str, set[str]] = {}
        for word, owner in zip(words["value"], words["owner"], strict=True):
            self._in_path.setdefault(_folded(word), set()).add(owner)
        present = set(self._in_path)  # a former name that is another's name today means that one
        for word, owner in zip(map(_folded, former["from_value"]), former["account_id"], strict=True):
            if word not in present:
                self._in_path.setdefault(word, set()).add(owner)
        self._longest_first = sorted(self._in_path, key=lambda word: (-len(word), word))

    def in_path(self, file: str) -> list[str]:
        """Registered accounts whose name, former name, id or alias occurs in the path.

        A longer word hides a shorter one inside it, not one that stands beside it. A short number (a day, a counter) must
        be a whole folder or file name.
        """
        path = _folded(file)
        parts = {*PurePosixPath(path).parts, PurePosixPath(path).stem}
        found: set[str] = set()
        for word in self._longest_first:
            if len(word) < 2 or word not in path or (word.isdecimal() and len(word) < _LONG_NUMBER and word not in parts):
                continue
            edge = r"(?<![0-9a-z]){}(?![0-9a-z])" if word.isascii() else "{}"
            left = re.sub(edge.format(re.escape(word)), "\0", path)
            if left != path:
                found |= self._in_path[word]
                path = left
        return sorted(found)

    @cached_property
    def words(self) -> Words:
        """The accounts as people may write them."""
        return account_words(self.accounts)

    @cached_property
    def row(self) -> dict[str, dict[Hashable, object]]:
        """The row of each account."""
        return {row["account_id"]: row for row in self.accounts.to_dict("records")}


class Known:
    """What is known of accounts and files when exports are attributed: the register with its renames (`events`), the office's
    list of files, and what the analyst answered about near names."""

    def __init__(self, accounts: pd.DataFrame, manifest: pd.DataFrame, events: pd.DataFrame, answers: pd.DataFrame) -> None:
        self._former = events.loc[events["event_kind"] == "rename", ["account_id", "from_value"]].dropna()
        self.everybody, self.listed = Owners(accounts, self._former), Listed(manifest)
        self.ways = ways_of(accounts, events, answers)
        self._of: dict[str, Owners] = {}

    def owners(self, platform: str | None) -> Owners:
        """The accounts of a platform; all where the export is a form for every platform."""
        if platform is None:
            return self.everybody
        if platform not in self._of:
            accounts = self.everybody.accounts
            accounts = accounts[accounts["platform"] == platform]
            self._of[platform] = Owners(accounts, self._former[self._former["account_id"].isin(accounts["account_id"])])
        return self._of[platform]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def attribute(reading: Reading, known: Known) -> Attribution:
    """The account of every row of an export."""
    rows, platform, file = reading.rows, reading.kind.platform, reading.table.grid.file
    own = known.owners(platform)
    if "account_any" in rows:
        return Attribution(*by_any_word(rows, platform, own.words, known.ways))
    in_file = by_columns(rows, platform, own.accounts, known.ways) if platform else None
    if in_file is not None and in_file[0].notna().any():
        return Attribution(*in_file)
    named = known.listed.matching(file, "account_id")["account_id"].unique()
    if len(named) == 1:
        if platform and known.everybody.row[named[0]]["platform"] != platform:
            name = known.everybody.row[named[0]]["account_name"]
            return Attribution(_all(rows, None), f"导出文件清单里写的账号“{name}”不是这个平台的")
        return Attribution(_all(rows, named[0]), "导出文件清单")
    if len(named) > 1:
        return Attribution(_all(rows, None), "导出文件清单里对应多个账号")
    found = own.in_path(file)
    if len(found) == 1:
        other = _other_number(rows, own.row[found[0]]["platform_account_no"])
        if other:
            return Attribution(_all(rows, None), f"路径对得上账号“{found[0]}”，文件里的账号却是 {other}")
        return Attribution(_all(rows, found[0]), "路径")
    if found:
        names = "、".join(str(own.row[account]["account_name"]) for account in found)
        return Attribution(_all(rows, None), f"路径里对得上多个账号：{names}")
    nobody = "文件、清单和路径里都看不出是哪个账号的"
    return Attribution(_all(rows, None), in_file[1] if in_file is not None and len(rows) else nobody)


def _all(rows: pd.DataFrame, account: str | None) -> pd.Series:
    return pd.Series(account, index=rows.index, dtype="str")


def _other_number(rows: pd.DataFrame, registered: object) -> str | None:
    """A number in the file's account column other than the one that is registered; None when either is missing."""
    if "account_no" not in rows or not isinstance(registered, str):
        return None
    return next((str(number) for number in rows["account_no"].dropna().unique() if number != registered), None)
