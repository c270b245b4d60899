"""Whether the space of a class takes anything now, and the words that come into it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cohorts.models import Cohort, CohortState
from cohorts.rules import space
from cohorts.services.locking import locked
from core.errors import DomainError


def held_open(cohort: Cohort) -> Cohort:
    """The class, held until the transaction ends; after its closing nothing is written any more."""
    held = locked(cohort)
    if held.state == CohortState.CANCELLED:
        raise DomainError(_("这个班次已经取消，班级空间不再使用。"), code="closed")
    if not space.is_open(held.state):
        raise DomainError(_("本班已经结班，班级空间只供查看，不能再发布或修改。"), code="closed")
    return held


def title_of(text: str) -> str:
    """A title on one line; DomainError when it is empty or too long."""
    title = " ".join(space.clean(text).split())
    if not title:
        raise DomainError(_("请填写标题。"), code="title")
    if len(title) > space.LONGEST_TITLE:
        raise DomainError(_("标题请不超过 %(n)s 字。") % {"n": space.LONGEST_TITLE}, code="title")
    return title


def text_of(text: str, most: int) -> str:
    """A text as it is kept; DomainError when it is empty or too long."""
    words = space.clean(text)
    if not words:
        raise DomainError(_("请填写内容。"), code="text")
    if len(words) > most:
        raise DomainError(_("内容请不超过 %(n)s 字，现在有 %(now)s 字。") % {"n": most, "now": len(words)}, code="text")
    return words


def reason_of(text: str) -> str:
    reason = " ".join(space.clean(text).split())
    if not reason:
        raise DomainError(_("请写明原因。"), code="reason")
    return reason[:200]
