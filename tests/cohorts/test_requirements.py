"""What a class asks for, and how courses, exams and tasks fulfil it through the news of lower apps."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from assessments.models import Blueprint, Exam, Rubric, RubricCriterion, Seat, Submission, Task
from assessments.services import mark_submission
from assessments.signals import announce_results
from cohorts import services
from cohorts.models import Cohort, Membership, RequirementResult
from cohorts.reading import classes as reading
from cohorts.rules.graduation import decide
from competencies.models import Indicator
from core import clock
from core.errors import DomainError
from courses.models import Enrolment
from courses.signals import course_completed
from people.models import Role
from tests.factories.cohorts import CohortFactory, office, people, teacher_of
from tests.factories.courses import EditionFactory
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock", "reference")]
SOON = datetime(2026, 9, 18, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(running=True, members=2)


def make_exam(cohort: Cohort) -> Exam:
    return Exam.objects.create(
        context_key=cohort.context_key, title="结业考试", phase="post",
        blueprint=Blueprint.objects.create(title="结业"),
        opens_at=clock.now(), closes_at=SOON, minutes=60, pass_percent=60, made_by=office(),
    )  # fmt: skip


def make_task(cohort: Cohort, marker: Any) -> Task:
    rubric = Rubric.objects.create(title="案例分析")
    RubricCriterion.objects.create(
        rubric=rubric, indicator=Indicator.objects.get(code="C2"), title="论证", weight=Decimal(1)
    )
    return services.set_task(
        actor=teacher_of(cohort), cohort=cohort, title="案例分析", brief="写一份分析", rubric=rubric, due_at=SOON,
        markers=[marker],
    )  # fmt: skip


def detail(member: Membership, place: int = -1) -> tuple[bool, str]:
    condition = decide(reading.standings(member.cohort, [member])[member.pk])[place]
    return condition.met, condition.detail


def test_a_course_enrols_everybody_also_those_who_come_later(cohort: Cohort) -> None:
    edition = EditionFactory(lessons=1)
    leaf = services.require_course(actor=teacher_of(cohort), cohort=cohort, edition=edition)
    assert services.require_course(actor=teacher_of(cohort), cohort=cohort, edition=edition) == leaf
    services.add_members(actor=office(), cohort=cohort, users=people(1))
    assert Enrolment.objects.filter(edition=edition, context_key=cohort.context_key).count() == 3


def test_a_completed_course_is_heard(cohort: Cohort, django_capture_on_commit_callbacks: Any) -> None:
    edition = EditionFactory(lessons=1)
    services.require_course(actor=teacher_of(cohort), cohort=cohort, edition=edition)
    member = cohort.memberships.first()
    assert detail(member) == (False, "已学完 0 / 1 课时")
    row = Enrolment.objects.get(user=member.user, edition=edition)
    Enrolment.objects.filter(pk=row.pk).update(state="completed", lessons_done=1, completed_at=clock.now())
    course_completed.send(sender=Enrolment, enrolment_id=row.pk, context_key=row.context_key)
    assert detail(member) == (True, "9月14日学完")
    assert detail(cohort.memberships.last())[0] is False


def test_a_course_of_another_context_does_not_count(cohort: Cohort) -> None:
    edition = EditionFactory(lessons=1)
    services.require_course(actor=teacher_of(cohort), cohort=cohort, edition=edition)
    member = cohort.memberships.first()
    row = Enrolment.objects.create(
        user=member.user, edition=edition, lessons_total=1, lessons_done=1, state="completed", completed_at=clock.now()
    )
    course_completed.send(sender=Enrolment, enrolment_id=row.pk, context_key="")
    assert detail(member)[0] is False


def test_results_of_an_exam_are_heard(cohort: Cohort, django_capture_on_commit_callbacks: Any) -> None:
    exam = make_exam(cohort)
    services.require_exam(actor=teacher_of(cohort), cohort=cohort, exam=exam)
    first, second = cohort.memberships.all()
    assert detail(first) == (False, "成绩尚未公布")
    Seat.objects.filter(exam=exam, user=first.user).update(score=82, percent=82, passed=True)
    exam.released_at = clock.now()
    exam.save(update_fields=["released_at"])
    with django_capture_on_commit_callbacks(execute=True):
        announce_results(exam)
    assert detail(first) == (True, "82 分，得分率 82%（及格线 60%），及格")
    assert detail(second) == (False, "缺考")


def test_an_exam_of_somebody_else_is_refused(cohort: Cohort) -> None:
    exam = make_exam(CohortFactory())
    with pytest.raises(DomainError, match="不是为本班设置的"):
        services.require_exam(actor=teacher_of(cohort), cohort=cohort, exam=exam)


def test_a_marked_task_is_heard_and_a_fail_is_not_met(cohort: Cohort, django_capture_on_commit_callbacks: Any) -> None:
    lecturer = UserFactory(role=Role.LECTURER)
    task = make_task(cohort, lecturer)
    criterion = RubricCriterion.objects.get(rubric=task.rubric)
    first, second = cohort.memberships.all()
    with django_capture_on_commit_callbacks(execute=True):
        for member, level in ((first, 4), (second, 1)):
            submission = Submission.objects.get(task=task, user=member.user)
            mark_submission(actor=lecturer, submission=submission, levels={criterion.pk: Decimal(level)})
    assert detail(first) == (True, "等第：良好")
    assert detail(second) == (False, "等第：不合格")


def test_one_of_two_is_enough_where_a_choice_is_given(cohort: Cohort) -> None:
    one, two = EditionFactory(lessons=1), EditionFactory(lessons=1)
    actor = teacher_of(cohort)
    leaves = [services.require_course(actor=actor, cohort=cohort, edition=e) for e in (one, two)]
    services.require_some(actor=actor, cohort=cohort, requirements=leaves, need=1)
    member = cohort.memberships.first()
    assert detail(member)[0] is False
    Enrolment.objects.filter(user=member.user, edition=one).update(
        state="completed", lessons_done=1, completed_at=timezone.now()
    )
    services.refresh_all(cohort=cohort)
    met, words = detail(member)
    assert met and words == f"2 项中至少 1 项，已满足 1 项（课程《{one.title}》）"
    services.drop_requirement(actor=actor, requirement=leaves[1])
    assert cohort.requirements.filter(kind="n_of").count() == 0, "a choice of one thing is none"
    with pytest.raises(DomainError, match="至少两项"):
        services.require_some(actor=actor, cohort=cohort, requirements=[leaves[0]], need=1)


def test_a_dropped_requirement_is_not_asked_for(cohort: Cohort) -> None:
    leaf = services.require_course(actor=teacher_of(cohort), cohort=cohort, edition=EditionFactory(lessons=1))
    services.drop_requirement(actor=teacher_of(cohort), requirement=leaf)
    assert not RequirementResult.objects.exists()
    member = cohort.memberships.first()
    conditions = decide(reading.standings(cohort, [member])[member.pk])
    assert [c.key for c in conditions] == ["registered", "not_withdrawn", "leave", "attendance", "discipline"]


def test_refreshing_again_writes_nothing(cohort: Cohort) -> None:
    services.require_course(actor=teacher_of(cohort), cohort=cohort, edition=EditionFactory(lessons=1))
    assert services.refresh_all(cohort=cohort) == 0


def test_open_exams_and_unmarked_work_stand_in_the_way_of_closing(cohort: Cohort) -> None:
    services.require_exam(actor=teacher_of(cohort), cohort=cohort, exam=make_exam(cohort))
    task = make_task(cohort, UserFactory(role=Role.LECTURER))
    handed = Submission.objects.filter(task=task).first()
    Submission.objects.filter(pk=handed.pk).update(text="分析", handed_in_at=clock.now())
    with clock.freeze(SOON + timedelta(hours=6)):
        missing = [item.sentence for item in services.checklist(cohort) if not item.ok]
    assert "考试《结业考试》的成绩尚未公布。" in missing
    assert "任务《案例分析》还有 1 份未评分。" in missing
