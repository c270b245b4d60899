"""Doors of the Wagtail admin that are narrower here than there; included before Wagtail's own addresses."""

from __future__ import annotations

from django.urls import path, re_path

from core.views import office

urlpatterns = [
    re_path(r"^(?:login|password_reset)(?:/.*)?$", office.to_our_sign_in),
    re_path(r"^account/(?:change_password|password).*$", office.to_our_sign_in),
    re_path(r"^users(?:/.*)?$", office.closed),
    path("reports/", office.report),
    path("reports/<path:rest>", office.report),
    path("bulk/<str:app_label>/<str:model_name>/<str:action>/", office.bulk_action),
]
