"""Publishing: members read what was published, are told once what changed, and see no unpublished fiddling."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from cohorts import services
from cohorts.models import Cohort, TimetablePublication
from cohorts.reading import published
from core.errors import Conflict, DomainError
from core.models import Notice
from people.models import User
from tests.factories.cohorts import MONDAY, CohortFactory, publish, teacher_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def cohort(personas: dict[str, User]) -> Cohort:
    """A running class whose timetable nobody was told of yet."""
    users = [personas["trainee"], personas["other_trainee"]]
    teacher = personas["class_teacher"]
    return CohortFactory(running=True, members=users, size=1, teacher=teacher, place="云山市委党校", published=False)


@pytest.fixture
def pages(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> Any:
    """``pages(key, name)``: what a person reads on a page of the class."""

    def read(key: str, name: str, **query: str) -> str:
        return signed_in(personas[key]).get(reverse(f"cohorts:{name}", args=[cohort.public_id]), query).content.decode()

    return read


def tell(cohort: Cohort) -> TimetablePublication:
    return services.publish_timetable(actor=teacher_of(cohort), cohort=cohort)


def to_another_room(cohort: Cohort, room: str = "二楼会议室") -> None:
    session = cohort.sessions.earliest("day", "starts_at")
    services.change_session(actor=teacher_of(cohort), session=session, room=room)


def desk(personas: dict[str, User], signed_in: Any) -> str:
    return signed_in(personas["trainee"]).get(reverse("portal:desk")).content.decode()


def test_before_the_first_publication_members_read_that_there_is_none(
    cohort: Cohort, personas: dict[str, User], pages: Any, signed_in: Any
) -> None:
    page = pages("trainee", "class")
    assert "课表尚未发布" in page and "数据共享与业务协同" not in page and "三楼报告厅" not in page
    assert "课表尚未发布" in desk(personas, signed_in)
    assert "数据共享与业务协同" not in desk(personas, signed_in)
    assert "课表尚未发布，学员还看不到。" in pages("class_teacher", "timetable")


def test_members_read_the_published_rows_until_the_next_publication(
    cohort: Cohort, personas: dict[str, User], pages: Any, signed_in: Any
) -> None:
    tell(cohort)
    to_another_room(cohort)
    for page in (pages("trainee", "class"), desk(personas, signed_in)):
        assert "三楼报告厅" in page and "二楼会议室" not in page
    assert "有 1 处调整尚未通知学员" in pages("class_teacher", "timetable")
    tell(cohort)
    for page in (pages("trainee", "class"), desk(personas, signed_in)):
        assert "二楼会议室" in page
    assert "第 2 次发布" in pages("class_teacher", "timetable")


def test_control_pages_that_read_the_sessions_show_the_fiddling(
    cohort: Cohort, pages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same pages with the publication taken out of the way."""
    tell(cohort)
    to_another_room(cohort)
    real = published.last_told

    def live(of: Cohort) -> Any:
        told = real(of)
        return told and published.Told(told.number, told.at, published.entries_now(of))

    monkeypatch.setattr(published, "last_told", live)
    assert "二楼会议室" in pages("trainee", "class")


def test_the_confirmation_shows_the_sentences_and_each_member_gets_one_notice(
    cohort: Cohort, personas: dict[str, User], pages: Any, signed_in: Any
) -> None:
    tell(cohort)
    assert [n.title for n in Notice.objects.filter(recipient=personas["trainee"])] == ["课表已发布"]
    to_another_room(cohort)
    sentence = "9月14日上午《第1天上午：数据共享与业务协同》由三楼报告厅改到二楼会议室"
    page = pages("class_teacher", "timetable-publish")
    assert sentence in page
    url = reverse("cohorts:timetable-publish", args=[cohort.public_id])
    mark = page.split('name="mark" value="')[1].split('"')[0]
    answer = signed_in(personas["class_teacher"]).post(url, {"mark": mark})
    assert answer.url == reverse("cohorts:timetable", args=[cohort.public_id])
    mine = Notice.objects.filter(recipient=personas["trainee"]).first()
    assert mine.title == "课表有 1 处调整" and sentence in mine.text
    assert mine.url == reverse("cohorts:class", args=[cohort.public_id])
    assert Notice.objects.count() == 4, "two members, two publications"
    assert cohort.publications.last().changes == [sentence]


def test_what_moved_on_since_the_confirmation_is_not_published(cohort: Cohort) -> None:
    tell(cohort)
    to_another_room(cohort)
    seen = published.pending(cohort).mark
    to_another_room(cohort, "五楼")
    with pytest.raises(Conflict, match="确认期间课表又有改动"):
        services.publish_timetable(actor=teacher_of(cohort), cohort=cohort, seen=seen)
    assert cohort.publications.count() == 1


def test_nothing_new_and_nothing_at_all_are_refused(cohort: Cohort) -> None:
    tell(cohort)
    with pytest.raises(DomainError, match="没有需要发布的调整"):
        tell(cohort)
    with pytest.raises(DomainError, match="课表还是空的"):
        tell(CohortFactory(days=0))


def test_who_left_is_not_told(cohort: Cohort, personas: dict[str, User]) -> None:
    cohort.memberships.filter(user=personas["trainee"]).update(state="withdrawn", reason="退学")
    tell(cohort)
    assert [n.recipient for n in Notice.objects.all()] == [personas["other_trainee"]]


def test_a_member_reads_the_own_groups_lessons(cohort: Cohort, pages: Any) -> None:
    session = cohort.sessions.earliest("day", "starts_at")
    number = cohort.memberships.get(user__name="王敏").group.number
    other = cohort.groups.exclude(number=number).get()
    services.change_session(actor=teacher_of(cohort), session=session, title="分组研讨", groups=[other])
    tell(cohort)
    assert "分组研讨" not in pages("trainee", "class")
    assert "分组研讨" in pages("other_trainee", "class")


def test_a_publication_is_never_changed_and_numbered_once(cohort: Cohort) -> None:
    made = tell(cohort)
    assert "李静" not in str(made.rows), "people stand in publications by key alone"
    with pytest.raises(DatabaseError), transaction.atomic():
        TimetablePublication.objects.filter(pk=made.pk).update(rows=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        made.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        TimetablePublication.objects.create(cohort=cohort, number=1, by=teacher_of(cohort), rows=[])


def test_strangers_do_not_publish(cohort: Cohort, personas: dict[str, User]) -> None:
    with pytest.raises(DomainError, match="只有本班班主任"):
        services.publish_timetable(actor=personas["other_teacher"], cohort=cohort)


def test_pages_take_as_many_queries_for_many_lessons_as_for_few(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    """Ten lessons and sixty, with a lecturer each."""
    tell(cohort)
    client = signed_in(personas["training_office"])
    member = signed_in(personas["trainee"])

    def counted(browser: Any, name: str) -> int:
        with CaptureQueries() as seen:
            assert browser.get(reverse(f"cohorts:{name}", args=[cohort.public_id])).status_code == 200
        return len(seen)

    few = [counted(client, "timetable"), counted(client, "timetable-publish"), counted(member, "class")]
    lecturers = [personas["lecturer"], personas["class_teacher"]]
    for n in range(50):
        session = cohort.sessions.create(
            title=f"加课{n}", day=MONDAY, half="pm", starts_at=time(18, n), ends_at=time(18, n + 1), hours=0,
            lecturer=lecturers[n % 2],
        )  # fmt: skip
        session.groups.set([cohort.groups.first()])
    publish(cohort)
    many = [counted(client, "timetable"), counted(client, "timetable-publish"), counted(member, "class")]
    assert all(b <= a + 2 for a, b in zip(few, many, strict=True)), (few, many)


def CaptureQueries() -> Any:
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


def test_shares_of_hours_stand_on_the_office_page(cohort: Cohort, personas: dict[str, User], pages: Any) -> None:
    services.put_faculty(actor=personas["training_office"], user=personas["lecturer"], kind="university")
    first = cohort.sessions.earliest("day", "starts_at")
    services.change_session(actor=teacher_of(cohort), session=first, lecturer=personas["lecturer"], kind="case")
    page = pages("training_office", "timetable")
    assert "案例教学" in page and "10.0%" in page and "90.0%" in page
    assert "高校专家" in page and "未指定授课教师" in page
    assert "截至2026年9月14日的课表" in page


def test_week_and_day_sheets_show_the_lessons(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    office = signed_in(personas["training_office"])
    week = office.get(reverse("cohorts:timetable-week", args=[cohort.public_id, MONDAY])).content.decode()
    assert week.count("数据共享与业务协同") == 10 and "含尚未发布的安排" in week
    tell(cohort)
    day = office.get(reverse("cohorts:timetable-day", args=[cohort.public_id, MONDAY])).content.decode()
    assert day.count("数据共享与业务协同") == 2 and "含尚未发布的安排" not in day
    far = reverse("cohorts:timetable-week", args=[cohort.public_id, date(2030, 1, 7)])
    assert office.get(far).status_code == 404


def test_a_holiday_within_the_week_is_named(cohort: Cohort, personas: dict[str, User], pages: Any) -> None:
    from core.calendar import put_day

    put_day(actor=personas["training_office"], day=date(2026, 9, 16), is_working=False, name="校庆")
    assert "校庆 休息" in pages("training_office", "timetable")


def test_moving_a_card_by_the_same_address(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    teacher = signed_in(personas["class_teacher"])
    session = cohort.sessions.earliest("day", "starts_at")
    url = reverse("cohorts:session-move", args=[cohort.public_id, session.pk])
    answer = teacher.post(url, {"day": "2026-09-15", "half": "am"}, follow=True)
    assert "本班 09:00至12:00已排" in answer.content.decode() or "超过学时规则" in answer.content.decode()
    services.remove_session(actor=teacher_of(cohort), session=cohort.sessions.get(day="2026-09-15", half="pm"))
    answer = teacher.post(url, {"day": "2026-09-15", "half": "pm"}, follow=True)
    assert "已移动" in answer.content.decode()
    session.refresh_from_db()
    assert (session.day, session.half, session.starts_at) == (date(2026, 9, 15), "pm", time(14))
    assert "没有认出" in teacher.post(url, {"day": "x"}, follow=True).content.decode()


def test_timetables_that_stood_before_count_as_published(cohort: Cohort) -> None:
    """What the migration writes is what the office has: nothing is pending afterwards, nobody gets a notice."""
    import importlib

    from django.apps import apps

    empty = CohortFactory(days=0)
    importlib.import_module("cohorts.migrations.0008_publish_standing_timetables").publish(apps, None)
    assert published.pending(cohort).changes == [] and published.pending(cohort).number == 2
    assert not empty.publications.exists() and not Notice.objects.exists()
