"""What two lists of accounts say differently: the rows of frame `reconciliation`, and near names that are only asked about."""

from __future__ import annotations

import difflib

import pandas as pd

from xmt_scoring.ingest.account_names import folded

NEAR = 0.6  # likeness of two names from which it is worth asking
_SOURCE = ["src_file", "src_sheet", "src_row"]


def recon_rows(kind: str, rows: pd.DataFrame, message: pd.Series | str, todo: str) -> pd.DataFrame:
    """Rows of one kind of [choices.recon_kind]: account, name in the other list, platform and place as far as `rows` has them."""
    wanted = ["account_id", "listed_name", "platform", *_SOURCE]
    made = rows.reindex(columns=wanted).assign(recon_kind=kind, message=message, todo=todo)
    for column in ("account_id", "listed_name", "platform", "src_file", "src_sheet", "message"):
        made[column] = made[column].astype("str")
    made["src_row"] = made["src_row"].astype("Int64")
    return made


def near_names(only_listed: pd.DataFrame, only_ours: pd.DataFrame, answers: pd.DataFrame, of_list: str) -> pd.DataFrame:
    """A question for each pair of accounts that only one list has, where platform and, nearly, name are the same.

    `only_listed`: listed_name, platform and place; `only_ours`: rows of the register; pairs that the analyst has denied
    (`answers`) are not asked again. `of_list`: what the other list is called.
    """
    pairs = only_listed.drop(columns="account_id").merge(only_ours[["account_id", "account_name", "platform"]], on="platform")
    denied = answers[~answers["is_same"].fillna(False).astype(bool)]
    denied_pairs = pd.MultiIndex.from_arrays([folded(denied["listed_name"]), denied["platform"], denied["account_id"]])
    theirs, ours = folded(pairs["listed_name"]).fillna(""), folded(pairs["account_name"])
    asked = ~pd.MultiIndex.from_arrays([theirs, pairs["platform"], pairs["account_id"]]).isin(denied_pairs)
    likeness = [difflib.SequenceMatcher(None, a, b).ratio() for a, b in zip(theirs, ours, strict=True)]
    near = pairs[asked & (pd.Series(likeness, index=pairs.index, dtype="float64") >= NEAR)]
    told = of_list + "里的“" + near["listed_name"] + "”与台账里的“" + near["account_name"] + "”名称相近"
    return recon_rows("near_match", near, told, "请在“账号对照”里回答是不是同一个账号；没有回答之前按两个账号对待")
