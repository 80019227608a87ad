"""The circular as a .docx: the filled-in template, then the annexes as tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from xmt_scoring.errors import XmtError
from xmt_scoring.reports import official
from xmt_scoring.reports.bulletin.fields import Contents
from xmt_scoring.reports.text_templates import Text, add_blocks, fill_in
from xmt_scoring.settings import Settings

TEMPLATE = "通报.txt"
HEAD = ("标题", "主送", "署名", "红头", "文号", "抄送", "印发")
DRAFT = "（征求意见稿）"


def filled(root: Path, made: Contents) -> Text:
    """The workspace's template with the circular's fields in it; XmtError where it is wrong or lacks a line of the head."""
    text = fill_in(root, TEMPLATE, made.fields, HEAD)
    absent = [f"{name}：" for name in ("标题", "主送", "署名") if name not in text.head]
    if absent:
        raise XmtError.of(f"模板/{TEMPLATE}", f"开头缺少{'、'.join(absent)}", "请补上；样子见软件自带的模板（删掉这个文件就用回自带的）")
    return text


def write_bulletin(path: Path, made: Contents, text: Text, settings: Settings, issued_on: dt.date) -> None:
    """Write the .docx to `path`. A draft has neither red head nor 版记 nor a date. Raises OSError when it cannot be written."""
    head, title = text.head, text.head["标题"]
    paper = official.new_paper(title.replace("|", ""), issued_on, author=head["署名"])
    if settings["red_head"] and not made.is_draft:
        official.add_red_head(paper, head.get("红头", head["署名"]), head.get("文号", ""))
    official.add_title(paper, title, below=DRAFT if made.is_draft else "")
    official.add_addressee(paper, head["主送"])
    add_blocks(paper, text.blocks)
    official.add_annex_note(paper, [annex.title for annex in made.annexes])
    official.add_signature(paper, head["署名"], made.fields["成文日期"], sealed=settings["sealed"])
    for annex in made.annexes:
        official.start_annex(paper, annex.mark, annex.title, annex.is_wide)
        official.add_table(paper, annex.columns, annex.rows)
        for note in annex.notes:
            official.add_note(paper, note)
    if settings["imprint"] and not made.is_draft:
        copies = [name for name in head.get("抄送", "").rstrip("。").split("，") if name]
        official.add_imprint(paper, copies, head.get("印发", head["署名"]), issued_on)
    official.save_paper(paper, path)
