"""The cadre's desk and archive, the leaders' pages, the statistics of the office."""

from __future__ import annotations

from django.urls import path

from portal.views import archive, desk

app_name = "portal"

urlpatterns = [
    path("learn/", desk.desk, name="desk"),
    path("learn/archive/", archive.own, name="archive"),
    path("archive/<uuid:public_id>/", archive.of, name="archive-of"),
]
