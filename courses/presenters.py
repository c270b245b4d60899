"""Courses as pages show them: words and addresses, ready to print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.models import CheckAttempt, QuestionKind, QuestionVersion
from assessments.scoring import is_right
from courses.filters import COUNTED, CatalogueFilter
from courses.models import CourseEdition, Enrolment
from courses.reading import OutlineEntry

STATES = {"done": ("done", _("已完成")), "started": ("waiting", _("学习中")), "todo": ("todo", _("未开始"))}
LETTERS = "ABCDEFGHIJ"


NEWEST, BY_TITLE = "newest", "title"
SORTINGS = {NEWEST: _("最新发布"), BY_TITLE: _("课程名称")}
FIRST_VALUES = 8  # of a filter; the others are folded away


def card(edition: CourseEdition, enrolment: Enrolment | None, user: Any) -> dict[str, Any]:
    """A course in the catalogue; its state is the person's own, none for a visitor."""
    return {
        "title": edition.title,
        "url": reverse("courses:course", args=[edition.course.key]),
        "track": edition.get_track_display(),
        "summary": edition.summary,
        "lecturer": edition.lecturer,
        "hours": edition.hours,
        "lessons": edition.lesson_count,
        "has_video": edition.has_video,
        "notice": edition.notice,
        "state": _own_state(enrolment) if user.is_authenticated else None,
    }


def _own_state(enrolment: Enrolment | None) -> tuple[str, str]:
    if enrolment is None:
        return "todo", _("未选")
    done = enrolment.state == Enrolment.State.COMPLETED
    return ("done", _("已完成")) if done else ("waiting", _("学习中"))


def state_of_enrolment(enrolment: Enrolment) -> tuple[str, str]:
    """Kind and word of the state component."""
    if enrolment.state == Enrolment.State.COMPLETED:
        return "done", _("已完成")
    return ("waiting", _("学习中")) if enrolment.touched_at else ("todo", _("未开始"))


def modules(entries: Sequence[OutlineEntry], enrolment: Enrolment | None, here: int = 0) -> list[dict[str, Any]]:
    """The outline by module; a lesson has an address where the learner is enrolled, and a state."""
    grouped = groupby(entries, key=lambda entry: entry.module)
    return [{"title": title, "lessons": [_line(e, enrolment, here) for e in group]} for title, group in grouped]


def _line(entry: OutlineEntry, enrolment: Enrolment | None, here: int) -> dict[str, Any]:
    state = STATES[entry.state] if enrolment else None
    return {
        "position": entry.position,
        "title": entry.title,
        "is_video": entry.is_video,
        "minutes": entry.minutes,
        "required": entry.required,
        "state": state,
        "is_here": entry.position == here,
        "url": lesson_url(enrolment, entry.position) if enrolment else "",
    }


def lesson_url(enrolment: Enrolment, position: int) -> str:
    return reverse("courses:lesson", args=[enrolment.public_id, position])


def facets(rows: Any, data: QueryDict, chosen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each filter with its values, how many courses each would leave, and the address that sets or lifts it."""
    return [_facet(name, rows, data, chosen) for name in COUNTED]


def _facet(name: str, rows: Any, data: QueryDict, chosen: Mapping[str, Any]) -> dict[str, Any]:
    others = data.copy()
    others.pop(name, None)
    counted = COUNTED[name](CatalogueFilter(others, queryset=rows).qs)
    now = data.get(name, "") if chosen.get(name) else ""
    values = [_choice(name, key, words, count, data, now) for key, words, count in counted]
    return {
        "label": CatalogueFilter.base_filters[name].label,
        "values": values[:FIRST_VALUES],
        "more": values[FIRST_VALUES:],
        "more_open": any(value["on"] for value in values[FIRST_VALUES:]),
    }


def sortings(data: QueryDict, now: str) -> list[dict[str, Any]]:
    """The two orders of the catalogue, each with its address."""
    return [{"label": words, "on": key == now, "url": _sorted_url(data, key)} for key, words in SORTINGS.items()]


def _sorted_url(data: QueryDict, key: str) -> str:
    query = data.copy()
    for name in ("page", "sort"):
        query.pop(name, None)
    if key != NEWEST:
        query["sort"] = key
    return "?" + query.urlencode()


def _choice(name: str, key: str, words: Any, count: int, data: QueryDict, now: str) -> dict[str, Any]:
    query = data.copy()
    query.pop("page", None)
    if key == now:
        query.pop(name, None)
    else:
        query[name] = key
    return {"label": words, "count": count, "on": key == now, "url": "?" + query.urlencode()}


def materials(edition: CourseEdition, enrolment: Enrolment | None) -> list[dict[str, Any]]:
    """The files of an edition; with an address for those who are enrolled."""
    return [
        {
            "title": material.title,
            "about": f"{material.extension.upper()} · {filesizeformat(material.size)}",
            "url": reverse("courses:material", args=[enrolment.public_id, material.position]) if enrolment else "",
        }
        for material in edition.materials.all()
    ]


def sign_in_url(path: str) -> str:
    return reverse("people:sign-in") + "?" + urlencode({"next": path})


def questions(versions: Iterable[QuestionVersion], attempt: CheckAttempt | None) -> list[dict[str, Any]]:
    """The questions of a check; with a try, what was chosen, whether it was right, and why."""
    return [_question(number, version, attempt) for number, version in enumerate(versions, start=1)]


def _question(number: int, version: QuestionVersion, attempt: CheckAttempt | None) -> dict[str, Any]:
    chosen = attempt.answers.get(str(version.pk), []) if attempt else []
    return {
        "number": number,
        "kind": version.question.get_kind_display(),
        "many": version.question.kind == QuestionKind.MULTIPLE,
        "stem": version.stem,
        "name": f"answer-{version.pk}",
        "options": [_option(n, words, version, chosen) for n, words in enumerate(version.options)],
        "marked": attempt is not None,
        "right": attempt is not None and is_right(version.answer, chosen),
        "answer": "、".join(LETTERS[n] for n in version.answer),
        "explanation": version.explanation,
    }


def _option(number: int, words: str, version: QuestionVersion, chosen: Sequence[int]) -> dict[str, Any]:
    return {
        "value": number,
        "letter": LETTERS[number],
        "words": words,
        "chosen": number in chosen,
        "right": number in version.answer,
    }
