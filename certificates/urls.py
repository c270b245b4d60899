from __future__ import annotations

from django.urls import path

from certificates.views import cadre, office, public

app_name = "certificates"

urlpatterns = [
    path("verify/", public.verify, name="verify"),
    path("learn/certificates/", cadre.mine, name="mine"),
    path("certificates/<uuid:public_id>/file/", cadre.download, name="download"),
    path("learn/certificates/reports/<uuid:public_id>/", cadre.report, name="report"),
    path("learn/certificates/reports/<uuid:public_id>/file/", cadre.report_file, name="report-file"),
    path("office/cohorts/<uuid:public_id>/certificates/", office.issue, name="issue"),
    path("office/cohorts/<uuid:public_id>/reports/order/", office.order_reports, name="order-reports"),
    path("office/certificates/<uuid:public_id>/revoke/", office.end, {"action": "revoke"}, name="revoke"),
    path("office/certificates/<uuid:public_id>/reissue/", office.end, {"action": "reissue"}, name="reissue"),
    path("office/certificate-templates/", office.templates, name="templates"),
    path("office/certificate-templates/<int:pk>/sample/", office.template_sample, name="template-sample"),
]
