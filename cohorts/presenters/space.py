"""The class space as ready words: tabs, notices, materials by day, posts with their authors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.models import ClassNotice, Cohort, CohortStaff, Material, Membership, Post, Topic
from cohorts.rules import space
from cohorts.rules.schedule import Entry
from core import clock
from core.templatetags.linghang import moment_full
from core.uploads import megabytes


def space_tabs(cohort: Cohort, active: str, *, member: Membership | None, runs: bool) -> list[dict[str, Any]]:
    """课表 · 通知 · 资料 · 讨论 · 通讯录, each for those to whom it opens; unread notices with their number."""
    unread = ClassNotice.objects.for_member(member, clock.now()).unopened_by(member).count() if member else 0
    tabs = [
        ("class", _("课表"), member is not None, None),
        ("space-notices", _("通知"), True, unread or None),
        ("space-materials", _("资料"), True, None),
        ("space-topics", _("讨论"), True, None),
        ("space-contacts", _("通讯录"), member is not None or runs, None),
    ]
    return [
        {
            "label": label,
            "url": reverse(f"cohorts:{name}", args=[cohort.public_id]),
            "active": name == active,
            "count": count,
        }
        for name, label, opens, count in tabs
        if opens
    ]


def notice_line(notice: ClassNotice, *, unread: bool, group_names: list[str]) -> dict[str, Any]:
    """A notice in the members' list."""
    return {
        "notice": notice,
        "url": reverse("cohorts:space-notice", args=[notice.cohort.public_id, notice.public_id]),
        "unread": unread,
        "to": "、".join(group_names),
    }


def opened_words(opened: int, recipients: int) -> str:
    """已有 12 人打开，共 20 人; of a few people it is not said."""
    if recipients < space.FEWEST_COUNTED:
        return _("接收人不足 %(n)s 人，不显示打开人数") % {"n": space.FEWEST_COUNTED}
    return _("%(opened)s 人已打开，共 %(all)s 人") % {"opened": min(opened, recipients), "all": recipients}


def notice_state(notice: ClassNotice, now: datetime) -> dict[str, str]:
    """Where a notice stands, for those who run the class."""
    if notice.withdrawn_at:
        return {"state": "failed", "state_word": _("已撤回"), "sub": notice.withdraw_reason}
    if notice.publish_at > now:
        return {"state": "waiting", "state_word": _("待发布"), "sub": moment_full(notice.publish_at)}
    return {"state": "done", "state_word": _("已发布"), "sub": moment_full(notice.publish_at)}


def material_day(material: Material) -> date:
    """The day under which a material stands: that of its lesson, else that from which it is shown."""
    return material.session.day if material.session else timezone.localdate(material.visible_from)


def material_line(material: Material, lesson: Entry | None) -> dict[str, Any]:
    """A material with its newest file; ``newest_*`` come with the query, the lesson as it was published."""
    return {
        "material": material,
        "title": material.title,
        "url": reverse("cohorts:space-material", args=[material.cohort.public_id, material.public_id]),
        "name": material.newest_name,
        "size": megabytes(material.newest_size),
        "version": material.newest_number,
        "session": lesson.title if lesson else "",
    }


def told_day(visible_from: datetime, lesson: Entry | None) -> date:
    """The day under which a member finds a material: that of its lesson as published, else from when it shows."""
    return lesson.day if lesson else timezone.localdate(visible_from)


def materials_by_day(materials: Iterable[Material], lessons: Mapping[int, Entry]) -> list[dict[str, Any]]:
    """The materials under their days, in the order given; ``lessons`` are the published ones by key."""
    days: dict[date, list[dict[str, Any]]] = {}
    for material in materials:
        lesson = lessons.get(material.session_id)
        days.setdefault(told_day(material.visible_from, lesson), []).append(material_line(material, lesson))
    return [{"day": day, "rows": rows} for day, rows in days.items()]


def who_is_who(cohort: Cohort, people: Iterable[int]) -> dict[int, str]:
    """What the people are in the class: 班主任, 第2组, 培训处. Two queries."""
    wanted = set(people)
    found = {pk: _("培训处") for pk in wanted}
    members = cohort.memberships.filter(user__in=wanted).select_related("group")
    found |= {m.user_id: str(m.group) if m.group else _("学员") for m in members}
    found |= {s.user_id: str(CohortStaff.Duty(s.duty).label) for s in cohort.staff.filter(user__in=wanted)}
    return found


def topic_line(topic: Topic, roles: dict[int, str]) -> dict[str, Any]:
    """A topic in the list; ``answers`` and ``is_hidden`` come with the query."""
    answers = _("%(n)s 条回复") % {"n": topic.answers} if topic.answers else _("还没有回复")
    return {
        "topic": topic,
        "url": reverse("cohorts:space-topic", args=[topic.cohort.public_id, topic.public_id]),
        "by": f"{topic.author.name}（{roles[topic.author_id]}）",
        "answers": answers,
        "group": str(topic.group) if topic.group else "",
        "is_hidden": topic.is_hidden,
    }


def post_view(
    post: Post, *, viewer: Any, runs: bool, is_open: bool, roles: dict[int, str], host: str
) -> dict[str, Any]:
    """A post as this reader sees it: a hidden one only to its author and to those who run the class."""
    own, hidden = post.author_id == viewer.pk, post.hidden_at is not None
    readable = not hidden or own or runs
    return {
        "post": post,
        "name": post.author.name if readable else "",
        "role": roles[post.author_id] if readable else "",
        "paragraphs": space.paragraphs(post.text, host) if readable else [],
        "is_hidden": hidden,
        "readable": readable,
        "reason": post.hide_reason if readable else "",
        "may_edit": own and is_open and not hidden and space.may_edit(post.made_at, clock.now()),
        "may_report": not own and not runs and not hidden,
        "may_hide": runs,
    }


def contact_row(member: Membership, *, me: Any, offices: list[str]) -> dict[str, Any]:
    """A member in the contact list; ``phone_agreed`` comes with the query."""
    return {
        "name": member.user.name,
        "unit": member.unit.name,
        "post": member.posting.post if member.posting else "",
        "phone": member.user.phone if member.phone_agreed else "",
        "offices": "、".join(offices),
        "is_me": member.user_id == me.pk,
    }
