"""One figure of one cadre, opened: window, postings, policy, each line with its rule, caps, carry, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.templatetags.linghang import day, hours
from people.models import Posting, User
from people.presenters import span
from people.ranks import Regime
from records.models import Bucket, Category, HourEntry, Mode, RequirementPolicy
from records.presenters.hours import basis_of, requirement_lines, short_words, window_words
from records.reading.gaps import KINDS, closing_words, lack_words, state_words
from records.reading.hours import compliance_of, outlooks_of_many
from records.rules.compliance import WindowResult
from records.rules.counting import Cap, Carried, Counted
from records.rules.forecast import Outlook


@dataclass(frozen=True)
class Trace:
    """A requirement with everything it rests on; ``outlook`` only where it stands today."""

    result: WindowResult
    outlook: Outlook | None
    entries: dict[int, HourEntry]
    postings: list[Posting]
    policy: RequirementPolicy


def key_of(result: WindowResult) -> str:
    """Names a requirement in an address; the same as the key of ``RequirementLine``."""
    return "-".join([result.regime, result.bucket, result.window])


def trace_of(person: User, key: str, on: date) -> Trace | None:
    """The figure of that key as it stands on the day; None where nothing of that kind is required."""
    result = next((r for r in compliance_of(person.pk, on) if key_of(r) == key), None)
    if result is None:
        return None
    outlooks = outlooks_of_many([person.pk], on)[person.pk]
    entries = HourEntry.objects.filter(pk__in=result.trace).select_related("rule", "unit")
    return Trace(
        result=result,
        outlook=next((o for o in outlooks if key_of(o.result) == key and result.applies_to is None), None),
        entries={entry.pk: entry for entry in entries},
        postings=list(Posting.objects.filter(user=person).select_related("unit").order_by("-starts_on", "-pk")),
        policy=RequirementPolicy.objects.prefetch_related("lines").get(version=result.policy),
    )


def trace_page(person: User, trace: Trace, on: date) -> dict[str, Any]:
    """The context of the page, in words."""
    result, outlook = trace.result, trace.outlook
    line = requirement_lines([result], on)[0]
    return {
        "person": person,
        "today": on,
        "line": line,
        "state": {
            "kind": KINDS[outlook.state] if outlook else line.kind,
            "word": state_words()[outlook.state] if outlook else line.state_word,
        },
        "facts": _facts(trace),
        "missing": short_words(result),
        "closing": closing_words(outlook) if outlook else "",
        "line_columns": line_columns(),
        "line_rows": [line_row(counted, trace.entries[counted.entry.id]) for counted in result.lines],
        "line_foot": _("合计 %(d)s 天，%(h)s 学时")
        % {"d": hours(_sum(result.lines, "days")), "h": hours(_sum(result.lines, "hours"))},
        "carried": [carried_words(one) for one in result.carried],
        "coming": [coming_words(one) for one in outlook.later.lines if one.entry.id < 0] if outlook else [],
        "postings": [posting_words(posting) for posting in trace.postings],
        "regime": str(Regime(result.regime).label),
    }


def _sum(lines: Sequence[Counted], name: str) -> Any:
    return sum(getattr(line, name) for line in lines)


def _facts(trace: Trace) -> list[tuple[str, str]]:
    result, policy = trace.result, trace.policy
    named = (result.regime, result.bucket, result.window)
    wanted = next((x for x in policy.lines.all() if (x.regime, x.bucket, x.window) == named), None)
    facts = [
        (_("学时类别"), str(Bucket(result.bucket).label)),
        (_("期限"), window_words(result)),
        (_("要求"), measures_words(wanted) if wanted else ""),
        (_("依据的版本"), _("%(policy)s，%(day)s起施行") % {"policy": policy, "day": day(policy.effective_from)}),
    ]
    if wanted and wanted.certainty != "V":
        facts.append((_("核对情况"), _("未核对原文，可由主管部门调整")))
    return facts


def measures_words(line: Any) -> str:
    """不少于 90 学时，或者不少于 12 天."""
    ways = []
    if line.min_hours is not None:
        ways.append(_("不少于 %(n)s 学时") % {"n": hours(line.min_hours)})
    if line.min_days is not None:
        ways.append(_("不少于 %(n)s 天") % {"n": hours(line.min_days)})
    if line.min_months is not None:
        said = {"n": hours(line.min_months), "d": hours(line.days_per_month)}
        ways.append(_("不少于 %(n)s 个月（一个月按 %(d)s 天折算）") % said)
    return _("，或者").join(ways)


def line_columns() -> list[dict[str, Any]]:
    numbers = [_("计入天数"), _("计入学时")]
    return [
        {"label": _("来源")}, {"label": _("取得日期")}, *({"label": label, "number": True} for label in numbers),
        {"label": _("未计入的部分")}, {"label": _("依据")},
    ]  # fmt: skip


def line_row(counted: Counted, entry: HourEntry) -> list[Any]:
    kinds = f"{entry.get_category_display()} · {entry.get_mode_display()}"
    return [
        {"text": entry.label, "sub": kinds},
        {"text": day(entry.earned_on), "sub": entry.unit.name if entry.unit else ""},
        hours(counted.days),
        hours(counted.hours),
        cut_words(counted),
        basis_of(entry),
    ]


def cut_words(counted: Counted) -> str:
    """原 40 学时，每年最多计入 20 学时（在职培训）; a dash where all of it counts."""
    if counted.cap is None:
        return "—"
    parts = []
    if counted.cut_hours:
        parts.append(_("%(n)s 学时") % {"n": hours(counted.cut_hours)})
    if counted.cut_days:
        parts.append(_("%(n)s 天") % {"n": hours(counted.cut_days)})
    return _("%(cut)s，超过上限：%(cap)s") % {"cut": "、".join(parts), "cap": cap_words(counted.cap)}


def cap_words(cap: Cap | Any) -> str:
    """中心组学习每年最多计入 20 学时."""
    kinds = [str(Category(cap.category).label)] if cap.category else []
    kinds += [str(Mode(cap.mode).label)] if cap.mode else []
    said = {"kinds": "·".join(kinds), "h": hours(cap.max_hours)}
    if cap.max_days is None:
        return _("%(kinds)s每年最多计入 %(h)s 学时") % said
    return _("%(kinds)s每年最多计入 %(h)s 学时、%(d)s 天") % {**said, "d": hours(cap.max_days)}


def carried_words(one: Carried) -> str:
    said = {"year": one.from_year, "h": hours(one.hours), "d": hours(one.days), "until": day(one.until)}
    return _("从%(year)s年度超出部分结转 %(h)s 学时、%(d)s 天，有效期至%(until)s") % said


def coming_words(counted: Counted) -> str:
    entry = counted.entry
    said = {"label": entry.label, "d": hours(counted.days), "h": hours(counted.hours), "day": day(entry.earned_on)}
    return _("%(label)s，%(day)s前预计 %(d)s 天、%(h)s 学时（按全勤）") % said


def posting_words(posting: Posting) -> str:
    held = " ".join(filter(None, [posting.unit.name, posting.post]))
    return f"{held}（{span(posting.starts_on, posting.ends_on)}）：{Regime(posting.regime).label}"


def overview(person: User, on: date) -> list[dict[str, Any]]:
    """Every requirement that stands for the person, with its state, what is missing and what would close it."""
    return [
        {
            "key": key_of(one.result),
            "line": requirement_lines([one.result], on)[0],
            "kind": KINDS[one.state],
            "word": state_words()[one.state],
            "lack": "" if one.result.met else lack_words(one.now),
            "closing": closing_words(one),
        }
        for one in outlooks_of_many([person.pk], on)[person.pk]
    ]
