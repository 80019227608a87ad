"""Notices as .docx: the filled-in template, for a 整改通知书 the list of problems with evidence and the 回执 to be filled in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xmt_scoring.errors import XmtError
from xmt_scoring.reports import official
from xmt_scoring.reports.bulletin.wording import official as written
from xmt_scoring.reports.notices.fields import ANSWER_ANNEX, DRAFTS, KINDS, LIST_ANNEX, NOTICE, Notice, basis, readings
from xmt_scoring.reports.official import Column, Paper
from xmt_scoring.reports.text_templates import Text, add_blocks, fill_in
from xmt_scoring.workspace import QuarterData

HEAD = ("标题", "文号", "主送", "署名")
DRAFT = "（草稿，经负责人签发后生效）"
_LIST = (
    Column("序号", 11, "center"), Column("整改编号", 24), Column("账号", 28), Column("问题和事实", 58), Column("依据", 44),
    Column("证据（文件、表、行）", 54), Column("整改要求", 38),
)  # fmt: skip
_ANSWER = (
    Column("序号", 10, "center"), Column("整改编号", 26), Column("账号", 32), Column("问题", 50), Column("整改措施", 60), Column("整改结果", 26),
    Column("完成日期", 26), Column("责任人", 22),
)  # fmt: skip
_ANSWER_NOTE = "整改结果写：已整改、整改中、未整改或已注销；已整改的请附截图、链接等证明。"
_SIGN_NOTE = "　　主要负责人（签字）：　　　　　　　　联系电话：　　　　　　　　　　年　　月　　日"
BRIEF = 60  # characters of a problem that the 回执 repeats
_ROW = re.compile(r"(.+)第 ([0-9]+) 行")


def filled(root: Path, notice: Notice) -> Text:
    """The workspace's template with the notice's fields in it; XmtError where it is wrong or lacks a line of the head."""
    name = f"{KINDS[notice.kind]}.txt"
    text = fill_in(root, name, notice.fields, HEAD)
    absent = [f"{each}：" for each in HEAD if each not in text.head]
    if absent:
        raise XmtError.of(f"模板/{name}", f"开头缺少{'、'.join(absent)}", "请补上；样子见软件自带的模板（删掉这个文件就用回自带的）")
    return text


def write_one(path: Path, data: QuarterData, notice: Notice, text: Text, names: dict[str, str]) -> None:
    """One notice to `path`. Raises OSError when it cannot be written."""
    paper = official.new_paper(text.head["标题"].replace("|", "") + f"（{notice.unit_name}）", notice.issued_on, author=text.head["署名"])
    _add(paper, data, notice, text, names)
    official.save_paper(paper, path)


def write_merged(
    path: Path, data: QuarterData, told: Sequence[tuple[Notice, Text]], names: dict[str, str], issued_on: dt.date
) -> None:
    """All notices in one file for printing on both sides: each begins on an odd page with page 1."""
    paper = official.new_paper(f"{data.settings.county}政务新媒体整改通知（{data.period.label}）", issued_on)
    for number, (notice, text) in enumerate(told):
        if number:
            official.start_next_paper(paper)
        _add(paper, data, notice, text, names)
    official.save_paper(paper, path)


def _add(paper: Paper, data: QuarterData, notice: Notice, text: Text, names: dict[str, str]) -> None:
    head = text.head
    official.add_text(paper, head["文号"], indent=False, align="center")
    official.add_blank(paper)
    official.add_title(paper, head["标题"], below=DRAFT if notice.kind in DRAFTS else "")
    official.add_addressee(paper, head["主送"])
    add_blocks(paper, text.blocks)
    if notice.kind == NOTICE:
        official.add_annex_note(paper, [LIST_ANNEX, ANSWER_ANNEX])
    day = notice.issued_on if notice.kind not in DRAFTS else f"{notice.issued_on.year}年　月　日"
    official.add_signature(paper, head["署名"], day, sealed=data.settings["sealed"])
    if notice.kind == NOTICE:
        _add_list(paper, data, notice, names)
        _add_answer(paper, notice, head, names)


def _subject(row: Mapping[Any, Any], names: dict[str, str]) -> str:
    return names.get(row["account_id"], "（单位）")


def _add_list(paper: Paper, data: QuarterData, notice: Notice, names: dict[str, str]) -> None:
    official.start_annex(paper, "附件1", LIST_ANNEX, landscape=True)
    # above the table: under it they might stand alone on a page of their own
    official.add_caption(paper, "证据列写明事实所在的文件、工作表和行（行号与Excel显示的一致）；需要查看的，可向县政务公开办公室索取。电话和证件号码已隐去。")
    if used := readings(data, dict.fromkeys(notice.problems["check_id"])):
        official.add_caption(paper, "《办法》没有写死的，按以下口径认定：" + "；".join(used) + "。")
    official.add_caption(paper, f"单位：{notice.unit_name}")
    rows = [
        (number, row["problem_id"], _subject(row, names), _fact(row), basis(row), _places(row["evidence"], row["url"]), written(row["remedy"]))
        for number, row in enumerate(notice.problems.to_dict("records"), start=1)
    ]
    official.add_table(paper, _LIST, rows)


def _fact(row: Mapping[Any, Any]) -> str:
    """What happened, under the name of the duty where the words do not begin with it."""
    message = str(row["message"])
    return written(message if message.startswith(row["label"]) else f"{row['label']}：{row['fact']}")


def _places(evidence: str, url: str) -> str:
    """The lines of evidence in one: rows of the same sheet are named together."""
    told: dict[str, list[str]] = {}
    for line in evidence.split("\n"):
        found = _ROW.fullmatch(line)
        told.setdefault(found[1] if found else line, []).extend([found[2]] if found else [])
    lines = [f"{place}第{'、'.join(rows)}行" if rows else place for place, rows in told.items()]
    return "；".join(part for part in (*lines, url) if part)


def _add_answer(paper: Paper, notice: Notice, head: Mapping[str, str], names: dict[str, str]) -> None:
    official.start_annex(paper, "附件2", ANSWER_ANNEX, landscape=True)
    limit = "" if notice.rectify_by is None else f"整改期限：{official.chinese_date(notice.rectify_by)}　　"
    official.add_caption(paper, f"对应通知：{head['文号']}　　{limit}{_ANSWER_NOTE}")
    official.add_caption(paper, f"填报单位（公章）：{notice.unit_name}{_SIGN_NOTE}")
    rows = [
        (number, row["problem_id"], _subject(row, names), _brief(_fact(row)), None, None, None, None)
        for number, row in enumerate(notice.problems.to_dict("records"), start=1)
    ]
    official.add_table(paper, _ANSWER, rows, least_mm=11)


def _brief(text: str) -> str:
    return text if len(text) <= BRIEF else text[: BRIEF - 1] + "…"
