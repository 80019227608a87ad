"""The registers together: words become ids, repetitions go, and every reference leads somewhere (`rulings.md` §§2, 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xmt_scoring.errors import Problem
from xmt_scoring.frames import conform, contract, empty
from xmt_scoring.glossary import heading
from xmt_scoring.ingest.app_checks import with_app_checks
from xmt_scoring.ingest.register_specs import MANUAL_FORM, data, key_of, specs
from xmt_scoring.ingest.register_words import SOURCE, Aside, Words, account_words, item_words, unit_words
from xmt_scoring.model import Level

# (earlier, later): the other way round is a contradiction of life, which is told and left to the checks
_ORDERS = {
    "accounts": ("opened_on", "closed_on"),
    "staff": ("from_on", "to_on"),
    "clearances": ("cleared_at", "posted_at"),
    "rectifications": ("found_on", "resolved_on"),
    "approved_exceptions": ("approved_on", "to_on"),
    "counterfeits": ("found_on", "reported_on"),
}
_QUARTER = r"^\s*([0-9]{4})\s*年?\s*(?:[Qq]|第)?\s*([1-4一二三四])\s*(?:季度|季)?\s*$"  # 2025Q1, 2025年第一季度
_TODO = {
    "unit": "请改正单位，或先在“单位.xlsx”里登记它",
    "account": "请改正账号（编号、名称，或“名称（平台）”），或先在账号备案台账里登记它",
    "item": "请从模板或人工核查表里照抄检查项目",
}


@dataclass(frozen=True)
class Linked:
    """Frames that keep their contracts, the messages, and the rows set aside on top of those of reading."""

    frames: dict[str, pd.DataFrame]
    problems: list[Problem]
    quarantine: pd.DataFrame


def link_registers(
    frames: Mapping[str, pd.DataFrame], known_items: Mapping[str, Sequence[str]], incomplete: Collection[str] = ()
) -> Linked:
    """Resolve units, accounts and check items in all registers but the messages, and drop repeated rows.

    `frames`: what `read_register` gave, joined over all files; absent ones count as empty. `known_items`: word →
    check_id. `incomplete`: registers with rows that could not be read; names missing from them are not told again.
    """
    aside = Aside()
    names = [name for name in specs() if name not in ("messages", MANUAL_FORM)]
    raw = {name: frames[name] for name in names if len(frames.get(name, ()))}
    made = {name: empty(name) for name in names if name not in raw}
    made["units"] = _distinct(raw.get("units", empty("units")), "units", aside)
    units = unit_words(made["units"])
    accounts = _distinct(raw.get("accounts", empty("accounts")), "accounts", aside)
    _tell_same_names(accounts, aside)
    made["accounts"] = _resolved(accounts, "accounts", "owner_id", units, aside, not len(made["units"]) or "units" in incomplete)
    known = {"unit": units, "account": account_words(accounts)}
    gone = set(accounts["account_id"]) - set(made["accounts"]["account_id"])
    quiet = {"unit": "units" in incomplete or not len(made["units"]), "account": "accounts" in incomplete or not len(accounts)}
    items = item_words(known_items)
    if "app_checks" in raw:
        raw = with_app_checks(raw, made["accounts"], known["account"], data()["form"]["not_found"][0], aside)
    for name, rows in raw.items():
        if name not in ("units", "accounts"):
            rows = _linked(rows, name, known, quiet, items, aside)
            if gone and "account_id" in rows:
                rows = aside.take(rows, rows["account_id"].isin(list(gone)), "账号在台账中的那一行没有采用")
            made[name] = rows
    for name in made:
        _tell_contradictions(made[name], name, aside)
    return Linked({name: conform(rows, name) for name, rows in made.items()}, aside.problems, aside.quarantine())


def _linked(
    rows: pd.DataFrame, name: str, known: Mapping[str, Words], quiet: Mapping[str, bool], items: Words, aside: Aside
) -> pd.DataFrame:
    if name == "upper_inspections":
        rows = _upper_accounts(rows, known["account"], aside)
    for column in contract(name).columns:
        if column.refers_to:
            rows = _resolved(rows, name, column.name, known[column.refers_to], aside, quiet[column.refers_to])
    if "check_item" in contract(name).names:
        rows = _resolved(rows, name, "check_item", items, aside, False)
    rows = _placed(rows, name, aside)
    if name == "findings":
        rows = _with_event_ids(rows, aside)
    return _distinct(rows, name, aside)


def _resolved(rows: pd.DataFrame, name: str, column: str, words: Words, aside: Aside, is_quiet: bool) -> pd.DataFrame:
    """The column as ids; rows with a word that nothing answers to are set aside (and told, unless `is_quiet`)."""
    given, ids = rows[column], words.resolve(rows[column])
    bad = given.notna() & ids.isna()
    if bad.any():
        whats = given[bad].map({word: words.explain(str(word)) for word in given[bad].unique()})
        kind = contract(name).column(column).refers_to or "item"
        if not is_quiet:
            aside.tell(rows[bad], column, whats, _TODO[kind], specs()[name].stops)
        return aside.take(rows.assign(**{column: ids.mask(bad, given)}), bad, heading(column) + whats)
    return rows.assign(**{column: ids})


def _upper_accounts(rows: pd.DataFrame, words: Words, aside: Aside) -> pd.DataFrame:
    """An inspection may name an account that the register no longer has; with its unit it still counts for the year."""
    unknown = rows["account_id"].notna() & words.resolve(rows["account_id"]).isna() & rows["unit_id"].notna()
    if unknown.any():
        whats = rows["account_id"].map({word: words.explain(str(word)) + "，只记到单位" for word in rows.loc[unknown, "account_id"].unique()})
        aside.tell(rows[unknown], "account_id", whats, _TODO["account"], False)
    return rows.assign(account_id=rows["account_id"].mask(unknown))


def _placed(rows: pd.DataFrame, name: str, aside: Aside) -> pd.DataFrame:
    """Rows that do not say whom or which days they mean."""
    tests: list[tuple[pd.Series, str, str, str]] = []
    if name in ("findings", "upper_inspections"):
        nobody = rows["account_id"].isna() & rows["unit_id"].isna()
        tests.append((nobody, "account_id", "账号和单位都没有写", "请填写账号；单位的问题填写单位"))
    if name == "upper_inspections":  # below 省 a veto fails an account for its quarter; without one it would cost nothing
        lost = rows["is_veto"].fillna(False).astype(bool) & rows["account_id"].isna() & rows["level"].isin([Level.CITY, Level.COUNTY])
        what = "市、县检查的单项否决只使账号当季不合格，这里没有台账上的账号，落不到哪个账号上"
        tests.append((lost & rows["unit_id"].notna(), "account_id", what, "请填写台账上的账号；涉及几个账号的，每个账号一行"))
    if name == "checks_done":
        scope, unit, account = rows["check_scope"], rows["unit_id"].notna(), rows["account_id"].notna()
        tests.append(((scope == "all") & (unit | account), "check_scope", "写着“全部”，却又写了单位或账号", "请改检查范围，或清空单位、账号"))
        tests.append(((scope == "unit") & ~unit, "unit_id", "检查范围是“单位”，却没有写是哪个单位", "请填写单位"))
        tests.append(((scope == "account") & ~account, "account_id", "检查范围是“账号”，却没有写是哪个账号", "请填写账号"))
        rows = rows.assign(account_id=rows["account_id"].where(scope != "unit"))
    if name == "bulletins":
        parts = rows["quarter"].str.normalize("NFKC").str.extract(_QUARTER)
        number = parts[1].replace({"一": "1", "二": "2", "三": "3", "四": "4"})
        tests.append((parts[0].isna(), "quarter", "看不出是哪个季度", "请写成 2025Q1 或 2025年第一季度"))
        rows = rows.assign(quarter=(parts[0] + "Q" + number).astype("str").fillna(rows["quarter"]))
    if name == "appeals":
        whole = rows["contribution_id"].str.fullmatch(r"[0-9]{4}Q[1-4]\|[^|]+\|[^|]+\|.+").fillna(False).astype(bool)
        tests.append((~whole, "contribution_id", "不是一笔季度扣分的编号", "请从扣分明细照抄，如 2025Q1|账号|项目|事件"))
        undated = rows["appeal_result"].notna() & rows["reviewed_on"].isna()
        aside.tell(rows[undated], "reviewed_on", "有复核结论，没有复核日期；结论暂不计入，照样扣分", "请填写复核日期", False)
    if name == "manifest":
        late = rows["covers_from"] > rows["covers_to"]
        tests.append((late, "covers_from", "起始日在截止日之后", "请核对这两个日期"))
        half = rows["covers_from"].isna() != rows["covers_to"].isna()
        tests.append((half, "covers_from", "起始日和截止日只写了一个", "请两个都写；不清楚就都空着"))
    for bad, column, what, todo in tests:
        bad = bad.reindex(rows.index, fill_value=False)
        if bad.any():
            aside.tell(rows[bad], column, what, todo, specs()[name].stops)
            rows = aside.take(rows, bad, f"{heading(column)}：{what}")
    return rows


def _with_event_ids(rows: pd.DataFrame, aside: Aside) -> pd.DataFrame:
    """A finding without a number gets one that stays the same: from item, account (or unit), description and address.

    Several such rows in one sheet are several events, as the form promises; in another copy of the sheet the first is
    the first again.
    """
    blank = rows["event_id"].isna()
    again = blank & rows.duplicated([column for column in rows if column != "src_row"])
    rows = aside.take(rows, again, "重复：与前面一行完全相同")
    blank = rows["event_id"].isna()
    subject = rows["account_id"].fillna(rows["unit_id"])
    told = rows["check_item"] + "|" + subject + "|" + key_of(rows["description"]) + "|" + rows["url"].fillna("")
    made = told.map(lambda text: "F" + hashlib.sha256(text.encode()).hexdigest()[:12]).astype("str")
    number = rows[blank].assign(made=made).groupby(["src_file", "src_sheet", "made"], dropna=False).cumcount().reindex(rows.index, fill_value=0)
    if (number > 0).any():
        what = "和前面一行是同一账号、同一项目、同样的描述，没有写事件编号，按两个问题各扣一次"
        aside.tell(rows[number > 0], "event_id", what, "是同一问题的，请填同一个事件编号", False)
    made = made.where(number == 0, made + "-" + (number + 1).astype("str"))
    return rows.assign(event_id=rows["event_id"].fillna(made))


def _distinct(rows: pd.DataFrame, name: str, aside: Aside) -> pd.DataFrame:
    """One row for each key: the same row again is set aside, another row under the same key is told too."""
    content = [column for column in rows if column not in SOURCE]
    again = rows.duplicated(content)
    rows = aside.take(rows, again, "重复：与前面一行完全相同")
    key = [column for column in contract(name).key if column not in SOURCE]
    if not key:
        return rows
    clash = rows.duplicated(key)
    if clash.any():
        first = rows.drop_duplicates(key).set_index(key)
        shown = rows.loc[clash, key[0]].astype("str")
        where = first["src_file"].reindex(pd.MultiIndex.from_frame(rows.loc[clash, key]) if len(key) > 1 else rows.loc[clash, key[0]])
        line = first["src_row"].reindex(where.index)
        said = [f"“{word}”和 {file} 第 {row} 行重复，内容却不同" for word, file, row in zip(shown, where, line, strict=True)]
        aside.tell(rows[clash], key[0], pd.Series(said, index=shown.index), "请核对后只留一行，或改正编号", specs()[name].stops)
    return aside.take(rows, clash, "重复：编号与前面一行相同，内容不同")


def _tell_same_names(accounts: pd.DataFrame, aside: Aside) -> None:
    """Two accounts of one name on one platform cannot be told apart by name."""
    both = pd.DataFrame({"name": key_of(accounts["account_name"]), "platform": accounts["platform"]})
    twice = both.duplicated()
    if twice.any():
        what = "同一平台上有两个账号同名，只能用账号编号区分"
        aside.tell(accounts[twice], "account_name", what, "请核对是否登记了两次；别的表里请写账号编号", False)


def _tell_contradictions(rows: pd.DataFrame, name: str, aside: Aside) -> None:
    if name not in _ORDERS or not len(rows):
        return
    earlier, later = _ORDERS[name]
    start, end = rows[earlier], rows[later]
    # a moment at midnight may be a day without a time: the same day is no contradiction then
    odd = (start > end) & ~((end == end.dt.normalize()) & (start.dt.normalize() == end))
    what = f"「{heading(earlier)}」在「{heading(later)}」之后；按原样保留，由检查规则认定"
    if odd.any():
        aside.tell(rows[odd], later, what, "请核对这两个时间", False)


