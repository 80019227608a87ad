"""头条号: one list for each kind of work (图文, 微头条, 视频), so none of them alone is everything the account published."""

from xmt_scoring.ingest.kinds import Kind

KINDS = (
    Kind(
        "头条号作品列表", "toutiao", "posts", ("标题", "发布时间", "展现量", "阅读量|播放量", "粉丝展现量|粉丝阅读量|粉丝播放量"),
        {"title": "标题", "posted_at": "发布时间", "native_id": "ID", "url": "链接", "reads": "阅读量", "plays": "播放量",
         # 转发量 is a second count beside 分享量
         "likes": "点赞量", "comments": "评论量", "shares": "分享量", "saves": "收藏量"},
        is_part=True,
    ),
    Kind(
        "头条号粉丝趋势", "toutiao", "followers", ("时间|日期", "总粉丝数", "粉丝变化数"),
        {"counted_on": "时间|日期", "total_followers": "总粉丝数", "net_followers": "粉丝变化数", "new_followers": "新增粉丝数",
         "lost_followers": "流失粉丝数"},
        covers="followers",
    ),
    Kind(
        "头条号数据趋势", "toutiao", "other", ("时间|日期", "展现量", "阅读(播放)量"),
        refused="是展现、阅读的每日合计，不是发布清单；请从“作品数据”里按图文、微头条、视频分别导出",
    ),
)  # fmt: skip
