"""The discussion: topics, their posts, writing, changing one's own words, reporting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.forms.space import PostForm, ReplyForm, ReportForm, TopicForm
from cohorts.models import Group, Post, Topic
from cohorts.presenters.space import post_view, topic_line, who_is_who
from cohorts.services import space as services
from cohorts.views.space.entering import Place, enter, form_shown, shown
from core.errors import DomainError
from people.permissions import requires_sign_in

TOPICS, POSTS = 20, 30
FORM = require_http_methods(["GET", "POST"])


@requires_sign_in
@require_safe
def topic_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Those with the newest answer first."""
    place = enter(request, public_id)
    opening = Post.objects.filter(topic=OuterRef("pk"), is_opening=True, hidden_at__isnull=False)
    answers = Count("posts", filter=Q(posts__is_opening=False, posts__hidden_at__isnull=True))
    rows = place.topics().annotate(answers=answers, is_hidden=Exists(opening))
    rows = rows.select_related("cohort", "author", "group").order_by("-last_at", "-pk")
    listing = Paginator(rows, TOPICS).get_page(request.GET.get("page"))
    roles = who_is_who(place.cohort, [topic.author_id for topic in listing])
    lines = [topic_line(topic, roles) for topic in listing]
    return shown(request, "topics", place, "space-topics", lines=lines, listing=listing)


def _groups(place: Place) -> Any:
    """The groups for which the person may open a topic."""
    if place.runs:
        return place.cohort.groups.all()
    return Group.objects.filter(pk=place.member.group_id if place.member else None)


@requires_sign_in
@FORM
def add_topic(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write a new topic; lecturers answer only."""
    place = enter(request, public_id)
    if not (place.runs or place.member):
        raise PermissionDenied
    return form_shown(
        request,
        place,
        "space-topics",
        form=TopicForm(request.POST or None, groups=_groups(place)),
        act=lambda form: services.open_topic(actor=request.user, cohort=place.cohort, **form.cleaned_data),
        back=lambda topic: topic_url(topic) if topic else reverse("cohorts:space-topics", args=[public_id]),
        title=_("发起话题"),
        submit=_("发布"),
        done=_("话题已发布。"),
    )


def topic_url(topic: Topic) -> str:
    return reverse("cohorts:space-topic", args=[topic.cohort.public_id, topic.public_id])


def post_url(post: Post) -> str:
    """The page of its topic on which the post stands."""
    before = post.topic.posts.filter(Q(made_at__lt=post.made_at) | Q(made_at=post.made_at, pk__lt=post.pk)).count()
    return f"{topic_url(post.topic)}?page={before // POSTS + 1}#p{post.pk}"


def topic_of(place: Place, topic_id: UUID) -> Topic:
    found: Topic = get_object_or_404(place.topics().select_related("group", "cohort"), public_id=topic_id)
    return found


@requires_sign_in
@require_safe
def topic_page(request: HttpRequest, public_id: UUID, topic_id: UUID) -> HttpResponse:
    place = enter(request, public_id)
    return _topic(request, place, topic_of(place, topic_id), ReplyForm())


def _topic(request: HttpRequest, place: Place, topic: Topic, form: ReplyForm) -> HttpResponse:
    """The posts in the order in which they were written, and the form for an answer while the class is on."""
    listing = Paginator(topic.posts.select_related("author"), POSTS).get_page(request.GET.get("page"))
    roles = who_is_who(place.cohort, [post.author_id for post in listing])
    about = {"viewer": request.user, "runs": place.runs, "is_open": place.is_open, "roles": roles}
    posts = [post_view(post, host=request.get_host(), **about) for post in listing]
    may_reply = place.is_open and not topic.posts.filter(is_opening=True, hidden_at__isnull=False).exists()
    return shown(
        request, "topic", place, "space-topics",
        topic=topic, posts=posts, listing=listing, form=form if may_reply else None, status=422 if form.errors else 200,
    )  # fmt: skip


@requires_sign_in
@require_POST
def reply(request: HttpRequest, public_id: UUID, topic_id: UUID) -> HttpResponse:
    place = enter(request, public_id)
    topic, form = topic_of(place, topic_id), ReplyForm(request.POST)
    if form.is_valid():
        try:
            return redirect(post_url(services.reply(actor=request.user, topic=topic, **form.cleaned_data)))
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            if not place.is_open:
                raise
    return _topic(request, place, topic, form)


@requires_sign_in
@FORM
def edit_post(request: HttpRequest, public_id: UUID, post_id: UUID) -> HttpResponse:
    """Change one's own words."""
    place = enter(request, public_id)
    post = place.post(post_id)
    if post.author_id != request.user.pk:
        raise PermissionDenied
    return form_shown(
        request,
        place,
        "space-topics",
        form=PostForm(request.POST or None, initial={"text": post.text}),
        act=lambda form: services.edit_post(actor=request.user, post=post, **form.cleaned_data),
        back=lambda _changed: post_url(post),
        title=_("修改"),
        submit=_("保存修改"),
        done=_("已保存修改。"),
    )


@requires_sign_in
@FORM
def report_post(request: HttpRequest, public_id: UUID, post_id: UUID) -> HttpResponse:
    place = enter(request, public_id)
    post = place.post(post_id)
    if post.hidden_at and not place.runs:
        raise PermissionDenied
    return form_shown(
        request,
        place,
        "space-topics",
        form=ReportForm(request.POST or None),
        act=lambda form: services.report_post(actor=request.user, post=post, **form.cleaned_data),
        back=lambda _report: post_url(post),
        title=_("举报"),
        quote=post.text,
        submit=_("提交举报"),
        done=_("举报已交给班主任处理。"),
    )
