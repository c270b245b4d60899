"""Finding the unit that a cell means, among the units in being and those that the same import will make."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from core.templatetags.linghang import day
from people.models import Unit, UnitSuccession
from people.roster.values import CellProblem

SEPARATOR = re.compile(r"\s*[/>＞／]\s*")


@dataclass(frozen=True)
class UnitEntry:
    """A unit as an import knows it; ``path`` is empty for one that is still to be made."""

    code: str
    name: str
    short_name: str = ""
    uscc: str = ""
    path: str = ""
    pk: int | None = None
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def exists_on(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass
class Directory:
    """All units by code, with what the importer may reach; ``paths`` are the grants' subtrees, None for all."""

    entries: dict[str, UnitEntry]
    paths: list[str] | None
    today: date
    successors: dict[str, list[str]] = field(default_factory=dict)
    _names: dict[str, list[UnitEntry]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for entry in self.entries.values():
            self._index(entry)

    def _index(self, entry: UnitEntry) -> None:
        for word in {entry.code, entry.code.lower(), entry.name, entry.short_name, entry.uscc} - {""}:
            self._names[word].append(entry)

    def add(self, entry: UnitEntry) -> None:
        """A unit that the same import will make."""
        self.entries[entry.code] = entry
        self._index(entry)

    def find(self, text: str) -> UnitEntry:
        """The one unit in being that goes by this code or name; CellProblem when there is none or several."""
        *above, last = SEPARATOR.split(text.strip())
        found = self._names.get(last) or self._names.get(last.lower()) or self._names.get("".join(last.split())) or []
        found = [entry for entry in found if self._lies_under(entry, above)]
        exact = [entry for entry in found if entry.code == last]
        alive = [entry for entry in exact or found if entry.exists_on(self.today)]
        if len(alive) == 1:
            return alive[0]
        raise CellProblem(self._why(text, alive, found))

    def _lies_under(self, entry: UnitEntry, above: Sequence[str]) -> bool:
        """市数据局/综合处: the names before the last are among the units above, in this order."""
        chain = iter(self.chain(entry)[1:])
        return all(any(word in (up.name, up.short_name, up.code) for up in chain) for word in reversed(above))

    def chain(self, entry: UnitEntry) -> list[UnitEntry]:
        """The unit and those above it, upwards; a ring of planned units ends where it began."""
        chain, seen = [entry], {entry.code}
        while chain[-1].parent and chain[-1].parent in self.entries and chain[-1].parent not in seen:
            chain.append(self.entries[chain[-1].parent])
            seen.add(chain[-1].code)
        return chain

    def root(self, entry: UnitEntry) -> UnitEntry:
        return self.chain(entry)[-1]

    def _why(self, text: str, alive: Sequence[UnitEntry], found: Sequence[UnitEntry]) -> str:
        if alive:
            codes = "、".join(f"{self._place(entry)}（{entry.code}）" for entry in alive[:5])
            return _("“%(name)s”对应多个单位：%(codes)s。请改填单位代码。") % {"name": text, "codes": codes}
        if found:
            return self._ended(found[0])
        padded = self._without_zeros(text)
        if padded:
            return _("没有单位“%(name)s”。可能丢了前面的 0，应为 %(code)s。") % {"name": text, "code": padded}
        return _("没有单位“%(name)s”，请核对名称，或改填单位代码。") % {"name": text}

    def _place(self, entry: UnitEntry) -> str:
        return "/".join(up.name for up in reversed(self.chain(entry)[:2]))

    def _ended(self, entry: UnitEntry) -> str:
        if entry.valid_from and entry.valid_from > self.today:
            return _("“%(unit)s”自%(day)s起才设立。") % {"unit": entry.name, "day": day(entry.valid_from)}
        words = {"unit": entry.name, "day": day(entry.valid_to), "next": "、".join(self.successors.get(entry.code, []))}
        if words["next"]:
            return _("“%(unit)s”已于%(day)s撤销，现为%(next)s，请改填。") % words
        return _("“%(unit)s”已于%(day)s撤销，请填写现在的单位。") % words

    def _without_zeros(self, text: str) -> str:
        if not text.isdigit():
            return ""
        return next((code for code in self.entries if code.isdigit() and code.lstrip("0") == text), "")

    def reaches(self, entry: UnitEntry) -> bool:
        """Whether the unit, or what it will hang below, lies in the importer's scope."""
        if self.paths is None:
            return True
        path = next((up.path for up in self.chain(entry) if up.path), "")
        return any(path.startswith(start) for start in self.paths) if path else False


def directory(*, paths: list[str] | None, today: date) -> Directory:
    """Every unit of the database in two queries."""
    units = list(Unit.objects.all())
    codes = {unit.path: unit.code for unit in units}
    entries = {unit.code: _entry(unit, codes.get(unit.path[: -Unit.steplen], "")) for unit in units}
    return Directory(entries=entries, paths=paths, today=today, successors=_successors())


def _entry(unit: Unit, parent: str) -> UnitEntry:
    return UnitEntry(
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        uscc=unit.uscc or "",
        path=unit.path,
        pk=unit.pk,
        parent=parent,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )


def _successors() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    rows: Iterable[tuple[str, str]] = UnitSuccession.objects.values_list("predecessor__code", "successor__name")
    for code, name in rows:
        found[code].append(name)
    return found
