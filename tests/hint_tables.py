"""Posts made from bare texts, and what the hints say about them."""

import datetime as dt
from pathlib import Path

import pandas as pd

from xmt_scoring.frames import conform
from xmt_scoring.hints import WordLists, find_hints, load_lists

AS_OF = dt.date(2026, 10, 10)
HEADINGS = "词语,类别,条款,建议程度,例外,语境,正确写法,说明,版本,启用"


def posts_of(*texts: str, **changed) -> pd.DataFrame:
    """One public post in the period for each text."""
    n = len(texts)
    made = pd.DataFrame(
        {
            "post_id": [f"W1|p{number}" for number in range(n)], "account_id": "W1", "platform": "wechat_oa",
            "posted_at": pd.Timestamp(2026, 7, 2, 9), "has_time": True, "text": pd.Series(list(texts), dtype="str"),
            "is_visible": True, "is_in_period": True, "src_file": "微信/导出.xlsx", "src_sheet": "数据", "src_row": range(2, n + 2),
        }
    )  # fmt: skip
    return conform(made.assign(**changed), "posts")


def hints_of(*texts: str, lists: WordLists | None = None, **changed) -> pd.DataFrame:
    """The hints over these texts."""
    return find_hints(posts_of(*texts, **changed), lists or load_lists(), AS_OF)


def told(text: str, kind: str, lists: WordLists | None = None) -> list[tuple[str, str]]:
    """(word, level) of every hint of a kind in one text."""
    found = hints_of(text, lists=lists)
    found = found[found["hint_kind"] == kind]
    return list(zip(found["word"], found["hint_level"], strict=True))


def own_lists(folder: Path, *rows: str, name: str = "本县词语.csv", encoding: str = "utf-8") -> WordLists:
    """The shipped lists with a list of the workspace."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join([HEADINGS, *rows]) + "\n", encoding=encoding)
    return load_lists(folder)
