"""The next intake of a class: copied with everything but its people, on its own dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import Exam, Task
from cohorts.models import Cohort, CohortStaff, Requirement, Session
from cohorts.permissions import require_office
from cohorts.presenters.figures import day_words
from cohorts.reading.classes import label_of
from cohorts.rules.halfdays import HalfDay
from cohorts.rules.shifting import shifted
from cohorts.services.forming import TEACHING_ROLES, appoint, create_cohort, rule_in_force
from cohorts.services.locking import locked
from cohorts.services.requirements import require_course
from cohorts.services.timetable import add_session
from core.errors import DomainError
from core.models import CalendarDay
from courses.models import CourseEdition
from people.models import User
from people.scopes import has_role

AROUND = timedelta(days=400)


@dataclass
class ClonePlan:
    """What the next intake takes over, on which days, and what has to be set anew, as sentences."""

    starts_on: date
    ends_on: date
    intake_no: int
    sessions: list[tuple[Session, date]] = field(default_factory=list)
    staff: list[CohortStaff] = field(default_factory=list)
    courses: list[CourseEdition] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def plan_of_clone(*, cohort: Cohort, starts_on: date) -> ClonePlan:
    """The plan for a class that begins on the day; nothing is written."""
    every = list(cohort.sessions.select_related("lecturer").with_groups().order_by("day", "starts_at"))
    sessions = [session for session in every if not session.tracks]
    exceptions = CalendarDay.objects.exceptions(
        min(cohort.starts_on, starts_on), max(cohort.ends_on, starts_on) + AROUND
    )
    days = shifted([s.day for s in sessions] + [cohort.ends_on], cohort.starts_on, starts_on, exceptions)
    last = max([*days.values(), starts_on])
    plan = ClonePlan(starts_on, last, cohort.intake_no + 1, [(s, days[s.day]) for s in sessions if s.day in days])
    _plan_staff(plan, cohort)
    _plan_courses(plan, cohort)
    plan.left_out += [
        _("课程《%(title)s》原在休息日（%(day)s），请自行排课。") % {"title": s.title, "day": day_words(s.day)}
        for s in sessions
        if s.day not in days
    ]
    plan.left_out += [_("分组课《%(title)s》，新班分组后请自行排课") % {"title": s.title} for s in every if s.tracks]
    plan.left_out += [_("考试《%(title)s》") % {"title": exam.title} for exam in _exams(cohort)]
    plan.left_out += [_("任务《%(title)s》") % {"title": task.title} for task in _tasks(cohort)]
    return plan


def _exams(cohort: Cohort) -> Any:
    return Exam.objects.filter(context_key=cohort.context_key).order_by("opens_at")


def _tasks(cohort: Cohort) -> Any:
    return Task.objects.filter(context_key=cohort.context_key).order_by("due_at")


def _plan_staff(plan: ClonePlan, cohort: Cohort) -> None:
    for row in cohort.staff.select_related("user").order_by("duty", "user__sort_key"):
        if row.user.is_active and has_role(row.user, *TEACHING_ROLES[CohortStaff.Duty(row.duty)]):
            plan.staff.append(row)
        else:
            words = {"name": row.user.name, "duty": row.get_duty_display()}
            plan.left_out.append(_("%(duty)s%(name)s（已不再具有相应角色）") % words)


def _plan_courses(plan: ClonePlan, cohort: Cohort) -> None:
    """The newest edition of each course that was asked for, choices included."""
    leaves = cohort.requirements.filter(kind=Requirement.Kind.COURSE).select_related("edition").order_by("position")
    asked = [leaf.edition.course_id for leaf in leaves]
    newest = {edition.course_id: edition for edition in CourseEdition.objects.newest().filter(course__in=asked)}
    plan.courses = [newest[key] for key in asked if key in newest]
    plan.left_out += [
        _("课程《%(title)s》（已没有可用的版次）") % {"title": leaf.edition.title}
        for leaf in leaves
        if leaf.edition.course_id not in newest
    ]
    for choice in cohort.requirements.filter(kind=Requirement.Kind.N_OF):
        plan.left_out.append(_("“任选 %(need)s 项”的设置，请在新班重新设置") % {"need": choice.need})
    for leaf in cohort.requirements.filter(kind=Requirement.Kind.ATTENDANCE):
        plan.left_out.append(_("“%(what)s”的条件，请在新班重新设置") % {"what": label_of(leaf)})


@transaction.atomic
def clone_cohort(*, actor: User, cohort: Cohort, starts_on: date, code: str) -> Cohort:
    """Plan the next intake of a class: facts, timetable, courses and staff; no members, exams or tasks.

    The same order again is the class that was made. DomainError for a code that another class uses.
    """
    require_office(actor, cohort)
    source = locked(cohort)
    made = Cohort.objects.filter(copied_from=source, code=code.strip(), starts_on=starts_on).first()
    if made:
        return made
    plan = plan_of_clone(cohort=source, starts_on=starts_on)
    new = create_cohort(
        actor=actor, code=code, title=source.title, host=source.host, starts_on=starts_on, ends_on=plan.ends_on,
        place=source.place, intake_no=plan.intake_no, brand=source.brand, category=source.category,
        arrival_days=source.arrival_days,
        hour_rule=rule_in_force(starts_on), synthetic=source.is_synthetic,
    )  # fmt: skip
    Cohort.objects.filter(pk=new.pk).update(copied_from=source)
    new.refresh_from_db()
    for row in plan.staff:
        appoint(actor=actor, cohort=new, user=row.user, duty=row.duty)
    for session, day in plan.sessions:
        _copy_session(actor, new, source, session, day)
    for edition in plan.courses:
        require_course(actor=actor, cohort=new, edition=edition)
    log(new, "cohorts.clone", user=actor, data={"source": source.full_title})
    new.refresh_from_db()
    return new


def _copy_session(actor: User, new: Cohort, source: Cohort, session: Session, day: date) -> None:
    """An entry on its new day; a room or a lecturer that is taken then is left open and named in the history."""
    same_rule = new.hour_rule_id == source.hour_rule_id
    values: dict[str, Any] = {
        "title": session.title, "day": day, "starts_at": session.starts_at, "ends_at": session.ends_at,
        "kind": session.kind, "half": session.half,
        "hours": session.hours if same_rule or not session.hours else None,
    }  # fmt: skip
    lecturer = session.lecturer if session.lecturer and session.lecturer.is_active else None
    try:
        add_session(actor=actor, cohort=new, room=session.room, lecturer=lecturer, **values)
    except DomainError as refusal:
        if refusal.code not in ("clash", "unavailable"):
            raise
        add_session(actor=actor, cohort=new, **values)
        when = HalfDay(day, session.half).label
        data = {"title": session.title, "when": when, "why": refusal.message}
        log(new, "cohorts.clone.open", user=actor, data=data)
