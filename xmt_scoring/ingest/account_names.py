"""Which account of the register a name or number elsewhere means: by the number at the platform, by what the analyst answered,
by name, by a former name. Nothing is guessed: what two accounts of a platform share decides nothing."""

from __future__ import annotations

import pandas as pd

WAYS = ("number", "answer", "name", "former")
Ways = dict[str, pd.Series]


def folded(names: pd.Series) -> pd.Series:
    """Names as they are compared: full-width forms, capitals, blanks, brackets and punctuation do not matter."""
    return names.astype("str").str.normalize("NFKC").str.casefold().str.replace(r"[\s\W_]+", "", regex=True)


def ways_of(accounts: pd.DataFrame, events: pd.DataFrame, answers: pd.DataFrame) -> Ways:
    """For each of `WAYS`: (platform, folded word) → account_id, words of several accounts left out.

    `events` and `answers`: frames `account_events` (renames give former names) and `account_matches`.
    """
    renamed = events.loc[events["event_kind"] == "rename", ["account_id", "from_value"]].merge(
        accounts[["account_id", "platform"]], on="account_id", validate="m:1"
    )
    said = answers[answers["is_same"].fillna(False).astype(bool)]
    sources = {
        "number": accounts.assign(key=folded(accounts["platform_account_no"])),
        "answer": said.assign(key=folded(said["listed_name"])),
        "name": accounts.assign(key=folded(accounts["account_name"])),
        "former": renamed.assign(key=folded(renamed["from_value"])),
    }
    made = {}
    for way in WAYS:
        known = sources[way]
        known = known[known["key"].notna() & (known["key"] != "")].drop_duplicates(["platform", "key", "account_id"])
        once = known[~known.duplicated(["platform", "key"], keep=False)]
        made[way] = pd.Series(once["account_id"].to_numpy(), index=pd.MultiIndex.from_frame(once[["platform", "key"]]), dtype="str")
    return made


def match(rows: pd.DataFrame, ways: Ways) -> pd.DataFrame:
    """`account_id` and `how` (one of `WAYS`) of each row, missing where nothing fits; index as `rows`.

    `rows`: platform, platform_account_no and listed_name, each possibly missing.
    """
    none = pd.Series(None, index=rows.index, dtype="str")
    made = pd.DataFrame({"account_id": none, "how": none})
    for way in WAYS:
        word = folded(rows["platform_account_no" if way == "number" else "listed_name"]).fillna("")
        wanted = pd.MultiIndex.from_arrays([rows["platform"], word])
        ids = pd.Series(ways[way].reindex(wanted).to_numpy(), index=rows.index, dtype="str")
        fresh = made["account_id"].isna() & ids.notna()
        made.loc[fresh, "account_id"], made.loc[fresh, "how"] = ids[fresh], way
    return made


def other_number(rows: pd.DataFrame, accounts: pd.DataFrame) -> pd.Series:
    """The number that the register has for a row's account, where the row was found by another way and says another number.

    `rows`: account_id, how, platform_account_no. An answer of the analyst settles it.
    """
    registered = rows["account_id"].map(accounts.set_index("account_id")["platform_account_no"]).astype("str")
    differ = folded(rows["platform_account_no"]) != folded(registered)
    both = rows["platform_account_no"].notna() & registered.notna() & rows["how"].isin(["name", "former"])
    return registered.where(both & differ)
