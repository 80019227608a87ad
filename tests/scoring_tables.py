"""Small frames for the scoring tests: everything clean unless a line says otherwise."""

from decimal import Decimal

import pandas as pd

from xmt_scoring.frames import conform
from xmt_scoring.periods import Quarter
from xmt_scoring.scoring import Scored, load_scheme, score_quarter
from xmt_scoring.settings import Settings

SCHEME = load_scheme("taibai_quarterly_2021")
PERIOD = Quarter(2025, 3)
SETTINGS = dict(Settings.default().values)
ITEM = {item.id: item for item in SCHEME.items}
UNIT_CHECKS = [check for item in SCHEME.items if item.subject == "unit" for check in item.checks]
COLUMNS = ["check_id", "article", "unit_id", "account_id", "event_id", "severity", "outcome", "message"]


def verdict(check, account=None, unit="U1", event=None, outcome="fail", severity=None, message=None):
    return {
        "check_id": check, "article": "11", "unit_id": unit, "account_id": account, "event_id": event,
        "severity": severity, "outcome": outcome, "message": message or f"{check} {outcome} {event}",
    }  # fmt: skip


def clean(rows, accounts, scheme=SCHEME):
    """The rows, and a passing one for every check and subject that they do not speak of."""
    units = dict.fromkeys(unit for unit, *_ in accounts.values())
    spoken = {(row["check_id"], row["unit_id"], row["account_id"]) for row in rows}
    passing = []
    of_unit = {check for item in scheme.items if item.subject == "unit" for check in item.checks}
    for check in scheme.checks:
        if check in of_unit:
            passing += [verdict(check, None, unit, outcome="pass") for unit in units if (check, unit, None) not in spoken]
        else:
            passing += [
                verdict(check, account, unit, outcome="pass")
                for account, (unit, *_) in accounts.items()
                if (check, unit, account) not in spoken
            ]
    return [*rows, *passing]


def as_frames(rows, accounts, units):
    """verdicts, account_quarters, accounts, units; `accounts`: id → (unit, is_scored, is_live)."""
    ids = list(accounts)
    told = [(*accounts[each], True, True)[:3] if len(accounts[each]) < 3 else accounts[each] for each in ids]
    owners = [each[0] for each in told]
    quarters = pd.DataFrame(
        {
            "account_id": ids, "unit_id": owners, "platform": "wechat_oa", "is_live": [each[2] for each in told],
            "is_scored": [each[1] for each in told],
        }
    )  # fmt: skip
    named = pd.DataFrame({"account_id": ids, "account_name": [f"{each}号" for each in ids]})
    houses = pd.DataFrame({"unit_id": units, "unit_name": [f"{each}局" for each in units]})
    return pd.DataFrame(rows, columns=COLUMNS).astype("str"), quarters.astype({"account_id": "str", "unit_id": "str"}), named, houses


def score(rows, accounts=None, units=None, scheme=SCHEME, fill=True, **settings) -> Scored:
    """Score the rows; `fill` adds what passes."""
    accounts = accounts or {"W1": ("U1",)}
    units = units or sorted({each[0] for each in accounts.values()})
    rows = clean(rows, accounts, scheme) if fill else rows
    frames = as_frames(rows, accounts, units)
    scored = score_quarter(*frames, scheme, {**SETTINGS, **settings}, PERIOD)
    assert_sums(scored)
    return scored


def assert_sums(scored: Scored) -> None:
    """100 + Σ rows = score, at both ends, exactly; points only where decided; the frames keep their contract."""
    for name in ("contributions", "superseded_losses", "account_scores", "unit_scores"):
        conform(getattr(scored, name), name)
    rows = scored.contributions
    sums = rows.groupby("account_id")[["low", "high"]].sum()
    for line in scored.account_scores.to_dict("records"):
        if pd.isna(line["low"]):
            continue
        low, high = (sums.loc[line["account_id"]] if line["account_id"] in sums.index else (Decimal(0), Decimal(0)))
        assert (100 + low, 100 + high) == (line["low"], line["high"]), line
        assert 0 <= line["low"] <= line["high"] <= 100
        if not pd.isna(line["score"]):
            assert line["low"] == line["high"] == line["score"]
    is_open = rows["low"] != rows["high"]
    assert (rows["points"].isna() == is_open).all()
    assert ((rows["status"] == "open") == is_open).all()
    assert (rows.loc[~is_open, "points"] == rows.loc[~is_open, "low"]).all()


def account(scored: Scored, account_id="W1") -> dict:
    return by_id(scored.account_scores, "account_id", account_id)


def unit(scored: Scored, unit_id="U1") -> dict:
    return by_id(scored.unit_scores, "unit_id", unit_id)


def by_id(frame, column, value):
    (found,) = frame[frame[column] == value].to_dict("records")
    return {key: None if pd.isna(entry) else str(entry) if isinstance(entry, Decimal) else entry for key, entry in found.items()}


def lines(scored: Scored, account_id="W1") -> list[tuple]:
    """(item, kind, low, high) of an account's contributions."""
    rows = scored.contributions[scored.contributions["account_id"] == account_id]
    return [(r.item_id, r.kind, f"{r.low.normalize():f}", f"{r.high.normalize():f}") for r in rows.itertuples()]


def events(check, count, account_id="W1", unit_id="U1", first=1, **more):
    """`count` failing verdicts, each with its own event."""
    return [verdict(check, account_id, unit_id, f"{check}-{first + n:03}", **more) for n in range(count)]
