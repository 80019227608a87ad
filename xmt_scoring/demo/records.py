"""The quarter's records: messages, clearances, checks by hand, what was found by the county and from above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import numpy as np

from xmt_scoring.demo.offices import Rows, called
from xmt_scoring.demo.plan import Account, Plan, known_by
from xmt_scoring.demo.timeline import Post, posts_between, sample_of
from xmt_scoring.demo.weibo import backend_url
from xmt_scoring.periods import Quarter

NOTHING_FOUND = "未发现问题"
QUESTIONS = ("办事窗口周末是否上班", "公交班次怎么查询", "补贴什么时候发放", "证件补办需要什么材料", "路灯不亮请维修")


def record_rows(plan: Plan, quarter: Quarter, years: dict[str, list[Post]], seed: int) -> dict[str, Rows]:
    """Rows by the name of the sheet that they go to."""
    return {
        "留言": _messages(plan, quarter, seed),
        "审核记录": _clearances(plan, quarter, years),
        "人工检查时点": [{**scope, "checked_at": plan.times(quarter)["monitored_at"], "checker": "周一"} for scope in _scopes(plan, quarter)],
        "发现的问题": _findings(plan, quarter),
        "已核查": _checked(plan, quarter),
        "上级检查": inspections(plan, plan.rows("upper_inspections", quarter)),
    }


def _messages(plan: Plan, quarter: Quarter, seed: int) -> Rows:
    """Ordinary messages, each answered within a day, and those of the plan; times are text for some, real for others."""
    rows: Rows = []
    for account in plan.accounts:
        start, end = max(quarter.start, account.opened_on), min(quarter.end, account.closed_on or quarter.end)
        if not account.more["has_messages"] or (end - start).days < 20:
            continue
        draw = np.random.default_rng([seed, 1000 + quarter.number, account.index])
        for number in range(int(draw.integers(1, 4))):
            day = start + dt.timedelta(days=int(draw.integers(3, (end - start).days - 4)))
            received = dt.datetime.combine(day, dt.time(9)) + dt.timedelta(minutes=int(draw.integers(0, 400)))
            replied = received + dt.timedelta(minutes=int(draw.integers(60, 400)), days=number % 2)
            rows.append(_message(plan, account, quarter, received, replied, QUESTIONS[int(draw.integers(0, 5))]))
    twice = next(row for row in rows if row["account_id"] == "云岭农业")
    rows.append(dict(twice))  # the same text sent twice under two numbers
    by_id = {account.account_id: account for account in plan.accounts}
    for account_id, received, replied, what in plan.rows("messages", quarter):
        row = _message(plan, by_id[account_id], quarter, received, replied or None, QUESTIONS[received.day % 5])
        row |= {"is_effective": "否"} if what == "ineffective" else {}
        row |= {"is_excused": "是", "excuse_kind": "经核准延期", "excuse_reason": "涉及上级部门，经批准延期答复"} if what == "excused" else {}
        rows.append(row)
    return [
        {**row, "message_id": f"{quarter}-{number:03d}", "netizen": f"网友{number:04d}"}
        for number, row in enumerate(rows, 1)
    ]


def _message(
    plan: Plan, account: Account, quarter: Quarter, received: dt.datetime, replied: dt.datetime | None, question: str
) -> dict[str, Any]:
    """One row; the message list is kept by several hands, so its times are written in two ways."""
    is_text = account.index % 2 == 0
    written = [
        moment and (f"{moment.year}/{moment.month}/{moment.day} {moment:%H:%M:%S}" if is_text else moment)
        for moment in (received, replied)
    ]
    return {
        "account_id": called(plan, account, known_by(quarter)),
        "message_title": question,
        "message_text": f"\n\t{question}？请答复。\n",
        "received_at": written[0],
        "first_reply_at": written[1],
        "reply_text": "您好，已答复并办理（演示）" if replied else None,
        "message_source": "网民",
    }


def _clearances(plan: Plan, quarter: Quarter, years: dict[str, list[Post]]) -> Rows:
    """One row for each public post of the quarter: cleared an hour before it went out, but for those of the plan."""
    planned = plan.rows("clearances", quarter)
    rows: Rows = []
    for account in plan.accounts:
        posts = posts_between(years[account.account_id], quarter.start, quarter.end)
        posts = [post for post in posts if not post.is_self_only]
        drawn = sample_of(quarter, account.account_id, [_key(account, post) for post in posts])
        made = [_clearance(account, post) for post in posts]
        if account.account_id in plan.raw["unscreened"].get(str(quarter), []):
            made[0] |= {"is_screened": "否"}
        for _, which, fault in (row for row in planned if row[0] == account.account_id):
            inside = [at for at, post in enumerate(posts) if (_key(account, post) in drawn) == (which != "unsampled")]
            for at in inside if which == "drawn" else inside[:1]:
                late = {"cleared_at": posts[at].at + dt.timedelta(days=1)}
                made[at] |= late if fault == "late" else {"is_complete": "否"}
        rows += made
    return rows


def _key(account: Account, post: Post) -> str:
    """What names a post in its export: the platform's id, else the address, else time and title."""
    if account.platform == "weibo":
        return backend_url(account.number, post) if account.export == "backend" else post.native_id
    return post.url if account.platform == "wechat_oa" else f"{post.at:%Y-%m-%d %H:%M:%S}{post.title}"


def _clearance(account: Account, post: Post) -> dict[str, Any]:
    is_dated = account.platform == "wechat_oa"  # its export has no time of day
    row = {
        "account_id": account.account_id,
        "title": post.title,
        "posted_at": post.day if is_dated else post.at,
        "cleared_at": post.at - dt.timedelta(hours=1),
        "clearer": "吴二",
        "is_complete": "是",
        "is_screened": "是",
    }
    if is_dated:
        row["url"] = post.url
    elif account.platform == "weibo":
        by_address = account.export == "backend"
        row |= {"url": backend_url(account.number, post)} if by_address else {"native_id": post.native_id}
    return row


def _findings(plan: Plan, quarter: Quarter) -> Rows:
    owners = {account.account_id: account.unit for account in plan.accounts}
    rows: Rows = []
    for event, item, subject, severity, level, found, confirmers, words, *kind in plan.rows("findings", quarter):
        is_account = subject in owners
        rows.append(
            {
                "event_id": event,
                "check_item": item,
                "unit_id": owners.get(subject, subject),
                "account_id": subject if is_account else None,
                "severity": severity or None,
                "forbidden_kind": kind[0] if kind else None,
                "found_on": found,
                "found_by_level": level,
                "description": words,
                "checker": "周一",
                "confirmer_1": "吴一" if confirmers else None,
                "confirmer_2": "郑一" if confirmers > 1 else None,
            }
        )
    return rows


def _checked(plan: Plan, quarter: Quarter) -> Rows:
    """已核查: one row for an item and everyone; an item that stays open somewhere has a row for each unit instead."""
    left = {entry["item"]: entry for entry in plan.raw["left_open"] if entry["quarter"] == str(quarter)}
    rows: Rows = []
    for item in plan.raw["checked"]["items"]:
        scopes = _scopes(plan, quarter, left[item]["units"] if item in left else ())
        if item in left:
            scopes += [{"check_scope": "账号", "account_id": account} for account in left[item]["accounts"]]
        rows += [{"check_item": item, **scope} for scope in scopes]
    more = {"checked_at": plan.times(quarter)["checked_at"], "checker": "周一", "check_result": NOTHING_FOUND}
    return [{**row, **more} for row in rows]


def _scopes(plan: Plan, quarter: Quarter, left_out: Collection[str] = ()) -> Rows:
    """Whom a check reached: everyone in one row, or unit by unit where some were left out."""
    left_out = {*left_out, *plan.raw["unchecked_units"].get(str(quarter), [])}
    if not left_out:
        return [{"check_scope": "全部"}]
    units = sorted({account.unit for account in plan.accounts})
    return [{"check_scope": "单位", "unit_id": unit} for unit in units if unit not in left_out]


def inspections(plan: Plan, rows: list[list[Any]]) -> Rows:
    """Rows of 上级检查; the unit is not written where an account is named: it follows from who owned it on that day."""
    return [
        {
            "inspection_id": number,
            "level": level,
            "inspected_on": day,
            "document_no": document,
            "account_id": account,
            "is_veto": "是" if is_veto else "否",
            "check_item": item,
            "event_id": event or None,
            "description": words,
        }
        for number, level, day, document, account, is_veto, item, event, words in rows
    ]
