"""Synthetic classes with their week, their people and their requirements; the same every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory
from PIL import Image

from cohorts import services
from cohorts.models import (
    Attendance,
    ClosingPaper,
    Cohort,
    CohortStaff,
    CohortState,
    Group,
    Membership,
    MembershipState,
    Session,
    TimetablePublication,
)
from cohorts.reading.published import pending
from cohorts.rules.halfdays import HalfDay
from core import clock
from people.models import Role, Unit, User
from records.models import HourRule
from records.services import install_first_policies
from tests.factories.people import PostingFactory, UnitFactory, UserFactory, grant

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 9, 14)
FIRST = datetime(2026, 9, 14, 8, 0, tzinfo=SHANGHAI)
AFTER = datetime(2026, 9, 18, 18, 0, tzinfo=SHANGHAI)
TIMES = {"am": (time(9), time(12)), "pm": (time(14), time(17))}


def first_rule() -> HourRule:
    """8 学时 a day, 4 a half day."""
    rule, _ = install_first_policies()
    return rule


def host() -> Unit:
    """The city of the personas where they exist, else a unit of its own."""
    return Unit.objects.filter(code="YS").first() or UnitFactory(code="YS", name="云山市")


def office() -> User:
    """The training office of the host."""
    held = User.objects.holding(Role.TRAINING_OFFICE).order_by("pk").first()
    return held or UserFactory(role=Role.TRAINING_OFFICE, unit=host(), name="赵培")


class CohortFactory(DjangoModelFactory):
    """A class of five days from MONDAY on, planned unless a trait says otherwise.

    Traits: ``confirmed``, ``running``. ``members`` is a number or people, ``teacher`` a person (else made),
    ``days`` the days of the timetable (two half days of 4 学时 each), ``size`` that of its groups;
    ``published`` whether the members were told of the timetable (without notices).
    """

    class Meta:
        model = Cohort

    class Params:
        confirmed = factory.Trait(state=CohortState.CONFIRMED)
        running = factory.Trait(state=CohortState.RUNNING)

    code = factory.Sequence(lambda n: f"LH-2026-{n:03d}")
    title = factory.Sequence(lambda n: f"数字政府建设专题领航班{n}")
    host = factory.LazyFunction(host)
    place = "云山市委党校三楼报告厅"
    starts_on = MONDAY
    ends_on = MONDAY + timedelta(days=4)
    hour_rule = factory.LazyFunction(first_rule)
    made_by = factory.LazyFunction(office)
    is_synthetic = True

    @classmethod
    def _create(cls, model_class: type[Cohort], *args: Any, **kwargs: Any) -> Cohort:
        members, days = kwargs.pop("members", 0), kwargs.pop("days", 5)
        teacher, size = kwargs.pop("teacher", None), kwargs.pop("size", 0)
        published = kwargs.pop("published", True)
        cohort: Cohort = super()._create(model_class, *args, **kwargs)
        _staff(cohort, teacher or UserFactory(role=Role.CLASS_TEACHER, name="李静"))
        _week(cohort, days)
        _people(cohort, members, size)
        if days and published:
            publish(cohort)
        cohort.refresh_from_db()
        return cohort


def _staff(cohort: Cohort, teacher: User) -> None:
    CohortStaff.objects.create(cohort=cohort, user=teacher, duty=CohortStaff.Duty.TEACHER)


def teacher_of(cohort: Cohort) -> User:
    return cohort.staff.get(duty=CohortStaff.Duty.TEACHER).user


def _week(cohort: Cohort, days: int) -> None:
    sessions = [
        Session(
            cohort=cohort,
            title=f"第{n + 1}天{'上午' if half == 'am' else '下午'}：数据共享与业务协同",
            day=cohort.starts_on + timedelta(days=n),
            half=half,
            starts_at=TIMES[half][0],
            ends_at=TIMES[half][1],
            room="三楼报告厅",
            hours=Decimal(4),
        )
        for n in range(days)
        for half in TIMES
    ]
    Session.objects.bulk_create(sessions)
    Cohort.objects.filter(pk=cohort.pk).update(total_hours=Decimal(4) * len(sessions))


def publish(cohort: Cohort) -> TimetablePublication:
    """The timetable of now as the members see it; nobody gets a notice."""
    news = pending(cohort)
    return TimetablePublication.objects.create(
        cohort=cohort, number=news.number, by=teacher_of(cohort), rows=[e.as_data() for e in news.entries],
        changes=news.changes, at=FIRST,
    )  # fmt: skip


def people(count: int, unit: Unit | None = None) -> list[User]:
    """Cadres of one unit below the host, managed by it."""
    home = unit or UnitFactory(parent=host(), name="云山市数据局")
    made = [UserFactory.build(unit=home, managed_by=home) for _ in range(count)]
    User.objects.bulk_create(made)
    return made


def _people(cohort: Cohort, members: int | Iterable[User], size: int) -> None:
    users = people(members) if isinstance(members, int) else list(members)
    arrived = cohort.state == CohortState.RUNNING
    state = MembershipState.REGISTERED if arrived else MembershipState.CONFIRMED
    groups = [Group.objects.create(cohort=cohort, number=n + 1) for n in range(-(-len(users) // size) if size else 0)]
    Membership.objects.bulk_create(
        Membership(
            cohort=cohort,
            user=user,
            unit_id=user.unit_id,
            state=state,
            registered_at=FIRST if arrived else None,
            group=groups[n % len(groups)] if groups else None,
        )
        for n, user in enumerate(users)
    )


def picture(width: int = 400, height: int = 560, *, color: str = "#8fa8c8", kind: str = "JPEG") -> bytes:
    """A plain picture of that size."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, kind)
    return out.getvalue()


def portrait(name: str = "zhaopian.jpg", **more: Any) -> SimpleUploadedFile:
    """A picture as a phone sends it."""
    return SimpleUploadedFile(name, picture(**more), "image/jpeg")


def packed(files: dict[str, bytes], name: str = "zhaopian.zip") -> SimpleUploadedFile:
    """Files in a packed folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for entry, data in files.items():
            folder.writestr(entry, data)
    return SimpleUploadedFile(name, out.getvalue(), "application/zip")


def half_days(cohort: Cohort) -> list[HalfDay]:
    return sorted({HalfDay(s.day, s.half) for s in cohort.sessions.all()})


def attend(cohort: Cohort, status: str = "present", *, only: Iterable[HalfDay] | None = None) -> None:
    """Record every registered member's half days as somebody did on the day."""
    actor, now = teacher_of(cohort), clock.now()
    Attendance.objects.bulk_create(
        Attendance(membership=member, day=place.day, half=place.half, status=status, recorded_by=actor, recorded_at=now)
        for member in cohort.memberships.filter(state=MembershipState.REGISTERED)
        for place in (half_days(cohort) if only is None else only)
    )


def papers(cohort: Cohort) -> None:
    """Attach the three papers of a closing."""
    for kind in ClosingPaper.Kind:
        services.attach_paper(
            actor=teacher_of(cohort), cohort=cohort, kind=kind, name=f"{kind.label}.pdf", data=kind.value.encode()
        )


def ready_to_close(**kwargs: Any) -> Cohort:
    """A class whose week is over and whose papers are in; close it at AFTER."""
    cohort = CohortFactory(running=True, **{"members": 3, **kwargs})
    attend(cohort)
    papers(cohort)
    return cohort


def closed(**kwargs: Any) -> Cohort:
    """A class that was closed at AFTER."""
    cohort = ready_to_close(**kwargs)
    with clock.freeze(AFTER):
        services.close(actor=teacher_of(cohort), cohort=cohort)
    cohort.refresh_from_db()
    return cohort


__all__ = [
    "AFTER",
    "FIRST",
    "MONDAY",
    "CohortFactory",
    "PostingFactory",
    "attend",
    "closed",
    "first_rule",
    "grant",
    "half_days",
    "host",
    "office",
    "packed",
    "papers",
    "people",
    "picture",
    "portrait",
    "publish",
    "ready_to_close",
    "teacher_of",
]
