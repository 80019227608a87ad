"""Where an account's files lie, and the lines that 导出文件清单 has for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from xmt_scoring.demo.plan import Account, Plan
from xmt_scoring.demo.timeline import Post
from xmt_scoring.periods import Quarter

FOLDERS = {"wechat_oa": "微信公众号", "weibo": "微博", "douyin": "抖音"}


@dataclass
class Delivery:
    """The exports of one account for one quarter: what there is to write, and the lines of 导出文件清单 so far."""

    plan: Plan
    account: Account
    quarter: Quarter
    root: Path
    posts: list[Post]  # of the days that the exports cover
    listed: list[tuple[str, str, str | None, dt.date | None, dt.date | None]] = field(default_factory=list)

    @property
    def start(self) -> dt.date:
        """First day that the exports cover."""
        return self.plan.span(self.quarter)[0]

    @property
    def end(self) -> dt.date:
        """Last day that the exports cover."""
        return self.quarter.end

    @property
    def is_declared(self) -> bool:
        """Whether somebody wrote down which days the exports cover."""
        return self.account.account_id not in self.plan.raw["undeclared"].get(str(self.quarter), [])

    @property
    def days(self) -> list[dt.date]:
        """Every day that the exports cover."""
        return [self.start + dt.timedelta(days=day) for day in range((self.end - self.start).days + 1)]

    def path(self, file: str, covers: str | None = None, span: tuple[dt.date, dt.date] | None = None) -> Path:
        """Where a file goes. It is listed in 导出文件清单 where the plan says so, or where its span must be declared."""
        account, name = self.account, self.plan.name_on(self.account, self.quarter.end)
        folder = FOLDERS[account.platform]
        by_list = account.placed == "manifest"
        if by_list:
            stem, dot, ending = file.rpartition(".")
            where = f"{folder}/{stem} ({account.index + 1}){dot}{ending}"
        elif account.placed == "id":
            where = f"{folder}/{account.account_id}_{file}"
        else:
            where = f"{folder}/{account.more['alias'] if account.placed == 'alias' else name}/{file}"
        if by_list or span:
            declared = span if span and self.is_declared else (None, None)
            self.listed.append((where, account.account_id, covers if declared[0] else None, *declared))
        return self.root / where
