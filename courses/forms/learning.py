"""What a browser sends, turned into values; nonsense becomes a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.errors import DomainError
from core.uploads import CheckedFile, checked_upload
from courses.rules import progress
from courses.rules.progress import ProgressUpdate
from courses.services.confirming import BIGGEST_PROOF

LARGEST = 2**53 - 1  # what a browser counts exactly


class ProofForm(forms.Form):
    """What shows that a course on another platform is done: a number, a picture, or both."""

    certificate_no = forms.CharField(
        label=gettext_lazy("证书编号"), max_length=80, required=False,
        help_text=gettext_lazy("原平台颁发的结业证书或学习证明上的编号。"),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("截图或证书"), required=False, max_length=200,
        help_text=gettext_lazy("图片或 PDF，不超过 10 MB。截图中请勿出现身份证号等无关信息。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
    )  # fmt: skip

    def clean_file(self) -> CheckedFile | None:
        upload = self.cleaned_data["file"]
        if not upload:
            return None
        try:
            return checked_upload(upload, kinds={"pdf", "image"}, max_bytes=BIGGEST_PROOF)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from refusal

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("certificate_no") or data.get("file") or self.errors):
            self.add_error("certificate_no", _("请填写证书编号，或者上传完成学习的截图。"))
        return data


def update_from(request: HttpRequest) -> ProgressUpdate:
    """JSON in the body or in the field ``payload``; a plain form with ``reached_end`` means “read to the end”."""
    if request.content_type == "application/json":
        return _parsed(request.body)
    if "reached_end" in request.POST:
        return ProgressUpdate(int(clock.now().timestamp() * 1000), progress.number(100), reached_end=True)
    return _parsed(request.POST.get("payload", ""))


def _parsed(raw: str | bytes) -> ProgressUpdate:
    try:
        return _update(json.loads(raw))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DomainError(_("学习进度没有记下来，请刷新页面后继续学习。"), code="unreadable") from error


def _update(data: Mapping[str, Any]) -> ProgressUpdate:
    sequence = data["sequence"]
    if isinstance(sequence, bool) or not isinstance(sequence, int) or not 1 <= sequence <= LARGEST:
        raise ValueError("sequence")
    return ProgressUpdate(
        sequence=sequence,
        position=progress.number(data.get("position", 0)),
        watched=progress.parsed(data.get("watched", [])),
        reached_end=data.get("reached_end") is True,
        session=client_key_from(data.get("session")),
        alive=progress.number(data.get("alive", 0)),
        leaving=data.get("leaving") is True,
    )


def opening_from(request: HttpRequest) -> tuple[UUID, bool]:
    """The page that wants to be the one that counts, and whether the learner confirmed that another one stops."""
    try:
        data = json.loads(request.body)
        return UUID(data["session"]), data.get("take_over") is True
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DomainError(_("学习没有接上，请刷新页面后继续学习。"), code="unreadable") from error


def choice_from(data: QueryDict) -> list[int]:
    """The option numbers of one answer."""
    values = data.getlist("choice")
    if not values or not all(v.isascii() and v.isdigit() and len(v) < 4 for v in values):
        raise DomainError(_("还没有作答，请选出答案后再提交。"))
    return [int(v) for v in values]


def appeal_from(data: QueryDict) -> str:
    """What the learner has to say, cleaned of what no database takes."""
    field = forms.CharField(max_length=500, required=False)
    try:
        return str(field.clean(data.get("text", "")))
    except ValidationError as error:
        raise DomainError(_("说明请控制在 500 字以内，只写文字。")) from error


def client_key_from(text: Any) -> UUID | None:
    """The key under which a try or a page is known; None for nonsense."""
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def answers_from(data: QueryDict) -> dict[str, list[int]]:
    """``answer-<wording>`` fields as option numbers by wording."""
    chosen = {}
    for name in data:
        if name.startswith("answer-"):
            values = data.getlist(name)
            if not all(v.isascii() and v.isdigit() and len(v) < 4 for v in values):
                raise DomainError(_("答案与题目不符，请刷新页面后重新作答。"))
            chosen[name.removeprefix("answer-")] = [int(v) for v in values]
    if not chosen:
        raise DomainError(_("还没有作答，请选出答案后再提交。"))
    return chosen
