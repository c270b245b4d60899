"""Suggestions of courses: the rule, what a person reads, and that nobody else does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from competencies.models import Indicator
from competencies.profiles import profile
from competencies.services import EvidenceEntry, record_evidence
from courses.models import Enrolment
from courses.rules.advice import Offer, gaps_of, suggest, undecided
from courses.services import enrol
from tests.competencies.test_profiles import FRAMEWORK, piece
from tests.factories.courses import CourseFactory
from tests.factories.people import PostingFactory, UserFactory

EXPECTED = {"A1": Decimal("3"), "C1": Decimal("3"), "C2": Decimal("3.50")}


def two_kinds(indicator: str, score: str) -> list:
    return [piece(indicator, score=score), piece(indicator, kind="task", score=score)]


def test_a_gap_is_what_is_missing_to_the_expectation():
    [gap] = gaps_of(profile([*two_kinds("C2", "2"), *two_kinds("C1", "4")], FRAMEWORK), EXPECTED)
    assert (gap.code, gap.level, gap.expected, gap.size) == ("C2", Decimal("2.00"), Decimal("3.50"), Decimal("1.50"))


def test_what_was_reached_after_the_training_counts_not_what_was_before():
    pieces = [piece("C2", phase="pre", score="1"), *two_kinds("C2", "4")]
    assert gaps_of(profile(pieces, FRAMEWORK), EXPECTED) == []


def test_one_kind_of_evidence_claims_no_gap():
    thin = profile([piece("C2", score="1")], FRAMEWORK)
    assert gaps_of(thin, EXPECTED) == [] and undecided(thin) == ["政治能力", "数字化治理"]


def test_nothing_is_expected_where_nothing_is_said():
    assert gaps_of(profile(two_kinds("C2", "1"), FRAMEWORK), {}) == []


def test_the_greatest_need_comes_first_and_completed_courses_are_left_out():
    gaps = gaps_of(profile([*two_kinds("C2", "2"), *two_kinds("C1", "2.5")], FRAMEWORK), EXPECTED)
    offers = [Offer(1, frozenset({"C1"})), Offer(2, frozenset({"C1", "C2"})), Offer(3, frozenset({"C2"})),
              Offer(4, frozenset({"B1"}))]  # fmt: skip
    assert [s.course for s in suggest(gaps, offers, set())] == [2, 3, 1]
    assert [g.code for g in suggest(gaps, offers, set())[0].gaps] == ["C2", "C1"]
    assert [s.course for s in suggest(gaps, offers, {2}, most=1)] == [3]


@given(
    st.lists(st.tuples(st.sampled_from(["C1", "C2"]), st.sampled_from(["test", "task"]), st.integers(1, 5))),
    st.sets(st.integers(1, 6)),
)
def test_no_suggestion_without_a_gap_it_covers(rows, completed):
    gaps = gaps_of(profile([piece(code, kind=kind, score=str(n)) for code, kind, n in rows], FRAMEWORK), EXPECTED)
    offers = [Offer(n, frozenset({"C1"} if n % 2 else {"C2", "E1"})) for n in range(1, 7)]
    for suggestion in suggest(gaps, offers, completed):
        assert suggestion.course not in completed and suggestion.need > 0
        assert {g.code for g in suggestion.gaps} <= {g.code for g in gaps}


# What a person reads.


def weak(user, code: str = "C2", score: str = "2", kinds: tuple[str, ...] = ("test", "task")) -> None:
    pk = Indicator.objects.get(code=code).pk
    record_evidence(actor=user, entries=[
        EvidenceEntry(user.pk, pk, kind, "post", Decimal(score), 3, "结业考试", f"{kind}:{code}", "", date(2026, 9, 1))
        for kind in kinds
    ])  # fmt: skip


@pytest.fixture
def cadre(reference):
    user = UserFactory(role="trainee")
    PostingFactory(user=user)
    CourseFactory(key="data", title="政务数据共享", lessons=1, checked=False)
    return user


def block(browser) -> str:
    return browser.get("/learn/courses/advice/").content.decode()


@pytest.mark.django_db
def test_the_reason_stands_in_words_and_opens_the_evidence(signed_in, cadre):
    weak(cadre)
    html = block(signed_in(cadre))
    assert "您的“数据共享与业务协同”现为 L2，同职级期望 L3.5；本课程覆盖该指标。" in html
    assert f'href="{reverse("portal:archive")}#dimension-C"' in html and "仅用于培训改进" in html
    assert 'id="dimension-C"' in signed_in(cadre).get(reverse("portal:archive")).content.decode()
    catalogue = signed_in(cadre).get("/courses/").content.decode()
    assert "现为 L2，同职级期望 L3.5" in catalogue
    assert "为您推荐" not in signed_in(cadre).get("/courses/", {"track": "digital"}).content.decode()


@pytest.mark.django_db
def test_a_completed_course_is_not_suggested(signed_in, cadre, frozen_clock):
    weak(cadre)
    enrolment = enrol(user=cadre, edition=CourseFactory(lessons=1, checked=False).editions.get())
    course = enrolment.edition.title
    assert course in block(signed_in(cadre))
    Enrolment.objects.filter(pk=enrolment.pk).update(state="completed", completed_at=frozen_clock)
    assert course not in block(signed_in(cadre))


@pytest.mark.django_db
def test_too_little_evidence_no_posting_and_nothing_missing_are_said(signed_in, cadre):
    browser = signed_in(cadre)
    assert "能力证据不足" in block(browser)
    weak(cadre, kinds=("test",))
    assert "能力证据不足" in block(browser) and "现为 L2" not in block(browser)
    weak(cadre, code="C1", score="5")
    cadre.postings.all().delete()
    assert "还没有任职记录" in block(browser)


@pytest.mark.django_db
def test_who_declines_is_left_alone_until_they_ask_again(signed_in, cadre):
    weak(cadre)
    browser = signed_in(cadre)
    assert browser.get("/learn/courses/advice/switch/").status_code == 405
    for _ in range(2):
        answer = browser.post("/learn/courses/advice/switch/", {"wish": "off"}, follow=True)
        assert "您已关闭课程推荐" in answer.content.decode()
    assert "现为 L2" not in browser.get("/courses/").content.decode()
    assert "现为 L2" in browser.post("/learn/courses/advice/switch/", {"wish": "on"}, follow=True).content.decode()


@pytest.mark.django_db
def test_nobody_else_reads_it(client, signed_in, cadre):
    weak(cadre)
    assert "现为 L2" not in client.get("/courses/").content.decode()
    for role in ("training_office", "leader", "unit_admin", "class_teacher", "lecturer", "content_editor"):
        stranger = UserFactory(role=role, unit=cadre.unit)
        assert "现为 L2" not in signed_in(stranger).get("/courses/").content.decode()
        assert signed_in(stranger).get("/learn/courses/advice/").status_code == 403


@pytest.mark.django_db
def test_the_desk_asks_for_it_apart(signed_in, cadre, django_assert_max_num_queries):
    weak(cadre)
    browser = signed_in(cadre)
    assert 'hx-get="/learn/courses/advice/"' in browser.get("/learn/").content.decode()
    for n in range(20):
        CourseFactory(key=f"more-{n}", lessons=1, checked=False)
    with django_assert_max_num_queries(16):
        part = browser.get("/learn/courses/advice/", headers={"HX-Request": "true"}).content.decode()
    assert "现为 L2" in part and "<html" not in part
