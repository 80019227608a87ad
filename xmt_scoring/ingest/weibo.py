"""微博: back-end sheets, and the lists that common archive tools write (csv and json)."""

from xmt_scoring.ingest.kinds import Kind

_CRAWLED = {
    "native_id": "id", "bid": "bid", "text": "正文", "posted_at": "完整日期|日期", "likes": "点赞数", "comments": "评论数",
    "shares": "转发数", "is_original": "是否原创",
}  # fmt: skip

KINDS = (
    Kind(
        "微博后台单条博文", "weibo", "posts", ("发布时间", "微博内容", "阅读数"),
        {"posted_at": "发布时间", "text": "微博内容", "reads": "阅读数", "url": "URL|链接", "native_id": "微博ID|博文ID",
         "shares": "转发数", "comments": "评论数", "likes": "点赞数"},
    ),
    Kind("微博后台每日趋势", "weibo", "daily_counts", ("日期", "发博数"), {"counted_on": "日期", "n_posts": "发博数"}),
    # the archive tools stop at a number of posts that their user sets; 200 was seen
    Kind("微博归档清单（weibo-crawler）", "weibo", "posts", ("id", "bid", "正文", "日期"), _CRAWLED, lacks=("用户昵称", "微博正文"), cap=200),
    Kind(
        "微博归档清单（weiboSpider）", "weibo", "posts", ("微博id", "微博正文", "发布时间"),
        {"native_id": "微博id", "text": "微博正文", "posted_at": "发布时间", "likes": "点赞数", "comments": "评论数",
         "shares": "转发数", "is_original": "是否为原创微博", "account_no": "用户id", "account_word": "用户昵称"},
        lacks=("retweet_id",), cap=200,
    ),
    Kind(
        "微博归档清单（json）", "weibo", "posts", ("id", "bid", "text", "created_at"),
        {"native_id": "id", "bid": "bid", "text": "text", "posted_at": "full_created_at|created_at", "likes": "attitudes_count",
         "comments": "comments_count", "shares": "reposts_count", "is_repost": "is_repost",
         "account_no": "user.id|user_id", "account_word": "user.screen_name|screen_name", "is_verified": "user.verified",
         "verified_as": "user.verified_reason", "total_followers": "user.followers_count", "total_posts": "user.statuses_count"},
        cap=200,
    ),
    Kind(
        "微博搜索结果", "weibo", "other", ("id", "bid", "user_id", "用户昵称", "微博正文"),
        refused="是按关键词搜到的别人的微博，不是本账号的发布清单",
    ),
    Kind(
        "微博账号资料", "weibo", "profiles", ("用户id", "昵称|用户昵称", "微博数", "粉丝数"),
        {"platform_account_no": "用户id", "profile_name": "昵称|用户昵称", "is_verified": "是否认证", "verified_as": "认证信息",
         "total_followers": "粉丝数", "total_posts": "微博数", "url": "主页"},
    ),
)  # fmt: skip
