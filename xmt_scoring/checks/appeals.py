"""What a unit appealed against and the office found to be right: the failure is withdrawn, and stays on record (readings 34)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xmt_scoring.checks.rules import Rule
from xmt_scoring.errors import Problem, place
from xmt_scoring.frames import empty
from xmt_scoring.glossary import heading
from xmt_scoring.model import CheckResult, Outcome
from xmt_scoring.periods import Span

BY_APPEAL = "申诉复核"
_PLACE = ["src_file", "src_sheet", "src_row"]
_PARTS = ["quarter", "account_id", "item", "mark"]  # of a contribution_id


def upheld(given: Mapping[str, pd.DataFrame], period: Span) -> pd.DataFrame:
    """The appeals of the period that were found right: contribution_id, account_id, owner, mark, reviewed_on and their place.

    `mark`: the last part of a contribution_id, the event or `-` and the rule. Without a 复核日期 a result does not count
    yet. No date is compared with the as-of date: a decision on data is not one of the data.
    """
    rows = given.get("appeals", empty("appeals"))
    rows = rows[((rows["appeal_result"] == "upheld") & rows["reviewed_on"].notna()).fillna(False).to_numpy(dtype=bool)]
    parts = rows["contribution_id"].str.split("|", n=3, expand=True).reindex(columns=range(4)).set_axis(_PARTS, axis=1)
    owner = given["accounts"].set_index("account_id")["owner_id"]
    made = rows[["contribution_id", "reviewed_on", *_PLACE]].assign(
        account_id=parts["account_id"].astype("str"), mark=parts["mark"].astype("str"),
        owner=parts["account_id"].map(owner).astype("str"),
    )  # fmt: skip
    return made[(parts["quarter"] == str(period)).fillna(False).to_numpy(dtype=bool)].reset_index(drop=True)


def withdraw(result: CheckResult, rule: Rule, appeals: pd.DataFrame) -> tuple[CheckResult, pd.DataFrame, list[str]]:
    """A rule's result without the failures that `appeals` (see `upheld`) name, those failures, and a note that counts them.

    A failure of a unit is named by the contribution of any of its accounts. A subject that has nothing else left passes,
    decided by 申诉复核. The evidence of a withdrawn failure goes with it; the row of the register is its record.
    """
    verdicts = result.verdicts
    if not len(appeals) or not len(verdicts):
        return result, verdicts.head(0), []
    whose = verdicts["account_id"] if rule.subject == "account" else verdicts["unit_id"]
    mark = verdicts["event_id"].fillna(f"-{rule.id}")
    named = appeals["account_id"] if rule.subject == "account" else appeals["owner"]
    by_name = appeals.assign(key=named + "\t" + appeals["mark"]).drop_duplicates("key").set_index("key")
    at = by_name.index.get_indexer(pd.Index(whose + "\t" + mark))
    is_gone = (at >= 0) & (verdicts["outcome"] == Outcome.FAIL).to_numpy(dtype=bool)
    if not is_gone.any():
        return result, verdicts.head(0), []
    found = by_name.iloc[at[is_gone]].reset_index(drop=True)
    gone = verdicts[is_gone].reset_index(drop=True)
    taken = gone.assign(**{name: found[name] for name in ("contribution_id", "reviewed_on", *_PLACE)})
    kept = verdicts[~is_gone]
    key = "account_id" if rule.subject == "account" else "unit_id"
    clean = taken[~taken[key].isin(kept[key])].drop_duplicates(key)
    nothing = pd.Series([None] * len(clean), index=clean.index, dtype="str")
    passed = clean.assign(
        event_id=nothing, severity=nothing, outcome=str(Outcome.PASS), decided_by=BY_APPEAL,
        observed=clean["reviewed_on"].dt.strftime("%Y-%m-%d").astype("str"),
    )[list(verdicts.columns)]  # fmt: skip
    pairs = result.evidence[key].astype("str") + "\t" + result.evidence["event_id"].fillna("") if len(result.evidence) else None
    evidence = result.evidence if pairs is None else result.evidence[~pairs.isin(list(gone[key] + "\t" + gone["event_id"].fillna("")))]
    left = pd.concat([part for part in (kept, passed) if len(part)], ignore_index=True)
    return CheckResult(left, evidence), taken, [f"{len(taken)} 条不合格经申诉复核撤销，见“说明”"]


def unmatched(appeals: pd.DataFrame, withdrawn: pd.DataFrame) -> list[Problem]:
    """A message for every appeal that was found right and names no failure of this run."""
    rows = appeals[~appeals["contribution_id"].isin(list(withdrawn["contribution_id"]))]
    return [
        Problem(
            place(row["src_file"], row["src_sheet"], row=int(row["src_row"]), column=heading("contribution_id")),
            f"“{row['contribution_id']}”在这次检查里没有对应的扣分，没有撤销任何东西",
            "请从扣分明细照抄扣分编号；数据改正后已经不扣的，可以不管", False,
        )
        for row in rows.to_dict("records")
    ]  # fmt: skip
