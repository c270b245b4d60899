"""Changing the bank: a changed wording is a new version, what was answered stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import Question, QuestionKind, QuestionVersion
from assessments.permissions import insist, may_edit_bank
from assessments.rules.scoring import allowed_choice
from competencies.models import Indicator
from core import clock
from core.errors import DomainError

FEWEST_OPTIONS, MOST_OPTIONS = 2, 8


@transaction.atomic
def save_question(
    *,
    actor: Any,
    key: str,
    kind: str,
    indicator: Indicator,
    difficulty: int,
    stem: str,
    options: Sequence[str],
    answer: Sequence[int],
    explanation: str,
    in_bank: bool = True,
) -> QuestionVersion:
    """The question under ``key`` with this wording; an unchanged wording gives the version that stands."""
    insist(may_edit_bank(actor), _("您没有维护题库的权限。"))
    wording = {
        "stem": stem.strip(),
        "options": [option.strip() for option in options],
        "answer": sorted(answer),
        "explanation": explanation.strip(),
    }
    _check(kind, difficulty, **wording)
    question = _question(key.strip(), kind, indicator, difficulty, in_bank)
    newest = question.versions.order_by("-number").first()
    if newest is not None and all(getattr(newest, name) == value for name, value in wording.items()):
        return newest
    version = QuestionVersion.objects.create(
        question=question, number=newest.number + 1 if newest else 1, made_by=actor, made_at=clock.now(), **wording
    )
    log(question, "assessments.save_question", user=actor, data={"version": version.number})
    return version


@transaction.atomic
def set_question_active(*, actor: Any, question: Question, active: bool) -> Question:
    """Withdraw a question from further papers, or bring it back; papers that hold it keep it."""
    insist(may_edit_bank(actor), _("您没有维护题库的权限。"))
    if Question.objects.filter(pk=question.pk).exclude(is_active=active).update(is_active=active):
        log(question, "assessments.activate_question", user=actor, data={"active": active})
    question.is_active = active
    return question


def _question(key: str, kind: str, indicator: Indicator, difficulty: int, in_bank: bool) -> Question:
    """The row under ``key``, locked; its tags follow, its kind never changes."""
    if not key or len(key) > 40:
        raise DomainError(_("请填写题号，不超过 40 个字符。"))
    question, made = Question.objects.select_for_update().get_or_create(
        key=key, defaults={"kind": kind, "indicator": indicator, "difficulty": difficulty, "in_bank": in_bank}
    )
    if question.kind != kind:
        raise DomainError(_("题型一经确定不能修改，请停用本题后另建新题。"))
    tags = {"indicator_id": indicator.pk, "difficulty": difficulty, "in_bank": in_bank}
    if not made and any(getattr(question, name) != value for name, value in tags.items()):
        Question.objects.filter(pk=question.pk).update(**tags)
        question.refresh_from_db()
    return question


def _check(kind: str, difficulty: int, *, stem: str, options: list[str], answer: list[int], explanation: str) -> None:
    """Refuse a question that cannot be asked or marked."""
    if kind not in QuestionKind.values:
        raise DomainError(_("题型应为单选题、多选题或判断题。"))
    if difficulty not in (1, 2, 3):
        raise DomainError(_("难度应为 1、2 或 3。"))
    if not stem or not explanation:
        raise DomainError(_("请填写题干和解析。"))
    _check_options(kind, options)
    if not answer or not allowed_choice(kind, len(options), answer):
        raise DomainError(_("答案应从选项中选择；单选题和判断题只能有一个答案。"))
    if kind == QuestionKind.MULTIPLE and len(answer) < 2:
        raise DomainError(_("多选题至少应有两个正确选项；只有一个时请改用单选题。"))


def _check_options(kind: str, options: list[str]) -> None:
    if kind == QuestionKind.JUDGE and len(options) != 2:
        raise DomainError(_("判断题应有“正确”和“错误”两个选项。"))
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise DomainError(_("选项应为 2 至 8 个。"))
    if not all(options) or len(set(options)) != len(options):
        raise DomainError(_("选项不能为空，也不能重复。"))
