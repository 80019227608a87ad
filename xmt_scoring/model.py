"""The words that code and frames share; no logic. Their Chinese is in glossary.toml under [choices]."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd


class Platform(StrEnum):
    """Where an account lives (第二条)."""

    WECHAT_OA = "wechat_oa"
    WEIBO = "weibo"
    DOUYIN = "douyin"
    WECHAT_CHANNELS = "wechat_channels"
    KUAISHOU = "kuaishou"
    TOUTIAO = "toutiao"
    XIAOHONGSHU = "xiaohongshu"
    BAIJIAHAO = "baijiahao"
    BILIBILI = "bilibili"
    ZHIHU = "zhihu"
    APP = "app"
    MINI_PROGRAM = "mini_program"
    OTHER = "other"


class Outcome(StrEnum):
    """What a check says of one duty (DESIGN section 4)."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NO_DATA = "no_data"
    UNVERIFIED = "unverified"


class Level(StrEnum):
    """Who found it (第二十二条)."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"


class Severity(StrEnum):
    """How grave a finding is, or which case of a duty an event is."""

    GENERAL = "general"
    SERIOUS = "serious"
    GRAVE_MISSTATEMENT = "grave_misstatement"
    NOT_FILED = "not_filed"
    INCOMPLETE = "incomplete"
    LATE = "late"
    UNANSWERED = "unanswered"
    SAMPLED = "sampled"
    NOT_SAMPLED = "not_sampled"
    WRONG_SUBJECT = "wrong_subject"
    WRONG_NAME = "wrong_name"
    COMMERCIAL_ADVERT = "commercial_advert"
    UNFIXED = "unfixed"
    NOT_SUBMITTED = "not_submitted"


@dataclass(frozen=True)
class CheckResult:
    """What a rule returns.

    `verdicts`: unit_id, account_id (missing for a unit's duty), event_id, severity, outcome, observed, allowed,
    decided_by. One row for each failing or open event; where a subject has neither, one row without event_id that
    passes or is not applicable. An open row *with* event_id can lose that event's points, one *without* the whole item.
    `evidence`: unit_id, account_id, event_id, kind, when, value, url, src_file, src_sheet, src_row.
    The runner adds check_id, article and the message from rule.toml.
    """

    verdicts: pd.DataFrame
    evidence: pd.DataFrame
