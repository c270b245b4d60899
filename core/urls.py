from __future__ import annotations

from django.conf import settings
from django.urls import path

from core.views import language, styleguide

app_name = "core"

urlpatterns = [
    path("language/", language.choose_language, name="language"),
    path("display/", language.choose_display, name="display"),
]

if settings.DEBUG or getattr(settings, "LINGHANG_STYLEGUIDE", False):
    urlpatterns += [
        path("styleguide/", styleguide.gallery, name="styleguide"),
        path("styleguide/page/<slug:name>/", styleguide.sample, name="styleguide-sample"),
    ]
