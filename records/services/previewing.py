"""What a draft of the requirements would change for the people of its editor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, jobs
from core.errors import Conflict, DomainError
from core.models import Job
from records.models import PolicyDraft, PolicyPreview, PreviewedPerson, RequirementPolicy
from records.permissions import keeps_rules
from records.presenters.hours import GRACE, MET, SHORT, state_of
from records.reading.hours import assessed_by, draft_policy, policy_on
from records.reading.screens import cadres_of
from records.rules.compliance import WindowResult

KIND = "records.policy_preview"
CHUNK = 200  # people reckoned in one step
ORDER = (MET, GRACE, SHORT)


@transaction.atomic
def order_preview(*, actor: Any, draft: PolicyDraft) -> PolicyPreview:
    """A preview of this draft for the actor's scope: at once for few people, as a job for many."""
    if not keeps_rules(actor):
        raise DomainError(_("学时规则和应训要求对全体干部适用，由最上级单位的培训处修订。"), code="forbidden")
    today = clock.today()
    people = list(cadres_of(actor).order_by("pk").values_list("pk", flat=True))
    in_force = RequirementPolicy.objects.get(version=policy_on(today).version)
    PolicyPreview.objects.filter(owner=actor, job__isnull=True).delete()
    preview = PolicyPreview.objects.create(
        owner=actor, policy=in_force, draft_key=draft.pk, revision=draft.revision, as_of=today, people=len(people)
    )
    if len(people) <= CHUNK:
        reckon(preview, people)
        _done(preview)
    else:
        params = {"preview": preview.pk, "people": people}
        preview.job = jobs.enqueue(kind=KIND, owner=actor, params=params, title=_("应训要求修订预览"))
        preview.save(update_fields=["job"])
    return preview


def _done(preview: PolicyPreview) -> None:
    PolicyPreview.objects.filter(pk=preview.pk).update(done_at=clock.now())
    preview.refresh_from_db()


def reckon(preview: PolicyPreview, people: Sequence[int]) -> None:
    """Keep how each of these people stands before and after; in a constant number of queries."""
    draft = PolicyDraft.objects.filter(pk=preview.draft_key, revision=preview.revision).first()
    if draft is None:
        raise Conflict(_("草稿已被修改，请重新预览。"))
    before, after = assessed_by(
        list(people), [policy_on(preview.as_of), draft_policy(draft, preview.policy.version + 1)], preview.as_of
    )
    rows = [row for pk in people for row in _rows(preview, pk, before[pk], after[pk])]
    PreviewedPerson.objects.bulk_create(rows, batch_size=500)


def _rows(
    preview: PolicyPreview, user: int, before: Sequence[WindowResult], after: Sequence[WindowResult]
) -> list[PreviewedPerson]:
    old, new = by_bucket(before), by_bucket(after)
    regime = next((r.regime for r in [*before, *after] if r.applies_to is None), "")
    return [
        PreviewedPerson(
            preview=preview, user_id=user, regime=regime, bucket=bucket, before=old.get(bucket, ""),
            after=new.get(bucket, ""),
        )
        for bucket in sorted({*old, *new})
    ]  # fmt: skip


def by_bucket(results: Sequence[WindowResult]) -> dict[str, str]:
    """The worst state of each bucket among the requirements that stand."""
    standing = [result for result in results if result.applies_to is None]
    found: dict[str, str] = {}
    for result in standing:
        state = state_of(result, standing)
        found[result.bucket] = max(found.get(result.bucket, MET), state, key=ORDER.index)
    return found


def _preview_of(job: Job) -> PolicyPreview:
    return PolicyPreview.objects.select_related("policy").get(pk=job.params["preview"])


def steps_of(job: Job) -> int:
    return -(-len(job.params["people"]) // CHUNK)


def reckon_some(job: Job, number: int) -> str:
    people = job.params["people"][number * CHUNK : (number + 1) * CHUNK]
    reckon(_preview_of(job), people)
    return _("已计算 %(n)s / %(all)s 人") % {
        "n": min((number + 1) * CHUNK, len(job.params["people"])), "all": len(job.params["people"]),
    }  # fmt: skip


def finish_preview(job: Job) -> dict[str, str]:
    _done(_preview_of(job))
    return {"url": reverse("records:policy-draft")}


JOB = jobs.JobKind(
    name=KIND, title=_("应训要求修订预览"), total=steps_of, step=reckon_some, finish=finish_preview,
    stop_on_refusal=True,
)  # fmt: skip
