"""The figures say what to see, in Chinese, name units and source, and draw what the frames say."""

from dataclasses import replace

import pandas as pd
import pytest
from support_frames import PERIOD, small_quarter

from xmt_scoring.frames import conform, empty
from xmt_scoring.pipeline import open_quarter
from xmt_scoring.points import from_decimal
from xmt_scoring.reports import explain, figure_data, figures, summary, tables
from xmt_scoring.reports.tables import Names


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return open_quarter(small_quarter(tmp_path_factory.mktemp("图")), PERIOD)


def draw(data):
    frames, names = data.frames, Names.of(data.frames)
    return {
        "scores": figures.unit_scores(frames["unit_scores"], summary.bands(data)),
        "weeks": figures.update_weeks(frames["account_weeks"], frames["account_quarters"], names),
        "replies": figures.reply_days(frames["message_replies"]),
        "losses": figures.loss_causes(frames["contributions"], explain.item_names(data.scheme)),
        "coverage": figures.coverage_calendar(frames["account_weeks"], frames["account_quarters"], frames["coverage"], names),
    }


@pytest.fixture(scope="module")
def drawn(data):
    return draw(data)


@pytest.mark.parametrize("name", ["scores", "weeks", "replies", "losses", "coverage"])
def test_every_figure_has_a_chinese_title_a_source_a_unit_and_fonts_of_every_system(drawn, name):
    layout = drawn[name].layout
    assert "来源" in layout.title.subtitle.text
    assert layout.title.text
    assert layout.xaxis.title.text
    assert {"Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"} <= set(layout.font.family.split(", "))


def test_open_scores_reach_from_low_to_high_and_decided_ones_are_one_number(data):
    bars = figure_data.unit_bars(data.frames["unit_scores"]).set_index("unit_name")
    assert bars.loc["县丙局", ["low", "high"]].tolist() == [0, 0]
    assert bars.loc["县丙局", "label"] == "0.00 不合格"
    assert bars.loc["县甲局", "high"] > bars.loc["县甲局", "low"]
    assert "–" in bars.loc["县甲局", "label"]


def test_the_best_unit_is_drawn_on_top(data, drawn):
    top = drawn["scores"].layout.yaxis.ticktext[-1]
    scores = data.frames["unit_scores"].sort_values(["low", "high"])
    assert top == scores["unit_name"].iloc[-1]


def test_a_week_is_met_empty_without_data_or_not_due(data):
    weeks, quarters = data.frames["account_weeks"], data.frames["account_quarters"]
    states, counts = figure_data.week_states(weeks, quarters, 1)
    by_day = states.T.set_axis(states.columns.strftime("%m-%d"), axis=0)
    assert by_day.loc["07-28", "A2"] == figure_data.EMPTY
    assert by_day.loc["08-11", "B1"] == figure_data.NO_DATA
    assert (states.loc["A1"] == figure_data.MET).all()
    assert int(counts.loc["A2"].sum()) == 11
    assert states.index[0] == "A2"  # the most missed weeks first


def test_an_account_without_the_weekly_duty_is_not_called_empty(data):
    quarters = data.frames["account_quarters"].assign(is_weekly_due=False)
    states, _ = figure_data.week_states(data.frames["account_weeks"], quarters, 1)
    assert (states == figure_data.NOT_DUE).to_numpy().all()


def replies(days, waited=30, workdays=None, is_effective=True, is_excused=False):
    return pd.DataFrame(
        {
            "reply_days": pd.array([days], dtype="Int64"), "reply_workdays": pd.array([days if workdays is None else workdays], dtype="Int64"),
            "waited_days": pd.array([waited], dtype="Int64"), "waited_workdays": pd.array([waited], dtype="Int64"),
            "is_effective": pd.array([is_effective], dtype="boolean"), "is_excused": pd.array([is_excused], dtype="boolean"),
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "unit", "state", "bar"),
    [
        (replies(2), "calendar", "按时", "2"),
        (replies(3), "calendar", "逾期", "3"),
        (replies(3, workdays=1), "workday", "按时", "1"),
        (replies(10), "calendar", "逾期", "10"),
        (replies(11), "calendar", "逾期", "更久"),
        (replies(None, waited=2), "calendar", "未到期", "没有答复"),
        (replies(None, waited=3), "calendar", "未答复", "没有答复"),
        (replies(1, is_effective=False), "calendar", "未答复", "没有答复"),
        (replies(9, is_excused=True), "calendar", "免责", "9"),
    ],
)
def test_a_reply_stands_on_the_right_side_of_the_limit(given, unit, state, bar):
    counts = figure_data.reply_bins(given, 2, unit)
    assert counts.loc[bar, state] == 1
    assert counts.to_numpy().sum() == 1


def test_the_causes_of_loss_add_up_to_the_contributions(data):
    rows = data.frames["contributions"]
    rows = rows[(rows["status"] == "decided") & rows["kind"].isin(["loss", "carried", "cap"])]
    sums = figure_data.losses_by_item(data.frames["contributions"], {})
    decided = -from_decimal(rows["points"]).sum() / 10_000
    assert sums["lost"].sum() == pytest.approx(decided)
    assert not sums["item_id"].str.startswith("V").any()


def calendar(data, coverage):
    """State by account and Monday, where `coverage` is what arrived beside the posts of the quarter."""
    states, _ = figure_data.coverage_weeks(data.frames["account_weeks"], data.frames["account_quarters"], coverage)
    return states.T.set_axis(states.columns.strftime("%m-%d"), axis=0)


def test_a_week_in_the_calendar_is_held_proven_empty_not_proven_or_without_a_file(data):
    coverage = data.frames["coverage"]
    weeks = calendar(data, coverage)
    assert weeks.loc["07-28", "A2"] == figure_data.NONE_PUBLISHED and weeks.loc["08-04", "A2"] == figure_data.HELD
    assert weeks.loc["08-11", "B1"] == figure_data.NOT_PROVEN
    for last_day, state in (("2025-08-10", figure_data.NO_FILE), ("2025-08-11", figure_data.NOT_PROVEN)):
        until = coverage.assign(covers_to=coverage["covers_to"].mask(coverage["account_id"] == "B1", pd.Timestamp(last_day)))
        assert calendar(data, until).loc["08-11", "B1"] == state


def test_followers_messages_and_clearances_say_nothing_of_a_week(data):
    only = data.frames["coverage"].assign(covers="messages")
    assert not (calendar(data, only) == figure_data.NOT_PROVEN).to_numpy().any()


def test_the_calendar_names_how_many_accounts_have_no_usable_week_and_draws_every_one(data):
    frames, names = data.frames, Names.of(data.frames)
    weeks = frames["account_weeks"]
    nothing_of = weeks.assign(n_posts=weeks["n_posts"].mask(weeks["account_id"].isin(["A1", "C1"])))
    figure = figures.coverage_calendar(nothing_of, frames["account_quarters"], frames["coverage"], names)
    assert "4 个账号" in figure.layout.title.text and "其中 2 个账号一周也没有" in figure.layout.title.text
    assert len(figure.layout.yaxis.ticktext) == 4
    assert figure.layout.meta[1][1:] == ["△"] * 13  # the account that lacks most stands first, its weeks are numbers below the figure


def test_the_weeks_that_an_account_lacks_are_one_row_of_the_table(data):
    gaps = data.frames["gaps"]
    shown = summary.gap_table(data.frames)
    assert len(shown) == len(gaps.drop_duplicates(["account_id", "covers", "message"])) <= len(gaps)
    week = pd.Timestamp("2025-08-11")
    more = conform(pd.concat([gaps, gaps[gaps["week_start"] == week].assign(week_start=pd.Timestamp("2025-08-18"))]), "gaps")
    (line,) = summary.gap_table({**data.frames, "gaps": more}).query("周一日期.str.contains('08-11')").to_dict("records")
    assert line["周一日期"] == "2 周：08-11、08-18"
    without = conform(pd.concat([gaps, gaps.head(2).assign(week_start=pd.NaT, message="没有人员登记")]), "gaps")
    assert summary.gap_table({**data.frames, "gaps": without}).query("事由 == '没有人员登记'")["周一日期"].tolist()[0] == tables.ABSENT


@pytest.fixture(scope="module")
def nothing(data):
    """The same quarter before anything was imported: every frame without rows."""
    return replace(data, frames={name: empty(name) for name in data.frames})


def test_a_figure_without_rows_says_so(nothing):
    for figure in draw(nothing).values():
        assert "没有可画的数据" in {note.text for note in figure.layout.annotations}


TABLES = [
    summary.unit_table, summary.account_table, summary.loss_table, summary.rule_table, summary.open_items, explain.losses,
    lambda data: summary.file_table(data.frames), lambda data: summary.gap_table(data.frames),
    lambda data: summary.quarantine_table(data.frames),
]  # fmt: skip


@pytest.mark.parametrize("make", TABLES)
def test_a_table_without_rows_is_an_empty_table_with_headings(nothing, make):
    made = make(nothing)
    assert made.empty
    assert len(made.columns) > 1
    assert "没有" in tables.as_html(made)


def test_rows_set_aside_are_counted_by_reason_and_their_first_numbers_named(data):
    rows = pd.DataFrame({"src_file": "a.xlsx", "src_sheet": "S", "src_row": range(2, 14), "reason": ["重复"] * 11 + ["读不懂"], "content": "x"})
    made = summary.quarantine_table({"quarantine": conform(rows, "quarantine")})
    assert made["行数"].tolist() == ["11", "1"]
    assert made["行号"].tolist() == ["2、3、4、5、6、7、8、9、10、11 ……", "13"]


def test_a_quarter_in_which_nobody_lost_anything_is_drawn(data):
    clean = replace(data, frames={**data.frames, "contributions": empty("contributions")})
    assert summary.loss_table(clean).empty
    assert summary.key_numbers(clean)["单位"] == "3"


def test_the_same_frames_draw_the_same_figure(data, drawn):
    again = figures.unit_scores(data.frames["unit_scores"], summary.bands(data))
    assert again.to_json() == drawn["scores"].to_json()


def test_a_page_shows_the_title_as_text_above_the_figure_so_that_a_narrow_screen_wraps_it(drawn, monkeypatch):
    import IPython.display

    from xmt_scoring.reports import figure_display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda bundle, raw: shown.append(bundle))
    figure_display.show(drawn["losses"], "loss-causes")
    page, notebook = shown[0]["text/html"], shown[0]["application/vnd.plotly.v1+json"]
    title = notebook["layout"]["title"]["text"]
    assert page.startswith(f'<p class="xmt-figure">{title}</p><p class="xmt-source">来源：')
    assert page.count(title) == 2, "as text and for screen readers, and not once more inside the drawing"
