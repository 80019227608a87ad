"""What every account published in the year: days by the plan, the rest drawn from the seed."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace

import numpy as np

from xmt_scoring.demo.plan import Account, Plan
from xmt_scoring.periods import Quarter

TOPICS = (
    "便民服务中心办事指南", "防汛值班安排提示", "乡村道路养护进展", "中小学课后服务答疑", "春耕备耕技术要点", "森林防火倡议", "社保业务办理提醒",
    "文明旅游倡议书", "健康素养66条解读", "垃圾分类小知识", "招聘信息汇总", "政策解读一图读懂", "工作动态周报", "反诈提醒", "天气与出行提示",
    "=便民=服务热线公布", "@全县群众：停水通知", "-5℃来袭注意防寒", "民生实事项目进展", "我为群众办实事",
)  # fmt: skip
OPENING = "请大家互相转告，如有疑问请在办公时间咨询"


@dataclass(frozen=True)
class Post:
    """One post as its platform stores it; what of it an export shows is the writers' matter."""

    at: dt.datetime
    title: str
    text: str
    native_id: str
    url: str
    is_repost: bool
    is_pushed: bool
    is_self_only: bool
    counts: tuple[int, int, int, int, int]  # reads or plays, likes, comments, shares, saves

    @property
    def day(self) -> dt.date:
        """The day of publication."""
        return self.at.date()


def year_of_posts(plan: Plan, account: Account, seed: int) -> list[Post]:
    """Every post of an account from the straddling week to the year's end, oldest first."""
    draw = np.random.default_rng([seed, account.index])
    days = _days(plan, account, draw)
    reposts = plan.raw["reposts"].get(account.account_id, [])
    hidden = plan.raw["self_only"].get(account.account_id, [])
    listed = sorted([(day, False) for day in days] + [(day, True) for day in hidden])
    posts, used = [], set()
    for position, (day, is_hidden) in enumerate(listed):
        at = dt.datetime.combine(day, dt.time(8)) + dt.timedelta(minutes=int(draw.integers(0, 600)))
        if at in used:
            at += dt.timedelta(minutes=11)
        used.add(at)
        is_repost = any(start <= day <= end for start, end in reposts)
        posts.append(_post(account, position, at, is_repost, is_hidden, draw))
    return _with_required(plan, account, sorted(posts, key=lambda post: (post.at, post.native_id)))


def _with_required(plan: Plan, account: Account, posts: list[Post]) -> list[Post]:
    """The first public post from the issue of a required repost on carries it, but where the plan says it was missed."""
    missed = plan.raw["missed_reposts"].get(account.account_id, [])
    for number, title, issued, due in (row for entry in plan.raw["required_reposts"] for row in entry["rows"]):
        inside = (at for at, post in enumerate(posts) if issued <= post.day <= due and not post.is_self_only)
        place = next(inside, None)
        if place is not None and number not in missed:
            text = f"【{title}】{OPENING}，电话“000-0000000”。\n来源：{account.name}"
            posts[place] = replace(posts[place], title=title, text=text, is_repost=True)
    return posts


def posts_between(posts: list[Post], start: dt.date, end: dt.date) -> list[Post]:
    """Those of some days, both ends included."""
    return [post for post in posts if start <= post.day <= end]


def _days(plan: Plan, account: Account, draw: np.random.Generator) -> list[dt.date]:
    """Thursday of every week and two to four days more, but none in the planned silences."""
    if account.export == "none":
        return []
    first, last = plan.raw["county"]["straddling_week"], plan.quarters[-1].end
    silent = plan.raw["silence"].get(account.account_id, [])
    found: list[dt.date] = []
    for monday in (first + dt.timedelta(days=7 * week) for week in range((last - first).days // 7 + 1)):
        more = draw.choice(7, size=int(draw.integers(2, 5)), replace=False)
        if account.more.get("rhythm") == "monthly":
            found += [day for day in (monday + dt.timedelta(days=add) for add in range(7)) if day.day == 10]
        else:
            found += [monday + dt.timedelta(days=int(add)) for add in sorted({3, *more})]
    closed = account.closed_on or last
    kept = [day for day in found if account.opened_on <= day <= min(closed, last)]
    kept = [day for day in kept if not any(start <= day <= end for start, end in silent)]
    return sorted({*kept, *plan.raw["posts"].get(account.account_id, [])})


def _post(
    account: Account, position: int, at: dt.datetime, is_repost: bool, is_hidden: bool, draw: np.random.Generator
) -> Post:
    topic = TOPICS[int(draw.integers(0, len(TOPICS)))]
    title = f"{topic}（{at.month}月{at.day}日第{position + 1}期）"
    counts = tuple(int(value) for value in draw.integers(0, [4000, 60, 20, 30, 15]))
    token = hashlib.sha256(f"{account.account_id}{position}{at}".encode()).hexdigest()
    if account.platform == "weibo":
        native, url = str(5_100_000_000_000_007 + account.index * 10_000_000_000 + position * 1_000_010), ""
        if account.export == "spider":
            native = "P" + token[:8]
    else:
        native = ""
        url = f"http://mp.weixin.qq.com/s?__biz=MzY{account.index:02d}ABCDE==&mid={2650000000 + position}&idx=1&sn={token[:32]}#rd"
    return Post(
        at, title, f"【{title}】{OPENING}，电话“000-0000000”。\n来源：{account.name}", native, url, is_repost,
        bool(account.more.get("is_all_pushed")) or position % 4 != 3, is_hidden, counts,  # type: ignore[arg-type]
    )  # fmt: skip


def sample_of(quarter: Quarter, account_id: str, keys: list[str]) -> set[str]:
    """The five posts of an account that are drawn for the clearance check (`rulings.md` §4), by their keys."""
    digests = {key: hashlib.sha256(f"{quarter}|{account_id}|{key}".encode()).hexdigest() for key in keys}
    return set(sorted(digests, key=lambda key: digests[key])[:5])
