"""Notices about leave and discipline: who gets one and where it leads; never a name, a reason or a result."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.models import Cohort, DisciplineEvent, DisciplineRecord, LeaveRequest, Membership
from cohorts.reading.approvals import paths_up, teachers_of
from core import notices
from people.models import Role, RoleGrant, Unit


def tell_approvers(request: LeaveRequest, people: list[int]) -> None:
    """The request has come to their step."""
    cohort = request.membership.cohort
    notices.send(
        to=people,
        title=_("有一份请假申请待您审批"),
        text=_("%(title)s，请在%(day)s前办理。") % {"title": cohort.full_title, "day": _day(request)},
        url=reverse("cohorts:leave-approval", args=[request.public_id]),
        key=f"leave:{request.public_id}:{request.step}",
        kind="leave.waiting",
        due=request.due_on,
    )


def _day(request: LeaveRequest) -> str:
    day = request.due_on
    return _("%(month)s月%(day)s日下班") % {"month": day.month, "day": day.day} if day else ""


def tell_of_overdue_step(request: LeaveRequest, people: set[int]) -> None:
    """The step waits for them and its days are over."""
    cohort = request.membership.cohort
    notices.send(
        to=people,
        title=_("有一份请假申请已超过审批期限"),
        text=_("%(title)s，应在%(day)s前办理，请尽快审批。") % {"title": cohort.full_title, "day": _day(request)},
        url=reverse("cohorts:leave-approval", args=[request.public_id]),
        kind="leave.overdue",
    )


def tell_of_stuck_step(request: LeaveRequest, people: set[int]) -> None:
    """A step has been overdue for long; they cannot decide it, but see to it that it is decided."""
    cohort = request.membership.cohort
    notices.send(
        to=people,
        title=_("有一份请假申请逾期多日未审批"),
        text=_("%(title)s，“%(step)s”这一环节应在%(day)s前办理。请提醒审批人，或安排代办。")
        % {"title": cohort.full_title, "step": request.step_title, "day": _day(request)},
        url=reverse("cohorts:leave-waiting"),
        kind="leave.overdue",
    )


def office_of(host: Unit) -> set[int]:
    """The training office of the unit, else of the nearest above it."""
    rows = RoleGrant.objects.open().filter(role=Role.TRAINING_OFFICE, unit__path__in=paths_up(host))
    return _nearest(rows.values_list("unit__path", "user"))


def _nearest(found: Iterable[tuple[str, int]]) -> set[int]:
    """Of people by the path of their unit, those of the longest path."""
    rows = list(found)
    nearest = max((len(path) for path, _user in rows), default=0)
    return {person for path, person in rows if len(path) == nearest}


def tell_member(request: LeaveRequest) -> None:
    """Something was decided about one's request; what, stands on its page."""
    member = request.membership
    notices.send(
        to=[member.user_id],
        title=_("您的请假申请有新的办理情况"),
        text=member.cohort.full_title,
        url=reverse("cohorts:leave-request", args=[member.cohort.public_id, request.public_id]),
        kind="leave.decided",
    )


def tell_teachers_of_return(request: LeaveRequest) -> None:
    cohort = request.membership.cohort
    notices.send(
        to=teachers_of([cohort.pk]).get(cohort.pk, set()),
        title=_("有学员报告返校，请确认销假"),
        text=cohort.full_title,
        url=reverse("cohorts:leave-back", args=[request.public_id]),
        key=f"leave-back:{request.public_id}",
        kind="leave.back",
    )


def tell_about_discipline(record: DisciplineRecord) -> None:
    """The member is to read the record and may reply."""
    member = record.membership
    notices.send(
        to=[member.user_id],
        title=_("有一项与您有关的事项，请查看"),
        text=_("%(title)s。您可以在期限内陈述申辩。") % {"title": member.cohort.full_title},
        url=reverse("cohorts:my-discipline", args=[member.cohort.public_id]),
        kind="class.member",
    )


def tell_deciders(records: list[DisciplineRecord]) -> None:
    """Whoever decided learns that the absence under the decision was corrected. One query, and what is sent."""
    rows = DisciplineEvent.objects.filter(record__in=records, what=DisciplineEvent.What.CONFIRMED)
    for event in rows.select_related("record__membership__cohort"):
        cohort = event.record.membership.cohort
        notices.send(
            to=[event.by_id],
            title=_("一项纪律处理的依据已更正，请复核"),
            text=cohort.full_title,
            url=reverse("cohorts:discipline", args=[cohort.public_id]),
            kind="class.staff",
        )


def tell_teachers_of_reply(record: DisciplineRecord) -> None:
    cohort = record.membership.cohort
    notices.send(
        to=teachers_of([cohort.pk]).get(cohort.pk, set()),
        title=_("有学员提交了陈述申辩"),
        text=cohort.full_title,
        url=reverse("cohorts:discipline", args=[cohort.public_id]),
        kind="class.staff",
    )


def tell_about_withdrawal(member: Membership) -> None:
    """The member and the administrators of the sending unit learn that the membership has ended."""
    cohort: Cohort = member.cohort
    notices.send(
        to=[member.user_id],
        title=_("您在本班的学籍状态有变化"),
        text=cohort.full_title,
        url=reverse("cohorts:class", args=[cohort.public_id]),
        kind="class.member",
    )
    notices.send(
        to=administrators_of(member),
        title=_("本单位一名学员的在班状态有变化"),
        text=_("%(title)s。详情请联系主办单位培训处。") % {"title": cohort.full_title},
        url=reverse("office-people:edit", args=[member.user_id]),
        kind="class.staff",
    )


def administrators_of(member: Membership) -> set[int]:
    """Who administers the sending unit, else the nearest above it, where management authority reaches the person."""
    user = member.user
    if user.managed_by is None:
        return set()
    both = set(paths_up(member.unit)) & set(paths_up(user.managed_by))
    rows = RoleGrant.objects.open().filter(role=Role.UNIT_ADMIN, unit__path__in=both)
    return _nearest(rows.values_list("unit__path", "user"))
