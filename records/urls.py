"""Pages of hours under /office/hours/; included by the Wagtail admin (see ``wagtail_hooks``)."""

from __future__ import annotations

from django.urls import path

from records import views

app_name = "records"

urlpatterns = [
    path("register/", views.register, name="register"),
    path("rules/", views.rules, name="rules"),
    path("compliance/", views.compliance, name="compliance"),
]
