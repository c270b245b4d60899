"""The arrangement of a call-up, places per unit, and the opening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from cohorts.services import check_advance
from core import clock
from core.errors import Conflict, DomainError
from core.models import Notice
from people.models import Role
from planning.models import CallUp, Quota
from planning.services.calls import change_call_up, make_call_up, open_call_up
from planning.services.quotas import proposal, set_quotas
from tests.conftest import MOMENT
from tests.factories.people import UnitFactory, UserFactory
from tests.factories.planning_calls import DEADLINE, cadres, call_up, named, planned, scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.freeze(MOMENT):
        yield


def test_the_office_arranges_a_call_up_once() -> None:
    where = scene()
    row = call_up(where, opened=False)
    assert (row.places, row.taken, row.opened_at) == (30, 0, None)
    with pytest.raises(Conflict, match="已经安排了调训"):
        make_call_up(
            actor=where.office, cohort=row.cohort, theme="digital", places=30, nominate_by=DEADLINE
        )  # fmt: skip


def test_only_the_office_of_the_host_arranges() -> None:
    where = scene()
    other = UserFactory(unit=UnitFactory(name="邻水市"), role=Role.TRAINING_OFFICE)
    for stranger in (where.clerk, other):
        with pytest.raises(DomainError, match="须由主办单位培训处办理"):
            make_call_up(actor=stranger, cohort=planned(), theme="law", places=3, nominate_by=DEADLINE)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nominate_by": date(2026, 10, 12)}, "须早于开班日期2026年10月12日"),
        ({"nominate_by": date(2026, 9, 1)}, "不能早于今天"),
        ({"route": "direct", "unit_confirms": True}, "不能同时由名额单位终审"),
        ({"step_days": 31}, "1 到 30 个工作日"),
    ],
)
def test_arrangements_that_cannot_be_are_refused_in_words(changes: dict, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        call_up(scene(), opened=False, **changes)


def test_quotas_never_exceed_the_places_of_the_class() -> None:
    where = scene()
    row = call_up(where, opened=False, places=5)
    other = UnitFactory(parent=where.city, name="云山市水务局")
    with pytest.raises(DomainError, match="各单位名额共 6 个，超过本班人数 5 人，多 1 个"):
        set_quotas(actor=where.office, call_up=row, places={other: 3})
    assert set_quotas(actor=where.office, call_up=row, places={other: 2}) == 1
    assert set_quotas(actor=where.office, call_up=row, places={other: 2}) == 0
    with pytest.raises(DomainError, match="已向单位分配 5 个名额，人数不能改为 4"):
        change_call_up(actor=where.office, call_up=row, version=row.version, places=4)


def test_a_quota_never_falls_below_what_is_used() -> None:
    where = scene()
    row = call_up(where)
    named(where, row, cadres(where.bureau, 2))
    with pytest.raises(DomainError, match="已用 2 个名额，不能减为 1"):
        set_quotas(actor=where.office, call_up=row, places={where.bureau: 1})
    with pytest.raises(IntegrityError), transaction.atomic():
        Quota.objects.filter(call_up=row).update(places=1)
    assert set_quotas(actor=where.office, call_up=row, places={where.bureau: 2}) == 1


def test_units_outside_the_office_get_no_places() -> None:
    where = scene()
    with pytest.raises(DomainError, match="“邻水市”不在您的管理范围内"):
        set_quotas(actor=where.office, call_up=call_up(where), places={UnitFactory(name="邻水市"): 1})


def test_the_proposal_follows_the_eligible_people_and_keeps_what_is_used() -> None:
    where = scene()
    other = UnitFactory(parent=where.city, name="云山市水务局")
    cadres(where.division, 30)
    cadres(other, 10)
    cadres(other, 50, level="county_head", rank="")
    row = call_up(where, opened=False, places=8, regime="junior", quotas={where.bureau: 1, other: 1})
    assert proposal(call_up=row) == {where.bureau: 6, other: 2}


def test_opening_moves_the_class_on_and_tells_the_units_once() -> None:
    where = scene()
    row = call_up(where)
    again = open_call_up(actor=where.office, call_up=row)
    assert again.opened_at == row.opened_at and row.cohort.state == "nominating"
    told = set(Notice.objects.filter(key__startswith="call-up:").values_list("recipient", flat=True))
    assert told == {admin.pk for admin in where.admins.values()}
    assert Notice.objects.filter(key__startswith="call-up:").count() == 3


def test_without_places_for_a_unit_nothing_opens() -> None:
    where = scene()
    row = make_call_up(actor=where.office, cohort=planned(), theme="law", places=3, nominate_by=DEADLINE)
    with pytest.raises(DomainError, match="还没有给任何单位分配名额"):
        open_call_up(actor=where.office, call_up=row)


def test_an_edit_of_an_old_page_overwrites_nothing() -> None:
    where = scene()
    row = call_up(where, opened=False)
    change_call_up(actor=where.office, call_up=row, version=row.version, document_no="云组发〔2026〕3号")
    with pytest.raises(Conflict, match="已被他人修改"):
        change_call_up(actor=where.office, call_up=row, version=row.version, places=40)


def test_units_see_only_their_own_places_and_those_above_and_below() -> None:
    where = scene()
    other = UnitFactory(parent=where.city, name="云山市水务局")
    stranger = UserFactory(unit=other, role=Role.UNIT_ADMIN)
    row = call_up(where, quotas={where.bureau: 3, where.division: 1, other: 2})
    seen = lambda user: {q.unit for q in Quota.objects.visible_to(user)}  # noqa: E731
    assert seen(where.admins["division"]) == {where.bureau, where.division}
    assert seen(where.clerk) == {where.bureau, where.division}
    assert seen(stranger) == {other}
    assert seen(where.office) == {where.bureau, where.division, other}
    assert CallUp.objects.visible_to(UserFactory(role=Role.TRAINEE)).count() == 0 and row.pk


def test_a_class_is_not_confirmed_while_nominations_are_under_way() -> None:
    where = scene()
    row = call_up(where)
    named(where, row, cadres(where.bureau, 2))
    words = "".join(check_advance(row.cohort, "confirmed"))
    assert "还有 2 份提名没有办结（待培训处确认 2）" in words
