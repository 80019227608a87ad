"""The article table is complete against the text of the law, and the manual prints the same one."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

from xmt_scoring import law
from xmt_scoring.checks.rules import load_rules, unchecked
from xmt_scoring.cli import app
from xmt_scoring.reports.articles import annual_scheme, article_table, markdown, scheme_lines
from xmt_scoring.scoring import load_scheme

ROOT = Path(__file__).resolve().parents[1]
QUARTERLY = load_scheme("taibai_quarterly_2021").raw
TABLE = article_table([QUARTERLY, *annual_scheme()])


def test_all_25_articles_and_the_numbered_items_of_8_11_and_15_are_there_in_the_order_of_the_law():
    items = {8: 10, 11: 3, 15: 3}
    wanted = [place for n in range(1, 26) for place in (str(n), *(f"{n}.{i}" for i in range(1, items.get(n, 0) + 1)))]
    assert law.places() == wanted
    assert TABLE["place"].drop_duplicates().tolist() == wanted


def test_the_pieces_of_an_article_are_its_whole_text():
    for number, text in law.articles().items():
        pieces = [law.own_text(place) for place in law.places() if place.split(".")[0] == str(number)]
        assert re.sub(r"\s|\d+\.", "", "".join(pieces)) == re.sub(r"\s|\d+\.", "", text)


def test_every_article_has_a_rule_or_says_why_nothing_can_be_checked():
    assert TABLE.loc[(TABLE["mode"] == "无") & (TABLE["note"] == ""), "place"].tolist() == []


def test_points_that_stand_outside_the_scheme_are_told_by_their_cap():
    shown = TABLE.set_index("check_id").loc["art22_upper_finding"]
    assert (shown["item"], shown["points"]) == ("U1 上级检查扣分", "至多扣 20")


def test_every_rule_stands_at_its_article_once_with_what_the_schemes_give_it():
    of_rules = TABLE[TABLE["check_id"].notna()].set_index("check_id")
    assert of_rules.index.is_unique
    assert set(of_rules.index) == set(load_rules())
    for line in (line for scheme in (QUARTERLY, *annual_scheme()) for line in scheme_lines(scheme)):
        for check in line["checks"]:
            assert of_rules.loc[check, ["item", "points"]].tolist() == [line["name"], line["points"]]
            assert (of_rules.loc[check, "veto"] == "是") == line["is_veto"]
    for rule in load_rules().values():
        shown = of_rules.loc[rule.id]
        assert shown["place"] == rule.article
        assert shown["mode"] == {"automatic": "自动", "hint": "提示", "manual": "人工"}[rule.kind]
        assert (shown["item"] == "不计分") == (rule.not_scored is not None)


def test_only_articles_without_any_rule_are_called_unchecked_and_each_has_its_reason():
    assert set(unchecked()) == {"1", "7", "16", "25"}
    assert not set(unchecked()) & {rule.article.split(".")[0] for rule in load_rules().values()}
    assert all(len(reason) > 10 for reason in unchecked().values())
    raw = tomllib.loads(files("xmt_scoring.checks").joinpath("unchecked.toml").read_text(encoding="utf-8"))
    assert len(raw["articles"]) == len(unchecked())


def test_lines_of_a_scheme_are_found_wherever_they_stand():
    tree = {"parts": [{"id": "M", "items": [{"id": "M1", "name": "制度", "points": "6", "checks": ["a", "b"]}]}], "vetoes": [{"code": "Y0", "check": "c"}]}
    found = {tuple(line["checks"]): (line["name"], line["points"], line["is_veto"]) for line in scheme_lines(tree)}
    assert found == {("a", "b"): ("M1 制度", "6", False), ("c",): ("Y0", "", True)}


def test_the_manual_prints_the_table_of_the_command():
    printed = CliRunner().invoke(app, ["articles", "--markdown"]).output
    assert printed == markdown(TABLE)
    manual = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    between = manual.split("<!-- 条款对照：开始（xmt articles --markdown） -->\n")[1].split("<!-- 条款对照：结束 -->")[0]
    assert between == printed


def test_the_command_shows_one_article_and_refuses_one_that_is_not_there(xmt):
    shown = xmt("articles", "--article", "11").stdout
    assert "第十一条第1项" in shown
    assert "B1 每周更新 20 分" in shown
    assert "V2 长期不更新 单项否决" in shown
    assert "第十二条" not in shown
    refused = CliRunner().invoke(app, ["articles", "--article", "26"])
    assert refused.exit_code == 1
    assert "没有这一条" in str(refused.exception)


def test_a_text_is_shortened_to_one_line_only_where_it_is_long():
    assert not [text for text in TABLE["text"] if len(text) > 36 or "\n" in text]
    assert pd.Series(TABLE["text"]).str.endswith("…").any()
    assert law.own_text("11.1") in set(TABLE["text"])
