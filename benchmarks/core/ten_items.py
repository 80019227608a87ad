"""The peers' ten items: how often each loses, in the peers' arithmetic and through the package's scheme engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from xmt_scoring.model import Severity
from xmt_scoring.periods import Quarter
from xmt_scoring.scoring import load_scheme, score_quarter
from xmt_scoring.settings import Settings

SCHEME = Path(__file__).resolve().parent / "ten_items.toml"
BITS = list(Severity)
TEXT = pa.large_string()


def text(values: pa.Array | pa.ChunkedArray) -> pd.Series:
    """An Arrow text column as a pandas column."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return pd.Series(pd.array(whole.cast(TEXT), dtype="str"))


def quantities(counted: pd.DataFrame) -> dict[str, np.ndarray]:
    """How often each item loses, before its cap; i5 in hundredths of a point."""
    p, n, o = (counted[name].to_numpy() for name in ("n_posts", "n_messages", "n_original"))
    open_messages = n - counted["n_answered"].to_numpy()
    return {
        "i1": counted["n_missing"].to_numpy(), "i2": counted["n_gaps_over_14"].to_numpy(),
        "i3": np.maximum(counted["max_gap_days"].to_numpy() - 7, 0), "i4": (counted["n_stale"] >= 1).to_numpy().astype("i8"),
        "i5": np.where(n > 0, (3000 * open_messages + n) // np.maximum(2 * n, 1), 0), "i6": open_messages,
        "i7": (np.maximum(24 - p, 0) + 1) // 2, "i8": np.where(p > 0, np.maximum(50 - 100 * o // np.maximum(p, 1), 0), 0),
        "i9": p - counted["n_titles"].to_numpy(), "i10": (counted["n_no_data"] > 0).to_numpy().astype("i8"),
    }  # fmt: skip


SIZES = {"i1": 200, "i2": 500, "i3": 50, "i4": 1000, "i5": 1, "i6": 100, "i7": 100, "i8": 20, "i9": 50, "i10": 1000}
CAPS = {"i1": 2000, "i2": 1000, "i3": 500, "i4": 1000, "i5": 1500, "i6": 500, "i7": 1000, "i8": 1000, "i9": 500, "i10": 1000}


def by_arithmetic(counted: pd.DataFrame, lost: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Low and high in hundredths, as the peers add them up."""
    veto = counted["n_stale"].to_numpy() == 3
    high = 10_000 - sum(lost[f"i{number}"] for number in range(1, 10))
    return np.where(veto, 0, high - lost["i10"]), np.where(veto, 0, high)


def by_engine(
    counted: pd.DataFrame,
    often: dict[str, np.ndarray],
    facts: dict[str, pd.DataFrame],
    frames: dict[str, pd.DataFrame],
    settings: Settings,
    period: Quarter,
) -> tuple[pd.Series, pd.Series, pd.DataFrame]:
    """Low and high of the scored accounts from the package's scheme engine, in hundredths; missing for the others.

    With them the engine's units that have a scored account: their number n and mean_high, in hundredths, by unit_id.
    """
    scheme = load_scheme(SCHEME)
    verdicts = verdict_rows(counted, often, facts)
    scored = score_quarter(verdicts, facts["account_quarters"], frames["accounts"], frames["units"], scheme, settings, period)
    accounts, units = scored.account_scores, scored.unit_scores
    both = accounts.set_index("account_id")[["low", "high"]].reindex(counted["account_id"])
    low, high = (hundredths(both[name]).reset_index(drop=True) for name in ("low", "high"))
    units = units[units["n_accounts_scored"] > 0]
    return low, high, pd.DataFrame({"unit_id": units["unit_id"], "n": units["n_accounts_scored"], "mean_high": hundredths(units["high"])})


def hundredths(points: pd.Series) -> pd.Series:
    """Printed points as whole hundredths."""
    return (points.astype(pd.ArrowDtype(pa.decimal128(16, 2))) * 100).astype("Int64")


def verdict_rows(counted: pd.DataFrame, often: dict[str, np.ndarray], facts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Verdicts as rules give them: weeks, check times and messages are events of their own.

    A quantity (days over 7, missing posts, percent, hundredths of a share) is written in binary, one event per bit with
    the size of that bit, because the engine knows no loss per quantity.
    """
    ids = pa.array(counted["account_id"], type=TEXT)
    index = pd.Index(counted["account_id"])
    weeks, times, replies = facts["account_weeks"], facts["check_times"], facts["message_replies"]
    n_weeks = len(weeks) // len(counted)
    parts: list[tuple[str, np.ndarray, pa.Array, np.ndarray]] = []  # check, account, event, severity

    def add(check: str, account: np.ndarray, mark: pa.Array, severity: np.ndarray | None = None) -> None:
        event = pc.binary_join_element_wise(pa.scalar(check, TEXT), ids.take(pa.array(account)), mark, pa.scalar("|", TEXT))
        parts.append((check, account, event, np.full(len(account), -1) if severity is None else severity))

    at = np.flatnonzero(weeks["is_missing"])
    add("i1", at // n_weeks, pc.cast(pa.array(at % n_weeks), TEXT))
    stale = times[times["is_stale"]]
    at = index.get_indexer(stale["account_id"])
    add("i4", at, pc.cast(pa.array(stale["checked_at"]), TEXT))
    unanswered = replies[~replies["is_answered"]]
    add("i6", index.get_indexer(unanswered["account_id"]), pa.array(unanswered["message_id"], type=TEXT))
    for check, size in SIZES.items():
        if check in ("i1", "i4", "i6", "i10"):
            continue
        bits = int(CAPS[check] / size).bit_length()
        quantity = np.minimum(often[check], (1 << bits) - 1)
        bit, account = np.nonzero((quantity >> np.arange(bits)[:, None]) & 1)
        add(check, account, pc.cast(pa.array(bit), TEXT), bit)
    veto = np.flatnonzero(counted["n_stale"] == 3)
    add("veto", veto, pa.nulls(len(veto), TEXT).fill_null("v"))
    return framed(counted, parts, np.flatnonzero(often["i10"]), ids)


def framed(
    counted: pd.DataFrame, parts: list[tuple[str, np.ndarray, pa.Array, np.ndarray]], open_weeks: np.ndarray, ids: pa.Array
) -> pd.DataFrame:
    """The events, the open item i10, and a passing row where an account has neither."""
    checks = [*SIZES, "veto"]
    seen = np.zeros((len(checks), len(counted)), dtype=bool)
    for check, account, _, _ in parts:
        seen[checks.index(check), account] = True
    seen[checks.index("i10"), open_weeks] = True
    silent_check, silent = np.nonzero(~seen)
    n_events = sum(len(account) for _, account, _, _ in parts)
    account = np.concatenate([*(each for _, each, _, _ in parts), open_weeks, silent])
    check_no = np.concatenate(
        [*(np.full(len(each), checks.index(name)) for name, each, _, _ in parts), np.full(len(open_weeks), checks.index("i10")), silent_check]
    )
    event = pa.concat_arrays([*(each for _, _, each, _ in parts), pa.nulls(len(account) - n_events, TEXT)])
    severity = np.concatenate([*(each for _, _, _, each in parts), np.full(len(account) - n_events, -1)])
    outcome = np.repeat([0, 1, 2], [n_events, len(open_weeks), len(silent)])
    words = pa.array(BITS, type=TEXT)
    return pd.DataFrame(
        {
            "check_id": text(pa.array(checks, type=TEXT).take(pa.array(check_no))),
            "article": text(pa.repeat("11.1", len(account))),
            "unit_id": text(pa.array(counted["unit_id"], type=TEXT).take(pa.array(account))),
            "account_id": text(ids.take(pa.array(account))),
            "event_id": text(event),
            "severity": text(words.take(pa.array(severity, mask=severity < 0))),
            "outcome": text(pa.array(["fail", "no_data", "pass"], type=TEXT).take(pa.array(outcome))),
            "message": text(pa.repeat("基准测试", len(account))),
        }
    )
