"""The bank: a changed wording is a new version, and what cannot be asked or marked is refused with a sentence."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from assessments import services
from assessments.models import QuestionVersion
from core import clock
from core.errors import DomainError
from people.models import Role
from tests.factories.assessments import (
    answer_all,
    indicator,
    make_blueprint,
    make_exam,
    make_question,
    office,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def again(version, **changes):
    question = version.question
    said = {
        "actor": office(),
        "key": question.key,
        "kind": question.kind,
        "indicator": question.indicator,
        "difficulty": question.difficulty,
        "stem": version.stem,
        "options": version.options,
        "answer": version.answer,
        "explanation": version.explanation,
    }
    return services.save_question(**{**said, **changes})


def test_saving_the_same_wording_again_gives_the_same_version():
    version = make_question()
    assert again(version) == version
    assert again(version, stem=f"  {version.stem} ") == version


def test_a_changed_wording_is_a_new_version_beside_the_old_one():
    version = make_question()
    newer = again(version, stem="改过的题干")
    assert (version.number, newer.number) == (1, 2)
    assert QuestionVersion.objects.get(pk=version.pk).stem == version.stem


def test_tags_follow_without_a_new_version_but_the_kind_never_changes():
    version = make_question()
    assert again(version, indicator=indicator("E1"), difficulty=3) == version
    version.question.refresh_from_db()
    assert (version.question.indicator.code, version.question.difficulty) == ("E1", 3)
    with pytest.raises(DomainError, match="题型一经确定不能修改"):
        again(version, kind="multiple", answer=[0, 1])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"stem": "  "}, "请填写题干和解析"),
        ({"options": ["只有一个"]}, "选项应为 2 至 8 个"),
        ({"options": ["同样", "同样", "不同"]}, "不能重复"),
        ({"answer": []}, "答案应从选项中选择"),
        ({"answer": [0, 1]}, "答案应从选项中选择"),
        ({"answer": [9]}, "答案应从选项中选择"),
        ({"difficulty": 5}, "难度应为"),
        ({"kind": "essay"}, "题型应为"),
        ({"kind": "multiple", "answer": [1]}, "至少应有两个正确选项"),
        ({"kind": "judge", "options": ["对", "错", "不定"], "answer": [1]}, "判断题应有"),
        ({"key": ""}, "请填写题号"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(changes, sentence):
    with pytest.raises(DomainError, match=sentence):
        make_question(**changes)
    assert not QuestionVersion.objects.exists()


def test_only_those_who_keep_the_bank_may_change_it():
    with pytest.raises(DomainError, match="没有维护题库的权限"):
        make_question(actor=UserFactory(role=Role.TRAINEE))


def test_an_edited_question_keeps_the_scoring_of_old_answers():
    version = make_question(answer=[2])
    user = UserFactory(role=Role.TRAINEE)
    exam = make_exam([user], blueprint=make_blueprint(("single", 1, "10")))
    attempt = services.start_attempt(user=user, exam=exam)
    again(version, answer=[0], stem="改过的题干")
    answer_all(attempt)  # by the key of the wording on the paper
    done = services.submit(user=user, attempt=attempt)
    assert done.score == 10
    with clock.freeze(clock.now() + timedelta(hours=1)):
        assert services.release_results(actor=office(), exam=exam) == 0  # a single item is no evidence


def test_a_withdrawn_question_is_not_drawn_any_more():
    version = make_question()
    services.set_question_active(actor=office(), question=version.question, active=False)
    with pytest.raises(DomainError, match="可用 0 题"):
        make_exam(blueprint=make_blueprint(("single", 1, "10")))


# --- checks of lessons ---


@pytest.fixture
def paper():
    questions = [make_question("single").question, make_question("multiple").question]
    check = services.save_check(actor=office(), key="lesson-1", title="课时测验", pass_mark=2, questions=questions)
    return services.freeze_check(check=check)


def test_a_check_is_frozen_once_per_wording(paper):
    assert services.freeze_check(check=paper.source) == paper
    again(QuestionVersion.objects.get(pk=paper.versions[0]), stem="改过的题干")
    newer = services.freeze_check(check=paper.source)
    assert newer != paper
    assert newer.versions[1] == paper.versions[1]


def test_a_check_is_marked_at_once_and_the_same_key_counts_once(paper):
    user, key = UserFactory(), uuid.uuid4()
    said = {"user": user, "paper": paper, "context_key": "enrolment:1", "client_key": key}
    right = {paper.versions[0]: [2], paper.versions[1]: [3, 0]}
    first = services.answer_check(**said, answers=right)
    assert (first.right, first.passed) == (2, True)
    assert services.answer_check(**said, answers={}) == first
    failed = services.answer_check(**{**said, "client_key": uuid.uuid4()}, answers={paper.versions[0]: [2]})
    assert (failed.right, failed.passed) == (1, False)


def test_a_choice_that_is_not_on_the_paper_is_refused(paper):
    with pytest.raises(DomainError, match="刷新页面"):
        services.answer_check(
            user=UserFactory(),
            paper=paper,
            context_key="",
            client_key=uuid.uuid4(),
            answers={paper.versions[0]: [7]},
        )


def test_the_questions_of_a_check_hold_no_key(paper):
    from assessments.reading.seats import check_questions, check_review

    text = repr(check_questions(paper))
    assert "示范解析" not in text
    assert "answer" not in text.replace("answered", "")
    attempt = services.answer_check(
        user=UserFactory(), paper=paper, context_key="", client_key=uuid.uuid4(), answers={paper.versions[0]: [2]}
    )
    review = check_review(attempt)
    assert [item.right for item in review] == [True, False]
    assert review[1].key_letters == "AD"
