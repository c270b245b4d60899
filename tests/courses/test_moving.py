"""Publishing moves nobody's goalposts; the office moves people, seen before, with reasons, and nothing gets lost."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cohorts import services as classes
from cohorts.reading.fulfilment import fulfilment
from core import clock
from core.errors import DomainError
from core.models import Notice
from courses.models import Course, Enrolment, LessonProgress
from courses.rules.progress import ProgressUpdate, number
from courses.services import (
    Move,
    answer_lesson_check,
    enrol,
    enrol_many,
    move_learners,
    plan_move,
    save_progress,
)
from courses.services import moving as moving_service
from people.models import Role
from records.models import HourEntry
from tests.factories.cohorts import CohortFactory, teacher_of
from tests.factories.courses import CourseFactory, LessonFactory, edition_of, module, note, published, right_answers
from tests.factories.people import UserFactory, grant

pytestmark = pytest.mark.django_db
READ = ProgressUpdate(sequence=1, position=number(100), reached_end=True)
AGAIN = ProgressUpdate(sequence=2, position=number(100), reached_end=True)
REASON = "第2版更正了法条"


def finish(enrolment: Enrolment, *positions: int) -> None:
    """Read these lessons to the end and pass their checks."""
    for lesson in enrolment.edition.lessons.filter(position__in=positions):
        save_progress(user=enrolment.user, enrolment=enrolment, lesson=lesson, update=READ)
        if lesson.check_paper:
            answers = right_answers(lesson.check_paper)
            key = f"00000000-0000-4000-8000-{enrolment.pk * 100 + lesson.position:012d}"
            answer_lesson_check(
                user=enrolment.user, enrolment=enrolment, lesson=lesson, client_key=key, answers=answers
            )
    enrolment.refresh_from_db()


def lessons_of(course: Course) -> list[Any]:
    return [item.lesson for item in course.modules.first().items.all()]


def rewritten(lesson: Any, words: str = "改过的正文") -> Any:
    lesson.refresh_from_db()
    lesson.body = [("heading", words)]
    return published(lesson)


def second_edition(course: Course, *, change: int | None = 1, add: bool = True, drop: int | None = None) -> Any:
    """Edition 2: one lesson rewritten, one added, one taken out."""
    lessons = lessons_of(course)
    if change is not None:
        rewritten(lessons[change])
    kept = [lesson for place, lesson in enumerate(lessons) if place != drop]
    course.modules = [module("第一单元", [*kept, *([LessonFactory(title="新加的课时")] if add else [])])]
    published(course)
    return edition_of(course)


@pytest.fixture
def course() -> Course:
    return CourseFactory(lessons=3)


@pytest.fixture
def officer(personas: dict[str, Any]) -> Any:
    return personas["training_office"]


def learner(personas: dict[str, Any], edition: Any, *done: int, name: str = "王小敏", key: str = "") -> Enrolment:
    user = UserFactory(name=name, unit=personas["trainee"].unit)
    row = enrol(user=user, edition=edition, context_key=key)
    finish(row, *done)
    return row


# Nothing moves by publishing.


def pages_of(browser: Any, row: Enrolment) -> list[Any]:
    """Everything a learner reads: the course's page without the line about a newer edition, lessons, checks, files."""
    lessons = [
        browser.get(reverse("courses:lesson", args=[row.public_id, n])).context for n in range(1, row.lessons_total + 1)
    ]
    course = browser.get(reverse("courses:course", args=[row.edition.course.key])).context
    video = browser.get(reverse("courses:video", args=[row.public_id, row.lessons_total]))
    seen = [(c["lesson"].title, str(c["lesson"].body), c["foot"]["missing"]) for c in lessons]
    checks = [
        [(q["stem"], [o["words"] for o in q["options"]]) for q in c["check"]["questions"]]
        for c in lessons
        if c["check"]
    ]
    facts = [course["edition"].title, course["edition"].summary, course["modules"], course["enrolment"].lessons_done]
    return [seen, checks, facts, b"".join(video.streaming_content)]


def test_publishing_changes_nothing_that_a_learner_on_the_old_edition_reads(personas, signed_in):
    course = CourseFactory(lessons=3, video=True)
    row = learner(personas, course.editions.get(), 1)
    browser = signed_in(row.user)
    before = pages_of(browser, row)
    texts = lessons_of(course)
    texts[0].check_of_learning.entries.first().delete()
    texts[2].refresh_from_db()
    texts[2].video = LessonFactory(video=True, seconds=90).video
    published(texts[2])
    course.title, course.summary = "全新的名称", "全新的简介"
    second = second_edition(course, change=0)
    assert second.number == 2 and second.title == "全新的名称"
    assert pages_of(browser, row) == before
    newcomer = enrol(user=UserFactory(), edition=second)
    page = reverse("courses:lesson", args=[newcomer.public_id, 1])
    assert "改过的正文" in signed_in(newcomer.user).get(page).content.decode()


# What a move does.


def test_ones_notes_are_there_in_the_other_edition(officer, personas, course, signed_in):
    first = course.editions.get()
    row = learner(personas, first, 1)
    note(row, "先查目录")
    move_learners(actor=officer, move=Move(first, second_edition(course, change=0)), reason=REASON)
    page = reverse("courses:around", args=[row.moved_to.public_id, 1])
    assert "先查目录" in signed_in(row.user).get(page).content.decode()


def test_progress_is_carried_and_the_old_enrolment_stays_as_evidence(personas, officer, course):
    first = course.editions.get()
    row = learner(personas, first, 1, 2)
    columns = [field.attname for field in LessonProgress._meta.concrete_fields if field.name != "version"]
    evidence = list(LessonProgress.objects.filter(enrolment=row).values(*columns))
    second = second_edition(course, change=1, add=True, drop=2)
    move = Move(first, second)
    [effect] = plan_move(actor=officer, move=move).effects
    assert (effect.after.done, effect.after.total) == (2, 3)
    assert move_learners(actor=officer, move=move, reason=REASON) == 1

    row.refresh_from_db()
    assert row.state == "moved" and list(LessonProgress.objects.filter(enrolment=row).values(*columns)) == evidence
    now = row.moved_to
    assert (now.edition, now.lessons_done, now.lessons_total, now.state) == (second, 2, 3, "active")
    rows = {p.lesson.position: p for p in now.progress.select_related("lesson")}
    assert rows[1].completed_at and not rows[1].renewed and rows[1].check_passed
    assert rows[2].completed_at and rows[2].renewed
    assert now.last_lesson.position == 2
    entry = ModelLogEntry.objects.get(action="courses.move_learners")
    assert entry.user == officer and entry.data["reason"] == REASON and entry.data["to"] == 2
    assert Notice.objects.get(recipient=row.user).title == "课程已换为新的版次"


def test_the_learner_goes_on_where_they_were_and_is_told_what_changed(personas, officer, course, signed_in):
    first = course.editions.get()
    row = learner(personas, first, 1)
    second = second_edition(course, change=0, add=False)
    browser, old_page = signed_in(row.user), reverse("courses:lesson", args=[row.public_id, 1])
    move_learners(actor=officer, move=Move(first, second), reason=REASON)
    html = browser.get(old_page, follow=True).content.decode()
    assert "内容已更新" in html and "改过的正文" not in html  # goes on at lesson 2
    now = row.user.enrolments.get(state="active")
    html = browser.get(reverse("courses:lesson", args=[now.public_id, 1])).content.decode()
    assert "改过的正文" in html and "已完成" in html
    stale = browser.post(
        reverse("courses:progress", args=[row.public_id, 2]),
        {"reached_end": "1"},
        headers={"accept": "application/json"},
    )
    assert stale.status_code == 404
    with pytest.raises(DomainError, match="另一版次"):
        save_progress(user=row.user, enrolment=row, lesson=first.lessons.first(), update=AGAIN)
    save_progress(user=row.user, enrolment=now, lesson=second.lessons.get(position=1), update=AGAIN)
    assert "内容已更新" not in browser.get(reverse("courses:course", args=[course.key])).content.decode()


def test_another_check_has_to_be_passed_unless_the_staff_says_so(personas, officer, course):
    first = course.editions.get()
    one, two = learner(personas, first, 1), learner(personas, first, 1, name="李小强")
    lessons_of(course)[0].check_of_learning.entries.first().delete()
    second = edition_of(course)
    only_one = Move(first, second, users=frozenset([one.user_id]))
    move_learners(actor=officer, move=only_one, reason=REASON)
    move_learners(actor=officer, move=Move(first, second, keep_checks=True), reason=REASON)
    for row, done in ((one, 0), (two, 1)):
        row.refresh_from_db()
        carried = row.moved_to.progress.get()
        assert (row.moved_to.lessons_done, carried.check_passed, bool(carried.completed_at)) == (
            done,
            done == 1,
            done == 1,
        )
        assert carried.reached_end


def test_who_would_lose_a_completed_course_is_named_and_moves_only_when_confirmed(personas, officer, course):
    first = course.editions.get()
    row, other = learner(personas, first, 1, 2, 3), learner(personas, first, name="李小强")
    assert row.state == "completed"
    second = second_edition(course)
    move = Move(first, second)
    assert [effect.enrolment for effect in plan_move(actor=officer, move=move).falling] == [row]
    for confirmed in ((), (other.pk,)):
        with pytest.raises(DomainError, match="王小敏等1人将由“已完成”变为“未完成”"):
            move_learners(actor=officer, move=move, reason=REASON, confirmed_falls=confirmed)
    assert not Enrolment.objects.filter(edition=second).exists()
    hours = list(HourEntry.objects.values())
    assert move_learners(actor=officer, move=move, reason=REASON, confirmed_falls=[row.pk]) == 2
    row.refresh_from_db()
    assert row.completed_at and row.moved_to.state == "active" and row.moved_to.completed_at is None
    assert list(HourEntry.objects.values()) == hours


def test_removing_the_missing_lesson_completes_and_is_announced(
    personas, officer, course, django_capture_on_commit_callbacks
):
    first = course.editions.get()
    row = learner(personas, first, 1, 2)
    second = second_edition(course, change=None, add=False, drop=2)
    with django_capture_on_commit_callbacks(execute=True) as news:
        move_learners(actor=officer, move=Move(first, second), reason=REASON)
    row.refresh_from_db()
    assert row.moved_to.state == "completed" and row.moved_to.completed_at and len(news) == 1


def test_back_and_forth_keeps_every_step(personas, officer, course):
    first = course.editions.get()
    row = learner(personas, first, 1)
    second = second_edition(course)
    move_learners(actor=officer, move=Move(first, second), reason=REASON)
    move_learners(actor=officer, move=Move(second, first), reason="改回")
    states = list(Enrolment.objects.filter(user=row.user).order_by("pk").values_list("state", "edition__number"))
    assert states == [("moved", 1), ("moved", 2), ("active", 1)]
    assert enrol(user=row.user, edition=first).state == "active"
    assert enrol_many(actor=officer, users=[row.user], edition=second, context_key="") == 1


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_move_has_a_reason(personas, officer, course, reason):
    first = course.editions.get()
    learner(personas, first)
    with pytest.raises(DomainError, match="请写明转换版次的原因"):
        move_learners(actor=officer, move=Move(first, second_edition(course)), reason=reason)


def test_only_the_office_moves_and_only_within_a_course(personas, officer, course):
    first, foreign = course.editions.get(), CourseFactory().editions.get()
    with pytest.raises(DomainError, match="只有培训处"):
        plan_move(actor=personas["content_editor"], move=Move(first, second_edition(course)))
    with pytest.raises(DomainError, match="同一门课程的另一个版次"):
        plan_move(actor=officer, move=Move(first, foreign))


def test_people_outside_the_scope_stay(officer, personas, course):
    first = course.editions.get()
    far = enrol(user=UserFactory(name="远方人"), edition=first)
    learner(personas, first)
    assert move_learners(actor=officer, move=Move(first, second_edition(course)), reason=REASON) == 1
    far.refresh_from_db()
    assert far.state == "active"


# A class.


@pytest.fixture
def cohort(frozen_clock, reference) -> Any:
    return CohortFactory(running=True, members=2)


def test_a_class_moves_with_what_it_asks_for(cohort, course):
    first, teacher = course.editions.get(), teacher_of(cohort)
    grant(teacher, Role.TRAINING_OFFICE, cohort.host)
    leaf = classes.require_course(actor=teacher, cohort=cohort, edition=first)
    row = Enrolment.objects.filter(edition=first).order_by("pk")[0]
    finish(row, 1, 2, 3)
    second = second_edition(course, change=0, add=False, drop=2)
    count = move_learners(actor=teacher, move=Move(first, second, cohort.context_key), reason=REASON)
    leaf.refresh_from_db()
    assert count == 2 and leaf.edition == second
    assert fulfilment(leaf, [row.user_id])[row.user_id][0] is True
    assert sorted(leaf.results.values_list("state", flat=True)) == ["met", "missing"]


def test_a_closed_class_and_one_of_another_host_do_not_move(cohort, course):
    first, teacher = course.editions.get(), teacher_of(cohort)
    classes.require_course(actor=teacher, cohort=cohort, edition=first)
    second = second_edition(course)
    move = Move(first, second, cohort.context_key)
    stranger = UserFactory(role=Role.TRAINING_OFFICE)
    with pytest.raises(DomainError, match="不归您办理"):
        plan_move(actor=stranger, move=move)
    grant(teacher, Role.TRAINING_OFFICE, cohort.host)
    type(cohort).objects.filter(pk=cohort.pk).update(state="closed", closed_at=clock.now())
    with pytest.raises(DomainError, match="不能办理"):
        move_learners(actor=teacher, move=move, reason=REASON)
    assert not Enrolment.objects.filter(edition=second).exists()


# Pages.


def test_the_page_of_editions_says_what_changed_and_who_learns_where(personas, officer, course, signed_in):
    learner(personas, course.editions.get(), 1)
    second_edition(course, change=1, add=True, drop=2)
    browser = signed_in(officer)
    html = browser.get(reverse("course_editions", args=[course.pk])).content.decode()
    for words in ("正文有改动", "新增，必修", "已去掉", "转到第2版", "自选", "第一个版次"):
        assert words in html
    page = signed_in(personas["content_editor"]).get(reverse("course_editions", args=[course.pk])).content.decode()
    assert "转到第2版" not in page and "正文有改动" in page
    assert (
        reverse("course_editions", args=[course.pk])
        in browser.get(f"/office/courses/courses/edit/{course.pk}/").content.decode()
    )


def test_the_page_of_a_move_shows_each_person_and_moves_the_chosen(personas, officer, course, signed_in):
    first = course.editions.get()
    row, other = learner(personas, first, 1, 2, 3), learner(personas, first, name="李小强")
    second = second_edition(course)
    browser, url = signed_in(officer), reverse("course_move", args=[course.pk])
    query = {"old": first.pk, "new": second.pk, "context": ""}
    html = browser.get(url, query).content.decode()
    assert "王小敏" in html and "由已完成变为学习中" in html and "3 / 4" in html and "1课时新增" in html
    data = {**query, "people": [row.pk], "falls": str(row.pk), "reason": REASON}
    refused = browser.post(url, data)
    assert refused.status_code == 422 and "将由“已完成”变为“未完成”" in refused.content.decode()
    html = browser.post(url, {**data, "confirm_falls": "on"}, follow=True).content.decode()
    assert "已将1名学员转到第2版" in html
    other.refresh_from_db()
    assert other.state == "active"
    again = browser.post(url, {**data, "confirm_falls": "on"})
    assert again.status_code == 422 and "没有可以转换的学员" in again.content.decode()


def test_a_strangers_class_is_not_there(personas, signed_in, cohort, course):
    first = course.editions.get()
    classes.require_course(actor=teacher_of(cohort), cohort=cohort, edition=first)
    second = second_edition(course)
    browser = signed_in(UserFactory(role=Role.TRAINING_OFFICE))
    query = {"old": first.pk, "new": second.pk, "context": cohort.context_key}
    assert browser.get(reverse("course_move", args=[course.pk]), query).status_code == 404


def test_queries_do_not_grow_with_people_or_editions(personas, officer, course, signed_in):
    first, browser, counts = course.editions.get(), signed_in(officer), []
    second = second_edition(course)
    urls = [(reverse("course_editions", args=[course.pk]), {})]
    urls.append((reverse("course_move", args=[course.pk]), {"old": first.pk, "new": second.pk, "context": ""}))
    for _ in range(2):
        for n in range(4):
            learner(personas, first, 1, name=f"学员{n}")
        with CaptureQueriesContext(connection) as queries:
            assert all(browser.get(url, query).status_code == 200 for url, query in urls)
        counts.append(len(queries))
        rewritten(lessons_of(course)[0], f"再改{len(counts)}")
        edition_of(course)
    assert counts[0] == counts[1] <= 50


# Two officers at once.


def at_once(*acts: Any) -> list[Any]:
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Any) -> None:
        try:
            barrier.wait(10)
            results[place] = act()
        except (DomainError, DatabaseError) as refusal:
            results[place] = refusal
        finally:
            connections["default"].close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_move_everybody_once(personas, officer, course):
    first = course.editions.get()
    rows = [learner(personas, first, 1, name=f"学员{n}") for n in range(3)]
    second = second_edition(course)
    third = second_edition(course, change=0, add=False)
    results = at_once(
        lambda: move_learners(actor=officer, move=Move(first, second), reason=REASON),
        lambda: move_learners(actor=officer, move=Move(first, third), reason=REASON),
    )
    assert sum(r for r in results if isinstance(r, int)) == len(rows)
    assert all(row.user.enrolments.current().count() == 1 for row in rows)


@pytest.mark.row_locks
@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_second_officer_meets_an_accident(personas, officer, course, monkeypatch):
    first = course.editions.get()
    row = learner(personas, first, 1)
    second = second_edition(course)
    third = second_edition(course, change=0, add=False)
    both = Barrier(2)
    planned = moving_service._planned

    def slowly(move: Move, rows: Any, lessons: Any, *, hold: bool = False) -> Any:
        plan = planned(move, rows, lessons)
        if hold:
            both.wait(10)
        return plan

    monkeypatch.setattr(moving_service, "_planned", slowly)
    monkeypatch.setattr(moving_service, "_held", lambda rows: rows)
    results = at_once(
        lambda: move_learners(actor=officer, move=Move(first, second), reason=REASON),
        lambda: move_learners(actor=officer, move=Move(first, third), reason=REASON),
    )
    assert any(isinstance(result, IntegrityError) for result in results)  # only the constraint stops the second
    assert row.user.enrolments.current().count() == 1
