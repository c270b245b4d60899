"""What the bank holds for a blueprint, and the sentence when it does not suffice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from assessments.models import Blueprint, BlueprintLine, Question, QuestionKind, QuestionVersion
from assessments.rules.paper import Line, PoolQuestion, PoolTooSmall, draw


def lines_of(blueprint_id: int) -> list[Line]:
    """The blueprint's lines as values, in their order."""
    rows = BlueprintLine.objects.filter(blueprint=blueprint_id).values_list(
        "kind", "count", "points", "indicator_id", "difficulty"
    )
    return [Line(*row) for row in rows]


def pool_for(lines: Iterable[Line]) -> list[PoolQuestion]:
    """The questions of the kinds asked for that may be drawn today, each with its newest wording."""
    newest = QuestionVersion.objects.filter(question=OuterRef("pk")).order_by("-number").values("pk")[:1]
    rows = (
        Question.objects.drawable()
        .filter(kind__in={line.kind for line in lines}, versions__number=1)
        .annotate(newest=Subquery(newest))
        .order_by()
        .values_list("pk", "newest", "kind", "indicator_id", "difficulty")
    )
    return [PoolQuestion(*row) for row in rows]


def shortage_sentences(blueprint: Blueprint, beside: Sequence[Blueprint] = ()) -> list[str]:
    """For each short line which one it is and how many it lacks; ``beside`` names papers drawn without overlap."""
    labelled = [(plan, number, row) for plan in (*beside, blueprint) for number, row in enumerate(_rows(plan), 1)]
    lines = [_line(row) for _plan, _number, row in labelled]
    try:
        draw(lines, pool_for(lines), seed=0)
    except PoolTooSmall as short:
        return [_sentence(*labelled[s.line], found=s.found, beside=len(beside)) for s in short.shortages]
    return []


def _rows(blueprint: Blueprint) -> list[BlueprintLine]:
    return list(BlueprintLine.objects.filter(blueprint=blueprint).select_related("indicator"))


def _line(row: BlueprintLine) -> Line:
    return Line(row.kind, row.count, row.points, row.indicator_id, row.difficulty)


def line_label(row: BlueprintLine) -> str:
    """单选题 · E1 依法行政 · 难度2."""
    parts = [str(QuestionKind(row.kind).label)]
    parts += [str(row.indicator)] if row.indicator else []
    parts += [_("难度%(level)s") % {"level": row.difficulty}] if row.difficulty else []
    return " · ".join(parts)


def _sentence(plan: Blueprint, number: int, row: BlueprintLine, *, found: int, beside: int) -> str:
    facts = {
        "plan": plan.title,
        "number": number,
        "line": line_label(row),
        "wanted": row.count,
        "found": found,
        "lacking": row.count - found,
    }
    words = _("《%(plan)s》第%(number)s行（%(line)s）需 %(wanted)s 题，可用 %(found)s 题，还缺 %(lacking)s 题") % facts
    return words + (_("（已扣除不重复出题的考试所需）") if beside else "")
