"""The tree of conditions: attendance as a condition, choices and groups, order, and what is no longer asked for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import Exam, Submission, SurveyInvitation
from cohorts.models import Cohort, ConditionWaiver, Requirement, RequirementResult
from cohorts.permissions import require_runs
from cohorts.reading.classes import label_of, tree_of
from cohorts.rules import states
from cohorts.services.locking import locked
from cohorts.services.requirements import root_of
from core import clock
from core.errors import DomainError
from people.models import User

MOST_LEVELS = 4
HUNDRED = Decimal(100)


@transaction.atomic
def require_attendance(*, actor: User, cohort: Cohort, share: Decimal) -> Requirement:
    """Ask every member to attend at least ``share`` per cent of the half days owed; asked again, the share changes."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    if not 0 < share <= HUNDRED:
        raise DomainError(_("出勤率请填写大于 0、不超过 100 的百分数。"))
    leaf = held.requirements.filter(kind=Requirement.Kind.ATTENDANCE).first()
    if leaf is not None and leaf.share == share:
        return leaf
    if leaf is None:
        place = held.requirements.count()
        leaf = Requirement(cohort=held, parent=root_of(held), kind=Requirement.Kind.ATTENDANCE, position=place)
    leaf.share = share
    leaf.save()
    log(held, "cohorts.requirements.add", user=actor, data={"what": label_of(leaf)})
    return leaf


@transaction.atomic
def require_some(*, actor: User, cohort: Cohort, requirements: Iterable[Requirement], need: int | None) -> Requirement:
    """Conditions side by side move under a node of their own: ``need`` of them have to be met, or all (None)."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    root_of(held)
    tree = {r.pk: r for r in tree_of(held)}
    chosen = [tree[r.pk] for r in requirements if r.pk in tree]
    parent = _check_group(tree, chosen, need)
    kind = Requirement.Kind.ALL if need is None else Requirement.Kind.N_OF
    place = min(r.position for r in chosen)
    node = Requirement.objects.create(cohort=held, parent=parent, kind=kind, need=need, position=place)
    held.requirements.filter(pk__in=[r.pk for r in chosen]).update(parent=node)
    words = _("%(all)s 项中任选 %(need)s 项") if need else _("%(all)s 项合为一组，全部满足")
    log(held, "cohorts.requirements.add", user=actor, data={"what": words % {"all": len(chosen), "need": need}})
    return node


def _check_group(tree: dict[int, Requirement], chosen: list[Requirement], need: int | None) -> Requirement:
    """The node above the chosen ones; DomainError where they cannot be put together."""
    parents, least = {r.parent_id for r in chosen}, 1 if need is None else need
    if len(chosen) < 2 or len(parents) != 1 or None in parents or not 1 <= least < len(chosen):
        raise DomainError(_("请在同一层选择至少两项条件，并让需要满足的项数小于所选项数。"))
    parent = tree[next(iter(parents))]
    beside = sum(r.parent_id == parent.pk for r in tree.values()) - len(chosen)
    if parent.need is None and need is None:
        raise DomainError(_("这些条件本来就须全部满足，不需要再分组。"))
    if parent.need is not None and beside + 1 <= parent.need:
        raise DomainError(
            _("所在的任选条件要求满足 %(need)s 项，合并后只剩 %(left)s 项，不再有选择余地。请少选几项。")
            % {"need": parent.need, "left": beside + 1}
        )
    if _height(tree, chosen) + _depth(tree, parent) >= MOST_LEVELS:
        raise DomainError(_("条件最多分 %(n)s 层，请先拆开其中一层。") % {"n": MOST_LEVELS})
    return parent


def _depth(tree: dict[int, Requirement], node: Requirement) -> int:
    """How many groups stand above and at a node, the root not counted."""
    return 0 if node.parent_id is None else 1 + _depth(tree, tree[node.parent_id])


def _height(tree: dict[int, Requirement], nodes: list[Requirement]) -> int:
    """How many levels the nodes themselves have below the group that is to hold them."""
    below = [r for r in tree.values() if r.parent_id in {n.pk for n in nodes}]
    return 1 + (_height(tree, below) if below else 0)


@transaction.atomic
def move_requirement(*, actor: User, requirement: Requirement, up: bool) -> None:
    """One place up or down among the conditions side by side; at the end nothing changes."""
    require_runs(actor, requirement.cohort)
    held = locked(requirement.cohort, *states.OPEN)
    beside = list(held.requirements.filter(parent=requirement.parent_id).order_by("position", "pk"))
    at = next(n for n, r in enumerate(beside) if r.pk == requirement.pk)
    to = at - 1 if up else at + 1
    if requirement.parent_id is None or not 0 <= to < len(beside):
        return
    beside[at], beside[to] = beside[to], beside[at]
    for place, one in enumerate(beside):
        one.position = place
    Requirement.objects.bulk_update(beside, ["position"])


@transaction.atomic
def drop_requirement(*, actor: User, requirement: Requirement) -> None:
    """No longer ask for a leaf, or dissolve a group into its parts; the course, exam or task itself stays.

    DomainError where results or waivers rest on it.
    """
    require_runs(actor, requirement.cohort)
    held = locked(requirement.cohort, *states.OPEN)
    requirement = held.requirements.select_related("edition", "exam", "task", "survey", "parent").get(pk=requirement.pk)
    parent = requirement.parent
    if parent is None:
        raise DomainError(_("这是全部条件的总项，不能移除。"))
    if reason := what_rests_on(requirement):
        raise DomainError(reason, code="in_use")
    data = {"what": label_of(requirement)}
    requirement.children.update(parent=parent, position=requirement.position)
    RequirementResult.objects.filter(requirement=requirement).delete()
    requirement.delete()
    _dissolve_small_group(parent)
    log(held, "cohorts.requirements.drop", user=actor, data=data)


def what_rests_on(requirement: Requirement) -> str:
    """Why a condition may not be dropped: people have results by it, or it was waived for somebody; else nothing."""
    words = {"what": label_of(requirement)}
    if waived := _standing_waivers(requirement):
        return _("%(what)s已对 %(n)s 名学员豁免，请先撤销豁免再调整。") % {**words, "n": waived}
    if done := _with_results(requirement):
        return _(
            "%(what)s已有 %(n)s 名学员有了结果，不能移出。确需放宽时，可与其他条件合为任选，或对个别学员予以豁免。"
        ) % {**words, "n": done}
    return ""


def _standing_waivers(requirement: Requirement) -> int:
    return ConditionWaiver.objects.filter(
        membership__cohort=requirement.cohort_id, condition=f"requirement:{requirement.pk}", revoked_at__isnull=True
    ).count()


def _with_results(requirement: Requirement) -> int:
    """How many people have a result that counts for or against them."""
    if requirement.exam_id and Exam.objects.filter(pk=requirement.exam_id, released_at__isnull=False).exists():
        return requirement.results.count()
    if requirement.task_id:
        return Submission.objects.filter(task=requirement.task_id).exclude(grade="").count()
    if requirement.survey:
        asked = SurveyInvitation.objects.filter(survey=requirement.survey)
        return asked.filter(answered=True).count() if requirement.survey.closes_at <= clock.now() else 0
    return requirement.results.filter(state=RequirementResult.State.MET).count()


def _dissolve_small_group(node: Requirement) -> None:
    """A choice that leaves nothing to choose, and a group of one, are none: what is left is asked for."""
    if node.parent is None or node.children.count() > (node.need or 1):
        return
    if _standing_waivers(node):
        raise DomainError(_("%(what)s已对学员豁免，请先撤销豁免再调整。") % {"what": label_of(node)}, code="in_use")
    node.children.update(parent=node.parent, position=node.position)
    node.delete()
