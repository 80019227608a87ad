"""What each item is worth to each account, for whoever computes a score again from its rows (a spreadsheet)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from xmt_scoring.points import SCALE
from xmt_scoring.scoring.account_sheet import account_sheet
from xmt_scoring.scoring.accounts import item_points, items_not_applicable, live_accounts
from xmt_scoring.scoring.losses import code_verdicts
from xmt_scoring.scoring.options import in_force
from xmt_scoring.scoring.rubric import read_rubric

LEFT = "left"  # the column of the points that an account is scored on


def item_worth(frames: Mapping[str, pd.DataFrame], raw: Mapping[str, Any], settings: Any) -> pd.DataFrame:
    """Index account_id; a column of Decimal for each item, by its id, and LEFT: the points left when items are left out.

    `raw`: the scheme in force as the reports have it. Where every item is worth its own points to everybody (nothing is
    不适用, or all of it keeps its points) the frame is empty, but for its columns.
    """
    entries = raw.get("items", [])
    codes = [str(entry["id"]) for entry in entries]
    policies = {entry.get("on_na") or settings["na_policy"] for entry in entries}
    if policies == {"full"} or not (frames["verdicts"]["outcome"] == "not_applicable").any():
        return pd.DataFrame(columns=[*codes, LEFT], dtype="object")
    own = {**raw, **{kind: [entry for entry in raw.get(kind, []) if "setting" not in entry] for kind in ("items", "vetoes")}}
    scheme = in_force(account_sheet(read_rubric(own, str(raw.get("id", "")))), settings)
    live = live_accounts(frames["account_quarters"], frames["accounts"])
    coded = code_verdicts(frames["verdicts"], live, frames["account_quarters"]["account_id"], scheme)
    points, left = item_points(items_not_applicable(coded, scheme), scheme, settings["na_policy"])
    made = {item.id: [Decimal(int(value)) / SCALE for value in points[:, at]] for at, item in enumerate(scheme.items)}
    return pd.DataFrame({**made, LEFT: [Decimal(int(value)) / SCALE for value in left]}, index=live["account_id"], dtype="object")
