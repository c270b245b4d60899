"""Dated postings: a new one closes the one before, and a person's unit follows the open one."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.errors import DomainError
from core.templatetags.linghang import day
from people.authority import require_unit
from people.models import Posting, Unit, User
from people.ranks import Level, Rank


@transaction.atomic
def add_posting(
    *,
    actor: User,
    user: User,
    unit: Unit,
    post: str,
    level: str,
    rank: str,
    starts_on: date,
    ends_on: date | None = None,
) -> Posting:
    """A posting; an open one closes its predecessor the day before. DomainError when its dates meet another's."""
    require_unit(actor, unit)
    User.objects.select_for_update().get(pk=user.pk)
    _refuse(unit, level, rank, starts_on, ends_on)
    if ends_on is None:
        _close_open_one(user, starts_on)
    _refuse_overlap(user, starts_on, ends_on)
    posting = Posting.objects.create(
        user=user, unit=unit, post=post.strip(), level=level, rank=rank, starts_on=starts_on, ends_on=ends_on
    )
    if ends_on is None:
        user.unit = unit
        user.save(update_fields=["unit"])
    words = {"posting": str(posting), "from": day(starts_on)}
    log(instance=user, action="people.posting_added", user=actor, data=words)
    return posting


def _refuse(unit: Unit, level: str, rank: str, starts_on: date, ends_on: date | None) -> None:
    if level and level not in Level.values:
        raise DomainError(_("没有这个职务层次，请从列表中选择。"))
    if rank and rank not in Rank.values:
        raise DomainError(_("没有这个职级，请从列表中选择。"))
    if ends_on and ends_on < starts_on:
        raise DomainError(_("免职日期早于任职日期，请检查。"))
    if not unit_exists_on(unit, starts_on):
        raise DomainError(_("“%(unit)s”在%(day)s还没有设立或已经撤销。") % {"unit": unit.name, "day": day(starts_on)})


def unit_exists_on(unit: Unit, on: date) -> bool:
    """Whether the unit's dates include the day; open ends include everything."""
    return (unit.valid_from is None or unit.valid_from <= on) and (unit.valid_to is None or on <= unit.valid_to)


def _close_open_one(user: User, starts_on: date) -> None:
    current = Posting.objects.filter(user=user, ends_on=None).first()
    if current is None:
        return
    if current.starts_on >= starts_on:
        began = {"name": user.name, "day": day(current.starts_on)}
        raise DomainError(_("%(name)s现任职务自%(day)s起，新的任职日期须在这之后。") % began)
    current.ends_on = starts_on - timedelta(days=1)
    current.save(update_fields=["ends_on"])


def _refuse_overlap(user: User, starts_on: date, ends_on: date | None) -> None:
    later = Posting.objects.filter(user=user).exclude(ends_on__lt=starts_on)
    other = (later.filter(starts_on__lte=ends_on) if ends_on else later).first()
    if other is not None:
        raise DomainError(_("这段任职与“%(posting)s”的起止日期重叠，请检查。") % {"posting": other})
