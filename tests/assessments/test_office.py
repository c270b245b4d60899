"""The bank, the exams and the results in the office: who reads what, and that editing is a new version."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments import services
from assessments.models import Blueprint, Exam, Question, Rubric
from competencies.models import Evidence
from tests.factories.assessments import (
    indicator,
    make_bank,
    make_blueprint,
    make_exam,
    make_question,
    make_rubric,
    make_task,
    sit,
)
from tests.factories.people import UserFactory, make_personas

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return make_personas()


@pytest.fixture
def clerk(people, signed_in):
    return signed_in(people["training_office"])


@pytest.fixture
def exam(people, frozen_clock):
    return make_exam([people["trainee"], people["other_trainee"]], now=frozen_clock, actor=people["training_office"])


def text(response):
    assert response.status_code in (200, 422), response.status_code
    return response.content.decode()


def question_form(**changes):
    said = {
        "key": "新001",
        "kind": "multiple",
        "indicator": indicator("E1").pk,
        "difficulty": "2",
        "in_bank": "on",
        "stem": "下列哪些属于公开征求意见的方式？",
        "options_text": "政府网站公布\n听证会\n内部传阅\n座谈会",
        "answer_text": "A、B d",
        "explanation": "示范解析。",
    }
    return {**said, **changes}


# --- the bank ---


def test_the_bank_is_searched_in_the_newest_stem_and_filtered(clerk):
    first = make_question("single", "C2", stem="关于数据共享，正确的是哪一项？")
    make_question("judge", "E1", stem="行政处罚可以不告知。")
    page = text(clerk.get(reverse("office_questions:index") + "?q=数据共享"))
    assert first.question.key in page
    assert "行政处罚" not in page
    page = text(clerk.get(reverse("office_questions:index") + "?kind=judge"))
    assert "行政处罚" in page
    assert "数据共享，正确" not in page


@pytest.mark.parametrize("query", ["kind=x", "indicator=x", "difficulty=9", "q=%27%22%25", "is_active=maybe", "p=zz"])
def test_strange_filters_are_no_error(clerk, query):
    assert clerk.get(f"{reverse('office_questions:index')}?{query}").status_code == 200


@pytest.mark.parametrize("size", [1, 12])
def test_the_list_costs_the_same_for_few_and_many(clerk, size, django_assert_max_num_queries):
    make_bank(each=size)
    clerk.get(reverse("office_questions:index"))
    with django_assert_max_num_queries(16):
        clerk.get(reverse("office_questions:index"))


def test_a_question_is_added_through_the_form(clerk):
    response = clerk.post(reverse("office_questions:add"), question_form())
    assert response.status_code == 302
    version = Question.objects.get(key="新001").versions.get()
    assert (version.answer, version.options[1]) == ([0, 1, 3], "听证会")


def test_editing_makes_a_new_version_and_shows_both(clerk):
    clerk.post(reverse("office_questions:add"), question_form())
    question = Question.objects.get(key="新001")
    edit = reverse("office_questions:edit", args=[question.pk])
    assert "听证会" in text(clerk.get(edit))
    clerk.post(edit, question_form(stem="改过的题干"))
    assert list(question.versions.values_list("number", "stem").order_by("number"))[1] == (2, "改过的题干")
    page = text(clerk.get(reverse("office_questions:inspect", args=[question.pk])))
    assert "第 2 版" in page and "第 1 版" in page
    assert "True" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"answer_text": "Z"}, "请填写选项的字母"),
        ({"answer_text": "A"}, "多选题至少应有两个正确选项"),
        ({"answer_text": "AH"}, "答案应从选项中选择"),
        ({"options_text": "一样\n一样"}, "不能重复"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_a_sentence(clerk, changes, sentence):
    assert sentence in text(clerk.post(reverse("office_questions:add"), question_form(**changes)))
    assert not Question.objects.exists()


def test_a_judgement_needs_no_options(clerk):
    clerk.post(reverse("office_questions:add"), question_form(kind="judge", options_text="", answer_text="b"))
    version = Question.objects.get().versions.get()
    assert (version.options, version.answer) == (["正确", "错误"], [1])


def test_the_key_and_the_kind_stay(clerk):
    clerk.post(reverse("office_questions:add"), question_form())
    question = Question.objects.get()
    changed = question_form(key="别的", kind="single", answer_text="AB")
    clerk.post(reverse("office_questions:edit", args=[question.pk]), changed)
    question.refresh_from_db()
    assert (question.key, question.kind) == ("新001", "multiple")


def test_a_question_is_withdrawn_by_post_only(clerk):
    question = make_question().question
    address = reverse("assessments_activate_question", args=[question.pk])
    assert "停用本题" in text(clerk.get(address))
    assert Question.objects.get(pk=question.pk).is_active
    clerk.post(address, {"active": "0"})
    assert not Question.objects.get(pk=question.pk).is_active


def test_the_bank_is_exported_with_its_words(clerk):
    make_question(stem="=1+1 是公式吗？")
    response = clerk.get(reverse("office_questions:index") + "?export=csv")
    body = b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()
    assert "单选题" in body
    assert "\n=1+1" not in body and ",=1+1" not in body


BANK_PAGES = ["index", "add"]


@pytest.mark.parametrize("persona", ["trainee", "leader", "unit_admin", "class_teacher", "audit_admin"])
def test_nobody_else_reads_the_bank(people, signed_in, persona):
    browser = signed_in(people[persona])
    question = make_question().question
    for name in BANK_PAGES:
        assert "示范试题" not in browser.get(reverse(f"office_questions:{name}")).content.decode()
    for name in ("inspect", "edit", "history", "usage"):
        response = browser.get(reverse(f"office_questions:{name}", args=[question.pk]))
        assert response.status_code in (302, 403, 404)
    assert browser.post(reverse("assessments_activate_question", args=[question.pk])).status_code in (302, 403)


# --- blueprints and rubrics ---


def lines_form(title="新方案", *, kind="single", count="3", points="5", **more):
    return {
        "title": title,
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-MIN_NUM_FORMS": "0",
        "lines-MAX_NUM_FORMS": "1000",
        "lines-0-kind": kind,
        "lines-0-indicator": "",
        "lines-0-difficulty": "",
        "lines-0-count": count,
        "lines-0-points": points,
        "lines-0-id": "",
        "lines-0-DELETE": "",
        **more,
    }


def test_a_blueprint_is_kept_and_told_what_the_bank_lacks(clerk, people):
    make_bank(codes=["C2"], kinds=["single"], each=1)
    page = text(clerk.post(reverse("office_blueprints:add"), lines_form(), follow=True))
    blueprint = Blueprint.objects.get()
    assert (blueprint.lines.get().count, blueprint.made_by) == (3, people["training_office"])
    assert "还缺 2 题" in page


def test_a_blueprint_that_an_exam_uses_does_not_change(clerk, exam):
    edit = reverse("office_blueprints:edit", args=[exam.blueprint_id])
    assert "不能再修改" in text(clerk.post(edit, lines_form("改名")))
    assert Blueprint.objects.get().title == "示范组卷方案"


def test_a_rubric_that_a_task_uses_does_not_change(clerk, people, frozen_clock):
    task = make_task([people["lecturer"]], [people["trainee"]])
    edit = reverse("office_rubrics:edit", args=[task.rubric_id])
    counts = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}
    criteria = {f"criteria-{name}": value for name, value in counts.items()}
    assert "不能再修改" in text(clerk.post(edit, {"title": "改名", "note": "", **criteria}))
    assert Rubric.objects.get().title == "案例分析评分标准（示范）"


@pytest.mark.parametrize("viewset", ["office_blueprints", "office_rubrics"])
def test_the_lists_of_plans_open(clerk, viewset):
    make_blueprint()
    make_rubric()
    assert "示范" in text(clerk.get(reverse(f"{viewset}:index")))


# --- exams and results ---


def test_exams_are_read_with_their_counts(clerk, exam, people):
    sit(people["trainee"], exam)
    page = text(clerk.get(reverse("office_exams:index")))
    assert "结业测试（示范）" in page
    page = text(clerk.get(reverse("office_exams:inspect", args=[exam.pk])))
    assert "组卷方案" in page and "未公布" in page
    assert "Blueprint" not in page
    assert clerk.get(reverse("office_exams:add")).status_code in (302, 403)


def test_results_show_the_scope_only(people, signed_in, exam):
    sit(people["trainee"], exam)
    everybody = text(signed_in(people["training_office"]).get(reverse("office_seats:index")))
    assert "王敏" in everybody and "单雄" in everybody
    assert "100" in everybody and "通过" in everybody
    teacher = signed_in(people["class_teacher"]).get(reverse("office_seats:index")).content.decode()
    assert "王敏" not in teacher and "单雄" not in teacher


def test_an_exam_outside_the_scope_does_not_exist(people, signed_in, frozen_clock):
    stranger = UserFactory(role="trainee")
    exam = make_exam([stranger], now=frozen_clock, actor=UserFactory(role="training_office"))
    teacher = signed_in(people["class_teacher"])
    assert teacher.get(reverse("office_exams:inspect", args=[exam.pk])).status_code == 404
    assert teacher.get(reverse("assessments_release", args=[exam.pk])).status_code == 404
    assert teacher.post(reverse("assessments_release", args=[exam.pk])).status_code == 404


@pytest.mark.parametrize("size", [2, 25])
def test_the_results_cost_the_same_for_few_and_many(clerk, frozen_clock, people, size, django_assert_max_num_queries):
    home = people["trainee"].unit
    crowd = UserFactory.create_batch(size, unit=home)
    exam = make_exam(crowd, now=frozen_clock, actor=people["training_office"])
    for person in crowd[:5]:
        sit(person, exam)
    clerk.get(reverse("office_seats:index"))
    with django_assert_max_num_queries(15):
        clerk.get(f"{reverse('office_seats:index')}?exam={exam.pk}")


def test_results_are_exported(clerk, exam, people):
    sit(people["trainee"], exam, wrong=[1])
    response = clerk.get(reverse("office_seats:index") + "?export=xlsx")
    assert response.status_code == 200
    assert len(response.getvalue()) > 1000


def test_releasing_asks_first_then_says_what_was_recorded(clerk, exam, people, later):
    sit(people["trainee"], exam)
    address = reverse("assessments_release", args=[exam.pk])
    assert "名单 2 人，其中 1 人已有成绩" in text(clerk.get(address))
    assert "还有 1 人未参加考试" in text(clerk.post(address, follow=True))
    assert Exam.objects.get(pk=exam.pk).released_at is None
    with later(days=2):
        page = text(clerk.post(address, follow=True))
    assert f"写入能力证据 {Evidence.objects.count()} 条" in page
    assert Evidence.objects.filter(user=people["trainee"]).exists()


def test_a_service_and_a_screen_say_the_same(exam, people, clerk):
    attempt = sit(people["trainee"], exam, wrong=[1])
    assert attempt.score == Decimal(90)
    assert "90" in text(clerk.get(reverse("office_seats:index")))
    assert services.finish_overdue() == 0
