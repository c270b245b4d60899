"""Pages of the office about messages that leave the house; inside Wagtail's admin."""

from __future__ import annotations

from django.urls import path

from people.office import message_pages

app_name = "office-messages"

urlpatterns = [
    path("templates/", message_pages.template_list, name="templates"),
    path("templates/<str:kind>/", message_pages.template_edit, name="template"),
    path("rules/", message_pages.rules, name="rules"),
]
