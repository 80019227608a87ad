"""What an undecided setting of the year would change: the year assessed again in memory with every other value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd

from xmt_scoring.annual import YearInputs, assess
from xmt_scoring.effects import COLUMNS, UNIT_RANK, differing, other_values, told_units
from xmt_scoring.scoring.rubric import Rubric
from xmt_scoring.scoring.year_frames import year_ranks
from xmt_scoring.settings import Settings, definitions, spoken_value


def year_effects(
    inputs: YearInputs, scheme: Rubric, settings: Settings, as_of: dt.date, progress: Callable[[int, int, str], None] | None = None
) -> pd.DataFrame:
    """One row for each other value of each undecided setting whose `stage` is year, in the columns of `effects`.

    The quarters stay as they were scored; accounts are judged in quarters only, so their counts are 0. The days of grace
    are tried only where the year was assessed with the office's own.
    """
    year, now, lines = inputs.year, _units(inputs, scheme, settings, as_of), []
    told = settings.rows().set_index("key")
    todo = [
        (key, value)
        for key, entry in definitions().items()
        if entry["stage"] == "year" and key not in settings.decided
        and (key != "annual_grace_days" or as_of == year.default_as_of(settings[key]))
        for value in other_values(entry) if value != settings[key]
    ]  # fmt: skip
    for number, (key, value) in enumerate(todo):
        if progress is not None:
            progress(number, len(todo), key)
        until = year.default_as_of(value) if key == "annual_grace_days" else as_of
        then = _units(inputs, scheme, settings.changed(**{key: value}), until)
        moved, ranked = differing(now, then, ["low", "high", "score"]), differing(now, then, UNIT_RANK)
        lines.append(
            {
                "key": key, "article": told.loc[key, "article"], "meaning": told.loc[key, "meaning"], "value": told.loc[key, "value"],
                "other": spoken_value(key, value), "n_accounts_judged": 0, "n_accounts_scored": 0, "n_units_score": int(moved.sum()),
                "n_units_rank": int(ranked.sum()), "units": "；".join(told_units(now, then, moved | ranked)),
            }
        )  # fmt: skip
    return pd.DataFrame(lines, columns=COLUMNS)


def _units(inputs: YearInputs, scheme: Rubric, settings: Settings, as_of: dt.date) -> pd.DataFrame:
    units = assess(inputs, scheme, settings, as_of)[0]["unit_years"]
    places = year_ranks(units)
    return units.assign(rank_best=places["rank_best"], rank_worst=places["rank_worst"]).set_index("unit_id")
