"""The hours of a course on its page: what it will bring, what it brought, by which version of the rule."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.templatetags.linghang import day, hours
from courses.models import CourseEdition, Enrolment
from courses.online_hours import credited, hours_in_prospect, hours_of_enrolment
from records.models import HourEntry, HourRule
from records.reading.hours import hour_rule_on
from records.rules.online import OnlineHours, OnlineLine


def course_hours(edition: CourseEdition, enrolment: Enrolment | None) -> dict[str, Any]:
    """A sentence, the lines it rests on, and the rule."""
    if enrolment and enrolment.context_key:
        return {"sentence": _("这门课是班次安排的，学时随班次结班一并认定，不另计网络自学。")}
    entry = credited(enrolment) if enrolment and enrolment.completed_at else None
    if enrolment and entry and entry.rule:
        return _brought(enrolment, entry)
    rule = hour_rule_on(clock.today())
    return _will_bring(edition, rule) if rule else {}


def _brought(enrolment: Enrolment, entry: HourEntry) -> dict[str, Any]:
    words = {"day": day(entry.earned_on), "hours": hours(entry.hours)}
    worth = hours_of_enrolment(enrolment, entry.rule)
    same = worth.hours == entry.hours  # another edition of the course may have brought the line
    return {
        "done": True,
        "sentence": _("已于%(day)s计入网络自学 %(hours)s 学时。") % words,
        "lines": [_line(line) for line in worth.lines] if same else [],
        "cap": _cap(worth) if same else "",
        "rule": str(entry.rule),
    }


def _will_bring(edition: CourseEdition, rule: HourRule) -> dict[str, Any]:
    worth = hours_in_prospect(edition, rule)
    if not worth.hours:
        return {"sentence": _("自主选课学完后，本平台不另计学时。")}
    return {
        "sentence": _("自主选课学完并通过测验后，计入网络自学 %(hours)s 学时。") % {"hours": hours(worth.hours)},
        "lines": [_line(line) for line in worth.lines],
        "cap": _cap(worth),
        "rule": str(rule),
    }


def _line(line: OnlineLine) -> dict[str, str]:
    title = line.title or str(_("全部课时"))
    minutes, seconds = divmod(line.seconds, 60)
    length = _("%(m)s 分 %(s)s 秒") % {"m": minutes, "s": seconds} if seconds else _("%(m)s 分钟") % {"m": minutes}
    if not line.hours:
        return {"title": title, "words": _("不计学时")}
    words = _("%(length)s，%(hours)s 学时") % {"length": length, "hours": hours(line.bracket)}
    more = _("，测验 %(hours)s 学时") % {"hours": hours(line.test)} if line.test else ""
    return {"title": title, "words": words + more}


def _cap(worth: OnlineHours) -> str:
    if worth.cap is None:
        return ""
    words = {"all": hours(worth.reckoned), "cap": hours(worth.cap)}
    return _("合计 %(all)s 学时，不超过课程标明的 %(cap)s 学时。") % words
