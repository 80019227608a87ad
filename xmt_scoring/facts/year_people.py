"""Who should have been trained before duty or taught secrecy when leaving, and what is on record (第十七条)."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from xmt_scoring.frames import conform
from xmt_scoring.periods import LAW_IN_FORCE, Year

SOURCE = ["src_file", "src_sheet", "src_row"]
PERSON = ["unit_id", "person_name"]


def training_facts(staff: pd.DataFrame, trainings: pd.DataFrame, year: Year, as_of: dt.date) -> pd.DataFrame:
    """Frame `training_facts`: one row for each post that was held or left in the year and the record that it asks for.

    Training: wanted by the first day of duty, or, for someone on duty since an earlier year, by the first day of this
    one, so that a training that came late costs in one year only; `needed_by` is missing where the first day is not
    known. Who began before the 办法 was in force is not asked (第二十五条). Departure: wanted of who left the unit in
    the year and holds no other post there; any record up to `as_of` counts. `trained_on` is the earliest record.
    `has_register`: the register of trainings names the unit, if only with a row without a date.
    """
    start, end, until = pd.Timestamp(year.start), pd.Timestamp(year.end), pd.Timestamp(as_of)
    rows = staff[staff["from_on"].isna() | (staff["from_on"] <= min(end, until))]
    rows = rows[rows["to_on"].isna() | (rows["to_on"] >= start)]
    rows = rows.sort_values([*PERSON, "staff_role", "from_on"], ignore_index=True)
    known = trainings[trainings["trained_on"] <= until].groupby([*PERSON, "training_kind"])["trained_on"].min()
    begun = rows[rows["from_on"].isna() | (rows["from_on"] >= pd.Timestamp(LAW_IN_FORCE))]
    asked = begun.assign(
        training_kind="before_duty",
        needed_by=begun["from_on"].where(begun["from_on"].isna() | (begun["from_on"] > start), start),
    )
    stays = staff[staff["to_on"].isna() | (staff["to_on"] > min(end, until))].set_index(PERSON).index
    left = rows[rows["to_on"].notna() & (rows["to_on"] <= min(end, until)) & ~rows.set_index(PERSON).index.isin(stays)]
    left = left.assign(training_kind="departure", needed_by=until)
    every = pd.concat([asked, left], ignore_index=True)
    record = known.reindex(pd.MultiIndex.from_frame(every[[*PERSON, "training_kind"]])).to_numpy()
    first = every["from_on"].dt.strftime("%Y-%m-%d").astype("str").fillna("")
    told = every["unit_id"] + "|" + every["training_kind"] + "|" + every["staff_role"] + "|" + first
    number = told.groupby(told).cumcount()  # two people who began on one day: no name in an identifier
    return conform(
        every[[*PERSON, "staff_role", "training_kind", "needed_by", *SOURCE]].assign(
            event_id=told.where(number == 0, told + "|" + (number + 1).astype("str")),
            trained_on=pd.Series(record, index=every.index, dtype="datetime64[us]"),
            has_register=every["unit_id"].isin(trainings["unit_id"]),
        ),
        "training_facts",
    )
