from __future__ import annotations

import pytest
from django.test import RequestFactory

from core.posted import short_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  工作需要  ", "工作需要"),
        ("第一行\r\n第二行", "第一行\r\n第二行"),
        ("工\x00作\x07需\u202e要", "工作需要"),
        ("\x00\x01", ""),
        ("长" * 500, "长" * 20),
    ],
)
def test_a_short_text_is_kept_as_a_person_typed_it(typed, kept):
    request = RequestFactory().post("/", {"reason": typed})
    assert short_text(request, "reason", 20) == kept


def test_a_field_that_was_not_sent_is_empty():
    assert short_text(RequestFactory().post("/"), "reason", 20) == ""
