"""Weibo lists: the archive tools' csv in two forms and the back-end's workbook (reference: exports §3)."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from xmt_scoring.demo.books import write_book, write_csv
from xmt_scoring.demo.place import Delivery
from xmt_scoring.demo.timeline import Post

_OWN = (
    "id", "bid", "正文", "头条文章url", "原始图片url", "视频url", "位置", "日期", "工具", "点赞数", "评论数", "转发数",
    "话题", "@用户", "完整日期", "是否原创",
)  # fmt: skip
_SOURCE = (
    "源用户id", "源用户昵称", "源微博id", "源微博bid", "源微博正文", "源微博头条文章url", "源微博原始图片url", "源微博视频url", "源微博位置", "源微博日期",
    "源微博工具", "源微博点赞数", "源微博评论数", "源微博转发数", "源微博话题", "源微博@用户", "源微博完整日期",
)  # fmt: skip
SPIDER = (
    "微博id", "微博正文", "原始图片url", "被转发微博原始图片url", "是否为原创微博", "微博视频url", "发布位置", "发布时间",
    "发布工具", "点赞数", "转发数", "评论数",
)  # fmt: skip
TREND = ("日期", "粉丝总数", "粉丝净增数", "新增粉丝数", "减少粉丝数", "阅读数", "发博数", "转评赞数", "转发数", "评论数", "点赞数")  # fmt: skip
PINNED_AT = dt.datetime(2024, 12, 2, 9, 30)


def write_weibo(delivery: Delivery) -> None:
    """The account's file by its way of exporting."""
    style, number, whole = delivery.account.export, delivery.account.number, (delivery.start, delivery.end)
    if not delivery.account.is_live(*whole):
        return
    if style == "backend":
        _write_backend(delivery)
    elif style == "spider":
        rows = [_spider_row(post) for post in reversed(delivery.posts)]
        rows.append(rows[-1])  # the tool wrote one post twice
        write_csv(delivery.path(f"{number}.csv", "发布", whole), [SPIDER, *rows])
    else:
        rows = [_crawler_row(post) for post in [*_pinned(delivery), *reversed(delivery.posts)]]
        dated = style == "crawler_dated"
        file = f"{number}_{delivery.start:%Y%m%d}-{delivery.end:%Y%m%d}.csv" if dated else f"{number}.csv"
        write_csv(delivery.path(file, "发布", None if dated else whole), [_OWN + _SOURCE, *rows])


def _pinned(delivery: Delivery) -> list[Post]:
    """The pinned post stands first, however old it is; a new account has none."""
    if delivery.account.opened_on > PINNED_AT.date():
        return []
    native = str(5_090_000_000_001_007 + 10 * delivery.account.index)
    text = f"欢迎关注{delivery.account.name}官方微博，咨询电话000-0000000"
    return [Post(PINNED_AT, text, text, native, "", False, True, False, (0, 12, 3, 4, 0))]


def _bid(native_id: str) -> str:
    letters = "0123456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
    number, made = int(native_id), ""
    while number:
        number, digit = divmod(number, len(letters))
        made = letters[digit] + made
    return made


def _crawler_row(post: Post) -> list[object]:
    """Own posts have 16 fields under a heading of 33; the id ends with a tab."""
    _, likes, comments, shares, _ = post.counts
    row: list[object] = [
        post.native_id + "\t", _bid(post.native_id), post.text, "", "", "", "", post.at.isoformat(), "微博网页版", likes, comments,
        shares, "", "", f"{post.at:%Y-%m-%d %H:%M:%S}", not post.is_repost,
    ]  # fmt: skip
    if post.is_repost:
        source = [
            "9900000099",
            "云岭气象（演示）",
            "5089000000000001\t",
            "Pdemo0001",
            "省气象台发布演示信息",
            "",
            "",
            "",
            "",
        ]
        at = post.at - dt.timedelta(hours=1)
        row += [*source, at.isoformat(), "微博网页版", 1, 0, 2, "", "", f"{at:%Y-%m-%d %H:%M:%S}"]
    return row


def _spider_row(post: Post) -> list[object]:
    _, likes, comments, shares, _ = post.counts
    return [
        post.native_id, post.text, "无", "无", not post.is_repost, "无", "无", f"{post.at:%Y-%m-%d %H:%M}", "微博 weibo.com", likes,
        shares, comments,
    ]  # fmt: skip


def _write_backend(delivery: Delivery) -> None:
    """数据助手: totals, one row per day with 发博数, one row per post, and a sheet of words."""
    counted = Counter(post.day for post in delivery.posts)
    daily = [
        [f"{day:%Y-%m-%d}", 20000 + at, 1, 2, 1, 800, counted[day], 9, 3, 2, 4] for at, day in enumerate(delivery.days)
    ]
    listed = []
    for post in reversed(delivery.posts):
        reads, likes, comments, shares, _ = post.counts
        url = backend_url(delivery.account.number, post)
        listed.append([f"{post.at:%Y-%m-%d %H:%M:%S}", post.text, reads, likes + comments + shares, 5, url])
    write_book(
        delivery.path("微博数据助手导出.xlsx", "发布", (delivery.start, delivery.end)),
        {
            "账号汇总": [
                ["昵称", "粉丝总数", "微博总数"],
                [delivery.account.name, 20000 + len(daily), 5000 + len(listed)],
            ],
            "每日趋势": [
                TREND,
                *daily,
            ],
            "单条博文": [["发布时间", "微博内容", "阅读数", "转评赞数", "点击数", "URL"], *listed],
            "说明": [["数据截至导出前一日"]],
        },
    )


def backend_url(number: str, post: Post) -> str:
    """The address of a post in the back-end's list."""
    return f"https://weibo.com/{number}/{_bid(post.native_id)}"
