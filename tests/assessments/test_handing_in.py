"""Handing in files: versions until the work is due, more time for one person, read by author and markers only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import ModelLogEntry

from assessments import services
from assessments.models import HandIn, Submission
from core import clock
from core.errors import DomainError
from core.models import Notice
from people.models import PersonalFileRead
from tests.factories.assessments import levels, make_task
from tests.factories.people import UserFactory
from tests.factories.space import PDF, checked

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecturer(db):
    return UserFactory(role="lecturer", name="欧阳文静")


@pytest.fixture
def task(frozen_clock, lecturer, user, other):
    return make_task([lecturer], [user, other])


@pytest.fixture
def work(task, user):
    return Submission.objects.get(task=task, user=user)


def send(browser, task, text="", name="", data=PDF):
    files = {"file": SimpleUploadedFile(name, data)} if name else {}
    return browser.post(reverse("assessments:task", args=[task.public_id]), {"text": text, **files})


def test_each_hand_in_is_a_version_and_the_last_one_counts(task, user, work):
    services.hand_in(user=user, task=task, text="第一稿")
    services.hand_in(user=user, task=task, file=checked("调研报告.pdf"), text="第一稿")
    services.hand_in(user=user, task=task, text="第二稿")
    assert [(v.number, v.text, v.file_name) for v in work.versions.all()] == [
        (1, "第一稿", ""), (2, "第一稿", "调研报告.pdf"), (3, "第二稿", "调研报告.pdf")]  # fmt: skip
    work.refresh_from_db()
    assert work.text == "第二稿"


def test_a_file_alone_is_a_work_and_the_same_again_is_none(task, user, work):
    first = services.hand_in(user=user, task=task, file=checked("调研报告.pdf"))
    again = services.hand_in(user=user, task=task, file=checked("调研报告.pdf"))
    assert first.handed_in_at == again.handed_in_at and work.versions.count() == 1
    with pytest.raises(DomainError, match="不在本任务的名单中"):
        services.hand_in(user=UserFactory(), task=task, file=checked("别人.pdf"))


def test_the_page_takes_a_file_and_names_what_it_cannot_take(task, user, signed_in):
    browser = signed_in(user)
    assert send(browser, task, name="报告.docx", data=b"PK\x03\x04junk").status_code == 422
    marked = send(browser, task, name="机密报告.pdf")
    assert marked.status_code == 422 and "不得上传、处理国家秘密" in marked.content.decode()
    assert "请填写正文或者上传文件后再提交。" in send(browser, task).content.decode()
    assert not HandIn.objects.exists()
    assert send(browser, task, name="调研报告.pdf").status_code == 302
    page = browser.get(reverse("assessments:task", args=[task.public_id])).content.decode()
    assert "调研报告.pdf" in page and "请勿上传、处理国家秘密" in page


def test_author_and_marker_download_and_reading_is_noted(task, user, other, lecturer, work, signed_in):
    services.hand_in(user=user, task=task, file=checked("调研报告.pdf"))
    address = reverse("assessments:work-file", args=[task.public_id, work.versions.get().public_id])
    own = signed_in(user).get(address)
    assert own["Content-Disposition"].startswith("attachment")
    assert b"".join(own.streaming_content).startswith(b"%PDF")
    assert not PersonalFileRead.objects.exists()
    assert b"".join(signed_in(lecturer).get(address).streaming_content).startswith(b"%PDF")
    assert PersonalFileRead.objects.get().reader == lecturer
    assert signed_in(other).get(address).status_code == 404


def test_more_time_is_one_persons_and_its_reason_stays_in_the_log(task, user, other, work, lecturer, later):
    until = task.due_at + timedelta(days=3)
    services.extend(actor=lecturer, submission=work, until=until, reason="住院")
    with later(days=4):
        assert services.hand_in(user=user, task=task, text="延期的稿子").handed_in_at == clock.now()
        with pytest.raises(DomainError, match="已过截止时间"):
            services.hand_in(user=other, task=task, text="没有延期")
    notice = Notice.objects.get(recipient=user)
    assert "住院" not in notice.text and task.title in notice.text
    assert ModelLogEntry.objects.get(action="assessments.extend").data["reason"] == "住院"


def test_time_is_given_by_markers_before_the_grade_and_only_ahead(task, work, lecturer, user):
    later = task.due_at + timedelta(days=1)
    with pytest.raises(DomainError, match="不是本任务的评分教师"):
        services.extend(actor=UserFactory(role="lecturer"), submission=work, until=later, reason="病")
    with pytest.raises(DomainError, match="须晚于"):
        services.extend(actor=lecturer, submission=work, until=task.due_at, reason="病")
    with pytest.raises(DomainError, match="请写明延期的原因"):
        services.extend(actor=lecturer, submission=work, until=later, reason=" ")
    services.mark_submission(actor=lecturer, submission=work, levels=levels(task, 4, 3, 5))
    work.refresh_from_db()
    with pytest.raises(DomainError, match="已经评分"):
        services.extend(actor=lecturer, submission=work, until=later, reason="病")


def test_the_marker_sees_the_versions_and_gives_time_on_the_page(task, user, work, lecturer, signed_in):
    services.hand_in(user=user, task=task, file=checked("调研报告.pdf"))
    browser = signed_in(lecturer)
    page = reverse("assessments:mark", args=[task.public_id, work.public_id])
    assert "调研报告.pdf" in browser.get(page).content.decode()
    until = f"{task.due_at + timedelta(days=2):%Y-%m-%dT%H:%M}"
    address = reverse("assessments:extend", args=[task.public_id, work.public_id])
    assert "没有延期" in browser.post(address, {"until": "x"}, follow=True).content.decode()
    assert "已延期" in browser.post(address, {"until": until, "reason": "公务"}, follow=True).content.decode()
