from __future__ import annotations

from django.urls import path

from core.views import jobs

app_name = "jobs"

urlpatterns = [
    path("", jobs.job_list, name="list"),
    path("<uuid:pk>/", jobs.job_detail, name="detail"),
    path("<uuid:pk>/result/", jobs.job_result, name="result"),
    path("<uuid:pk>/retry/", jobs.job_retry, name="retry"),
]
