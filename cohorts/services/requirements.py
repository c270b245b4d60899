"""What graduation asks for: courses, exams and tasks of a class, and where each member stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments import services as assessing
from assessments.models import Blueprint, Exam, Rubric, Submission, Task
from assessments.services import TOLERANCE, assign, create_exam, create_task, seat
from cohorts.models import Cohort, Membership, Requirement, RequirementResult
from cohorts.permissions import require_runs
from cohorts.reading.classes import label_of
from cohorts.reading.fulfilment import fulfilment
from cohorts.rules import states
from cohorts.services.locking import locked
from core import clock
from core.errors import DomainError
from courses.models import CourseEdition
from courses.services import enrol_many
from people.models import User

LEAVES = (Requirement.Kind.COURSE, Requirement.Kind.EXAM, Requirement.Kind.TASK)  # whose results are kept
CHOICES = (*LEAVES, Requirement.Kind.SURVEY)


def members_of(cohort: Cohort) -> list[User]:
    """The people who are to do what the class asks for."""
    return [m.user for m in cohort.memberships.expected().select_related("user")]


def root_of(cohort: Cohort) -> Requirement:
    """The node that asks for all of its parts; made when the first requirement comes."""
    root, _new = Requirement.objects.get_or_create(cohort=cohort, parent=None, defaults={"kind": Requirement.Kind.ALL})
    return root


def add_leaf(actor: User, cohort: Cohort, **target: Any) -> Requirement:
    """The leaf for a target; there already, it stays as it is."""
    root = root_of(cohort)
    leaf, new = Requirement.objects.get_or_create(
        cohort=cohort, **{k: v for k, v in target.items() if k != "kind"},
        defaults={"kind": target["kind"], "parent": root, "position": cohort.requirements.count()},
    )  # fmt: skip
    refresh(requirement=leaf)
    if new:
        log(cohort, "cohorts.requirements.add", user=actor, data={"what": label_of(leaf)})
    return leaf


@transaction.atomic
def require_course(*, actor: User, cohort: Cohort, edition: CourseEdition) -> Requirement:
    """Ask for a course: every member is enrolled on the edition in the class's name."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    enrol_many(actor=actor, users=members_of(held), edition=edition, context_key=held.context_key)
    return add_leaf(actor, held, kind=Requirement.Kind.COURSE, edition=edition)


@transaction.atomic
def require_exam(*, actor: User, cohort: Cohort, exam: Exam) -> Requirement:
    """Ask for a passed exam of the class; members without a seat get one while results are not public."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    _check_context(held, exam.context_key, exam.title)
    if exam.released_at is None:
        seat(actor=actor, exam=exam, users=members_of(held))
    return add_leaf(actor, held, kind=Requirement.Kind.EXAM, exam=exam)


@transaction.atomic
def require_task(*, actor: User, cohort: Cohort, task: Task) -> Requirement:
    """Ask for a task of the class at 合格 or better; members who do not have it get it."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    _check_context(held, task.context_key, task.title)
    if task.marking_closed_at is None:
        assign(actor=actor, task=task, users=members_of(held))
    return add_leaf(actor, held, kind=Requirement.Kind.TASK, task=task)


def _check_context(cohort: Cohort, context_key: str, title: str) -> None:
    if context_key != cohort.context_key:
        raise DomainError(_("《%(title)s》不是为本班设置的，不能作为本班的结业条件。") % {"title": title})


@transaction.atomic
def hold_exam(
    *,
    actor: User,
    cohort: Cohort,
    title: str,
    blueprint: Blueprint,
    phase: str,
    opens_at: datetime,
    closes_at: datetime,
    minutes: int,
    pass_percent: Decimal,
    attempts_allowed: int = 1,
    exclude_exams: Sequence[Exam] = (),
    required: bool = True,
) -> Exam:
    """Set an exam for every member; ``required`` makes passing it a condition (an entry test is none)."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    exam = create_exam(
        actor=actor,
        context_key=held.context_key,
        title=title,
        blueprint=blueprint,
        phase=phase,
        opens_at=opens_at,
        closes_at=closes_at,
        minutes=minutes,
        pass_percent=pass_percent,
        attempts_allowed=attempts_allowed,
        exclude_exams=exclude_exams,
    )
    seat(actor=actor, exam=exam, users=members_of(held))
    if required:
        add_leaf(actor, held, kind=Requirement.Kind.EXAM, exam=exam)
    return exam


@transaction.atomic
def set_task(
    *,
    actor: User,
    cohort: Cohort,
    title: str,
    brief: str,
    rubric: Rubric,
    due_at: datetime,
    markers: Iterable[User],
    required: bool = True,
    ratings_asked: int = 1,
    tolerance: Decimal = TOLERANCE,
    arbiter: User | None = None,
) -> Task:
    """Set a task for every member, graded by the markers; by two of them each where two ratings are asked."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    task = create_task(
        actor=actor,
        context_key=held.context_key,
        title=title,
        brief=brief,
        rubric=rubric,
        due_at=due_at,
        markers=markers,
        users=members_of(held),
        ratings_asked=ratings_asked,
        tolerance=tolerance,
        arbiter=arbiter,
    )
    if required:
        add_leaf(actor, held, kind=Requirement.Kind.TASK, task=task)
    return task


@transaction.atomic
def rearrange_task(*, actor: User, cohort: Cohort, task: Task, **arrangement: Any) -> Task:
    """Change the deadline and the grading of a task of the class; what ``assessments`` refuses is refused."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    _check_context(held, task.context_key, task.title)
    return assessing.rearrange_task(actor=actor, task=task, **arrangement)


@transaction.atomic
def equip(*, actor: User, cohort: Cohort, users: list[User]) -> None:
    """Give new members what the others have: the courses, the exams still to come, the tasks still open."""
    if not users:
        return
    leaves = cohort.requirements.filter(kind=Requirement.Kind.COURSE).select_related("edition")
    for leaf in leaves:
        enrol_many(actor=actor, users=users, edition=leaf.edition, context_key=cohort.context_key)
    for exam in Exam.objects.filter(context_key=cohort.context_key, released_at__isnull=True):
        seat(actor=actor, exam=exam, users=users)
    for task in Task.objects.filter(context_key=cohort.context_key, marking_closed_at__isnull=True):
        assign(actor=actor, task=task, users=users)


# Where members stand.


@transaction.atomic
def refresh(*, requirement: Requirement, users: Iterable[int] | None = None) -> int:
    """Read a leaf's state for members anew from where it is kept, for ``users`` (keys) or everybody. Rows written."""
    if requirement.kind not in LEAVES:
        return 0
    members = Membership.objects.filter(cohort=requirement.cohort_id)
    if users is not None:
        members = members.filter(user__in=list(users))
    by_user = dict(members.values_list("user_id", "pk"))
    there = {r.membership_id: r for r in requirement.results.filter(membership__in=by_user.values())}
    now, rows = clock.now(), []
    for user, (met, detail) in fulfilment(requirement, list(by_user)).items():
        state = RequirementResult.State.MET if met else RequirementResult.State.MISSING
        old = there.get(by_user[user])
        if old is None or (old.state, old.detail) != (state, detail):
            rows.append(_result(requirement, by_user[user], state, detail, now))
    RequirementResult.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["membership", "requirement"],
        update_fields=["state", "detail", "at"],
    )
    return len(rows)


def _result(requirement: Requirement, member: int, state: str, detail: str, at: datetime) -> RequirementResult:
    return RequirementResult(membership_id=member, requirement=requirement, state=state, detail=detail[:200], at=at)


def refresh_all(*, cohort: Cohort) -> int:
    """Repair: read every leaf of the class anew. Rows written."""
    leaves = cohort.requirements.filter(kind__in=LEAVES).select_related("edition", "exam", "task")
    return sum(refresh(requirement=leaf) for leaf in leaves)


def hear_exam(*, exam_id: int) -> int:
    """An exam's results are public."""
    leaves = Requirement.objects.filter(exam=exam_id).select_related("exam")
    return sum(refresh(requirement=leaf) for leaf in leaves)


def hear_mark(*, submission_id: int) -> int:
    """A submission has a grade."""
    user, task = Submission.objects.values_list("user_id", "task_id").get(pk=submission_id)
    leaves = Requirement.objects.filter(task=task).select_related("task")
    return sum(refresh(requirement=leaf, users=[user]) for leaf in leaves)


def hear_course(*, user_id: int, edition_id: int, context_key: str) -> int:
    """Somebody completed a course in the name of a class."""
    leaves = Requirement.objects.filter(edition=edition_id).select_related("edition", "cohort")
    return sum(refresh(requirement=leaf, users=[user_id]) for leaf in leaves if leaf.cohort.context_key == context_key)
