"""Time and place of a live session are arrangement, not content: the office changes them and the edition stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock, notices
from core.errors import DomainError
from core.templatetags.linghang import clock_time, moment_full
from courses.models import EditionLesson, Enrolment, LessonKind, LiveArrangement, LiveAttendance
from courses.reading.live import ARRANGED, as_arranged
from people.scopes import has_role

ARRANGERS = ("training_office",)


@transaction.atomic
def arrange_live(
    *,
    actor: Any,
    lesson: EditionLesson,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    address: str = "",
    reason: str,
) -> LiveArrangement:
    """Put a live session at another time or place; its learners are told, the edition and its length stay."""
    if not has_role(actor, *ARRANGERS):
        raise DomainError(_("只有培训处可以调整直播安排。"), code="forbidden")
    held = EditionLesson.objects.select_for_update(of=("self",)).get(pk=lesson.pk)
    wanted = {"starts_at": starts_at, "ends_at": ends_at, "place": place.strip(), "address": address.strip()}
    _refuse_unfit(held, wanted, reason)
    made = LiveArrangement.objects.create(lesson=held, reason=reason.strip(), made_by=actor, **wanted)
    when = f"{moment_full(starts_at)}—{clock_time(ends_at)}"
    data = {"title": held.title, "when": when, "place": made.place, "reason": made.reason}
    log(held.edition.course, "courses.live_arrange", user=actor, data=data)
    _tell(held, when, made)
    return made


def _refuse_unfit(lesson: EditionLesson, wanted: dict[str, Any], reason: str) -> None:
    if lesson.kind != LessonKind.LIVE:
        raise DomainError(_("这一课时不是直播，没有时间和地点可以调整。"))
    if wanted["ends_at"] <= wanted["starts_at"]:
        raise DomainError(_("结束时间须晚于开始时间。"))
    if wanted["starts_at"] <= clock.now():
        raise DomainError(_("新的开始时间已经过去，请填写将来的时间。"))
    if not (wanted["place"] or wanted["address"]):
        raise DomainError(_("请至少填写直播网址或者地点中的一项。"))
    if not reason.strip():
        raise DomainError(_("请写明调整的原因，学员会看到。"))
    if LiveAttendance.objects.filter(lesson=lesson).exists():
        raise DomainError(_("已经登记过出席情况，这场直播不能再改期；没有参加的人可以登记为“已补课”。"))
    [now] = as_arranged([lesson])
    if all(getattr(now, name) == wanted[name] for name in ARRANGED):
        raise DomainError(_("时间和地点都没有变化。"))


def _tell(lesson: EditionLesson, when: str, made: LiveArrangement) -> None:
    """Those who still have the session before them."""
    waiting = Enrolment.objects.standing().filter(edition=lesson.edition_id, state=Enrolment.State.ACTIVE)
    words = {"title": lesson.title, "when": when, "place": made.place or _("线上"), "reason": made.reason}
    notices.send(
        to=set(waiting.values_list("user_id", flat=True)),
        title=_("直播安排有变动"),
        text=_("“%(title)s”改为%(when)s，%(place)s。原因：%(reason)s") % words,
        url=reverse("courses:course", args=[lesson.edition.course.key]),
        key=f"live:{made.pk}",
        kind="course.live",
    )
