"""Addresses of plans, places and nominations."""

from __future__ import annotations

from planning import call_urls, plan_urls

app_name = "planning"

urlpatterns = [*plan_urls.urlpatterns, *call_urls.urlpatterns]
