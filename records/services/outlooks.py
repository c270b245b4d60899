"""The ready figures of the forecast: reckoned anew for people whose lines changed, and for everybody each night."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, jobs
from core.models import Job
from people.models import User
from records.models import CadreOutlook, OutlookLine
from records.presenters.hours import SHORT, reached_words, state_of
from records.reading.gaps import gap_of
from records.reading.hours import outlooks_of_many
from records.rules.forecast import Outlook, worst

KIND = "records.outlooks"
CHUNK = 200  # people reckoned in one transaction
AT_ONCE = 400  # a second or two; more is left to a job


def counted_people() -> QuerySet[User]:
    """Whom the forecast is about: active people with a unit."""
    return User.objects.active().filter(unit__isnull=False).order_by("pk")


def outdate(user_ids: Iterable[int]) -> None:
    """Their lines changed: what is kept of them has to be reckoned anew before it is shown. One query."""
    CadreOutlook.objects.filter(user__in=set(user_ids)).update(as_of=None)


def outdated(people: QuerySet[User], today: date) -> QuerySet[User]:
    """Those of the people of whom nothing is kept for today."""
    return people.filter(Q(hours_outlook__isnull=True) | ~Q(hours_outlook__as_of=today) | Q(hours_outlook__as_of=None))


def freshen(*, actor: Any, people: QuerySet[User]) -> Job | None:
    """Reckon the outdated ones of the people: few at once, many as a job that is returned."""
    today = clock.today()
    ids = list(outdated(people, today).order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(ids) > AT_ONCE:
        return order_rebuild(actor=actor)
    for start in range(0, len(ids), CHUNK):
        rebuild(ids[start : start + CHUNK], today)
    return None


def order_rebuild(*, actor: Any) -> Job:
    """A job that reckons everybody; asked for twice on one day by one person it is one job."""
    key = f"{KIND}:{clock.today():%Y%m%d}:{actor.pk}"
    return jobs.enqueue(kind=KIND, owner=actor, params={}, title=_("计算达标预测"), dedupe_key=key)


def rebuild_everybody() -> int:
    """Reckon everybody in chunks that each commit, and forget who is counted no more; how many people."""
    today = clock.today()
    ids = list(counted_people().values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        rebuild(ids[start : start + CHUNK], today)
    CadreOutlook.objects.exclude(user__in=counted_people().values("pk")).delete()
    return len(ids)


def rebuild(user_ids: Sequence[int], on: date) -> None:
    """Put fresh figures in the place of what was kept about these people; in a constant number of queries.

    The heads are locked before the lines are read: a line credited meanwhile waits, and outdates them again.
    """
    people = list(counted_people().filter(pk__in=list(user_ids)).only("pk", "unit_id", "managed_by_id"))
    CadreOutlook.objects.bulk_create(
        (CadreOutlook(user=person, unit_id=person.unit_id) for person in people), ignore_conflicts=True
    )
    with transaction.atomic():
        kept = CadreOutlook.objects.select_for_update().filter(user__in=[person.pk for person in people])
        heads = {head.user_id: head for head in kept.order_by("user")}
        found = outlooks_of_many(list(heads), on)
        OutlookLine.objects.filter(outlook__in=list(heads.values())).delete()
        for person in people:
            _fill(heads[person.pk], person, found[person.pk], on)
        CadreOutlook.objects.bulk_update(heads.values(), FIGURES, batch_size=CHUNK)
        lines = [_line(head, one) for head in heads.values() for one in found[head.user_id]]
        OutlookLine.objects.bulk_create(lines, batch_size=500)


FIGURES = ["unit", "managed_by", "regime", "state", "is_short", "as_of", "made_at"]


def _fill(head: CadreOutlook, person: User, found: Sequence[Outlook], on: date) -> None:
    results = [one.result for one in found]
    head.unit_id, head.managed_by_id = person.unit_id, person.managed_by_id
    head.regime = results[0].regime if results else ""
    head.state = worst(one.state for one in found)
    head.is_short = any(state_of(result, results) == SHORT for result in results)
    head.as_of, head.made_at = on, clock.now()


def _line(head: CadreOutlook, outlook: Outlook) -> OutlookLine:
    gap = gap_of(outlook)
    return OutlookLine(
        outlook=head,
        bucket=gap.bucket,
        window=gap.window,
        state=gap.state,
        open_hours=gap.open_hours,
        open_days=gap.open_days,
        class_days=gap.class_days,
        window_words=gap.window_words[:120],
        reached=reached_words(outlook.result.measures)[:120],
        lack=gap.words[:80],
        closing=gap.closing[:200],
    )


def steps_of(job: Job) -> int:
    return -(-counted_people().count() // CHUNK) + 1


def rebuild_some(job: Job, number: int) -> str:
    """One chunk of people; the last step forgets who is counted no more."""
    ids = list(counted_people().values_list("pk", flat=True)[number * CHUNK : (number + 1) * CHUNK])
    if not ids:
        CadreOutlook.objects.exclude(user__in=counted_people().values("pk")).delete()
    rebuild(ids, clock.today())
    return _("已计算 %(n)s 人") % {"n": number * CHUNK + len(ids)}


def finish_rebuild(job: Job) -> dict[str, str]:
    return {"url": reverse("records:forecast")}


JOB = jobs.JobKind(
    name=KIND, title=_("计算达标预测"), total=steps_of, step=rebuild_some, finish=finish_rebuild
)  # fmt: skip
