"""Precision and recall of the text hints by kind on labelled.csv, and their throughput: `python benchmarks/hints/measure.py`."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from pathlib import Path

import pandas as pd

from xmt_scoring.frames import conform
from xmt_scoring.glossary import choices, spoken
from xmt_scoring.hints import WordLists, find_hints, load_lists

HERE = Path(__file__).parent
AS_OF = dt.date(2026, 10, 10)


def posts_of(texts: list[str]) -> pd.DataFrame:
    """Each text as the text of a post."""
    made = pd.DataFrame({"text": texts}).assign(
        post_id=[f"A|{number:07}" for number in range(len(texts))], account_id="A", platform="weibo", posted_at=pd.Timestamp(2026, 7, 2),
        has_time=True, is_visible=True, is_in_period=True, src_file="labelled.csv", src_row=range(2, len(texts) + 2),
    )  # fmt: skip
    return conform(made, "posts")


def table(labelled: pd.DataFrame, lists: WordLists) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Per kind: labelled, found, wrong, missed, precision, recall; and the texts that are wrong or missed.

    A hint counts as found at level 重点 or 一般; one at 参考 says itself that it is probably innocent and is counted apart.
    """
    posts = posts_of(labelled["文本"].tolist())
    hints = find_hints(posts, lists, AS_OF)
    hints = hints.assign(kind=spoken(hints["hint_kind"], "hint_kind"), number=hints["post_id"].str[2:].astype(int))
    strong = hints[hints["hint_level"] != "low"]
    rows, errors = [], []
    for kind in [words[0] for code, words in choices("hint_kind").items() if code != "office_title"]:
        wanted = set(labelled.index[labelled["应提示"] == kind])
        told, soft = set(strong.loc[strong["kind"] == kind, "number"]), set(hints.loc[hints["kind"] == kind, "number"])
        right = len(wanted & told)
        rows.append(
            {
                "类别": kind, "应提示": len(wanted), "命中": right, "误报": len(told - wanted), "漏报": len(wanted - told),
                "准确率": f"{right / max(len(told), 1):.2f}", "召回率": f"{right / max(len(wanted), 1):.2f}",
                "参考:误报": len(soft - told - wanted), "参考:应提示": len(wanted & (soft - told)),
            }
        )  # fmt: skip
        errors += [("误报", kind, labelled.loc[at, "文本"]) for at in sorted(told - wanted)]
        errors += [("漏报", kind, labelled.loc[at, "文本"]) for at in sorted(wanted - told)]
    return pd.DataFrame(rows), pd.DataFrame(errors, columns=["", "类别", "文本"])


def throughput(labelled: pd.DataFrame, lists: WordLists, n_characters: int) -> str:
    """Seconds for so many characters: each labelled text behind 740 characters of innocent filling, over and over."""
    filling = "我县召开会议安排部署下一阶段重点工作,各镇各部门要压实责任,认真抓好落实。" * 20
    texts = [filling + text for text in labelled["文本"]]
    texts = texts * (n_characters // sum(map(len, texts)) + 1)
    posts = posts_of(texts)
    start = time.perf_counter()
    hints = find_hints(posts, lists, AS_OF)
    seconds = time.perf_counter() - start
    return f"{sum(map(len, texts)) / 1e6:.1f} 百万字,{len(posts)} 条发布,{len(hints)} 条提示:{seconds:.2f} 秒"


def main() -> None:
    """Print the table; with --errors the texts behind it; with --speed the throughput."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--speed", type=int, default=0, metavar="CHARACTERS")
    arguments = parser.parse_args()
    labelled = pd.read_csv(HERE / "labelled.csv", dtype="str", keep_default_na=False, encoding="utf-8")
    lists = load_lists(HERE / "word_lists")
    made, errors = table(labelled, lists)
    print(f"{len(labelled)} 条,其中 {(labelled['应提示'] == '').sum()} 条不应提示\n")
    print("| " + " | ".join(made.columns) + " |\n|" + " --- |" * len(made.columns))
    for line in made.itertuples(index=False):
        print("| " + " | ".join(map(str, line)) + " |")
    if arguments.errors:
        print("\n" + errors.to_string(index=False, header=False))
    if arguments.speed:
        print("\n" + throughput(labelled, lists, arguments.speed))


if __name__ == "__main__":
    main()
