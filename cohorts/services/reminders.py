"""A word of the class's staff to members, as a notice of each."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, Membership
from cohorts.permissions import require_runs
from core import notices
from core.errors import DomainError
from people.models import User

LONGEST = 300


@transaction.atomic
def remind_members(*, actor: User, cohort: Cohort, members: Iterable[Membership], text: str) -> int:
    """Send the same sentence to these members inside the product; how many. DomainError for an empty or long one."""
    require_runs(actor, cohort)
    words, people = text.strip(), sorted({m.user_id for m in members if m.cohort_id == cohort.pk})
    if not words:
        raise DomainError(_("请填写提醒的内容。"))
    if len(words) > LONGEST:
        raise DomainError(_("提醒最多 %(n)s 字，请精简。") % {"n": LONGEST})
    if not people:
        raise DomainError(_("请先勾选学员。"))
    url = reverse("cohorts:class", args=[cohort.public_id])
    title = _("班级提醒：%(title)s") % {"title": cohort.title}
    notices.send(to=people, title=title, text=words, url=url, kind="class.reminder")
    log(cohort, "cohorts.members.remind", user=actor, data={"count": len(people), "text": words})
    return len(people)
