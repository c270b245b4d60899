from __future__ import annotations

import pytest

from people.models import User
from people.scopes import roles_of
from tests.factories.people import PASSWORD, PERSONAS

pytestmark = pytest.mark.django_db


def test_personas_hold_their_roles(personas) -> None:
    assert len(personas) == len(PERSONAS)
    for key, _, _, _, role, _ in PERSONAS:
        assert role in roles_of(personas[key]), key
    assert personas["trainee"].check_password(PASSWORD)
    assert personas["class_teacher"].has_perm("wagtailadmin.access_admin")
    assert not personas["trainee"].has_perm("wagtailadmin.access_admin")


def test_a_bureaus_clerk_does_not_reach_the_bureau_chief(personas) -> None:
    clerk, chief, trainee = personas["unit_admin"], personas["leader"], personas["trainee"]
    seen = set(User.objects.visible_to(clerk))
    assert trainee in seen
    assert chief not in seen, "the chief's file is managed by the city"
    assert chief in set(User.objects.visible_to(personas["training_office"]))
