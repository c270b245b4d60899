"""The catalogue and the course page, as a visitor and as a learner read them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.rich_text import RichText

from core import clock
from courses.models import Course, CourseEdition, Enrolment
from courses.services import enrol, publish_edition
from tests.factories.courses import CourseFactory, EditionFactory, LessonFactory, editor, finish, published, text_block
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
    for name in ("track", "kind", "hours", "indicator", "lecturer", "mine", "sort", "page"):
        page(client, **{name: "\x00"})


def test_nothing_to_offer_is_a_beginning(client):
    assert "课程将列在这里" in page(client)


def test_a_two_character_word_inside_a_title_is_found(client, offer):
    assert titles(page(client, q="政务")) == ["政务数据共享"]
    assert titles(page(client, q="共享"))[0] == "政务数据共享", "others speak of it in their lessons"
    assert titles(page(client, q="据共")) == ["政务数据共享"]


def test_what_the_lessons_teach_and_who_teaches_is_found(client, offer):
    lesson = LessonFactory(title="流程再造", body=[text_block("先画现状图，再数跑动次数，最后合并环节。")])
    CourseFactory(key="flow", title="事项办理", lecturer="欧阳文静", lessons=[lesson])
    for words in ("跑动", "再造", "现状图", "欧阳", "文静", "事项", "合并 欧阳"):
        assert titles(page(client, q=words)) == ["事项办理"], words
    assert titles(page(client, q="跑动 决策")) == [], "every word has to be there"


def test_words_of_a_lesson_that_is_not_in_the_edition_are_not_found(client, offer):
    lesson = LessonFactory(body=[text_block("旧词语甲乙")])
    CourseFactory(title="有版次的课程", lessons=[lesson])
    lesson.body = [("text", RichText("<p>新词语丙丁</p>"))]
    published(lesson)
    assert titles(page(client, q="甲乙")) == ["有版次的课程"] and titles(page(client, q="丙丁")) == []


def test_courses_that_bear_the_words_in_their_title_come_first(client):
    CourseFactory(title="数据要素", lessons=1)
    CourseFactory(title="后来的课程", summary="讲数据要素。", lessons=1)
    assert titles(page(client, q="数据要素")) == ["数据要素", "后来的课程"]


def test_the_newest_first_or_by_name(client, offer):
    assert titles(page(client, sort="title")) == ["依法决策", "一件事联办", "政务数据共享"]
    for sort in ("newest", "hits", "\x00"):
        assert titles(page(client, sort=sort))[0] == "依法决策"
    assert re.search(r'href="\?q=[^"]*&amp;sort=title"|href="\?sort=title&amp;q=', page(client, q="数据", page="1"))


def test_by_lecturer(client, offer):
    CourseFactory(title="另一位的课", lecturer="欧阳文静", lessons=1)
    assert counts(page(client))["欧阳文静"] == 1
    assert titles(page(client, lecturer="欧阳文静")) == ["另一位的课"]
    assert "筛选条件不存在" in page(client, lecturer="没有这个人")


def test_many_lecturers_are_folded_away_and_the_chosen_one_is_shown(client):
    lesson = LessonFactory()
    for n in range(10):
        CourseFactory(lecturer=f"示范讲师{n}", lessons=[lesson])
    assert "另有 2 项" in page(client)
    assert '<details class="co-facet-more" open>' in page(client, lecturer="示范讲师9", track="digital")


@pytest.fixture
def learner(offer):
    """Somebody who is on with one course, has finished another and has not opened a third."""
    person = UserFactory()
    for key, state in (("data", "active"), ("film", "completed")):
        enrolment = enrol(user=person, edition=Course.objects.get(key=key).editions.get())
        Enrolment.objects.filter(pk=enrolment.pk).update(state=state, completed_at=clock.now(), touched_at=clock.now())
    enrol(user=person, edition=CourseFactory(title="文书写作", lessons=[LessonFactory()]).editions.get())
    return person


@pytest.mark.parametrize(
    ("mine", "expected", "word"),
    [
        ("begin", ["文书写作"], "未开始"),
        ("learning", ["政务数据共享"], "学习中"),
        ("done", ["一件事联办"], "已完成"),
        ("not-yet", ["依法决策"], "未选"),
    ],
)
def test_one_s_own_state_narrows_and_stands_on_the_card(signed_in, learner, mine, expected, word):
    html = page(signed_in(learner), mine=mine)
    assert titles(html) == expected
    [card] = re.findall(r'<li class="co-card.*?</li>', html, re.DOTALL)
    assert word in card
    assert counts(html)["未开始"] == counts(html)["学习中"] == counts(html)["已完成"] == 1


def test_own_states_follow_the_other_filters(signed_in, learner):
    assert "学习中" not in counts(page(signed_in(learner), track="law"))
    assert counts(page(signed_in(learner), mine="done"))["数字政府"] == 1


def test_a_visitor_has_no_states(client, learner):
    html = page(client, mine="done")
    assert len(titles(html)) == 4 and "我的学习" not in html and "未选" not in html


ODD = ["'", '"', "%", "\\", "a:b", "NEAR(", "*", "-", "()", "\x00", "OR", "🙂", "数" * 500, "' OR 1=1--"]


@pytest.mark.parametrize("words", ODD)
def test_any_query_is_answered(client, offer, words):
    page(client, q=words)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80), st.text(max_size=10))
def test_any_text_in_any_parameter_is_answered(client, offer, words, value):
    names = ("track", "kind", "hours", "indicator", "lecturer", "mine", "sort", "page")
    page(client, q=words, **dict.fromkeys(names, value))


def test_a_withdrawn_course_and_one_without_edition_are_not_offered(client, offer):
    Course.objects.get(key="law").unpublish()
    CourseFactory(title="还没有版次", edition=False)
    assert set(titles(page(client))) == {"一件事联办", "政务数据共享"}
    assert client.get("/courses/law/").status_code == 404
    assert client.get("/courses/nowhere/").status_code == 404


def test_the_newest_edition_is_offered_and_the_learner_keeps_theirs(client, signed_in, offer):
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
    learner = UserFactory()
    enrol(user=learner, edition=Course.objects.get(key="law").editions.get())
    Course.objects.get(key="law").unpublish()
    assert "开始学习" in page(signed_in(learner), "/courses/law/")


def test_the_catalogue_costs_the_same_with_ten_courses_and_two_hundred(signed_in, django_assert_max_num_queries):
    browser = signed_in(UserFactory())
    first = CourseFactory(lessons=1, checked=False).editions.get()
    more_courses(first, 9)
    with django_assert_max_num_queries(19) as few:
        page(browser, sort="title")
    more_courses(first, 190)
    with django_assert_max_num_queries(19) as many:
        assert len(titles(page(browser, sort="title"))) == 12
    assert len(many) == len(few)


def more_courses(like, number: int) -> None:
    """Courses as taught, without the way through the editor."""
    base = Course.objects.count()
    names = [f"示范课程第{base + n}门" for n in range(number)]
    Course.objects.bulk_create(
        [Course(key=f"many-{base + n}", title=t, track="law", summary="示范", hours=1) for n, t in enumerate(names)]
    )
    made = Course.objects.filter(title__in=names)
    CourseEdition.objects.bulk_create(
        CourseEdition(course=c, number=1, title=c.title, track="law", hours=1, lecturer=f"讲师{c.pk}",
                      revision=like.revision, made_by=like.made_by) for c in made
    )  # fmt: skip


@pytest.mark.parametrize("lessons", [5, 60])
def test_the_course_page_stays_under_fifteen_queries(signed_in, django_assert_max_num_queries, lessons):
    edition = EditionFactory(key="long", lessons=lessons, checked=False)
    learner = UserFactory()
    enrolment = enrol(user=learner, edition=edition)
    browser = signed_in(learner)
    with django_assert_max_num_queries(13):
        page(browser, "/courses/long/")
    finish(enrolment)
    with django_assert_max_num_queries(15):
        page(browser, "/courses/long/")
