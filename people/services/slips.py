"""Activation slips for many people: asked for as a job, handed to its owner only."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import jobs
from core.drawing.slips import ActivationSlip, draw_slips
from core.drawing.typefaces import missing_characters
from core.errors import DomainError
from core.models import Job
from core.spreadsheets.writer import ColumnSpec, SheetSpec, write_xlsx
from core.templatetags.linghang import day
from people.authority import require_reach
from people.models import User
from people.services.access import ISSUERS, VALID_DAYS, IssuedCode, issue_activation_codes

KIND = "people.activation_slips"
FORMS = ("pdf", "xlsx")
MOST = 5000


@transaction.atomic
def order_slips(*, actor: User, users: Sequence[User], form: str = "pdf", valid_days: int = VALID_DAYS) -> Job:
    """A job that makes one slip per person, unit by unit; codes issued earlier stop working when it runs."""
    if form not in FORMS:
        raise DomainError(_("激活单只有 PDF 和 Excel 两种格式。"))
    if not users:
        raise DomainError(_("没有选中任何人员，请先勾选需要激活单的人员。"))
    if len(users) > MOST:
        raise DomainError(_("一次最多 %(n)s 人，请按单位分批办理。") % {"n": MOST})
    require_reach(actor, users, ISSUERS)
    title = _("首次登录激活单（%(n)s 人）") % {"n": len(users)}
    params = {"users": [user.pk for user in users], "form": form, "valid_days": valid_days}
    return jobs.enqueue(kind=KIND, owner=actor, params=params, title=title)


def one_piece(job: Job) -> int:
    """Codes and their slips belong together: all in one transaction, or none."""
    return 1


def check_people(job: Job, number: int) -> str:
    """The grant may have ended since the job was asked for."""
    require_reach(job.owner, _people(job), ISSUERS)
    return _("正在生成激活码和激活单")


def make_slips(job: Job) -> dict[str, int]:
    """Issue the codes and keep the file; the codes stand in clear nowhere else."""
    issued = issue_activation_codes(actor=job.owner, users=_people(job), valid_days=job.params["valid_days"])
    issued.sort(key=lambda one: (one.user.unit.path if one.user.unit else "", one.user.sort_key))
    form = job.params["form"]
    data = slips_pdf(issued) if form == "pdf" else slips_xlsx(issued)
    jobs.store_result(job, name=_("首次登录激活单") + f".{form}", data=data)
    return {"people": len(issued)}


def _people(job: Job) -> list[User]:
    return list(User.objects.filter(pk__in=job.params["users"]).select_related("unit"))


def activation_address() -> str:
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("people:activate")


def slips_pdf(issued: Sequence[IssuedCode]) -> bytes:
    """Six slips to a page, each unit beginning on a page of its own; DomainError names what cannot be printed."""
    slips = [
        ActivationSlip(
            name=one.user.name,
            unit=one.user.unit.name if one.user.unit else _("未登记单位"),
            work_number=one.user.work_number,
            code=one.code,
            start_url=activation_address(),
            valid_until=timezone.localdate(one.expires_at),
        )
        for one in issued
    ]
    _refuse_unprintable(slips)
    return draw_slips(slips)


def _refuse_unprintable(slips: Sequence[ActivationSlip]) -> None:
    """Nothing is printed with a missing glyph: the people are named, and the other form has no such limit."""
    wanting = [
        slip.name
        for slip in slips
        if missing_characters(slip.name + slip.unit, "serif-bold") or missing_characters(slip.unit, "sans")
    ]
    if wanting:
        names = "、".join(wanting[:10])
        raise DomainError(
            _("字库中没有这些人姓名或单位中的字，无法打印：%(names)s。请改选 Excel 表格，或联系管理员补充字库。")
            % {"names": names}
        )


def slips_xlsx(issued: Sequence[IssuedCode]) -> bytes:
    """One sheet per unit, so that each unit's part can be handed over alone."""
    units: dict[str, list[list[str]]] = {}
    for one in issued:
        row = [one.user.name, one.user.work_number, one.code, day(one.expires_at), activation_address()]
        units.setdefault(one.user.unit.name if one.user.unit else _("未登记单位"), []).append(row)
    columns = [
        ColumnSpec(_("姓名")),
        ColumnSpec(_("工号"), code=True),
        ColumnSpec(_("激活码"), code=True),
        ColumnSpec(_("有效期至")),
        ColumnSpec(_("网址")),
    ]
    note = _("激活码只能使用一次，请当面交给本人，不要转发。")
    return write_xlsx([SheetSpec(name, columns, rows, note) for name, rows in _named_apart(units)])


def _named_apart(units: dict[str, list[list[str]]]) -> list[tuple[str, list[list[str]]]]:
    """Sheet names are cut at 31 characters: a number in front keeps them apart."""
    several = len(units) > 1
    return [(f"{n}-{name}" if several else name, rows) for n, (name, rows) in enumerate(units.items(), 1)]
