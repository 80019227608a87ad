"""Measures that are proposed and that the office has decided on: a row of 处置.xlsx after the quarter's end says so (第二十四条)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from xmt_scoring.errors import Problem, place
from xmt_scoring.glossary import word
from xmt_scoring.workspace import QuarterData

DRAFTED = ("regulatory_talk", "formal_warning")  # what a draft can be written of


def confirmed(data: QuarterData) -> tuple[pd.DataFrame, list[Problem]]:
    """The proposals of the quarter that a row of `sanctions` confirms: unit_id, account_id, measure, reasons,
    evidence_words, issued_on, document_no; and what to mind about rows that confirm none.

    A row confirms the proposal for the same unit and account with the same measure, dated after the quarter's end: the
    decision on a quarter comes after it, and an earlier row is one on an earlier quarter.
    """
    rows = data.frames["sanctions"]
    until = pd.Timestamp(data.period.following.end)
    rows = rows[(rows["issued_on"] > pd.Timestamp(data.period.end)) & (rows["issued_on"] <= until) & rows["measure"].isin(DRAFTED)]
    rows = rows.sort_values(["issued_on", "src_row"], kind="stable").drop_duplicates(["unit_id", "account_id", "measure"], keep="last")
    proposed = data.frames["proposed_measures"][["unit_id", "account_id", "measure", "reasons", "evidence_words"]]
    both = rows.merge(proposed, on=["unit_id", "account_id", "measure"], how="left", validate="1:1")
    met = both["reasons"].notna()
    notes = [_not_proposed(row) for row in both[~met].to_dict("records")]
    return both.loc[met, ["unit_id", "account_id", "measure", "reasons", "evidence_words", "issued_on", "document_no"]], notes


def _not_proposed(row: Mapping[Any, Any]) -> Problem:
    where = place(str(row["src_file"]), None if pd.isna(row["src_sheet"]) else str(row["src_sheet"]), int(row["src_row"]))
    what = f"登记了{word('measure', row['measure'])}，但本季度的“处置建议”里对这个单位、账号没有建议这一项"
    return Problem(where, what, "没有为它起草文书；决定与建议不同的，请自行起草，或核对单位、账号、措施和日期", False)
