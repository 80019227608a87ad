"""One planted error of each kind in an invented sentence: found there, and nothing said of the right sentence."""

import json
from pathlib import Path

import pytest

from xmt_scoring.lint.documents import assemble
from xmt_scoring.lint.run import lint

LAW = "《太白县政府系统政务新媒体管理办法》"
WEEKLY = "各单位政务微博、微信等新媒体每周至少更新一条信息"
SIGNED = ["北山县人民政府办公室", "2025年10月14日"]
LISTED = ["附件：1.不合格账号名单", "2.更新统计表"]


def found_in(*items):
    return [(each.kind, each.says, each.should) for each in lint(assemble("通报.txt", list(items))).findings]


# kind, the right items, the wrong items, what must be named in the message
PLANTED = {
    "a pass rate that its counts do not give": ("合格率", ["本季度检查28个，合格24个，合格率85.71%。"], ["本季度检查28个，合格24个，合格率87.51%。"], "85.71%"),
    "a pass rate that was only cut off": ("合格率", ["检查294个，合格291个，合格率99.0%。"], ["检查294个，合格291个，合格率98.9%。"], "99.0%"),
    "a pass rate from the failed": ("合格率", ["检查461个，不合格24个，合格率94.8%。"], ["检查461个，不合格24个，合格率95.0%。"], "94.8%"),
    "a pass rate of one platform": (
        "合格率", ["微信公众号检查12个，合格11个，合格率91.67%，微博检查8个，合格7个，合格率87.5%。"],
        ["微信公众号检查12个，合格11个，合格率91.67%，微博检查8个，合格7个，合格率87.4%。"], "87.5%",
    ),
    "a rate in words": ("合格率", ["检查的20个账号中，十九个合格，合格率为百分之九十五。"], ["检查的20个账号中，十九个合格，合格率为百分之九十六。"], "95%"),
    "a rate in full-width digits": ("合格率", ["检查２０个，合格１９个，合格率９５％。"], ["检查２０个，合格１９个，合格率９４％。"], "95%"),
    "a failure rate": ("不合格率", ["检查40个，不合格3个，不合格率7.5%。"], ["检查40个，不合格3个，不合格率7.6%。"], "7.5%"),
    "a share that was checked": ("检查比例", ["全县登记240个，检查151个，检查比例62.9%。"], ["全县登记240个，检查151个，检查比例64.6%。"], "62.9%"),
    "a share of the registered": ("占比", ["全县登记30个，检查28个，占登记总数的93.33%。"], ["全县登记30个，检查28个，占登记总数的93.3333%，合格24个。".replace("93.3333", "93.43")], "93.33%"),
    "a share of the failed": (
        "占比", ["检查100个，不合格18个。", "更新不及时的5个，占不合格账号的27.78%。"], ["检查100个，不合格18个。", "更新不及时的5个，占不合格账号的22.78%。"], "27.78%",
    ),
    "a share of the count before it": ("占比", ["收到留言10条，其中咨询6条，占60%。"], ["收到留言10条，其中咨询6条，占66%。"], "60%"),
    "a change in points": ("变化", ["合格率由上季度的80%提高到85.71%，提高5.71个百分点。"], ["合格率由上季度的80%提高到85.71%，提高5.17个百分点。"], "5.71"),
    "a fall told as a rise": ("变化", ["本季度合格率90.7%，上季度合格率91.6%，下降0.9个百分点。"], ["本季度合格率90.7%，上季度合格率91.6%，提高0.9个百分点。"], "-0.9"),
    "passed and failed that are not the checked": ("合格+不合格=检查数", ["检查28个，合格24个，不合格4个。"], ["检查28个，合格24个，不合格3个。"], "27"),
    "the same with open accounts": ("合格+不合格=检查数", ["检查30个，合格24个，不合格4个，待定2个。"], ["检查30个，合格24个，不合格4个，待定3个。"], "28"),
    "more checked than registered": ("检查数≤登记数", ["全镇登记21个，检查21个。"], ["全镇登记21个，检查22个。"], "21"),
    "more failed than checked": ("不合格数≤检查数", ["检查3个，不合格3个。"], ["检查3个，不合格4个。"], "3个"),
    "platforms that are not the total": (
        "分项之和", ["全县登记账号30个，其中微信公众号12个、微博8个、抖音10个。"], ["全县登记账号30个，其中微信公众号12个、微博8个、抖音9个。"], "29",
    ),
    "owners that are not the total": ("分项之和", ["登记330个，其中市级部门22个、县区65个、镇街243个。"], ["登记330个，其中市级部门22个、县区56个、镇街243个。"], "321"),
    "units that are more than the total": (
        "分项之和", ["收到留言11条，其中县住建局1条、县教体局4条、县民政局6条。"], ["收到留言10条，其中县住建局1条、县教体局4条、县民政局6条。"], "11",
    ),
    "a total after its parts": ("分项之和", ["微信公众号12个、微博8个，共20个。"], ["微信公众号12个、微博8个，共21个。"], "20"),
    "kinds of messages": ("分项之和", ["留言55条：咨询11条、投诉25条、求助19条。"], ["留言55条：咨询11条、投诉25条、求助18条。"], "54"),
    "earlier problems by what became of them": (
        "分项之和", ["上季度通报的5个问题，已整改3个，未整改2个。"], ["上季度通报的5个问题，已整改3个，未整改1个。"], "4",
    ),
    "a count before its names": ("名单个数", ["3个账号停更：“甲山发布”“乙山发布”“丙山发布”。"], ["4个账号停更：“甲山发布”“乙山发布”“丙山发布”。"], "3 个"),
    "a count before names with brackets": (
        "名单个数", ["2个账号停更：“甲山发布”（微博，县林业局）、“乙山发布”（抖音，县水利局）。"], ["3个账号停更：“甲山发布”（微博，县林业局）、“乙山发布”（抖音，县水利局）。"], "2 个",
    ),
    "a count after its names": ("名单个数", ["“甲山发布”“乙山发布”2个账号停更。"], ["“甲山发布”“乙山发布”3个账号停更。"], "2 个"),
    "fewer than are named": ("名单个数", ["“甲山发布”“乙山发布”“丙山发布”等3个账号停更。"], ["“甲山发布”“乙山发布”“丙山发布”等2个账号停更。"], "3 个"),
    "a count before units": ("名单个数", ["2个单位没有报送：县林业局、县水利局。"], ["3个单位没有报送：县林业局、县水利局。"], "2 个"),
    "a count in a heading over its names": (
        "名单个数", ["（一）更新不及时（2个）", "“甲山发布”（微博）、“乙山发布”（抖音）"], ["（一）更新不及时（3个）", "“甲山发布”（微博）、“乙山发布”（抖音）"], "2 个",
    ),
    "two different counts of the same": (
        "前后的检查数", ["本季度检查28个账号。", "本季度检查的28个账号整体较好。"], ["本季度检查28个账号。", "本季度检查的27个账号整体较好。"], "28",
    ),
    "an article that does not exist": ("条款", [f"根据{LAW}第二十五条。"], [f"根据{LAW}第二十六条。"], "25 条"),
    "an item that does not exist": ("条款", [f"违反{LAW}第十一条第3项。"], [f"违反{LAW}第十一条第4项。"], "3 项"),
    "an item of an article without items": ("条款", [f"违反{LAW}第十二条。"], [f"违反{LAW}第十二条第1项。"], "没有分项"),
    "a paragraph that does not exist": ("条款", [f"根据{LAW}第二十二条第二款。"], [f"根据{LAW}第二十二条第三款。"], "2 款"),
    "words that are not the law's": ("引用条文", [f"{LAW}第十一条规定“{WEEKLY}”。"], [f"{LAW}第十一条规定“{WEEKLY.replace('一条', '两条')}”。"], "一条"),
    "words of another article": ("引用条文", [f"{LAW}第十一条要求“{WEEKLY}”。"], [f"{LAW}第十二条要求“{WEEKLY}”。"], "第十一条"),
    "a wrong title of the law": ("条款", [f"根据{LAW}。"], ["根据《太白县政务新媒体管理办法》。"], "政府系统"),
    "a wrong number of a known document": (
        "文号", ["《国务院办公厅关于推进政务新媒体健康有序发展的意见》（国办发〔2018〕123号）"], ["《国务院办公厅关于推进政务新媒体健康有序发展的意见》（国办发〔2019〕123号）"], "2018",
    ),
    "square brackets in a document number": ("文号", ["北政办函〔2025〕12号"], ["北政办函[2025]12号"], "〔2025〕"),
    "round brackets in a document number": ("文号", ["北政办发〔2025〕12号"], ["北政办发（2025）12号"], "〔2025〕"),
    "第 or zeros in a document number": ("文号", ["北政办发〔2025〕8号"], ["北政办发〔2025〕第008号"], "〔2025〕8号"),
    "a zero before a month": ("日期写法", ["检查于2025年9月5日结束。"], ["检查于2025年09月05日结束。"], "2025年9月5日"),
    "a date that does not exist": ("日期", ["截至2024年2月29日。"], ["截至2025年2月29日。"], "没有这一天"),
    "a date in Chinese numerals under the text": ("日期写法", ["2025年10月14日"], ["二〇二五年十月十四日"], "阿拉伯数字"),
    "a wrong weekday": ("星期", ["定于2025年10月17日（星期五）召开。"], ["定于2025年10月17日（星期四）召开。"], "星期五"),
    "a deadline that is not so many workdays away": (
        "期限", ["请于10个工作日内（2025年10月28日前）报送。", *SIGNED], ["请于10个工作日内（2025年10月24日前）报送。", *SIGNED], "2025年10月28日",
    ),
    "a deadline over a holiday": (
        "期限", ["请自2025年9月30日起3个工作日内（2025年10月11日前）报送。", *SIGNED[:1], "2025年9月30日"],
        ["请自2025年9月30日起3个工作日内（2025年10月3日前）报送。", *SIGNED[:1], "2025年9月30日"], "10月11日",
    ),
    "a deadline in days": ("期限", ["请于2025年10月24日前（10日内）报送。", *SIGNED], ["请于2025年10月25日前（10日内）报送。", *SIGNED], "10月24日"),
    "a deadline before the circular": ("期限", ["请于2025年10月31日前报送。", *SIGNED], ["请于2025年9月30日前报送。", *SIGNED], "早于成文日期"),
    "a span that ends before it begins": ("起止日期", ["2025年7月1日至9月30日进行检查。"], ["2025年10月1日至9月30日进行检查。"], "早于"),
    "a quarter with other days": ("起止日期", ["2025年第三季度（7月1日至9月30日）检查。"], ["2025年第三季度（7月1日至9月29日）检查。"], "9月30日"),
    "another quarter in the first sentence than in the title": (
        "季度", ["关于2025年第三季度检查情况的通报", "现将2025年第三季度检查情况通报如下："], ["关于2025年第三季度检查情况的通报", "现将2025年第二季度检查情况通报如下："], "第三季度",
    ),
    "half-width marks": ("标点", ["检查了账号，情况较好。"], ["检查了账号,情况较好。"], "，"),
    "half-width brackets": ("标点", ["账号（微博）较好。"], ["账号(微博)较好。"], "（）"),
    "a quotation that is not closed": ("标点", ["账号“甲山发布”较好。"], ["账号“甲山发布较好。"], "成对"),
    "a heading left out": ("序号", ["一、总体情况", "二、问题", "三、要求"], ["一、总体情况", "三、要求"], "第 2 个"),
    "an attachment that is not listed": ("附件", ["名单见附件2。", *LISTED], ["名单见附件3。", *LISTED], "2 个"),
    "an attachment under another title": (
        "附件", [*LISTED, "附件1", "不合格账号名单", "附件2", "更新统计表"], [*LISTED, "附件1", "不合格名单", "附件2", "更新统计表"], "不合格名单",
    ),
    "numbers of rows": ("序号", [[["序号", "单位"], ["1", "甲局"], ["2", "乙局"]]], [[["序号", "单位"], ["1", "甲局"], ["3", "乙局"]]], "2"),
    "the last line of a table": (
        "表格合计", [[["平台", "登记"], ["微博", "8"], ["抖音", "7"], ["合计", "15"]]], [[["平台", "登记"], ["微博", "8"], ["抖音", "7"], ["合计", "16"]]], "15",
    ),
    "the last line of a table that has a number of its own": (
        "表格合计", [[["序号", "平台", "登记"], ["1", "微博", "8"], ["2", "抖音", "7"], ["3", "合计", "15"]]],
        [[["序号", "平台", "登记"], ["1", "微博", "8"], ["2", "抖音", "7"], ["3", "合计", "14"]]], "15",
    ),
    "what there is": ("检查比例", ["全县共有政务新媒体账号35个，抽查30个，抽查比例85.7%。"], ["全县共有政务新媒体账号35个，抽查30个，抽查比例87.5%。"], "85.7%"),
    "a rate in a table": (
        "合格率", [[["平台", "检查数", "合格数", "不合格数", "合格率"], ["微博", "8", "7", "1", "87.5%"]]],
        [[["平台", "检查数", "合格数", "不合格数", "合格率"], ["微博", "8", "7", "1", "85.7%"]]], "87.5%",
    ),
    "counts of a row": (
        "合格+不合格=检查数", [[["平台", "检查数", "合格数", "不合格数"], ["微博", "8", "7", "1"]]],
        [[["平台", "检查数", "合格数", "不合格数"], ["微博", "8", "7", "2"]]], "9",
    ),
    "a rank that skips no place after a tie": (
        "名次", [[["单位", "得分", "名次"], ["甲局", "95.00", "1"], ["乙局", "95.00", "1"], ["丙局", "90.00", "3"]]],
        [[["单位", "得分", "名次"], ["甲局", "95.00", "1"], ["乙局", "95.00", "1"], ["丙局", "90.00", "2"]]], "第 3 名",
    ),
    "rows that the text counts otherwise": (
        "附件行数", ["不合格账号2个（详见附件1）。", "附件1", "名单", [["序号", "账号名称"], ["1", "甲"], ["2", "乙"]]],
        ["不合格账号3个（详见附件1）。", "附件1", "名单", [["序号", "账号名称"], ["1", "甲"], ["2", "乙"]]], "2 行",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_nothing_is_said_of_the_right_sentence(name):
    assert found_in(*PLANTED[name][1]) == []


@pytest.mark.parametrize("name", PLANTED)
def test_the_planted_error_is_found_once(name):
    kind, _, wrong, told = PLANTED[name]
    found = found_in(*wrong)
    assert [each[0] for each in found] == [kind]
    assert told in "".join(found[0])


def test_the_planted_errors_are_of_at_least_twenty_kinds():
    assert len({kind for kind, *_ in PLANTED.values()}) >= 20


FIGURES = json.loads((Path(__file__).with_name("bulletin_figures.json")).read_text(encoding="utf-8"))


def told(figure):
    """A published figure in a sentence of our own."""
    printed = figure["printed"]
    if figure["kind"] == "ratio":
        if "checked" in figure["what"]:
            return f"全市登记政务新媒体{figure['denominator']}个，本季度检查{figure['numerator']}个，占登记总数的{printed}。"
        return f"本季度检查政务新媒体{figure['denominator']}个，合格{figure['numerator']}个，合格率{printed}。"
    if figure["kind"] == "sum":
        parts = "、".join(f"{name}部门{part}个" for name, part in zip("甲乙丙丁戊己庚辛壬癸子", figure["parts"], strict=False))
        return f"全市登记政务新媒体{printed}个，其中{parts}。"
    if figure["kind"] == "difference":
        return f"合格率由上季度的{figure['subtrahend']}%提高到{figure['minuend']}%，提高{printed}个百分点。"
    return f"全镇登记政务新媒体{figure['right']}个，本季度检查{figure['left']}个。"


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure['bulletin']} {figure['what']} {figure['printed']}")
def test_a_published_figure_in_a_sentence_is_accused_exactly_where_it_does_not_hold(figure):
    assert bool(found_in(told(figure))) == (figure["status"] != "holds")


RIGHT = [
    # in the manner of published circulars, with names and numbers of our own
    "本季度检查范围为全市政务新媒体，共314个，其中微信公众号218个（市直单位53个，县（市）区165个）；新浪微博67个（市直单位28个，县（市）区39个）；其他29个。本季度共检查314个，不合格55个，合格率为82.48%。",
    "按照100%的抽查比例要求，对全市40家政府网站进行了抽查，其中，30家网站均被抽查出一定的问题，90分以上的网站38家，占比95%。",
    "分批次对全市正在运行的139个政务新媒体进行了全面检查。其中，市直部门22家，各级政府及部门117家。抽查发现39家政务新媒体不合格，总体合格率72%。",
    "本次检查政府网站56家，不合格网站2家，合格率96%；政务新媒体共计252个，发现不合格政务新媒体25个，合格率90%。",
    "共检查政府网站328个（含153个门户网站），占全国正在运行的政府网站总数的2.3%，总体合格率91.8%。",
    "甲市水务局、乙市林业局等网站更新不及时。甲渭统计等24个账号超过2周未更新；乙区信访微信公众号等7个账号长期未更新。",
    "对42家市级部门网站进行了专项检查，共发现错误表述332个，截至3月15日，已完成整改312个。",
    "县政府门户网站共发布信息7445条，其中县直单位报送2636条，镇（街）报送1263条。收到来信309封，按期办结292封，按期办结率94.5%。",
    "检查政务新媒体293个，6个不合格，4个存在突出问题，合格率97.95%，截至目前仍有4个没有整改到位。",
    "存在问题9个，其中2周内未更新6个、未提供有效互动功能3个，涉及8个账号。",
    "“甲山城建”“甲山高滩”账号未做到每两周至少更新一次，存在“更新不及时”问题。",
    "3个账号存在问题：“甲山发布”未公开“联系电话”，“乙山发布”停更，“丙山发布”没有互动功能。",
    "对31个新媒体账号进行了12次抽查，发现1个账号超期，4个账号有错敏字。",
    "各单位要在收到本通报后10个工作日内报送整改情况。",
    "请于10月17日12:00前将书面材料（加盖公章）报县政务公开办，联系电话0917-1234567。",
    "第三季度合格率为85.7%，第二季度合格率为90.0%，全年目标为95%。",
    "连续两周未更新的账号，第一次提醒，第二次通报，一年内三次以上的约谈。",
]  # fmt: skip


@pytest.mark.parametrize("sentence", RIGHT)
def test_nothing_is_said_of_sentences_as_circulars_have_them(sentence):
    assert found_in(sentence) == []
