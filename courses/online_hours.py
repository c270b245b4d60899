"""What an enrolment is worth by the hour rule, read from its edition and the learner's progress."""

from __future__ import annotations

from courses.models import CourseEdition, EditionLesson, Enrolment, LessonProgress
from courses.rules.lengths import nominal_seconds
from records.models import HourEntry, HourRule
from records.reading.hours import online_rule
from records.rules.online import OnlineHours, OnlineLesson, hours_of


def source_key(enrolment: Enrolment) -> str:
    """Names the cause of the credited line: one person and one course."""
    return f"online:{enrolment.edition.course_id}:{enrolment.user_id}"


def seconds_of(lesson: EditionLesson) -> int:
    """The length that the lesson counts with."""
    text = "" if lesson.seconds or lesson.minutes is not None else str(lesson.body)
    return nominal_seconds(kind=lesson.kind, recorded=lesson.seconds, minutes=lesson.minutes, text=text)


def hours_of_enrolment(enrolment: Enrolment, rule: HourRule) -> OnlineHours:
    """What was completed up to the moment the course was; later lessons add nothing, so it can be reckoned again."""
    rows = LessonProgress.objects.filter(enrolment=enrolment, completed_at__lte=enrolment.completed_at)
    done = {row.lesson_id: row for row in rows}
    lessons = [
        OnlineLesson(lesson.title, seconds_of(lesson), done[lesson.pk].check_passed)
        for lesson in enrolment.edition.lessons.order_by("position")
        if lesson.pk in done
    ]
    return hours_of(lessons, enrolment.edition.hours, online_rule(rule))


def hours_in_prospect(edition: CourseEdition, rule: HourRule) -> OnlineHours:
    """What all required lessons of the edition will be worth, their tests passed."""
    lessons = edition.lessons.filter(required=True).order_by("position")
    values = [OnlineLesson(row.title, seconds_of(row), row.check_paper_id is not None) for row in lessons]
    return hours_of(values, edition.hours, online_rule(rule))


def credited(enrolment: Enrolment) -> HourEntry | None:
    """The standing line that the course brought the learner, with the rule that produced it."""
    rows = HourEntry.objects.standing().select_related("rule").filter(source_key=source_key(enrolment))
    return rows.first()
