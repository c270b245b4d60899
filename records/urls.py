"""Pages of hours under /office/hours/; included by the Wagtail admin (see ``wagtail_hooks``)."""

from __future__ import annotations

from django.urls import path, re_path

from records.views import claims, forecast, hours, importing, versions

app_name = "records"

urlpatterns = [
    path("register/", hours.register, name="register"),
    path("rules/", hours.rules, name="rules"),
    path("compliance/", hours.compliance, name="compliance"),
    path("forecast/", forecast.forecast, name="forecast"),
    path("forecast/rebuild/", forecast.rebuild, name="forecast-rebuild"),
    path("people/<uuid:public_id>/<slug:key>/", forecast.trace, name="trace"),
    path("rules/hours/start/", versions.start_hours, name="hour-draft-start"),
    path("rules/hours/draft/", versions.hour_draft, name="hour-draft"),
    path("rules/hours/put/", versions.put_hours, name="hour-draft-put"),
    path("rules/policy/start/", versions.start_policy, name="policy-draft-start"),
    path("rules/policy/draft/", versions.policy_draft, name="policy-draft"),
    path("rules/policy/put/", versions.put_policy, name="policy-draft-put"),
    path("rules/policy/preview/", versions.preview_policy, name="policy-preview"),
    path("rules/policy/preview/<uuid:public_id>/", versions.previewed, name="previewed"),
    re_path(r"^rules/(?P<kind>hours|policy)/drop/$", versions.drop, name="draft-drop"),
    path("claims/<uuid:public_id>/", claims.claim, name="claim"),
    path("claims/<uuid:public_id>/reverse/", claims.reverse, name="claim-reverse"),
    path("claims/<uuid:public_id>/file/", claims.claim_file, name="claim-file"),
    path("imports/", importing.imports, name="imports"),
    path("imports/template/", importing.template, name="import-template"),
    path("imports/<uuid:public_id>/", importing.preview, name="import"),
    path("imports/<uuid:public_id>/commit/", importing.commit, name="import-commit"),
    path("imports/<uuid:public_id>/discard/", importing.discard, name="import-discard"),
    path("imports/<uuid:public_id>/refused/", importing.refused, name="import-refused"),
    path("imports/<uuid:public_id>/done/", importing.done, name="import-done"),
    path("changes/<uuid:public_id>/", importing.change, name="change"),
]
