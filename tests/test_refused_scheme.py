"""A broken scheme as the office meets it: `xmt scheme check` names every fault, `xmt score` and `xmt annual` score nothing."""

import shutil
from importlib.resources import files

import pytest
from conftest import run_xmt
from support_frames import PERIOD, small_quarter
from typer.testing import CliRunner

from xmt_scoring.cli import app
from xmt_scoring.errors import XmtError

SCHEMES = files("xmt_scoring.scoring").joinpath("schemes")
QUARTERLY = SCHEMES.joinpath("taibai_quarterly_2021.toml").read_text(encoding="utf-8")
ANNUAL = SCHEMES.joinpath("taibai_annual_2021.toml").read_text(encoding="utf-8")
ADOPTED = 'status = "adopted"\nadopted_by = "县政府办"\nadopted_on = 2025-01-02\nadopted_document = "（演示）1号"'
COMPOSITE = 'id = "{}"\ntitle = "合"\nstatus = "proposed"\nstart = 2022-01-01\n[[composite]]\nid = "p"\nweight = "{}"\nscheme = "{}"\n'
LOSS = '\nrule = {{ type = "per_event", loss = "{}" }}'
FAULTS = [
    ('points = "20"', 'points = "21"', "这一块写的是"),
    ('checks = ["art11_typo"]', 'checks = ["art11_typos"]', "没有规则“art11_typos”"),
    ('from = "0"', 'from = "10"', "不重不漏"),
    (LOSS.format("2"), LOSS.format("-2"), "loss"),
    (LOSS.format("2"), LOSS.format("NaN"), "loss"),
]
IDS = ["sum", "check", "gap", "negative", "nan"]


def changed(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


def refused(*words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert isinstance(done.exception, XmtError), done.output
    return str(done.exception)


@pytest.mark.parametrize(("old", "new", "words"), FAULTS, ids=IDS)
def test_check_names_the_fault_with_file_and_line(tmp_path, old, new, words):
    path = tmp_path / "草案.toml"
    path.write_text(changed(QUARTERLY, old, new), encoding="utf-8")
    (told,) = [line for line in refused("scheme", "check", path).splitlines() if words in line]
    assert told.startswith("草案.toml 第 ") and " 行" in told


@pytest.mark.parametrize("weight", ["NaN", "-0.4", "1.4", "一半"])
def test_a_share_that_is_no_share_is_refused(tmp_path, weight):
    (tmp_path / "内.toml").write_text(QUARTERLY, encoding="utf-8")
    (tmp_path / "外.toml").write_text(COMPOSITE.format("外", weight, "内.toml"), encoding="utf-8")
    assert "外.toml 第 7 行" in refused("scheme", "check", tmp_path / "外.toml")


def test_composites_in_a_circle_are_refused_with_the_circle(tmp_path):
    for name, of in (("甲", "乙"), ("乙", "甲")):
        (tmp_path / f"{name}.toml").write_text(COMPOSITE.format(name, "1", f"{of}.toml"), encoding="utf-8")
    assert "甲.toml → 乙.toml → 甲.toml" in refused("scheme", "check", tmp_path / "甲.toml")


@pytest.mark.parametrize(
    ("typed", "words"),
    [("done = -1, due = 2", "不能是负数"), ("done = nan, due = 2", "不是确定的数"), ("done = 3, due = 2", "还多"), ("done = 1, due = 0", "还多"), ('done = "0.5"', "due")],
)
def test_a_share_typed_in_for_a_trial_is_refused_where_it_is_none(tmp_path, typed, words):
    scheme, inputs = tmp_path / "细则.toml", tmp_path / "填.toml"
    rule = 'rule = { type = "proportional", numerator = "done", denominator = "due" }'
    head = 'id = "s"\ntitle = "试"\nstatus = "proposed"\nstart = 2022-01-01\nbase = "10"\n[[blocks]]\nid = "X"\nname = "部分"\npoints = "10"\n'
    item = f'[[items]]\nid = "b"\nname = "乙"\nblock = "X"\npoints = "10"\n{rule}\n[[bands]]\nname = "低"\nfrom = "0"\n'
    scheme.write_text(head + item, encoding="utf-8")
    inputs.write_text(f"b = {{ {typed} }}\n", encoding="utf-8")
    told = refused("scheme", "try", scheme, "--inputs", inputs)
    assert told.startswith("填.toml「b」") and words in told
    inputs.write_text("b = { done = 1, due = 2 }\n", encoding="utf-8")
    assert "总分：5.00" in CliRunner().invoke(app, ["scheme", "try", str(scheme), "--inputs", str(inputs)]).output


def test_no_quarter_is_scored_with_a_broken_scheme_and_every_broken_file_is_told(tmp_path):
    ws = small_quarter(tmp_path)
    before = {path: path.read_bytes() for path in ws.processed(PERIOD).iterdir()}
    (tmp_path / "评分细则").mkdir()
    for name, (old, new, _) in zip(IDS, FAULTS, strict=True):
        (tmp_path / "评分细则" / f"{name}.toml").write_text(changed(changed(QUARTERLY, 'status = "proposed"', ADOPTED), old, new), encoding="utf-8")
    done = run_xmt("--workspace", tmp_path, "score", str(PERIOD), ok=False)
    assert done.returncode == 1
    for name, (_, _, words) in zip(IDS, FAULTS, strict=True):
        assert any(f"{name}.toml 第 " in line and words in line for line in done.stdout.splitlines()), name
    assert {path: path.read_bytes() for path in ws.processed(PERIOD).iterdir()} == before


def test_no_year_is_scored_with_a_broken_scheme(demo, tmp_path):
    root = shutil.copytree(demo, tmp_path / "县", ignore=shutil.ignore_patterns("reports", "notebooks", "2025Q*.xlsx"))
    processed = root / "data" / "processed" / "2025"
    before = {path.name: path.read_bytes() for path in processed.iterdir() if path.is_file()}
    (root / "评分细则" / "年度").mkdir(parents=True)
    faults = {
        "合计": ('points = "6"', 'points = "7"', "合计"), "规则": ('"art22_upper_veto"', '"art22_upper_vetoes"', "没有规则“art22_upper_vetoes”"),
        "比例": ('at_most = "20"', 'at_most = "-20"', "at_most"),
    }  # fmt: skip
    for name, (old, new, _) in faults.items():
        (root / "评分细则" / "年度" / f"{name}.toml").write_text(changed(changed(ANNUAL, 'status = "proposed"', ADOPTED), old, new), encoding="utf-8")
    done = run_xmt("--workspace", root, "annual", "2025", ok=False)
    assert done.returncode == 1
    for name, (_, _, words) in faults.items():
        assert any(f"{name}.toml" in line and words in line for line in done.stdout.splitlines()), (name, done.stdout)
    assert {path.name: path.read_bytes() for path in processed.iterdir() if path.is_file()} == before
