"""The default quarterly rubric (rules.md §4) and the names of the rules, written down a second time; no code of the package."""

from __future__ import annotations

FULL = {
    "A1": 5, "A2": 4, "A3": 3, "A4": 3, "B1": 20, "B2": 5, "B3": 5, "C1": 6, "C2": 4, "C3": 3, "C4": 2, "C5": 5,
    "D1": 14, "D2": 3, "D3": 3, "E1": 8, "E2": 4, "E3": 3,
}  # fmt: skip
LOSS = {
    "A2": "2", "A3": "1", "B1": "2", "B2": "2", "B3": "1", "C2": "2", "C3": "0.5", "C4": "0.5", "C5": "5", "D2": "1",
    "D3": "3", "E2": "2", "E3": "1",
}  # fmt: skip
BY_CASE = {"A4": {"主体不符": "2", "名称不符": "1"}, "C1": {"一般": "0.5", "严重": "2", "严重表述错误": "0"}}
CHECKS = {
    "A1": "art06_missing_filing", "A2": "art05_extra_account", "A3": "art06_late_change_filing", "A4": "art04_wrong_subject",
    "B1": "art11_weekly_update", "B2": "art11_missing_original", "B3": "art11_missed_repost", "C1": "art11_typo",
    "C2": "art08_advert", "C3": "art11_broken_link", "C4": "art11_unsourced_repost", "C5": "art19_personal_data_leak",
    "D1": "art11_message_reply", "D2": "art11_evasive_reply", "D3": "art11_improper_remark", "E1": "art12_uncleared_post",
    "E2": "art13_account_security", "E3a": "art10_missing_leader", "E3b": "art14_missing_info_officer",
    "V1": "art08_grave_content", "V2": "art11_dormant_account", "V3a": "art11_missing_interaction", "V3b": "art19_faked_engagement",
}  # fmt: skip
# Rules without points whose results follow from the plan: written as the findings name them, or by a word of their own.
MORE = {
    "禁止发布的信息": "art08_forbidden_content", "与政府网站信息共享": "art11_missing_sharing", "配合上级监测": "art11_uncooperative_monitoring",
    "过度收集个人信息": "art19_excess_collection", "国家秘密、商业秘密、个人隐私管理": "art19_secret_leak",
    "强制下载使用客户端": "art19_forced_download", "追责问责": "art23_missing_accountability", "处置措施": "art24_untaken_measure",
    "涉密涉敏审查": "art12_unscreened_post", "制度": "art11_missing_responsibility_system", "假冒": "art20_counterfeit_handling",
    "客户端": "art11_unusable_app",
}  # fmt: skip
BY_UNIT = ("A2", "E2", "E3a", "E3b", "与政府网站信息共享", "配合上级监测", "强制下载使用客户端", "制度", "假冒")
BY_OFFICE = ("追责问责", "处置措施")
# vetoes that people record in their own words: what they are counted under, and the veto of the scheme
VETO_OF = {"客户端无法使用": ("客户端", "V2"), "无有效互动功能": ("V3a", "V3"), "数据造假与强制点赞": ("V3b", "V3")}
KNOWS_ORIGINALS = ("crawler", "crawler_dated", "spider")  # exports with a column 是否原创
