"""The rows that explain a score: frames `contributions` and `superseded_losses`. For every account 100 + Σ = score."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from xmt_scoring.frames import conform, fitted
from xmt_scoring.points import SCALE, to_decimal
from xmt_scoring.scoring.accounts import Tally
from xmt_scoring.scoring.columns import arrow, joined, series, take
from xmt_scoring.scoring.scheme import Scheme

_KINDS = ["loss", "carried", "cap", "veto"]
_LOSS, _CARRIED, _CAP, _VETO = range(4)
_SILENT = "规则没有给出结论，本项待定"


@dataclass(frozen=True)
class _Part:
    """Rows of one origin, in numbers; `row`: the verdict whose check, article and words are shown, -1 none.

    `words`: position in the words of this origin, -1 where the verdict's are shown.
    """

    account: np.ndarray
    item: np.ndarray  # items, then the adjustment NA, then the vetoes
    kind: np.ndarray
    event: np.ndarray  # as in Losses; -1 for a cap or an adjustment
    check: np.ndarray
    row: np.ndarray
    low: np.ndarray
    high: np.ndarray
    words: np.ndarray


def points_text(in_units: int) -> str:
    """Ten-thousandths as people write points: 20000 → 2, 5000 → 0.5."""
    return f"{(Decimal(in_units) / SCALE).normalize():f}"


def contribution_frame(found: Tally, verdicts: pd.DataFrame, scheme: Scheme, period: str) -> pd.DataFrame:
    """Frame `contributions`, sorted by account, item in scheme order, kind and event.

    `contribution_id` is `quarter|account|item|event`; for a loss without event the last part is `-` and the check, for
    the row that brings an item back to its floor `-cap`. `low` and `high` are the row at both ends of the interval;
    `points` is missing while they differ. Under `rescale` one row with item `NA` makes the sum exact.
    """
    caps, cap_words = _cap_rows(found, scheme)
    adjusted, adjusted_words = _adjusted_rows(found, scheme, len(cap_words))
    parts = [_loss_rows(found), caps, adjusted, _veto_rows(found, scheme)]
    values = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _Part.__dataclass_fields__}
    width = len(found.event_ids) + len(scheme.checks) + 1
    position = values["account"] * (len(scheme.items) + 1 + len(scheme.vetoes)) + values["item"]
    order = np.argsort((position * len(_KINDS) + values["kind"]) * width + values["event"] + 1, kind="stable")
    rows = _Part(**{name: column[order] for name, column in values.items()})
    return _framed(rows, [*cap_words, *adjusted_words], found, verdicts, scheme, period)


def _framed(
    rows: _Part, words: list[str], found: Tally, verdicts: pd.DataFrame, scheme: Scheme, period: str
) -> pd.DataFrame:
    """The rows as they are shown. Each key is unique: an event counts once in an item, a cap and a veto are single."""
    account_id = take(arrow(found.live["account_id"]), rows.account)
    codes = [item.id for item in scheme.items] + ["NA"] + [veto.code for veto in scheme.vetoes]
    item_id = take(arrow(codes), rows.item)
    n_events = len(found.event_ids)
    marks = pa.concat_arrays([found.event_ids, arrow([f"-{check}" for check in scheme.checks]), arrow(["-cap"])])
    mark = take(marks, np.where(rows.event < 0, len(marks) - 1, rows.event))
    is_open = rows.low != rows.high
    spoken = pa.concat_arrays([arrow(verdicts["message"]), arrow([*words, _SILENT])])
    silent = np.where(rows.row < 0, len(spoken) - 1, rows.row)
    said = take(spoken, np.where(rows.words < 0, silent, len(verdicts) + rows.words))
    return fitted(
        pd.DataFrame(
            {
                "contribution_id": series(joined(period, account_id, item_id, mark, between="|")),
                "unit_id": series(take(arrow(found.live["unit_id"]), rows.account)),
                "account_id": series(account_id),
                "item_id": series(item_id),
                "article": series(take(arrow(verdicts["article"]), rows.row)),
                "check_id": series(take(arrow(scheme.checks), rows.check)),
                "event_id": series(take(found.event_ids, np.where(rows.event < n_events, rows.event, -1))),
                "kind": series(take(arrow(_KINDS), rows.kind)),
                "points": to_decimal(rows.high, 4, is_open),
                "low": to_decimal(rows.low, 4),
                "high": to_decimal(rows.high, 4),
                "status": series(take(arrow(["decided", "open"]), is_open.astype("i8"))),
                "message": series(pc.fill_null(said, _SILENT)),
            }
        ),
        "contributions",
    )


def _loss_rows(found: Tally) -> _Part:
    losses = found.losses
    kind = np.where(losses.is_carried, _CARRIED, _LOSS)
    return _Part(
        losses.account, losses.item, kind, losses.event, losses.check, losses.row, -losses.most, -losses.sure,
        np.full(len(kind), -1),
    )  # fmt: skip


def _cap_rows(found: Tally, scheme: Scheme) -> tuple[_Part, list[str]]:
    caps, first = found.caps, found.losses.at(found.caps.first)
    none = np.full(len(first.account), -1)
    width = int(caps.points.max(initial=0)) + 1
    pairs, at = np.unique(first.item * width + caps.points, return_inverse=True)
    ends = {False: "扣完为止（本项 {} 分）", True: "至多扣到 {} 分为止（100 分之外，账号最低 0 分）"}
    told = [(scheme.items[pair // width], points_text(pair % width)) for pair in pairs.tolist()]
    words = [item.name + ends[item.is_extra].format(points) for item, points in told]
    kind = np.full(len(none), _CAP)
    return _Part(first.account, first.item, kind, none, none, first.row, caps.most, caps.sure, at), words


def _adjusted_rows(found: Tally, scheme: Scheme, n_words: int) -> tuple[_Part, list[str]]:
    """`n_words`: how many words of other origins stand before these."""
    account = np.flatnonzero((found.adjusted_low != 0) | (found.adjusted_high != 0))
    none = np.full(len(account), -1)
    left, at = np.unique(found.left_points[account], return_inverse=True)
    base = points_text(scheme.base)
    words = [f"不适用项目折算：按适用项目的 {points_text(points)} 分折合 {base} 分" for points in left.tolist()]
    return _Part(
        account, np.full(len(account), len(scheme.items)), np.full(len(account), _LOSS), none, none, none,
        found.adjusted_low[account], found.adjusted_high[account], n_words + at,
    ), words  # fmt: skip


def _veto_rows(found: Tally, scheme: Scheme) -> _Part:
    rows = found.veto_rows
    veto, n_events = found.veto[rows.account], len(found.event_ids)
    all_lost = np.full(len(veto), -scheme.base)
    return _Part(
        rows.account, len(scheme.items) + 1 + veto, np.full(len(veto), _VETO),
        np.where(rows.event >= 0, rows.event, n_events + rows.check), rows.check, rows.row, all_lost, all_lost,
        np.full(len(veto), -1),
    )  # fmt: skip


def superseded_frame(found: Tally, scheme: Scheme) -> pd.DataFrame:
    """Frame `superseded_losses`: what was not taken because its event is counted elsewhere, and where."""
    lost, kept = found.superseded.losses, found.superseded.kept_item
    order = np.lexsort((lost.check, lost.event, lost.item, lost.account))
    lost, kept = lost.at(order), kept[order]
    names = arrow([f"{item.id} {item.name}" for item in scheme.items])
    codes = arrow([item.id for item in scheme.items])
    event_id = take(found.event_ids, lost.event)
    return conform(
        pd.DataFrame(
            {
                "account_id": series(take(arrow(found.live["account_id"]), lost.account)),
                "item_id": series(take(codes, lost.item)),
                "check_id": series(take(arrow(scheme.checks), lost.check)),
                "event_id": series(event_id),
                "kept_item_id": series(take(codes, kept)),
                "points": to_decimal(-lost.most, 4),
                "message": series(joined("同一事件 ", event_id, " 只扣一次，已计入 ", take(names, kept))),
            }
        ),
        "superseded_losses",
    )
