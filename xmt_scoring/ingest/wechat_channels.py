"""视频号助手 › 单篇视频 › 下载表格. The day only, and often the last seven days only: the file does not say so."""

from xmt_scoring.ingest.kinds import Kind

KINDS = (
    Kind(
        "视频号单篇视频", "wechat_channels", "posts", ("视频描述", "发布时间", "播放量", "推荐|喜欢|视频ID"),
        # 推荐 (the heart) and 喜欢 (the thumb) are two counts
        {"title": "视频描述", "native_id": "视频ID", "posted_at": "发布时间", "plays": "播放量", "likes": "喜欢", "wows": "推荐",
         "comments": "评论量|评论", "shares": "分享量|分享"},
    ),
)  # fmt: skip
