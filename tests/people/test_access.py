"""Activation codes work once, for one person, for a while; only their keyed hash is kept."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections
from wagtail.models import ModelLogEntry

from core import clock
from core.errors import DomainError
from people import services
from people.codes import ALPHABET, new_code, plain
from people.models import ActivationCode, User
from tests.factories.people import UserFactory, make_personas

PASSWORD = "Qingshan-lvshui-9"


def test_codes_have_no_signs_that_look_alike() -> None:
    assert not set("0O1IL2Z5S8B") & set(ALPHABET)
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200 and all(len(plain(code)) == 12 for code in codes)


@pytest.fixture
def clerk(personas):
    return personas["unit_admin"]


def issue(actor, *users):
    return services.issue_activation_codes(actor=actor, users=users)


@pytest.mark.django_db
def test_a_code_lets_its_person_in_once(personas, clerk) -> None:
    (issued,) = issue(clerk, personas["trainee"])
    assert not ActivationCode.objects.filter(code_hash__contains=plain(issued.code)).exists()
    typed = issued.code.lower().replace("-", " ")
    user = services.activate(work_number=" T0001 ", code=typed, password=PASSWORD)
    assert user.check_password(PASSWORD)
    with pytest.raises(DomainError, match="已经用过"):
        services.activate(work_number="T0001", code=issued.code, password=PASSWORD + "x")
    assert User.objects.get(pk=user.pk).check_password(PASSWORD), "the second use changed nothing"
    actions = list(ModelLogEntry.objects.for_instance(user).values_list("action", flat=True))
    assert {"people.code_issued", "people.activated"} <= set(actions)


@pytest.mark.django_db
def test_a_code_is_for_one_person_and_for_a_while(personas, clerk, frozen_clock) -> None:
    other = UserFactory(unit=clerk.unit, new=True)
    (issued,) = issue(clerk, personas["trainee"])
    with pytest.raises(DomainError, match="不正确"):
        services.activate(work_number=other.work_number, code=issued.code, password=PASSWORD)
    with clock.freeze(frozen_clock + timedelta(days=30)), pytest.raises(DomainError, match="过期"):
        services.activate(work_number="T0001", code=issued.code, password=PASSWORD)


@pytest.mark.django_db
def test_a_new_code_ends_the_old_one(personas, clerk) -> None:
    (first,) = issue(clerk, personas["trainee"])
    (second,) = issue(clerk, personas["trainee"])
    with pytest.raises(DomainError):
        services.activate(work_number="T0001", code=first.code, password=PASSWORD)
    services.activate(work_number="T0001", code=second.code, password=PASSWORD)


@pytest.mark.django_db
def test_a_weak_password_does_not_use_the_code_up(personas, clerk) -> None:
    (issued,) = issue(clerk, personas["trainee"])
    with pytest.raises(DomainError, match="密码"):
        services.activate(work_number="T0001", code=issued.code, password="T0001")
    services.activate(work_number="T0001", code=issued.code, password=PASSWORD)


@pytest.mark.django_db
def test_codes_are_issued_within_the_scope_only(personas, clerk) -> None:
    with pytest.raises(DomainError, match="曾伟不在您的管理范围内"):
        issue(clerk, personas["trainee"], personas["leader"])
    assert not ActivationCode.objects.exists(), "nobody gets one"
    with pytest.raises(DomainError, match="须由"):
        issue(personas["class_teacher"], personas["trainee"])
    with pytest.raises(DomainError, match="不能重置自己"):
        services.reset_access(actor=clerk, user=clerk)


@pytest.mark.django_db
def test_the_activation_page_locks_a_number_that_is_guessed(personas, client) -> None:
    data = {"work_number": "T0001", "code": "AAAA-AAAA-AAAA", "password": PASSWORD, "again": PASSWORD}
    first = client.post("/activate/", data)
    assert first.status_code == 422 and "工号或激活码不正确" in first.content.decode()
    for _ in range(9):
        last = client.post("/activate/", data)
    assert last.status_code == 429 and "已暂停登录" in last.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_use_a_code_only_once() -> None:
    people = make_personas()
    (issued,) = issue(people["unit_admin"], people["trainee"])
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def use(password: str) -> None:
        start.wait()
        try:
            services.activate(work_number="T0001", code=issued.code, password=password)
            outcomes.append(password)
        except DomainError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use, args=(f"{PASSWORD}{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("refused") == 1
    winner = next(outcome for outcome in outcomes if outcome != "refused")
    assert User.objects.get(work_number="T0001").check_password(winner)


@pytest.mark.django_db
def test_slips_name_each_person_with_number_code_and_address(personas, clerk) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    from core.spreadsheets.reader import read_workbook
    from people.services.slips import slips_pdf, slips_xlsx

    issued = issue(clerk, personas["trainee"], UserFactory(unit=clerk.unit, managed_by=clerk.unit, name="张𬭎"))
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(slips_pdf(issued))).pages)
    for one in issued:
        assert one.user.work_number in text and one.code in text.replace(" ", "")
    book = read_workbook("x", slips_xlsx(issued))
    assert {sheet.name.split("-")[-1] for sheet in book.sheets} == {"市数据局综合处", "市数据局"}
    assert issued[0].code in str([sheet.grid for sheet in book.sheets])


@pytest.mark.django_db
def test_a_name_that_cannot_be_printed_is_refused_with_the_person_named(personas, clerk) -> None:
    from people.services.slips import slips_pdf, slips_xlsx

    issued = issue(clerk, UserFactory(unit=clerk.unit, managed_by=clerk.unit, name="李𰻝"))
    with pytest.raises(DomainError, match=r"李𰻝.*Excel"):
        slips_pdf(issued)
    assert slips_xlsx(issued).startswith(b"PK")
