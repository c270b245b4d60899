"""Questions to lecturers: who reads them, with which name, who answers, who hides."""

from __future__ import annotations

import uuid

import pytest

from core.errors import DomainError
from core.models import Notice
from courses.models import LessonAnswer, LessonQuestion
from courses.services import enrol, questions
from tests.factories.courses import EditionFactory, question, teach
from tests.factories.people import UserFactory, grant

pytestmark = pytest.mark.django_db
ASKED = "目录里没有的数据怎样申请？"


@pytest.fixture
def course(personas):
    """The trainee and a neighbour learn on it, the lecturer teaches it."""
    edition = EditionFactory(key="data", lessons=2, checked=False)
    teach(edition.course, personas["lecturer"])
    enrol(user=personas["other_trainee"], edition=edition)
    return edition.course


@pytest.fixture
def mine(personas, course):
    return enrol(user=personas["trainee"], edition=course.editions.get())


def around(enrolment, part: str = "") -> str:
    return f"/learn/courses/{enrolment.public_id}/1/around/{part}"


def listed(browser) -> str:
    response = browser.get("/learn/courses/questions/data/")
    assert response.status_code == 200
    return response.content.decode()


def answered(personas, asked, text: str = "先填需求单，由数据局协调。") -> LessonAnswer:
    return questions.answer(actor=personas["lecturer"], question=asked, key=uuid.uuid4(), text=text)


def test_a_question_is_asked_once_and_reaches_the_lecturer(signed_in, personas, mine):
    browser = signed_in(personas["trainee"])
    sent = {"ask-key": uuid.uuid4(), "ask-text": ASKED}
    for _ in range(2):
        assert browser.post(around(mine, "ask/"), sent)["Location"].endswith("#questions")
    page = browser.get(around(mine)).content.decode()
    assert LessonQuestion.objects.count() == 1 and ASKED in page and "等待回复" in page
    assert Notice.objects.get(recipient=personas["lecturer"]).title == "学员有新的提问"
    inbox = signed_in(personas["lecturer"]).get("/teach/questions/").content.decode()
    assert ASKED in inbox and "王敏" in inbox


def test_where_nobody_teaches_the_office_of_the_asker_hears(personas):
    lonely = enrol(user=personas["trainee"], edition=EditionFactory(lessons=1, checked=False))
    UserFactory(role="training_office")
    question(lonely)
    assert [n.recipient for n in Notice.objects.filter(title="学员有新的提问")] == [personas["training_office"]]


def test_with_scripts_the_panel_is_swapped_and_an_empty_question_is_said(signed_in, personas, mine):
    browser = signed_in(personas["trainee"])
    headers = {"HX-Request": "true"}
    wrong = browser.post(around(mine, "ask/"), {"ask-key": uuid.uuid4(), "ask-text": " "}, headers=headers)
    assert wrong.status_code == 422 and "<html" not in wrong.content.decode() and "lh-error" in wrong.content.decode()
    right = browser.post(around(mine, "ask/"), {"ask-key": uuid.uuid4(), "ask-text": ASKED}, headers=headers)
    assert right.status_code == 200 and ASKED in right.content.decode()


def test_others_read_it_once_it_is_answered_and_without_the_name(signed_in, personas, mine):
    asked, neighbour = question(mine), signed_in(personas["other_trainee"])
    assert ASKED not in listed(neighbour)
    answered(personas, asked)
    html = listed(neighbour)
    assert ASKED in html and "先填需求单" in html and "欧阳文静" in html
    assert "王敏" not in html, "the asker did not allow the name"
    assert "我的提问" in listed(signed_in(personas["trainee"]))


def test_who_allows_it_is_named(signed_in, personas, mine):
    answered(personas, question(mine, name_shown=True))
    assert "王敏" in listed(signed_in(personas["other_trainee"]))


def test_the_asker_is_told_of_the_answer_without_its_words(personas, mine):
    answered(personas, question(mine))
    told = Notice.objects.get(recipient=personas["trainee"])
    assert told.title == "您的提问有了回复" and "需求单" not in told.text + told.title
    assert told.url.startswith("/learn/courses/questions/data/#question-")


def test_who_does_not_learn_on_the_course_finds_nothing(signed_in, personas, mine):
    answered(personas, question(mine))
    for persona in ("class_teacher", "leader", "lecturer", "training_office", "content_editor"):
        assert signed_in(personas[persona]).get("/learn/courses/questions/data/").status_code == 404
    assert signed_in(UserFactory(role="trainee")).get("/learn/courses/questions/data/").status_code == 404


def test_the_office_may_answer_for_its_own_people_only(signed_in, personas, mine):
    asked = question(mine)
    page = f"/teach/questions/{asked.public_id}/"
    other_office = UserFactory(role="training_office")
    other_lecturer = UserFactory(role="lecturer")
    for stranger in (other_office, other_lecturer):
        assert signed_in(stranger).get(page).status_code == 404
        assert signed_in(stranger).post(page, {"key": uuid.uuid4(), "text": "不该成功"}).status_code == 404
        assert ASKED not in signed_in(stranger).get("/teach/questions/").content.decode()
        with pytest.raises(DomainError, match="只有本课程的主讲"):
            questions.answer(actor=stranger, question=asked, key=uuid.uuid4(), text="不该成功")
    for persona in ("trainee", "class_teacher", "unit_admin", "leader", "content_editor"):
        assert signed_in(personas[persona]).get(page).status_code == 403
    browser, key = signed_in(personas["training_office"]), uuid.uuid4()
    for _ in range(2):
        answer = browser.post(page, {"key": key, "text": "请联系数据局。"}, follow=True)
        assert "已回复" in answer.content.decode()
    assert LessonAnswer.objects.count() == 1


def test_a_hidden_question_is_gone_for_the_others_and_its_asker_reads_why(signed_in, personas, mine):
    asked = question(mine)
    answered(personas, asked)
    lecturer, page = signed_in(personas["lecturer"]), f"/teach/questions/{asked.public_id}/"
    assert "请写明隐藏的理由" in lecturer.post(page + "hide/", {"reason": " "}, follow=True).content.decode()
    lecturer.post(page + "hide/", {"reason": "写到了具体的人"})
    assert ASKED not in listed(signed_in(personas["other_trainee"]))
    assert "理由：写到了具体的人" in listed(signed_in(personas["trainee"]))
    assert ASKED in lecturer.get("/teach/questions/?state=hidden").content.decode()
    with pytest.raises(DomainError, match="先恢复显示"):
        answered(personas, LessonQuestion.objects.get(pk=asked.pk))
    lecturer.post(page + "show/")
    assert ASKED in listed(signed_in(personas["other_trainee"]))


def test_a_key_that_is_somebody_else_s_is_refused(personas, mine):
    asked = question(mine)
    theirs = enrol(user=personas["other_trainee"], edition=mine.edition)
    lesson = mine.edition.lessons.first()
    with pytest.raises(DomainError, match="没有保存"):
        questions.ask(
            user=theirs.user, enrolment=theirs, lesson=lesson, key=asked.public_id, text="别的话", name_shown=True
        )
    other, said = question(theirs), answered(personas, asked)
    with pytest.raises(DomainError, match="没有保存"):
        questions.answer(actor=personas["lecturer"], question=other, key=said.public_id, text="别的话")
    assert LessonQuestion.objects.get(pk=asked.pk).text == ASKED


def test_ten_questions_wait_at_most(personas, mine, monkeypatch):
    monkeypatch.setattr(questions, "MOST_WAITING", 1)
    question(mine)
    with pytest.raises(DomainError, match="等待回复"):
        question(mine)


def test_a_grant_that_ended_answers_no_more(signed_in, personas, mine):
    asked = question(mine)
    personas["lecturer"].grants.all().delete()
    assert signed_in(personas["lecturer"]).get(f"/teach/questions/{asked.public_id}/").status_code == 403
    grant(personas["lecturer"], "trainee")


def test_the_lists_cost_the_same_with_two_questions_and_twenty(
    signed_in, personas, mine, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(questions, "MOST_WAITING", 100)
    trainee, lecturer = signed_in(personas["trainee"]), signed_in(personas["lecturer"])
    costs = []
    for more in (2, 18):
        for _ in range(more):
            answered(personas, question(mine))
            question(mine)
        with django_assert_max_num_queries(12) as learner:
            listed(trainee)
        with django_assert_max_num_queries(14) as staff:
            lecturer.get("/teach/questions/?state=answered")
        with django_assert_max_num_queries(14) as panel:
            trainee.get(around(mine))
        costs.append((len(learner), len(staff), len(panel)))
    assert costs[0] == costs[1]
