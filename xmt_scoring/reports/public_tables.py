"""What of a quarter may go out: an allow-list of columns, the tables made of them, and their dictionary.

A column is published because its name stands here, never because a frame happens to have it. What frames.toml marks as
personal, free text and source files may not stand here at all (`guard`). Even then phone and identity numbers in a name are hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xmt_scoring import glossary
from xmt_scoring.errors import ContractError, Problem
from xmt_scoring.frames import contract
from xmt_scoring.law import citation
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.problems import problems_of_units
from xmt_scoring.reports.tables import FREE_TEXT, points_text
from xmt_scoring.scoring.states import NOT_COUNTED, PASS, account_states
from xmt_scoring.workspace import QuarterData

KINDS = {"str": "文字", "int": "整数", "bool": "是或否", "score": "两位小数", "date": "日期"}


@dataclass(frozen=True)
class PublicColumn:
    """One published column: an identifier of the glossary. `frame`: where it stands; empty where it is made here.

    `when`: "scores" where it goes out only when scores are published; "open" only while the quarter is provisional;
    both words only when both hold.
    """

    name: str
    frame: str = ""
    kind: str = "str"
    when: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicTable:
    """A table to be published: texts and numbers under Chinese headings, and the columns behind them."""

    name: str
    about: str
    rows: pd.DataFrame
    columns: tuple[PublicColumn, ...]


_HEAD = (PublicColumn("quarter"), PublicColumn("public_unit_id", "unit_scores"))
_TAIL = (
    PublicColumn("result_state"), PublicColumn("scheme_title"), PublicColumn("scheme_status"), PublicColumn("as_of", kind="date"),
)  # fmt: skip
_SCORES = ("scores",)
_INTERVAL = ("scores", "open")
UNIT_COLUMNS = (
    *_HEAD,
    PublicColumn("unit_name", "unit_scores"),
    PublicColumn("is_supervisor", "units", "bool"),
    PublicColumn("n_accounts_scored", "unit_scores", "int"),
    PublicColumn("n_accounts_passed", kind="int"),
    PublicColumn("n_accounts_failed", kind="int"),
    PublicColumn("n_accounts_open", kind="int", when=("open",)),
    PublicColumn("n_problems", kind="int"),
    PublicColumn("low", "unit_scores", "score", _INTERVAL),
    PublicColumn("high", "unit_scores", "score", _INTERVAL),
    PublicColumn("score", "unit_scores", "score", _SCORES),
    PublicColumn("grade", "unit_scores", "str", _SCORES),
    PublicColumn("rank", "unit_scores", "int", _SCORES),
    PublicColumn("rank_best", "unit_scores", "int", _INTERVAL),
    PublicColumn("rank_worst", "unit_scores", "int", _INTERVAL),
    *_TAIL,
)
ACCOUNT_COLUMNS = (
    *_HEAD,
    PublicColumn("unit_name", "unit_scores"),
    PublicColumn("public_account_id", "account_scores"),
    PublicColumn("account_name", "account_scores"),
    PublicColumn("platform", "account_scores"),
    PublicColumn("is_scored", "account_scores", "bool"),
    PublicColumn("account_result"),
    PublicColumn("public_veto"),
    PublicColumn("low", "account_scores", "score", _INTERVAL),
    PublicColumn("high", "account_scores", "score", _INTERVAL),
    PublicColumn("score", "account_scores", "score", _SCORES),
    PublicColumn("grade", "account_scores", "str", _SCORES),
    PublicColumn("n_problems", kind="int"),
    PublicColumn("n_posts", "account_quarters", "int"),
    PublicColumn("n_weeks_due", "account_quarters", "int"),
    PublicColumn("n_weeks_missed", "account_quarters", "int"),
    PublicColumn("n_weeks_no_data", "account_quarters", "int", ("open",)),
    PublicColumn("max_gap_days", "account_quarters", "int"),
    *_TAIL,
)
# published under a name of its own, because the registers use the plain one for a word or an id
_SAME = {"public_unit_id": "unit_id", "public_account_id": "account_id"}


def guard(columns: tuple[PublicColumn, ...]) -> None:
    """ContractError when a column on the list is personal, free text or the name of a source file."""
    for column in columns:
        name = _SAME.get(column.name, column.name)
        is_bad = name in FREE_TEXT or name.startswith("src_") or (bool(column.frame) and contract(column.frame).column(name).personal)
        if is_bad:
            raise ContractError(Problem(f"公开列 {name}", "含个人信息或自由文字，不能公开", "这是程序的错误，请把这句话发给维护人员"))


def is_open(data: QuarterData) -> bool:
    """Whether something of the quarter may still change: open items, open vetoes, or a quarter that is not over."""
    frames = data.frames
    waiting = any(bool(frames[name]["is_provisional"].any()) for name in ("unit_scores", "account_scores"))
    return waiting or data.as_of < data.period.end


def verdict_of_accounts(data: QuarterData) -> pd.Series:
    """合格, 存在突出问题, 不合格, 待定 or 不计分 of each row of account_scores, as the circular has it (`account_states`)."""
    frames = data.frames
    found = account_states(frames, data.scheme, data.settings)
    states = found["state"].replace(NOT_COUNTED, "not_scored").mask(found["is_prominent"] & (found["state"] == PASS), "prominent")
    words = glossary.spoken(states, "account_result")
    return pd.Series(words.to_numpy(), index=data.frames["account_scores"].index, dtype="str")


def public_tables(data: QuarterData) -> tuple[PublicTable, ...]:
    """单位结果 and 账号结果 as they are published, in the order of ranks and units."""
    accounts, houses = _accounts(data), _units(data)
    about = {"单位结果": "每个单位一行", "账号结果": "每个账号一行，含不计分的账号"}
    made = []
    for name, rows, columns in (("单位结果", houses, UNIT_COLUMNS), ("账号结果", accounts, ACCOUNT_COLUMNS)):
        guard(columns)
        chosen = _chosen(columns, data)
        shown = pd.DataFrame({glossary.heading(column.name): _shown(rows[column.name], column) for column in chosen})
        made.append(PublicTable(name, about[name], shown, chosen))
    return tuple(made)


def _chosen(columns: tuple[PublicColumn, ...], data: QuarterData) -> tuple[PublicColumn, ...]:
    holds = {"scores": data.settings["published_results"] == "scores", "open": is_open(data)}
    return tuple(column for column in columns if all(holds[each] for each in column.when))


def _common(rows: pd.DataFrame, data: QuarterData) -> pd.DataFrame:
    adopted = data.scheme.get("status") == "adopted"
    state = glossary.spoken(rows["is_provisional"].map({True: "open", False: "decided"}), "quarter_state")
    if is_open(data):  # an early look: nothing of it is final
        state = state.mask(rows["is_provisional"].astype(bool) | (data.as_of < data.period.end), glossary.word("quarter_state", "open"))
    return rows.assign(
        quarter=str(data.period), result_state=state, scheme_title=str(data.scheme.get("title", "")),
        scheme_status=glossary.word("scheme_status", "adopted" if adopted else "proposed"), as_of=data.as_of.isoformat(),
    )  # fmt: skip


def _new_problems(data: QuarterData) -> pd.DataFrame:
    """This quarter's problems, counted as a circular counts them; an overdue one of an earlier quarter is not a new one."""
    rows = problems_of_units(data)
    return rows[~rows["is_overdue"]]


def _units(data: QuarterData) -> pd.DataFrame:
    rows = data.frames["unit_scores"].sort_values(["rank_best", "rank_worst", "unit_id"], na_position="last", ignore_index=True)
    results = pd.crosstab(data.frames["account_scores"]["unit_id"], verdict_of_accounts(data))
    problems = _new_problems(data)["unit_id"].value_counts()
    counts = {
        f"n_accounts_{code}": rows["unit_id"].map(results.reindex(columns=[glossary.word("account_result", word) for word in words]).sum(axis=1))
        for code, words in (("passed", ("pass", "prominent")), ("failed", ("fail",)), ("open", ("open",)))
    }
    supervisors = data.frames["units"].set_index("unit_id")["is_supervisor"]
    rows = rows.assign(
        public_unit_id=rows["unit_id"], is_supervisor=rows["unit_id"].map(supervisors), n_problems=rows["unit_id"].map(problems), **counts
    )
    names = ["n_problems", *counts]
    made = _common(rows.assign(**{name: rows[name].fillna(0).astype("Int64") for name in names}), data)
    nobody = (made["n_accounts_scored"] == 0).fillna(False).astype(bool)
    return made.assign(result_state=made["result_state"].mask(nobody, glossary.word("quarter_state", "no_account")))


def _accounts(data: QuarterData) -> pd.DataFrame:
    rows = data.frames["account_scores"].reset_index(drop=True)
    facts = data.frames["account_quarters"].set_index("account_id")
    named = {str(veto["code"]): f"{veto['code']} {veto['name']}" for veto in data.scheme.get("vetoes", ())}
    houses = data.frames["unit_scores"].set_index("unit_id")["unit_name"]
    problems = _new_problems(data)["account_id"].value_counts()
    rows = rows.assign(
        public_unit_id=rows["unit_id"], public_account_id=rows["account_id"], unit_name=rows["unit_id"].map(houses),
        account_result=verdict_of_accounts(data).to_numpy(), public_veto=rows["veto_code"].map(named),
        platform=glossary.spoken(rows["platform"], "platform"),
        n_problems=rows["account_id"].map(problems).fillna(0).astype("Int64"),
        **{name: rows["account_id"].map(facts[name]) for name in ("n_posts", "n_weeks_due", "n_weeks_missed", "n_weeks_no_data", "max_gap_days")},
    )  # fmt: skip
    return _common(rows.sort_values(["unit_id", "account_id"], ignore_index=True), data)


def _shown(values: pd.Series, column: PublicColumn) -> pd.Series:
    """The values as they are written: scores as exact decimals in words, whole numbers, 是/否, plain texts; missing stays empty."""
    if column.kind == "int":
        return values.astype("Int64")
    if column.kind == "bool":
        return values.astype("boolean").fillna(False).map({True: "是", False: "否"}).astype("str")
    if column.kind == "score":
        return values.map(points_text, na_action="ignore").astype("str")
    return mask_numbers(values.astype("str"))


def dictionary(tables: tuple[PublicTable, ...]) -> pd.DataFrame:
    """数据字典: one row for each column of each table, from the glossary: heading, identifier, kind, meaning, article, codes."""
    return pd.DataFrame([_entry(table, column) for table in tables for column in table.columns], dtype="str").fillna("")


def _entry(table: PublicTable, column: PublicColumn) -> Mapping[str, Any]:
    term = glossary.terms()[column.name]
    choice = {
        "platform": "platform", "account_result": "account_result", "result_state": "quarter_state", "scheme_status": "scheme_status",
    }.get(column.name)  # fmt: skip
    codes = [words[0] for code, words in glossary.choices(choice).items() if code != "absent"] if choice else ["是", "否"] if column.kind == "bool" else []
    return {
        "表": table.name,
        "列名": glossary.heading(column.name),
        "标识": _SAME.get(column.name, column.name),
        "类型": KINDS[column.kind],
        "含义": term.get("means", term["zh"]),
        "条款": citation(term["article"]) if "article" in term else "",
        "取值": "、".join(codes),
    }
