"""`xmt scheme`: show a scheme, check a file, try a draft on figures typed in by hand."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from xmt_scoring.cli.shared import out
from xmt_scoring.cli.usage import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, help="评分细则：显示、检查、试算。")
DEFAULT = "taibai_quarterly_2021"
Named = Annotated[str, typer.Argument(metavar="细则", help="自带细则的名称，或细则文件（.toml）的路径")]


@app.command(cls=Command)
def show(name: Named = DEFAULT) -> None:
    """把一份细则排成表。

    部分、项目、分值、计分方法、条款、参照，以及否决、门槛、等次。
    """
    from xmt_scoring.cli.show_scheme import show_rubric
    from xmt_scoring.scoring.rubric import load_rubric

    show_rubric(out, load_rubric(name))
    names = sorted(path.name.removesuffix(".toml") for path in files("xmt_scoring.scoring").joinpath("schemes").iterdir() if path.name.endswith(".toml"))
    out.print(f"自带的细则：{'、'.join(names)}", markup=False)


@app.command(cls=Command)
def check(file: Named) -> None:
    """检查一份细则，一次列出所有问题和行号；有问题的不能用来评分。"""
    from xmt_scoring.checks.rules import load_rules
    from xmt_scoring.errors import SchemeError
    from xmt_scoring.scoring import load_scheme
    from xmt_scoring.scoring.rubric import load_rubric

    rubric = load_rubric(file, load_rules())
    out.print(f"{rubric.title}：没有发现问题。{len(rubric.items)} 个项目，{len(rubric.vetoes)} 个否决项。", markup=False)
    try:
        load_scheme(file, load_rules())
        out.print("可以用作账号季度评分的细则。")
    except SchemeError as error:
        out.print(f"可以用 xmt scheme try 试算；不能直接用作账号季度评分，因为（共 {len(error.problems)} 处）：", markup=False)
        for problem in error.problems[:5]:
            out.print(f"  {problem}", markup=False)


@app.command("try", cls=Command)
def try_out(
    name: Named,
    inputs: Annotated[Path | None, typer.Option(metavar="文件", help="填好的试算表（.xlsx 或 .toml）")] = None,
    form: Annotated[Path | None, typer.Option(metavar="文件", help="空白试算表写到哪里；默认 试算_<细则>.xlsx")] = None,
    na_policy: Annotated[str, typer.Option(metavar="办法", help="不适用的项目：full、rescale 或 redistribute")] = "full",
) -> None:
    """试算：不带 --inputs 时写出空白试算表；带 --inputs 时按填的数打出各项得分、合计和等次。什么也不存。"""
    from xmt_scoring.cli.show_scheme import show_result, status_words
    from xmt_scoring.reports.rubric_form import read_form, write_form
    from xmt_scoring.scoring.rubric import evaluate, load_rubric

    if na_policy not in ("full", "rescale", "redistribute"):
        raise typer.BadParameter("--na-policy 只能是 full、rescale 或 redistribute")
    rubric = load_rubric(name)
    if inputs is None:
        target = form or Path(f"试算_{rubric.id}.xlsx")
        write_form(target, rubric)
        out.print(f"空白试算表：{target}。填好后运行：xmt scheme try {name} --inputs {target}", markup=False)
        return
    out.print(f"{rubric.title}，状态：{status_words(rubric)}。试算，不是考核结果。", markup=False)
    show_result(out, rubric, evaluate(rubric, read_form(inputs, rubric), options={"title": inputs.name, "na_policy": na_policy}))
