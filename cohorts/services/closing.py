"""Closing a class: the check list, the decision about each member, the hours, and undoing it all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import (
    Closing,
    ClosingPaper,
    Cohort,
    CohortState,
    GraduationDecision,
    Membership,
    MembershipState,
)
from cohorts.permissions import require_runs
from cohorts.reading.classes import credits_of, standings, statuses_of, timetable_of
from cohorts.rules import hours, states
from cohorts.rules.graduation import Condition, decide, granted
from cohorts.services.checklist import checklist
from cohorts.services.locking import locked
from cohorts.services.requirements import refresh_all
from cohorts.signals import cohort_graduated, cohort_reopened
from core import clock
from core.errors import Conflict, DomainError
from people.models import User
from records.models import Bucket, HourEntry, Mode
from records.services import HourLine, credit, reverse

MOST_BYTES = 20 * 1024 * 1024
SUFFIXES = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".jpg", ".jpeg", ".png")
Blocker = Callable[[Cohort], list[str]]
_blockers: dict[str, Blocker] = {}


def register_blocker(name: str, blocker: Blocker) -> None:
    """Let a higher app object to undoing a closing: sentences, or none (valid certificates, say)."""
    _blockers[name] = blocker


def objections(cohort: Cohort) -> list[str]:
    """Why the closing of a class may not be undone now."""
    return [sentence for blocker in _blockers.values() for sentence in blocker(cohort)]


@transaction.atomic
def attach_paper(*, actor: User, cohort: Cohort, kind: str, name: str, data: bytes) -> ClosingPaper:
    """Keep a paper of the closing; the same file again changes nothing. DomainError for size or type."""
    require_runs(actor, cohort)
    locked(cohort, *states.OPEN)
    _check_file(name, data)
    digest = hashlib.sha256(data).hexdigest()
    known = cohort.closing_papers.filter(kind=kind, sha256=digest).first()
    if known:
        return known
    paper = ClosingPaper(cohort=cohort, kind=ClosingPaper.Kind(kind), name=name[-120:], sha256=digest)
    paper.added_by, paper.added_at = actor, clock.now()
    paper.file.save(f"{cohort.public_id}/{digest[:16]}", ContentFile(data), save=False)
    paper.save(force_insert=True)
    log(cohort, "cohorts.papers.attach", user=actor, data={"what": str(paper.get_kind_display()), "name": paper.name})
    return paper


def _check_file(name: str, data: bytes) -> None:
    if not data:
        raise DomainError(_("文件是空的，请重新选择。"))
    if len(data) > MOST_BYTES:
        raise DomainError(_("文件超过 20 MB，请压缩后再上传。"))
    if not name.lower().endswith(SUFFIXES):
        raise DomainError(_("请上传 PDF、Word、Excel 或图片文件。"))


@dataclass(frozen=True)
class Outcome:
    """What closing decides about one member."""

    member: Membership
    conditions: list[Condition]
    granted: bool
    credits: list[hours.Credit]


def outcomes(cohort: Cohort) -> list[Outcome]:
    """Every member with the conditions as they stand and what attendance is worth, in a constant number of queries."""
    members = list(cohort.memberships.select_related("user", "unit").order_by("user__sort_key", "pk"))
    table, statuses, found = timetable_of(cohort), statuses_of(m.pk for m in members), standings(cohort, members)
    return [_outcome(m, decide(found[m.pk]), credits_of(cohort, statuses[m.pk], table)) for m in members]


def _outcome(member: Membership, conditions: list[Condition], worth: list[hours.Credit]) -> Outcome:
    return Outcome(member, conditions, granted(conditions), worth)


@transaction.atomic
def close(*, actor: User, cohort: Cohort) -> Closing:
    """Close a class (结班): decide graduation, credit hours once, tell the floors above on commit.

    DomainError lists what is missing; Conflict when somebody else closed it first.
    """
    require_runs(actor, cohort)
    now = clock.now()
    _step(cohort, CohortState.RUNNING, CohortState.CLOSED, closed_at=now)
    cohort.refresh_from_db()
    refresh_all(cohort=cohort)
    if missing := [item.sentence for item in checklist(cohort) if not item.ok]:
        raise DomainError(_("还不能结班：%(missing)s") % {"missing": "".join(missing)}, code="not_ready")
    closing = Closing.objects.create(cohort=cohort, number=_next_number(cohort), closed_by=actor, closed_at=now)
    found = outcomes(cohort)
    _decide(actor, closing, found)
    credit(actor=actor, lines=[line for o in found if o.granted for line in _lines(closing, o)])
    data = {"graduated": sum(o.granted for o in found), "members": len(found)}
    log(cohort, "cohorts.close", user=actor, data=data)
    _announce(cohort_graduated, closing)
    return closing


def _step(cohort: Cohort, before: str, after: str, **more: Any) -> None:
    """The state changes only from what it was; two at once, and the second learns of the first."""
    moved = Cohort.objects.filter(pk=cohort.pk, state=before).update(state=after, version=F("version") + 1, **more)
    if not moved:
        now = Cohort.objects.get(pk=cohort.pk)
        raise Conflict(
            _("班次“%(title)s”目前是“%(state)s”，可能刚由他人办理，请刷新后查看。")
            % {"title": now.full_title, "state": now.get_state_display()}
        )


def _next_number(cohort: Cohort) -> int:
    return (cohort.closings.aggregate(last=Max("number"))["last"] or 0) + 1


def _decide(actor: User, closing: Closing, found: list[Outcome]) -> None:
    rows = []
    for outcome in found:
        days, worth = hours.totals(outcome.credits)
        rows.append(
            GraduationDecision(
                closing=closing,
                membership=outcome.member,
                granted=outcome.granted,
                conditions=[c.as_json() for c in outcome.conditions],
                days=days,
                hours=worth,
                decided_by=actor,
                at=closing.closed_at,
            )
        )
    GraduationDecision.objects.bulk_create(rows, batch_size=500)
    here = closing.cohort.memberships.filter(state=MembershipState.REGISTERED)
    graduates = [o.member.pk for o in found if o.granted]
    here.filter(pk__in=graduates).update(state=MembershipState.GRADUATED)
    here.exclude(pk__in=graduates).update(state=MembershipState.NOT_GRADUATED)


def source_key(closing: Closing, member: Membership, year: int) -> str:
    """Names the cause of a credited line: one member, one calendar year, one closing of the class.

    Of a class only one closing stands at a time, and undoing it reverses its lines, so nothing counts twice.
    """
    return f"cohort:{closing.cohort.public_id}:{member.pk}:{year}:{closing.number}"


def _lines(closing: Closing, outcome: Outcome) -> list[HourLine]:
    cohort = closing.cohort
    return [
        HourLine(
            user_id=outcome.member.user_id,
            unit_id=outcome.member.unit_id,
            bucket=Bucket.CENTRAL,
            category=cohort.category,
            mode=Mode.OFF_JOB,
            days=worth.days,
            hours=worth.hours,
            earned_on=worth.earned_on,
            label=cohort.full_title,
            source_key=source_key(closing, outcome.member, worth.year),
            rule_id=cohort.hour_rule_id,
        )
        for worth in outcome.credits
        if worth.hours > 0
    ]


def _announce(signal: Any, closing: Closing) -> None:
    transaction.on_commit(partial(signal.send, sender=Cohort, cohort_id=closing.cohort_id, closing_id=closing.pk))


@transaction.atomic
def undo_close(*, actor: User, cohort: Cohort, reason: str) -> Closing:
    """Undo the standing closing (取消结班): hours are reversed, members are in class again; decisions stay readable."""
    require_runs(actor, cohort)
    if not reason.strip():
        raise DomainError(_("请写明取消结班的原因。"))
    _step(cohort, CohortState.CLOSED, CohortState.RUNNING, closed_at=None)
    cohort.refresh_from_db()
    if against := objections(cohort):
        raise DomainError("".join(against), code="blocked")
    closing = cohort.closings.get(undone_at__isnull=True)
    Closing.objects.filter(pk=closing.pk).update(undone_at=clock.now(), undo_reason=reason.strip()[:200])
    closing.refresh_from_db()
    prefix = f"cohort:{cohort.public_id}:"
    keys = HourEntry.objects.standing().filter(source_key__startswith=prefix).values_list("source_key", flat=True)
    reverse(actor=actor, source_keys=list(keys), reason=reason.strip())
    ended = [MembershipState.GRADUATED, MembershipState.NOT_GRADUATED]
    cohort.memberships.filter(state__in=ended).update(state=MembershipState.REGISTERED)
    log(cohort, "cohorts.undo_close", user=actor, data={"reason": reason.strip()})
    _announce(cohort_reopened, closing)
    return closing
