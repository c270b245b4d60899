"""Everything an audit judges, as one digest: the course, its lessons, their checks and the bytes of the files."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.images import get_image_model

from assessments.models import Check, CheckQuestion, QuestionVersion
from courses.fingerprints import plain
from courses.models import RECORDINGS, Course, Lesson

# Where a row stands in Wagtail's life, and a licence that may be renewed without a new audit.
ASIDE = {
    "id", "live", "has_unpublished_changes", "first_published_at", "last_published_at", "live_revision",
    "latest_revision", "go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by", "copyright_until",
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """A course as it is judged; ``lessons`` are [{"lesson", "title", "revision"}] in the outline's order."""

    digest: str
    lessons: list[dict[str, Any]]


def judged(course: Course) -> Judged:
    """The course as given (a draft or what is live) with the latest draft of each lesson; constant queries."""
    places = [(item.lesson_id, item.required) for module in course.modules.all() for item in module.items.all()]
    drafts = drafts_of({lesson for lesson, _required in places})
    lessons = [drafts[key] for key, _required in places]
    what = {
        "course": _fields(course),
        "outcomes": [(outcome.indicator_id, outcome.text) for outcome in course.outcomes.all()],
        "outline": [(m.title, [(i.lesson_id, i.required) for i in m.items.all()]) for m in course.modules.all()],
        "lessons": {lesson.pk: _fields(lesson) for lesson in lessons},
        "checks": _checks(lessons),
        "files": _files(lessons),
        **_materials(course),
        **_cues(lessons),
    }
    text = json.dumps(what, sort_keys=True, ensure_ascii=False, default=_as_text)
    rows = [{"lesson": x.pk, "title": x.title, "revision": x.latest_revision_id} for x in lessons]
    return Judged(hashlib.sha256(text.encode()).hexdigest(), rows)


def _materials(course: Course) -> dict[str, Any]:
    """The files that go with the course, by name and contents; nothing where there are none."""
    rows = list(course.materials.all())
    return {"materials": [(row.title, row.document_id, _hash_of(row.document)) for row in rows]} if rows else {}


def _cues(lessons: Iterable[Lesson]) -> dict[str, Any]:
    """The questions on the way, each with its second and its newest wording; nothing where there are none."""
    found = {x.pk: [(cue.at, cue.question_id) for cue in x.cues.all()] for x in lessons if x.kind in RECORDINGS}
    asked = {question for rows in found.values() for _at, question in rows}
    versions = QuestionVersion.objects.filter(question__in=asked).order_by("number")
    newest = dict(versions.values_list("question", "pk")) if asked else {}
    told = {key: [(at, newest.get(question)) for at, question in rows] for key, rows in found.items() if rows}
    return {"cues": told} if told else {}


def drafts_of(keys: Iterable[int]) -> dict[int, Lesson]:
    """The latest drafts of lessons by key; two queries."""
    rows = Lesson.objects.filter(pk__in=keys).select_related("latest_revision")
    return {row.pk: _draft(row) for row in rows}


def _draft(row: Lesson) -> Lesson:
    if not row.has_unpublished_changes or row.latest_revision is None:
        return row
    draft: Lesson = row.latest_revision.as_object()
    return draft


def _as_text(value: Any) -> str:
    return str(value.normalize()) if isinstance(value, Decimal) else str(value)


def _fields(row: Model) -> dict[str, Any]:
    return {f.attname: plain(getattr(row, f.attname)) for f in row._meta.concrete_fields if f.name not in ASIDE}


def _checks(lessons: Iterable[Lesson]) -> dict[int, Any]:
    """By check: its pass mark and the newest wordings of its questions."""
    checks = Check.objects.in_bulk({x.check_of_learning_id for x in lessons if x.check_of_learning_id})
    rows = list(CheckQuestion.objects.filter(owner__in=checks).order_by("position").values_list("owner", "question"))
    versions = QuestionVersion.objects.filter(question__in={question for _owner, question in rows})
    newest = dict(versions.order_by("number").values_list("question", "pk"))
    found: dict[int, list[Any]] = defaultdict(list)
    for owner, question in rows:
        found[owner].append(newest.get(question))
    return {key: [check.title, check.pass_mark, found[key]] for key, check in checks.items()}


def files_of(lesson: Lesson) -> set[tuple[str, int]]:
    """Every image and document that a lesson's fields and texts name, as (kind, key)."""
    kinds = {get_image_model(): "image", get_document_model(): "document"}
    found: set[tuple[str, int]] = set()
    for one in Lesson._meta.concrete_fields:
        if one.related_model in kinds and getattr(lesson, one.attname):
            found.add((kinds[one.related_model], getattr(lesson, one.attname)))
        if isinstance(one, StreamField):
            references = one.extract_references(getattr(lesson, one.attname))
            found |= {(kinds[model], int(pk)) for model, pk, *_path in references if model in kinds}
    return found


def _files(lessons: Iterable[Lesson]) -> list[tuple[str, int, str]]:
    """What the files contain, so that a file replaced under the same name is noticed."""
    named = set().union(*(files_of(lesson) for lesson in lessons))
    found = []
    for kind, model in (("image", get_image_model()), ("document", get_document_model())):
        rows = model.objects.filter(pk__in={pk for its, pk in named if its == kind})
        found += [(kind, row.pk, _hash_of(row)) for row in rows.order_by("pk")]
    return found


def _hash_of(file: Any) -> str:
    try:
        return str(file.get_file_hash())
    except FileNotFoundError:
        return ""
