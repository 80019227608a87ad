"""第二十条: a counterfeit account is verified, told to 网信 and 公安, to the platform and to the county office, at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring.model import CheckResult, Outcome

STEPS = {"verified_on": "核实", "notified_on": "商请网信、公安", "letter_on": "致函平台", "reported_on": "报县政府办备案"}


def check(facts: Mapping[str, pd.DataFrame], params: Mapping[str, object]) -> CheckResult:
    """One event for each step of a case that came late, is still to come, or stands before the step that leads to it.

    Days run from the last step known before; where steps between are missing each has its own limit. A step that is
    missing fails when its limit has run out by `as_of`, until then it is open. Cases of earlier quarters come again as
    long as a step is missing. A case that names no unit is the supervising office's.
    """
    limit = int(str(params["counterfeit_step_days"]))
    as_of = pd.Timestamp(params["as_of"])  # type: ignore[arg-type]
    quarters, units = facts["account_quarters"], facts["units"]
    cases = _cases(facts["counterfeits"], units, params)
    known, steps_since = cases["found_on"], pd.Series(0, index=cases.index)
    parts = []
    for column, called in STEPS.items():
        day = cases[column].where(cases[column] <= as_of)
        steps_since = steps_since + 1
        days = (day.fillna(as_of) - known).dt.days
        parts.append(
            cases.assign(
                step=column, called=called, day=day, since=known, days=days, limit=limit * steps_since,
                is_odd=cases[column].notna() & (cases[column] < known),
            )
        )  # fmt: skip
        known = known.where(day.isna() | (day < known), day)
        steps_since = steps_since.where(day.isna(), 0)
    steps = pd.concat(parts, ignore_index=True)
    is_missing, is_odd = steps["day"].isna().to_numpy(), steps["is_odd"].to_numpy(dtype=bool)
    is_over = (steps["days"] > steps["limit"]).to_numpy()
    is_new = (steps["found_on"] >= pd.Timestamp(params["period_start"])).to_numpy()  # type: ignore[arg-type]
    is_event = is_missing | (is_new & (is_odd | is_over))
    shown = steps[is_event]
    missing, odd, over = is_missing[is_event], is_odd[is_event], is_over[is_event]
    since = shown["since"].dt.strftime("%Y-%m-%d").astype("str")
    day = shown["day"].dt.strftime("%Y-%m-%d").astype("str").fillna("")
    passed = shown["days"].astype("str")
    seen = np.select(
        [odd, missing],
        [day + "，早于上一步（" + since + "）", f"截至 {as_of:%Y-%m-%d} 还没有登记，距上一步已 " + passed + " 天"],
        day + "，距上一步 " + passed + " 天",
    )
    verdicts = shown[["unit_id"]].assign(
        account_id=None,
        event_id=shown["event_id"] + "|" + shown["step"],
        outcome=np.where(~odd & over, Outcome.FAIL, Outcome.UNVERIFIED),
        observed="“" + shown["counterfeit_name"] + "”" + shown["called"] + "：" + pd.Series(seen, shown.index, dtype="str"),
        allowed="不超过 " + shown["limit"].astype("str") + " 天",
    )
    evidence = verdicts[["unit_id", "account_id", "event_id"]].assign(
        kind="假冒账号", when=shown["found_on"], value=verdicts["observed"], src_file=shown["src_file"],
        src_sheet=shown["src_sheet"], src_row=shown["src_row"],
    )  # fmt: skip
    live = quarters.loc[quarters["is_live"], ["unit_id"]]
    rest = pd.concat([live, cases[["unit_id"]]]).drop_duplicates(ignore_index=True)
    rest = rest[~rest["unit_id"].isin(verdicts["unit_id"])]
    number = rest["unit_id"].map(cases.groupby("unit_id").size()).fillna(0).astype("int64")
    quiet = rest.assign(
        account_id=None,
        event_id=None,
        outcome=np.where(number > 0, Outcome.PASS, Outcome.NOT_APPLICABLE),
        observed=(number.astype("str") + " 起假冒账号，各步骤都在时限内").where(number > 0),
        allowed=None,
    )
    return CheckResult(pd.concat([verdicts, quiet], ignore_index=True), evidence)


def _cases(cases: pd.DataFrame, units: pd.DataFrame, params: Mapping[str, object]) -> pd.DataFrame:
    """Cases found since the 办法 up to the end of the period: those of the period, and older ones with a missing step."""
    supervisor = units.loc[units["is_supervisor"].fillna(False).astype(bool), "unit_id"]
    office = supervisor.iloc[0] if len(supervisor) else "主管单位（未标明）"
    last = min(pd.Timestamp(params["period_end"]), pd.Timestamp(params["as_of"]))  # type: ignore[arg-type]
    is_unfinished = (cases[list(STEPS)].isna() | (cases[list(STEPS)] > pd.Timestamp(params["as_of"]))).any(axis=1)  # type: ignore[arg-type]
    is_new = cases["found_on"] >= pd.Timestamp(params["period_start"])  # type: ignore[arg-type]
    mine = (is_new | is_unfinished) & cases["found_on"].between(pd.Timestamp(params["in_force_on"]), last)  # type: ignore[arg-type]
    kept = cases[mine].reset_index(drop=True)
    return kept.assign(unit_id=kept["unit_id"].fillna(office))
