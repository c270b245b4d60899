"""Publishing the timetable: members see what was published, and are told what changed since."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, TimetablePublication
from cohorts.permissions import require_runs
from cohorts.reading.published import Pending, pending
from cohorts.rules import states
from cohorts.services.locking import locked
from core import clock, notices
from core.errors import Conflict, DomainError
from people.models import User

MOST_SENTENCES = 8


@transaction.atomic
def publish_timetable(*, actor: User, cohort: Cohort, seen: str | None = None) -> TimetablePublication:
    """Show the members the timetable as it is now and tell each of them once what changed.

    ``seen`` is the mark of the timetable that the confirmation showed; Conflict when it has moved on since.
    """
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    news = pending(held)
    _check(news, seen)
    made = TimetablePublication.objects.create(
        cohort=held,
        number=news.number,
        at=clock.now(),
        by=actor,
        rows=[entry.as_data() for entry in news.entries],
        changes=news.changes,
    )
    _tell_members(held, news)
    log(held, "cohorts.timetable.publish", user=actor, data={"number": made.number, "changes": len(news.changes)})
    return made


def _check(news: Pending, seen: str | None) -> None:
    if seen is not None and seen != news.mark:
        raise Conflict(_("确认期间课表又有改动，没有发布。请对照最新的课表再发布。"))
    if news.last is None and not news.entries:
        raise DomainError(_("课表还是空的，请先排课。"))
    if news.last is not None and not news.changes:
        raise DomainError(_("课表与上次发布的一致，没有需要发布的调整。"))


def _tell_members(cohort: Cohort, news: Pending) -> None:
    """One notice for each member who is expected or in class."""
    title = _("课表已发布") if news.last is None else _("课表有 %(n)s 处调整") % {"n": len(news.changes)}
    notices.send(
        to=cohort.memberships.filter(state__in=("confirmed", "registered")).values_list("user", flat=True),
        title=title,
        text=_text(cohort, news.changes),
        url=reverse("cohorts:class", args=[cohort.public_id]),
        key=f"timetable:{cohort.public_id}:{news.number}",
        kind="class.timetable",
    )


def _text(cohort: Cohort, changes: list[str]) -> str:
    if not changes:
        return cohort.full_title
    rest = len(changes) - MOST_SENTENCES
    more = _("另有 %(n)s 处，见课表。") % {"n": rest} if rest > 0 else ""
    return f"{cohort.full_title}：{'；'.join(changes[:MOST_SENTENCES])}。{more}"
