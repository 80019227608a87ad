"""Verdicts → losses: what each event takes from each account, for certain and at most.

Everything here is int64: accounts, items, checks and events by number, points in ten-thousandths. Two figures go with
every loss: `sure` (what is lost whatever the open rows turn out to be; the account's `high`) and `most` (what is lost
if every open row fails; the account's `low`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from xmt_scoring.errors import ContractError, Problem, XmtError
from xmt_scoring.glossary import word
from xmt_scoring.model import Outcome, Severity
from xmt_scoring.scoring.columns import arrow, is_missing, positions, ranked
from xmt_scoring.scoring.places import in_every_place, spread
from xmt_scoring.scoring.scheme import Scheme

_OUTCOMES = list(Outcome)
_PASS, _FAIL, _NA = (_OUTCOMES.index(each) for each in (Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE))
_UNSIZED = -1


@dataclass(frozen=True)
class Rows:
    """Failing and open verdicts, one entry per row and account that it concerns.

    `row`: position in the verdicts frame, -1 where a rule has said nothing about the account. `event`: rank of the
    event_id, -1 without one. `is_carried`: a unit's duty, carried by its accounts.
    """

    row: np.ndarray
    account: np.ndarray
    check: np.ndarray
    event: np.ndarray
    severity: np.ndarray  # 0 none, else 1 + position in Severity
    is_fail: np.ndarray
    is_carried: np.ndarray

    def at(self, chosen: np.ndarray) -> Rows:
        """The chosen entries (a mask or positions)."""
        return Rows(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Coded:
    """The verdicts in numbers: the rows that matter, and account × check whether the duty does not apply."""

    rows: Rows
    not_applicable: np.ndarray
    event_ids: pa.Array


@dataclass(frozen=True)
class Losses:
    """One entry per account, item and event, sorted so; `row` leads to the verdict that is shown for it."""

    row: np.ndarray
    account: np.ndarray
    item: np.ndarray
    check: np.ndarray
    event: np.ndarray  # rank of the event_id; from n_events on: n_events + check, a loss without event
    is_carried: np.ndarray
    is_open: np.ndarray
    sure: np.ndarray
    most: np.ndarray

    def at(self, chosen: np.ndarray) -> Losses:
        """The chosen entries (a mask or positions)."""
        return Losses(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Superseded:
    """Losses dropped because their event is counted elsewhere (`rulings.md` §4)."""

    losses: Losses
    kept_item: np.ndarray


def code_verdicts(verdicts: pd.DataFrame, accounts: pd.DataFrame, all_ids: pd.Series, scheme: Scheme) -> Coded:
    """Verdicts in numbers; unit verdicts spread over the unit's accounts (`rulings.md` §3).

    `accounts`: the live accounts (account_id, unit_id, is_scored), sorted by account_id. `all_ids`: every account of
    the period; a verdict on another one raises ContractError, one on an account that was not live is left out.
    A check of the scheme that says nothing about an account leaves that item open: silence is never full marks.
    """
    check = positions(arrow(verdicts["check_id"]), arrow(scheme.checks))
    row = np.flatnonzero(check >= 0)
    check = check[row]
    row, check = in_every_place(row, check, scheme)
    counted = {
        name: arrow(verdicts[name]).take(pa.array(row))
        for name in ("account_id", "unit_id", "event_id", "severity", "outcome")
    }
    ids = counted["account_id"]
    has_no_account = is_missing(ids)
    _known(ids, has_no_account, all_ids)
    account = positions(ids, arrow(accounts["account_id"]))
    of_unit = {check for item in scheme.items if item.subject == "unit" for check in item.checks}
    subjects = np.array([name in of_unit for name in scheme.checks], dtype=bool)
    is_carried = has_no_account | subjects[check]
    outcome = positions(counted["outcome"], arrow(_OUTCOMES))
    severity = positions(counted["severity"], arrow(list(Severity))) + 1
    severity[(severity == 0) & ~is_missing(counted["severity"])] = len(Severity) + 1
    event, event_ids = ranked(counted["event_id"])
    at, account = spread(account, is_carried, counted["unit_id"], arrow(accounts["unit_id"]))

    check, outcome = check[at], outcome[at]
    n_checks = len(scheme.checks)
    seen = np.zeros((len(accounts), n_checks), dtype=bool)
    not_applicable = seen.copy()
    is_na = outcome == _NA
    not_applicable[account[is_na], check[is_na]] = True
    seen[account[~is_na], check[~is_na]] = True
    silent_account, silent_check = np.nonzero(~seen & ~not_applicable)
    not_applicable &= ~seen

    matters = (outcome != _PASS) & ~is_na
    at = at[matters]
    said = Rows(row[at], account[matters], check[matters], event[at], severity[at], outcome[matters] == _FAIL, is_carried[at])
    n_silent = len(silent_account)
    none, nothing = np.full(n_silent, -1), np.zeros(n_silent, dtype="i8")
    silent = Rows(none, silent_account, silent_check, none, nothing, nothing > 0, subjects[silent_check])
    rows = Rows(*(np.concatenate([getattr(said, name), getattr(silent, name)]) for name in said.__dataclass_fields__))
    return Coded(rows, not_applicable, event_ids)


def _known(ids: pa.Array, has_no_account: np.ndarray, all_ids: pd.Series) -> None:
    is_unknown = (positions(ids, arrow(all_ids)) < 0) & ~has_no_account
    if is_unknown.any():
        first = ids[int(np.argmax(is_unknown))].as_py()
        raise ContractError(Problem("数据表 verdicts", f"有本季账号表里没有的账号 {first}", "这是程序的错误，请把这句话发给维护人员"))


def item_losses(
    coded: Coded, at: np.ndarray, points: np.ndarray, scheme: Scheme, repeated_event: str
) -> tuple[Losses, Superseded]:
    """What the rows at the positions `at` of `coded.rows` cost, all of point items; one event once (or, with
    `repeated_event` each, once in every item).

    `points`: account × item, what each item is worth (its floor). A failing row costs its size; an open row with an
    event costs that event's largest size or nothing, one without event the whole item or nothing.

    De-duplication inside one account-quarter (`rulings.md` §4): the largest nominal loss, on a tie the item that comes
    first; carried rows are never removed. It compares nominal losses, before the floors, so a further finding *of an
    event that is already counted* can move that event to an item whose floor is reached. While a row of an event is
    open, every row that may yet be the one is in `most`, and only one that nothing can supersede is in `sure`: the
    interval then holds every outcome. Raises XmtError where the scheme has no size for a severity.
    """
    item_of_check = np.array([position for position, item in enumerate(scheme.items) for _ in item.checks], dtype="i8")
    rows = coded.rows
    account, check, severity, is_fail = rows.account[at], rows.check[at], rows.severity[at], rows.is_fail[at]
    item = item_of_check[check]
    fails, opens, takes_all = _sizes(scheme)
    size = np.where(is_fail, fails[check, severity], opens[check, severity])
    _all_sized(check, severity, size, scheme)
    is_whole = takes_all[check] | (~is_fail & (rows.event[at] < 0))
    size = np.where(is_whole, points[account, item], size)
    costs = size > 0
    merged, absorbed = _merge(rows, at[costs], item[costs], size[costs], len(coded.event_ids))
    if repeated_event == "each":
        return merged, absorbed
    return _once(merged, absorbed, len(coded.event_ids), len(scheme.items))


def _sizes(scheme: Scheme) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Check × severity: what a failing and an open event cost; and whether the check takes the whole item."""
    names: list[str | None] = [None, *Severity]
    losses = [loss for item in scheme.items for loss in item.losses.values()]
    fails = np.full((len(losses), len(names) + 1), _UNSIZED, dtype="i8")
    for number, loss in enumerate(losses):
        if loss.by_severity is None:
            fails[number] = loss.per_event or 0
        else:
            fails[number, 0] = next(iter(loss.by_severity.values()))
            for severity, size in loss.by_severity.items():
                fails[number, names.index(severity)] = size
    opens = fails.copy()
    opens[:, 0] = fails.max(axis=1)
    return fails, opens, np.array([loss.is_all_or_nothing for loss in losses], dtype=bool)


def _all_sized(check: np.ndarray, severity: np.ndarray, size: np.ndarray, scheme: Scheme) -> None:
    pairs = np.unique(np.stack([check[size < 0], severity[size < 0]], axis=1), axis=0)
    by_check: Mapping[str, str] = {check: item.id for item in scheme.items for check in item.checks}
    problems = []
    for check, severity in pairs.tolist():
        name = scheme.checks[check]
        said = word("severity", list(Severity)[severity - 1]) if severity <= len(Severity) else "不认识的情形"
        where = f"评分细则 {scheme.id} 的 {by_check[name]}（规则 {name}）"
        problems.append(Problem(where, f"没有情形“{said}”的分值", "请改正这条问题的“程度或情形”，或在细则里补上分值"))
    if problems:
        raise XmtError(problems)


def _merge(rows: Rows, at: np.ndarray, item: np.ndarray, size: np.ndarray, n_events: int) -> tuple[Losses, Superseded]:
    """Rows of one event in one item are one loss, the largest; where another check says the same, it is absorbed."""
    event = np.where(rows.event[at] >= 0, rows.event[at], n_events + rows.check[at])
    key = (rows.account[at] * (int(item.max(initial=0)) + 1) + item) * (int(event.max(initial=0)) + 1) + event
    order = np.argsort(key)
    is_first = _firsts(key[order])
    if not is_first.all():  # few rows share their key: only they are put in order of their size
        shared = ~is_first
        shared[:-1] |= ~is_first[1:]
        some = order[shared]
        tie = (-size[some] * 2 + ~rows.is_fail[at[some]]) * (int(rows.check.max()) + 1) + rows.check[at[some]]
        order[shared] = some[np.lexsort((some, tie * 64 + rows.severity[at[some]], key[some]))]
    at, size = at[order], size[order]
    is_fail = rows.is_fail[at]
    losses = Losses(
        rows.row[at], rows.account[at], item[order], rows.check[at], event[order], rows.is_carried[at], ~is_fail,
        np.where(is_fail, size, 0), size,
    )  # fmt: skip
    first = np.flatnonzero(is_first)
    if len(first) == len(order):
        return losses, Superseded(losses.at(first[:0]), first[:0])
    merged = losses.at(first)
    merged = Losses(
        merged.row, merged.account, merged.item, merged.check, merged.event,
        np.logical_or.reduceat(losses.is_carried, first), np.logical_or.reduceat(losses.is_open, first),
        np.maximum.reduceat(losses.sure, first), np.maximum.reduceat(losses.most, first),
    )  # fmt: skip
    group = np.cumsum(is_first) - 1
    others = np.flatnonzero(losses.check != merged.check[group])
    # the same check twice is only a repeated row
    _, once = np.unique(group[others] * (int(losses.check.max()) + 1) + losses.check[others], return_index=True)
    absorbed = losses.at(others[once])
    return merged, Superseded(absorbed, absorbed.item)


def _firsts(key: np.ndarray) -> np.ndarray:
    """A mask of the first of each run of equal numbers."""
    is_first = np.ones(len(key), dtype=bool)
    is_first[1:] = key[1:] != key[:-1]
    return is_first


def _once(losses: Losses, absorbed: Superseded, n_events: int, n_items: int) -> tuple[Losses, Superseded]:
    """One event, one loss: among the items of an account the largest, on a tie the first."""
    key = np.where(losses.event < n_events, losses.account * n_events + losses.event, -1 - np.arange(len(losses.event)))
    order = np.argsort(key, kind="stable")
    is_first = _firsts(key[order])
    is_shared = ~is_first
    is_shared[:-1] |= ~is_first[1:]
    shared = order[is_shared]
    if not len(shared):
        return losses, absorbed
    at = losses.at(shared)
    group = np.cumsum(is_first[is_shared]) - 1
    start = np.flatnonzero(is_first[is_shared])
    preference = n_items - 1 - at.item
    sure = np.where(at.sure > 0, at.sure * n_items + preference, -1)
    most = at.most * n_items + preference
    best_sure = np.maximum.reduceat(sure, start)[group]
    best_most = np.maximum.reduceat(most, start)
    others = most.copy()
    others[most == best_most[group]] = -1
    second = np.maximum.reduceat(others, start)[group]
    strongest_other = np.where(most == best_most[group], second, best_most[group])

    may_count = (most >= best_sure) | at.is_carried
    must_count = (sure > strongest_other) | at.is_carried
    new_sure = losses.sure.copy()
    new_sure[shared] = np.where(must_count, at.sure, 0)
    is_open = losses.is_open.copy()
    is_open[shared] |= ~must_count
    kept = np.ones(len(key), dtype=bool)
    kept[shared[~may_count]] = False
    lost = at.at(~may_count)
    kept_item = n_items - 1 - best_sure[~may_count] % n_items
    dropped = Superseded(
        Losses(*(np.concatenate([getattr(absorbed.losses, n), getattr(lost, n)]) for n in lost.__dataclass_fields__)),
        np.concatenate([absorbed.kept_item, kept_item]),
    )
    updated = Losses(
        losses.row, losses.account, losses.item, losses.check, losses.event, losses.is_carried, is_open, new_sure, losses.most
    )
    return updated.at(kept), dropped
