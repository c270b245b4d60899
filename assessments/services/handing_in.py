"""Handing in: a text, a file or both, in versions until the work is due; a longer term for one person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import HandIn, Submission, Task
from assessments.permissions import insist, may_mark, may_set_tasks
from assessments.services.rating import raters_of
from core import clock, notices
from core.errors import DomainError
from core.templatetags.linghang import moment
from core.uploads import CheckedFile

LONGEST_TEXT = 20_000
BIGGEST_FILE = 20 * 1024 * 1024  # bytes
MOST_VERSIONS = 20


@transaction.atomic
def hand_in(
    *, user: Any, task: Task, text: str = "", file: CheckedFile | None = None, arrived_at: datetime | None = None
) -> Submission:
    """Keep a version of the person's work; until it is due and graded it may be handed in again.

    Without a new file the last one stays with the work; the same again changes nothing.
    """
    now, clean = arrived_at or clock.now(), text.strip()
    if len(clean) > LONGEST_TEXT:
        raise DomainError(_("正文不能超过 %(n)s 字，请精简后再提交。") % {"n": LONGEST_TEXT})
    rows = Submission.objects.select_for_update(of=("self",)).select_related("task")
    submission = rows.filter(task=task, user=user).first()
    if submission is None:
        raise DomainError(_("您不在本任务的名单中，如有疑问请联系班主任。"), code="forbidden")
    last = submission.versions.last()
    if not clean and file is None and not (last and last.file):
        raise DomainError(_("请填写正文或者上传文件后再提交。"))
    if submission.text == clean and (file is None or (last is not None and last.sha256 == file.sha256)):
        return submission
    _check_open(submission, now, last)
    _keep(submission, clean, file, last, now)
    log(submission, "assessments.hand_in", user=user)
    return submission


def _check_open(submission: Submission, now: datetime, last: HandIn | None) -> None:
    if submission.voided_at:
        raise DomainError(_("本任务的成绩已经取消，不能再提交。"))
    if is_marked(submission):
        raise DomainError(_("本任务已经评分，不能再修改。"))
    if now > submission.due_at:
        raise DomainError(_("已过截止时间，不能再提交。确有原因的，请联系班主任。"))
    if last is not None and last.number >= MOST_VERSIONS:
        raise DomainError(_("最多提交 %(n)s 次，请联系班主任。") % {"n": MOST_VERSIONS})


def _keep(submission: Submission, text: str, file: CheckedFile | None, last: HandIn | None, now: datetime) -> None:
    version = HandIn(submission=submission, number=last.number + 1 if last else 1, text=text, at=now)
    if file is not None:
        version.file_name, version.content_type, version.sha256 = file.original_name, file.content_type, file.sha256
        version.file.save(file.name, ContentFile(file.data), save=False)
    elif last is not None and last.file:
        version.file, version.file_name = last.file.name, last.file_name
        version.content_type, version.sha256 = last.content_type, last.sha256
    version.save(force_insert=True)
    submission.text, submission.handed_in_at = text, now
    submission.save(update_fields=["text", "handed_in_at"])


def is_marked(submission: Submission) -> bool:
    """Whether somebody has begun to rate the work as it stands, or the grading is over."""
    if submission.grade or submission.task.marking_closed_at:
        return True
    return submission.task.rated_twice and bool(raters_of(submission))


@transaction.atomic
def extend(*, actor: Any, submission: Submission, until: datetime, reason: str) -> Submission:
    """Give one person more time; they are told until when, not why."""
    insist(may_set_tasks(actor) and may_mark(actor, submission.task), _("您不是本任务的评分教师，不能延期。"))
    if not reason.strip():
        raise DomainError(_("请写明延期的原因。"))
    if is_marked(submission) or submission.voided_at:
        raise DomainError(_("这份作业已经评分或取消成绩，不能延期。"))
    if until <= max(submission.due_at, clock.now()):
        raise DomainError(_("延期后的时间须晚于现在和原来的截止时间。"))
    Submission.objects.filter(pk=submission.pk, grade="").update(extended_until=until)
    submission.refresh_from_db(fields=["extended_until"])
    log(submission, "assessments.extend", user=actor, data={"until": until.isoformat(), "reason": reason.strip()[:200]})
    words = _("任务《%(title)s》可在%(when)s前提交。") % {"title": submission.task.title, "when": moment(until)}
    url = reverse("assessments:task", args=[submission.task.public_id])
    to, due = [submission.user_id], localdate(until)
    notices.send(to=to, title=_("任务已延期"), text=words, url=url, kind="task.extended", due=due)
    return submission
