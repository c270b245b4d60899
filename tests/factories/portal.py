"""A small city with two bureaus and one class that is over: what the leaders' pages show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cohorts import services as classes
from cohorts.models import Cohort, Membership
from competencies.models import Indicator
from competencies.services import EvidenceEntry, load_framework, record_evidence
from core import clock
from people.models import Unit, User
from people.ranks import Level, Rank
from records.services import HourLine, credit, install_first_policies
from tests.factories.cohorts import AFTER, CohortFactory, attend, office, papers, teacher_of
from tests.factories.people import PostingFactory, UserFactory, make_personas

SENIOR = {"level": Level.COUNTY_DEPUTY, "rank": Rank.RESEARCHER_3}
JUNIOR = {"level": Level.TOWNSHIP_HEAD, "rank": Rank.PRINCIPAL_1}


@dataclass
class Scene:
    """The personas, the people of the two bureaus, and the class: one of its members withdrew."""

    personas: dict[str, User]
    data: list[User]
    justice: list[User]
    chief: User  # belongs to the data bureau, managed by the city
    cohort: Cohort
    withdrawn: User

    @property
    def leader(self) -> User:
        return self.personas["leader"]


def cadres(unit: Unit, count: int, *, managed_by: Unit | None = None, **posting: Any) -> list[User]:
    """People of a unit with one open posting each; juniors unless said otherwise."""
    people = UserFactory.create_batch(count, unit=unit, managed_by=managed_by or unit)
    for person in people:
        PostingFactory(user=person, **(posting or JUNIOR))
    return people


def credited(user: User, hours: str, days: str, *, on: date, bucket: str = "central", **changes: Any) -> None:
    """A credited line of some earlier training."""
    said = {
        "user_id": user.pk, "unit_id": user.unit_id, "bucket": bucket, "category": "in_service", "mode": "off_job",
        "days": Decimal(days), "hours": Decimal(hours), "earned_on": on, "label": "省委党校进修班（示范）",
        "source_key": f"trial:{user.pk}:{on}:{bucket}:{hours}", "rule_id": None, "evidence_no": "示字1号",
    }  # fmt: skip
    credit(actor=user, lines=[HourLine(**{**said, **changes})])


def evidence(users: list[User], context_key: str, *, code: str = "C2", before: str = "2.5", after: str = "3.5") -> None:
    """Two kinds of evidence on one indicator for each: a test before and after, and a task."""
    indicator = Indicator.objects.get(dimension__framework=load_framework(), code=code)
    entries = [
        EvidenceEntry(
            user.pk, indicator.pk, kind, phase, Decimal(score), 4, label, f"{label}:{context_key}:{user.pk}",
            context_key, clock.today(),
        )
        for user in users
        for kind, phase, score, label in (
            ("test", "pre", before, "入学测试"),
            ("test", "post", after, "结业测试"),
            ("task", "during", after, "案例分析"),
        )
    ]  # fmt: skip
    record_evidence(actor=users[0], entries=entries)


def make_scene(*, juniors: int = 6, others: int = 5) -> Scene:
    """Juniors at the data bureau and its chief, others at the justice bureau; a class of all but the chief."""
    personas = make_personas()
    load_framework()
    install_first_policies()
    city, bureau, justice = (Unit.objects.get(code=code) for code in ("YS", "YS-SJ", "YS-SF"))
    data, law = cadres(bureau, juniors), cadres(justice, others)
    chief = cadres(bureau, 1, managed_by=city, **SENIOR)[0]
    cohort, leaver = closed_class([*data, *law])
    return Scene(personas, data, law, chief, cohort, leaver)


def closed_class(members: list[User]) -> tuple[Cohort, User]:
    """A class that was closed; the last member was on leave for a whole day and withdrew."""
    cohort = CohortFactory(running=True, members=members)
    leaver = cohort.memberships.get(user=members[-1])
    withdraw(cohort, leaver)
    attend(cohort)
    papers(cohort)
    evidence(members[:-1], cohort.context_key)
    with clock.freeze(AFTER):
        classes.close(actor=teacher_of(cohort), cohort=cohort)
    cohort.refresh_from_db()
    return cohort, leaver.user


def withdraw(cohort: Cohort, member: Membership) -> None:
    """Leave of two days of five, above a seventh, and the decision that follows."""
    teacher, day = teacher_of(cohort), cohort.starts_on
    with clock.freeze(AFTER.replace(day=14, hour=9)):
        classes.record_leave(
            actor=teacher, membership=member, category="private", from_day=day, from_half="am",
            to_day=day.replace(day=15), to_half="pm", reason="家中有事", approved_by_name="李静",
        )  # fmt: skip
        member.refresh_from_db()
        classes.decide_on_leave(
            actor=office(), membership=member, outcome="withdraw", reason="累计请假过多", document_no="培字〔2026〕1号"
        )
