"""Evaluations: who is asked, and what was answered, with no way from the one to the other."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.querysets import InvitationQuerySet, SurveyQuerySet
from core import clock

LONGEST_COMMENT = 300


class Questionnaire(models.Model):
    """A version of what is asked.

    ``indicators`` are {key, label, hint, points}, ``choices`` {label, share} from the best on (share: of the points,
    in per cent), ``grades`` {label, from} from the best on (from: of the full score, in per cent).
    """

    append_only = True
    wagtail_reference_index_ignore = True

    version = models.PositiveSmallIntegerField(_("版本"), unique=True)
    title = models.CharField(_("名称"), max_length=80)
    indicators = models.JSONField(_("指标"))
    choices = models.JSONField(_("选项"))
    grades = models.JSONField(_("等次"))
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("评估表")
        verbose_name_plural = _("评估表")
        ordering = ["version"]

    def __str__(self) -> str:
        return self.title


class Survey(models.Model):
    """Something to be evaluated within a window. ``context_key`` and ``about`` name whose and what; opaque here."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    context_key = models.CharField(max_length=60, db_index=True)
    about = models.CharField(max_length=60)
    title = models.CharField(_("评估内容"), max_length=120)
    subject = models.CharField(_("评估对象"), max_length=120)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="surveys")
    opens_at = models.DateTimeField(_("开始时间"))
    closes_at = models.DateTimeField(_("截止时间"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("教学评估")
        verbose_name_plural = _("教学评估")
        ordering = ["opens_at", "pk"]
        constraints = [
            models.CheckConstraint(name="survey_opens_before_it_closes", condition=Q(closes_at__gt=F("opens_at"))),
            models.UniqueConstraint(fields=["context_key", "about"], name="one_survey_about_a_thing"),
        ]

    def __str__(self) -> str:
        return self.title


class SurveyInvitation(models.Model):
    """A person who is asked, and whether they answered: a flag without a time."""

    wagtail_reference_index_ignore = True

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="survey_invitations")
    answered = models.BooleanField(_("已提交"), default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("评估邀请")
        constraints = [models.UniqueConstraint(fields=["survey", "user"], name="one_invitation_per_survey")]


class SurveyAnswer(models.Model):
    """What somebody answered; who it was is not kept.

    Nothing joins an answer to an invitation: no key, no address, no time; the key is random, and answers are read in
    its order. Each new answer makes all answers of the survey be written again, under new keys and in their order, and
    touches every invitation of the survey: neither the order of rows on disk nor the transaction that wrote them
    (rowid, ctid, xmin) tells one from the others. That is why the table is not append-only. Answering is not logged.
    What remains lies outside these tables: copies of the database from just before and just after an answer differ by
    it.
    """

    wagtail_reference_index_ignore = True

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")
    points = models.JSONField(_("得分"))  # points by the key of the indicator
    comment = models.CharField(_("意见建议"), max_length=LONGEST_COMMENT, blank=True)

    class Meta:
        verbose_name = _("评估答卷")
        ordering = ["key"]
