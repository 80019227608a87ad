"""The core job of the peers with this package.  job_xmt.py DATA OUT [facts|engine]

facts: the package's facts, then the ten items in the peers' integer arithmetic; engine: the items go as verdicts through
the package's scheme engine (ten_items.toml), up to account scores, unit scores and ranks.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from ten_items import CAPS, SIZES, TEXT, by_arithmetic, by_engine, quantities, text

PEERS = Path(__file__).resolve().parents[3] / "shared" / "peers"
sys.path.insert(0, str(PEERS))

from common import N_WEEKS, Clock  # noqa: E402

from xmt_scoring.facts import build_facts  # noqa: E402
from xmt_scoring.facts.activity import read_activity  # noqa: E402
from xmt_scoring.facts.base import Base  # noqa: E402
from xmt_scoring.facts.coverage import cover_of_posts  # noqa: E402
from xmt_scoring.facts.gaps import measure_gaps  # noqa: E402
from xmt_scoring.frames import contracts, empty, fitted  # noqa: E402
from xmt_scoring.periods import Quarter  # noqa: E402
from xmt_scoring.settings import Settings  # noqa: E402

PERIOD, AS_OF = Quarter(2026, 3), dt.date(2026, 10, 10)
SETTINGS = Settings.default(week_belongs="inside")  # the peers judge the 12 weeks that lie wholly inside
START, END = pd.Timestamp(PERIOD.start), pd.Timestamp(PERIOD.end)


def numbered(n: int) -> pd.Series:
    """0, 1, 2 … as text."""
    return text(pc.cast(pa.array(np.arange(n)), TEXT))


def source(n: int) -> dict[str, pd.Series]:
    """The place that every register row keeps."""
    return {
        "src_file": text(pa.repeat("generated", n)),
        "src_sheet": text(pa.nulls(n, TEXT)),
        "src_row": pd.Series(np.arange(n), dtype="Int64"),
    }


def read(data: Path) -> dict[str, pd.DataFrame]:
    """The peers' tables; keys and titles as dictionaries, as they lie in Parquet."""
    coded = {"posts": ["account_id", "title"], "messages": ["account_id"]}
    return {
        name: pq.read_table(data / f"{name}.parquet", read_dictionary=coded.get(name)).to_pandas()
        for name in ("accounts", "posts", "messages", "checks")
    }


def adapt(raw: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The peers' tables as the frames that facts read."""
    accounts, posts, messages, checks = (raw[name] for name in ("accounts", "posts", "messages", "checks"))
    frames = {name: empty(name) for name, frame in contracts().items() if frame.source != "derived"}
    frames["units"] = pd.DataFrame({"unit_id": accounts["unit_id"].drop_duplicates(), "unit_name": "某单位"})
    accounts_made = pd.DataFrame(
        {
            "account_id": accounts["account_id"], "account_name": accounts["account_id"], "platform": "weibo",
            "owner_id": accounts["unit_id"], "account_kind": "publishing", "account_subtype": "subscription",
            "is_main": False, "account_status": "running", "opened_on": accounts["opened_on"], "closed_on": accounts["closed_on"], **source(len(accounts)),
        }
    )  # fmt: skip
    frames["accounts"] = fitted(accounts_made, "accounts")
    frames["posts"] = pd.DataFrame(
        {
            "account_id": posts["account_id"], "posted_at": posts["published_at"],
            "is_visible": np.ones(len(posts), dtype=bool), "is_original": posts["is_original"],
        },
        copy=False,
    )  # fmt: skip
    # coverage from the quarter's first day: the peers measure the first gap from there, not from the last post before
    frames["coverage"] = pd.DataFrame(
        {
            "account_id": accounts["account_id"], "covers": "posts", "proves_absence": True, "coverage_basis": "stated",
            "covers_from": accounts["covered_from"].where(accounts["covered_from"] > START, START), "covers_to": accounts["covered_to"],
        }
    )  # fmt: skip
    unknown, unsaid = pd.Series(pd.NA, index=messages.index, dtype="boolean"), text(pa.nulls(len(messages), TEXT))
    frames["messages"] = pd.DataFrame(
        {
            "message_id": numbered(len(messages)), "account_id": messages["account_id"],
            "received_at": messages["received_at"], "first_reply_at": messages["replied_at"],
            "is_effective": unknown, "is_automatic": unknown, "is_by_other_body": unknown,
            "is_excused": unknown, "reply_text": unsaid,
            "excuse_kind": unsaid, "excuse_reason": unsaid, **source(len(messages)),
        },
        copy=False,
    )  # fmt: skip
    frames["checks_done"] = pd.DataFrame(
        {
            "check_scope": text(pa.repeat("account", len(checks))), "unit_id": text(pa.nulls(len(checks), TEXT)),
            "account_id": checks["account_id"], "check_item": text(pa.nulls(len(checks), TEXT)),
            "checked_at": checks["check_at"], **source(len(checks)),
        }
    )  # fmt: skip
    return frames


def as_peers_count(raw: dict[str, pd.DataFrame], frames: dict[str, pd.DataFrame], facts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per account with the peers' numbers, from the facts; also masks weeks as the peers do.

    The peers call a week unknown when it is not covered, with a post or without, and end the last gap where the
    coverage ends; the package lets a post prove its week and gives the gap up to the end of the period.
    """
    accounts = raw["accounts"].sort_values("account_id", ignore_index=True)
    quarters, weeks, times = facts["account_quarters"], facts["account_weeks"], facts["check_times"]
    n = len(accounts)
    monday = weeks["week_start"].to_numpy().reshape(n, N_WEEKS)
    covered = accounts["covered_from"].to_numpy()[:, None] <= monday
    covered &= accounts["covered_to"].to_numpy()[:, None] >= monday + np.timedelta64(6, "D")
    posts = weeks["n_posts"].fillna(0).to_numpy(dtype="i8")
    weeks["n_posts"] = pd.Series(pd.arrays.IntegerArray(posts, ~covered.ravel()))
    due = weeks["is_due"].to_numpy(dtype=bool).reshape(n, N_WEEKS)
    missing = due & covered & (posts.reshape(n, N_WEEKS) == 0)
    weeks["is_missing"] = missing.ravel()

    code = pd.Index(accounts["account_id"]).get_indexer(times["account_id"])
    days = (times["checked_at"].dt.normalize() - times["last_posted_on"]).dt.days
    stale = ~(days <= 14).to_numpy()
    times["is_stale"] = stale
    replies = facts["message_replies"]
    took = replies["first_reply_at"].to_numpy() - replies["received_at"].to_numpy()  # the peers count 48 hours, not dates
    replies["is_answered"] = took <= np.timedelta64(2, "D")
    sender = raw["messages"]["account_id"].cat
    wrote = pd.Index(accounts["account_id"]).get_indexer(sender.categories)[sender.codes.to_numpy()]
    longest, over = gaps_to_the_end_of_coverage(accounts, frames, quarters)
    return pd.DataFrame(
        {
            "account_id": accounts["account_id"], "unit_id": accounts["unit_id"], "n_due": due.sum(axis=1),
            "n_missing": missing.sum(axis=1), "n_no_data": (due & ~covered).sum(axis=1),
            "n_posts": quarters["n_posts"].to_numpy(dtype="i8"), "max_gap_days": longest, "n_gaps_over_14": over,
            "n_stale": np.bincount(code[stale], minlength=n),
            "days_since": np.bincount(code, weights=days.fillna(0), minlength=n).astype("i8"),
            "n_messages": facts["message_sources"]["n_messages"].to_numpy(dtype="i8"),
            "n_answered": np.bincount(wrote[replies["is_answered"].to_numpy()], minlength=n),
            "n_original": quarters["n_original"].fillna(0).to_numpy(dtype="i8"),
            "is_scored": quarters["is_scored"].to_numpy(dtype=bool),
        }
    )  # fmt: skip


def gaps_to_the_end_of_coverage(
    accounts: pd.DataFrame, frames: dict[str, pd.DataFrame], quarters: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """The facts' gaps; measured again, with the package's function, for the few accounts whose coverage ends early."""
    longest = quarters["max_gap_days"].fillna(0).to_numpy(dtype="i8")
    over = quarters["n_gaps_over_14"].fillna(0).to_numpy(dtype="i8")
    early = (accounts["covered_to"] < END).to_numpy()
    if early.any():
        cut = accounts["covered_to"] + pd.Timedelta(days=1)
        part = frames["accounts"].sort_values("account_id", ignore_index=True)
        part = part.assign(closed_on=part["closed_on"].fillna(cut).where(part["closed_on"] < cut, cut))[early]
        base = Base.of(part, PERIOD, AS_OF, SETTINGS)
        gaps = measure_gaps(base, read_activity(base, frames, None), cover_of_posts(base, frames["coverage"], frames["daily_counts"]))
        longest[early], over[early] = np.maximum(gaps.longest, 0), np.where(gaps.known, gaps.over[1], 0)
    return longest, over


def titles(raw: dict[str, pd.DataFrame], ids: pd.Series) -> np.ndarray:
    """Different titles per account: no fact of the package, counted as the pandas peer does."""
    posts = raw["posts"]
    day = posts["published_at"].to_numpy("M8[us]").view("i8")
    inside = (day >= START.value // 1000) & (day < (END.value // 1000) + 86_400_000_000)
    account, title = posts["account_id"].cat, posts["title"].cat
    code = pd.Index(ids).get_indexer(account.categories).astype("i8")[account.codes.to_numpy()[inside]]
    key = code * len(title.categories) + title.codes.to_numpy()[inside]
    if len(ids) * len(title.categories) < 1 << 28:
        seen = np.zeros(len(ids) * len(title.categories), dtype=bool)
        seen[key] = True
        key = np.flatnonzero(seen)
    else:
        key = pd.unique(key)
    return np.bincount(key // len(title.categories), minlength=len(ids))


def tables(counted: pd.DataFrame, lost: dict[str, np.ndarray], low: np.ndarray, high: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Accounts and units in the peers' form."""
    accounts = counted.drop(columns=["n_original"]).assign(**lost, low=low, high=high)
    units = accounts[accounts["is_scored"]].groupby("unit_id", as_index=False).agg(
        n=("high", "size"), sum_low=("low", "sum"), sum_high=("high", "sum")
    )  # fmt: skip
    units["mean_high"] = (2 * units["sum_high"] + units["n"]) // (2 * units["n"])
    # the peers rank on the unrounded mean, the package on the printed one (`rulings.md` §5)
    units["rank"] = (units["sum_high"] / units["n"]).rank(method="min", ascending=False).astype("int64")
    return accounts, units


def main(data: Path, out: Path, mode: str) -> None:
    """Run the job and print its times as the peers do."""
    clock = Clock()
    raw = read(data)
    clock("read")
    frames = adapt(raw)
    clock("adapt")
    facts = build_facts(frames, PERIOD, AS_OF, SETTINGS)
    clock("facts")
    counted = as_peers_count(raw, frames, facts)
    clock("as_peers")
    counted["n_titles"] = titles(raw, counted["account_id"])
    clock("titles")
    often = quantities(counted)
    lost = {item: np.minimum(SIZES[item] * number, CAPS[item]) for item, number in often.items()}
    low, high = by_arithmetic(counted, lost)
    if mode == "engine":
        engine_low, engine_high, engine_units = by_engine(counted, often, facts, frames, SETTINGS, PERIOD)
        # accounts that are too new to be scored have no score in the engine; the peers print one
        low = engine_low.fillna(pd.Series(low)).to_numpy(dtype="i8")
        high = engine_high.fillna(pd.Series(high)).to_numpy(dtype="i8")
        assert engine_high.notna().sum() == counted["is_scored"].sum()
    accounts, units = tables(counted, lost, low, high)
    if mode == "engine":  # the engine's units are what the peers' are compared with, but for their unrounded sums and rank
        units[["n", "mean_high"]] = units[["unit_id"]].merge(engine_units, on="unit_id", how="left")[["n", "mean_high"]].astype("i8")
    clock("score")
    out.mkdir(parents=True, exist_ok=True)
    weeks = facts["account_weeks"].drop(columns=["is_missing"])
    for name, frame in {"account_weeks": weeks, "accounts": accounts, "units": units}.items():
        frame.to_parquet(out / f"{name}.parquet", index=False)
    clock("write")
    clock.done(f"xmt-{mode}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "facts")
