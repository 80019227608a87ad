"""What the office declares in 导出文件清单 of messages and clearances, held against the files that are really there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from xmt_scoring.errors import Problem, place
from xmt_scoring.frames import conform, empty
from xmt_scoring.glossary import choices, heading
from xmt_scoring.ingest.attribution import Listed


@dataclass(frozen=True)
class Given:
    """The files of a folder. `lists`: covers → files that were read as such a list; `unread`: files that could not be
    opened or in which nothing was recognised; `broken`: files that are cut off or have rows that could not be read or placed.
    """

    files: Collection[str]
    lists: Mapping[str, Collection[str]]
    unread: Collection[str] = field(default_factory=set)
    broken: Collection[str] = field(default_factory=set)


def declared_records(manifest: pd.DataFrame, accounts: Iterable[str], given: Given) -> tuple[pd.DataFrame, list[Problem]]:
    """The frame `coverage` of the spans declared for messages and clearances, and the rows that declare nothing.

    A row without account speaks for every account. It counts only where one of the files that it names was read as such a
    list: a list that was forgotten must neither prove that there was no message nor that nothing was cleared. It proves
    absence only where every file that it names could be read whole.
    """
    named: list[set[str]] = [set() for _ in range(len(manifest))]
    listed = Listed(manifest)
    for file in given.files:
        for at in listed.naming(file)[0]:
            named[at].add(file)
    problems, takes, proves = [], [], []
    for row, files in zip(manifest.to_dict("records"), named, strict=True):
        is_record = row["covers"] in given.lists and pd.notna(row["covers_from"])
        has_list = is_record and bool(files & set(given.lists[row["covers"]]))
        unread = sorted(files & set(given.unread))
        takes.append(has_list)
        proves.append(not unread and not files & set(given.broken))
        what = _odd(str(row["file"]), choices("covers")[row["covers"]][0] if is_record else "", bool(files), has_list, unread)
        if what:
            problems.append(Problem(place(row["src_file"], row["src_sheet"], row["src_row"], heading("file")), *what, False))
    rows = manifest.assign(coverage_basis="manifest", proves_absence=pd.Series(proves, index=manifest.index, dtype="bool"))
    rows = rows[pd.Series(takes, index=manifest.index, dtype="bool")]
    if not len(rows):
        return empty("coverage"), problems
    everyone = rows[rows["account_id"].isna()].drop(columns="account_id").merge(
        pd.DataFrame({"account_id": pd.Series(sorted(accounts), dtype="str")}), how="cross"
    )
    made = pd.concat([rows[rows["account_id"].notna()], everyone], ignore_index=True)
    return conform(made[empty("coverage").columns], "coverage"), problems


def _odd(file: str, covers: str, is_there: bool, has_list: bool, unread: list[str]) -> tuple[str, str] | None:
    """What is wrong with a row, and what to do. `covers`: what it declares to be complete, blank where that is no record."""
    if not is_there:
        return f"写着“{file}”，本季度的文件夹里没有这个文件或文件夹，这一行不起作用", "请改正名称，或把文件放进来；不需要的请删去这一行"
    if covers and not has_list:
        return f"写着“{file}”里有完整的{covers}，那里却没有读到{covers}的表，这一行不起作用", "请核对名称和数据内容；没有内容的也请放一份只有表头的表"
    if covers and unread:
        return f"写着“{file}”里有完整的{covers}，其中“{unread[0]}”却读不了或不认识，不能证明没有别的", "请换成能读的文件，或逐个写文件名"
    return None
