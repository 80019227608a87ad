"""An office's own list of accounts, with other headings than ours → rows of the registers 单位 and 账号.

What each of its columns means is proposed, by heading and by content; a person confirms. Nothing is left out: a column
without a counterpart, and every line that is no account, is kept beside with its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from xmt_scoring.errors import Problem, XmtError, place
from xmt_scoring.glossary import choices, words_for
from xmt_scoring.ingest.grids import Grid
from xmt_scoring.ingest.linking import link_registers
from xmt_scoring.ingest.register_specs import clean_heading, data, key, key_of, specs
from xmt_scoring.ingest.registers import is_footer, is_register, read_register
from xmt_scoring.ingest.tables import Table, find_header, open_bytes, table_at
from xmt_scoring.ingest.values import joined, to_text

OWN_SHEET = "（工作表的名称）"
BY_NAME, BY_LIKENESS, BY_CONTENT, BY_SHEET, BY_PERSON = "列名相同", "列名相近", "看内容", "看工作表名称", "人工指定"
_FROM_CONTENT = 0.8  # share of the filled cells that must be words of a choice
_CHOICES = ("platform", "account_status", "account_kind", "account_subtype")
_MISLEADING = ("备案", "填报", "更新", "检查", "电话", "手机", "领导", "责任人", "联系人", "管理员", "粉丝")
_SHOWN = 3


@dataclass(frozen=True)
class Match:
    """One column of their sheet. `column`: ours, "" where there is none; `basis`: why; `examples`: what stands in it."""

    sheet: str | None
    position: int
    theirs: str
    column: str
    basis: str
    examples: tuple[str, ...]
    value: str = ""  # the same for every row, where the sheet's name says it


@dataclass(frozen=True)
class Proposal:
    """What the columns of each sheet of accounts seem to be; `unused`: the sheets in which no list was found."""

    tables: tuple[Table, ...]
    matches: tuple[tuple[Match, ...], ...]
    unused: tuple[str, ...]


@dataclass(frozen=True)
class Taken:
    """Rows for the registers, as text by our columns, and what has no place there.

    `units`: unit_id, unit_name. `accounts`: our columns, with src_sheet and src_row. `others`: the columns without a
    counterpart, by account (src_sheet, src_row, account_name, heading, value). `lines`: the lines that are no account
    (src_sheet, src_row, content). `notes`: what was done that a person should know.
    """

    units: pd.DataFrame
    accounts: pd.DataFrame
    others: pd.DataFrame
    lines: pd.DataFrame
    notes: list[Problem]


def propose(grids: Iterable[Grid], given: Mapping[str, str]) -> Proposal:
    """The mapping of each sheet. `given`: their heading → our heading, as a person says it ("" = none).

    XmtError when no sheet holds a list of accounts, or a given heading does not exist.
    """
    tables, matches, unused, seen = [], [], [], []
    wrong = [
        Problem(f"对应关系“{theirs}={word}”", f"没有“{word}”这一列", "可写的有：" + "、".join(_headings()))
        for theirs, word in given.items() if word and clean_heading(word) not in _our_words()
    ]  # fmt: skip
    said = {clean_heading(theirs) for theirs in given}
    for grid in grids:
        position = find_header(grid, lambda words: len({word if word in said else _by_name(word) or _by_likeness(word) for word in words} - {""}) >= 2)
        table = None if position is None else table_at(grid, position)
        found = _matches(table, given) if table else ()
        if table and any(match.column == "account_name" for match in found):
            tables.append(table)
            matches.append(found)
        else:
            unused.append(grid.sheet or grid.file)
            seen += ["、".join(str(cell) for cell in row if cell not in ("", None))[:80] for row in grid.rows[:3]]
    known = {match.theirs for each in matches for match in each}
    wrong += [
        Problem(f"对应关系“{theirs}={word}”", f"表里没有“{theirs}”这一列", f"有的列：{'、'.join(sorted(known))}")
        for theirs, word in given.items() if matches and clean_heading(theirs) not in known
    ]  # fmt: skip
    if wrong:
        raise XmtError(wrong)
    if not tables:
        told = "；".join(line for line in seen if line)[:200] or "空表"
        what = f"没有找到账号名单：要有一列是账号名称，另有平台、主办单位等（现有：{told}）"
        raise XmtError.of("台账", what, "请核对文件；列名特别的，用 --map 指定，如 --map 公众号=账号名称")
    return Proposal(tuple(tables), tuple(matches), tuple(unused))


@cache
def _our_words() -> Mapping[str, str]:
    """Every heading under which people write a column of the register of accounts → our column."""
    words = dict(specs()["accounts"].words)
    for other in ("unit_id", "unit_name"):  # in a list of accounts the unit is the one that runs them
        for text in words_for(other):
            words.setdefault(clean_heading(text), "owner_id")
    for column, texts in data()["office_list"].items():
        for text in texts:
            words.setdefault(clean_heading(text), column)
    return words


def _headings() -> list[str]:
    return [column.heading for column in specs()["accounts"].columns.values()]


def _by_name(word: str) -> str:
    return _our_words().get(clean_heading(word), "")


def _by_likeness(word: str) -> str:
    """Our column whose word ends theirs (what it is stands at the end), else the longest that stands inside; none where
    theirs speaks of something else too."""
    inside = [ours for ours in _our_words() if len(ours) > 1 and ours in word]
    if not inside or any(odd in word for odd in _MISLEADING):
        return ""
    return _our_words()[max(inside, key=lambda ours: (word.endswith(ours), len(ours), ours))]


def _by_content(texts: pd.Series) -> str:
    filled = key_of(texts.dropna())
    for column in _CHOICES:
        known = {key(word) for words in choices(column).values() for word in words}
        if len(filled) and filled.isin(list(known)).mean() >= _FROM_CONTENT:
            return column
    is_address = filled.str.match(r"https?://").fillna(False).astype(bool)
    return "url" if len(filled) and is_address.mean() >= _FROM_CONTENT else ""


def _matches(table: Table, given: Mapping[str, str]) -> tuple[Match, ...]:
    """One match for each column with a heading or a value; a column of ours goes to the surest and then the first of theirs."""
    body, sheet = table.body, table.grid.sheet
    said = {clean_heading(theirs): _our_words().get(clean_heading(word), "") for theirs, word in given.items()}
    texts = {position: to_text(body[position]) for position in body}
    ways = (
        (BY_PERSON, lambda word, position: said.get(word, "")),
        (BY_NAME, lambda word, position: _by_name(word)),
        (BY_LIKENESS, lambda word, position: _by_likeness(word)),
        (BY_CONTENT, lambda word, position: _by_content(texts[position])),
    )
    chosen: dict[int, tuple[str, str]] = {}
    has_name = any("account_name" in (said.get(word), _by_name(word), _by_likeness(word)) for word in map(clean_heading, table.headings))
    for basis, way in ways:
        for position, word in enumerate(table.headings):
            word = clean_heading(word)
            free = position not in chosen and (word not in said or basis == BY_PERSON)
            column = way(word, position) if free else ""
            if column == "account_id" and basis != BY_PERSON and "编号" not in word:
                # our registers number the accounts; in an office's list 账号 is the name, or beside a name the platform's id
                column = "platform_account_no" if has_name else "account_name"
            if column and column not in {taken for taken, _ in chosen.values()}:
                chosen[position] = (column, basis)
    made = []
    for position, word in enumerate(table.headings):
        filled = texts[position].dropna()
        if word or len(filled):
            column, basis = chosen.get(position, ("", ""))
            made.append(Match(sheet, position, clean_heading(word), column, basis, tuple(filled.unique()[:_SHOWN])))
    if "platform" not in {match.column for match in made} and (value := _platform_in(sheet)):
        made.append(Match(sheet, -1, OWN_SHEET, "platform", BY_SHEET, (value,), value))
    return tuple(made)


def _platform_in(sheet: str | None) -> str:
    """The platform that a sheet's name speaks of; "" when none or several."""
    found = {words[0] for words in choices("platform").values() if any(key(word) in key(sheet or "") for word in words)}
    found -= {"其他平台"}
    return found.pop() if len(found) == 1 else ""


def take(proposal: Proposal) -> Taken:
    """The rows of all sheets by the proposed mapping."""
    parts = [_take_sheet(table, matches) for table, matches in zip(proposal.tables, proposal.matches, strict=True)]
    accounts = pd.concat([part.accounts for part in parts], ignore_index=True)
    names = [name for name in specs()["accounts"].columns if name in accounts]
    owners = accounts["owner_id"].dropna() if "owner_id" in accounts else pd.Series(dtype="str")
    owners = owners[~key_of(owners).duplicated()].reset_index(drop=True)
    units = pd.DataFrame({"unit_id": _numbered("U", 2, len(owners)), "unit_name": owners}, dtype="str")
    if "account_id" not in accounts:
        accounts["account_id"] = _numbered("A", 3, len(accounts))
    accounts = accounts[["account_id", *(name for name in names if name != "account_id"), "src_sheet", "src_row"]]
    others, lines = (pd.concat([getattr(part, name) for part in parts], ignore_index=True) for name in ("others", "lines"))
    return Taken(units, accounts, others, lines, [note for part in parts for note in part.notes])


def _numbered(letter: str, width: int, count: int) -> pd.Series:
    width = max(width, len(str(count)))
    return pd.Series([f"{letter}{number:0{width}}" for number in range(1, count + 1)], dtype="str")


def _take_sheet(table: Table, matches: tuple[Match, ...]) -> Taken:
    """What one sheet gives; its units are found when all sheets have been taken."""
    texts, grid = table.body.apply(to_text), table.grid
    ours = {match.column: texts[match.position] for match in matches if match.column and not match.value}
    rows, notes = pd.DataFrame(ours, index=texts.index, dtype="str"), []
    facts = rows[[name for name in ("platform", "platform_account_no", "opened_on", "account_status") if name in rows]]
    has_facts = facts.notna().any(axis=1)
    named, footer = rows["account_name"].notna(), is_footer(texts)
    is_account = (named & ~footer) | (has_facts & (named | ~footer))
    if "owner_id" in rows:
        filled = rows["owner_id"].where(is_account).ffill()  # a merged cell has its value in its first row only
        taken = rows["owner_id"].isna() & filled.notna() & is_account
        rows["owner_id"] = filled
        if taken.any():
            told = "、".join(str(row) for row in rows.index[taken][:10])
            where = place(grid.file, grid.sheet, column=next(match.theirs for match in matches if match.column == "owner_id"))
            notes.append(Problem(where, f"第 {told} 行等共 {taken.sum()} 行空白，按合并单元格沿用了上面一行的单位", "请核对", False))
    rows = rows.assign(**{match.column: match.value for match in matches if match.value})
    rows = rows.assign(src_sheet=pd.Series(grid.sheet, index=rows.index, dtype="str"), src_row=rows.index)[is_account]
    return Taken(rows.iloc[:0], rows, _others(texts, rows, matches), _lines(table, is_account), notes)


def _others(texts: pd.DataFrame, rows: pd.DataFrame, matches: tuple[Match, ...]) -> pd.DataFrame:
    """Every filled cell of an account's row that has no place in the registers."""
    spare = {match.position: match.theirs or f"（第 {match.position + 1} 列，没有列名）" for match in matches if not match.column}
    cells = texts.loc[rows.index, list(spare)].rename_axis("src_row").reset_index().melt("src_row", var_name="position")
    cells = cells.dropna(subset=["value"]).sort_values(["src_row", "position"], ignore_index=True)
    return pd.DataFrame(
        {
            "src_sheet": pd.Series(rows["src_sheet"].reindex(cells["src_row"]).to_numpy(), dtype="str"), "src_row": cells["src_row"],
            "account_name": pd.Series(rows["account_name"].reindex(cells["src_row"]).to_numpy(), dtype="str"),
            "heading": cells["position"].map(spare).astype("str"), "value": cells["value"].astype("str"),
        }
    )  # fmt: skip


def _lines(table: Table, is_account: pd.Series) -> pd.DataFrame:
    """The titles above the table, and the lines below its headings that are no account."""
    above = pd.DataFrame(table.grid.rows[: table.header_row - 1], dtype=object)
    contents = [joined(above.set_axis(range(1, len(above) + 1), axis=0)), joined(table.body[~is_account])]
    content = pd.concat(contents)
    content = content[content.str.strip(" |").ne("")]
    sheet = pd.Series(table.grid.sheet, index=range(len(content)), dtype="str")
    return pd.DataFrame({"src_sheet": sheet, "src_row": content.index, "content": content.to_numpy()})


def refused(books: Mapping[str, bytes]) -> tuple[pd.DataFrame, list[Problem]]:
    """What our strict reader says of the registers that were made: every row that it refuses (src_file, src_sheet, src_row,
    reason, content), and all its messages."""
    frames: dict[str, pd.DataFrame] = {}
    aside: list[pd.DataFrame] = []
    problems: list[Problem] = []
    for file, content in books.items():
        for grid in open_bytes(content, file):
            name = is_register(grid)
            if name:
                read = read_register(grid, name)
                frames |= {each: rows for each, rows in read.frames.items() if len(rows)}
                aside.append(read.quarantine)
                problems += read.problems
    unread = {name for name, rows in zip(("units", "accounts"), aside, strict=False) if len(rows)}
    linked = link_registers(frames, {}, unread)
    rows = pd.concat([*aside, linked.quarantine], ignore_index=True)[["src_file", "src_sheet", "src_row", "reason", "content"]]
    return rows, [*problems, *linked.problems]
