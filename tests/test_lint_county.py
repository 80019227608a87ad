"""A circular against the facts of its quarter: each planted error is found, and the right sentence is left in peace."""

import pytest
from lint_county import county

from xmt_scoring.lint.documents import assemble
from xmt_scoring.lint.run import lint

POSTS = [["账号名称", "平台", "主办单位", "发布条数", "缺更周数", "最长间隔（天）", "得分", "等次"]]
RIGHT_ROW = ["北山林业", "微信公众号", "北山县林业局", "35", "3", "21", "88.00", "良好"]
RANKS = [["单位", "计分账号数", "得分", "名次", "等次"]]
RIGHT_RANK = ["北山县林业局", "2", "44.00", "3", "不合格"]


def notes_of(*items):
    return lint(assemble("通报.txt", list(items)), county=county(), before=county("2025Q2"))


def found_in(*items):
    return [(each.kind, each.says, each.should) for each in notes_of(*items).findings]


def row(table, right, column, value):
    return [*table, [value if heading == column else cell for heading, cell in zip(table[0], right, strict=True)]]


PLANTED = {
    "what is registered": ("登记数（数据）", "全县登记政务新媒体5个。", "全县登记政务新媒体6个。", "5"),
    "what was checked": ("检查数（数据）", "本季度检查账号5个。", "本季度检查账号4个。", "5"),
    "what failed": ("不合格数（数据）", "本季度不合格账号1个。", "本季度不合格账号2个。", "1"),
    "a rate alone": ("合格率（数据）", "全县政务新媒体合格率80%。", "全县政务新媒体合格率85%。", "4 ÷ 5 = 80%"),
    "a rate cut off": ("合格率（数据）", "微博合格率100%。", "微博合格率99%。", "100%"),
    "one platform": ("检查数（数据）", "微博检查2个。", "微博检查3个。", "2"),
    "a part of a list": ("登记数（数据）", "全县登记5个，其中微信公众号2个。", "全县登记5个，其中微信公众号3个。", "2"),
    "the quarter before": ("合格率（数据）", "上季度合格率80%。", "上季度合格率90%。", "80%"),
    "a name that is misspelt": ("账号名称", "“北山林业”（微信公众号）更新及时。", "“北山林叶”（微信公众号）更新及时。", "北山林业"),
    "another platform": ("账号平台", "“北山林业”（微信公众号）更新及时。", "“北山林业”（微博）更新及时。", "微信公众号"),
    "another unit": ("主办单位", "“北山林业”（微信公众号，县林业局）更新及时。", "“北山林业”（微信公众号，柳河镇）更新及时。", "北山县林业局"),
    "a unit that is misspelt": ("主办单位", "“北山林业”（微信公众号，县林业局）更新及时。", "“北山林业”（微信公众号，县林业厅）更新及时。", "北山县林业局"),
    "a unit before the name": ("主办单位", "北山县林业局“北山林业”微信公众号更新及时。", "柳河镇人民政府“北山林业”微信公众号更新及时。", "北山县林业局"),
    "the kind before the unit": ("主办单位", "“北山林业”微信公众号（北山县林业局）。", "“北山林业”微信公众号（北山县柳河镇人民政府）。", "北山县林业局"),
    "weeks missed": ("缺更周数（数据）", "“北山林业”（微信公众号）缺更3周。", "“北山林业”（微信公众号）缺更5周。", "3或4"),
    "the longest gap": ("最长间隔（数据）", "“北山林业”（微信公众号）最长间隔21天。", "“北山林业”（微信公众号）最长间隔12天。", "21"),
    "posts": ("发布条数（数据）", "“柳河之声”（微博）发布信息20条。", "“柳河之声”（微博）发布信息200条。", "20"),
    "a score": ("得分（数据）", "“柳河之声”（微博）得93.00分。", "“柳河之声”（微博）得93.50分。", "93.00"),
    "a name in a table": ("账号名称", row(POSTS, RIGHT_ROW, "等次", "良好"), row(POSTS, RIGHT_ROW, "账号名称", "北山林页"), "北山林业"),
    "a platform in a table": ("账号平台", row(POSTS, RIGHT_ROW, "等次", "良好"), row(POSTS, RIGHT_ROW, "平台", "抖音"), "微信公众号"),
    "a unit in a table": ("主办单位", row(POSTS, RIGHT_ROW, "主办单位", "县林业局"), row(POSTS, RIGHT_ROW, "主办单位", "柳河镇"), "北山县林业局"),
    "posts in a table": ("发布条数（数据）", row(POSTS, RIGHT_ROW, "发布条数", "35条"), row(POSTS, RIGHT_ROW, "发布条数", "53"), "35"),
    "weeks in a table": ("缺更周数（数据）", row(POSTS, RIGHT_ROW, "缺更周数", "4"), row(POSTS, RIGHT_ROW, "缺更周数", "2"), "3或4"),
    "gaps in a table": ("最长间隔（数据）", row(POSTS, RIGHT_ROW, "最长间隔（天）", "21"), row(POSTS, RIGHT_ROW, "最长间隔（天）", "20"), "21"),
    "a score in a table": ("得分（数据）", row(POSTS, RIGHT_ROW, "得分", "88.00"), row(POSTS, RIGHT_ROW, "得分", "89.00"), "88.00"),
    "a grade in a table": ("等次（数据）", row(POSTS, RIGHT_ROW, "等次", "良好"), row(POSTS, RIGHT_ROW, "等次", "优秀"), "良好"),
    "a unit's score": ("得分（数据）", row(RANKS, RIGHT_RANK, "得分", "44.00"), row(RANKS, RIGHT_RANK, "得分", "44.50"), "44.00"),
    "a unit's rank": ("名次（数据）", row(RANKS, RIGHT_RANK, "名次", "3"), row(RANKS, RIGHT_RANK, "名次", "2"), "3"),
    "a unit's rank while it is open": ("名次（数据）", row(RANKS, RIGHT_RANK, "名次", "3—3"), row(RANKS, RIGHT_RANK, "名次", "2—3"), "3–3"),
    "a unit's accounts": ("账号数（数据）", row(RANKS, RIGHT_RANK, "计分账号数", "2"), row(RANKS, RIGHT_RANK, "计分账号数", "3"), "2"),
    "a unit's name": ("单位名称", row(RANKS, RIGHT_RANK, "单位", "林业局"), row(RANKS, RIGHT_RANK, "单位", "北山县林草局"), "北山县林业局"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_nothing_is_said_of_what_the_data_say(name):
    assert found_in(PLANTED[name][1]) == []


@pytest.mark.parametrize("name", PLANTED)
def test_what_the_data_do_not_say_is_found(name):
    kind, _, wrong, told = PLANTED[name]
    assert any(found == kind and told in should for found, _, should in found_in(wrong))


@pytest.mark.parametrize(
    "doubtful",
    [
        "县林业局检查账号9个。",  # a part of the county that no frame counts
        "“北山夜话”（微信公众号）未备案。",  # an account that is not registered is just what is said
        "“北山林业局官微”（微信公众号）已更名。",  # an earlier name
        "“好运来茶馆”（抖音）发布广告。",  # near to nothing
        "约9个账号登记在册。",
        "检查政府网站9个。",
        "检查单位9个。",
        "上级检查账号9个。",
        "9个账号经核查属实。",
        "登记的9个账号存在问题。",
        "去年省级抽查账号9个。",
    ],
)
def test_what_is_not_surely_meant_is_no_error(doubtful):
    notes = notes_of(doubtful)
    assert notes.findings == []
    assert notes.doubts


def test_figures_of_a_table_that_nothing_gives_are_listed_as_not_checked():
    notes = notes_of([["账号名称", "平台", "发布条数", "阅读量"], ["柳河之声", "微博", "20", "12345"]])
    assert notes.findings == []
    assert [(each.says, each.place) for each in notes.doubts] == [("12345", "表 1 第 2 行「阅读量」列")]


def test_a_figure_that_no_frame_gives_is_listed_as_not_checked():
    notes = notes_of("本季度共发布信息999条，检查账号5个。")
    assert [each.says for each in notes.doubts] == ["999条"]
    assert notes.held["检查数（数据）"] == 1


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("北山县林业局", "北山县林业局"), ("县林业局", "北山县林业局"), ("林业局", "北山县林业局"), ("柳河镇", "北山县柳河镇人民政府"),
        ("县府办", "北山县人民政府办公室"), ("北山县政府办", "北山县人民政府办公室"), ("水利局", None), ("镇", None),
    ],
)  # fmt: skip
def test_a_unit_is_known_by_its_name_and_by_what_people_leave_out_of_it(said, meant):
    assert county().unit_of(said) == meant
