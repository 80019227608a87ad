"""The description of an unknown table for 导出格式.toml to begin with: their headings, and our columns where the words tell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from xmt_scoring.glossary import choices, heading
from xmt_scoring.ingest.formats import COLUMNS
from xmt_scoring.ingest.grids import HEADER_SEARCH, Grid
from xmt_scoring.ingest.kinds import Kind
from xmt_scoring.ingest.tables import heading_texts

# words in a heading that no kind knows, as a suggestion only; the first that fits
_POSTS = {"时间|日期": "posted_at", "标题|名称": "title", "链接|网址": "url", "正文|内容": "text"}
_MESSAGES = {
    "(回复|答复).*(时间|日期)": "first_reply_at", "办结": "closed_at", "(回复|答复)(单位|部门)": "answered_by", "回复|答复": "reply_text",
    "时间|日期": "received_at", "标题|主题": "message_title", "内容|详情|诉求|正文": "message_text", "编号|单号": "message_id",
    "姓名|网民|网友|用户|来信人": "netizen",
}  # fmt: skip
_IS_MESSAGES = re.compile("留言|来信|诉求|信件|(回复|答复)(内容|意见|时间|日期)")


def draft(grid: Grid, kinds: Iterable[Kind]) -> str:
    """Empty where no line near the top looks like the headings of a list of posts or messages. The platform of posts is left
    for a person; messages may be everybody's."""
    lists = [kind for kind in kinds if kind.file_kind == "posts" and not kind.refused]
    known = {variant: name for kind in lists for name, variants in kind.columns.items() for variant in variants.split("|")}
    found: dict[str, str] = {}
    file_kind = "posts"
    for row in grid.rows[:HEADER_SEARCH]:
        words = [word for word in heading_texts(row) if word]
        if any(_IS_MESSAGES.search(word) for word in words):
            taken = _taken(words, {}, _MESSAGES, "messages")
            if "received_at" in taken and {"message_title", "message_text"} & set(taken) and len(taken) > max(2, len(found)):
                found, file_kind = taken, "messages"
            continue
        taken = _taken(words, known, _POSTS, "posts")
        if "posted_at" in taken and {"title", "text"} & set(taken) and len(taken) > max(2, len(found)):  # else it counts days
            found, file_kind = taken, "posts"
    if not found:
        return ""
    lines = [f"{json.dumps(word, ensure_ascii=False)} = {json.dumps(heading(name), ensure_ascii=False)}" for name, word in reversed(found.items())]
    head = ["[[formats]]", f"name = {json.dumps(PurePosixPath(grid.file).stem, ensure_ascii=False)}"]
    head += ['platform = "这里写平台，如 快手"'] * (file_kind == "posts")
    return "\n".join([*head, f'kind = "{choices("file_kind")[file_kind][0]}"', "[formats.columns]", *lines])


def _taken(words: list[str], known: Mapping[str, str], parts: Mapping[str, str], file_kind: str) -> dict[str, str]:
    """Our column → the first heading that means it, in reverse order of the headings."""
    meant = {word: known.get(word) or next((name for part, name in parts.items() if re.search(part, word)), None) for word in words}
    return {name: word for word, name in reversed(meant.items()) if name in COLUMNS[file_kind]}
