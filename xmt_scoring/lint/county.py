"""What the frames of a scored quarter say, in the form that a circular's statements can be compared with.

Where the 办法 leaves open what counts (is an account that was closed in the quarter registered?), every reading is kept: a
printed number is wrong only if no reading gives it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

import pandas as pd

from xmt_scoring.glossary import choices
from xmt_scoring.periods import Quarter
from xmt_scoring.workspace import QuarterData

NEAR, SURE = 0.6, 0.75
ACCOUNT_COLUMNS = ("n_posts", "n_weeks_missed", "n_weeks_no_data", "n_weeks_due", "max_gap_days", "n_gaps_over_14")


@dataclass(frozen=True)
class County:
    """The facts of a quarter. `counts`: (role, platform or empty) → every number that a reasonable reading gives.

    `accounts`: one row per account: account_name, platform, unit_name, score, low, high, grade and ACCOUNT_COLUMNS.
    `units`: unit_scores. `other_names`: names that are known though no account of the register has them.
    """

    quarter: Quarter
    counts: Mapping[tuple[str, str], frozenset[int]]
    accounts: pd.DataFrame
    units: pd.DataFrame
    county: str
    other_names: frozenset[str] = field(default_factory=frozenset)
    label: str = ""

    @classmethod
    def of(cls, data: QuarterData) -> County:
        """From a scored quarter."""
        frames = data.frames
        scores = frames["account_scores"].drop(columns=["account_name", "platform", "unit_id"])
        quarters = frames["account_quarters"][["account_id", "unit_id", "is_live", *ACCOUNT_COLUMNS]]
        accounts = (
            frames["accounts"][["account_id", "account_name", "platform", "owner_id", "opened_on", "closed_on"]]
            .merge(quarters, on="account_id", how="left", validate="1:1")
            .merge(scores, on="account_id", how="left", validate="1:1")
        )
        names = frames["units"].set_index("unit_id")["unit_name"]
        accounts["unit_name"] = accounts["unit_id"].fillna(accounts["owner_id"]).map(names)
        lowest = str(data.scheme["bands"][-1]["name"]) if data.scheme.get("bands") else ""
        listed = [frames["national_list"]["listed_name"], frames["counterfeits"]["counterfeit_name"], frames["filings"]["filed_name"]]
        events = frames["account_events"]
        listed += [events["from_value"], events["to_value"]]
        return cls(
            data.period, _counts(accounts, data.period, lowest), accounts, frames["unit_scores"], data.settings.county,
            frozenset(pd.concat(listed).dropna()), f"{data.period} 的数据（截止 {data.as_of}）",
        )  # fmt: skip

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], pd.DataFrame]:
        """The accounts of each name, and of each name on each platform (a sentence asks for few, a circular for many)."""
        found = {(str(name), ""): rows for name, rows in self.accounts.groupby("account_name", sort=False)}
        for (name, platform), rows in self.accounts.groupby(["account_name", "platform"], sort=False):
            found[(str(name), str(platform))] = rows
        return found

    @cached_property
    def unit_names(self) -> list[str]:
        """Every unit as the register writes it, and without the county's name."""
        own = [str(name) for name in self.units["unit_name"]]
        return own + [short for name in own for short in self._short(name)]

    @cached_property
    def _units_by_words(self) -> dict[str, str]:
        """Every way of writing a unit → the unit; the full names come first."""
        own = [str(name) for name in self.units["unit_name"]]
        shortened = {short: name for name in reversed(own) for short in self._short(name)}
        return {**shortened, **{name: name for name in own}}

    def _short(self, name: str) -> list[str]:
        rest = name.removeprefix(self.county)
        forms = [f"县{rest}", rest] if rest != name else []
        return forms + [form.removesuffix("人民政府") for form in (name, *forms) if form.endswith(("镇人民政府", "乡人民政府"))]

    def unit_of(self, said: str) -> str | None:
        """The unit that a name means: written out, shortened, or with characters left out; missing where none or several fit."""
        said = said.strip()
        if said in self._units_by_words:
            return self._units_by_words[said]
        loose = self._shortened_to(said)
        return loose[0] if len(loose) == 1 else None

    def _shortened_to(self, said: str) -> list[str]:
        """The units that a short form may mean; a name with the county in front that lacks one character is a slip, no short form."""
        return [
            name for name in dict.fromkeys(self._units_by_words.values())
            if len(said) >= 3 and _is_within(said, name) and not (said.startswith(self.county) and len(said) == len(name) - 1)
        ]  # fmt: skip

    def misspelt_unit(self, said: str) -> str:
        """The unit that a full name is surely meant as though it is none; empty where it is one, could be several or is far off."""
        if said in self._units_by_words or self._shortened_to(said):
            return ""
        return nearest(said, [str(name) for name in self.units["unit_name"]], SURE)

    def named(self, name: str, platform: str = "") -> pd.DataFrame:
        """The accounts of that name, on that platform where one is given."""
        return self._by_name.get((name, platform), self.accounts.iloc[:0])

    def nearest_account(self, name: str) -> str:
        """The registered name most like one that the register lacks; empty where none is near."""
        return nearest(name, [str(each) for each in self.accounts["account_name"]])

    def nearest_unit(self, name: str) -> str:
        """The registered unit most like one that the register lacks; empty where none is near."""
        found = nearest(name, self.unit_names)
        return self.unit_of(found) or "" if found else ""


def nearest(name: str, known: Sequence[str], at_least: float = NEAR) -> str:
    """The most similar of some names; empty where none is near."""
    scored = sorted(((SequenceMatcher(None, name, each, autojunk=False).ratio(), each) for each in known), key=lambda pair: (-pair[0], pair[1]))
    return scored[0][1] if scored and scored[0][0] >= at_least else ""


def _is_within(said: str, name: str) -> bool:
    """Whether a name can be shortened to what is said by leaving characters out."""
    rest = iter(name)
    return all(char in rest for char in said)


def _counts(accounts: pd.DataFrame, quarter: Quarter, lowest: str) -> dict[tuple[str, str], frozenset[int]]:
    end, start = pd.Timestamp(quarter.end), pd.Timestamp(quarter.start)
    is_known = accounts["opened_on"].le(end).fillna(True)
    is_scored = accounts["is_scored"].fillna(False).astype(bool)
    is_vetoed = is_scored & accounts["is_vetoed"].fillna(False).astype(bool)
    is_lowest = is_scored & accounts["grade"].eq(lowest).fillna(False)
    is_open = is_scored & accounts["is_provisional"].fillna(False).astype(bool)
    readings: dict[str, list[pd.Series]] = {
        "registered": [
            is_known & (accounts["closed_on"].isna() | accounts["closed_on"].gt(end)),
            is_known & (accounts["closed_on"].isna() | accounts["closed_on"].ge(start)),
            is_known, accounts["account_id"].notna(),
        ],
        "checked": [is_scored, accounts["is_live"].fillna(False).astype(bool)],
        "failed": [is_vetoed, is_lowest, is_vetoed | is_lowest],
        "passed": [
            is_scored & ~is_lowest, is_scored & ~is_vetoed, is_scored & ~(is_vetoed | is_lowest),
            is_scored & ~is_lowest & accounts["grade"].notna(), is_scored & ~(is_vetoed | is_lowest | is_open),
        ],
        "open": [is_open, is_scored & accounts["grade"].isna()],
    }  # fmt: skip
    found = {}
    for role, masks in readings.items():
        found[(role, "")] = frozenset(int(mask.sum()) for mask in masks)
        for platform in choices("platform"):
            on_it = accounts["platform"].eq(platform)
            found[(role, platform)] = frozenset(int((mask & on_it).sum()) for mask in masks)
    return found
