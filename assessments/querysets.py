"""The vocabulary in which questions, exams and tasks are asked for."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from core import clock
from people.scopes import has_role, people_condition

BANK_ROLES = ("training_office", "content_editor", "lecturer")


def _people(user: Any) -> models.QuerySet:
    return get_user_model()._default_manager.filter(people_condition(user)).values("pk")


def _related(queryset: models.QuerySet, name: str) -> models.QuerySet:
    """The rows at the other end of a reverse relation, to ask for without a join that doubles rows."""
    return queryset.model._meta.get_field(name).related_model._default_manager.all()


def _marked_by(user: Any) -> models.QuerySet:
    """The ids of the tasks that the user marks."""
    return user.tasks_to_mark.order_by().values("pk") if user.is_authenticated else []


class QuestionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> QuestionQuerySet:
        """The bank is for those who teach and edit, never for candidates."""
        return self.all() if has_role(user, *BANK_ROLES) else self.none()

    def drawable(self) -> QuestionQuerySet:
        return self.filter(is_active=True, in_bank=True)


class ExamQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> ExamQuerySet:
        """One's own sittings; for staff those in which somebody of their scope sits."""
        seats = _related(self, "seats").filter(user__in=_people(user))
        return self.filter(Q(pk__in=seats.values("exam")) | Q(made_by=user.pk))

    def sat_by(self, user: Any) -> ExamQuerySet:
        return self.filter(seats__user=user)

    def open(self) -> ExamQuerySet:
        now = clock.now()
        return self.filter(opens_at__lte=now, closes_at__gt=now)


class SeatQuerySet(models.QuerySet):
    def of(self, user: Any) -> SeatQuerySet:
        return self.filter(user=user)

    def visible_to(self, user: Any) -> SeatQuerySet:
        """One's own, and those of people whose file one may open."""
        return self.filter(user__in=_people(user))


class AttemptQuerySet(models.QuerySet):
    def of(self, user: Any) -> AttemptQuerySet:
        return self.filter(seat__user=user)

    def visible_to(self, user: Any) -> AttemptQuerySet:
        return self.filter(seat__user__in=_people(user))

    def overdue(self) -> AttemptQuerySet:
        """Running attempts whose time is over; the grace of their exam may not be."""
        return self.filter(state="running", deadline_at__lt=clock.now())


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> TaskQuerySet:
        """One's own tasks, those one marks, and those of people in one's scope."""
        works = _related(self, "submissions").filter(user__in=_people(user))
        return self.filter(Q(pk__in=works.values("task")) | Q(pk__in=_marked_by(user)) | Q(arbiter=user.pk))


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> SubmissionQuerySet:
        return self.filter(Q(user__in=_people(user)) | Q(task__in=_marked_by(user)) | Q(task__arbiter=user.pk))

    def in_dispute(self) -> SubmissionQuerySet:
        """Rated twice with results too far apart, and not decided."""
        return self.filter(disputed_at__isnull=False, grade="", voided_at__isnull=True)

    def to_decide_by(self, user: Any) -> SubmissionQuerySet:
        """Disputed works that wait for this person: named for it, or of the office; never for who rated them."""
        named = Q(task__arbiter=user.pk)
        if has_role(user, "training_office"):
            named |= Q(user__in=_people(user))
        rated = _related(self, "marks").filter(kind="rating", marked_by=user.pk)
        return (
            self.in_dispute()
            .filter(named, task__marking_closed_at__isnull=True)
            .exclude(pk__in=rated.values("submission"))
        )

    def to_mark_by(self, user: Any) -> SubmissionQuerySet:
        """Works that the person still has to rate, handed in or not; one that two others have rated is none."""
        rows = self.filter(task__markers=user.pk, grade="", disputed_at__isnull=True, voided_at__isnull=True)
        return rows.rated_by(user).filter(rated_by_me=False)

    def rated_by(self, user: Any) -> SubmissionQuerySet:
        """With whether the person has rated the work as it stands, of a work that two people rate."""
        earlier = _related(self, "voidings").filter(
            submission=OuterRef("pk"), lifted_at__isnull=True, again_until__isnull=False
        )
        newest = earlier.order_by("-round").values("round")[:1]
        ratings = _related(self, "marks").filter(kind="rating", submission=OuterRef("pk"), marked_by=user.pk)
        standing = ratings.filter(round__gt=OuterRef("rated_from"))
        return self.annotate(rated_from=Coalesce(Subquery(newest), 0)).annotate(rated_by_me=Exists(standing))


class VoidingQuerySet(models.QuerySet):
    def of(self, user: Any) -> VoidingQuerySet:
        """Those that took away a result of one's own."""
        return self.filter(Q(attempt__seat__user=user.pk) | Q(submission__user=user.pk))

    def visible_to(self, user: Any) -> VoidingQuerySet:
        people = _people(user)
        return self.filter(Q(attempt__seat__user__in=people) | Q(submission__user__in=people))

    def standing(self) -> VoidingQuerySet:
        return self.filter(lifted_at__isnull=True)


class SurveyQuerySet(models.QuerySet):
    def of(self, context_key: str) -> SurveyQuerySet:
        return self.filter(context_key=context_key)

    def closed(self) -> SurveyQuerySet:
        return self.filter(closes_at__lte=clock.now())

    def counted(self) -> SurveyQuerySet:
        """With how many people were asked and how many of them answered; who is not told."""
        answered = Count("invitations", filter=Q(invitations__answered=True))
        return self.annotate(invited=Count("invitations"), answered=answered)


class InvitationQuerySet(models.QuerySet):
    def of(self, user: Any) -> InvitationQuerySet:
        """One's own: nobody sees others'."""
        return self.filter(user=user)

    def to_answer(self) -> InvitationQuerySet:
        """Open now and not answered."""
        now = clock.now()
        return self.filter(answered=False, survey__opens_at__lte=now, survey__closes_at__gt=now)
