"""Publishing competency reports of a class: frozen figures, the evidence they rest on, and the document."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from certificates.models import CompetencyReport
from certificates.printing import DEMO_MARKER
from certificates.reporting import Heading, Words, compose, figures_of
from certificates.services.eligibility import standing_closing
from cohorts.models import Cohort, Membership
from competencies.models import Expectation, Kind, Phase
from competencies.profiles import GroupStanding, Profile, group_profile
from competencies.reading import current_framework, profiles_of
from core import clock, jobs
from core.drawing import MissingGlyphs, draw_competency_report
from core.errors import DomainError
from core.models import Job

KIND = "certificates.reports"


def words() -> Words:
    return Words({k.value: str(k.label) for k in Kind}, {p.value: str(p.label) for p in Phase})


def members_of(cohort: Cohort) -> list[Membership]:
    """Everybody who was in the class, by name; also who did not graduate."""
    rows = cohort.memberships.in_class() | cohort.memberships.filter(state="withdrawn", registered_at__isnull=False)
    return list(rows.select_related("user", "unit", "posting").order_by("user__sort_key", "pk"))


@transaction.atomic
def publish_reports(*, actor: Any, cohort: Cohort) -> Job:
    """Order the reports of a closed class; one order per closing."""
    closing = standing_closing(cohort)
    if closing is None:
        raise DomainError("班次尚未结班，不能发布能力报告。请先完成结班。")
    job = jobs.enqueue(
        kind=KIND,
        owner=actor,
        params={"cohort": cohort.pk, "members": [m.pk for m in members_of(cohort)], "closing": closing.number},
        title=f"能力报告：{cohort.full_title}",
        dedupe_key=f"reports:{cohort.pk}:{closing.number}",
    )
    log(cohort, "certificates.reports.order", user=actor, data={"closing": closing.number})
    return job


def group_of(cohort: Cohort) -> tuple[tuple[GroupStanding, ...], int]:
    """The class's means and over how many people."""
    profiles = profiles_of([m.user_id for m in members_of(cohort)], context_key=cohort.context_key)
    return group_profile(list(profiles.values())), len(profiles)


@lru_cache(maxsize=4)
def _group_of_job(job_id: str, cohort_id: int) -> tuple[tuple[GroupStanding, ...], int]:
    """The means as they were when the job began, read once per process and job."""
    return group_of(Cohort.objects.get(pk=cohort_id))


def expectations(regime: str) -> dict[str, Decimal]:
    """The level expected of a regime of ranks, by indicator code."""
    rows = Expectation.objects.filter(regime=regime, indicator__dimension__framework=current_framework())
    return dict(rows.values_list("indicator__code", "level"))


def _heading(member: Membership, issuer: str) -> Heading:
    cohort = member.cohort
    return Heading(
        person=member.user.name,
        unit=member.unit.name,
        post=member.posting.post if member.posting else "",
        cohort=cohort.full_title,
        window_from=cohort.starts_on,
        window_to=cohort.ends_on,
        issuer=issuer,
        issued_on=clock.today(),
        marker=DEMO_MARKER if cohort.is_synthetic else "",
    )


def _evidence_ids(profile: Profile) -> list[int]:
    return sorted(piece.id for standing in profile.dimensions for piece in standing.evidence)


@transaction.atomic
def publish_report(
    *, actor: Any, member: Membership, group: tuple[GroupStanding, ...], group_size: int
) -> CompetencyReport:
    """The member's next report; where figures and evidence are those of the last one, the last one stands."""
    profile = profiles_of([member.user_id], context_key=member.cohort.context_key)[member.user_id]
    regime = member.posting.regime if member.posting else "junior"
    report = compose(
        heading=_heading(member, member.cohort.host.name), profile=profile, group=group, group_size=group_size,
        expected=expectations(regime), words=words(),
    )  # fmt: skip
    figures, evidence = figures_of(report), _evidence_ids(profile)
    last = member.reports.defer("pdf").order_by("-version").first()
    if last and last.figures == figures and last.evidence == evidence:
        return last
    try:
        pdf = draw_competency_report(report)
    except MissingGlyphs as error:
        raise DomainError(f"{member.user.name}：{error}") from error
    return CompetencyReport.objects.create(
        membership=member, version=last.version + 1 if last else 1, figures=figures, evidence=evidence, pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(), made_by=actor,
    )  # fmt: skip


# The job.


def _total(job: Job) -> int:
    return len(job.params["members"])


def _step(job: Job, n: int) -> str:
    member = Membership.objects.select_related("user", "unit", "posting", "cohort__host").get(
        pk=job.params["members"][n]
    )
    group, size = _group_of_job(str(job.pk), job.params["cohort"])
    publish_report(actor=job.owner, member=member, group=group, group_size=size)
    return member.user.name


def _finish(job: Job) -> dict[str, Any]:
    cohort = Cohort.objects.get(pk=job.params["cohort"])
    log(cohort, "certificates.reports.done", user=job.owner, data={"members": _total(job)})
    return {"cohort": str(cohort.public_id)}


JOB = jobs.JobKind(name=KIND, title="发布能力报告", total=_total, step=_step, finish=_finish)
