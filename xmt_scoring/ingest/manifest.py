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
    """The files of a folder. `lists`: covers → files that were read as such a list, and the one account that each is of (None:
    everybody's); `unread`: files that could not be opened or in which nothing was recognised; `broken`: files that are cut
    off or have rows that could not be read or placed.
    """

    files: Collection[str]
    lists: Mapping[str, Mapping[str, str | None]]
    unread: Collection[str] = field(default_factory=set)
    broken: Collection[str] = field(default_factory=set)


def declared_records(manifest: pd.DataFrame, accounts: Iterable[str], given: Given) -> tuple[pd.DataFrame, list[Problem]]:
    """The frame `coverage` of the spans declared for messages and clearances, and the rows that declare nothing.

    A row without account speaks for every account, or for those whose lists it names. It counts only where one of the files
    that it names was read as such a list: a list that was forgotten must neither prove that there was no message nor that
    nothing was cleared. It proves absence only where every file that it names could be read whole.
    """
    named: list[set[str]] = [set() for _ in range(len(manifest))]
    listed, everybody = Listed(manifest), sorted(accounts)
    for file in given.files:
        for at in listed.naming(file)[0]:
            named[at].add(file)
    problems, made = [], []
    for row, files in zip(manifest.to_dict("records"), named, strict=True):
        is_record = row["covers"] in given.lists and pd.notna(row["covers_from"])
        owners = {owner for file, owner in given.lists[row["covers"]].items() if file in files} if is_record else set()
        unread = sorted(files & set(given.unread))
        proves = not unread and not files & set(given.broken)
        of = [row["account_id"]] if pd.notna(row["account_id"]) else everybody if None in owners else sorted(map(str, owners))
        made += [{**row, "account_id": account, "coverage_basis": "manifest", "proves_absence": proves} for account in of if owners]
        what = _odd(str(row["file"]), choices("covers")[row["covers"]][0] if is_record else "", bool(files), bool(owners), unread)
        if what:
            problems.append(Problem(place(row["src_file"], row["src_sheet"], row["src_row"], heading("file")), *what, False))
    return conform(pd.DataFrame(made)[empty("coverage").columns], "coverage") if made else empty("coverage"), problems


def _odd(file: str, covers: str, is_there: bool, has_list: bool, unread: list[str]) -> tuple[str, str] | None:
    """What is wrong with a row, and what to do. `covers`: what it declares to be complete, blank where that is no record."""
    if not is_there:
        return f"写着“{file}”，本季度的文件夹里没有这个文件或文件夹，这一行不起作用", "请改正名称，或把文件放进来；不需要的请删去这一行"
    if covers and not has_list:
        return f"写着“{file}”里有完整的{covers}，那里却没有读到{covers}的表，这一行不起作用", "请核对名称和数据内容；没有内容的也请放一份只有表头的表"
    if covers and unread:
        return f"写着“{file}”里有完整的{covers}，其中“{unread[0]}”却读不了或不认识，不能证明没有别的", "请换成能读的文件，或逐个写文件名"
    return None
