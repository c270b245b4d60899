"""The shell alone: language, display, the gallery, and views that refuse in each way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils import translation

from core.errors import Conflict, DomainError
from core.urls import urlpatterns as core_urls
from core.views import styleguide


def refuse(request: HttpRequest) -> HttpResponse:
    raise DomainError("名额已满，请先减少其他单位的名额。")


def conflict(request: HttpRequest) -> HttpResponse:
    raise Conflict


def plain(request: HttpRequest) -> HttpResponse:
    return render(request, "core/display.html", {"next": "/"})


def spoken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(translation.get_language())


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the database is on fire")


core_pages = [
    *(pattern for pattern in core_urls if not pattern.name.startswith("styleguide")),
    path("styleguide/", styleguide.gallery, name="styleguide"),
    path("styleguide/page/<slug:name>/", styleguide.sample, name="styleguide-sample"),
]
urlpatterns = [
    path("", include((core_pages, "core"))),
    path("refuse/", refuse),
    path("conflict/", conflict),
    path("plain/", plain, name="plain"),
    path("plain/deeper/", plain, name="deeper"),
    path("spoken/", spoken),
    path("broken/", broken),
]
