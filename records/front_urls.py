"""Pages of hours in front: the cadre's own, and the leaders' counts."""

from __future__ import annotations

from django.urls import path

from records.views import forecast, own

app_name = "records_own"

urlpatterns = [
    path("learn/hours/", own.hours, name="hours"),
    path("learn/hours/requirements/<slug:key>/", own.requirement, name="requirement"),
    path("learn/hours/claims/", own.claims, name="claims"),
    path("learn/hours/claims/new/", own.new_claim, name="new-claim"),
    path("learn/hours/claims/<uuid:public_id>/", own.claim, name="claim"),
    path("learn/hours/claims/<uuid:public_id>/again/", own.again, name="claim-again"),
    path("learn/hours/claims/<uuid:public_id>/file/", own.claim_file, name="claim-file"),
    path("learn/hours/claims/<uuid:public_id>/withdraw/", own.withdraw, name="claim-withdraw"),
    path("leaders/hours/", forecast.leaders, name="leaders"),
]
