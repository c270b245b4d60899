"""What the package contributes to the others' registries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assessments.services import register_objection
from certificates.models import Certificate
from certificates.services import issuing, reports
from cohorts import board
from cohorts.models import Cohort
from cohorts.services import register_blocker
from core import jobs, navigation
from people import roles


def register_all() -> None:
    jobs.register(issuing.JOB)
    jobs.register(reports.JOB)
    register_blocker("certificates", reopening_blockers)
    register_objection("certificates", certified)
    board.register_tab("certificates", _("证书"), "certificates:issue", order=70)
    roles.permit("training_office", "certificates.view_certificate")
    roles.permit("class_teacher", "certificates.view_certificate")
    navigation.register("public", _("证书核验"), "certificates:verify", order=60, icon="certificate")
    navigation.register_home_tile(
        _("证书核验"),
        "certificates:verify",
        order=30,
        icon="certificate",
        text=_("凭证书编号和验证码，不用登录即可核验真伪。"),
    )
    navigation.register("cadre", _("证书与报告"), "certificates:mine", order=50, icon="certificate")


def reopening_blockers(cohort: Cohort) -> list[str]:
    """A class whose certificates are valid stays closed."""
    valid = Certificate.objects.valid().filter(membership__cohort=cohort).count()
    return [f"本班有 {valid} 张有效证书，请先撤销后再取消结班。"] if valid else []


def certified(context_key: str, user: int) -> list[str]:
    """Results of somebody whose certificate of the class is valid stay as they are."""
    kind, _sep, public_id = context_key.partition(":")
    if kind != "cohort" or not public_id:
        return []
    valid = Certificate.objects.valid().filter(membership__cohort__public_id=public_id, membership__user=user)
    return [
        f"该学员持有本班有效的结业证书（{number}），请先撤销证书。" for number in valid.values_list("number", flat=True)
    ]
