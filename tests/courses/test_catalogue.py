"""The catalogue and the course page, as a visitor and as a learner read them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import Enrolment
from courses.services import enrol, publish_edition
from tests.factories.courses import CourseFactory, EditionFactory, LessonFactory, editor, published
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
CATALOGUE = "/courses/"


def page(client, url=CATALOGUE, **query) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r'co-card-title"><a href="[^"]+">([^<]+)</a>', html)


@pytest.fixture
def offer():
    """Three courses of two tracks, one of them with a video."""
    CourseFactory(key="data", title="政务数据共享", track="digital", hours=Decimal("1"), indicators=("C2",), lessons=1)
    film = {"hours": Decimal("2"), "indicators": ("B2", "C2"), "video": True}
    CourseFactory(key="film", title="一件事联办", track="digital", lessons=1, **film)
    CourseFactory(key="law", title="依法决策", track="law", hours=Decimal("4.5"), indicators=("E1",), lessons=1)


def test_a_visitor_finds_the_courses_with_what_they_are(client, offer):
    html = page(client)
    assert titles(html) == ["依法决策", "一件事联办", "政务数据共享"]
    assert "共 3 门课程" in html
    assert "1 课时（含视频）" in html and "4.5 学时" in html and "示范内容，使用前须经审核" in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"track": "law"}, ["依法决策"]),
        ({"kind": "video"}, ["一件事联办"]),
        ({"indicator": "C2"}, ["一件事联办", "政务数据共享"]),
        ({"hours": "1"}, ["政务数据共享"]),
        ({"hours": "2"}, ["一件事联办"]),
        ({"hours": "more"}, ["依法决策"]),
        ({"indicator": "C2", "kind": "article"}, ["政务数据共享"]),
        ({"track": "law", "kind": "video"}, []),
        ({"q": "联办"}, ["一件事联办"]),
        ({"q": "决策", "track": "digital"}, []),
    ],
)
def test_filters_and_search_narrow_the_list(client, offer, query, expected):
    html = page(client, **query)
    assert titles(html) == expected
    if not expected:
        assert "没有符合条件的课程" in html and "查看全部课程" in html


def counts(html: str) -> dict[str, int]:
    found = re.findall(r'<a href="[^"]*"[^>]*>([^<]+)<span class="lh-figures co-count"[^>]*>(\d+)</span>', html)
    return {label: int(count) for label, count in found}


def test_each_filter_says_how_many_courses_it_leaves(client, offer):
    assert counts(page(client)) | {"数字政府": 2, "法治监督": 1, "图文": 2, "视频": 1} == counts(page(client))
    narrowed = counts(page(client, track="digital"))
    assert narrowed["法治监督"] == 1, "the other values of a chosen filter keep their counts"
    assert narrowed["图文"] == 1 and narrowed["视频"] == 1


def test_a_chosen_filter_is_marked_and_its_address_lifts_it(client, offer):
    html = page(client, track="law", q="决策")
    [chip] = re.findall(r'<a href="([^"]+)" aria-current="true">法治监督', html)
    assert "track" not in chip and "q=" in chip


def test_an_unknown_filter_is_said_and_not_used(client, offer):
    html = page(client, track="nonsense", indicator="Z9")
    assert "筛选条件不存在" in html and len(titles(html)) == 3
    for name in ("track", "kind", "hours", "indicator", "page"):
        page(client, **{name: "\x00"})


def test_nothing_to_offer_is_a_beginning(client):
    assert "课程将列在这里" in page(client)


def test_a_two_character_word_inside_a_title_is_found(client, offer):
    assert titles(page(client, q="政务")) == ["政务数据共享"]
    assert titles(page(client, q="共享")) == ["政务数据共享"]
    assert titles(page(client, q="据共")) == ["政务数据共享"]


ODD = ["'", '"', "%", "\\", "a:b", "NEAR(", "*", "-", "()", "\x00", "OR", "🙂", "数" * 500, "' OR 1=1--"]


@pytest.mark.parametrize("words", ODD)
def test_any_query_is_answered(client, offer, words):
    page(client, q=words)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80), st.text(max_size=10))
def test_any_text_in_any_parameter_is_answered(client, offer, words, value):
    page(client, q=words, track=value, kind=value, hours=value, indicator=value, page=value)


def test_a_withdrawn_course_and_one_without_edition_are_not_offered(client, offer):
    from courses.models import Course

    Course.objects.get(key="law").unpublish()
    CourseFactory(title="还没有版次", edition=False)
    assert set(titles(page(client))) == {"一件事联办", "政务数据共享"}
    assert client.get("/courses/law/").status_code == 404
    assert client.get("/courses/nowhere/").status_code == 404


def test_the_newest_edition_is_offered_and_the_learner_keeps_theirs(client, signed_in, offer):
    from courses.models import Course

    course = Course.objects.get(key="data")
    learner = UserFactory()
    enrol(user=learner, edition=course.editions.get())
    course.title = "政务数据共享（新）"
    published(course)
    publish_edition(actor=editor(), course=course)
    assert "政务数据共享（新）" in page(client, "/courses/data/")
    html = page(signed_in(learner), "/courses/data/")
    assert "您学习的是第1版；课程已更新到第2版" in html and "政务数据共享（新）" not in html


def test_a_visitor_is_led_to_sign_in(client, offer):
    html = page(client, "/courses/data/")
    assert "登录后选课" in html and "next=%2Fcourses%2Fdata%2F" in html
    assert "能写出字段级的数据共享需求单" in html and "数据共享与业务协同" in html


def test_choosing_needs_a_post_and_leads_to_the_first_lesson(signed_in, offer):
    browser = signed_in(UserFactory())
    assert browser.get("/courses/data/enrol/").status_code == 405
    assert not Enrolment.objects.exists()
    assert "选课" in page(browser, "/courses/data/")
    for _ in range(2):
        response = browser.post("/courses/data/enrol/", follow=True)
    enrolment = Enrolment.objects.get()
    assert response.redirect_chain[-1][0] == reverse("courses:lesson", args=[enrolment.public_id, 1])
    assert "开始学习" in page(browser, "/courses/data/")


def test_choosing_needs_an_account(client, offer):
    assert client.post("/courses/data/enrol/").status_code == 302
    assert not Enrolment.objects.exists()


def test_an_editor_sees_a_course_before_its_first_edition(client, signed_in):
    CourseFactory(key="draft", edition=False)
    assert client.get("/courses/draft/").status_code == 404
    assert "还没有发布版次" in page(signed_in(UserFactory(role="content_editor")), "/courses/draft/")


def test_a_learner_of_a_withdrawn_course_still_finds_it(signed_in, offer):
    from courses.models import Course

    learner = UserFactory()
    enrol(user=learner, edition=Course.objects.get(key="law").editions.get())
    Course.objects.get(key="law").unpublish()
    assert "开始学习" in page(signed_in(learner), "/courses/law/")


def test_the_catalogue_costs_the_same_with_two_courses_and_twenty(signed_in, django_assert_max_num_queries):
    browser = signed_in(UserFactory())
    lesson = LessonFactory()
    for _ in range(2):
        CourseFactory(lessons=[lesson])
    with django_assert_max_num_queries(14) as few:
        page(browser)
    for _ in range(18):
        CourseFactory(lessons=[lesson])
    with django_assert_max_num_queries(14) as many:
        assert len(titles(page(browser))) == 12
    assert len(many) == len(few)


@pytest.mark.parametrize("lessons", [2, 12])
def test_the_course_page_stays_under_fifteen_queries(signed_in, django_assert_max_num_queries, lessons):
    edition = EditionFactory(key="long", lessons=lessons, checked=False)
    learner = UserFactory()
    enrol(user=learner, edition=edition)
    browser = signed_in(learner)
    with django_assert_max_num_queries(10):
        page(browser, "/courses/long/")
