"""Papers as people may see them: what is asked is taken field by field, keys are joined only for a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Attempt, CheckAttempt, CheckPaper, QuestionKind, QuestionVersion
from assessments.rules.scoring import MULTIPLE, ItemValue, is_right, points_for
from core.templatetags.linghang import hours

LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class ShownOption:
    """An option as it stands on a person's paper; ``shown`` is its place from 0."""

    shown: int
    letter: str
    text: str
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """An item without its key: all that a candidate's page may hold."""

    position: int
    kind: str
    stem: str
    points: Decimal
    options: list[ShownOption]
    flagged: bool
    sequence: int

    @property
    def meta(self) -> str:
        """单选题 · 5 分."""
        parts = [str(QuestionKind(self.kind).label), _("%(n)s 分") % {"n": hours(self.points)}]
        return " · ".join([*parts, _("全部选对得分")] if self.many else parts)

    @property
    def answered(self) -> bool:
        return any(option.chosen for option in self.options)

    @property
    def many(self) -> bool:
        return self.kind == MULTIPLE


@dataclass(frozen=True)
class Reviewed:
    """An item after its result is public: the choice, the key, the explanation."""

    position: int
    kind_label: str
    stem: str
    points: Decimal
    earned: Decimal
    right: bool
    answered: bool
    chosen_letters: str
    key_letters: str
    options: list[ReviewedOption]
    explanation: str


@dataclass(frozen=True)
class ReviewedOption:
    letter: str
    text: str
    chosen: bool
    key: bool


def asked(attempt: Attempt) -> list[Asked]:
    """The paper of a running attempt; one query, and neither keys nor explanations are read."""
    rows = attempt.items.order_by("position").values_list(
        "position", "version__question__kind", "version__stem", "version__options", "option_order", "points",
        "answer__choice", "answer__flagged", "answer__sequence",
    )  # fmt: skip
    return [
        Asked(position, kind, stem, points, _shown(options, order, choice or []), bool(flagged), sequence or 0)
        for position, kind, stem, options, order, points, choice, flagged, sequence in rows
    ]


def _shown(options: Sequence[str], order: Sequence[int], choice: Sequence[int]) -> list[ShownOption]:
    return [ShownOption(n, LETTERS[n], options[number], number in choice) for n, number in enumerate(order)]


def reviewed(attempt: Attempt) -> list[Reviewed]:
    """The paper with choices, keys and explanations; for released results only."""
    rows = attempt.items.order_by("position").values_list(
        "position", "version__question__kind", "version__stem", "version__options", "version__answer",
        "version__explanation", "option_order", "points", "answer__choice",
    )  # fmt: skip
    return [_review(*row) for row in rows]


def _review(
    position: int,
    kind: str,
    stem: str,
    options: Sequence[str],
    key: Sequence[int],
    explanation: str,
    order: Sequence[int],
    points: Decimal,
    choice: Sequence[int] | None,
) -> Reviewed:
    chosen = choice or []
    return Reviewed(
        position=position,
        kind_label=str(QuestionKind(kind).label),
        stem=stem,
        points=points,
        earned=points_for(ItemValue(key, chosen, points)),
        right=is_right(key, chosen),
        answered=bool(chosen),
        chosen_letters=letters(order, chosen),
        key_letters=letters(order, key),
        options=[
            ReviewedOption(LETTERS[n], options[number], number in chosen, number in key)
            for n, number in enumerate(order)
        ],
        explanation=explanation,
    )


def letters(order: Sequence[int], numbers: Sequence[int]) -> str:
    """The letters under which option numbers stand on a paper: AC."""
    return "".join(LETTERS[n] for n, number in enumerate(order) if number in numbers)


# --- checks of lessons ---


def check_questions(paper: CheckPaper) -> list[tuple[int, Asked]]:
    """The wording ids of a frozen check and their questions without keys, in their order."""
    rows = QuestionVersion.objects.filter(pk__in=paper.versions).values_list("pk", "question__kind", "stem", "options")
    found = {pk: (kind, stem, options) for pk, kind, stem, options in rows}
    return [
        (pk, Asked(n, kind, stem, Decimal(1), _shown(options, range(len(options)), []), False, 0))
        for n, pk in enumerate(paper.versions, 1)
        for kind, stem, options in [found[pk]]
    ]


def check_review(attempt: CheckAttempt) -> list[Reviewed]:
    """A try at a check with keys and explanations."""
    rows = QuestionVersion.objects.filter(pk__in=attempt.paper.versions).select_related("question")
    found: dict[int, Any] = {version.pk: version for version in rows}
    return [
        _review(
            n, version.question.kind, version.stem, version.options, version.answer, version.explanation,
            range(len(version.options)), Decimal(1), attempt.answers.get(str(pk), []),
        )
        for n, pk in enumerate(attempt.paper.versions, 1)
        for version in [found[pk]]
    ]  # fmt: skip
