"""Courses as pages show them: words and addresses, ready to print."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assessments.models import CheckAttempt, QuestionKind, QuestionVersion
from assessments.rules.scoring import is_right
from courses.filters import COUNTED, CatalogueFilter
from courses.formats import hls, recordings
from courses.models import CourseEdition, CueAnswer, EditionLesson, Enrolment, LessonKind, PlaybackAnomaly
from courses.models.curriculum import SPEEDS
from courses.reading.frozen import remembered
from courses.reading.lessons import OutlineEntry
from courses.reading.standing import shape_of
from courses.rules import progress
from courses.rules.progress import LessonShape, LessonState, Refusal, RefusalKind
from courses.services.anomalies import NOTABLE

MOVING_BLOCKS, MOVING_LINK = ("figure", "reading"), "linktype="  # pictures, pages and files have addresses of ours
STATES = {"done": ("done", _("已完成")), "started": ("waiting", _("学习中")), "todo": ("todo", _("未开始"))}
LETTERS = "ABCDEFGHIJ"
REASONS = {
    RefusalKind.CLOCK: _("上报的播放时间多于实际经过的时间。"),
    RefusalKind.LEAP: _("跳到了还没有播放的地方；第一遍请按顺序播放。"),
    RefusalKind.QUESTION: _("播放中的题目还没有答对，后面的内容不计入。"),
    RefusalKind.IDLE: _("询问是否还在学习时没有应答，此后的播放不计入。"),
}
DECISIONS = {
    PlaybackAnomaly.State.NOTED: ("info", _("已记录")),
    PlaybackAnomaly.State.DISMISSED: ("done", _("不作异常")),
}


NEWEST, BY_TITLE = "newest", "title"
SORTINGS = {NEWEST: _("最新发布"), BY_TITLE: _("课程名称")}
MOST_MOMENTS = 30  # pieces of a recording named one by one
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
    return state_of_enrolment(enrolment) if enrolment else ("todo", _("未选"))


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
        "kind": entry.kind,
        "minutes": entry.minutes,
        "required": entry.required,
        "state": state,
        "renewed": entry.renewed,
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


def body(lesson: EditionLesson) -> SafeString:
    """The lesson's text as HTML, at hand unless it names an address of ours that may move."""
    kept = remembered(lesson.edition, "body", lesson.position, lambda: _Text(lesson))
    return kept.html if kept.is_settled else _Text(lesson).html


class _Text:
    """A text as it is drawn today."""

    def __init__(self, lesson: EditionLesson) -> None:
        raw = lesson.body.raw_data
        self.is_settled = not any(b["type"] in MOVING_BLOCKS or MOVING_LINK in str(b["value"]) for b in raw)
        self.html = render_to_string("core/blocks/body.html", {"body": lesson.body})


def player(enrolment: Enrolment, lesson: EditionLesson, state: LessonState) -> dict[str, Any] | None:
    """What the player needs of a lesson; None where nothing is played."""
    document = lesson.recording
    if document is None:
        return None
    shape, where = shape_of(lesson), [enrolment.public_id, lesson.position]
    part = "audio" if lesson.kind == LessonKind.AUDIO else "video"
    if stream := recordings.is_stream(document):
        part, where = "stream", [*where, hls.INDEX]
    is_audio = lesson.kind == LessonKind.AUDIO
    told = {
        "is_audio": is_audio,
        "speeds": [float(speed) for speed, _words in SPEEDS if speed <= shape.speed],
        "idle": settings.LINGHANG_IDLE_SECONDS,
        "resumed": resumed(state, shape),
    }
    return {
        "is_audio": is_audio,
        "is_stream": stream,
        "source": reverse(f"courses:{part}", args=where),
        "type": recordings.type_of(document),
        "told": json.dumps(told),
    }


def resumed(state: LessonState, shape: LessonShape) -> dict[str, Any]:
    """Where to go on, as the browser reckons: seconds, pairs of seconds, and when the open questions come."""
    return {
        "position": float(state.position),
        "watched": progress.stored(state.watched),
        "sequence": state.sequence,
        "free": progress.is_taken_in(state, shape),
        "cues": [float(cue.at) for cue in shape.waiting(state)],
    }


def refusal_words(refusals: Iterable[Refusal]) -> str:
    """Why the last report did not count in full; empty when it did, or when clocks merely differ."""
    told = [refusal for refusal in refusals if refusal.seconds >= NOTABLE]
    return (
        _("有 %(seconds)s 秒没有计入：%(why)s")
        % {
            "seconds": int(sum(refusal.seconds for refusal in told)),
            "why": REASONS[told[0].kind],
        }
        if told
        else ""
    )


def uncounted(rows: Iterable[PlaybackAnomaly]) -> list[dict[str, Any]]:
    """What was not counted, with what the learner said and what the office answered."""
    return [_uncounted(row) for row in rows]


def _uncounted(row: PlaybackAnomaly) -> dict[str, Any]:
    return {
        "why": REASONS[RefusalKind(row.kind)],
        "at": row.at,
        "seconds": int(row.claimed - row.possible),
        "moments": _moments(row.refused),
        "given": row.given_at is not None,
        "times": row.times,
        "appeal": row.appeal,
        "appealed_at": row.appealed_at,
        "decision": DECISIONS.get(row.state),
        "reason": row.reason,
        "decided_at": row.decided_at,
        "url": reverse("courses:appeal", args=[row.public_id]),
    }


def _moments(refused: Sequence[Sequence[float]]) -> str:
    """01:20—02:05、03:00—03:10，共 55 秒; nothing for a record without moments."""
    if not refused:
        return ""
    listed = "、".join(f"{_timecode(start)}—{_timecode(end)}" for start, end in refused[:MOST_MOMENTS])
    words = {"listed": listed, "count": len(refused), "seconds": round(sum(end - start for start, end in refused))}
    if len(refused) > MOST_MOMENTS:
        return _("%(listed)s 等 %(count)s 段，共 %(seconds)s 秒") % words
    return _("%(listed)s，共 %(seconds)s 秒") % words


def _timecode(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"


def cue_question(version: QuestionVersion, answer: CueAnswer | None = None) -> dict[str, Any]:
    """A question on the way; once answered right with the reason, else with another try."""
    right = answer is not None and answer.right
    return {
        "kind": version.question.get_kind_display(),
        "many": version.question.kind == QuestionKind.MULTIPLE,
        "stem": version.stem,
        "options": [{"value": n, "letter": LETTERS[n], "words": words} for n, words in enumerate(version.options)],
        "right": right,
        "wrong": answer is not None and not right,
        "answer": "、".join(LETTERS[n] for n in version.answer) if right else "",
        "explanation": version.explanation if right else "",
    }


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
