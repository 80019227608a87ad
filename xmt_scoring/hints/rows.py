"""Rows of a word list, checked: every row that cannot be used is told with file, row, column and what to do."""

from __future__ import annotations

from functools import cache

import pandas as pd

from xmt_scoring import law
from xmt_scoring.errors import Problem, place
from xmt_scoring.glossary import choices
from xmt_scoring.hints.fold import fold
from xmt_scoring.hints.rules import kinds
from xmt_scoring.ingest.values import plain, to_text

WORD_COLUMNS = ("词语", "类别", "条款", "建议程度", "例外", "语境", "正确写法", "说明", "版本", "启用")
CONTEXT_COLUMNS = ("语境", "词语", "说明", "版本", "启用")
OFFICE_TITLE = "office_title"
NEEDS_CORRECTION = ("typo", "misstatement", "leader_title")
PROPOSED = ("general", "serious", "grave_misstatement")
_SHORTEST = 2


@cache
def _articles() -> dict[str, str]:
    """Every way to write an article or item of the 办法 → its code: 8-1, 8.1, 第八条第1项, 8."""
    found: dict[str, str] = {}
    for number, text in law.articles().items():
        items = [line.split(".", 1)[0] for line in text.splitlines() if line.split(".", 1)[0].isdigit()]
        for code in (str(number), *(f"{number}.{item}" for item in items)):
            found |= {code: code, code.replace(".", "-"): code, law.citation(code): code}
    return found


@cache
def _spoken(choice: str) -> dict[str, str]:
    return {word: code for code, words in choices(choice).items() for word in words}


class _Told:
    """Gathers what is wrong with the cells of one file."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name, self.problems = name, problems

    def cells(self, rows: pd.DataFrame, bad: pd.Series, column: str, what: str, todo: str) -> None:
        """One message for each row that is `bad`."""
        for row, value in rows.loc[bad, column].items():
            shown = "" if pd.isna(value) else str(value)
            self.problems.append(Problem(place(self.name, row=int(str(row)), column=column), what.format(value=shown), todo))


def _split(cells: pd.Series) -> pd.Series:
    """A cell with several words, parted by | , as a list; an empty cell is an empty list."""
    parts = cells.fillna("").str.split(r"\s*[|｜]\s*", regex=True)
    return parts.map(lambda words: [word for word in words if word])


def _common(rows: pd.DataFrame, told: _Told) -> pd.DataFrame:
    """word, folded, note, list_version, is_on, word_list, src_row."""
    folded = rows["词语"].fillna("").map(fold).astype("str")
    told.cells(rows, folded.str.len() < _SHORTEST, "词语", "“{value}”不足两个字（不计空格和符号）", "太短的词到处都会命中，请写长一些")
    symbols = rows["词语"].fillna("").str.contains(r"[^\w\s,，、·]", regex=True)
    told.cells(rows, symbols, "词语", "“{value}”里有符号", "查找时不看符号，请只写文字；整句的引号、书名号也请去掉")
    on = plain(rows["启用"]).fillna("是")
    told.cells(rows, ~on.isin(["是", "否"]), "启用", "“{value}”不是“是”或“否”", "请填“是”或“否”；空着就是“是”")
    return pd.DataFrame(
        {
            "word": rows["词语"],
            "folded": folded,
            "note": rows["说明"],
            "list_version": rows["版本"],
            "is_on": on != "否",
            "word_list": told.name,
            "src_row": rows.index,
        },
        index=rows.index,
    )


def checked_words(rows: pd.DataFrame, name: str, problems: list[Problem]) -> pd.DataFrame:
    """Rows under WORD_COLUMNS (index = row in the file) as the columns of WordLists.words; adds to `problems`."""
    told = _Told(name, problems)
    rows = rows.apply(to_text) if len(rows) else rows.astype("str")
    made = _common(rows, told)
    kind = plain(rows["类别"]).map(_spoken("hint_kind")).astype("str")
    told.cells(rows, kind.isna(), "类别", "没有“{value}”这种类别", f"可填：{'、'.join(words[0] for words in choices('hint_kind').values())}")
    article = plain(rows["条款"]).map(_articles()).astype("str")
    told.cells(rows, rows["条款"].notna() & article.isna(), "条款", "“{value}”不是办法的条款", "请写成 8-1、8-10、11-2、19 这样；空着按类别取")
    of_kind = kind.map({code: entry["article"] for code, entry in kinds().items()}).astype("str")
    elsewhere = (kind == "prohibited") & ~article.fillna("").str.startswith("8.")
    told.cells(rows, elsewhere, "条款", "“{value}”不是第八条的一项", "违禁内容要写明第八条哪一项，如 8-7")
    severity = plain(rows["建议程度"]).map(_spoken("severity")).astype("str")
    odd = rows["建议程度"].notna() & ~severity.isin(PROPOSED)
    told.cells(rows, odd, "建议程度", "“{value}”不是可建议的程度", "可填：一般、严重、严重表述错误；也可以空着")
    is_on = made["is_on"].astype(bool)
    lacking = kind.isin(NEEDS_CORRECTION) & rows["正确写法"].isna() & is_on
    told.cells(rows, lacking, "正确写法", "没有写正确写法", "文字差错、规范表述写对的说法，领导姓名写现任职务（几个职务用 | 隔开）")
    exceptions = _split(rows["例外"]).map(lambda words: [fold(word) for word in words])
    strange = pd.Series(
        [any(word not in each or each == word for each in found) for word, found in zip(made["folded"], exceptions, strict=True)],
        index=rows.index, dtype=bool,
    )  # fmt: skip
    told.cells(rows, strange & is_on, "例外", "“{value}”里有不含这个词（或与它相同）的", "例外是含有这个词的更长的词；附近出现就放宽的，请写到“语境”列")
    return made.assign(
        kind=kind, article=article.fillna(of_kind), severity=severity, exceptions=exceptions, contexts=_split(rows["语境"]), correction=rows["正确写法"]
    )


def checked_contexts(rows: pd.DataFrame, name: str, problems: list[Problem]) -> pd.DataFrame:
    """Rows under CONTEXT_COLUMNS as the columns of WordLists.contexts; adds to `problems`."""
    told = _Told(name, problems)
    rows = rows.apply(to_text) if len(rows) else rows.astype("str")
    told.cells(rows, rows["语境"].isna(), "语境", "没有写语境的名称", "请写名称，如“宣传打击”")
    return _common(rows, told).assign(context=rows["语境"])

