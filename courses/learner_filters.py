"""How the list of a course's learners is narrowed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment
from courses.reading.learners import ANY_STUCK, STUCK
from people.models import Unit

OWN = "own"
STATES = [("todo", _("未开始")), ("active", _("学习中")), ("completed", _("已完成")), ("withdrawn", _("已退出"))]
STOPS = [
    ("any", _("全部停滞")),
    ("idle", _("久未学习")),
    ("failing", _("测验多次未通过")),
    ("confirming", _("等待确认")),
    ("missed", _("直播缺席")),
]
LONGEST_WAIT = 365


def find_people(rows: QuerySet[Enrolment], words: str) -> QuerySet[Enrolment]:
    """By a part of the name, or the beginning of the work number or of the pinyin initials."""
    clean = words.replace("\x00", "").strip()[:64]
    if not clean:
        return rows
    return rows.filter(
        Q(user__name__contains=clean)
        | Q(user__work_number__startswith=clean)
        | Q(user__initials__startswith=clean.lower())
    )


class LearnerFilter(django_filters.FilterSet):
    """Learners by name, unit, class, state, and by what keeps them."""

    q = django_filters.CharFilter(label=_("姓名、工号或拼音首字母"), method="find", max_length=64)
    unit = django_filters.ModelChoiceFilter(label=_("单位"), queryset=Unit.objects.none(), method="in_unit")
    context = django_filters.ChoiceFilter(label=_("来源"), method="in_context", choices=[])
    state = django_filters.ChoiceFilter(label=_("状态"), choices=STATES, method="in_state")
    stuck = django_filters.ChoiceFilter(label=_("停滞"), choices=STOPS, method="with_stop")
    days = django_filters.NumberFilter(
        label=_("多少天没有进展算停滞"), method="kept", min_value=1, max_value=LONGEST_WAIT, decimal_places=0
    )

    class Meta:
        model = Enrolment
        fields = ["q", "unit", "context", "state", "stuck", "days"]

    def __init__(self, *args: Any, units: QuerySet[Unit], contexts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["unit"].queryset = units
        self.filters["context"].extra["choices"] = [(OWN, _("自主选课或培训处选课")), *contexts.items()]

    def find(self, rows: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        return find_people(rows, value)

    def in_unit(self, rows: QuerySet[Enrolment], name: str, value: Unit) -> QuerySet[Enrolment]:
        return rows.filter(user__unit__path__startswith=value.path)

    def in_context(self, rows: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        return rows.filter(context_key="" if value == OWN else value)

    def in_state(self, rows: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        if value == "todo":
            return rows.filter(state=Enrolment.State.ACTIVE, touched_at__isnull=True)
        if value == "active":
            return rows.filter(state=Enrolment.State.ACTIVE, touched_at__isnull=False)
        return rows.filter(state=value)

    def with_stop(self, rows: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        return rows.filter(ANY_STUCK if value == "any" else STUCK[value])

    def kept(self, rows: QuerySet[Enrolment], name: str, value: Any) -> QuerySet[Enrolment]:
        """The number is used where the signs are reckoned."""
        return rows


def days_asked(text: str | None) -> int:
    """Days without progress that make somebody stuck: what the page asks for, else what the house has set."""
    asked = int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 0
    return asked if 1 <= asked <= LONGEST_WAIT else int(settings.LINGHANG_STUCK_DAYS)
