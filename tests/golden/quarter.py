"""A quarter of the demo county, judged in plain Python from its plan (demo/county.toml); no code of the package."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from golden.calendar_2025 import DAY, workdays
from golden.rubric import BY_CASE, BY_UNIT, CHECKS, FULL, KNOWS_ORIGINALS, LOSS, VETO_OF

NOT_WEEKLY = ("服务类", "移动客户端")


class Quarter:
    """A quarter of the plan: who was there, and what happened to whom."""

    def __init__(self, plan: dict, name: str) -> None:
        self.plan, self.name, number = plan, name, int(name[-1])
        self.start = dt.date(2025, 3 * number - 2, 1)
        self.end = (dt.date(2025, 3 * number + 1, 1) if number < 4 else dt.date(2026, 1, 1)) - DAY
        self.as_of = self.end + 10 * DAY
        self.accounts = [each for each in plan["accounts"] if self.live_days(each) > 0]
        self.units = sorted({each["unit"] for each in self.accounts})
        # (item, account or unit) → list of (event, points); an item without points is still an event
        self.events: dict[tuple[str, str], list[tuple[str, Decimal]]] = defaultdict(list)
        self.na: set[tuple[str, str]] = set()
        self.vetoes: dict[str, str] = {}
        for collect in (
            self.filings,
            self.changes,
            self.extras,
            self.weeks,
            self.dormant,
            self.messages,
            self.clearances,
            self.staff,
            self.originals,
            self.reposts,
            self.unscored,
            self.found,
        ):
            collect()

    def live_days(self, account: dict) -> int:
        """Days of the quarter on which it was open; the day on which it is closed is the first without it."""
        last = min(self.end, account["closed_on"] - DAY) if "closed_on" in account else self.end
        return (last - max(self.start, account["opened_on"])).days + 1

    def rows(self, table: str) -> list:
        return [row for entry in self.plan[table] if entry["quarter"] == self.name for row in entry["rows"]]

    def add(self, item: str, subject: str, event: str, points: str) -> None:
        self.events[item, subject].append((event, Decimal(points)))

    def filings(self) -> None:
        for account in self.accounts:
            name = account["id"]
            if account.get("filed_on", account["opened_on"]) > self.as_of:
                self.add("A1", name, "filing", "5")
                continue
            replaced = any(
                change["account"] == name and change["filed_on"] <= self.as_of for change in self.plan["changes"]
            )
            for field in () if replaced else self.plan["missing_fields"].get(name, ()):
                self.add("A1", name, field, "1")

    def changes(self) -> None:
        closures = [
            {"account": a["id"], "on": a["closed_on"], "filed_on": a["closing_filed_on"]}
            for a in self.accounts
            if "closing_filed_on" in a  # a closing that nobody registered is only listed
        ]
        for change in [*self.plan["changes"], *closures]:
            if self.start <= change["on"] <= self.end and workdays(change["on"], change["filed_on"]) > 5:
                self.add("A3", change["account"], str(change["on"]), "1")

    def extras(self) -> None:
        for account in self.accounts:
            older = [
                a
                for a in self.accounts
                if (a["unit"], a["platform"]) == (account["unit"], account["platform"])
                and a["opened_on"] < account["opened_on"]
            ]
            if older and account["id"] not in self.plan["approved_exceptions"]:
                self.add("A2", account["unit"], account["id"], "2")

    def is_silent(self, name: str, day: dt.date) -> bool:
        return any(start <= day <= end for start, end in self.plan["silence"].get(name, []))

    def weeks(self) -> None:
        """Every account posts on Thursdays; a week is missed when its Thursday is silent and no day of it has a planned post."""
        for account in self.accounts:
            name = account["id"]
            if account.get("kind") in NOT_WEEKLY:
                self.na.add(("B1", name))
                continue
            sunday = self.start + DAY * (6 - self.start.weekday())
            while sunday <= self.end:
                monday = sunday - 6 * DAY
                is_due = account["opened_on"] <= monday and sunday < account.get("closed_on", self.end + DAY)
                planned = any(monday <= day <= sunday for day in self.plan["posts"].get(name, []))
                if is_due and self.is_silent(name, monday + 3 * DAY) and not planned:
                    assert all(self.is_silent(name, monday + DAY * day) for day in range(7)), (name, monday)
                    self.add("B1", name, str(monday), LOSS["B1"])
                sunday += 7 * DAY

    def dormant(self) -> None:
        """Posts come every week, so only a silence that holds on the day of a check can be longer than 14 days."""
        times = next(entry for entry in self.plan["quarters"] if entry["name"] == self.name)
        for account in self.accounts:
            if account.get("kind") in NOT_WEEKLY:
                self.na.add(("V2", account["id"]))
                continue
            for checked in (times["monitored_at"].date(), times["checked_at"].date()):
                for start, end in self.plan["silence"].get(account["id"], []):
                    if start <= checked <= end:
                        assert start - DAY in self.plan["posts"][account["id"]]
                        if (checked - (start - DAY)).days > 14:
                            self.add("V2", account["id"], str(checked), "0")
                            self.veto("V2", account["id"])

    def veto(self, code: str, name: str) -> None:
        """Of two vetoes the first of the scheme takes the points."""
        self.vetoes[name] = min(code, self.vetoes.get(name, code))

    def messages(self) -> None:
        listed = {row[0] for row in self.rows("messages")}
        for account in self.accounts:
            if not account["has_messages"] and account["id"] not in listed:
                self.na.add(("D1", account["id"]))
        for name, received, replied, what in self.rows("messages"):
            if what == "excused":
                continue
            if not replied or what == "ineffective":
                self.add("D1", name, str(received), "2")
            elif (replied.date() - received.date()).days > 2:
                self.add("D1", name, str(received), "1")

    def clearances(self) -> None:
        for name, which, _ in self.rows("clearances"):
            for number in range(5 if which == "drawn" else 1):
                self.add("E1", name, f"{which} {number + 1}", "0" if which == "unsampled" else "2")

    def staff(self) -> None:
        for entry in self.plan["staff"]:
            there = [p for p, start, end in entry["people"] if start <= self.end and (not end or end >= self.end)]
            if entry["role"] == "信息员":
                if len(there) != 1:
                    self.add("E3b", entry["unit"], "info_officer", "1")
            elif not there:
                self.add("E3a", entry["unit"], entry["role"], "1")

    def originals(self) -> None:
        """Where the export says what is original, the plan's reposts decide; every other post is original."""
        for account in self.accounts:
            name, whole = account["id"], 0
            for first in (dt.date(2025, self.start.month + number, 1) for number in range(3)):
                last = (first + 31 * DAY).replace(day=1) - DAY
                if account["opened_on"] > first or account.get("closed_on", last + DAY) <= last:
                    continue
                whole += 1
                days = [first + DAY * number for number in range((last - first).days + 1)]
                spans = self.plan["reposts"].get(name, [])
                own = [day for day in days if not any(start <= day <= end for start, end in spans)]
                thursdays = [day for day in own if day.weekday() == 3 and not self.is_silent(name, day)]
                # one Thursday may carry the required repost, so two are needed to be sure of an original
                assert not own or len(thursdays) >= 2, (name, first)
                if not own and account["export"] in KNOWS_ORIGINALS:
                    self.add("B2", name, f"original {first:%Y-%m}", "2")
            if not whole:
                self.na.add(("B2", name))

    def asked(self, account: dict) -> list[str]:
        """The required reposts of the quarter that were issued after it was opened and due before it was closed."""
        return [
            number
            for number, _, issued, due in self.rows("required_reposts")
            if account["opened_on"] <= issued and due < account.get("closed_on", due + DAY)
        ]

    def reposts(self) -> None:
        for account in self.accounts:
            asked = self.asked(account)
            if not asked:
                self.na.add(("B3", account["id"]))
            for number in asked:
                if number in self.plan["missed_reposts"].get(account["id"], []):
                    assert account["export"] not in ("tendency", "none")  # its export names every post
                    self.add("B3", account["id"], number, "1")

    def is_decided_by_data(self, item: str, account: str) -> bool:
        """A finding is not counted beside what the export has decided."""
        return any(self.events[item, account]) or (
            item == "B2" and next(a for a in self.accounts if a["id"] == account)["export"] in KNOWS_ORIGINALS
        )

    def unscored(self) -> None:
        for account in self.plan["unscreened"].get(self.name, []):
            self.add("涉密涉敏审查", account, "post", "0")
        self.add("制度", "YL09", "workflow", "0")  # the other units have all four papers
        self.na |= {("客户端", account["id"]) for account in self.accounts if account["platform"] != "app"}
        cases = {"2025Q2": ("YL01", 0), "2025Q3": ("YL09", 1)}  # K2025-001 in time, K2025-002 with one late step
        handled, late = cases.get(self.name, ("", 0))
        for unit in self.units:
            if unit != handled:
                self.na.add(("假冒", unit))
        for number in range(late):
            self.add("假冒", handled, f"step {number}", "0")

    def found(self) -> None:
        for event, item, subject, severity, level, _, confirmers, *_ in self.rows("findings"):
            if item in VETO_OF:
                counted_as, code = VETO_OF[item]
                self.add(counted_as, subject, event, "0")
                self.veto(code, subject)
            elif level == "县" and not (item in ("B2", "B3") and self.is_decided_by_data(item, subject)):
                points = BY_CASE[item][severity] if item in BY_CASE else LOSS.get(item, "0")
                self.add(item, subject, event, points)
            if severity == "严重表述错误" and confirmers == 2:
                self.add("V1", subject, event, "0")
                self.veto("V1", subject)
        for _, _, _, _, account, is_veto, *_ in self.rows("upper_inspections"):
            if is_veto:
                self.add("V1", account, "upper", "0")
                self.veto("V1", account)

    def losses(self, account: dict) -> list[tuple[str, str, Decimal]]:
        """(item, event, points) of an account, negative; the cap row of an item is positive."""
        name = account["id"]
        if name in self.vetoes:
            return [(self.vetoes[name], "veto", Decimal(-100))]
        found = []
        for place, item in enumerate(CHECKS):
            subject = account["unit"] if item in BY_UNIT else name
            found += [(item[:2], event, points, place) for event, points in self.events[item, subject] if points]
        kept = {}
        for item, event, points, place in sorted(found, key=lambda row: (-row[2], row[3])):
            key = (
                event if event.startswith("F") else (item, event, place)
            )  # a finding's event may stand under two items
            kept.setdefault(key, (item, event, -points, place))
        rows = [row[:3] for row in sorted(kept.values(), key=lambda row: (row[3], row[1]))]
        for item, full in FULL.items():
            total = -sum(points for each, _, points in rows if each == item)
            if total > full:
                rows.append((item, "cap", total - full))
        return rows

    def scored(self) -> list[dict]:
        return [account for account in self.accounts if self.live_days(account) >= 28]

    def score(self, account: dict) -> Decimal:
        return 100 + sum((points for _, _, points in self.losses(account)), Decimal(0))
