"""Models made ready for the page: names, sentences and addresses, no markup."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.templatetags.linghang import day
from courses.models import Course, EditionLesson

if TYPE_CHECKING:
    from cms.models import LawRecord
    from competencies.models import Indicator

Card = dict[str, Any]
UNCHECKED = "未核对"  # as editors write it in the table of laws


def lead(text: str, most: int = 96) -> str:
    """As many whole sentences from the beginning as fit into ``most`` characters; the first one in any case."""
    sentences = [part + "。" for part in text.split("。") if part.strip()]
    taken = ""
    for sentence in sentences:
        if taken and len(taken) + len(sentence) > most:
            break
        taken += sentence
    return taken if text.rstrip().endswith("。") else taken.removesuffix("。")


def crumbs(page: Page, request: HttpRequest) -> list[tuple[str, str]]:
    """Where the page stands, from the home page down; the page itself last and without an address."""
    above = page.get_ancestors().filter(depth__gt=1).order_by("depth")
    return [(_("首页") if one.depth == 2 else one.title, one.get_url(request) or "") for one in above] + [
        (page.title, "")
    ]


def course_url(course: Course, request: HttpRequest | None) -> str:
    """The course's public page where there is one, else its page in the catalogue."""
    page = getattr(course, "page", None)
    if page is not None and page.live:
        return str(page.get_url(request))
    return reverse("courses:course", kwargs={"key": course.key})


def course_cards(courses: QuerySet[Course], request: HttpRequest) -> list[Card]:
    """Courses with track, hours and lecturer; give a queryset with ``select_related("page")``."""
    return [
        {
            "title": course.title,
            "text": lead(course.summary),
            "url": course_url(course, request),
            "track": course.get_track_display(),
            "hours": course.hours,
            "lecturer": course.lecturer,
        }
        for course in courses
    ]


def page_cards(pages: Iterable[Any], request: HttpRequest) -> list[Card]:
    """Pages by title and summary; a page with a track says which."""
    return [
        {
            "title": page.title,
            "text": lead(page.summary),
            "url": page.get_url(request),
            "track": page.get_track_display() if hasattr(page, "get_track_display") else "",
        }
        for page in pages
    ]


def law_cards(pages: Iterable[Any], request: HttpRequest) -> list[Card]:
    """Library entries by official title, with number and issuer; give a queryset with ``select_related("law")``."""
    return [
        {
            "title": page.law.title,
            "text": lead(page.summary),
            "url": page.get_url(request),
            "kind": page.law.kind,
            "line": " · ".join(filter(None, [page.law.kind, page.law.issuer, page.law.number])),
        }
        for page in pages
    ]


def track_cards(pages: QuerySet[Any], request: HttpRequest) -> list[Card]:
    """Tracks in their order, each with the number of courses that can be taken."""
    counted = Course.objects.published().order_by().values("track").annotate(n=Count("pk", distinct=True))
    number = {row["track"]: row["n"] for row in counted}
    return [
        {**card, "mark": page.track, "courses": number.get(page.track, 0)}
        for page, card in zip(pages, page_cards(pages, request), strict=True)
    ]


def indicators(rows: QuerySet[Indicator]) -> list[Card]:
    """Indicators with the behaviour expected at level 3 (胜任)."""
    return [
        {"name": row.name, "text": next((anchor.text for anchor in row.anchors.all() if anchor.level == 3), "")}
        for row in rows
    ]


def outline(lessons: Iterable[EditionLesson]) -> list[Card]:
    """The modules of an edition in order, each with its lessons."""
    return [
        {"title": title, "lessons": [{"title": one.title, "kind": one.get_kind_display()} for one in group]}
        for title, group in groupby(lessons, key=lambda one: one.module)
    ]


def or_unchecked(value: Any) -> str:
    """The value in words; 未核对 where it was not checked."""
    return str(value) if value else _("未核对")


def law_facts(law: LawRecord) -> list[tuple[str, str]]:
    """Names and values of the facts about a law, in the order of the table."""
    return [
        (_("名称"), law.title),
        (_("类别"), law.kind),
        (_("文号"), or_unchecked(law.number)),
        (_("制定机关"), or_unchecked(law.issuer)),
        (_("通过或公布日期"), or_unchecked(day(law.adopted))),
        (_("修订、修正"), "、".join(day(date.fromisoformat(on)) for on in law.revised) or _("无")),
        (_("现行文本施行"), or_unchecked(day(law.effective))),
        (_("效力状态"), law.status),
        (_("核对情况"), law.checked_against),
    ]


def law_row(record: LawRecord, request: HttpRequest) -> dict[str, Any]:
    """A row of the table of laws; give records with ``select_related("page")``."""
    page = getattr(record, "page", None)
    return {
        "pk": record.pk,
        "title": record.title,
        "url": page.get_url(request) if page is not None and page.live else "",
        "kind": record.kind,
        "number": or_unchecked(record.number),
        "issuer": or_unchecked(record.issuer),
        "dates": [
            (_("通过公布"), or_unchecked(day(record.adopted))),
            *((_("修订修正"), day(date.fromisoformat(on))) for on in record.revised),
            (_("现行施行"), or_unchecked(day(record.effective))),
        ],
        "status": record.status,
        "checked": record.checked_against,
        "is_checked": record.checked_against != UNCHECKED,
    }
