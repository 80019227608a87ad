"""Cases about weeks, check moments and answers: through the real facts of a quarter, then the real evaluator."""

import datetime as dt

from facts_tables import covered, facts, posts, row

from xmt_scoring.periods import Quarter
from xmt_scoring.settings import Settings


def calendar_answer(words, inputs, wanted, score_one):
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
