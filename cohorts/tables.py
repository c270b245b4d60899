"""The two big tables, members and graduation, each drawn in one pass: every value that is shown is escaped here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Group, Membership, MembershipState
from cohorts.presenters.board import verdict_cell
from cohorts.presenters.members import MEMBER_KINDS, attendance_labels, counted_words, leave_cell
from cohorts.reading.classes import Table, due, duties_of, status_counts
from cohorts.rules.graduation import Condition
from cohorts.rules.halfdays import HalfDay
from core.templatetags.marks import as_cell, state, table_cell

SOMEBODY = "00000000-0000-0000-0000-000000000000"
Conditions = Mapping[str, str]  # key → label


def addresses(name: str, cohort: Cohort) -> Callable[[Any], str]:
    """The way to a page of each member (a row with its ``public_id``), reversed once for all."""
    before, after = reverse(name, args=[cohort.public_id, SOMEBODY]).split(SOMEBODY)
    return lambda member: f"{before}{member.public_id}{after}"


def board_rows(
    cohort: Cohort,
    rows: Iterable[tuple[Membership, list[Condition]]],
    columns: Conditions,
    *,
    decided: bool,
    opened: bool,
) -> list[SafeString]:
    """The cells of each member's row: name, conclusion, and every condition, which gives its reason when asked."""
    address, badge = addresses("cohorts:member", cohort), cache(state)
    why = _reasons(columns, decided=decided, opened=opened)
    found = []
    for member, conditions in rows:
        by_key = {c.key: c for c in conditions}
        verdict = verdict_cell(conditions, decided=decided)
        below = f'<span class="lh-cell-sub">{escape(verdict["sub"])}</span>' if verdict.get("sub") else ""
        name = f'<a href="{address(member)}">{escape(member.user.name)}</a>'
        found.append(
            mark_safe(
                f'<th scope="row">{name}<span class="lh-cell-sub">{escape(member.unit.name)}</span></th>'
                f'<td data-label="{escape(_("结论"))}">{badge(verdict["state"], verdict["state_word"])}{below}</td>'
                + "".join(why(key, by_key.get(key)) for key in columns)
            )
        )
    return found


def _reasons(columns: Conditions, *, decided: bool, opened: bool) -> Callable[[str, Condition | None], str]:
    """A condition's cell; the same condition met for the same reason is drawn once."""
    heads = {key: f'<td data-label="{escape(label)}">' for key, label in columns.items()}
    open_mark, badge = " open" if opened else "", cache(state)

    @cache
    def cell(kind: str, word: str, why: str) -> str:
        said = escape(why or word)
        summary = f'<summary title="{said}">{badge(kind, word)}</summary>'
        return f'<details class="lh-why"{open_mark}>{summary}<span class="lh-cell-sub">{said}</span></details></td>'

    states = {"waived": ("risk", _("已豁免")), "met": ("done", _("已满足"))}
    states["missing"] = ("failed" if decided else "todo", _("未满足"))

    def drawn(key: str, condition: Condition | None) -> str:
        if condition is None:
            return f"{heads[key]}—</td>"
        stands = "waived" if condition.waived else "met" if condition.met else "missing"
        return heads[key] + cell(*states[stands], condition.detail)

    return drawn


# The members.

MEMBER_VALUES = (
    "pk", "public_id", "user__name", "user__work_number", "unit__name", "posting__post", "group_id", "group__number",
    "state", "reason", "ended_on", "leave_hours", "over_leave_limit", "replaces__user__name", "replaced_by__user__name",
)  # fmt: skip


def member_rows(cohort: Cohort, members: Iterable[Any], table: Table, now: HalfDay) -> list[SafeString]:
    """The cells of each member's row; ``members`` are rows of MEMBER_VALUES. Two queries."""
    rows = list(members)
    keys = [row.pk for row in rows]
    counts, duties = status_counts(keys, table, now), duties_of(keys)
    address, owed = addresses("cohorts:member", cohort), _owed(table, now)
    labels, states = attendance_labels(), _member_states()
    return [
        mark_safe(
            _ticked(row)
            + _named(row, address(row), "、".join(duties.get(row.pk, ())))
            + f"<td>{escape(row.unit__name)}{_below(row.posting__post)}</td>"
            + f'<td class="is-short">{_group(row.group__number)}</td>'
            + f"<td>{states[row.state]}{_below(row.reason)}</td>"
            + f"<td>{table_cell(as_cell(leave_cell(row, cohort.total_hours)))}</td>"
            + f"<td>{escape(_attended(counts[row.pk], owed(row), labels))}</td>"
        )
        for row in rows
    ]


def _ticked(row: Any) -> str:
    label = escape(_("选择%(name)s") % {"name": row.user__name})
    return f'<td><input type="checkbox" name="members" value="{row.pk}" aria-label="{label}"></td>'


def _named(row: Any, address: str, duties: str) -> str:
    link = f'<a href="{address}" data-member-panel>{escape(row.user__name)}</a>'
    number = f'<span class="lh-cell-sub lh-figures">{escape(row.user__work_number)}</span>'
    return f'<th scope="row">{link}{number}{_below(duties)}{_below(_trail(row))}</th>'


def _below(text: str | None) -> str:
    return f'<span class="lh-cell-sub">{escape(text)}</span>' if text else ""


def _trail(row: Any) -> str:
    if row.replaces__user__name:
        return _("替换%(name)s") % {"name": row.replaces__user__name}
    return _("由%(name)s替换") % {"name": row.replaced_by__user__name} if row.replaced_by__user__name else ""


def _group(number: int | None) -> str:
    return str(Group(number=number)) if number else "—"


def _member_states() -> dict[str, SafeString]:
    return {kind.value: state(MEMBER_KINDS[kind], str(kind.label)) for kind in MembershipState}


def _owed(table: Table, now: HalfDay) -> Callable[[Any], int]:
    """How many half days a member owes so far; those who stand alike are counted once."""

    @cache
    def count(state: str, ended_on: date | None, group: int | None) -> int:
        return len(due(table, Membership(state=state, ended_on=ended_on, group_id=group), now))

    return lambda row: count(row.state, row.ended_on, row.group_id)


def _attended(counts: Counter[str], owed: int, labels: Mapping[str, str]) -> str:
    return counted_words({**counts, "": max(owed - counts.total(), 0)} if owed else {}, labels)
