"""The cadre's desk and archive, the leaders' pages, the statistics of the office."""

from __future__ import annotations

from django.urls import path

from portal.views import archive, desk, leaders, statistics

app_name = "portal"

urlpatterns = [
    path("learn/", desk.desk, name="desk"),
    path("learn/archive/", archive.own, name="archive"),
    path("archive/<uuid:public_id>/", archive.of, name="archive-of"),
    path("leaders/", leaders.home, name="leaders"),
    path("leaders/people/", leaders.people, name="leaders-people"),
    path("leaders/cohorts/<uuid:public_id>/", leaders.cohort, name="leaders-cohort"),
    path("leaders/cohorts/<uuid:public_id>/members/", leaders.members, name="leaders-members"),
    path("leaders/units/<str:code>/", leaders.unit, name="leaders-unit"),
    path("office/statistics/", statistics.index, name="statistics"),
    path("office/statistics/make/", statistics.make, name="statistics-make"),
    path("office/statistics/<uuid:public_id>/", statistics.report, name="statistics-report"),
    path("office/statistics/<uuid:public_id>/file/", statistics.workbook, name="statistics-file"),
]
