"""单位: the tree with its dates, and the acts by which units change."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, InspectView
from wagtail.admin.widgets.button import Button

from core.templatetags.linghang import day
from people import services
from people.models import Unit, User
from people.office.base import ActionView, OfficeIndex, OfficeViewSet, ServiceMixin
from people.office.filters import UnitFilterSet
from people.office.forms import MergeForm, NewUnitForm, SplitForm, SuccessorForm, UnitForm


def indented(unit: Unit) -> str:
    return f"{'　' * (unit.depth - 1)}{unit.name}"


def existence(unit: Unit) -> str:
    """2020年1月1日 — 今; a dash for a unit without dates."""
    if not unit.valid_from and not unit.valid_to:
        return "—"
    return f"{day(unit.valid_from) or '…'} — {day(unit.valid_to) or _t('今')}"


def followers(unit: Unit) -> str:
    rows = unit.successions.all()
    return "、".join(f"{row.get_kind_display()}为{row.successor.name}" for row in rows) or "—"


class UnitIndex(OfficeIndex):
    """The tree, each unit with how many people belong to it now."""

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset().prefetch_related("successions__successor")
        return rows.annotate(heads=Count("people"))

    def get_inspect_url(self, instance: Unit) -> str:
        return reverse("office-units:inspect", args=[instance.pk])


class UnitFile(InspectView):
    template_name = "people/office/unit.html"
    page_title = _("单位")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("office-units:index"), "label": _("单位")}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.object.name}]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        if not self.user_has_permission("change") or self.object.valid_to:
            return []
        acts = (("edit", _("更正信息"), "edit"), ("rename", _("更名"), "redirect"))
        acts += (("merge", _("合并"), "collapse-down"), ("split", _("拆分"), "expand-right"))
        return [
            Button(label, url=reverse(f"office-units:{name}", args=[self.object.pk]), icon_name=icon, priority=at)
            for at, (name, label, icon) in enumerate(acts)
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit = self.object
        above = unit.get_parent()
        facts = [
            (_("单位名称"), unit.name),
            (_("简称"), unit.short_name),
            (_("单位代码"), unit.code),
            (_("统一社会信用代码"), unit.uscc),
            (_("上级单位"), above.name if above else ""),
            (_("存续时间"), existence(unit)),
            (_("现有人员"), _t("%(n)s 人") % {"n": User.objects.filter(unit=unit).count()}),
        ]
        extra = {
            "facts": [(label, value or _("未登记")) for label, value in facts],
            "after": self._rows(unit.successions.select_related("successor"), "successor"),
            "before": self._rows(unit.precessions.select_related("predecessor"), "predecessor"),
            "after_columns": [_("方式"), _("新单位"), _("生效日期"), _("文号")],
            "before_columns": [_("方式"), _("原单位"), _("生效日期"), _("文号")],
            "below_columns": [_("单位名称"), _("单位代码"), _("存续时间")],
            "below": [[child.name, child.code, existence(child)] for child in unit.get_children()],
        }
        return super().get_context_data(**extra, **kwargs)  # type: ignore[no-any-return]

    @staticmethod
    def _rows(rows: Any, end: str) -> list[list[str]]:
        return [[str(r.get_kind_display()), getattr(r, end).name, day(r.on), r.document_no or "—"] for r in rows]


class UnitEdit(ServiceMixin, EditView):
    def save_instance(self) -> Unit:
        fresh = Unit.objects.get(pk=self.form.instance.pk)
        return services.correct_unit(actor=self.request.user, unit=fresh, **self.form.changes())

    def get_success_url(self) -> str:
        return reverse("office-units:inspect", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


class UnitAdd(ServiceMixin, CreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("instance", None)
        return kwargs

    def save_instance(self) -> Unit:
        return services.create_unit(actor=self.request.user, **self.form.cleaned_data)

    def get_success_buttons(self) -> list[Any]:
        return []


class UnitAction(ActionView):
    done = _("单位变更已办理，人员、授权和下级单位已转到新单位；过去的统计仍归原单位。")


class RenameView(UnitAction):
    page_title = _("更名")
    header_icon = "redirect"
    form_class = SuccessorForm
    submit_label = _("办理更名")
    intro = _("更名后建立新单位，原单位保留到生效日前一天。只是写错了字，请用“更正信息”。")

    def act(self, data: dict[str, Any]) -> HttpResponse | None:
        services.rename_unit(actor=self.request.user, unit=self.object, **data)
        return None


class MergeView(UnitAction):
    page_title = _("合并")
    header_icon = "collapse-down"
    form_class = MergeForm
    submit_label = _("办理合并")
    intro = _("本单位与勾选的单位合并为一个新单位，原单位都保留到生效日前一天。")

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        others = form.fields["others"]
        others.queryset = others.queryset.filter(valid_to=None).exclude(pk=self.object.pk)
        return form

    def act(self, data: dict[str, Any]) -> HttpResponse | None:
        units = [self.object, *data.pop("others")]
        services.merge_units(actor=self.request.user, units=units, **data)
        return None


class SplitView(UnitAction):
    page_title = _("拆分")
    header_icon = "expand-right"
    form_class = SplitForm
    submit_label = _("办理拆分")
    intro = _("本单位拆分为两个新单位，原单位保留到生效日前一天。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "unit": self.object}

    def act(self, data: dict[str, Any]) -> HttpResponse | None:
        second = {person.pk for person in data["second_people"]}
        staff = User.objects.filter(unit=self.object).values_list("pk", flat=True)
        services.split_unit(
            actor=self.request.user,
            unit=self.object,
            parts=[(data["first_code"], data["first_name"]), (data["second_code"], data["second_name"])],
            people={pk: int(pk in second) for pk in staff},
            on=data["on"],
            document_no=data["document_no"],
        )
        return None


class UnitViewSet(OfficeViewSet):
    """单位 in the office."""

    model = Unit
    name = "office-units"
    url_prefix = "units"
    icon = "site"
    menu_label = _("单位")
    menu_name = "units"
    menu_order = 200
    inspect_view_enabled = True
    inspect_view_fields = ["name"]
    index_view_class = UnitIndex
    inspect_view_class = UnitFile
    edit_view_class = UnitEdit
    add_view_class = UnitAdd
    filterset_class = UnitFilterSet
    search_fields = ["name", "short_name", "code"]
    search_backend_name = None
    ordering = ["path"]
    list_per_page = 100
    list_export = ["code", "name", "short_name", "uscc", "valid_from", "valid_to"]
    export_codes = frozenset({"code", "uscc"})
    list_display = [
        TitleColumn("name", label=_("单位名称"), accessor=indented, url_name="office-units:inspect"),
        Column("code", label=_("单位代码")),
        Column("dates", label=_("存续时间"), accessor=existence),
        NumberColumn("heads", label=_("现有人员")),
        Column("after", label=_("后续单位"), accessor=followers),
    ]

    def get_form_class(self, for_update: bool = False) -> type:
        return UnitForm if for_update else NewUnitForm

    def get_urlpatterns(self) -> list[Any]:
        acts = {"rename": RenameView, "merge": MergeView, "split": SplitView}
        own = [path(f"{name}/<int:pk>/", self.construct_view(view), name=name) for name, view in acts.items()]
        return [*super().get_urlpatterns(), *own]
