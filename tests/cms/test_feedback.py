"""意见反馈: sent once, followed by its number, answered by the training office and nobody else."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.models import FeedbackMessage
from cms.services import answer_feedback, close_feedback, send_feedback
from core.errors import Conflict, DomainError
from tests.factories.cms import make_feedback

SENT = {"category": "hard", "message": "找不到在哪里看课表。", "page_path": "/learn/", "contact": ""}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def post(client: Client, **changes: Any) -> Any:
    return client.post("/feedback/", {**SENT, "client_key": str(uuid.uuid4()), **changes})


def test_a_visitor_writes_and_follows_the_number(db: None, client: Client):
    answer = post(client)
    message = FeedbackMessage.objects.get()
    assert answer.status_code == 302 and message.code in answer.url
    text = client.get(answer.url).content.decode()
    assert "已收到，谢谢" in text and message.code in text and "待回复" in text and "找不到在哪里看课表" in text


def test_the_form_says_that_nothing_secret_belongs_here(db: None, client: Client):
    assert "请不要填写国家秘密" in client.get("/feedback/").content.decode()


def test_the_page_one_came_from_is_filled_in_without_its_parameters(db: None, client: Client):
    assert 'value="/courses/"' in client.get("/feedback/?from=/courses/%3Fname%3D王敏").content.decode()
    for other in ("https://evil.example/x", "//evil.example/x", "javascript:alert(1)"):
        assert "evil" not in str(client.get("/feedback/", {"from": other}).context["form"]["page_path"])


def test_sending_the_same_form_twice_makes_one_message(db: None, client: Client):
    key = str(uuid.uuid4())
    first, second = post(client, client_key=key), post(client, client_key=key)
    assert first.url == second.url and FeedbackMessage.objects.count() == 1
    post(client)  # another key is another message
    assert FeedbackMessage.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"message": ""}, "请填写内容"),
        ({"message": "坏了"}, "内容太短"),
        ({"message": "长" * 2001}, "2000 字"),
        ({"message": "我的证件号 11010119850601001X 不对"}, "身份证号"),
        ({"category": ""}, "请选择类别"),
        ({"category": "nonsense"}, "类别"),
        ({"client_key": "not-a-key"}, ""),
    ],
)
def test_what_cannot_be_sent_gets_a_sentence(db: None, client: Client, changes: dict[str, str], sentence: str):
    answer = post(client, **changes)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not FeedbackMessage.objects.exists()


def test_too_many_messages_from_one_address_are_held_back(db: None, client: Client):
    for _number in range(30):
        assert post(client).status_code == 302
    answer = post(client)
    assert answer.status_code == 429 and "太频繁" in answer.content.decode()
    assert FeedbackMessage.objects.count() == 30


def test_an_office_behind_one_address_does_not_hold_back_people_with_accounts(personas, signed_in, client: Client):
    for _number in range(31):
        post(client)
    assert post(signed_in(personas["trainee"])).status_code == 302


def test_contacts_are_encrypted_and_never_on_the_public_page(db: None, client: Client):
    message = make_feedback(contact="13900001234")
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM cms_feedbackmessage")
        assert "13900001234" not in cursor.fetchone()[0]
    assert "13900001234" not in client.get(f"/feedback/{message.code}/").content.decode()


def test_a_number_is_found_however_it_is_typed(db: None, client: Client):
    message = make_feedback()
    typed = message.code.lower().replace("-", " ")
    answer = client.get("/feedback/find/", {"code": typed}, follow=True)
    assert message.message in answer.content.decode()
    assert "八位字母和数字" in client.get("/feedback/find/", {"code": "123"}).content.decode()


def test_a_wrong_number_is_not_there_and_guessing_is_limited(db: None, client: Client):
    assert client.get("/feedback/ABCD-2345/").status_code == 404
    for _number in range(60):
        last = client.get("/feedback/ABCD-2345/").status_code
    assert last == 429


def test_one_sees_what_one_sent_oneself(personas: dict[str, Any], signed_in):
    make_feedback(author=personas["trainee"], message="我提的第一条意见。")
    make_feedback(author=personas["other_trainee"], message="别人提的意见在此。")
    text = signed_in(personas["trainee"]).get("/feedback/").content.decode()
    assert "我提的第一条意见" in text and "别人提的意见" not in text


def test_the_training_office_answers_and_the_writer_reads_it(personas: dict[str, Any], signed_in, client: Client):
    message = make_feedback(author=personas["trainee"])
    office = signed_in(personas["training_office"])
    assert message.code in office.get("/office/feedback/").content.decode()
    assert message.message in office.get(f"/office/feedback/edit/{message.pk}/").content.decode()
    answer = office.post(
        f"/office/feedback/edit/{message.pk}/", {"reply": "已经改好，谢谢。", "close": "on", "seen_state": "new"}
    )
    assert answer.status_code == 302
    message.refresh_from_db()
    assert (message.state, message.answered_by) == ("closed", personas["training_office"])
    text = client.get(f"/feedback/{message.code}/").content.decode()
    assert "已经改好，谢谢。" in text and "已办结" in text
    assert ModelLogEntry.objects.filter(action="cms.feedback_answered", user=personas["training_office"]).exists()


def test_an_empty_reply_is_refused_on_the_page(personas: dict[str, Any], signed_in):
    message = make_feedback()
    office = signed_in(personas["training_office"])
    answer = office.post(f"/office/feedback/edit/{message.pk}/", {"reply": "", "seen_state": "new"})
    assert "请写下答复内容" in answer.content.decode()
    message.refresh_from_db()
    assert message.state == "new"


@pytest.mark.parametrize("role", ["trainee", "unit_admin", "class_teacher", "lecturer", "leader", "content_editor"])
def test_others_see_no_messages_in_the_office(personas: dict[str, Any], signed_in, role: str):
    message = make_feedback(message="只给培训处看的意见。")
    browser = signed_in(personas[role])
    for url in ("/office/feedback/", f"/office/feedback/edit/{message.pk}/"):
        answer = browser.get(url)
        assert answer.status_code in (302, 403, 404)
        assert "只给培训处看" not in answer.content.decode()


def test_only_the_training_office_may_answer(personas: dict[str, Any]):
    message = make_feedback()
    for role in ("trainee", "content_editor", "leader", "unit_admin"):
        with pytest.raises(DomainError, match="只有培训处"):
            answer_feedback(actor=personas[role], message=message, reply="代为答复")
    message.refresh_from_db()
    assert message.state == "new"


def test_two_answers_at_once_the_later_is_told(personas: dict[str, Any]):
    first, second = make_feedback(), None
    second = FeedbackMessage.objects.get(pk=first.pk)
    answer_feedback(actor=personas["training_office"], message=first, reply="第一个答复", close=True)
    with pytest.raises(Conflict):
        answer_feedback(actor=personas["training_office"], message=second, reply="第二个答复")
    second.refresh_from_db()
    assert second.reply == "第一个答复"


def test_a_closed_message_stays_as_it_is(personas: dict[str, Any]):
    office, message = personas["training_office"], make_feedback()
    with pytest.raises(DomainError, match="先答复"):
        close_feedback(actor=office, message=message)
    answer_feedback(actor=office, message=message, reply="已收到，正在修改。")
    close_feedback(actor=office, message=message)
    assert message.closed_at is not None
    with pytest.raises(DomainError, match="已经办结"):
        answer_feedback(actor=office, message=message, reply="再改一次")


def test_the_database_refuses_an_answer_without_words(db: None):
    message = make_feedback()
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedbackMessage.objects.filter(pk=message.pk).update(state="answered", answered_at=timezone.now())


def test_the_list_of_the_office_costs_a_fixed_number_of_queries(
    personas: dict[str, Any], signed_in, django_assert_max_num_queries
):
    for _number in range(12):
        make_feedback(author=personas["trainee"])
    office = signed_in(personas["training_office"])
    office.get("/office/feedback/")
    with django_assert_max_num_queries(20):
        assert office.get("/office/feedback/").status_code == 200


def test_send_gives_the_first_message_back_for_the_same_key(db: None):
    key = uuid.uuid4()
    words = {"author": None, "client_key": key, "category": "other"}
    assert send_feedback(message="第一次写的意见", **words) == send_feedback(message="第二次写的意见", **words)


def test_the_office_start_page_counts_what_waits_for_an_answer(personas, signed_in) -> None:
    assert "意见反馈待答复" not in signed_in(personas["training_office"]).get("/office/").content.decode()
    make_feedback()
    assert "意见反馈待答复" in signed_in(personas["training_office"]).get("/office/").content.decode()
    assert "意见反馈待答复" not in signed_in(personas["class_teacher"]).get("/office/").content.decode()
