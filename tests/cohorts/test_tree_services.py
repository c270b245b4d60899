"""Building the tree in a class: nested choices, attendance, order, and what may not be dropped."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Seat
from cohorts import services
from cohorts.models import Cohort, Requirement
from cohorts.reading import classes as reading
from cohorts.reading.tally import tally
from cohorts.rules.graduation import decide
from core import clock
from core.errors import DomainError
from people.models import User
from tests.factories.cohorts import CohortFactory, attend, closed, half_days, office, teacher_of
from tests.factories.courses import EditionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(running=True, members=3)


def courses(cohort: Cohort, count: int) -> list[Requirement]:
    actor = teacher_of(cohort)
    return [
        services.require_course(actor=actor, cohort=cohort, edition=EditionFactory(lessons=1)) for _ in range(count)
    ]


def meet(leaf: Requirement, user: User | None = None) -> None:
    members = leaf.cohort.memberships.filter(**({"user": user} if user else {}))
    for member in members:
        leaf.results.update_or_create(membership=member, defaults={"state": "met", "detail": "9月14日学完"})


def shape(cohort: Cohort) -> list[Any]:
    """The tree as nested lists: keys of leaves, (need, parts) of groups."""
    tree = reading.tree_of(cohort)

    def branch(parent: int | None) -> list[Any]:
        beside = [r for r in tree if r.parent_id == parent]
        return [(r.need, branch(r.pk)) if r.kind in ("all", "n_of") else r.pk for r in beside]

    return branch(None)[0][1]


def test_groups_stand_within_groups_and_are_taken_apart_again(cohort: Cohort) -> None:
    a, b, c, d = courses(cohort, 4)
    actor = teacher_of(cohort)
    outer = services.require_some(actor=actor, cohort=cohort, requirements=[a, b, c, d], need=1)
    inner = services.require_some(actor=actor, cohort=cohort, requirements=[c, d], need=None)
    assert shape(cohort) == [(1, [a.pk, b.pk, (None, [c.pk, d.pk])])]
    member = cohort.memberships.first()
    meet(c)
    assert decide(reading.standings(cohort, [member])[member.pk])[-1].met is False, "c alone is half of the inner group"
    meet(d)
    assert decide(reading.standings(cohort, [member])[member.pk])[-1].met is True
    services.drop_requirement(actor=actor, requirement=inner)
    assert sorted(shape(cohort)[0][1]) == [a.pk, b.pk, c.pk, d.pk]
    services.drop_requirement(actor=actor, requirement=outer)
    assert sorted(shape(cohort)) == [a.pk, b.pk, c.pk, d.pk]


def test_groups_that_leave_no_choice_are_refused(cohort: Cohort) -> None:
    a, b, c = courses(cohort, 3)
    actor = teacher_of(cohort)

    def group(nodes: list[Requirement], need: int | None) -> Requirement:
        return services.require_some(actor=actor, cohort=cohort, requirements=nodes, need=need)

    for nodes, need in (([a], 1), ([a, b], 2), ([], None), ([a, b], 0)):
        with pytest.raises(DomainError, match="同一层选择至少两项"):
            group(nodes, need)
    with pytest.raises(DomainError, match="本来就须全部满足"):
        group([a, b], None)
    group([a, b, c], 2)
    with pytest.raises(DomainError, match="要求满足 2 项，合并后只剩 2 项"):
        group([a, b], 1)
    other = courses(CohortFactory(running=True), 2)
    with pytest.raises(DomainError, match="同一层"):
        group(other, 1)


def test_levels_end_at_four(cohort: Cohort) -> None:
    leaves = courses(cohort, 8)
    actor = teacher_of(cohort)
    chosen: list[Requirement] = leaves[:2]
    for extra in leaves[2:5]:
        node = services.require_some(actor=actor, cohort=cohort, requirements=chosen, need=1)
        chosen = [node, extra]
    with pytest.raises(DomainError, match="条件最多分 4 层"):
        for extra in leaves[5:]:
            node = services.require_some(actor=actor, cohort=cohort, requirements=chosen, need=1)
            chosen = [node, extra]


def test_order_is_moved_by_one_place(cohort: Cohort) -> None:
    a, b, c = courses(cohort, 3)
    actor = teacher_of(cohort)
    services.move_requirement(actor=actor, requirement=c, up=True)
    assert shape(cohort) == [a.pk, c.pk, b.pk]
    services.move_requirement(actor=actor, requirement=a, up=True)
    services.move_requirement(actor=actor, requirement=a, up=False)
    assert shape(cohort) == [c.pk, a.pk, b.pk]


def test_a_condition_with_results_is_not_dropped(cohort: Cohort) -> None:
    a, b = courses(cohort, 2)
    meet(a)
    with pytest.raises(DomainError, match=r"课程《.*》已有 3 名学员有了结果，不能移出"):
        services.drop_requirement(actor=teacher_of(cohort), requirement=a)
    assert Requirement.objects.filter(pk=a.pk).exists()
    services.drop_requirement(actor=teacher_of(cohort), requirement=b)
    assert not Requirement.objects.filter(pk=b.pk).exists()


def test_a_waived_condition_is_not_dropped_before_the_waiver_is_revoked(cohort: Cohort) -> None:
    (a,) = courses(cohort, 1)
    waiver = services.waive(
        actor=office(),
        membership=cohort.memberships.first(),
        condition=f"requirement:{a.pk}",
        reason="因公",
        document_no="1号",
    )
    with pytest.raises(DomainError, match="已对 1 名学员豁免，请先撤销豁免"):
        services.drop_requirement(actor=teacher_of(cohort), requirement=a)
    services.revoke_waiver(actor=office(), waiver=waiver, reason="误办")
    services.drop_requirement(actor=teacher_of(cohort), requirement=a)


def test_attendance_is_asked_for_once_and_its_share_can_change(cohort: Cohort, at: Any) -> None:
    actor = teacher_of(cohort)
    leaf = services.require_attendance(actor=actor, cohort=cohort, share=Decimal(80))
    assert services.require_attendance(actor=actor, cohort=cohort, share=Decimal("60.5")).pk == leaf.pk
    with pytest.raises(DomainError, match="大于 0、不超过 100"):
        services.require_attendance(actor=actor, cohort=cohort, share=Decimal("100.01"))
    first, second, third = cohort.memberships.all()
    attend(cohort, only=half_days(cohort)[:6])
    second.attendance.update(status="on_leave")
    with at(2026, 9, 18, 18):
        found = reading.standings(cohort, [first, second, third])
    assert [decide(found[m.pk])[-1].met for m in (first, second)] == [False, False], "6 of 10 are 60 %"
    services.require_attendance(actor=actor, cohort=cohort, share=Decimal(60))
    condition = decide(reading.standings(cohort, [first])[first.pk])[-1]
    assert (condition.label, condition.met) == ("出勤率不低于 60%", True)
    assert condition.detail == "应到 10 个半天，至少到课 6 个（60%），实际到课 6 个"


def test_the_database_guards_the_tree(cohort: Cohort) -> None:
    services.require_attendance(actor=teacher_of(cohort), cohort=cohort, share=Decimal(80))
    root = cohort.requirements.get(parent=None)
    bad: tuple[dict[str, Any], ...] = (
        {"kind": "attendance", "share": Decimal(50), "parent": root},  # a second one
        {"kind": "attendance", "parent": root},
        {"kind": "all", "share": Decimal(50), "parent": root},
        {"kind": "n_of", "parent": root},
        {"kind": "course", "parent": root},
    )
    for row in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            Requirement.objects.create(cohort=cohort, **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Requirement.objects.filter(share__isnull=False).update(parent_id=Requirement.objects.get(share=80).pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Requirement.objects.filter(share__isnull=False).update(share=101)


def test_a_closed_class_keeps_its_conditions() -> None:
    cohort = closed(members=1)
    with pytest.raises(DomainError, match="目前是“已结班”，不能办理"):
        services.require_attendance(actor=teacher_of(cohort), cohort=cohort, share=Decimal(80))


def test_the_tally_agrees_with_the_decisions_one_by_one(at: Any) -> None:
    """The outline counts a thousand at once; member by member the rule itself must say the same."""
    cohort = CohortFactory(running=True, members=12)
    actor = teacher_of(cohort)
    a, b, c = courses(cohort, 3)
    services.require_some(actor=actor, cohort=cohort, requirements=[a, b], need=1)
    services.require_attendance(actor=actor, cohort=cohort, share=Decimal(80))
    members, places = list(cohort.memberships.all()), half_days(cohort)
    attend(cohort, only=places[:9])
    members[0].attendance.filter(day__lte=places[3].day).update(status="absent")
    for n, member in enumerate(members):
        for leaf in [a, b, c][: n % 4]:
            meet(leaf, member.user)
    cohort.memberships.filter(pk=members[5].pk).update(state="withdrawn", ended_on=places[2].day, reason="家事")
    cohort.memberships.filter(pk=members[6].pk).update(state="confirmed", registered_at=None)
    cohort.memberships.filter(pk=members[7].pk).update(leave_hours=Decimal(12), over_leave_limit=True)
    services.waive(
        actor=office(), membership=members[8], condition=f"requirement:{c.pk}", reason="因公", document_no="2号"
    )
    members[9].discipline.create(day=places[1].day, half="am")
    members[10].discipline.create(day=places[1].day, half="am", state="dropped", end_reason="已核实")
    with at(2026, 9, 18, 9):
        for until in (None, reading.this_half_day(), places[4]):
            members = list(cohort.memberships.all())
            by_rule = {key: decide(s) for key, s in reading.standings(cohort, members, until).items()}
            found = tally(cohort, until)
            for key, conditions in by_rule.items():
                assert found.verdicts[key].missing == {x.key for x in conditions if not x.met}
                assert found.verdicts[key].waived == {x.key for x in conditions if x.waived}
            assert found.lacking("discipline") == [members[9].pk]
            assert list(found.conditions.items()) == [(x.key, x.label) for x in by_rule[members[0].pk]]


def url(name: str, cohort: Cohort, *more: Any) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


def test_the_page_reads_as_sentences_and_builds_the_tree(personas: dict[str, User], signed_in: Any) -> None:
    cohort = CohortFactory(running=True, members=2, teacher=personas["class_teacher"])
    a, b, _c = courses(cohort, 3)
    teacher = signed_in(personas["class_teacher"])
    assert teacher.post(url("requirement-attendance", cohort), {"share": "80"}).status_code == 302
    assert "条件" in teacher.get(url("requirement-choice", cohort)).content.decode()
    grouped = teacher.post(url("requirement-choice", cohort), {"requirements": [a.pk, b.pk], "need": "1"})
    assert grouped.status_code == 302
    page = teacher.get(url("requirements", cohort)).content.decode()
    assert "以下 2 项中至少满足 1 项：" in page and f"学完课程《{a.edition.title}》" in page
    assert "到课不少于应到半天数的 80%" in page and "0 / 2 人已满足" in page and "拆开" in page
    leaf = cohort.requirements.get(kind="attendance")
    assert teacher.post(url("requirement-move", cohort, leaf.pk), {"direction": "up"}).status_code == 302
    dropped = teacher.post(url("requirement-drop", cohort, leaf.pk), follow=True).content.decode()
    assert "结业条件已调整" in dropped and not cohort.requirements.filter(kind="attendance").exists()


def test_an_exam_taken_out_can_be_put_back(personas: dict[str, User], signed_in: Any, reference: Any) -> None:
    from tests.cohorts.test_requirements import make_exam

    cohort = CohortFactory(running=True, members=2, teacher=personas["class_teacher"])
    exam = make_exam(cohort)
    leaf = services.require_exam(actor=personas["class_teacher"], cohort=cohort, exam=exam)
    teacher = signed_in(personas["class_teacher"])
    teacher.post(url("requirement-drop", cohort, leaf.pk))
    assert "设为结业条件" in teacher.get(url("requirements", cohort)).content.decode()
    teacher.post(url("requirement-existing", cohort), {"exam": str(exam.public_id)})
    assert cohort.requirements.filter(exam=exam).exists()
    assert teacher.post(url("requirement-existing", cohort), {"exam": "x"}).status_code == 404
    exam.released_at = clock.now()
    exam.save(update_fields=["released_at"])
    Seat.objects.filter(exam=exam).update(score=48, percent=48, passed=False)
    services.refresh_all(cohort=cohort)
    again = cohort.requirements.get(exam=exam)
    refused = teacher.post(url("requirement-drop", cohort, again.pk), follow=True).content.decode()
    assert "已有 2 名学员有了结果，不能移出" in refused
