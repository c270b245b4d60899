"""Wagtail's choosers and page tree are for those who edit content."""

from __future__ import annotations

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize(
    "door",
    ["api/main/documents/", "choose-page/", "images/chooser/", "documents/chooser/", "snippets/choose/courses/lesson/",
     "courses/checks/choose/", "tag-autocomplete/?term=a", "pages/"],
)  # fmt: skip
def test_choosers_of_content_are_for_editors(personas, signed_in, door):
    for who in ("unit_admin", "class_teacher", "system_admin", "security_admin", "audit_admin"):
        assert signed_in(personas[who]).get(f"/office/{door}").status_code == 403, who
    assert signed_in(personas["content_editor"]).get(f"/office/{door}").status_code == 200
