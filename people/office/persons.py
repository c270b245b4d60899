"""学员: the list of people, their personal files, and what the office does for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, InspectView
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.log_actions import log

from people import presenters, services
from people.authority import OFFICE
from people.models import User
from people.office.base import ActionView, OfficeIndex, OfficeViewSet, ServiceMixin
from people.office.filters import NEW, PersonFilterSet
from people.office.forms import NewPersonForm, PersonForm, PostingForm, SlipsForm
from people.presentation import masked_id, masked_phone
from people.presenters import grant_rows, personal_facts, posting_rows, read_rows
from people.search import people_fields
from people.services.slips import activation_address

EXPORTED = {
    "name": _("姓名"),
    "work_number": _("工号"),
    "unit": _("单位"),
    "post": _("职务"),
    "level": _("职务层次"),
    "rank": _("职级"),
    "gender": _("性别"),
    "ethnicity": _("民族"),
    "political_status": _("政治面貌"),
    "id_number": _("身份证号"),
    "phone": _("手机号"),
    "email": _("电子邮箱"),
    "state": _("账号"),
}


def access_state(user: User) -> str:
    """已停用, 未激活 or 已启用."""
    if not user.is_active:
        return str(_("已停用"))
    return str(_("已启用") if user.has_usable_password() else _("未激活"))


def unit_name(user: User) -> str:
    return user.unit.name if user.unit else ""


class PeopleIndex(OfficeIndex):
    """Four queries for a page of people, however many there are."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("unit").with_open_posting()

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = super().header_more_buttons
        if self.user_has_permission("change"):
            slips = Button(_("首次登录激活单"), url=reverse("office-people:slips"), icon_name="key", priority=5)
            buttons.append(slips)
        return buttons

    def get_inspect_url(self, instance: User) -> str:
        return reverse("office-people:inspect", args=[instance.pk])

    def to_row_dict(self, item: User) -> dict[str, Any]:
        """What leaves in an export: identity and telephone numbers masked."""
        return {
            "name": item.name,
            "work_number": item.work_number,
            "unit": unit_name(item),
            "post": item.post_words,
            "level": item.level_words,
            "rank": item.rank_words,
            "gender": item.gender,
            "ethnicity": item.ethnicity,
            "political_status": item.political_status,
            "id_number": masked_id(item),
            "phone": masked_phone(item),
            "email": item.email,
            "state": access_state(item),
        }

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponse:
        log(instance=self.request.user, action="people.exported", user=self.request.user, data={"n": queryset.count()})
        return super().as_spreadsheet(queryset, spreadsheet_format)


class PersonalFile(InspectView):
    """One person's file; opening it leaves a row that the person can read."""

    template_name = "people/office/file.html"
    page_title = _("个人档案")

    def get_object(self, queryset: Any = None) -> User:
        return User.objects.select_related("unit", "managed_by").get(pk=self.pk)  # type: ignore[no-any-return]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        services.note_file_read(reader=request.user, subject=self.object, part=str(_("个人档案")))
        return super().get(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("office-people:index"), "label": _("人员")}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.object.name}]

    @cached_property
    def may_change(self) -> bool:
        """The office may; people who see this person through a class may only read."""
        actor = self.request.user
        if not self.user_has_permission("change"):
            return False
        return User.objects.managed_by_grants(actor, OFFICE).filter(pk=self.object.pk).exists()

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.may_change:
            return []
        return [HeaderButton(_("登记任职"), url=self._url("posting"), icon_name="plus")]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        if not self.may_change:
            return []
        return [
            Button(_("修改信息"), url=self._url("edit"), icon_name="edit", priority=10),
            Button(_("重置账号"), url=self._url("reset"), icon_name="key", priority=20),
            Button(_("修改记录"), url=self._url("history"), icon_name="history", priority=30),
        ]

    def _url(self, name: str) -> str:
        return reverse(f"office-people:{name}", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.object
        extra = {
            "facts": [*personal_facts(person), (_("账号"), access_state(person))],
            "postings": posting_rows(person),
            "grants": grant_rows(person),
            "reads": read_rows(person),
            "posting_columns": presenters.posting_columns(),
            "grant_columns": presenters.grant_columns(),
            "read_columns": presenters.read_columns(),
        }
        return super().get_context_data(**extra, **kwargs)  # type: ignore[no-any-return]


class PersonEdit(ServiceMixin, EditView):
    """Corrections; the identity stays."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        services.note_file_read(reader=request.user, subject=self.object, part=str(_("修改信息")))
        return answer

    def save_instance(self) -> User:
        fresh = User.objects.get(pk=self.form.instance.pk)
        return services.change_person(actor=self.request.user, user=fresh, **self.form.changes())

    def get_success_url(self) -> str:
        return reverse("office-people:inspect", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


class PersonAdd(ServiceMixin, CreateView):
    """One person by hand."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("instance", None)
        return kwargs

    def save_instance(self) -> User:
        return services.create_person(actor=self.request.user, **self.form.cleaned_data)

    def get_success_buttons(self) -> list[Any]:
        return []


class PostingView(ActionView):
    page_title = _("登记任职")
    header_icon = "plus"
    form_class = PostingForm
    submit_label = _("登记")
    intro = _("新的现任职务登记后，原任职务在前一天自动截止，人员的单位随之变动。过去的任职不会被覆盖。")
    done = _("任职已登记。")

    def get_initial(self) -> dict[str, Any]:
        now = self.object.open_posting
        return {"unit": now.unit_id, "level": now.level, "rank": now.rank} if now else {"unit": self.object.unit_id}

    def act(self, data: dict[str, Any]) -> None:
        services.add_posting(actor=self.request.user, user=self.object, **data)

    def get_success_url(self) -> str:
        return reverse("office-people:inspect", args=[self.object.pk])


class ResetView(ActionView):
    page_title = _("重置账号")
    header_icon = "key"
    submit_label = _("重置账号并显示激活码")
    intro = _("原密码立即失效，暂停登录同时解除。本人凭新的激活码重新设置密码。激活码只在下一页显示一次。")
    form_class = forms.Form

    def act(self, data: dict[str, Any]) -> HttpResponse:
        issued = services.reset_access(actor=self.request.user, user=self.object)
        context = {**self.get_context_data(), "issued": issued, "address": activation_address()}
        return render(self.request, "people/office/reset_done.html", context)


class SlipsView(ActionView):
    page_title = _("首次登录激活单")
    header_icon = "key"
    form_class = SlipsForm
    submit_label = _("生成激活单")
    intro = _("激活单按单位分页，裁开后当面交给本人。重新生成后，以前发出、还没有用过的激活码随即作废。")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        actor = self.request.user
        people = User.objects.managed_by_grants(actor, OFFICE).active().within(data["unit"])
        if data["whom"] == "new":
            people = people.filter(NEW)
        job = services.order_slips(actor=actor, users=list(people), form=data["form"], valid_days=data["valid_days"])
        return HttpResponseRedirect(job.get_absolute_url())


class PeopleViewSet(OfficeViewSet):
    """学员 in the office."""

    model = User
    name = "office-people"
    url_prefix = "people"
    icon = "group"
    menu_label = _("人员")
    menu_name = "people"
    menu_order = 100
    inspect_view_enabled = True
    inspect_view_fields = ["name"]
    index_view_class = PeopleIndex
    inspect_view_class = PersonalFile
    edit_view_class = PersonEdit
    add_view_class = PersonAdd
    filterset_class = PersonFilterSet
    search_fields = people_fields("")
    search_backend_name = None
    ordering = ["sort_key", "work_number"]
    list_per_page = 50
    list_export = list(EXPORTED)
    export_headings = EXPORTED
    export_codes = frozenset({"work_number", "id_number", "phone"})
    list_display = [
        TitleColumn("name", label=_("姓名"), sort_key="sort_key", url_name="office-people:inspect"),
        Column("work_number", label=_("工号"), sort_key="work_number"),
        Column("unit", label=_("单位"), accessor=unit_name),
        Column("post", label=_("职务"), accessor="post_words"),
        Column("rank", label=_("职级"), accessor="rank_words"),
        StatusTagColumn("state", label=_("账号"), accessor=access_state, primary=lambda user: user.is_active),
    ]

    def get_form_class(self, for_update: bool = False) -> type:
        return PersonForm if for_update else NewPersonForm

    def get_urlpatterns(self) -> list[Any]:
        own = [
            path("slips/", self.construct_view(SlipsView), name="slips"),
            path("posting/<int:pk>/", self.construct_view(PostingView), name="posting"),
            path("reset/<int:pk>/", self.construct_view(ResetView), name="reset"),
        ]
        return [*super().get_urlpatterns(), *own]
