"""Somebody's suggestions read from the database and put in words; for that person alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from competencies.models import Expectation, Framework
from competencies.reading import profile_of
from courses import links
from courses.models import AdviceDeclined, CourseEdition, Enrolment
from courses.reading import lessons as reading
from courses.rules import advice
from courses.rules.advice import Gap, Offer, Suggestion
from people.scopes import has_role


def is_advised(user: Any) -> bool:
    return user.is_authenticated and has_role(user, "trainee")


def advice_for(user: Any) -> dict[str, Any] | None:
    """The block of suggestions; None for whom there is none (visitors, staff, no framework yet)."""
    if not is_advised(user) or not Framework.objects.exists():
        return None
    if AdviceDeclined.objects.filter(user=user).exists():
        return {"off": True, "lines": []}
    posting = user.open_posting
    if posting is None:
        words = _("还没有任职记录，不能对照同职级的期望。请联系本单位管理员登记任职。")
        return {"off": False, "lines": [], "words": words}
    return _advice(user, expected_of(posting.regime))


def expected_of(regime: str) -> dict[str, Decimal]:
    """What the newest framework expects of a regime of ranks, by the code of the indicator."""
    rows = Expectation.objects.filter(regime=regime).order_by("indicator__dimension__framework__version")
    return dict(rows.values_list("indicator__code", "level"))


def _advice(user: Any, expected: dict[str, Decimal]) -> dict[str, Any]:
    profile = profile_of(user.pk)
    gaps, unknown = advice.gaps_of(profile, expected), advice.undecided(profile)
    editions = {edition.course_id: edition for edition in _offered()} if gaps else {}
    offers = [Offer(pk, frozenset(o["indicator"] for o in e.outcomes)) for pk, e in editions.items()]
    found = advice.suggest(gaps, offers, _completed(user)) if gaps else []
    return {
        "off": False,
        "lines": [_line(editions[suggestion.course], suggestion) for suggestion in found],
        "words": _no_suggestion(gaps, profile) if not found else "",
        "undecided": "、".join(unknown) if found or gaps else "",
        "evidence_url": links.evidence_url(profile.framework.dimensions[0].code) if not found else "",
    }


def _offered() -> Any:
    return reading.offered_editions().select_related("course")


def _completed(user: Any) -> set[int]:
    mine = Enrolment.objects.of(user).filter(state=Enrolment.State.COMPLETED)
    return set(mine.values_list("edition__course", flat=True))


def _no_suggestion(gaps: Sequence[Gap], profile: Any) -> str:
    if gaps:
        names = "、".join(f"“{gap.name}”" for gap in gaps[: advice.MOST])
        return _("%(names)s低于同职级期望，目录中暂时没有您尚未学完的对应课程。") % {"names": names}
    if not any(standing.sufficient for standing in profile.dimensions):
        return _("能力证据不足：每个维度有两类以上证据才作判断，暂不推荐课程。参加测试、任务和观察评价后会逐步积累。")
    return _("证据充足的维度都达到了同职级期望，目前没有需要补的课程。")


def _line(edition: CourseEdition, suggestion: Suggestion) -> dict[str, Any]:
    return {
        "title": edition.title,
        "url": reverse("courses:course", args=[edition.course.key]),
        "reasons": [_reason(gap) for gap in suggestion.gaps[:2]],
    }


def _reason(gap: Gap) -> dict[str, str]:
    words = _("您的“%(name)s”现为 L%(level)s，同职级期望 L%(expected)s；本课程覆盖该指标。") % {
        "name": gap.name,
        "level": level_words(gap.level),
        "expected": level_words(gap.expected),
    }
    return {"words": words, "url": links.evidence_url(gap.dimension), "about": gap.name}


def level_words(level: Decimal) -> str:
    """2.4, and 3 for 3.00."""
    return f"{level:.1f}".removesuffix(".0")
