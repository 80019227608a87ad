"""Words for units, accounts and check items → ids, and the rows that are set aside because a word or a row cannot be placed."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from xmt_scoring.errors import Problem, place
from xmt_scoring.glossary import choices, heading
from xmt_scoring.ingest.register_specs import key_of
from xmt_scoring.ingest.values import to_text

SOURCE = ["src_file", "src_sheet", "src_row"]
MOST_TOLD = 10  # rows named one by one for one fault of one column


@dataclass(frozen=True)
class Words:
    """`ids`: word as compared → id. `several`: words that mean more than one. `spoken`: the words to suggest."""

    ids: Mapping[str, str]
    several: Mapping[str, list[str]]
    spoken: tuple[str, ...]
    home: str  # where the words come from, for messages

    def resolve(self, given: pd.Series) -> pd.Series:
        """The ids; missing where a cell is blank, unknown or means several."""
        return key_of(given).map(self.ids).astype("str")

    def explain(self, word: str) -> str:
        """Why a word was not resolved, with the nearest words that would be."""
        folded = str(key_of(pd.Series([word], dtype="str"))[0])
        if folded in self.several:
            return f"“{word}”在{self.home}里不止一个（{'、'.join(self.several[folded][:6])}）"
        near = difflib.get_close_matches(word, self.spoken, n=3, cutoff=0.3)
        return f"“{word}”不在{self.home}里" + (f"（相近的有：{'、'.join(near)}）" if near else "")


def make_words(sources: list[tuple[pd.Series, pd.Series]], spoken: pd.Series, home: str) -> Words:
    """From (words, ids) pairs; an earlier pair comes before a later one, a word with two ids resolves to none."""
    ids: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for words, owners in sources:
        meant: dict[str, dict[str, None]] = {}
        for word, owner in zip(key_of(words), owners.astype("str"), strict=True):
            if isinstance(word, str) and isinstance(owner, str):  # neither is missing
                meant.setdefault(word, {})[owner] = None
        ids = {**{word: next(iter(found)) for word, found in meant.items() if len(found) == 1}, **ids}
        several = {**{word: list(found) for word, found in meant.items() if len(found) > 1}, **several}
    for word in set(several) & set(ids):
        del several[word]
    return Words(ids, several, tuple(spoken.dropna().astype(str).unique()), home)


def unit_words(units: pd.DataFrame) -> Words:
    """By id, by name, and by the name without the county (太白县林业局 → 县林业局, 林业局) where only one unit has it."""
    parts = units["unit_name"].str.extract(r"^(?P<county>.{1,4}?)(?P<rank>[县市区])(?P<rest>.{2,})$")
    county = parts["county"].mode()
    common = parts["county"].isin([name for name in county.head(1) if (parts["county"] == name).sum() > 1])
    short = [(parts["rank"] + parts["rest"]).where(common), parts["rest"].where(common)]
    sources = [(words, units["unit_id"]) for words in (units["unit_id"], units["unit_name"], *short)]
    return make_words(sources, units["unit_name"], "单位登记表")


def account_words(accounts: pd.DataFrame) -> Words:
    """By id, by name where only one account has it, by „name(platform)", by the platform's own id."""
    named = accounts["account_name"]
    sources = [(accounts["account_id"], accounts["account_id"]), (named, accounts["account_id"])]
    for code, words in choices("platform").items():
        own = accounts[accounts["platform"] == code]
        if len(own):
            sources += [(own["account_name"] + f"({word})", own["account_id"]) for word in (*words, code)]
    sources.append((accounts["platform_account_no"], accounts["account_id"]))
    first = choices("platform")
    spoken = named + "（" + accounts["platform"].map({code: words[0] for code, words in first.items()}).astype("str") + "）"
    return make_words(sources, pd.concat([named, spoken.where(named.duplicated(keep=False))]), "账号备案台账")


def item_words(known_items: Mapping[str, Sequence[str]]) -> Words:
    """The words for check items that the rules and the scheme know; a word with several ids is told with their names."""
    one = {word: checks[0] for word, checks in known_items.items() if len(checks) == 1}
    label = {check: word for word, check in reversed(one.items()) if word != check}
    shared = {word: [label.get(check, check) for check in checks] for word, checks in known_items.items() if len(checks) > 1}
    words = pd.Series(list(one), dtype="str")
    made = make_words([(words, pd.Series(list(one.values()), dtype="str"))], words, "检查项目")
    several = dict(zip(key_of(pd.Series(list(shared), dtype="str")), shared.values(), strict=True))
    return replace(made, several={**made.several, **several})



@dataclass
class Aside:
    """What is collected on the way: messages, and the rows set aside."""

    problems: list[Problem] = field(default_factory=list)
    rows: list[pd.DataFrame] = field(default_factory=list)

    def take(self, rows: pd.DataFrame, bad: pd.Series, reasons: pd.Series | str) -> pd.DataFrame:
        """Set the bad rows aside with a reason; returns the others."""
        if not bad.any():
            return rows
        away = rows.loc[bad, SOURCE].assign(reason=reasons if isinstance(reasons, str) else reasons[bad])
        texts = rows.loc[bad].drop(columns=SOURCE).astype(object).apply(to_text)
        away["content"] = pd.Series([" | ".join(row.dropna()) for _, row in texts.iterrows()], index=away.index, dtype="str")
        self.rows.append(away)
        return rows[~bad]

    def tell(self, rows: pd.DataFrame, column: str, whats: pd.Series | str, todo: str, is_fatal: bool) -> None:
        """One message for each row, after ten the rest together. `whats`: by row, or the same for all."""
        for label, (file, sheet, row) in zip(rows.index[:MOST_TOLD], rows[SOURCE].itertuples(index=False), strict=False):
            what = whats if isinstance(whats, str) else str(whats[label])
            where = place(file, sheet if isinstance(sheet, str) else None, int(row), heading(column))
            self.problems.append(Problem(where, what, todo, is_fatal))
        for (file, sheet), more in rows[MOST_TOLD:].groupby(["src_file", "src_sheet"], dropna=False, sort=False):
            listed = "、".join(str(row) for row in more["src_row"][:200])
            where = place(str(file), sheet if isinstance(sheet, str) else None, column=heading(column))
            self.problems.append(Problem(where, f"同样的问题另有 {len(more)} 行：第 {listed} 行", todo, is_fatal))

    def quarantine(self) -> pd.DataFrame:
        """Everything set aside, as rows of frame `quarantine`."""
        columns = [*SOURCE, "reason", "content"]
        return pd.concat(self.rows, ignore_index=True)[columns] if self.rows else pd.DataFrame(columns=columns)
