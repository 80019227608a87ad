"""Proposed measures (第二十四条): what the supervising office may do about an account or a unit. Never a decision.

The 办法 names four measures and does not say when which is taken. Two steps of the ladder follow a published practice,
the others are defaults of ours; each proposal prints where its step comes from. Thresholds: rule art24_untaken_measure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from xmt_scoring.checks.rules import Rule, load_rules
from xmt_scoring.frames import conform, empty
from xmt_scoring.glossary import word
from xmt_scoring.model import Outcome
from xmt_scoring.periods import Quarter

LADDER = ("regulatory_talk", "formal_warning", "bulletin", "closure_order")
TALK, WARNING, BULLETIN, CLOSURE = range(len(LADDER))
RULE = "art24_untaken_measure"
# 制度不健全、责任不落实、管理不到位: duties of the unit as such
MANAGEMENT_ARTICLES = ("4", "5", "6", "10", "11", "12", "13", "14", "18")
SHOWN = 5  # days or names that are written out

Reasons = pd.DataFrame  # unit_id, account_id, step, reasons, evidence_words, ladder_basis


def propose_measures(
    verdicts: pd.DataFrame,
    account_scores: pd.DataFrame,
    sanctions: pd.DataFrame,
    previous: Mapping[str, pd.DataFrame] | None,
    period: Quarter,
    as_of: dt.date,
) -> pd.DataFrame:
    """Frame `proposed_measures`: one row for each account, and each unit, that gives a reason in this quarter.

    The highest step that a reason asks for; one step higher, but not a closure, where the same or a higher measure was
    taken within the look-back before the quarter. `previous`: verdicts and account_scores of the quarter before, where
    this workspace has them. `last_measure`: the latest measure up to `as_of`, whatever it was for.
    """
    rule = load_rules()[RULE]
    values = rule.values(period.end)
    failed = verdicts[(verdicts["outcome"] == Outcome.FAIL).to_numpy(dtype=bool)]
    past = sanctions[(sanctions["issued_on"] <= pd.Timestamp(as_of)) & sanctions["measure"].isin(LADDER)]
    past = past.assign(step=past["measure"].map({measure: step for step, measure in enumerate(LADDER)}).astype("float64"))
    before = past[past["issued_on"] < pd.Timestamp(period.start)]
    look_back = pd.Timestamp(period.start) - pd.Timedelta(days=int(str(values["look_back_days"])))
    recent = before[before["issued_on"] >= look_back]
    found = [
        _vetoed(failed, account_scores, rule, period),
        _low_scores(account_scores, rule, period),
        _missed_weeks(failed, rule, period),
        _unit_problems(failed, rule, period),
    ]
    if previous is not None:
        found += [
            _repeated(failed, previous["verdicts"], rule, period),
            _closures(account_scores, previous["account_scores"], recent, rule, period),
        ]
    reasons = pd.concat([part for part in found if len(part)] or [found[0]], ignore_index=True)
    if not len(reasons):
        return empty("proposed_measures")
    made = _joined(reasons)
    made = _raised(made, recent, rule, period)
    latest = past.sort_values(["issued_on", "step"]).drop_duplicates(["unit_id", "account_id"], keep="last")
    made = made.merge(
        latest[["unit_id", "account_id", "measure", "issued_on"]].rename(
            columns={"measure": "last_measure", "issued_on": "last_issued_on"}
        ),
        on=["unit_id", "account_id"], how="left", validate="1:1",
    )  # fmt: skip
    made = made.sort_values(["step", "unit_id", "account_id"], ascending=[False, True, True], kind="stable", na_position="first")
    made = made.assign(measure=made["step"].map(dict(enumerate(LADDER))), article="24").drop(columns="step")
    return conform(made, "proposed_measures")


def _reference(rule: Rule, name: str, period: Quarter) -> str:
    """Where the threshold in force stands."""
    return max((entry for entry in rule.params[name] if entry.start <= period.end), key=lambda entry: entry.start).reference


def _step(rule: Rule, name: str, period: Quarter) -> int:
    """The step of the measure that a parameter names."""
    return LADDER.index(str(rule.values(period.end)[name]))


def _reasons(rows: pd.DataFrame, step: int, rule: Rule, name: str, period: Quarter) -> Reasons:
    """Rows with unit_id, account_id, reasons, evidence_words as proposals of one step."""
    columns = ["unit_id", "account_id", "reasons", "evidence_words"]
    return rows[columns].assign(step=step, ladder_basis=_reference(rule, name, period))


def _labels(checks: pd.Series) -> pd.Series:
    return checks.map({rule.id: rule.label for rule in load_rules().values()}).astype("str").fillna(checks)


def _listed(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row for each unit and account: the different values of the column, the first few written out, and their number."""
    rows = rows[["unit_id", "account_id", column]].drop_duplicates().sort_values(["unit_id", "account_id", column])
    grouped = rows.groupby(["unit_id", "account_id"], dropna=False, sort=False)[column]
    first = rows[grouped.cumcount() < SHOWN].groupby(["unit_id", "account_id"], dropna=False, sort=False)[column]
    told = first.agg("、".join).rename("evidence_words").reset_index().assign(number=grouped.size().to_numpy())
    told["evidence_words"] = told["evidence_words"].astype("str")
    more = (told["number"] > SHOWN).to_numpy(dtype=bool)
    told.loc[more, "evidence_words"] += " 等"
    return told


def _vetoed(failed: pd.DataFrame, scores: pd.DataFrame, rule: Rule, period: Quarter) -> Reasons:
    vetoed = scores.loc[scores["is_vetoed"].astype(bool), ["unit_id", "account_id", "veto_code"]]
    vetoes = [check.id for check in load_rules().values() if check.is_veto]
    rows = failed[failed["check_id"].isin(vetoes) & failed["account_id"].isin(vetoed["account_id"])]
    told = _listed(rows.assign(label=_labels(rows["check_id"])), "label")
    made = vetoed.merge(told[["account_id", "evidence_words"]], on="account_id", how="left", validate="1:1")
    made = made.assign(reasons="本季度被单项否决（" + made["veto_code"].fillna("") + "）", evidence_words=made["evidence_words"].fillna("见扣分明细"))
    return _reasons(made, _step(rule, "veto_measure", period), rule, "veto_measure", period)


def _low_scores(scores: pd.DataFrame, rule: Rule, period: Quarter) -> Reasons:
    limit = int(str(rule.values(period.end)["talk_below_score"]))
    known = scores[scores["score"].notna() & ~scores["is_vetoed"].astype(bool)]
    low = known[(known["score"] < limit).to_numpy(dtype=bool)]
    made = low.assign(reasons=f"本季度得分低于 {limit} 分", evidence_words="得分 " + low["score"].astype("str"))
    return _reasons(made, TALK, rule, "talk_below_score", period)


def _missed_weeks(failed: pd.DataFrame, rule: Rule, period: Quarter) -> Reasons:
    """A week belongs to the month of its Sunday, as it belongs to the quarter of its Sunday (`rulings.md` §1)."""
    values = rule.values(period.end)
    weeks = failed[failed["check_id"] == "art11_weekly_update"]
    monday = pd.to_datetime(weeks["event_id"].str[-10:], format="%Y-%m-%d")
    weeks = weeks.assign(week=monday.dt.strftime("%Y-%m-%d"), month=(monday + pd.Timedelta(days=6)).dt.strftime("%Y-%m"))
    told = _listed(weeks, "week")
    most = weeks.groupby(["unit_id", "account_id", "month"]).size().groupby(level="account_id").max()
    in_month = told["account_id"].map(most).fillna(0)
    words = told["number"].astype("str")
    told = told.assign(evidence_words="缺更的周：" + told["evidence_words"], reasons="本季度缺更 " + words + " 周")
    limit = int(str(values["bulletin_missed_weeks_in_month"]))
    often = told[(in_month >= limit).to_numpy(dtype=bool)]
    often = often.assign(reasons=often["reasons"] + f"，其中一个月内 {limit} 周以上")
    once = told[((in_month < limit) & (told["number"] >= int(str(values["warning_missed_weeks"])))).to_numpy(dtype=bool)]
    return pd.concat(
        [
            _reasons(often, BULLETIN, rule, "bulletin_missed_weeks_in_month", period),
            _reasons(once, WARNING, rule, "warning_missed_weeks", period),
        ],
        ignore_index=True,
    )


def _unit_problems(failed: pd.DataFrame, rule: Rule, period: Quarter) -> Reasons:
    """Different unit duties in which the unit failed; those of the supervising office itself are not among them."""
    limit = int(str(rule.values(period.end)["talk_unit_problems"]))
    checks = [
        each.id for each in load_rules().values()
        if each.subject == "unit" and each.article.split(".")[0] in MANAGEMENT_ARTICLES
    ]  # fmt: skip
    rows = failed[failed["check_id"].isin(checks)]
    told = _listed(rows.assign(label=_labels(rows["check_id"])), "label")
    told = told[(told["number"] >= limit).to_numpy(dtype=bool)]
    made = told.assign(reasons="单位在制度、责任、管理方面有 " + told["number"].astype("str") + " 项不合格")
    return _reasons(made, TALK, rule, "talk_unit_problems", period)


def _repeated(failed: pd.DataFrame, earlier: pd.DataFrame, rule: Rule, period: Quarter) -> Reasons:
    """Rules that the same account failed in the quarter before as well."""
    limit = int(str(rule.values(period.end)["warning_repeated_problems"]))
    key = ["unit_id", "account_id", "check_id"]
    was = earlier.loc[(earlier["outcome"] == Outcome.FAIL).to_numpy(dtype=bool), key].drop_duplicates()
    both = failed.loc[failed["account_id"].notna(), key].drop_duplicates().merge(was, on=key, validate="1:1")
    told = _listed(both.assign(label=_labels(both["check_id"])), "label")
    told = told[(told["number"] >= limit).to_numpy(dtype=bool)]
    made = told.assign(reasons="上季度的 " + told["number"].astype("str") + " 类问题本季度又出现")
    return _reasons(made, WARNING, rule, "warning_repeated_problems", period)


def _closures(
    scores: pd.DataFrame, earlier: pd.DataFrame, recent: pd.DataFrame, rule: Rule, period: Quarter
) -> Reasons:
    """Vetoed in this quarter and the one before, and already named in a bulletin: closing may be considered."""
    vetoed = scores[scores["is_vetoed"].astype(bool)]
    again = vetoed[vetoed["account_id"].isin(earlier.loc[earlier["is_vetoed"].astype(bool), "account_id"])]
    told = recent.loc[recent["step"] >= BULLETIN].sort_values("issued_on").drop_duplicates("account_id", keep="last")
    made = again.merge(told[["account_id", "issued_on"]].dropna(), on="account_id", validate="1:1")
    day = made["issued_on"].dt.strftime("%Y-%m-%d").astype("str")
    made = made.assign(reasons="连续两个季度被单项否决，此前已经通报", evidence_words="通报日期 " + day)
    return _reasons(made, _step(rule, "repeated_veto_measure", period), rule, "repeated_veto_measure", period)


def _joined(reasons: Reasons) -> pd.DataFrame:
    """One row for each account or unit: the highest step first, its reasons and evidence one below the other."""
    ordered = reasons.sort_values("step", ascending=False, kind="stable")
    grouped = ordered.groupby(["unit_id", "account_id"], dropna=False, sort=False)
    return grouped.agg(
        step=("step", "max"), reasons=("reasons", "\n".join), evidence_words=("evidence_words", "\n".join),
        ladder_basis=("ladder_basis", "\n".join),
    ).reset_index()  # fmt: skip


def _raised(made: pd.DataFrame, recent: pd.DataFrame, rule: Rule, period: Quarter) -> pd.DataFrame:
    """One step up where the same or a higher measure was taken before; a closure is never reached in this way."""
    last = recent.sort_values(["step", "issued_on"]).drop_duplicates(["unit_id", "account_id"], keep="last")
    made = made.merge(
        last[["unit_id", "account_id", "step", "issued_on"]].rename(columns={"step": "taken"}),
        on=["unit_id", "account_id"], how="left", validate="1:1",
    )  # fmt: skip
    is_again = (made["taken"] >= made["step"]).fillna(False).to_numpy(dtype=bool) & (made["step"] < CLOSURE).to_numpy()
    taken = made["taken"].map({step: word("measure", measure) for step, measure in enumerate(LADDER)})
    said = "\n此前已" + taken.astype("str") + "（" + made["issued_on"].dt.strftime("%Y-%m-%d").astype("str") + "），又出现问题"
    made["reasons"] = made["reasons"] + said.where(is_again, "")
    basis = "\n" + _reference(rule, "look_back_days", period)
    made["ladder_basis"] = made["ladder_basis"].mask(is_again, made["ladder_basis"] + basis)
    higher = (made["taken"].fillna(0) + 1).clip(upper=BULLETIN).astype("int64")
    made["step"] = made["step"].mask(is_again, higher.where(higher > made["step"], made["step"]))
    return made.drop(columns=["taken", "issued_on"])
