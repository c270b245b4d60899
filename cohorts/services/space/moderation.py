"""Posts that somebody objects to: reported by readers, hidden or kept by those who run the class."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import CohortStaff, Post, PostReport
from cohorts.permissions import may_read_topic, require_runs
from cohorts.services.space.opening import reason_of
from core import clock, notices
from core.errors import Conflict, DomainError
from people.models import User


@transaction.atomic
def report_post(*, actor: User, post: Post, reason: str) -> PostReport:
    """Report somebody else's post with a reason; a second report of the same person changes nothing."""
    if not may_read_topic(actor, post.topic):
        raise DomainError(_("只有本班学员和办班人员可以举报。"), code="forbidden")
    if post.author_id == actor.pk:
        raise DomainError(_("不能举报自己写的内容；发出不久的可以直接修改。"), code="own")
    if post.hidden_at:
        raise DomainError(_("这条内容已被隐藏，不需要再举报。"), code="hidden")
    given = {"reason": reason_of(reason), "text": post.text, "at": clock.now()}
    report, new = PostReport.objects.get_or_create(post=post, reporter=actor, defaults=given)
    if new:
        _tell_staff(report)
    return report


def _tell_staff(report: PostReport) -> None:
    cohort = report.post.topic.cohort
    duties = (CohortStaff.Duty.TEACHER, CohortStaff.Duty.ORGANISER)
    notices.send(
        to=cohort.staff.filter(duty__in=duties).values_list("user", flat=True),
        title=_("班级讨论有一条举报待处理"),
        text=cohort.full_title,
        url=reverse("cohorts:space-talk", args=[cohort.public_id]),
        key=f"post-report:{report.public_id}",
        kind="class.staff",
    )


@transaction.atomic
def hide_post(*, actor: User, post: Post, reason: str) -> Post:
    """Hide a post with a reason that its author reads, also after the closing; open reports of it are settled."""
    cohort = post.topic.cohort
    require_runs(actor, cohort)
    now, words = clock.now(), reason_of(reason)
    rows = Post.objects.filter(pk=post.pk, hidden_at__isnull=True)
    if not rows.update(hidden_at=now, hidden_by=actor, hide_reason=words):
        raise Conflict(_("这条内容已经隐藏，无需重复办理。"))
    _settle(post, actor, PostReport.Outcome.HIDDEN)
    log(cohort, "cohorts.space.post.hide", user=actor, data={"topic": post.topic.title, "reason": words})
    notices.send(
        to=[post.author_id],
        title=_("您在班级讨论中的一条内容已被隐藏"),
        text=cohort.full_title,
        url=reverse("cohorts:space-topic", args=[cohort.public_id, post.topic.public_id]),
        kind="class.member",
    )
    post.refresh_from_db()
    return post


@transaction.atomic
def show_post(*, actor: User, post: Post) -> Post:
    """Show a hidden post again."""
    require_runs(actor, post.topic.cohort)
    rows = Post.objects.filter(pk=post.pk, hidden_at__isnull=False)
    if not rows.update(hidden_at=None, hidden_by=None, hide_reason=""):
        raise Conflict(_("这条内容没有隐藏，无需恢复。"))
    log(post.topic.cohort, "cohorts.space.post.show", user=actor, data={"topic": post.topic.title})
    post.refresh_from_db()
    return post


@transaction.atomic
def keep_post(*, actor: User, post: Post) -> None:
    """Look at the reports of a post and let it stand."""
    require_runs(actor, post.topic.cohort)
    if not _settle(post, actor, PostReport.Outcome.KEPT):
        raise Conflict(_("这条内容没有待处理的举报，可能刚由他人处理。"))
    log(post.topic.cohort, "cohorts.space.post.keep", user=actor, data={"topic": post.topic.title})


def _settle(post: Post, actor: User, outcome: str) -> int:
    waiting = PostReport.objects.filter(post=post, settled_at__isnull=True)
    return waiting.update(outcome=outcome, settled_at=clock.now(), settled_by=actor)
