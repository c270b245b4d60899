"""档案查阅记录: every opening of a personal file, for the audit administrator."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from core.templatetags.linghang import moment_full
from people.models import PersonalFileRead
from people.office.base import OfficeIndex, OfficeViewSet
from people.office.filters import ReadFilterSet
from people.search import people_fields


def reader_unit(read: PersonalFileRead) -> str:
    return read.reader.unit.name if read.reader.unit else "—"


class ReadIndex(OfficeIndex):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("reader__unit", "subject__unit")


class ReadViewSet(OfficeViewSet):
    """档案查阅记录 in the office: a list to search and export, nothing to change."""

    model = PersonalFileRead
    name = "office-reads"
    url_prefix = "file-reads"
    icon = "view"
    menu_label = _("档案查阅记录")
    menu_name = "file-reads"
    menu_order = 400
    without = frozenset({"add", "edit", "history"})
    index_view_class = ReadIndex
    filterset_class = ReadFilterSet
    form_fields: list[str] = []
    search_fields = [*people_fields("reader__"), *people_fields("subject__")]
    search_backend_name = None
    ordering = ["-at", "-pk"]
    list_per_page = 50
    list_export = ["at", "reader", "reader.work_number", "subject", "subject.work_number", "part"]
    export_headings = {
        "reader": _("查阅人"),
        "reader.work_number": _("查阅人工号"),
        "subject": _("被查阅人"),
        "subject.work_number": _("被查阅人工号"),
    }
    export_codes = frozenset({"reader.work_number", "subject.work_number"})
    list_display = [
        Column("at", label=_("时间"), accessor=lambda read: moment_full(read.at)),
        Column("reader", label=_("查阅人"), accessor="reader.name"),
        Column("reader_number", label=_("查阅人工号"), accessor="reader.work_number"),
        Column("reader_unit", label=_("所在单位"), accessor=reader_unit),
        Column("subject", label=_("被查阅人"), accessor="subject.name"),
        Column("part", label=_("内容"), accessor="part"),
    ]
