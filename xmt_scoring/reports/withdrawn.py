"""Failures that were withdrawn after an appeal, in sentences: a unit sees what became of its appeal (readings 34)."""

from __future__ import annotations

import pandas as pd

from xmt_scoring.reports.masking import mask_numbers


def withdrawn_lines(withdrawn: pd.DataFrame, unit_id: str) -> list[str]:
    """One sentence for each appeal that took a failure (frame `withdrawn_verdicts`) from a unit or one of its accounts."""
    rows = withdrawn[(withdrawn["unit_id"] == unit_id).to_numpy(dtype=bool)].drop_duplicates("contribution_id")
    days = rows["reviewed_on"].dt.strftime("%Y-%m-%d").astype("str")
    lines = days + " 复核：申诉成立，已撤销“" + mask_numbers(rows["message"]) + "”（扣分编号 " + rows["contribution_id"] + "）"
    return [str(line) for line in lines]
