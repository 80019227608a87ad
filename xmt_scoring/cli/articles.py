"""`xmt articles`: the article table on the screen, or as the manual prints it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from xmt_scoring.cli.shared import out


def articles(
    as_markdown: Annotated[bool, typer.Option("--markdown", help="按使用手册里的样子输出")] = False,
    article: Annotated[str, typer.Option("--article", metavar="条", help="只看一条或一项，例如 11 或 11.1")] = "",
) -> None:
    """条款对照：《办法》每一条怎样检查。

    由哪些规则检查（自动、提示、人工、无），各占多少分，是否单项否决。
    """
    from xmt_scoring.cli.show import show_articles
    from xmt_scoring.errors import XmtError
    from xmt_scoring.reports.articles import annual_scheme, article_table, markdown
    from xmt_scoring.scoring.selection import scheme_in_force

    table = article_table([scheme_in_force(dt.date.max, None).scheme.raw, *annual_scheme()])
    if article:
        table = table[(table["place"] == article) | table["place"].str.startswith(f"{article}.")]
        if table.empty:
            raise XmtError.of(f"条款“{article}”", "《办法》没有这一条（项）", "请写成 11 或 11.1 这样")
    if as_markdown:
        out.print(markdown(table), markup=False, end="")
    else:
        show_articles(out, table)
