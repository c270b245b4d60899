"""The class space: notices, materials, discussion, and who agreed to have their phone number in the contact list."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Cohort, Group, Membership
from cohorts.models.timetable import Session
from core import clock
from core.storage import private_storage

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


def withdrawn_whole(name: str) -> models.CheckConstraint:
    """Withdrawn with person and reason, or not withdrawn at all."""
    nothing = Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdraw_reason="")
    whole = Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdraw_reason="")
    return models.CheckConstraint(name=name, condition=nothing | whole)


class ClassNoticeQuerySet(models.QuerySet):
    def standing(self) -> ClassNoticeQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def published(self, now: datetime) -> ClassNoticeQuerySet:
        """Due and not withdrawn; what was planned for after the closing never appears."""
        in_time = Q(cohort__closed_at__isnull=True) | Q(publish_at__lte=F("cohort__closed_at"))
        return self.standing().filter(in_time, publish_at__lte=now)

    def to_group(self, group: int | None) -> ClassNoticeQuerySet:
        """Those for everybody and those for the group."""
        chosen = NoticeGroup.objects.filter(notice=OuterRef("pk"))
        return self.filter(~Exists(chosen) | Exists(chosen.filter(group=group)))

    def for_member(self, member: Membership, now: datetime) -> ClassNoticeQuerySet:
        """What the member may read, the pinned first, then the newest."""
        mine = self.filter(cohort=member.cohort_id).published(now).to_group(member.group_id)
        return mine.order_by("-is_pinned", "-publish_at", "-pk")

    def unopened_by(self, member: Membership) -> ClassNoticeQuerySet:
        return self.filter(~Exists(NoticeOpening.objects.filter(notice=OuterRef("pk"), membership=member)))


class ClassNotice(models.Model):
    """A notice to a class (班级通知) or to some of its groups; ``sent_at`` is when members were told of it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="notices")
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("内容"), max_length=4000)
    groups = models.ManyToManyField(
        Group, verbose_name=_("小组"), through="NoticeGroup", blank=True, related_name="notices"
    )
    is_pinned = models.BooleanField(_("置顶"), default=False)
    publish_at = models.DateTimeField(_("发布时间"))
    sent_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(storage=private_storage, upload_to="class-notices/", blank=True)
    file_name = models.CharField(_("附件"), max_length=120, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    client_key = models.UUIDField(default=uuid.uuid4)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    made_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    withdraw_reason = models.CharField(max_length=200, blank=True)

    objects = ClassNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("班级通知")
        ordering = ["-publish_at", "-pk"]
        indexes = [models.Index(fields=["publish_at"], name="class_notices_to_send", condition=Q(sent_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_key"], name="class_notice_written_once"),
            withdrawn_whole("class_notice_withdrawn"),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeGroup(models.Model):
    """A group that a notice is for; a group that was written to is not deleted, or the notice would be for all."""

    wagtail_reference_index_ignore = True

    notice = models.ForeignKey(ClassNotice, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "group"], name="notice_to_group_once")]


class NoticeOpening(models.Model):
    """That a member opened a notice; shown as a number only."""

    wagtail_reference_index_ignore = True

    notice = models.ForeignKey(ClassNotice, on_delete=models.PROTECT, related_name="openings")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "membership"], name="opening_counts_once")]


class MaterialQuerySet(models.QuerySet):
    def standing(self) -> MaterialQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def shown(self, now: datetime) -> MaterialQuerySet:
        return self.standing().filter(visible_from__lte=now)


class Material(models.Model):
    """Something to read for a class (课程资料), of a lesson or of the class as a whole; its files are the versions."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="materials")
    title = models.CharField(_("名称"), max_length=80)
    session = models.ForeignKey(
        Session, verbose_name=_("所属课程"), on_delete=models.SET_NULL, null=True, blank=True, related_name="materials"
    )
    visible_from = models.DateTimeField(_("开放时间"))
    client_key = models.UUIDField(default=uuid.uuid4)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    made_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    withdraw_reason = models.CharField(max_length=200, blank=True)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("课程资料")
        ordering = ["-visible_from", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["made_by", "client_key"], name="material_uploaded_once"),
            withdrawn_whole("material_withdrawn"),
        ]

    def __str__(self) -> str:
        return self.title


class MaterialFile(models.Model):
    """One version of a material; the highest number is the one handed out."""

    wagtail_reference_index_ignore = True

    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField(_("版本"))
    name = models.CharField(_("文件名"), max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(storage=private_storage, upload_to="class-materials/")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["material", "number"], name="material_version_once")]


class TopicQuerySet(models.QuerySet):
    def of_groups(self, *groups: int | None) -> TopicQuerySet:
        """Topics for everybody and those of the groups."""
        return self.filter(Q(group__isnull=True) | Q(group__in=[g for g in groups if g is not None]))

    def not_hidden_from(self, user: Any) -> TopicQuerySet:
        """Without those whose opening post is hidden; its author still finds it, with the reason."""
        hidden = Post.objects.filter(topic=OuterRef("pk"), is_opening=True, hidden_at__isnull=False)
        return self.filter(~Exists(hidden.exclude(author=user)))


class Topic(models.Model):
    """A subject of the discussion, for the class or for one group."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="topics")
    group = models.ForeignKey(
        Group, verbose_name=_("小组"), on_delete=models.PROTECT, null=True, blank=True, related_name="topics"
    )
    title = models.CharField(_("话题"), max_length=80)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    made_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("讨论话题")
        ordering = ["-last_at", "-pk"]
        indexes = [models.Index(fields=["cohort", "-last_at"], name="topics_newest")]

    def __str__(self) -> str:
        return self.title


class Post(models.Model):
    """What somebody wrote in a topic; ``client_key`` keeps a double click from writing it twice."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="posts")
    is_opening = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    text = models.TextField(_("内容"), max_length=2000)
    client_key = models.UUIDField(default=uuid.uuid4)
    made_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    hide_reason = models.CharField(max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("讨论内容")
        ordering = ["made_at", "pk"]
        indexes = [
            models.Index(fields=["topic", "made_at"], name="posts_of_a_topic"),
            models.Index(fields=["author", "made_at"], name="posts_of_an_author"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_key"], name="post_written_once"),
            models.UniqueConstraint(fields=["topic"], condition=Q(is_opening=True), name="one_opening_post"),
            models.CheckConstraint(name="post_is_not_empty", condition=~Q(text="")),
            models.CheckConstraint(
                name="post_hidden_with_reason",
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hide_reason="")
                | (Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hide_reason="")),
            ),
        ]


class PostReport(models.Model):
    """A post reported (举报) to those who run the class, with the words as the reporter read them."""

    wagtail_reference_index_ignore = True

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", _("已隐藏")
        KEPT = "kept", _("予以保留")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    reason = models.CharField(_("理由"), max_length=200)
    text = models.TextField(_("举报时的内容"), max_length=2000)
    at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(_("处理"), max_length=8, choices=Outcome, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)

    class Meta:
        verbose_name = _("举报")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "reporter"], name="post_reported_once"),
            models.CheckConstraint(name="report_with_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="report_settled_whole",
                condition=Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | Q(outcome__in=["hidden", "kept"], settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]


class PhoneConsent(models.Model):
    """That a member agreed, or no longer agrees, to have the phone number in the contact list; the newest counts."""

    append_only = True
    wagtail_reference_index_ignore = True

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="phone_consents")
    agreed = models.BooleanField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    @staticmethod
    def newest() -> Subquery:
        """Of the member of the outer query whether they agree, or NULL where they never said."""
        rows = PhoneConsent.objects.filter(membership=OuterRef("pk")).order_by("-pk")
        return Subquery(rows.values("agreed")[:1])
