"""The class space of the office as ready words: its parts, and the rows of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.models import ClassNotice, Cohort, Material, PostReport
from cohorts.presenters.space import material_day, notice_state, opened_words
from core.templatetags.linghang import day_short, moment_full
from core.uploads import megabytes


def office_tabs(cohort: Cohort, active: str) -> list[dict[str, Any]]:
    """通知 · 资料 · 讨论和举报."""
    parts = (("space", _("通知")), ("space-files", _("资料")), ("space-talk", _("讨论和举报")))
    return [
        {"label": label, "url": reverse(f"cohorts:{name}", args=[cohort.public_id]), "active": name == active}
        for name, label in parts
    ]


def notice_cells(notice: ClassNotice, sizes: Mapping[int | None, int], now: datetime) -> dict[str, Any]:
    """A notice for those who run the class; ``sizes``: members of each group, ``opened`` comes with the query."""
    groups = list(notice.groups.all())
    reached = sum(sizes.get(group.pk, 0) for group in groups) if groups else sum(sizes.values())
    is_out = notice.publish_at <= now and not notice.withdrawn_at
    return {
        "notice": notice,
        "state": notice_state(notice, now),
        "to": "、".join(str(group) for group in groups) or _("全班"),
        "opened": opened_words(notice.opened, reached) if is_out else "",
        "url": reverse("cohorts:space-notice-edit", args=[notice.cohort.public_id, notice.public_id]),
        "withdraw_url": reverse("cohorts:space-notice-withdraw", args=[notice.cohort.public_id, notice.public_id]),
        "file_url": reverse("cohorts:space-notice-attachment", args=[notice.cohort.public_id, notice.public_id]),
    }


def material_cells(material: Material, now: datetime) -> dict[str, Any]:
    """A material for those who run the class; ``newest_*`` come with the query."""
    here = [material.cohort.public_id, material.public_id]
    return {
        "material": material,
        "day": day_short(material_day(material)),
        "session": material.session.title if material.session else _("不属于某一节课"),
        "file": f"{material.newest_name}（{megabytes(material.newest_size)}）",
        "version": _("第 %(n)s 版") % {"n": material.newest_number},
        "state": _material_state(material, now),
        "url": reverse("cohorts:space-file-edit", args=here),
        "versions_url": reverse("cohorts:space-file-versions", args=here),
        "withdraw_url": reverse("cohorts:space-file-withdraw", args=here),
    }


def _material_state(material: Material, now: datetime) -> dict[str, str]:
    if material.withdrawn_at:
        return {"state": "failed", "state_word": _("已撤下"), "sub": material.withdraw_reason}
    if material.visible_from > now:
        return {"state": "waiting", "state_word": _("待开放"), "sub": moment_full(material.visible_from)}
    return {"state": "done", "state_word": _("已开放"), "sub": moment_full(material.visible_from)}


def report_item(report: PostReport) -> dict[str, Any]:
    """A report that waits, with the words as they were reported and whether they were changed since."""
    post, cohort = report.post, report.post.topic.cohort
    return {
        "report": report,
        "post": post,
        "changed": post.text != report.text,
        "topic_url": reverse("cohorts:space-topic", args=[cohort.public_id, post.topic.public_id]),
        "hide_url": reverse("cohorts:space-post-hide", args=[cohort.public_id, post.public_id]),
        "keep_url": reverse("cohorts:space-post-keep", args=[cohort.public_id, post.public_id]),
    }
