"""Discipline: absence drafts a record, a person confirms or drops it, the member may reply, and it is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, CohortState, DisciplineEvent, DisciplineRecord, Membership, MembershipState
from cohorts.notifying import tell_about_discipline, tell_deciders, tell_teachers_of_reply
from cohorts.permissions import require_office, require_runs
from cohorts.presenters.figures import day_words
from cohorts.rules.halfdays import HalfDay
from cohorts.rules.sanctions import DISMISSAL, needs_office
from cohorts.services.locking import locked
from cohorts.services.withdrawal import withdraw_member
from core import clock
from core.errors import Conflict, DomainError
from people.models import User

State = DisciplineRecord.State
What = DisciplineEvent.What
LONGEST_REPLY_DAYS = 30
Places = list[tuple[int, HalfDay]]


def draft_absences(*, actor: User, places: Places) -> None:
    """A draft for each member and half day that has none; a decision under review rests on an absence again."""
    if not places:
        return
    there = _meant(_records(places).exclude(state__in=DisciplineRecord.VOID), places)
    known = {(r.membership_id, HalfDay(r.day, r.half)) for r in there}
    rows = [
        DisciplineRecord(membership_id=member, day=place.day, half=place.half, drafted_at=clock.now())
        for member, place in places
        if (member, place) not in known
    ]
    made = DisciplineRecord.objects.bulk_create(rows, batch_size=500)
    _note(actor, made, What.DRAFTED)
    restored = [r for r in there if r.corrected_at]
    if restored:
        DisciplineRecord.objects.filter(pk__in=[r.pk for r in restored]).update(corrected_at=None)
        _note(actor, restored, What.RESTORED)


def follow_corrections(*, actor: User, places: Places) -> None:
    """The absence was corrected: a draft is dropped, a decision that stands is put before a person again."""
    if not places:
        return
    rows = _meant(_records(places).exclude(state__in=DisciplineRecord.VOID), places)
    _drop([r for r in rows if r.state == State.DRAFT], actor)
    _flag([r for r in rows if r.state in DisciplineRecord.STANDING and not r.corrected_at], actor)


def _meant(found: Any, places: Places) -> list[DisciplineRecord]:
    wanted = set(places)
    return [r for r in found if (r.membership_id, HalfDay(r.day, r.half)) in wanted]


def _drop(drafts: list[DisciplineRecord], actor: User) -> None:
    DisciplineRecord.objects.filter(pk__in=[r.pk for r in drafts], state=State.DRAFT).update(
        state=State.DROPPED, end_reason=_("考勤已更正，不再是旷课")
    )
    _note(actor, drafts, What.DROPPED)


def _flag(decided: list[DisciplineRecord], actor: User) -> None:
    DisciplineRecord.objects.filter(pk__in=[r.pk for r in decided]).update(corrected_at=clock.now())
    _note(actor, decided, What.CORRECTED)
    tell_deciders(decided)


def _records(places: Places) -> Any:
    days = {place.day for _member, place in places}
    return DisciplineRecord.objects.filter(membership__in={member for member, _place in places}, day__in=days)


def _note(actor: User, rows: list[DisciplineRecord], what: str, level: str = "") -> None:
    now = clock.now()
    DisciplineEvent.objects.bulk_create(
        [DisciplineEvent(record=row, what=what, level=level, by=actor, at=now) for row in rows], batch_size=500
    )


def _require_level(actor: User, cohort: Cohort, level: str) -> None:
    require_runs(actor, cohort)
    if needs_office(level):
        require_office(actor, cohort)


@transaction.atomic
def confirm_discipline(
    *, actor: User, record: DisciplineRecord, level: str, reason: str, document_no: str, reply_until: date
) -> DisciplineRecord:
    """A person decides on the draft: level, reason, document; 责令退学 ends the membership. The member is told."""
    cohort = locked(record.membership.cohort, CohortState.RUNNING)
    _require_level(actor, cohort, level)
    member = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=record.membership_id)
    _check_confirmation(member, level, reason, document_no, reply_until)
    _step(
        record, State.DRAFT, State.CONFIRMED,
        level=level, reason=reason.strip(), document_no=document_no.strip(), reply_until=reply_until,
    )  # fmt: skip
    _note(actor, [record], What.CONFIRMED, level)
    if level == DISMISSAL:
        withdraw_member(member, _("责令退学（%(number)s）") % {"number": document_no.strip()})
    words = {**_words(record), "level": str(DisciplineRecord.Level(level).label), "document_no": document_no.strip()}
    log(cohort, "cohorts.discipline.confirm", user=actor, data=words)
    tell_about_discipline(record)
    record.refresh_from_db()
    return record


def _check_confirmation(member: Membership, level: str, reason: str, document_no: str, until: date) -> None:
    if member.state != MembershipState.REGISTERED:
        raise DomainError(_("该学员目前不在班，不能再作纪律处理；如不需要处理，请填写理由后不予处理。"))
    if level not in DisciplineRecord.Level.values or not reason.strip():
        raise DomainError(_("请选择处理方式并填写理由。"))
    if needs_office(level) and not document_no.strip():
        raise DomainError(_("通报批评和责令退学须填写文号。"))
    if not 0 <= (until - clock.today()).days <= LONGEST_REPLY_DAYS:
        raise DomainError(_("陈述申辩期限须在今天至 %(n)s 天以内。") % {"n": LONGEST_REPLY_DAYS})


def _words(record: DisciplineRecord) -> dict[str, str]:
    return {"who": record.membership.user.name, "when": HalfDay(record.day, record.half).label}


def _step(record: DisciplineRecord, before: str, after: str, **more: Any) -> None:
    """From the state that was read only; whoever comes later learns of it."""
    if not DisciplineRecord.objects.filter(pk=record.pk, state=before).update(state=after, **more):
        now = DisciplineRecord.objects.get(pk=record.pk)
        raise Conflict(
            _("这项纪律处理目前是“%(state)s”，可能刚由他人办理，请刷新后查看。") % {"state": now.get_state_display()}
        )


@transaction.atomic
def drop_discipline(*, actor: User, record: DisciplineRecord, reason: str) -> None:
    """The draft is not followed up, for a reason that stays readable."""
    cohort = locked(record.membership.cohort, CohortState.RUNNING)
    require_runs(actor, cohort)
    if not reason.strip():
        raise DomainError(_("请写明不予处理的理由。"))
    _step(record, State.DRAFT, State.DROPPED, end_reason=reason.strip()[:200])
    _note(actor, [record], What.DROPPED)
    log(cohort, "cohorts.discipline.drop", user=actor, data=_words(record))


@transaction.atomic
def reply_to_discipline(*, actor: User, record: DisciplineRecord, text: str) -> None:
    """The member's statement, once and within the days."""
    if record.membership.user_id != actor.pk:
        raise DomainError(_("陈述申辩须由学员本人提交。"), code="forbidden")
    if not text.strip():
        raise DomainError(_("请填写陈述申辩的内容。"))
    if record.reply_until and clock.today() > record.reply_until:
        raise DomainError(_("陈述申辩的期限（%(day)s）已过。") % {"day": day_words(record.reply_until)})
    done = DisciplineRecord.objects.filter(pk=record.pk, state=State.CONFIRMED, reply="").update(
        reply=text.strip(), replied_at=clock.now()
    )
    if not done:
        raise Conflict(_("您已经提交过陈述申辩，或者此事已经办结。"))
    _note(actor, [record], What.REPLIED)
    tell_teachers_of_reply(record)


@transaction.atomic
def close_discipline(*, actor: User, record: DisciplineRecord, note: str) -> None:
    """The matter is settled, not before the member replied or the days for it are over."""
    cohort = locked(record.membership.cohort, CohortState.RUNNING, CohortState.CLOSED)
    _require_level(actor, cohort, record.level)
    if not note.strip():
        raise DomainError(_("请写明办结情况，例如约谈的时间和结果。"))
    now = DisciplineRecord.objects.get(pk=record.pk)
    if now.corrected_at:
        raise DomainError(_("这项处理的依据已更正，请先复核：维持或者撤销。"))
    if now.state == State.CONFIRMED and not now.replied_at and clock.today() <= now.reply_until:
        raise DomainError(
            _("学员可在%(day)s前陈述申辩，在此之前或者学员提交之前不能办结。") % {"day": day_words(now.reply_until)}
        )
    _step(record, State.CONFIRMED, State.CLOSED, end_reason=note.strip()[:200])
    _note(actor, [record], What.CLOSED, record.level)
    log(cohort, "cohorts.discipline.close", user=actor, data=_words(record))


@transaction.atomic
def review_discipline(*, actor: User, record: DisciplineRecord, uphold: bool, reason: str) -> None:
    """The absence under a decision was corrected: a person upholds the decision or withdraws it, and says why."""
    cohort = locked(record.membership.cohort, CohortState.RUNNING)
    _require_level(actor, cohort, record.level)
    if not reason.strip():
        raise DomainError(_("请写明维持或撤销处理的理由。"))
    state = {} if uphold else {"state": State.WITHDRAWN}
    rows = DisciplineRecord.objects.filter(pk=record.pk, corrected_at__isnull=False)
    if not rows.update(corrected_at=None, review_reason=reason.strip()[:200], **state):
        raise Conflict(_("这项处理没有待复核的更正，可能刚由他人复核，请刷新后查看。"))
    what = What.UPHELD if uphold else What.WITHDRAWN
    _note(actor, [record], what, record.level)
    log(cohort, "cohorts.discipline.review", user=actor, data={**_words(record), "outcome": str(what.label)})
    tell_about_discipline(record)
