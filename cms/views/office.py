"""What the office's scripts say, with the Chinese that Wagtail lacks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.localization import get_localized_response

from people.permissions import requires_sign_in

catalog = JavaScriptCatalog.as_view(packages=["wagtail.admin", "cms"])


@requires_sign_in
def words(request: HttpRequest) -> HttpResponse:
    """The script with the words of Wagtail's own scripts, in the person's language."""
    return get_localized_response(catalog, request)  # type: ignore[no-any-return]
