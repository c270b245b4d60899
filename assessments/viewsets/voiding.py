"""The office's two acts on a result: taking it away, and letting it count again."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments import services
from assessments.forms.voiding import LiftForm, VoidAttemptForm, VoidForm
from assessments.models import AttemptState, Voiding
from people.office.base import ActionView


class OnOneResult(ActionView):
    """A page about one seat or one work of the office's scope; the way back is its page."""

    def get_page_subtitle(self) -> str:
        about = self.object.exam if hasattr(self.object, "exam") else self.object.task
        return f"{self.object.user.name} · {about}"

    def get_success_url(self) -> str:
        return reverse(self.index_url_name.replace(":index", ":inspect"), args=[self.object.pk])


class VoidAttemptView(OnOneResult):
    page_title = _("取消成绩")
    header_icon = "cross"
    form_class = VoidAttemptForm
    submit_label = _("取消成绩并通知学员")
    intro = _(
        "取消后，这次作答不再计入成绩，相应的能力证据撤回，以本考试为条件的结业要求不再满足。正在作答的先由系统收卷。"
        "学员会收到通知，可以申述一次；决定可以撤销，全过程留有记录。"
    )
    done = _("成绩已取消，并已通知学员。")

    def get_form_kwargs(self) -> dict[str, Any]:
        open_ones = self.object.attempts.filter(state__in=(AttemptState.RUNNING, AttemptState.MARKED))
        return {**super().get_form_kwargs(), "attempts": open_ones.order_by("number")}

    def act(self, data: dict[str, Any]) -> None:
        services.void_attempt(actor=self.request.user, **data)


class VoidWorkView(OnOneResult):
    page_title = _("取消成绩")
    header_icon = "cross"
    form_class = VoidForm
    submit_label = _("取消成绩并通知学员")
    intro = _(
        "取消后，这份作业的等第不再有效，相应的能力证据撤回，以本任务为条件的结业要求不再满足。"
        "学员会收到通知，可以申述一次；决定可以撤销，全过程留有记录。"
    )
    done = _("成绩已取消，并已通知学员。")

    def act(self, data: dict[str, Any]) -> None:
        services.void_work(actor=self.request.user, submission=self.object, **data)


class LiftView(OnOneResult):
    page_title = _("撤销取消成绩")
    header_icon = "undo"
    form_class = LiftForm
    submit_label = _("撤销取消，恢复成绩")
    intro = _("撤销后成绩恢复，能力证据重新记入；取消和撤销的理由都留在记录里，学员会收到通知。")
    done = _("成绩已恢复，并已通知学员。")

    def get_form_kwargs(self) -> dict[str, Any]:
        standing = Voiding.objects.standing().filter(self.of_object()).select_related("attempt")
        return {**super().get_form_kwargs(), "voidings": standing}

    def of_object(self) -> Any:
        """Which decisions belong to the row."""
        raise NotImplementedError

    def act(self, data: dict[str, Any]) -> None:
        services.lift_voiding(actor=self.request.user, **data)
