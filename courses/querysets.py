"""The vocabulary in which courses, editions and enrolments are asked for."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from wagtail.search.queryset import SearchableQuerySetMixin

from courses import scopes
from courses.reading.teaching import learners_taught_by
from people.scopes import has_role, managed_condition, people_condition

CURRICULUM_ROLES = ("content_editor", "training_office")


class CourseQuerySet(SearchableQuerySetMixin, models.QuerySet):
    def visible_to(self, user: Any) -> CourseQuerySet:
        """Published courses for everyone; drafts for those who edit the curriculum."""
        return self.all() if has_role(user, *CURRICULUM_ROLES) else self.filter(live=True)

    def published(self) -> CourseQuerySet:
        """Courses that have an edition one can take."""
        return self.filter(live=True, editions__isnull=False).distinct()


class AuditQuerySet(models.QuerySet):
    def open(self) -> AuditQuerySet:
        return self.filter(outcome__isnull=True)

    def passed(self) -> AuditQuerySet:
        return self.filter(outcome__verdict="passed")

    def visible_to(self, user: Any) -> AuditQuerySet:
        """All for those who keep the curriculum; to others those they are to judge or have judged."""
        return self.all() if has_role(user, *CURRICULUM_ROLES) else self.filter(assignments__reviewer=user.pk)

    def waiting_for(self, user: Any) -> AuditQuerySet:
        """Those whose present step waits for this person's opinion; nobody judges what they wrote or handed in."""
        rows = self.exclude(opinions__reviewer=user.pk)
        stage = "workflow_state__current_task_state__task__audittask__stage"
        mine = Q(**{stage: F("assignments__stage")}, assignments__reviewer=user.pk)
        if has_role(user, "training_office"):
            inside = Q(**{stage: "internal"}) & ~Q(opened_by=user.pk)
            mine |= inside & (Q(revision__user__isnull=True) | ~Q(revision__user=user.pk))
        return rows.filter(mine).distinct()


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

    def looked_after_by(self, user: Any) -> EnrolmentQuerySet:
        """Those that the office, the lecturer or the class teacher may look into, remind and confirm."""
        return self.filter(scopes.looked_after(user))

    def current(self) -> EnrolmentQuerySet:
        """Without those that were moved to another edition: they are history."""
        return self.exclude(state="moved")

    def standing(self) -> EnrolmentQuerySet:
        """Those one learns on or has completed."""
        return self.exclude(state__in=("withdrawn", "moved"))


class AnomalyQuerySet(models.QuerySet):
    def of(self, user: Any) -> AnomalyQuerySet:
        return self.filter(enrolment__user=user.pk)

    def visible_to(self, user: Any) -> AnomalyQuerySet:
        """Those of the people in one's scope."""
        if not user.is_authenticated:
            return self.none()
        enrolments = self.model._meta.get_field("enrolment").related_model._default_manager.visible_to(user)
        return self.filter(enrolment__in=enrolments.values("pk"))


class NoteQuerySet(models.QuerySet):
    def of(self, user: Any) -> NoteQuerySet:
        """One's own: nobody else has a way to them."""
        return self.filter(user=user.pk)

    def at(self, lesson: Any) -> NoteQuerySet:
        """Taken at a lesson, in whichever edition of the course."""
        return self.filter(lesson__lesson=lesson.lesson_id)

    def in_reading_order(self) -> NoteQuerySet:
        """Course by course, lesson by lesson, as they were taken."""
        order = ("lesson__edition__course", "lesson__edition", "lesson__position", "second", "created_at", "pk")
        return self.select_related("lesson__edition").defer("lesson__body").order_by(*order)


class QuestionQuerySet(models.QuerySet):
    def for_learner(self, user: Any) -> QuestionQuerySet:
        """One's own, and what was answered and not hidden."""
        return self.filter(Q(asker=user.pk) | Q(answered_at__isnull=False, hidden_at__isnull=True))

    def to_answer_by(self, user: Any) -> QuestionQuerySet:
        """Questions on the courses that a person teaches; to the training office those of the people it looks after."""
        condition = Q(pk__in=[])
        if has_role(user, "training_office"):
            people = self.model._meta.get_field("asker").related_model._default_manager
            condition |= Q(asker__in=people.filter(managed_condition(user, ("training_office",))).values("pk"))
        if has_role(user, "lecturer"):
            condition |= learners_taught_by(user, "course", "asker")
        return self.filter(condition)

    def waiting(self) -> QuestionQuerySet:
        return self.filter(answered_at__isnull=True, hidden_at__isnull=True)

    def with_talk(self) -> QuestionQuerySet:
        """With everything that a page says about a question; three queries."""
        lean = ("lesson__body", "course__summary")
        return self.select_related("course", "lesson", "asker__unit").defer(*lean).prefetch_related("answers__by")
