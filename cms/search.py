"""One search over courses, what lessons teach, cases, laws and pages. Only what the public may read is found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.search.backends import get_search_backend
from wagtail.search.index import SearchField

from cms.models import CasePage, LawPage, LawRecord, StandardPage, TrackPage
from cms.presenters import course_url
from courses.models import Course, CourseEdition, EditionLesson, Lesson

LONGEST = 64  # characters of a query that count
MOST = 500  # hits of one kind that are looked at
AROUND = 42  # characters shown before and after the first place found
CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUN = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
Address = Callable[[Any, HttpRequest], str]


@dataclass(frozen=True)
class Source:
    """One model that is searched: which rows are public, and where a hit leads."""

    rows: Callable[[], QuerySet[Any]]
    public: Callable[[], set[int]] | None
    shown: Callable[[], QuerySet[Any]]
    address: Address


@dataclass(frozen=True)
class Hit:
    title: SafeString
    url: str
    text: SafeString


@dataclass(frozen=True)
class Kind:
    key: str
    label: Any
    unit: Any
    sources: tuple[Source, ...]


def words_of(query: str) -> list[str]:
    """The runs of Chinese characters, letters and digits of a query, longest first."""
    clean = unicodedata.normalize("NFKC", query)[:LONGEST].lower()
    return sorted(set(RUN.findall(clean)), key=len, reverse=True)


def _pattern(words: Sequence[str], text: str) -> re.Pattern[str] | None:
    """What to mark in a text: the words of the query; where none stands in it whole, their pairs of characters."""
    whole = [word for word in words if word in text.lower()]
    pairs = sorted({word[i : i + 2] for word in words for i in range(len(word) - 1)})
    parts = whole or pairs
    return re.compile("|".join(map(re.escape, parts)), re.IGNORECASE) if parts else None


def highlight(text: str, words: Sequence[str]) -> SafeString:
    """The text, escaped, with the words of the query marked."""
    pattern = _pattern(words, text)
    if pattern is None:
        return mark_safe(escape(text))
    pieces, last = [], 0
    for found in pattern.finditer(text):
        pieces += [escape(text[last : found.start()]), "<mark>", escape(found.group()), "</mark>"]
        last = found.end()
    return mark_safe("".join([*pieces, escape(text[last:])]))


def excerpt(text: str, words: Sequence[str]) -> str:
    """The part of the text around the first place that was found; its beginning where the title alone matched."""
    flat = " ".join(text.split())
    pattern = _pattern(words, flat)
    found = pattern.search(flat) if pattern else None
    start = max(0, (found.start() if found else 0) - AROUND)
    end = min(len(flat), start + 2 * AROUND + 16)
    return f"{'…' if start else ''}{flat[start:end]}{'…' if end < len(flat) else ''}"


NOT_QUOTED = ("title", "short", "taught_words")  # the title stands above, lessons have hits of their own


def text_of(row: Model) -> str:
    """What the index knows of a row and a hit may quote."""
    fields = [field for field in row.get_search_fields() if isinstance(field, SearchField)]
    values = (field.get_value(row) for field in fields if field.field_name not in NOT_QUOTED)
    return " ".join(_joined(value) for value in values if value)


def _joined(value: Any) -> str:
    return " ".join(map(_joined, value)) if isinstance(value, (list, tuple)) else str(value)


def _newest_lessons() -> QuerySet[EditionLesson]:
    editions = CourseEdition.objects.newest().filter(course__live=True)
    return EditionLesson.objects.filter(edition__in=editions.values("pk"))


def _public_lessons() -> set[int]:
    return set(_newest_lessons().filter(lesson__live=True).values_list("lesson_id", flat=True))


def _public_courses() -> set[int]:
    return set(Course.objects.published().values_list("pk", flat=True))


def _courses_of_lessons(lesson_ids: Iterable[int]) -> dict[int, Course]:
    found = _newest_lessons().filter(lesson__in=lesson_ids).select_related("edition__course__page")
    return {one.lesson_id: one.edition.course for one in found}


def _page_source(model: Any, *, related: tuple[str, ...] = ()) -> Source:
    return Source(
        rows=lambda: model.objects.live().public(),
        public=None,
        shown=lambda: model.objects.select_related(*related) if related else model.objects.all(),
        address=lambda page, request: page.get_url(request),
    )


def _law_address(record: LawRecord, request: HttpRequest) -> str:
    return f"{reverse('cms:law-table')}#law-{record.pk}"


KINDS = (
    Kind(
        "courses",
        gettext_lazy("课程"),
        gettext_lazy("门"),
        (Source(Course.objects.all, _public_courses, lambda: Course.objects.select_related("page"), course_url),),
    ),
    Kind(
        "lessons",
        gettext_lazy("课时内容"),
        gettext_lazy("节"),
        (Source(Lesson.objects.all, _public_lessons, Lesson.objects.all, lambda row, request: ""),),
    ),
    Kind("cases", gettext_lazy("案例"), gettext_lazy("个"), (_page_source(CasePage),)),
    Kind(
        "laws",
        gettext_lazy("法规"),
        gettext_lazy("条"),
        (
            _page_source(LawPage, related=("law",)),
            Source(LawRecord.objects.all, None, LawRecord.objects.all, _law_address),
        ),
    ),
    Kind("pages", gettext_lazy("页面"), gettext_lazy("页"), (_page_source(TrackPage), _page_source(StandardPage))),
)
KEYS = tuple(kind.key for kind in KINDS)


class Found(Sequence[Any]):
    """The hits of one kind in their order; rows are read for the slice that is shown, not before."""

    def __init__(self, kind: Kind, query: str, request: HttpRequest) -> None:
        self.kind = kind
        self.words = words_of(query)
        self.request = request
        self.places = [(n, pk) for n, source in enumerate(kind.sources) for pk in _ids(source, query)]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, part: Any) -> Any:
        if not isinstance(part, slice):
            return self._hits([self.places[part]])[0]
        return self._hits(self.places[part])

    def _hits(self, places: list[tuple[int, int]]) -> list[Hit]:
        hits: list[Hit] = []
        for number, group in groupby(places, key=lambda place: place[0]):
            source, wanted = self.kind.sources[number], [pk for _n, pk in group]
            rows = source.shown().in_bulk(wanted)
            hits += self._made(source, [rows[pk] for pk in wanted if pk in rows])
        return hits

    def _made(self, source: Source, rows: list[Any]) -> list[Hit]:
        courses = _courses_of_lessons([row.pk for row in rows]) if self.kind.key == "lessons" else {}
        return [self._hit(row, source, courses.get(row.pk)) for row in rows]

    def _hit(self, row: Any, source: Source, course: Course | None) -> Hit:
        title = f"{row.title} · {course.title}" if course else row.title
        url = course_url(course, self.request) if course else source.address(row, self.request)
        text = highlight(excerpt(text_of(row), self.words), self.words)
        return Hit(highlight(title, self.words), url, text)


def _ids(source: Source, query: str) -> list[int]:
    """Keys of the public rows that match, the best first."""
    found = get_search_backend().search(query, source.rows().only("pk"))[:MOST]
    allowed = source.public() if source.public else None
    return [row.pk for row in found if allowed is None or row.pk in allowed]


def find(query: str, request: HttpRequest, *, only: str = "") -> list[Found]:
    """What each kind holds on the query; a query without a letter, digit or character finds nothing."""
    if not words_of(query):
        return []
    return [Found(kind, query[:LONGEST], request) for kind in KINDS if only in ("", kind.key)]


def suggestions() -> list[str]:
    """Words to begin with."""
    return [_("数据共享"), _("一件事"), _("行政复议"), _("信息公开"), _("风险评估")]
