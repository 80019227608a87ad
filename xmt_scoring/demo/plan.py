"""The plan of the county (county.toml) as the writers use it: who exists, and what is known in which quarter."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from xmt_scoring.periods import Quarter

GRACE_DAYS = 10  # the registers of a quarter are handed in ten days after its end


@dataclass(frozen=True)
class Account:
    """One account of the plan. `index` counts from 0 and names its stream of random numbers."""

    index: int
    account_id: str
    name: str
    platform: str
    unit: str
    opened_on: dt.date
    closed_on: dt.date | None
    export: str
    placed: str
    more: dict[str, Any]

    @property
    def number(self) -> str:
        """Its number on the platform (UID, gh_…, 抖音号); invented."""
        numbers = {"weibo": f"99000000{self.index:02d}", "wechat_oa": f"gh_yunling{self.index:02d}"}
        return numbers.get(self.platform, f"yunling{self.index:03d}")

    def is_live(self, start: dt.date, end: dt.date) -> bool:
        """Whether it existed on any of these days."""
        return self.opened_on <= end and (self.closed_on is None or self.closed_on >= start)


@dataclass(frozen=True)
class Plan:
    """county.toml."""

    raw: dict[str, Any]
    accounts: tuple[Account, ...]

    @property
    def quarters(self) -> list[Quarter]:
        """The four quarters, in order."""
        return [Quarter.parse(entry["name"]) for entry in self.raw["quarters"]]

    def rows(self, table: str, quarter: Quarter) -> list[list[Any]]:
        """The rows of a table that the plan writes quarter by quarter."""
        return [row for entry in self.raw[table] if entry["quarter"] == str(quarter) for row in entry["rows"]]

    def times(self, quarter: Quarter) -> dict[str, Any]:
        """When the quarter was monitored and checked by hand."""
        return next(entry for entry in self.raw["quarters"] if entry["name"] == str(quarter))

    def name_on(self, account: Account, day: dt.date) -> str:
        """The account's name on a day, after the renamings up to it."""
        name = account.name
        for change in self.raw["changes"]:
            if change["account"] == account.account_id and change["kind"] == "更名" and change["on"] <= day:
                name = change["to"]
        return name

    def owner_on(self, account: Account, day: dt.date) -> str:
        """The unit that owns the account on a day, after the changes of owner up to it."""
        unit = account.unit
        for change in self.raw["changes"]:
            if change["account"] == account.account_id and change["kind"] == "主办单位变更" and change["on"] <= day:
                unit = next(key for key, (name, _) in self.raw["units"].items() if name == change["to"])
        return unit

    def unit_name(self, unit: str) -> str:
        """The full name of a unit."""
        return str(self.raw["units"][unit][0])

    def span(self, quarter: Quarter) -> tuple[dt.date, dt.date]:
        """The days that a quarter's exports cover: the quarter; the first also the days of its straddling week."""
        first = quarter == self.quarters[0]
        return (self.raw["county"]["straddling_week"] if first else quarter.start), quarter.end


def known_by(quarter: Quarter) -> dt.date:
    """The day on which the registers of a quarter were handed in."""
    return quarter.default_as_of(GRACE_DAYS)


@cache
def load_plan() -> Plan:
    """The plan of the invented county."""
    raw = tomllib.loads(files("xmt_scoring.demo").joinpath("county.toml").read_text(encoding="utf-8"))
    fixed = ("id", "name", "platform", "unit", "opened_on", "closed_on", "export", "placed")
    accounts = tuple(
        Account(
            index, entry["id"], entry["name"], entry["platform"], entry["unit"], entry["opened_on"],
            entry.get("closed_on"), entry["export"], entry["placed"],
            {name: value for name, value in entry.items() if name not in fixed},
        )
        for index, entry in enumerate(raw["accounts"])
    )  # fmt: skip
    return Plan(raw, accounts)
