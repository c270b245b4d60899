"""The vocabulary in which courses, editions and enrolments are asked for."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from wagtail.search.queryset import SearchableQuerySetMixin

from people.scopes import has_role, people_condition

CURRICULUM_ROLES = ("content_editor", "training_office")


class CourseQuerySet(SearchableQuerySetMixin, models.QuerySet):
    def visible_to(self, user: Any) -> CourseQuerySet:
        """Published courses for everyone; drafts for those who edit the curriculum."""
        return self.all() if has_role(user, *CURRICULUM_ROLES) else self.filter(live=True)

    def published(self) -> CourseQuerySet:
        """Courses that have an edition one can take."""
        return self.filter(live=True, editions__isnull=False).distinct()


class EditionQuerySet(models.QuerySet):
    def newest(self) -> EditionQuerySet:
        """The last edition of each course."""
        last = self.model.objects.filter(course=OuterRef("course")).order_by("-number").values("pk")[:1]
        return self.filter(pk=Subquery(last))


class EnrolmentQuerySet(models.QuerySet):
    def of(self, user: Any) -> EnrolmentQuerySet:
        return self.filter(user=user.pk)

    def visible_to(self, user: Any) -> EnrolmentQuerySet:
        """One's own, and those of the people in one's scope."""
        if not user.is_authenticated:
            return self.none()
        people = self.model._meta.get_field("user").related_model._default_manager.filter(people_condition(user))
        return self.filter(Q(user=user.pk) | Q(user__in=people.values("pk")))

    def standing(self) -> EnrolmentQuerySet:
        return self.exclude(state="withdrawn")


class AnomalyQuerySet(models.QuerySet):
    def of(self, user: Any) -> AnomalyQuerySet:
        return self.filter(enrolment__user=user.pk)

    def visible_to(self, user: Any) -> AnomalyQuerySet:
        """Those of the people in one's scope."""
        if not user.is_authenticated:
            return self.none()
        enrolments = self.model._meta.get_field("enrolment").related_model._default_manager.visible_to(user)
        return self.filter(enrolment__in=enrolments.values("pk"))
