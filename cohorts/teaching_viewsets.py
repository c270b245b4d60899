"""What the training offices keep for all classes: the faculty library, rooms, classes of fees, the calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, InspectView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.widgets.button import Button

from cohorts import services
from cohorts.filters import CalendarFilter, FacultyFilter
from cohorts.forms.timetable import AbsenceForm, CalendarDayForm, FacultyForm, FeeClassForm, RoomForm
from cohorts.models import FacultyAbsence, FacultyMember, FeeClass, Room, Session
from cohorts.rules.halfdays import WEEKDAYS
from core import clock
from core.calendar import drop_day, put_day
from core.models import CalendarDay
from core.templatetags.linghang import day, day_short
from people.office.base import ActionView, OfficeIndex, OfficeViewSet, ServiceMixin
from people.search import people_fields


class Created(ServiceMixin, CreateView):
    def get_success_buttons(self) -> list[Any]:
        return []


class Edited(ServiceMixin, EditView):
    def get_success_buttons(self) -> list[Any]:
        return []


def yes(value: bool, words: tuple[Any, Any] = (_("可以排课"), _("停用"))) -> str:
    return str(words[0] if value else words[1])


# 师资库


def taught(member: Any) -> str:
    """12 节，最近 2026年11月24日: what was taught so far."""
    if not member.taught_count:
        return "—"
    return _t("%(n)s 节，最近%(day)s") % {"n": member.taught_count, "day": day(member.taught_last)}


def where_from(member: FacultyMember) -> str:
    return " · ".join(filter(None, [member.organisation, member.title])) or "—"


def topic_words(member: FacultyMember) -> str:
    return "、".join(topic.title for topic in member.topics.all()) or "—"


class FacultyIndex(OfficeIndex):
    """The library; what each taught is counted in the same query."""

    def get_base_queryset(self) -> QuerySet[FacultyMember]:
        rows = super().get_base_queryset().select_related("user", "fee_class").prefetch_related("topics")
        held = Q(user__sessions_taught__day__lte=clock.today()) & ~Q(user__sessions_taught__cohort__state="cancelled")
        return rows.annotate(
            taught_count=Count("user__sessions_taught", filter=held, distinct=True),
            taught_last=Max("user__sessions_taught__day", filter=held),
        )

    def get_inspect_url(self, instance: FacultyMember) -> str:
        return reverse("office_faculty:inspect", args=[instance.pk])


class FacultyFile(InspectView):
    """One person of the library: facts, days on which they cannot come, what they taught."""

    template_name = "cohorts/office/faculty.html"
    page_title = _("师资")
    most_sessions = 50

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("office_faculty:index"), "label": _("师资库")}
        return [*self.breadcrumbs_items, index, {"url": "", "label": str(self.object)}]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        acts = (("edit", _("修改信息"), "edit"), ("absence", _("登记不可排课时间"), "calendar"))
        return [
            Button(label, url=reverse(f"office_faculty:{name}", args=[self.object.pk]), icon_name=icon, priority=at)
            for at, (name, label, icon) in enumerate(acts)
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        member = self.object
        held = Session.objects.filter(lecturer=member.user_id).exclude(cohort__state="cancelled")
        sessions = held.select_related("cohort").order_by("-day", "-starts_at")
        extra = {
            "facts": [
                (_("姓名"), f"{member.user.name}（{member.user.work_number}）"),
                (_("师资类别"), member.get_kind_display()),
                (_("工作单位"), member.organisation or _("未登记")),
                (_("职务职称"), member.title or _("未登记")),
                (_("讲课费类别"), member.fee_class or _("未登记")),
                (_("可讲专题"), topic_words(member)),
                (_("排课"), yes(member.in_use)),
            ],
            "absences": [
                {"row": row, "span": services.absence_words(row), "year": row.from_day.year}
                for row in member.absences.order_by("-from_day")
            ],
            "sessions": [_taught_row(s) for s in sessions[: self.most_sessions]],
            "columns": [_("日期"), _("时间"), _("内容"), _("班次"), _("教室")],
            "count": sessions.count(),
            "member": member,
        }
        return super().get_context_data(**extra, **kwargs)  # type: ignore[no-any-return]


def _taught_row(session: Session) -> list[str]:
    times = f"{session.starts_at:%H:%M}—{session.ends_at:%H:%M}"
    return [day(session.day), times, session.title, session.cohort.full_title, session.room or "—"]


class FacultyAdd(Created):
    def save_instance(self) -> FacultyMember:
        data = dict(self.form.cleaned_data)
        topics = data.pop("topics").splitlines()
        return services.put_faculty(actor=self.request.user, topics=topics, **data)

    def get_success_url(self) -> str:
        return reverse("office_faculty:inspect", args=[self.object.pk])


class FacultyEdit(Edited):
    def save_instance(self) -> FacultyMember:
        data = dict(self.form.cleaned_data)
        topics = data.pop("topics").splitlines()
        user = FacultyMember.objects.get(pk=self.object.pk).user
        return services.put_faculty(actor=self.request.user, user=user, topics=topics, **data)

    def get_success_url(self) -> str:
        return reverse("office_faculty:inspect", args=[self.object.pk])


class AbsenceView(ActionView):
    page_title = _("登记不可排课时间")
    header_icon = "calendar"
    form_class = AbsenceForm
    submit_label = _("登记")
    intro = _("登记后，这些日子不能再给这位教师排课；已经排好的课不会自动取消。")
    done = _("已登记。")

    def act(self, data: dict[str, Any]) -> HttpResponse | None:
        _row, booked = services.add_absence(actor=self.request.user, member=self.object, **data)
        for session in booked:
            words = {"day": day_short(session.day), "title": session.title, "class": session.cohort.full_title}
            messages.warning(self.request, _t("其间已排课：%(day)s《%(title)s》（%(class)s），请调整。") % words)
        return None

    def get_success_url(self) -> str:
        return reverse("office_faculty:inspect", args=[self.object.pk])


class AbsenceDropView(ActionView):
    page_title = _("删除不可排课时间")
    header_icon = "bin"
    form_class = forms.Form
    submit_label = _("删除")
    intro = _("删除后，这些日子又可以给这位教师排课。")
    done = _("已删除。")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.absence  # noqa: B018  404 for one that is not there
        return super().get(request, *args, **kwargs)

    @cached_property
    def absence(self) -> FacultyAbsence:
        found = self.object.absences.filter(pk=self.kwargs["absence"]).first()
        if found is None:
            raise Http404
        return found

    def get_page_subtitle(self) -> str:
        return f"{self.object} {services.absence_words(self.absence)}"

    def act(self, data: dict[str, Any]) -> HttpResponse | None:
        services.drop_absence(actor=self.request.user, absence=self.absence)
        return None

    def get_success_url(self) -> str:
        return reverse("office_faculty:inspect", args=[self.object.pk])


class FacultyViewSet(OfficeViewSet):
    model = FacultyMember
    name = "office_faculty"
    url_prefix = "faculty"
    icon = "user"
    menu_label = _("师资库")
    menu_name = "faculty"
    menu_order = 100
    inspect_view_enabled = True
    inspect_view_fields = ["kind"]
    index_view_class = FacultyIndex
    inspect_view_class = FacultyFile
    add_view_class = FacultyAdd
    edit_view_class = FacultyEdit
    filterset_class = FacultyFilter
    search_fields = [*people_fields(), "organisation", "topics__title"]
    search_backend_name = None
    list_per_page = 50
    ordering = ["user__sort_key", "pk"]
    list_display = [
        TitleColumn("user", label=_("姓名"), accessor="user.name", url_name="office_faculty:inspect"),
        Column("kind", label=_("师资类别"), accessor="get_kind_display", sort_key="kind"),
        Column("organisation", label=_("工作单位和职务"), accessor=where_from),
        Column("topics", label=_("可讲专题"), accessor=topic_words),
        Column("fee_class", label=_("讲课费类别"), accessor=lambda m: m.fee_class or "—"),
        Column("taught", label=_("已授课"), accessor=taught),
        Column("in_use", label=_("排课"), accessor=lambda m: yes(m.in_use), sort_key="in_use"),
    ]
    list_export = ["user.work_number", "user.name", "kind", "organisation", "title", "fee_class", "taught_count"]
    export_headings = {"user.work_number": _("工号"), "user.name": _("姓名"), "taught_count": _("已授课（节）")}
    export_codes = frozenset({"user.work_number"})

    def get_form_class(self, for_update: bool = False) -> type[FacultyForm]:
        return FacultyForm

    def get_urlpatterns(self) -> list[Any]:
        drop = path("absence/<int:pk>/<int:absence>/drop/", self.construct_view(AbsenceDropView), name="absence-drop")
        note = path("absence/<int:pk>/", self.construct_view(AbsenceView), name="absence")
        return [*super().get_urlpatterns(), note, drop]


# 教室


class RoomAdd(Created):
    def save_instance(self) -> Room:
        return services.put_room(actor=self.request.user, **self.form.cleaned_data)


class RoomEdit(Edited):
    def save_instance(self) -> Room:
        room = Room.objects.get(pk=self.object.pk)
        return services.put_room(actor=self.request.user, room=room, **self.form.cleaned_data)


class RoomViewSet(OfficeViewSet):
    model = Room
    name = "office_rooms"
    url_prefix = "rooms"
    icon = "home"
    menu_label = _("教室")
    menu_name = "rooms"
    menu_order = 200
    index_view_class = OfficeIndex
    add_view_class = RoomAdd
    edit_view_class = RoomEdit
    search_fields = ["name", "place"]
    search_backend_name = None
    list_per_page = 50
    list_display = [
        TitleColumn("name", label=_("教室"), url_name="office_rooms:edit"),
        Column("place", label=_("位置"), accessor=lambda room: room.place or "—"),
        Column("seats", label=_("座位数"), sort_key="seats"),
        Column("in_use", label=_("状态"), accessor=lambda r: yes(r.in_use, (_("可以使用"), _("停用")))),
    ]

    def get_form_class(self, for_update: bool = False) -> type[RoomForm]:
        return RoomForm


# 讲课费类别


class FeeClassAdd(Created):
    def save_instance(self) -> FeeClass:
        return services.put_fee_class(actor=self.request.user, **self.form.cleaned_data)


class FeeClassEdit(Edited):
    def save_instance(self) -> FeeClass:
        row = FeeClass.objects.get(pk=self.object.pk)
        return services.put_fee_class(actor=self.request.user, fee_class=row, **self.form.cleaned_data)


def amount(row: FeeClass) -> str:
    return "—" if row.amount is None else _t("每学时 %(n)s 元") % {"n": f"{row.amount:,.2f}"}


class FeeClassViewSet(OfficeViewSet):
    model = FeeClass
    name = "office_fees"
    url_prefix = "fee-classes"
    icon = "tag"
    menu_label = _("讲课费类别")
    menu_name = "fee-classes"
    menu_order = 300
    index_view_class = OfficeIndex
    add_view_class = FeeClassAdd
    edit_view_class = FeeClassEdit
    search_fields = ["name"]
    search_backend_name = None
    list_per_page = 50
    list_display = [
        TitleColumn("name", label=_("名称"), url_name="office_fees:edit"),
        Column("amount", label=_("标准"), accessor=amount),
        Column("basis", label=_("依据"), accessor=lambda row: row.basis or "—"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[FeeClassForm]:
        return FeeClassForm


# 节假日和调休


class CalendarAdd(Created):
    def save_instance(self) -> CalendarDay:
        return put_day(actor=self.request.user, **self.form.cleaned_data)


class CalendarEdit(Edited):
    def save_instance(self) -> CalendarDay:
        return put_day(actor=self.request.user, **self.form.cleaned_data)


class CalendarDrop(ActionView):
    permission_required = "delete"
    page_title = _("删除登记")
    header_icon = "bin"
    form_class = forms.Form
    submit_label = _("删除")
    intro = _("删除后，这一天按星期几计算：周一至周五上班，周末休息。已经排好的课不变。")
    done = _("已删除。")

    def act(self, data: dict[str, Any]) -> HttpResponse | None:
        drop_day(actor=self.request.user, row=self.object)
        return None


class CalendarViewSet(OfficeViewSet):
    model = CalendarDay
    name = "office_calendar"
    url_prefix = "calendar-days"
    icon = "date"
    menu_label = _("节假日和调休")
    menu_name = "calendar-days"
    menu_order = 400
    index_view_class = OfficeIndex
    add_view_class = CalendarAdd
    edit_view_class = CalendarEdit
    filterset_class = CalendarFilter
    search_fields = ["name", "source"]
    search_backend_name = None
    list_per_page = 100
    ordering = ["-day"]
    list_display = [
        TitleColumn("day", label=_("日期"), accessor=lambda row: day(row.day), url_name="office_calendar:edit"),
        Column("weekday", label=_("星期"), accessor=lambda row: WEEKDAYS[row.day.weekday()]),
        Column("is_working", label=_("安排"), accessor=lambda row: yes(row.is_working, (_("调休上班"), _("放假")))),
        Column("name", label=_("名称")),
        Column("source", label=_("依据"), accessor=lambda row: row.source or "—"),
        TitleColumn("drop", label=_("操作"), accessor=lambda row: _t("删除"), url_name="office_calendar:drop"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[CalendarDayForm]:
        return CalendarDayForm

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("drop/<int:pk>/", self.construct_view(CalendarDrop), name="drop")]


class TeachingGroup(ViewSetGroup):
    """排课资源 in the trade's menu."""

    menu_label = _("排课资源")
    menu_icon = "date"
    menu_name = "teaching-group"
    menu_order = 210
    items = (FacultyViewSet, RoomViewSet, FeeClassViewSet, CalendarViewSet)
