"""Text templates of the office (模板/*.txt): fields filled in strictly, light marks for levels, and what they become on paper.

A template is plain text. `{{ 字段 }}` prints a field, `{% if … %}` and `{% for … %}` choose and repeat (Jinja2 in its sandbox; an
unknown field is an error, never a blank). What is printed then has a head of lines 名称：内容 down to a line ----, and below
it one paragraph a line: # 一级, ## 二级, ### 三级, #### 四级; numbers are put in afterwards, so that a section that is
left out leaves no hole. A heading line with a full stop in it goes on as text: only its first sentence is in the type of
the level.
"""

from __future__ import annotations

import difflib
import re
import traceback
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xmt_scoring.errors import XmtError, place

if TYPE_CHECKING:
    from xmt_scoring.reports.official import Paper

FOLDER = "模板"
_PACKAGED = {
    "通报.txt": "bulletin.txt", "整改通知书.txt": "notice.txt", "提醒函.txt": "reminder.txt", "约谈通知书.txt": "talk.txt", "警告书.txt": "warning.txt",
}  # fmt: skip
_CHAPTERS = {"通报.txt": "发通报"}  # of the manual, where the fields are listed; the others stand in 发整改通知
_RULE = re.compile(r"-{4,}")
_HEADING = re.compile(r"(#{1,4})\s*(.*)")
_QUOTED = re.compile(r"'([^']*)'")


@dataclass(frozen=True)
class Block:
    """A paragraph: `level` 1 to 4 of a heading, 0 of plain text. The text has no number."""

    level: int
    text: str


@dataclass(frozen=True)
class Text:
    """A filled-in template: the head's lines by name, and the paragraphs."""

    head: Mapping[str, str]
    blocks: tuple[Block, ...]


def packaged(name: str) -> str:
    """The package's own text of a template."""
    return files("xmt_scoring").joinpath("reports", "templates", _PACKAGED[name]).read_text(encoding="utf-8")


def write_copies(folder: Path) -> list[Path]:
    """Put the package's templates into a workspace's folder, where the office may change them; what is there stays."""
    written = []
    for name in _PACKAGED:
        if not (folder / name).exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(packaged(name), encoding="utf-8-sig")  # the mark helps old editors
            written.append(folder / name)
    return written


def fill_in(root: Path, name: str, fields: Mapping[str, Any], head: Collection[str]) -> Text:
    """The workspace's template `模板/<name>` (or the package's, where there is none) with the fields in it.

    `head`: the names that may stand in the head. Raises XmtError with file and line when the template cannot be read, is
    not written as it should be, or names a field that there is not.
    """
    path = root / FOLDER / name
    where = f"{FOLDER}/{name}" if path.exists() else f"软件自带的 {name}"
    try:
        source = path.read_bytes().decode("utf-8-sig") if path.exists() else packaged(name)
    except UnicodeDecodeError:
        raise XmtError.of(where, "不是 UTF-8 文字", "请用记事本打开，另存为，编码选 UTF-8") from None
    return parse(_rendered(source, where, fields, _CHAPTERS.get(name, "发整改通知")), where, head)


def _rendered(source: str, where: str, fields: Mapping[str, Any], chapter: str) -> str:
    from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    room = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    try:
        return room.from_string(source).render(fields)
    except TemplateSyntaxError as error:
        todo = "请核对 {{ }} 和 {% if %}…{% endif %}、{% for %}…{% endfor %} 是否成对；删掉这个文件就用回软件自带的"
        raise XmtError.of(place(where, row=error.lineno), f"模板写法有误（{error.message}）", todo) from error
    except UndefinedError as error:
        name = (_QUOTED.findall(str(error.message)) or ["?"])[-1]
        near = difflib.get_close_matches(name, list(fields), 1, 0.4)
        todo = f"是不是“{near[0]}”？全部字段见使用手册“{chapter}”" if near else f"全部字段见使用手册“{chapter}”"
        raise XmtError.of(_at(where, error), f"没有“{name}”这个字段", todo) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise XmtError.of(_at(where, error), f"模板这一行不能计算（{error}）", "请改正，或删掉这个文件用回软件自带的") from error


def _at(where: str, error: Exception) -> str:
    """The place of an error that arose while a template was filled in."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return place(where, row=lines[-1] if lines else None)


def parse(text: str, where: str, head: Collection[str]) -> Text:
    """A filled-in template in its parts; a heading under which nothing stands is left out. `where` and `head` as in `fill_in`."""
    lines = [line.strip() for line in text.splitlines()]
    end = next((number for number, line in enumerate(lines) if _RULE.fullmatch(line)), None)
    if end is None:
        raise XmtError.of(where, "没有一行 ---- 把开头几行与正文分开", "请在“署名：”等各行之后、正文之前加一行 ----")
    named = {}
    for line in filter(None, lines[:end]):
        name, colon, value = line.partition("：")
        if not colon or name not in head:
            near = difflib.get_close_matches(name, list(head), 1, 0.4)
            todo = f"是不是“{near[0]}：”？" if near else f"开头可以写：{'、'.join(f'{each}：' for each in head)}"
            raise XmtError.of(where, f"开头的“{line}”不认识", todo)
        if value.strip():
            named[name] = value.strip()
    blocks = [_block(line) for line in filter(None, lines[end + 1 :])]
    return Text(named, tuple(block for number, block in enumerate(blocks) if _has_content(blocks, number)))


def _block(line: str) -> Block:
    found = _HEADING.fullmatch(line)
    return Block(len(found[1]), found[2]) if found else Block(0, line)


def _has_content(blocks: list[Block], number: int) -> bool:
    """Whether a paragraph is text, or a heading with text before the next heading of its level or above."""
    level = blocks[number].level
    if not level or "。" in blocks[number].text:
        return True
    for block in blocks[number + 1 :]:
        if not block.level or (block.level > level and "。" in block.text):
            return True
        if block.level <= level:
            return False
    return False


def add_blocks(paper: Paper, blocks: Collection[Block]) -> None:
    """Print the paragraphs, headings numbered 一、（一）1.（1）."""
    from xmt_scoring.reports import official

    numbers = [0] * 5
    for block in blocks:
        if not block.level:
            official.add_text(paper, block.text)
            continue
        numbers[block.level] += 1
        numbers[block.level + 1 :] = [0] * (4 - block.level)
        number = official.heading_number(block.level, numbers[block.level])
        first, stop, rest = block.text.partition("。")
        if stop:
            official.add_run_in(paper, block.level, number + first + stop, rest)
        else:
            official.add_heading(paper, block.level, number + block.text)
