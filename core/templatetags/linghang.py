"""How dates, hours, names, states and links are written on every page; built into all templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.http import QueryDict
from django.middleware.csrf import get_token
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import charts
from core.names import masked

register = template.Library()

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _in_chinese() -> bool:
    return (translation.get_language() or "zh-hans").startswith("zh")


@register.filter
def day(value: date | datetime | None) -> str:
    """2026年11月23日; an empty string for no date."""
    if not value:
        return ""
    local = _local(value)
    return f"{local.year}年{local.month}月{local.day}日" if _in_chinese() else date_format(local, "j M Y")


@register.filter
def day_short(value: date | datetime | None) -> str:
    """11月23日 周一."""
    if not value:
        return ""
    local = _local(value)
    return f"{local.month}月{local.day}日 {WEEKDAYS[local.weekday()]}" if _in_chinese() else date_format(local, "D j M")


@register.filter
def clock_time(value: datetime | None) -> str:
    """14:00."""
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """11月23日 周一 14:00."""
    return f"{day_short(value)} {clock_time(value)}" if value else ""


@register.filter
def moment_full(value: datetime | None) -> str:
    """2026年11月23日 14:00, where the year matters."""
    return f"{day(value)} {clock_time(value)}" if value else ""


@register.filter
def machine(value: date | datetime | None) -> str:
    """For the datetime attribute of <time> and for scripts; never shown."""
    return _local(value).isoformat() if value else ""


@register.filter
def hours(value: Decimal | float | int | str | None) -> str:
    """40 or 37.5, without trailing zeros; a dash for nothing."""
    if value in (None, ""):
        return "—"
    number = Decimal(str(value)).quantize(Decimal("0.01"))
    return f"{number:f}".rstrip("0").rstrip(".")


@register.filter
def percent(value: Decimal | float | None, places: int = 0) -> str:
    """0.875 → 88%; a dash for nothing."""
    return "—" if value is None else f"{Decimal(str(value)) * 100:.{places}f}%"


@register.filter
def yesno_word(value: Any) -> str:
    """是, 否, or 未登记 for None."""
    return _("未登记") if value is None else _("是") if value else _("否")


@register.filter
def masked_name(value: str | None) -> str:
    """王*, 欧阳**: the surname stays."""
    return masked(value or "")


@register.filter
def fraction(done: Any, total: Any) -> str:
    """312 / 480."""
    return f"{done} / {total}"


@register.filter
def item(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """The value under a key that is itself a variable."""
    return (mapping or {}).get(key)


def _query(context: template.Context) -> QueryDict:
    request = context.get("request") or getattr(context, "request", None)
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """``?…`` with the present filters and the changes; None or an empty value takes a parameter out."""
    query = _query(context)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def csrf_field(context: template.Context) -> SafeString:
    """The hidden token inside a component, where ``only`` has cut the page's context off."""
    request = context.get("request") or getattr(context, "request", None)
    if request is None:
        return SafeString("")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


def _shown(field: BoundField, value: str) -> str:
    """The words that stand for a chosen value."""
    choices = getattr(field.field.widget, "choices", None) or []
    for key, label in choices:
        for one, words in label if isinstance(label, (list, tuple)) else [(key, label)]:
            if str(one) == value:
                return str(words)
    return _("是") if value in ("true", "True", "on") else value


@register.simple_tag(takes_context=True)
def active_filters(context: template.Context, form: Any) -> list[dict[str, str]]:
    """The filters in force, each with its name, its words and the address without it."""
    query, found = _query(context), []
    for field in form:
        for name in (field.html_name, *(f"{field.html_name}_{end}" for end in ("min", "max", "after", "before"))):
            values = query.getlist(name)
            for value in filter(None, values):
                rest = query.copy()
                rest.setlist(name, [other for other in values if other != value])
                rest.pop("page", None)
                entry = {"label": str(field.label), "value": _shown(field, value), "url": "?" + rest.urlencode()}
                found.append(entry)
    return found


@register.simple_tag(takes_context=True)
def hidden_query(context: template.Context, form: Any = None, omit: str = "") -> list[tuple[str, str]]:
    """The present parameters that a GET form does not hold itself and has to carry on (never the page number)."""
    own = {field.html_name for field in form} if form is not None else set()
    left_out = own | set(omit.split()) | {"page"}
    return [(name, value) for name, values in _query(context).lists() for value in values if name not in left_out]


def _control_class(widget: Any) -> str:
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return ""
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget in our dress, tied to its help and its error for screen readers."""
    widget = field.field.widget
    classes = [widget.attrs.get("class", ""), _control_class(widget), "is-invalid" if field.errors else ""]
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.filter
def control_kind(field: BoundField) -> str:
    """check, group, file, long or line: how the component lays the field out."""
    widget = field.field.widget
    kinds = (
        ((RadioSelect, CheckboxSelectMultiple), "group"),
        ((CheckboxInput,), "check"),
        ((FileInput,), "file"),
        ((Textarea,), "long"),
    )
    return next((kind for types, kind in kinds if isinstance(widget, types)), "line")


def _places(series: Mapping[str, Any]) -> int:
    """How many decimals a column needs, so that its figures stand under each other."""
    return max((len(hours(v).partition(".")[2]) for v in series["values"] if v is not None), default=0)


def _figure(series: Mapping[str, Any], index: int) -> dict[str, str]:
    """The figure in words and, where there is one, its interval."""
    value, places = series["values"][index], _places(series)
    if value is None:
        return {"value": str(series.get("missing") or _("证据不足")), "range": ""}
    low, high = ((series.get(end) or [None] * (index + 1))[index] for end in ("low", "high"))
    span = "" if low is None or high is None else f"{low:.{places}f}–{high:.{places}f}"
    return {"value": f"{value:.{places}f}", "range": span}


@register.filter
def chart_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the table beside a chart, made of the figures that the chart draws."""
    return [
        {"label": label, "cells": [_figure(series, index) for series in data["series"]]}
        for index, label in enumerate(data["labels"])
    ]


register.filter("radar_drawing", charts.radar)
register.filter("tracks_drawing", charts.tracks)


@register.filter
def short_of(done: Any, required: Any) -> str:
    """How many hours are missing."""
    return hours(Decimal(str(required)) - Decimal(str(done)))


@register.filter
def unlocal(value: Any) -> str:
    """A number as HTML attributes want it, whatever the language."""
    return "" if value is None else str(value)


@register.filter
def words(value: str) -> list[str]:
    return value.split()


@register.filter
def message_kind(level: str) -> str:
    """The kind of notice that a message of this level is."""
    return {"success": "done", "warning": "risk", "error": "failed"}.get(level, "info")


@register.filter
def page_numbers(page: Any) -> list[int | None]:
    """The numbers to offer around the present page; None stands for a gap."""
    elided = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in elided]


@register.filter
def error_words(field: BoundField) -> list[str]:
    """What is wrong, as sentences that say what to do."""
    missing = _("请选择%(label)s。") if control_kind(field) in ("group", "check", "file") else _("请填写%(label)s。")
    if control_kind(field) == "check":
        missing = _("请勾选此项后继续。")
    return [
        missing % {"label": field.label} if error.code == "required" else sentence
        for problem in field.errors.as_data()
        for error, sentence in [(problem, "".join(problem.messages))]
    ]
