"""Two candidates and an exam that is open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from tests.factories.assessments import make_exam
from tests.factories.people import UserFactory


@pytest.fixture
def user(db):
    return UserFactory(role="trainee", name="王敏")


@pytest.fixture
def other(db):
    return UserFactory(role="trainee", name="单雄")


@pytest.fixture
def exam(frozen_clock, user, other):
    return make_exam([user, other], now=frozen_clock)


@pytest.fixture
def later(frozen_clock):
    """``with later(minutes=40):`` — hold the clock so much after the test's beginning."""
    return lambda **span: clock.freeze(frozen_clock + timedelta(**span))
