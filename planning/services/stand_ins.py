"""Who reviews nominations in an administrator's place, from day to day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.presenters.figures import day_words
from core import clock
from core.errors import DomainError
from people.models import User
from people.scopes import grant_paths
from planning.models import StandIn
from planning.querysets.calls import UNITS

LONGEST = timedelta(days=366)


@transaction.atomic
def arrange_stand_in(*, actor: User, work_number: str, starts_on: date, ends_on: date) -> StandIn:
    """Let a colleague of the actor's units review beside the actor; the same dates twice are one arrangement."""
    paths = grant_paths(actor, UNITS)
    if not paths:
        raise DomainError(_("只有单位管理员可以安排代办。"), code="forbidden")
    if ends_on < starts_on or ends_on < clock.today():
        raise DomainError(_("结束日期不能早于开始日期，也不能早于今天。"))
    if ends_on - starts_on > LONGEST:
        raise DomainError(_("代办一次最长一年，到期可以续办。"))
    delegate = _colleague(actor, work_number, paths)
    row, new = StandIn.objects.get_or_create(
        holder=actor, delegate=delegate, starts_on=starts_on, ends_on=ends_on, defaults={"made_by": actor}
    )
    if new:
        span = f"{day_words(starts_on)}—{day_words(ends_on)}"
        words = {"who": actor.name, "delegate": delegate.name, "span": span}
        log(row, "planning.stand_in.arrange", user=actor, data=words)
    return row


def _colleague(actor: User, work_number: str, paths: list[str]) -> User:
    found = User.objects.active().select_related("unit").filter(work_number=work_number.strip()).first()
    if found is None or found.unit is None or not any(found.unit.path.startswith(path) for path in paths):
        raise DomainError(_("您管理的单位里没有这个工号的在职人员，请核对工号。"))
    if found.pk == actor.pk:
        raise DomainError(_("代办人不能是您自己。"))
    return found


@transaction.atomic
def end_stand_in(*, actor: User, stand_in: StandIn) -> None:
    """End an arrangement of one's own as of now; one that has not begun is dropped."""
    if stand_in.holder_id != actor.pk:
        raise DomainError(_("只有委托人可以结束代办。"), code="forbidden")
    words = {"who": actor.name, "delegate": stand_in.delegate.name}
    log(stand_in, "planning.stand_in.end", user=actor, data=words)
    yesterday = clock.today() - timedelta(days=1)
    if stand_in.starts_on > yesterday:
        stand_in.delete()
    else:
        StandIn.objects.filter(pk=stand_in.pk, ends_on__gt=yesterday).update(ends_on=yesterday)
