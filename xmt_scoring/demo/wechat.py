"""微信公众号 exports as the back-end hands them out (reference: exports §2)."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Sequence

from xmt_scoring.demo.books import write_book, write_wechat_html
from xmt_scoring.demo.place import Delivery
from xmt_scoring.demo.timeline import Post

PUSHED = (
    "内容标题", "发表时间", "总阅读人数", "总阅读次数", "总分享人数", "总分享次数", "阅读后关注人数", "送达人数", "公众号消息阅读次数", "送达阅读率",
    "首次分享次数", "分享产生阅读次数", "首次分享率", "每次分享带来阅读次数", "阅读完成率", "内容url",
)  # fmt: skip
UNPUSHED = tuple(name for name in PUSHED if name not in ("送达人数", "送达阅读率"))
FOLLOWERS = ("时间", "新关注人数", "取消关注人数", "净增关注人数", "累积关注人数")
TENDENCY = (
    None, "日期", "渠道", "阅读人数", None, "日期", "分享人数", "跳转阅读原文人数", "微信收藏人数", "发表篇数", None,
    "传播渠道", "发表日期", "内容标题", "阅读人数", "阅读人数占比",
)  # fmt: skip
NOTIFIED, UNNOTIFIED = "微信已通知内容", "微信未开启通知内容"


def write_wechat(delivery: Delivery) -> None:
    """The account's files by its way of exporting; one account has a message statistic and one a copied file too."""
    style, whole = delivery.account.export, (delivery.start, delivery.end)
    if style == "tendency":
        _write_list(delivery, "已通知内容.xlsx", PUSHED, None, whole)
        _write_tendency(delivery)
        _write_followers(delivery)
    elif style == "both_lists_dated":
        dated = f"_{delivery.start:%Y-%m-%d}至{delivery.end:%Y-%m-%d}.xlsx"
        _write_list(delivery, f"已通知内容{dated}", PUSHED, None, whole)
        _write_list(delivery, f"未开启通知内容{dated}", UNPUSHED, None, whole)
    else:
        middle = delivery.start + (delivery.end - delivery.start) // 2
        parts = [whole]
        if style == "overlapping":  # two exports that share a fortnight
            parts = [(delivery.start, middle + dt.timedelta(days=7)), (middle - dt.timedelta(days=7), delivery.end)]
        for number, part in enumerate(parts):
            file = f"已通知内容{'_第二次导出' if number else ''}.xlsx"
            _write_list(delivery, file, PUSHED, NOTIFIED, part)
        _write_list(delivery, "未开启通知内容.xlsx", UNPUSHED, UNNOTIFIED, whole)
    if delivery.account.account_id == "YLWX03":
        path = delivery.root / delivery.listed[0][0]
        shutil.copyfile(path, path.with_stem(f"{path.stem} - 副本"))
    if delivery.account.account_id == "YLWX01":
        rows = [(f"{day:%Y-%m-%d}", 3, 4, "1.33") for day in delivery.days[-30:]]
        title = f"消息发送（{rows[0][0]}至{rows[-1][0]}）"
        write_wechat_html(
            delivery.path("message_analysis.xls"), title, ("时间", "消息发送人数", "消息发送次数", "人均发送次数"), rows
        )


def _write_list(
    delivery: Delivery, file: str, headings: tuple[str, ...], covers: str | None, span: tuple[dt.date, dt.date]
) -> None:
    """One of the two lists; `covers`: its span stands in 导出文件清单."""
    is_pushed = headings is PUSHED
    posts = [post for post in delivery.posts if post.is_pushed == is_pushed and span[0] <= post.day <= span[1]]
    rows = [_article(post, headings) for post in reversed(posts)]
    write_book(delivery.path(file, covers, span if covers else None), {"Sheet1": [headings, *rows]})


def _article(post: Post, headings: tuple[str, ...]) -> list[object]:
    reads, likes, _, shares, saves = post.counts
    values: dict[str, object] = dict.fromkeys(headings, 0)
    values |= {
        "内容标题": post.title,
        "发表时间": int(f"{post.day:%Y%m%d}"),
        "内容url": post.url,
        "总阅读次数": reads,
        "总阅读人数": reads * 4 // 5,
    }
    values |= {
        "总分享次数": shares,
        "总分享人数": shares * 2 // 3,
        "阅读后关注人数": saves,
        "首次分享率": "0.85%",
        "阅读完成率": "61.40%",
    }
    if "送达人数" in values:
        values |= {"送达人数": 5200 + likes, "公众号消息阅读次数": reads // 2, "送达阅读率": "8.11%"}
    return [values[name] for name in headings]


def _months(delivery: Delivery) -> list[list[dt.date]]:
    """The covered days month by month, as the page offers them; days before the quarter go with its first month."""
    months: dict[tuple[int, int], list[dt.date]] = {}
    for day in delivery.days:
        first = max(day, delivery.quarter.start)
        months.setdefault((first.year, first.month), []).append(day)
    return list(months.values())


def _write_tendency(delivery: Delivery) -> None:
    """流量数据: three tables side by side with empty columns A, E and K; 发表篇数 has a zero for every silent day."""
    counted = Counter(post.day for post in delivery.posts)
    for days in _months(delivery):
        span = f"({days[0]:%Y.%m.%d}-{days[-1]:%Y.%m.%d})"
        titles: list[object] = [None] * 16
        titles[1], titles[5], titles[11] = f"数据趋势概况{span}", f"数据趋势概况{span}", f"数据来源概况{span}"
        first = [
            [f"{day:%Y-%m-%d}", channel, 40 + day.day] for day in days for channel in ("全部", "公众号消息", "朋友圈")
        ]
        second = [[f"{day:%Y-%m-%d}", day.day % 7, 0, day.day % 3, counted[day]] for day in days]
        third = [
            [channel, int(f"{post.day:%Y%m%d}"), post.title, post.counts[0], "12.5%"]
            for post in delivery.posts if days[0] <= post.day <= days[-1] for channel in ("全部", "朋友圈")
        ]  # fmt: skip
        height = max(len(first), len(second), len(third))
        rows = [
            [None, *_row(first, at, 3), None, *_row(second, at, 5), None, *_row(third, at, 5)] for at in range(height)
        ]
        started, ended = (int((day - dt.date(1970, 1, 1)).days * 86400 - 8 * 3600) for day in (days[0], days[-1]))
        write_book(delivery.path(f"tendency_{started}_{ended}.xls"), {"Sheet1": [titles, TENDENCY, *rows]})


def _row(rows: Sequence[Sequence[object]], at: int, width: int) -> Sequence[object]:
    return rows[at] if at < len(rows) else [None] * width


def _write_followers(delivery: Delivery) -> None:
    """用户分析 of the last 30 days and the day before; a dash where the account did not exist yet."""
    rows: list[tuple[object, ...]] = []
    total = 5000 + 100 * delivery.account.index
    jump = delivery.plan.raw["follower_jumps"].get(delivery.account.account_id)
    for day in delivery.days[-31:]:
        if day < delivery.account.opened_on:
            rows.append((f"{day:%Y-%m-%d}", "-", "-", "-", "-"))
            continue
        new, lost = 3 + day.day % 5, day.day % 4
        if jump and day == jump[0]:
            new = jump[1]
        total += new - lost
        rows.append((f"{day:%Y-%m-%d}", new, lost, new - lost, total))
    title = f"用户增长（{rows[0][0]}至{rows[-1][0]}）"
    write_wechat_html(delivery.path("user_analysis.xls"), title, FOLLOWERS, rows)
