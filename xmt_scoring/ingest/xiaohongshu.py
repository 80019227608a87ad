"""小红书创作服务平台: the list of notes (the first 1000 after sorting) and the daily trends, one sheet each."""

from xmt_scoring.ingest.kinds import Kind

KINDS = (
    Kind(
        "小红书笔记列表", "xiaohongshu", "posts", ("笔记标题", "首次发布时间|发布时间", "曝光|观看量"),
        {"title": "笔记标题", "posted_at": "首次发布时间|发布时间", "work_kind": "体裁", "views": "观看量", "likes": "点赞|点赞量",
         "comments": "评论|评论量", "saves": "收藏|收藏量", "shares": "分享|分享量", "native_id": "笔记ID"},
        lacks=("作者", "博主", "博主昵称", "作者昵称", "达人昵称", "用户昵称"), cap=1000,
    ),
    # the trend files have the same two headings in every sheet: only the sheet says what the number is
    Kind("小红书每日发布数", "xiaohongshu", "daily_counts", ("日期", "数值"), {"counted_on": "日期", "n_posts": "数值"}, sheet="总发布趋势"),
    Kind(
        "小红书每日净涨粉", "xiaohongshu", "followers", ("日期", "数值"), {"counted_on": "日期", "net_followers": "数值"},
        covers="followers", sheet="净涨粉趋势",
    ),
    *(
        Kind(name, "xiaohongshu", "followers", ("日期", "数值"), {"counted_on": "日期", column: "数值"}, covers="followers", sheet=sheet)
        for name, column, sheet in (("小红书每日新增关注", "new_followers", "新增关注趋势"), ("小红书每日取消关注", "lost_followers", "取消关注趋势"))
    ),
    Kind("小红书总体数据", "xiaohongshu", "other", ("指标", "数值"), sheet="账号", refused="是整段时间的合计，不是发布清单"),
    Kind("小红书其他趋势", "xiaohongshu", "other", ("日期", "数值"), refused="是曝光、观看一类的每日合计，不是发布清单"),
)  # fmt: skip
