"""What an undecided setting would change: the quarter judged and scored again in memory with every other value.

Pure: saved import frames in, a table out; nothing is read from disk and nothing is written. Only the steps from the one
that reads the setting on are done again (`stage` in settings.toml). What needs a new import is not estimated; what
belongs to the year is in effects_year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xmt_scoring.checks import run_checks
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.facts import build_facts
from xmt_scoring.periods import Quarter, workdays_between
from xmt_scoring.scoring import Scheme, Scored, score_quarter
from xmt_scoring.scoring.states import account_states
from xmt_scoring.settings import Settings, definitions, spoken_value

STAGES = ("as_of", "facts", "checks", "score", "states")  # in the order of the steps
HOLIDAY_WEEK = 3  # a week with at most so many workdays is tried as an exempted one
VERDICT = ["check_id", "unit_id", "account_id", "event_id", "severity", "outcome"]
ACCOUNT = ["low", "high", "score", "grade", "is_vetoed", "veto_code", "open_vetoes", "is_scored"]
LIVE = ["account_id", "unit_id", "is_live"]
SCORING_ONLY = ["is_scored", "is_sampled"]  # columns of account_quarters that no rule reads
OF_RECORDS = ("grave_confirmers",)  # settings that decide whether a recorded veto counts, whatever rule it stands under
COLUMNS = ["key", "article", "meaning", "value", "other", "n_accounts_judged", "n_accounts_scored", "n_units_score", "n_units_rank", "units"]
UNIT_SCORE, UNIT_RANK = ["low", "high", "score", "n_accounts_scored"], ["rank", "rank_best", "rank_worst"]


@dataclass(frozen=True)
class Inputs:
    """A quarter as it was imported: frames, those of the quarter before, the days, the scheme and the settings."""

    frames: Mapping[str, pd.DataFrame]
    previous: Mapping[str, pd.DataFrame] | None
    period: Quarter
    as_of: dt.date
    scheme: Scheme
    settings: Settings


@dataclass(frozen=True)
class Trial:
    """One setting with one other value."""

    key: str
    value: Any


@dataclass(frozen=True)
class _Run:
    facts: dict[str, pd.DataFrame]
    verdicts: pd.DataFrame
    scored: Scored


def trials(inputs: Inputs) -> list[Trial]:
    """Every other value of every setting that the office has not decided and that this quarter can be tried with.

    Choices: all others; yes or no: the other; numbers: the `trial` values of settings.toml; exempted weeks: the weeks
    of the quarter with at most three workdays. `grace_days` only where the quarter was run with the office's own.
    """
    settings, found = inputs.settings, []
    for key, entry in definitions().items():
        if entry["stage"] not in STAGES or key in settings.decided:
            continue
        if entry["stage"] == "as_of" and inputs.as_of != inputs.period.default_as_of(settings["grace_days"]):
            continue
        found += [Trial(key, value) for value in _others(entry, inputs) if value != settings[key]]
    return found


def _others(entry: Mapping[str, Any], inputs: Inputs) -> list[Any]:
    if entry["kind"] == "mondays":
        weeks = holiday_weeks(inputs.period, inputs.settings)
        return [weeks] if weeks else []
    return other_values(entry)


def other_values(entry: Mapping[str, Any]) -> list[Any]:
    """The values of a choice, a yes or no, or a number that are tried, its own among them."""
    if entry["kind"] == "choice":
        return list(entry["values"])
    return [True, False] if entry["kind"] == "bool" else list(entry.get("trial", ()))


def holiday_weeks(period: Quarter, settings: Settings) -> list[dt.date]:
    """The Mondays of the quarter's weeks with at most three workdays (春节, 国庆 and the like)."""
    mondays = period.weeks(settings["week_belongs"])
    worked = workdays_between(mondays - 1, mondays + 6, settings.workday_overrides)
    return mondays[worked <= HOLIDAY_WEEK].astype(object).tolist()


def effects(inputs: Inputs, progress: Callable[[int, int, str], None] | None = None) -> pd.DataFrame:
    """One row for each trial, in the order of settings.toml.

    Columns: key, article, meaning, value and other (as people read them), n_accounts_judged (accounts of whose verdicts
    one differs, those of their unit included), n_accounts_scored (whose score, grade or veto differs), n_units_score,
    n_units_rank, units (what differs, unit by unit). `progress` is told (done, of, key) before each trial.
    """
    now, lines, todo = _first_run(inputs), [], trials(inputs)
    told = inputs.settings.rows().set_index("key")
    for number, trial in enumerate(todo):
        if progress is not None:
            progress(number, len(todo), trial.key)
        settings = inputs.settings.changed(**{trial.key: trial.value})
        then = _run(inputs, settings, trial.key, now)
        changed = _states_differ(inputs, now, settings) if definitions()[trial.key]["stage"] == "states" else _differences(now, then)
        row = told.loc[trial.key]
        lines.append(
            {
                "key": trial.key, "article": row["article"], "meaning": row["meaning"], "value": row["value"],
                "other": spoken_value(trial.key, trial.value), **changed,
            }
        )  # fmt: skip
    return pd.DataFrame(lines, columns=COLUMNS)


def _first_run(inputs: Inputs) -> _Run:
    facts = build_facts(inputs.frames, inputs.period, inputs.as_of, inputs.settings, inputs.previous)
    verdicts = run_checks(inputs.frames, facts, inputs.period, inputs.as_of, inputs.settings).verdicts
    return _Run(facts, verdicts, _scored(inputs, facts, verdicts, inputs.settings))


def _run(inputs: Inputs, settings: Settings, key: str, now: _Run) -> _Run:
    """The quarter with one setting changed; what the setting cannot reach is taken over from `now`."""
    stage, as_of, facts, verdicts = definitions()[key]["stage"], inputs.as_of, now.facts, now.verdicts
    if stage == "as_of":
        as_of = inputs.period.default_as_of(settings["grace_days"])
    if stage in ("as_of", "facts"):
        facts = build_facts(inputs.frames, inputs.period, as_of, settings, inputs.previous)
    again = _rules_to_run(key, stage, now.facts, facts)
    if again:
        fresh = run_checks(inputs.frames, facts, inputs.period, as_of, settings, again).verdicts
        verdicts = pd.concat([verdicts[~verdicts["check_id"].isin(again)], fresh], ignore_index=True)
    if stage == "states" or not again and stage != "score" and facts["account_quarters"].equals(now.facts["account_quarters"]):
        return now
    return _Run(facts, verdicts, _scored(inputs, facts, verdicts, settings))


def _rules_to_run(key: str, stage: str, before: Mapping[str, pd.DataFrame], facts: Mapping[str, pd.DataFrame]) -> list[str]:
    """The rules that may say something else: all for another `as_of`, else those that read the setting or a fact that
    differs. People's rules read of the account-quarters only who was live."""
    rules = load_rules().values()
    if stage == "as_of":
        return [rule.id for rule in rules]
    changed = {name for name, frame in facts.items() if frame is not before[name] and not _alike(frame, before[name])}
    live_changed = "account_quarters" in changed and not facts["account_quarters"][LIVE].equals(before["account_quarters"][LIVE])
    by_people = [rule for rule in rules if rule.kind == "manual"]
    found = {rule.id for rule in by_people if live_changed}
    found |= {rule.id for rule in rules if key in rule.settings or (rule not in by_people and changed & set(rule.needs))}
    if key in OF_RECORDS:
        found |= {rule.id for rule in rules if rule.is_veto}
    return [rule.id for rule in rules if rule.id in found]


def _alike(one: pd.DataFrame, two: pd.DataFrame) -> bool:
    """Whether two frames of facts say the same to every rule."""
    return one.drop(columns=SCORING_ONLY, errors="ignore").equals(two.drop(columns=SCORING_ONLY, errors="ignore"))


def _scored(inputs: Inputs, facts: Mapping[str, pd.DataFrame], verdicts: pd.DataFrame, settings: Settings) -> Scored:
    frames = inputs.frames
    return score_quarter(
        verdicts, facts["account_quarters"], frames["accounts"], frames["units"], inputs.scheme, settings, inputs.period
    )


def _differences(now: _Run, then: _Run) -> dict[str, Any]:
    units, others = (run.scored.unit_scores.set_index("unit_id") for run in (now, then))
    moved = differing(units, others, UNIT_SCORE)
    ranked = differing(units, others, UNIT_RANK)
    accounts, other_accounts = (run.scored.account_scores.set_index("account_id") for run in (now, then))
    return {
        "n_accounts_judged": len(_judged_otherwise(now, then)),
        "n_accounts_scored": int(differing(accounts, other_accounts, ACCOUNT).sum()),
        "n_units_score": int(moved.sum()),
        "n_units_rank": int(ranked.sum()),
        "units": "；".join(told_units(units, others, moved | ranked)),
    }


def _states_differ(inputs: Inputs, now: _Run, settings: Settings) -> dict[str, Any]:
    """The accounts that a circular calls otherwise (合格, 存在突出问题, 不合格); no score changes."""
    scheme, scores = inputs.scheme.raw, now.scored.account_scores
    frames = {"account_scores": scores, "verdicts": now.verdicts}
    before, after = (account_states(frames, scheme, each).set_index("account_id") for each in (inputs.settings, settings))
    changed = scores[scores["account_id"].isin(before.index[differing(before, after, ["state", "is_prominent"]).to_numpy()])]
    names = inputs.frames["units"].set_index("unit_id")["unit_name"]
    counts = changed["unit_id"].value_counts(sort=False).sort_index()
    return {
        "n_accounts_judged": len(changed), "n_accounts_scored": 0, "n_units_score": 0, "n_units_rank": 0,
        "units": "；".join(f"{names.get(unit, unit)} {number} 个账号结论变" for unit, number in counts.items()),
    }  # fmt: skip


def differing(one: pd.DataFrame, two: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Which rows (by key, of either) differ in one of the columns; a row that only one has differs."""
    keys = one.index.union(two.index)
    first, second = (frame[columns].astype("object").reindex(keys) for frame in (one, two))
    same = (first == second) | (first.isna() & second.isna())
    return ~same.all(axis=1) | ~keys.isin(one.index) | ~keys.isin(two.index)


def _judged_otherwise(now: _Run, then: _Run) -> set[str]:
    """The live accounts with a verdict, of their own or of their unit, that only one of the runs has."""
    rows = now.verdicts[VERDICT].fillna("").merge(then.verdicts[VERDICT].fillna(""), how="outer", indicator=True)
    changed = rows[rows["_merge"] != "both"]
    quarters = pd.concat([run.facts["account_quarters"] for run in (now, then)])
    live = quarters.loc[quarters["is_live"], ["account_id", "unit_id"]]
    of_unit = live["unit_id"].isin(changed.loc[changed["account_id"] == "", "unit_id"])
    own = live["account_id"].isin(changed["account_id"])
    return set(live.loc[(of_unit | own).to_numpy(dtype=bool), "account_id"])


def told_units(units: pd.DataFrame, others: pd.DataFrame, changed: pd.Series) -> Iterator[str]:
    """`县林业局 90.75→89.00,第3→5名` for each unit that changes: those whose score does first, for others only move past them."""
    keys = changed.index[changed.to_numpy()]
    keys = keys[np.argsort(~differing(units, others, ["low", "high"]).reindex(keys).to_numpy(dtype=bool), kind="stable")]
    before, after = _words(units.reindex(keys)), _words(others.reindex(keys))
    for name, score, other, rank, other_rank in zip(
        units["unit_name"].reindex(keys), before[0], after[0], before[1], after[1], strict=True
    ):
        ranks = "" if rank == other_rank else f"，第{rank}→{other_rank}名"
        yield f"{name} {score}→{other}{ranks}" if score != other else f"{name} {score}{ranks}"


def _words(units: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Scores and ranks as text, an interval where open, 不参评 where there is none."""
    low, high = units["low"].astype("str"), units["high"].astype("str")
    score = low.where(low == high, low + "–" + high).mask(units["low"].isna().to_numpy(), "不参评")
    best, worst = units["rank_best"].astype("str"), units["rank_worst"].astype("str")
    rank = best.where(best == worst, best + "–" + worst).mask(units["rank_best"].isna().to_numpy(), "—")
    return score.to_numpy(), rank.to_numpy()
