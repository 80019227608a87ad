"""Reads, likes, forwards, comments and followers carry no points, unless somebody signs for them with a document."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from xmt_scoring.scoring.rubric.reader import Reader

# 第十九条 and the national line against rankings: these figures are kept for trends and never carry points
ENGAGEMENT = {
    "reads", "read_count", "plays", "views", "likes", "shares", "forwards", "comments", "wows", "saves", "followers", "fans", "engagement",
}  # fmt: skip
_CHINESE = re.compile(
    r"(?:阅读|播放|点击|浏览|转发|评论|收藏|分享|关注|订阅|在看|点赞)(?:量|数|率|人数|次数|总数|排名)|点赞|粉丝|传播指数|影响力指数|WCI"
)
_AGAINST_FAKING = re.compile(
    r"(?:购买|虚假|伪造|强制|强迫|诱导|刷)[^,。;、]{0,8}(?:阅读|播放|点击|转发|评论|粉丝|点赞|关注|下载)[量数率]?"
)
_NOT_READ = {"article", "model", "note", "type"}
WHY = "阅读、点赞、转发、评论、粉丝只作趋势，不计分：第十九条禁止虚假与强制，中央网信委要求防治“指尖上的形式主义”，不排名、不强制"
_PLACES = ("items", "vetoes", "gates", "composite", "blocks", "ladder", "groups")


def override_of(reader: Reader, raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """[engagement_override] with by, on and document; None without one. Every sheet prints it."""
    if "engagement_override" not in raw:
        return None
    path, table = ("engagement_override",), reader.table(raw, "engagement_override")
    reader.keys(table, ("by", "on", "document", "reason"), path, "engagement_override")
    if not _is_signed(table):
        reader.wrong(
            path, "engagement_override", "[engagement_override] 要写全 by、on、document",
            "写明谁决定（by）、哪天（on = 2025-01-01）、什么文号（document）；没有文件的请删去",
        )  # fmt: skip
        return None
    return table


def _is_signed(table: Mapping[str, Any]) -> bool:
    signed = all(isinstance(table.get(key), str) and str(table[key]).strip() for key in ("by", "document"))
    return signed and type(table.get("on")) is dt.date


def override_words(raw: Mapping[str, Any]) -> str:
    """The sentence that every sheet prints under an override; empty without one."""
    table = raw.get("engagement_override")
    if not table:
        return ""
    return f"阅读、粉丝等计分系{table['by']} {table['on']} {table['document']} 决定（默认不计分）"


def check_engagement(reader: Reader, raw: Mapping[str, Any]) -> None:
    """A problem for each item, veto, gate or part that counts such a figure, in English or Chinese words."""
    override = raw.get("engagement_override")
    if isinstance(override, dict) and _is_signed(override):
        return
    for key in _PLACES:
        for path, table in reader.tables(raw, key):
            counted = sorted({figure for text in _texts(table) for figure in _figures(text)})
            if counted:
                reader.wrong(
                    path, str(table.get("id", table.get("code", table.get("measure", "")))), f"按 {'、'.join(counted)} 计分。{WHY}",
                    "请删去；确有文件规定的，写 [engagement_override] 的 by、on、document",
                )  # fmt: skip


def _figures(text: str) -> Iterable[str]:
    words = set(re.split(r"[^a-z_]+", text.lower()))
    words |= {part for word in words for part in word.split("_")}
    found = words & ENGAGEMENT
    yield from found - ({"engagement"} if "faked" in words else set())
    yield from _CHINESE.findall(_AGAINST_FAKING.sub("", text))


def _texts(value: object, key: str = "") -> Iterable[str]:
    if key in _NOT_READ:
        return
    if isinstance(value, dict):
        for name, entry in value.items():
            yield str(name)
            yield from _texts(entry, name)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, str):
        yield value
