"""Messages to people: every one says where, what is there and what should be, and what to do (DESIGN section 7)."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with something a person gave us.

    `where` names file, sheet, row and column (use `place`), `what` what is there and what should be, `todo` what to
    do. `is_fatal` problems stop the step; the others are shown and the gap stays visible in the results.
    """

    where: str
    what: str
    todo: str
    is_fatal: bool = True

    def __str__(self) -> str:
        return f"{self.where}：{self.what}。{self.todo}。".replace("。。", "。").replace("？。", "？")


def place(
    file: str | None = None, sheet: str | None = None, row: int | None = None, column: str | None = None
) -> str:
    """A place in a file in the words that Excel shows: `微博.xlsx「数据」表第 12 行「发布时间」列`."""
    words = file or ""
    if sheet:
        words += f"「{sheet}」表"
    if row is not None:
        words += f"{' ' if words and not sheet else ''}第 {row} 行"
    if column:
        words += f"「{column}」列"
    return words


class XmtError(Exception):
    """Refused, with one or more messages for the person; never shown with a traceback unless --debug."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[XmtError], tuple[list[Problem]]]:
        return type(self), (self.problems,)  # from one process to another

    @classmethod
    def of(cls, where: str, what: str, todo: str) -> XmtError:
        """An error with a single message."""
        return cls(Problem(where, what, todo))


_FULL = {errno.ENOSPC: "磁盘已满", errno.EDQUOT: "超出磁盘配额", errno.EFBIG: "超过了系统允许的文件大小"}
_CLOSED = {
    errno.EACCES: "没有写入权限", errno.EPERM: "没有写入权限", errno.EROFS: "是只读的",
    errno.ENOTDIR: "它或上级不是文件夹", errno.EEXIST: "已有一个同名的文件",
}  # fmt: skip


def is_disk_full(error: Exception) -> bool:
    """Whether there was no room to write."""
    return isinstance(error, OSError) and error.errno in _FULL


def cannot_write(where: str, error: OSError) -> XmtError:
    """What the operating system said when something could not be written, in words."""
    number = error.errno or 0
    if number in _FULL:
        return XmtError.of(where, f"写不下去：{_FULL[number]}", "请清理磁盘（回收站、下载文件夹）后重新运行；已有的结果没有动")
    why = _CLOSED.get(number) or error.strerror or type(error).__name__
    return XmtError.of(where, f"不能写入：{why}", "请检查文件夹是否只读、是否有权限、磁盘是否已满")


class ContractError(XmtError):
    """A frame does not keep its contract in `frames.toml`: a fault in the program, not in anyone's data."""


class RuleError(XmtError):
    """A rule raised or a rule file is wrong; the run stops with the rule's name (DESIGN section 4)."""


class SchemeError(XmtError):
    """A scheme file is wrong; nothing is scored with it."""


class SettingsError(XmtError):
    """`xmt.toml` has an unknown, ill-typed or contradictory setting."""
