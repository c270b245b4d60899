"""A class on its way from a plan to its first day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, CohortStaff, CohortState, MembershipState
from cohorts.permissions import may_plan_for, require_office, require_runs
from cohorts.presenters.figures import day_words
from cohorts.rules import states
from cohorts.services.locking import locked
from core import clock
from core.errors import Conflict, DomainError
from people.models import Role, Unit, User
from people.scopes import has_role
from records.models import Category, HourRule

EDITABLE = frozenset(
    {
        "code",
        "title",
        "intake_no",
        "brand",
        "category",
        "host",
        "place",
        "starts_on",
        "ends_on",
        "hour_rule",
        "arrival_days",
    }
)
TEACHING_ROLES = {
    CohortStaff.Duty.TEACHER: (Role.CLASS_TEACHER,),
    CohortStaff.Duty.ORGANISER: (Role.CLASS_TEACHER, Role.TRAINING_OFFICE),
    CohortStaff.Duty.LECTURER: (Role.LECTURER,),
}


def rule_in_force(day: date) -> HourRule:
    """The hour rule of a class that begins on the day."""
    rule = HourRule.objects.filter(effective_from__lte=day).order_by("-version").first()
    if rule is None:
        raise DomainError(_("还没有学时规则，请系统管理员先载入基础数据。"))
    return rule


@transaction.atomic
def create_cohort(
    *,
    actor: User,
    code: str,
    title: str,
    host: Unit,
    starts_on: date,
    ends_on: date,
    place: str = "",
    intake_no: int = 1,
    brand: str = "领航班",
    category: str = Category.IN_SERVICE,
    arrival_days: int = 3,
    hour_rule: HourRule | None = None,
    synthetic: bool = False,
) -> Cohort:
    """Plan a class; DomainError for a code in use, dates out of order or a host outside the actor's office."""
    if not may_plan_for(actor, host):
        raise DomainError(_("“%(unit)s”不在您的办班范围内。") % {"unit": host.name}, code="out_of_scope")
    _check_dates(starts_on, ends_on)
    _check_code(code)
    cohort = Cohort.objects.create(
        code=code.strip(),
        title=title.strip(),
        host=host,
        starts_on=starts_on,
        ends_on=ends_on,
        place=place.strip(),
        intake_no=intake_no,
        brand=brand.strip(),
        category=category,
        arrival_days=arrival_days,
        hour_rule=hour_rule or rule_in_force(starts_on),
        is_synthetic=synthetic,
        made_by=actor,
    )
    log(cohort, "cohorts.create", user=actor)
    return cohort


def _check_dates(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise DomainError(_("结束日期不能早于开班日期。"))


def _check_code(code: str, *, other_than: int | None = None) -> None:
    if not code.strip():
        raise DomainError(_("请填写班次编号。"))
    if Cohort.objects.filter(code=code.strip()).exclude(pk=other_than).exists():
        raise DomainError(_("班次编号“%(code)s”已被使用，请换一个。") % {"code": code.strip()})


@transaction.atomic
def edit_cohort(*, actor: User, cohort: Cohort, version: int, **changes: Any) -> Cohort:
    """Change what the form shows; Conflict when somebody changed the class since ``version`` was read."""
    require_runs(actor, cohort)
    if set(changes) - EDITABLE:
        raise ValueError(f"not editable: {sorted(set(changes) - EDITABLE)}")
    now = locked(cohort, *states.OPEN)
    _check_edit(actor, now, changes)
    changed = {name: value for name, value in changes.items() if getattr(now, name) != value}
    if now.version != version:
        raise Conflict(_("保存期间班次已被他人修改，您的修改没有写入。请对照最新内容后再保存。"))
    if not changed:
        return cohort
    Cohort.objects.filter(pk=now.pk, version=version).update(**changed, version=F("version") + 1)
    cohort.refresh_from_db()
    log(cohort, "cohorts.edit", user=actor, data={"fields": _labels(changed)})
    return cohort


def _labels(changed: dict[str, Any]) -> list[str]:
    return [str(Cohort._meta.get_field(name).verbose_name) for name in sorted(changed)]


def _check_edit(actor: User, now: Cohort, changes: dict[str, Any]) -> None:
    starts_on, ends_on = changes.get("starts_on", now.starts_on), changes.get("ends_on", now.ends_on)
    _check_dates(starts_on, ends_on)
    outside = now.sessions.exclude(day__range=(starts_on, ends_on)).count()
    if outside:
        raise DomainError(_("课表里有 %(n)s 节课在新的日期之外，请先调整课表。") % {"n": outside})
    if "code" in changes:
        _check_code(changes["code"], other_than=now.pk)
    host = changes.get("host", now.host)
    if host != now.host and not may_plan_for(actor, host):
        raise DomainError(_("“%(unit)s”不在您的办班范围内。") % {"unit": host.name}, code="out_of_scope")


@transaction.atomic
def appoint(*, actor: User, cohort: Cohort, user: User, duty: str) -> CohortStaff:
    """Give somebody a duty in the class; the same duty twice changes nothing."""
    require_office(actor, cohort)
    locked(cohort, *states.OPEN)
    roles = TEACHING_ROLES[CohortStaff.Duty(duty)]
    if not has_role(user, *roles):
        names = "、".join(str(Role(role).label) for role in roles)
        raise DomainError(
            _("%(name)s没有“%(roles)s”角色，请先由系统管理员授权。") % {"name": user.name, "roles": names}
        )
    staff, new = CohortStaff.objects.get_or_create(cohort=cohort, user=user, duty=duty)
    if new:
        log(cohort, "cohorts.appoint", user=actor, data={"who": user.name, "duty": str(staff.get_duty_display())})
    return staff


@transaction.atomic
def dismiss(*, actor: User, staff: CohortStaff) -> None:
    """End a duty; what the person did stays in the log."""
    require_office(actor, staff.cohort)
    locked(staff.cohort, *states.OPEN)
    data = {"who": staff.user.name, "duty": str(staff.get_duty_display())}
    staff.delete()
    log(staff.cohort, "cohorts.dismiss", user=actor, data=data)


# What has to be there before a class may take a step, as sentences.


def _needs_teacher(cohort: Cohort) -> str | None:
    has_one = cohort.staff.filter(duty=CohortStaff.Duty.TEACHER).exists()
    return None if has_one else _("还没有指定班主任。")


def _needs_members(cohort: Cohort) -> str | None:
    return None if cohort.memberships.expected().exists() else _("还没有学员，请先导入名册或添加学员。")


def _needs_timetable(cohort: Cohort) -> str | None:
    return None if cohort.sessions.filter(hours__gt=0).exists() else _("课表还是空的，请先排课。")


def _needs_first_day(cohort: Cohort) -> str | None:
    if clock.today() >= cohort.starts_on:
        return None
    return _("开班日期是%(day)s，到当天才能开班。") % {"day": day_words(cohort.starts_on)}


def _needs_nobody(cohort: Cohort) -> str | None:
    here = cohort.memberships.filter(state=MembershipState.REGISTERED).count()
    return _("已有 %(n)s 名学员报到，不能取消班次。") % {"n": here} if here else None


BEFORE: dict[str, tuple[Callable[[Cohort], str | None], ...]] = {
    CohortState.NOMINATING: (_needs_teacher,),
    CohortState.CONFIRMED: (_needs_teacher, _needs_members),
    CohortState.RUNNING: (_needs_teacher, _needs_members, _needs_timetable, _needs_first_day),
    CohortState.ARCHIVED: (),
    CohortState.CANCELLED: (_needs_nobody,),
}


Check = Callable[[Cohort], "str | None"]
_registered: dict[str, dict[str, Check]] = {}


def register_check(to: str, name: str, check: Check) -> None:
    """Let a higher app say what stands in the way of a class taking the step ``to``: a sentence, or None."""
    _registered.setdefault(CohortState(to).value, {})[name] = check


def check_advance(cohort: Cohort, to: str) -> list[str]:
    """What stands in the way of a step, as sentences; empty when it may be taken."""
    if not states.by_advance(cohort.state, to):
        words = {"now": CohortState(cohort.state).label, "to": CohortState(to).label}
        return [_("班次目前是“%(now)s”，不能变为“%(to)s”。") % words]
    checks = [*BEFORE[CohortState(to)], *_registered.get(to, {}).values()]
    return [sentence for check in checks if (sentence := check(cohort))]


@transaction.atomic
def advance(*, actor: User, cohort: Cohort, to: str) -> Cohort:
    """Take the class one step on; DomainError with every sentence that stands in the way."""
    require_office(actor, cohort) if to == CohortState.CANCELLED else require_runs(actor, cohort)
    before = locked(cohort)
    if problems := check_advance(before, to):
        raise DomainError("".join(problems), code="not_ready")
    moved = Cohort.objects.filter(pk=cohort.pk, state=before.state).update(state=to, version=F("version") + 1)
    if not moved:
        raise Conflict
    cohort.refresh_from_db()
    data = {"before": str(CohortState(before.state).label), "after": str(CohortState(to).label)}
    log(cohort, "cohorts.advance", user=actor, data=data)
    return cohort
