"""Roles, their groups and permissions; scopes; views that must declare who may open them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from core import clock
from core.errors import DomainError
from people import permissions, roles, scopes, services, start
from people.models import Role, RoleGrant, Unit, User
from tests.factories.people import UserFactory, grant

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_every_declared_permission_exists() -> None:
    assert roles.unknown_permissions() == []


def test_a_role_without_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="app_label"):
        roles.permit("leader", "view_user")
    with pytest.raises(ValueError, match="nobody"):
        roles.permit("nobody", "people.view_user")


def test_permissions_and_groups_follow_the_grants_of_today(personas, at) -> None:
    security, person = personas["security_admin"], personas["lecturer"]
    with at(2026, 9, 14, 10):
        made = services.grant_role(actor=security, user=person, role="class_teacher", starts_on=date(2026, 9, 20))
        assert not fresh(person).has_perm("wagtailadmin.access_admin"), "not before its day"
        assert not person.groups.filter(name="班主任").exists()
    with at(2026, 9, 20, 1):
        assert fresh(person).has_perm("wagtailadmin.access_admin")
        roles.mirror_everybody()
        assert person.groups.filter(name="班主任").exists()
        assert roles.mirror_everybody() == 0
    with at(2026, 9, 30, 10):
        services.end_grant(actor=security, grant=made)
        assert not fresh(person).has_perm("wagtailadmin.access_admin")
        assert not person.groups.filter(name="班主任").exists()
        made.refresh_from_db()
        assert made.ends_on == date(2026, 9, 29)


def test_an_expired_grant_opens_nothing_even_before_the_daily_task(personas) -> None:
    person = personas["class_teacher"]
    RoleGrant.objects.filter(user=person).update(ends_on=clock.today() - timedelta(days=1))
    assert not fresh(person).has_perm("wagtailadmin.access_admin")
    assert person.groups.filter(name="班主任").exists(), "the group is put right by the task"
    roles.mirror_everybody()
    assert not person.groups.filter(name="班主任").exists()


def test_only_the_security_administrator_gives_roles(personas) -> None:
    for key, person in personas.items():
        if key == "security_admin":
            continue
        with pytest.raises(DomainError, match="须由安全管理员办理"):
            services.grant_role(actor=person, user=personas["trainee"], role="lecturer")


def test_the_three_administrators_are_three_people(personas) -> None:
    security = personas["security_admin"]
    for role in ("system_admin", "security_admin"):
        with pytest.raises(DomainError, match="须由不同的人担任"):
            services.grant_role(actor=security, user=personas["audit_admin"], role=role)
    with pytest.raises(DomainError, match="须指定单位范围"):
        services.grant_role(actor=security, user=personas["trainee"], role="unit_admin")
    unit = Unit.objects.get(code="YS-SJ")
    services.grant_role(actor=security, user=personas["trainee"], role="leader", unit=unit)
    with pytest.raises(DomainError, match="已经有这个角色"):
        services.grant_role(actor=security, user=personas["trainee"], role="leader", unit=unit)


def test_a_file_needs_the_subtree_and_the_management_authority_of_one_grant(personas) -> None:
    """The negative control: with the unit alone, or the management alone, the file stays shut."""
    clerk, data, justice = (
        personas["unit_admin"],
        Unit.objects.get(code="YS-SJ"),
        Unit.objects.get(code="YS-SF"),
    )
    both = UserFactory(unit=data, managed_by=data)
    unit_only = UserFactory(unit=data, managed_by=justice)
    management_only = UserFactory(unit=justice, managed_by=data)
    seen = set(User.objects.visible_to(fresh(clerk)))
    assert both in seen and clerk in seen
    assert unit_only not in seen and management_only not in seen
    grant(clerk, "unit_admin", justice)
    seen = set(User.objects.visible_to(fresh(clerk)))
    assert unit_only not in seen, "two grants do not add up"


def test_a_registered_scope_adds_people(personas, monkeypatch) -> None:
    monkeypatch.setattr(scopes, "_registered", {})
    teacher, trainee = personas["class_teacher"], personas["trainee"]
    assert trainee not in set(User.objects.visible_to(teacher))
    only = lambda user: User.objects.filter(pk=trainee.pk if user == teacher else 0).values("pk")  # noqa: E731
    scopes.register("class", only)
    assert trainee in set(User.objects.visible_to(teacher))
    assert trainee not in set(User.objects.visible_to(personas["other_teacher"]))
    assert not set(User.objects.visible_to(AnonymousUser()))


def asked(user, **headers):
    request = RequestFactory().get("/somewhere/?a=1", headers=headers)
    request.user = user
    return request


def test_view_declarations(personas) -> None:
    page = lambda request: HttpResponse("ok")  # noqa: E731
    staff = permissions.requires("class_teacher", "training_office")(page)
    assert staff.declared == ("class_teacher", "training_office")
    assert staff(asked(personas["class_teacher"])).content == b"ok"
    assert staff(asked(AnonymousUser())).url == "/sign-in/?next=%2Fsomewhere%2F%3Fa%3D1"
    with pytest.raises(PermissionDenied):
        staff(asked(personas["trainee"]))
    assert permissions.requires_sign_in(page).declared == ("signed-in",)
    assert permissions.public(page).declared == ("public",)


def test_each_role_has_a_start_page(personas, monkeypatch) -> None:
    assert start.start_url(personas["security_admin"]) == "/office/"
    assert start.start_url(UserFactory()) == "/account/", "nobody is left without one"
    monkeypatch.setattr(start, "_pages", {"trainee": (20, "people:notice"), "leader": (10, "people:password")})
    assert start.start_url(personas["trainee"]) == "/account/notice/"
    assert start.start_url(fresh(personas["leader"])) == "/account/password/", "of several the lowest order"
    monkeypatch.setattr(start, "_pages", {"trainee": (20, "nowhere:at-all")})
    assert start.start_url(fresh(personas["trainee"])) == "/account/"


def test_group_names_are_the_roles_in_chinese() -> None:
    from django.utils import translation

    with translation.override("en"):
        assert roles.group_name(Role.CLASS_TEACHER) == "班主任"


def test_of_several_start_pages_the_lowest_order_wins_whoever_comes_last(monkeypatch) -> None:
    from people import start

    monkeypatch.setattr(start, "_pages", {})
    start.register("class_teacher", "people:account", 30)
    start.register("class_teacher", "wagtailadmin_home", 900)
    assert start.registered() == {"class_teacher": "people:account"}
