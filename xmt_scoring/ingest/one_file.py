"""How one file is read, without a workspace: kind, platform, headings, rows, span (`xmt import --explain`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from xmt_scoring.errors import Problem, XmtError, place
from xmt_scoring.frames import conform, empty
from xmt_scoring.glossary import heading
from xmt_scoring.ingest.coverage import span_of
from xmt_scoring.ingest.described import MESSAGES, described_messages
from xmt_scoring.ingest.drafts import draft
from xmt_scoring.ingest.grids import LIMITS, Grid, Limits
from xmt_scoring.ingest.kinds import UNKNOWN_TODO, Kind, Recognised, recognise
from xmt_scoring.ingest.listing import no_data_note
from xmt_scoring.ingest.normalise import VIEWS, Reading, read
from xmt_scoring.ingest.packages import is_archive, measure, members
from xmt_scoring.ingest.platforms import KINDS
from xmt_scoring.ingest.register_specs import MANUAL_FORM, OUR_OTHER, sheets
from xmt_scoring.ingest.registers import headings_of, is_register, read_register
from xmt_scoring.ingest.tables import open_bytes, read_bytes
from xmt_scoring.workspace import sha256_of

DRAFT = "导出格式.toml 可以从这里写起"  # the label of a text that is to be copied
_SHOWN = 3  # rows of an unknown table that are shown
_NAMED = {
    "account_any": "账号", "account_no": "平台账号ID", "account_no_too": "平台账号ID", "account_word": "账号名称", "platform_word": "平台",
    "views": VIEWS, "bid": "短 ID",
}  # fmt: skip


class Explained(NamedTuple):
    """`files`: one row per table; `problems`: fatal where nothing was recognised; `details`: per table what a person asks
    (kind of file, header row, which heading is which column, rows passed over), as pairs of label and text."""

    files: pd.DataFrame
    problems: list[Problem]
    details: list[list[tuple[str, str]]]


def explain_file(path: Path, own_kinds: tuple[Kind, ...] = (), limits: Limits = LIMITS) -> Explained:
    """How one file (or each file of a .zip) is read; `own_kinds` and `limits`: what the workspace says of them."""
    sha = sha256_of(path)
    lines, problems, details = [], [], []
    try:
        data = read_bytes(path, path.name, limits)
        contents: list[tuple[str, bytes | XmtError]] = [(path.name, data)]
        if is_archive(data):
            measure(data, path.name, limits)
            contents = list(members(data, path.name, limits))
    except XmtError as error:
        return Explained(empty("files"), _fatal(error.problems, True), [])
    for file, content in contents:
        try:
            if isinstance(content, XmtError):
                raise content
            grids = [grid for grid in open_bytes(content, file, limits) if grid.rows]
        except XmtError as error:
            problems += error.problems
            continue
        has_form = any(is_register(grid) == MANUAL_FORM for grid in grids)
        for grid in grids:
            line, more, told = _explain(grid, (*own_kinds, *KINDS), has_form)
            lines.append({"file": file, "sheet": grid.sheet, "sha256": sha, **line})
            problems += more
            details.append(told)
    is_known = any(line["kind"] != "other" for line in lines)
    files = conform(pd.DataFrame(lines), "files") if lines else empty("files")
    return Explained(files, _fatal(problems, not is_known), details)


def _fatal(problems: list[Problem], is_fatal: bool) -> list[Problem]:
    return [Problem(each.where, each.what, each.todo, is_fatal) for each in problems]


def _explain(grid: Grid, kinds: tuple[Kind, ...], has_form: bool) -> tuple[dict[str, object], list[Problem], list[tuple[str, str]]]:
    told = [("文件格式", grid.form), *(("提示", note) for note in grid.notes)]
    described = described_messages(grid, kinds)
    name = MESSAGES if described else is_register(grid)
    if name:
        register = read_register(described[0] if described else grid, name)
        kind = "messages" if name == "messages" else "register"
        counts = {each: getattr(register, each) for each in ("n_rows", "n_kept", "n_quarantined", "n_no_data_rows")}
        if described:
            told += _matched_headings(described[1])
        else:
            row, taken, unused = headings_of(grid, name)
            told += _headings(row, [f"{text} → {heading(column)}" for column, text in taken.items()], unused)
        told += _no_data(register.no_data_rows, "示例、合计、签名或没有填的")
        note = described[1].kind.name if described and described[1].kind else _form_of(name)
        return {"kind": kind, "note": note, **counts}, list(register.problems), told
    if has_form:
        n = len(grid.rows)
        return {"kind": "other", "note": OUR_OTHER, "n_rows": n, "n_kept": 0, "n_quarantined": 0, "n_no_data_rows": n}, [], []
    found = recognise(grid, [kind for kind in kinds if kind.file_kind != MESSAGES])
    if found.kind is None or found.table is None:
        n = len(grid.rows)
        counts = {"n_rows": n, "n_kept": 0, "n_quarantined": n, "n_no_data_rows": 0}
        shown = [(f"第 {number} 行", " | ".join(str(cell) for cell in row if cell not in ("", None))[:200]) for number, row in _first(grid)]
        written = [(DRAFT, text)] if (text := draft(grid, kinds)) else []
        return {"kind": "other", "note": found.hint, **counts}, [Problem(place(grid.file, grid.sheet), found.hint, UNKNOWN_TODO)], [*told, *shown, *written]
    reading = read(found.table, found.kind)
    span = span_of(reading, pd.DataFrame({"covers_from": [], "covers_to": []}))
    line: dict[str, object] = {
        "kind": found.kind.file_kind, "platform": found.kind.platform, "n_rows": reading.n_rows, "n_kept": len(reading.rows),
        "n_quarantined": len(reading.quarantined), "n_no_data_rows": reading.n_no_data_rows, "note": found.kind.name,
    }  # fmt: skip
    if span:
        line |= {"covers_from": span.start, "covers_to": span.end, "coverage_basis": span.basis}
    problems = [
        Problem(place(grid.file, grid.sheet, int(str(row))), str(reason), "这一行没有采用", False)
        for row, reason in reading.quarantined.head(20).items()
    ]
    if found.kind.refused:
        problems = [Problem(place(grid.file, grid.sheet), found.kind.refused, "没有采用")]
    return line, problems, [*told, *_reading(found, reading)]


def _first(grid: Grid) -> list[tuple[int, list[object]]]:
    return [(number, row) for number, row in enumerate(grid.rows, start=1) if any(cell not in ("", None) for cell in row)][:_SHOWN]


def _reading(found: Recognised, reading: Reading) -> list[tuple[str, str]]:
    """What a person asks of a table that was recognised."""
    assert found.kind is not None and found.table is not None
    told = _matched_headings(found)
    told += _no_data(reading.no_data_rows, "合计、说明、没有数或不取的渠道")
    told += [("导出上限", f"正好 {len(reading.rows)} 行，达到上限，更早的可能没有导出")] * reading.is_capped
    told += [("能否证明没有发布", "不能：这只是该账号发布的一部分")] * found.kind.is_part
    return told


def _no_data(rows: Sequence[int], kinds: str) -> list[tuple[str, str]]:
    return [("不是数据的行", f"{no_data_note(rows).removeprefix('非数据行：')}（{kinds}）")] if rows else []


def _matched_headings(found: Recognised) -> list[tuple[str, str]]:
    assert found.kind is not None and found.table is not None
    words = found.table.headings
    taken = {name: next((word for word in variants.split("|") if word in words), None) for name, variants in found.kind.columns.items()}
    pairs = [f"{word} → {_NAMED.get(name) or heading(name)}" for name, word in taken.items() if word]
    unused = [word for word in dict.fromkeys(words) if word and word not in taken.values()]
    told = [("表头上方的文字", "、".join(found.table.titles))] * bool(found.table.titles)
    return told + _headings(found.table.header_row, pairs, unused)


def _headings(row: int, pairs: list[str], unused: list[str]) -> list[tuple[str, str]]:
    told = [("表头在第几行", str(row))]
    return told + [("列的对应", "、".join(pairs))] * bool(pairs) + [("没有用到的列", "、".join(unused))] * bool(unused)


def _form_of(register: str) -> str:
    """The form that people know a register by."""
    sheet = next((sheet for sheet in sheets() if sheet.register == register), None)
    return f"登记表“{sheet.file.removesuffix('.xlsx')}”的“{sheet.name}”" if sheet else "人工核查表"
