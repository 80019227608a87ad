"""微信公众号 back-end exports: lists of posts, the daily 发表篇数, followers, and their look-alikes."""

from xmt_scoring.ingest.kinds import Kind

_POSTS = {
    "title": "内容标题|文章标题|标题",
    "posted_at": "发表时间|发表日期",
    "reads": "总阅读次数|阅读次数",
    "shares": "总分享次数|分享次数",
    "url": "内容url|内容链接|链接",
}
_TITLE, _TIME = "内容标题|文章标题", "发表时间|发表日期"

KINDS = (
    # published and pushed: what was only published stands in the other list
    Kind("公众号已通知内容", "wechat_oa", "posts", (_TITLE, _TIME, "总阅读人数|阅读人数", "送达人数"), _POSTS, covers="wechat_notified"),
    Kind(
        "公众号未开启通知内容", "wechat_oa", "posts", (_TITLE, _TIME, "总阅读人数|阅读人数", "内容url|内容链接"), _POSTS,
        lacks=("送达人数", "传播渠道"), covers="wechat_unnotified",
    ),
    Kind(
        "公众号流量数据（每天发表篇数）", "wechat_oa", "daily_counts", ("日期", "发表篇数"),
        {"counted_on": "日期", "n_posts": "发表篇数"}, anchor="发表篇数",
    ),
    # until about 2024: a row for each day and channel, of which 全部 is not the sum; it counts what was pushed, not what was only published
    Kind(
        "公众号流量数据（每天群发篇数）", "wechat_oa", "daily_counts", ("日期", "群发篇数", "渠道"),
        {"counted_on": "日期", "n_posts": "群发篇数"}, lacks=("发表篇数",), covers="wechat_notified", only=("渠道", "全部"), is_part=True,
    ),
    Kind(
        "公众号用户增长", "wechat_oa", "followers", ("时间|日期", "新关注人数", "取消关注人数", "净增关注人数"),
        {
            "counted_on": "时间|日期", "new_followers": "新关注人数", "lost_followers": "取消关注人数",
            "net_followers": "净增关注人数", "total_followers": "累积关注人数|累计关注人数",
        }, covers="followers",
    ),
    Kind("公众号消息统计", "wechat_oa", "other", ("时间|日期", "消息发送人数", "消息发送次数"), refused="是消息次数的每日统计，里面没有留言"),
    Kind("公众号菜单统计", "wechat_oa", "other", ("菜单点击次数|菜单点击人数",), refused="是菜单点击统计，不计分"),
    Kind("公众号接口统计", "wechat_oa", "other", ("调用次数", "失败率"), refused="是接口统计，不计分"),
    Kind("公众号常读用户", "wechat_oa", "other", ("用户类型", "人数", "占比"), refused="是用户构成统计，不计分"),
    Kind(
        "公众号单篇数据", "wechat_oa", "other", ("日期", "传播渠道", "阅读人数"), lacks=("发表篇数",),
        refused="是单篇文章的阅读明细，不是发布清单",
    ),
)  # fmt: skip
