"""Evaluations: opened for people, answered once by each without a trace of who, recalled to those still asked."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import Questionnaire, Survey, SurveyAnswer, SurveyInvitation
from assessments.models.surveys import LONGEST_COMMENT
from assessments.permissions import insist, may_run_surveys
from assessments.rules import surveying
from core import clock, notices
from core.errors import Conflict, DomainError
from core.templatetags.linghang import moment

_shuffle = random.SystemRandom()


def current_questionnaire() -> Questionnaire:
    """The newest version; the first one is put in place when there is none."""
    found = Questionnaire.objects.order_by("version").last()
    return found or Questionnaire.objects.get_or_create(version=1, defaults=_first())[0]


def _first() -> dict[str, Any]:
    return {
        "title": surveying.FIRST_TITLE,
        "indicators": [
            {"key": key, "label": label, "hint": hint, "points": surveying.FIRST_POINTS}
            for key, label, hint in surveying.FIRST_INDICATORS
        ],
        "choices": [{"label": label, "share": share} for label, share in surveying.FIRST_CHOICES],
        "grades": [{"label": label, "from": percent} for label, percent in surveying.FIRST_GRADES],
    }


@transaction.atomic
def open_survey(
    *,
    actor: Any,
    context_key: str,
    about: str,
    title: str,
    subject: str,
    opens_at: datetime,
    closes_at: datetime,
    users: Iterable[Any],
) -> tuple[Survey, bool]:
    """Ask these people about a thing, and tell them; asked before, nothing changes. Also: whether it is new."""
    insist(may_run_surveys(actor), _("您没有发起教学评估的权限。"))
    if closes_at <= max(opens_at, clock.now()):
        raise DomainError(_("评估的截止时间应晚于开始时间和现在。"))
    survey, new = Survey.objects.get_or_create(
        context_key=context_key,
        about=about,
        defaults={
            "title": title[:120],
            "subject": subject[:120],
            "questionnaire": current_questionnaire(),
            "opens_at": opens_at,
            "closes_at": closes_at,
            "made_by": actor,
        },
    )
    if new:
        log(survey, "assessments.open_survey", user=actor, data={"context": context_key})
        invite(actor=actor, survey=survey, users=users)
    return survey, new


@transaction.atomic
def standing_survey(
    *, made_by: Any, context_key: str, about: str, title: str, subject: str, opens_at: datetime, closes_at: datetime
) -> Survey:
    """A survey that the product itself keeps open for whoever comes to it; ``made_by`` published what it is about."""
    survey, new = Survey.objects.get_or_create(
        context_key=context_key,
        about=about,
        defaults={
            "title": title[:120],
            "subject": subject[:120],
            "questionnaire": current_questionnaire(),
            "opens_at": opens_at,
            "closes_at": closes_at,
            "made_by": made_by,
        },
    )
    if new:
        log(survey, "assessments.open_survey", user=made_by, data={"context": context_key})
    return survey


def admit(*, survey: Survey, user: Any, title: str) -> None:
    """Ask one more person, and tell them under this title; asked before, nothing changes."""
    row = SurveyInvitation(survey=survey, user=user)
    SurveyInvitation.objects.bulk_create([row], ignore_conflicts=True)
    _tell(survey, [user.pk], title, key=f"survey:{survey.public_id}")


@transaction.atomic
def invite(*, actor: Any, survey: Survey, users: Iterable[Any]) -> int:
    """Ask people who were not asked yet, and tell them; how many."""
    insist(may_run_surveys(actor), _("您没有发起教学评估的权限。"))
    there = set(survey.invitations.values_list("user_id", flat=True))
    new = sorted({user.pk for user in users} - there)
    SurveyInvitation.objects.bulk_create((SurveyInvitation(survey=survey, user_id=pk) for pk in new), batch_size=500)
    _tell(survey, new, _("请参加教学评估"), key=f"survey:{survey.public_id}")
    return len(new)


def _tell(survey: Survey, users: Iterable[int], title: str, *, key: str) -> None:
    words = _("《%(title)s》，%(opens)s 至 %(closes)s，匿名填写，约一分钟。") % {
        "title": survey.title,
        "opens": moment(survey.opens_at),
        "closes": moment(survey.closes_at),
    }
    url = reverse("assessments:evaluation", args=[survey.public_id])
    due = localdate(survey.closes_at)
    notices.send(to=users, title=title, text=words, url=url, key=key, kind="survey.invited", due=due)


@transaction.atomic
def remind(*, actor: Any, survey: Survey) -> None:
    """Recall the survey to those who were asked and have not answered, once a day; who they are is told to nobody."""
    insist(may_run_surveys(actor), _("您没有提醒学员的权限。"))
    now = clock.now()
    if not survey.opens_at <= now < survey.closes_at:
        raise DomainError(_("评估未开始或已截止，不能提醒。"))
    waiting = survey.invitations.filter(answered=False).values_list("user_id", flat=True)
    key = f"survey:{survey.public_id}:{clock.today():%Y%m%d}"
    _tell(survey, waiting, _("教学评估即将截止，请尽快填写"), key=key)
    log(survey, "assessments.remind", user=actor)


@transaction.atomic
def answer_survey(
    *, user: Any, survey: Survey, points: Mapping[str, int], comment: str = "", arrived_at: datetime | None = None
) -> None:
    """Keep what a person says of a survey, once; the answer does not know the person, and nothing is logged."""
    now = arrived_at or clock.now()
    held = Survey.objects.select_for_update().select_related("questionnaire").get(pk=survey.pk)
    if not SurveyInvitation.objects.of(user).filter(survey=held).exists():
        raise DomainError(_("您不在本次评估的名单中，如有疑问请联系班主任。"), code="forbidden")
    if now < held.opens_at:
        raise DomainError(_("评估尚未开始，%(when)s 起可以填写。") % {"when": moment(held.opens_at)})
    if now >= held.closes_at:
        raise DomainError(_("评估已经截止，不能再填写。"))
    given = _checked(held.questionnaire, points)
    if len(comment.strip()) > LONGEST_COMMENT:
        raise DomainError(_("意见建议不能超过 %(n)s 字，请精简后再提交。") % {"n": LONGEST_COMMENT})
    if not _use(held, user):
        raise Conflict(_("您已经提交过本次评估，谢谢。"))
    _mix_in(held, given, comment.strip())


def _checked(questionnaire: Questionnaire, points: Mapping[str, int]) -> dict[str, str]:
    """A choice for every indicator, as points."""
    missing = [i["label"] for i in questionnaire.indicators if i["key"] not in points]
    if missing:
        raise DomainError(_("请为每项指标选择一档，还缺：%(names)s。") % {"names": "、".join(missing)})
    shares = {choice["share"] for choice in questionnaire.choices}
    if len(points) != len(questionnaire.indicators) or not set(points.values()) <= shares:
        raise DomainError(_("请从给出的各档中选择。"))
    return {i["key"]: str(surveying.points_for(i["points"], points[i["key"]])) for i in questionnaire.indicators}


def _use(survey: Survey, user: Any) -> bool:
    """Use up the invitation, which only the first of two answers can; then touch all of them alike."""
    used = SurveyInvitation.objects.filter(survey=survey, user=user, answered=False).update(answered=True)
    SurveyInvitation.objects.filter(survey=survey).update(answered=F("answered"))
    return used == 1


def _mix_in(survey: Survey, points: dict[str, str], comment: str) -> None:
    """Write all answers of the survey anew, this one among them, under new keys and in their order."""
    rows = [*survey.answers.values("points", "comment"), {"points": points, "comment": comment}]
    survey.answers.all().delete()
    _shuffle.shuffle(rows)
    keys = sorted(uuid.uuid4() for _row in rows)
    SurveyAnswer.objects.bulk_create(
        (SurveyAnswer(key=key, survey=survey, **row) for key, row in zip(keys, rows, strict=True)), batch_size=500
    )
