"""Files of the curriculum: the secrecy line stands at every upload, and a name that carries a mark is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.documents.forms import get_document_form
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

LINE = "本系统为非涉密系统，请勿上传、处理国家秘密。"
PAGES = ("wagtailimages:add", "wagtailimages:add_multiple", "wagtaildocs:add", "wagtaildocs:add_multiple")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", PAGES)
def test_every_upload_of_an_editor_says_that_this_is_no_system_for_secrets(
    page: str, personas: dict[str, Any], signed_in: Callable[[Any], Client]
) -> None:
    assert LINE in signed_in(personas["content_editor"]).get(reverse(page)).content.decode()


@pytest.mark.parametrize(
    ("name", "fits"), [("流程图.pdf", True), ("内部资料-流程图.pdf", False), ("机 密★一年.pdf", False)]
)
def test_a_document_whose_name_carries_a_mark_of_secrecy_is_refused(name: str, fits: bool) -> None:
    sent = {"title": "流程图", "collection": Collection.get_first_root_node().pk, "tags": ""}
    form = get_document_form(get_document_model())(sent, {"file": SimpleUploadedFile(name, b"%PDF-1.7")})
    assert form.is_valid() is fits, form.errors
    assert fits or "非涉密系统" in form.errors["file"][0]


def test_words_of_another_field_are_not_asked_for_the_mark() -> None:
    assert not get_image_form(get_image_model())({"title": "机密"}).errors.get("title")
