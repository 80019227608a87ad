"""Tables of a circular: numbers of rows, sums, rates per row, ranks, and the rows that the text counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from xmt_scoring.lint.arithmetic import HOLDS, Printed, ratio, total
from xmt_scoring.lint.documents import Document, Grid, sentences
from xmt_scoring.lint.numbers import numbers
from xmt_scoring.lint.relations import ROLE_WORDS
from xmt_scoring.lint.report import INSIDE, NOT_BOUND, Notes
from xmt_scoring.lint.statements import read_clause

_TOTAL_ROWS = ("合计", "总计", "全县", "全县合计", "小计")
_NOT_ADDED = re.compile(r"率|比例|占比|均|得分|总分|分数|名次|排名|序号|间隔|日期|时间|等次|电话|最")
_NUMBER_CELL = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?\s?(?:个|家|条|次|周|天|分|%|‰)?")
_LISTED_IN = re.compile(r"[（(](?:详?见|附)附件\s?([0-9]{0,2})[）)][。;；]?$")
_SEE = re.compile(r"^[^。;；0-9]{0,14}?[（(](?:[^（）()0-9]{0,8})(?:详?见|名单见|附)附件\s?([0-9]{1,2})[）)]")


def cell_number(text: str) -> Printed | None:
    """The number of a cell that is nothing but a number with its unit and, perhaps, a mark or a note in brackets."""
    bare = re.sub(r"[（(].*[）)]$|[*＊]$", "", text.strip())
    return Printed.parse(bare) if _NUMBER_CELL.fullmatch(bare) else None


def data_rows(grid: Grid) -> list[int]:
    """The rows below the heading line that are no totals."""
    return [row for row in range(1, len(grid.rows)) if not is_total(grid.rows[row])]


def is_total(row: tuple[str, ...]) -> bool:
    """Whether a row adds up the others."""
    return any(cell.replace(" ", "") in _TOTAL_ROWS for cell in row[:2])


def column_of(grid: Grid, *headings: str) -> int | None:
    """The first column under one of these headings."""
    plain = [re.sub(r"\s", "", cell) for cell in grid.rows[0]]
    return next((plain.index(heading) for heading in headings if heading in plain), None)


def cell(grid: Grid, row: int, column: int | None) -> str:
    """A cell's text; empty where the row is too short."""
    return grid.rows[row][column] if column is not None and column < len(grid.rows[row]) else ""


def row_text(grid: Grid, row: int) -> str:
    """A row in one line."""
    return " | ".join(grid.rows[row])


def check_tables(document: Document, notes: Notes) -> None:
    """Everything that a table and the text beside it say of its own numbers."""
    for grid in document.grids:
        _check_order(grid, notes)
        _check_sums(grid, notes)
        _check_rows(grid, notes)
        _check_ranks(grid, notes)
    _check_counts(document, notes)
    _check_list_of_problems(document, notes)


def list_unbound_cells(document: Document, notes: Notes) -> None:
    """List the figures in tables that no check has taken."""
    for grid in document.grids:
        for row in range(1, len(grid.rows)):
            for column, heading in enumerate(grid.rows[0]):
                said = cell(grid, row, column)
                if heading != "序号" and cell_number(said) is not None and (grid.number, row, column) not in notes.cells:
                    notes.doubt_at(grid.place(row, column), row_text(grid, row), said, NOT_BOUND)


def _check_order(grid: Grid, notes: Notes) -> None:
    column = column_of(grid, "序号")
    if column is None:
        return
    rows = [row for row in data_rows(grid) if cell(grid, row, column).isdecimal()]
    for wanted, row in enumerate(rows, start=1):
        if int(cell(grid, row, column)) != wanted:
            notes.accuse_cell("序号", grid.place(row, column), row_text(grid, row), f"序号 {cell(grid, row, column)}", f"应是 {wanted}", INSIDE)
            return
    if rows:
        notes.agree("序号")


def _check_sums(grid: Grid, notes: Notes) -> None:
    rows = data_rows(grid)
    for last in (row for row in range(1, len(grid.rows)) if is_total(grid.rows[row])):
        for column, heading in enumerate(grid.rows[0]):
            printed = cell_number(cell(grid, last, column))
            parts = [cell_number(cell(grid, row, column)) for row in rows if row < last]
            known = [part.value for part in parts if part is not None]
            if printed is None or not known or _NOT_ADDED.search(heading) or printed.sign:
                continue
            if len(known) < len(parts):
                notes.doubt_at(grid.place(last, column), row_text(grid, last), cell(grid, last, column), "这一列有空格或不是数，不核对合计")
            elif total([str(value) for value in known], str(printed.value)).status == HOLDS:
                notes.agree("表格合计")
                for row in (*(row for row in rows if row < last), last):
                    notes.bind_cells(grid, row, column)
            else:
                notes.bind_cells(grid, last, column)
                says = f"合计 {cell(grid, last, column)}"
                notes.accuse_cell("表格合计", grid.place(last, column), row_text(grid, last), says, f"各行相加是 {sum(known)}", INSIDE)


def _check_rows(grid: Grid, notes: Notes) -> None:
    roles: dict[str, int] = {}
    for column, heading in enumerate(grid.rows[0]):
        clause = read_clause(heading)
        if clause.role and clause.role not in roles and clause.role != "other" and not clause.platform and not clause.period:
            roles[clause.role] = column
    for row in range(1, len(grid.rows)):
        values = {role: found.value for role, column in roles.items() if (found := cell_number(cell(grid, row, column))) is not None}
        _check_row(grid, row, roles, values, notes)


def _check_row(grid: Grid, row: int, roles: Mapping[str, int], values: Mapping[str, Decimal], notes: Notes) -> None:
    base, good, bad = (values.get(role) for role in ("checked", "passed", "failed"))

    def accuse(kind: str, role: str, should: str) -> None:
        notes.bind_cells(grid, row, roles[role])
        says = f"{ROLE_WORDS[role]} {cell(grid, row, roles[role])}"
        notes.accuse_cell(kind, grid.place(row, roles[role]), row_text(grid, row), says, should, INSIDE)

    if base is not None and good is not None and bad is not None:
        more = [values.get(role, Decimal()) for role in ("open", "problem")]
        if base in {good + bad, good + bad + more[0], good + bad + more[1], good + bad + sum(more)}:
            notes.agree("合格+不合格=检查数")
            notes.bind_cells(grid, row, *(roles.get(role) for role in ("checked", "passed", "failed", "open", "problem")))
        else:
            accuse("合格+不合格=检查数", "checked", f"合格 {good} + 不合格 {bad} = {good + bad}")
    for small, large in (("checked", "registered"), ("passed", "checked"), ("failed", "checked")):
        if small in values and large in values:
            if values[small] <= values[large]:
                notes.agree(f"{ROLE_WORDS[small]}≤{ROLE_WORDS[large]}")
            else:
                accuse(f"{ROLE_WORDS[small]}≤{ROLE_WORDS[large]}", small, f"不应多于{ROLE_WORDS[large]} {values[large]}")
    if good is None and base is not None and bad is not None:
        good = base - bad
    shares = (("pass_rate", good, base), ("fail_rate", bad, base), ("checked_share", base, values.get("registered")))
    for role, part, whole in shares:
        if role in values and part is not None and whole:
            result = ratio(part, whole, cell(grid, row, roles[role]))
            if result.status == HOLDS:
                notes.agree(ROLE_WORDS[role])
                notes.bind_cells(grid, row, roles[role], *(roles.get(each) for each in ("checked", "passed") if role != "checked_share"))
            else:
                accuse(ROLE_WORDS[role], role, f"{part} ÷ {whole} = {result.recomputed}")


def _check_ranks(grid: Grid, notes: Notes) -> None:
    """Equal printed scores share a rank and the next rank skips; a table that does not begin at 1 is only compared in order."""
    scored, ranked = column_of(grid, "得分", "总分", "季度得分", "年度得分", "考核得分"), column_of(grid, "名次", "排名", "位次")
    if scored is None or ranked is None:
        return
    pairs = []
    for row in data_rows(grid):
        score, place = cell_number(cell(grid, row, scored)), cell(grid, row, ranked)
        if score is not None and place.isdecimal():
            pairs.append((row, score.value, int(place)))
        elif cell(grid, row, scored) not in ("", "—", "-", "/"):
            return  # an interval has no rank yet
    from_one = bool(pairs) and min(place for _, _, place in pairs) == 1
    for row, value, said in pairs:
        notes.bind_cells(grid, row, ranked)
        right = 1 + sum(other > value for _, other, _ in pairs)
        above = [rank for _, other, rank in pairs if other > value]
        holds = said == right if from_one else all(rank < said for rank in above)
        if holds:
            notes.agree("名次")
        else:
            should = f"按得分 {value} 应是第 {right} 名" if from_one else "得分更高的名次反而靠后"
            notes.accuse_cell("名次", grid.place(row, ranked), row_text(grid, row), f"第 {said} 名", should, INSIDE)


def _check_list_of_problems(document: Document, notes: Notes) -> None:
    """发现问题70个,涉及24个账号、12个单位(详见附件2): cases, accounts and units of a list that counts its cases."""
    for paragraph in document.body:
        for start, end in sentences(paragraph.text):
            found = _LISTED_IN.search(paragraph.text, start, end)
            grids = [grid for grid in document.grids if found and grid.annex == int(found[1] or 1) and column_of(grid, "件数") is not None]
            if not found or len(grids) != 1:
                continue
            grid, rows = grids[0], data_rows(grids[0])
            cases = [cell_number(cell(grid, row, column_of(grid, "件数"))) for row in rows]
            accounts = {cell(grid, row, column_of(grid, "账号（平台）", "账号名称", "账号")) for row in rows} - {"", "—"}
            units = {cell(grid, row, column_of(grid, "主办单位", "单位")) for row in rows}
            for number in numbers(paragraph.text):
                if not start <= number.start < found.start() or number.unit != "个" or number.is_loose:
                    continue
                before, after = paragraph.text[start : number.start], paragraph.text[number.end : found.start()]
                known = (
                    {len(accounts)} if after.startswith("账号") else {len(units)} if after.startswith("单位")
                    else {len(rows), sum(int(case.value) for case in cases if case)} if before.endswith("问题") or after.startswith("问题") else set()
                )  # fmt: skip
                if number.value in known:
                    notes.agree("附件行数", paragraph, number)
                elif known:
                    should = f"附件里是 {'或'.join(str(each) for each in sorted(known))}"
                    notes.accuse("附件行数", paragraph, number.start, number.shown, should, INSIDE, (number,))


def _check_counts(document: Document, notes: Notes) -> None:
    """不合格4个(详见附件1): the attachment's table has as many rows, or as many different accounts, units or kinds."""
    for paragraph in document.body:
        for number in numbers(paragraph.text):
            found = _SEE.match(paragraph.text[number.end :])
            grids = [grid for grid in document.grids if found and grid.annex == int(found[1])]
            if not found or number.unit not in ("个", "家", "条", "项") or number.is_loose or len(grids) != 1:
                continue
            if column_of(grids[0], "件数") is not None:  # `_check_list_of_problems` knows what it counts
                continue
            grid = grids[0]
            rows = data_rows(grid)
            counts = {len(rows), *(len({cell(grid, row, column) for row in rows}) for column in range(len(grid.rows[0])))}
            named, platform = column_of(grid, "账号名称", "账号", "新媒体名称", "名称"), column_of(grid, "平台", "平台类型", "类型")
            if named is not None:
                counts.add(len({(cell(grid, row, named), cell(grid, row, platform)) for row in rows}))
            if number.value in counts:
                notes.agree("附件行数", paragraph, number)
            else:
                should = f"附件{found[1]}的表有 {len(rows)} 行"
                notes.accuse("附件行数", paragraph, number.start, number.shown, should, INSIDE, (number,))
