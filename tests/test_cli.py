"""The command as the analyst meets it: one run from nothing to results, and a clear message for what is wrong."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from xmt_scoring.cli import app, main
from xmt_scoring.cli.demo import _answer, _reporting
from xmt_scoring.cli.shared import show_problems
from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.setup_workspace import make_workspace

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = [
    "init", "demo", "run", "import", "check", "score", "report", "annual", "bulletin", "lint", "notice", "publish", "explain", "doctor", "lab",
]  # fmt: skip


def test_the_demo_leaves_every_deliverable_of_four_quarters(demo):
    for quarter in ("2025Q1", "2025Q2", "2025Q3", "2025Q4"):
        folder = demo / "reports" / quarter
        for name in (f"考核评分表_{quarter}.xlsx", f"季度报告_{quarter}.html", f"数据体检_{quarter}.html"):
            assert (folder / name).stat().st_size > 10_000
        assert not [path for path in folder.iterdir() if path.name.startswith(".") or "failed" in path.name]


def test_three_quarters_are_decided_and_the_fourth_shows_intervals(demo):
    for quarter, decided in (("2025Q1", True), ("2025Q2", True), ("2025Q3", True), ("2025Q4", False)):
        units = pd.read_parquet(demo / "data" / "processed" / quarter / "unit_scores.parquet")
        ranked = units[units["n_accounts_scored"] > 0]
        assert ranked["score"].notna().all() == decided


def test_a_report_that_the_process_beside_cannot_make_is_told_in_its_words(tmp_path):
    make_workspace(tmp_path / "县", "甲县")
    with _reporting(tmp_path / "县") as reports:
        reports.send(("2025Q1", False))
        with pytest.raises(XmtError) as told:
            _answer(reports)
    assert "2025Q1" in told.value.problems[0].where and "xmt run 2025Q1" in told.value.problems[0].todo


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_stands_in_the_manual(command):
    said = CliRunner().invoke(app, [command, "--help"])
    assert said.exit_code == 0 and re.search("[一-鿿]", said.stdout)
    assert "显示这一页" in said.stdout and "用法：xmt" in said.stdout and not re.search("Show this|Usage|OPTIONS|ARGS", said.stdout)
    assert f"xmt {command}" in (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("run", "命令 xmt run：缺少参数“季度”。用法见 xmt run --help。"),
        ("repot 2025Q3", "没有命令“repot”，是不是“report”"),
        ("gibberish", "没有命令“gibberish”。"),
        ("run 2026Q3 --asof 2026-10-10", "没有选项“--asof”，是不是“--as-of”"),
        ("run 2026Q3 --as-of", "选项“--as-of”后面没有写值"),
        ("report 2026Q3 --public=1", "选项“--public”后面不能写值"),
        ("report 2026Q3 --jobs 两份", "选项“--jobs”的值不对，应为整数"),
        ("report 2026Q3 --jobs 0", "选项“--jobs”的值不对，应至少是 1"),
        ("init 某处 --from 名单.xlsx --map 单位名", "--map 应写成 原列=登记表列，现在是“单位名”"),
        ("explain 2026Q3 某 局", "多写了“局”（名称里有空格的，请加双引号）"),
    ],
)
def test_a_command_typed_wrongly_is_told_in_chinese_with_exit_code_2(typed, told, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["xmt", *typed.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().out
    assert told in said and not re.search("(?i)error|usage:|invalid|missing", said)


@pytest.mark.parametrize("command", [None, *COMMANDS, "readings", "articles", "scheme", "scheme show", "scheme check", "scheme try"])
def test_nothing_of_the_help_is_cut_off_on_a_narrow_screen(command):
    """A line of 汉字 has no blanks to break at: what does not fit into one line ends in „…" for ever."""
    shown = CliRunner().invoke(app, [*(command or "").split(), "--help"], env={"COLUMNS": "80"}).output
    assert len(shown.splitlines()) > 5
    assert "…" not in shown


def test_help_answers_without_loading_what_is_heavy():
    code = (
        "import sys; sys.argv = ['xmt', '--help']\n"
        "from xmt_scoring.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'plotly', 'papermill', 'great_expectations', 'xlsxwriter', 'openpyxl', 'nbconvert'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip().endswith("[]")


def test_wrong_usage_is_exit_2_and_a_refusal_is_exit_1(xmt, demo, tmp_path):
    assert xmt("run", ok=False).returncode == 2
    refused = xmt("--workspace", demo, "run", "2025Q5", ok=False)
    assert (refused.returncode, "2026Q3 这样" in refused.stdout) == (1, True)
    outside = xmt("--workspace", tmp_path, "run", "2025Q3", ok=False)
    assert (outside.returncode, "xmt init" in outside.stdout) == (1, True)


def test_a_quarter_without_a_folder_is_told_where_to_put_the_files(xmt, demo):
    refused = xmt("--workspace", demo, "run", "2030Q1", ok=False)
    assert (refused.returncode, "data/raw/2030Q1" in refused.stdout) == (1, True)


def test_a_new_workspace_holds_what_the_analyst_needs(xmt, tmp_path):
    folder = tmp_path / "新 工作区（试）"
    told = xmt("init", folder).stdout
    assert "data/raw" in told
    forms = {path.name for path in (folder / "登记表模板").iterdir()}
    assert {"单位.xlsx", "账号备案台账.xlsx", "人员.xlsx", "留言.xlsx", "导出文件清单.xlsx"} <= forms
    assert (folder / "notebooks" / "00_quarter.ipynb").exists()
    (folder / "xmt.toml").write_text('county = "某县"\n', encoding="utf-8")
    xmt("init", folder)
    assert (folder / "xmt.toml").read_text(encoding="utf-8") == 'county = "某县"\n'


def test_an_empty_folder_says_what_to_put_there(xmt, tmp_path):
    xmt("init", tmp_path / "空")
    (tmp_path / "空" / "data" / "raw" / "2025Q3").mkdir()
    refused = xmt("--workspace", tmp_path / "空", "run", "2025Q3", ok=False)
    assert refused.returncode == 1
    assert "单位" in refused.stdout


def test_explain_prints_the_article_and_the_source_rows(xmt, demo):
    contributions = pd.read_parquet(demo / "data" / "processed" / "2025Q3" / "contributions.parquet")
    losing = contributions[(contributions["item_id"] == "B1") & (contributions["kind"] == "loss")].iloc[0]
    names = pd.read_parquet(demo / "data" / "processed" / "2025Q3" / "accounts.parquet").set_index("account_id")["account_name"]
    told = xmt("--workspace", demo, "explain", "2025Q3", names[losing["account_id"]]).stdout
    assert "第十一条第1项" in told
    assert "每周至少更新一条信息" in told
    assert losing["message"] in told


def test_a_grade_of_an_account_that_waits_for_an_answer_is_not_printed_as_if_it_were_final(xmt, demo):
    told = xmt("--workspace", demo, "explain", "2025Q4", "云岭县文化和旅游局").stdout
    assert "100.00 优秀（否决项待核查）\n  待核查的否决项：V3（核查前不出最终得分）\n  没有扣分和待定的项目。" in told
    assert "72.00–100.00\n" in told, "no grade where the ends lie in two bands"


def test_an_unknown_name_is_answered_with_the_nearest_ones(xmt, demo):
    names = pd.read_parquet(demo / "data" / "processed" / "2025Q3" / "units.parquet")["unit_name"]
    refused = xmt("--workspace", demo, "explain", "2025Q3", names.iloc[0][:-1], ok=False)
    assert (refused.returncode, names.iloc[0] in refused.stdout) == (1, True)


def test_a_file_is_explained_as_json_without_a_workspace(xmt, demo, tmp_path):
    files = pd.read_parquet(demo / "data" / "processed" / "2025Q3" / "files.parquet")
    known = files[files["kind"] == "posts"].iloc[0]
    copy = tmp_path / ("甲" + Path(known["file"]).suffix)
    shutil.copy(demo / "data" / "raw" / "2025Q3" / known["file"], copy)
    told = json.loads(xmt("import", "--explain", copy, "--json", cwd=tmp_path).stdout)
    assert told[0]["kind"] == "posts"
    assert told[0]["n_rows"] == known["n_rows"]
    assert {"file", "sheet", "kind", "platform", "account_id", "covers_from", "covers_to", "coverage_basis", "n_rows", "n_kept", "n_quarantined", "sha256"} <= set(told[0])


def test_a_file_that_cannot_be_read_is_refused_with_a_message(xmt, tmp_path):
    (tmp_path / "空.xls").write_bytes(b"")
    refused = xmt("import", "--explain", tmp_path / "空.xls", ok=False)
    assert (refused.returncode, "空.xls" in refused.stdout) == (1, True)


def test_doctor_lists_the_readings_that_nobody_has_decided(xmt, demo):
    told = xmt("--workspace", demo, "doctor").stdout
    assert "week_belongs" in told
    assert "pandas" in told


@pytest.mark.skipif(shutil.which("fc-list") is None, reason="fontconfig, which says what fonts there are, is not on this machine")
def test_without_a_chinese_font_doctor_says_so_and_every_paper_stays_the_same(xmt, demo, tmp_path, monkeypatch):
    (tmp_path / "没有字体").mkdir()
    none = tmp_path / "fonts.conf"
    none.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path / "没有字体"}</dir></fontconfig>', encoding="utf-8")
    copy = tmp_path / "副本"
    shutil.copytree(demo, copy)
    monkeypatch.setenv("FONTCONFIG_FILE", str(none))
    told = xmt("--workspace", copy, "doctor").stdout
    assert re.search("中文字体 +│ 请注意 │ 没有找到", told)
    xmt("--workspace", copy, "report", "2025Q4")
    xmt("--workspace", copy, "bulletin", "2025Q4", "--date", "2026-01-10")
    for name in ("考核评分表_2025Q4.xlsx", "季度报告_2025Q4.html", "通报_2025Q4.docx"):
        made = copy / "reports" / "2025Q4" / name
        assert made.read_bytes() == (demo / "reports" / "2025Q4" / name).read_bytes(), name


def test_the_steps_alone_give_what_run_gives(xmt, demo, tmp_path):
    copy = tmp_path / "副本"
    shutil.copytree(demo, copy)
    kept = {path.name: path.read_bytes() for path in (demo / "data" / "processed" / "2025Q3").glob("*.parquet")}
    for step in ("import", "check", "score"):
        xmt("--workspace", copy, step, "2025Q3", *(["--as-of", "2025-10-10"] if step == "import" else []))
    again = {path.name: path.read_bytes() for path in (copy / "data" / "processed" / "2025Q3").glob("*.parquet")}
    assert again == kept


def test_one_unit_gets_a_report_of_its_own(xmt, demo):
    units = pd.read_parquet(demo / "data" / "processed" / "2025Q3" / "unit_scores.parquet")
    name = units[units["n_accounts_scored"] > 0]["unit_name"].iloc[0]
    told = xmt("--workspace", demo, "report", "2025Q3", "--unit", name).stdout
    written = demo / "reports" / "2025Q3" / "单位报告" / f"{name}_2025Q3.html"
    assert str(written.name) in told
    assert name in written.read_text(encoding="utf-8")


@pytest.mark.parametrize(("n_notes", "is_said"), [(17, False), (18, True)])
def test_a_long_list_of_messages_ends_with_how_many_must_be_dealt_with(capsys, n_notes, is_said):
    show_problems([Problem("甲.xlsx", "请看", "请核对", False)] * n_notes + [Problem("乙.xlsx", "不对", "请改正")] * 3)
    told = capsys.readouterr().out
    assert told.startswith("必须处理 乙.xlsx")
    assert (f"共 3 处必须处理，列在最前面，改好再运行；另有 {n_notes} 处请注意" in told) is is_said
