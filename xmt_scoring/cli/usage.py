"""What typer says of a wrongly typed command, in Chinese; and the Chinese headings of its help pages."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from typer import TyperException, rich_utils
from typer.core import TyperCommand, TyperGroup

from xmt_scoring.errors import Problem

_PIECES = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]"}


def speak_chinese() -> None:
    """Give the help pages Chinese headings, which typer keeps as module constants."""
    rich_utils.OPTIONS_PANEL_TITLE, rich_utils.ARGUMENTS_PANEL_TITLE = "选项", "参数"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.DEFAULT_STRING, rich_utils.REQUIRED_LONG_STRING = "[默认：{}]", "[必填]"


class Command(TyperCommand):
    """A command whose own --help is told in Chinese; typer has no setting for that."""

    def get_help_option(self, ctx: Any) -> Any:
        return _in_chinese(super().get_help_option(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _write_usage(ctx, formatter, self.collect_usage_pieces(ctx))


class Group(TyperGroup):
    """The same for a group of commands."""

    def get_help_option(self, ctx: Any) -> Any:
        return _in_chinese(super().get_help_option(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _write_usage(ctx, formatter, self.collect_usage_pieces(ctx))


def _in_chinese(option: Any) -> Any:
    if option is not None:
        option.help = "显示这一页"
    return option


def _write_usage(ctx: Any, formatter: Any, pieces: list[str]) -> None:
    formatter.write_usage(ctx.command_path, " ".join(_PIECES.get(piece, piece) for piece in pieces), "用法：")


def usage_problem(error: TyperException) -> Problem | None:
    """The message for a command that typer refuses; None where it has printed the help already (no command given).

    The kinds are told apart by name: of their classes typer exports only two.
    """
    kind, context = type(error).__name__, getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError":
        return None
    command = context.command_path if context else "xmt"
    return Problem(f"命令 {command}", _what(kind, error, context), f"用法见 {command} --help")


def _what(kind: str, error: TyperException, context: object) -> str:
    """The known kinds in words; another one as typer says it."""
    param, option = getattr(error, "param", None), getattr(error, "option_name", "")
    said = error.message
    if kind == "MissingParameter":
        return f"缺少{_named(param)}"
    if kind == "NoSuchOption":
        return f"没有选项“{option}”" + _perhaps(option, getattr(error, "possibilities", None) or ())
    if kind == "BadOptionUsage":
        return f"选项“{option}”后面不能写值" if "does not take" in said else f"选项“{option}”后面没有写值"
    if kind == "BadParameter" and param is not None:  # without one it is a command of ours that speaks
        least = re.search(r"greater than or equal to (\S+)", said)
        wanted = f"应至少是 {least[1]}" if least else "应为整数" if "valid integer" in said else said
        return f"{_named(param)}的值不对，{wanted}"
    if unknown := re.search(r"No such command '(.*?)'", said):
        return f"没有命令“{unknown[1]}”" + _perhaps(unknown[1], getattr(getattr(context, "command", None), "commands", {}))
    if extra := re.search(r"unexpected extra argument\(s\) \((.*)\)", said):
        return f"多写了“{extra[1]}”（名称里有空格的，请加双引号）"
    return said


def _named(param: object) -> str:
    """A parameter as the help page shows it: 参数“季度”, 选项“--jobs”."""
    names = [name for name in getattr(param, "opts", ()) if name.startswith("--")]
    return f"选项“{names[0]}”" if names else f"参数“{getattr(param, 'metavar', None) or getattr(param, 'name', '')}”"


def _perhaps(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1, 0.6)
    return f"，是不是“{near[0]}”" if near else ""
