"""导出格式.toml: exports that the office describes itself, a heading for each of our columns, without code."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.glossary import choices, heading
from xmt_scoring.ingest.kinds import Kind
from xmt_scoring.ingest.tables import heading_texts

FILE_NAME = "导出格式.toml"
COLUMNS = {
    "posts": ("posted_at", "title", "text", "url", "native_id", "is_original", "is_repost", "post_status", "work_kind", "reads", "plays", "likes",
              "shares", "comments", "wows", "saves"),
    "daily_counts": ("counted_on", "n_posts"),
    "followers": ("counted_on", "new_followers", "lost_followers", "net_followers", "total_followers"),
    "profiles": ("platform_account_no", "profile_name", "is_verified", "verified_as", "total_followers", "total_posts", "url"),
    "messages": ("account_id", "platform", "message_id", "netizen", "message_title", "message_text", "received_at", "reply_text", "first_reply_at",
                 "closed_at", "is_effective", "is_automatic", "answered_by", "message_source", "is_excused", "excuse_kind", "excuse_reason", "note"),
}  # fmt: skip
_NEEDED = {  # of columns joined by `|` one
    "posts": ("posted_at",), "daily_counts": ("counted_on", "n_posts"), "followers": ("counted_on",), "profiles": ("profile_name",),
    "messages": ("received_at", "message_text|message_title|reply_text|first_reply_at"),
}  # fmt: skip
_KEYS = {"name", "platform", "kind", "columns", "date_format", "cap"}
_ACCOUNT = "account_any"


def own_kinds(path: Path) -> tuple[Kind, ...]:
    """The exports that a workspace describes; empty without the file. XmtError with every problem of the file.

    Each `[[formats]]`: name, platform (in Chinese; a list of messages may be everybody's), kind (发布记录, 每日发布数, 粉丝数据,
    账号资料, 留言), a table `columns` ("the heading in their file" = "our column"), and where needed date_format (as for
    strptime) and cap (rows at which the platform cuts a list off). Several headings for one column: the first that has a value counts.
    """
    if not path.exists():
        return ()
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise XmtError.of(path.name, f"不是正确的 TOML：{error}", "请按提示的行改正，文件存为 UTF-8") from error
    problems: list[Problem] = []
    entries = raw.get("formats", [])
    if set(raw) - {"formats"} or not isinstance(entries, list):
        problems.append(Problem(path.name, f"只能有 [[formats]]，现在有 {'、'.join(raw)}", "请照手册的样子写"))
        entries = []
    made = [_kind(path.name, number, entry, problems) for number, entry in enumerate(entries, start=1)]
    if problems:
        raise XmtError(problems)
    return tuple(kind for kind in made if kind is not None)


def _kind(file: str, number: int, entry: Mapping[str, Any], problems: list[Problem]) -> Kind | None:
    where = f"{file} 第 {number} 个 [[formats]]"
    before = len(problems)
    is_messages = entry.get("kind") in ("messages", *choices("file_kind")["messages"])
    unknown, absent = set(entry) - _KEYS, {"name", "kind", "columns", *(("platform",) if not is_messages else ())} - set(entry)
    if unknown or absent:
        told = [f"多出 {'、'.join(sorted(unknown))}"] * bool(unknown) + [f"缺少 {'、'.join(sorted(absent))}"] * bool(absent)
        problems.append(Problem(where, "，".join(told), f"可写的有：{'、'.join(sorted(_KEYS))}"))
        return None
    platform = _code("platform", entry["platform"], f"{where} 的 platform", problems) if "platform" in entry else None
    kinds = {code: words for code, words in choices("file_kind").items() if code in COLUMNS}
    file_kind = next((code for code, words in kinds.items() if entry["kind"] in (code, *words)), None)
    if file_kind is None:
        problems.append(Problem(f"{where} 的 kind", f"是“{entry['kind']}”", f"应为 {'、'.join(words[0] for words in kinds.values())}"))
        return None
    ours = {heading(name): name for name in COLUMNS[file_kind]} | ({heading("account_id"): _ACCOUNT} if file_kind == "posts" else {})
    columns: dict[str, str] = {}
    for theirs, word in entry["columns"].items():
        near = difflib.get_close_matches(str(word), ours, 1, 0.4)
        if word not in ours:
            problems.append(Problem(f"{where} 的 columns“{theirs}”", f"没有“{word}”这一列", f"是不是“{near[0]}”" if near else f"可写的有：{'、'.join(ours)}"))
        else:
            name, read = ours[word], heading_texts([theirs])[0]
            columns[name] = f"{columns[name]}|{read}" if name in columns else read
    lacking = ["或".join(map(heading, names.split("|"))) for names in _NEEDED[file_kind] if not set(names.split("|")) & set(columns)]
    if lacking and len(problems) == before:
        problems.append(Problem(f"{where} 的 columns", f"没有写“{'、'.join(lacking)}”对应哪一列", "请补上"))
    cap, form = entry.get("cap"), entry.get("date_format")
    if cap is not None and (type(cap) is not int or cap < 1):
        problems.append(Problem(f"{where} 的 cap", f"是 {cap!r}", "应为导出上限的行数，如 1000"))
    if form is not None and (not isinstance(form, str) or "%" not in form):
        problems.append(Problem(f"{where} 的 date_format", f"是 {form!r}", '应写成 "%Y.%m.%d %H:%M" 这样'))
    if len(problems) > before:
        return None
    return Kind(
        str(entry["name"]), platform, file_kind, tuple(columns.values()), columns,
        covers="followers" if file_kind == "followers" else "posts", cap=cap, date_format=form, is_own=True,
    )  # fmt: skip


def _code(choice: str, word: object, where: str, problems: list[Problem]) -> str | None:
    for code, words in choices(choice).items():
        if word in (code, *words):
            return code
    known = [words[0] for words in choices(choice).values()]
    near = difflib.get_close_matches(str(word), known, 1, 0.4)
    problems.append(Problem(where, f"是“{word}”", f"是不是“{near[0]}”" if near else f"应为 {'、'.join(known)} 之一"))
    return None
