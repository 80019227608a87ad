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

_NAMES = ("account_name", "account_id", "platform_account_no", "folder_alias")


@dataclass(frozen=True)
class Attribution:
    """`account_id` of each row (missing where it waits), and in words how it was found or what is in the way."""

    account_id: pd.Series
    note: str


def matching_rows(manifest: pd.DataFrame, file: str) -> pd.DataFrame:
    """The rows of 导出文件清单 that speak of a file: its path, its name with or without extension, or a folder of it."""
    path = PurePosixPath(file)
    names = {file, path.name, path.stem, *(parent.as_posix() for parent in path.parents), *path.parts[:-1]}
    wanted = {_folded(name) for name in names}
    said = manifest["file"].str.replace("\\", "/", regex=False).str.strip("/").map(_folded)
    rows = manifest[said.isin(wanted)]
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
    listed = matching_rows(manifest, reading.table.grid.file)
    named = listed["account_id"].dropna().unique()
    if len(named) == 1:
        known = accounts.set_index("account_id").loc[named[0]]
        if platform and known["platform"] != platform:
            return Attribution(_all(rows, None), f"导出文件清单里写的账号“{known['account_name']}”不是这个平台的")
        return Attribution(_all(rows, named[0]), "导出文件清单")
    if len(named) > 1:
        return Attribution(_all(rows, None), "导出文件清单里对应多个账号")
    found = in_path(reading.table.grid.file, own)
    if len(found) == 1:
        return Attribution(_all(rows, found[0]), "路径")
    if found:
        names = "、".join(own.set_index("account_id").loc[found, "account_name"])
        return Attribution(_all(rows, None), f"路径里对得上多个账号:{names}")
    return Attribution(_all(rows, None), "文件、清单和路径里都看不出是哪个账号的")


def _all(rows: pd.DataFrame, account: str | None) -> pd.Series:
    return pd.Series(account, index=rows.index, dtype="str")


def _by_column(rows: pd.DataFrame, own: pd.DataFrame) -> Attribution | None:
    """By an id column, else a name column in the file; None when no row names a registered account."""
    for column, registered in (("account_no", "platform_account_no"), ("account_word", "account_name")):
        if column not in rows:
            continue
        known = own.dropna(subset=[registered]).drop_duplicates(registered, keep=False).set_index(registered)["account_id"]
        found = rows[column].map(known).astype("str")
        if found.notna().any():
            return Attribution(found, "文件里的账号列")
    return None


def in_path(file: str, own: pd.DataFrame) -> list[str]:
    """Registered accounts whose name, id or alias occurs in the path; the longest word wins over one inside it."""
    path = _folded(file)
    best: dict[str, int] = {}
    for name in _NAMES:
        for account, word in own[["account_id", name]].dropna().itertuples(index=False):
            folded = _folded(word)
            if len(folded) < 2:
                continue
            edge = r"(?<![0-9a-z]){}(?![0-9a-z])" if folded.isascii() else "{}"
            if re.search(edge.format(re.escape(folded)), path):
                best[account] = max(best.get(account, 0), len(folded))
    longest = max(best.values(), default=0)
    return sorted(account for account, length in best.items() if length == longest)
