"""The people behind a figure: who contributes what, each name leading to the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_filters
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import Cohort, Membership, MembershipState
from people.models import Unit, User
from people.search import LABEL, find_people
from portal import figures
from portal.leaders import words
from portal.measures import ARRIVED, MEMBER, PERSON, need_of, reason
from portal.models import PersonFigure, Snapshot
from portal.querysets import READERS
from records.presenters.hours import GRACE, KINDS, MET, SHORT, state_labels

PER_PAGE = 50
STATES = [
    (MET, gettext_lazy("已达标")),
    (GRACE, gettext_lazy("提任期限内")),
    (SHORT, gettext_lazy("未达标")),
]


def known_now(rows: QuerySet[PersonFigure], reader: Any) -> QuerySet[PersonFigure]:
    """Details about people whom the reader's grants reach today; somebody may have moved since the snapshot."""
    within = User.objects.managed_by_grants(reader, READERS).values("pk")
    return rows.filter(user__in=within).select_related("user", "unit").order_by("user__sort_key", "user__pk")


class PeopleFilter(django_filters.FilterSet):
    """Which figure, which state, which unit, which name."""

    measure = django_filters.ChoiceFilter(
        label=gettext_lazy("要求"), choices=[], empty_label=gettext_lazy("全部干部"), method="kept"
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=STATES, empty_label=gettext_lazy("全部状态"), method="in_state"
    )
    unit = django_filters.ModelChoiceFilter(
        label=gettext_lazy("单位"), queryset=Unit.objects.none(), empty_label=gettext_lazy("全部单位"), method="in_unit"
    )
    q = django_filters.CharFilter(label=LABEL, method="named", max_length=64)

    class Meta:
        model = PersonFigure
        fields: list[str] = []

    def __init__(self, *args: Any, units: QuerySet[Unit], measures: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["measure"].extra["choices"] = measures
        self.form.fields["unit"].queryset = units

    def filter_queryset(self, rows: QuerySet[PersonFigure]) -> QuerySet[PersonFigure]:
        chosen = self.form.cleaned_data.get("measure") or PERSON
        return super().filter_queryset(rows.filter(measure=chosen))

    def kept(self, rows: QuerySet[PersonFigure], name: str, value: str) -> QuerySet[PersonFigure]:
        return rows

    def in_state(self, rows: QuerySet[PersonFigure], name: str, value: str) -> QuerySet[PersonFigure]:
        """A state belongs to a requirement; the list of everybody has none."""
        return rows.filter(state=value) if self.form.cleaned_data.get("measure") else rows

    def in_unit(self, rows: QuerySet[PersonFigure], name: str, value: Unit) -> QuerySet[PersonFigure]:
        return rows.below(value)

    def named(self, rows: QuerySet[PersonFigure], name: str, value: str) -> QuerySet[PersonFigure]:
        return find_people(rows, value)


@dataclass(frozen=True)
class Listed:
    """The people on one page, and how many the figure counts whom the reader no longer reaches."""

    page: Any
    rows: list[list[Any]]
    gone: int


def people_list(reader: Any, query: Any) -> dict[str, Any]:
    """The context of the list; a constant number of queries."""
    snapshot = figures.people_snapshot()
    scope = figures.person_figures(snapshot, reader)
    needs = figures.compliance(figures.totals(figures.unit_figures(snapshot, reader)))
    measures = [(figure.measure, words.need_label(figure)) for figure in needs]
    units = Unit.objects.visible_to(reader)
    found = PeopleFilter(query, queryset=scope, units=units, measures=measures)
    rows = found.qs if found.is_valid() else scope.filter(measure=PERSON)
    measure = (found.form.cleaned_data.get("measure") if found.is_valid() else "") or PERSON
    return {
        "snapshot": snapshot,
        "filters": found,
        "measure": measure,
        "title": dict(measures).get(measure, _("全部干部")),
        "found": known_now(rows, reader),
        "counted": rows,
    }


def listed(rows: QuerySet[PersonFigure], counted: QuerySet[PersonFigure], number: Any, row: Any) -> Listed:
    page = Paginator(rows, PER_PAGE).get_page(number)
    gone = counted.count() - page.paginator.count
    return Listed(page, [row(figure) for figure in page.object_list], gone)


def _person(figure: PersonFigure) -> dict[str, Any]:
    url = reverse("portal:archive-of", args=[figure.user.public_id])
    return {"text": figure.user.name, "url": url, "sub": figure.user.work_number}


def person_columns(measure: str) -> list[dict[str, Any]]:
    heads = [{"label": _("姓名")}, {"label": _("单位")}]
    if measure == PERSON:
        return [*heads, {"label": _("适用的应训要求")}]
    return [*heads, {"label": _("状态")}, {"label": _("已取得 / 要求")}]


def person_row(figure: PersonFigure) -> list[Any]:
    """Name, unit, and how far the requirement is reached."""
    if need_of(figure.measure) is None:
        return [_person(figure), figure.unit.name, figure.words]
    state = {"state": KINDS[figure.state], "state_word": state_labels()[figure.state]}
    return [_person(figure), figure.unit.name, state, figure.words]


def plain_heads(measure: str) -> list[str]:
    """Headings of the same list in a document or a workbook."""
    return [_("工号"), _("姓名"), _("单位"), *(str(column["label"]) for column in person_columns(measure)[2:])]


def plain_row(figure: PersonFigure) -> list[str]:
    """A row of it as text."""
    state = [] if need_of(figure.measure) is None else [state_labels()[figure.state]]
    return [figure.user.work_number, figure.user.name, figure.unit.name, *state, figure.words]


# Members of a class.


def member_figures(reader: Any, cohort: Cohort, query: Any) -> tuple[Snapshot | None, str, QuerySet[PersonFigure]]:
    """The members behind one figure of a class: its snapshot, a heading, the details."""
    snapshot = figures.snapshots_of([cohort.context_key]).get(cohort.context_key)
    scope = figures.person_figures(snapshot, reader)
    wanted, kind = query.get("reason", "").replace("\x00", "")[:60], query.get("kind", "")
    members = scope.filter(measure=MEMBER)
    if wanted:
        return snapshot, _("未满足：%(name)s") % {"name": wanted}, scope.filter(measure=reason(wanted))
    if kind == "arrived":
        return snapshot, _("已报到"), members.filter(user__in=scope.filter(measure=ARRIVED).values("user"))
    if kind == "graduated":
        return snapshot, _("结业"), members.filter(state=MembershipState.GRADUATED)
    if kind == "missing":
        return snapshot, _("未结业"), members.exclude(state=MembershipState.GRADUATED)
    return snapshot, _("全部学员"), members


def members_known(rows: QuerySet[PersonFigure], reader: Any, cohort: Cohort) -> QuerySet[PersonFigure]:
    """Members whom the reader may see in this class today."""
    visible = Membership.objects.visible_to(reader).filter(cohort=cohort).values("user")
    return known_now(rows, reader).filter(user__in=visible)


def member_row(figure: PersonFigure) -> list[Any]:
    word = MembershipState(figure.state).label if figure.state in MembershipState.values else ""
    done = figure.state == MembershipState.GRADUATED
    missed = figure.state in (MembershipState.NOT_GRADUATED, MembershipState.WITHDRAWN, MembershipState.ABSENT)
    kind = "done" if done else "failed" if missed else "info"
    state: Any = {"state": kind, "state_word": str(word)} if word else ""
    return [_person(figure), figure.unit.name, state, figure.words]


def member_columns() -> list[dict[str, Any]]:
    return [{"label": label} for label in (_("姓名"), _("选派单位"), _("状态"), _("说明"))]
