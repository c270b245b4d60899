"""Who may do what in a class."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from cohorts.models import Cohort, Group, Membership, MembershipState, Topic
from cohorts.querysets import RUNNING_DUTIES
from core.errors import DomainError
from people.authority import is_installer, reaches
from people.models import Role, Unit
from people.scopes import grant_paths, has_role

OFFICE = (Role.TRAINING_OFFICE.value,)


def may_plan_for(actor: Any, host: Unit) -> bool:
    """Whether the actor is the training office of the unit."""
    return reaches(actor, host, OFFICE)


def is_office_of(actor: Any, cohort: Cohort) -> bool:
    """Whether the actor is the training office of the class's host; who has no such grant costs no query."""
    paths = grant_paths(actor, OFFICE)
    return is_installer(actor) or any(cohort.host.path.startswith(path) for path in paths)


def runs(actor: Any, cohort: Cohort) -> bool:
    """Whether the actor runs the class: its teacher, its organiser or the office of its host."""
    if is_office_of(actor, cohort):
        return True
    duties = cohort.staff.filter(user=actor.pk, duty__in=RUNNING_DUTIES)
    return bool(actor.is_authenticated) and duties.exists()


def works_in_classes(actor: Any) -> bool:
    """Whether the menus of classes concern this person at all."""
    return has_role(actor, Role.TRAINING_OFFICE, Role.CLASS_TEACHER)


def require_runs(actor: Any, cohort: Cohort) -> None:
    if not runs(actor, cohort):
        raise DomainError(_("只有本班班主任、组织员或主办单位培训处可以办理。"), code="forbidden")


def require_office(actor: Any, cohort: Cohort) -> None:
    if not is_office_of(actor, cohort):
        raise DomainError(_("这件事须由主办单位培训处办理。"), code="forbidden")


def expected_member(actor: Any, cohort: Cohort) -> Membership | None:
    """The actor's membership of the class, unless they never came or have left."""
    found: Membership | None = cohort.memberships.expected().filter(user=actor).first()
    return found


def has_left(member: Membership) -> bool:
    """Whether the member never came or is no longer in the class; the class space is closed to them from that day."""
    return member.state in (MembershipState.ABSENT, MembershipState.WITHDRAWN)


def may_open_topics(actor: Any, cohort: Cohort, group: Group | None) -> bool:
    """Those who run the class for any of its groups, members for all or for their own group; lecturers answer only."""
    if group and group.cohort_id != cohort.pk:
        return False
    if runs(actor, cohort):
        return True
    member = expected_member(actor, cohort)
    return member is not None and (group is None or member.group_id == group.pk)


def may_answer(actor: Any, cohort: Cohort) -> bool:
    """Members, those who run the class and those who teach in it."""
    return Cohort.objects.with_space_for(actor).filter(pk=cohort.pk).exists()


def may_read_topic(actor: Any, topic: Topic) -> bool:
    """Topics for all: whoever may enter the space; those of a group: its members and the staff of the class."""
    if topic.group_id is None:
        return may_answer(actor, topic.cohort)
    member = expected_member(actor, topic.cohort)
    in_group = member is not None and member.group_id == topic.group_id
    return in_group or works_for(actor, topic.cohort)


def works_for(actor: Any, cohort: Cohort) -> bool:
    """Whether the actor runs the class or teaches in it."""
    return runs(actor, cohort) or Cohort.objects.taught_by(actor).filter(pk=cohort.pk).exists()
