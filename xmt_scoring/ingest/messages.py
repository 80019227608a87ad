"""网民留言: message lists of boards and of the office → frame `messages` (第十一条第3项; forms in `registers.py`)."""

from __future__ import annotations

import pandas as pd

from xmt_scoring.frames import conform, empty
from xmt_scoring.glossary import choices
from xmt_scoring.ingest.linking import Linked
from xmt_scoring.ingest.register_specs import key_of
from xmt_scoring.ingest.register_words import SOURCE, Aside, Words, account_words, unit_words

_SAID = ["reply_text", "is_effective", "is_automatic", "answered_by", "is_by_other_body"]  # of one reply
_EXCUSE = ["is_excused", "excuse_kind", "excuse_reason"]
_KINDS = "、".join(words[0] for words in choices("excuse_kind").values())
_TODO = "请在列表里加一列“账号”，或在“导出文件清单.xlsx”里写明它是哪个账号的"


def link_messages(parts: pd.DataFrame, accounts: pd.DataFrame, units: pd.DataFrame) -> Linked:
    """Message rows of all lists → frame `messages`, one row for each reply of a message (one for a message without any).

    `parts`: rows of message lists as `read_register` gives them, `account_id` being an id or the word in the list (with
    `platform` where a name occurs twice), missing where nobody knows: those wait. Which reply counts is left to the
    facts. The same reply twice is kept once; one number with two different questions is two messages. A reply before the
    receipt is kept and told.
    """
    aside = Aside()
    if not len(parts):
        return Linked({"messages": empty("messages")}, [], aside.quarantine())
    rows = _attributed(parts.reset_index(drop=True), accounts, aside)
    rows = _numbered(rows.drop(columns="platform"), aside)
    rows = _once(rows, aside)
    rows = _by_others(rows, accounts, unit_words(units))
    _tell_contradictions(rows, aside)
    return Linked({"messages": conform(rows, "messages")}, aside.problems, aside.quarantine())


def _attributed(rows: pd.DataFrame, accounts: pd.DataFrame, aside: Aside) -> pd.DataFrame:
    words = account_words(accounts)
    given, platform = rows["account_id"], rows["platform"]
    ids = words.resolve(given + "(" + platform + ")").fillna(words.resolve(given))
    elsewhere = ids.notna() & platform.notna() & (ids.map(accounts.set_index("account_id")["platform"]) != platform).fillna(False)
    nameless, unknown = given.isna(), given.notna() & (ids.isna() | elsewhere)
    for _, waiting in rows[nameless].groupby(["src_file", "src_sheet"], dropna=False, sort=False):
        aside.tell(waiting.head(1), "account_id", f"待认领：{len(waiting)} 条留言没有写是哪个账号的", _TODO, False)
    if unknown.any() and len(accounts):
        whats = given[unknown].map({word: words.explain(str(word)) for word in given[unknown].unique()})
        whats = whats.mask(elsewhere[unknown], given[unknown] + "不在这个平台上")
        aside.tell(rows[unknown], "account_id", whats, "请改正账号或平台，或先在账号备案台账里登记它", False)
    kept = aside.take(rows, nameless | unknown, pd.Series("待认领：没有写账号", index=rows.index).mask(unknown, "待认领：账号不在台账中"))
    return kept.assign(account_id=ids[kept.index])


def _numbered(rows: pd.DataFrame, aside: Aside) -> pd.DataFrame:
    """Account and number; without a number the place of the first row that asks the same.

    A second question under a number gets its place added: it is another message.
    """
    place = rows["src_file"] + "#" + (rows["src_sheet"] + "#").fillna("") + rows["src_row"].astype("str")
    asked = rows["received_at"].astype("str") + "|" + key_of(rows["message_title"]).fillna("") + "|" + key_of(rows["message_text"]).fillna("")
    who = rows["account_id"] + "|" + rows["netizen"].fillna("")
    first_place = place.groupby(who + "|" + asked, sort=False).transform("first").where(rows["message_text"].notna(), place)
    number = rows["account_id"] + ":" + rows["message_id"]
    first_asked = asked.groupby(number, sort=False).transform("first")
    other = number.notna() & (asked != first_asked)
    origin = place.groupby(number.fillna(place) + "|" + asked, sort=False).transform("first")
    if other.any():
        what = "留言编号与前面一行相同，内容却不同；按两条留言计"
        aside.tell(rows[other & (place == origin)], "message_id", what, "请核对留言编号", False)
    return rows.assign(message_id=number.where(~other, number + "@" + origin).fillna(first_place).astype("str"))


def _once(rows: pd.DataFrame, aside: Aside) -> pd.DataFrame:
    """One row for each reply; a row without a reply only where no other has one, or where it excuses the message.

    Rows of one moment are one reply where they say the same of it or one says nothing: on lists with days only, an
    automatic and a written reply often share their moment.
    """
    filled = rows.drop(columns=SOURCE).notna().sum(axis=1)
    order = rows.assign(_filled=-filled).sort_values(["first_reply_at", "_filled"], kind="stable", na_position="last")
    is_unanswered, moment = order["first_reply_at"].isna(), ["message_id", "first_reply_at"]
    adds_nothing = is_unanswered & order["reply_text"].isna() & order["message_id"].isin(order.loc[~is_unanswered, "message_id"])
    adds_nothing |= order[_SAID].isna().all(axis=1) & order.duplicated(moment)  # the fullest stands first
    adds_nothing &= ~order["is_excused"].astype(object).astype("boolean").fillna(False).astype(bool)
    again = adds_nothing | order.duplicated([*moment, *_EXCUSE, *_SAID])
    return aside.take(rows, again[rows.index], "重复：同一条留言的同一次答复（或没有答复的一行）出现了两次，保留写得最全的一行")


def _by_others(rows: pd.DataFrame, accounts: pd.DataFrame, units: Words) -> pd.DataFrame:
    """`is_by_other_body` where the list leaves it open: the body that answered is not the one that runs the account."""
    owner = rows["account_id"].map(accounts.set_index("account_id")["owner_id"]).astype("str")
    body = rows["answered_by"]
    other = units.resolve(body).fillna(body) != owner
    said = rows["is_by_other_body"].astype(object).astype("boolean")  # text where no list has the column
    return rows.assign(is_by_other_body=said.fillna(other.where(body.notna()).astype("boolean")))


def _tell_contradictions(rows: pd.DataFrame, aside: Aside) -> None:
    asked, answered = rows["received_at"], rows["first_reply_at"]
    # a reply that names only its day may be later on that day
    early = (answered < asked) & ~((answered == answered.dt.normalize()) & (asked.dt.normalize() == answered))
    aside.tell(rows[early], "first_reply_at", "答复时间早于留言时间；按原样保留", "请核对这两个时间", False)
    timeless = rows["reply_text"].str.contains(r"\w").fillna(False).astype(bool) & answered.isna()
    aside.tell(rows[timeless], "first_reply_at", "有答复意见，没有答复时间；不能判定是否按时，这条留言待定", "请补上答复时间", False)
    said = rows["is_excused"].astype(object).astype("boolean").fillna(False).astype(bool)
    kind, reason = rows["excuse_kind"], rows["excuse_reason"]
    aside.tell(rows[said & kind.isna()], "excuse_kind", "填了免责，没有免责类别；照样要求按时答复", f"请从这些里选：{_KINDS}", False)
    wordless = said & kind.eq("other").fillna(False) & reason.isna()
    aside.tell(rows[wordless], "excuse_reason", "免责类别是“其他理由”，没有写理由；照样要求按时答复", "请写明免责理由", False)
    aside.tell(rows[~said & kind.notna()], "is_excused", "写了免责类别，却没有填免责；照样要求按时答复", "确实免责的请在“是否免责”填“是”", False)
