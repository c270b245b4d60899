"""Editions, their learners and a move as the office's pages show them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from courses import contexts
from courses.comparing import changes
from courses.models import Course, CourseEdition, Enrolment
from courses.presenters.rights import warnings_by_edition
from courses.rules.carrying import Fate
from courses.services.moving import Effect, Plan
from people.scopes import has_role

KINDS = {"added": "done", "removed": "failed", "changed": "info", "moved": "waiting"}
KIND_WORDS = {
    "added": gettext_lazy("新增"),
    "removed": gettext_lazy("去掉"),
    "changed": gettext_lazy("改动"),
    "moved": gettext_lazy("调整"),
}


def course_editions(course: Course, viewer: Any) -> list[dict[str, Any]]:
    """Newest first: maker and date, what it changed, who learns on it. Queries do not grow with people or editions."""
    rows = list(course.editions.select_related("made_by").prefetch_related("lessons").order_by("-number"))
    groups, rights = _groups(course, viewer), warnings_by_edition(course, clock.today())
    lines = [_edition(row, rows[place + 1 :], rows, groups[row.pk]) for place, row in enumerate(rows)]
    return [{**line, "rights": rights[line["edition"].pk]} for line in lines]


def _groups(course: Course, viewer: Any) -> dict[int, list[dict[str, Any]]]:
    """By edition: each class and those who chose it themselves, with how many learn and how many are done."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if not has_role(viewer, "training_office"):
        return found
    mine = Enrolment.objects.visible_to(viewer).standing().filter(edition__course=course)
    figures = {"count": Count("pk"), "completed": Count("pk", filter=Q(state=Enrolment.State.COMPLETED))}
    counted = list(mine.values("edition", "context_key").annotate(**figures).order_by("context_key"))
    names = contexts.names_of({row["context_key"] for row in counted})
    for row in counted:
        found[row["edition"]].append({**row, "name": names[row["context_key"]]})
    return found


def _edition(
    edition: CourseEdition, earlier: list[CourseEdition], every: list[CourseEdition], groups: list[dict[str, Any]]
) -> dict[str, Any]:
    others = [other for other in every if other.pk != edition.pk]
    return {
        "edition": edition,
        "is_newest": edition == every[0],
        "lessons": len(edition.lessons.all()),
        "changes": _changes(earlier[0], edition) if earlier else None,
        "groups": [{**group, "moves": _moves(edition, others, group)} for group in groups],
        "learners": sum(group["count"] for group in groups),
        "learners_url": f"{reverse('course_enrolments:index')}?course={edition.course_id}&edition={edition.pk}",
    }


def _changes(old: CourseEdition, new: CourseEdition) -> list[dict[str, str]]:
    return [
        {"state": KINDS[line.kind], "word": str(KIND_WORDS[line.kind]), "lesson": line.lesson, "words": line.words}
        for line in changes(old, new)
    ]


def _moves(edition: CourseEdition, others: list[CourseEdition], group: dict[str, Any]) -> list[dict[str, Any]]:
    base = reverse("course_move", args=[edition.course_id])
    return [
        {
            "number": other.number,
            "url": f"{base}?{urlencode({'old': edition.pk, 'new': other.pk, 'context': group['context_key']})}",
        }
        for other in others
    ]


def move_preview(plan: Plan) -> dict[str, Any]:
    """The sentences and the table of a move, and what its form has to carry along."""
    move = plan.move
    falling = plan.falling
    query = {"old": move.old.pk, "new": move.new.pk, "context": move.context_key}
    return {
        "whose": contexts.names_of({move.context_key})[move.context_key],
        "is_class": contexts.owner_of(move.context_key) is not None,
        "effects": [_effect(plan, effect) for effect in plan.effects],
        "falling": [effect.enrolment.user.name for effect in falling],
        "falls": ",".join(str(effect.enrolment.pk) for effect in falling),
        "rising": sum(effect.rises for effect in plan.effects),
        "staying": [row.user.name for row in plan.staying],
        "left": plan.left,
        "changes": _changes(move.old, move.new),
        "with_checks": "?" + urlencode({**query, "keep_checks": "on"}),
        "without_checks": "?" + urlencode(query),
    }


def _effect(plan: Plan, effect: Effect) -> dict[str, Any]:
    row, after = effect.enrolment, effect.after
    return {
        "pk": row.pk,
        "name": row.user.name,
        "unit": str(row.user.unit or ""),
        "before": f"{row.lessons_done} / {row.lessons_total}",
        "after": f"{after.done} / {after.total}",
        "was": row.get_state_display(),
        "state": _state(effect),
        "words": _fates(effect),
    }


def _state(effect: Effect) -> tuple[str, str]:
    if effect.falls:
        return "risk", _("由已完成变为学习中")
    if effect.rises:
        return "done", _("由学习中变为已完成")
    return ("done", _("仍为已完成")) if effect.after.completed else ("waiting", _("仍为学习中"))


def _fates(effect: Effect) -> str:
    """“2 课时照算，1 课时内容已更新，1 课时须重做测验”."""
    words = [
        (Fate.DONE, _("%(n)s课时照算")),
        (Fate.RENEWED, _("%(n)s课时照算、内容已更新")),
        (Fate.CHECK_AGAIN, _("%(n)s课时须重做测验")),
        (Fate.OPEN, _("%(n)s课时未学完")),
        (Fate.NEW, _("%(n)s课时新增")),
        (Fate.DROPPED, _("%(n)s课时不再要求")),
    ]
    counted = [(effect.after.counted(fate), sentence) for fate, sentence in words]
    return "，".join(sentence % {"n": n} for n, sentence in counted if n)
