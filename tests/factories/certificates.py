"""Templates and issued certificates of a closed class."""

from __future__ import annotations

import uuid

from certificates.models import Certificate, CertificateTemplate
from certificates.services import candidates, confirm_issuance, create_template
from cohorts.models import Cohort
from core import clock, jobs
from people.models import User
from tests.factories.cohorts import AFTER, closed, office


def template(actor: User | None = None, prefix: str = "领航示范结字") -> CertificateTemplate:
    return create_template(
        actor=actor or office(), name=f"结业证书{prefix}", issuer="云山市领航干部学院（虚构）", seal_text="样章",
        number_prefix=prefix,
    )  # fmt: skip


def issue_all(cohort: Cohort, actor: User | None = None) -> list[Certificate]:
    """Certificates for everybody who is eligible, through the job."""
    actor = actor or office()
    chosen = [c.membership.pk for c in candidates(cohort) if c.ok]
    with clock.freeze(AFTER):
        run = confirm_issuance(
            actor=actor, cohort=cohort, template=template(actor), members=chosen, client_key=uuid.uuid4()
        )
        jobs.run_now(run.job)
    return list(run.certificates.order_by("number"))


def issued_class(**kwargs: object) -> tuple[Cohort, list[Certificate]]:
    """A closed class whose members hold their certificates."""
    cohort = closed(**kwargs)
    return cohort, issue_all(cohort)
