"""Facts from the office's registers: filings, changes, people in office, one account per platform."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xmt_scoring.facts.base import Base
from xmt_scoring.facts.codes import NEVER, OPEN_END, counts, dates, day_numbers, flags, key_codes, names, truths
from xmt_scoring.facts.messages import workdays
from xmt_scoring.glossary import choices
from xmt_scoring.settings import Settings

SOURCE = ["src_file", "src_sheet", "src_row"]
# what 第六条 wants on the form; the rule may ask for fewer
FORM_TEXTS = ("filed_name", "filed_owner", "filed_platform", "leader_in_charge", "maintainer")
FORM_MARKS = ("is_signed", "is_sealed")


def filing_facts(base: Base, filings: pd.DataFrame) -> pd.DataFrame:
    """Frame `filing_facts`: whether each account is filed, and what its latest form lacks.

    Every change needs the whole form again (第六条), so the latest form that is not a deregistration is the one that is
    read. `missing_fields`: column names joined by 、, missing where nothing is. A form without a date counts as filed.
    """
    code, filed = key_codes(base.keys, filings["account_id"]), day_numbers(filings["filed_on"])
    form = (filings["filing_kind"] != "deregistration").to_numpy(dtype=bool)
    usable = (code >= 0) & (filed <= base.as_of)
    has = np.zeros(base.size, dtype=bool)
    has[code[usable]] = True
    forms = filings[usable & form].assign(code=code[usable & form], day=filed[usable & form])
    forms = forms.sort_values(["code", "day", "filing_id"]).drop_duplicates("code", keep="last")
    made = pd.DataFrame({"account_id": base.accounts["account_id"].astype("str"), "has_filing": truths(has)})
    made["filed_on"] = dates(_at(base, forms, forms["day"].to_numpy()))
    made["missing_fields"] = _joined(base, forms)
    made["has_register"] = truths(np.full(base.size, len(filings) > 0))
    return pd.concat([made, forms.set_index("code")[["filed_name", *SOURCE]].reindex(np.arange(base.size))], axis=1)


def _at(base: Base, forms: pd.DataFrame, days: np.ndarray) -> np.ndarray:
    placed = np.full(base.size, NEVER, dtype="i8")
    placed[forms["code"].to_numpy(dtype="i8")] = days
    return placed


def _joined(base: Base, forms: pd.DataFrame) -> pd.Series:
    """The names of the empty fields of each form, joined by 、."""
    absent = {name: forms[name].isna().to_numpy() | (forms[name] == "").fillna(False).to_numpy() for name in FORM_TEXTS}
    absent |= {name: ~flags(forms[name]) for name in FORM_MARKS}
    text = pd.Series("", index=forms["code"].to_numpy(dtype="i8"), dtype="str")
    for name, missing in absent.items():
        text = text + np.where(missing, f"、{name}", "")
    text = text.str[1:]
    return text.where(text != "").reindex(np.arange(base.size)).astype("str")


def change_facts(base: Base, events: pd.DataFrame, filings: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Frame `change_facts`: changes of the period, each with the filing that reports it.

    The filing that names the event, else the account's earliest filing on or after the change that is no opening one.
    Days run from the change; a filing before the change counts as 0 days.
    """
    code, happened = key_codes(base.keys, events["account_id"]), day_numbers(events["happened_on"])
    mine = (code >= 0) & (happened >= base.judged_from) & (happened <= base.last)
    events, code, happened = events[mine].reset_index(drop=True), code[mine], happened[mine]
    day = day_numbers(filings["filed_on"])
    usable = (day > NEVER) & (day <= base.as_of)
    named = _named(events, filings[usable], day[usable])
    filed = np.where(named < OPEN_END, named, _next(base, code, happened, filings[usable], day[usable]))
    known = filed < OPEN_END
    until = np.where(known, np.maximum(filed, happened), happened)
    return pd.DataFrame(
        {
            "event_id": events["event_id"],
            "account_id": names(base.keys, code),
            "event_kind": events["event_kind"],
            "happened_on": events["happened_on"],
            "filed_on": dates(filed),
            "filing_days": counts(until - happened, ~known),
            "filing_workdays": counts(workdays(happened, until, settings), ~known),
            "waited_workdays": counts(workdays(happened, np.full(len(events), base.as_of), settings)),
            **{column: events[column] for column in SOURCE},
        }
    )


def _named(events: pd.DataFrame, filings: pd.DataFrame, day: np.ndarray) -> np.ndarray:
    """The earliest filing that names each event; OPEN_END where none does."""
    earliest = pd.Series(day, index=filings["event_id"].to_numpy()).groupby(level=0).min()
    return earliest.reindex(events["event_id"].to_numpy()).fillna(OPEN_END).to_numpy(dtype="i8")


def _next(base: Base, code: np.ndarray, happened: np.ndarray, filings: pd.DataFrame, day: np.ndarray) -> np.ndarray:
    """The account's earliest filing on or after the change that is no opening one; OPEN_END where there is none."""
    filer = key_codes(base.keys, filings["account_id"]).astype("i8")
    later = (filer >= 0) & (filings["filing_kind"] != "opening").to_numpy(dtype=bool)
    keys = np.sort(filer[later] << 32 | day[later])
    if not len(keys):
        return np.full(len(code), OPEN_END, dtype="i8")
    found = np.searchsorted(keys, code.astype("i8") << 32 | happened)
    key = keys[np.minimum(found, len(keys) - 1)]
    own = (found < len(keys)) & (key >> 32 == code)
    return np.where(own, key & (1 << 32) - 1, OPEN_END)


def staff_facts(base: Base, units: pd.DataFrame, staff: pd.DataFrame) -> pd.DataFrame:
    """Frame `staff_facts`: for every unit and post (岗位), how many different people hold it on the last usable day.

    A start that is not given counts as before it (第十条, 第十四条). `has_register`: the register names anybody of the
    unit, in office or not; of a unit without a row nothing is known (`rulings.md` §2), whatever it says of others.
    """
    from_day, to_day = day_numbers(staff["from_on"]), day_numbers(staff["to_on"], OPEN_END)
    there = staff[(from_day <= base.last) & (to_day >= base.last)]
    key = ["unit_id", "staff_role"]
    held = there.drop_duplicates([*key, "person_name"]).groupby(key, observed=True).size().rename("n_in_office")
    every = pd.MultiIndex.from_product([sorted(units["unit_id"]), list(choices("staff_role"))], names=key)
    made = held.reindex(every).fillna(0).astype("Int64").reset_index()
    return made.assign(has_register=truths(made["unit_id"].isin(staff["unit_id"]).to_numpy(dtype=bool)))


def staff_terms(staff: pd.DataFrame) -> pd.DataFrame:
    """Frame `staff_terms`: the rows of 人员.xlsx without names, as evidence shows them: post and term in `staff_term`."""
    words = {code: spoken[0] for code, spoken in choices("staff_role").items()}
    first, last = (staff[name].dt.strftime("%Y-%m-%d").astype("str") for name in ("from_on", "to_on"))
    term = staff["staff_role"].map(words).astype("str") + "（" + first.fillna("任职日期没有写") + " 至 " + last.fillna("今") + "）"
    return staff[["unit_id", "staff_role", "from_on", *SOURCE]].assign(staff_term=term)


def platform_accounts(base: Base, exceptions: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Frame `platform_accounts`: the main account of each unit on each platform, and the extra ones (第五条).

    Main is the live one that the office names, else the live one opened first; every other live one is extra unless an
    approved exception is valid on the last usable day. Accounts on 其他 platforms are each on their own.
    """
    accounts = base.accounts
    live = base.live_days > 0
    group = accounts[["owner_id", "platform"]].astype("str")
    apart = (accounts["platform"] == "other").to_numpy(dtype=bool)
    group["part"] = accounts["account_id"].where(pd.Series(apart), "").astype("str")
    if not settings["service_account_same_platform"]:
        group["subtype"] = accounts["account_subtype"].astype("str").fillna("")
    group = group.assign(later=~flags(accounts["is_main"]), opened=base.opened)[live]
    parts = [name for name in group.columns if name not in ("later", "opened")]
    first = group.sort_values(["later", "opened"], kind="stable").drop_duplicates(parts).index  # ties: by account_id
    main = np.zeros(base.size, dtype=bool)
    main[first.to_numpy(dtype="i8")] = True
    code = key_codes(base.keys, exceptions["account_id"])
    valid = (code >= 0) & (day_numbers(exceptions["approved_on"]) <= base.last)
    valid &= day_numbers(exceptions["to_on"], OPEN_END) >= base.last
    excepted = np.zeros(base.size, dtype=bool)
    excepted[code[valid]] = True
    return pd.DataFrame(
        {
            "account_id": accounts["account_id"].astype("str"),
            "unit_id": accounts["owner_id"].astype("str"),
            "platform": accounts["platform"].astype("str"),
            "is_live": truths(live),
            "is_main_account": truths(main),
            "is_extra": truths(live & ~main & ~excepted),
            "has_exception": truths(excepted),
        }
    )
