"""取消成绩 as ready words for the learner's and the office's pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from assessments.forms.answers import ReplyForm
from assessments.models import Voiding
from core.templatetags.linghang import day, moment


def learner_cards(voidings: Iterable[Voiding]) -> list[dict[str, Any]]:
    """The newest first, each with what was decided, what may be done, and the reply or the form for it."""
    rows = sorted(voidings, key=lambda one: one.at, reverse=True)
    return [{"voiding": row, "words": _decision(row), "again": _again(row), "form": _form(row)} for row in rows]


def _decision(row: Voiding) -> str:
    words = {"day": day(row.at), "cause": row.get_cause_display(), "reason": row.reason}
    number = _("（%(number)s）") % {"number": row.document_no} if row.document_no else ""
    return _("%(day)s，因%(cause)s，这项成绩被取消") % words + number + _("。理由：%(reason)s。") % words


def _again(row: Voiding) -> str:
    if row.lifted_at:
        return _("%(day)s，这一取消已经撤销，成绩恢复。") % {"day": day(row.lifted_at)}
    if row.again_until is None:
        return ""
    words = _("可在%(when)s前补考。") if row.attempt_id else _("可在%(when)s前重新提交。")
    return words % {"when": moment(row.again_until)}


def _form(row: Voiding) -> ReplyForm | None:
    return None if row.reply or row.lifted_at else ReplyForm(auto_id=f"id_{row.pk}_%s")
