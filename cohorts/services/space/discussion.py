"""The discussion of a class: topics, replies, and changing one's own words for a quarter of an hour."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Group, Post, Topic
from cohorts.permissions import may_answer, may_open_topics, may_read_topic, runs
from cohorts.rules import space
from cohorts.services.space.opening import held_open, text_of, title_of
from core import clock
from core.errors import DomainError
from people.models import User


@transaction.atomic
def open_topic(
    *, actor: User, cohort: Cohort, client_key: UUID, title: str, text: str, group: Group | None = None
) -> Topic:
    """Open a topic with its first post, for the class or one group; the same ``client_key`` gives the first back."""
    held = held_open(cohort)
    if not may_open_topics(actor, held, group):
        raise DomainError(_("只能在本班或者自己的小组里发起话题。"), code="forbidden")
    known = _written(actor, client_key)
    if known:
        return known.topic
    _check_pace(actor, held)
    now = clock.now()
    words = {"title": title_of(title), "text": text_of(text, space.LONGEST_POST)}
    topic = Topic.objects.create(cohort=held, group=group, title=words["title"], author=actor, made_at=now, last_at=now)
    Post.objects.create(
        topic=topic, is_opening=True, author=actor, text=words["text"], client_key=client_key, made_at=now
    )
    return topic


@transaction.atomic
def reply(*, actor: User, topic: Topic, client_key: UUID, text: str) -> Post:
    """Answer in a topic; the same ``client_key`` again gives the first answer back."""
    held = held_open(topic.cohort)
    if not (may_answer(actor, held) and may_read_topic(actor, topic)):
        raise DomainError(_("只有本班学员和办班人员可以回复。"), code="forbidden")
    known = _written(actor, client_key)
    if known:
        return known
    if topic.posts.filter(is_opening=True, hidden_at__isnull=False).exists():
        raise DomainError(_("这个话题已被隐藏，不能再回复。"), code="hidden")
    _check_pace(actor, held)
    words, now = text_of(text, space.LONGEST_POST), clock.now()
    post = Post.objects.create(topic=topic, author=actor, text=words, client_key=client_key, made_at=now)
    Topic.objects.filter(pk=topic.pk).update(last_at=now)
    return post


def _written(actor: User, client_key: UUID) -> Post | None:
    mine = Post.objects.filter(author=actor, client_key=client_key)
    return mine.select_related("topic__cohort").first()


def _check_pace(actor: User, cohort: Cohort) -> None:
    """So many posts in so many minutes; those who run the class may write as they need."""
    since = clock.now() - timedelta(minutes=space.MINUTES)
    written = Post.objects.filter(author=actor, topic__cohort=cohort, made_at__gt=since).count()
    if written >= space.MOST_POSTS and not runs(actor, cohort):
        words = {"n": space.MOST_POSTS, "minutes": space.MINUTES}
        raise DomainError(_("%(minutes)s 分钟内最多发 %(n)s 条，请稍后再发。") % words, code="too_fast")


@transaction.atomic
def edit_post(*, actor: User, post: Post, text: str) -> Post:
    """Change one's own words within fifteen minutes; they are marked as changed."""
    held_open(post.topic.cohort)
    if post.author_id != actor.pk or not may_read_topic(actor, post.topic):
        raise DomainError(_("只能修改自己写的内容。"), code="forbidden")
    now = clock.now()
    if not space.may_edit(post.made_at, now):
        raise DomainError(
            _("发出 %(n)s 分钟后不能再修改，需要更正请另写一条回复。") % {"n": space.EDIT_MINUTES}, code="too_late"
        )
    words = text_of(text, space.LONGEST_POST)
    if words == post.text:
        return post
    changed = Post.objects.filter(pk=post.pk, hidden_at__isnull=True).update(text=words, edited_at=now)
    if not changed:
        raise DomainError(_("这条内容已被隐藏，不能修改。"), code="hidden")
    post.refresh_from_db()
    return post
