"""抖音 creator centre: the list of works (at most 1000) and the daily series."""

from xmt_scoring.ingest.kinds import Kind

KINDS = (
    Kind(
        "抖音作品列表", "douyin", "posts", ("作品名称", "发布时间", "体裁", "播放量"),
        {"title": "作品名称", "posted_at": "发布时间", "work_kind": "体裁", "post_status": "审核状态|发布状态", "plays": "播放量",
         "likes": "点赞量", "shares": "分享量", "comments": "评论量", "saves": "收藏量"},
        cap=1000,
    ),
    Kind("抖音每日数据(投稿量)", "douyin", "daily_counts", ("日期", "投稿量"), {"counted_on": "日期", "n_posts": "投稿量"}),
    Kind(
        "抖音第三方清单", "douyin", "other", ("达人UID", "抖音号", "视频ID", "发布时间"),
        refused="是第三方工具抓取的清单,不能代替后台导出;请从创作者中心导出作品列表",
    ),
)  # fmt: skip
