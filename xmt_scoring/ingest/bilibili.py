"""哔哩哔哩创作中心 › 近期稿件对比: ten videos a file, so an account has several files."""

from xmt_scoring.ingest.kinds import Kind

KINDS = (
    Kind(
        "哔哩哔哩稿件对比", "bilibili", "posts", ("视频标题|稿件标题", "发布时间", "播放量", "投币量|弹幕量"),
        {"title": "视频标题|稿件标题", "posted_at": "发布时间", "plays": "播放量", "likes": "点赞量", "comments": "评论量",
         "saves": "收藏量", "shares": "转发量|分享量"},
        cap=10,
    ),
)  # fmt: skip
