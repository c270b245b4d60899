"""Plans, classes and changes as ready words for their pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.models import CohortState
from cohorts.presenters.figures import plain
from planning.models import FeeClass, PlanChange, PlanDecision, PlannedClass, TrainingPlan
from planning.presenters.plan_lines import as_data, compare, differences, facts_of, level_words, money
from planning.reading.plans import Basis, limits_of
from planning.rules import costs
from planning.rules.overlaps import Span, days_words
from planning.services.plan_changes import resulting, title_of

STATE_KINDS = {"draft": "todo", "submitted": "waiting", "approved": "done"}
CHANGE_KINDS = {"pending": "waiting", "approved": "done", "refused": "failed", "withdrawn": "info"}


@dataclass
class ClassRow:
    """One class of a plan in words."""

    planned: PlannedClass
    title: str
    kinds: str
    dates: str
    length: str
    audience: str
    places: str
    budget: str
    limit: str
    over: str = ""
    over_reason: str = ""
    warnings: list[str] = field(default_factory=list)
    state: str = ""
    state_word: str = ""
    cohort_url: str = ""


def class_row(one: PlannedClass, basis: Basis) -> ClassRow:
    limit = basis.limit_of(one)
    state, word = standing(one)
    return ClassRow(
        planned=one,
        title=one.full_title,
        kinds=" · ".join(filter(None, [one.brand, str(one.get_theme_display()), str(one.get_mode_display())])),
        dates=days_words(one.starts_on, one.ends_on),
        length=_("%(days)s 天，%(hours)s 学时") % {"days": plain(one.days), "hours": plain(one.hours)},
        audience=audience_words(one),
        places=_("%(n)s 人") % {"n": one.places},
        budget=money(one.budget),
        limit=limit_words(one, limit),
        over=over_words(limit),
        over_reason=one.over_reason,
        warnings=basis.warnings_of(one) if not one.cancelled_at else [],
        state=state,
        state_word=word,
        cohort_url=reverse("cohorts:board", args=[one.cohort.public_id]) if one.cohort else "",
    )


def standing(one: PlannedClass) -> tuple[str, str]:
    """Kind and word of the state of a class in its plan."""
    if one.cancelled_at:
        return "failed", _("已从计划取消")
    if one.cohort:
        return "done", _("班次%(state)s") % {"state": CohortState(one.cohort.state).label}
    if any(change.state == PlanChange.State.PENDING for change in one.changes.all()):
        return "waiting", _("变更待审批")
    return "", ""


def audience_words(one: PlannedClass) -> str:
    """Whom the class is for, with posts and ranks where they are named."""
    more = level_words(one.levels) or (str(one.get_regime_display()) if one.regime else "")
    return f"{one.audience}（{more}）" if more and more != one.audience else one.audience


def limit_words(one: PlannedClass, limit: costs.Limit) -> str:
    """50 人 × 5 天 × 550 元 = 137,500 元."""
    if limit.limit is None or limit.rate is None:
        return _("没有适用的标准")
    words = {"n": limit.places, "days": plain(limit.days), "rate": money(limit.rate), "sum": money(limit.limit)}
    return _("%(n)s 人 × %(days)s 天 × %(rate)s = %(sum)s") % words


def over_words(limit: costs.Limit) -> str:
    return _("超过标准 %(by)s") % {"by": money(limit.over_by)} if limit.is_over else ""


def class_rows(classes: Iterable[PlannedClass], basis: Basis) -> list[ClassRow]:
    return [class_row(one, basis) for one in classes]


def plan_sentence(plan: TrainingPlan, total: costs.FeeSum) -> str:
    """The plan in one sentence: classes, people, money, and whether it keeps to the standard."""
    if not total.classes:
        return _("计划里还没有班次。")
    words = {"classes": total.classes, "places": total.places, "budget": money(total.budget)}
    said = _("共 %(classes)s 个班次、%(places)s 人，经费预算 %(budget)s") % words
    if total.over:
        return _("%(said)s；其中 %(n)s 个班次超过培训费标准。") % {"said": said, "n": total.over}
    if total.open == total.classes:
        return _("%(said)s；没有适用的培训费标准可以对照。") % {"said": said}
    return _("%(said)s，没有超过培训费标准的班次。") % {"said": said}


def sum_rows(found: costs.PlanSum) -> list[list[Any]]:
    """Sums by class of training, and the whole."""
    names = dict(FeeClass.choices)
    rows = [_sum_row(str(names[one.fee_class]), one) for _key, one in sorted(found.by_fee_class.items())]
    return [*rows, _sum_row(_("合计"), found.whole)] if len(rows) > 1 else rows


def _sum_row(label: str, one: costs.FeeSum) -> list[Any]:
    limit = money(one.limit) if one.open < one.classes else _("没有适用的标准")
    over = {"state": "risk", "state_word": _("%(n)s 个班次超过标准") % {"n": one.over}}
    return [label, one.classes, one.places, money(one.budget), limit, over if one.over else _("无")]


def sum_columns() -> list[dict[str, Any]]:
    numbers = [_("班次"), _("人数"), _("预算"), _("按标准上限")]
    return [{"label": _("费用类别")}, *({"label": one, "number": True} for one in numbers), {"label": _("超过标准")}]


def plan_sums(classes: Sequence[PlannedClass], basis: Basis) -> costs.PlanSum:
    return costs.sums(limits_of(classes, basis))


def span_of(one: PlannedClass) -> Span:
    """The class on the calendar; regime and levels are the audience that should not be asked for too often."""
    words = {level_words([code]) for code in one.levels} or {str(one.get_regime_display())} - {""}
    return Span(f"p{one.pk}", one.full_title, one.starts_on, one.ends_on, one.venue, frozenset(words))


def moved_since(plan: TrainingPlan) -> list[str]:
    """What changed since the plan was last handed in, or since it was approved; two queries at the most."""
    kept = list(plan.decisions.exclude(what=PlanDecision.What.RETURNED).order_by("-pk")[:2])
    if plan.state == TrainingPlan.State.SUBMITTED:
        return compare(kept[1].content, kept[0].content) if len(kept) == 2 else []
    now = [as_data(facts_of(one)) for one in plan.classes.standing()] if kept else []
    return compare(kept[0].content, now) if kept else []


def trail(plan: TrainingPlan) -> list[dict[str, Any]]:
    """What happened to the plan, the newest first."""
    kinds = {"submitted": "info", "returned": "risk", "approved": "done"}
    rows = plan.decisions.select_related("by").order_by("-pk")
    return [
        {"when": row.at, "title": _decision_words(row), "text": row.reason, "kind": kinds[row.what]} for row in rows
    ]


def _decision_words(row: PlanDecision) -> str:
    no = f"（{row.document_no}）" if row.document_no else ""
    words = {"who": row.by.name, "what": row.get_what_display(), "no": no, "n": len(row.content)}
    return _("%(who)s%(what)s%(no)s，%(n)s 个班次") % words


def change_items(changes: Iterable[PlanChange], address: str) -> list[dict[str, Any]]:
    """Changes as a list of things to look at; ``address`` is the name of their page."""
    return [
        {
            "title": f"{change.get_kind_display()}：{title_of(change)}",
            "url": reverse(address, args=[change.public_id]),
            "sub": _("%(who)s：%(why)s") % {"who": change.asked_by.name, "why": change.reason},
            "state": CHANGE_KINDS[change.state],
            "state_word": change.get_state_display(),
        }
        for change in changes
    ]


def change_rows(change: PlanChange) -> list[list[str]]:
    """Fact, before, after."""
    return [[one.label, one.before, one.after] for one in differences(change.before, change.after)]


def change_columns() -> list[dict[str, Any]]:
    return [{"label": _("内容")}, {"label": _("变更前")}, {"label": _("变更后")}]


def _money_facts(change: PlanChange, basis: Basis) -> list[tuple[str, str]]:
    after = resulting(change)
    if after is None:
        return []
    limit = basis.limit_of(after)
    said = _("预算 %(budget)s；上限：%(limit)s") % {"budget": money(after.budget), "limit": limit_words(after, limit)}
    if limit.is_over:
        said = _("%(said)s；%(over)s，理由：%(why)s") % {
            "said": said, "over": over_words(limit), "why": after.over_reason,
        }  # fmt: skip
    return [(_("变更后经费"), said)]


def change_facts(change: PlanChange, basis: Basis) -> list[tuple[str, str]]:
    """Who asked and who decided, and what the class would cost against the standard."""
    facts = [(_("理由"), change.reason), (_("申请人"), change.asked_by.name), *_money_facts(change, basis)]
    if change.decided_by:
        facts.append((_("审批人"), change.decided_by.name))
    if change.decision_reason:
        facts.append((_("审批意见"), change.decision_reason))
    if change.document_no:
        facts.append((_("批准文号"), change.document_no))
    return facts
