"""How the pages of the class space find the class: for members who have left and for strangers it is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from cohorts.board import STATE_KINDS
from cohorts.models import ClassNotice, Cohort, Membership, Post, Topic
from cohorts.permissions import runs
from cohorts.presenters.space import space_tabs
from cohorts.rules import space
from core import clock
from core.errors import DomainError


@dataclass(frozen=True)
class Place:
    """Who came into which class: a member, one who runs it, or (neither) one who teaches in it."""

    cohort: Cohort
    user: Any
    member: Membership | None
    runs: bool

    @property
    def is_open(self) -> bool:
        return space.is_open(self.cohort.state)

    @property
    def is_staff(self) -> bool:
        """Runs the class or teaches in it, and is no member of it."""
        return self.runs or self.member is None

    @property
    def may_open_topics(self) -> bool:
        return self.is_open and (self.runs or self.member is not None)

    def notices(self) -> Any:
        """The notices that the person reads; staff those to every group."""
        if self.member:
            return ClassNotice.objects.for_member(self.member, clock.now())
        rows = ClassNotice.objects.filter(cohort=self.cohort).published(clock.now())
        return rows.order_by("-is_pinned", "-publish_at", "-pk")

    def topics(self) -> Any:
        """The topics that the person reads; those who run the class see the hidden ones too."""
        rows = Topic.objects.filter(cohort=self.cohort)
        if not self.is_staff and self.member:
            rows = rows.of_groups(self.member.group_id)
        return rows if self.runs else rows.not_hidden_from(self.user)

    def post(self, public_id: UUID) -> Post:
        """A post in a topic that the person reads."""
        rows = Post.objects.filter(topic__in=self.topics().values("pk")).select_related("topic__cohort", "author")
        found: Post = get_object_or_404(rows, public_id=public_id)
        return found


def enter(request: HttpRequest, public_id: UUID) -> Place:
    """The class and the person in it; 404 for everybody who does not belong there."""
    found = Cohort.objects.with_space_for(request.user).select_related("host")
    cohort: Cohort = get_object_or_404(found, public_id=public_id)
    member = cohort.memberships.expected().filter(user=request.user).select_related("group", "user").first()
    if member:
        member.cohort = cohort
    return Place(cohort, request.user, member, runs(request.user, cohort))


def shown(request: HttpRequest, name: str, place: Place, active: str, **context: Any) -> HttpResponse:
    """A page of the space under the class's name and its tabs."""
    status = context.pop("status", 200)
    head = {
        "place": place,
        "cohort": place.cohort,
        "kind": STATE_KINDS[place.cohort.state],
        "tabs": space_tabs(place.cohort, active, member=place.member, runs=place.runs),
    }
    return render(request, f"cohorts/space/{name}.html", {**head, **context}, status=status)


def form_shown(
    request: HttpRequest, place: Place, active: str, *, form: Any, act: Callable[[Any], Any], back: Any, **words: Any
) -> HttpResponse:
    """A form of its own in the space: shown, refused with sentences, or carried out; ``back`` may need the result."""
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, words["done"])
            return redirect(back(result))
    status = 422 if form.errors else 200
    return shown(request, "form", place, active, form=form, back=back(None), status=status, **words)
