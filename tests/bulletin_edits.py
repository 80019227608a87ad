"""Errors planted in a circular as a hand would make them, each in a copy of its own: the file is all that is needed."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path

import docx

Change = Callable[[re.Match[str]], str]


def _counted(step: int) -> Change:
    return lambda found: found[0].replace(found[1], str(int(found[1]) + step), 1)


def _swapped(found: re.Match[str]) -> str:
    """Two different neighbouring digits of the first number changed places, or the last digit is one more."""
    digits = found[1]
    for place in range(len(digits) - 1, 0, -1):
        one, two = digits[place - 1], digits[place]
        if one != two and "." not in (one, two) and (place > 1 or two != "0"):
            return found[0].replace(digits, digits[: place - 1] + two + one + digits[place + 1 :], 1)
    return found[0].replace(digits, digits[:-1] + str((int(digits[-1]) + 1) % 10), 1)


def _words(old: str, new: str) -> Change:
    return lambda found: found[0].replace(old, new, 1)


# what was done wrong: where in the text, and how
IN_TEXT: dict[str, tuple[str, Change]] = {
    "one account more on the register": ("在册政务新媒体([0-9]+)个", _counted(1)),
    "one unit more that runs accounts": ("由([0-9]+)个单位主办", _counted(1)),
    "one part by owner less": ("县政府部门([0-9]+)个", _counted(-1)),
    "one part by platform more": ("微信公众号([0-9]+)个、", _counted(1)),
    "one checked more": ("本次检查([0-9]+)个", _counted(1)),
    "the share checked with its digits changed places": ("占在册账号的([0-9.]+)%", _swapped),
    "one passed less": ("中，合格([0-9]+)个", _counted(-1)),
    "one failed more": ("，不合格([0-9]+)个", _counted(1)),
    "the rate with its digits changed places": ("，合格率([0-9.]+)%，", _swapped),
    "the change with its digits changed places": ("较上季度(?:下降|提高)([0-9.]+)个百分点", _swapped),
    "a fall told as a rise": ("较上季度下降", _words("下降", "提高")),
    "an account that passed told as failed again": ("本季度复查合格", _words("合格", "不合格")),
    "one passed more on a platform": ("抖音检查[0-9]+个，合格([0-9]+)个", _counted(1)),
    "the rate of a platform with its digits changed places": ("抖音检查[0-9]+个，合格[0-9]+个，合格率([0-9.]+)%", _swapped),
    "a failed account misspelt": ("不合格的账号是：“([^”]+)”", lambda found: found[0].replace(found[1], found[1][:-1] + "原", 1)),
    "a failed account on another platform": ("不合格的账号是：“[^”]+”抖音", _words("抖音", "微博")),
    "a failed account of another unit": ("不合格的账号是：“[^”]+”抖音（[^）]+）", lambda found: re.sub("（.*）", "（云岭县林业局）", found[0])),
    "a failed account left out of the list": ("不合格的账号是：(“[^”]+”抖音（[^）]+）、)", lambda found: found[0].replace(found[1], "", 1)),
    "one problem of the last quarter less": ("上季度检查发现的([0-9]+)个问题", _counted(-1)),
    "one put right more": ("已整改([0-9]+)个", _counted(1)),
    "the rate of what was put right with its digits changed places": ("整改率([0-9.]+)%", _swapped),
    "one not put right less": ("；([0-9]+)个尚未整改", _counted(-1)),
    "one problem more": ("检查共发现问题([0-9]+)个", _counted(1)),
    "one account with problems more": ("涉及([0-9]+)个账号、", _counted(1)),
    "one unit with problems less": ("账号、([0-9]+)个单位", _counted(-1)),
    "one account more under a problem": ("未做到每周至少更新一条信息。涉及([0-9]+)个账号", _counted(1)),
    "one week more under a problem": ("个账号，共([0-9]+)周", _counted(1)),
    "one week less of one account": ("，([2-9])周）", _counted(-1)),
    "one unit more under a problem": ("涉及([2-9])个单位：", _counted(1)),
    "an account misspelt under a problem": ("个账号：“([^”]+)”", lambda found: found[0].replace(found[1], found[1][:-1] + "原", 1)),
    "one of two accounts left out under a problem": ("涉及2个账号：(“[^”]+”[^（]+（[^）]+）、)", lambda found: found[0].replace(found[1], "", 1)),
    "a unit misspelt in a list": ("涉及云岭县教育和体育局", _words("体育局", "体育厅")),
    "another unit in a list": ("、云岭县民政局、", _words("民政局", "档案馆")),
    "a unit left out of a list": ("、云岭县民政局、", lambda found: "、"),
    "an article that there is not": ("按照《办法》第二十四条", _words("第二十四条", "第二十六条")),
    "another article": ("按照《办法》第十条", _words("第十条", "第九条")),
    "a wrong title of the law": ("《太白县政府系统政务新媒体管理办法》", _words("政府系统", "")),
    "a deadline one day late": ("于([0-9]+年[0-9]+月)([0-9]+)日前", lambda found: f"于{found[1]}{int(found[2]) + 1}日前"),
    "a deadline that is past": ("于([0-9]+)年[0-9]+月[0-9]+日前", lambda found: f"于{int(found[1]) - 1}年12月1日前"),
    "the last day of the quarter": ("至([0-9]+)月30日", lambda found: f"至{found[1]}月29日"),
    "a day that there is not": ("至([0-9]+)月30日", lambda found: f"至{found[1]}月31日"),
    "zeros in a date": ("（([0-9]+)年([0-9])月", lambda found: f"（{found[1]}年0{found[2]}月"),
    "another quarter in the first sentence": ("组织对([0-9]+)年第三季度", _words("第三季度", "第二季度")),
    "round brackets in a document number": ("第二十一条、", lambda found: f"和《检查通知》（云政办函（2025）8号）{found[0]}"),
    "a half-width comma": ("不合格[0-9]+个，", _words("，", ",")),
    "a quotation mark left out": ("“[^”]+”抖音", _words("”", "")),
    "an attachment that there is not": ("详见附件2", _words("附件2", "附件5")),
    "a heading's number left out": ("^三、", _words("三", "四")),
    "failed told in words, one too many": ("，不合格[0-9]+个，", lambda found: "，不合格三个，"),
    "passed told in words, one too few": ("中，合格[0-9]+个，", lambda found: "中，合格二十五个，"),
    "the share checked cut off instead of rounded": ("占在册账号的([0-9.]+)%", lambda found: found[0].replace(found[1], found[1][:-1], 1)),
    "percent where points are meant": ("较上季度(?:下降|提高)[0-9.]+个百分点", _words("个百分点", "%")),
    "a full name of a unit that lacks a character": ("（云岭县教育和体育局）", _words("教育和体育局", "教育体育局")),
    "the article of another duty": ("按照《办法》第六条", _words("第六条", "第九条")),
    "an article of the duty beside it": ("按照《办法》第十条", _words("第十条", "第十二条")),
    "another article in the basis": ("第二十一条、第二十二条", _words("第二十二条", "第二十三条")),
    "a deadline one workday early": ("于([0-9]+年[0-9]+月)([0-9]+)日前", lambda found: f"于{found[1]}{int(found[2]) - 1}日前"),
    "a deadline in more workdays than are given": ("于[0-9]+年[0-9]+月[0-9]+日前", lambda found: "于本通报印发之日起15个工作日内"),
    "black brackets in a document number": ("第二十一条、", lambda found: f"和《检查通知》（云政办函【2026】8号）{found[0]}"),
    "square brackets in a document number": ("第二十一条、", lambda found: f"和《检查通知》（云政办函[2026]8号）{found[0]}"),
    "a unit listed twice": ("涉及(云岭县教育和体育局、)", lambda found: found[0] + found[1]),
    "an account listed twice": ("个账号：(“[^”]+”[^（]+（[^）]+）、)", lambda found: found[0] + found[1]),
    "two platforms that changed places": ("微博([0-9]+)个、抖音([0-9]+)个", lambda found: f"微博{found[2]}个、抖音{found[1]}个"),
    "two levels of owners that level out": ("县政府部门([0-9]+)个、镇人民政府([0-9]+)个",
                                            lambda found: f"县政府部门{int(found[1]) - 1}个、镇人民政府{int(found[2]) + 1}个"),
    "another quarter in the title": ("^.*关于(?s:.*)第三季度", _words("第三季度", "第四季度")),
    "another title in the list of attachments": ("2.政务新媒体检查发现问题清单", _words("发现问题清单", "问题汇总表")),
    "an account that has another problem": ("涉及1个账号：“云岭护林员”抖音（云岭县林业局）", lambda found: "涉及1个账号：“云岭三农”抖音（云岭县农业农村局）"),
    "the name of another problem": ("^2.未按月发布原创信息", _words("未按月发布原创信息", "未按要求转载信息")),
    "all passed where some failed": ("抖音检查([0-9]+)个，合格[0-9]+个，合格率[0-9.]+%", lambda found: f"抖音检查{found[1]}个，全部合格"),
    "none passed where all did": ("微博检查[0-9]+个，全部合格", _words("全部合格", "均不合格")),
    "one passed more in full-width digits": ("中，合格[0-9]+个", lambda found: "中，合格２７个"),
    "the first day of the quarter": ("（([0-9]+年[0-9]+月)1日至", lambda found: f"（{found[1]}10日至"),
    "accounts and units that changed places": ("涉及([0-9]+)个账号、([0-9]+)个单位", lambda found: f"涉及{found[2]}个账号、{found[1]}个单位"),
    "cases of two accounts that level out": ("，13处）(.*?)，1处）", lambda found: f"，12处）{found[1]}，2处）"),
    "a preliminary title of the law": ("新媒体管理办法》", _words("管理办法", "管理暂行办法")),
    "another limit of days in use": ("在用不足28天", _words("28", "30")),
    "a heading's number skipped": ("^（四）内容质量", _words("四", "五")),
}  # fmt: skip

# what was done wrong in a table: under which heading of which kind of table, and how
IN_TABLES: dict[str, tuple[str, str, Callable[[str], str]]] = {
    "another number of posts": ("发布条数", "发布条数", lambda text: str(int(text) + 10)),
    "another number of empty weeks": ("发布条数", "缺更周数", lambda text: str(int(text) + 1)),
    "another longest gap": ("发布条数", "最长间隔（天）", lambda text: str(int(text) + 7)),
    "a misspelt account": ("发布条数", "账号名称", lambda text: text[:-1] + "原"),
    "another unit": ("发布条数", "主办单位", lambda text: "云岭县林业局"),
    "another platform": ("发布条数", "平台", lambda text: "微博" if text != "微博" else "抖音"),
    "a number of a row left out": ("发布条数", "序号", lambda text: str(int(text) + 1)),
    "another number of cases": ("件数", "件数", lambda text: str(int(text) + 1)),
    "another article for a case": ("件数", "依据", lambda text: "《办法》第二条"),
    "another kind of problem": ("件数", "问题类别", lambda text: "先审后发制度落实不到位" if "先审" not in text else "无有效互动功能"),
    "another reason for failing": ("不合格原因", "不合格原因", lambda text: "单项否决：存在严重内容问题"),
    "another failed account": ("不合格原因", "账号名称", lambda text: text[:-1] + "原"),
}


def _set_text(paragraph, text: str) -> None:
    """New text in the first run, so that the paragraph keeps its look."""
    for run in paragraph.runs[1:]:
        run.text = ""
    paragraph.runs[0].text = text


def plant_in_text(source: Path, target: Path, name: str) -> bool:
    """A copy of a circular with one error of IN_TEXT; false, and no copy, where the circular has no such words."""
    pattern, change = IN_TEXT[name]
    document = docx.Document(str(source))
    for paragraph in document.paragraphs:
        found = re.search(pattern, paragraph.text)
        if found:
            _set_text(paragraph, paragraph.text[: found.start()] + change(found) + paragraph.text[found.end() :])
            document.save(str(target))
            return True
    return False


def _table(document, heading: str):
    return next((table for table in document.tables if heading in [cell.text for cell in table.rows[0].cells]), None)


def plant_in_table(source: Path, target: Path, name: str) -> bool:
    """A copy with one error of IN_TABLES in the second row; false, and no copy, where the circular has no such table."""
    heading, column, change = IN_TABLES[name]
    document = docx.Document(str(source))
    table = _table(document, heading)
    if table is None:
        return False
    place = [cell.text for cell in table.rows[0].cells].index(column)
    cell = table.rows[2].cells[place]
    _set_text(cell.paragraphs[0], change(cell.text))
    document.save(str(target))
    return True


def drop_row(source: Path, target: Path, heading: str) -> None:
    """A copy without the last row of the table with that heading."""
    document = docx.Document(str(source))
    row = _table(document, heading).rows[-1]._tr
    row.getparent().remove(row)
    document.save(str(target))


def repeat_row(source: Path, target: Path, heading: str) -> None:
    """A copy with the last row of the table with that heading twice."""
    document = docx.Document(str(source))
    row = _table(document, heading).rows[-1]._tr
    row.addnext(copy.deepcopy(row))
    document.save(str(target))


def reword(source: Path, target: Path, old: str, new: str) -> None:
    """A copy with other words, as the office may choose them."""
    document = docx.Document(str(source))
    paragraph = next(paragraph for paragraph in document.paragraphs if old in paragraph.text)
    _set_text(paragraph, paragraph.text.replace(old, new, 1))
    document.save(str(target))
