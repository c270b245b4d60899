"""The class space in the office: writing notices and materials, the discussion with what was reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.forms.classes import ReasonForm
from cohorts.forms.space import HideForm, MaterialForm, NoticeForm
from cohorts.models import ClassNotice, Cohort, Material, Membership, Post, PostReport
from cohorts.presenters.space_office import material_cells, notice_cells, office_tabs, report_item
from cohorts.rules import space
from cohorts.services import space as services
from cohorts.views.loading import class_to_run, form_page, office, page, tell
from cohorts.views.space.materials import handed_out, with_newest_file
from core import clock, uploads

PER_PAGE = 30
MOST_BYTES = 20 * 1024 * 1024
FORM = require_http_methods(["GET", "POST"])


def _page(request: HttpRequest, name: str, cohort: Cohort, part: str, **context: Any) -> HttpResponse:
    parts = office_tabs(cohort, part)
    return page(request, name, cohort, "space", parts=parts, is_open=space.is_open(cohort.state), **context)


def _checked(form: Any) -> uploads.CheckedFile | None:
    """The file of a form, if there is one, through the one door for uploads."""
    file = form.cleaned_data.get("file")
    return uploads.checked_upload(file, kinds=tuple(uploads.CHECKS), max_bytes=MOST_BYTES) if file else None


def _given(form: Any, *left_out: str) -> dict[str, Any]:
    return {k: v for k, v in form.cleaned_data.items() if k not in ("file", "version", *left_out)}


# Notices.


@office
@require_safe
def notice_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every notice with its state and how many have opened it, never who."""
    cohort = class_to_run(request, public_id)
    rows = cohort.notices.annotate(opened=Count("openings")).select_related("cohort", "author")
    rows = rows.order_by("-publish_at", "-pk")
    listing = Paginator(rows.prefetch_related("groups"), PER_PAGE).get_page(request.GET.get("page"))
    sizes = dict(Membership.objects.filter(cohort=cohort).expected().values_list("group").annotate(n=Count("pk")))
    rows = [notice_cells(notice, sizes, clock.now()) for notice in listing]
    return _page(request, "space_notices", cohort, "space", rows=rows, listing=listing)


@office
@FORM
def add_notice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    return form_page(
        request,
        cohort,
        "space",
        form=NoticeForm(request.POST or None, request.FILES or None, cohort=cohort),
        title=_("写通知"),
        submit=_("发布通知"),
        act=lambda f: services.write_notice(actor=request.user, cohort=cohort, file=_checked(f), **_given(f)),
        done=_("通知已保存；到发布时间的已提醒学员。"),
        back=reverse("cohorts:space", args=[public_id]),
    )


def _notice(cohort: Cohort, notice_id: UUID) -> ClassNotice:
    found: ClassNotice = get_object_or_404(cohort.notices.select_related("cohort"), public_id=notice_id)
    return found


@office
@FORM
def edit_notice(request: HttpRequest, public_id: UUID, notice_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    notice = _notice(cohort, notice_id)
    fields = ("title", "text", "is_pinned", "publish_at", "version")
    initial = {name: getattr(notice, name) for name in fields} | {"groups": notice.groups.all()}
    form = NoticeForm(
        request.POST or None, request.FILES or None, initial=initial, cohort=cohort,
        is_out=notice.publish_at <= clock.now(), has_file=bool(notice.file),
    )  # fmt: skip
    return form_page(
        request,
        cohort,
        "space",
        form=form,
        title=_("修改通知"),
        submit=_("保存修改"),
        act=lambda f: services.edit_notice(
            actor=request.user, notice=notice, version=f.cleaned_data["version"] or 0, file=_checked(f),
            **_given(f, "client_key"),
        ),
        done=_("通知已修改。"),
        back=reverse("cohorts:space", args=[public_id]),
        intro=_("现在的附件：%(name)s。") % {"name": notice.file_name} if notice.file else "",
    )  # fmt: skip


def _with_reason(
    request: HttpRequest, cohort: Cohort, act: Callable[[str], Any], back: str, form: Any = None, **words: str
) -> HttpResponse:
    """A page that asks for the reason of an act."""
    given = (form or ReasonForm)(request.POST or None)
    return form_page(
        request, cohort, "space",
        form=given, act=lambda f: act(f.cleaned_data["reason"]), back=reverse(back, args=[cohort.public_id]), **words,
    )  # fmt: skip


@office
@FORM
def withdraw_notice(request: HttpRequest, public_id: UUID, notice_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    notice = _notice(cohort, notice_id)
    return _with_reason(
        request,
        cohort,
        lambda reason: services.withdraw_notice(actor=request.user, notice=notice, reason=reason),
        "cohorts:space",
        title=_("撤回通知：%(title)s") % {"title": notice.title},
        intro=_("撤回后学员不再看到这条通知；办班人员仍能看到它和撤回的原因。"),
        submit=_("撤回通知"),
        done=_("通知已撤回。"),
    )


@office
@require_safe
def notice_file(request: HttpRequest, public_id: UUID, notice_id: UUID) -> FileResponse:
    """The attachment of any notice of the class, also of one that is not out yet or was withdrawn."""
    cohort = class_to_run(request, public_id)
    notice = get_object_or_404(cohort.notices.exclude(file=""), public_id=notice_id)
    file = notice.file.open("rb")
    return FileResponse(file, as_attachment=True, filename=notice.file_name, content_type=notice.content_type)


# Materials.


@office
@require_safe
def material_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    rows = with_newest_file(Material.objects.filter(cohort=cohort))
    listing = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    rows = [material_cells(material, clock.now()) for material in listing]
    return _page(request, "space_materials", cohort, "space-files", rows=rows, listing=listing)


@office
@FORM
def add_material(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    return form_page(
        request,
        cohort,
        "space",
        form=MaterialForm(request.POST or None, request.FILES or None, cohort=cohort),
        title=_("上传资料"),
        submit=_("上传"),
        act=lambda f: services.upload_material(actor=request.user, cohort=cohort, file=_checked(f), **_given(f)),
        done=_("资料已上传。"),
        back=reverse("cohorts:space-files", args=[public_id]),
    )


def _material(cohort: Cohort, material_id: UUID) -> Material:
    found: Material = get_object_or_404(cohort.materials.select_related("cohort", "session"), public_id=material_id)
    return found


@office
@FORM
def edit_material(request: HttpRequest, public_id: UUID, material_id: UUID) -> HttpResponse:
    """Its facts and its file; the versions stand below."""
    cohort = class_to_run(request, public_id)
    material = _material(cohort, material_id)
    initial = {name: getattr(material, name) for name in ("title", "session", "visible_from", "version")}
    return form_page(
        request,
        cohort,
        "space",
        form=MaterialForm(
            request.POST or None, request.FILES or None, initial=initial, cohort=cohort, replacing=True
        ),
        title=_("修改资料"),
        submit=_("保存修改"),
        act=lambda f: services.change_material(
            actor=request.user, material=material, version=f.cleaned_data["version"] or 0, file=_checked(f),
            **_given(f, "client_key"),
        ),
        done=_("资料已修改。"),
        back=reverse("cohorts:space-files", args=[public_id]),
    )  # fmt: skip


@office
@require_safe
def material_versions(request: HttpRequest, public_id: UUID, material_id: UUID) -> HttpResponse:
    """Every file that the material ever was."""
    cohort = class_to_run(request, public_id)
    material = _material(cohort, material_id)
    files = material.files.select_related("added_by")
    return _page(request, "space_versions", cohort, "space-files", material=material, files=files)


@office
@require_safe
def material_version(request: HttpRequest, public_id: UUID, material_id: UUID, number: int) -> FileResponse:
    material = _material(class_to_run(request, public_id), material_id)
    return handed_out(get_object_or_404(material.files, number=min(number, 32_767)))


@office
@FORM
def withdraw_material(request: HttpRequest, public_id: UUID, material_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    material = _material(cohort, material_id)
    return _with_reason(
        request,
        cohort,
        lambda reason: services.withdraw_material(actor=request.user, material=material, reason=reason),
        "cohorts:space-files",
        title=_("撤下资料：%(title)s") % {"title": material.title},
        intro=_("撤下后学员不能再下载；办班人员仍能看到它和撤下的原因。"),
        submit=_("撤下资料"),
        done=_("资料已撤下。"),
    )


# The discussion.


@office
@require_safe
def talk(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was reported and waits, then what is hidden; the discussion itself is read where members read it."""
    cohort = class_to_run(request, public_id)
    waiting = PostReport.objects.filter(post__topic__cohort=cohort, settled_at__isnull=True)
    waiting = waiting.select_related("reporter", "post__author", "post__topic__cohort").order_by("at", "pk")
    reports = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    hidden = Post.objects.filter(topic__cohort=cohort, hidden_at__isnull=False).select_related("author", "topic")
    counts = cohort.topics.aggregate(topics=Count("pk", distinct=True), posts=Count("posts", filter=Q()))
    return _page(
        request, "space_talk", cohort, "space-talk",
        reports=[report_item(report) for report in reports], listing=reports,
        hidden=hidden.select_related("hidden_by").order_by("-hidden_at")[:PER_PAGE], counts=counts,
    )  # fmt: skip


def _post(cohort: Cohort, post_id: UUID) -> Post:
    rows = Post.objects.filter(topic__cohort=cohort).select_related("topic__cohort", "author")
    found: Post = get_object_or_404(rows, public_id=post_id)
    return found


@office
@FORM
def hide_post(request: HttpRequest, public_id: UUID, post_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    post = _post(cohort, post_id)
    return _with_reason(
        request,
        cohort,
        lambda reason: services.hide_post(actor=request.user, post=post, reason=reason),
        "cohorts:space-talk",
        HideForm,
        title=_("隐藏%(name)s在“%(topic)s”中的内容") % {"name": post.author.name, "topic": post.topic.title},
        intro=post.text,
        submit=_("隐藏"),
        done=_("内容已隐藏。"),
    )


@office
@require_POST
def show_post(request: HttpRequest, public_id: UUID, post_id: UUID) -> HttpResponse:
    post = _post(class_to_run(request, public_id), post_id)
    tell(request, lambda: services.show_post(actor=request.user, post=post), _("内容已恢复显示。"))
    return redirect("cohorts:space-talk", public_id=public_id)


@office
@require_POST
def keep_post(request: HttpRequest, public_id: UUID, post_id: UUID) -> HttpResponse:
    """Let a reported post stand."""
    post = _post(class_to_run(request, public_id), post_id)
    tell(request, lambda: services.keep_post(actor=request.user, post=post), _("举报已处理，内容保留。"))
    return redirect("cohorts:space-talk", public_id=public_id)
