"""Schemes and tried-out sheets on the terminal, in Chinese."""

from __future__ import annotations

from fractions import Fraction

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xmt_scoring.law import citation
from xmt_scoring.scoring.rubric import Result, Rubric
from xmt_scoring.scoring.rubric.engagement import override_words
from xmt_scoring.scoring.rubric.model import Rounding
from xmt_scoring.scoring.rubric.reader import written
from xmt_scoring.scoring.rubric.rounding import printed
from xmt_scoring.scoring.rubric.words import gate_words, item_words, rollup_words, veto_words


def status_words(rubric: Rubric) -> str:
    """已采用 by whom, when and with which document; or 建议."""
    if rubric.status == "adopted":
        told = " ".join(str(rubric.raw[key]) for key in ("adopted_by", "adopted_on", "adopted_document"))
        return f"已采用（{told}）"
    return "建议（本县没有采用；分值不是《办法》规定的）"


def _table(*headings: str) -> Table:
    """A table that cuts nothing off on a narrow screen; texts are shown as they stand."""
    table = Table()
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def show_rubric(out: Console, rubric: Rubric) -> None:
    """The scheme as a table: blocks, items, points, rules in words, articles, models; then vetoes, gates, bands, roll-up."""
    out.print(f"{rubric.title}（{rubric.id}）", markup=False)
    full = f"；满分 {written(rubric.base)}" if rubric.base else ""
    out.print(f"状态：{status_words(rubric)}；自 {rubric.start} 起{full}", markup=False)
    for words in (str(rubric.raw.get("note", "")), str(rubric.raw.get("source", "")), override_words(rubric.raw)):
        if words:
            out.print(words, markup=False)
    if rubric.items:
        table = _table("部分", "编号", "项目", "分值", "计分方法", "条款", "参照")
        for item in rubric.items:
            block = rubric.blocks[item.block].name if item.block else ""
            weight = "" if item.weight == 1 else f" × {written(item.weight)}"
            worth = "加分" if item.is_bonus and not item.points else f"{'加 ' if item.is_bonus else ''}{written(item.points)}{weight}"
            rule = (f"[{'、'.join(item.groups)}] " if item.groups else "") + item_words(item)
            cells = (block, item.id, item.name, worth, rule, citation(item.article) if item.article else "", item.model)
            table.add_row(*(escape(cell) for cell in cells))
        out.print(table, markup=False)
    for title, lines in (
        ("单项否决", [f"{veto.code} {veto.name}：{veto_words(veto)}" + (f"（{citation(veto.article)}）" if veto.article else "") for veto in rubric.vetoes]),
        ("门槛", [f"{gate.id}：{gate_words(gate, rubric)}" for gate in rubric.gates]),
        ("等次", [f"{written(band.lowest)} 分以上 {band.name}" for band in rubric.bands]),
        ("汇总", [rollup_words(rubric)] if rubric.rollup else []),
        ("处置措施（只是建议）", [f"{step.object}：{step.condition.text} → {step.measure}" for step in rubric.ladder]),
        ("计入其他考核", [f"{written(rubric.pass_through.points)} × 得分 ÷ {written(rubric.pass_through.base)}"] if rubric.pass_through else []),
    ):  # fmt: skip
        if lines:
            out.print(f"{title}：", markup=False)
            for line in lines:
                out.print(f"  {line}", markup=False)
    for sheet in {sheet.id: sheet for sheet in rubric.parts.values()}.values():
        out.print("\n组成部分用的表：", markup=False)
        show_rubric(out, sheet)


def show_result(out: Console, rubric: Rubric, result: Result) -> None:
    """Parts, sums, grade and verdict of a tried-out sheet."""
    parts = Rounding(4)

    def four(value: Fraction) -> str:
        return f"{printed(value, parts):f}".rstrip("0").rstrip(".") or "0"

    if result.items:
        table = _table("编号", "项目", "分值", "得分", "扣分", "加分", "备注")
        names = {item.id: item.name for item in rubric.items}
        for name, part in result.items.items():
            told = ["不适用"] if part.is_na else []
            if part.is_bonus and part.score != part.gained:
                told.append(f"应加 {four(part.score)}，没有计入")
            figures = ["", "", four(part.gained)] if part.is_bonus else [four(part.score), four(part.lost), ""]
            table.add_row(name, escape(names[name]), four(part.points), *figures, "；".join(told))
        out.print(table, markup=False)
    lines = [f"{rubric.blocks[name].name}：{four(value)}" for name, value in result.blocks.items()]
    if lines:
        out.print(("各部分得分 " if rubric.direction == "gain" else "各部分扣分 ") + "，".join(lines), markup=False)
    if result.base is not None and result.items:
        out.print(f"加分前 {four(result.base)}，加分 {four(result.bonus)}", markup=False)
    for gate in rubric.gates:
        if gate.id in result.gates:
            out.print(f"门槛 {gate.id}（{gate_words(gate, rubric)}）：{'过' if result.gates[gate.id] else '没有过'}", markup=False)
    if result.vetoes:
        before = "没有计分" if result.before_veto is None else result.before_veto
        out.print(f"单项否决：{'、'.join(result.vetoes)}；否决前 {before}", markup=False)
    for note in result.notes:
        out.print(note, markup=False)
    if result.rolled_up is not None and result.rolled_up.failed:
        out.print(f"低于每期最低要求的：第 {'、'.join(map(str, result.rolled_up.failed))} 个", markup=False)
    if result.measure is not None:
        out.print(f"建议措施：{result.measure}（由人决定）", markup=False)
    has_total = bool(rubric.items or rubric.rollup or result.total is not None)
    said = [f"总分：{'不计分' if result.total is None else result.total}"] if has_total else []
    said += [f"等次：{result.band}"] if result.band else []
    said += [f"结论：{result.verdict}"] if result.verdict else []
    said += [f"计入其他考核：{result.passed_on}"] if result.passed_on is not None else []
    out.print("；".join(said), markup=False)
