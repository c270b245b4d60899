"""The site in the page tree: home, overviews, tracks, standing pages, and a page for each case, course and law."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.models import Site as WagtailSite

from cms.curriculum import blocks
from cms.curriculum.reading import CaseEntry, LibraryEntry, PageEntry
from cms.curriculum.writing import Run, differs, set_values
from cms.models import (
    CaseIndexPage,
    CasePage,
    CoursePage,
    HomePage,
    LawIndexPage,
    LawPage,
    LawRecord,
    StandardPage,
    TrackIndexPage,
    TrackPage,
)
from core.errors import DomainError
from courses.models import Course


@dataclass
class Site:
    """The pages that others are put under, and the cases by key."""

    home: HomePage
    tracks: dict[str, TrackPage]
    cases: CaseIndexPage
    laws: LawIndexPage
    case_pages: dict[str, CasePage] = field(default_factory=dict)

    def case_id(self, key: str) -> int:
        if key not in self.case_pages:
            raise DomainError(_("正文提到的案例“%(key)s”不在案例库中，请先补上。") % {"key": key})
        return int(self.case_pages[key].pk)


def grow(run: Run, parent: Page, model: Any, slug: str, values: dict[str, Any], related: dict[str, Any]) -> Any:
    """The page at ``slug`` below ``parent``; made when missing, changed on ``update`` only."""
    page = model.objects.child_of(parent).filter(slug=slug).first()
    stale = page is not None and run.update and (differs(page, values) or _links_differ(page, related))
    if page is None:
        fresh = set_values(model(slug=slug, live=False, locale=parent.locale, owner=run.actor), values)
        made = parent.add_child(instance=fresh)
    elif stale:
        made = set_values(page, values)
    else:
        made = page
    if page is None or stale:
        for name, rows in related.items():
            setattr(made, name, rows)
        run.publish(made)
    run.report.count("pages", made=page is None, changed=stale)
    return made


def _links_differ(page: Page, related: dict[str, list[Model]]) -> bool:
    return any(
        sorted(getattr(page, name).values_list("pk", flat=True)) != sorted(row.pk for row in rows)
        for name, rows in related.items()
    )


def plant(run: Run) -> Site:
    """The frame of the site, with its home page as the root of the site that answers by default."""
    entry = run.files.site
    home = home_page(run)
    overview = {"tracks": TrackIndexPage, "cases": CaseIndexPage, "laws": LawIndexPage}
    made = {
        name: grow(run, home, model, page.slug, words(page), {})
        for (name, model), page in zip(
            overview.items(), (entry.tracks_page, entry.cases_page, entry.laws_page), strict=True
        )
    }
    tracks = {page.track: track(run, made["tracks"], page) for page in entry.tracks}
    for page in entry.pages:
        grow(run, home, StandardPage, page.slug, {**words(page), "body": blocks.stream(page.slug, page.body)}, {})
    return Site(home, tracks, made["cases"], made["laws"])


def words(page: PageEntry) -> dict[str, Any]:
    return {"title": page.title, "summary": page.summary, "notice": page.notice}


def track(run: Run, parent: Page, entry: PageEntry) -> TrackPage:
    intro = blocks.stream(f"track-{entry.track}", entry.body)
    return grow(run, parent, TrackPage, entry.slug, {**words(entry), "track": entry.track, "intro": intro}, {})


def home_page(run: Run) -> HomePage:
    """The home page; Wagtail's page of greeting makes way for it."""
    root = Page.get_first_root_node()
    Page.objects.filter(pk=root.pk, title="Root").update(title="站点", draft_title="站点")
    home = grow(run, root, HomePage, "linghang", dict(run.files.site.home), {})
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    site = WagtailSite.objects.filter(is_default_site=True).first()
    if site is None or site.root_page_id != home.pk:
        values = {"hostname": address.hostname or "localhost", "port": port, "root_page": home, "site_name": "领航"}
        WagtailSite.objects.update_or_create(is_default_site=True, defaults=values)
        for greeting in root.get_children().exclude(pk=home.pk).filter(content_type__model="page"):
            greeting.delete()
        home.refresh_from_db()
    return home


def cases(run: Run, site: Site) -> None:
    for entry in run.files.cases:
        site.case_pages[entry.key] = case(run, site, entry)


def case(run: Run, site: Site, entry: CaseEntry) -> CasePage:
    values = {
        "title": entry.title,
        "summary": entry.summary,
        "notice": entry.notice,
        "track": entry.track,
        "background": blocks.rich_text(entry.background),
        "process": blocks.rich_text(entry.process),
        "result": blocks.rich_text(entry.result),
        "figures": blocks.items(entry.key, "table", [blocks.table_value(entry.figures)]),
        "discussion": blocks.items(entry.key, "question", list(entry.discussion)),
        "teaching": blocks.rich_text(entry.teaching),
        "sources": blocks.items(entry.key, "source", list(entry.sources)),
    }
    indicators = [run.indicator(code, entry.title) for code in entry.indicators]
    return grow(run, site.cases, CasePage, entry.key, values, {"indicators": indicators})


def course_pages(run: Run, site: Site, courses: dict[str, Course]) -> None:
    """A public page per course, under its track; and each case tied to the courses whose lessons lead to it."""
    for course in courses.values():
        values = {"title": course.title, "summary": course.summary, "notice": course.notice, "course": course}
        grow(run, site.tracks[course.track], CoursePage, course.key, values, {})
    for key, page in site.case_pages.items():
        named = [courses[one.key] for one in run.files.courses if any(key in x.case_keys for x in one.lessons)]
        if named and not page.related_courses.exists():
            page.related_courses = named
            run.publish(page)


def library(run: Run, site: Site, courses: dict[str, Course]) -> None:
    for entry in run.files.library:
        law_page(run, site, entry, courses)


def law_page(run: Run, site: Site, entry: LibraryEntry, courses: dict[str, Course]) -> LawPage:
    record = LawRecord.objects.filter(title=entry.law).first()
    if record is None:
        where = {"key": entry.key, "law": entry.law}
        raise DomainError(_("法规解读“%(key)s”所写的《%(law)s》不在法规目录里。") % where)
    values = {
        "title": record.short,
        "summary": entry.summary,
        "notice": entry.notice,
        "law": record,
        "points": blocks.items(entry.key, "point", list(entry.points)),
        "practice": blocks.rich_text(entry.practice),
    }
    related = [courses[key] for key in entry.related_courses if key in courses]
    return grow(run, site.laws, LawPage, entry.key.removeprefix("law-"), values, {"related_courses": related})
