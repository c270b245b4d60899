"""The facts of a planned class as values: kept with decisions and changes, and told in words before → after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cohorts.presenters.figures import day_words, plain
from people.ranks import Level, Rank
from planning.models import PlannedClass

FACTS = (
    "title", "intake_no", "brand", "theme", "category", "mode", "starts_on", "ends_on", "days", "hours", "regime",
    "levels", "audience", "places", "venue", "fee_class", "budget", "over_reason", "note",
)  # fmt: skip
DAYS = frozenset({"starts_on", "ends_on"})
AMOUNTS = frozenset({"days", "hours", "budget"})


@dataclass(frozen=True)
class Difference:
    """One fact before and after, in words."""

    label: str
    before: str
    after: str


def facts_of(planned: PlannedClass) -> dict[str, Any]:
    """The facts of a class, as Python values."""
    return {name: getattr(planned, name) for name in FACTS}


def as_data(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The same as JSON keeps them: days in ISO form, amounts as plain text."""
    return {name: _kept(name, value) for name, value in facts.items()}


def _kept(name: str, value: Any) -> Any:
    if name in DAYS:
        return value.isoformat()
    return plain(Decimal(value)) if name in AMOUNTS else value


def from_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """Python values of what JSON kept."""
    return {name: _read(name, value) for name, value in data.items() if name in FACTS}


def _read(name: str, value: Any) -> Any:
    if name in DAYS:
        return date.fromisoformat(value)
    return Decimal(value) if name in AMOUNTS else value


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of the facts that differ, in the order of the form."""
    return [name for name in FACTS if name in after and before.get(name) != after[name]]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What changes, in words; both as JSON keeps them."""
    told = (Difference(label_of(n), in_words(n, before.get(n)), in_words(n, after.get(n))) for n in FACTS)
    return [one for one in told if one.before != one.after]


def compare(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[str]:
    """What became of the classes of a plan, as sentences: added, gone, changed; told apart by title and intake."""
    old, new = _by_name(before), _by_name(after)
    said = [_("增加“%(name)s”。") % {"name": name} for name in new if name not in old]
    said += [_("去掉“%(name)s”。") % {"name": name} for name in old if name not in new]
    return said + [words for name in new if name in old and (words := _moved(name, old[name], new[name]))]


def _by_name(classes: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {_("%(title)s（第%(no)s期）") % {"title": one["title"], "no": one["intake_no"]}: one for one in classes}


def _moved(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    found = [f"{one.label}{one.before} → {one.after}" for one in differences(before, after)]
    return _("“%(name)s”：%(what)s。") % {"name": name, "what": "；".join(found)} if found else ""


def label_of(name: str) -> str:
    return str(PlannedClass._meta.get_field(name).verbose_name)


def in_words(name: str, value: Any) -> str:
    """A kept fact as people read it."""
    if value is None or value == "" or value == []:
        return _("无")
    if name in DAYS:
        return day_words(date.fromisoformat(value))
    if name == "budget":
        return money(Decimal(value))
    if name == "levels":
        return level_words(value)
    choices = dict(PlannedClass._meta.get_field(name).flatchoices)
    return str(choices.get(value, value))


def level_words(codes: list[str]) -> str:
    """县处级正职、一级调研员."""
    names = {**dict(Level.choices), **dict(Rank.choices)}
    return "、".join(str(names.get(code, code)) for code in codes)


def money(amount: Decimal) -> str:
    """26,000 元; cents only where there are some."""
    whole = amount == amount.to_integral_value()
    return _("%(n)s 元") % {"n": f"{amount:,.0f}" if whole else f"{amount:,.2f}"}
