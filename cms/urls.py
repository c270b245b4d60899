from __future__ import annotations

from django.urls import path, re_path

from cms.views import feedback, office, pages

app_name = "cms"

urlpatterns = [
    path("", pages.tree_page, {"path": ""}, name="home"),
    path("tracks/", pages.tree_page, {"path": "tracks/"}, name="tracks"),
    path("cases/", pages.tree_page, {"path": "cases/"}, name="cases"),
    path("laws/", pages.tree_page, {"path": "laws/"}, name="laws"),
    path("laws/table/", pages.law_table, name="law-table"),
    path("help/", pages.tree_page, {"path": "help/"}, name="help"),
    path("about/", pages.tree_page, {"path": "about/"}, name="about"),
    path("privacy/", pages.tree_page, {"path": "privacy/"}, name="privacy"),
    path("search/", pages.search, name="search"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/find/", feedback.find, name="feedback-find"),
    re_path(r"^feedback/(?P<code>[0-9A-Za-z]{4}-[0-9A-Za-z]{4})/$", feedback.status, name="feedback-status"),
    path("office/jsi18n/", office.words),
    path("office/failwhale/", pages.closed),
    path("_util/login/", pages.to_our_sign_in),
    re_path(r"^_util/authenticate_with_password/.*$", pages.closed),
]
