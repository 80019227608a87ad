"""Real exports, with registers written for invented owners, become a scored quarter through the real command."""

import re
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
from test_samples import ACCOUNTS, MESSAGES, SAMPLES, workspace

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the shared sample exports are not beside this checkout")
QUARTER = "2025Q3"


@pytest.fixture(scope="module")
def ran(xmt, tmp_path_factory):
    """The run over the samples: its words, its frames, and what it wrote for people as text."""
    root = tmp_path_factory.mktemp("样本") / "样本县（真实导出）"
    xmt("init", root, "--county", "样本县")
    workspace(root / "data" / "raw" / QUARTER)
    told = xmt("--workspace", root, "run", QUARTER, "--as-of", "2025-10-10").stdout
    folder = root / "reports" / QUARTER
    book = openpyxl.load_workbook(folder / f"考核评分表_{QUARTER}.xlsx", data_only=True)
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    pages = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html"))]
    processed = root / "data" / "processed" / QUARTER
    return SimpleNamespace(root=root, told=told, book=book, written="\n".join([*cells, *pages]), frame=lambda name: pd.read_parquet(processed / f"{name}.parquet"))


def test_every_account_gets_an_interval_and_none_a_number_that_nobody_can_defend(ran):
    scores = ran.frame("account_scores").set_index("account_id")
    assert set(scores.index) == {account[0] for account in ACCOUNTS}
    assert scores["score"].isna().all()  # nobody has checked anything by hand yet
    assert ((scores["low"] >= 0) & (scores["low"] < scores["high"]) & (scores["high"] <= 100)).all()
    (unit,) = ran.frame("unit_scores").to_dict("records")
    assert (unit["unit_name"], unit["n_accounts_scored"], unit["score"]) == ("样本单位", len(ACCOUNTS), None)


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_the_real_douyin_list_decides_its_weeks_as_a_person_counts_them(ran):
    """Counted with openpyxl alone: works that everybody sees (two of the fifteen are 自见), by Monday; the list is declared
    from 1 to 30 September, so its first week is empty, not unknown, and every week before it is unknown."""
    lines = list(openpyxl.load_workbook(SAMPLES / "douyin" / "抖音数据.xlsx").active.iter_rows(values_only=True))
    at, state = lines[0].index("发布时间"), lines[0].index("审核状态")
    days = [pd.Timestamp(line[at]).normalize() for line in lines[1:] if line[state] == "公开"]
    by_hand = pd.Series(days).map(lambda day: day - pd.Timedelta(days=day.weekday())).value_counts()
    weeks = ran.frame("account_weeks")
    weeks = weeks[weeks["account_id"] == "dy"].assign(monday=lambda rows: pd.to_datetime(rows["week_start"])).set_index("monday")["n_posts"]
    assert {day: int(n) for day, n in weeks.items() if n > 0} == by_hand.to_dict()
    assert weeks[weeks == 0].index.tolist() == [pd.Timestamp("2025-09-01")]
    assert weeks[:"2025-08-25"].isna().all()
    rows = ran.frame("contributions")
    rows = rows[(rows["account_id"] == "dy") & (rows["item_id"] == "B1") & (rows["kind"] == "loss")]
    decided = rows[rows["status"] == "decided"]
    assert decided["points"].map(str).tolist() == ["-2.0000"]
    assert len(rows) == len(weeks[weeks.isna()]) + 1


def test_the_workbook_lists_every_account_and_every_file(ran):
    texts = {name: [cell for row in ran.book[name].iter_rows(values_only=True) for cell in row] for name in ran.book.sheetnames}
    for _, name, _, _ in ACCOUNTS:
        assert name in texts["账号得分"]
    for file in ran.frame("files")["file"]:
        assert file in texts["数据清单"]
    assert "还缺的数据" in ran.told


def test_what_the_profiles_say_stands_beside_the_register_in_the_data_check(ran):
    """The users file and the json of the archive tools say who verified the accounts; their registered owner is an invented one."""
    rows = ran.frame("reconciliation")
    differ = rows[rows["recon_kind"] == "owner_differs"]
    assert differ["account_id"].tolist() == ["jy", "rmrb"]
    assert set(differ["src_file"]) == {"weibo/users_人民日报.csv", "weibo/津云新闻_1960785875.json"}
    assert "平台上的账号资料" in ran.written
    assert all(message in ran.written for message in differ["message"])


def test_nothing_that_a_netizen_wrote_stands_in_what_people_get(ran):
    messages = ran.frame("messages")
    assert len(messages) > 600
    long = [text for text in messages["message_text"].dropna() if len(text) > 15]
    assert [text for text in long if text[:15] in ran.written] == []
    phones = {found for text in long for found in re.findall(r"1[3-9]\d{9}", text)}
    assert [phone for phone in phones if phone in ran.written or phone in ran.told] == []
    assert MESSAGES
