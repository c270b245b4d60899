"""Learners move to another edition of their course: the old enrolment stays as evidence, a new one carries on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock, notices
from core.errors import Conflict, DomainError
from courses import contexts
from courses.comparing import pairs
from courses.models import CourseEdition, EditionLesson, Enrolment, LessonProgress, LessonProof
from courses.reading.standing import shape_of, state_of
from courses.rules import progress
from courses.rules.carrying import Before, Fate, Pair, Standing, fate_of, keeps_check, standing_after
from courses.services.editions import PUBLISHERS
from courses.signals import course_completed
from people.scopes import has_role

CHUNK = 200
MOST_AT_ONCE = 200  # people who chose the course themselves; a class moves as a whole
ITS_OWN = {"id", "enrolment", "lesson"}  # of a row of progress; the rest is carried
ON = (Enrolment.State.ACTIVE, Enrolment.State.COMPLETED)


@dataclass(frozen=True)
class Move:
    """From which edition to which, for whom: everybody of a class, or those who chose the course themselves."""

    old: CourseEdition
    new: CourseEdition
    context_key: str = ""
    users: frozenset[int] | None = None  # None: everybody of the context
    keep_checks: bool = False

    def only(self, users: Iterable[int]) -> Move:
        """The same move for these people alone."""
        return replace(self, users=frozenset(users))


@dataclass(frozen=True)
class Effect:
    """What a move does to one person."""

    enrolment: Enrolment
    after: Standing

    @property
    def falls(self) -> bool:
        """Completed before, not completed after."""
        return self.enrolment.state == Enrolment.State.COMPLETED and not self.after.completed

    @property
    def rises(self) -> bool:
        return self.enrolment.state == Enrolment.State.ACTIVE and self.after.completed


@dataclass(frozen=True)
class Plan:
    """A move as it would come out now; ``staying`` learn on the new edition already."""

    move: Move
    effects: list[Effect]
    staying: list[Enrolment] = field(default_factory=list)
    left: int = 0  # more people than one move takes

    @property
    def falling(self) -> list[Effect]:
        return [effect for effect in self.effects if effect.falls]


@dataclass(frozen=True)
class _Lessons:
    """Both editions, read once."""

    pairs: list[Pair]
    dropped: list[int]
    old: dict[int, EditionLesson]  # by key of the edition's row
    new: dict[int, EditionLesson]  # by key of the lesson


def plan_move(*, actor: Any, move: Move) -> Plan:
    """Who would stand where; a constant number of queries, nothing is written."""
    _refuse(actor, move)
    rows = list(_rows(actor, move).select_related("user__unit").order_by("user__sort_key", "pk"))
    most = len(rows) if contexts.owner_of(move.context_key) else MOST_AT_ONCE
    plan = _planned(move, rows[:most], _lessons(move))
    return replace(plan, left=len(rows[most:]))


def _refuse(actor: Any, move: Move) -> None:
    if not has_role(actor, *PUBLISHERS):
        raise DomainError(_("只有培训处可以为学员转换版次。"), code="forbidden")
    if move.old.course_id != move.new.course_id or move.old == move.new:
        raise DomainError(_("请选择同一门课程的另一个版次。"))
    owner = contexts.owner_of(move.context_key)
    if owner and not owner.allows(actor=actor, key=move.context_key):
        raise DomainError(_("这个班次不归您办理，请由主办单位培训处转换版次。"), code="forbidden")


def _rows(actor: Any, move: Move) -> QuerySet[Enrolment]:
    """Those who learn on the old edition: all of a class, else only people in the actor's scope."""
    rows = Enrolment.objects.filter(edition=move.old, context_key=move.context_key, state__in=ON)
    if not contexts.owner_of(move.context_key):
        rows = rows.visible_to(actor)
    return rows if move.users is None else rows.filter(user__in=move.users)


def _lessons(move: Move) -> _Lessons:
    old, new = list(move.old.lessons.all()), list(move.new.lessons.all())
    kept = {lesson.lesson_id for lesson in new}
    return _Lessons(
        pairs=pairs(old, new),
        dropped=[lesson.lesson_id for lesson in old if lesson.lesson_id not in kept],
        old={lesson.pk: lesson for lesson in old},
        new={lesson.lesson_id: lesson for lesson in new},
    )


def _before(row: LessonProgress, lesson: EditionLesson) -> Before:
    taken_in = progress.is_taken_in(state_of(row), shape_of(lesson))
    return Before(row.completed_at is not None, taken_in, row.check_passed)


def _progress_of(rows: Iterable[Enrolment], *, hold: bool = False) -> dict[int, list[LessonProgress]]:
    found: dict[int, list[LessonProgress]] = defaultdict(list)
    there = LessonProgress.objects.filter(enrolment__in=[row.pk for row in rows]).order_by("pk")
    for one in there.select_for_update() if hold else there:
        found[one.enrolment_id].append(one)
    return found


def _planned(move: Move, rows: Sequence[Enrolment], lessons: _Lessons, *, hold: bool = False) -> Plan:
    there = Enrolment.objects.current().filter(edition=move.new, context_key=move.context_key)
    on_new = set(there.filter(user__in=[row.user_id for row in rows]).values_list("user_id", flat=True))
    going = [row for row in rows if row.user_id not in on_new]
    done = _progress_of(going, hold=hold)
    effects = [Effect(row, _after(move, lessons, done[row.pk])) for row in going]
    return Plan(move, effects, [row for row in rows if row.user_id in on_new])


def _after(move: Move, lessons: _Lessons, rows: Iterable[LessonProgress]) -> Standing:
    before = {}
    for row in rows:
        lesson = lessons.old[row.lesson_id]
        before[lesson.lesson_id] = _before(row, lesson)
    return standing_after(lessons.pairs, lessons.dropped, before, move.keep_checks)


def move_learners(*, actor: Any, move: Move, reason: str, confirmed_falls: Collection[int] = ()) -> int:
    """Move them, a chunk of people per transaction; how many were moved. Safe to repeat: the rest goes on.

    ``confirmed_falls`` are the keys of the completed enrolments of which the staff confirmed that they open again;
    anybody else who would lose a completed course stops the move. Hours once credited stay as they are.
    """
    reason = reason.strip()
    if not reason:
        raise DomainError(_("请写明转换版次的原因，它会留在记录里。"))
    plan = plan_move(actor=actor, move=move)
    if not plan.effects:
        raise Conflict(_("没有可以转换的学员：他们已经转到别的版次，或者已在新版次学习。请刷新后查看。"))
    _refuse_unconfirmed(plan, confirmed_falls)
    lessons = _lessons(move)
    ids = sorted(effect.enrolment.pk for effect in plan.effects)
    chunks = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
    return sum(_move_chunk(actor, move, lessons, chunk, reason, confirmed_falls) for chunk in chunks)


def _refuse_unconfirmed(plan: Plan, confirmed: Collection[int]) -> None:
    lost = [effect for effect in plan.falling if effect.enrolment.pk not in confirmed]
    if lost:
        names = "、".join(effect.enrolment.user.name for effect in lost[:10])
        raise DomainError(
            _("%(names)s等%(count)s人将由“已完成”变为“未完成”，请在预览中核对并勾选确认后再转换。")
            % {"names": names, "count": len(lost)},
            code="completion_lost",
        )


@transaction.atomic
def _move_chunk(
    actor: Any, move: Move, lessons: _Lessons, ids: Collection[int], reason: str, confirmed: Collection[int]
) -> int:
    """People of one chunk with everything that points at them; whoever was moved meanwhile is left out."""
    owner = contexts.owner_of(move.context_key)
    if owner:
        owner.move(actor=actor, key=move.context_key, old=move.old, new=move.new)
    rows = _held(Enrolment.objects.select_related("user").filter(pk__in=ids, state__in=ON))
    plan = _planned(move, list(rows.order_by("pk")), lessons, hold=True)
    _refuse_unconfirmed(plan, confirmed)
    now = clock.now()
    made = _carry(move, lessons, plan, now)
    users = [row.user_id for row in made]
    if owner and users:
        owner.moved(key=move.context_key, edition=move.new, users=users)
    if users:
        _tell(actor, move, plan, reason, users)
    return len(made)


def _held(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Rows that nobody else moves or adds progress to until the transaction ends."""
    return rows.select_for_update(of=("self",))


def _carry(move: Move, lessons: _Lessons, plan: Plan, now: datetime) -> list[Enrolment]:
    olds = [effect.enrolment for effect in plan.effects]
    Enrolment.objects.filter(pk__in=[row.pk for row in olds]).update(state=Enrolment.State.MOVED)
    LessonProgress.objects.filter(enrolment__in=olds).update(version=F("version") + 1)  # a write under way reads again
    fresh = [_enrolment(move, lessons, effect, now) for effect in plan.effects]
    made = Enrolment.objects.bulk_create(fresh)
    successor = {row.moved_from_id: row for row in made}
    carried = []
    for old, rows in _progress_of(olds).items():
        carried += [copy for row in rows if (copy := _progress(move, lessons, successor[old], row, now))]
    LessonProgress.objects.bulk_create(carried, batch_size=500)
    _carry_proofs(lessons, olds, successor)
    return made


def _carry_proofs(lessons: _Lessons, olds: Sequence[Enrolment], successor: dict[int | None, Enrolment]) -> None:
    """Proofs that wait for a decision go along; those decided stay as evidence with the old enrolment."""
    waiting = LessonProof.objects.filter(enrolment__in=olds, state=LessonProof.State.WAITING)
    going = [proof for proof in waiting if lessons.old[proof.lesson_id].lesson_id in lessons.new]
    for proof in going:
        proof.lesson = lessons.new[lessons.old[proof.lesson_id].lesson_id]
        proof.enrolment = successor[proof.enrolment_id]
    LessonProof.objects.bulk_update(going, ["enrolment", "lesson"])


def _enrolment(move: Move, lessons: _Lessons, effect: Effect, now: datetime) -> Enrolment:
    old, after = effect.enrolment, effect.after
    last = lessons.old.get(old.last_lesson_id or 0)
    return Enrolment(
        user_id=old.user_id,
        edition=move.new,
        context_key=move.context_key,
        state=Enrolment.State.COMPLETED if after.completed else Enrolment.State.ACTIVE,
        lessons_total=after.total,
        lessons_done=after.done,
        last_lesson=lessons.new.get(last.lesson_id) if last else None,
        enrolled_at=old.enrolled_at,
        touched_at=old.touched_at,
        completed_at=(old.completed_at or now) if after.completed else None,
        moved_from=old,
    )


def _progress(
    move: Move, lessons: _Lessons, enrolment: Enrolment, row: LessonProgress, now: datetime
) -> LessonProgress | None:
    """The row of progress on the new copy of the lesson; none where the lesson is gone."""
    old = lessons.old[row.lesson_id]
    pair = next((one for one in lessons.pairs if one.key == old.lesson_id), None)
    if pair is None:
        return None
    before = _before(row, old)
    done = fate_of(pair, before, move.keep_checks) in (Fate.DONE, Fate.RENEWED)
    values = {f.attname: getattr(row, f.attname) for f in LessonProgress._meta.concrete_fields if f.name not in ITS_OWN}
    values |= {} if pair.same_media else {"position": 0, "watched": [], "watched_seconds": 0}
    values |= {
        "check_passed": keeps_check(pair, before, move.keep_checks),
        "completed_at": (row.completed_at or now) if done else None,
        "renewed": not pair.same_text,
    }
    return LessonProgress(**values, enrolment=enrolment, lesson=lessons.new[pair.key])


def _tell(actor: Any, move: Move, plan: Plan, reason: str, users: list[int]) -> None:
    """The record, the learners' notices, and the news of those who have completed the course by it."""
    course = move.new.course
    data = {
        "from": move.old.number, "to": move.new.number, "context": move.context_key, "count": len(users),
        "fell": len(plan.falling), "keep_checks": move.keep_checks, "reason": reason,
    }  # fmt: skip
    log(instance=course, action="courses.move_learners", user=actor, data=data)
    text = _("您在学的“%(title)s”已换为第%(number)s版。学过的课时照常算数；更新和新增的课时，请看课程页上的提示。")
    notices.send(
        to=users,
        title=_("课程已换为新的版次"),
        text=text % {"title": move.new.title, "number": move.new.number},
        url=reverse("courses:course", args=[course.key]),
        kind="course.edition",
    )
    risen = {effect.enrolment.user_id for effect in plan.effects if effect.rises}
    rows = Enrolment.objects.current().filter(edition=move.new, context_key=move.context_key, user__in=risen)
    for pk in rows.values_list("pk", flat=True):
        news = {"sender": Enrolment, "enrolment_id": pk, "context_key": move.context_key}
        transaction.on_commit(partial(course_completed.send, **news))
