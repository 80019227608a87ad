"""Whose export is it? An account column in the file, the office's list, or exactly one registered name in the path.

Otherwise nothing is guessed: the file waits as 待认领 (DESIGN section 3).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd

from xmt_scoring.ingest.normalise import Reading
from xmt_scoring.ingest.register_words import account_words

_NAMES = ("account_name", "account_id", "platform_account_no", "folder_alias")

_LONG_NUMBER = 6  # digits from which a number in a path is no date part or counter by chance


@dataclass(frozen=True)
class Attribution:
    """`account_id` of each row (missing where it waits), and in words how it was found or what is in the way."""

    account_id: pd.Series
    note: str


def matching_rows(manifest: pd.DataFrame, file: str, *columns: str) -> pd.DataFrame:
    """The rows of 导出文件清单 that speak of a file: its path, its name with or without extension, or a folder of it.

    `columns`: only rows in which these are filled in; so a file's own row may give its days and its folder's the account.
    """
    path = PurePosixPath(file)
    names = {file, path.name, path.stem, *(parent.as_posix() for parent in path.parents), *path.parts[:-1]}
    wanted = {_folded(name) for name in names}
    said = manifest["file"].str.replace("\\", "/", regex=False).str.strip("/").map(_folded)
    rows = manifest[said.isin(wanted)].dropna(subset=list(columns))
    if not len(rows):
        return rows
    # the row that says most: the file itself before a folder
    rank = said[rows.index].map(lambda name: 2 if name in {_folded(file), _folded(path.name), _folded(path.stem)} else 1)
    return rows[rank == rank.max()]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def attribute(reading: Reading, accounts: pd.DataFrame, manifest: pd.DataFrame) -> Attribution:
    """The account of every row of an export."""
    rows, platform = reading.rows, reading.kind.platform
    own = accounts[accounts["platform"] == platform] if platform else accounts
    in_file = _by_column(rows, own)
    if in_file is not None:
        return in_file
    named = matching_rows(manifest, reading.table.grid.file, "account_id")["account_id"].unique()
    if len(named) == 1:
        known = accounts.set_index("account_id").loc[named[0]]
        if platform and known["platform"] != platform:
            return Attribution(_all(rows, None), f"导出文件清单里写的账号“{known['account_name']}”不是这个平台的")
        return Attribution(_all(rows, named[0]), "导出文件清单")
    if len(named) > 1:
        return Attribution(_all(rows, None), "导出文件清单里对应多个账号")
    found = in_path(reading.table.grid.file, own)
    if len(found) == 1:
        other = _other_number(rows, own.set_index("account_id")["platform_account_no"].get(found[0]))
        if other:
            return Attribution(_all(rows, None), f"路径对得上账号“{found[0]}”,文件里的账号却是 {other}")
        return Attribution(_all(rows, found[0]), "路径")
    if found:
        names = "、".join(own.set_index("account_id").loc[found, "account_name"])
        return Attribution(_all(rows, None), f"路径里对得上多个账号:{names}")
    return Attribution(_all(rows, None), "文件、清单和路径里都看不出是哪个账号的")


def _all(rows: pd.DataFrame, account: str | None) -> pd.Series:
    return pd.Series(account, index=rows.index, dtype="str")


def _by_column(rows: pd.DataFrame, own: pd.DataFrame) -> Attribution | None:
    """By an id column, else a name column in the file; None when no row names a registered account.

    In the office's own form the account may be written as in the registers: id, name, or the number at the platform.
    """
    if "account_any" in rows:
        words, given = account_words(own), rows["account_any"]
        found = words.resolve(given)
        if "platform_word" in rows:
            found = words.resolve(given + "(" + rows["platform_word"] + ")").fillna(found)
        return Attribution(found, "“账号”列里写的账号不在账号备案台账里(或同名不止一个)" if found.isna().any() else "文件里的账号列")
    for column, registered in (("account_no", "platform_account_no"), ("account_word", "account_name")):
        if column not in rows:
            continue
        known = own.dropna(subset=[registered]).drop_duplicates(registered, keep=False).set_index(registered)["account_id"]
        found = rows[column].map(known).astype("str")
        if found.notna().any():
            return Attribution(found, "文件里的账号列")
    return None


def _other_number(rows: pd.DataFrame, registered: object) -> str | None:
    """A number in the file's account column other than the one that is registered; None when either is missing."""
    if "account_no" not in rows or not isinstance(registered, str):
        return None
    return next((str(number) for number in rows["account_no"].dropna().unique() if number != registered), None)


def in_path(file: str, own: pd.DataFrame) -> list[str]:
    """Registered accounts whose name, id or alias occurs in the path.

    A longer word hides a shorter one inside it, not one that stands beside it. A short number (a day, a counter) must
    be a whole folder or file name.
    """
    path = _folded(file)
    parts = {*PurePosixPath(path).parts, PurePosixPath(path).stem}
    named = own.assign(owner=own["account_id"])  # melt drops its id column from the values
    words = named.melt("owner", [name for name in _NAMES if name in own]).dropna(subset=["value"])
    words["value"] = words["value"].map(_folded)
    found: set[str] = set()
    for word in sorted(words["value"].unique(), key=lambda word: (-len(word), word)):
        if len(word) < 2 or (word.isdecimal() and len(word) < _LONG_NUMBER and word not in parts):
            continue
        edge = r"(?<![0-9a-z]){}(?![0-9a-z])" if word.isascii() else "{}"
        left = re.sub(edge.format(re.escape(word)), "\0", path)
        if left != path:
            found |= set(words.loc[words["value"] == word, "owner"])
            path = left
    return sorted(found)
