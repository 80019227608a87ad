"""Whose row is it, where the export itself names an account in each row: by number, by what the analyst answered, by name."""

from __future__ import annotations

import pandas as pd

from xmt_scoring.glossary import choices
from xmt_scoring.ingest.account_names import Ways, match, other_number
from xmt_scoring.ingest.register_words import Words

HERE = "文件里的账号列"
_SAID = ["account_no", "account_no_too", "account_word"]
_PLATFORMS = {word: code for code, words in choices("platform").items() for word in (code, *words)}


def platforms_of(words: pd.Series) -> pd.Series:
    """The platform of each word; missing where it is none."""
    return words.map(_PLATFORMS).astype("str")


def by_any_word(rows: pd.DataFrame, platform: str | None, words: Words, ways: Ways) -> tuple[pd.Series, str]:
    """The office's own form: the account is written as in the registers (id, name, number), or by a former name where the
    platform is known. The account of each row, and how it was found or why it was not."""
    given = rows["account_any"]
    found = words.resolve(given)
    if "platform_word" in rows:
        found = words.resolve(given + "(" + rows["platform_word"] + ")").fillna(found)
    own = platforms_of(rows["platform_word"]) if "platform_word" in rows else pd.Series(platform, index=rows.index, dtype="str")
    asked = pd.DataFrame({"platform": own, "platform_account_no": None, "listed_name": given})[found.isna() & own.notna()]
    if len(asked):
        found = found.fillna(match(asked, ways)["account_id"])
    return found, "“账号”列里写的账号不在账号备案台账里（或同名不止一个）" if found.isna().any() else HERE


def by_columns(rows: pd.DataFrame, platform: str, accounts: pd.DataFrame, ways: Ways) -> tuple[pd.Series, str] | None:
    """Columns of number and name, as a platform or a tool writes them; None where the export has none.

    A name that is registered with another number is nobody's: it may be another account of that name.
    """
    if not {"account_no", "account_word"} & set(rows):
        return None
    said = rows.reindex(columns=_SAID).astype("str").fillna("")
    each = said.drop_duplicates()
    asked = each.replace("", None).assign(platform=platform).rename(columns={"account_no": "platform_account_no", "account_word": "listed_name"})
    found = match(asked, ways)
    too = match(asked.assign(platform_account_no=asked["account_no_too"]), ways)  # of two numbers either may be the registered one
    found = found.mask(too["how"].eq("number") & found["how"].ne("number"), too)
    other = other_number(asked.join(found), accounts)
    by = pd.Series(found["account_id"].mask(other.notna()).to_numpy(), index=pd.MultiIndex.from_frame(each), dtype="str")
    ids = pd.Series(by.reindex(pd.MultiIndex.from_frame(said)).to_numpy(), index=rows.index, dtype="str")
    if ids.notna().all():
        return ids, HERE
    absent = "写的账号不在账号备案台账里"
    if not other.notna().any():
        return ids, absent
    first = asked.assign(other=other)[other.notna()].iloc[0]
    namesake = f"写的账号“{first['listed_name']}”与台账里的同名，编号却不同（文件里是 {first['platform_account_no']}，台账里是 {first['other']}）"
    return ids, namesake if found.loc[other.isna(), "account_id"].notna().all() else f"{absent}，或{namesake}"
