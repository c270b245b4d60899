"""The page of one row in words of the trade."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import InspectView

from assessments.models import Voiding
from assessments.permissions import may_void
from core.templatetags.linghang import moment


def yes_or_no(value: bool) -> str:
    return str(_("是") if value else _("否"))


class WordedInspectView(InspectView):
    """The facts of a row under words of the trade, yes and no included."""

    page_title = _("查看")
    words: dict[str, Any] = {}

    def get_field_label(self, field_name: str, field: Any) -> str:
        return str(self.words.get(field_name) or super().get_field_label(field_name, field))

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        return yes_or_no(value) if isinstance(value, bool) else value


class InspectsResult(InspectView):
    """One person's result, with the ways to take it away and to let it count again."""

    any_permission_required = ("view",)
    page_title = _("查看")

    def may_be_voided(self) -> bool:
        raise NotImplementedError

    def is_voided(self) -> bool:
        raise NotImplementedError

    def get_page_subtitle(self) -> str:
        return f"{self.object.user.name} · {self.about()}"

    def about(self) -> str:
        """The exam or the task."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "acts": self.acts()}

    def acts(self) -> list[tuple[Any, str, bool]]:
        """What the person may do with the result: words, address, and whether it takes something away."""
        if not may_void(self.request.user):
            return []
        taking = [(_("取消成绩"), self._url("void"), True)] if self.may_be_voided() else []
        lifting = [(_("撤销取消"), self._url("lift"), False)] if self.is_voided() else []
        return [*taking, *lifting]

    def _url(self, name: str) -> str:
        return reverse(self.index_url_name.replace(":index", f":{name}"), args=[self.object.pk])


def decisions_table(rows: QuerySet[Voiding]) -> dict[str, Any]:
    """Every 取消成绩 with who decided it, what the learner said, and how it was lifted."""
    found = rows.select_related("by", "lifted_by", "attempt").order_by("-at")
    return {
        "caption": _("取消成绩的决定"),
        "columns": [_("决定"), _("情形"), _("理由"), _("文号"), _("可再试至"), _("学员申述"), _("撤销")],
        "rows": [_decision_row(row) for row in found],
        "empty": _("没有取消过成绩。"),
    }


def _decision_row(row: Voiding) -> list[str]:
    lifted = f"{moment(row.lifted_at)} {row.lifted_by.name}：{row.lift_reason}" if row.lifted_by else "—"
    return [
        f"{moment(row.at)} {row.by.name}", str(row.get_cause_display()), row.reason, row.document_no or "—",
        moment(row.again_until) or "—", row.reply or "—", lifted,
    ]  # fmt: skip
