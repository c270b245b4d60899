"""What pages ask of courses: outlines with states, where somebody stopped, the catalogue's rows. Constant queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Subquery, Value, When

from assessments.models import CheckAttempt, CheckPaper, QuestionVersion
from courses.models import (
    RECORDINGS,
    Course,
    CourseEdition,
    EditionLesson,
    Enrolment,
    LessonKind,
    LessonProgress,
    PlaybackAnomaly,
)
from courses.reading.frozen import remembered
from people.names import sort_key

MOST_UNCOUNTED = 3  # matters shown on a lesson's page
MOST_FOUND = 1000  # courses of one search
OUTLINED = ("position", "module", "title", "kind", "seconds", "minutes", "required")
STATE = ("lesson_id", "completed_at", "renewed")
ENROLMENT = [field.name for field in Enrolment._meta.concrete_fields]
SHOWN = ("edition__title", "edition__track", "edition__course__key", "last_lesson__title")
NOT_BEGUN = "new"  # enrolled, nothing opened yet
NEWEST_FIRST = (F("touched_at").desc(nulls_last=True), "-enrolled_at", "-pk")


@dataclass(frozen=True)
class OutlineEntry:
    """A lesson in the outline; ``state`` is done, started or todo."""

    position: int
    module: str
    title: str
    kind: str
    minutes: int
    required: bool
    state: str
    renewed: bool = False  # done in an earlier edition, the content has changed since


Rows = Mapping[int, LessonProgress]  # by lesson


def outline(edition: CourseEdition, enrolment: Enrolment | None = None) -> list[OutlineEntry]:
    """The lessons of an edition in order, with one learner's states; two queries at most."""
    return outline_with(edition, progress_rows(enrolment, *STATE) if enrolment else {})


def outline_with(edition: CourseEdition, rows: Rows) -> list[OutlineEntry]:
    """The same with progress that was read already; one query the first time."""
    entries = remembered(edition, "outline", 0, lambda: _entries(edition))
    return [_with_state(entry, rows.get(pk)) for pk, entry in entries.items()]


def progress_rows(enrolment: Enrolment, *columns: str) -> dict[int, LessonProgress]:
    """Somebody's rows on the lessons of an enrolment, whole or some columns; one query."""
    rows = LessonProgress.objects.filter(enrolment=enrolment)
    return {row.lesson_id: row for row in (rows.only(*columns) if columns else rows)}


def position_of(edition: CourseEdition, lesson_id: int | None) -> int | None:
    """The place of a lesson in its edition."""
    entry = remembered(edition, "outline", 0, lambda: _entries(edition)).get(lesson_id or 0)
    return entry.position if entry else None


def _entries(edition: CourseEdition) -> dict[int, OutlineEntry]:
    """The outline as nobody has begun it, by lesson."""
    lessons = EditionLesson.objects.filter(edition=edition.pk).only(*OUTLINED).order_by("position")
    return {lesson.pk: _entry(lesson) for lesson in lessons}


def _with_state(entry: OutlineEntry, row: LessonProgress | None) -> OutlineEntry:
    return replace(entry, state="done" if row.completed_at else "started", renewed=row.renewed) if row else entry


def _entry(lesson: EditionLesson) -> OutlineEntry:
    return OutlineEntry(
        position=lesson.position,
        module=lesson.module,
        title=lesson.title,
        kind=LessonKind(lesson.kind).label,
        minutes=-(-lesson.seconds // 60) if lesson.seconds else lesson.minutes or 0,
        required=lesson.required,
        state="todo",
    )


def where_stopped(entries: Sequence[OutlineEntry], last: int | None) -> int:
    """The position to go on at: the unfinished lesson one was in, else the next unfinished one, else the beginning."""
    open_ones = [e.position for e in entries if e.state != "done" and e.required] or [
        e.position for e in entries if e.state != "done"
    ]
    if last is not None and any(e.position == last and e.state != "done" for e in entries):
        return last
    later = [position for position in open_ones if last is None or position > last]
    return (later or open_ones or [1])[0]


def next_after(entries: Sequence[OutlineEntry], position: int) -> OutlineEntry | None:
    return next((entry for entry in entries if entry.position > position), None)


def offered_editions() -> QuerySet[CourseEdition]:
    """The newest edition of each course that stands in the catalogue."""
    return CourseEdition.objects.newest().filter(course__live=True).order_by("-made_at", "pk")


def with_figures(rows: QuerySet[CourseEdition]) -> QuerySet[CourseEdition]:
    """Editions with what a card shows."""
    videos = EditionLesson.objects.filter(edition=OuterRef("pk"), kind=LessonKind.VIDEO)
    return rows.select_related("course").annotate(lesson_count=Count("lessons"), has_video=Exists(videos))


def found_courses(words: str) -> list[int]:
    """Ids of published courses whose title, summary, lecturer or lessons hold the words; the order says nothing."""
    return [course.pk for course in Course.objects.filter(live=True).only("pk").search(words)[:MOST_FOUND]]


def with_own_state(rows: QuerySet[CourseEdition], user: Any) -> QuerySet[CourseEdition]:
    """``mine``: how far the person is by the enrolment touched last, a state or NOT_BEGUN; none where not enrolled."""
    if not user.is_authenticated:
        return rows
    mine = Enrolment.objects.of(user).standing().filter(edition__course=OuterRef("course")).order_by(*NEWEST_FIRST)
    begun = Case(When(state=Enrolment.State.ACTIVE, touched_at=None, then=Value(NOT_BEGUN)), default=F("state"))
    return rows.annotate(mine=Subquery(mine.values(standing_now=begun)[:1]))


def by_title(rows: QuerySet[CourseEdition]) -> list[int]:
    """Ids in the order of a dictionary, the same on every database."""
    named = rows.order_by().values_list("pk", "title")
    return [pk for pk, _title in sorted(named, key=lambda row: (title_key(row[1]), row[0]))]


@lru_cache(maxsize=2000)
def title_key(title: str) -> str:
    return sort_key(title)


def in_order(ids: Sequence[int]) -> list[CourseEdition]:
    """These editions as cards need them, in the order of the ids; one query."""
    found = {edition.pk: edition for edition in with_figures(CourseEdition.objects.filter(pk__in=ids))}
    return [found[pk] for pk in ids]


def edition_of(course: Course, user: Any) -> tuple[CourseEdition | None, Enrolment | None]:
    """The edition a person sees: their own where they learn on one, else the newest."""
    mine = None
    if user.is_authenticated:
        rows = Enrolment.objects.of(user).standing().filter(edition__course=course).select_related("edition")
        mine = rows.order_by(*NEWEST_FIRST).first()
    if mine:
        mine.user = user
        return mine.edition, mine
    return course.editions.order_by("-number").first(), None


def enrolments_by_course(user: Any, courses: Sequence[int]) -> dict[int, Enrolment]:
    """The person's enrolment on each course, the one touched last where there are several; one query."""
    if not user.is_authenticated:
        return {}
    rows = Enrolment.objects.of(user).standing().filter(edition__course__in=courses).select_related("edition")
    return {row.edition.course_id: row for row in reversed(rows.order_by(*NEWEST_FIRST))}


def wordings(paper: CheckPaper, edition: CourseEdition) -> list[QuestionVersion]:
    """The questions of an edition's frozen check in their order."""
    return remembered(edition, "check", paper.pk, lambda: _wordings(paper))


def _wordings(paper: CheckPaper) -> list[QuestionVersion]:
    rows = {v.pk: v for v in QuestionVersion.objects.filter(pk__in=paper.versions).select_related("question")}
    return [rows[pk] for pk in paper.versions if pk in rows]


def attempt_on(paper: CheckPaper, enrolment: Enrolment, key: str) -> CheckAttempt | None:
    """The learner's try under its key, of this paper and this enrolment only."""
    tries = CheckAttempt.objects.filter(user=enrolment.user_id, paper=paper, client_key=key)
    return tries.filter(context_key=f"enrolment:{enrolment.public_id}").first()


def anomalies_of(enrolment: Enrolment, lesson: EditionLesson) -> list[PlaybackAnomaly]:
    """What was not counted on a lesson, newest first; nothing is asked for where nothing is played."""
    if lesson.kind not in RECORDINGS:
        return []
    return list(enrolment.anomalies.filter(lesson=lesson).order_by("-at", "-pk")[:MOST_UNCOUNTED])


def learning_of(user: Any) -> QuerySet[Enrolment]:
    """Somebody's courses, those in progress first and the one touched last on top."""
    rows = Enrolment.objects.of(user).standing().select_related("edition__course", "last_lesson")
    return rows.only(*ENROLMENT, *SHOWN).order_by("state", *NEWEST_FIRST)
