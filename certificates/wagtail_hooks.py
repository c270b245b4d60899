from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from certificates.models import Certificate
from certificates.viewsets import CertificateViewSet
from core.policies import ScopedPolicy

register_permission_policy(Certificate, ScopedPolicy(Certificate))


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [CertificateViewSet()]


@hooks.register("register_log_actions")
def register_actions(actions):
    words = {
        "certificates.template.create": _("新建证书模板版本"),
        "certificates.issue.confirm": _("确认签发证书"),
        "certificates.issue.done": _("签发证书完成"),
        "certificates.reports.order": _("发布能力报告"),
        "certificates.reports.done": _("能力报告发布完成"),
        "certificates.revoke": _("撤销证书"),
        "certificates.reissue": _("补发证书"),
    }
    for name, label in words.items():
        actions.register_action(name, label, label)
