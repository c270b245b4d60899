"""Notices to a class: written, changed, told to the members once they are due, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from cohorts.models import ClassNotice, Cohort, Group, Membership, NoticeOpening
from cohorts.permissions import require_runs
from cohorts.rules import space
from cohorts.services.space.opening import held_open, reason_of, text_of, title_of
from core import clock, notices
from core.errors import Conflict, DomainError
from core.uploads import CheckedFile
from people.models import User

OVERTAKEN = gettext_lazy("保存期间通知已被他人修改，您的修改没有写入。请对照最新内容后再保存。")


@transaction.atomic
def write_notice(
    *,
    actor: User,
    cohort: Cohort,
    client_key: UUID,
    title: str,
    text: str,
    groups: Iterable[Group] = (),
    is_pinned: bool = False,
    publish_at: datetime | None = None,
    file: CheckedFile | None = None,
) -> ClassNotice:
    """Write a notice, out at once or at ``publish_at``; the same ``client_key`` again gives the first one back."""
    require_runs(actor, cohort)
    held = held_open(cohort)
    known = ClassNotice.objects.filter(author=actor, client_key=client_key).select_related("cohort").first()
    if known:
        return known
    now = clock.now()
    notice = ClassNotice(
        cohort=held, author=actor, client_key=client_key, made_at=now, is_pinned=is_pinned,
        title=title_of(title), text=text_of(text, space.LONGEST_NOTICE), publish_at=max(publish_at or now, now),
    )  # fmt: skip
    if file:
        _attach(notice, file)
    notice.save(force_insert=True)
    notice.groups.set(_of_class(held, groups))
    log(held, "cohorts.space.notice.write", user=actor, data={"title": notice.title})
    announce(notice)
    return notice


def _of_class(cohort: Cohort, groups: Iterable[Group]) -> list[Group]:
    chosen = list(groups)
    if any(group.cohort_id != cohort.pk for group in chosen):
        raise DomainError(_("这个小组不在本班，请刷新后重选。"))
    return chosen


def _attach(notice: ClassNotice, file: CheckedFile) -> None:
    notice.file_name, notice.content_type = file.original_name, file.content_type
    notice.file.save(f"{notice.cohort.public_id}/{file.name}", ContentFile(file.data), save=False)


def recipients(notice: ClassNotice) -> QuerySet[Membership]:
    """The members that the notice is for, as the class is today."""
    members = notice.cohort.memberships.expected()
    groups = notice.groups.all()
    return members.filter(group__in=groups) if groups else members


def announce(notice: ClassNotice) -> None:
    """Tell the members of a notice that is due; each is told once, whoever calls and however often."""
    now = clock.now()
    if notice.publish_at > now:
        return
    ClassNotice.objects.filter(pk=notice.pk, sent_at__isnull=True).update(sent_at=now)
    url = reverse("cohorts:space-notice", args=[notice.cohort.public_id, notice.public_id])
    notices.send(
        to=recipients(notice).values_list("user", flat=True),
        title=_("班级通知：%(title)s") % {"title": notice.title},
        text=notice.cohort.full_title,
        url=url,
        key=_key(notice),
        kind="class.notice",
    )


def _key(notice: ClassNotice) -> str:
    """By it each person is told of the notice once."""
    return f"class-notice:{notice.public_id}"


def announce_due() -> int:
    """Tell of every notice that has become due, each in a transaction of its own; how many there were."""
    due = ClassNotice.objects.published(clock.now()).filter(sent_at__isnull=True)
    keys = list(due.order_by("publish_at", "pk").values_list("pk", flat=True))
    return sum(_announce_one(key) for key in keys)


@transaction.atomic
def _announce_one(pk: int) -> bool:
    """A withdrawal that came first wins."""
    rows = ClassNotice.objects.select_for_update(of=("self",)).select_related("cohort").standing()
    notice = rows.filter(pk=pk, sent_at__isnull=True).first()
    if notice is None:
        return False
    announce(notice)
    return True


@transaction.atomic
def edit_notice(
    *,
    actor: User,
    notice: ClassNotice,
    version: int,
    title: str,
    text: str,
    groups: Iterable[Group] = (),
    is_pinned: bool = False,
    publish_at: datetime | None = None,
    file: CheckedFile | None = None,
    drop_file: bool = False,
) -> ClassNotice:
    """Change a notice; Conflict when somebody changed it since ``version`` was read.

    The time of one that is out is not changed; groups that are added to it are told.
    """
    require_runs(actor, notice.cohort)
    held = held_open(notice.cohort)
    now = ClassNotice.objects.select_related("cohort").get(pk=notice.pk)
    _check_edit(now, version)
    is_out, replaced = now.publish_at <= clock.now(), now.file.name
    if drop_file:
        now.file, now.file_name, now.content_type = "", "", ""
    if file:
        _attach(now, file)
    now.title, now.text, now.is_pinned = title_of(title), text_of(text, space.LONGEST_NOTICE), is_pinned
    now.publish_at = now.publish_at if is_out else max(publish_at or clock.now(), clock.now())
    _write_edit(now, version, is_out)
    if replaced and replaced != now.file.name:
        transaction.on_commit(partial(now.file.storage.delete, replaced))
    now.groups.set(_of_class(held, groups))
    log(held, "cohorts.space.notice.edit", user=actor, data={"title": now.title})
    now.refresh_from_db()
    announce(now)
    return now


def _check_edit(now: ClassNotice, version: int) -> None:
    if now.withdrawn_at:
        raise DomainError(_("这条通知已经撤回，不能修改；需要时请另写一条。"), code="withdrawn")
    if now.version != version:
        raise Conflict(OVERTAKEN)


def _write_edit(now: ClassNotice, version: int, is_out: bool) -> None:
    fields = ("title", "text", "is_pinned", "publish_at", "file", "file_name", "content_type")
    values = {name: getattr(now, name) for name in fields}
    if is_out:
        values["edited_at"] = clock.now()
    rows = ClassNotice.objects.standing().filter(pk=now.pk, version=version)
    if not rows.update(**values, version=F("version") + 1):
        raise Conflict(OVERTAKEN)


@transaction.atomic
def withdraw_notice(*, actor: User, notice: ClassNotice, reason: str) -> ClassNotice:
    """Take a notice back, also after the closing: members no longer see it, those who run the class do.

    The messages about it say no more than that; their address leads to a sentence.
    """
    require_runs(actor, notice.cohort)
    values = {"withdrawn_at": clock.now(), "withdrawn_by": actor, "withdraw_reason": reason_of(reason)}
    if not ClassNotice.objects.standing().filter(pk=notice.pk).update(**values, version=F("version") + 1):
        raise Conflict(_("这条通知已经撤回，无需重复办理。"))
    data = {"title": notice.title, "reason": values["withdraw_reason"]}
    log(notice.cohort, "cohorts.space.notice.withdraw", user=actor, data=data)
    notices.reword(key=_key(notice), title=_("一条班级通知已撤回"), text=notice.cohort.full_title)
    notice.refresh_from_db()
    return notice


def was_told(*, notice: ClassNotice, user: User) -> bool:
    """Whether a message about the notice was sent to the person."""
    return bool(user.notices.filter(key=_key(notice)).exists())


def note_opening(*, notice: ClassNotice, member: Membership) -> None:
    """A member opened the notice, and has thereby read the message about it; once is enough."""
    row = NoticeOpening(notice=notice, membership=member, at=clock.now())
    NoticeOpening.objects.bulk_create([row], ignore_conflicts=True)
    notices.mark_read(user=member.user, notices=member.user.notices.filter(key=_key(notice)))
