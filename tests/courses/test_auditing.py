"""Nothing is published that was not judged: the steps of an audit, its record, and every door of publication."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, WorkflowState

from core.errors import DomainError
from core.models import Notice
from courses import guards
from courses.models import AuditOpinion, AuditOutcome, Course, CourseAudit, CourseEdition, Stage
from courses.services import Opinion, give_opinion, hand_in, publish_edition
from courses.services.auditing import passed_audit, stage_of
from people.models import Role
from tests.factories.courses import (
    CourseFactory,
    LessonFactory,
    all_met,
    audited,
    document,
    edition_of,
    editor,
    module,
    mp4_bytes,
    published,
    writer,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
EDIT = "/office/courses/courses/edit/{}/"


def draft_of(course: Course, title: str = "改过的课程") -> Any:
    """A saved draft that nobody has judged."""
    course.refresh_from_db()
    course.title = title
    return course.save_revision(user=writer())


def say(audit: CourseAudit, actor: Any, *, passed: bool = True, **more: Any) -> CourseAudit:
    stage = more.pop("stage", Stage.INTERNAL)
    ticks = more.pop("ticks", None) or all_met(audit, stage)
    return give_opinion(actor=actor, audit=audit, opinion=Opinion(passed=passed, ticks=ticks, **more))


@pytest.fixture
def course() -> Course:
    return CourseFactory(
        lessons=[LessonFactory(title="数据怎样要"), LessonFactory(title="数据怎样给")], title="数据共享"
    )


@pytest.fixture
def open_audit(course: Course) -> CourseAudit:
    draft_of(course)
    return hand_in(actor=writer(), course=course)


@pytest.fixture
def lecturers() -> list[Any]:
    return [UserFactory(role=Role.LECTURER, name=name) for name in ("陈一", "陈二", "陈三")]


# Every door.


def by_the_revision(course: Course, revision: Any, browser: Any) -> None:
    revision.publish(user=editor())


def by_the_model(course: Course, revision: Any, browser: Any) -> None:
    course.publish(revision, user=editor(), skip_permission_checks=True)


def by_the_button(course: Course, revision: Any, browser: Any) -> None:
    data = form_of(browser.get(EDIT.format(course.pk)))
    answer = browser.post(EDIT.format(course.pk), {**data, "title": revision.content["title"], "action-publish": "1"})
    raise DomainError(answer.content.decode()) if answer.status_code == 422 else AssertionError(answer.status_code)


def by_reverting(course: Course, revision: Any, browser: Any) -> None:
    """The form of an older revision, published."""
    url = reverse("course_courses:revisions_revert", args=[course.pk, revision.pk])
    answer = browser.post(url, {**form_of(browser.get(url)), "revision": revision.pk, "action-publish": "1"})
    raise DomainError(answer.content.decode()) if answer.status_code == 422 else AssertionError(answer.status_code)


def by_schedule(course: Course, revision: Any, browser: Any) -> None:
    draft = revision.as_object()
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision().publish(user=editor())


DOORS = [by_the_revision, by_the_model, by_the_button, by_reverting, by_schedule]


def form_of(page: Any) -> dict[str, Any]:
    """What the browser would send back unchanged."""
    form, data = page.context["form"], {}
    fields = [bound for part in (form, *_formsets(form)) for bound in part]
    for field in fields:
        value = field.value()
        if value is not None and value is not False and not hasattr(value, "stream_block"):
            data[field.html_name] = getattr(value, "pk", value)
    for formset in _managed(form):
        data |= {field.html_name: field.value() for field in formset.management_form}
    return data


def _managed(form: Any) -> list[Any]:
    found = []
    for formset in getattr(form, "formsets", {}).values():
        found.append(formset)
        for one in formset.forms:
            found += _managed(one)
    return found


def _formsets(form: Any) -> list[Any]:
    return [one for formset in _managed(form) for one in formset.forms]


@pytest.mark.parametrize("door", DOORS)
def test_no_door_publishes_what_was_not_judged(course, personas, signed_in, door):
    revision = draft_of(course)
    with pytest.raises(DomainError, match="还没有通过课程审核"), transaction.atomic():
        door(course, revision, signed_in(personas["training_office"]))
    course = Course.objects.get(pk=course.pk)
    assert course.title == "数据共享" and course.live and course.scheduled_revision is None


@pytest.mark.parametrize("door", [by_the_revision, by_the_model])
def test_control_without_the_guard_the_doors_are_open(course, monkeypatch, door):
    revision = draft_of(course)
    monkeypatch.setattr(guards, "_guards", {})
    door(course, revision, None)
    assert Course.objects.get(pk=course.pk).title == "改过的课程"


def test_the_button_appears_with_the_audit_and_publishes(course, personas, signed_in):
    browser = signed_in(personas["training_office"])
    draft_of(course)
    html = browser.get(EDIT.format(course.pk)).content.decode()
    assert "action-publish" not in html and "action-submit" in html
    audited(course)
    page = browser.get(EDIT.format(course.pk))
    assert "action-publish" in page.content.decode()
    browser.post(EDIT.format(course.pk), {**form_of(page), "action-publish": "1"})
    assert Course.objects.get(pk=course.pk).title == "改过的课程"


def test_an_edition_needs_the_audit_of_exactly_its_lessons(course):
    lesson = course.modules.first().items.first().lesson
    lesson.body = [("heading", "换了正文")]
    published(lesson)
    with pytest.raises(DomainError, match="还没有通过课程审核"):
        publish_edition(actor=editor(), course=course)
    audit = audited(course)
    edition = publish_edition(actor=editor(), course=course)
    assert edition.number == 2 and edition.audit == audit
    assert audit.lessons[0]["revision"] == lesson.latest_revision_id


@pytest.mark.parametrize("what", ["question", "file", "required", "outcome", "material"])
def test_what_is_judged_is_more_than_the_text(what):
    lesson = LessonFactory(video=True)
    course = CourseFactory(lessons=[lesson], edition=False, files=["讲义"] if what == "material" else [])
    assert passed_audit(course)
    if what == "question":
        lesson.check_of_learning.entries.first().delete()
    elif what == "file":
        lesson.video.file.save("yanshi.mp4", ContentFile(mp4_bytes(99)))
        type(lesson.video).objects.update(file_hash="")
    elif what == "required":
        course.modules.first().items.update(required=False)
    elif what == "material":
        course.materials.update(title="别的讲义")
    else:
        course.outcomes.update(text="别的成果")
    assert passed_audit(Course.objects.get(pk=course.pk)) is None


def test_saving_the_same_again_needs_no_new_audit(course):
    course.save_revision(user=writer()).publish(user=editor())
    lesson = course.modules.first().items.first().lesson
    for child in lesson.body.raw_data:
        child["id"] = "00000000-0000-4000-8000-000000000000"
        if child["type"] == "text":
            child["value"] = child["value"].replace("<p>", '<p data-block-key="abcde">')
    published(lesson)
    assert passed_audit(Course.objects.get(pk=course.pk))


def test_a_scheduled_publication_whose_content_moved_is_called_off(course, personas):
    course.title, course.go_live_at = "定时发布", timezone.now() + timedelta(hours=1)
    revision = course.save_revision(user=writer())
    audited(course)
    revision.publish(user=editor())
    course.refresh_from_db()
    assert course.scheduled_revision == revision and course.title == "数据共享"
    lesson = course.modules.first().items.first().lesson
    lesson.title = "审后又改"
    lesson.save_revision()
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled")
    course = Course.objects.get(pk=course.pk)
    assert course.title == "数据共享" and course.scheduled_revision is None
    assert Notice.objects.filter(recipient=personas["training_office"], title="课程未能按时发布").exists()


# The steps.


def test_passing_inside_alone_ends_the_audit_and_publishes_nothing_by_itself(open_audit, course):
    assert stage_of(open_audit) == Stage.INTERNAL
    asked = Notice.objects.filter(title="请审核课程：改过的课程").values_list("recipient", flat=True)
    assert set(asked) == {editor().pk}
    say(open_audit, editor())
    outcome = AuditOutcome.objects.get(audit=open_audit)
    assert (outcome.verdict, outcome.by) == ("passed", editor())
    course = Course.objects.get(pk=course.pk)
    assert course.title == "数据共享" and not course.workflow_in_progress
    assert open_audit.workflow_state.task_states.filter(status="skipped").count() == 2
    assert Notice.objects.filter(recipient=writer(), title="课程已通过审核：改过的课程").exists()


def test_named_reviewers_and_drawn_experts_all_have_to_pass(open_audit, lecturers):
    one, two, three = lecturers
    say(open_audit, editor(), external=[one.pk], experts=2)
    audit = CourseAudit.objects.get(pk=open_audit.pk)
    assert stage_of(audit) == Stage.EXTERNAL
    with pytest.raises(DomainError, match="不在等您的意见"):
        say(audit, two, stage=Stage.EXPERT)
    say(audit, one, stage=Stage.EXTERNAL)
    audit = CourseAudit.objects.get(pk=open_audit.pk)
    assert stage_of(audit) == Stage.EXPERT
    assert set(audit.assignments.filter(drawn=True).values_list("reviewer", flat=True)) == {two.pk, three.pk}
    assert Notice.objects.filter(recipient=two, title__startswith="请审核课程").exists()
    say(audit, two, stage=Stage.EXPERT)
    assert not AuditOutcome.objects.filter(audit=audit).exists()
    say(audit, three, stage=Stage.EXPERT)
    assert AuditOutcome.objects.get(audit=audit).verdict == "passed"


def test_a_refusal_needs_a_reason_sends_back_and_the_next_audit_starts_anew(open_audit, course, lecturers):
    with pytest.raises(DomainError, match="退回修改须写明意见"):
        say(open_audit, editor(), passed=False)
    say(open_audit, editor(), passed=False, reason="第2课引用的办法已废止，请更新。")
    assert AuditOutcome.objects.get(audit=open_audit).verdict == "refused"
    assert not Course.objects.get(pk=course.pk).current_workflow_state
    told = Notice.objects.get(recipient=writer(), title="课程已退回修改：改过的课程")
    assert "废止" not in told.text
    again = hand_in(actor=writer(), course=course)
    assert again != open_audit and stage_of(again) == Stage.INTERNAL
    with pytest.raises(DomainError, match="已经结束"):
        say(open_audit, UserFactory(role=Role.TRAINING_OFFICE))


@pytest.mark.parametrize(
    ("ticks", "sentence"),
    [
        ({"A1": ("met", "")}, "请对每一条审核要点"),
        ("unmet", "有不符合的要点，不能通过"),
        ("maybe", "请对每一条审核要点"),
    ],
)
def test_the_checklist_is_ticked_whole(open_audit, ticks, sentence):
    given = all_met(open_audit, tick=ticks) if isinstance(ticks, str) else ticks
    with pytest.raises(DomainError, match=sentence):
        say(open_audit, editor(), ticks=given)
    assert not AuditOpinion.objects.filter(audit=open_audit).exists()


def test_nobody_judges_what_they_wrote_or_handed_in(course, personas):
    boss = personas["training_office"]
    course.title = "自己写的"
    course.save_revision(user=boss)
    with pytest.raises(DomainError, match="不能是课程的编写人或送审人"):
        say(hand_in(actor=writer(), course=course), boss)
    course.current_workflow_state.cancel(user=boss)
    with pytest.raises(DomainError, match="不能是课程的编写人或送审人"):
        say(hand_in(actor=boss, course=course), boss)


@pytest.mark.parametrize("persona", ["content_editor", "lecturer", "class_teacher", "trainee"])
def test_others_do_not_judge(open_audit, personas, persona):
    with pytest.raises(DomainError):
        say(open_audit, personas[persona])


def test_a_lesson_changed_meanwhile_stops_the_judging(open_audit, course):
    lesson = course.modules.first().items.first().lesson
    lesson.title = "送审后又改"
    lesson.save_revision()
    with pytest.raises(DomainError, match="送审之后课程的课时、测验或文件有改动"):
        say(open_audit, editor())


def test_the_course_is_locked_meanwhile_and_a_withdrawal_is_recorded(open_audit, course, personas, signed_in):
    browser = signed_in(personas["training_office"])
    html = browser.get(EDIT.format(course.pk)).content.decode()
    assert "action-publish" not in html
    with pytest.raises(DomainError, match="正在审核中"):
        hand_in(actor=writer(), course=course)
    WorkflowState.objects.get(pk=open_audit.workflow_state_id).cancel(user=writer())
    assert AuditOutcome.objects.get(audit=open_audit).verdict == "withdrawn"


def test_the_record_cannot_be_changed(open_audit):
    say(open_audit, editor())
    assert ModelLogEntry.objects.filter(action="courses.audit_opinion", user=editor()).exists()
    for rows in (CourseAudit.objects, AuditOpinion.objects, AuditOutcome.objects):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**{rows.model._meta.pk.name: 10**6})
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.all()._raw_delete("default")


def test_the_editors_own_button_hands_in(course, personas, signed_in):
    browser = signed_in(personas["content_editor"])
    page = browser.get(EDIT.format(course.pk))
    browser.post(EDIT.format(course.pk), {**form_of(page), "title": "由编辑送审", "action-submit": "1"})
    audit = CourseAudit.objects.open().get()
    assert (audit.title, audit.opened_by) == ("由编辑送审", personas["content_editor"])


# Pages.


def test_an_expert_reads_the_draft_and_judges_on_the_page(open_audit, lecturers, signed_in):
    expert = lecturers[0]
    say(open_audit, editor(), external=[expert.pk])
    browser, url = signed_in(expert), reverse("courses:audit", args=[open_audit.public_id])
    assert "改过的课程" in browser.get(reverse("courses:audits")).content.decode()
    html = browser.get(url).content.decode()
    for words in (
        "动手之前先查三处",
        "数据需求单首先应当写明什么",
        "答案 B",
        "引用的法规、文件、数据和案例注明出处",
        "外部审核",
    ):
        assert words in html
    ticks = {f"tick-{code}": "met" for code in all_met(open_audit, Stage.EXTERNAL)}
    bad = browser.post(url, {**ticks, "verdict": "refuse", "reason": ""})
    assert bad.status_code == 422 and "退回修改须写明意见" in bad.content.decode()
    html = browser.post(url, {**ticks, "verdict": "pass", "reason": ""}, follow=True).content.decode()
    assert "审核意见已提交" in html and "我的意见" not in html
    assert signed_in(lecturers[1]).get(url).status_code == 404
    assert browser.post(url, {**ticks, "verdict": "pass"}).status_code == 422


def test_a_reviewer_opens_the_video_until_they_have_said_their_opinion(lecturers, signed_in):
    video = document("xin.mp4", mp4_bytes(30))
    lesson = LessonFactory(video=True)
    course = CourseFactory(lessons=[lesson], edition=False)
    lesson.video = video
    published(lesson)
    audit = hand_in(actor=writer(), course=course)
    say(audit, editor(), external=[lecturers[0].pk])
    assert b"".join(signed_in(lecturers[0]).get(video.url).streaming_content)
    assert signed_in(lecturers[1]).get(video.url).status_code == 404
    say(CourseAudit.objects.get(pk=audit.pk), lecturers[0], stage=Stage.EXTERNAL)
    assert signed_in(lecturers[0]).get(video.url).status_code == 404


def test_the_office_sees_what_waits_for_whom(open_audit, personas, signed_in, lecturers):
    browser, counts = signed_in(personas["training_office"]), []
    url = reverse("course_audits")
    assert "培训处（送审人以外的任一人）" in browser.get(url).content.decode()
    say(open_audit, personas["training_office"], external=[lecturers[0].pk], experts=1)
    assert "陈一" in browser.get(url, {"course": open_audit.course_id}).content.decode()
    for n in range(2):
        CourseFactory(edition=False, title=f"又一门{n}")
        CourseFactory(edition=False, title=f"再一门{n}")
        with CaptureQueriesContext(connection) as queries:
            browser.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_the_list_of_courses_says_how_the_latest_audit_stands(open_audit, personas, signed_in):
    def cell():
        page = signed_in(personas["training_office"]).get("/office/courses/courses/").content.decode()
        return page[page.index("数据共享") :]

    assert "审核中" in cell()
    say(open_audit, editor())
    assert "审核中" not in cell() and "通过" in cell()


def test_a_course_that_was_judged_stays(course, personas, signed_in):
    fresh = CourseFactory(edition=False)
    html = (
        signed_in(personas["training_office"])
        .post(f"/office/courses/courses/delete/{fresh.pk}/", follow=True)
        .content.decode()
    )
    assert "已有审核记录，不能删除" in html and Course.objects.filter(pk=fresh.pk).exists()


def test_editions_name_their_audit_and_the_outline_counts(course):
    course.modules = [module("第一单元", [course.modules.first().items.first().lesson])]
    published(course)
    assert edition_of(course).audit == CourseAudit.objects.passed().latest("pk")
    assert CourseEdition.objects.filter(audit__isnull=True).count() == 0
