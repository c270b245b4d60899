"""Checks of lessons: kept as questions, frozen for an edition, answered and marked in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import Check, CheckAttempt, CheckPaper, CheckQuestion, Question, QuestionVersion
from assessments.permissions import insist, may_edit_bank
from assessments.rules.scoring import allowed_choice, is_right
from core import clock
from core.errors import DomainError


@transaction.atomic
def save_check(*, actor: Any, key: str, title: str, pass_mark: int, questions: Sequence[Question]) -> Check:
    """The check under ``key`` with these questions in this order; frozen papers stay as they are."""
    insist(may_edit_bank(actor), _("您没有维护课时测验的权限。"))
    if not 1 <= pass_mark <= len(questions):
        raise DomainError(_("答对题数应至少为 1，且不超过测验的题数。"))
    if len({question.pk for question in questions}) != len(questions):
        raise DomainError(_("同一道题在一个测验中只能出现一次。"))
    check, made = Check.objects.update_or_create(key=key, defaults={"title": title, "pass_mark": pass_mark})
    before = list(check.entries.values_list("question_id", flat=True))
    wanted = [question.pk for question in questions]
    if before != wanted:
        check.entries.all().delete()
        CheckQuestion.objects.bulk_create(
            CheckQuestion(owner=check, question_id=pk, position=n) for n, pk in enumerate(wanted, 1)
        )
    if made or before != wanted:
        log(check, "assessments.save_check", user=actor, data={"questions": len(wanted)})
    return check


@transaction.atomic
def freeze_check(*, check: Check) -> CheckPaper:
    """The check with the wordings of today; nothing changed since the last paper gives that paper."""
    versions = newest_versions([entry.question_id for entry in check.entries.all()])
    if not versions:
        raise DomainError(_("测验《%(title)s》还没有试题，不能发布。") % {"title": check.title})
    latest = check.papers.order_by("-pk").first()
    if latest and (latest.title, latest.pass_mark, latest.versions) == (check.title, check.pass_mark, versions):
        return latest
    return CheckPaper.objects.create(
        source=check, title=check.title, pass_mark=check.pass_mark, versions=versions, made_at=clock.now()
    )


def newest_versions(questions: Sequence[int]) -> list[int]:
    """The ids of the questions' newest wordings, in the questions' order."""
    rows = QuestionVersion.objects.filter(question__in=questions).order_by("number").values_list("question_id", "pk")
    newest = dict(rows)
    return [newest[pk] for pk in questions if pk in newest]


def answer_check(
    *,
    user: Any,
    paper: CheckPaper,
    context_key: str,
    client_key: UUID | str,
    answers: Mapping[Any, Sequence[int]],
) -> CheckAttempt:
    """Mark one try; ``answers`` are option numbers by wording id. The same ``client_key`` gives the same try."""
    earlier = CheckAttempt.objects.filter(user=user, client_key=client_key).first()
    if earlier is not None:
        return earlier
    chosen, right = _mark(paper, {str(key): list(choice) for key, choice in answers.items()})
    try:
        with transaction.atomic():
            return CheckAttempt.objects.create(
                paper=paper,
                user=user,
                context_key=context_key,
                client_key=client_key,
                answers=chosen,
                right=right,
                passed=right >= paper.pass_mark,
                at=clock.now(),
            )
    except IntegrityError:
        return CheckAttempt.objects.get(user=user, client_key=client_key)


def _mark(paper: CheckPaper, answers: dict[str, list[int]]) -> tuple[dict[str, list[int]], int]:
    """The choices that belong to the paper and how many are right; refuses what cannot be chosen."""
    rows = QuestionVersion.objects.filter(pk__in=paper.versions).values_list(
        "pk", "question__kind", "options", "answer"
    )
    chosen, right = {}, 0
    for pk, kind, options, key in rows:
        choice = answers.get(str(pk), [])
        if not allowed_choice(kind, len(options), choice):
            raise DomainError(_("答案与题目不符，请刷新页面后重新作答。"))
        chosen[str(pk)] = sorted(choice)
        right += is_right(key, choice)
    return chosen, right
