"""Pages' values as ready strings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.messaging.choices import NEED_CONSENT, switches
from core.messaging.kinds import MAIL, SMS
from core.templatetags.linghang import day, moment_full
from people.models import Posting, RoleGrant, User
from people.presentation import masked_id, masked_phone

READS_SHOWN = 50


def span(start: Any, end: Any) -> str:
    """2024年3月1日 至今."""
    return f"{day(start)} — {day(end) if end else _('至今')}"


def personal_facts(user: User) -> list[tuple[str, str]]:
    """What is kept about a person, masked where the law asks for it; absent values are named so."""
    facts = [
        (_("姓名"), user.name),
        (_("工号"), user.work_number),
        (_("单位"), user.unit.name if user.unit else ""),
        (_("干部管理机构"), user.managed_by.name if user.managed_by else ""),
        (_("性别"), str(user.get_gender_display())),
        (_("出生日期"), day(user.birth_date)),
        (_("民族"), user.ethnicity),
        (_("政治面貌"), user.political_status),
        (_("身份证号"), masked_id(user)),
        (_("手机号"), masked_phone(user)),
        (_("电子邮箱"), user.email),
    ]
    return [(label, value or _("未登记")) for label, value in facts]


def posting_rows(user: User) -> list[list[str]]:
    """Unit, post, level, rank and dates of every posting, newest first."""
    return [
        [p.unit.name, p.post, str(p.get_level_display()), str(p.get_rank_display()), span(p.starts_on, p.ends_on)]
        for p in Posting.objects.filter(user=user).select_related("unit").order_by("-starts_on", "-pk")
    ]


def grant_rows(user: User) -> list[list[str]]:
    """Role, unit and dates of the grants in force."""
    grants = RoleGrant.objects.open().filter(user=user).select_related("unit").order_by("starts_on", "pk")
    return [
        [str(g.get_role_display()), g.unit.name if g.unit else _("不限单位"), span(g.starts_on, g.ends_on)]
        for g in grants
    ]


def read_rows(user: User) -> list[list[str]]:
    """Who opened the person's file, which part, and when, newest first."""
    reads = user.file_reads.select_related("reader", "reader__unit")[:READS_SHOWN]
    return [
        [moment_full(read.at), read.reader.name, read.reader.unit.name if read.reader.unit else "", read.part]
        for read in reads
    ]


def posting_columns() -> list[str]:
    return [_("单位"), _("职务"), _("职务层次"), _("职级"), _("任职起止")]


def grant_columns() -> list[str]:
    return [_("角色"), _("单位范围"), _("起止日期")]


def read_columns() -> list[str]:
    return [_("时间"), _("查阅人"), _("所在单位"), _("内容")]


def _labelled(labels: list[str]) -> list[dict[str, str]]:
    return [{"label": label} for label in labels]


def channel_rows(user: User) -> list[dict[str, Any]]:
    """The channels of this installation with their switch; the telephone number masked."""
    return [
        {
            "name": channel.name,
            "title": channel.title,
            "on": on and bool(address),
            "address": masked_phone(user) if channel.name == SMS else address,
            "has_address": bool(address),
            "asks_consent": channel.name in NEED_CONSENT,
            "is_mail": channel.name == MAIL,
        }
        for channel, on, address in switches(user)
    ]


def own_account(user: User) -> dict[str, Any]:
    """The context of the account page."""
    return {
        "facts": personal_facts(user),
        "channels": channel_rows(user),
        "postings": posting_rows(user),
        "posting_columns": _labelled(posting_columns()),
        "grants": grant_rows(user),
        "grant_columns": _labelled(grant_columns()),
        "reads": read_rows(user),
        "read_columns": _labelled(read_columns()),
        "reads_shown": READS_SHOWN,
    }
