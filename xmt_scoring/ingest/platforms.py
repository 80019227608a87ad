"""Every kind of export that is known: a new heading is one word in a platform's module, a new platform one module."""

from __future__ import annotations

from xmt_scoring.ingest import bilibili, douyin, others, toutiao, wechat, wechat_channels, weibo, xiaohongshu
from xmt_scoring.ingest.kinds import Kind

_MODULES = (wechat, wechat_channels, weibo, douyin, toutiao, xiaohongshu, bilibili, others)
KINDS: tuple[Kind, ...] = tuple(kind for module in _MODULES for kind in module.KINDS)
