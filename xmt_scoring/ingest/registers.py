"""The office's registers: recognised by their headings and read strictly; every row is kept, set aside or no data.

`read_register` gives frames by name, because the form 人工核查表 (MANUAL_FORM) holds findings and 已核查 rows in one sheet.
Words for units, accounts and check items are resolved later (`linking.py`), when all registers have been read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from xmt_scoring.errors import Problem, place
from xmt_scoring.glossary import heading
from xmt_scoring.ingest import register_cells as cells
from xmt_scoring.ingest.grids import HEADER_SEARCH, Grid
from xmt_scoring.ingest.merged_cells import filled_down
from xmt_scoring.ingest.register_cells import Fault
from xmt_scoring.ingest.register_specs import MANUAL_FORM, Spec, clean_heading, data, heading_words, key_of, specs
from xmt_scoring.ingest.tables import Table, table_at
from xmt_scoring.ingest.values import to_text

FORM_HEADINGS: tuple[str, ...] = tuple(data()["form"]["headings"])
NOT_FOUND, FOUND = data()["form"]["not_found"][0], data()["form"]["found"][0]  # the words of 检查结果
MOST_TOLD = 10  # rows named one by one for one fault of one column

_EXAMPLE = r"[「【\[(]?示例[」】\]):].*|示例"
_FOOTER = r"(?:合计|总计|小计|累计|填表人|填报人|制表人|填表日期|填报日期|填报单位|单位负责人|填表说明|注:|说明:|备注:).*"
_FORM_ANSWERS = ["checked_at", "checker", "check_result", "description", "confirmer_1", "confirmer_2"]


@dataclass(frozen=True)
class RegisterRead:
    """What a sheet gave: frames by name (words not yet resolved), messages, the rows set aside, the counts, and which rows are no
    data.

    n_rows = n_kept + n_quarantined + n_no_data_rows, over the rows below the headings that are not empty.
    """

    frames: dict[str, pd.DataFrame]
    problems: list[Problem]
    quarantine: pd.DataFrame
    n_rows: int
    n_kept: int
    n_quarantined: int
    n_no_data_rows: int
    no_data_rows: tuple[int, ...] = ()


def is_register(grid: Grid) -> str | None:
    """The register whose headings stand in one of the first ten rows (MANUAL_FORM for the form); None: not one."""
    found = _match(grid)
    return found[0] if found else None


def _match(grid: Grid) -> tuple[str, int] | None:
    """Register and position of its heading row. A sheet named like ours with half of the headings is ours too."""
    rows = [{clean_heading(cell) for cell in row} - {""} for row in grid.rows[:HEADER_SEARCH]]
    known = heading_words()
    rows = [words if words & known else set() for words in rows]
    for position, words in enumerate(rows):
        fits = [(_fit(spec, words, grid), spec.name) for spec in specs().values() if _is_whole(spec, words)] if words else []
        if fits:
            return max(fits)[1], position
    named = [spec for spec in specs().values() if clean_heading(grid.sheet) in spec.sheets]
    for position, words in enumerate(rows):
        fits = [(_fit(spec, words, grid), spec.name) for spec in named if words and _is_half(spec, words)]
        if fits:
            return max(fits)[1], position
    return None


def _columns_in(spec: Spec, words: set[str]) -> set[str]:
    return {spec.words[word] for word in words if word in spec.words}


def _fit(spec: Spec, words: set[str], grid: Grid) -> tuple[bool, int]:
    return clean_heading(grid.sheet) in spec.sheets, len(_columns_in(spec, words))


def _known_mostly(spec: Spec, words: set[str]) -> bool:
    known = sum(word in spec.words or word in spec.ignored for word in words)
    return 2 * known > len(words)


def _is_whole(spec: Spec, words: set[str]) -> bool:
    columns = _columns_in(spec, words)
    return spec.needed <= columns and bool(spec.signs & columns or spec.needed == set(spec.columns)) and _known_mostly(spec, words)


def _is_half(spec: Spec, words: set[str]) -> bool:
    """Of a spec whose sheet is called so."""
    columns = _columns_in(spec, words)
    return len(columns) >= 2 and 2 * len(spec.needed & columns) >= len(spec.needed) and _known_mostly(spec, words)


def read_register(grid: Grid, name: str) -> RegisterRead:
    """Read a sheet that `is_register` took for `name`. All faults are told at once; a faulty row is set aside.

    In registers whose missing rows would change a score unseen (registers.toml, `bad_row = "stops"`) a fault is fatal.
    """
    spec, found = specs()[name], _match(grid)
    table = table_at(grid, found[1] if found else 0)
    places, written, problems = _placed(table, spec)
    body = table.body[[places[column] for column in places]].set_axis(list(places), axis=1)
    texts = table.body.apply(to_text)
    no_data = _no_data(texts, body, spec)
    body = body[~no_data]
    faults: list[Fault] = []
    body, notes = filled_down(name, body, grid)
    problems += notes
    absent = spec.needed - set(places)
    values, conversion = cells.converted(body, spec)
    if absent:
        every = pd.Series(True, index=values.index)
        problems.append(_absent_headings(table, spec, absent))
        reasons = every.map({True: "缺少列：" + "、".join(sorted(spec.columns[each].heading for each in absent))})
    else:
        faults = [*conversion, *cells.blanks(values, body, spec)] if name != MANUAL_FORM else [*conversion, *_form_faults(values, body)]
        faults += _checked_already(values) if name == "checks_done" else []
        faults += cells.same_ids(values, spec, faults)
        reasons = _reasons(faults, values.index)
    stops = _stops(values, spec) if name == MANUAL_FORM and not absent else pd.Series(spec.stops, index=values.index)
    problems += _told(faults, stops, grid, written)
    bad = reasons.notna()
    kept = values[~bad].assign(src_file=grid.file, src_sheet=pd.Series(grid.sheet, index=values.index[~bad], dtype="str"))
    kept["src_row"] = kept.index
    return RegisterRead(
        _split_form(kept) if name == MANUAL_FORM else {name: kept.reset_index(drop=True)},
        problems,
        quarantined(grid.file, grid.sheet, reasons[bad], texts),
        len(table.body),
        len(kept),
        int(bad.sum()),
        int(no_data.sum()),
        tuple(int(row) for row in no_data.index[no_data]),
    )


def headings_of(grid: Grid, name: str) -> tuple[int, dict[str, str], list[str]]:
    """Where a register's headings stand: Excel row, column → heading as written, and headings that nothing is read from."""
    found = _match(grid)
    table = table_at(grid, found[1] if found else 0)
    _, written, _ = _placed(table, specs()[name])
    there = (str(cell).strip() for cell in table.grid.rows[table.header_row - 1] if clean_heading(cell))
    return table.header_row, written, [text for text in dict.fromkeys(there) if text not in written.values()]


def quarantined(file: str, sheet: str | None, reasons: pd.Series, texts: pd.DataFrame) -> pd.DataFrame:
    """Rows of frame `quarantine`: `reasons` by Excel row, and what stood in the row."""
    content = [" | ".join(row.dropna()) for _, row in texts.loc[reasons.index].iterrows()]
    made = pd.DataFrame({"src_row": reasons.index, "reason": reasons.to_numpy(), "content": pd.Series(content, dtype="str")})
    return made.assign(src_file=file, src_sheet=pd.Series(sheet, index=made.index, dtype="str"))


def _placed(table: Table, spec: Spec) -> tuple[dict[str, int], dict[str, str], list[Problem]]:
    """Column → position and → heading as written; headings that nobody knows or that stand there twice are told."""
    places: dict[str, int] = {}
    written: dict[str, str] = {}
    problems = []
    for position, text in enumerate(table.grid.rows[table.header_row - 1]):
        word = clean_heading(text)
        where = place(table.grid.file, table.grid.sheet, table.header_row, str(text).strip())
        column = spec.words.get(word)
        if not word or word in spec.ignored:
            continue
        if column is None:
            known = "、".join(each.heading for each in spec.columns.values())
            is_list = spec.name == "messages"
            todo = "不需要的可以不管；写错的请改正后重新放入" if is_list else "请改成模板里的列名；自己加的列请删去或放到别的表"
            problems.append(Problem(where, f"不认识的列“{str(text).strip()}”，没有读取（可用的列：{known}）", todo, spec.stops))
        elif column in places:
            problems.append(Problem(where, f"和「{written[column]}」是同一列，写了两次", "请只留一列", spec.stops))
        else:
            places[column], written[column] = position, str(text).strip()
    return places, written, problems


def _absent_headings(table: Table, spec: Spec, absent: Iterable[str]) -> Problem:
    there = "、".join(str(cell).strip() for cell in table.grid.rows[table.header_row - 1] if clean_heading(cell))
    names = "、".join(spec.columns[column].heading for column in spec.columns if column in absent)
    where = place(table.grid.file, table.grid.sheet, table.header_row)
    return Problem(where, f"缺少列「{names}」（现有：{there}），整张表没有采用", "请按模板补上这些列后重新放入", spec.stops)


def _no_data(texts: pd.DataFrame, body: pd.DataFrame, spec: Spec) -> pd.Series:
    """Blank rows, the template's example, totals and signatures below the table, lines of the form nobody touched."""
    if not len(texts):
        return pd.Series(False, index=texts.index)
    first = _first_words(texts)
    blank = first.isna()
    example = first.str.fullmatch(_EXAMPLE).fillna(False).astype(bool)
    wanted = ["check_result"] if spec.name == MANUAL_FORM else sorted(spec.filled & set(body.columns))
    lacking = body[wanted].apply(to_text).isna().any(axis=1) if wanted else ~blank
    footer = is_footer(texts) & lacking
    untouched = blank & False
    if spec.name == MANUAL_FORM:
        untouched = body[[name for name in _FORM_ANSWERS if name in body]].apply(to_text).isna().all(axis=1)
    return blank | example | footer | untouched


def _first_words(texts: pd.DataFrame) -> pd.Series:
    """The first filled cell of each row, as words are compared."""
    filled = texts.iloc[:, 0]
    for position in range(1, texts.shape[1]):
        filled = filled.fillna(texts.iloc[:, position])
    return key_of(filled)


def is_footer(texts: pd.DataFrame) -> pd.Series:
    """Rows that begin like a total, a signature or a note below a table."""
    return _first_words(texts).str.fullmatch(_FOOTER).fillna(False).astype(bool)


def _form_faults(values: pd.DataFrame, body: pd.DataFrame) -> list[Fault]:
    """What a line that somebody began to fill in still lacks."""
    is_clean, is_found = _answers(values)
    odd = ~is_clean & ~is_found
    todo = f"请填“{NOT_FOUND}”或“{FOUND}”；还没查的请清空这一行的检查时间、检查人"
    said = values["check_result"].notna()
    faults = [Fault("check_result", odd & said, "写着“{value}”", todo), Fault("check_result", odd & ~said, "空白，但这一行已经开始填写", todo)]
    for column in ("check_item", "checked_at", "checker"):
        faults.append(Fault(column, cells.is_blank(body, column) & ~odd, "空白", "请填写，或清空这一行的检查结果"))
    nothing = values["unit_id"].isna() & values["account_id"].isna()
    faults.append(Fault("check_scope", is_clean & cells.is_blank(body, "check_scope"), "空白", "请填“全部”“单位”或“账号”"))
    told = is_clean & values["description"].notna()
    faults.append(Fault("description", told, f"写了问题，检查结果却是“{NOT_FOUND}”", f"请改检查结果为“{FOUND}”，或清空问题描述"))
    faults.append(Fault("description", is_found & values["description"].isna(), "空白，检查结果却是“发现问题”", "请写明发现了什么问题"))
    faults.append(Fault("account_id", is_found & nothing, "发现了问题，却没有写账号或单位", "请填写账号；单位的问题填写单位"))
    return faults


def _answers(values: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Where the answer is „not found" and where it is „found"."""
    said = key_of(values["check_result"])
    words = data()["form"]
    return said.isin(list(key_of(pd.Series(words["not_found"])))), said.isin(list(key_of(pd.Series(words["found"]))))


def _stops(values: pd.DataFrame, spec: Spec) -> pd.Series:
    """A finding that is left out would print a better score; a missing 已核查 line only leaves its item open."""
    is_clean, is_found = _answers(values)
    return is_found | (~is_clean & values["description"].notna())


def _checked_already(values: pd.DataFrame) -> list[Fault]:
    """A line of 已核查 that says that something was found belongs into the sheet of findings."""
    if "check_item" not in values or "check_result" not in values:
        return []
    is_clean, _ = _answers(values)
    odd = values["check_item"].notna() & values["check_result"].notna() & ~is_clean
    todo = f"这里只登记“{NOT_FOUND}”；发现的问题请登记到“发现的问题”表"
    return [Fault("check_result", odd, "写着“{value}”，不能算核查通过", todo)]


def _split_form(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    is_clean, is_found = _answers(rows)
    source = ["src_file", "src_sheet", "src_row"]
    done = rows.loc[is_clean, ["check_scope", "unit_id", "account_id", "check_item", "checked_at", "checker", "note", *source]]
    found = rows[is_found]
    found = found.assign(found_on=found["checked_at"].dt.normalize(), found_by_level=found["found_by_level"].fillna("county").astype("str"))
    return {
        "checks_done": done.assign(check_result=NOT_FOUND).reset_index(drop=True),
        "findings": found.drop(columns=["check_scope", "checked_at", "check_result"]).reset_index(drop=True),
    }


def _reasons(faults: list[Fault], rows: pd.Index) -> pd.Series:
    """Row → why it is set aside; missing where nothing is wrong."""
    reasons = pd.Series(pd.NA, index=rows, dtype="str")
    for fault in faults:
        said = f"{heading(fault.column)}：{fault.short}"
        reasons = reasons.mask(fault.rows, (reasons.fillna("") + "；" + said).str.lstrip("；"))
    return reasons


def _told(faults: list[Fault], stops: pd.Series, grid: Grid, written: dict[str, str]) -> list[Problem]:
    """One message for each faulty cell; after the first ten of a fault the rest in one line."""
    problems = []
    for fault in faults:
        rows = fault.rows.index[fault.rows]
        name = written.get(fault.column, heading(fault.column))
        for row in rows[:MOST_TOLD]:
            problems.append(Problem(place(grid.file, grid.sheet, row, name), fault.at(row), fault.todo, bool(stops[row])))
        if len(rows) > MOST_TOLD:
            more = "、".join(str(row) for row in rows[MOST_TOLD:][:200])
            what = f"同样的问题另有 {len(rows) - MOST_TOLD} 行：第 {more} 行"
            problems.append(Problem(place(grid.file, grid.sheet, column=name), what, fault.todo, bool(stops[rows].any())))
    return problems
