"""Two people at once: one decision per step, one version per draft, one line per external number; with controls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import Conflict
from people.models import Unit
from records import importing, services
from records.models import ClaimDecision, HourChange, HourClaim, HourEntry, HourImport, HourRule, HourRuleDraft
from records.services import claims as claim_service
from records.services import versions
from records.services.changes import decide_change
from tests.cohorts.test_races import at_once
from tests.conftest import SHANGHAI
from tests.factories import hours
from tests.factories.people import UserFactory, make_units

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def standing_clock() -> Any:
    with clock.freeze(datetime(2026, 9, 14, 10, 0, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def offices() -> tuple[Any, Any]:
    make_units()
    services.install_first_policies()
    city = Unit.objects.get(code="YS")
    return UserFactory(role="training_office", unit=city), UserFactory(role="training_office", unit=city)


@pytest.fixture
def cadre(offices: Any) -> Any:
    return UserFactory(unit=Unit.objects.get(code="YS-SF"))


def kinds(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def accept_by(actor: Any, claim: HourClaim) -> Callable[[], Any]:
    return lambda: services.decide_claim(
        actor=actor, claim=HourClaim.objects.get(pk=claim.pk), step="office", accepted=True
    )


def test_two_offices_decide_at_once_and_the_claim_is_credited_once(offices: Any, cadre: Any) -> None:
    claim = hours.claim(cadre)
    assert kinds(at_once(*(accept_by(actor, claim) for actor in offices))) == ["Conflict", "HourClaim"]
    assert ClaimDecision.objects.count() == 1 and HourEntry.objects.count() == 1


def test_control_without_the_guards_the_second_decision_is_stopped_by_the_database_alone(
    offices: Any, cadre: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other with the guards taken out: only the constraint is left to say no, and not in words."""
    claim = hours.claim(cadre)
    accept_by(offices[0], claim)()
    monkeypatch.setattr(claim_service, "_locked_at", lambda claim, step: None)
    monkeypatch.setattr(claim_service, "_move", lambda claim, before, **changes: None)
    with pytest.raises(IntegrityError), transaction.atomic():
        accept_by(offices[1], claim)()
    assert HourEntry.objects.count() == 1


def test_withdrawing_and_deciding_at_once_leave_one_of_the_two(offices: Any, cadre: Any) -> None:
    claim = hours.claim(cadre)
    results = at_once(
        accept_by(offices[0], claim),
        lambda: services.withdraw_claim(actor=cadre, claim=HourClaim.objects.get(pk=claim.pk)),
    )
    assert kinds(results) == ["Conflict", "HourClaim"]
    claim.refresh_from_db()
    assert HourEntry.objects.count() == (claim.state == "credited")


def put_by(actor: Any, revision: int) -> Callable[[], Any]:
    return lambda: services.put_hour_rule_in_force(actor=actor, revision=revision)


def test_a_draft_put_in_force_twice_at_once_is_one_version(offices: Any) -> None:
    draft = services.start_hour_draft(actor=offices[0])
    results = at_once(*(put_by(actor, draft.revision) for actor in offices))
    assert kinds(results) == ["Conflict", "HourRule"] and HourRule.objects.count() == 2


def test_control_without_the_claim_on_the_draft_there_would_be_two(
    offices: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = services.start_hour_draft(actor=offices[0])
    services.put_hour_rule_in_force(actor=offices[0], revision=draft.revision)
    draft.pk = None
    draft.save(force_insert=True)

    def careless(model: Any, revision: int) -> Any:
        draft.effective_from = draft.effective_from.replace(year=draft.effective_from.year + 1)
        return draft

    monkeypatch.setattr(versions, "_taken", careless)
    services.put_hour_rule_in_force(actor=offices[1], revision=1)
    assert HourRule.objects.count() == 3 and not HourRuleDraft.objects.exists()


def commit_by(actor: Any, staged: HourImport) -> Callable[[], Any]:
    return lambda: importing.commit_import(actor=actor, staged=HourImport.objects.get(pk=staged.pk))


def test_two_offices_take_in_the_same_numbers_at_once_and_each_counts_once(offices: Any, cadre: Any) -> None:
    data = hours.csv_of([hours.row(cadre, "A1"), hours.row(cadre, "A2", 结束日期="2024-03-07")])
    staged = [
        importing.stage_import(actor=actor, source="甲学院", name="台账.csv", data=data)[0] for actor in offices
    ]  # fmt: skip
    results = at_once(*(commit_by(*pair) for pair in zip(offices, staged, strict=True)))
    assert all(isinstance(result, importing.Plan | Conflict) for result in results)
    assert sum(isinstance(result, importing.Plan) for result in results) >= 1
    assert HourEntry.objects.count() == 2


def test_two_offices_decide_on_a_change_at_once_and_it_moves_once(offices: Any, cadre: Any) -> None:
    change = hours.changed(offices[0], cadre, "甲学院")
    acts = [
        lambda actor=actor: decide_change(actor=actor, change=HourChange.objects.get(pk=change.pk), approved=True)
        for actor in offices
    ]
    assert kinds(at_once(*acts)) == ["Conflict", "HourChange"]
    assert [entry.hours for entry in HourEntry.objects.order_by("pk")] == [40, -40, 48]
