"""Who an account belongs to, in the words of a circular, and why one was not counted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.glossary import spoken
from xmt_scoring.reports.bulletin.wording import quoted

NOT_SAMPLED, SHORT, OTHER = "本季度未被抽中", "在用不足{days}天", "按规定不计分"
_LEVELS = (("镇人民政府", "镇人民政府$"), ("乡人民政府", "乡人民政府$"), ("街道办事处", "街道办事处$"))
_KINDS = {"administrative_organ": "县政府部门", "public_institution": "事业单位"}
OTHER_OWNERS = "其他单位"


def named_accounts(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every account of the register: account_id, account_name, platform and unit_name in words, unit_id, is_supervisor and
    `full_name`, such as “太白发布”微信公众号（太白县人民政府办公室）."""
    accounts, houses = frames["accounts"], frames["units"].set_index("unit_id")
    named = accounts[["account_id", "account_name"]].assign(
        platform=spoken(accounts["platform"], "platform"),
        unit_id=accounts["owner_id"],
        unit_name=accounts["owner_id"].map(houses["unit_name"]).astype("str"),
        is_supervisor=accounts["owner_id"].map(houses["is_supervisor"]).fillna(False).astype(bool),
    )
    return named.assign(full_name=named["account_name"].map(quoted) + named["platform"] + "（" + named["unit_name"] + "）")


def reasons(quarters: pd.DataFrame, min_live_days: int) -> pd.Series:
    """account_id → why an account that is not counted is not."""
    is_short = (quarters["live_days"] < min_live_days).to_numpy(dtype=bool)
    is_left = ~quarters["is_sampled"].fillna(True).to_numpy(dtype=bool)
    words = np.select([is_left, is_short], [NOT_SAMPLED, SHORT.format(days=min_live_days)], OTHER)
    return pd.Series(words, index=quarters["account_id"], dtype="str")


def owner_levels(houses: pd.DataFrame) -> pd.Series:
    """unit_id → its level among the owners: by name for towns and sub-districts, else by the kind of the unit."""
    level = houses["unit_kind"].map(_KINDS).astype("str").fillna(OTHER_OWNERS)
    for words, pattern in _LEVELS:
        level = level.mask(houses["unit_name"].str.contains(pattern, regex=True), words)
    return pd.Series(level.to_numpy(), index=houses["unit_id"], dtype="str")
