"""Files of a course: frozen into the edition, for its learners alone."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from core.errors import DomainError
from courses.models import Course
from courses.services import publish_edition
from tests.factories.courses import PDF, EnrolmentFactory, editor, published
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    return EnrolmentFactory(key="data", lessons=1, checked=False, files=["讲义：数据共享", "附表"])


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_learner_downloads_what_the_course_page_lists(signed_in, enrolment):
    browser = signed_in(enrolment.user)
    html = browser.get("/courses/data/").content.decode()
    assert "讲义：数据共享" in html and "PDF · 2.0" in html
    answer = browser.get(f"/learn/courses/{enrolment.public_id}/materials/1/")
    assert body(answer) == PDF and "attachment" in answer["Content-Disposition"]
    assert browser.get(f"/learn/courses/{enrolment.public_id}/materials/3/").status_code == 404


def test_others_see_the_title_and_get_no_file(client, signed_in, enrolment):
    html = client.get("/courses/data/").content.decode()
    assert "讲义：数据共享" in html and "选课后可以下载" in html and "/materials/" not in html
    stranger = signed_in(UserFactory())
    assert stranger.get(f"/learn/courses/{enrolment.public_id}/materials/1/").status_code == 404
    address = enrolment.edition.materials.first().document.url
    assert stranger.get(address).status_code == 404 and client.get(address).status_code == 404
    learner = signed_in(enrolment.user).get(address)
    assert learner.status_code == 200
    learner.close()


def test_an_edition_keeps_its_files(enrolment):
    held = enrolment.edition.materials.first().document
    with pytest.raises(DomainError, match="不能删除"):
        held.delete()
    held.file = ContentFile(b"other", "other.pdf")
    with pytest.raises(DomainError, match="不能替换"):
        held.save()


def test_a_later_change_makes_the_next_edition(enrolment):
    course = Course.objects.get(key="data")
    course.materials = course.materials.all()[:1]
    published(course)
    newer = publish_edition(actor=editor(), course=course)
    assert [m.title for m in newer.materials.all()] == ["讲义：数据共享"]
    assert [m.title for m in enrolment.edition.materials.all()] == ["讲义：数据共享", "附表"]
    assert publish_edition(actor=editor(), course=course) == newer


def test_a_missing_file_is_said_before_the_edition_is_made(enrolment):
    course = Course.objects.get(key="data")
    lost = get_document_model().objects.get(pk=course.materials.last().document_id)
    lost.file.storage.delete(lost.file.name)
    course.title = "改了名"
    published(course)
    with pytest.raises(DomainError, match="“附表”没有文件"):
        publish_edition(actor=editor(), course=course)
    assert course.editions.count() == 1
