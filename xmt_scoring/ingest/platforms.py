"""Every kind of export that is known: a new heading is one word in a platform's module, a new platform one module."""

from __future__ import annotations

from xmt_scoring.ingest import bilibili, douyin, others, toutiao, wechat, wechat_channels, weibo, xiaohongshu
from xmt_scoring.ingest.kinds import Kind

_MODULES = (wechat, wechat_channels, weibo, douyin, toutiao, xiaohongshu, bilibili, others)
# where a unit finds the file that decides its weeks, as far as sources confirm it; other platforms use the office's form
EXPORTED_AT = {
    "wechat_oa": "公众平台后台“内容分析”：流量数据（含每天发表篇数），或“已通知”和“未开启通知”两张清单",
    "wechat_channels": "视频号助手“数据中心”—“视频数据”—“单篇视频”：时间段选满全季，下载表格",
    "weibo": "微博后台数据助手：单条博文或每日趋势；也可用归档工具导出的 csv、json",
    "douyin": "抖音创作者中心“数据中心”—“作品分析”—“投稿列表”：选择全部，导出；或数据中心的逐日表（投稿量）",
    "xiaohongshu": "小红书创作服务平台“数据看板”—“内容分析”—“笔记数据”：全部，导出",
    "toutiao": "头条号“作品数据”：图文、微头条、视频分别导出，三种都要",
    "zhihu": "知乎后台：文章、问答分别导出，两种都要（入口没有核实过）",
    "bilibili": "哔哩哔哩创作中心“数据概览”—“近期稿件对比”：每个文件 10 条，分几次导出",
}
OTHERWISE = "填写“通用发布记录.xlsx”，每发布一条一行"

KINDS: tuple[Kind, ...] = tuple(kind for module in _MODULES for kind in module.KINDS)
