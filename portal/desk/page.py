"""The desk made ready for its template."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Seat, Submission, SurveyInvitation
from assessments.presenters.seats import OPEN, PASSED, RUNNING, seat_card, task_card
from assessments.presenters.surveys import card as survey_card
from cohorts.models import Attendance, AttendanceStatus, CohortState, MembershipState
from cohorts.rules import leave
from cohorts.rules.halfdays import half_word
from cohorts.rules.schedule import Entry
from competencies.models import Phase
from core.templatetags.linghang import day, day_short, hours, moment
from courses.models import Enrolment
from portal.desk.next_step import Sitting, Slot, Study, Work, next_step
from portal.desk.reading import Desk, desk_of
from portal.links import archive_url, class_url
from records.presenters.hours import requirement_lines

MOST_TODO = 5
MOST_COURSES = 4
MARKS = {AttendanceStatus.ON_LEAVE: "leave"}


def desk_page(user: Any) -> dict[str, Any]:
    """The context of the desk."""
    desk = desk_of(user)
    cards = {seat.pk: seat_card(seat, desk.now) for seat in desk.seats}
    todo = todo_items(desk, cards)
    return {
        "today": desk.today,
        "step": _step(desk, cards),
        "todo": todo[:MOST_TODO],
        "todo_more": max(0, len(todo) - MOST_TODO),
        "class": class_panel(desk),
        "hours": requirement_lines(desk.requirements, desk.today),
        "archive_url": archive_url(),
        "courses": [course_line(e) for e in desk.enrolments if e.state == Enrolment.State.ACTIVE][:MOST_COURSES],
        "results": result_items(desk, cards),
    }


def _moment_of(session: Entry, at: Any) -> datetime:
    return timezone.make_aware(datetime.combine(session.day, at))


def _step(desk: Desk, cards: dict[int, Any]) -> Any:
    url = class_url(desk.cohort) if desk.cohort else ""
    return next_step(
        name=desk.user.name,
        now=timezone.localtime(desk.now),
        today=desk.today,
        slots=[_slot(session, url) for session in desk.sessions],
        sittings=[_sitting(seat, cards[seat.pk]) for seat in _open_seats(desk, cards)],
        works=[_work(submission) for submission in _open_work(desk)],
        studies=[_study(e) for e in desk.enrolments if e.state == Enrolment.State.ACTIVE],
        catalogue=reverse("courses:catalogue"),
    )


def _slot(session: Entry, url: str) -> Slot:
    title = session.title if "《" in session.title or "：" in session.title else f"《{session.title}》"
    starts, ends = _moment_of(session, session.starts_at), _moment_of(session, session.ends_at)
    return Slot(title, session.room, timezone.localtime(starts), timezone.localtime(ends), url)


def _open_seats(desk: Desk, cards: dict[int, Any]) -> list[Seat]:
    return [seat for seat in desk.seats if cards[seat.pk].stage in (OPEN, RUNNING)]


def _sitting(seat: Seat, card: Any) -> Sitting:
    until = seat.closes_at
    if card.stage == RUNNING:
        until = max(attempt.deadline_at for attempt in seat.attempts.all())
    return Sitting(seat.exam.title, card.stage == RUNNING, until, card.action_url or card.url)


def _open_work(desk: Desk) -> list[Submission]:
    """Work that is neither handed in nor graded, and still may be."""
    return [
        s for s in desk.submissions if not s.grade and not s.handed_in_at and not s.voided_at and s.due_at > desk.now
    ]


def _work(submission: Submission) -> Work:
    task = submission.task
    return Work(task.title, submission.due_at, reverse("assessments:task", args=[task.public_id]))


def _study(enrolment: Enrolment) -> Study:
    lesson = enrolment.last_lesson.title if enrolment.last_lesson else ""
    return Study(enrolment.edition.title, lesson, reverse("courses:learn", args=[enrolment.public_id]))


def todo_items(desk: Desk, cards: dict[int, Any]) -> list[dict[str, Any]]:
    """What is due, the nearest first."""
    due = [_todo_exam(seat, cards[seat.pk]) for seat in _open_seats(desk, cards)]
    due += [_todo_work(submission) for submission in _open_work(desk)]
    due += [_todo_evaluation(invitation, desk.now) for invitation in desk.evaluations]
    due += _todo_courses(desk) + _todo_arrival(desk) + _todo_notices(desk)
    return [item for _when, item in sorted(due, key=lambda pair: pair[0])]


def _todo_exam(seat: Seat, card: Any) -> tuple[datetime, dict[str, Any]]:
    item = {
        "title": card.title,
        "url": card.url,
        "sub": _("考试，%(when)s截止") % {"when": moment(seat.closes_at)},
        "state": card.state,
        "state_word": card.state_word,
        "action_label": card.action_label,
        "action_url": card.action_url,
    }
    return seat.closes_at, item


def _todo_work(submission: Submission) -> tuple[datetime, dict[str, Any]]:
    task = submission.task
    url = reverse("assessments:task", args=[task.public_id])
    sub = _("任务，%(when)s截止") % {"when": moment(submission.due_at)}
    words = {"state": "todo", "state_word": _("待提交"), "action_label": _("去完成"), "action_url": url}
    return submission.due_at, {"title": task.title, "url": url, "sub": sub, **words}


def _todo_evaluation(invitation: SurveyInvitation, now: datetime) -> tuple[datetime, dict[str, Any]]:
    line = survey_card(invitation, now)
    return invitation.survey.closes_at, {**line, "title": _("评估《%(title)s》") % {"title": line["title"]}}


def _todo_courses(desk: Desk) -> list[tuple[datetime, dict[str, Any]]]:
    """Courses of the present class that are not finished; due at its end."""
    cohort = desk.cohort
    if cohort is None or cohort.state in (CohortState.CLOSED, CohortState.ARCHIVED):
        return []
    end = timezone.make_aware(datetime.combine(cohort.ends_on, datetime.max.time()))
    mine = [e for e in desk.enrolments if e.context_key == cohort.context_key and e.state == Enrolment.State.ACTIVE]
    return [(end, _todo_course(e, cohort.ends_on)) for e in mine]


def _todo_course(enrolment: Enrolment, last: Any) -> dict[str, Any]:
    words = {"done": enrolment.lessons_done, "all": enrolment.lessons_total, "day": day_short(last)}
    url = reverse("courses:learn", args=[enrolment.public_id])
    return {
        "title": enrolment.edition.title,
        "url": url,
        "sub": _("班级课程，已学 %(done)s / %(all)s 课时，%(day)s前完成") % words,
        "action_label": _("继续学习") if enrolment.touched_at else _("开始学习"),
        "action_url": url,
    }


def _todo_arrival(desk: Desk) -> list[tuple[datetime, dict[str, Any]]]:
    member = desk.membership
    if member is None or member.state != MembershipState.CONFIRMED:
        return []
    first = timezone.make_aware(datetime.combine(member.cohort.starts_on, datetime.min.time()))
    place = member.cohort.place
    sub = _("%(day)s报到，%(place)s") if place else _("%(day)s报到")
    item = {
        "title": member.cohort.full_title,
        "url": class_url(member.cohort),
        "sub": sub % {"day": day_short(member.cohort.starts_on), "place": place},
    }
    return [(first, {**item, "state": "todo", "state_word": _("待报到")})]


def _todo_notices(desk: Desk) -> list[tuple[datetime, dict[str, Any]]]:
    """One line for the notices that were not read yet, however many they are."""
    if not desk.notices or desk.cohort is None:
        return []
    newest, here = desk.notices[0], desk.cohort.public_id
    if len(desk.notices) == 1:
        title, url = newest.title, reverse("cohorts:space-notice", args=[here, newest.public_id])
    else:
        title, url = _("%(n)s 条班级通知") % {"n": len(desk.notices)}, reverse("cohorts:space-notices", args=[here])
    item = {"title": title, "url": url, "sub": _("班级通知，%(when)s") % {"when": moment(newest.publish_at)}}
    return [(newest.publish_at, {**item, "state": "todo", "state_word": _("未读")})]


def class_panel(desk: Desk) -> dict[str, Any] | None:
    """The class with its week, the attendance so far and what leave is left."""
    member = desk.membership
    if member is None:
        return None
    cohort = member.cohort
    return {
        "title": cohort.full_title,
        "url": class_url(cohort),
        "dates": f"{day(cohort.starts_on)}—{day(cohort.ends_on)}",
        "place": cohort.place,
        "group": str(member.group) if member.group else "",
        "state": {"running": "info", "closed": "done", "archived": "done"}.get(cohort.state, "waiting"),
        "state_word": str(cohort.get_state_display()),
        "own_state": str(member.get_state_display()),
        "week": week_of(desk),
        "is_told": desk.told is not None,
        "attendance": attendance_words(desk.attendance),
        "leave": leave.arithmetic(member.leave_hours, cohort.total_hours),
        "leave_left": _leave_left(desk),
        "over_limit": member.over_leave_limit,
        "ended": cohort.state in (CohortState.CLOSED, CohortState.ARCHIVED),
    }


def _leave_left(desk: Desk) -> Any:
    member = desk.membership
    return leave.left(member.leave_hours, member.cohort.total_hours) if member and member.cohort.total_hours else None


def week_of(desk: Desk) -> list[dict[str, Any]]:
    """The days of the first week with entries, each with what is on and how attendance stands."""
    if not desk.sessions:
        return []
    first = desk.sessions[0].day
    last = first - timedelta(days=first.weekday()) + timedelta(days=6)
    marks = {(a.day, a.half): MARKS.get(AttendanceStatus(a.status), a.status) for a in desk.attendance}
    inside = [session for session in desk.sessions if session.day <= last]
    return [
        {"day": on, "today": on == desk.today, "past": on < desk.today, "entries": [_entry(s, marks) for s in group]}
        for on, group in groupby(inside, key=lambda session: session.day)
    ]


def _entry(session: Entry, marks: dict[tuple[Any, str], str]) -> dict[str, Any]:
    where = [session.room, session.lecturer_name]
    return {
        "time": f"{session.starts_at:%H:%M}—{session.ends_at:%H:%M}",
        "half": half_word(session.half),
        "title": session.title,
        "where": " · ".join(filter(None, where)),
        "mark": marks.get((session.day, session.half), ""),
    }


def attendance_words(rows: list[Attendance]) -> str:
    """已登记 6 个半天：到课 5，请假 1."""
    if not rows:
        return ""
    counts = {status: sum(row.status == status for row in rows) for status in AttendanceStatus}
    parts = [f"{status.label} {count}" for status, count in counts.items() if count]
    return _("已登记 %(n)s 个半天：%(parts)s") % {"n": len(rows), "parts": "，".join(parts)}


def course_line(enrolment: Enrolment) -> dict[str, Any]:
    done, every = enrolment.lessons_done, enrolment.lessons_total
    return {
        "title": enrolment.edition.title,
        "url": reverse("courses:learn", args=[enrolment.public_id]),
        "done": done,
        "all": every,
        "words": _("已学 %(done)s / %(all)s 课时") % {"done": done, "all": every},
        "last": enrolment.last_lesson.title if enrolment.last_lesson else "",
        "label": _("继续学习") if enrolment.touched_at else _("开始学习"),
    }


def result_items(desk: Desk, cards: dict[int, Any]) -> list[dict[str, Any]]:
    """Certificates and reports, then results of exams and tasks."""
    items = [
        {
            "title": certificate.printed["class_name"],
            "url": reverse("certificates:mine"),
            "sub": f"{_('结业证书')} {certificate.number}",
            "state": "done" if certificate.status == "valid" else "failed",
            "state_word": str(certificate.get_status_display()),
        }
        for certificate in desk.certificates
    ]
    items += [
        {
            "title": _("能力报告"),
            "url": reverse("certificates:report", args=[report.public_id]),
            "sub": report.membership.cohort.full_title,
        }
        for report in desk.reports
    ]
    released = [seat for seat in desk.seats if seat.exam.released_at][:3]
    items += [_result(seat, cards[seat.pk]) for seat in released]
    return items + [vars(task_card(s, desk.now)) for s in desk.submissions if s.grade][:3]


def _result(seat: Seat, card: Any) -> dict[str, Any]:
    """A released exam; what a test before the class came to is neither passed nor failed."""
    item = {"title": card.title, "url": card.action_url or card.url}
    if seat.exam.phase == Phase.PRE and seat.percent is not None:
        return {**item, "sub": _("训前测试，得分率 %(n)s%%") % {"n": hours(seat.percent)}}
    return {**item, "sub": card.sub, "state": "done" if card.stage == PASSED else card.state,
            "state_word": card.state_word}  # fmt: skip
