"""The six tracks (专题) and the public page of a course."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from cms import presenters
from cms.models.base import PublicPage
from cms.models.cases import CasePage
from cms.models.laws import LawPage
from competencies.models import Framework, Indicator
from core.blocks import body_blocks
from courses.models import Course, CourseEdition, Track

# The competency dimension that a track trains.
DIMENSIONS = {
    Track.BASE: "A",
    Track.REFORM: "B",
    Track.DIGITAL: "C",
    Track.TALENT: "D",
    Track.LAW: "E",
    Track.SERVICE: "F",
}


class TrackIndexPage(PublicPage):
    template = "cms/track_index.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.TrackPage"]
    max_count = 1

    class Meta:
        verbose_name = _("专题总览")

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        return {"tracks": presenters.track_cards(TrackPage.objects.live().order_by("path"), request)}


class TrackPage(PublicPage):
    """What a track is about, with its courses, cases, laws and the indicators it trains."""

    track = models.CharField(_("专题"), max_length=10, choices=Track, unique=True)
    intro = StreamField(body_blocks(), verbose_name=_("导语"), blank=True)

    content_panels = [*PublicPage.content_panels, FieldPanel("track"), FieldPanel("intro")]
    search_fields = [*PublicPage.search_fields, index.SearchField("intro")]
    template = "cms/track.html"
    parent_page_types = ["cms.TrackIndexPage"]
    subpage_types = ["cms.CoursePage"]

    class Meta:
        verbose_name = _("专题")
        constraints = [models.CheckConstraint(name="track_page_track", condition=Q(track__in=Track.values))]

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        courses = Course.objects.published().filter(track=self.track).select_related("page").order_by("title")
        laws = LawPage.objects.live().filter(related_courses__in=courses.values("pk")).distinct()
        return {
            "courses": presenters.course_cards(courses, request),
            "cases": presenters.page_cards(CasePage.objects.live().filter(track=self.track).order_by("path"), request),
            "laws": presenters.law_cards(laws.select_related("law").order_by("law"), request),
            "indicators": presenters.indicators(indicators_of(self.track)),
        }


class CoursePage(PublicPage):
    """A course introduced to the public; it may vanish without harm to the course, its editions or its learners."""

    course = models.OneToOneField(
        Course, verbose_name=_("课程"), on_delete=models.SET_NULL, null=True, related_name="page"
    )
    audience = models.CharField(_("适合对象"), max_length=120, blank=True)
    intro = StreamField(body_blocks(), verbose_name=_("导语"), blank=True)

    content_panels = [*PublicPage.content_panels, FieldPanel("course"), FieldPanel("audience"), FieldPanel("intro")]
    search_fields = [*PublicPage.search_fields, index.SearchField("intro")]
    template = "cms/course.html"
    parent_page_types = ["cms.TrackPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("课程介绍页")

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        if self.course is None:
            return {}
        edition = CourseEdition.objects.newest().filter(course=self.course).prefetch_related("lessons").first()
        cases = CasePage.objects.live().filter(related_courses=self.course).order_by("path")
        laws = LawPage.objects.live().filter(related_courses=self.course).select_related("law").order_by("law")
        return {
            "edition": edition,
            "modules": presenters.outline(edition.lessons.all()) if edition else [],
            "study_url": reverse("courses:course", kwargs={"key": self.course.key}),
            "cases": presenters.page_cards(cases, request),
            "laws": presenters.law_cards(laws, request),
        }

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A page whose course is gone or withdrawn is not there."""
        if self.course is None or not self.course.live:
            raise Http404
        return super().serve(request, *args, **kwargs)


def indicators_of(track: str) -> models.QuerySet[Indicator]:
    """The indicators of the newest framework that a track trains, with their levels."""
    newest = Framework.objects.order_by("-version").values("pk")[:1]
    wanted = Indicator.objects.filter(dimension__framework=newest, dimension__code=DIMENSIONS[Track(track)])
    return wanted.prefetch_related("anchors").order_by("code")
