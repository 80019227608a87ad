"""百家号、知乎, of which only a collected list, daily totals or code that reads the export were seen, and the office's own form
for every other platform."""

from xmt_scoring.ingest.kinds import Kind

GENERIC = "通用发布记录"

KINDS = (
    # written by a collecting script; the back-end's own export has not been seen by anybody here
    Kind(
        "百家号采集清单", "baijiahao", "posts", ("文案", "阅读量", "发布的时间戳"),
        {"text": "文案", "posted_at": "发布的时间戳", "reads": "阅读量", "likes": "点赞数", "comments": "评论数"},
    ),
    # articles and answers are exported one by one, so neither list is everything the account published
    Kind(
        "知乎文章、问答清单", "zhihu", "posts", ("标题", "发布时间", "链接", "阅读", "点赞", "喜欢"),
        {"title": "标题", "posted_at": "发布时间", "url": "链接", "reads": "阅读", "plays": "播放", "likes": "点赞", "wows": "喜欢",
         "comments": "评论", "saves": "收藏", "shares": "分享"},
        is_part=True,
    ),
    Kind(
        "知乎日报表", "zhihu", "other", ("日期", "阅读", "播放", "喜欢", "收藏"),
        refused="是阅读、点赞的每日合计，不是发布清单；请把发布的内容填进“通用发布记录.xlsx”",
    ),
    # any platform: one row for each post, filled in by the unit or the office
    Kind(
        GENERIC, None, "posts", ("账号|账号名称|账号编号", "发布时间", "标题", "链接|网址|是否原创"),
        {"account_any": "账号|账号名称|账号编号", "platform_word": "平台", "posted_at": "发布时间", "title": "标题", "url": "链接|网址",
         "native_id": "内容ID", "is_original": "是否原创", "post_status": "发布状态"},
    ),
)  # fmt: skip
