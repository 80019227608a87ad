"""抖音 exports: the list of works and the daily table (reference: exports §4)."""

from __future__ import annotations

from collections import Counter

from xmt_scoring.demo.books import write_book
from xmt_scoring.demo.place import Delivery
from xmt_scoring.demo.timeline import Post

WORKS = (
    "作品名称", "发布时间", "体裁", "审核状态", "播放量", "完播率", "5s完播率", "封面点击率", "2s跳出率", "平均播放时长", "点赞量", "分享量", "评论量",
    "收藏量", "主页访问量", "粉丝增量",
)  # fmt: skip
DAILY = (
    "日期",
    "投稿量",
    "总播放量",
    "总点赞量",
    "总分享量",
    "总评论量",
    "5秒完播率",
    "2秒跳出率",
    "封面点击率",
    "平均播放时长",
)
KINDS = ("1min-视频", "1-3min视频", "图文")


def write_douyin(delivery: Delivery) -> None:
    """The list of works, and for most accounts the daily table, whose last row is a total for some."""
    if not delivery.account.is_live(delivery.start, delivery.end):
        return
    rows = [_work(post, at) for at, post in enumerate(reversed(delivery.posts))]
    declared = (delivery.start, delivery.end) if delivery.account.export == "list" else None
    write_book(delivery.path("作品列表导出.xlsx", "发布", declared), {"Sheet1": [WORKS, *rows]})
    if delivery.account.export == "list":
        return
    counted = Counter(post.day for post in delivery.posts if not post.is_self_only)
    days = [day for day in delivery.days if day >= delivery.account.opened_on]
    daily = [
        [f"{day:%Y-%m-%d}", counted[day], 900 + day.day, day.day % 9 - 1, 4, 2, "37.50%", "21.00%", "8.80%", "16.63s"]
        for day in days
    ]
    if delivery.account.account_id == "YLDY02":
        daily.append(["合计", sum(counted[day] for day in days), 90000, 300, 300, 200, "-", "-", "-", "-"])
    write_book(delivery.path("数据表现_短视频全量指标.xlsx"), {"Sheet1": [DAILY, *daily]})


def _work(post: Post, at: int) -> list[str]:
    """All cells are text; a work that only its author sees has no counts."""
    plays, likes, comments, shares, saves = (0,) * 5 if post.is_self_only else post.counts
    rates = ["-"] * 5 if post.is_self_only else ["0.074074", "0.311111", "-", "0.401235", "16.63"]
    return [
        post.title, f"{post.at:%Y-%m-%d %H:%M:%S}", KINDS[at % 3], "自见" if post.is_self_only else "公开", str(plays), rates[0], rates[1],
        rates[2], rates[3], rates[4], str(likes), str(shares), str(comments), str(saves), "0", "0",
    ]  # fmt: skip
