"""People, postings and units change by services only: checked, whole, logged."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from wagtail.models import ModelLogEntry

from core.errors import DomainError
from people import services
from people.models import NoticeAcceptance, PersonalFileRead, Posting, Unit, UnitSuccession, User
from people.presentation import masked_id, masked_name, masked_phone
from tests.factories.people import PostingFactory, UserFactory, synthetic_id

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def office(personas):
    return personas["training_office"]


@pytest.fixture
def bureau(personas):
    return Unit.objects.get(code="YS-SJ")


def test_a_person_is_created_whole(office, bureau) -> None:
    made = services.create_person(
        actor=office,
        work_number="W1",
        name="单 雄信",
        unit=bureau,
        id_number="11010519491231002x",
        phone="13800138000",
    )
    made = User.objects.get(pk=made.pk)
    assert (made.name, made.initials, made.id_number) == ("单雄信", "sxx", "11010519491231002X")
    assert made.managed_by == bureau and not made.has_usable_password()
    assert masked_id(made) == "110***********002X" and masked_phone(made) == "138****8000"
    assert masked_name(made.name) == "单**"
    raw = User.objects.filter(pk=made.pk).extra(select={"raw": "id_number"}).values_list("raw", flat=True)[0]
    assert "19491231" not in raw, "encrypted in the database"
    assert ModelLogEntry.objects.for_instance(made).filter(action="people.created").exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"work_number": "T0001"}, "工号 T0001 已经有人使用"),
        ({"work_number": "工一"}, "半角"),
        ({"name": "王\u200b敏"}, "看不见"),
        ({"id_number": "123"}, "18 位"),
        ({"phone": "123"}, "11 位"),
        ({"email": "x"}, "邮箱"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(office, bureau, changes, sentence) -> None:
    count = User.objects.count()
    with pytest.raises(DomainError, match=sentence):
        services.create_person(**({"actor": office, "work_number": "W1", "name": "王敏", "unit": bureau} | changes))
    assert User.objects.count() == count


def test_an_identity_or_telephone_belongs_to_one_person(office, bureau, personas) -> None:
    trainee = personas["trainee"]
    for changes, sentence in (
        ({"id_number": trainee.id_number}, "身份证号"),
        ({"phone": trainee.phone}, "手机号"),
    ):
        with pytest.raises(DomainError, match=f"{sentence}已登记在另一人名下"):
            services.create_person(actor=office, work_number="W1", name="李敏", unit=bureau, **changes)


def test_the_identity_is_changed_by_nobody(office, personas) -> None:
    for changes in (
        {"work_number": "X"},
        {"id_number": synthetic_id(3)},
        {"unit": None},
        {"is_superuser": True},
    ):
        with pytest.raises(DomainError, match="身份信息"):
            services.change_person(actor=office, user=personas["trainee"], **changes)


def test_postings_are_history(office, personas) -> None:
    trainee, justice = personas["trainee"], Unit.objects.get(code="YS-SF")
    add = {
        "actor": office,
        "user": trainee,
        "unit": justice,
        "post": "处长",
        "level": "county_head",
        "rank": "",
    }
    services.add_posting(**add, starts_on=date(2025, 3, 1))
    old, new = trainee.postings.order_by("starts_on")
    assert (old.ends_on, new.ends_on, trainee.unit) == (date(2025, 2, 28), None, justice)
    with pytest.raises(DomainError, match="重叠"):
        services.add_posting(**add, starts_on=date(2020, 2, 1), ends_on=date(2021, 1, 1))
    Unit.objects.filter(pk=justice.pk).update(valid_from=None)
    justice.refresh_from_db()
    services.add_posting(**add, starts_on=date(2018, 1, 1), ends_on=date(2019, 12, 31))
    assert User.objects.get(pk=trainee.pk).unit == justice, "the past moves nobody"
    with pytest.raises(DomainError, match="职务层次"):
        services.add_posting(**(add | {"level": "king"}), starts_on=date(2026, 1, 1))


def test_units_merge_and_their_past_stays(office, personas) -> None:
    data, justice = Unit.objects.get(code="YS-SJ"), Unit.objects.get(code="YS-SF")
    trainee = personas["other_trainee"]
    new = services.merge_units(
        actor=office,
        units=[data, justice],
        code="YS-FZ",
        name="市法治数据局",
        on=date(2026, 9, 1),
        document_no="1号",
    )
    justice.refresh_from_db()
    trainee.refresh_from_db()
    assert justice.valid_to == date(2026, 8, 31) and trainee.unit == new
    assert Posting.objects.get(user=trainee, ends_on=None).starts_on == date(2026, 9, 1)
    assert Posting.objects.on(date(2026, 5, 1)).get(user=trainee).unit == justice, "May belongs to the old unit"
    assert UnitSuccession.objects.filter(successor=new, kind="merge").count() == 2
    clerk = User.objects.get(work_number="U0001")
    assert set(User.objects.managed_by_grants(clerk, ["unit_admin"])) >= {trainee}
    assert not Unit.find_problems()[0] and not any(Unit.find_problems())
    with pytest.raises(DomainError, match="已经撤销"):
        services.rename_unit(actor=office, unit=justice, code="Z", name="又一个", on=date(2026, 9, 2))


def test_units_split_and_nobody_is_forgotten(office) -> None:
    unit = Unit.objects.get(code="YS-WJ")
    first, second = (PostingFactory(user=UserFactory(unit=unit, managed_by=unit)).user for _ in range(2))
    parts = [("YS-WJ-A", "市卫生局"), ("YS-WJ-B", "市医保局")]
    with pytest.raises(DomainError, match="还没有安排去向"):
        services.split_unit(actor=office, unit=unit, parts=parts, people={first.pk: 0}, on=date(2026, 9, 1))
    assert not Unit.objects.filter(code="YS-WJ-A").exists()
    made = services.split_unit(
        actor=office, unit=unit, parts=parts, people={first.pk: 0, second.pk: 1}, on=date(2026, 9, 1)
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert [first.unit, second.unit] == made


def test_units_change_within_the_scope_and_not_in_the_future(office, personas, bureau) -> None:
    with pytest.raises(DomainError, match="不能晚于今天"):
        services.rename_unit(actor=office, unit=bureau, code="N", name="新局", on=date(2027, 1, 1))
    with pytest.raises(DomainError, match=r"须由|不在您的管理范围"):
        services.create_unit(actor=personas["unit_admin"], code="N", name="新处", parent=bureau)
    with pytest.raises(DomainError, match="单位代码 YS-SF 已经使用"):
        services.create_unit(actor=office, code="YS-SF", name="新处", parent=bureau)
    with pytest.raises(DomainError, match="请选择上级单位"):
        services.create_unit(actor=office, code="N", name="新市")
    made = services.create_unit(actor=office, code="N", name="新处", parent=bureau)
    services.correct_unit(actor=office, unit=made, name="新一处")
    assert Unit.objects.get(code="N").get_parent() == bureau


def test_readings_and_acceptances_cannot_be_changed(office, personas) -> None:
    """Append-only by trigger; the negative control is that an ordinary row can be changed."""
    read = services.note_file_read(reader=office, subject=personas["trainee"], part="个人档案")
    assert services.note_file_read(reader=office, subject=office, part="个人档案") is None, "one's own file"
    services.accept_notice(user=office)
    for rows in (PersonalFileRead.objects.filter(pk=read.pk), NoticeAcceptance.objects.filter(user=office)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonalFileRead.objects.filter(pk=read.pk).update(part="别的")
    assert User.objects.filter(pk=office.pk).update(language="en") == 1
