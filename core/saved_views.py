"""Filters of a list that a person keeps under a name of their own."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.models import SavedView

MOST = 12  # views of one list; more is no shortcut
NOT_KEPT = ("page", "p", "export", "csrfmiddlewaretoken", "_w_filter_fragment")


def views_of(owner: Any, place: str, query: QueryDict) -> list[dict[str, Any]]:
    """The person's views of a list, each with whether it is the one in force."""
    now = parameters_of(query)
    rows = SavedView.objects.filter(owner=owner.pk, place=place)
    return [{"view": row, "url": f"?{row.query}", "active": row.query == now} for row in rows]


def keep_view(*, owner: Any, place: str, name: str, query: str) -> SavedView:
    """Keep the filters under a name; the same name again replaces them."""
    words, parameters = name.strip()[:20], parameters_of(QueryDict(query))
    if not words:
        raise DomainError(_("请给这组筛选起个名字，例如“第1组请假”。"))
    if not parameters:
        raise DomainError(_("还没有选择任何筛选条件，请先筛选再保存。"))
    if len(parameters) > 500 or not place or len(place) > 80:
        raise DomainError(_("筛选条件太多，不能保存，请减少几项。"))
    mine = SavedView.objects.filter(owner=owner.pk, place=place)
    if mine.exclude(name=words).count() >= MOST:
        raise DomainError(_("每个列表最多保存 %(n)s 组常用筛选，请先删除不用的。") % {"n": MOST})
    row, _new = SavedView.objects.update_or_create(
        owner_id=owner.pk, place=place, name=words, defaults={"query": parameters}
    )
    return row


def parameters_of(query: QueryDict) -> str:
    """The filters in force, in order of their names; nothing for a list as it is."""
    kept = QueryDict(mutable=True)
    for name in sorted(set(query) - set(NOT_KEPT)):
        values = [value for value in query.getlist(name) if value]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()
