"""Cases about weeks, check moments and answers: through the real facts of a quarter, then the real evaluator."""

import datetime as dt

from facts_tables import covered, facts, posts, row

from xmt_scoring.periods import Quarter
from xmt_scoring.settings import Settings

CHECKED, RECEIVED = ("checked_at", "checked_on", "check_date"), ("received_at", "received_on", "received")
POSTED, REPLIED = ("last_post", "last_post_at", "last_post_on", "posted_at"), ("replied_at", "replied_on", "first_reply_at", "reply_at", "answered_at")


def is_about_days(words, inputs):
    """Whether a case asks the calendar: weeks of a quarter, a check moment or a reply."""
    return "calendar" in words or any(name in inputs for name in (*CHECKED, *RECEIVED))


def calendar_answer(words, inputs, wanted, score_one):
    """What the facts of a quarter say of weeks, of a check moment or of a reply, and what it costs."""
    if any(name in inputs for name in (*CHECKED, *RECEIVED)):
        return days_answer(words, inputs, wanted, score_one)
    return weeks_answer(words, inputs, wanted, score_one)


def given(inputs, names):
    return next((inputs[name] for name in names if inputs.get(name)), None)


def quarter_of(day):
    return Quarter(int(day[:4]), (int(day[5:7]) + 2) // 3)


def days_answer(words, inputs, wanted, score_one):
    """Days since the last post at a check, or days and workdays until a reply; vetoes and losses on these numbers."""
    checked, received = given(inputs, CHECKED), given(inputs, RECEIVED)
    if checked:
        made = facts(quarter_of(checked), posts=posts(given(inputs, POSTED)), checks_done=[{"check_scope": "all", "checked_at": checked}])
        days = {"days": int(made["check_times"]["days_since_post"].iloc[0])}
        days |= dict.fromkeys(("gap_days", "days_since_post", "days_since_last_post", "gap"), days["days"])
    else:
        message = {"account_id": "W1", "received_at": received, "first_reply_at": given(inputs, REPLIED)}
        row_of_it = facts(quarter_of(received), messages=[message])["message_replies"].iloc[0]
        days = {"calendar": int(row_of_it["reply_days"]), "workday": int(row_of_it["reply_workdays"])}
        days |= {"days": days["calendar"], "calendar_days": days["calendar"], "workdays": days["workday"], "workday_days": days["workday"]}
    _, result, _ = score_one({key: value for key, value in words.items() if key != "calendar"}, {**inputs, **days})
    found = {**days, "veto": bool(result.vetoes), "stale": bool(result.vetoes), "total": result.total, "score": result.total, "verdict": result.verdict}
    return {key: f"{float(found[key]):.2f}" if isinstance(value, str) and key in ("total", "score") else found[key] for key, value in wanted.items()}


def weeks_answer(words, inputs, wanted, score_one):
    """Due and missed weeks of an account, and what they cost."""
    calendar = words["calendar"]
    start, end = (dt.date.fromisoformat(calendar[name]) for name in ("from", "to"))
    period = Quarter(start.year, (start.month + 2) // 3)
    if (period.start, period.end) != (start, end):
        period = Quarter(start.year, (start.month + 2) // 3, (start, end))
    belongs = "inside" if calendar.get("partial_weeks", "not due") in ("not due", "not_due", "ignored") else "sunday"
    settings = Settings.default(week_belongs=belongs)
    account = {"account_id": "W1", **{name: inputs[name] for name in ("opened_on", "closed_on") if inputs.get(name)}}

    def made(moments):
        return facts(period, accounts=[account], settings=settings, posts=posts(*moments), coverage=[covered(str(start - dt.timedelta(days=6)), str(end))])

    weeks = made([])["account_weeks"]
    due = [day.date() for day in weeks.loc[weeks["is_due"], "week_start"]]
    quarter = row(made([f"{day} 09:00" for day in moments_of(inputs, due)])["account_quarters"])
    missed = int(quarter["n_weeks_missed"])
    (item,) = words["items"]
    _, result, _ = score_one({key: value for key, value in words.items() if key != "calendar"}, {item["id"]: {"events": missed}})
    found = {"due_weeks": int(quarter["n_weeks_due"]), "missed": missed, "missed_weeks": missed, item["id"]: result.items[item["id"]].score, "total": result.total, "score": result.total}
    return {key: f"{float(found[key]):.2f}" if isinstance(value, str) else found[key] for key, value in wanted.items()}


def moments_of(inputs, due):
    """Days with a post: given, or one in each of the first so many due weeks."""
    for name in ("posts", "posted_on", "post_days"):
        if isinstance(inputs.get(name), list):
            return [day[:10] for day in inputs[name]]
    return due[: inputs["weeks_with_post"]]
