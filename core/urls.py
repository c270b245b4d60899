from __future__ import annotations

from django.conf import settings
from django.urls import path

from core.views import language, notices, saved_views, styleguide

app_name = "core"

urlpatterns = [
    path("language/", language.choose_language, name="language"),
    path("display/", language.choose_display, name="display"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/<uuid:public_id>/", notices.notice, name="notice"),
    path("notices/<uuid:public_id>/open/", notices.open_notice, name="notice-open"),
    path("views/", saved_views.keep, name="view-keep"),
    path("views/<int:pk>/drop/", saved_views.drop, name="view-drop"),
]

if settings.DEBUG or getattr(settings, "LINGHANG_STYLEGUIDE", False):
    urlpatterns += [
        path("styleguide/", styleguide.gallery, name="styleguide"),
        path("styleguide/page/<slug:name>/", styleguide.sample, name="styleguide-sample"),
    ]
