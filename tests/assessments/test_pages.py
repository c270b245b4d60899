"""The candidate's pages: what a person reads, and what the page must never hold."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from assessments import services
from assessments.models import Answer, Attempt, AttemptState, QuestionVersion
from tests.factories.assessments import answer_all, levels, make_exam, make_task, office, sit
from tests.factories.people import UserFactory, make_personas

pytestmark = pytest.mark.django_db


def url(name, thing):
    return reverse(f"assessments:{name}", args=[thing.public_id])


def text(response):
    return response.content.decode()


@pytest.fixture
def browser(signed_in, user):
    return signed_in(user)


@pytest.fixture
def attempt(exam, user):
    return services.start_attempt(user=user, exam=exam, seed=5)


def send(browser, attempt, **body):
    said = {"position": 1, "shown": [0], "sequence": 1, "flagged": False, **body}
    kind = "application/json"
    return browser.post(url("answers", attempt), json.dumps(said), content_type=kind, headers={"accept": kind})


# --- the list and the page before the start ---


def test_the_list_says_what_is_open_and_what_comes(browser, user, exam, frozen_clock, later):
    with later(days=5):
        make_exam([user], title="补考（示范）", blueprint=exam.blueprint)
    page = text(browser.get(reverse("assessments:exams")))
    assert "现在有 1 场考试可以参加" in page
    assert "结业测试（示范）" in page and "可以参加" in page
    assert "补考（示范）" in page and "未开始" in page


def test_the_empty_list_says_what_will_stand_here(signed_in):
    page = text(signed_in(UserFactory()).get(reverse("assessments:exams")))
    assert "还没有考试和任务" in page


@pytest.mark.parametrize("size", [1, 6])
def test_the_list_costs_the_same_for_one_exam_and_for_many(
    signed_in, user, frozen_clock, size, django_assert_max_num_queries
):
    first = make_exam([user], now=frozen_clock)
    for n in range(size):
        sit(user, make_exam([user], now=frozen_clock, title=f"测试{n}", blueprint=first.blueprint))
        make_task([UserFactory(role="lecturer")], [user])
    browser = signed_in(user)
    with django_assert_max_num_queries(8):
        browser.get(reverse("assessments:exams"))


def test_the_rules_name_minutes_attempts_and_pass_mark(browser, exam):
    page = text(browser.get(url("exam", exam)))
    assert "限时 60 分钟" in page
    assert "可作答 1 次，已用 0 次" in page
    assert "得分率达到 60% 为通过" in page
    assert "开始作答" in page


def test_starting_leads_to_the_paper_and_a_get_starts_nothing(browser, exam):
    assert browser.get(url("start", exam)).status_code == 405
    response = browser.post(url("start", exam))
    assert response.url == url("attempt", Attempt.objects.get())
    assert browser.post(url("start", exam)).url == response.url


def test_too_early_is_a_sentence(browser, exam, later):
    with later(hours=-3):
        response = browser.post(url("start", exam), headers={"referer": "http://testserver" + url("exam", exam)})
        assert "考试尚未开始" in text(browser.get(response.url))


# --- the paper ---


def test_the_paper_never_holds_keys_or_explanations(browser, attempt):
    page = text(browser.get(url("attempt", attempt)))
    stems = QuestionVersion.objects.filter(pk__in=attempt.items.values("version"))
    assert all(version.stem in page for version in stems)
    assert not any(version.explanation in page for version in stems)
    for word in ("解析", "explanation", "is_right", "answer_key", "正确答案"):
        assert word not in page


def test_the_reading_that_feeds_the_paper_reads_no_key_column(attempt, django_assert_num_queries):
    from assessments.reading.seats import asked

    with django_assert_num_queries(1) as queries:
        asked(attempt)
    sql = queries[0]["sql"]
    assert '"explanation"' not in sql
    assert '"assessments_questionversion"."answer"' not in sql


def test_option_values_are_places_on_the_paper_not_numbers_of_the_bank(browser, attempt):
    """Otherwise a bank whose first option is always right would give itself away."""
    item = attempt.items.filter(version__question__kind="single").first()
    page = text(browser.get(url("attempt", attempt)))
    part = page[page.index(f'id="q{item.position}"') :]
    shown = [item.version.options[n] for n in item.option_order]
    assert [part.index(f">{words}<") for words in shown] == sorted(part.index(f">{words}<") for words in shown)
    assert part.index(f'name="a{item.position}" value="0"') < part.index(f">{shown[0]}<")


def test_the_paper_costs_a_fixed_number_of_queries(browser, attempt, django_assert_num_queries):
    browser.get(url("attempt", attempt))
    with django_assert_num_queries(4):  # session, person, attempt with its exam, questions
        browser.get(url("attempt", attempt))


def test_a_save_costs_few_queries(browser, attempt, django_assert_num_queries):
    with django_assert_num_queries(6):  # session, person, SAVEPOINT, item with its attempt, answer, RELEASE
        assert send(browser, attempt).status_code == 200


def test_a_save_is_confirmed_with_what_the_server_holds(browser, attempt, later):
    with later(minutes=20):
        reply = send(browser, attempt, shown=[2], flagged=True).json()
    assert reply == {"applied": True, "shown": [2], "flagged": True, "sequence": 1, "seconds_left": 2400}
    order = attempt.items.get(position=1).option_order
    assert Answer.objects.get(item__attempt=attempt, item__position=1).choice == [order[2]]


def test_saved_answers_stand_on_the_page_when_it_is_opened_again(browser, attempt):
    send(browser, attempt, shown=[1])
    page = text(browser.get(url("attempt", attempt)))
    assert 'name="a1" value="1" checked' in page
    assert 'name="s1" value="1"' in page


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        "[]",
        "{}",
        '{"position":1,"shown":"0","sequence":1}',
        '{"position":"1","shown":[0],"sequence":1}',
        '{"position":1,"shown":[0],"sequence":-1}',
        '{"position":1,"shown":[0],"sequence":1e400}',
        '{"position":1,"shown":[0],"sequence":99999999999999999999}',
        "\x00",
        "[" * 100_000,
    ],
)
def test_bad_bodies_get_a_sentence(browser, attempt, body):
    response = browser.post(url("answers", attempt), body, content_type="application/json")
    assert response.status_code == 400
    assert "刷新页面" in response.json()["message"]


def test_a_choice_that_is_not_there_gets_a_sentence(browser, attempt):
    assert "刷新页面" in send(browser, attempt, shown=[9]).json()["message"]
    assert send(browser, attempt, shown=[[1]]).status_code == 409
    assert send(browser, attempt, position=400).status_code == 404


def test_after_the_time_a_save_is_refused_and_the_page_leads_to_the_result(browser, attempt, later):
    send(browser, attempt)
    with later(minutes=61):
        refused = send(browser, attempt, sequence=2)
        assert (refused.status_code, refused.json()["code"]) == (409, "late")
        assert browser.get(url("attempt", attempt)).url == url("result", attempt)
        assert "到时自动交卷" in text(browser.get(url("result", attempt)))
        assert browser.get(url("answers", attempt)).json() == {"open": False, "seconds_left": 0}
        assert send(browser, attempt, sequence=3).json()["code"] == "closed"


def test_a_visitor_who_is_signed_out_is_told_by_the_endpoint(client, attempt):
    response = send(client, attempt)
    assert response.status_code == 401
    assert "重新登录" in response.json()["message"]


# --- without scripts ---


def form_of(attempt, **chosen):
    said = {f"s{n}": "0" for n in attempt.items.values_list("position", flat=True)}
    return {**said, **chosen}


def test_the_whole_form_is_saved_without_scripts(browser, attempt):
    response = browser.post(url("save", attempt), form_of(attempt, a1="2", a5=["0", "1"], f1="on", stay="1"))
    assert response.url == url("attempt", attempt)
    page = text(browser.get(response.url))
    assert "答案已保存" in page
    assert 'name="a1" value="2" checked' in page
    assert page.count(" checked") == 4


def test_the_check_lists_what_is_unanswered_and_hands_in(browser, attempt):
    said = form_of(attempt, a1="2", f3="on", check="1")
    response = browser.post(url("save", attempt), said)
    assert response.url == url("check-paper", attempt)
    page = text(browser.get(response.url))
    assert "还有 7 题没有作答" in page
    assert "服务器已保存 1 题，共 8 题" in page
    assert "标记过的题" in page
    assert browser.get(url("submit", attempt)).status_code == 405
    assert browser.post(url("submit", attempt)).url == url("result", attempt)
    assert browser.post(url("submit", attempt)).url == url("result", attempt)


def test_a_form_with_a_choice_that_is_not_there_gets_a_sentence(browser, attempt):
    for wrong in ("9", "-1", "x", "²"):
        response = browser.post(url("save", attempt), form_of(attempt, a1=wrong, stay="1"))
        assert "所选答案与题目不符" in text(browser.get(response.url))


def test_a_late_form_says_that_the_time_is_over(browser, attempt, later):
    with later(minutes=61):
        response = browser.post(url("save", attempt), form_of(attempt, a1="2", stay="1"), follow=True)
    assert "作答时间已到，此前保存的答案有效" in text(response)
    assert not Answer.objects.exclude(choice=[]).exists()


# --- the result ---


def test_before_the_release_neither_score_nor_key_is_shown(browser, user, exam):
    page = text(browser.get(url("result", sit(user, exam))))
    assert "答卷已收到并评分" in page
    assert "示范解析" not in page
    assert "得分率" not in page


def test_after_the_release_each_question_is_explained(browser, user, exam, later):
    attempt = sit(user, exam, wrong=[1], leave=[2])
    with later(days=2):
        services.release_results(actor=office(), exam=exam)
    page = text(browser.get(url("result", attempt)))
    assert "通过" in page
    assert "得分率 80%，及格线 60%" in page
    assert page.count("答对") == 6
    assert "答错" in page and "未作答" in page
    assert page.count("示范解析") == 8


def test_the_result_of_a_running_paper_leads_back_to_it(browser, attempt):
    assert browser.get(url("result", attempt)).url == url("attempt", attempt)


# --- others ---

NAMES = ["attempt", "answers", "check-paper", "result"]


@pytest.mark.parametrize("name", NAMES)
def test_another_persons_paper_does_not_exist(signed_in, other, attempt, name):
    assert signed_in(other).get(url(name, attempt)).status_code == 404


@pytest.mark.parametrize("name", ["save", "submit", "answers"])
def test_nothing_is_written_on_another_persons_paper(signed_in, other, attempt, name):
    stranger = signed_in(other)
    reply = send(stranger, attempt) if name == "answers" else stranger.post(url(name, attempt))
    assert reply.status_code == 404
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.RUNNING


def test_who_oversees_the_person_is_refused_not_lied_to(signed_in, frozen_clock):
    people = make_personas()
    exam = make_exam([people["trainee"]], now=frozen_clock, actor=people["training_office"])
    attempt = services.start_attempt(user=people["trainee"], exam=exam)
    clerk = signed_in(people["training_office"])
    for name in NAMES:
        assert clerk.get(url(name, attempt)).status_code == 403
    assert send(clerk, attempt).status_code == 403
    assert clerk.get(url("exam", exam)).status_code == 403
    assert signed_in(people["other_leader"]).get(url("exam", exam)).status_code == 404


def test_visitors_sign_in_first(client, exam, attempt):
    for address in (reverse("assessments:exams"), url("exam", exam), url("attempt", attempt)):
        assert client.get(address).url.startswith(reverse("people:sign-in"))


# --- tasks ---


def test_a_task_is_read_handed_in_and_its_grade_read(signed_in, user, other, frozen_clock, later):
    lecturer = UserFactory(role="lecturer")
    task = make_task([lecturer], [user])
    browser = signed_in(user)
    assert "待提交" in text(browser.get(url("task", task)))
    response = browser.post(url("task", task), {"text": "我的分析正文"}, follow=True)
    assert "已提交，待评分" in text(response)
    work = task.submissions.get()
    services.mark_submission(actor=lecturer, submission=work, levels=levels(task, 4, 4, 4), comment="有见地")
    page = text(browser.get(url("task", task)))
    assert "评定：良好（4 分，满分 5 分）" in page
    assert "L4 精通" in page and "有见地" in page
    assert signed_in(other).get(url("task", task)).status_code == 404
    assert signed_in(lecturer).get(url("task", task)).status_code == 403


def test_an_empty_text_gets_a_sentence(signed_in, user, frozen_clock):
    task = make_task([UserFactory(role="lecturer")], [user])
    response = signed_in(user).post(url("task", task), {"text": "   "})
    assert response.status_code == 422
    assert not task.submissions.get().handed_in_at


def test_after_the_due_time_there_is_no_form(signed_in, user, frozen_clock, later):
    task = make_task([UserFactory(role="lecturer")], [user])
    with later(days=5):
        page = text(signed_in(user).get(url("task", task)))
        response = signed_in(user).post(url("task", task), {"text": "迟到的正文"})
    assert "任务已经截止，没有收到您的作业。确有原因的，请联系班主任申请延期。" in page
    assert response.status_code == 422
    assert not task.submissions.get().text


def test_answers_of_all_kinds_survive_the_round_trip(browser, attempt):
    answer_all(attempt)
    page = text(browser.get(url("attempt", attempt)))
    assert "<b data-answered>8</b>" in page
