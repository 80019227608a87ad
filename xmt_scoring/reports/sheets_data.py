"""What the sheets of the score workbook share: order and serial numbers of units and accounts, items, the loss rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from xmt_scoring.checks.rules import Rule, load_rules
from xmt_scoring.glossary import spoken
from xmt_scoring.law import citation
from xmt_scoring.reports.sheet_names import unit_sheets
from xmt_scoring.reports.tables import Names
from xmt_scoring.scoring.rubric.engagement import override_words
from xmt_scoring.scoring.states import account_states
from xmt_scoring.scoring.worth import item_worth
from xmt_scoring.workspace import QuarterData

BASES = {"taibai_2021": "办法", "national": "国家规定", "practice": "外地实践"}
SHOWN_PLACES = 3
SUPERSEDED, LISTED = "重复不计", "只列出"
NOT_SCORED = "不计分"
SELF_RUN = "art03_self_run_account"  # 第三条: passes for the accounts that the supervising office runs itself


@dataclass(frozen=True)
class Item:
    """A column of the account sheet: `label` is what stands in the column 评分项 of every loss row."""

    id: str
    label: str
    block: str
    points: str


@dataclass(frozen=True)
class Sheets:
    """A quarter as the sheets take it.

    `units`: unit_scores in the order of ranks with `serial`. `accounts`: account_scores in the order of units with
    `serial`, `unit_serial`, `is_counted` (counts in its unit), `weight` (in its mean), `state` (已定, 待定, 不计分), `result` and
    `is_prominent` (as the circular has it: `account_states`). `losses`: the rows of 扣分明细.
    `rollup`: mean, min or weighted, as the scheme or the settings have it. `counts_vetoed`: whether an account with a veto
    counts in its unit, with 0. `pages`: unit_id → the name of its sheet.
    `worth`: as `item_worth` gives it.
    """

    data: QuarterData
    units: pd.DataFrame
    accounts: pd.DataFrame
    losses: pd.DataFrame
    items: tuple[Item, ...]
    names: Names
    rules: Mapping[str, Rule]
    rollup: str
    counts_vetoed: bool
    pages: Mapping[str, str]
    worth: pd.DataFrame

    @property
    def is_adopted(self) -> bool:
        """Whether somebody has adopted the scheme; if not, every sheet says so."""
        return self.data.scheme.get("status") == "adopted"

    @property
    def note(self) -> str:
        """The line under every title."""
        status = "" if self.is_adopted else "评分细则为建议稿，尚未经县政府办采用。"
        override = override_words(self.data.scheme)
        status += f"{override}。" if override else ""
        period = self.data.period
        return f"{period.label}（{period.start} 至 {period.end}），数据截止 {self.data.as_of}。{status}"

    def title(self, sheet: str) -> str:
        """The first line of a sheet."""
        return f"{self.data.settings.county}政务新媒体季度检查 · {sheet}"


def prepare(data: QuarterData) -> Sheets:
    """Order, number and join what the sheets print."""
    frames, scheme = data.frames, data.scheme
    rollup = scheme.get("rollup", {})
    method, vetoed = rollup.get("method", "setting"), rollup.get("vetoed", "setting")
    method = data.settings["unit_rollup"] if method == "setting" else method
    vetoed = data.settings["vetoed_account_in_unit"] if vetoed == "setting" else vetoed
    units = frames["unit_scores"].sort_values(["rank_best", "rank_worst", "unit_id"], na_position="last", ignore_index=True)
    units = units.assign(serial=range(1, len(units) + 1))
    accounts = frames["account_scores"]
    found = account_states(frames, scheme, data.settings)
    accounts = accounts.assign(result=found["state"].to_numpy(), is_prominent=found["is_prominent"].to_numpy())
    accounts = accounts.assign(unit_serial=accounts["unit_id"].map(units.set_index("unit_id")["serial"]))
    accounts = accounts.sort_values(["unit_serial", "account_id"], na_position="last", ignore_index=True)
    is_vetoed = accounts["is_vetoed"].astype(bool)
    is_scored = accounts["is_scored"].astype(bool)
    state = pd.Series("已定", index=accounts.index, dtype="str").mask(accounts["score"].isna(), "待定").mask(~is_scored, NOT_SCORED)
    register = frames["accounts"].set_index("account_id")["is_main"].fillna(False).astype(bool)
    is_main = accounts["account_id"].map(register).fillna(False).astype(bool)
    weight = is_main.map({True: data.settings["main_account_weight"] if method == "weighted" else 1, False: 1})
    accounts = accounts.assign(
        weight=weight,
        serial=range(1, len(accounts) + 1), state=state, is_counted=is_scored & (~is_vetoed | (vetoed == "zero"))
    )
    names, rules = Names.of(frames), load_rules()
    items = _items(scheme, frames["contributions"])
    pages = dict(zip(units["unit_id"], unit_sheets(units["unit_name"]), strict=True))
    worth = item_worth(frames, scheme, data.settings)
    return Sheets(data, units, accounts, _losses(data, accounts, items, names, rules), items, names, rules, method, vetoed == "zero", pages, worth)


def worth_of(sheets: Sheets, account_id: str, item_id: str) -> Decimal:
    """The points of an item for one account."""
    if account_id in sheets.worth.index:
        return Decimal(str(sheets.worth.at[account_id, item_id]))
    return next(Decimal(item.points) for item in sheets.items if item.id == item_id)


def item_labels(scheme: Mapping[str, Any]) -> dict[str, str]:
    """Item id or veto code → how it is printed, with the id; free of what a spreadsheet takes for a wildcard."""
    found = {str(entry["id"]): str(entry["name"]) for entry in scheme.get("items", [])}
    found |= {str(entry["code"]): str(entry["name"]) for entry in scheme.get("vetoes", [])}
    found.setdefault("NA", "不适用折算")
    return {code: f"{code} {name}".translate(str.maketrans("*?~", "＊？～")) for code, name in found.items()}


def _items(scheme: Mapping[str, Any], contributions: pd.DataFrame) -> tuple[Item, ...]:
    """The scheme's items, then what else the contributions name, but for the vetoes, which have a column of their own."""
    labels = item_labels(scheme)
    found = [Item(str(e["id"]), labels[str(e["id"])], str(e.get("block", "")), str(e["points"])) for e in scheme.get("items", [])]
    known = {item.id for item in found} | {str(entry["code"]) for entry in scheme.get("vetoes", [])}
    others = [code for code in contributions["item_id"].unique() if code not in known]
    return (*found, *(Item(code, labels.get(code, code), "", "") for code in sorted(others)))


def cited(codes: pd.Series) -> pd.Series:
    """"11.1" → 第十一条第1项; what is no code stays as it is."""
    return codes.map({code: citation(code) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", code) else code for code in codes.dropna().unique()})


def _losses(
    data: QuarterData, accounts: pd.DataFrame, items: tuple[Item, ...], names: Names, rules: Mapping[str, Rule]
) -> pd.DataFrame:
    """Every contribution, then what was dropped as a repetition, then what was found and costs nothing.

    Columns: contribution_id, unit, account, item, article, kind, points, low, high, status, message, evidence, url,
    remedy, account_serial, and `nominal`: what a repetition would cost alone. Order: account, item of the scheme, as scored.
    """
    frames = data.frames
    owner = accounts.set_index("account_id")["unit_id"]
    scored = frames["contributions"].assign(
        kind=spoken(frames["contributions"]["kind"], "contribution_kind"),
        status=spoken(frames["contributions"]["status"], "contribution_status"),
        group=0,
    )
    dropped = frames["superseded_losses"].assign(kind=SUPERSEDED, status="已定", group=1)
    dropped = dropped.rename(columns={"points": "nominal"}).drop(columns="kept_item_id")
    dropped = dropped.assign(unit_id=dropped["account_id"].map(owner))
    listed = _listed(data, accounts).assign(kind=LISTED, status="已定", group=2)
    keep = ["contribution_id", "unit_id", "account_id", "item_id", "check_id", "event_id", "kind", "points", "low", "high", "status", "message", "nominal"]
    parts = [part.reindex(columns=[*keep, "article", "group"]).astype("object") for part in (scored, dropped, listed)]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    costs_nothing = rows["group"] > 0
    for column in ("points", "low", "high"):
        rows[column] = rows[column].mask(costs_nothing, 0)
    rows["article"] = rows["article"].fillna(rows["check_id"].map({rule.id: rule.article for rule in rules.values()}))
    labels, order = item_labels(data.scheme), {item.id: place for place, item in enumerate(items)}
    rows = rows.assign(
        unit=rows["unit_id"].map(names.units).fillna(rows["unit_id"]),
        account=rows["account_id"].map(names.accounts).fillna(rows["account_id"]),
        item=rows["item_id"].map(labels).fillna(rows["item_id"]).fillna(NOT_SCORED),
        article=cited(rows["article"]),
        remedy=rows["check_id"].map({rule.id: rule.remedy for rule in rules.values()}),
        account_serial=rows["account_id"].map(accounts.set_index("account_id")["serial"]),
        place=rows["item_id"].map(order).fillna(len(order)),
    )
    rows = with_evidence(rows, frames["evidence"])
    return rows.sort_values(["account_serial", "place", "group"], kind="stable", na_position="last", ignore_index=True)


def _listed(data: QuarterData, accounts: pd.DataFrame) -> pd.DataFrame:
    """Failing verdicts that cost nothing: not sampled, after a veto, on an account that is not scored (nothing silent)."""
    frames = data.frames
    fails = frames["verdicts"][(frames["verdicts"]["outcome"] == "fail").to_numpy(dtype=bool)]
    counted = pd.concat([frames[name][["check_id", "account_id", "event_id"]] for name in ("contributions", "superseded_losses")])
    own = pd.MultiIndex.from_frame(counted.fillna(""))
    carried = pd.MultiIndex.from_frame(frames["contributions"][["check_id", "unit_id", "event_id"]].fillna(""))
    is_own = pd.MultiIndex.from_frame(fails[["check_id", "account_id", "event_id"]].fillna("")).isin(own)
    is_carried = pd.MultiIndex.from_frame(fails[["check_id", "unit_id", "event_id"]].fillna("")).isin(carried)
    quiet = fails[~is_own & ~(is_carried & fails["account_id"].isna().to_numpy())]
    entries = [*data.scheme.get("items", []), *data.scheme.get("vetoes", [])]
    item_of = {check: str(entry.get("id", entry.get("code"))) for entry in entries for check in entry["checks"]}
    state = quiet["account_id"].map(accounts.set_index("account_id")["state"])
    is_vetoed = quiet["account_id"].isin(accounts.loc[accounts["is_vetoed"].astype(bool), "account_id"])
    why = (
        pd.Series("已列出，不扣分", index=quiet.index, dtype="str")
        .mask(quiet["severity"] == "not_sampled", "不在抽样之内，只列出")
        .mask(~quiet["check_id"].isin(list(item_of)), "评分细则没有这一项，只列出")
        .mask((state == NOT_SCORED) | (quiet["account_id"].notna() & state.isna()), "账号本期不计分，只列出")
        .mask(is_vetoed, "账号已单项否决，其他问题不再扣分")
    )
    return quiet.assign(item_id=quiet["check_id"].map(item_of), message=quiet["message"] + "（" + why + "）")


def with_evidence(rows: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Adds `evidence` (the first places in words) and `url` (the first link): of the account, else of its unit."""
    keys = ["check_id", "unit_id", "account_id", "event_id"]
    shown = evidence.assign(
        place=_places(evidence),
        link=evidence["url"].where(evidence["url"].str.match(r"https?://", na=False)),
        **{key: evidence[key].fillna("") for key in keys},
    )
    grouped = shown[shown["place"] != ""].drop_duplicates([*keys, "place"]).groupby(keys, sort=False)["place"]
    count = grouped.size()
    words = grouped.agg(lambda places: "\n".join(places.iloc[:SHOWN_PLACES])).astype("str")
    words = words + (("\n等 " + count.astype("str") + " 处").where(count > SHOWN_PLACES, "") if len(count) else "")
    links = shown.dropna(subset=["link"]).groupby(keys, sort=False)["link"].first()
    own = pd.MultiIndex.from_frame(rows[keys].fillna(""))
    of_unit = pd.MultiIndex.from_frame(rows[keys].assign(account_id="").fillna(""))
    found = {}
    for name, values in (("evidence", words), ("url", links)):
        by_account = pd.Series(values.reindex(own).to_numpy(), index=rows.index, dtype="object")
        by_unit = pd.Series(values.reindex(of_unit).to_numpy(), index=rows.index, dtype="object")
        found[name] = by_account.fillna(by_unit)
    return rows.assign(**found)


def _places(evidence: pd.DataFrame) -> pd.Series:
    """`file「sheet」表第 n 行`, as errors.place has it, for a whole column."""
    sheet = ("「" + evidence["src_sheet"] + "」表").fillna("")
    row = ("第 " + evidence["src_row"].astype("str") + " 行").fillna("")
    return (evidence["src_file"] + sheet + row).fillna("").astype("str")
