from __future__ import annotations

from typing import Any

import pytest

from tests.factories.cms import make_site


@pytest.fixture
def site(reference: None, personas: dict[str, Any]) -> dict[str, Any]:
    """The public site with one course; gives the personas."""
    make_site(personas)
    return personas
