"""Where every address begins; each app's own addresses live in its ``urls.py``."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from core.views.office import closed
from people.views.sign_in import sign_out

urlpatterns = [
    path("", include("people.urls")),
    path("", include("core.urls")),
    path("jobs/", include("core.job_urls")),
    path("", include("courses.urls")),
    path("", include("assessments.urls")),
    path("", include("cohorts.urls")),
    path("", include("records.front_urls")),
    path("", include("planning.urls")),
    path("", include("certificates.urls")),
    path("", include("portal.urls")),
    path("", include("cms.urls")),
    path("office/login/", RedirectView.as_view(pattern_name="people:sign-in", query_string=True)),
    path("office/account/", RedirectView.as_view(pattern_name="people:account")),
    path("office/logout/", sign_out),
    path("office/", include("core.office_urls")),
    path("office/", include(wagtailadmin_urls)),
    re_path(r"^documents/authenticate_with_password/", closed),
    path("documents/", include(wagtaildocs_urls)),
]

if settings.LINGHANG_DEMO or settings.DEBUG:
    from django.views.static import serve

    urlpatterns.append(re_path(r"^media/(?P<path>images/.*)$", serve, {"document_root": settings.MEDIA_ROOT}))

urlpatterns.append(path("", include(wagtail_urls)))
