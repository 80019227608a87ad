"""抖音 creator centre: the list of works (at most 1000) and the daily series."""

from xmt_scoring.ingest.kinds import Kind

KINDS = (
    Kind(
        "抖音作品列表", "douyin", "posts", ("作品名称", "发布时间", "体裁", "播放量"),
        {"title": "作品名称", "posted_at": "发布时间", "work_kind": "体裁", "post_status": "审核状态|发布状态", "plays": "播放量",
         "likes": "点赞量|点赞", "shares": "分享量|分享", "comments": "评论量|评论", "saves": "收藏量|收藏"},
        cap=1000,
    ),
    Kind("抖音每日数据（投稿量）", "douyin", "daily_counts", ("日期", "投稿量"), {"counted_on": "日期", "n_posts": "投稿量"}),
    # one file for each number, or several in one
    Kind(
        "抖音每日粉丝", "douyin", "followers", ("日期", "总粉丝量|粉丝总量|净增粉丝|粉丝净增|取关粉丝|取关量"),
        {"counted_on": "日期", "total_followers": "总粉丝量|粉丝总量", "net_followers": "净增粉丝|粉丝净增", "new_followers": "新增粉丝",
         "lost_followers": "取关粉丝|取关量"},
        lacks=("作品名称", "投稿量"), covers="followers",
    ),
    # one work at a time is looked at there, so such a list is never all of them
    Kind(
        "抖音单条视频数据", "douyin", "posts", ("视频名称", "发布时间", "播放量", "5s完播率|2s跳出率"),
        {"title": "视频名称", "posted_at": "发布时间", "plays": "播放量"}, is_part=True,
    ),
    Kind(
        "抖音投稿汇总", "douyin", "other", ("发布时间", "体裁", "周期内投稿量"),
        refused="是一段时间的汇总，不是每条作品；请从“投稿列表”导出",
    ),
    Kind(
        "抖音每日互动", "douyin", "other", ("日期", "主页访问|作品点赞|作品评论|作品分享"), lacks=("投稿量", "作品名称"),
        refused="是访问、点赞一类的每日合计，不是发布清单",
    ),
    # lists of third-party tools name the account in every row, so another account's rows are never taken for one's own
    Kind(
        "抖音第三方清单", "douyin", "posts", ("视频ID", "发布时间", "抖音号|达人UID", "视频描述"),
        {"account_no": "抖音号", "account_no_too": "达人UID", "account_word": "达人昵称", "native_id": "视频ID", "url": "视频链接", "title": "视频描述",
         "work_kind": "媒体类型", "posted_at": "发布时间", "likes": "点赞数", "saves": "收藏数", "comments": "评论数", "shares": "分享数"},
    ),
)  # fmt: skip
