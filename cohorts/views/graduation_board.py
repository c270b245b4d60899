"""The graduation board: members by conditions, totals, who can be saved by what, and the workbook of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohorts.filters import BoardFilter
from cohorts.models import Cohort, CohortState, ConditionWaiver, GraduationDecision, Honour, Membership
from cohorts.permissions import is_office_of
from cohorts.presenters import board as present
from cohorts.reading import classes as reading
from cohorts.reading.offers import offers_of
from cohorts.reading.tally import Tally, tally, tally_decided
from cohorts.rules.graduation import Condition, MemberStanding, decide
from cohorts.rules.saving import nodes_by_key, ways
from cohorts.services.waivers import WAIVE_STATES
from cohorts.tables import board_rows
from cohorts.views.loading import class_to_run, office, page
from core import clock
from core.spreadsheets.writer import ColumnSpec, SheetSpec, download_response, write_xlsx

PER_PAGE = 50
MOST_NAMES = 8  # who miss a condition are named with what would save them; of more the list leads to the filter


def is_decided(cohort: Cohort) -> bool:
    return cohort.state in (CohortState.CLOSED, CohortState.ARCHIVED)


def tally_of(cohort: Cohort, frame: reading.Frame | None = None) -> Tally:
    return tally_decided(cohort) if is_decided(cohort) else tally(cohort, reading.this_half_day(), frame)


SHOWN = (
    "public_id", "cohort", "user__name", "user__work_number", "unit__name", "group", "state", "registered_at",
    "ended_on", "reason", "leave_hours",
)  # fmt: skip


def members_of(cohort: Cohort) -> Any:
    """With what the board shows and the rule reads, and no more of the person."""
    return cohort.memberships.select_related("user", "unit").only(*SHOWN).order_by("user__sort_key", "pk")


def _decisions(cohort: Cohort, members: list[Membership]) -> dict[int, list[Condition]]:
    rows = GraduationDecision.objects.filter(closing__cohort=cohort, closing__undone_at=None, membership__in=members)
    return {row.membership_id: [Condition(**c) for c in row.conditions] for row in rows}


@office
@require_safe
def graduation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Members by conditions; each cell says met, missing or waived, and why."""
    cohort = class_to_run(request, public_id)
    decided, frame = is_decided(cohort), reading.frame_of(cohort)
    found = tally_of(cohort, frame)
    filters = BoardFilter(request.GET, queryset=members_of(cohort), cohort=cohort, tally=found)
    shown = Paginator(filters.qs, PER_PAGE).get_page(request.GET.get("page"))
    named = {} if decided else _named(cohort, found, request.GET.get("missing", ""), list(shown))
    standings, conditions = _conditions(cohort, [*shown, *(m for group in named.values() for m in group)], frame)
    opened = "reasons" in request.GET
    pairs = [(m, conditions.get(m.pk, [])) for m in shown]
    may_waive = cohort.state in WAIVE_STATES and is_office_of(request.user, cohort)
    return page(
        request,
        "graduation",
        cohort,
        "graduation",
        columns=present.columns(found),
        rows=board_rows(cohort, pairs, found.conditions, decided=decided, opened=opened),
        listing=shown,
        filters=filters.form,
        opened=opened,
        decided=decided,
        left_over=_left_over(cohort, found, named, standings, conditions, frame, may_waive),
        honours=_honours(cohort),
        waivers=_waivers(cohort, may_waive),
    )


def _conditions(
    cohort: Cohort, members: list[Membership], frame: reading.Frame | None = None
) -> tuple[dict[int, MemberStanding], dict[int, list[Condition]]]:
    """As decided at the standing closing, else as they are now."""
    if is_decided(cohort):
        return {}, _decisions(cohort, members)
    unique = list({m.pk: m for m in members}.values())
    now = reading.standings(cohort, unique, reading.this_half_day(), frame)
    return now, {key: decide(standing) for key, standing in now.items()}


def _named(cohort: Cohort, found: Tally, asked: str, shown: list[Membership]) -> dict[str, list[Membership]]:
    """By missing condition whom to name: the few who miss it, none of many; the page where it was asked for."""
    lacking = {key: keys for key in found.conditions if (keys := found.lacking(key))}
    few = {key: keys for key, keys in lacking.items() if len(keys) <= MOST_NAMES}
    people = {m.pk: m for m in members_of(cohort).filter(pk__in={pk for keys in few.values() for pk in keys})}
    named = {key: [people[pk] for pk in few.get(key, ())] for key in lacking}
    return {**named, asked: shown} if asked in named else named


def _left_over(
    cohort: Cohort,
    found: Tally,
    named: dict[str, list[Membership]],
    standings: dict[int, MemberStanding],
    conditions: dict[int, list[Condition]],
    frame: reading.Frame,
    may_waive: bool,
) -> list[dict[str, Any]]:
    """By condition: who misses it, and what would save them."""
    people = list({m.pk: m for group in named.values() for m in group}.values())
    offers = offers_of(frame.tree, people, standings, frame.table)
    now, rows = clock.now(), []
    for key, group in named.items():
        pairs = []
        for member in group:
            standing = standings[member.pk]
            condition = next(c for c in conditions[member.pk] if c.key == key)
            node = nodes_by_key(standing.requirements).get(key)
            pairs.append((member, ways(condition, node, offers[member.pk], standing.waivers, now)))
        label, total = found.conditions[key], len(found.lacking(key))
        rows.append(present.left_over(cohort, key, label, total, pairs, may_waive=may_waive))
    return rows


def _given(cohort: Cohort) -> QuerySet[Honour]:
    return Honour.objects.filter(quota__cohort=cohort, withdrawn_at__isnull=True).order_by("quota", "pk")


def _honours(cohort: Cohort) -> list[str]:
    """优秀学员 3 名：甲、乙、丙 — by title."""
    by_title: dict[str, list[str]] = {}
    for title, name in _given(cohort).values_list("quota__title", "membership__user__name"):
        by_title.setdefault(title, []).append(name)
    return [
        _("%(title)s %(n)s 名：%(names)s") % {"title": title, "n": len(names), "names": "、".join(names)}
        for title, names in by_title.items()
    ]


def _waivers(cohort: Cohort, may_revoke: bool) -> list[dict[str, Any]]:
    people = ("membership__user", "granted_by", "revoked_by")
    rows = ConditionWaiver.objects.filter(membership__cohort=cohort).select_related(*people).only(*WAIVER_SHOWN)
    return [present.waiver_row(row, cohort, may_revoke=may_revoke) for row in rows.order_by("revoked_at", "at")]


WAIVER_SHOWN = (
    "public_id", "label", "reason", "document_no", "at", "revoked_at", "revoke_reason",
    "membership__public_id", "membership__user__name", "granted_by__name", "revoked_by__name",
)  # fmt: skip


@office
@require_safe
def export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole board with every reason, as a workbook."""
    cohort = class_to_run(request, public_id)
    members, decided = list(members_of(cohort)), is_decided(cohort)
    _standings, conditions = _conditions(cohort, members)
    labels = {c.key: c.label for m in members for c in conditions.get(m.pk, [])}
    columns = [_("姓名"), ColumnSpec(_("工号"), code=True), _("单位"), _("结论"), *labels.values()]
    rows = [_exported(m, conditions.get(m.pk, []), list(labels), decided) for m in members]
    note = f"{cohort.full_title}（{clock.today():%Y-%m-%d}）"
    sheets = [SheetSpec(_("结业情况"), columns, rows, note=note), *_honour_sheet(cohort, note)]
    return download_response(f"{cohort.code}-{_('结业情况')}.xlsx", write_xlsx(sheets))


def _honour_sheet(cohort: Cohort, note: str) -> list[SheetSpec]:
    given = _given(cohort).select_related("quota", "membership__user", "membership__unit")
    columns = [_("称号"), _("姓名"), ColumnSpec(_("工号"), code=True), _("单位"), _("理由")]
    rows = [
        [h.quota.title, h.membership.user.name, h.membership.user.work_number, h.membership.unit.name, h.reason]
        for h in given
    ]
    return [SheetSpec(_("优秀学员"), columns, rows, note=note)] if given else []


def _exported(member: Membership, conditions: list[Condition], keys: list[str], decided: bool) -> list[Any]:
    by_key = {c.key: c for c in conditions}
    verdict = present.verdict_cell(conditions, decided=decided)["state_word"]
    who = [member.user.name, member.user.work_number, member.unit.name, verdict]
    return who + [present.condition_words(by_key.get(key)) for key in keys]
