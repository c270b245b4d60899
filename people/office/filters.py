"""Filters over the office's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from core import clock
from people.models import PersonalFileRead, Role, RoleGrant, Unit, User
from people.querysets import on_day

NEW = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
STATES = {"new": Q(is_active=True) & NEW, "active": Q(is_active=True) & ~NEW, "closed": Q(is_active=False)}


class UnitFilter(django_filters.ModelChoiceFilter):
    """A unit with everything below it; ``path`` leads from the row to the unit's path."""

    def __init__(self, *, path: str, **kwargs: Any) -> None:
        super().__init__(queryset=Unit.objects.all(), label=_("单位"), **kwargs)
        self.path = path

    def filter(self, rows: QuerySet[Any], unit: Unit | None) -> QuerySet[Any]:
        return rows.filter(**{f"{self.path}__startswith": unit.path}) if unit else rows


class PersonFilterSet(WagtailFilterSet):
    unit = UnitFilter(path="unit__path")
    role = django_filters.ChoiceFilter(label=_("角色"), choices=Role.choices, method="hold")
    state = django_filters.ChoiceFilter(
        label=_("账号"),
        choices=[("active", _("已启用")), ("new", _("未激活")), ("closed", _("已停用"))],
        method="be",
    )

    class Meta:
        model = User
        fields: list[str] = []

    def hold(self, rows: QuerySet[User], name: str, role: str) -> QuerySet[User]:
        return rows.filter(pk__in=RoleGrant.objects.open().filter(role=role).values("user"))

    def be(self, rows: QuerySet[User], name: str, state: str) -> QuerySet[User]:
        return rows.filter(STATES[state])


class UnitFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=[("now", _("现有")), ("ended", _("已撤销"))], method="be"
    )

    class Meta:
        model = Unit
        fields: list[str] = []

    def be(self, rows: QuerySet[Unit], name: str, state: str) -> QuerySet[Unit]:
        ended = Q(valid_to__lt=clock.today())
        return rows.filter(ended) if state == "ended" else rows.exclude(ended)


class GrantFilterSet(WagtailFilterSet):
    role = django_filters.ChoiceFilter(label=_("角色"), choices=Role.choices)
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=[("now", _("生效中")), ("ended", _("已失效"))], method="be"
    )

    class Meta:
        model = RoleGrant
        fields: list[str] = []

    def be(self, rows: QuerySet[RoleGrant], name: str, state: str) -> QuerySet[RoleGrant]:
        today = clock.today()
        return rows.filter(on_day(today)) if state == "now" else rows.filter(ends_on__lt=today)


class ReadFilterSet(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label=_("日期"))

    class Meta:
        model = PersonalFileRead
        fields: list[str] = []
